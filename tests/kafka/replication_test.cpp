// Stories of replicas: what the leader waits for, and what it does not wait for (R4, R8).
#include <doctest/doctest.h>

#include "sim/kafka/config_keys.h"
#include "tests/kafka/controller_story.h"

namespace nutshell {
namespace {

const Replica& leader_replica(const ControllerStory& story, const std::string& topic) {
  for (const Broker& each : story.world.brokers)
    if (const Replica* replica = each.replica(story.partition(topic)); replica && replica->role == ReplicaRole::leader)
      return *replica;
  FAIL("nobody leads " << topic);
  return *story.world.brokers.front().replica(story.partition(topic));
}

// t0-0 on brokers 1 and 2 is created while 2 is fenced: it is not in the first ISR. When it comes back it
// cannot reach the leader, so it has caught up with nothing.
TEST_CASE("a replica that has never fetched in this epoch holds no high watermark back (R4, R8)") {
  Setup setup = controller_setup(1, 2);
  ProducerSetup producer;
  producer.name = "p";
  producer.topic = "late";
  producer.spec.interval = 100 * kMillisecond;
  setup.producers.push_back(producer);
  ControllerStory story(setup);
  REQUIRE(story.ready());
  story.act(Crash{"broker 2"});
  REQUIRE(story.next<BrokerFenced>() != nullptr);
  CreateTopic create{"late", 1, 2};
  story.act(create);
  story.act(Cut{"broker 1", "broker 2", false});
  story.act(Start{"broker 2"});
  REQUIRE(story.ready(1));
  story.run_for(5 * kSecond);
  CHECK(story.now() < setup.config.replica_lag_time_max);
  const Replica& leader = leader_replica(story, "late");
  CHECK(leader.isr.size() == 1);
  CHECK(leader.log.log_end_offset() > 10);
  CHECK(leader.log.high_watermark() == leader.log.log_end_offset());
}

TEST_CASE("records from a clock that is too far ahead are refused, and not tried again (L2)") {
  Setup setup = controller_setup(1, 1, {{1}});
  ProducerSetup producer;
  producer.name = "p";
  producer.topic = "t0";
  producer.spec.interval = 100 * kMillisecond;
  setup.producers.push_back(producer);
  ControllerStory story(setup);
  REQUIRE(story.next<RecordsAcked>() != nullptr);
  story.act(SetClock{"p", Span{2 * kHour}});  // message.timestamp.after.max.ms is one hour
  const RecordsFailed* failed = story.next<RecordsFailed>();
  REQUIRE(failed != nullptr);
  CHECK(failed->error == ErrorCode::invalid_timestamp);
  CHECK(error_name(failed->error) == "INVALID_TIMESTAMP");
  CHECK(story.all<ProduceRetried>().empty());
}

TEST_CASE("how far a record's time may be off is the topic's to say, ahead and behind; LogAppendTime asks nothing (L2)") {
  for (const bool ahead : {true, false}) {
    for (const bool append_time : {true, false}) {
      CAPTURE(ahead);
      CAPTURE(append_time);
      Setup setup = controller_setup(1, 1, {{1}});
      TopicConfig& config = setup.topics[0].config;
      REQUIRE(set_config(config, ahead ? "message.timestamp.after.max.ms" : "message.timestamp.before.max.ms", "5s") == "");
      if (append_time) REQUIRE(set_config(config, "message.timestamp.type", "LogAppendTime") == "");
      ProducerSetup producer;
      producer.name = "p";
      producer.topic = "t0";
      producer.spec.interval = 100 * kMillisecond;
      setup.producers.push_back(producer);
      ControllerStory story(setup);
      story.run_to(20 * kSecond);
      REQUIRE_FALSE(story.all<RecordsAcked>().empty());
      story.act(SetClock{"p", Span{(ahead ? 1 : -1) * 4 * kSecond}});
      story.run_for(2 * kSecond);
      CHECK(story.all<RecordsFailed>().empty());
      story.act(SetClock{"p", Span{(ahead ? 1 : -1) * 6 * kSecond}});
      story.run_for(2 * kSecond);
      CHECK(story.all<RecordsFailed>().empty() == append_time);
      for (const RecordsFailed& each : story.all<RecordsFailed>()) CHECK(each.error == ErrorCode::invalid_timestamp);
    }
  }
}

TEST_CASE("a batch that no segment could hold is refused with RECORD_LIST_TOO_LARGE, and fails (L2)") {
  Setup setup = controller_setup(1, 1, {{1}});
  setup.topics[0].config.segment_bytes = 1000;
  ProducerSetup producer;
  producer.name = "p";
  producer.topic = "t0";
  setup.producers.push_back(producer);
  ControllerStory story(setup);
  REQUIRE(story.ready());
  story.run_for(3 * kSecond);
  story.act(Send{"p", "", "", -1, 20});
  const RecordsFailed* failed = story.next<RecordsFailed>();
  REQUIRE(failed != nullptr);
  CHECK(failed->error == ErrorCode::record_list_too_large);
  CHECK(static_cast<int>(failed->error) == 18);
  CHECK(error_name(failed->error) == "RECORD_LIST_TOO_LARGE");
  CHECK(failed->count == 20);
  CHECK(story.all<ProduceRetried>().empty());
  story.act(Send{"p", "", "", -1, 5});  // these fit
  CHECK(story.next<RecordsAcked>() != nullptr);
}

}  // namespace
}  // namespace nutshell

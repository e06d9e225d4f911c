// What goes wrong for a client is a fact with a reason: nothing just stops.
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup one_group(std::vector<std::string> names) {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 1;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders", 500 * kMillisecond)};
  for (const std::string& name : names) setup.consumers.push_back(consumer(name, "cooks", "orders"));
  return setup;
}

std::string story(const Cluster& c, const std::string& fact) {
  std::string text;
  const WorldNamer namer(c.world);
  for (const Fact& each : c.facts)
    if (fact_name(each.body) == fact) text += sentence(each.body, namer) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a consumer that its group refuses ends with the coordinator's error") {
  Setup setup = one_group({"old", "new"});
  setup.consumers[0].spec.config.assignors = AssignorName::range;
  setup.consumers[1].spec.config.assignors = AssignorName::cooperative_sticky;
  setup.consumers[1].start = 12 * kSecond;
  Cluster c(setup);
  c.run_to(20 * kSecond);
  CHECK(c.count("consumer_failed", {{"consumer", "new"}, {"group", "cooks"}, {"error", "INCONSISTENT_GROUP_PROTOCOL"},
                                    {"reason", "refused"}, {"topic", "none"}}) == 1);
  CHECK(story(c, "consumer_failed") == "new is refused by group cooks and ends: INCONSISTENT_GROUP_PROTOCOL.\n");
}

TEST_CASE("a session time-out that no broker allows is fatal as well") {
  Setup setup = one_group({"c1"});
  setup.consumers[0].spec.config.session_timeout = kSecond;
  setup.consumers[0].spec.config.heartbeat_interval = 300 * kMillisecond;
  Cluster c(setup);
  c.until("consumer_failed", {{"consumer", "c1"}, {"error", "INVALID_SESSION_TIMEOUT"}}, 20 * kSecond);
}

TEST_CASE("without committed offset and without policy a consumer ends") {
  Setup setup = one_group({"c1"});
  setup.consumers[0].spec.config.auto_offset_reset = OffsetReset::none;
  Cluster c(setup);
  c.until("consumer_failed", {{"consumer", "c1"}, {"topic", "orders"}, {"partition", "0"}, {"reason", "no_offset"}}, 20 * kSecond);
}

TEST_CASE("work longer than max.poll.interval.ms: the member leaves for that reason, and its commit fails unsent (G10, G11)") {
  Setup setup = one_group({"slow", "other"});
  for (ConsumerSetup& each : setup.consumers) {
    each.spec.processing = 15 * kSecond;
    each.spec.config.max_poll_interval = 10 * kSecond;
    each.spec.config.max_poll_records = 1;
    each.spec.config.enable_auto_commit = false;
  }
  Cluster c(setup);
  c.run_to(kMinute);
  CHECK(c.happened("member_left", {{"group", "cooks"}, {"reason", "poll_expired"}, {"expired", "false"}}));
  CHECK_FALSE(c.happened("member_left", {{"reason", "session_expired"}}));
  CHECK(c.happened("commit_failed", {{"group", "cooks"}, {"error", "UNKNOWN_MEMBER_ID"}, {"sent", "false"}}));
  CHECK_FALSE(c.happened("commit_refused"));
  CHECK_FALSE(c.happened("offset_committed", {{"topic", "orders"}}));
}

TEST_CASE("commitSync() gives up after default.api.timeout.ms while nobody coordinates the group") {
  Setup setup = one_group({"c1"});
  setup.config.offsets_topic_replication_factor = 1;
  setup.consumers[0].spec.config.enable_auto_commit = false;
  setup.consumers[0].spec.config.default_api_timeout = 5 * kSecond;
  Cluster c(setup);
  c.until("offset_committed", {{"topic", "orders"}}, 20 * kSecond);
  const std::string coordinator = c.value("topics/__consumer_offsets/0/Leader");
  c.crash("broker " + coordinator);
  const Time failed = c.until("commit_failed", {{"consumer", "c1"}, {"error", "REQUEST_TIMED_OUT"}, {"sent", "true"}}, 30 * kSecond);
  CHECK(failed >= c.times("node_crashed").front() + 5 * kSecond - kSecond);
  CHECK(failed <= c.times("node_crashed").front() + 8 * kSecond);
}

TEST_CASE("a member is removed for one of three reasons, and each is said") {
  Setup setup = one_group({"c1", "c2"});
  for (ConsumerSetup& each : setup.consumers) {
    each.spec.config.assignors = AssignorName::range;
    each.spec.config.max_poll_interval = 20 * kSecond;
  }
  setup.topics[0] = topic("orders", {1, 2, 3});
  SUBCASE("it did not join again in time") {
    setup.consumers.push_back(setup.consumers[0]);
    setup.consumers.back().name = "c3";
    setup.consumers.back().start = 15 * kSecond;
    Cluster c(setup);
    c.run_to(14 * kSecond);
    c.pause("c1");
    const Time left = c.until("member_left", {{"consumer", "c1"}, {"reason", "join_timed_out"}, {"expired", "true"}});
    CHECK(left >= 35 * kSecond);
    CHECK(left <= 36 * kSecond);
    CHECK(story(c, "member_left") == "c1 is removed from group cooks: it did not join again in time.\n");
  }
  SUBCASE("it did not ask for its assignment in time") {
    Cluster c(setup);
    c.until("generation_started", {{"group", "cooks"}}, 20 * kSecond);
    c.pause("c2");
    c.until("member_left", {{"consumer", "c2"}, {"reason", "sync_timed_out"}, {"expired", "true"}});
    CHECK(c.happened("rebalance_started", {{"reason", "sync_timed_out"}}));
  }
  SUBCASE("its session has expired") {
    Cluster c(setup);
    c.run_to(14 * kSecond);
    c.crash("c1");
    c.until("member_left", {{"consumer", "c1"}, {"reason", "session_expired"}, {"expired", "true"}});
  }
  SUBCASE("it closed") {
    Cluster c(setup);
    c.run_to(14 * kSecond);
    c.stop("c1");
    c.until("member_left", {{"consumer", "c1"}, {"reason", "closed"}, {"expired", "false"}});
  }
}

TEST_CASE("an assignment that could not be written is no member's fault (G8)") {
  Setup setup = one_group({"c1"});
  setup.consumers[0].start = 3 * kSecond;
  Cluster c(setup);
  // The ISR of __consumer_offsets still counts on broker 3 when the assignment comes.
  c.run_to(4 * kSecond);
  c.crash("broker 3");
  c.until("group_stable", {}, 30 * kSecond);
  CHECK(c.count("rebalance_started", {{"reason", "assignment_not_written"}}) == 1);
  CHECK(c.count("rebalance_started", {{"reason", "sync_timed_out"}}) == 0);
  CHECK(c.count("member_left") == 0);
}

TEST_CASE("one broker and three copies of __consumer_offsets: refused, told once each, and mended by two brokers more") {
  Setup setup = one_group({"kitchen"});
  setup.brokers = 1;
  setup.topics = {topic("orders", {1})};
  REQUIRE(problems(setup).empty());
  Cluster c(setup);
  c.run_to(30 * kSecond);
  CHECK(c.count("topic_refused", {{"topic", "__consumer_offsets"}, {"error", "INVALID_REPLICATION_FACTOR"}, {"client", "broker 1"}}) == 1);
  CHECK(c.count("coordinator_unavailable", {{"consumer", "kitchen"}, {"group", "cooks"}, {"error", "COORDINATOR_NOT_AVAILABLE"}}) == 1);
  CHECK(c.count("member_joined") == 0);
  c.act(AddBroker{2});
  c.act(AddBroker{3});
  c.until("topic_created", {{"topic", "__consumer_offsets"}, {"replication_factor", "3"}}, 4 * kSecond);
  c.until("records_delivered", {{"consumer", "kitchen"}}, 20 * kSecond);
}

TEST_CASE("the usual first refusal of a coordinator is not worth telling") {
  Cluster c(one_group({"c1"}));
  c.until("group_stable", {}, 20 * kSecond);
  CHECK(c.count("coordinator_unavailable") == 0);
  CHECK(c.count("topic_missing") == 0);
}

TEST_CASE("a client of a topic that is not there yet is told so again and again, and it is said once") {
  Setup setup = one_group({});
  setup.producers[0].start = kSecond;
  setup.producers[0].spec.config.max_block = 3 * kSecond;
  setup.topics[0].assignment = {{1, 2, 3}};
  Cluster c(setup);
  c.run_to(kMillisecond);
  c.crash("broker 3");  // without it the topic cannot be placed
  c.run_to(20 * kSecond);
  CHECK(c.count("topic_missing", {{"topic", "orders"}, {"client", "shop"}, {"error", "UNKNOWN_TOPIC_OR_PARTITION"}}) == 1);
  CHECK(c.happened("records_failed", {{"producer", "shop"}, {"reason", "metadata_missing"}}));
  CHECK(story(c, "records_failed").find("orders--1") == std::string::npos);
}

TEST_CASE("why records failed: refused, expired, or no room in buffer.memory") {
  Setup setup = one_group({});
  setup.topics = {topic("orders", {1})};
  ProducerSetup small = producer("small", "orders", kSecond);
  small.spec.record_bytes = 1000;
  small.spec.config.buffer_memory = 32768;
  setup.producers.push_back(small);
  Cluster c(setup);
  c.run_to(10 * kSecond);
  c.pause("broker 1");
  c.run_to(150 * kSecond);
  CHECK(c.happened("records_failed", {{"producer", "shop"}, {"reason", "expired"}, {"error", "REQUEST_TIMED_OUT"}}));
  CHECK_FALSE(c.happened("records_failed", {{"producer", "shop"}, {"reason", "buffer_exhausted"}}));
  CHECK(c.happened("records_failed", {{"producer", "small"}, {"reason", "buffer_exhausted"}}));
  CHECK(story(c, "records_failed").find("for orders failed, buffer.memory had no room for max.block.ms (BufferExhaustedException)") !=
        std::string::npos);
  c.resume("broker 1");
  c.act(SetConfig{"orders", "max.message.bytes", "100"});
  c.run_for(10 * kSecond);
  CHECK(c.happened("records_failed", {{"reason", "refused"}, {"error", "MESSAGE_TOO_LARGE"}}));
}

TEST_CASE("the operator's calls end at once when they are refused, and after default.api.timeout.ms when nobody answers") {
  Cluster c(one_group({}));
  c.run_to(5 * kSecond);
  SUBCASE("refused") {
    c.crash("broker 2");
    c.crash("broker 3");
    c.run_to(30 * kSecond);
    c.act(AddBroker{4});
    c.act(CreateTopic{"wide", 1, 4});  // the fourth is not registered yet
    const Time told = c.until("topic_refused", {{"topic", "wide"}, {"error", "INVALID_REPLICATION_FACTOR"}, {"client", "admin"}}, kSecond);
    c.run_to(told + 20 * kSecond);
    CHECK(c.count("topic_refused", {{"topic", "wide"}}) == 1);
    CHECK_FALSE(c.happened("topic_created", {{"topic", "wide"}}));
    CHECK(c.world.admin.requests.empty());
  }
  SUBCASE("an election that is not needed") {
    c.act(ElectLeader{"orders", 0, false});
    c.until("admin_failed", {{"message", "ElectLeaders"}, {"topic", "orders"}, {"error", "ELECTION_NOT_NEEDED"}}, kSecond);
  }
  SUBCASE("nobody answers") {
    for (const char* each : {"Q1", "Q2", "Q3"}) c.crash(each);
    c.act(CreateTopic{"fresh", 1, 1});
    const Time told = c.until("topic_refused", {{"topic", "fresh"}, {"error", "REQUEST_TIMED_OUT"}}, 2 * kMinute);
    CHECK(told >= 65 * kSecond);
    CHECK(told <= 66 * kSecond);
    CHECK(story(c, "topic_refused") == "Nobody has created topic fresh within default.api.timeout.ms: the operator gives up.\n");
    for (const char* each : {"Q1", "Q2", "Q3"}) c.start(each);
    c.run_for(20 * kSecond);
    CHECK_FALSE(c.happened("topic_created", {{"topic", "fresh"}}));
  }
}

}  // namespace nutshell

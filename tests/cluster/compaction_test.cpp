// Compaction: when brokers clean which log, what is left, and what readers see of it (L8, L13-L18).
#include <map>
#include <set>

#include "sim/core/random.h"
#include "tests/cluster/accounts.h"

namespace nutshell {
namespace {

Cluster::Where at(Offset offset) { return {{"topic", "accounts"}, {"offset", std::to_string(offset)}}; }

}  // namespace

TEST_CASE("scenario 38: compaction keeps the last value, eventually") {
  Setup setup = accounts();
  setup.topics[0].config.delete_retention = 40 * kSecond;
  setup.consumers = {consumer("auditor", "auditors", "accounts")};
  setup.consumers[0].start = 20 * kSecond;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k2=b k1=c k2= k3=d k3=f k1=e");
  CHECK(held(c) == "0:k1=a 1:k2=b 2:k1=c 3:k2 4:k3=d 5:k3=f 6:k1=e");
  const Time cleaned = c.until("log_cleaned", {{"topic", "accounts"}});
  // The active segment is not touched, so k1 stands there twice; the tombstone stays; offsets stay.
  CHECK(held(c) == "2:k1=c 3:k2 5:k3=f 6:k1=e");
  CHECK(c.happened("log_cleaned", {{"from", "0"}, {"to", "6"}, {"removed", "3"}, {"left", "3"}, {"tombstones", "1"}}, cleaned));
  CHECK(c.happened("record_compacted", {{"offset", "0"}, {"newer", "2"}, {"reason", "superseded"}}));
  CHECK(c.happened("record_compacted", {{"offset", "1"}, {"newer", "3"}}));
  CHECK(c.happened("record_compacted", {{"offset", "4"}, {"newer", "5"}}));
  CHECK(c.count("record_compacted") == 3);
  CHECK(c.log(1, "accounts").log_start_offset() == 0);
  CHECK(cleaned_up_to(*c.world.find_broker(1), {c.world.topic_id("accounts"), 0}) == 6);
  c.until("records_delivered", {{"consumer", "auditor"}, {"first", "2"}});
  // No new dirty data: however long it waits, the tombstone stays.
  c.run_to(cleaned + 3 * kMinute);
  CHECK(c.count("log_cleaned", {{"topic", "accounts"}}) == 1);
  CHECK(held(c) == "2:k1=c 3:k2 5:k3=f 6:k1=e");
  send(c, "k4=g k5=h k6=i k7=j k8=k k9=l k10=m");
  c.until("record_compacted", at(3));
  CHECK(c.happened("record_compacted", {{"offset", "3"}, {"newer", "-1"}, {"reason", "tombstone_expired"}}));
  CHECK(held(c) == "5:k3=f 6:k1=e 7:k4=g 8:k5=h 9:k6=i 10:k7=j 11:k8=k 12:k9=l 13:k10=m");
  CHECK(c.betrayals() == "");
}

TEST_CASE("L17: before its horizon a second cleaning leaves a tombstone alone") {
  Setup setup = accounts();
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k1= k2=b k2=c");
  c.until("log_cleaned", {{"topic", "accounts"}});
  CHECK(held(c) == "1:k1 2:k2=b 3:k2=c");
  send(c, "k3=d k3=e k4=f");
  c.until("log_cleaned", {{"topic", "accounts"}});
  CHECK(held(c).find("1:k1 ") == 0);
}

TEST_CASE("L2, scenario 49: a compacted topic takes no record without a key") {
  for (const CleanupPolicy policy : {CleanupPolicy::deletes, CleanupPolicy::compacts, CleanupPolicy::compacts_and_deletes}) {
    Setup setup = accounts();
    setup.topics[0].config.cleanup_policy = policy;
    Cluster c(setup);
    c.run_to(2 * kSecond);
    c.act(Send{"teller", "", "a", -1, 1});
    c.run_for(kSecond);
    const bool refused = policy != CleanupPolicy::deletes;
    CHECK(c.happened("produce_refused", {{"error", "INVALID_RECORD"}}) == refused);
    CHECK(c.happened("records_failed", {{"producer", "teller"}}) == refused);
    CHECK(c.log(1, "accounts").log_end_offset() == (refused ? 0 : 1));
  }
}

TEST_CASE("L14: cleaners look every log.cleaner.backoff.ms from the broker's start on") {
  Setup setup = accounts();
  setup.config.cleaner_backoff = 7 * kSecond;
  Cluster c(setup);
  c.run_to(8 * kSecond);
  send(c, "k1=a k1=b k1=c k1=d");
  const Time cleaned = c.until("log_cleaned");
  CHECK(cleaned == 14 * kSecond);  // the second look, counted from the start
}

TEST_CASE("L14: a log has to be dirty enough, or to wait too long") {
  for (const bool impatient : {false, true}) {
    Setup setup = accounts();
    setup.topics[0].config.min_cleanable_dirty_ratio = {600'000};
    if (impatient) setup.topics[0].config.max_compaction_lag = kMinute;
    Cluster c(setup);
    c.run_to(2 * kSecond);
    send(c, "k1=a k2=a k3=a k4=a k5=a k6=a k7=a k8=a k9=a k1=b");
    c.until("log_cleaned");
    c.run_for(10 * kSecond);
    // One segment of four is dirty, then two of five, then three of six.
    send(c, "k1=c k1=d k1=e");
    c.run_for(30 * kSecond);
    CHECK(c.count("log_cleaned") == 1);
    send(c, "k1=f k1=g k1=h");
    c.run_for(30 * kSecond);
    CHECK(c.count("log_cleaned") == (impatient ? 2 : 1));
    c.run_for(60 * kSecond);
    CHECK(c.count("log_cleaned") == (impatient ? 2 : 1));
  }
}

TEST_CASE("L13: what is younger than min.compaction.lag.ms stays as it is") {
  Setup setup = accounts();
  setup.topics[0].config.min_compaction_lag = kMinute;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k1=b k1=c k1=d");
  const Time sent = c.now();
  const Time cleaned = c.until("log_cleaned", {}, 3 * kMinute);
  CHECK(cleaned > sent + kMinute - 100 * kMillisecond);
  CHECK(cleaned <= sent + kMinute + 15 * kSecond);
}

TEST_CASE("L13: how far a log is compacted outlives its broker") {
  Setup setup = accounts();
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k1=b k1=c k1=d");
  c.until("log_cleaned");
  c.crash("broker 1");
  c.run_for(kSecond);
  CHECK(cleaned_up_to(*c.world.find_broker(1), {c.world.topic_id("accounts"), 0}) == 3);
  c.start("broker 1");
  c.run_for(kMinute);
  CHECK(c.count("log_cleaned") == 1);
  CHECK(held(c) == "2:k1=c 3:k1=d");
}

// LogManager.truncateTo: as far as the segment that is written to again, which was not clean as a whole.
TEST_CASE("L13: a log that is cut takes back how far it is clean, to the beginning of its last segment") {
  Setup setup = accounts({1, 2});
  setup.topics[0].config.unclean_leader_election_enable = 1;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k0=a k1=a k2=a k3=a k4=a k5=a k6=a k7=a");
  c.run_for(2 * kSecond);
  REQUIRE(c.log(2, "accounts").log_end_offset() == 8);
  c.crash("broker 2");
  c.run_for(15 * kSecond);
  send(c, "k8=a k9=a k10=a k11=a k12=a k13=a k14=a k15=a k16=a k17=a k18=a k19=a k20=a");
  const TopicPartition tp{c.world.topic_id("accounts"), 0};
  c.run_for(kMinute);
  REQUIRE(cleaned_up_to(*c.world.find_broker(1), tp) == 18);
  c.crash("broker 1");
  c.start("broker 2");
  c.until("leader_took_office", {{"topic", "accounts"}, {"broker", "2"}});
  c.start("broker 1");
  c.until("log_truncated", {{"topic", "accounts"}, {"broker", "1"}, {"to", "8"}});
  REQUIRE(c.log(1, "accounts").segments().back().base_offset == 6);
  CHECK(cleaned_up_to(*c.world.find_broker(1), tp) == 6);
  CHECK(c.betrayals() == "");
}

// What a disk that lies has lost.
TEST_CASE("L13: a log that has lost more than was dirty is dirty from its start on, as soon as its broker is back") {
  Cluster c(accounts());
  c.act(LieAboutFlush{"broker 1"});
  c.run_to(2 * kSecond);
  send(c, "k1=a k1=b k1=c k1=d k1=e k1=f k1=g");
  c.until("log_cleaned");
  const TopicPartition tp{c.world.topic_id("accounts"), 0};
  REQUIRE(cleaned_up_to(*c.world.find_broker(1), tp) == 6);
  c.act(Crash{"broker 1", true});
  REQUIRE(c.log(1, "accounts").log_end_offset() == 0);
  c.start("broker 1");
  CHECK(cleaned_up_to(*c.world.find_broker(1), tp) == 0);
}

TEST_CASE("L13: where the log begins behind what was clean, the next look writes that down") {
  Setup setup = accounts();
  setup.topics[0].config.cleanup_policy = CleanupPolicy::compacts_and_deletes;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k2=b k3=c k4=d");
  c.until("log_cleaned");
  const TopicPartition tp{c.world.topic_id("accounts"), 0};
  REQUIRE(cleaned_up_to(*c.world.find_broker(1), tp) == 3);
  c.act(DeleteRecords{"accounts", 0, 4});
  send(c, "k5=e");
  c.run_for(16 * kSecond);
  CHECK(cleaned_up_to(*c.world.find_broker(1), tp) == 4);
}

TEST_CASE("L16: of a producer that is still known the last batch stays, and be it empty") {
  Setup setup = accounts();
  setup.producers.push_back(producer("clerk", "accounts"));
  setup.producers[1].spec.config.linger = 0;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k1=b");
  send(c, "k1=c k2=d", "clerk");
  c.until("log_cleaned");
  CHECK(held(c) == "2:k1=c 3:k2=d");
  CHECK(c.log(1, "accounts").batch_at(0) == nullptr);
  REQUIRE(c.log(1, "accounts").batch_at(1) != nullptr);
  CHECK(c.log(1, "accounts").batch_at(1)->count == 0);
  CHECK(c.log(1, "accounts").batch_at(1)->size_in_bytes == 61);
}

// KAFKA-20452. The topic took records without keys before it was compacted, and the active segment is not committed.
TEST_CASE("L16: the batch that ends at the high watermark stays, and be it empty") {
  Setup setup = accounts({1, 2});
  setup.topics[0].config.cleanup_policy = CleanupPolicy::deletes;
  setup.producers[0].spec.config.enable_idempotence = false;
  Cluster c(setup);
  c.run_to(3 * kSecond);
  for (int i = 0; i < 6; ++i) c.act(Send{"teller", "", "a", -1, 1}), c.run_for(10 * kMillisecond);
  c.run_for(kSecond);
  c.cut("broker 1", "broker 2");
  c.act(Send{"teller", "k1", "a", -1, 1});
  c.act(SetConfig{"accounts", "cleanup.policy", "compact"});
  c.until("log_cleaned", {{"broker", "1"}});
  const Log& log = c.log(1, "accounts");
  REQUIRE(log.high_watermark() == 6);
  REQUIRE(log.log_end_offset() == 7);
  CHECK(held(c) == "6:k1=a");
  CHECK(log.batch_at(4) == nullptr);
  REQUIRE(log.batch_at(5) != nullptr);
  CHECK(log.batch_at(5)->count == 0);
}

TEST_CASE("L8, L9: compact,delete does both, and the cleaner sweeps") {
  Setup setup = accounts();
  setup.topics[0].config.cleanup_policy = CleanupPolicy::compacts_and_deletes;
  setup.topics[0].config.retention_time = kMinute;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k1=b k2=c k2=d");
  const Time sent = c.now();
  c.until("log_cleaned");
  CHECK(held(c) == "1:k1=b 2:k2=c 3:k2=d");
  const Time deleted = c.until("segment_deleted", {}, 3 * kMinute);
  CHECK(deleted > sent + kMinute - 100 * kMillisecond);
  CHECK(deleted <= sent + kMinute + 15 * kSecond);  // the cleaner's interval; that of the other logs is five minutes
  CHECK(held(c) == "");
  CHECK(c.log(1, "accounts").log_start_offset() == 4);
  CHECK(c.betrayals() == "");
}

TEST_CASE("log.cleaner.enable=false: a compacted log keeps everything") {
  Setup setup = accounts();
  setup.config.cleaner_enable = false;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k1=b k1=c k1=d");
  c.run_for(2 * kMinute);
  CHECK_FALSE(c.happened("log_cleaned"));
  CHECK(held(c) == "0:k1=a 1:k1=b 2:k1=c 3:k1=d");
}

TEST_CASE("a topic that becomes compacted is compacted from then on") {
  Setup setup = accounts();
  setup.topics[0].config.cleanup_policy = CleanupPolicy::deletes;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  send(c, "k1=a k1=b k1=c k1=d");
  c.run_for(kMinute);
  CHECK_FALSE(c.happened("log_cleaned"));
  c.act(SetConfig{"accounts", "cleanup.policy", "compact"});
  c.until("log_cleaned");
  CHECK(held(c) == "2:k1=c 3:k1=d");
}

TEST_CASE("settings that contradict each other are refused in one sentence") {
  Setup setup = accounts();
  setup.topics[0].config.max_compaction_lag = kMinute;
  Cluster c(setup);
  c.run_to(2 * kSecond);
  CHECK(refusal(c.world, SetConfig{"accounts", "min.compaction.lag.ms", "2m"}) ==
        "min.compaction.lag.ms (120000) must not exceed max.compaction.lag.ms (60000) (INVALID_CONFIG)");
  CHECK(refusal(c.world, SetConfig{"accounts", "min.compaction.lag.ms", "30s"}) == "");
  CHECK(refusal(c.world, SetConfig{"accounts", "cleanup.policy", "shred"}) ==
        "cleanup.policy must be delete, compact, both with a comma between, or nothing, not 'shred'");
  BrokerConfig broker;  // in smaller segments no group could write its assignment, and would begin one generation after the other
  CHECK(set_config(broker, "offsets.topic.segment.bytes", "199") ==
        "offsets.topic.segment.bytes must be a number, from 200 to 2147483647, not '199'");
  CHECK(set_config(broker, "offsets.topic.segment.bytes", "200") == "");
}

TEST_CASE("__consumer_offsets is compacted, and a coordinator that takes over finds what counts") {
  Setup setup;
  setup.brokers = 3;
  setup.controllers = 1;
  setup.config.offsets_topic_num_partitions = 1;
  setup.config.offsets_topic_segment_bytes = 2000;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders", 100 * kMillisecond)};
  setup.consumers = {consumer("reader", "readers", "orders")};
  setup.consumers[0].spec.config.auto_commit_interval = 500 * kMillisecond;
  Cluster c(setup);
  c.run_to(kMinute);
  CHECK(c.happened("log_cleaned", {{"topic", std::string(kOffsetsTopic)}, {"broker", "1"}}));
  CHECK(c.happened("log_cleaned", {{"topic", std::string(kOffsetsTopic)}, {"broker", "3"}}));
  const BrokerId leader = c.world.find_broker(1)->image.partition({c.world.topic_id(kOffsetsTopic), 0})->leader;
  const Log& log = c.log(leader, std::string(kOffsetsTopic));
  std::int64_t records = 0;
  for (const Batch& batch : log.batches()) records += batch.count;
  CHECK(log.log_end_offset() > 100);
  CHECK(records < 60);
  const Offset before = std::stoll(c.value("groups/readers/orders/0/CURRENT-OFFSET"));
  c.crash("broker " + std::to_string(leader));
  c.run_for(kMinute);
  CHECK(std::stoll(c.value("groups/readers/orders/0/CURRENT-OFFSET")) > before + 300);
  CHECK_FALSE(c.happened("position_reset"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("G6, scenario 43: what an empty group has committed expires, with a tombstone that is compacted away in the end") {
  Setup setup;
  setup.brokers = 3;
  setup.controllers = 1;
  setup.config.offsets_topic_num_partitions = 1;
  setup.config.offsets_retention = 30 * kMinute;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders", kSecond)};
  setup.consumers = {consumer("reader", "readers", "orders"), consumer("other", "others", "orders")};
  setup.consumers[0].stop = kMinute;
  Cluster c(setup);
  c.run_to(2 * kMinute);
  const Time empty = c.times("group_empty").back();
  const std::string committed = c.value("groups/readers/orders/0/CURRENT-OFFSET");
  REQUIRE(std::stoll(committed) > 30);
  const BrokerId leader = c.world.find_broker(1)->image.partition({c.world.topic_id(kOffsetsTopic), 0})->leader;
  c.crash("broker " + std::to_string(leader));  // the next coordinator knows since when it is empty
  const Time gone = c.until("offsets_forgotten", {{"group", "readers"}, {"expired", "true"}}, 2 * kHour);
  CHECK(gone - empty >= 30 * kMinute);
  CHECK(gone - empty < 40 * kMinute + kSecond);
  CHECK_FALSE(c.happened("offsets_forgotten", {{"group", "others"}}));
  c.start("reader");
  c.until("position_set", {{"consumer", "reader"}, {"position", "0"}, {"reset", "true"}});
  CHECK(c.betrayals() == "");
}

// Crashes, elections and cleanings, with every promise judged; in the end all replicas read alike.
TEST_CASE("compaction under storms") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    CAPTURE(seed);
    std::uint64_t draws = 0;
    const auto pick = [&](std::uint64_t limit) { return below(draw(seed, Purpose::fuzz, 31, draws++), limit); };
    Setup setup = accounts({1, 2, 3});
    setup.seed = seed;
    setup.config.cleaner_backoff = 3 * kSecond;
    setup.config.min_insync_replicas = 2;
    setup.topics[0].config.min_cleanable_dirty_ratio = {static_cast<std::int64_t>(pick(3)) * 250'000};
    // Whoever is away for longer than that misses tombstones, and has older values for ever: Kafka too.
    const bool tombstones_stay = pick(2) == 0;
    setup.topics[0].config.delete_retention = tombstones_stay ? kHour : static_cast<Duration>(pick(2)) * 10 * kSecond;
    setup.topics[0].config.min_compaction_lag = pick(3) == 0 ? 5 * kSecond : 0;
    if (pick(2)) setup.config.cleaner_io_max_bytes_per_second = 20'000;
    ProducerSpec& spec = setup.producers[0].spec;
    spec.interval = 50 * kMillisecond;
    spec.limit = 1200;
    spec.key_choice = KeyChoice::random;
    spec.tombstone_every = static_cast<std::int32_t>(3 + pick(6));
    spec.config.linger = pick(2) ? 0 : 120 * kMillisecond;
    setup.producers[0].keys = {"a", "b", "c", "d", "e", "f", "g"};
    setup.consumers = {consumer("reader", "readers", "accounts")};
    Cluster c(setup);
    for (int i = 0; i < 12; ++i) {
      c.run_for(static_cast<Duration>(1 + pick(9)) * kSecond);
      const std::string broker = "broker " + std::to_string(1 + pick(3));
      const bool up = c.world.find_node(broker)->status != NodeStatus::down;
      if (up && pick(3) == 0) c.stop(broker);
      else if (up) c.crash(broker);
      else c.start(broker);
    }
    c.run_for(10 * kMinute);  // whoever is about to stop has
    for (const char* each : {"broker 1", "broker 2", "broker 3"})
      if (c.world.find_node(each)->status == NodeStatus::down) c.start(each);
    c.run_for(2 * kMinute);
    CHECK(c.happened("record_compacted"));
    CHECK(c.betrayals() == "");
    for (BrokerId broker : {2, 3}) {
      // Each has cleaned by itself; what is the newest of a key is the same.
      std::map<std::string, std::string> newest[2];
      for (int which : {0, 1}) {
        const Log& log = c.log(which == 0 ? BrokerId{1} : broker, "accounts");
        for (const Batch& batch : log.batches())
          for_each_record(c.world.commons.store.records, batch, [&](Offset, const Record& record) {
            const std::string& key = c.world.fabric.names[record.key];
            if (record.is_tombstone()) newest[which].erase(key);
            else newest[which][key] = std::to_string(record.serial);
          });
      }
      INFO(held(c, 1) << "\n" << held(c, broker));
      if (tombstones_stay) CHECK(newest[0] == newest[1]);
    }
  }
}

}  // namespace nutshell

// Several directories for logs, one of which fails (R22, KIP-112, KIP-858).
#include <cstdlib>
#include <map>
#include <set>

#include "sim/core/random.h"
#include "sim/kafka/config_keys.h"
#include "tests/cluster/asking.h"

namespace nutshell {
namespace {

// Broker 1 leads partitions 0 and 3, and follows in the others.
Setup jbod(std::int64_t directories = 2) {
  Setup setup;
  setup.config.log_dirs = directories;
  setup.config.offsets_topic_num_partitions = 1;
  setup.config.min_insync_replicas = 2;
  setup.config.replica_lag_time_max = 5 * kSecond;
  TopicSpec orders;
  orders.name = "orders";
  orders.assignment = {{1, 2, 3}, {2, 3, 1}, {3, 1, 2}, {1, 3, 2}, {2, 1, 3}, {3, 2, 1}};
  orders.replication_factor = 3;
  setup.topics = {orders};
  setup.producers = {producer("shop", "orders", 20 * kMillisecond)};
  for (int i = 0; i < 24; ++i) setup.producers[0].keys.push_back("k" + std::to_string(i));
  setup.producers[0].spec.key_choice = KeyChoice::cycle;
  setup.producers[0].spec.config.request_timeout = 7 * kSecond;  // what stood still moves with the next try, see R8
  return setup;
}

std::map<std::int32_t, std::set<std::int32_t>> placed(const Cluster& c, BrokerId broker) {
  std::map<std::int32_t, std::set<std::int32_t>> found;
  for (const Replica& each : c.world.find_broker(broker)->replicas)
    if (c.world.fabric.names[each.tp.topic] == "orders") found[each.directory].insert(each.tp.partition);
  return found;
}

std::string row(std::int32_t partition, const std::string& column) {
  return "topics/orders/" + std::to_string(partition) + "/" + column;
}

bool in_isr(const Cluster& c, std::int32_t partition, char broker) {
  return c.value(row(partition, "Isr")).find(broker) != std::string::npos;
}

}  // namespace

TEST_CASE("R22: new replicas go to the directory with fewest, and the controller hears where they are") {
  for (const std::int64_t directories : {2, 3, 4}) {
    CAPTURE(directories);
    Cluster c(jbod(directories));
    c.run_to(15 * kSecond);
    for (const BrokerId broker : {1, 2, 3}) {
      const auto where = placed(c, broker);
      CHECK(where.size() == static_cast<std::size_t>(directories));
      std::size_t least = 6, most = 0;
      for (const auto& [directory, partitions] : where) {
        least = std::min(least, partitions.size());
        most = std::max(most, partitions.size());
        for (const std::int32_t each : partitions)
          for (const Controller& controller : c.world.controllers)
            CHECK(controller.image.directory({c.world.topic_id("orders"), each}, broker) == directory);
      }
      CHECK(most - least <= 1);
    }
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("R22: with one directory nobody tells where replicas are") {
  Cluster c(jbod(1));
  c.run_to(15 * kSecond);
  for (const Broker& each : c.world.brokers) CHECK(each.unplaced.empty());
  CHECK(placed(c, 1).size() == 1);
}

TEST_CASE("R22: one directory fails: its replicas leave their ISRs and lead no more, those of the other one go on") {
  Cluster c(jbod());
  c.run_to(15 * kSecond);
  const std::set<std::int32_t> gone = placed(c, 1)[1], kept = placed(c, 1)[0];
  REQUIRE(gone.size() == 3);
  c.act(FailDirectory{"broker 1", 1});
  const Time failed = c.until("directory_failed", {{"broker", "1"}, {"directory", "1"}}, 6 * kSecond);
  c.until("directories_offline", {{"broker", "1"}}, kSecond);
  CHECK(c.now() - failed < 100 * kMillisecond);  // not with the next heartbeat: at once
  // R8: where the leader stayed, it waits for who was caught up a moment ago until replica.lag.time.max.ms is over.
  c.run_for(4 * kSecond);
  std::size_t waiting = 0;
  for (const std::int32_t each : gone) {
    if (each == 0 || each == 3) continue;  // broker 1 led these; it is nobody's follower
    ++waiting;
    CHECK_FALSE(c.happened("records_acked", {{"topic", "orders"}, {"partition", std::to_string(each)}}, failed + 500 * kMillisecond));
  }
  CHECK(waiting > 0);
  c.run_for(8 * kSecond);
  for (const std::int32_t each : gone) {
    CAPTURE(each);
    CHECK_FALSE(in_isr(c, each, '1'));
    CHECK(c.value(row(each, "Leader")) != "1");
    CHECK(c.value(row(each, "Leader")) != "none");
    CHECK(c.happened("records_acked", {{"topic", "orders"}, {"partition", std::to_string(each)}}, failed + 7 * kSecond));
  }
  for (const std::int32_t each : kept) {
    CAPTURE(each);
    CHECK(in_isr(c, each, '1'));
    CHECK(c.happened("records_acked", {{"topic", "orders"}, {"partition", std::to_string(each)}}, failed + 7 * kSecond));
  }
  CHECK(c.value(row(0, "Leader")) == (kept.count(0) ? "1" : "2"));
  CHECK_FALSE(c.happened("broker_fenced"));
  CHECK_FALSE(c.happened("node_crashed"));
  CHECK_FALSE(c.happened("records_failed"));
  // What comes later is put where there is a disk.
  c.act(CreateTopic{"mails", 4, 3});
  c.run_for(5 * kSecond);
  for (const Replica& each : c.world.find_broker(1)->replicas)
    if (c.world.fabric.names[each.tp.topic] == "mails") CHECK(each.directory == 0);
  CHECK(c.betrayals() == "");
}

TEST_CASE("R22: whoever asks a replica whose directory has failed hears KAFKA_STORAGE_ERROR, and asks the next leader") {
  Cluster c(jbod());
  c.run_to(15 * kSecond);
  // Nobody hears of the failure for a while.
  for (const char* each : {"Q1", "Q2", "Q3"}) c.cut("broker 1", each);
  c.act(FailDirectory{"broker 1", 1});
  c.until("directory_failed", {{"broker", "1"}}, 6 * kSecond);
  c.run_for(2 * kSecond);
  CHECK(c.happened("produce_refused", {{"broker", "1"}, {"error", "KAFKA_STORAGE_ERROR"}}));
  c.heal();
  c.run_for(20 * kSecond);
  for (std::int32_t each = 0; each < 6; ++each)
    CHECK(c.happened("records_acked", {{"topic", "orders"}, {"partition", std::to_string(each)}}, c.now() - 2 * kSecond));
  CHECK_FALSE(c.happened("records_failed"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("R22: a broker ends when the directory of its metadata log fails, or the last one, or when it cannot tell the controller") {
  struct Case {
    std::int64_t directories;
    std::int64_t fails;
    bool cut_off;
    const char* reason;
  };
  for (const Case& each : {Case{2, 0, false, "metadata_directory"}, Case{1, 0, false, "all_directories"},
                           Case{2, 1, true, "controller_not_told"}}) {
    CAPTURE(each.reason);
    Setup setup = jbod(each.directories);
    setup.config.log_dir_failure_timeout = 12 * kSecond;
    Cluster c(setup);
    c.run_to(15 * kSecond);
    if (each.cut_off)
      for (const char* controller : {"Q1", "Q2", "Q3"}) c.cut("broker 1", controller);
    c.act(FailDirectory{"broker 1", each.fails});
    const Time failed = c.until("directory_failed", {{"broker", "1"}}, 6 * kSecond);
    c.run_for(13 * kSecond);
    const std::vector<Time> halted = c.times("broker_halted", {{"broker", "1"}, {"reason", each.reason}});
    REQUIRE(halted.size() == 1);
    CHECK(halted[0] - failed == (each.cut_off ? 12 * kSecond : 0));
    CHECK(c.happened("node_crashed", {{"node", "broker 1"}}));
    c.run_for(15 * kSecond);
    for (std::int32_t partition = 0; partition < 6; ++partition) CHECK(c.value(row(partition, "Leader")) != "1");
    CHECK(c.betrayals() == "");
    // It does not come up again with that disk, but with a new one.
    if (each.cut_off) continue;
    c.start("broker 1");
    c.run_for(kSecond);
    CHECK(c.value("brokers/1/State") != "Running");
    CHECK(c.count("broker_halted", {{"broker", "1"}}) == 2);
    c.act(WipeDisk{"broker 1"});
    c.start("broker 1");
    c.run_for(20 * kSecond);
    for (std::int32_t partition = 0; partition < 6; ++partition) CHECK(in_isr(c, partition, '1'));
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("R22: a directory that is full fails at the write that does not fit; with room again it is back after a restart") {
  Cluster c(jbod());
  c.run_to(15 * kSecond);
  const std::set<std::int32_t> gone = placed(c, 1)[1];
  c.act(FillDisk{"broker 1", 1, 1000});
  const Time failed = c.until("directory_failed", {{"broker", "1"}, {"directory", "1"}}, 5 * kSecond);
  CHECK(failed > 15 * kSecond);  // there was room for some
  c.run_for(3 * kSecond);
  for (const std::int32_t each : gone) CHECK_FALSE(in_isr(c, each, '1'));
  // Started again it tries again, and fails again.
  c.stop("broker 1");
  c.until("node_stopped", {{"node", "broker 1"}}, 20 * kSecond);
  c.start("broker 1");
  c.until("directory_failed", {{"broker", "1"}}, 20 * kSecond);
  c.act(FillDisk{"broker 1", 1, 100'000'000});
  c.stop("broker 1");
  c.until("node_stopped", {{"node", "broker 1"}}, 20 * kSecond);
  c.start("broker 1");
  c.run_for(20 * kSecond);
  for (const std::int32_t each : gone) CHECK(in_isr(c, each, '1'));
  CHECK(c.betrayals() == "");
}

TEST_CASE("R14, R22: a replica on a failed disk is not elected, not even by force") {
  Setup setup = jbod();
  setup.config.min_insync_replicas = 1;
  setup.config.unclean_leader_election_enable = true;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  const std::int32_t victim = *placed(c, 1)[1].begin();
  c.act(FailDirectory{"broker 1", 1});
  c.until("directories_offline", {{"broker", "1"}}, 6 * kSecond);
  c.crash("broker 2");
  c.crash("broker 3");
  c.run_for(15 * kSecond);
  CHECK(c.value(row(victim, "Leader")) == "none");
  c.act(ElectLeader{"orders", victim, true});
  c.run_for(2 * kSecond);
  CHECK(c.value(row(victim, "Leader")) == "none");
  const std::set<std::int32_t> kept = placed(c, 1)[0];
  for (const std::int32_t each : kept) CHECK(c.value(row(each, "Leader")) == "1");
}

namespace {

// The first partition that broker 1 leads in the directory.
std::int32_t led_in(const Cluster& c, std::int32_t directory) {
  std::int32_t led = 0;
  while (placed(c, 1)[directory].count(led) == 0 || c.value(row(led, "Leader")) != "1") REQUIRE(++led < 6);
  return led;
}

}  // namespace

TEST_CASE("R22: who waits at a replica whose directory fails is answered at once, and who asks for it hears KAFKA_STORAGE_ERROR") {
  Setup setup = jbod();
  setup.producers[0].spec.interval = 0;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  const TopicPartition tp{c.world.topic_id("orders"), led_in(c, 1)};
  const auto waiting = [&] {
    std::size_t fetches = 0;
    for (const ParkedFetch& parked : c.world.find_broker(1)->fetches)
      for (const FetchPartition& each : parked.fetch.partitions) fetches += each.tp == tp;
    return fetches;
  };
  c.act(FailDirectory{"broker 1", 1});
  std::size_t before = 0;
  while (!c.happened("directory_failed")) {
    before = waiting();
    c.run_for(100 * kMicrosecond);
    REQUIRE(c.now() < 21 * kSecond);
  }
  CHECK(before == 2);
  CHECK(waiting() == 0);
  FetchRequest request;
  request.max_bytes = request.partition_max_bytes = 1 << 20;
  request.partitions.emplace_back();
  request.partitions.back().tp = tp;
  CHECK(ask<FetchResponse>(c, 1, request).partitions.at(0).error == ErrorCode::kafka_storage_error);
}

// The records are written and wait for the followers; then the directory fails.
TEST_CASE("R22: what was written and is not confirmed yet fails with KAFKA_STORAGE_ERROR, and is sent to the next leader") {
  Setup setup = jbod();
  setup.config.replica_lag_time_max = 30 * kSecond;
  setup.producers[0].spec.interval = 0;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  const std::int32_t led = led_in(c, 1);
  c.act(Send{"shop", "", "", led, 1});
  c.run_for(kSecond);
  for (const char* each : {"broker 2", "broker 3"}) c.cut("broker 1", each);
  c.run_for(10 * kMillisecond);
  const Time sent = c.now();
  c.act(Send{"shop", "", "", led, 1});
  c.run_for(200 * kMillisecond);
  const Cluster::Where where{{"topic", "orders"}, {"partition", std::to_string(led)}};
  REQUIRE(c.happened("batch_appended", where, sent));
  REQUIRE_FALSE(c.happened("records_acked", where, sent));
  c.act(DeleteRecords{"orders", led, 1});
  c.run_for(100 * kMillisecond);
  REQUIRE(c.world.find_broker(1)->deletes.size() == 1);
  c.act(FailDirectory{"broker 1", 1});
  const Time failed = c.until("directory_failed", {{"broker", "1"}}, 6 * kSecond);
  c.run_for(100 * kMillisecond);
  Cluster::Where retried = where;
  retried.push_back({"error", "KAFKA_STORAGE_ERROR"});
  CHECK(c.happened("produce_retried", retried, failed));
  CHECK(c.world.find_broker(1)->deletes.empty());
  c.run_for(10 * kSecond);
  CHECK(c.happened("records_acked", where, failed));
  CHECK_FALSE(c.happened("records_failed"));
}

TEST_CASE("R22: a broken directory is noticed without a write, by the next checkpoint or at the start") {
  Setup setup = jbod();
  setup.producers[0].spec.interval = 0;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.act(FailDirectory{"broker 1", 1});
  c.until("directory_failed", {{"broker", "1"}, {"directory", "1"}}, 5 * kSecond);
  c.crash("broker 2");
  c.act(FailDirectory{"broker 2", 1});
  c.run_for(12 * kSecond);
  c.start("broker 2");
  const Time started = c.now();
  CHECK(c.until("directory_failed", {{"broker", "2"}, {"directory", "1"}}, kSecond) == started);
  c.run_for(2 * kSecond);  // it has said so when it registered
  for (const Controller& each : c.world.controllers) CHECK(each.image.broker(2)->offline == DirectorySet{1} << 1);
}

TEST_CASE("R22: with a directory that has failed a broker registers, and what lies there never leads") {
  Setup setup = jbod();
  for (const char* each : {"mails", "notes"}) setup.topics.push_back(topic(each, {2}));  // one in each
  Cluster c(setup);
  c.run_to(15 * kSecond);
  const bool mails = c.world.find_broker(2)->replica({c.world.topic_id("mails"), 0})->directory == 1;
  const std::string lost = mails ? "mails" : "notes", kept = mails ? "notes" : "mails";
  c.crash("broker 2");
  c.run_for(12 * kSecond);
  c.act(FailDirectory{"broker 2", 1});
  c.start("broker 2");
  const Time started = c.now();
  c.run_for(10 * kSecond);
  CHECK(c.happened("leader_elected", {{"topic", kept}, {"leader", "2"}}, started));
  CHECK_FALSE(c.happened("leader_elected", {{"topic", lost}, {"leader", "2"}}, started));
}

TEST_CASE("R22: who has not been told where a replica is hears of it late, and takes it out of the ISR then") {
  Setup setup = jbod();
  setup.controllers = 1;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.act(CreateTopic{"mails", 6, 3});
  // The broker's message is lost; it is sent again when the request has timed out.
  while (impossible(c.world, DropMessage{"broker 1", "Q1", "AssignReplicasToDirs"}) != "" ||
         pointless(c.world, DropMessage{"broker 1", "Q1", "AssignReplicasToDirs"}) != "")
    c.run_for(20 * kMicrosecond), REQUIRE(c.now() < 16 * kSecond);
  c.act(DropMessage{"broker 1", "Q1", "AssignReplicasToDirs"});
  c.run_for(kSecond);
  std::set<std::int32_t> late;
  for (const Replica& each : c.world.find_broker(1)->replicas)
    if (c.world.fabric.names[each.tp.topic] == "mails" && each.directory == 1) late.insert(each.tp.partition);
  REQUIRE(late.size() == 3);
  c.act(FailDirectory{"broker 1", 1});
  c.until("directories_offline", {{"broker", "1"}}, 6 * kSecond);
  c.run_for(kMinute);
  for (const std::int32_t each : late) {
    CAPTURE(each);
    CHECK(c.value("topics/mails/" + std::to_string(each) + "/Leader") != "1");
    CHECK(c.value("topics/mails/" + std::to_string(each) + "/Isr").find('1') == std::string::npos);
    for (const Controller& controller : c.world.controllers)
      CHECK(controller.image.directory({c.world.topic_id("mails"), each}, 1) == 1);
  }
}

TEST_CASE("R22: what is placed while the controller is being told of other replicas is told afterwards") {
  Setup setup = jbod();
  setup.controllers = 1;
  setup.producers[0].spec.interval = 0;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.act(Slow{"broker 1", {50 * kMillisecond}, 0});
  for (const char* each : {"mails", "notes", "pages"}) c.act(CreateTopic{each, 6, 3});
  const Broker& broker = *c.world.find_broker(1);
  std::size_t told = 0;
  bool meanwhile = false;
  for (int i = 0; i < 2000; ++i) {
    c.run_for(5 * kMillisecond);
    if (!broker.placing) told = 0;
    else if (told == 0) told = broker.unplaced.size();
    else meanwhile |= broker.unplaced.size() > told;
  }
  REQUIRE(meanwhile);
  CHECK(broker.unplaced.empty());
  for (const Replica& each : broker.replicas) {
    const std::string& name = c.world.fabric.names[each.tp.topic];
    if (name != "orders" && name != kOffsetsTopic) CHECK(c.world.controllers[0].image.directory(each.tp, 1) == each.directory);
  }
}

TEST_CASE("R22: a directory that fails while a heartbeat is under way is told of with the next one, at once") {
  Setup setup = jbod();
  setup.controllers = 1;
  Cluster c(setup);
  c.run_to(15 * kSecond);
  c.act(Slow{"Q1", {50 * kMillisecond}, 0});
  while (!c.world.find_broker(1)->heartbeat_in_flight) c.run_for(kMillisecond), REQUIRE(c.now() < 18 * kSecond);
  c.act(FailDirectory{"broker 1", 1});
  const Time failed = c.until("directory_failed", {{"broker", "1"}}, kSecond);
  REQUIRE(c.world.find_broker(1)->heartbeat_in_flight);
  CHECK(c.until("directories_offline", {{"broker", "1"}}, 5 * kSecond) - failed < kSecond);  // the next one would be in two seconds
}

// F24. One broker, one directory, batches of 169 bytes.
TEST_CASE("R22: a directory takes what just fits, and what waits for its removal takes room") {
  constexpr std::int64_t kBytes = 61 + 8 + 100;
  struct Case {
    bool deletes_segments, deletes_topic, later;
    Offset taken;
  };
  for (const Case& each : {Case{false, false, false, 2}, Case{true, false, false, 2}, Case{false, true, false, 2},
                           Case{true, false, true, 5}, Case{false, true, true, 5}}) {
    CAPTURE(each.deletes_segments);
    CAPTURE(each.deletes_topic);
    CAPTURE(each.later);
    Setup setup;
    setup.brokers = setup.controllers = 1;
    setup.topics = {topic("orders", {1}), topic("mails", {1})};
    setup.topics[1].config.segment_bytes = 2 * kBytes;
    if (each.deletes_segments) setup.topics[1].config.retention_bytes = 0;
    setup.producers = {producer("shop", "orders"), producer("post", "mails")};
    for (ProducerSetup& one : setup.producers) one.spec.config.linger = 0;
    Cluster c(setup);
    c.run_to(5 * kSecond);
    for (int i = 0; i < 9; ++i) c.act(Send{"post", "", "", -1, 1}), c.run_for(100 * kMillisecond);
    c.act(FillDisk{"broker 1", 0, 2 * kBytes});
    if (each.deletes_topic) c.act(DeleteTopic{"mails"});
    c.run_to(each.later ? 2 * kMinute : 32 * kSecond);
    if (each.deletes_segments) REQUIRE(c.log(1, "mails").size_in_bytes() == 0);
    for (int i = 0; i < 5; ++i) c.act(Send{"shop", "", "", -1, 1}), c.run_for(100 * kMillisecond);
    CHECK(c.log(1, "orders").log_end_offset() == each.taken);
    CHECK(c.happened("directory_failed") == (each.taken < 5));
  }
}

TEST_CASE("L8, R22: what lies in a directory that has failed is not swept, and not cleaned") {
  for (const CleanupPolicy policy : {CleanupPolicy::deletes, CleanupPolicy::compacts_and_deletes}) {
    Setup setup = jbod();
    setup.config.retention_check_interval = 10 * kSecond;
    setup.topics[0].config.segment_bytes = 2000;
    setup.topics[0].config.retention_time = 5 * kSecond;
    setup.topics[0].config.cleanup_policy = policy;
    Cluster c(setup);
    c.run_to(20 * kSecond);
    const auto where = placed(c, 1);
    c.act(FailDirectory{"broker 1", 1});
    const Time failed = c.until("directory_failed", {{"broker", "1"}}, 6 * kSecond);
    c.run_for(kMinute);
    for (const auto& [directory, partitions] : where)
      for (const std::int32_t each : partitions) {
        CAPTURE(each);
        const Cluster::Where here{{"broker", "1"}, {"topic", "orders"}, {"partition", std::to_string(each)}};
        CHECK(c.happened("segment_deleted", here, failed) == (directory == 0));
        CHECK(c.happened("log_cleaned", here, failed) == (directory == 0 && policy != CleanupPolicy::deletes));
      }
  }
}

namespace {

// Disks break, fill up, stall and lie while brokers crash, lose power, and get new disks.
void rage_on_disks(std::uint64_t seed) {
  CAPTURE(seed);
  Setup setup = jbod(3);
  setup.seed = seed;
  setup.controllers = seed % 2 == 0 ? 1 : 3;
  if (seed % 3 != 0) REQUIRE(set_config(setup.topics[0].config, "flush.messages", std::to_string(seed % 3)) == "");
  setup.producers[0].spec.interval = 50 * kMillisecond;
  setup.consumers = {consumer("c1", "billing", "orders")};
  Cluster c(setup);
  std::uint64_t nth = 0;
  const auto pick = [&](std::uint64_t bound) { return below(draw(seed, Purpose::fuzz, 78, nth++), bound); };
  c.run_to(12 * kSecond);
  for (int round = 0; round < 30; ++round) {
    const std::string broker = "broker " + std::to_string(1 + pick(3));
    ActionBody body = Heal{};
    switch (pick(12)) {
      case 0: body = FailDirectory{broker, static_cast<std::int64_t>(pick(3))}; break;
      case 1: body = FillDisk{broker, static_cast<std::int64_t>(pick(3)), static_cast<std::int64_t>(pick(20'000))}; break;
      case 2: body = StallDisk{broker, {static_cast<Duration>(1 + pick(8)) * kSecond}}; break;
      case 3: body = LieAboutFlush{broker, pick(2) == 0}; break;
      case 4: body = Crash{broker, pick(2) == 0}; break;
      case 5: body = TearTail{broker}; break;
      case 6:
      case 7: body = Start{broker}; break;
      case 8: body = WipeDisk{broker}; break;
      case 9: body = CopyDisk{broker}; break;
      case 10: body = Stop{broker}; break;
      default: body = Pause{broker, {static_cast<Duration>(1 + pick(11)) * kSecond}}; break;
    }
    if (impossible(c.world, body) == "") c.act(body);
    c.run_for(static_cast<Duration>(pick(4000)) * kMillisecond);
  }
  CHECK(c.betrayals() == "");
}

}  // namespace

TEST_CASE("disks break, fill up, stall and lie while brokers crash: what is promised is kept") {
  const char* more = std::getenv("NUTSHELL_DISK_STORMS");
  const std::uint64_t storms = more ? std::strtoull(more, nullptr, 10) : 30;
  for (std::uint64_t seed = 1; seed <= storms; ++seed) rage_on_disks(seed);
}

// 78: a group had committed what a disk took. 251: at the end a leader of old is back, has lost what others hold, and does not lead.
// 1782: a replica lost all, was the last of the ISR while it was down, and led when others had led meanwhile.
TEST_CASE("storms over disks in which the judge went astray") {
  for (const std::uint64_t seed : {78, 251, 1782}) rage_on_disks(seed);
}

}  // namespace nutshell

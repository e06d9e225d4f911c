// Snapshots of the metadata log (K7): when they are written, what goes then, and who has to fetch one.
#include <doctest/doctest.h>

#include "sim/cluster/describe_tables.h"
#include "tests/cluster/storm.h"

namespace nutshell {
namespace {

constexpr std::int64_t kEvery = 10;  // records between snapshots

// Three voters and brokers; a snapshot after ten records, and none is kept beside the latest.
Setup snapshot_setup() {
  Setup setup;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.config.metadata_bytes_between_snapshots = kEvery * kMetadataRecordBytes;
  setup.config.metadata_retention_bytes = 0;
  return setup;
}

const Controller& active(const Cluster& c) {
  const Controller* found = quorum_leader(c.world);
  REQUIRE(found);
  return *found;
}

const Raft& voter(const Cluster& c, const std::string& name) {
  for (const Controller& each : c.world.controllers)
    if (c.world.fabric.nodes[static_cast<std::size_t>(each.node)].name == name) return each.raft;
  FAIL("no such voter");
  return c.world.controllers.front().raft;
}

const Broker& broker(const Cluster& c, BrokerId id) { return *c.world.find_broker(id); }

// A topic of that many partitions, on all brokers.
void create(Cluster& c, const std::string& name, std::int64_t partitions) {
  c.act(CreateTopic{name, partitions, 3});
  c.until("topic_created", {{"topic", name}});
  c.run_for(kSecond);
}

// What the latest snapshot and the log behind it say, up to the high watermark.
std::uint64_t state_of(const Raft& raft) {
  MetadataImage image;
  if (!raft.snapshots.empty()) image = raft.snapshots.back().image;
  while (image.end_offset() < raft.high_watermark)
    image.apply(image.end_offset(), raft.log[static_cast<std::size_t>(image.end_offset())].record);
  return digest_of(image);
}

// Everybody has applied all there is: by snapshots and logs it is what all records, one after the other, have said to the judge.
void check_states(const Cluster& c) {
  const MetadataImage& truth = c.judge.ledger().image;
  const auto check = [&](NodeId node, const Raft& raft, const MetadataImage& image) {
    CAPTURE(c.world.fabric.nodes[static_cast<std::size_t>(node)].name);
    CHECK(raft.high_watermark == truth.end_offset());
    CHECK(state_of(raft) == digest_of(truth));
    CHECK(digest_of(image) == digest_of(truth));
  };
  for (const Controller& each : c.world.controllers) check(each.node, each.raft, each.image);
  for (const Broker& each : c.world.brokers) check(each.node, each.raft, each.image);
}

}  // namespace

TEST_CASE("a snapshot is written once so many bytes of metadata are applied, by each process for itself (K7)") {
  Setup setup = snapshot_setup();
  setup.config.metadata_retention_bytes = -1;
  Cluster c(setup);
  c.run_to(8 * kSecond);
  for (int i = 0; i < 8; ++i) create(c, "t" + std::to_string(i), 4);
  for (const Controller& each : c.world.controllers) {
    const std::vector<MetadataSnapshot>& written = each.raft.snapshots;
    REQUIRE(written.size() >= 3);
    for (std::size_t i = 1; i < written.size(); ++i) CHECK(written[i].end_offset() - written[i - 1].end_offset() >= kEvery);
    CHECK(each.raft.end_offset() - written.back().end_offset() < kEvery);
    CHECK(c.count("metadata_snapshot_taken", {{"node", c.world.fabric.nodes[static_cast<std::size_t>(each.node)].name}}) == written.size());
    CHECK(each.raft.start_offset() == 0);  // nothing has to go
  }
  for (const Broker& each : c.world.brokers) CHECK(each.raft.snapshots.size() >= 3);
  check_states(c);
  CHECK(c.betrayals() == "");
}

TEST_CASE("a snapshot is due after an interval, with the next that is applied (K7)") {
  Setup setup = snapshot_setup();
  setup.config.metadata_bytes_between_snapshots = 20 << 20;
  setup.config.metadata_snapshot_interval = 20 * kSecond;
  Cluster c(setup);
  c.run_to(35 * kSecond);
  CHECK(!c.happened("metadata_snapshot_taken"));  // nothing was committed since
  create(c, "late", 1);
  CHECK(c.count("metadata_snapshot_taken") == 6);  // three voters and three brokers
  const Time first = c.times("metadata_snapshot_taken").front();
  CHECK(first >= 35 * kSecond);
  create(c, "later", 1);
  CHECK(c.count("metadata_snapshot_taken") == 6);  // too soon
}

TEST_CASE("old snapshots go every minute, and the log below the next one (K7)") {
  for (const bool by_age : {false, true}) {
    CAPTURE(by_age);
    Setup setup = snapshot_setup();
    if (by_age) {
      setup.config.metadata_retention_bytes = -1;
      setup.config.metadata_retention = 30 * kSecond;
    }
    Cluster c(setup);
    c.run_to(8 * kSecond);
    for (int i = 0; i < 5; ++i) create(c, "t" + std::to_string(i), 4);
    const Offset latest = active(c).raft.snapshots.back().end_offset();
    CHECK(active(c).raft.start_offset() == 0);
    c.run_for(70 * kSecond);
    for (const Controller& each : c.world.controllers) {
      CHECK(each.raft.start_offset() == latest);
      REQUIRE(each.raft.snapshots.size() == 1);
      CHECK(each.raft.snapshots.front().end_offset() == latest);
      CHECK(!each.raft.log.holds(static_cast<std::size_t>(latest) - 1));
    }
    CHECK(c.happened("metadata_log_start_raised", {{"to", std::to_string(latest)}}));
    check_states(c);
    CHECK(c.betrayals() == "");
  }
}

TEST_CASE("the latest snapshot stays however old and large it is (K7)") {
  Setup setup = snapshot_setup();
  setup.config.metadata_retention = 0;
  Cluster c(setup);
  c.run_to(8 * kSecond);
  for (int i = 0; i < 5; ++i) create(c, "t" + std::to_string(i), 4);
  c.run_for(5 * kMinute);
  for (const Controller& each : c.world.controllers) CHECK(each.raft.snapshots.size() == 1);
}

TEST_CASE("a broker that was dead for long fetches a snapshot, and serves again (K7)") {
  Cluster c(snapshot_setup());
  c.run_to(8 * kSecond);
  create(c, "old", 3);
  c.crash("broker 3");
  c.run_for(12 * kSecond);
  c.act(DeleteTopic{"old"});
  for (int i = 0; i < 5; ++i) {
    c.act(CreateTopic{"t" + std::to_string(i), 4, 2});
    c.run_for(kSecond);
  }
  c.run_for(2 * kMinute);
  const Offset had = broker(c, BrokerId(3)).raft.end_offset();
  REQUIRE(had < active(c).raft.start_offset());
  c.start("broker 3");
  c.until("metadata_snapshot_fetched", {{"node", "broker 3"}, {"from", std::to_string(had)}});
  c.until_value("topics/orders/0/Isr", "1,2,3", 20 * kSecond);
  c.run_for(5 * kSecond);
  check_states(c);
  CHECK(!broker(c, BrokerId(3)).replica({c.world.topic_id("old"), 0}));
  CHECK(c.betrayals() == "");
}

// It lives on, so it has to see what a snapshot changes: there are no records to tell it.
TEST_CASE("a broker that was cut off for long acts on what a snapshot changes (K7)") {
  Setup setup = snapshot_setup();
  setup.topics.push_back(topic("old", {3, 1}));
  setup.topics.push_back(topic("again", {3, 1}));
  Cluster c(setup);
  c.run_to(8 * kSecond);
  for (const char* each : {"Q1", "Q2", "Q3"}) c.cut("broker 3", each);
  c.run_for(12 * kSecond);
  c.act(DeleteTopic{"old"});
  c.act(DeleteTopic{"again"});
  c.run_for(2 * kSecond);
  c.act(CreateTopic{"again", 2, 3});
  c.run_for(2 * kSecond);
  for (int i = 0; i < 5; ++i) {
    c.act(CreateTopic{"t" + std::to_string(i), 4, 2});
    c.run_for(kSecond);
  }
  c.run_for(2 * kMinute);
  REQUIRE(broker(c, BrokerId(3)).raft.end_offset() < active(c).raft.start_offset());
  c.heal();
  c.until("metadata_snapshot_fetched", {{"node", "broker 3"}});
  c.until_value("topics/orders/0/Isr", "1,2,3", 20 * kSecond);
  c.run_for(5 * kSecond);
  check_states(c);
  const Broker& back = broker(c, BrokerId(3));
  CHECK(!back.replica({c.world.topic_id("old"), 0}));
  for (std::int32_t partition : {0, 1}) {
    const Replica* again = back.replica({c.world.topic_id("again"), partition});
    REQUIRE(again);
    CHECK(again->incarnation == 1);
  }
  CHECK(c.betrayals() == "");
}

TEST_CASE("a voter that was away for long fetches a snapshot, and can lead with it (K7, K2)") {
  Cluster c(snapshot_setup());
  c.run_to(8 * kSecond);
  c.crash("Q3");
  for (int i = 0; i < 5; ++i) create(c, "t" + std::to_string(i), 4);
  c.run_for(2 * kMinute);
  c.start("Q3");
  c.until("metadata_snapshot_fetched", {{"node", "Q3"}});
  c.run_for(5 * kSecond);
  const Raft& back = voter(c, "Q3");
  CHECK(back.start_offset() == back.snapshots.back().end_offset());
  check_states(c);
  // Until it is the one that leads.
  while (active(c).raft.node != back.node) {
    const std::string leads = c.world.fabric.nodes[static_cast<std::size_t>(active(c).raft.node)].name;
    c.crash(leads);
    c.until("controller_activated");
    c.start(leads);
    c.run_for(10 * kSecond);
  }
  create(c, "under-Q3", 3);
  CHECK(c.value("topics/under-Q3/2/Isr") != "none");
  check_states(c);
  CHECK(c.betrayals() == "");
}

// 120,000 partitions are 9.6 MB.
TEST_CASE("a snapshot that is larger than an answer comes in pieces (K7)") {
  Setup setup = snapshot_setup();
  setup.controllers = 1;
  setup.brokers = 2;
  setup.topics = {topic("orders", {1})};
  World world = make_world(setup);
  std::vector<Fact> facts;
  const auto run_to = [&](Time time) {
    while (next_event_time(world) <= time) step(world, facts);
  };
  run_to(8 * kSecond);
  apply(world, {8 * kSecond, Crash{"broker 2"}}, facts);
  run_to(20 * kSecond);
  apply(world, {20 * kSecond, AddPartitions{"orders", 60'000}}, facts);
  run_to(40 * kSecond);
  apply(world, {40 * kSecond, CreateTopic{"mails", 60'000, 1}}, facts);
  run_to(3 * kMinute);
  const Raft& leader = world.controllers[0].raft;
  REQUIRE(leader.start_offset() > 120'000);
  apply(world, {3 * kMinute, Start{"broker 2"}}, facts);
  facts.clear();
  const std::uint64_t before = world.brokers[1].raft.fetches;
  while (world.brokers[1].raft.snapshots.empty() || world.brokers[1].raft.start_offset() < 120'000) {
    REQUIRE(next_event_time(world) < 4 * kMinute);
    step(world, facts);
  }
  CHECK(world.brokers[1].raft.fetches - before >= 3);  // of the log, and two pieces
  run_to(4 * kMinute);
  CHECK(digest_of(world.brokers[1].image) == digest_of(world.controllers[0].image));
}

TEST_CASE("in storms, a state built from snapshot and log is the state that all records built (K7)") {
  std::size_t fetched = 0, cut = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Setup setup = storm_setup(seed, false);
    setup.config.metadata_bytes_between_snapshots = static_cast<std::int64_t>(1 + seed % 4) * 5 * kMetadataRecordBytes;
    setup.config.metadata_retention_bytes = seed % 3 == 0 ? -1 : 0;
    setup.config.metadata_retention = seed % 3 == 0 ? 20 * kSecond : 7 * 24 * kHour;
    Storm storm(setup, seed, false);
    storm.run_to(8 * kSecond);
    for (int blow = 0; blow < 200; ++blow) {
      storm.strike();
      storm.run_for(storm.dice.span(storm.dice.one_in(4) ? 12 * kSecond : 2 * kSecond).ns);
    }
    for (const Node& each : storm.world.fabric.nodes) {
      if (each.status == NodeStatus::paused) storm.resume(each.name);
      const bool server = each.kind == NodeKind::broker || each.kind == NodeKind::controller;
      if (server && each.status == NodeStatus::down) storm.start(each.name);
    }
    storm.heal();
    storm.run_for(3 * kMinute);
    CHECK(storm.betrayals() == "");
    fetched += storm.count("metadata_snapshot_fetched");
    cut += storm.count("metadata_log_start_raised");
    const MetadataImage& truth = storm.judge.ledger().image;
    for (const Controller& each : storm.world.controllers)
      if (each.raft.high_watermark == truth.end_offset()) CHECK(state_of(each.raft) == digest_of(truth));
    for (const Broker& each : storm.world.brokers)
      if (each.raft.high_watermark == truth.end_offset()) CHECK(state_of(each.raft) == digest_of(truth));
  }
  CHECK(cut > 20);
  CHECK(fetched > 5);
}

}  // namespace nutshell

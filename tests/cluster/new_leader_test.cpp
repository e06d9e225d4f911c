// Fetch names the leader to whoever asks the wrong broker, and the reader goes there at once (KIP-951, C5).
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

// Broker 2 leads orders while broker 1, the preferred leader, is back and in sync; c1 reads, from broker 2.
struct Preferred : Cluster {
  static Setup setup() {
    Setup setup;
    setup.controllers = 1;
    setup.config.auto_leader_rebalance_enable = false;
    setup.config.offsets_topic_num_partitions = 1;
    setup.topics = {topic("orders", {1, 2, 3})};
    setup.producers = {producer("shop", "orders", 10 * kMillisecond)};
    setup.consumers = {consumer("c1", "cooks", "orders")};
    return setup;
  }
  Preferred() : Cluster(setup()) {
    run_to(8 * kSecond);
    stop("broker 1");
    until("leader_took_office", {{"topic", "orders"}, {"broker", "2"}});
    run_for(5 * kSecond);
    start("broker 1");
    until("isr_expanded", {{"topic", "orders"}, {"broker", "1"}});
    run_for(5 * kSecond);
    REQUIRE(reader().owned.size() == 1);
    REQUIRE(reader().owned[0].leader == world.find_broker(2)->node);
  }
  Consumer& reader() { return world.consumers[0]; }
  const OwnedPartition& read() { return reader().owned[0]; }
  // Broker 1 leads again, and broker 2 knows. Gives the time.
  Time move_back() {
    act(ElectLeader{"orders", 0, false});
    return until("follower_started", {{"topic", "orders"}, {"broker", "2"}});
  }
  // Runs in small steps until the reader knows of broker 1, for so long at most. True if it does.
  bool knows_within(Duration limit) {
    const Time end = now() + limit;
    while (read().leader != world.find_broker(1)->node && now() < end) run_for(10 * kMicrosecond);
    return read().leader == world.find_broker(1)->node;
  }
};

}  // namespace

TEST_CASE("a reader is told of the new leader by the old one, validates its position there, and reads on") {
  Preferred c;
  const Time moved = c.move_back();
  REQUIRE(c.knows_within(5 * kMillisecond));
  CHECK(c.reader().metadata.updated_at < moved);  // nobody else has told it
  CHECK(c.read().position_state == PositionState::asks_validation);
  c.run_for(kMillisecond);
  CHECK(c.read().position_state == PositionState::known);
  // Kafka asks for metadata all the same.
  c.run_for(2 * kSecond);
  CHECK(c.reader().metadata.updated_at > moved);
  CHECK(c.longest_pause("records_delivered", {{"consumer", "c1"}}, moved - 100 * kMillisecond) < 100 * kMillisecond);
  CHECK_FALSE(c.happened("position_set", {{"consumer", "c1"}}, moved - kSecond));
  CHECK(c.betrayals() == "");
}

TEST_CASE("a leader that is named with an epoch that the reader knows already, or an older one, counts for nothing") {
  for (const Epoch ahead : {1, 2}) {
    CAPTURE(ahead);
    Preferred c;
    for (PartitionMetadata& each : c.reader().metadata.partitions) each.leader_epoch += ahead;
    const Time moved = c.move_back();
    // Metadata of the same epoch is believed, and older metadata is not.
    CHECK(c.knows_within(50 * kMillisecond) == (ahead == 1));
    CHECK(c.reader().metadata.updated_at > moved);
    CHECK(c.read().retry_at > moved + 50 * kMillisecond);  // retry.backoff.ms after it was refused
  }
}

TEST_CASE("the leader is named with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH only") {
  Preferred c;
  c.move_back();
  c.run_for(10 * kMillisecond);
  const TopicPartition orders{c.world.topic_id("orders"), 0};
  const Epoch epoch = c.world.find_broker(1)->replica(orders)->leader_epoch;
  const NodeId admin = c.world.admin.node;
  // What the broker says of orders-0 when it is asked for it in this leader epoch, by a consumer or by a follower.
  const auto ask = [&](BrokerId broker, Epoch known, BrokerId follower = kNoBroker) {
    FetchRequest request;
    request.replica_id = follower;
    request.partitions.push_back({orders, 0, known, -1});
    std::vector<Fact> facts;
    Env env(c.world.fabric, c.world.commons, facts);
    env.request(admin, c.world.find_broker(broker)->node, Channel::data, std::move(request), kMinute);
    while (true) {
      for (std::size_t i = 0; i < c.world.fabric.messages.size(); ++i) {
        const Message& each = c.world.fabric.messages[i];
        if (each.connection < 0 || each.dropped || !each.response || each.to != admin) continue;
        const auto* fetched = each.body.get_if<FetchResponse>();
        if (fetched == nullptr) continue;
        drop_message(env, static_cast<std::int32_t>(i));
        return fetched->partitions.at(0);
      }
      step(c.world, facts);
    }
  };
  const auto named = [](const FetchedPartition& answer) { return std::pair{answer.current_leader, answer.current_leader_epoch}; };
  const FetchedPartition wrong = ask(2, epoch, 3), nearer = ask(2, epoch);
  const FetchedPartition fenced = ask(1, epoch - 1), unknown = ask(1, epoch + 1), right = ask(1, epoch);
  CHECK(wrong.error == ErrorCode::not_leader_or_follower);
  CHECK(named(wrong) == std::pair{BrokerId{1}, epoch});
  CHECK(nearer.error == ErrorCode::none);  // since KIP-392 followers serve consumers, whoever sent them there (R21)
  CHECK(fenced.error == ErrorCode::fenced_leader_epoch);
  CHECK(named(fenced) == std::pair{BrokerId{1}, epoch});
  CHECK(unknown.error == ErrorCode::unknown_leader_epoch);
  CHECK(named(unknown) == std::pair{kNoBroker, Epoch{-1}});
  CHECK(right.error == ErrorCode::none);
  CHECK(named(right) == std::pair{kNoBroker, Epoch{-1}});
}

}  // namespace nutshell

// Clusters with clients in which things fail at random: Kafka keeps its promises, and recovers.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sim/core/random.h"
#include "tests/check/judged_world.h"

namespace nutshell {
namespace {

const char* const kNodes[] = {"broker 1", "broker 2", "broker 3", "Q1", "Q2", "Q3", "c1", "c2", "p1"};
constexpr std::uint64_t kServers = 6;

class Chaos {
 public:
  Chaos(const Setup& setup, std::uint64_t seed) : run(setup), seed_(seed) {}

  JudgedWorld run;

  void one_thing() {
    const std::string node = kNodes[pick(std::size(kNodes))];
    const std::string server = kNodes[pick(kServers)];
    switch (pick(11)) {
      case 0: act_on(node, NodeStatus::running, Crash{node, false}); break;
      case 1: act_on(node, NodeStatus::running, Stop{node}); break;
      case 2: act_on(node, NodeStatus::running, Pause{node, Span{static_cast<Duration>(1 + pick(20)) * kSecond}}); break;
      case 3:
      case 4: act_on(node, NodeStatus::down, Start{node}); break;
      case 5:
      case 6:
        if (node != server) run.act(next_, Cut{node, server, pick(3) == 0});
        break;
      case 7:
      case 8: run.act(next_, Heal{"", ""}); break;
      default: start_all(); break;
    }
    wait(static_cast<Duration>(1 + pick(9000)) * kMillisecond);
  }
  // Everything is there again, once those that were about to stop have stopped.
  void end() {
    run.act(next_, Heal{"", ""});
    for (const char* voter : {"Q1", "Q2", "Q3"}) act_on(voter, NodeStatus::down, Start{voter});
    wait(kMinute);
    for (int i = 0; i < 40 && anybody_stops(); ++i) wait(10 * kSecond);
    start_all();
    wait(2 * kMinute);
  }
  void wait(Duration duration) {
    next_ += duration;
    run.run(next_ - 1);
  }

 private:
  std::uint64_t pick(std::uint64_t bound) { return below(draw(seed_, Purpose::fuzz, 9, nth_++), bound); }
  void act_on(const std::string& node, NodeStatus wanted, ActionBody body) {
    if (run.world.find_node(node)->status == wanted) run.act(next_, std::move(body));
  }
  void start_all() {
    for (const char* node : kNodes) act_on(node, NodeStatus::down, Start{node});
  }
  bool anybody_stops() const {
    const World& world = run.world;
    const auto closes = [](const auto& client) { return client.closing; };
    return std::any_of(world.brokers.begin(), world.brokers.end(),
                       [](const Broker& each) { return each.state == BrokerState::controlled_shutdown; }) ||
           std::any_of(world.consumers.begin(), world.consumers.end(), closes) ||
           std::any_of(world.producers.begin(), world.producers.end(), closes);
  }

  std::uint64_t seed_;
  std::uint64_t nth_ = 0;
  Time next_ = 10 * kSecond;
};

// Everybody is in sync, the group owns all partitions and keeps up, and the producer gets on.
void check_alive(Chaos& chaos) {
  JudgedWorld& run = chaos.run;
  std::size_t owned = 0;
  for (const Consumer& consumer : run.world.consumers) {
    owned += consumer.owned.size();
    for (const OwnedPartition& each : consumer.owned) CHECK(each.high_watermark - each.position <= 100);
  }
  CHECK(owned == 2);
  for (std::int32_t partition : {0, 1}) {
    const PartitionRegistration& state = run.registration(run.orders(partition));
    REQUIRE(state.leader != kNoBroker);
    CHECK(state.isr.size() == state.replicas.size());
  }
  const std::int64_t acked = run.world.producers[0].counters.acked;
  chaos.wait(10 * kSecond);
  CHECK(run.world.producers[0].counters.acked > acked);
}

}  // namespace

TEST_CASE("whatever fails, acks=all with idempotence keeps every promise, and the cluster recovers") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    CAPTURE(seed);
    Setup setup = small_setup();
    setup.seed = seed;
    setup.topics[0].replication_factor = seed % 2 == 0 ? 2 : 3;
    setup.config.min_insync_replicas = seed / 2 % 2 == 0 ? 1 : 2;
    setup.network.loss_ppm = seed % 3 == 0 ? 10'000 : 0;
    Chaos chaos(setup, seed);
    for (int round = 0; round < 40; ++round) chaos.one_thing();
    chaos.end();
    chaos.run.examine();
    INFO(chaos.run.all_breaches());
    CHECK(chaos.run.betrayed().empty());
    check_alive(chaos);
  }
}

}  // namespace nutshell

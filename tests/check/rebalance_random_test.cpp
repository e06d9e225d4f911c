// Groups of every kind whose members come, go, stall and die at random: no partition has two owners in one
// generation, nothing is skipped, and in the end the group is whole.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sim/core/random.h"
#include "tests/check/judged_world.h"

namespace nutshell {
namespace {

constexpr std::int32_t kPartitions = 5;
constexpr std::size_t kConsumers = 4;

std::string consumer_name(std::uint64_t index) { return "c" + std::to_string(index + 1); }

// Which assignors a member brings, by the kind of the group: all members share one at least.
AssignorList assignors_of(std::uint64_t kind, std::size_t member) {
  using A = AssignorName;
  switch (kind) {
    case 0: return A::cooperative_sticky;
    case 1: return A::sticky;
    case 2: return member % 2 == 0 ? AssignorList(A::cooperative_sticky) : AssignorList();  // an upgrade
    default: return member % 2 == 0 ? AssignorList({A::sticky, A::range}) : AssignorList({A::range, A::sticky});
  }
}

Setup group_of_kind(std::uint64_t seed) {
  Setup setup = small_setup();
  setup.seed = seed;
  setup.topics[0] = {"orders", kPartitions, 3, {}, {}};
  setup.consumers.resize(kConsumers, setup.consumers.front());
  for (std::size_t i = 0; i < kConsumers; ++i) {
    ConsumerSetup& each = setup.consumers[i];
    each.name = consumer_name(i);
    each.start = static_cast<Duration>(i * i) * kSecond;
    each.spec.config.assignors = assignors_of(seed % 4, i);
    each.spec.config.max_poll_interval = 20 * kSecond;
    each.spec.config.max_poll_records = 20;
    each.spec.processing = seed / 4 % 2 == 0 ? 0 : 5 * kMillisecond;
    each.spec.config.enable_auto_commit = seed / 8 % 2 == 0;
  }
  return setup;
}

class Unrest {
 public:
  explicit Unrest(std::uint64_t seed) : run(group_of_kind(seed)), seed_(seed) {}

  JudgedWorld run;

  void one_thing() {
    const std::string name = consumer_name(pick(kConsumers));
    const std::string broker = "broker " + std::to_string(1 + pick(3));
    switch (pick(10)) {
      case 0: act_on(name, NodeStatus::running, Crash{name, false}); break;
      case 1: act_on(name, NodeStatus::running, Stop{name}); break;
      case 2:
      case 3: act_on(name, NodeStatus::running, Pause{name, Span{static_cast<Duration>(1 + pick(60)) * kSecond}}); break;
      case 4:
      case 5:
      case 6: act_on(name, NodeStatus::down, Start{name}); break;
      case 7: act_on(broker, NodeStatus::running, Crash{broker, false}); break;
      default: act_on(broker, NodeStatus::down, Start{broker}); break;
    }
    wait(static_cast<Duration>(1 + pick(7000)) * kMillisecond);
  }
  void end() {
    for (int round = 0; round < 6; ++round) {
      for (BrokerId each = 1; each <= 3; ++each)
        act_on("broker " + std::to_string(each), NodeStatus::down, Start{"broker " + std::to_string(each)});
      for (std::size_t i = 0; i < kConsumers; ++i)
        act_on(consumer_name(i), NodeStatus::down, Start{consumer_name(i)});
      wait(kMinute);
    }
  }

 private:
  std::uint64_t pick(std::uint64_t bound) { return below(draw(seed_, Purpose::fuzz, 11, nth_++), bound); }
  void wait(Duration duration) {
    next_ += duration;
    run.run(next_ - 1);
  }
  void act_on(const std::string& node, NodeStatus wanted, ActionBody body) {
    if (run.world.find_node(node)->status == wanted) run.act(next_, std::move(body));
  }

  std::uint64_t seed_;
  std::uint64_t nth_ = 0;
  Time next_ = 10 * kSecond;
};

// Every partition has one owner, and the load is even.
void check_whole(const World& world) {
  std::vector<TopicPartition> owned;
  for (const Consumer& each : world.consumers) {
    CHECK(each.owned.size() >= kPartitions / kConsumers);
    CHECK(each.owned.size() <= kPartitions / kConsumers + 1);
    for (const OwnedPartition& partition : each.owned) {
      owned.push_back(partition.tp);
      CHECK(partition.high_watermark - partition.position <= 200);
    }
  }
  std::sort(owned.begin(), owned.end());
  CHECK(std::unique(owned.begin(), owned.end()) == owned.end());
  CHECK(owned.size() == kPartitions);
}

}  // namespace

TEST_CASE("whatever members do, a group keeps its promises under every assignor, and becomes whole again") {
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    CAPTURE(seed);
    Unrest unrest(seed);
    for (int round = 0; round < 50; ++round) unrest.one_thing();
    unrest.end();
    unrest.run.examine();
    INFO(unrest.run.all_breaches());
    CHECK(unrest.run.betrayed().empty());
    check_whole(unrest.run.world);
    CHECK(unrest.run.trials(PromiseId::one_owner_per_generation) > 100);
  }
}

}  // namespace nutshell

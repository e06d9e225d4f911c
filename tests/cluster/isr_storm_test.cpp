// Storms over one partition: its brokers restart, stand still and lose sight of each other and of the controller, all at
// once and each for a while of its own, so that ISR changes overtake each other. No promise that was given is broken; and
// the faults of old in ISR changes (R7, R8), put back, break one.
#include <string>
#include <vector>

#include "tests/cluster/storm.h"

namespace nutshell {
namespace {

Setup partition_under_fire(Dice dice, std::uint64_t seed) {
  Setup setup;
  setup.seed = seed;
  setup.controllers = 1;
  setup.network.latency = 1 * kMillisecond + dice.span(40 * kMillisecond).ns;
  setup.config.replica_fetch_wait_max = 100 * kMillisecond;
  setup.config.replica_fetch_backoff = 100 * kMillisecond;
  setup.config.replica_lag_time_max = 500 * kMillisecond + dice.span(kSecond).ns;
  setup.config.request_timeout = 500 * kMillisecond + dice.span(2 * kSecond).ns;
  setup.config.broker_session_timeout = 9 * kSecond;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.config.min_insync_replicas = 2;
  setup.producers = {producer("p1", "orders", 50 * kMillisecond), producer("p2", "orders", 70 * kMillisecond)};
  return setup;
}

class IsrStorm : public Cluster {
 public:
  explicit IsrStorm(std::uint64_t seed) : Cluster(partition_under_fire(Dice(~seed), seed)), dice_(seed) {}

  // Until then, or until a promise is broken; true if one is.
  bool rage_until(Time end) {
    run_to(4 * kSecond);
    while (now() < end && !betrayed()) {
      const Time next = now() + dice_.span(1200 * kMillisecond).ns + kMillisecond;
      end_faults(next);
      watch(next);
      begin_fault();
    }
    return betrayed();
  }

 private:
  struct Ending {
    Time at;
    ActionBody body;
  };

  bool betrayed() const {
    for (const Breach& each : judge.breaches())
      if (each.promised) return true;
    return false;
  }
  // Runs until then. Of the controller's decisions to let somebody into the ISR every other one does not reach the leader, who
  // then often loses sight of the newcomer as well.
  void watch(Time until) {
    while (next_event_time(world) <= until) {
      std::size_t seen = facts.size();
      run_to(next_event_time(world));
      for (; seen < facts.size(); ++seen)
        if (const auto* grown = facts[seen].body.as<IsrExpanded>(); grown && dice_.one_in(2)) disturb(grown->broker);
    }
    run_to(until);
  }
  void disturb(BrokerId newcomer) {
    const std::string leader = "broker " + value("topics/orders/0/Leader"), other = "broker " + std::to_string(newcomer);
    if (!world.find_node(leader) || leader == other) return;
    fault(Cut{"Q1", leader, true}, Heal{"Q1", leader}, 500 * kMillisecond, 4 * kSecond);
    if (!dice_.one_in(3)) fault(Cut{leader, other, false}, Heal{leader, other}, 500 * kMillisecond, 4 * kSecond);
  }
  std::string broker() { return "broker " + std::to_string(1 + dice_.pick(3)); }

  void end_faults(Time until) {
    while (!endings_.empty()) {
      std::size_t first = 0;
      for (std::size_t i = 1; i < endings_.size(); ++i)
        if (endings_[i].at < endings_[first].at) first = i;
      if (endings_[first].at > until) return;
      const Ending ending = endings_[first];
      endings_.erase(endings_.begin() + static_cast<std::ptrdiff_t>(first));
      run_to(ending.at);
      act(ending.body);
    }
  }
  void fault(const ActionBody& begin, const ActionBody& end, Duration least, Duration most) {
    act(begin);
    endings_.push_back({now() + least + dice_.span(most).ns, end});
  }
  void begin_fault() {
    const std::string one = broker(), other = broker();
    switch (dice_.pick(9)) {
      case 0:
      case 1:
      case 2:
      case 3: return fault(Cut{"Q1", one, true}, Heal{"Q1", one}, 500 * kMillisecond, 4 * kSecond);
      case 4:
      case 5:
        if (one != other) fault(Cut{one, other, false}, Heal{one, other}, 100 * kMillisecond, 4 * kSecond);
        return;
      case 6: return fault(Stop{one}, Start{one}, 500 * kMillisecond, 2 * kSecond);
      case 7: return act(SetConfig{"brokers", "min.insync.replicas", std::to_string(1 + dice_.pick(3))});
      default: return fault(Pause{one, {}}, Resume{one}, 50 * kMillisecond, 2 * kSecond);
    }
  }

  Dice dice_;
  std::vector<Ending> endings_;
};

constexpr std::uint64_t kStorms = 60;
constexpr std::uint64_t kMostToFind = 100;

}  // namespace

TEST_CASE("however ISR changes overtake each other, what is confirmed is on every member of the ISR") {
  for (std::uint64_t seed = 1; seed <= kStorms; ++seed) {
    CAPTURE(seed);
    IsrStorm storm(seed);
    storm.rage_until(kMinute);
    CHECK(storm.betrayals() == "");
  }
}

TEST_CASE("faults of old in ISR changes, put back, are found within some of these storms") {
  const auto storms_to_find = [](Mutant mutant) {
    for (std::uint64_t seed = 1; seed <= kMostToFind; ++seed) {
      IsrStorm storm(seed);
      storm.world.commons.mutant = mutant;
      if (storm.rage_until(kMinute)) return seed;
    }
    return std::uint64_t{0};
  };
  const std::uint64_t given_up = storms_to_find(Mutant::isr_given_up_when_refused);
  const std::uint64_t eligible = storms_to_find(Mutant::eligible_by_any_epoch);
  const std::uint64_t remembered = storms_to_find(Mutant::min_isr_remembered);
  MESSAGE("R7, the pending ISR is given up on every refusal: found after storms: " << given_up);
  MESSAGE("R8, who has restarted counts before it has fetched: found after storms: " << eligible);
  MESSAGE("R8, min.insync.replicas of the brokers is remembered: found after storms: " << remembered);
  CHECK(given_up > 0);
  CHECK(eligible > 0);
  CHECK(remembered > 0);
}

}  // namespace nutshell

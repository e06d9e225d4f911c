// Unclean elections and losses of power at random, under readers: they are told of every record that they are given again
// or not at all. And a test of the test: consumers that do not validate their positions are found out.
//
// Of the environment, for hunting:
//   NUTSHELL_READING_SEEDS=1000  so many seeds
#include <doctest/doctest.h>

#include <cstdlib>

#include "sim/core/random.h"
#include "tests/check/judged_world.h"

namespace nutshell {
namespace {

// Three copies, no care for any of them, and a reader that sleeps now and then.
Setup careless(std::uint64_t seed) {
  Setup setup = small_setup();
  setup.seed = seed;
  setup.topics[0].partitions = 1;
  setup.topics[0].replication_factor = 3;
  setup.topics[0].config.unclean_leader_election_enable = 1;
  setup.config.offsets_topic_num_partitions = 1;
  setup.consumers[1].group = "h";
  return setup;
}

class Trouble {
 public:
  Trouble(std::uint64_t seed, Mutant mutant) : run(careless(seed)), seed_(seed) { run.world.commons.mutant = mutant; }

  JudgedWorld run;

  // Brokers die one after the other, the last one perhaps without its tail, and come back in any order.
  void round() {
    const std::uint64_t first = pick(3);
    for (std::uint64_t i = 0; i < 3; ++i) {
      at(Crash{broker((first + i) % 3), pick(4) == 0});
      wait(between(12 * kSecond));
      if (i == 1 && pick(2) == 0) at(Pause{pick(2) == 0 ? "c1" : "c2", Span{between(40 * kSecond)}});
    }
    const std::uint64_t back = pick(3);
    for (std::uint64_t i = 0; i < 3; ++i) {
      at(Start{broker((back + i) % 3)});
      wait(between(15 * kSecond));
    }
    wait(15 * kSecond);
  }

 private:
  std::uint64_t pick(std::uint64_t bound) { return below(draw(seed_, Purpose::fuzz, 9, nth_++), bound); }
  Duration between(Duration most) {
    return static_cast<Duration>(1 + pick(static_cast<std::uint64_t>(most / kMillisecond))) * kMillisecond;
  }
  static std::string broker(std::uint64_t index) { return "broker " + std::to_string(index + 1); }
  void at(ActionBody body) {
    next_ += 1;
    if (impossible(run.world, body).empty()) run.act(next_, std::move(body));
  }
  void wait(Duration duration) {
    next_ += duration;
    run.run(next_ - 1);
  }

  std::uint64_t seed_;
  std::uint64_t nth_ = 0;
  Time next_ = 15 * kSecond;
};

}  // namespace

TEST_CASE("whatever is lost, readers are told what they are given again and what not at all (G3)") {
  const char* many = std::getenv("NUTSHELL_READING_SEEDS");
  const std::uint64_t seeds = many ? std::strtoull(many, nullptr, 10) : 12;
  std::uint64_t moved = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    Trouble trouble(seed, Mutant::none);
    for (int round = 0; round < 3; ++round) trouble.round();
    INFO(trouble.run.all_breaches());
    CHECK(trouble.run.broken().count("reading_goes_on") == 0);
    moved += trouble.run.broken().count("repeatable_read");
  }
  CHECK(moved > 0);  // else nothing was lost under anybody
}

TEST_CASE("consumers that do not validate their positions break the promise of reading, within a few seeds") {
  std::uint64_t found = 0;
  std::uint64_t seed = 0;
  while (found == 0 && seed < 12) {
    Trouble trouble(++seed, Mutant::no_position_validation);
    for (int round = 0; round < 3; ++round) trouble.round();
    found += trouble.run.judge.betrayed(find_promise("reading_goes_on"));
  }
  CHECK(found == 1);
  MESSAGE("found with seed " << seed);
}

}  // namespace nutshell

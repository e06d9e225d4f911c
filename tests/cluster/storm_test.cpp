// Storms: whatever comes together, the program goes on, what is called pointless changes nothing, and no promise that was
// given is broken. And the faults of old, put back one by one, are found by them.
//
// Of the environment, for hunting:
//   NUTSHELL_STORM_SEED=7  begins with this storm
//   NUTSHELL_STORMS=1000   so many of them
#include <cstdlib>

#include "tests/cluster/storm.h"

namespace nutshell {
namespace {

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// Storms until the fault breaks a promise; 0: it never does.
std::uint64_t storms_to_find(Mutant mutant, std::uint64_t most) {
  for (std::uint64_t storms = 1; storms <= most; ++storms) {
    Storm storm(2 * storms - 1, false);
    storm.world.commons.mutant = mutant;
    storm.run_to(8 * kSecond);
    for (int blow = 0; blow < Storm::blows; ++blow) {
      storm.blow_once();
      for (const Breach& each : storm.judge.breaches())
        if (each.promised) return storms;
    }
  }
  return 0;
}

}  // namespace

TEST_CASE("whatever befalls a cluster, it goes on and keeps what it promised") {
  const std::uint64_t begin = number_of("NUTSHELL_STORM_SEED", 1);
  const std::uint64_t end = begin + number_of("NUTSHELL_STORMS", 150);
  for (std::uint64_t seed = begin; seed < end; ++seed) {
    CAPTURE(seed);
    const bool wild = seed % 2 == 0;
    Storm storm(seed, wild);
    storm.rage();
    if (!wild) CHECK(storm.betrayals() == "");
  }
}

TEST_CASE("whatever befalls a cluster whose producers change how often and how much they send, it keeps what it promised") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    Storm storm(seed, false);
    storm.draw_from_all();
    storm.rage();
    CHECK(storm.betrayals() == "");
  }
}

// 4821: a new owner that heard of an old leader from a broker that was behind read there, was out of range and began anew.
// 60533: a coordinator of old learned late that a commit of its was replicated, after one of the next generation.
TEST_CASE("storms in which readers went astray, or the judge") {
  for (const std::uint64_t seed : {4821, 60533}) {
    CAPTURE(seed);
    Storm storm(seed, false);
    storm.rage();
    CHECK(storm.betrayals() == "");
  }
}

TEST_CASE("a fault of old that is put back breaks a promise within some storms") {
  // Found after 363 of them when this was written; others are looked for in storms over one partition (isr_storm_test.cpp).
  const std::uint64_t eligible = storms_to_find(Mutant::eligible_by_any_epoch, number_of("NUTSHELL_STORMS", 500));
  MESSAGE("R8, who has restarted counts before it has fetched: found after storms: " << eligible);
  CHECK(eligible > 0);
}

}  // namespace nutshell

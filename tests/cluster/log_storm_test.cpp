// Storms over logs that let go of what they hold, by compaction and by retention, in small segments that are flushed.
//
// Of the environment, for hunting: NUTSHELL_STORM_SEED and NUTSHELL_STORMS, as in storm_test.cpp.
#include <cstdlib>

#include "tests/cluster/storm.h"

namespace nutshell {
namespace {

std::uint64_t asked_for(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

void rage_over_logs(std::uint64_t seed) {
  CAPTURE(seed);
  const bool wild = seed % 2 == 0;
  Storm storm(log_storm_setup(seed, wild), seed, wild);
  storm.rage();
  if (!wild) CHECK(storm.betrayals() == "");
}

}  // namespace

TEST_CASE("whatever befalls logs that are compacted, deleted and flushed, what was promised is kept") {
  const std::uint64_t begin = asked_for("NUTSHELL_STORM_SEED", 1);
  const std::uint64_t end = begin + asked_for("NUTSHELL_STORMS", 20);
  for (std::uint64_t seed = begin; seed < end; ++seed) rage_over_logs(seed);
}

// The leader's log begins where an epoch of it does not any more: followers cut where it begins, keep a record of their own below,
// which nobody reads, and have all that comes after (L20). The chains of such logs differ for ever, their records do not.
TEST_CASE("L20, L21: logs that parted below where the leader's begins agree above") { rage_over_logs(20111); }

// An answer came so late that a cleaner had been at the batch before its producer heard of it.
TEST_CASE("L16: what is acknowledged when it is cleaned already is known again") {
  for (const std::uint64_t seed : {30685, 30689}) rage_over_logs(seed);
}

// 46431: an application that works on records one by one and commits automatically was asked to stop with some in hand.
TEST_CASE("G29: a commit at close() goes no further than the record in hand, whoever commits") { rage_over_logs(46431); }

// 42315: a reader passed over a hole, committed that, and met a record that it could not read.
// 42825: what was a hole when it was read had been deleted when the answer, sent again by TCP, arrived.
// 41349 and 42351: of two tasks in a group the one that read failed on it, and let go of its partition in the same step.
TEST_CASE("storms in which the judge could not tell any more what was read, or by whom") {
  for (const std::uint64_t seed : {42315, 42825, 41349, 42351}) rage_over_logs(seed);
}

}  // namespace nutshell

// Keyed randomness: a draw is a function of (seed, purpose, entity, nth), never the next number of
// one stream. An extra message then does not reshuffle anyone else's luck.
//
// Never write two draws in one expression: the order of evaluation differs between compilers.
#pragma once

#include <cstdint>

#include "sim/core/digest.h"
#include "sim/core/types.h"

namespace nutshell {

// What a draw is for. Append only: the number is part of every digest.
enum class Purpose : std::uint8_t {
  latency, loss, duplicate, reorder, election_timeout, election_backoff, retry_jitter, sticky_partition,
  placement, member_id, workload, client_start, heartbeat_jitter, fuzz, reconnect,
};

constexpr std::uint64_t draw(std::uint64_t seed, Purpose purpose, std::uint64_t entity, std::uint64_t nth) {
  std::uint64_t x = avalanche(seed + 0x9e3779b97f4a7c15ull * (static_cast<std::uint64_t>(purpose) + 1));
  x = avalanche(x ^ (entity + 0x632be59bd9b4e019ull));
  return avalanche(x + 0x9e3779b97f4a7c15ull * (nth + 1));
}

// Uniform in [0, bound). REQUIRES bound > 0. The bias is below bound / 2^64.
constexpr std::uint64_t below(std::uint64_t random, std::uint64_t bound) {
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(random) * bound) >> 64);
}

// Uniform in [low, high]. REQUIRES low <= high.
constexpr std::int64_t between(std::uint64_t random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(below(random, static_cast<std::uint64_t>(high - low) + 1));
}

// True with probability parts_per_million / 1,000,000.
constexpr bool chance(std::uint64_t random, std::int64_t parts_per_million) {
  return static_cast<std::int64_t>(below(random, 1'000'000)) < parts_per_million;
}

// Exponential back-off with 20 % jitter (KIP-580): base x 2^failures, never above max.
Duration backoff(std::uint64_t random, Duration base, Duration max, std::int32_t failures);

// An exponentially distributed duration with the given mean, from an integer table.
Duration exponential(std::uint64_t random, Duration mean);

}  // namespace nutshell

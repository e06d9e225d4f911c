// Identifiers and time: the vocabulary that every module shares.
//
// Time is simulated time, a signed 64-bit count of nanoseconds since the start of the run.
// Nothing in the simulator reads a wall clock, and nothing decides by floating point
// (rules of determinism: only integers of fixed width decide).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace nutshell {

using Time = std::int64_t;      // ns since the start of the run
using Duration = std::int64_t;  // ns

inline constexpr Duration kMicrosecond = 1'000;
inline constexpr Duration kMillisecond = 1'000'000;
inline constexpr Duration kSecond = 1'000'000'000;
inline constexpr Duration kMinute = 60 * kSecond;
inline constexpr Duration kHour = 60 * kMinute;
inline constexpr Time kNever = std::numeric_limits<Time>::max();

// Number of a step: 0 is the first event or action of a run. "No step" is kNoStep.
using Step = std::uint64_t;
inline constexpr Step kNoStep = std::numeric_limits<Step>::max();

// Index into World::nodes; dense, in order of creation. -1 is "no node".
using NodeId = std::int32_t;
inline constexpr NodeId kNoNode = -1;

// Kafka's node.id of a broker, as printed in assignments. -1 is "none", as in Kafka's tools.
using BrokerId = std::int32_t;
inline constexpr BrokerId kNoBroker = -1;

using Offset = std::int64_t;
using Epoch = std::int32_t;

// A topic is known by its index in World::names; -1 is "no topic".
struct TopicPartition {
  std::int32_t topic = -1;
  std::int32_t partition = -1;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

}  // namespace nutshell

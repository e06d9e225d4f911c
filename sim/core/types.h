// Identifiers and time: the vocabulary that every module shares.
//
// Time is simulated time, a signed 64-bit count of nanoseconds since the start of the run.
// Nothing in the simulator reads a wall clock, and nothing decides by floating point
// (rules of determinism: only integers of fixed width decide).
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <type_traits>

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

// What a number names, or counts.
enum class Reference : std::uint8_t {
  node,     // NodeId
  broker,   // BrokerId
  topic,    // interned names
  group,
  name,     // of something else: a member id, an action, a reason
  message,  // MessageNumber
  promise,  // place in promises()
  duration  // ns
};

// A number with a meaning. Wherever a number is wanted it is one, and a number becomes one; but one never becomes, nor is
// compared with, one of another meaning.
template <Reference To, class Number>
struct Refers {
  static constexpr Reference to = To;
  static constexpr Number kNone = To < Reference::message ? Number(-1) : Number{};  // what names nothing
  Number number = kNone;
  constexpr Refers(Number value = kNone) : number(value) {}
  constexpr operator Number() const { return number; }
  constexpr Refers& operator++() {
    ++number;
    return *this;
  }
};
template <Reference A, class N, Reference B, class M>
  requires(A != B)
bool operator==(Refers<A, N>, Refers<B, M>) = delete;

template <class T>
concept IsReference = requires { requires std::is_same_v<decltype(T::to), const Reference>; };
template <class T, Reference To>
constexpr bool refers_to() {
  if constexpr (IsReference<T>) return T::to == To;
  else return false;
}

// Index into Fabric::nodes; dense, in order of creation. -1 is "no node".
using NodeId = Refers<Reference::node, std::int32_t>;
inline constexpr NodeId kNoNode = -1;

// Kafka's node.id of a broker, as printed in assignments. -1 is "none", as in Kafka's tools.
using BrokerId = Refers<Reference::broker, std::int32_t>;
inline constexpr BrokerId kNoBroker = -1;

// Indices into Fabric::names; -1 is "none".
using TopicId = Refers<Reference::topic, std::int32_t>;
using GroupId = Refers<Reference::group, std::int32_t>;
// The interned name of a rack, or of a zone; -1: none.
using RackId = Refers<Reference::name, std::int32_t>;

using Offset = std::int64_t;
using Epoch = std::int32_t;

struct TopicPartition {
  TopicId topic = -1;
  std::int32_t partition = -1;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

}  // namespace nutshell

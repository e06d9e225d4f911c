// The types of a fact's fields. A number in a fact names something, or counts: which, follows from its type, and so do its
// words in scenario files and events, and what the fact is about. For facts*.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/digest.h"
#include "sim/core/types.h"
#include "sim/kafka/error.h"

namespace nutshell {

enum class Reference : std::uint8_t {
  node,     // NodeId
  broker,   // BrokerId
  topic,    // interned names
  group,
  name,     // of something else: a member id, an action, a reason
  message,  // index in Body
  promise,  // place in promises()
  duration  // ns
};

// A number with a meaning; wherever a number is wanted, it is one.
template <Reference To, class Number>
struct Refers {
  static constexpr Reference to = To;
  Number number = 0;
  constexpr Refers(Number value = Number{}) : number(value) {}
  constexpr operator Number() const { return number; }
  void fold_into(std::uint64_t& digest) const { fold(digest, number); }
};

using NodeRef = Refers<Reference::node, NodeId>;
using BrokerRef = Refers<Reference::broker, BrokerId>;
using TopicRef = Refers<Reference::topic, std::int32_t>;
using GroupRef = Refers<Reference::group, std::int32_t>;
using NameRef = Refers<Reference::name, std::int32_t>;
using MessageRef = Refers<Reference::message, std::uint8_t>;
using PromiseRef = Refers<Reference::promise, std::int32_t>;
using DurationRef = Refers<Reference::duration, Duration>;

template <class T>
concept IsReference = requires { T::to; };
template <class T, Reference To>
constexpr bool refers_to() {
  if constexpr (IsReference<T>) return T::to == To;
  else return false;
}

// How much a fact is worth telling: `story` is told to people, `protocol` is for experts and promises,
// `detail` happens at every message.
enum class FactLevel : std::uint8_t { story, protocol, detail };

enum class DropReason : std::uint8_t { node_down, connection_closed, response_lost, by_hand };
enum class FenceReason : std::uint8_t { session_expired, shut_down, new_registration };
enum class RebalanceReason : std::uint8_t {
  member_joined, member_left, session_expired, leader_rejoined, sync_timed_out, subscription_changed, join_timed_out,
  partitions_given_up, assignment_not_written
};
// Why the coordinator counts a member no more: it said so itself, at close() or because poll() came too late (G11), or it
// was removed.
enum class LeaveReason : std::uint8_t { closed, poll_expired, session_expired, join_timed_out, sync_timed_out };
// Why a record failed: a broker said so, or the producer waited in vain for delivery.timeout.ms, for room in
// buffer.memory or for metadata (C4).
enum class SendFailure : std::uint8_t { refused, expired, buffer_exhausted, metadata_missing };
// What decided where reading goes on: auto.offset.reset, or the point at which the logs part (G3).
enum class ResetPolicy : std::uint8_t { latest, earliest, divergence };
// Why a segment goes (L9): it is too old, the log is too large with it, or it lies below the log start. Log starts also rise
// because the leader's has (L11).
enum class RemovalReason : std::uint8_t { time, size, below_log_start, leader };
// Why poll() throws what an application does not survive: the coordinator refuses the member, or auto.offset.reset is
// none and there is no committed offset, the position is out of range, or what was read is gone (LogTruncationException).
enum class ConsumerFailure : std::uint8_t { refused, no_offset, out_of_range, log_truncated };

}  // namespace nutshell

#define NUTSHELL_FACT(fact_name, fact_level)                \
  static constexpr std::string_view name = fact_name;       \
  static constexpr FactLevel level = FactLevel::fact_level;

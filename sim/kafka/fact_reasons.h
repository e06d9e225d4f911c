// Why things happen, in facts of Kafka. For facts*.h.
#pragma once

#include <cstdint>

#include "sim/core/fact_fields.h"
#include "sim/kafka/error.h"

namespace nutshell {

enum class FenceReason : std::uint8_t { session_expired, shut_down, new_registration };
enum class RebalanceReason : std::uint8_t {
  member_joined, member_left, session_expired, leader_rejoined, sync_timed_out, subscription_changed, join_timed_out,
  partitions_given_up, assignment_not_written
};
// Why the coordinator counts a member no more: it said so itself, at close() or because poll() came too late (G11), or it
// was removed.
enum class LeaveReason : std::uint8_t { closed, poll_expired, session_expired, join_timed_out, sync_timed_out };
// Why a record failed: a broker said so, or the producer waited in vain for delivery.timeout.ms, for room in
// buffer.memory or for metadata (C4), or its value could not be serialised (M1).
enum class SendFailure : std::uint8_t { refused, expired, buffer_exhausted, metadata_missing, not_serialized };
// What decided where reading goes on: auto.offset.reset, or the point at which the logs part (G3).
enum class ResetPolicy : std::uint8_t { latest, earliest, divergence, by_duration };
// Why a segment goes (L9): it is too old, the log is too large with it, it lies below the log start, or
// enough messages are newer. Log starts also rise
// because the leader's has (L11), or because somebody has asked for it (L12).
enum class RemovalReason : std::uint8_t { time, size, below_log_start, leader, requested, messages };
// Why a record is compacted away (L16, L17): one above it has its key, it is a tombstone whose time is over, it has no key, its
// transaction was aborted, or it is a marker of which nothing else is left.
enum class CompactionReason : std::uint8_t { superseded, tombstone_expired, no_key, aborted, marker };
// Why poll() throws what an application does not survive: the coordinator refuses the member, or auto.offset.reset is
// none and there is no committed offset, the position is out of range, or what was read is gone (LogTruncationException), or its
// checksum is wrong.
enum class ConsumerFailure : std::uint8_t { refused, no_offset, out_of_range, log_truncated, damaged };
// Why a broker ends by itself (R22).
enum class HaltReason : std::uint8_t { all_directories, metadata_directory, controller_not_told };

}  // namespace nutshell

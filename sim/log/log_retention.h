// Which segments a log lets go of (L9, L10).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/types.h"
#include "sim/log/log.h"

namespace nutshell {

// Why a segment goes: it lies below the log start, the log is too large without it, it is too old, or enough
// messages are newer.
enum class DeletionReason : std::uint8_t { log_start, size, time, messages };

struct Retention {
  bool deletes = true;         // cleanup.policy contains "delete"; without it only what lies below the log start goes
  Duration time = 7 * 24 * kHour;  // retention.ms; negative: no limit
  std::int64_t bytes = -1;     // retention.bytes; negative: no limit
  std::int64_t messages = -1;  // nutshell.retention.messages: so many of the newest offsets stay; negative: no limit. Not Kafka's
};

struct DeletedSegment {
  Offset base_offset = 0;
  Offset end_offset = 0;  // where the next one begins
  std::int64_t size_in_bytes = 0;
  DeletionReason reason = DeletionReason::time;
  friend bool operator==(const DeletedSegment&, const DeletedSegment&) = default;
};

// One sweep: the passes by log start, by size, by time and by number, each from the oldest segment to the first that stays. Nothing
// goes that is not wholly below the high watermark. If all go, the active one too, an empty one is opened at the log end.
std::vector<DeletedSegment> delete_old_segments(Log& log, const Retention& retention, const LogConfig& config, Time now);

}  // namespace nutshell

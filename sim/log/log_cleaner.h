// The log cleaner: which part of a log may be compacted, and what compaction makes of it (L13-L17).
//
// A reader from the log start finds at least the newest value of every key and, if it is through before the delete horizon,
// every tombstone (L18). Pure functions over one log: whose turn it is, when, and how far a log has been cleaned already,
// their caller knows.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/types.h"
#include "sim/log/cleaned_transactions.h"
#include "sim/log/log.h"
#include "sim/log/record.h"

namespace nutshell {

struct CleanerConfig {
  std::int64_t segment_bytes = 1 << 30;
  std::int64_t segment_index_bytes = 10 << 20;
  Duration min_compaction_lag = 0;
  Duration max_compaction_lag = kNever;
  Duration delete_retention = 24 * kHour;
};

// As the topic says it.
CleanerConfig cleaner_config(const LogConfig& config);

// What of a log a round would clean (L13, L14). Bytes are those of whole segments.
struct CleanableRange {
  Offset first_dirty = 0;
  Offset uncleanable_offset = 0;  // the last stable offset, the active segment or the lag ends it
  Offset first_uncleanable = 0;   // that, rounded down to where its segment begins
  std::int64_t clean_bytes = 0;
  std::int64_t cleanable_bytes = 0;
  bool max_lag_exceeded = false;
  bool reset_checkpoint = false;  // it lay outside the log: first_dirty takes its place, whether the log is cleaned or not

  // Above it the log is dirty enough, in parts per million of all its bytes up to the end of the range.
  bool dirtier_than(std::int64_t ppm) const;
  bool dirtier_than(const CleanableRange& other) const;
  // It is dirty enough, or must not wait any longer; and there is something to clean.
  bool wants_cleaning(std::int64_t min_dirty_ppm) const;
};

// `checkpoint`: up to where the log was cleaned before.
CleanableRange cleanable_range(const Log& log, std::optional<Offset> checkpoint, const CleanerConfig& config, Time now);
// With an open transaction the last stable offset is below the high watermark.
CleanableRange cleanable_range(const Log& log, std::optional<Offset> checkpoint, const CleanerConfig& config, Time now,
                               Offset last_stable_offset);

// A producer that is still known: where its last data ends or, if only a marker is known of it, its epoch.
struct ActiveProducer {
  std::int64_t producer_id = kNoProducerId;
  std::optional<Offset> last_data_offset;
  std::int16_t producer_epoch = kNoProducerEpoch;
};
std::vector<ActiveProducer> active_producers(const ProducerState& state);

// How many bytes a batch takes with its records as they are in the store.
class BatchSizes {
 public:
  virtual ~BatchSizes() = default;
  virtual std::int32_t size_of(const Records& records, const Batch& batch) const;
};
inline constexpr std::int32_t kBatchHeaderBytes = 61;

struct CleaningRound {
  CleanableRange range;
  std::int64_t map_capacity = 5'033'164;  // keys (L15): 128 MiB of 24 bytes each, filled to nine tenths
  Offset keep_batch_ending_at = 0;        // kept although it is empty, so that the end is not forgotten
  std::vector<ActiveProducer> producers;
  std::vector<AbortedTransaction> aborted;  // what the transaction index of the log says, by last offset
};

// Why a record goes: one above it has its key, it is a tombstone whose time is over, it has no key at all, its transaction was
// aborted, or it is the marker of one of which nothing is left.
enum class CleaningReason : std::uint8_t { superseded, tombstone_expired, no_key, aborted, marker };

struct Removed {
  Offset offset = 0;
  Offset newer = -1;  // with the same key; -1: there is none
  CleaningReason reason = CleaningReason::superseded;
};

struct Cleaned {
  Offset end_offset = 0;  // the new checkpoint
  std::int64_t keys = 0;
  std::vector<Removed> removed;       // by offset
  std::vector<AbortedTransaction> aborted;  // what the transaction index of the log says from now on
  std::int64_t records_left = 0;      // below the end
  std::int64_t tombstones_left = 0;   // of those, what waits for its delete horizon
  std::int64_t bytes_before = 0, bytes_after = 0;  // of the segments that were written anew
};

// REQUIRES round.range is of this log as it is now, and its cleanable bytes are not 0.
Cleaned clean(Log& log, Records& records, const CleaningRound& round, const CleanerConfig& config, Time now,
              const BatchSizes& sizes = BatchSizes());

}  // namespace nutshell

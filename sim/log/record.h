// Records, where they live, and the only arithmetic from an offset to a record.
//
// A record is stored once, in the record store; batches in logs and messages name a run of records by the index of the
// first. While nobody has cleaned a batch there is a record at each of its offsets. A cleaned one names a new run, of
// the records that are left, and each of them knows its place (`offset_delta`).
#pragma once

#include <cstdint>

#include "sim/core/digest.h"
#include "sim/core/shared_log.h"
#include "sim/core/types.h"
#include "sim/log/batch.h"

namespace nutshell {

class Log;

inline constexpr std::int32_t kNoValue = -2;
// What the one record of a control batch says of its producer's transaction.
inline constexpr std::int32_t kCommitMarker = -3;
inline constexpr std::int32_t kAbortMarker = -4;

// Key and text are interned names; a record without its own text has its text made on demand from its producer and
// serial number. `producer` is the node that sent it, or -1 for records that the group coordinator writes; then `text` is
// an index into RecordStore::group_records.
struct Record {
  NodeId producer = kNoNode;
  std::int32_t key = -1;          // interned, -1: no key
  std::int32_t text = -1;         // interned, -1: made from producer and serial, kNoValue: there is none, or a marker
  std::uint32_t serial = 0;       // counts the producer's records from 0
  Time timestamp = kNoTimestamp;  // CreateTime, by its producer's clock; what counts is timestamp_of()
  std::int32_t size_in_bytes = 0;  // what it adds to its batch: key, value and overhead
  std::int32_t offset_delta = 0;   // from the base offset of its batch; said only where the batch is not dense
  // A value of null: it says that there is nothing more under its key (L17).
  bool is_tombstone() const { return text == kNoValue; }
  friend bool operator==(const Record&, const Record&) = default;
  NUTSHELL_FIELDS(Record, producer, key, text, serial, timestamp, size_in_bytes, offset_delta)
};

static_assert(sizeof(Record) == 32);

using Records = SharedLog<Record>;

// The time that readers are given: with LogAppendTime that of its batch (L2).
inline Time timestamp_of(const Batch& batch, const Record& record) {
  return batch.is_log_append_time() ? batch.max_timestamp : record.timestamp;
}

// Offset of the nth record of a batch that is in the store. REQUIRES 0 <= nth < batch.count.
inline Offset offset_of(const Records& records, const Batch& batch, std::int64_t nth) {
  if (batch.is_dense()) return batch.base_offset + nth;
  return batch.base_offset + records[static_cast<std::size_t>(batch.first_record + nth)].offset_delta;
}

// How many records of the batch stand below the offset.
std::int64_t records_below(const Records& records, const Batch& batch, Offset offset);

// Where the record at this offset stands in the store; -1: the batch has none there.
std::int64_t record_index(const Records& records, const Batch& batch, Offset offset);

// The record at this offset. nullptr: none was written there, or a cleaner has taken it away.
const Record* record_at(const Records& records, const Batch& batch, Offset offset);
const Record* record_at(const Records& records, const Log& log, Offset offset);

// The record with this number in the store. nullptr: there never was one, or nothing holds it any more.
inline const Record* find_record(const Records& records, std::int64_t index) {
  return index >= 0 && records.holds(static_cast<std::size_t>(index)) ? &records[static_cast<std::size_t>(index)] : nullptr;
}

// Calls visit(offset, record) for each record of the batch, oldest first.
template <class Visit>
void for_each_record(const Records& records, const Batch& batch, Visit visit) {
  for (std::int64_t nth = 0; nth < batch.count; ++nth)
    visit(offset_of(records, batch, nth), records[static_cast<std::size_t>(batch.first_record + nth)]);
}

}  // namespace nutshell

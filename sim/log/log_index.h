// What stands in the two indexes of a segment (L6). Nothing looks into them here: a log finds its batches without. They are made
// anew from the batches for whoever wants to see them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/types.h"
#include "sim/log/log.h"
#include "sim/log/record.h"
#include "sim/log/segment.h"

namespace nutshell {

struct OffsetIndexEntry {
  Offset offset = 0;          // the last of a batch
  std::int64_t position = 0;  // of that batch in the file, in bytes
  friend bool operator==(const OffsetIndexEntry&, const OffsetIndexEntry&) = default;
};

struct TimeIndexEntry {
  Time timestamp = 0;  // the largest so far
  Offset offset = 0;   // the last of the batch that has it
  friend bool operator==(const TimeIndexEntry&, const TimeIndexEntry&) = default;
};

struct SegmentIndexes {
  std::vector<OffsetIndexEntry> offsets;
  std::vector<TimeIndexEntry> times;
};

// `closed`: with its largest timestamp as the last entry, which a segment gets when the next one begins.
SegmentIndexes indexes_of(const Segment& segment, bool closed);

// How Kafka finds the first record that is not older than a time: from the segment over its two indexes to where it begins to
// read, and how far it reads.
struct TimeLookUp {
  Offset segment = 0;                      // its base offset: the first with a timestamp so large
  bool closed = false;
  std::optional<TimeIndexEntry> time;      // the last that is not newer; none: from the beginning of the segment
  std::optional<OffsetIndexEntry> offset;  // the last at or below that offset; none: from position 0
  std::int64_t read_from = 0;              // position in the file, in bytes
  std::optional<TimedOffset> found;        // as Log::find_by_timestamp
};

// nullopt: no segment has a timestamp so large.
std::optional<TimeLookUp> look_up_time(const Log& log, const Records& records, Time timestamp);

}  // namespace nutshell

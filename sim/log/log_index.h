// What stands in the two indexes of a segment (L6). Nothing looks into them here: a log finds its batches without. They are made
// anew from the batches for whoever wants to see them.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/types.h"
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

}  // namespace nutshell

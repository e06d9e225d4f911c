#include "sim/log/record.h"

#include <algorithm>

#include "sim/log/log.h"

namespace nutshell {

std::int64_t records_below(const Records& records, const Batch& batch, Offset offset) {
  if (batch.is_dense()) return std::clamp<std::int64_t>(offset - batch.base_offset, 0, batch.count);
  std::int64_t low = 0, high = batch.count;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (offset_of(records, batch, middle) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

std::int64_t record_index(const Records& records, const Batch& batch, Offset offset) {
  if (!batch.holds(offset)) return -1;
  const std::int64_t nth = records_below(records, batch, offset);
  if (nth == batch.count || offset_of(records, batch, nth) != offset) return -1;
  return batch.first_record + nth;
}

const Record* record_at(const Records& records, const Batch& batch, Offset offset) {
  return find_record(records, record_index(records, batch, offset));
}

const Record* record_at(const Records& records, const Log& log, Offset offset) {
  const Batch* batch = log.batch_at(offset);
  return batch ? record_at(records, *batch, offset) : nullptr;
}

}  // namespace nutshell

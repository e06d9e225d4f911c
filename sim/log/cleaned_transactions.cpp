#include "sim/log/cleaned_transactions.h"

#include <algorithm>

namespace nutshell {

CleanedTransactions::CleanedTransactions(const std::vector<AbortedTransaction>& aborted, Offset log_start) {
  for (const AbortedTransaction& each : aborted)
    if (each.last_offset >= log_start) to_come_.push_back(each);
  std::stable_sort(to_come_.begin(), to_come_.end(),
                   [](const AbortedTransaction& a, const AbortedTransaction& b) { return a.first_offset < b.first_offset; });
}

void CleanedTransactions::begin_up_to(Offset offset) {
  for (; next_ < to_come_.size() && to_come_[next_].first_offset <= offset; ++next_)
    aborted_.emplace(to_come_[next_].producer_id, Ongoing{to_come_[next_]});
}

bool CleanedTransactions::read(const Records& records, const Batch& batch) {
  begin_up_to(batch.last_offset());
  if (batch.is_control()) return read_marker(records, batch);
  if (!batch.is_transactional()) return false;
  const auto aborted = aborted_.find(batch.producer_id);
  if (aborted != aborted_.end()) return aborted->second.seen = true;
  committed_.insert(batch.producer_id);
  return false;
}

bool CleanedTransactions::read_marker(const Records& records, const Batch& batch) {
  if (batch.count == 0) return true;  // emptied before
  if (records[static_cast<std::size_t>(batch.first_record)].text == kCommitMarker) return committed_.erase(batch.producer_id) == 0;
  const auto aborted = aborted_.find(batch.producer_id);
  if (aborted == aborted_.end()) return true;
  const Ongoing ended = aborted->second;
  aborted_.erase(aborted);
  if (ended.seen) still_needed_.push_back(ended.transaction);
  return !ended.seen;
}

}  // namespace nutshell

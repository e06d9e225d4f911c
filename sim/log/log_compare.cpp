// Where two logs part: by leader epochs, as the replicas do it (L21, L22), and by chains, as an observer does.
#include <algorithm>

#include "sim/log/log.h"

namespace nutshell {

std::optional<EpochEnd> Log::diverging(Epoch last_fetched_epoch, Offset fetch_offset) const {
  if (last_fetched_epoch == kNoEpoch) return std::nullopt;
  const EpochEnd end = leader_epochs_.end_offset_for(last_fetched_epoch, log_end_offset_);
  if (end.is_undefined() || end.epoch < last_fetched_epoch || end.end_offset < fetch_offset) return end;
  return std::nullopt;
}

TruncationPoint Log::truncation_point_for(const EpochEnd& diverging) const {
  const EpochEnd own = leader_epochs_.end_offset_for(diverging.epoch, log_end_offset_);
  if (own.is_undefined()) return {std::min(diverging.end_offset, log_end_offset_), true};
  if (own.epoch != diverging.epoch) return {std::min(own.end_offset, log_end_offset_), false};
  return {std::min({diverging.end_offset, own.end_offset, log_end_offset_}), true};
}

OutOfRangeRemedy Log::remedy_for_out_of_range(Offset leader_log_start_offset, Offset leader_log_end_offset) const {
  using Kind = OutOfRangeRemedy::Kind;
  if (leader_log_end_offset < log_end_offset_) return {Kind::truncate, leader_log_end_offset};
  if (leader_log_start_offset > log_end_offset_) return {Kind::restart, leader_log_start_offset};
  return {Kind::retry, log_end_offset_};
}

std::optional<Offset> first_difference(const Log& a, const Log& b) {
  const BatchLog& left = a.batches();
  const BatchLog& right = b.batches();
  if (left.empty() || right.empty()) return std::nullopt;
  const Offset start = std::max(left.front().base_offset, right.front().base_offset);
  const std::optional<std::size_t> left_start = a.find(start);
  const std::optional<std::size_t> right_start = b.find(start);
  if (!left_start || !right_start) return std::nullopt;
  // As far as the logs agree, their batches stand side by side; the chains tell how far that is.
  const std::size_t common = std::min(left.size() - *left_start, right.size() - *right_start);
  const auto agree = [&](std::size_t nth) { return left[*left_start + nth].chain == right[*right_start + nth].chain; };
  if (agree(common - 1)) return std::nullopt;
  std::size_t low = 0;
  std::size_t high = common - 1;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (agree(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::max(start, left[*left_start + high].base_offset);
}

bool same_prefix(const Log& a, const Log& b, Offset below) {
  const std::optional<Offset> difference = first_difference(a, b);
  return !difference || *difference >= below;
}

}  // namespace nutshell

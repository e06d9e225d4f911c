// Where two logs part: by leader epochs, as the replicas do it (L21, L22), and by chains, as an observer does.
#include <algorithm>

#include "sim/log/log.h"

namespace nutshell {

std::optional<EpochEnd> Log::diverging_in_history(Epoch last_fetched_epoch, Offset fetch_offset) const {
  if (last_fetched_epoch == kNoEpoch) return std::nullopt;
  const EpochEnd end = leader_epochs().end_offset_for(last_fetched_epoch, log_end_offset_);
  if (end.is_undefined() || end.epoch < last_fetched_epoch || end.end_offset < fetch_offset) return end;
  return std::nullopt;
}

TruncationPoint Log::truncation_point_for(const EpochEnd& diverging) const {
  const EpochEnd own = leader_epochs().end_offset_for(diverging.epoch, log_end_offset_);
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

namespace {

// Whether the logs agree up to and including the batch of `left` at `index`. The nearest batch at or below it that the
// other has a counterpart of tells, down to `first`; where cleaners have left nothing to compare they are taken to agree.
bool agree_up_to(const BatchView& left, const Log& right, std::size_t first, Offset start, std::size_t index) {
  for (std::size_t i = index + 1; i-- > first;) {
    const Batch& batch = left[i];
    if (const Batch* other = right.batch_at(std::max(batch.base_offset, start)))
      return other->base_offset == batch.base_offset && other->next_offset() == batch.next_offset() && other->chain == batch.chain;
  }
  return true;
}

// The last batch of `log` that begins below `end`. REQUIRES there is one.
std::size_t last_below(const Log& log, Offset end) {
  const BatchView all = log.batches();
  const std::size_t found = log.find(end - 1).value_or(all.size() - 1);
  return all[found].base_offset < end ? found : found - 1;
}

// The chains may differ although the batches do not: a log that began anew, or that nothing was left of, does not know what was
// below. Then each batch tells for itself.
std::optional<Offset> first_other_batch(const BatchView& left, const Log& right, std::size_t first, std::size_t last, Offset start) {
  for (std::size_t i = first; i <= last; ++i) {
    const Batch& batch = left[i];
    const Offset offset = std::max(batch.base_offset, start);
    const Batch* other = right.batch_at(offset);
    if (!other) continue;
    const bool same = other->base_offset == batch.base_offset && other->next_offset() == batch.next_offset() &&
                      other->partition_leader_epoch == batch.partition_leader_epoch && other->content == batch.content;
    if (!same) return offset;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Offset> first_difference(const Log& a, const Log& b) {
  const BatchView left = a.batches();
  const BatchView right = b.batches();
  if (left.empty() || right.empty()) return std::nullopt;
  // Below where one of them begins a log may hold what it likes (L20): nobody reads it.
  const Offset start = std::max({left.front().base_offset, right.front().base_offset, a.log_start_offset(), b.log_start_offset()});
  const std::optional<std::size_t> first = a.find(start);
  if (!first || !b.find(start) || left[*first].base_offset >= b.log_end_offset()) return std::nullopt;
  const std::size_t last = last_below(a, b.log_end_offset());
  if (agree_up_to(left, b, *first, start, last)) return std::nullopt;
  return first_other_batch(left, b, *first, last, start);
}

bool same_prefix(const Log& a, const Log& b, Offset below) {
  const std::optional<Offset> difference = first_difference(a, b);
  return !difference || *difference >= below;
}

}  // namespace nutshell

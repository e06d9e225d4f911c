// What is left of a log on a disk, and what a process that starts finds there (L7, N4).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/log/log.h"

namespace nutshell {

void Log::crash_unflushed() {
  if (flushed_offset_ < log_start_offset_) {
    truncate_fully_and_start_at(log_start_offset_);
  } else {
    truncate_to(flushed_offset_);
  }
}

void Log::crash_torn() {
  const BatchView all = batches();
  const std::optional<std::size_t> first = flushed_offset_ < log_start_offset_ ? std::nullopt : find(flushed_offset_);
  if (!first) return crash_unflushed();
  const Batch torn = all[*first + (all.size() - *first - 1) / 2];
  truncate_to(torn.next_offset());
  flushed_offset_ = torn.base_offset;
  damage(torn.base_offset);
}

void Log::damage(Offset offset) {
  const Batch* batch = batch_at(offset);
  NUTSHELL_REQUIRE(batch != nullptr);
  const Offset base_offset = batch->base_offset;
  auto& damaged = content_.change().damaged;
  const auto place = std::lower_bound(damaged.begin(), damaged.end(), base_offset);
  if (place == damaged.end() || *place != base_offset) damaged.insert(place, base_offset);
}

bool Log::is_damaged(const Batch& batch) const {
  return std::binary_search(content_->damaged.begin(), content_->damaged.end(), batch.base_offset);
}

void Log::forget_damage(Offset first, Offset end) {
  if (has_damage()) std::erase_if(content_.change().damaged, [&](Offset each) { return each >= first && each < end; });
}

bool Log::recover() {
  if (!has_damage() || recovery_point_ >= log_end_offset_) return false;
  Offset from = log_start_offset_;
  for (const Segment& each : segments())
    if (each.base_offset <= recovery_point_) from = each.base_offset;
  const auto& damaged = content_->damaged;
  const auto first = std::lower_bound(damaged.begin(), damaged.end(), from);
  return first != damaged.end() && truncate_to(Offset{*first});
}

void Log::restart() {
  high_watermark_ = std::clamp(checkpointed_high_watermark_, log_start_offset_, log_end_offset_);
  recovery_point_ = std::clamp(checkpointed_recovery_point_, log_start_offset_, log_end_offset_);
  forget_epochs_from(log_end_offset_);
}

}  // namespace nutshell

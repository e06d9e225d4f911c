#include "sim/log/log.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell {

std::int64_t Log::size_in_bytes() const {
  std::int64_t size = 0;
  for (const Segment& segment : segments_) size += segment.size_in_bytes;
  return size;
}

void Log::require_marks_in_order() const {
  NUTSHELL_REQUIRE(log_start_offset_ <= high_watermark_ && high_watermark_ <= log_end_offset_);
}

const Batch& Log::append_as_leader(Batch batch, Epoch epoch, const LogConfig& config, Time now) {
  NUTSHELL_REQUIRE(batch.base_offset == 0 && epoch >= latest_epoch());
  batch.base_offset = log_end_offset_;
  batch.partition_leader_epoch = epoch;
  if (config.message_timestamp_type == TimestampType::log_append_time) batch.max_timestamp = now;
  batch.chain = chain_after(chain(), batch);
  append(batch, config, now);
  return batches_.back();
}

void Log::append_as_follower(Batch batch, const LogConfig& config, Time now) {
  NUTSHELL_REQUIRE(batch.base_offset == log_end_offset_);
  if (!batches_.empty()) batch.chain = chain_after(chain(), batch);
  append(batch, config, now);
}

void Log::append(const Batch& batch, const LogConfig& config, Time now) {
  NUTSHELL_REQUIRE(batch.count > 0 && batch.size_in_bytes > 0);
  if (segments_.empty() || segments_.back().empty() || segments_.back().should_roll(batch, config, now)) {
    roll(config, now);
  }
  segments_.back().append(batch);
  leader_epochs_.assign(batch.partition_leader_epoch, batch.base_offset);
  producer_state_.update(batch);
  log_end_offset_ = batch.next_offset();
  batches_.push_back(batch);
  require_marks_in_order();
}

// Opens a segment at the log end; what is closed gets flushed (L5). An empty active segment is replaced.
void Log::roll(const LogConfig& config, Time now) {
  if (!segments_.empty() && segments_.back().empty()) segments_.pop_back();
  Segment segment;
  segment.base_offset = log_end_offset_;
  segment.created = now;
  segment.index_interval_bytes = config.index_interval_bytes;
  if (!segments_.empty()) flush();
  segments_.push_back(segment);
}

void Log::assign_epoch_start_offset(Epoch epoch) {
  NUTSHELL_REQUIRE(epoch >= latest_epoch());
  leader_epochs_.assign(epoch, log_end_offset_);
}

bool Log::raise_high_watermark(Offset offset) {
  NUTSHELL_REQUIRE(offset <= log_end_offset_);
  if (offset <= high_watermark_) return false;
  high_watermark_ = offset;
  return true;
}

bool Log::set_follower_high_watermark(Offset leader_high_watermark) {
  const Offset clamped = std::clamp(leader_high_watermark, log_start_offset_, log_end_offset_);
  const bool changed = clamped != high_watermark_;
  high_watermark_ = clamped;
  return changed;
}

bool Log::raise_log_start_offset(Offset offset) {
  NUTSHELL_REQUIRE(offset <= high_watermark_);
  if (offset <= log_start_offset_) return false;
  log_start_offset_ = offset;
  leader_epochs_.truncate_from_start(offset);
  return true;
}

bool Log::truncate_to(Offset offset) {
  if (offset >= log_end_offset_) {
    leader_epochs_.truncate_from_end(log_end_offset_);
    return false;
  }
  const std::optional<std::size_t> cut = find(offset);
  if (!cut) {
    truncate_fully_and_start_at(offset);
    return true;
  }
  log_end_offset_ = batches_[*cut].base_offset;
  batches_.truncate(*cut);
  leader_epochs_.truncate_from_end(log_end_offset_);
  truncate_segments();
  producer_state_.rebuild(batches_);
  log_start_offset_ = std::min(log_start_offset_, log_end_offset_);
  high_watermark_ = std::min(high_watermark_, log_end_offset_);
  flushed_offset_ = std::min(flushed_offset_, log_end_offset_);
  recovery_point_ = std::min(recovery_point_, log_end_offset_);
  require_marks_in_order();
  return true;
}

// Brings the segments down to the log end. The one that contains it is accounted for anew.
void Log::truncate_segments() {
  while (!segments_.empty() && segments_.back().base_offset > log_end_offset_) segments_.pop_back();
  if (segments_.empty()) return;
  Segment rebuilt;
  rebuilt.base_offset = segments_.back().base_offset;
  rebuilt.created = segments_.back().created;
  rebuilt.index_interval_bytes = segments_.back().index_interval_bytes;
  if (const std::optional<std::size_t> first = find(rebuilt.base_offset)) {
    for (std::size_t i = *first; i < batches_.size(); ++i) rebuilt.append(batches_[i]);
  }
  segments_.back() = rebuilt;
}

void Log::truncate_fully_and_start_at(Offset offset, std::uint64_t chain) {
  const Offset high_watermark_file = checkpointed_high_watermark_;
  const Offset recovery_point_file = checkpointed_recovery_point_;
  *this = Log();
  log_start_offset_ = high_watermark_ = log_end_offset_ = flushed_offset_ = recovery_point_ = offset;
  checkpointed_high_watermark_ = high_watermark_file;
  checkpointed_recovery_point_ = recovery_point_file;
  chain_before_ = chain;
}

void Log::crash_unflushed() {
  if (flushed_offset_ < log_start_offset_) {
    truncate_fully_and_start_at(log_start_offset_);
  } else {
    truncate_to(flushed_offset_);
  }
}

void Log::restart() {
  high_watermark_ = std::clamp(checkpointed_high_watermark_, log_start_offset_, log_end_offset_);
  recovery_point_ = std::clamp(checkpointed_recovery_point_, log_start_offset_, log_end_offset_);
  leader_epochs_.truncate_from_end(log_end_offset_);
}

}  // namespace nutshell

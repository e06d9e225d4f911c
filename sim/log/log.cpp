#include "sim/log/log.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "sim/core/require.h"

namespace nutshell {

std::size_t BatchView::begin_index() const {
  const std::vector<ClosedSegment>& closed = *log_->content_->closed;
  return closed.empty() ? log_->content_->active_first : closed.front().first_batch;
}

std::size_t BatchView::size() const { return log_->content_->active_first + log_->content_->active.batches.size(); }

const Batch& BatchView::operator[](std::size_t index) const {
  const LogContent& content = *log_->content_;
  if (index >= content.active_first) return content.active.batches[index - content.active_first];
  const std::vector<ClosedSegment>& closed = *content.closed;
  const auto after = std::upper_bound(closed.begin(), closed.end(), index,
                                      [](std::size_t wanted, const ClosedSegment& each) { return wanted < each.first_batch; });
  NUTSHELL_REQUIRE(after != closed.begin());
  return std::prev(after)->file->batches[index - std::prev(after)->first_batch];
}

std::size_t SegmentView::size() const { return log_->content_->closed->size() + (log_->content_->opened ? 1 : 0); }

const Segment& SegmentView::operator[](std::size_t index) const {
  const std::vector<ClosedSegment>& closed = *log_->content_->closed;
  return index < closed.size() ? *closed[index].file : log_->content_->active;
}

std::int64_t Log::size_in_bytes() const {
  std::int64_t size = 0;
  for (const Segment& segment : segments()) size += segment.size_in_bytes;
  return size;
}

std::int64_t Log::unflushed_bytes() const {
  std::int64_t size = 0;
  for (std::size_t i = segments().size(); i-- > 0;) {
    const Segment& segment = segments()[i];
    if (segment.base_offset < flushed_offset_) {  // at most one is flushed in part
      for (std::size_t b = segment.find(flushed_offset_).value_or(segment.batches.size()); b < segment.batches.size(); ++b)
        size += segment.batches[b].size_in_bytes;
      break;
    }
    size += segment.size_in_bytes;
  }
  return size;
}

std::size_t Log::copy_bytes() const {
  if (!content_.touched()) return 0;
  return sizeof(LogContent) + content_->active.batches.copy_bytes() + leader_epochs().entries().size() * sizeof(EpochEntry) +
         producer_state().entries().size() * sizeof(ProducerStateEntry);
}

void Log::require_marks_in_order() const {
  NUTSHELL_REQUIRE(log_start_offset_ <= high_watermark_ && high_watermark_ <= log_end_offset_);
}

const Batch& Log::append_as_leader(Batch batch, Epoch epoch, const LogConfig& config, Time now) {
  NUTSHELL_REQUIRE(batch.base_offset == 0 && epoch >= latest_epoch());
  batch.base_offset = log_end_offset_;
  batch.partition_leader_epoch = epoch;
  if (config.message_timestamp_type == TimestampType::log_append_time) {
    batch.max_timestamp = now;
    batch.attributes |= kLogAppendTime;
  }
  batch.chain = chain_after(chain(), batch);
  append({&batch, 1}, Chains::made, config, now);
  return content_->active.batches.back();
}

void Log::append_as_follower(const Batch& batch, const LogConfig& config, Time now) {
  append_as_follower(std::span(&batch, 1), config, now);
}

void Log::append_as_follower(std::span<const Batch> fetched, const LogConfig& config, Time now) {
  if (!fetched.empty()) append(fetched, Chains::brought, config, now);
}

// REQUIRES there are batches, each of which begins at the end of the one before or above it.
void Log::append(std::span<const Batch> added, Chains chains, const LogConfig& config, Time now) {
  Appending all;
  for (const Batch& each : added) all.add(each);
  bool follows = chains == Chains::brought && !batches().empty();  // what comes is chained to what is there
  std::uint64_t last = chain();
  LogContent& content = content_.change();
  if (!content.opened || content.active.empty()) {
    // Kafka's empty segment waits at the log end; it is replaced only when the batches lie too far above it.
    const bool reaches = all.last_offset - log_end_offset_ <= std::numeric_limits<std::int32_t>::max();
    roll(reaches ? log_end_offset_ : added[0].base_offset, config, now, added[0].content);
  } else if (content.active.should_roll(all, config, now)) {
    roll(added[0].base_offset, config, now, added[0].content);
  }
  for (Batch batch : added) {
    NUTSHELL_REQUIRE(batch.base_offset >= log_end_offset_ && batch.offsets() > 0 && batch.size_in_bytes > 0);
    if (follows && batch.base_offset == log_end_offset_) batch.chain = chain_after(last, batch);
    last = batch.chain;
    follows = chains == Chains::brought;
    content.active.append(batch);
    content.leader_epochs.assign(batch.partition_leader_epoch, batch.base_offset);
    content.producer_state.update(batch);
    log_end_offset_ = batch.next_offset();
  }
  note_latest_epoch();
  content.active.last_modified = now;
  require_marks_in_order();
}

// Opens a segment at the log end; what is closed gets flushed (L5). An empty active segment is replaced.
void Log::roll(Offset base_offset, const LogConfig& config, Time now, std::uint64_t content_of_first) {
  const std::uint64_t before = mix(chain(), static_cast<std::uint64_t>(base_offset));
  LogContent& content = content_.change();
  const std::size_t next = content.active_first + content.active.batches.size();
  if (content.opened && !content.active.empty()) {
    ClosedSegment closed;
    closed.base_offset = content.active.base_offset;
    closed.first_batch = content.active_first;
    closed.digest = digest_of(content.active);
    closed.file = std::make_shared<const Segment>(std::move(content.active));
    content.closed.change().push_back(std::move(closed));
    flush();
  }
  content.active = Segment();
  content.active.base_offset = base_offset;
  content.active.created = content.active.last_modified = now;
  content.active.index_interval_bytes = config.index_interval_bytes;
  if (const auto most = static_cast<std::uint64_t>(std::min(config.segment_jitter, config.segment_time)); most > 0)
    content.active.roll_jitter = static_cast<Duration>(mix(before, content_of_first) % most);
  content.active_first = next;
  content.opened = true;
}

void Log::assign_epoch_start_offset(Epoch epoch) {
  NUTSHELL_REQUIRE(epoch >= latest_epoch());
  content_.change().leader_epochs.assign(epoch, log_end_offset_);
  note_latest_epoch();
}

// Looks first: an epoch without a record is rare, and a log that nobody changes is shared.
void Log::forget_epochs_from(Offset offset) {
  const std::vector<EpochEntry>& entries = leader_epochs().entries();
  if (entries.empty() || entries.back().start_offset < offset) return;
  content_.change().leader_epochs.truncate_from_end(offset);
  note_latest_epoch();
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
  content_.change().leader_epochs.truncate_from_start(offset);
  note_latest_epoch();
  return true;
}

void Log::close_active(const LogConfig& config, Time now) {
  NUTSHELL_REQUIRE(content_->opened && !content_->active.empty());
  roll(log_end_offset_, config, now);
}

void Log::delete_segments(std::size_t count) {
  if (count == 0) return;
  const std::vector<ClosedSegment>& held = *content_->closed;
  NUTSHELL_REQUIRE(count <= held.size());
  const Offset next = count < held.size() ? held[count].base_offset : content_->active.base_offset;
  NUTSHELL_REQUIRE(next <= high_watermark_);
  raise_log_start_offset(next);
  forget_damage(0, next);
  LogContent& content = content_.change();
  std::vector<ClosedSegment>& closed = content.closed.change();
  for (std::size_t i = 0; i < count; ++i)  // a cleaner may have left the last ones empty
    if (const BatchLog& gone = closed[i].file->batches; !gone.empty()) content.chain_before = gone.back().chain;
  closed.erase(closed.begin(), closed.begin() + static_cast<std::ptrdiff_t>(count));
}

void Log::replace_segments(std::size_t first, std::size_t last, std::vector<Segment> by) {
  LogContent& content = content_.change();
  std::vector<ClosedSegment>& closed = content.closed.change();
  NUTSHELL_REQUIRE(first <= last && last <= closed.size());
  std::vector<ClosedSegment> made;
  for (Segment& each : by) {
    NUTSHELL_REQUIRE(made.empty() || made.back().base_offset < each.base_offset);
    ClosedSegment segment;
    segment.base_offset = each.base_offset;
    segment.digest = digest_of(each);
    segment.file = std::make_shared<const Segment>(std::move(each));
    made.push_back(std::move(segment));
  }
  const std::size_t begin = batches().begin_index();
  const auto place = closed.erase(closed.begin() + static_cast<std::ptrdiff_t>(first), closed.begin() + static_cast<std::ptrdiff_t>(last));
  closed.insert(place, std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
  std::size_t next = begin;
  for (ClosedSegment& each : closed) {
    each.first_batch = next;
    next += each.file->batches.size();
  }
  content.active_first = next;
}

bool Log::truncate_to(Offset offset) {
  if (offset >= log_end_offset_) {
    forget_epochs_from(log_end_offset_);
    return false;
  }
  if (segments().empty() || offset < segments().front().base_offset) {
    truncate_fully_and_start_at(offset);
    return true;
  }
  const std::optional<std::size_t> cut = find(offset);
  log_end_offset_ = cut ? std::min(offset, batches()[*cut].base_offset) : offset;
  cut_batches(log_end_offset_);
  forget_damage(log_end_offset_, kNever);
  forget_epochs_from(log_end_offset_);
  log_start_offset_ = std::min(log_start_offset_, log_end_offset_);
  high_watermark_ = std::min(high_watermark_, log_end_offset_);
  flushed_offset_ = std::min(flushed_offset_, log_end_offset_);
  recovery_point_ = std::min(recovery_point_, log_end_offset_);
  require_marks_in_order();
  return true;
}

// Brings the segments down to the log end; the one that contains it is active again and accounted for anew. Nothing to
// do for the producers when none was known: a log that was cut knows none it did not know before.
void Log::cut_batches(Offset end) {
  LogContent& content = content_.change();
  while (content.active.base_offset > end) {
    std::vector<ClosedSegment>& closed = content.closed.change();
    NUTSHELL_REQUIRE(!closed.empty());
    content.active = *closed.back().file;
    content.active_first = closed.back().first_batch;
    closed.pop_back();
  }
  content.active = content.active.cut_at(content.active.find(end).value_or(content.active.batches.size()));
  if (content.producer_state.entries().empty()) return;
  content.producer_state.clear();
  for (const Batch& each : batches()) content.producer_state.update(each);
}

void Log::truncate_fully_and_start_at(Offset offset, std::uint64_t chain) {
  const Offset high_watermark_file = checkpointed_high_watermark_;
  const Offset recovery_point_file = checkpointed_recovery_point_;
  const bool lie = flushes_lie();
  *this = Log();
  let_flushes_lie(lie);
  log_start_offset_ = high_watermark_ = log_end_offset_ = flushed_offset_ = recovery_point_ = offset;
  checkpointed_high_watermark_ = high_watermark_file;
  checkpointed_recovery_point_ = recovery_point_file;
  if (chain != 0) content_.change().chain_before = chain;
}

}  // namespace nutshell

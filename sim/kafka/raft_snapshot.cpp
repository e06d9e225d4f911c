// Snapshots of the metadata log (K7): who writes one, who fetches one, and what of the log goes.
#include <algorithm>
#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/raft.h"
#include "sim/kafka/raft_internal.h"

namespace nutshell {

namespace {

void start_counting(Env& env, Raft& raft, Offset from) {
  raft.counted_from = from;
  raft.counted_since = env.now();
}

void add_snapshot(Env& env, Raft& raft, MetadataSnapshot snapshot) {
  raft.snapshots.push_back(std::move(snapshot));
  if (raft.snapshots.size() > 1 && raft.cleaning_timer == kNoTimer)
    raft.cleaning_timer = env.arm(raft.node, TimerKind::metadata_cleaning, kMetadataCleaningInterval);
}

bool is_due(const Env& env, const Raft& raft, const BrokerConfig& config, Offset end) {
  const std::int64_t bytes = (end - raft.counted_from) * kMetadataRecordBytes;
  const Duration interval = config.metadata_snapshot_interval;
  return bytes >= config.metadata_bytes_between_snapshots || (interval > 0 && env.now() - raft.counted_since >= interval);
}

// The latest snapshot of what is committed; nullptr: there is none.
const MetadataSnapshot* latest_committed(const Raft& raft) {
  for (auto each = raft.snapshots.rbegin(); each != raft.snapshots.rend(); ++each)
    if (each->end_offset() <= raft.high_watermark) return &*each;
  return nullptr;
}

const MetadataSnapshot* snapshot_named(const Raft& raft, Offset end_offset, Epoch epoch) {
  for (const MetadataSnapshot& each : raft.snapshots)
    if (each.end_offset() == end_offset && each.epoch == epoch) return &each;
  return nullptr;
}

// The log takes as much as its records do, the snapshots as much as theirs.
std::int64_t size_in_bytes(const Raft& raft) {
  std::int64_t bytes = (raft.end_offset() - raft.start_offset()) * kMetadataRecordBytes;
  for (const MetadataSnapshot& each : raft.snapshots) bytes += each.size_in_bytes();
  return bytes;
}

// The first snapshot has stayed for long enough, or takes room that is needed.
bool may_go(const Env& env, const Raft& raft, const BrokerConfig& config) {
  const bool large = config.metadata_retention_bytes >= 0 && size_in_bytes(raft) > config.metadata_retention_bytes;
  const bool old = config.metadata_retention >= 0 && env.now() - raft.snapshots.front().taken > config.metadata_retention;
  return large || old;
}

void begin_log_at(Env& env, Raft& raft, Offset start) {
  env.emit(MetadataLogStartRaised{raft.node, raft.start_offset(), start});
  raft.log.drop_front(static_cast<std::size_t>(start));
  raft.epochs.truncate_from_start(start);
}

// In the place of all that the log has: it may be short, or end in what nobody has committed.
void replace_log(Env& env, Raft& raft, const MetadataSnapshot& snapshot) {
  env.emit(MetadataSnapshotFetched{raft.node, raft.end_offset(), snapshot.end_offset()});
  raft.log.begin_at(static_cast<std::size_t>(snapshot.end_offset()));
  raft.epochs.clear();
  raft.snapshots.clear();
  add_snapshot(env, raft, snapshot);
  raft.high_watermark = std::max(raft.high_watermark, snapshot.end_offset());
}

}  // namespace

EpochEnd raft_end_of_epoch(const Raft& raft, Epoch epoch) {
  if (raft.start_offset() == 0) return raft.epochs.end_offset_for(epoch, raft.end_offset());
  const EpochEntry* oldest = raft.epochs.entries().empty() ? nullptr : &raft.epochs.entries().front();
  if (!oldest || epoch < oldest->epoch) return {raft.snapshots.front().epoch, raft.start_offset()};
  return raft.epochs.end_offset_for(epoch, raft.end_offset());
}

bool raft_bring(Env& env, const Raft& raft, MetadataImage& image) {
  const MetadataSnapshot* snapshot = latest_committed(raft);
  const bool needed = image.end_offset() == 0 || image.end_offset() < raft.start_offset();
  const bool jumps = snapshot && needed;
  if (jumps) image = snapshot->image;
  env.commons.images.bring(image, raft.log, raft.high_watermark);
  return jumps;
}

void raft_applied(Env& env, Raft& raft, const BrokerConfig& config, const MetadataImage& image) {
  const Offset end = image.end_offset();
  const bool fetched = !raft.snapshots.empty() && raft.snapshots.back().end_offset() > raft.counted_from;
  if (raft.counted_from < 0 || fetched) return start_counting(env, raft, end);
  if (!is_due(env, raft, config, end)) return;
  start_counting(env, raft, end);
  const Epoch epoch = raft.epoch_at(end - 1);
  env.emit(MetadataSnapshotTaken{raft.node, end, epoch});
  add_snapshot(env, raft, {epoch, env.now(), image});
}

bool raft_needs_snapshot(const Raft& raft, const QuorumFetchRequest& fetch) {
  if (raft.start_offset() == 0) return false;
  const MetadataSnapshot& oldest = raft.snapshots.front();
  const bool at_start = fetch.fetch_offset == raft.start_offset();
  return fetch.fetch_offset < raft.start_offset() || (at_start && fetch.last_fetched_epoch != oldest.epoch) ||
         fetch.last_fetched_epoch < oldest.epoch;
}

void raft_fetch_snapshot(Env& env, Raft& raft, const BrokerConfig& config, NodeId target) {
  FetchSnapshotRequest fetch;
  fetch.replica = raft.node;
  fetch.voter = raft.voter;
  fetch.epoch = raft.epoch;
  fetch.snapshot_end = raft.snapshot_fetch.end_offset;
  fetch.snapshot_epoch = raft.snapshot_fetch.epoch;
  fetch.position = raft.snapshot_fetch.position;
  raft.fetches += 1;
  env.request(raft.node, target, Channel::quorum, fetch, config.quorum_request_timeout, raft.fetches);
}

void raft_on_fetch_snapshot(Env& env, Raft& raft, const RequestId& request, const FetchSnapshotRequest& fetch) {
  FetchSnapshotResponse response;
  response.error = raft_check_epoch(raft, fetch.epoch);
  response.epoch = raft.epoch;
  response.leader = raft.leader;
  const MetadataSnapshot* wanted = snapshot_named(raft, fetch.snapshot_end, fetch.snapshot_epoch);
  if (response.error == ErrorCode::none && !wanted) response.error = ErrorCode::snapshot_not_found;
  if (response.error == ErrorCode::none) {
    raft_progress(raft, fetch.replica, fetch.voter).last_fetch = env.now();
    response.size = wanted->size_in_bytes();
    response.position = fetch.position;
    response.bytes = std::min(kSnapshotPiece, response.size - fetch.position);
    response.snapshot = *wanted;
  }
  env.reply(request, std::move(response));
}

void raft_take_piece(Env& env, Raft& raft, const FetchSnapshotResponse& piece) {
  SnapshotFetch& fetch = raft.snapshot_fetch;
  NUTSHELL_REQUIRE(fetch.end_offset == piece.snapshot.end_offset() && fetch.position == piece.position);
  fetch.position += piece.bytes;
  if (fetch.position < piece.size) return;
  fetch = {};
  replace_log(env, raft, piece.snapshot);
}

void raft_clean_snapshots(Env& env, Raft& raft, const BrokerConfig& config) {
  while (raft.snapshots.size() > 1 && may_go(env, raft, config)) {
    begin_log_at(env, raft, raft.snapshots[1].end_offset());
    raft.snapshots.erase(raft.snapshots.begin());
  }
  if (raft.snapshots.size() > 1)
    raft.cleaning_timer = env.arm(raft.node, TimerKind::metadata_cleaning, kMetadataCleaningInterval);
}

}  // namespace nutshell

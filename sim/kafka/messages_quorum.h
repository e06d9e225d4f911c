// What the voters of the metadata quorum say to each other, and its observers to them (K1-K7). For messages.h.
#pragma once

#include <string_view>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/types.h"
#include "sim/kafka/error.h"
#include "sim/kafka/metadata.h"

namespace nutshell {

struct VoteRequest {
  Epoch epoch = 0;  // the candidate's; for a pre-vote its current epoch
  NodeId candidate = kNoNode;
  Epoch last_epoch = 0;
  Offset end_offset = 0;
  bool pre_vote = false;
  static constexpr std::string_view name = "Vote";
  NUTSHELL_FIELDS(VoteRequest, epoch, candidate, last_epoch, end_offset, pre_vote)
};
struct VoteResponse {
  Epoch epoch = 0;
  NodeId leader = kNoNode;
  bool granted = false;
  bool pre_vote = false;
  static constexpr std::string_view name = "VoteResponse";
  NUTSHELL_FIELDS(VoteResponse, epoch, leader, granted, pre_vote)
};
struct BeginQuorumEpochRequest {
  Epoch epoch = 0;
  NodeId leader = kNoNode;
  static constexpr std::string_view name = "BeginQuorumEpoch";
  NUTSHELL_FIELDS(BeginQuorumEpochRequest, epoch, leader)
};
struct BeginQuorumEpochResponse {
  ErrorCode error = ErrorCode::none;
  Epoch epoch = 0;
  static constexpr std::string_view name = "BeginQuorumEpochResponse";
  NUTSHELL_FIELDS(BeginQuorumEpochResponse, error, epoch)
};
struct EndQuorumEpochRequest {
  Epoch epoch = 0;
  NodeId leader = kNoNode;
  std::vector<NodeId> successors;  // by descending offset
  static constexpr std::string_view name = "EndQuorumEpoch";
  NUTSHELL_FIELDS(EndQuorumEpochRequest, epoch, leader, successors)
};
struct EndQuorumEpochResponse {
  Epoch epoch = 0;
  static constexpr std::string_view name = "EndQuorumEpochResponse";
  NUTSHELL_FIELDS(EndQuorumEpochResponse, epoch)
};
// Fetch on __cluster_metadata-0, by voters and observers.
struct QuorumFetchRequest {
  NodeId replica = kNoNode;
  bool voter = false;
  Epoch epoch = 0;
  Offset fetch_offset = 0;
  Epoch last_fetched_epoch = 0;
  Offset high_watermark = -1;  // what the follower knows; a newer one answers at once (KIP-1166)
  Duration max_wait = 0;
  static constexpr std::string_view name = "QuorumFetch";
  NUTSHELL_FIELDS(QuorumFetchRequest, replica, voter, epoch, fetch_offset, last_fetched_epoch, high_watermark, max_wait)
};
struct QuorumFetchResponse {
  ErrorCode error = ErrorCode::none;
  Epoch epoch = 0;
  NodeId leader = kNoNode;
  Offset high_watermark = -1;
  Epoch diverging_epoch = -1;
  Offset diverging_end = -1;
  Offset snapshot_end = -1;  // the follower has to fetch this snapshot first (K7); -1: it need not
  Epoch snapshot_epoch = -1;
  Offset base_offset = 0;
  MetadataStretch entries;  // from base_offset on
  static constexpr std::string_view name = "QuorumFetchResponse";
  NUTSHELL_FIELDS(QuorumFetchResponse, error, epoch, leader, high_watermark, diverging_epoch, diverging_end, snapshot_end,
                  snapshot_epoch, base_offset, entries)
};
// A piece of a snapshot, from `position` on (KIP-630).
struct FetchSnapshotRequest {
  NodeId replica = kNoNode;
  bool voter = false;
  Epoch epoch = 0;
  Offset snapshot_end = -1;
  Epoch snapshot_epoch = -1;
  std::int64_t position = 0;
  static constexpr std::string_view name = "FetchSnapshot";
  NUTSHELL_FIELDS(FetchSnapshotRequest, replica, voter, epoch, snapshot_end, snapshot_epoch, position)
};
struct FetchSnapshotResponse {
  ErrorCode error = ErrorCode::none;
  Epoch epoch = 0;
  NodeId leader = kNoNode;
  std::int64_t size = 0;      // of the whole snapshot, in bytes
  std::int64_t position = 0;  // of this piece
  std::int64_t bytes = 0;     // in this piece
  MetadataSnapshot snapshot;  // goes as a whole with each piece; it counts with the last one
  static constexpr std::string_view name = "FetchSnapshotResponse";
  NUTSHELL_FIELDS(FetchSnapshotResponse, error, epoch, leader, size, position, bytes, snapshot)
};

}  // namespace nutshell

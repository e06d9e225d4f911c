// What the group coordinator writes into __consumer_offsets (G1, G2): commits and group snapshots.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/types.h"
#include "sim/kafka/subscription.h"

namespace nutshell {

// One committed offset: the number of the next record to read.
struct OffsetCommitRecord {
  GroupId group = -1;  // interned group.id
  TopicPartition tp;
  Offset offset = 0;  // -1: nothing is committed any more, a tombstone
  Time committed_at = 0;
  Epoch leader_epoch = -1;  // of the record before it (KIP-320)
  NUTSHELL_FIELDS(OffsetCommitRecord, group, tp, offset, committed_at, leader_epoch)
};

struct GroupMemberRecord {
  std::int32_t member_id = -1;  // interned
  NodeId client = kNoNode;
  Duration session_timeout = 0;
  Duration rebalance_timeout = 0;
  std::vector<std::int32_t> topics;       // subscription, interned
  std::vector<TopicPartition> assignment;
  // Kafka keeps these two for the chosen protocol only.
  AssignorList protocols;
  PartitionClaim claim;
  GroupProtocol protocol;
  std::int32_t opaque = -1;  // assignment of another protocol type
  NUTSHELL_FIELDS(GroupMemberRecord, member_id, client, session_timeout, rebalance_timeout, topics, assignment, protocols, claim,
                  protocol, opaque)
};

// The group as of one generation, written when the leader's assignment arrives.
struct GroupSnapshot {
  GroupId group = -1;
  std::int32_t generation = 0;
  std::int32_t leader = -1;    // interned member id, -1: none
  std::int8_t protocol = -1;   // AssignorName, -1: none
  Time since = 0;              // when it became so
  std::vector<GroupMemberRecord> members;
  NUTSHELL_FIELDS(GroupSnapshot, group, generation, leader, protocol, since, members)
};

// Snapshots are immutable and shared: a log of commits stays small to copy.
struct GroupMetadataRecord {
  std::shared_ptr<const GroupSnapshot> snapshot;
  void fold_into(std::uint64_t& digest) const { fold(digest, *snapshot); }
};

using GroupRecord = std::variant<OffsetCommitRecord, GroupMetadataRecord>;

}  // namespace nutshell

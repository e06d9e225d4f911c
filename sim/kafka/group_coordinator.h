// The group coordinator: a part of every broker, in charge of the groups whose __consumer_offsets
// partition the broker leads (G1, G2, G7-G11; classic protocol, dynamic members).
//
// What survives a coordinator is what it wrote: committed offsets, and each generation's members with
// their assignment. Members that are joining, and ids given to members that have not joined, do not.
// When its broker's process dies, the coordinator is forgotten as a whole (GroupCoordinator{}).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/config.h"
#include "sim/kafka/env.h"
#include "sim/kafka/group_records.h"

namespace nutshell {

struct Broker;

enum class GroupState : std::uint8_t { empty, preparing_rebalance, completing_rebalance, stable, dead };
std::string_view group_state_name(GroupState state);  // "PreparingRebalance"

struct GroupMember {
  std::int32_t member_id = -1;
  NodeId client = kNoNode;
  Duration session_timeout = 0;
  Duration rebalance_timeout = 0;
  AssignorList protocols;
  std::vector<std::int32_t> topics;        // subscription, interned
  std::vector<TopicPartition> assignment;  // of the current generation, once it is stable
  PartitionClaim claim;                    // as it said when it joined
  GroupProtocol protocol;                  // likewise
  std::int32_t opaque = -1;                // assignment of another protocol type
  bool joining = false;       // has an open JoinGroup: `join`
  bool syncing = false;       // has an open SyncGroup: `sync`
  bool is_new = false;        // its first JoinGroup is still open
  bool sync_pending = false;  // knows the generation and has not sent SyncGroup
  RequestId join, sync;
  Timer session = kNoTimer;
  NUTSHELL_FIELDS(GroupMember, member_id, client, session_timeout, rebalance_timeout, protocols, topics, assignment,
                  claim, protocol, opaque, joining, syncing, is_new, sync_pending, join, sync, session)
};

// Got an id and has not joined with it (KIP-394).
struct PendingMember {
  std::int32_t member_id = -1;
  Timer session = kNoTimer;
  NUTSHELL_FIELDS(PendingMember, member_id, session)
};

struct CommittedOffset {
  TopicPartition tp;
  Offset offset = -1;  // of the next record to read (G2)
  Time committed_at = 0;
  Epoch leader_epoch = -1;  // of the record before it (KIP-320)
  NUTSHELL_FIELDS(CommittedOffset, tp, offset, committed_at, leader_epoch)
};

struct Group {
  GroupId group = -1;      // interned group.id
  std::int32_t partition = -1;  // of __consumer_offsets
  GroupState state = GroupState::empty;
  Time empty_since = kNoTimestamp;  // by its coordinator's clock; kNoTimestamp: it is not, or has never been anything else
  std::int32_t generation = 0;
  std::int32_t leader = -1;  // member id, -1: none
  AssignorName protocol = AssignorName::range;
  std::vector<GroupMember> members;  // in order of joining
  std::vector<PendingMember> pending_members;
  std::vector<CommittedOffset> offsets;  // sorted by partition
  // The join phase that begins from Empty lasts group.initial.rebalance.delay.ms and is extended while
  // members keep coming (G8).
  bool initial = false;
  bool joined_meanwhile = false;
  Duration initial_delay = 0;      // of the part that runs
  Duration initial_remaining = 0;  // by which it may still be extended
  Timer join_timer = kNoTimer, sync_timer = kNoTimer;
  NUTSHELL_FIELDS(Group, group, partition, state, empty_since, generation, leader, protocol, members, pending_members, offsets,
                  initial, joined_meanwhile, initial_delay, initial_remaining, join_timer, sync_timer)
};

// A write to __consumer_offsets that takes effect when it is replicated.
struct GroupAppend {
  enum class Kind : std::uint8_t { commit, assignment, empty_group };
  Kind kind = Kind::commit;
  std::uint64_t number = 0;
  GroupId group = -1;
  std::int32_t partition = -1;  // of __consumer_offsets
  std::int32_t generation = -1;
  std::int32_t waiting = 0;             // records that are not decided yet
  ErrorCode error = ErrorCode::none;    // of the first record that failed
  RequestId request;                    // commit: to be answered
  NodeId consumer = kNoNode;            // commit: whose
  Offset first_offset = -1;             // commit: of its first record; the others follow
  std::vector<CommitPartition> commits;  // offset -1: forgotten meanwhile
  std::vector<MemberAssignment> assignments;
  Rare<bool> topic_unknown;             // commit: some of it was for a topic that is not there
  NUTSHELL_FIELDS(GroupAppend, kind, number, group, partition, generation, waiting, error, request, consumer, first_offset,
                  commits, assignments, topic_unknown)
};

struct GroupCoordinator {
  std::vector<Group> groups;             // by group
  std::vector<std::int32_t> partitions;  // of __consumer_offsets that this broker coordinates, loaded
  std::vector<GroupAppend> appends;      // by number
  std::uint64_t next_append = 0;
  Timer expiry_timer = kNoTimer;
  NUTSHELL_FIELDS(GroupCoordinator, groups, partitions, appends, next_append, expiry_timer)
};

// The partition of __consumer_offsets that holds a group (G1), by what the broker knows of that topic. What
// offsets.topic.num.partitions says counts only when the topic is created. -1: there is no such topic yet.
std::int32_t partition_of_group(const Env& env, const Broker& broker, GroupId group);
// The broker became leader of a __consumer_offsets partition: replays its log (G1). Does nothing if it
// coordinates the partition already.
void coordinator_elected(Env& env, Broker& broker, std::int32_t partition);
// It leads it no more: open requests get NOT_COORDINATOR, the groups are forgotten.
void coordinator_resigned(Env& env, Broker& broker, std::int32_t partition);
// The topic is no more: what groups had committed of it is forgotten, with a tombstone each (G6).
void coordinator_on_topic_deleted(Env& env, Broker& broker, TopicId topic);
// True if the request belongs to the coordinator (FindCoordinator does not).
bool coordinator_on_request(Env& env, Broker& broker, const RequestId& request, Body& body);
bool coordinator_on_timer(Env& env, Broker& broker, const Event& timer);
// A record given to append_group_record() is replicated, or has failed. May come from within that call.
// An unknown number is ignored: its group has moved away meanwhile.
void coordinator_on_append(Env& env, Broker& broker, std::uint64_t number, ErrorCode error);

}  // namespace nutshell

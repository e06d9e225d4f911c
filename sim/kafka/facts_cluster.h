// Facts of the metadata quorum, the controller and partitions. For facts.h only.
#pragma once

#include "sim/kafka/fact_reasons.h"

namespace nutshell {

// metadata quorum and controller
struct ElectionStarted {
  NodeId node = kNoNode;
  Epoch epoch = 0;
  bool pre_vote = false;
  NUTSHELL_FACT("election_started", story) NUTSHELL_FIELDS(ElectionStarted, node, epoch, pre_vote)
};
struct VoteAnswered {
  NodeId voter = kNoNode, candidate = kNoNode;
  Epoch epoch = 0;
  bool granted = false, pre_vote = false;
  NUTSHELL_FACT("vote_answered", protocol) NUTSHELL_FIELDS(VoteAnswered, voter, candidate, epoch, granted, pre_vote)
};
struct ControllerElected {
  NodeId node = kNoNode;
  Epoch epoch = 0;
  Offset epoch_start = 0;
  NUTSHELL_FACT("controller_elected", story) NUTSHELL_FIELDS(ControllerElected, node, epoch, epoch_start)
};
struct ControllerActivated {  // has committed a record of its own epoch and acts
  NodeId node = kNoNode;
  Epoch epoch = 0;
  NUTSHELL_FACT("controller_activated", story) NUTSHELL_FIELDS(ControllerActivated, node, epoch)
};
struct ControllerResigned {
  NodeId node = kNoNode;
  Epoch epoch = 0;
  NUTSHELL_FACT("controller_resigned", story) NUTSHELL_FIELDS(ControllerResigned, node, epoch)
};
struct MetadataCommitted {  // on the leader of the quorum
  NodeId node = kNoNode;
  Epoch epoch = 0;
  Offset high_watermark = 0;
  NUTSHELL_FACT("metadata_committed", protocol) NUTSHELL_FIELDS(MetadataCommitted, node, epoch, high_watermark)
};
struct MetadataTruncated {
  NodeId node = kNoNode;
  Offset from = 0, to = 0;
  NUTSHELL_FACT("metadata_truncated", protocol) NUTSHELL_FIELDS(MetadataTruncated, node, from, to)
};
struct MetadataSnapshotTaken {  // of all below `end_offset`; `epoch` is that of its last record
  NodeId node = kNoNode;
  Offset end_offset = 0;
  Epoch epoch = 0;
  NUTSHELL_FACT("metadata_snapshot_taken", protocol) NUTSHELL_FIELDS(MetadataSnapshotTaken, node, end_offset, epoch)
};
struct MetadataSnapshotFetched {  // in the place of its log, which ended at `from`
  NodeId node = kNoNode;
  Offset from = 0, end_offset = 0;
  NUTSHELL_FACT("metadata_snapshot_fetched", protocol) NUTSHELL_FIELDS(MetadataSnapshotFetched, node, from, end_offset)
};
struct MetadataLogStartRaised {  // to the end of a snapshot; older ones are gone
  NodeId node = kNoNode;
  Offset from = 0, to = 0;
  NUTSHELL_FACT("metadata_log_start_raised", protocol) NUTSHELL_FIELDS(MetadataLogStartRaised, node, from, to)
};
struct BrokerRegistered {
  BrokerId broker = kNoBroker;
  Offset broker_epoch = 0;
  NUTSHELL_FACT("broker_registered", story) NUTSHELL_FIELDS(BrokerRegistered, broker, broker_epoch)
};
struct BrokerFenced {
  BrokerId broker = kNoBroker;
  FenceReason reason = FenceReason::session_expired;
  NUTSHELL_FACT("broker_fenced", story) NUTSHELL_FIELDS(BrokerFenced, broker, reason)
};
struct BrokerUnfenced { BrokerId broker = kNoBroker; NUTSHELL_FACT("broker_unfenced", story) NUTSHELL_FIELDS(BrokerUnfenced, broker) };
struct ShutdownStarted { BrokerId broker = kNoBroker; NUTSHELL_FACT("shutdown_started", story) NUTSHELL_FIELDS(ShutdownStarted, broker) };
struct TopicCreated {
  TopicId topic = -1;
  std::int32_t partitions = 0, replication_factor = 0;
  NUTSHELL_FACT("topic_created", story) NUTSHELL_FIELDS(TopicCreated, topic, partitions, replication_factor)
};

// partitions
struct LeaderElected {  // by the controller; the broker takes office when it has applied the record
  TopicPartition tp;
  BrokerId leader = kNoBroker, previous = kNoBroker;
  Epoch leader_epoch = 0;
  bool unclean = false;
  NUTSHELL_FACT("leader_elected", story) NUTSHELL_FIELDS(LeaderElected, tp, leader, previous, leader_epoch, unclean)
};
struct PartitionOffline {
  TopicPartition tp;
  BrokerId previous = kNoBroker;
  Epoch leader_epoch = 0;
  NUTSHELL_FACT("partition_offline", story) NUTSHELL_FIELDS(PartitionOffline, tp, previous, leader_epoch)
};
struct IsrShrunk {  // committed by the controller
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  std::int32_t isr_size = 0, partition_epoch = 0;
  bool by_leader = false;  // else by the controller, fencing or shutting the broker down
  NUTSHELL_FACT("isr_shrunk", story) NUTSHELL_FIELDS(IsrShrunk, tp, broker, isr_size, partition_epoch, by_leader)
};
struct IsrExpanded {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  std::int32_t isr_size = 0, partition_epoch = 0;
  NUTSHELL_FACT("isr_expanded", story) NUTSHELL_FIELDS(IsrExpanded, tp, broker, isr_size, partition_epoch)
};
struct IsrChangeProposed {
  TopicPartition tp;
  BrokerId leader = kNoBroker, broker = kNoBroker;
  bool joins = false;
  NUTSHELL_FACT("isr_change_proposed", protocol) NUTSHELL_FIELDS(IsrChangeProposed, tp, leader, broker, joins)
};
struct IsrChangeRefused {
  TopicPartition tp;
  BrokerId leader = kNoBroker;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("isr_change_refused", protocol) NUTSHELL_FIELDS(IsrChangeRefused, tp, leader, error)
};
struct LeaderTookOffice {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Epoch leader_epoch = 0;
  Offset epoch_start = 0;
  NUTSHELL_FACT("leader_took_office", story) NUTSHELL_FIELDS(LeaderTookOffice, tp, broker, leader_epoch, epoch_start)
};
struct FollowerStarted {
  TopicPartition tp;
  BrokerId broker = kNoBroker, leader = kNoBroker;
  Epoch leader_epoch = 0;
  NUTSHELL_FACT("follower_started", protocol) NUTSHELL_FIELDS(FollowerStarted, tp, broker, leader, leader_epoch)
};
struct BatchAppended {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset base_offset = 0;
  std::int32_t count = 0;
  Epoch leader_epoch = 0;
  bool as_leader = false;
  NUTSHELL_FACT("batch_appended", detail) NUTSHELL_FIELDS(BatchAppended, tp, broker, base_offset, count, leader_epoch, as_leader)
};
struct HighWatermarkMoved {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset from = 0, to = 0;
  bool as_leader = false;
  NUTSHELL_FACT("high_watermark_moved", detail) NUTSHELL_FIELDS(HighWatermarkMoved, tp, broker, from, to, as_leader)
};
struct LogTruncated {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset from = 0, to = 0, high_watermark = 0;  // high watermark before the cut
  NUTSHELL_FACT("log_truncated", story) NUTSHELL_FIELDS(LogTruncated, tp, broker, from, to, high_watermark)
};
struct LogStartRaised {  // what lies below is not readable any more
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset from = 0, to = 0;
  RemovalReason reason = RemovalReason::time;
  NUTSHELL_FACT("log_start_raised", story) NUTSHELL_FIELDS(LogStartRaised, tp, broker, from, to, reason)
};
struct SegmentDeleted {  // its file stays for file.delete.delay.ms
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset base_offset = 0, end_offset = 0;
  std::int64_t size_in_bytes = 0;
  RemovalReason reason = RemovalReason::time;
  NUTSHELL_FACT("segment_deleted", protocol) NUTSHELL_FIELDS(SegmentDeleted, tp, broker, base_offset, end_offset, size_in_bytes, reason)
};
struct SegmentFileRemoved {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset base_offset = 0;
  std::int64_t size_in_bytes = 0;
  NUTSHELL_FACT("segment_file_removed", protocol) NUTSHELL_FIELDS(SegmentFileRemoved, tp, broker, base_offset, size_in_bytes)
};
struct LogCleaningStarted {  // of a round: reading and writing takes its time
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset from = 0, to = 0;  // the dirty part that is read for keys
  std::int64_t dirty_bytes = 0, clean_bytes = 0;
  NUTSHELL_FACT("log_cleaning_started", protocol) NUTSHELL_FIELDS(LogCleaningStarted, tp, broker, from, to, dirty_bytes, clean_bytes)
};
// All segments below `to` were written anew. Which records are gone follows in the same step, unless they are very many.
struct LogCleaned {
  static constexpr std::size_t most_one_by_one = 4096;
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  std::int32_t removed = 0, left = 0, tombstones = 0;  // records below `to`; tombstones: of those left
  Offset from = 0, to = 0;  // the part that was dirty
  std::int64_t bytes_before = 0, bytes_after = 0;
  NUTSHELL_FACT("log_cleaned", story)
  NUTSHELL_FIELDS(LogCleaned, tp, broker, from, to, removed, left, tombstones, bytes_before, bytes_after)
};
struct RecordCompacted {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset offset = 0, newer = -1;  // newer: that of the record which has the same key
  CompactionReason reason = CompactionReason::superseded;
  NUTSHELL_FACT("record_compacted", detail) NUTSHELL_FIELDS(RecordCompacted, tp, broker, offset, newer, reason)
};
struct ProduceRefused {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  NodeId producer = kNoNode;
  ErrorCode error = ErrorCode::none;
  NUTSHELL_FACT("produce_refused", protocol) NUTSHELL_FIELDS(ProduceRefused, tp, broker, producer, error)
};
struct DuplicateRecognised {  // idempotence: answered with the first copy's offset, nothing written (C7)
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  NodeId producer = kNoNode;
  Offset base_offset = 0;
  NUTSHELL_FACT("duplicate_recognised", story) NUTSHELL_FIELDS(DuplicateRecognised, tp, broker, producer, base_offset)
};

// topics that grow
struct PartitionsCreated {
  TopicId topic = -1;
  std::int32_t previous = 0, partitions = 0;  // numbers of partitions before and from then on
  NUTSHELL_FACT("partitions_created", story) NUTSHELL_FIELDS(PartitionsCreated, topic, previous, partitions)
};

// topics that go
struct TopicDeleted {  // by the controller; brokers hear of it with the metadata log
  TopicId topic = -1;
  NUTSHELL_FACT("topic_deleted", story) NUTSHELL_FIELDS(TopicDeleted, topic)
};
struct LogDeleted {  // a replica that is no more; its files stay for file.delete.delay.ms
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset log_end = 0;
  std::int64_t size_in_bytes = 0;
  NUTSHELL_FACT("log_deleted", story) NUTSHELL_FIELDS(LogDeleted, tp, broker, log_end, size_in_bytes)
};
struct LogFilesRemoved {
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  std::int64_t size_in_bytes = 0;
  NUTSHELL_FACT("log_files_removed", protocol) NUTSHELL_FIELDS(LogFilesRemoved, tp, broker, size_in_bytes)
};
struct OffsetsForgotten {  // what a group had committed of a topic that was deleted, or long ago (G6)
  TopicId topic = -1;
  GroupId group = -1;
  std::int32_t partitions = 0;
  bool expired = false;
  NUTSHELL_FACT("offsets_forgotten", story) NUTSHELL_FIELDS(OffsetsForgotten, topic, group, partitions, expired)
};

// disks
struct DamageFound {  // a batch of a broker's log is not what was written: who looked at its checksum does not take it
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  NodeId finder = kNoNode;  // that broker at its start, a follower or a consumer
  Offset offset = 0;
  NUTSHELL_FACT("damage_found", story) NUTSHELL_FIELDS(DamageFound, tp, broker, finder, offset)
};
struct BatchDamaged {  // on one disk; nobody has noticed
  TopicPartition tp;
  BrokerId broker = kNoBroker;
  Offset offset = 0;
  NUTSHELL_FACT("batch_damaged", story) NUTSHELL_FIELDS(BatchDamaged, tp, broker, offset)
};
struct FlushesLie {
  BrokerId broker = kNoBroker;
  bool lie = false;
  NUTSHELL_FACT("flushes_lie", story) NUTSHELL_FIELDS(FlushesLie, broker, lie)
};
struct DiskStalled {
  BrokerId broker = kNoBroker;
  DurationRef duration = 0;
  NUTSHELL_FACT("disk_stalled", story) NUTSHELL_FIELDS(DiskStalled, broker, duration)
};
struct DiskReplaced {  // of a process that is down: nothing is on the new one
  BrokerId broker = kNoBroker;
  std::int32_t logs = 0;
  NUTSHELL_FACT("disk_replaced", story) NUTSHELL_FIELDS(DiskReplaced, broker, logs)
};
struct DiskCopied {  // for going back to
  BrokerId broker = kNoBroker;
  std::int32_t logs = 0;
  NUTSHELL_FACT("disk_copied", story) NUTSHELL_FIELDS(DiskCopied, broker, logs)
};
struct DiskSetBack {  // to the copy, of a process that is down
  BrokerId broker = kNoBroker;
  std::int32_t logs = 0;
  NUTSHELL_FACT("disk_set_back", story) NUTSHELL_FIELDS(DiskSetBack, broker, logs)
};

// directories of logs, counted from 0
struct DirectoryBroken {  // its disk; the broker notices when it uses it
  BrokerId broker = kNoBroker;
  std::int32_t directory = 0;
  NUTSHELL_FACT("directory_broken", story) NUTSHELL_FIELDS(DirectoryBroken, broker, directory)
};
struct DirectoryLimited {
  BrokerId broker = kNoBroker;
  std::int32_t directory = 0;
  std::int64_t free_bytes = 0;
  NUTSHELL_FACT("directory_limited", story) NUTSHELL_FIELDS(DirectoryLimited, broker, directory, free_bytes)
};
struct DirectoryFailed {  // the broker has noticed, and uses it no more
  BrokerId broker = kNoBroker;
  std::int32_t directory = 0, replicas = 0;
  NUTSHELL_FACT("directory_failed", story) NUTSHELL_FIELDS(DirectoryFailed, broker, directory, replicas)
};
struct DirectoriesOffline {  // the controller has heard
  BrokerId broker = kNoBroker;
  std::int32_t directories = 0;
  NUTSHELL_FACT("directories_offline", story) NUTSHELL_FIELDS(DirectoriesOffline, broker, directories)
};
struct BrokerHalted {
  BrokerId broker = kNoBroker;
  HaltReason reason = HaltReason::all_directories;
  NUTSHELL_FACT("broker_halted", story) NUTSHELL_FIELDS(BrokerHalted, broker, reason)
};

// zones
struct ZoneLost {  // what stands in it has lost power, or is cut off from the rest
  NameRef zone = -1;
  bool cut_off = false;
  NUTSHELL_FACT("zone_lost", story) NUTSHELL_FIELDS(ZoneLost, zone, cut_off)
};
struct ZoneRestored {
  NameRef zone = -1;
  NUTSHELL_FACT("zone_restored", story) NUTSHELL_FIELDS(ZoneRestored, zone)
};
struct ZoneLatencySet {  // between two zones; without `to` between the one and all others
  NameRef zone = -1, to = -1;
  DurationRef latency = 0;
  NUTSHELL_FACT("zone_latency_set", story) NUTSHELL_FIELDS(ZoneLatencySet, zone, to, latency)
};

}  // namespace nutshell

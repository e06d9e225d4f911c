// The broker: lifecycle, metadata, replicas, fetchers, and the requests of clients.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/fifo.h"
#include "sim/kafka/config.h"
#include "sim/kafka/env.h"
#include "sim/kafka/group_coordinator.h"
#include "sim/kafka/internal_topics.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/metadata.h"
#include "sim/kafka/raft.h"
#include "sim/kafka/replica_keys.h"
#include "sim/log/disk.h"
#include "sim/log/log.h"

namespace nutshell {

enum class ReplicaRole : std::uint8_t { offline, follower, leader };

// The leader's view of a follower (R4).
struct FollowerState {
  std::int16_t broker = -1;
  Offset log_end_offset = -1;  // its fetch offset; -1: unknown in this epoch
  Time last_caught_up = 0;
  Time last_fetch = -1;              // time and leader LEO of its last fetch
  Offset leader_end_at_fetch = -1;
  Offset broker_epoch = -1;
  Offset sent_high_watermark = -1;   // in the last response to it
  Offset sent_log_start = -1;
  Offset log_start_offset = -1;      // as its last fetch said
  NUTSHELL_FIELDS(FollowerState, broker, log_end_offset, last_caught_up, last_fetch, leader_end_at_fetch, broker_epoch,
                  sent_high_watermark, sent_log_start, log_start_offset)
};

// A produce request with acks=all that waits for replication; a group record likewise (no request).
struct ParkedProduce {
  std::int32_t number = 0;
  RequestId request;
  std::uint64_t group_append = 0;  // if `internal`
  bool internal = false;
  std::int32_t waiting = 0;        // partitions not yet decided
  ProduceResponse response;
  std::vector<Offset> required;    // per partition: high watermark it needs; -1: decided
  Timer timer = kNoTimer;
  NUTSHELL_FIELDS(ParkedProduce, number, request, group_append, internal, waiting, response, required, timer)
};

// A produce request that waits for the high watermark of a replica, and how high that has to be: as the request itself says,
// but here it is at hand whenever the high watermark moves.
struct AwaitedOffset {
  std::int32_t number = 0;
  Offset required = 0;
  void fold_into(std::uint64_t& digest) const { fold(digest, number); }
};

// Records on their way to a disk that takes time: a ProduceRequest, or the FetchResponse to the fetcher named by `tag`.
struct DiskWrite {
  RequestId request;
  std::uint64_t tag = 0;
  Body body;
  NUTSHELL_FIELDS(DiskWrite, request, tag, body)
};

// The file of a deleted segment, until it is removed (L10).
struct DeletedFile {
  TopicPartition tp;
  Offset base_offset = 0;
  std::int64_t size_in_bytes = 0;
  Time remove_at = 0;
  NUTSHELL_FIELDS(DeletedFile, tp, base_offset, size_in_bytes, remove_at)
};

// How far a log is compacted (L13): Kafka's cleaner-offset-checkpoint. On disk, so it outlives the process.
struct CleanerCheckpoint {
  TopicPartition tp;
  Offset offset = 0;
  NUTSHELL_FIELDS(CleanerCheckpoint, tp, offset)
};

// A cleaner thread that reads or writes, which takes time.
struct CleanerThread {
  std::int32_t number = 0;
  TopicPartition tp;
  Offset end = 0;               // of the round
  Time began = 0;               // by the broker's clock
  std::int64_t bytes_left = 0;  // still to be read or written, beyond those that are under way
  bool writing = false;
  NUTSHELL_FIELDS(CleanerThread, number, tp, end, began, bytes_left, writing)
};

struct LogCleaner {
  Time started = 0;
  std::vector<CleanerCheckpoint> checkpoints;
  std::vector<CleanerThread> threads;  // those at work
  Timer look_timer = kNoTimer;
  NUTSHELL_FIELDS(LogCleaner, started, checkpoints, threads, look_timer)
};

// A log that was deleted, until its files are removed. Unlike the files of segments they outlive the process.
struct DeletedLog {
  TopicPartition tp;
  std::int64_t size_in_bytes = 0;
  Time remove_at = 0;
  NUTSHELL_FIELDS(DeletedLog, tp, size_in_bytes, remove_at)
};

// A fetch that waits for data or max wait.
struct ParkedFetch {
  std::int32_t number = 0;
  RequestId request;
  FetchRequest fetch;
  Timer timer = kNoTimer;
  NUTSHELL_FIELDS(ParkedFetch, number, request, fetch, timer)
};

// A DeleteRecords that waits until the logs of all live followers begin there too (L12).
struct ParkedDelete {
  std::int32_t number = 0;
  RequestId request;
  TopicPartition tp;
  Offset offset = 0;
  Timer timer = kNoTimer;
  NUTSHELL_FIELDS(ParkedDelete, number, request, tp, offset, timer)
};

// AlterPartition, of which there is one at a time for a partition: on its way, or waiting to be sent again (R7).
enum class IsrRequest : std::uint8_t {
  none,
  current,   // asks for the pending ISR
  outdated,  // metadata has told meanwhile: its outcome is of no interest
};

struct Replica {
  TopicPartition tp;
  Incarnation incarnation;  // of its topic
  ReplicaRole role = ReplicaRole::offline;
  IsrRequest isr_request = IsrRequest::none;
  BrokerId leader = kNoBroker;
  Epoch leader_epoch = -1;
  std::int32_t partition_epoch = -1;
  Rare<std::int32_t> directory;  // of log.dirs, counted from 0
  BrokerList assigned;
  BrokerList isr;               // committed
  BrokerList pending_isr;       // proposed; empty: none in flight (R7)
  Offset epoch_start = 0;       // LEO when it took office (R9)
  Log log;
  std::vector<FollowerState> followers;         // leader only
  std::vector<AwaitedOffset> parked_produces;
  Rare<Time> flushed_at;                        // when it was last flushed, as far as flush.ms counts
  NUTSHELL_FIELDS(Replica, tp, incarnation, role, leader, leader_epoch, partition_epoch, assigned, isr, pending_isr, isr_request,
                  epoch_start, log, followers, parked_produces, directory, flushed_at)
};

// One partition that a fetcher copies.
struct FetcherPartition {
  TopicPartition tp;
  Time not_before = 0;           // backing off after an error (R1)
  Offset requested_offset = -1;  // of the request in flight; an answer to anything else is stale
  Epoch requested_epoch = -1;
  Epoch asked_epoch = -1;        // whose end the leader has to tell before anything is fetched; -1: none (L21 kip101, kip279)
  NUTSHELL_FIELDS(FetcherPartition, tp, not_before, requested_offset, requested_epoch, asked_epoch)
};

// Copies all partitions that one other broker leads; one request in flight.
struct Fetcher {
  BrokerId source = kNoBroker;
  std::vector<FetcherPartition> partitions;
  bool in_flight = false;
  Timer backoff = kNoTimer;
  NUTSHELL_FIELDS(Fetcher, source, partitions, in_flight, backoff)
};

// The fetchers of a broker by source, and the place of each: every answer looks one up.
class Fetchers {
 public:
  // Made when absent. The reference holds until the next one is made.
  Fetcher& of(BrokerId source) {
    const auto id = static_cast<std::size_t>(source.number);
    if (id < places_.size() && places_[id] != kNone) return all_[places_[id]];
    return add(source);
  }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }
  void fold_into(std::uint64_t& digest) const { fold(digest, all_); }
  std::size_t memory_bytes() const { return all_.size() * sizeof(Fetcher) + places_.size() * sizeof(places_[0]); }

 private:
  static constexpr std::uint16_t kNone = 0xffff;
  Fetcher& add(BrokerId source);

  std::vector<Fetcher> all_;           // by source
  std::vector<std::uint16_t> places_;  // in all_, by source
};

enum class BrokerState : std::uint8_t { down, starting, recovery, running, controlled_shutdown };

struct Broker {
  NUTSHELL_VALUE(Broker)

  NodeId node = kNoNode;
  BrokerId id = kNoBroker;
  BrokerConfig config;
  BrokerState state = BrokerState::down;
  Raft raft;             // an observer of the metadata quorum
  MetadataImage image;   // what this broker has applied; may be stale
  bool published = false;     // has caught up with its own registration, and acts on the image
  Offset broker_epoch = -1;   // -1: not registered in this incarnation
  bool fenced = true;         // as the controller last said
  bool registration_in_flight = false, heartbeat_in_flight = false;
  bool shutdown_answered = false;  // the controller knows that it wants to shut down, and has not let it go yet
  std::int32_t registration_failures = 0;
  std::vector<Replica> replicas;   // sorted by partition
  ReplicaKeys replica_keys;        // their partitions: for finding one fast
  Disk disk;                       // where the logs are; outlives the process
  RareList<std::vector<LogDirectory>> directories;  // by number; empty: nothing has befallen any
  RareList<std::vector<PlacedReplica>> unplaced;     // in which directory they are is still to be told to the controller
  Rare<DirectorySet> told_offline, telling_offline;  // what the controller knows; what the heartbeat under way says
  Rare<bool> placing;                                // AssignReplicasToDirs is under way, or waits to be sent again
  std::vector<DiskWrite> disk_writes;  // oldest first
  std::vector<DeletedFile> deleted_files;  // the soonest to be removed first
  LogCleaner cleaner;
  RareList<std::vector<DeletedLog>> deleted_logs;  // likewise
  RareList<std::vector<Replica>> snapshot;         // a copy of the logs, for going back to
  Fetchers fetchers;
  Fifo<ParkedProduce> produces;         // by number
  Fifo<ParkedFetch> fetches;            // by number
  std::vector<ParkedDelete> deletes;    // by number
  std::int32_t next_parked = 0;
  GroupCoordinator groups;
  std::int64_t next_producer_id = -1;  // of the block the controller gave
  std::int32_t producer_ids_left = 0;
  bool ids_in_flight = false;
  bool offsets_topic_wanted = false;   // CreateTopics for __consumer_offsets is under way
  bool offsets_topic_refused = false;  // the last one was, which has been said
  std::vector<RequestId> waiting_for_ids;
  Timer registration_timer = kNoTimer, heartbeat_timer = kNoTimer, isr_timer = kNoTimer, checkpoint_timer = kNoTimer,
        recovery_timer = kNoTimer, retention_timer = kNoTimer, file_timer = kNoTimer;
  NUTSHELL_FIELDS(Broker, node, id, config, state, raft, image, published, broker_epoch, fenced, registration_in_flight,
                  heartbeat_in_flight, shutdown_answered, registration_failures, replicas, replica_keys, disk, directories, unplaced,
                  told_offline, telling_offline, placing, disk_writes, deleted_files, cleaner, deleted_logs, snapshot, fetchers, produces,
                  fetches, deletes, next_parked, groups, next_producer_id, producer_ids_left,
                  ids_in_flight, offsets_topic_wanted, offsets_topic_refused, waiting_for_ids, registration_timer,
                  heartbeat_timer, isr_timer, checkpoint_timer, recovery_timer, retention_timer, file_timer)

  // nullptr: not here.
  Replica* replica(TopicPartition tp) {
    const std::size_t place = replica_keys.find(tp);
    return place == ReplicaKeys::kNone ? nullptr : &replicas[place];
  }
  const Replica* replica(TopicPartition tp) const { return const_cast<Broker*>(this)->replica(tp); }
};

void start(Env& env, Broker& broker);
// Controlled shutdown (R13), then ends its process; after five minutes without leave to go it ends anyway. One
// that has never been unfenced ends at once.
void stop(Env& env, Broker& broker);
// The process has ended. A clean end flushes every log and writes the checkpoints; a power loss takes what is not flushed.
void forget(Env& env, Broker& broker, ProcessEnd end);
void on_request(Env& env, Broker& broker, const RequestId& request, Body& body);
void on_response(Env& env, Broker& broker, const Response& response);
void on_timer(Env& env, Broker& broker, const Event& timer);

// disks, as hands change them

void let_disk_lie(Env& env, Broker& broker, bool lie);
// Does nothing where no batch holds the offset, or a damaged one.
void damage_batch(Env& env, Broker& broker, TopicPartition tp, Offset offset);
// A directory fails, or has room for so many bytes more. REQUIRES the broker has it.
void fail_directory(Env& env, Broker& broker, std::int32_t directory);
void limit_directory(Env& env, Broker& broker, std::int32_t directory, std::int64_t free_bytes);
// These two do nothing while the process is up.
void replace_disk(Env& env, Broker& broker);
void set_disk_back(Env& env, Broker& broker);
void copy_disk(Env& env, Broker& broker);

// for the group coordinator

// Appends to __consumer_offsets-`partition` with acks=all; coordinator_on_append(number) says how it went.
// An error is returned at once if this broker cannot append.
ErrorCode append_group_record(Env& env, Broker& broker, std::int32_t partition, const GroupRecord& record,
                              std::uint64_t number);
// Up to where a log is compacted; -1: it never was.
Offset cleaned_up_to(const Broker& broker, TopicPartition tp);

}  // namespace nutshell

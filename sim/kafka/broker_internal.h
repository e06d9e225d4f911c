// What the parts of a broker call of each other. For the files of this folder only.
#pragma once

#include "sim/kafka/broker.h"

namespace nutshell {

// broker_lifecycle.cpp: registration, heartbeats, shutdown (R11-R13)
void try_register(Env& env, Broker& broker);
void send_heartbeat(Env& env, Broker& broker);
void on_registration(Env& env, Broker& broker, const Response& response);
void on_heartbeat_response(Env& env, Broker& broker, const Response& response);

// broker_metadata.cpp: from the metadata log to roles
// Applies what the quorum has committed since; called after anything that may have moved it.
void apply_metadata(Env& env, Broker& broker);

// replica.cpp: leader and follower state, high watermark
// Takes the registered state of a partition that this broker has a replica of.
void apply_partition(Env& env, Broker& broker, TopicPartition tp, const PartitionRegistration& state, Step because);
// R8. Completes what waits for the high watermark.
void maybe_raise_high_watermark(Env& env, Broker& broker, Replica& replica);
const TopicConfig& topic_config(const Broker& broker, TopicId topic);
// C17: a client that names the topic by its id, and one that the broker does not know, is told so.
inline ErrorCode topic_error(const Broker& broker, TopicId topic, Incarnation incarnation) {
  const TopicRegistration* known = broker.image.topic(topic);
  return known && known->incarnation == incarnation ? ErrorCode::none : ErrorCode::unknown_topic_id;
}
// What only a leader knows of its partition is forgotten.
void abdicate(Env& env, Broker& broker, Replica& replica);
// The ISR is as large as min.insync.replicas says: writes with acks=all are taken, and the high watermark may move.
bool enough_in_sync(const Env& env, const Broker& broker, const Replica& replica);
// For a request that only the partition's leader can serve: none if it is this broker, in the epoch that the asker knows
// (-1: it names none). Asked of every partition of every fetch: what is usual is decided in place.
ErrorCode unusual_leader_error(const Broker& broker, TopicPartition tp, const Replica* replica, Epoch current_leader_epoch);
inline ErrorCode leader_error(const Broker& broker, TopicPartition tp, const Replica* replica, Epoch current_leader_epoch = -1) {
  const bool usual = replica && replica->role == ReplicaRole::leader && replica->leader_epoch == current_leader_epoch &&
                     broker.directories.empty();
  return usual ? ErrorCode::none : unusual_leader_error(broker, tp, replica, current_leader_epoch);
}
// Likewise for what a follower can serve as well: reading (R21).
ErrorCode reader_error(const Broker& broker, TopicPartition tp, const Replica* replica, Epoch current_leader_epoch);
// KIP-951: tells whoever asked the wrong broker which one leads the partition, as far as this one knows.
template <class Answer>
void name_leader(const Broker& broker, Answer& answer) {
  const PartitionRegistration* known = broker.image.partition(answer.tp);
  if (!known) return;
  answer.current_leader = known->leader;
  answer.current_leader_epoch = known->leader_epoch;
}

// broker_topics.cpp: what becomes of the replicas of topics that are no more (G6)
// Deletes the replicas of the topic that are not of its present incarnation, and what groups had committed of it.
void delete_topic_logs(Env& env, Broker& broker, TopicId topic, Step because);
// Deletes the replicas that this broker is to have no more, as it finds when it comes back.
void delete_strays(Env& env, Broker& broker);
void remove_deleted_logs(Env& env, Broker& broker);
// The process starts: what is left of logs deleted before is removed after file.delete.delay.ms.
void expect_removals(Env& env, Broker& broker);

// isr.cpp: shrink, expand, AlterPartition (R4-R7)
void check_isrs(Env& env, Broker& broker);
void maybe_expand_isr(Env& env, Broker& broker, Replica& replica, const FollowerState& follower);
void on_alter_partition(Env& env, Broker& broker, const Response& response);
void retry_alter_partition(Env& env, Broker& broker, TopicPartition tp);
// Whether a follower counts as caught up now (R5, R8).
bool caught_up(const Env& env, const Broker& broker, const Replica& replica, const FollowerState& follower);
// It may join the ISR: active, and it has fetched since it registered (KIP-841, KIP-903).
bool eligible(const Broker& broker, const FollowerState& follower);
// Metadata has told: the pending ISR is no longer of interest.
void forget_proposal(Replica& replica);

// produce.cpp (C7, R10)
void on_produce(Env& env, Broker& broker, const RequestId& request, ProduceRequest& produce);
void on_produce_timeout(Env& env, Broker& broker, std::int32_t number);
void complete_produces(Env& env, Broker& broker, Replica& replica);
void fail_produces(Env& env, Broker& broker, Replica& replica, ErrorCode error);

// broker_disk.cpp: a disk that takes time
// True if the records in it have to be written first: it is put aside until they are.
bool waits_for_disk(Env& env, Broker& broker, const RequestId& request, std::uint64_t tag, Body& body);
void on_disk_written(Env& env, Broker& broker);
// Something was appended: it is flushed if that makes flush.messages. `flushed`: how far it was before.
void flush_if_due(Env& env, Broker& broker, Replica& replica, Offset flushed);
// A log was made: flush.ms counts from now.
void note_new_log(Env& env, const Broker& broker, Replica& replica);
// Flushes what was last flushed flush.ms ago; called half a minute after the start and then, if anybody has set it, every
// log.flush.scheduler.interval.ms.
void flush_old(Env& env, Broker& broker);
// What the end of the process leaves of a log, and what the next process makes of that.
void leave_on_disk(Env& env, const Broker& broker, Replica& replica, ProcessEnd end);
void load_log(Env& env, Broker& broker, Replica& replica);

// broker_directories.cpp: several directories for logs, of which one may fail (R22)
// The directory of the replica has failed, as far as the broker has noticed.
bool is_in_failed_directory(const Broker& broker, const Replica& replica);
inline bool is_offline(const Broker& broker, const Replica& replica) {
  return !broker.directories.empty() && is_in_failed_directory(broker, replica);
}
DirectorySet offline_directories(const Broker& broker);
// Where a new replica goes: to the directory that has fewest.
std::int32_t choose_directory(const Broker& broker);
// The controller is to hear where the replica is; nothing to say with one directory.
void note_directory(Env& env, Broker& broker, const Replica& replica);
void place_replicas(Env& env, Broker& broker);
void on_replicas_placed(Env& env, Broker& broker, const Response& response);
// Whether the directory takes so many bytes more. If not it is offline from now on, which on_directory_timer sees to.
bool may_write(Env& env, Broker& broker, const Replica& replica, std::int64_t bytes);
// Writes a little to every directory, as checkpoints do.
void touch_directories(Env& env, Broker& broker);
void load_directories(Env& env, Broker& broker);
void on_directory_timer(Env& env, Broker& broker, std::int32_t about);

// retention.cpp (L8-L11)
void sweep_logs(Env& env, Broker& broker);
void remove_deleted_files(Env& env, Broker& broker);
// One log; whoever has swept the last one sees to it that files are removed.
void sweep_log(Env& env, Broker& broker, Replica& replica);
void expect_file_removal(Env& env, Broker& broker);
// A follower takes its leader's log start, as far as its own high watermark is.
void follow_log_start(Env& env, Broker& broker, Replica& replica, Offset leader_log_start);

// delete_records.cpp (L12)
void on_delete_records(Env& env, Broker& broker, const RequestId& request, const DeleteRecordsRequest& asked);
void on_delete_timeout(Env& env, Broker& broker, std::int32_t number);
// A follower's log begins later now, or a broker's life has changed.
void complete_deletes(Env& env, Broker& broker, const Replica& replica);
// The replica is no longer led here.
void fail_deletes(Env& env, Broker& broker, const Replica& replica);

// cleaner.cpp (L13-L17)
void look_for_dirty_logs(Env& env, Broker& broker);
void on_cleaner_io(Env& env, Broker& broker, std::int32_t thread);
// The log or its configuration has changed: there may be work for the cleaner.
void note_for_cleaner(Env& env, Broker& broker, const Replica& replica, const TopicConfig& topic);
// The log was cut: what comes there now is dirty.
void note_truncation(Broker& broker, const Replica& replica);
// A process has found the log: what was clean may be there no more (L13).
void note_loaded(Broker& broker, const Replica& replica);
// The log is no more, or another one stands in its place.
void forget_cleaned(Broker& broker, TopicPartition tp);

// fetch.cpp: the leader's side of Fetch (R2-R4, L4)
void on_fetch(Env& env, Broker& broker, const RequestId& request, FetchRequest& fetch);
void on_fetch_wait_over(Env& env, Broker& broker, std::int32_t number);
// Something was appended: followers' parked fetches have data.
void wake_followers(Env& env, Broker& broker, const Replica& replica);
// The high watermark rose: consumers' parked fetches may have data.
void wake_consumers(Env& env, Broker& broker, const Replica& replica);
// The replica is no longer led here: whoever waits on it hears so.
void wake_all(Env& env, Broker& broker, const Replica& replica);

// fetcher.cpp: the follower's side (R1, L21, L22)
void follow(Env& env, Broker& broker, TopicPartition tp, BrokerId leader);
// Copies the partition no more, if it did.
void unfollow(Broker& broker, const Replica& replica);
void on_fetched(Env& env, Broker& broker, const Response& response);
void on_epoch_ends(Env& env, Broker& broker, const Response& response);
void on_fetcher_timer(Env& env, Broker& broker, BrokerId source);

// broker_clients.cpp: Metadata, FindCoordinator, ListOffsets, InitProducerId
void on_metadata(Env& env, Broker& broker, const RequestId& request, const MetadataRequest& metadata);
void on_find_coordinator(Env& env, Broker& broker, const RequestId& request, const FindCoordinatorRequest& find);
void on_list_offsets(Env& env, Broker& broker, const RequestId& request, const ListOffsetsRequest& list);
void on_epoch_questions(Env& env, Broker& broker, const RequestId& request, const OffsetForLeaderEpochRequest& questions);
void on_init_producer_id(Env& env, Broker& broker, const RequestId& request);
void on_producer_ids(Env& env, Broker& broker, const Response& response);
void on_topic_created(Env& env, Broker& broker, const Response& response);

}  // namespace nutshell

// What the parts of the producer tell each other. For the files of this folder only.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/kafka/producer.h"

namespace nutshell {

// --- producer.cpp

ClientSettings settings_of(const Producer& producer);
// The application calls send(): the record is appended, or the call blocks, or it fails at once.
void send(Env& env, Producer& producer, BlockedRecord record);
// After whatever happened, the application's thread and close() go on as far as they can.
void go_on(Env& env, Producer& producer);
// All that was sent has its outcome.
bool settled(const Producer& producer);
// The producer has ended within its process, which goes on (hosted_producer.cpp).
void end_within(Env& env, Producer& producer);
// No batch waits for others.
inline bool hurries(const Producer& producer) { return producer.closing || producer.host.value.flushing; }
inline ProducerQueue& queue_of(Producer& producer, std::int32_t partition) {
  return producer.queues[static_cast<std::size_t>(partition)];
}
inline const ProducerQueue& queue_of(const Producer& producer, std::int32_t partition) {
  return producer.queues[static_cast<std::size_t>(partition)];
}

// --- producer_partitioner.cpp (C1, C2)

// A partition that has a leader, and the number of batches queued for it.
struct PartitionLoad {
  std::int32_t partition = 0;
  std::int32_t queued = 0;
};

// The next sticky partition (KIP-794): uniform over `available`, or, if `adaptive` and the queues differ,
// weighted by (longest queue + 1 - queue). Without any available one, any of all `partitions`.
// REQUIRES partitions > 0 and random >= 0.
std::int32_t choose_sticky_partition(const std::vector<PartitionLoad>& available, std::int32_t partitions,
                                     bool adaptive, std::int32_t random);
// So many bytes to one sticky partition are enough; while its batch is not full, twice as many (KIP-794).
constexpr bool enough_for_sticky(std::int64_t bytes, std::int64_t batch_size, bool batch_is_full) {
  return bytes >= 2 * batch_size || (bytes >= batch_size && batch_is_full);
}
// The partition of a record; REQUIRES the topic's partitions are known, record.partition < their number.
std::int32_t choose_partition(Env& env, Producer& producer, const BlockedRecord& record);
// The record goes wherever the sticky partition of the moment is; any other choice is made once.
bool sticks(const Producer& producer, const BlockedRecord& record);
// `bytes` went to the sticky partition; moves on when that was enough and its batch is full, or twice enough.
void note_sticky_bytes(Env& env, Producer& producer, std::int32_t bytes, bool batch_is_full);

// --- producer_accumulator.cpp (C3, C4)

// Appends a record to its partition's open batch and sends what became ready; or fails it, if it cannot be serialised. False, and
// nothing appended, while there is no metadata or no memory for it, or a schema registry has not answered yet.
bool append(Env& env, Producer& producer, BlockedRecord& record);
// Closes the open batch: its records enter the record store. REQUIRES it is open.
void close_open_batch(Env& env, Producer& producer, std::int32_t partition);
// Its memory is free again.
void release(Producer& producer, const ProducerBatch& batch);
// Fails what has waited too long (delivery.timeout.ms, max.block.ms).
void on_expiry_timer(Env& env, Producer& producer);
// send() failed before the record got into a batch.
void fail_unsent(Env& env, Producer& producer, const BlockedRecord& unsent, ErrorCode error, SendFailure reason);
// Makes the expiry timer fire at `deadline`, or before.
void expect_expiry(Env& env, Producer& producer, Time deadline);
// The application was told "failed".
void fail_records(Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& batch, ErrorCode error,
                  SendFailure reason, Step because = kNoStep);

// --- producer_sender.cpp (C3)

struct Leader {
  NodeId node = kNoNode;  // kNoNode: not known, or there is none
  Epoch epoch = kNoEpoch;
  Incarnation topic;
};
Leader leader_of(const Env& env, const Producer& producer, std::int32_t partition);
ProducerLane& lane_to(Producer& producer, NodeId broker);
// The partition has something to send, now or later.
void note_pending(Producer& producer, std::int32_t partition);
// Sends all that is ready on `broker`, as far as max.in.flight.requests.per.connection allows.
void send_to(Env& env, Producer& producer, NodeId broker);
// To the leader of a partition; asks for metadata if there is none.
void send_partition(Env& env, Producer& producer, std::int32_t partition);
// To all brokers, and sees to it that batches which back off are sent later.
void send_all(Env& env, Producer& producer);
// Tries again at `time`, or before.
void expect_retry(Env& env, Producer& producer, Time time);

// --- producer_outcome.cpp (C5, C8)

void on_produce_response(Env& env, Producer& producer, const Response& response);
// The batch was stored, or with acks=0 sent.
void acknowledge(Env& env, Producer& producer, std::int32_t partition, const ProducerBatch& batch, Offset base_offset);

// --- producer_sequence.cpp (C6, C8)

bool is_idempotent(const Producer& producer);
// Asks for a producer id unless there is one or one is on its way.
void want_producer_id(Env& env, Producer& producer);
void on_producer_id(Env& env, Producer& producer, const Response& response);
// Idempotence lets the first batch of the partition leave now. REQUIRES it has batches.
bool sequence_allows(const Producer& producer, std::int32_t partition);
// Numbers a batch that leaves, unless it has its number already.
void assign_sequence(const Producer& producer, ProducerQueue& queue, ProducerBatch& batch);
void note_acked_sequence(ProducerQueue& queue, const ProducerBatch& batch);
// A batch that was sent has failed for good and may be stored: nothing new is sent until it is known
// whether the sequence has a gap.
void note_unresolved(ProducerQueue& queue, const ProducerBatch& batch);
// OUT_OF_ORDER_SEQUENCE_NUMBER: what follows from it, before the batch is sent again.
void on_out_of_order(Producer& producer, ProducerQueue& queue, const ProducerBatch& batch);
// The partition's sequence has to begin anew, in a new epoch (KIP-360).
void want_epoch_bump(Producer& producer, ProducerQueue& queue);
// Bumps the epoch if that is wanted.
void resolve_sequences(Env& env, Producer& producer);

}  // namespace nutshell

// The producer client: partition choice, accumulator, sender, retries (C1-C8).
//
// The application's thread calls send(): a record gets a partition (producer_partitioner.cpp) and joins
// that partition's open batch (producer_accumulator.cpp), or send() blocks for metadata or memory. The
// sender's thread takes batches to the leaders and deals with the answers (producer_sender.cpp,
// producer_outcome.cpp); producer_sequence.cpp numbers them when the producer is idempotent.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/client.h"
#include "sim/kafka/config.h"
#include "sim/kafka/env.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/producer_batches.h"
#include "sim/kafka/records.h"
#include "sim/kafka/serde.h"

namespace nutshell {

enum class KeyChoice : std::uint8_t { none, cycle, random };

// What the application around the producer does: sends `records` records every `interval`.
// Bytes of one record in a batch beside its key and value, and of a batch without records (record format v2).
inline constexpr std::int32_t kRecordOverhead = 8;
inline constexpr std::int32_t kBatchOverhead = 61;

struct ProducerSpec {
  TopicId topic = -1;
  Duration interval = 0;            // 0: sends only what actions tell it to
  std::int32_t records = 1;         // per interval
  std::int64_t limit = -1;          // records in all; -1: no limit
  std::int32_t record_bytes = 100;  // key and value of one record
  std::int32_t partition = -1;      // explicit partition; -1: the partitioner decides
  KeyChoice key_choice = KeyChoice::none;
  std::vector<std::int32_t> keys;  // interned
  std::int32_t tombstone_every = 0;  // each so manieth record has no value; 0: none
  ProducerConfig config;
  NUTSHELL_FIELDS(ProducerSpec, topic, interval, records, limit, record_bytes, partition, key_choice, keys, tombstone_every, config)
};

// A record whose send() has not returned: it waits for metadata or memory (max.block.ms).
struct BlockedRecord {
  Record record;
  std::int32_t partition = -1;  // explicit or chosen already; -1: the sticky partition of the moment
  Time since = 0;
  bool serialized = false;
  NUTSHELL_FIELDS(BlockedRecord, record, partition, since, serialized)
};

// The batch that takes records. It is open while it has any.
struct OpenBatch {
  std::vector<Record> records;
  Time created_at = 0;
  Time max_timestamp = 0;
  std::int32_t size_in_bytes = 0;
  std::int64_t reserved_bytes = 0;
  Timer linger = kNoTimer;
  NUTSHELL_FIELDS(OpenBatch, records, created_at, max_timestamp, size_in_bytes, reserved_bytes, linger)
};

// One partition of the topic, as the producer sees it; its place in Producer::queues is its number.
struct ProducerQueue {
  BatchQueue waiting;          // closed batches; those to be sent again come first
  OpenBatch open;              // follows them
  bool listed = false;         // in Producer::pending
  bool used = false;           // ever had a batch
  std::int32_t in_flight = 0;  // batches that may still be acknowledged
  // Idempotence (C8). The producer id and epoch under which `next_sequence` counts.
  std::int64_t producer_id = kNoProducerId;
  std::int16_t producer_epoch = kNoProducerEpoch;
  std::int32_t next_sequence = 0;
  std::int32_t last_acked_sequence = kNoSequence;
  std::int32_t unresolved_sequence = kNoSequence;  // that follows an expired batch which may be stored
  bool restart = false;                            // its outstanding batches get new sequences at the next epoch
  Incarnation acked_by;                            // of the topic that took what was acknowledged last
  NUTSHELL_FIELDS(ProducerQueue, waiting, open, listed, used, in_flight, producer_id, producer_epoch, next_sequence,
                  last_acked_sequence, unresolved_sequence, restart, acked_by)

  bool has_batches() const { return !waiting.empty() || !open.records.empty(); }
  bool unresolved() const { return unresolved_sequence != kNoSequence; }
};

// A batch in a request that has no outcome yet.
struct InFlightBatch {
  std::uint64_t request = 0;
  std::int32_t partition = -1;
  bool expired = false;  // the application has been told "failed"; its answer does not matter any more
  ProducerBatch batch;
  Incarnation incarnation;  // of the topic that it was sent to
  NUTSHELL_FIELDS(InFlightBatch, request, partition, expired, batch, incarnation)
};

// Produce requests in flight to one broker.
struct ProducerLane {
  NodeId broker = kNoNode;
  std::int32_t in_flight = 0;
  NUTSHELL_FIELDS(ProducerLane, broker, in_flight)
};

// Records, except `retries`: batches sent again.
struct ProducerCounters {
  std::int64_t sent = 0, acked = 0, failed = 0, retries = 0;  // sent: handed to send()
  NUTSHELL_FIELDS(ProducerCounters, sent, acked, failed, retries)
};

// What a producer has beside, if its application is the process that embeds it (hosted.h).
struct ProducerHost {
  bool hosted = false;
  bool flushing = false;  // no batch lingers until all are settled
  friend bool operator==(const ProducerHost&, const ProducerHost&) = default;
  NUTSHELL_FIELDS(ProducerHost, hosted, flushing)
};

struct Producer {
  NUTSHELL_VALUE(Producer)

  NodeId node = kNoNode;
  ProducerSpec spec;
  ClientMetadata metadata;
  std::vector<ProducerQueue> queues;     // by partition
  std::vector<std::int32_t> pending;     // partitions that have batches to send, longest waiting first
  std::vector<InFlightBatch> in_flight;  // oldest request first
  std::vector<ProducerLane> lanes;
  std::vector<BlockedRecord> blocked;  // oldest first
  bool out_of_memory = false;          // that is what the first of them waits for
  std::int32_t owed = 0;               // records of this interval that the application could not send yet
  std::int64_t buffered_bytes = 0;     // of buffer.memory
  std::int64_t producer_id = kNoProducerId;
  std::int16_t producer_epoch = kNoProducerEpoch;
  bool id_in_flight = false;
  bool sequences_unsettled = false;  // a queue is unresolved or wants to restart
  std::int32_t id_failures = 0;
  std::uint32_t next_serial = 0;
  std::uint64_t next_request = 1;
  std::int32_t sticky_partition = -1;
  std::int64_t sticky_bytes = 0;
  std::int32_t round_robin = 0;
  std::uint64_t draws = 0;
  ProducerCounters counters;
  bool running = false;
  bool closing = false;  // close() was called: flush, then end
  Rare<ProducerHost> host;
  Rare<SchemaClient> schemas;
  Timer next_record = kNoTimer, retry = kNoTimer, id_retry = kNoTimer, expiry = kNoTimer;
  Time retry_at = 0, expiry_at = 0;  // when those two are due
  NUTSHELL_FIELDS(Producer, node, spec, metadata, queues, pending, in_flight, lanes, blocked, out_of_memory, owed,
                  buffered_bytes, producer_id, producer_epoch, id_in_flight, sequences_unsettled, id_failures,
                  next_serial, next_request, sticky_partition, sticky_bytes, round_robin, draws, counters, running,
                  closing, host, schemas, next_record, retry, id_retry, expiry, retry_at, expiry_at)
};

void start(Env& env, Producer& producer);
void set_interval(Env& env, Producer& producer, Duration interval);  // between two sends, from now on. REQUIRES it runs
void stop(Env& env, Producer& producer);  // close(): flushes what can be flushed, then ends its process
void forget(Env& env, Producer& producer, ProcessEnd end);          // the process died; counters and serials stay
void on_response(Env& env, Producer& producer, const Response& response);
void on_timer(Env& env, Producer& producer, const Event& timer);
// The application sends one record now (an action); key, text: interned or -1, text kNoValue: a tombstone; partition: -1 or explicit.
// REQUIRES the process runs.
void send_record(Env& env, Producer& producer, std::int32_t key, std::int32_t text, std::int32_t partition);

}  // namespace nutshell

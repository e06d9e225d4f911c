// Kafka clients within a process that is their application: a ksqlDB server or a Connect worker is one node with any number
// of consumers and producers of its own.
//
// The host numbers its clients from 1 (ClientNumber; a number may be used again once its client has ended) and keeps them as
// plain values. What comes for the node says whose it is: Response::client and Event::client (0: the host's own timer). The
// host then acts as that client and hands it on:
//
//   void on_response(Env& env, Worker& worker, const Response& response) {
//     if (Consumer* consumer = worker.consumer(response.client)) {
//       AsClient as(env, response.client);        // around every call of a function below
//       on_response(env, *consumer, response);
//     }
//     go_on(env, worker);                         // reads what the client has to tell, see below
//   }
//
// After each of these calls the host looks at what has come of it, and takes it away: Consumer::host.news and
// Consumer::host.records, Producer::counters and is_flushed(). Nothing of it is lost if the host looks later, but a consumer
// that waits (revoking, assign) goes on only when it is told to. When the process dies, its kind's forget() calls forget() of
// each client or begins with fresh ones; serial numbers of records must go on, so keep Producer::next_serial.
//
// A consumer's application is outside poll() from the moment that records are returned until poll_again(): meanwhile
// it neither rejoins nor returns more, and max.poll.interval.ms runs (G11). Facts of embedded clients name the host's node.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kafka/consumer.h"
#include "sim/kafka/producer.h"

namespace nutshell {

// --- consumers

// A consumer of a group: subscribe(). Its configuration has enable.auto.commit off: the host commits. `bootstrap`: brokers.
// With kAllTopics among `topics` its metadata tells of every topic, and the host says which ones it reads: resubscribe().
// To begin: start(env, consumer); it joins the group and tells `assigned`.
Consumer hosted_consumer(NodeId node, GroupId group, std::vector<std::int32_t> topics, ConsumerConfig config,
                         std::vector<BrokerId> bootstrap);
// A member of a group of another protocol type: no consumer, but what Kafka's clients have in common with it. It joins with what
// ConsumerHost::protocol says, told `assign` if it leads: assign_opaque(); what the leader has told it is ConsumerHost::opaque
// once `assigned` is told. max.poll.interval.ms is its rebalance timeout.
Consumer hosted_member(NodeId node, GroupId group, ProtocolType type, ConsumerConfig config, std::vector<BrokerId> bootstrap);
// A consumer without a group: assign() of these partitions, each from its offset on; -1: where auto.offset.reset says.
struct StartingPoint {
  TopicPartition tp;
  Offset offset = -1;
};
Consumer hosted_reader(NodeId node, ConsumerConfig config, std::vector<BrokerId> bootstrap);
// Replaces the partitions that it reads: those that it reads already go on where they are. REQUIRES host.alone.
void assign_partitions(Env& env, Consumer& consumer, const std::vector<StartingPoint>& partitions);

// What the client has to tell, oldest first, and the records that poll() has returned; each is told once.
std::vector<HostNews> take_news(Consumer& consumer);
std::vector<HostedRecord> take_records(Consumer& consumer);

// The application is outside poll() although nothing was returned: it commits, or works by the clock.
void leave_poll(Env& env, Consumer& consumer);
// The application calls poll(): to be called once the host is done with the records that it took.
void poll_again(Env& env, Consumer& consumer);
// commitSync(): outside poll() until `committed` or `commit_failed` is told, and then until poll_again().
void commit_offsets(Env& env, Consumer& consumer, std::vector<CommitPartition> offsets);
// After `revoking`: commits these, if any, and joins the next generation; or joins at once.
void rejoin(Env& env, Consumer& consumer, std::vector<CommitPartition> offsets = {});
// After `assign`: what each of Consumer::members gets, in their order. Consumer::assigned_from says how large the topics are.
// Partitions of topics to which the group does not subscribe are no assignment, but a message to the member's host: they are
// not read, stand in ConsumerHost::beside, and in the member's claim when it joins again.
void assign_members(Env& env, Consumer& consumer, std::vector<std::vector<TopicPartition>> assignment);
// Likewise of another protocol type: interned bytes for each of Consumer::members.
void assign_opaque(Env& env, Consumer& consumer, const std::vector<std::int32_t>& opaque);
// The group is to be assigned anew: the member joins again at its next poll().
void want_rejoin(Env& env, Consumer& consumer);
// It reads these topics from the next generation on, which it asks for.
void resubscribe(Env& env, Consumer& consumer, std::vector<std::int32_t> topics);
// Where poll() goes on. REQUIRES the consumer owns the partition.
void seek(Env& env, Consumer& consumer, TopicPartition tp, Offset offset);
// While it is paused poll() returns nothing of a partition.
void pause_partition(Consumer& consumer, TopicPartition tp);
void resume_partition(Env& env, Consumer& consumer, TopicPartition tp);
// close(): leaves the group; `closed` is told, at once or later. What is to be committed was committed before. What is called
// for a consumer that has ended does nothing.
void close(Env& env, Consumer& consumer);

// --- producers

// A producer for one topic. To begin: start(env, producer).
Producer hosted_producer(NodeId node, TopicId topic, ProducerConfig config, std::vector<BrokerId> bootstrap);
struct HostedSend {
  std::int32_t key = -1, text = -1;  // interned, as in Record: text kNoValue is a tombstone
  std::int32_t partition = -1;       // -1: the partitioner decides, by the bytes of the key
  Time timestamp = kNoTimestamp;     // the producer's clock
  std::int32_t bytes = 0;            // of key and value
};
void send_record(Env& env, Producer& producer, const HostedSend& send);
// One of a host's producers: it is started when it is first used.
struct HostedWriter {
  TopicId topic = -1;
  ClientNumber number = 0;
  Producer producer;
};
// flush(): what lingers is sent at once. It is done when is_flushed(); Producer::counters.failed says whether all went well.
void flush(Env& env, Producer& producer);
bool is_flushed(const Producer& producer);
// close(): flush, then Producer::running is false.
void close(Env& env, Producer& producer);

// --- the host's admin client

// Creates topics through the controller and knows how many partitions topics have. Another of a host's clients, with a
// number of its own.
struct HostedAdmin {
  NodeId node = kNoNode;
  ClientMetadata metadata;
  std::vector<CreateTopicsRequest> creations;  // still to be acknowledged, in order
  std::vector<std::pair<TopicId, ErrorCode>> refused;  // for the host to take: topics that cannot be created
  bool running = false, in_flight = false;
  std::int32_t next_voter = 0;
  Timer retry = kNoTimer;
  NUTSHELL_FIELDS(HostedAdmin, node, metadata, creations, refused, running, in_flight, next_voter, retry)

  bool is_creating(TopicId topic) const;
  std::int32_t partitions_of(TopicId topic) const { return metadata.partition_count(topic); }  // 0: not known (yet)
};
void start(Env& env, HostedAdmin& admin);
void forget(HostedAdmin& admin);
void on_response(Env& env, HostedAdmin& admin, const Response& response);
void on_timer(Env& env, HostedAdmin& admin, const Event& timer);
// Asks until the topic is there, which it may be already, or is refused for good. Its metadata is watched from then on.
void create_topic(Env& env, HostedAdmin& admin, CreateTopicsRequest request);
// HostedAdmin::partitions_of it becomes known once the topic is there.
void watch_topic(Env& env, HostedAdmin& admin, TopicId topic);

}  // namespace nutshell

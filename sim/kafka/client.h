// What every client of the cluster does alike: it learns of leaders through metadata requests.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/env.h"

namespace nutshell {

// A wanted topic that a broker did not know, so many answers in a row.
struct MissingTopic {
  TopicId topic = -1;
  std::int32_t answers = 0;
  NUTSHELL_FIELDS(MissingTopic, topic, answers)
};

// A client's view of the cluster, right or stale (N2), and its next refresh.
struct ClientMetadata {
  std::vector<BrokerId> bootstrap;            // bootstrap.servers
  std::vector<BrokerId> brokers;              // as of the last response; empty: none yet
  std::vector<PartitionMetadata> partitions;  // by topic and partition
  ReplicaRacks racks;                         // likewise
  std::vector<std::int32_t> topics;           // wanted topics
  std::vector<MissingTopic> missing;          // as of the last response
  bool in_flight = false;
  bool wanted = false;         // a refresh was asked for
  std::int32_t failures = 0;   // requests in a row without an answer; decides the back-off
  std::int32_t unchanged = 0;  // answers in a row that told nothing new; decides the back-off too
  std::uint64_t requests = 0;  // brokers asked so far, for anything; whose turn it is, and whose luck
  Time updated_at = -1;        // -1: never
  Time not_before = 0;         // the next request backs off until then
  Timer timer = kNoTimer;      // back-off or metadata.max.age.ms
  NUTSHELL_FIELDS(ClientMetadata, bootstrap, brokers, partitions, racks, topics, missing, in_flight, wanted, failures, unchanged,
                  requests, updated_at, not_before, timer)

  const PartitionMetadata* find(TopicPartition tp) const;  // nullptr: unknown
  // Number of partitions of the topic; 0: unknown.
  std::int32_t partition_count(TopicId topic) const;
};

// The settings that metadata needs of its client, and the tag and timer it uses.
struct ClientSettings {
  NodeId node = kNoNode;
  TimerKind timer = TimerKind::producer_metadata;
  std::uint64_t tag = 0;
  Duration request_timeout = 30 * kSecond;
  Duration retry_backoff = 100 * kMillisecond;
  Duration retry_backoff_max = 1 * kSecond;
  Duration metadata_max_age = 5 * kMinute;
};

// Asks for a refresh soon: now if none is under way and no back-off runs. One that is asked for while a
// request is under way follows it.
void refresh_metadata(Env& env, ClientMetadata& metadata, const ClientSettings& settings);
// The metadata timer fired.
void on_metadata_timer(Env& env, ClientMetadata& metadata, const ClientSettings& settings);
// A metadata request has its outcome. Returns true when the view was updated. A wanted topic that is
// unknown or has a partition without leader makes another refresh follow.
bool on_metadata_response(Env& env, ClientMetadata& metadata, const ClientSettings& settings, const Response& response);
// A response named the leader of a partition (KIP-951). Ignored unless its epoch is newer than the known one. True if so.
bool learn_leader(ClientMetadata& metadata, TopicPartition tp, BrokerId leader, Epoch leader_epoch);
// A leader epoch was seen elsewhere, in a committed offset or an answer (KIP-320). Is it newer than the known one, the
// leader counts as unknown until some broker answers with that epoch: who is behind can mislead nobody. True if so.
bool learn_epoch(ClientMetadata& metadata, TopicPartition tp, Epoch leader_epoch);
// A broker to ask for anything (NetworkClient.leastLoadedNode): of the known brokers one with an established
// connection, else one that is being connected to, else one that may be; of these the one with the fewest requests
// in flight, in rotation among equals. A bootstrap broker while none is known, or when all known ones have failed to
// answer. Nothing is ever in flight to a dead broker: without a look at its connection it would be asked for ever.
// kNoNode only if there is no bootstrap broker either.
NodeId any_broker(Env& env, ClientMetadata& metadata, NodeId self);

// Exponential back-off with 20 % jitter (C4, KIP-580): base x 2^failures, never above max. `nth` keys the
// jitter: a number that the node has not used yet.
Duration backoff(Env& env, NodeId node, Duration base, Duration max, std::int32_t failures, std::uint64_t nth);

}  // namespace nutshell

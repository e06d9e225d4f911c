#include "sim/kafka/client.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/all_topics.h"

namespace nutshell {

namespace {

bool by_partition(const PartitionMetadata& a, const PartitionMetadata& b) { return a.tp < b.tp; }

// The place of a partition in a sorted list: where it is, or where it would be.
template <class Partitions>
auto place_of(Partitions& partitions, TopicPartition tp) {
  return std::lower_bound(partitions.begin(), partitions.end(), tp,
                          [](const PartitionMetadata& each, TopicPartition sought) { return each.tp < sought; });
}

bool same_leaders(const std::vector<PartitionMetadata>& a, const std::vector<PartitionMetadata>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PartitionMetadata& x, const PartitionMetadata& y) {
    return x.tp == y.tp && x.leader == y.leader && x.leader_epoch == y.leader_epoch && x.incarnation == y.incarnation;
  });
}

// Takes over what a broker answered. A leader epoch never goes back: a broker that is behind may
// answer with an older leader than the client has already met (KIP-320). Another topic of that name counts anew (KIP-516).
void take_over(ClientMetadata& metadata, MetadataResponse& response) {
  std::stable_sort(response.partitions.begin(), response.partitions.end(), by_partition);
  for (PartitionMetadata& each : response.partitions) {
    const PartitionMetadata* known = metadata.find(each.tp);
    if (known && known->incarnation == each.incarnation && known->leader_epoch > each.leader_epoch) each = *known;
  }
  metadata.unchanged = same_leaders(metadata.partitions, response.partitions) ? metadata.unchanged + 1 : 0;
  metadata.brokers = std::move(response.brokers);
  metadata.partitions = std::move(response.partitions);
  metadata.racks = std::move(response.racks);
}

// One answer may come of a broker that is behind; two are worth telling.
void note_missing(Env& env, ClientMetadata& metadata, NodeId client, const std::vector<std::int32_t>& unknown) {
  std::vector<MissingTopic> missing;
  for (TopicId topic : unknown) {
    const auto before = std::find_if(metadata.missing.begin(), metadata.missing.end(),
                                     [topic](const MissingTopic& each) { return each.topic == topic; });
    missing.push_back({topic, before == metadata.missing.end() ? 1 : before->answers + 1});
    if (missing.back().answers == 2) env.emit(TopicMissing{topic, client, ErrorCode::unknown_topic_or_partition});
  }
  metadata.missing = std::move(missing);
}

// Something that the client wants to know is still missing.
bool incomplete(const ClientMetadata& metadata) {
  for (TopicId topic : metadata.topics)
    if (topic != kAllTopics && metadata.partition_count(topic) == 0) return true;
  return std::any_of(metadata.partitions.begin(), metadata.partitions.end(),
                     [](const PartitionMetadata& each) { return each.leader == kNoBroker; });
}

// The earliest time of the next request: failed requests count, and so do answers that bring nothing new.
void set_back_off(Env& env, ClientMetadata& metadata, const ClientSettings& settings) {
  const std::int32_t vain = std::max(metadata.failures, metadata.unchanged);
  metadata.not_before = env.now() + backoff(env, settings.node, settings.retry_backoff, settings.retry_backoff_max,
                                            std::max(vain - 1, 0), metadata.requests);
}

void send_request(Env& env, ClientMetadata& metadata, const ClientSettings& settings) {
  const NodeId broker = any_broker(env, metadata, settings.node);
  NUTSHELL_REQUIRE(broker != kNoNode);
  env.disarm(metadata.timer);
  metadata.in_flight = true;
  metadata.wanted = false;
  MetadataRequest request;
  request.topics = metadata.topics;
  env.request(settings.node, broker, Channel::data, std::move(request), settings.request_timeout, settings.tag);
}

void request_when_allowed(Env& env, ClientMetadata& metadata, const ClientSettings& settings) {
  if (env.now() >= metadata.not_before) return send_request(env, metadata, settings);
  env.rearm(metadata.timer, settings.node, settings.timer, metadata.not_before - env.now());
}

}  // namespace

RackId ReplicaRacks::rack_of(BrokerId broker) const {
  const auto at = std::lower_bound(brokers.begin(), brokers.end(), broker,
                                   [](const BrokerRack& each, BrokerId wanted) { return each.broker < wanted; });
  return at != brokers.end() && at->broker == broker ? at->rack : RackId{};
}

const PartitionMetadata* ClientMetadata::find(TopicPartition tp) const {
  // Of the only topic, or the first, the nth partition stands at the nth place.
  if (const auto nth = static_cast<std::size_t>(tp.partition); nth < partitions.size() && partitions[nth].tp == tp) return &partitions[nth];
  const auto at = place_of(partitions, tp);
  return at != partitions.end() && at->tp == tp ? &*at : nullptr;
}

std::int32_t ClientMetadata::partition_count(TopicId topic) const {
  return static_cast<std::int32_t>(place_of(partitions, {topic + 1, 0}) - place_of(partitions, {topic, 0}));
}

void refresh_metadata(Env& env, ClientMetadata& metadata, const ClientSettings& settings) {
  if (metadata.wanted) return;  // it waits for the answer under way, or for its back-off
  metadata.wanted = true;
  if (!metadata.in_flight) request_when_allowed(env, metadata, settings);
}

void on_metadata_timer(Env& env, ClientMetadata& metadata, const ClientSettings& settings) {
  metadata.timer = kNoTimer;
  if (metadata.in_flight) return;
  if (!metadata.wanted) metadata.unchanged = 0;  // metadata.max.age.ms: nobody waits for something new
  send_request(env, metadata, settings);
}

bool on_metadata_response(Env& env, ClientMetadata& metadata, const ClientSettings& settings,
                          const Response& response) {
  metadata.in_flight = false;
  MetadataResponse* answer = response.as<MetadataResponse>();
  const bool updated = answer && !answer->brokers.empty();  // a broker that knows nobody knows nothing
  if (updated) {
    note_missing(env, metadata, settings.node, answer->unknown_topics);
    take_over(metadata, *answer);
    metadata.failures = 0;
    metadata.updated_at = env.now();
  } else {
    metadata.failures += 1;
  }
  set_back_off(env, metadata, settings);
  metadata.wanted = metadata.wanted || !updated || incomplete(metadata);
  const Duration wait = metadata.wanted ? metadata.not_before - env.now() : settings.metadata_max_age;
  env.rearm(metadata.timer, settings.node, settings.timer, wait);
  return updated;
}

bool learn_leader(ClientMetadata& metadata, TopicPartition tp, BrokerId leader, Epoch leader_epoch) {
  const auto known = place_of(metadata.partitions, tp);
  if (known == metadata.partitions.end() || known->tp != tp) return false;
  if (leader == kNoBroker || leader_epoch <= known->leader_epoch) return false;
  known->leader = leader;
  known->leader_epoch = leader_epoch;
  return true;
}

bool learn_epoch(ClientMetadata& metadata, TopicPartition tp, Epoch leader_epoch) {
  const auto known = place_of(metadata.partitions, tp);
  if (known == metadata.partitions.end() || known->tp != tp || leader_epoch <= known->leader_epoch) return false;
  known->leader = kNoBroker;
  known->leader_epoch = leader_epoch;
  return true;
}

NodeId any_broker(Env& env, ClientMetadata& metadata, NodeId self) {
  const bool known_ones_answer = metadata.failures < static_cast<std::int32_t>(metadata.brokers.size());
  const std::vector<BrokerId>& candidates = known_ones_answer ? metadata.brokers : metadata.bootstrap;
  const std::uint64_t count = candidates.size();
  if (count == 0) return kNoNode;
  const std::uint64_t phase = below(env.random(self, Purpose::client_start, 0), count);
  const std::uint64_t turn = phase + metadata.requests++;
  NodeId best = kNoNode;
  Contact closest = Contact::backing_off;
  std::size_t fewest = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const NodeId node = env.broker_node(candidates[(turn + i) % count]);
    const std::size_t in_flight = env.in_flight(self, node, Channel::data);
    const Contact contact = env.contact(self, node, Channel::data);
    const bool better = contact != closest ? contact > closest : in_flight < fewest;
    if (best != kNoNode && !better) continue;
    best = node;
    closest = contact;
    fewest = in_flight;
  }
  return best;
}

Duration backoff(Env& env, NodeId node, Duration base, Duration max, std::int32_t failures, std::uint64_t nth) {
  return backoff(env.random(node, Purpose::retry_jitter, nth), base, max, failures);
}

}  // namespace nutshell

// What clients ask any broker: Metadata, FindCoordinator, InitProducerId; and a leader: ListOffsets, OffsetForLeaderEpoch.
#include <algorithm>

#include "sim/kafka/all_topics.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

// All that there are, if kAllTopics is among them.
std::vector<std::int32_t> wanted_topics(const Broker& broker, const MetadataRequest& metadata) {
  std::vector<std::int32_t> wanted = metadata.topics;
  if (std::erase(wanted, kAllTopics) == 0) return wanted;
  for (const auto& each : broker.image.topics())
    if (std::find(wanted.begin(), wanted.end(), each->topic) == wanted.end()) wanted.push_back(each->topic);
  return wanted;
}

}  // namespace

void on_metadata(Env& env, Broker& broker, const RequestId& request, const MetadataRequest& metadata) {
  MetadataResponse response;
  for (const BrokerRegistration& each : broker.image.brokers())
    if (!each.fenced) response.brokers.push_back(each.id);
  for (const BrokerRegistration& each : broker.image.brokers())
    if (!each.fenced && each.rack.value != RackId{}) response.racks.brokers.push_back({each.id, each.rack});
  for (std::int32_t wanted : wanted_topics(broker, metadata)) {
    const TopicRegistration* topic = broker.image.topic(wanted);
    if (!topic) {
      response.unknown_topics.push_back(wanted);
      continue;
    }
    for (std::size_t p = 0; p < topic->partitions.size(); ++p) {
      const PartitionRegistration& state = topic->partitions[p];
      response.partitions.push_back({{wanted, static_cast<std::int32_t>(p)}, state.leader, state.leader_epoch, topic->incarnation});
      if (!response.racks.empty()) response.racks.partitions.push_back({{wanted, static_cast<std::int32_t>(p)}, state.replicas});
    }
  }
  env.reply(request, std::move(response));
}

namespace {

// The first group to ask makes the controller create __consumer_offsets.
void want_offsets_topic(Env& env, Broker& broker) {
  if (broker.offsets_topic_wanted || broker.raft.leader == kNoNode) return;
  broker.offsets_topic_wanted = true;
  CreateTopicsRequest create;
  create.topic = env.fabric.names.intern(kOffsetsTopic);
  create.partitions = static_cast<std::int32_t>(broker.config.offsets_topic_num_partitions);
  create.replication_factor = static_cast<std::int32_t>(broker.config.offsets_topic_replication_factor);
  create.config.cleanup_policy = CleanupPolicy::compacts;
  create.config.segment_bytes = broker.config.offsets_topic_segment_bytes;
  env.request(broker.node, broker.raft.leader, Channel::controller, std::move(create), broker.config.request_timeout);
}

void answer_waiting_producers(Env& env, Broker& broker) {
  while (!broker.waiting_for_ids.empty() && broker.producer_ids_left > 0) {
    const RequestId request = broker.waiting_for_ids.front();
    broker.waiting_for_ids.erase(broker.waiting_for_ids.begin());
    broker.producer_ids_left -= 1;
    env.reply(request, InitProducerIdResponse{ErrorCode::none, broker.next_producer_id++, 0});
  }
}

}  // namespace

void on_find_coordinator(Env& env, Broker& broker, const RequestId& request, const FindCoordinatorRequest& find) {
  FindCoordinatorResponse response;
  response.error = ErrorCode::coordinator_not_available;
  const std::int32_t partition = partition_of_group(env, broker, find.group);
  if (partition < 0) {
    want_offsets_topic(env, broker);
  } else {
    response.coordinator = broker.image.partition({env.fabric.names.find(kOffsetsTopic), partition})->leader;
    if (response.coordinator != kNoBroker) response.error = ErrorCode::none;
  }
  env.reply(request, response);
}

// The next group to ask makes it try again.
void on_topic_created(Env& env, Broker& broker, const Response& response) {
  broker.offsets_topic_wanted = false;
  const auto* created = response.as<CreateTopicsResponse>();
  const ErrorCode error = created ? created->error : ErrorCode::none;
  const bool refused = error == ErrorCode::invalid_replication_factor || error == ErrorCode::invalid_partitions;
  if (refused && !broker.offsets_topic_refused) env.emit(TopicRefused{created->topic, error, broker.node});
  broker.offsets_topic_refused = refused;
}

namespace {

void list_offset(const Log& log, const Records& records, Time timestamp, ListedOffset& answer) {
  const auto& epochs = log.leader_epochs().entries();
  answer.log_start_offset = log.log_start_offset();
  answer.high_watermark = log.high_watermark();
  if (timestamp >= 0 || timestamp == kMaxTimestamp) {
    const auto found = timestamp == kMaxTimestamp ? log.find_newest(records) : log.find_by_timestamp(records, timestamp);
    if (!found || found->offset >= log.high_watermark()) return;  // L4: what is not committed is not there
    answer.offset = found->offset;
    answer.leader_epoch = found->leader_epoch;
    return;
  }
  const bool earliest = timestamp == kEarliestTimestamp;
  answer.offset = earliest ? answer.log_start_offset : answer.high_watermark;
  if (!epochs.empty()) answer.leader_epoch = earliest ? epochs.front().epoch : epochs.back().epoch;
}

}  // namespace

void on_epoch_questions(Env& env, Broker& broker, const RequestId& request, const OffsetForLeaderEpochRequest& questions) {
  OffsetForLeaderEpochResponse response;
  for (const EpochQuestion& each : questions.partitions) {
    EpochAnswer answer;
    answer.tp = each.tp;
    const Replica* replica = broker.replica(each.tp);
    answer.error = leader_error(broker, each.tp, replica, each.current_leader_epoch);
    if (answer.error == ErrorCode::none) {
      const EpochEnd end = replica->log.leader_epochs().end_offset_for(each.leader_epoch, replica->log.log_end_offset());
      answer.leader_epoch = end.epoch;
      answer.end_offset = end.end_offset;
    }
    response.partitions.push_back(answer);
  }
  env.reply(request, std::move(response));
}

namespace {

ListedOffset listed_offset(const Env& env, const Broker& broker, const ListOffsetsPartition& asked) {
  ListedOffset answer;
  answer.tp = asked.tp;
  const Replica* replica = broker.replica(asked.tp);
  answer.error = leader_error(broker, asked.tp, replica, asked.current_leader_epoch);
  const bool earliest = asked.timestamp == kEarliestTimestamp;
  if (answer.error == ErrorCode::none && !earliest && replica->log.high_watermark() < replica->epoch_start)  // R9
    answer.error = ErrorCode::offset_not_available;
  if (answer.error != ErrorCode::none) return answer;
  answer.incarnation = replica->incarnation;
  list_offset(replica->log, env.commons.store.records, asked.timestamp, answer);
  return answer;
}

}  // namespace

void on_list_offsets(Env& env, Broker& broker, const RequestId& request, const ListOffsetsRequest& list) {
  ListOffsetsResponse response;
  for (const ListOffsetsPartition& each : list.partitions) response.partitions.push_back(listed_offset(env, broker, each));
  env.reply(request, std::move(response));
}

void on_init_producer_id(Env& env, Broker& broker, const RequestId& request) {
  broker.waiting_for_ids.push_back(request);
  answer_waiting_producers(env, broker);
  if (broker.waiting_for_ids.empty() || broker.ids_in_flight) return;
  if (broker.raft.leader == kNoNode) {  // no controller, no new block (K8)
    for (const RequestId& each : broker.waiting_for_ids)
      env.reply(each, InitProducerIdResponse{ErrorCode::coordinator_load_in_progress, -1, -1});
    broker.waiting_for_ids.clear();
    return;
  }
  broker.ids_in_flight = true;
  env.request(broker.node, broker.raft.leader, Channel::controller,
              AllocateProducerIdsRequest{broker.id, broker.broker_epoch}, broker.config.request_timeout);
}

void on_producer_ids(Env& env, Broker& broker, const Response& response) {
  broker.ids_in_flight = false;
  const auto* answer = response.as<AllocateProducerIdsResponse>();
  if (answer && answer->error == ErrorCode::none) {
    broker.next_producer_id = answer->first;
    broker.producer_ids_left = answer->count;
    answer_waiting_producers(env, broker);
    return;
  }
  for (const RequestId& each : broker.waiting_for_ids)
    env.reply(each, InitProducerIdResponse{ErrorCode::coordinator_load_in_progress, -1, -1});
  broker.waiting_for_ids.clear();
}

}  // namespace nutshell

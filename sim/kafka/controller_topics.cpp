// New topics, placed by the controller, and blocks of producer ids (R19, K8).
#include <algorithm>

#include "sim/core/random.h"
#include "sim/kafka/controller_internal.h"
#include "sim/kafka/placement.h"

namespace nutshell {

namespace {

constexpr std::int32_t kProducerIdBlock = 1000;

struct Assignment {
  ErrorCode error = ErrorCode::none;
  std::vector<BrokerList> replicas;  // of each partition
};

// The luck of a topic is its own: it does not depend on who is controller, nor on other topics. Partitions that
// come later, from `first` on, are placed as if they were a topic's first (R19), with luck of their own.
Assignment place(const Env& env, const Controller& controller, std::int32_t name, std::int32_t first,
                 std::int32_t partitions, std::int32_t replication_factor) {
  std::vector<PlacementBroker> brokers;
  for (const BrokerRegistration& each : controller.working.brokers())
    brokers.push_back({each.id, rack_name(env.fabric.names, each.rack), each.fenced});
  std::uint64_t topic = 0;
  fold_bytes(topic, env.fabric.names[name]);
  std::uint64_t nth = static_cast<std::uint64_t>(first) << 32;
  const PlacementDraw draw_below = [&](std::int32_t bound) {
    const std::uint64_t random = draw(env.fabric.seed, Purpose::placement, topic, nth++);
    return static_cast<std::int32_t>(below(random, static_cast<std::uint64_t>(bound)));
  };
  const Placement placement = place_striped(brokers, partitions, replication_factor, draw_below);
  Assignment assignment;
  if (!placement.error.empty()) assignment.error = ErrorCode::invalid_replication_factor;
  for (const std::vector<BrokerId>& replicas : placement.replicas) {
    assignment.replicas.emplace_back();
    for (BrokerId replica : replicas) assignment.replicas.back().push_back(static_cast<std::int16_t>(replica));
  }
  return assignment;
}

bool valid_replicas(const Controller& controller, const BrokerList& replicas) {
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    if (!controller.working.broker(replicas[i])) return false;
    if (std::count(replicas.begin(), replicas.end(), replicas[i]) != 1) return false;
  }
  return !replicas.empty();
}

Assignment assign(const Env& env, const Controller& controller, const CreateTopicsRequest& asked) {
  Assignment assignment;
  assignment.replicas = asked.assignment;
  for (const BrokerList& each : asked.assignment)
    if (!valid_replicas(controller, each)) assignment.error = ErrorCode::invalid_replica_assignment;
  if (!asked.assignment.empty()) return assignment;
  const BrokerConfig& config = controller.config;
  const std::int64_t partitions = asked.partitions == -1 ? config.num_partitions : asked.partitions;
  const std::int64_t factor =
      asked.replication_factor == -1 ? config.default_replication_factor : asked.replication_factor;
  if (partitions <= 0) assignment.error = ErrorCode::invalid_partitions;
  else if (factor <= 0) assignment.error = ErrorCode::invalid_replication_factor;
  if (assignment.error != ErrorCode::none) return assignment;
  return place(env, controller, asked.topic, 0, static_cast<std::int32_t>(partitions), static_cast<std::int32_t>(factor));
}

// Initial ISR: the active replicas; its first leads (R19).
PartitionRegistration first_state(const Controller& controller, const BrokerList& replicas) {
  PartitionRegistration state;
  state.replicas = replicas;
  for (std::int16_t replica : replicas)
    if (controller.working.active(replica)) state.isr.push_back(replica);
  if (!state.isr.empty()) state.leader = state.isr[0];
  return state;
}

// A partition must have somebody to begin with; `otherwise` if one has not.
ErrorCode first_states(const Controller& controller, const Assignment& assignment, ErrorCode otherwise,
                       std::vector<PartitionRegistration>& states) {
  for (const BrokerList& replicas : assignment.replicas) {
    states.push_back(first_state(controller, replicas));
    if (states.back().isr.empty()) return otherwise;
  }
  return ErrorCode::none;
}

ErrorCode try_create(Env& env, Controller& controller, const CreateTopicsRequest& asked) {
  if (controller.working.topic(asked.topic)) return ErrorCode::topic_already_exists;
  const Assignment assignment = assign(env, controller, asked);
  if (assignment.error != ErrorCode::none) return assignment.error;
  std::vector<PartitionRegistration> states;
  const ErrorCode otherwise =
      asked.assignment.empty() ? ErrorCode::invalid_replication_factor : ErrorCode::invalid_replica_assignment;
  const ErrorCode error = first_states(controller, assignment, otherwise, states);
  if (error != ErrorCode::none) return error;
  const auto partitions = static_cast<std::int32_t>(states.size());
  const auto replication_factor = static_cast<std::int32_t>(states.front().replicas.size());
  env.emit(TopicCreated{asked.topic, partitions, replication_factor});
  write_record(env, controller, TopicRecord{asked.topic, partitions});
  write_record(env, controller, TopicConfigRecord{asked.topic, asked.config});
  for (std::int32_t p = 0; p < partitions; ++p)
    write_record(env, controller, PartitionRecord{{asked.topic, p}, states[static_cast<std::size_t>(p)]});
  return ErrorCode::none;
}

// New partitions get as many replicas as the topic's first has.
ErrorCode try_grow(Env& env, Controller& controller, const CreatePartitionsRequest& asked) {
  const TopicRegistration* topic = controller.working.topic(asked.topic);
  if (!topic || topic->partitions.empty()) return ErrorCode::unknown_topic_or_partition;
  const auto before = static_cast<std::int32_t>(topic->partitions.size());
  if (asked.count <= before) return ErrorCode::invalid_partitions;
  const auto factor = static_cast<std::int32_t>(topic->partitions.front().replicas.size());
  const Assignment assignment = place(env, controller, asked.topic, before, asked.count - before, factor);
  if (assignment.error != ErrorCode::none) return assignment.error;
  std::vector<PartitionRegistration> states;
  const ErrorCode error = first_states(controller, assignment, ErrorCode::invalid_replication_factor, states);
  if (error != ErrorCode::none) return error;
  env.emit(PartitionsCreated{asked.topic, before, asked.count});
  for (std::int32_t p = before; p < asked.count; ++p)
    write_record(env, controller, PartitionRecord{{asked.topic, p}, states[static_cast<std::size_t>(p - before)]});
  return ErrorCode::none;
}

}  // namespace

void create_topic(Env& env, Controller& controller, const RequestId& request, const CreateTopicsRequest& asked) {
  CreateTopicsResponse response;
  response.topic = asked.topic;
  response.error = try_create(env, controller, asked);
  answer(env, controller, request, response);
}

void create_partitions(Env& env, Controller& controller, const RequestId& request, const CreatePartitionsRequest& asked) {
  CreatePartitionsResponse response;
  response.error = try_grow(env, controller, asked);
  answer(env, controller, request, response);
}

void delete_topic(Env& env, Controller& controller, const RequestId& request, const DeleteTopicsRequest& asked) {
  DeleteTopicsResponse response;
  if (controller.working.topic(asked.topic)) {
    env.emit(TopicDeleted{asked.topic});
    write_record(env, controller, RemoveTopicRecord{asked.topic});
  } else {
    response.error = ErrorCode::unknown_topic_or_partition;
  }
  answer(env, controller, request, response);
}

// A topic that now allows unclean elections gets one at the next check (R14), or when an operator asks.
void alter_configs(Env& env, Controller& controller, const RequestId& request, const AlterConfigsRequest& asked) {
  AlterConfigsResponse response;
  if (!controller.working.topic(asked.topic)) response.error = ErrorCode::unknown_topic_or_partition;
  else write_record(env, controller, TopicConfigRecord{asked.topic, asked.config});
  answer(env, controller, request, response);
}

void allocate_producer_ids(Env& env, Controller& controller, const RequestId& request,
                           const AllocateProducerIdsRequest& asked) {
  AllocateProducerIdsResponse response;
  response.error = check_broker_epoch(controller, asked.broker, asked.broker_epoch);
  if (response.error == ErrorCode::none) {
    response.first = controller.working.next_producer_id();
    response.count = kProducerIdBlock;
    write_record(env, controller, ProducerIdsRecord{response.first + kProducerIdBlock});
  }
  answer(env, controller, request, response);
}

}  // namespace nutshell

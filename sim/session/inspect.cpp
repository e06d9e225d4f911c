#include "sim/session/inspect.h"

#include <algorithm>

#include "sim/cluster/describe.h"
#include "sim/cluster/process_kind.h"
#include "sim/core/text.h"
#include "sim/session/image.h"
#include "sim/session/offers.h"

namespace nutshell {

namespace {

std::string number(std::int64_t value) { return value < 0 ? "-" : std::to_string(value); }
std::string yes_no(bool value) { return value ? "true" : "false"; }

std::string list(const BrokerList& brokers) {
  std::string text;
  for (std::int16_t each : brokers) text += (text.empty() ? "" : ",") + std::to_string(each);
  return text.empty() ? "none" : text;
}

template <class T>
const T* of_node(const std::vector<T>& all, NodeId node) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& each) { return each.node == node; });
  return found == all.end() ? nullptr : &*found;
}

// What Kafka's own tools would print in the row whose first column reads `key`, but for what says which row it is.
void add_row(std::vector<Field>& fields, const World& world, std::string_view subject, const std::string& key) {
  for (const Table& table : describe(world, subject)) {
    for (const auto& row : table.rows) {
      if (row.empty() || row.front() != key) continue;
      for (std::size_t i = 1; i < std::min(row.size(), table.columns.size()); ++i) fields.push_back({table.columns[i], row[i]});
      return;
    }
  }
}

std::string role_name(RaftRole role) {
  switch (role) {
    case RaftRole::unattached: return "Unattached";
    case RaftRole::prospective: return "Prospective";
    case RaftRole::candidate: return "Candidate";
    case RaftRole::follower: return "Follower";
    case RaftRole::leader: return "Leader";
    case RaftRole::resigned: return "Resigned";
    case RaftRole::observer: break;
  }
  return "Observer";
}

std::string role_name(ReplicaRole role) {
  return role == ReplicaRole::leader ? "leader" : role == ReplicaRole::follower ? "follower" : "offline";
}

std::string state_name(MemberState state) {
  switch (state) {
    case MemberState::unjoined: return "unjoined";
    case MemberState::revoking: return "revoking";
    case MemberState::joining: return "joining";
    case MemberState::syncing: return "syncing";
    case MemberState::stable: break;
  }
  return "stable";
}

std::string state_name(ApplicationState state) {
  return state == ApplicationState::polling ? "in poll()" : state == ApplicationState::processing ? "processing" : "committing";
}

std::vector<Field> controller_fields(const World& world, const Controller& controller) {
  const Raft& raft = controller.raft;
  std::vector<Field> fields = {{"State", role_name(raft.role)},
                               {"LeaderEpoch", number(raft.epoch)},
                               {"LeaderId", raft.leader == kNoNode ? "-" : world.fabric.nodes[static_cast<std::size_t>(raft.leader)].name},
                               {"HighWatermark", number(raft.high_watermark)},
                               {"LogEndOffset", number(raft.end_offset())},
                               {"ActiveController", yes_no(controller.active)}};
  if (!raft.snapshots.empty()) {
    fields.push_back({"LogStartOffset", number(raft.start_offset())});
    fields.push_back({"latest snapshot below", number(raft.snapshots.back().end_offset())});
  }
  if (controller.active) fields.push_back({"FencedBrokerCount", ""});
  if (!controller.active) return fields;
  std::int64_t fenced = 0;
  for (const Broker& each : world.brokers) {
    const BrokerRegistration* registration = controller.image.broker(each.id);
    fenced += registration && registration->fenced;
  }
  fields.back().value = number(fenced);
  return fields;
}

std::vector<Field> broker_fields(const World& world, const Broker& broker) {
  std::vector<Field> fields;
  add_row(fields, world, "brokers", std::to_string(broker.id));
  fields.push_back({"Produce in purgatory", std::to_string(broker.produces.size())});
  fields.push_back({"Fetch in purgatory", std::to_string(broker.fetches.size())});
  return fields;
}

std::vector<Field> partition_fields(const World& world, TopicPartition tp) {
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  if (!partition) return {};
  return {{"Leader", partition->leader == kNoBroker ? "none" : number(partition->leader)},
          {"LeaderEpoch", number(partition->leader_epoch)},
          {"Replicas", list(partition->replicas)},
          {"Isr", list(partition->isr)},
          {"PartitionEpoch", number(partition->partition_epoch)},
          {"LeaderRecoveryState", partition->recovering ? "RECOVERING" : "RECOVERED"}};
}

std::vector<Field> replica_fields(const World& world, const Broker& broker, TopicPartition tp) {
  const Replica* replica = broker.replica(tp);
  if (!replica) return {};
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  const bool in_isr = partition && partition->isr.contains(static_cast<std::int16_t>(broker.id));
  std::vector<Field> fields = {{"Role", role_name(replica->role)},
                               {"InIsr", partition ? yes_no(in_isr) : "-"},
                               {"LeaderEpoch", number(replica->leader_epoch)},
                               {"LogStartOffset", number(replica->log.log_start_offset())},
                               {"HighWatermark", number(replica->log.high_watermark())},
                               {"LogEndOffset", number(replica->log.log_end_offset())},
                               {"RecoveryPoint", number(replica->log.recovery_point())},
                               {"segments", std::to_string(replica->log.segments().size())},
                               {"bytes", number(replica->log.size_in_bytes())},
                               {"of them in the page cache only", number(replica->log.unflushed_bytes())}};
  for (const FollowerState& each : replica->followers)
    fields.push_back({"broker " + std::to_string(each.broker) + " fetches at", number(each.log_end_offset)});
  if (!replica->pending_isr.empty()) fields.push_back({"proposed Isr", list(replica->pending_isr)});
  return fields;
}

std::vector<Field> producer_fields(const Producer& producer) {
  return {{"records sent", number(producer.counters.sent)},      {"records acked", number(producer.counters.acked)},
          {"records failed", number(producer.counters.failed)},  {"batches retried", number(producer.counters.retries)},
          {"buffered bytes", number(producer.buffered_bytes)},   {"batches in flight", std::to_string(producer.in_flight.size())},
          {"ProducerId", number(producer.producer_id)},          {"ProducerEpoch", number(producer.producer_epoch)}};
}

std::vector<Field> consumer_fields(const World& world, const Consumer& consumer) {
  const auto name = [&](std::int32_t interned) { return interned < 0 ? std::string("-") : world.fabric.names[interned]; };
  std::vector<Field> fields = {{"GROUP", name(consumer.spec.group)},
                               {"state", consumer.running ? state_name(consumer.state) : "not running"},
                               {"member.id", name(consumer.member_id)},
                               {"generation", number(consumer.generation)},
                               {"application", consumer.running ? state_name(consumer.application) : "-"},
                               {"records delivered", number(consumer.delivered)},
                               {"partitions", std::to_string(consumer.owned.size())}};
  for (const OwnedPartition& each : consumer.owned) {
    const std::string tp = name(each.tp.topic) + "-" + std::to_string(each.tp.partition);
    fields.push_back({tp + " position", number(each.position)});
    fields.push_back({tp + " committed", number(each.committed)});
  }
  return fields;
}

std::vector<Field> group_fields(const World& world, std::int32_t id) {
  std::vector<Field> fields;
  add_row(fields, world, "groups", world.fabric.names[id]);
  const Group* group = coordinated_group(world, id).group;
  if (!group) return fields;
  fields.push_back({"generation", number(group->generation)});
  for (const CommittedOffset& offset : group->offsets) {
    const std::string tp = world.fabric.names[offset.tp.topic] + "-" + std::to_string(offset.tp.partition);
    fields.push_back({tp + " CURRENT-OFFSET", number(offset.offset)});
  }
  return fields;
}

std::vector<Field> record_fields(const World& world, const Broker& broker, const Place& place) {
  const Replica* replica = broker.replica(place.tp);
  const Batch* found = replica ? replica->log.batch_at(place.offset) : nullptr;
  if (!found) return {};
  const Batch& batch = *found;
  std::vector<Field> fields = {{"baseOffset", number(batch.base_offset)},
                               {"lastOffset", number(batch.last_offset())},
                               {"partitionLeaderEpoch", number(batch.partition_leader_epoch)},
                               {"producerId", number(batch.producer_id)},
                               {"baseSequence", number(batch.base_sequence)},
                               {"maxTimestamp", batch.max_timestamp < 0 ? "-" : format_time(batch.max_timestamp)},
                               {"sizeInBytes", number(batch.size_in_bytes)}};
  if (batch.is_control()) return fields;
  const Record* stored = record_at(world.commons.store.records, batch, place.offset);
  if (!stored || stored->producer == kNoNode) return fields;
  const Record& record = *stored;
  fields.insert(fields.begin(), {"key", record.key < 0 ? "none" : world.fabric.names[record.key]});
  const std::string& producer = world.fabric.nodes[static_cast<std::size_t>(record.producer)].name;
  fields.insert(fields.begin() + 1, {"from", producer + " #" + number(record.serial)});
  const Time at = timestamp_of(batch, record);
  fields.insert(fields.begin() + 2, {"timestamp", at < 0 ? "-" : format_time(at)});
  return fields;
}

std::vector<Field> message_fields(const World& world, const Place& place) {
  const auto name = [&](NodeId node) { return world.fabric.nodes[static_cast<std::size_t>(node)].name; };
  if (place.node < 0 || place.to < 0) return {};
  std::vector<Field> fields = {{"type", std::string(message_name(place.message))}, {"from", name(place.node)}, {"to", name(place.to)}};
  for (const Message& each : world.fabric.messages) {
    const bool is_it = each.from == place.node && each.to == place.to && each.body.number() == place.message;
    if (!is_it || each.arrives_at < world.now()) continue;
    fields.insert(fields.end(), {{"sent", format_time(each.sent_at)},
                                 {"arrives", format_time(each.arrives_at)},
                                 {"correlationId", number(each.correlation)},
                                 {"retransmissions", number(each.attempt)}});
    return fields;
  }
  // It is drawn for a moment longer than it takes.
  fields.push_back({"state", "has arrived"});
  return fields;
}

// Of a plain kind: what there is to know of any process, and the numbers that its kind shows.
std::vector<Field> process_fields(const World& world, NodeId id) {
  const Node* node = node_at(world, id);
  if (!node) return {};
  const ProcessKind& kind = kind_of(*node);
  const bool down = node->status == NodeStatus::down;
  std::vector<Field> fields = {{"kind", std::string(kind.name)},
                               {"state", down ? "down" : node->status == NodeStatus::paused ? "paused" : "running"}};
  kind.fields(world, static_cast<std::size_t>(node->index),
              [&](std::string_view name, const std::string& value) { fields.push_back({std::string(name), value}); });
  return fields;
}

// Everything that has fields and can change.
std::vector<Place> places_of(const World& world) {
  std::vector<Place> all;
  const auto add = [&](PlaceKind kind, NodeId node) {
    Place place;
    place.kind = kind;
    place.node = node;
    all.push_back(place);
  };
  for (const Controller& each : world.controllers) add(PlaceKind::controller, each.node);
  for (const Broker& each : world.brokers) add(PlaceKind::broker, each.node);
  for (TopicPartition tp : user_partitions(world)) {
    add(PlaceKind::partition, kNoNode);
    all.back().tp = tp;
  }
  for (const Broker& broker : world.brokers) {
    for (const Replica& each : broker.replicas) {
      if (is_internal_topic(world.fabric.names[each.tp.topic])) continue;
      add(PlaceKind::replica, broker.node);
      all.back().tp = each.tp;
    }
  }
  for (const Producer& each : world.producers) add(PlaceKind::producer, each.node);
  std::vector<std::int32_t> groups;
  for (const Consumer& each : world.consumers) {
    add(PlaceKind::consumer, each.node);
    if (std::find(groups.begin(), groups.end(), each.spec.group) != groups.end()) continue;
    groups.push_back(each.spec.group);
    add(PlaceKind::group, kNoNode);
    all.back().group = each.spec.group;
  }
  for (std::size_t i = 0; i < world.fabric.nodes.size(); ++i)
    if (kind_of(world.fabric.nodes[i]).plain) add(PlaceKind::process, static_cast<NodeId>(i));
  return all;
}

void compare(const Place& place, const std::vector<Field>& before, const std::vector<Field>& now, std::vector<Change>& all) {
  const auto value_in = [](const std::vector<Field>& fields, const std::string& name) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& each) { return each.name == name; });
    return found == fields.end() ? std::string() : found->value;
  };
  for (const Field& each : now) {
    const std::string old = value_in(before, each.name);
    if (old != each.value) all.push_back({place, each.name, old, each.value});
  }
  for (const Field& each : before) {
    if (value_in(now, each.name).empty() && !each.value.empty()) all.push_back({place, each.name, each.value, ""});
  }
}

}  // namespace

std::vector<Field> fields_of(const World& world, const Place& place) {
  const Broker* broker = of_node(world.brokers, place.node);
  const Controller* controller = of_node(world.controllers, place.node);
  const Producer* producer = of_node(world.producers, place.node);
  const Consumer* consumer = of_node(world.consumers, place.node);
  if (place.kind == PlaceKind::group) return group_fields(world, place.group);
  if (place.kind == PlaceKind::partition) return partition_fields(world, place.tp);
  if (place.kind == PlaceKind::message) return message_fields(world, place);
  if (place.kind == PlaceKind::link || place.kind == PlaceKind::none) return {};
  if (place.kind == PlaceKind::record && broker) return record_fields(world, *broker, place);
  if (broker && place.tp.topic >= 0) return replica_fields(world, *broker, place.tp);
  if (broker) return broker_fields(world, *broker);
  if (controller) return controller_fields(world, *controller);
  if (producer) return producer_fields(*producer);
  if (consumer) return consumer_fields(world, *consumer);
  return place.kind == PlaceKind::process ? process_fields(world, place.node) : std::vector<Field>{};
}

std::vector<Change> changes_between(const World& before, const World& now, const Place& place) {
  std::vector<Change> all;
  const std::vector<Place> places = place ? std::vector<Place>{place} : places_of(now);
  for (const Place& each : places) compare(each, fields_of(before, each), fields_of(now, each), all);
  return all;
}

}  // namespace nutshell

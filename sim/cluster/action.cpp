#include "sim/cluster/action.h"

#include "sim/cluster/action_parts.h"
#include "sim/cluster/admin.h"
#include "sim/cluster/image.h"
#include "sim/cluster/process_kind.h"
#include "sim/cluster/processes.h"
#include "sim/cluster/titles.h"
#include "sim/cluster/zones.h"
#include "sim/core/require.h"
#include "sim/kafka/config_keys.h"
#include "sim/ksql/server.h"
#include "sim/registry/server.h"
#include "sim/workers/data_store.h"
#include "sim/workers/worker.h"

namespace nutshell {

namespace {

struct Effect {
  Env& env;
  World& world;

  void operator()(const Crash& action) const {
    const NodeId node = id_of(world, action.node);
    Node& self = env.self(node);
    if (self.status == NodeStatus::down) return;
    self.crashed = true;
    self.powered_off = action.power_loss;
    env.emit(NodeCrashed{node, action.power_loss});
    kill_process(env, node);
  }
  void operator()(const Start& action) const { start_node(env, world, id_of(world, action.node)); }
  void operator()(const Stop& action) const { stop_node(env, world, id_of(world, action.node)); }
  void operator()(const Pause& action) const {
    const NodeId node = id_of(world, action.node);
    if (env.self(node).status != NodeStatus::running) return;
    pause_process(env, node);
    env.emit(NodePaused{node});
    if (action.duration.ns > 0) plan(env, world, node, ControlKind::resume, env.now() + action.duration.ns);
  }
  void operator()(const Resume& action) const { control(env, world, id_of(world, action.node), ControlKind::resume); }
  void operator()(const Slow& action) const {
    const NodeId node = id_of(world, action.node);
    Node& self = env.self(node);
    self.service_time = action.per_message.ns;
    if (self.kind == NodeKind::broker)
      world.brokers[static_cast<std::size_t>(self.index)].disk.bytes_per_second = action.disk_bytes_per_second;
    self.slowed_by = action.per_message.ns > 0 || action.disk_bytes_per_second > 0 ? env.fabric.step : kNoStep;
    env.emit(NodeSlowed{node, self.service_time, action.disk_bytes_per_second});
  }
  void operator()(const SetClock& action) const {
    const NodeId node = id_of(world, action.node);
    env.self(node).clock_offset = action.offset.ns;
    env.emit(ClockSet{node, action.offset.ns});
  }
  void operator()(const Cut& action) const {
    for (const auto& [from, to] : link_pairs(world, action.from, action.to, !action.one_way)) cut_link(env, from, to);
    env.emit(LinkCut{end(action.from), end(action.to), action.one_way});
  }
  void operator()(const Heal& action) const {
    for (const auto& [from, to] : link_pairs(world, action.from, action.to, true)) {
      const Link* link = world.fabric.network.find(from, to);
      if (link && link->cut) heal_link(env, from, to);
    }
    env.emit(LinkHealed{end(action.from), end(action.to)});
  }
  void operator()(const Jam& action) const {
    for (const auto& [from, to] : link_pairs(world, action.from, action.to, !action.one_way)) jam_link(env, from, to);
    env.emit(LinkJammed{end(action.from), end(action.to), action.one_way});
  }
  void operator()(const Release& action) const {
    std::int32_t messages = 0;
    for (const auto& [from, to] : link_pairs(world, action.from, action.to, true)) {
      const Link* link = world.fabric.network.find(from, to);
      if (!link || !link->jammed) continue;
      messages += static_cast<std::int32_t>(link->held.size());
      release_link(env, from, to);
    }
    env.emit(LinkReleased{end(action.from), end(action.to), messages});
  }
  void operator()(const SetLink& action) const {
    const bool all = action.from.empty() && action.to.empty();
    Network& network = world.fabric.network;
    if (all) network.standard = changed(network.standard, action);
    for (Link& each : network.links)
      if (all) each.model = changed(each.model, action);
    if (!all)
      for (const auto& [from, to] : link_pairs(world, action.from, action.to, true))
        network.at(from, to).model = changed(network.at(from, to).model, action);
    env.emit(LinkChanged{end(action.from), end(action.to)});
  }
  void operator()(const LoseResponses& action) const {
    if (!pointless(world, action).empty()) return;
    lose_responses(env, id_of(world, action.client), id_of(world, action.server), Channel::data,
                   action.close ? ResponseFault::lost_and_closed : ResponseFault::lost);
  }
  void operator()(const DropMessage& action) const {
    const std::int32_t oldest = oldest_message(world, action);
    if (oldest >= 0) drop_message(env, oldest);
  }
  void operator()(const Send& action) const {
    const NodeId node = id_of(world, action.producer);
    if (env.self(node).status != NodeStatus::running) return;
    Names& names = world.fabric.names;
    const std::int32_t key = action.key.empty() ? -1 : names.intern(action.key);
    const std::int32_t text = action.tombstone ? kNoValue : action.value.empty() ? -1 : names.intern(action.value);
    Producer& producer = world.producers[static_cast<std::size_t>(env.self(node).index)];
    for (std::int64_t i = 0; i < action.count; ++i)
      send_record(env, producer, key, text, static_cast<std::int32_t>(action.partition));
  }
  void operator()(const SetLoad& action) const {
    const Node& node = env.self(id_of(world, action.producer));
    Producer& producer = world.producers[static_cast<std::size_t>(node.index)];
    if (action.record_bytes >= 0) producer.spec.record_bytes = static_cast<std::int32_t>(action.record_bytes);
    if (action.every.ns < 0 || action.every.ns == producer.spec.interval) return;
    if (node.status == NodeStatus::running) set_interval(env, producer, action.every.ns);
    else producer.spec.interval = action.every.ns;  // from the next time on
  }
  void operator()(const Ksql& action) const {
    const Node& node = env.self(id_of(world, action.server));
    if (!pointless(world, action).empty()) return;
    type_statements(env, world.plain.of<KsqlServer>()[static_cast<std::size_t>(node.index)], action.statement);
  }
  void operator()(const Rest& action) const {
    const Node& node = env.self(id_of(world, action.worker));
    if (!pointless(world, action).empty()) return;
    if (kind_of(node).name == SchemaRegistryKind::name)
      return call_registry(env, world.plain.of<RegistryServer>()[static_cast<std::size_t>(node.index)], action.call);
    call_rest(env, world.plain.of<ConnectWorker>()[static_cast<std::size_t>(node.index)], action.call);
  }
  void operator()(const Sql& action) const {
    const Node& node = env.self(id_of(world, action.store));
    if (!pointless(world, action).empty()) return;
    carry_out_sql(env, world.plain.of<DataStore>()[static_cast<std::size_t>(node.index)], action.statement);
  }
  void operator()(const WriteFile& action) const {
    const Node& node = env.self(id_of(world, action.store));
    if (!pointless(world, action).empty()) return;
    append_to_file(env, world.plain.of<DataStore>()[static_cast<std::size_t>(node.index)], action.file, action.text);
  }
  void operator()(const SetConfig& action) const {
    if (!refusal(world, action).empty()) return;
    if (action.target == "brokers") {
      for (Broker& each : world.brokers) set_config(each.config, action.key, action.value);
      for (Controller& each : world.controllers) set_config(each.config, action.key, action.value);
    } else if (const Node* node = world.find_node(action.target)) {
      const ProcessKind& kind = kind_of(*node);
      if (kind.set) kind.set(world, static_cast<std::size_t>(node->index), action.key, action.value);
    } else {
      alter_topic(action);
    }
  }
  void operator()(const CreateTopic& action) const {
    CreateTopicsRequest create;
    create.topic = world.fabric.names.intern(action.topic);
    create.partitions = static_cast<std::int32_t>(action.partitions);
    create.replication_factor = static_cast<std::int32_t>(action.replication_factor);
    ask_by_hand(env, world.admin, std::move(create));
  }
  void operator()(const ElectLeader& action) const {
    ElectLeadersRequest elect;
    elect.tp = {world.topic_id(action.topic), static_cast<std::int32_t>(action.partition)};
    elect.unclean = action.unclean;
    ask_by_hand(env, world.admin, elect);
  }
  void operator()(const AddBroker& action) const {
    const BrokerConfig config = !world.brokers.empty()     ? world.brokers.front().config
                                : world.controllers.empty() ? BrokerConfig{}
                                                            : world.controllers.front().config;
    const NodeId fresh = add_broker(world, static_cast<BrokerId>(action.id), config);
    put_into_emptiest_zone(world, world.brokers.back());
    start_node(env, world, fresh);
  }
  void operator()(const AddConsumer& action) const {
    ConsumerSetup setup;
    setup.name = action.consumer;
    setup.group = action.group;
    setup.topics = {action.topic};
    setup.spec = spec_of_group(action.group);
    const NodeId fresh = add_consumer(world, setup);
    put_where_rack_says(world, fresh, setup.spec.config.rack);
    start_node(env, world, fresh);
  }
  void operator()(const AddProducer& action) const {
    ProducerSetup setup;
    setup.name = action.producer;
    setup.topic = action.topic;
    setup.spec.interval = action.every.ns;
    start_node(env, world, add_producer(world, setup));
  }
  void operator()(const AddPartitions& action) const {
    ask_by_hand(env, world.admin, CreatePartitionsRequest{world.topic_id(action.topic), static_cast<std::int32_t>(action.count)});
  }
  void operator()(const DeleteTopic& action) const {
    ask_by_hand(env, world.admin, DeleteTopicsRequest{world.topic_id(action.topic)});
  }
  void operator()(const TearTail& action) const {
    const NodeId node = id_of(world, action.node);
    if (env.self(node).status == NodeStatus::down) return;
    broker_of(action.node).disk.tears = true;
    (*this)(Crash{action.node, true});
  }
  void operator()(const LieAboutFlush& action) const { let_disk_lie(env, broker_of(action.node), action.lie); }
  void operator()(const StallDisk& action) const {
    Broker& broker = broker_of(action.node);
    if (env.self(broker.node).status == NodeStatus::down || action.duration.ns <= 0) return;
    broker.disk.stall(action.duration.ns, env.now());
    env.emit(DiskStalled{broker.id, action.duration.ns});
  }
  void operator()(const CorruptBatch& action) const {
    damage_batch(env, broker_of(action.node), {world.topic_id(action.topic), static_cast<std::int32_t>(action.partition)}, action.offset);
  }
  void operator()(const FailDirectory& action) const {
    fail_directory(env, broker_of(action.node), static_cast<std::int32_t>(action.directory));
  }
  void operator()(const FillDisk& action) const {
    limit_directory(env, broker_of(action.node), static_cast<std::int32_t>(action.directory), action.free_bytes);
  }
  void operator()(const WipeDisk& action) const { replace_disk(env, broker_of(action.node)); }
  void operator()(const CopyDisk& action) const { copy_disk(env, broker_of(action.node)); }
  void operator()(const RestoreDisk& action) const { set_disk_back(env, broker_of(action.node)); }
  void operator()(const DeleteRecords& action) const {
    const TopicPartition tp{world.topic_id(action.topic), static_cast<std::int32_t>(action.partition)};
    const MetadataImage* image = committed_image(world);
    const PartitionRegistration* known = image ? image->partition(tp) : nullptr;
    ask_by_hand(env, world.admin, DeleteRecordsRequest{tp, action.offset, 30 * kSecond}, known ? known->leader : kNoBroker);
  }
  void operator()(const SetElectionTimeout& action) const {
    const NodeId node = id_of(world, action.node);
    if (env.self(node).status != NodeStatus::running) return;
    Controller& controller = world.controllers[static_cast<std::size_t>(env.self(node).index)];
    if (raft_set_timeout(env, controller.raft, action.timeout.ns)) env.emit(ElectionTimeoutSet{node, action.timeout.ns});
  }
  void operator()(const LoseZone& action) const {
    const RackId zone = world.topic_id(action.zone);
    env.emit(ZoneLost{zone, action.cut_off});
    if (action.cut_off)
      for (const auto& [from, to] : zone_links(world, action.zone, "")) cut_link(env, from, to);
    else
      for (NodeId each : nodes_in_zone(world, action.zone)) (*this)(Crash{env.self(each).name, true});
  }
  void operator()(const RestoreZone& action) const {
    env.emit(ZoneRestored{world.topic_id(action.zone)});
    for (const auto& [from, to] : zone_links(world, action.zone, "")) {
      const Link* link = world.fabric.network.find(from, to);
      if (link && link->cut) heal_link(env, from, to);
    }
    for (NodeId each : nodes_in_zone(world, action.zone)) start_node(env, world, each);
  }
  void operator()(const SetZoneLatency& action) const {
    for (ZonePath* each : zone_paths(world, action)) each->latency = action.latency.ns;
    env.emit(ZoneLatencySet{world.topic_id(action.zone), action.to.empty() ? -1 : world.topic_id(action.to), action.latency.ns});
  }
  void operator()(const CrashWorker& action) const {
    if (pointless(world, action).empty()) note({RivalDeed::Kind::crash, env.now(), action.worker, "", ""});
  }
  void operator()(const LoseNode& action) const {
    note({action.cut_off ? RivalDeed::Kind::cut_node : RivalDeed::Kind::lose_node, env.now(), action.system, "", ""});
  }
  void operator()(const SetSystem& action) const {
    if (pointless(world, action).empty()) note({RivalDeed::Kind::set, env.now(), action.system, action.key, action.value});
  }

 private:
  void note(RivalDeed deed) const { world.rivals.deeds.push_back(std::move(deed)); }
  // REQUIRES it is one.
  Broker& broker_of(const std::string& name) const {
    return world.brokers[static_cast<std::size_t>(env.self(id_of(world, name)).index)];
  }
  NodeId end(const std::string& name) const { return name.empty() ? kNoNode : id_of(world, name); }

  // Another instance of the same application has its settings.
  ConsumerSpec spec_of_group(const std::string& group) const {
    for (const Consumer& each : world.consumers) {
      if (world.fabric.names[each.spec.group] != group) continue;
      ConsumerSpec spec = each.spec;
      spec.topics.clear();
      return spec;
    }
    return {};
  }
  void alter_topic(const SetConfig& action) const {
    AlterConfigsRequest alter;
    alter.topic = world.topic_id(action.target);
    for (const Controller& each : world.controllers)
      if (const TopicRegistration* topic = each.image.topic(alter.topic); topic && each.active) alter.config = topic->config;
    set_config(alter.config, action.key, action.value);
    ask_by_hand(env, world.admin, alter);
  }
};

// What the controller is asked for it answers itself.
bool asks_controller(const World& world, const ActionBody& body) {
  const auto* set = std::get_if<SetConfig>(&body);
  if (set) return set->target != "brokers" && !world.find_node(set->target);
  return std::holds_alternative<CreateTopic>(body) || std::holds_alternative<AddPartitions>(body) ||
         std::holds_alternative<ElectLeader>(body) || std::holds_alternative<DeleteTopic>(body) ||
         std::holds_alternative<DeleteRecords>(body);
}

// Why nothing will come of a possible action; empty: something will, or the controller has the word.
std::string in_vain(const World& world, const ActionBody& body) {
  const bool refused_at_once = std::holds_alternative<SetConfig>(body) || !asks_controller(world, body);
  const std::string refused = refused_at_once ? refusal(world, body) : "";
  return refused.empty() && !asks_controller(world, body) ? pointless(world, body) : refused;
}

}  // namespace

void tell_refused(Env& env, std::string_view action, std::string_view reason, ErrorCode error) {
  if (!reason.empty() && reason.back() == '.') reason.remove_suffix(1);
  Names& names = env.fabric.names;
  const std::int32_t name = names.intern(action);
  env.emit(ActionRefused{name, names.intern(reason), error});
}

std::string_view action_name(const ActionBody& body) {
  return std::visit([](const auto& each) { return each.name; }, body);
}

void apply(World& world, const Action& action, std::vector<Fact>& facts) {
  NUTSHELL_REQUIRE(action.at >= world.fabric.now);
  world.fabric.step += 1;
  world.fabric.now = action.at;
  std::string vacant;
  const Action done{action.at, with_bearers(world, action.body, vacant)};
  fold(world.fabric.digest, done);
  Env env(world.fabric, world.commons, facts);
  const std::string never = vacant.empty() ? impossible(world, done.body) : vacant;
  const std::string why = never.empty() ? in_vain(world, done.body) : never;
  if (!why.empty()) tell_refused(env, action_name(done.body), why, ErrorCode::none);
  if (never.empty()) std::visit(Effect{env, world}, done.body);
  finish_step(env, world);
}

}  // namespace nutshell

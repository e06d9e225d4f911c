// Why an action cannot be done, and why Kafka would refuse it.
#include <algorithm>

#include "sim/cluster/action_parts.h"
#include "sim/cluster/image.h"
#include "sim/cluster/process_kind.h"
#include "sim/cluster/titles.h"
#include "sim/cluster/zones.h"
#include "sim/core/text.h"
#include "sim/kafka/config_keys.h"
#include "sim/registry/server.h"
#include "sim/workers/rest.h"
#include "sim/workers/sql.h"

namespace nutshell {

namespace {

std::string no_such_node(const World& world, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Node& each : world.fabric.nodes) names.push_back(each.name);
  const std::string nearest = nearest_name(name, names);
  return "there is no node '" + std::string(name) + "'" + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
}

std::string no_such_topic(std::string_view name) { return "there is no topic '" + std::string(name) + "'"; }

std::string unknown_node(const World& world, const std::string& name, bool may_be_empty = false) {
  if ((name.empty() && may_be_empty) || world.find_node(name)) return {};
  return no_such_node(world, name);
}

std::string unknown_ends(const World& world, const std::string& from, const std::string& to) {
  const std::string first = unknown_node(world, from, true);
  return first.empty() ? unknown_node(world, to, true) : first;
}

template <class OfOneNode>
  requires requires(const OfOneNode& action) { action.node; }
std::string check(const World& world, const OfOneNode& action) {
  return unknown_node(world, action.node);
}

template <class OfADisk>
std::string check_broker(const World& world, const OfADisk& action) {
  const Node* node = world.find_node(action.node);
  if (!node) return no_such_node(world, action.node);
  return node->kind == NodeKind::broker ? "" : "'" + action.node + "' is no broker: only brokers have disks with logs";
}
std::string check(const World& world, const TearTail& action) { return check_broker(world, action); }
std::string check(const World& world, const LieAboutFlush& action) { return check_broker(world, action); }
std::string check(const World& world, const StallDisk& action) { return check_broker(world, action); }
std::string check(const World& world, const WipeDisk& action) { return check_broker(world, action); }
std::string check(const World& world, const CopyDisk& action) { return check_broker(world, action); }
std::string check(const World& world, const RestoreDisk& action) { return check_broker(world, action); }

template <class OfADirectory>
std::string check_directory(const World& world, const OfADirectory& action) {
  const std::string why = check_broker(world, action);
  if (!why.empty()) return why;
  const std::int64_t dirs = world.brokers[static_cast<std::size_t>(world.find_node(action.node)->index)].config.log_dirs;
  if (action.directory >= 0 && action.directory < dirs) return "";
  return action.node + " has no log directory " + std::to_string(action.directory) + ": log.dirs gives it " + std::to_string(dirs) +
         ", counted from 0";
}
std::string check(const World& world, const FailDirectory& action) { return check_directory(world, action); }
std::string check(const World& world, const FillDisk& action) { return check_directory(world, action); }

std::string check(const World& world, const Slow& action) {
  const Node* node = world.find_node(action.node);
  if (!node) return no_such_node(world, action.node);
  if (action.disk_bytes_per_second == 0 || node->kind == NodeKind::broker) return {};
  return "'" + action.node + "' is no broker: only brokers write records to a disk; per_message slows any process";
}

template <class OfALink>
  requires requires(const OfALink& action) { action.from; }
std::string check(const World& world, const OfALink& action) {
  return unknown_ends(world, action.from, action.to);
}

std::string check(const World& world, const DropMessage& action) {
  const std::string ends = unknown_ends(world, action.from, action.to);
  if (!ends.empty() || message_number(action.message) != kNoMessage) return ends;
  return "there is no message '" + action.message + "'";
}

std::string check(const World& world, const LoseResponses& action) {
  return unknown_ends(world, action.client, action.server);
}

std::string check(const World& world, const Send& action) {
  const Node* node = world.find_node(action.producer);
  if (!node) return no_such_node(world, action.producer);
  if (node->kind != NodeKind::producer) return "'" + action.producer + "' is no producer";
  if (action.count < 1 || action.count > 1'000'000) return "count must be between 1 and 1000000";
  if (action.tombstone && !action.value.empty()) return "a tombstone has no value, and \"value\" gives it one";
  return {};
}

std::string check(const World& world, const SetLoad& action) {
  const Node* node = world.find_node(action.producer);
  if (!node) return no_such_node(world, action.producer);
  if (node->kind != NodeKind::producer) return "'" + action.producer + "' is no producer";
  const Producer& producer = world.producers[static_cast<std::size_t>(node->index)];
  if (action.every.ns >= 0 && producer.spec.interval == 0)
    return "'" + action.producer + "' sends only when it is told to (\"send\"); there is no interval to change";
  return action.every.ns < 0 && action.record_bytes < 0 ? "nothing is to change; say \"every\" or \"record_bytes\"" : "";
}

std::string check(const World& world, const Ksql& action) {
  const Node* node = world.find_node(action.server);
  if (!node) return no_such_node(world, action.server);
  if (kind_of(*node).name != KsqlServerKind::name) return "'" + action.server + "' is no ksqlDB server";
  return action.statement.empty() ? "there is no statement; write one, such as SHOW QUERIES;" : "";
}

// Topics that a connector creates: more replicas than there are brokers there will never be.
std::string too_many_replicas(const World& world, const connect::ConnectorConfig& config) {
  const auto brokers = static_cast<std::int64_t>(world.brokers.size());
  const auto refuse = [&](const std::string& key, std::int64_t replicas) {
    return "\"" + key + "\" is " + std::to_string(replicas) + (replicas == 3 ? ", as it is unless said" : "") + ", and there " +
           (brokers == 1 ? "is 1 broker" : "are " + std::to_string(brokers) + " brokers") + "; set it to " + std::to_string(brokers);
  };
  if (!config.errors.dead_letter_topic.empty() && config.errors.dead_letter_replication > brokers)
    return refuse("errors.deadletterqueue.topic.replication.factor", config.errors.dead_letter_replication);
  for (const connect::TopicGroup& each : config.topic_groups)
    if (each.replication > brokers) return refuse("topic.creation." + each.name + ".replication.factor", each.replication);
  return "";
}

std::string check(const World& world, const Rest& action) {
  const Node* node = world.find_node(action.worker);
  if (!node) return no_such_node(world, action.worker);
  if (kind_of(*node).name == SchemaRegistryKind::name) return registry_call_problem(action.call);
  if (kind_of(*node).name != ConnectWorkerKind::name) return "'" + action.worker + "' is neither a Connect worker nor a schema registry";
  std::string problem;
  const std::optional<RestCall> call = read_rest(action.call, problem);
  if (call && call->kind == RestCall::Kind::tasks) return "tasks are what workers tell their leader; write PUT /connectors/NAME/config";
  const bool given = call && (call->kind == RestCall::Kind::config || call->kind == RestCall::Kind::create);
  const auto config = given ? connect::read_connector(call->connector, call->properties, {}, problem) : std::nullopt;
  if (!config) return problem;
  const Node* store = world.find_node(store_name(*config));
  if (!store || kind_of(*store).name != DataStoreKind::name) return no_store(*config);
  return too_many_replicas(world, *config);
}

std::string not_a_store(const World& world, const std::string& name) {
  const Node* node = world.find_node(name);
  if (!node) return no_such_node(world, name);
  return kind_of(*node).name == DataStoreKind::name ? "" : "'" + name + "' is no data store";
}
std::string check(const World& world, const Sql& action) {
  std::string problem = not_a_store(world, action.store);
  if (problem.empty()) run_sql(action.statement, nullptr, problem);
  return problem;
}
std::string check(const World& world, const WriteFile& action) {
  const std::string problem = not_a_store(world, action.store);
  return problem.empty() && action.file.empty() ? "the file has no name" : problem;
}

bool topic_known(const World& world, std::string_view name) { return partitions_of(world, name) > 0; }

ConfigScope scope_of_target(const World& world, const std::string& target) {
  if (target == "brokers") return ConfigScope::broker;
  const Node* node = world.find_node(target);
  if (!node) return ConfigScope::topic;
  return kind_of(*node).scope.value_or(ConfigScope::broker);
}

std::string check(const World& world, const SetConfig& action) {
  if (action.target != "brokers" && !world.find_node(action.target) && !topic_known(world, action.target))
    return "'" + action.target + "' is neither \"brokers\" nor a node nor a topic";
  return unknown_config(scope_of_target(world, action.target), action.key);
}

std::string check(const World&, const CreateTopic& action) {
  if (action.topic.empty()) return "a topic needs a name";
  if (!is_topic_name(action.topic))
    return "'" + action.topic + "' is no name that Kafka allows for a topic: letters, digits, '.', '_' and '-' (INVALID_TOPIC_EXCEPTION)";
  if (action.partitions > 100000) return "partitions must be between 1 and 100000";
  return action.replication_factor > 15 ? "replication_factor must be between 1 and 15" : "";
}

std::string no_such_zone(const World& world, const std::string& name) {
  const std::vector<std::string> zones = zone_names(world);
  if (zones.empty()) return "nothing stands in a zone here; \"zones\" of \"cluster\" puts brokers into some";
  if (std::find(zones.begin(), zones.end(), name) != zones.end()) return "";
  const std::string near = nearest_name(name, {zones.begin(), zones.end()});
  return "there is no zone '" + name + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?");
}
std::string check(const World& world, const LoseZone& action) { return no_such_zone(world, action.zone); }
std::string check(const World& world, const RestoreZone& action) { return no_such_zone(world, action.zone); }
std::string check(const World& world, const SetZoneLatency& action) {
  const std::string why = no_such_zone(world, action.zone);
  if (!why.empty() || action.to.empty()) return why;
  return action.to == action.zone ? "a zone has no way to itself" : no_such_zone(world, action.to);
}

std::string no_rivals(const World& world) {
  return world.rivals.setup ? "" : "there is a cluster here, and no workload on several systems";
}
std::string unknown_system(const World& world, const std::string& name) {
  std::vector<std::string_view> names;
  for (const RivalSystem& each : world.rivals.setup->systems) names.push_back(each.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return "";
  const std::string near = nearest_name(name, names);
  return "there is no system '" + name + "' here" + (near.empty() ? "" : "; did you mean '" + near + "'?");
}
std::string check(const World& world, const CrashWorker& action) {
  const std::string none = no_rivals(world);
  if (!none.empty()) return none;
  const std::vector<std::string>& workers = world.rivals.setup->workers;
  if (std::find(workers.begin(), workers.end(), action.worker) != workers.end()) return "";
  const std::string near = nearest_name(action.worker, {workers.begin(), workers.end()});
  return "there is no consumer '" + action.worker + "' in the workload" + (near.empty() ? "" : "; did you mean '" + near + "'?");
}
std::string check(const World& world, const LoseNode& action) {
  const std::string none = no_rivals(world);
  return none.empty() && !action.system.empty() ? unknown_system(world, action.system) : none;
}
std::string check(const World& world, const SetSystem& action) {
  std::string why = no_rivals(world);
  if (why.empty()) why = unknown_system(world, action.system);
  if (why.empty() && world.now() >= kMillisecond) why = "a topic or a queue is declared once, before it is used: go back to the beginning";
  return why;
}

std::string check(const World& world, const ElectLeader& action) {
  return topic_known(world, action.topic) ? std::string() : no_such_topic(action.topic);
}

std::string check(const World& world, const AddBroker& action) {
  if (action.id < 1 || action.id > 1000) return "a broker's id is between 1 and 1000";
  return world.find_broker(static_cast<BrokerId>(action.id)) ? "there is a broker " + std::to_string(action.id) + " already"
                                                             : std::string();
}

std::string check_new_client(const World& world, const std::string& name, const std::string& topic) {
  if (name.empty()) return "a client needs a name";
  if (world.find_node(name)) return "there is a node '" + name + "' already";
  return topic_known(world, topic) ? std::string() : no_such_topic(topic);
}

std::string check(const World& world, const AddConsumer& action) {
  if (action.group.empty()) return "a consumer needs a group";
  return check_new_client(world, action.consumer, action.topic);
}

std::string check(const World& world, const AddProducer& action) {
  return check_new_client(world, action.producer, action.topic);
}

std::string check(const World& world, const AddPartitions& action) {
  if (!topic_known(world, action.topic)) return no_such_topic(action.topic);
  return action.count > 100000 ? "partitions must be between 1 and 100000" : "";
}

std::string check(const World& world, const DeleteRecords& action) {
  if (!topic_known(world, action.topic)) return no_such_topic(action.topic);
  return action.partition < partitions_of(world, action.topic) ? std::string()
                                                                : action.topic + " has no partition " + std::to_string(action.partition);
}

std::string check(const World& world, const CorruptBatch& action) {
  if (!topic_known(world, action.topic)) return no_such_topic(action.topic);
  return check_broker(world, action);
}

std::string check(const World& world, const DeleteTopic& action) {
  return topic_known(world, action.topic) ? std::string() : no_such_topic(action.topic);
}

std::string check(const World& world, const SetElectionTimeout& action) {
  const Node* node = world.find_node(action.node);
  if (!node) return no_such_node(world, action.node);
  return node->kind == NodeKind::controller ? "" : "'" + action.node + "' is no controller, so it takes no part in their elections";
}

// What Kafka refuses. The sentences are those of its tools and of the controller.

template <class Other>
std::string refuse(const World&, const Other&) {
  return "";
}

bool any_runs(const World& world, const std::string& target) {
  return std::any_of(world.fabric.nodes.begin(), world.fabric.nodes.end(), [&](const Node& each) {
    const bool meant = target == each.name ||
                       (target == "brokers" && (each.kind == NodeKind::broker || each.kind == NodeKind::controller));
    return meant && each.status != NodeStatus::down;
  });
}

std::string refuse(const World& world, const SetConfig& action) {
  const ConfigScope scope = scope_of_target(world, action.target);
  if (scope == ConfigScope::broker && !is_dynamic(action.key) && any_runs(world, action.target))
    return "Cannot update these configs dynamically: " + action.key + " (INVALID_REQUEST); set it while the process is down";
  const std::string wrong = wrong_value(scope, action.key, action.value);
  if (!wrong.empty() || scope != ConfigScope::topic) return wrong;
  const MetadataImage* image = committed_image(world);
  const TopicRegistration* topic = image ? image->topic(world.topic_id(action.target)) : nullptr;
  if (!topic) return "";
  TopicConfig with = topic->config;
  set_config(with, action.key, action.value);
  const std::string contradiction = validate(with);
  return contradiction.empty() ? "" : contradiction + " (INVALID_CONFIG)";
}

std::string refuse(const World& world, const CreateTopic& action) {
  if (topic_known(world, action.topic)) return "there is a topic '" + action.topic + "' already (TOPIC_ALREADY_EXISTS)";
  if (action.partitions < 1 && action.partitions != -1) return "partitions must be at least 1 (INVALID_PARTITIONS)";
  const auto brokers = static_cast<std::int64_t>(world.brokers.size());
  if (brokers == 0) return "there is no broker yet that could hold a partition (INVALID_REPLICATION_FACTOR)";
  const bool right = action.replication_factor >= 1 && action.replication_factor <= brokers;
  return right || action.replication_factor == -1
             ? ""
             : "replication_factor must be between 1 and the number of brokers, " + std::to_string(brokers) +
                   " (INVALID_REPLICATION_FACTOR)";
}

std::string refuse(const World& world, const AddPartitions& action) {
  if (action.topic == kOffsetsTopic) return "the number of partitions of the offsets topic cannot be changed";
  const std::int64_t now = partitions_of(world, action.topic);
  const std::string has = std::to_string(now) + (now == 1 ? " partition" : " partitions");
  if (action.count == now) return "topic '" + action.topic + "' already has " + has;
  if (action.count < now)
    return "topic '" + action.topic + "' currently has " + has + "; " + std::to_string(action.count) + " would not be an increase";
  return "";
}

std::string refuse(const World&, const DeleteTopic& action) {
  return action.topic == kOffsetsTopic ? "the offsets topic is Kafka's own: without it no group could commit" : "";
}

}  // namespace

std::string impossible(const World& world, const ActionBody& body) {
  std::string vacant;
  const ActionBody meant = with_bearers(world, body, vacant);
  return vacant.empty() ? std::visit([&](const auto& each) { return check(world, each); }, meant) : vacant;
}

std::string refusal(const World& world, const ActionBody& body) {
  std::string vacant;
  return std::visit([&](const auto& each) { return refuse(world, each); }, with_bearers(world, body, vacant));
}

}  // namespace nutshell

#include "sim/scenario/schema.h"

#include <algorithm>

#include "sim/cluster/process_kind.h"
#include "sim/core/text.h"
#include "sim/scenario/choices.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/ksql_json.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/schema_parts.h"
#include "sim/scenario/wires_json.h"

namespace nutshell {
namespace {

using Ordered = nlohmann::ordered_json;

constexpr std::int64_t kPpm = kAlways;
constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

Ordered cluster_schema() {
  Ordered controllers = {{"enum", Ordered::array({1, 3, 5})},
                         {"description", "Voters of the metadata quorum: Q1, Q2, ..."}};
  return object_schema({{"brokers", integer_schema("Their ids are 1, 2, ...; 0: the script or a hand adds them.", 0, kMaxBrokers)},
                        {"controllers", controllers},
                        {"zones", list_schema("Where the machine of each broker stands, by id; fewer are gone through again and again. "
                                              "Controllers are dealt over them.",
                                              {{"type", "string"}}, kMaxBrokers)},
                        {"racks", list_schema("broker.rack of each broker, likewise; without zones they stand there, too.",
                                              {{"type", "string"}}, kMaxBrokers)},
                        {"config", reference("broker_config")}},
                       {});
}

Ordered network_schema() {
  return object_schema(
      {{"latency", duration_schema("Of every message, at least " + format_duration(kMinLatency) + ".")},
       {"jitter", duration_schema("Mean of what is added at random.")},
       {"tail", duration_schema("Added to a few messages.")},
       {"tail_ppm", integer_schema("To how many, in parts per million.", 0, kPpm)},
       {"loss_ppm", integer_schema("Segments lost and sent again by TCP, per million.", 0, kPpm)},
       {"duplicate_ppm", integer_schema("Segments that arrive twice, per million.", 0, kPpm)},
       {"reorder_ppm", integer_schema("Messages held back, per million.", 0, kPpm)},
       {"reorder_delay", duration_schema("How long these are held back.")},
       {"bytes_per_second", integer_schema("Bandwidth of a link; 0 is unlimited.", 0, kAny)}},
      {});
}

Ordered topic_schema() {
  const Ordered replicas = {{"type", "array"}, {"minItems", 1}, {"items", integer_schema("", 1, kMaxBrokers)}};
  return object_schema(
      {{"name", text_schema("As Kafka allows it: letters, digits, '.', '_' and '-'.")},
       {"partitions", integer_schema("Else num.partitions of the brokers.", 1, kMaxPartitions)},
       {"replication_factor", integer_schema("Else default.replication.factor of the brokers.", 1, 15)},
       {"assignment", list_schema("Brokers of each partition, the preferred leader first.", replicas, kMaxPartitions)},
       {"config", reference("topic_config")}},
      {"name"});
}

Ordered producer_schema() {
  return object_schema(
      {{"name", text_schema("The client's name.")},
       {"topic", text_schema("")},
       {"every", duration_schema("Sends at this interval, for the first time one interval after its start; without it only when the "
                                  "script says so.")},
       {"records", integer_schema("So many each time.", 1, kMaxRecordsAtOnce)},
       {"limit", integer_schema("So many in all.", 0, kAny)},
       {"record_bytes", integer_schema("Size of a record.", 1, kMostRecordBytes)},
       {"partition", integer_schema("Always this partition; else the partitioner decides.", 0, kMaxPartitions - 1)},
       {"keys", list_schema("Keys of the records.", {{"type", "string"}}, kMaxRecordsAtOnce)},
       {"tombstone_every", integer_schema("Each so manieth record has no value: a tombstone, for compacted topics.", 1, kMaxRecordsAtOnce)},
       {"key_choice", {{"enum", names_of(kKeyChoices)}, {"description", "In turn (the usual), or at random."}}},
       {"config", reference("producer_config")},
       {"zone", text_schema("Where its machine stands; else where client.rack says.")},
       {"start", duration_schema("Usually as soon as the topics exist.")},
       {"stop", duration_schema("When it is closed; usually never.")}},
      {"name", "topic"});
}

Ordered consumer_schema() {
  return object_schema(
      {{"name", text_schema("The client's name.")},
       {"group", text_schema("Its group.id.")},
       {"topics", list_schema("What it subscribes to.", {{"type", "string"}}, kMaxTopics)},
       {"processing", duration_schema("Work on each record.")},
       {"commit",
        {{"enum", names_of(kCommitModes)}, {"description", "When it commits, if enable.auto.commit is false."}}},
       {"config", reference("consumer_config")},
       {"zone", text_schema("Where its machine stands; else where client.rack says.")},
       {"start", duration_schema("Usually as soon as the topics exist.")},
       {"stop", duration_schema("When it is closed; usually never.")}},
      {"name", "group", "topics"});
}

// "ksqlDB_server_config"
std::string config_name(const ProcessKind& kind) {
  std::string name(kind.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name + "_config";
}

// What a workload consists of, in a file of its own or in this one, its reader says (workload_json.h).
Ordered rivals_schema() {
  const Ordered system = object_schema({{"name", text_schema("As paths of values name it.")},
                                        {"title", text_schema("As it is written over it; usually its name.")},
                                        {"row", text_schema("The row of the workload that it is; else the one of its name.")}},
                                       {"name"});
  const Ordered setting = object_schema({{"system", text_schema("")},
                                         {"key", text_schema("Of its product.")},
                                         {"value", text_schema("\"true\", \"30s\", \"5\".")},
                                         {"say", text_schema("In a few words: \"one active consumer\".")}},
                                        {"system", "key", "value", "say"});
  Ordered schema = object_schema(
      {{"use", text_schema("A workload that comes with Nutshell: nutshell rivals lists them.")},
       {"inline", {{"type", "object"}, {"description", "A workload, as its file reads (assets/rivals/README.md)."}}},
       {"service", text_schema("Whom the figures are about; usually the first.")},
       {"systems", list_schema("One to six, beside each other.", system, kMostRivals)},
       {"figures", list_schema("Columns of the table of results; usually those that tell something.", {{"type", "string"}}, 30)},
       {"settings", list_schema("What a hand may set before anything runs.", setting, 20)}},
      {"systems"});
  schema["description"] = "One workload on several systems, in the place of a cluster.";
  return schema;
}

Ordered plain_schema(const ProcessKind& kind) {
  return object_schema({{"name", text_schema("Its name.")},
                        {"config", reference(config_name(kind))},
                        {"zone", text_schema("Where its machine stands; else in none.")},
       {"start", duration_schema("Usually as soon as the topics exist.")},
                        {"stop", duration_schema("When it is stopped; usually never.")}},
                       {"name"});
}

Ordered definitions() {
  Ordered all = {
      {"duration",
       {{"type", "string"},
        {"pattern", "^-?([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h|d))+$"},
        {"description", "\"500ms\", \"1.5s\", \"2m\"; several units fall: \"5m20s\"."}}},
      {"node",
       {{"type", "string"},
        {"description",
         "\"broker 1\", \"Q1\" (a controller), the name of a client; or who it is at that moment: \"leader of orders-0\", "
         "\"follower of orders-0\", \"coordinator of cooks\", \"active controller\"."}}},
      {"broker_config", config_schema(ConfigScope::broker)},
      {"topic_config", config_schema(ConfigScope::topic)},
      {"producer_config", config_schema(ConfigScope::producer)},
      {"consumer_config", config_schema(ConfigScope::consumer)},
      {"where", where_schema()},
      {"event", event_schema()},
      {"when", when_schema()},
      {"test", test_schema()},
      {"action", action_schema()},
      {"beat", beat_schema()},
      {"goal", goal_schema()}};
  for (const ProcessKind& kind : process_kinds())
    if (kind.plain) all[config_name(kind)] = config_schema(*kind.scope);
  return all;
}

Ordered properties() {
  Ordered all = {{"$schema", {{"type", "string"}}},
          {"title", text_schema("A few words.")},
          {"about", text_schema("What happens here, in a few sentences.")},
          {"corrects", text_schema("The misconception that it corrects.")},
          {"chapter", text_schema("Where menus put it.")},
          {"notes", list_schema("What is simplified here.", {{"type", "string"}}, 100)},
          {"view", {{"description", "How it is looked at first."}, {"enum", kFigureViews}}},
          {"opens", duration_schema("Where playing starts: the cluster has come up until then.")},
          {"until", duration_schema("Where the run ends, after " + format_duration(kMaxUntil) + " at the latest.")},
          {"seed", integer_schema("Another seed is another run.", 0, kAny)},
          {"cluster", cluster_schema()},
          {"workload", rivals_schema()},
          {"network", network_schema()},
          {"topics", list_schema("They exist before the clients start.", topic_schema(), kMaxTopics)},
          {"producers", list_schema("", producer_schema(), kMaxClients)},
          {"consumers", list_schema("", consumer_schema(), kMaxClients)},
          {"ksql", ksql_schema()},
          {"wires", wires_schema()},
          {"script", list_schema("What is done to the cluster.", reference("action"), kMaxActions)},
          {"beats",
           list_schema("What is said and asked; each beat waits for the one before it.", reference("beat"), kMaxBeats)},
          {"expect", list_schema("What the run has to show.", reference("test"), kMaxExpectations)},
          {"goals", list_schema("What the player is to bring about: this makes it a puzzle, which the script leaves unsolved.",
                                reference("goal"), kMaxGoals)},
          {"solution", list_schema("Actions that, added to the script, meet every goal.", reference("action"), kMaxActions)}};
  for (const ProcessKind& kind : process_kinds())
    if (kind.plain) all[std::string(kind.plural)] = list_schema("Each " + std::string(kind.about) + ".", plain_schema(kind), kMaxClients);
  return all;
}

}  // namespace

std::string scenario_schema() {
  Ordered schema = {
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "Nutshell scenario"},
      {"description",
       "A cluster, what befalls it, what is said about it and what has to come of it. Comments are allowed."}};
  schema.update(object_schema(properties(), {"title", "until"}));
  schema["definitions"] = definitions();
  return to_tidy_text(schema);
}

}  // namespace nutshell

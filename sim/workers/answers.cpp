// What a worker answers to calls that only read, in the JSON that Connect's resources have. It is told by the config and status topics as
// far as the worker has read them: of a worker that is dead they still say RUNNING (C4).
#include "sim/streams/json.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

using connect::ConfigState;
using connect::UnitStatus;

std::string json_of(std::string_view text) {
  std::string out;
  streams::write_json_text(out, text);
  return out;
}

// The items, between the two marks.
template <class Items, class Write>
std::string listed_json(const Items& items, char open, char close, Write&& write) {
  std::string out(1, open);
  for (const auto& each : items) out += (out.size() > 1 ? "," : "") + write(each);
  return out + close;
}

std::string status_members(const UnitStatus& status) {
  return "\"state\":" + json_of(status.state) + ",\"worker_id\":" + json_of(status.worker) +
         (status.trace.empty() ? "" : ",\"trace\":" + json_of(status.trace));
}

std::string task_status_json(std::int32_t number, const UnitStatus& status) {
  return "{\"id\":" + std::to_string(number) + "," + status_members(status) + "}";
}

std::string type_json(const ConnectWorker& worker, const std::string& name) {
  const auto known = worker.configured.connectors.find(name);
  std::string problem;
  const auto config = known == worker.configured.connectors.end()
                          ? std::nullopt
                          : connect::read_connector(name, known->second.properties, defaults_of(worker), problem);
  return !config ? "\"unknown\"" : config->sink() ? "\"sink\"" : "\"source\"";
}

std::string status_json(const ConnectWorker& worker, const std::string& name, const connect::ConnectorStatus& status) {
  return "{\"name\":" + json_of(name) + ",\"connector\":{" + status_members(*status.connector) + "},\"tasks\":" +
         listed_json(status.tasks, '[', ']', [](const auto& each) { return task_status_json(each.first, each.second); }) +
         ",\"type\":" + type_json(worker, name) + "}";
}

std::string task_id_json(const std::string& name, std::size_t number) {
  return "{\"connector\":" + json_of(name) + ",\"task\":" + std::to_string(number) + "}";
}

// Connect keeps the name among the properties.
std::string config_json(const std::string& name, connect::Properties properties) {
  properties["name"] = name;
  return properties_json(properties);
}

std::string info_json(const ConnectWorker& worker, const std::string& name, const ConfigState::Connector& connector) {
  std::vector<std::size_t> tasks(connector.tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) tasks[i] = i;
  return "{\"name\":" + json_of(name) + ",\"config\":" + config_json(name, connector.properties) + ",\"tasks\":" +
         listed_json(tasks, '[', ']', [&](std::size_t each) { return task_id_json(name, each); }) +
         ",\"type\":" + type_json(worker, name) + "}";
}

std::string tasks_json(const std::string& name, const ConfigState::Connector& connector) {
  std::string out = "[";
  for (std::size_t i = 0; i < connector.tasks.size(); ++i)
    out += (i > 0 ? ",{\"id\":" : "{\"id\":") + task_id_json(name, i) + ",\"config\":" + config_json(name, connector.tasks[i]) + "}";
  return out + "]";
}

std::string list_json(const ConnectWorker& worker, const RestCall& call) {
  const auto& all = worker.configured.connectors;
  if (!call.expand_status && !call.expand_info) return listed_json(all, '[', ']', [](const auto& each) { return json_of(each.first); });
  return listed_json(all, '{', '}', [&](const auto& each) {
    std::string inner;
    const connect::ConnectorStatus* status = worker.statuses.connector(each.first);
    if (call.expand_info) inner += "\"info\":" + info_json(worker, each.first, each.second);
    if (call.expand_status && status)
      inner += std::string(inner.empty() ? "" : ",") + "\"status\":" + status_json(worker, each.first, *status);
    return json_of(each.first) + ":{" + inner + "}";
  });
}

// Connect's own name for the version of a plugin that does not say one.
std::string plugins_json() {
  return listed_json(connect::plugins(), '[', ']', [](const connect::Plugin& each) {
    return "{\"class\":" + json_of(each.name) + ",\"type\":" + (each.sink ? "\"sink\"" : "\"source\"") + ",\"version\":" +
           (each.name.find(".file.") != std::string_view::npos ? "\"4.0.0\"" : "\"undefined\"") + "}";
  });
}

std::string topics_json(const ConnectWorker& worker, const std::string& name) {
  const auto known = worker.statuses.connectors.find(name);
  const std::set<std::string> topics = known == worker.statuses.connectors.end() ? std::set<std::string>() : known->second.topics;
  return "{" + json_of(name) + ":{\"topics\":" + listed_json(topics, '[', ']', [](const std::string& each) { return json_of(each); }) +
         "}}";
}

}  // namespace

std::optional<std::string> answer_of(const ConnectWorker& worker, const RestCall& call, std::string& problem) {
  const std::string& name = call.connector;
  if (call.kind == RestKind::list) return list_json(worker, call);
  if (call.kind == RestKind::plugins) return plugins_json();
  if (call.kind == RestKind::status || call.kind == RestKind::task_status) {
    const connect::ConnectorStatus* status = worker.statuses.connector(name);
    const UnitStatus* task = worker.statuses.task({name, call.task});
    if (call.kind == RestKind::status && status) return status_json(worker, name, *status);
    if (call.kind == RestKind::task_status && task) return task_status_json(call.task, *task);
    problem = "nobody has told the state of " + (call.kind == RestKind::status ? name : connect::text_of({name, call.task})) +
              "; GET /connectors lists those that there are";
    return std::nullopt;
  }
  const auto known = worker.configured.connectors.find(name);
  if (known == worker.configured.connectors.end()) {
    problem = "there is no connector " + name + "; GET /connectors lists those that there are";
    return std::nullopt;
  }
  switch (call.kind) {
    case RestKind::info: return info_json(worker, name, known->second);
    case RestKind::properties: return config_json(name, known->second.properties);
    case RestKind::task_list: return tasks_json(name, known->second);
    case RestKind::topics: return topics_json(worker, name);
    default: return std::nullopt;
  }
}

std::string answer_of_places(const connect::SourceOffsets& places) {
  return "{\"offsets\":" + listed_json(places, '[', ']', [](const auto& each) {
           return "{\"partition\":" + properties_json(each.first) + ",\"offset\":" + connect::offset_value(each.second) + "}";
         }) + "}";
}

std::string answer_of_group(const Names& names, const OffsetFetchResponse& offsets) {
  return "{\"offsets\":" + listed_json(offsets.partitions, '[', ']', [&](const CommitPartition& each) {
           return "{\"partition\":{\"kafka_topic\":" + json_of(names[each.tp.topic]) + ",\"kafka_partition\":" +
                  std::to_string(each.tp.partition) + "},\"offset\":{\"kafka_offset\":" + std::to_string(each.offset) + "}}";
         }) + "}";
}

}  // namespace nutshell

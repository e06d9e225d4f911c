#include "sim/connect/status_log.h"

#include "sim/core/text.h"
#include "sim/streams/json.h"

namespace nutshell::connect {
namespace {

constexpr std::string_view kStatusOfConnector = "status-connector-", kStatusOfTask = "status-task-", kStatusOfTopic = "status-topic-",
                           kUsedBy = ":connector-";

bool begins_with(std::string_view text, std::string_view front) { return text.substr(0, front.size()) == front; }

std::string topic_key(const std::string& connector, const std::string& topic) {
  return std::string(kStatusOfTopic) + topic + std::string(kUsedBy) + connector;
}

// Nothing: it deletes, or says nothing that a worker knows.
std::optional<UnitStatus> read_status(const std::optional<std::string>& value) {
  const auto json = value ? streams::parse_json(*value) : std::nullopt;
  const streams::Json* state = json ? json->find("state") : nullptr;
  if (!state) return std::nullopt;
  const streams::Json* worker = json->find("worker_id");
  const streams::Json* trace = json->find("trace");
  return UnitStatus{state->text, worker ? worker->text : "", trace ? trace->text : ""};
}

}  // namespace

std::string_view unit_state_name(UnitState state) {
  constexpr std::string_view kNames[] = {"UNASSIGNED", "RUNNING", "PAUSED", "STOPPED", "FAILED", "RESTARTING", "DESTROYED"};
  return kNames[static_cast<std::size_t>(state)];
}

KeyValue status_record(const std::string& connector, std::optional<std::int32_t> task, UnitState state, const std::string& worker,
                       std::int32_t generation, const std::string& trace) {
  std::string key = task ? std::string(kStatusOfTask) + text_of(TaskId{connector, *task}) : std::string(kStatusOfConnector) + connector;
  if (state == UnitState::destroyed) return {std::move(key), std::nullopt};
  std::string value = "{\"state\":\"" + std::string(unit_state_name(state)) + "\",\"trace\":";
  if (trace.empty()) value += "null";
  else streams::write_json_text(value, trace);
  value += ",\"worker_id\":";
  streams::write_json_text(value, worker);
  return {std::move(key), value + ",\"generation\":" + std::to_string(generation) + "}"};
}

KeyValue topic_used_record(const TaskId& task, const std::string& topic, std::int64_t now_ms) {
  std::string value = "{\"topic\":{\"name\":";
  streams::write_json_text(value, topic);
  value += ",\"connector\":";
  streams::write_json_text(value, task.connector);
  value += ",\"task\":" + std::to_string(task.number) + ",\"discoverTimestamp\":" + std::to_string(now_ms) + "}}";
  return {topic_key(task.connector, topic), std::move(value)};
}

KeyValue topic_forgotten_record(const std::string& connector, const std::string& topic) {
  return {topic_key(connector, topic), std::nullopt};
}

void StatusState::read(const KeyValue& record) {
  std::string_view name = record.key;
  if (begins_with(name, kStatusOfConnector)) {
    ConnectorStatus& of = connectors[std::string(name.substr(kStatusOfConnector.size()))];
    of.connector = read_status(record.value);
    if (!of.connector) of.topics.clear();
  } else if (begins_with(name, kStatusOfTask)) {
    name.remove_prefix(kStatusOfTask.size());
    const std::size_t dash = name.rfind('-');
    const auto number = dash == std::string_view::npos ? std::nullopt : parse_integer(name.substr(dash + 1));
    if (!number || *number < 0 || *number > 100'000) return;
    auto& tasks = connectors[std::string(name.substr(0, dash))].tasks;
    const auto status = read_status(record.value);
    if (status) tasks[static_cast<std::int32_t>(*number)] = *status;
    else tasks.erase(static_cast<std::int32_t>(*number));
  } else if (begins_with(name, kStatusOfTopic)) {
    name.remove_prefix(kStatusOfTopic.size());
    const std::size_t mark = name.find(kUsedBy);  // no topic has a colon in its name
    if (mark == std::string_view::npos) return;
    auto& topics = connectors[std::string(name.substr(mark + kUsedBy.size()))].topics;
    if (record.value) topics.insert(std::string(name.substr(0, mark)));
    else topics.erase(std::string(name.substr(0, mark)));
  }
}

const ConnectorStatus* StatusState::connector(const std::string& name) const {
  const auto at = connectors.find(name);
  return at == connectors.end() || !at->second.connector ? nullptr : &at->second;
}

const UnitStatus* StatusState::task(const TaskId& id) const {
  const auto of = connectors.find(id.connector);
  if (of == connectors.end()) return nullptr;
  const auto at = of->second.tasks.find(id.number);
  return at == of->second.tasks.end() ? nullptr : &at->second;
}

}  // namespace nutshell::connect

#include "sim/connect/config_log.h"

#include "sim/core/text.h"
#include "sim/streams/json.h"

namespace nutshell::connect {
namespace {

using streams::Json;
using streams::JsonKind;

constexpr std::string_view kConnectorKey = "connector-", kTaskKey = "task-", kCommitKey = "commit-", kTargetKey = "target-state-";

std::string properties_text(const Properties& properties) {
  std::string out = "{\"properties\":{";
  bool first = true;
  for (const auto& [key, value] : properties) {
    if (!first) out += ',';
    first = false;
    streams::write_json_text(out, key);
    out += ':';
    streams::write_json_text(out, value);
  }
  return out + "}}";
}

std::optional<Properties> read_properties(const Json& json) {
  const Json* inner = json.find("properties");
  if (!inner || inner->kind != JsonKind::object) return std::nullopt;
  Properties properties;
  for (std::size_t i = 0; i < inner->items.size(); ++i) {
    if (inner->items[i].kind != JsonKind::text) return std::nullopt;
    properties[inner->names[i]] = inner->items[i].text;
  }
  return properties;
}

bool cut_front(std::string_view& text, std::string_view front) {
  if (text.substr(0, front.size()) != front) return false;
  text.remove_prefix(front.size());
  return true;
}

bool commit(ConfigState::Connector& connector, const Json& json) {
  const Json* tasks = json.find("tasks");
  const std::int64_t count = tasks ? streams::json_whole(*tasks).value_or(-1) : -1;
  if (count < 0) return false;
  // A set that is not whole (compaction, or a leader that died within it) leaves the old one.
  if (static_cast<std::int64_t>(connector.written.size()) < count) return true;
  connector.tasks.clear();
  for (std::int32_t i = 0; i < count; ++i) {
    const auto at = connector.written.find(i);
    if (at == connector.written.end()) return true;
    connector.tasks.push_back(at->second);
  }
  connector.written.clear();
  return true;
}

bool read_target(ConfigState& state, const std::string& name, const Json& json) {
  const Json* word = json.find("state.v2");
  if (!word) word = json.find("state");
  if (!word || word->kind != JsonKind::text || !state.connectors.count(name)) return word != nullptr;
  for (const TargetState each : {TargetState::started, TargetState::paused, TargetState::stopped}) {
    if (word->text == target_state_name(each)) return state.connectors[name].target = each, true;
  }
  return false;
}

}  // namespace

std::string_view target_state_name(TargetState state) {
  constexpr std::string_view kNames[] = {"STARTED", "PAUSED", "STOPPED"};
  return kNames[static_cast<std::size_t>(state)];
}

KeyValue connector_record(const std::string& name, const Properties& properties) {
  return {std::string(kConnectorKey) + name, properties_text(properties)};
}

std::vector<KeyValue> task_records(const std::string& name, const std::vector<Properties>& tasks) {
  std::vector<KeyValue> records;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    records.push_back({std::string(kTaskKey) + name + "-" + std::to_string(i), properties_text(tasks[i])});
  records.push_back({std::string(kCommitKey) + name, "{\"tasks\":" + std::to_string(tasks.size()) + "}"});
  return records;
}

// Workers from before 3.5 know no STOPPED: for them it is PAUSED.
KeyValue target_state_record(const std::string& name, TargetState state) {
  const std::string word(target_state_name(state));
  if (state != TargetState::stopped) return {std::string(kTargetKey) + name, "{\"state\":\"" + word + "\"}"};
  return {std::string(kTargetKey) + name, "{\"state\":\"PAUSED\",\"state.v2\":\"STOPPED\"}"};
}

KeyValue restart_record(const std::string& name, bool include_tasks, bool only_failed) {
  return {"restart-connector-" + name, std::string("{\"include-tasks\":") + (include_tasks ? "true" : "false") +
                                           ",\"only-failed\":" + (only_failed ? "true" : "false") + "}"};
}

std::vector<KeyValue> delete_records(const std::string& name) {
  return {{std::string(kConnectorKey) + name, std::nullopt}, {std::string(kTargetKey) + name, std::nullopt}};
}

void ConfigState::read(std::int64_t record_offset, const KeyValue& record, std::string& problem) {
  offset = record_offset;
  std::string_view name = record.key;
  const bool connector = cut_front(name, kConnectorKey), target = !connector && cut_front(name, kTargetKey);
  const bool tasks = !connector && !target && cut_front(name, kTaskKey);
  const bool end = !connector && !target && !tasks && cut_front(name, kCommitKey);
  if (!record.value) {
    if (connector) connectors.erase(std::string(name));
    // Without a target state it is to run.
    if (const auto at = connectors.find(std::string(name)); target && at != connectors.end()) at->second.target = TargetState::started;
    return;
  }
  const auto json = streams::parse_json(*record.value);
  bool fine = json.has_value();
  if (fine && connector) {
    const auto properties = read_properties(*json);
    if (properties) connectors[std::string(name)].properties = *properties;
    fine = properties.has_value();
  } else if (fine && tasks) {
    const std::size_t dash = name.rfind('-');
    const auto number_text = dash == std::string_view::npos ? std::string_view() : name.substr(dash + 1);
    const std::int64_t number = parse_integer(number_text).value_or(-1);
    const auto properties = read_properties(*json);
    fine = number >= 0 && number < 100'000 && properties;
    const auto at = fine ? connectors.find(std::string(name.substr(0, dash))) : connectors.end();
    if (at != connectors.end()) at->second.written[static_cast<std::int32_t>(number)] = *properties;
  } else if (fine && end) {
    const auto at = connectors.find(std::string(name));
    fine = at == connectors.end() || commit(at->second, *json);
  } else if (fine && target) {
    fine = read_target(*this, std::string(name), *json);
  } else {
    fine = false;
  }
  if (fine) return;
  problem = "the record " + std::to_string(record_offset) + " of the config topic, with the key " + record.key +
            ", says nothing that a worker knows";
}

Units ConfigState::units() const {
  Units all;
  for (const auto& [name, connector] : connectors) {
    all.connectors.insert(name);
    if (connector.target == TargetState::stopped) continue;
    for (std::size_t i = 0; i < connector.tasks.size(); ++i) all.tasks.insert({name, static_cast<std::int32_t>(i)});
  }
  return all;
}

}  // namespace nutshell::connect

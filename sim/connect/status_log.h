// The status topic: what workers write there of connectors, tasks and the topics that they use, and what everybody reads out of it
// (C3, C4; topics: KIP-558).
//
// Keys: status-connector-NAME, status-task-NAME-i, status-topic-TOPIC:connector-NAME; a null value deletes. The last word counts,
// whoever is dead since.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sim/connect/config_log.h"

namespace nutshell::connect {

enum class UnitState : std::uint8_t { unassigned, running, paused, stopped, failed, restarting, destroyed };
std::string_view unit_state_name(UnitState state);
// The state destroyed is a null value.
KeyValue status_record(const std::string& connector, std::optional<std::int32_t> task, UnitState state, const std::string& worker,
                       std::int32_t generation, const std::string& trace);
KeyValue topic_used_record(const TaskId& task, const std::string& topic, std::int64_t now_ms);
KeyValue topic_forgotten_record(const std::string& connector, const std::string& topic);

struct UnitStatus {
  std::string state, worker, trace;
};
struct ConnectorStatus {
  std::optional<UnitStatus> connector;
  std::map<std::int32_t, UnitStatus> tasks;
  std::set<std::string> topics;
};
struct StatusState {
  std::map<std::string, ConnectorStatus> connectors;

  // What is none of these is passed over. With its status a connector's topics are forgotten, too.
  void read(const KeyValue& record);
  // nullptr: nobody has said anything of it.
  const ConnectorStatus* connector(const std::string& name) const;
  const UnitStatus* task(const TaskId& id) const;
};

}  // namespace nutshell::connect

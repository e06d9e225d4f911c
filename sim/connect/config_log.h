// The config topic: what the leader of the workers writes there, and what everybody reads out of it (C1-C3).
//
// Keys: connector-NAME, task-NAME-i, commit-NAME, target-state-NAME; a null value deletes. Tasks count once the commit record that
// follows them says how many they are: a set without one is ignored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/connect/settings.h"
#include "sim/connect/units.h"

namespace nutshell::connect {

enum class TargetState : std::uint8_t { started, paused, stopped };
std::string_view target_state_name(TargetState state);

struct KeyValue {
  std::string key;
  std::optional<std::string> value;
  friend bool operator==(const KeyValue&, const KeyValue&) = default;
};
KeyValue connector_record(const std::string& name, const Properties& properties);
std::vector<KeyValue> task_records(const std::string& name, const std::vector<Properties>& tasks);  // and the commit record
KeyValue target_state_record(const std::string& name, TargetState state);
// Keys restart-connector-NAME: every worker restarts what it has of it (KIP-745).
KeyValue restart_record(const std::string& name, bool include_tasks, bool only_failed);
// The two records that take a connector away.
std::vector<KeyValue> delete_records(const std::string& name);

struct ConfigState {
  struct Connector {
    Properties properties;
    TargetState target = TargetState::started;
    std::vector<Properties> tasks;        // of the last set that was committed
    std::map<std::int32_t, Properties> written;  // since then
  };
  std::map<std::string, Connector> connectors;
  std::int64_t offset = -1;  // of the last record read

  // A record that is none of these, or broken, is passed over: `problem` then says so.
  void read(std::int64_t record_offset, const KeyValue& record, std::string& problem);
  // What the workers are to divide. Of a stopped connector there are no tasks.
  Units units() const;
};

}  // namespace nutshell::connect

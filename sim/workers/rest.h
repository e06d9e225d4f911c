// Calls of a worker's REST interface, as far as they are taken: a method, a path and, behind a space, a body of JSON.
//
//   POST /connectors {"name": "NAME", "config": {…}}                             creates it
//   PUT /connectors/NAME/config {"connector.class": "JdbcSourceConnector", …}    creates it or gives it other properties
//   PUT /connectors/NAME/pause      (or resume, or stop)
//   POST /connectors/NAME/restart?includeTasks=true&onlyFailed=true
//   DELETE /connectors/NAME
//   PATCH /connectors/NAME/offsets {"offsets": [{"partition": {"table": "orders"}, "offset": {"incrementing": 3}}]}
//   DELETE /connectors/NAME/offsets                                              of a source that is stopped (KIP-875)
//   POST /connectors/NAME/tasks [{…}, {…}]                                       from worker to leader only
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/connect/connector.h"

namespace nutshell {

struct RestCall {
  enum class Kind : std::uint8_t { create, config, pause, resume, stop, restart, erase, tasks, alter_offsets, reset_offsets };
  Kind kind = Kind::config;
  std::string connector;
  connect::Properties properties;          // create, config
  std::vector<connect::Properties> tasks;  // tasks
  std::vector<std::pair<connect::SourcePartition, std::optional<connect::SourceOffset>>> offsets;  // alter_offsets; nothing: forgotten
  bool include_tasks = false, only_failed = false;
};
// Nothing: `problem` is a sentence that says what to write.
std::optional<RestCall> read_rest(std::string_view text, std::string& problem);
std::string config_call(const std::string& connector, const connect::Properties& properties);
// Which data store a connector reads or writes: its connection.url, or what stands before the first / of its file.
std::string store_name(const connect::ConnectorConfig& config);
std::string no_store(const connect::ConnectorConfig& config);  // the sentence for one that is not there
std::string tasks_call(const std::string& connector, const std::vector<connect::Properties>& tasks);

}  // namespace nutshell

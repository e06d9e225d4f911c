// Calls of a worker's REST interface, as far as they are taken: a method, a path and, behind a space, a body of JSON.
//
//   POST /connectors {"name": "NAME", "config": {…}}                             creates it
//   PUT /connectors/NAME/config {"connector.class": "JdbcSourceConnector", …}    creates it or gives it other properties
//   PUT /connectors/NAME/pause      (or resume, or stop)
//   POST /connectors/NAME/restart?includeTasks=true&onlyFailed=true
//   POST /connectors/NAME/tasks/0/restart                                        by the worker that has the task
//   DELETE /connectors/NAME
//   PATCH /connectors/NAME/offsets {"offsets": [{"partition": {"table": "orders"}, "offset": {"incrementing": 3}}]}
//   DELETE /connectors/NAME/offsets                                              of a source that is stopped (KIP-875)
//   PUT /connectors/NAME/topics/reset                                            forgets which topics it has used (KIP-558)
//   POST /connectors/NAME/tasks [{…}, {…}]                                       from worker to leader only
//
// What is only read is answered by whoever is asked, by what it has read itself, in Connect's JSON (answers.cpp):
//
//   GET /connectors, with ?expand=status and ?expand=info                        GET /connector-plugins
//   GET /connectors/NAME, and behind that /config, /status, /tasks, /tasks/0/status, /topics, /offsets
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/connect/connector.h"

namespace nutshell {

struct RestCall {
  enum class Kind : std::uint8_t {
    create, config, pause, resume, stop, restart, erase, tasks, alter_offsets, reset_offsets, restart_task, reset_topics,
    list, info, properties, status, task_list, task_status, topics, offsets, plugins  // these only read
  };
  Kind kind = Kind::config;
  std::string connector;
  connect::Properties properties;          // create, config
  std::vector<connect::Properties> tasks;  // tasks
  std::vector<std::pair<connect::SourcePartition, std::optional<connect::SourceOffset>>> offsets;  // alter_offsets; nothing: forgotten
  bool include_tasks = false, only_failed = false;
  bool expand_status = false, expand_info = false;  // list
  std::int32_t task = 0;                            // restart_task, task_status
  bool reads() const { return kind >= Kind::list; }
};
using RestKind = RestCall::Kind;
// Nothing: `problem` is a sentence that says what to write.
std::optional<RestCall> read_rest(std::string_view text, std::string& problem);
std::string properties_json(const connect::Properties& properties);
std::string config_call(const std::string& connector, const connect::Properties& properties);
// Which data store a connector reads or writes: its connection.url, or what stands before the first / of its file.
std::string store_name(const connect::ConnectorConfig& config);
std::string no_store(const connect::ConnectorConfig& config);  // the sentence for one that is not there
std::string tasks_call(const std::string& connector, const std::vector<connect::Properties>& tasks);

}  // namespace nutshell

#include "sim/workers/rest.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/streams/json.h"

namespace nutshell {

namespace {

constexpr const char* kRestHelp =
    "write for example GET /connectors/NAME/status, PUT /connectors/NAME/pause, or PUT /connectors/NAME/config and its properties as JSON";

// Plain values as properties have them.
std::optional<connect::Properties> properties_of(const streams::Json& json, std::string& problem) {
  connect::Properties all;
  if (json.kind != streams::JsonKind::object) {
    problem = "a connector's properties are an object: {\"connector.class\": \"JdbcSourceConnector\"}";
    return std::nullopt;
  }
  for (std::size_t i = 0; i < json.items.size(); ++i) {
    const streams::Json& each = json.items[i];
    switch (each.kind) {
      case streams::JsonKind::text:
      case streams::JsonKind::number: all[json.names[i]] = each.text; break;
      case streams::JsonKind::truth: all[json.names[i]] = each.truth ? "true" : "false"; break;
      default: problem = "the property " + json.names[i] + " is no plain value; write a text"; return std::nullopt;
    }
  }
  return all;
}

std::optional<streams::Json> json_body(std::string_view text, std::string& problem) {
  std::string wrong;
  auto json = streams::parse_json(text, &wrong);
  if (!json) problem = "the body of the call is no JSON: " + wrong;
  return json;
}

// {"partition": {"table": "orders"}, "offset": {"incrementing": 3}}; an offset null forgets the partition.
bool read_one_offset(RestCall& call, const streams::Json& json, std::string& problem) {
  const streams::Json* partition = json.find("partition");
  const streams::Json* offset = json.find("offset");
  if (partition && offset) {
    connect::SourcePartition where;
    connect::SourceOffset place;
    bool fine = partition->kind == streams::JsonKind::object && !partition->items.empty();
    for (std::size_t i = 0; i < partition->items.size(); ++i) where[partition->names[i]] = partition->items[i].text;
    const bool forgets = offset->kind == streams::JsonKind::null;
    fine = fine && (forgets || offset->kind == streams::JsonKind::object);
    for (std::size_t i = 0; fine && i < offset->items.size(); ++i) {
      const auto number = streams::json_whole(offset->items[i]);
      if (number) place[offset->names[i]] = *number;
      fine = number.has_value();
    }
    if (fine) call.offsets.emplace_back(where, forgets ? std::nullopt : std::optional(place));
    if (fine) return true;
  }
  problem = "an offset is written {\"partition\": {\"table\": \"orders\"}, \"offset\": {\"incrementing\": 3}}, or with null to forget it";
  return false;
}

bool read_offsets(RestCall& call, const streams::Json& json, std::string& problem) {
  const streams::Json* all = json.find("offsets");
  if (!all || all->kind != streams::JsonKind::list || all->items.empty()) {
    problem = "the body has no \"offsets\"; write {\"offsets\": [{\"partition\": {…}, \"offset\": {…}}]}";
    return false;
  }
  for (const streams::Json& each : all->items)
    if (!read_one_offset(call, each, problem)) return false;
  return true;
}

bool read_new(RestCall& call, const streams::Json& json, std::string& problem) {
  const streams::Json* name = json.find("name");
  const streams::Json* config = json.find("config");
  if (!name || name->text.empty() || !config) {
    problem = "the body is not {\"name\": \"NAME\", \"config\": {…}}, which POST /connectors wants";
    return false;
  }
  call.connector = name->text;
  const auto read = properties_of(*config, problem);
  if (read) call.properties = *read;
  return read.has_value();
}

bool read_body(RestCall& call, std::string_view body, std::string& problem) {
  using Kind = RestCall::Kind;
  const bool wants = call.kind == Kind::create || call.kind == Kind::config || call.kind == Kind::tasks || call.kind == Kind::alter_offsets;
  if (!wants) {
    if (!body.empty()) problem = "the call takes no body; leave out what stands behind the path";
    return body.empty();
  }
  const auto json = json_body(body, problem);
  if (!json) return false;
  if (call.kind == Kind::create) return read_new(call, *json, problem);
  if (call.kind == Kind::alter_offsets) return read_offsets(call, *json, problem);
  if (call.kind == Kind::config) {
    const auto read = properties_of(*json, problem);
    if (read) call.properties = *read;
    return read.has_value();
  }
  for (const streams::Json& each : json->items) {
    const auto read = properties_of(each, problem);
    if (!read) return false;
    call.tasks.push_back(*read);
  }
  return true;
}

// "includeTasks=true&onlyFailed=false" of a restart, "expand=status" of a list.
bool read_query(RestCall& call, std::string_view query, std::string& problem) {
  for (const std::string_view each : split(query, '&')) {
    if (each.empty()) continue;
    const std::size_t equals = std::min(each.find('='), each.size());
    const std::string_view flag = each.substr(0, equals), value = each.substr(std::min(equals + 1, each.size()));
    const bool lists = call.kind == RestCall::Kind::list && flag == "expand";
    if (lists && (value == "status" || value == "info")) {
      (value == "status" ? call.expand_status : call.expand_info) = true;
      continue;
    }
    bool* named = flag == "includeTasks" ? &call.include_tasks : flag == "onlyFailed" ? &call.only_failed : nullptr;
    if (call.kind != RestCall::Kind::restart || !named || (value != "true" && value != "false")) {
      problem = "the call does not take " + std::string(each) +
                "; a restart takes includeTasks and onlyFailed, each =true or =false, and a list expand=status or expand=info";
      return false;
    }
    *named = value == "true";
  }
  return true;
}

struct RestVerb {
  std::string_view method, what;  // behind the connector's name; # is the number of a task
  RestCall::Kind kind;
};
constexpr RestVerb kRestVerbs[] = {
    {"PUT", "config", RestKind::config},        {"PUT", "pause", RestKind::pause},
    {"PUT", "resume", RestKind::resume},        {"PUT", "stop", RestKind::stop},
    {"DELETE", "", RestKind::erase},            {"POST", "restart", RestKind::restart},
    {"POST", "tasks", RestKind::tasks},         {"PATCH", "offsets", RestKind::alter_offsets},
    {"DELETE", "offsets", RestKind::reset_offsets}, {"POST", "tasks/#/restart", RestKind::restart_task},
    {"PUT", "topics/reset", RestKind::reset_topics}, {"GET", "", RestKind::info},
    {"GET", "config", RestKind::properties},    {"GET", "status", RestKind::status},
    {"GET", "tasks", RestKind::task_list},      {"GET", "tasks/#/status", RestKind::task_status},
    {"GET", "topics", RestKind::topics},        {"GET", "offsets", RestKind::offsets}};

// "tasks/3/status" as "tasks/#/status", and the 3.
std::string without_task(std::string_view what, std::int32_t& task) {
  constexpr std::string_view kTasks = "tasks/";
  if (what.substr(0, kTasks.size()) != kTasks) return std::string(what);
  const std::size_t end = std::min(what.find('/', kTasks.size()), what.size());
  const auto number = parse_integer(what.substr(kTasks.size(), end - kTasks.size()));
  if (!number || *number < 0 || *number > 100'000) return std::string(what);
  task = static_cast<std::int32_t>(*number);
  return std::string(kTasks) + "#" + std::string(what.substr(end));
}

// What the method and the path say. False: `problem` is what is wrong with them.
bool read_path(RestCall& call, std::string_view method, std::string_view path, std::string& problem) {
  constexpr std::string_view kRoot = "/connectors", kPlugins = "/connector-plugins";
  if (method == "GET" && path == kPlugins) return call.kind = RestKind::plugins, true;
  const std::string called = std::string(method) + " " + std::string(path);
  if (path.substr(0, kRoot.size()) != kRoot) return problem = "this is no call of Connect", false;
  path.remove_prefix(kRoot.size());
  if (path.empty() || path == "/") {
    call.kind = method == "GET" ? RestKind::list : RestKind::create;
    if (method == "GET" || method == "POST") return true;
    return problem = "the call names no connector", false;
  }
  const std::size_t slash = std::min(path.find('/', 1), path.size());
  call.connector = path.substr(1, slash - 1);
  if (path[0] != '/' || call.connector.empty()) return problem = "the call names no connector", false;
  const std::string what = without_task(path.substr(std::min(slash + 1, path.size())), call.task);
  for (const RestVerb& each : kRestVerbs)
    if (each.method == method && each.what == what) return call.kind = each.kind, true;
  return problem = "Connect knows no " + called, false;
}

}  // namespace

std::string properties_json(const connect::Properties& properties) {
  std::string out = "{";
  for (const auto& [key, value] : properties) {
    if (out.size() > 1) out += ',';
    streams::write_json_text(out, key);
    out += ':';
    streams::write_json_text(out, value);
  }
  return out + "}";
}

std::optional<RestCall> read_rest(std::string_view text, std::string& problem) {
  const std::size_t path_at = std::min(text.find(' '), text.size());
  const std::string_view rest = text.substr(std::min(path_at + 1, text.size()));
  const std::size_t body_at = std::min(rest.find_first_of(" \n"), rest.size());
  const std::string_view body = rest.substr(std::min(body_at + 1, rest.size()));
  const std::string_view path = rest.substr(0, body_at);
  const std::size_t question = std::min(path.find('?'), path.size());
  RestCall call;
  if (!read_path(call, text.substr(0, path_at), path.substr(0, question), problem)) {
    problem += std::string("; ") + kRestHelp;
    return std::nullopt;
  }
  if (!read_query(call, path.substr(std::min(question + 1, path.size())), problem) || !read_body(call, body, problem)) return std::nullopt;
  return call;
}

std::string config_call(const std::string& connector, const connect::Properties& properties) {
  return "PUT /connectors/" + connector + "/config " + properties_json(properties);
}

std::string tasks_call(const std::string& connector, const std::vector<connect::Properties>& tasks) {
  std::string out = "POST /connectors/" + connector + "/tasks [";
  for (std::size_t i = 0; i < tasks.size(); ++i) out += (i > 0 ? "," : "") + properties_json(tasks[i]);
  return out + "]";
}

std::string store_name(const connect::ConnectorConfig& config) {
  if (const auto* each = std::get_if<connect::JdbcSourceConfig>(&config.plugin)) return each->url;
  if (const auto* each = std::get_if<connect::JdbcSinkConfig>(&config.plugin)) return each->url;
  const auto* source = std::get_if<connect::FileSourceConfig>(&config.plugin);
  const std::string& file = source ? source->file : std::get<connect::FileSinkConfig>(config.plugin).file;
  return file.substr(0, file.find('/'));
}

std::string no_store(const connect::ConnectorConfig& config) {
  const bool file = config.plugin.index() < 2;
  return "there is no data store " + store_name(config) + "; " +
         (file ? "write \"file\" as STORE/NAME, with the name of a store in front" : "set \"connection.url\" to the name of one");
}

}  // namespace nutshell

#include "sim/workers/rest.h"

#include "sim/streams/json.h"

namespace nutshell {

namespace {

constexpr const char* kRestHelp =
    "write for example PUT /connectors/NAME/pause, or DELETE /connectors/NAME, or PUT /connectors/NAME/config and its properties as JSON";

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

bool read_body(RestCall& call, std::string_view body, std::string& problem) {
  const auto json = json_body(body, problem);
  if (!json) return false;
  if (call.kind == RestCall::Kind::config) {
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

}  // namespace

std::optional<RestCall> read_rest(std::string_view text, std::string& problem) {
  using Kind = RestCall::Kind;
  constexpr std::string_view kRoot = "/connectors/";
  const auto refuse = [&](const std::string& what) {
    problem = what + "; " + kRestHelp;
    return std::nullopt;
  };
  const std::size_t path_at = text.find(' ');
  const std::string_view method = text.substr(0, path_at);
  if (path_at == std::string_view::npos || text.substr(path_at + 1, kRoot.size()) != kRoot) return refuse("this is no call of Connect");
  const std::string_view rest = text.substr(path_at + 1 + kRoot.size());
  const std::size_t body_at = rest.find(' ');
  std::string_view path = rest.substr(0, body_at);
  const std::string_view body = body_at == std::string_view::npos ? std::string_view() : rest.substr(body_at + 1);
  RestCall call;
  const std::size_t question = path.find('?');
  const std::string_view query = question == std::string_view::npos ? std::string_view() : path.substr(question + 1);
  path = path.substr(0, question);
  const std::size_t slash = path.find('/');
  call.connector = path.substr(0, slash);
  const std::string_view what = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  if (call.connector.empty()) return refuse("the call names no connector");
  call.include_tasks = query.find("includeTasks=true") != std::string_view::npos;
  call.only_failed = query.find("onlyFailed=true") != std::string_view::npos;
  if (method == "DELETE" && what.empty()) call.kind = Kind::erase;
  else if (method == "PUT" && what == "config") call.kind = Kind::config;
  else if (method == "PUT" && what == "pause") call.kind = Kind::pause;
  else if (method == "PUT" && what == "resume") call.kind = Kind::resume;
  else if (method == "PUT" && what == "stop") call.kind = Kind::stop;
  else if (method == "POST" && what == "restart") call.kind = Kind::restart;
  else if (method == "POST" && what == "tasks") call.kind = Kind::tasks;
  else return refuse("Connect knows no " + std::string(method) + " " + std::string(kRoot) + std::string(path));
  if ((call.kind == Kind::config || call.kind == Kind::tasks) && !read_body(call, body, problem)) return std::nullopt;
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

}  // namespace nutshell

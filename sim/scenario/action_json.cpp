#include "sim/scenario/action_json.h"

#include <algorithm>
#include <type_traits>

#include "sim/core/alternatives.h"
#include "sim/core/text.h"
#include "sim/kafka/api.h"
#include "sim/scenario/config_json.h"
#include "sim/scenario/expect_json.h"
#include "sim/scenario/scenario.h"

namespace nutshell {
namespace {

// reading

void read_field(ObjectReader& object, const ActionField& field, std::string& out) {
  const bool given = object.text(field.name, out);
  if (given && field.required && out.empty()) object.reading().report(object.path(field.name), "is empty");
}
void read_field(ObjectReader& object, const ActionField& field, bool& out) { object.boolean(field.name, out); }
template <std::int64_t Low, std::int64_t High>
void read_field(ObjectReader& object, const ActionField& field, Whole<Low, High>& out) {
  object.integer(field.name, out.value, field.bounds);
}
void read_field(ObjectReader& object, const ActionField& field, Span& out) {
  object.duration(field.name, out.ns, field.bounds);
}

// "value" of set_config may be written as the number or the word that it is.
void read_config_value(ObjectReader& object, SetConfig& action) {
  const Json* value = object.find("value");
  if (!value) return;
  if (!config_text(*value, action.value)) object.text("value", action.value);
}

template <class Body>
Body read_body(ObjectReader& object, Body body) {
  std::size_t index = 0;
  const ActionShape& shape = shape_of(body);
  for_each_field(body, [&](std::string_view name, auto& member) {
    const ActionField& field = shape.fields[index++];
    if (field.required) object.need(name);
    if constexpr (std::is_same_v<Body, SetConfig>) {
      if (name == "value") return read_config_value(object, body);
    }
    read_field(object, field, member);
  });
  return body;
}

// Of an action that is not known, only what no action has is reported.
void excuse_fields(ObjectReader& object) {
  for (const ActionShape& shape : action_shapes()) {
    for (const ActionField& field : shape.fields) object.find(field.name);
  }
}

std::vector<std::string_view> action_names() {
  std::vector<std::string_view> names;
  for (const ActionShape& shape : action_shapes()) names.push_back(shape.name);
  return names;
}

// names

void check_one_of(JsonSource& reading, const std::string& path, std::string_view kind, const std::string& name,
                  const std::vector<std::string_view>& known) {
  if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return;
  reading.report_unknown(path, kind, name, known);
}

std::vector<std::string_view> config_targets(const Vocabulary& known) {
  std::vector<std::string_view> names = {"brokers"};
  for (const std::string& node : known.nodes) names.push_back(node);
  for (const std::string& topic : known.topics) names.push_back(topic);
  return names;
}

void check_name(JsonSource& reading, const ActionField& field, const std::string& path, const std::string& name,
                const Vocabulary& known) {
  const bool may_bear_title = field.kind == ActionFieldKind::node || field.kind == ActionFieldKind::target;
  const std::optional<Title> title = may_bear_title ? parse_title(name) : std::nullopt;
  if (title && std::find(known.nodes.begin(), known.nodes.end(), name) == known.nodes.end()) {
    const std::string wrong = wrong_title(*title, known);
    if (!wrong.empty()) reading.report(path, wrong);
    return;
  }
  // What processes such as ksqlDB's servers create bears names that nobody knows beforehand.
  // What is nearly a name that is known is a slip all the same.
  const bool topic = field.kind == ActionFieldKind::topic, target = field.kind == ActionFieldKind::target;
  const std::vector<std::string_view> near = topic ? views(known.topics) : target ? config_targets(known) : std::vector<std::string_view>{};
  if (!known.plain.empty() && (topic || target) && nearest_name(name, near).empty()) return;
  switch (field.kind) {
    case ActionFieldKind::node:
      return check_one_of(reading, path, "node", name, views(known.nodes));
    case ActionFieldKind::producer:
      return check_one_of(reading, path, "producer", name, views(known.producers));
    case ActionFieldKind::topic:
      return check_one_of(reading, path, "topic", name, views(known.topics));
    case ActionFieldKind::target:
      return check_one_of(reading, path, "target", name, config_targets(known));
    case ActionFieldKind::zone:
      if (known.zones.empty()) return reading.report(path, "names a zone, but \"cluster\" has no \"zones\" and no \"racks\"");
      return check_one_of(reading, path, "zone", name, views(known.zones));
    case ActionFieldKind::request:
      return check_one_of(reading, path, "request or response", name, api_names());
    default:
      return;
  }
}

void check_config(JsonSource& reading, const SetConfig& action, const std::string& path, const Vocabulary& known) {
  const auto is = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), action.target) != names.end();
  };
  ConfigScope scope = is(known.producers)   ? ConfigScope::producer
                      : is(known.consumers) ? ConfigScope::consumer
                      : is(known.topics)    ? ConfigScope::topic
                                            : ConfigScope::broker;
  const bool of_node = is(known.nodes) || action.target == "brokers" || parse_title(action.target);
  if (!known.plain.empty() && !of_node) scope = ConfigScope::topic;
  for (const auto& [name, its] : known.plain)
    if (name == action.target) scope = its;
  const bool known_key = check_config_key(reading, scope, action.key, member_path(path, "key"));
  // What Kafka refuses is told as a fact when it is done; a client does not even start with it.
  const bool of_client = scope != ConfigScope::broker && scope != ConfigScope::topic;
  const std::string wrong = known_key && of_client ? wrong_value(scope, action.key, action.value) : "";
  if (!wrong.empty()) reading.report(member_path(path, "value"), wrong);
}

void check_fields(JsonSource& reading, const ActionBody& body, const std::string& path, const Vocabulary& known) {
  std::size_t index = 0;
  const ActionShape& shape = shape_of(body);
  std::visit(
      [&](const auto& action) {
        for_each_field(action, [&](std::string_view name, const auto& member) {
          const ActionField& field = shape.fields[index++];
          if constexpr (std::is_base_of_v<std::string, std::remove_cvref_t<decltype(member)>>) {
            check_name(reading, field, member_path(path, name), member, known);
          }
        });
      },
      body);
}

// when

void read_when(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known, When& when) {
  ObjectReader object(reading, value, path);
  object.need("fact");
  object.duration("after", when.after, {0, kMaxUntil});
  if (const std::optional<FactPattern> fact = read_pattern(object, "fact", known, true)) when.fact = *fact;
  object.finish();
}

// writing

nlohmann::ordered_json when_json(const When& when) {
  nlohmann::ordered_json object;
  write_pattern(object, "fact", when.fact);
  if (when.after != 0) object["after"] = format_duration(when.after);
  return object;
}

template <class Member>
void write_field(nlohmann::ordered_json& object, std::string_view name, const Member& value, const Member& usual) {
  const std::string key(name);
  if constexpr (std::is_base_of_v<Span, Member>) {
    if (value.ns != usual.ns) object[key] = format_duration(value.ns);
  } else if constexpr (std::is_base_of_v<std::string, Member>) {
    if (value != usual) object[key] = static_cast<const std::string&>(value);
  } else if constexpr (std::is_same_v<Member, bool>) {
    if (value != usual) object[key] = value;
  } else {
    if (value.value != usual.value) object[key] = value.value;
  }
}

template <class Body>
void write_body(nlohmann::ordered_json& object, const Body& body) {
  const Body usual;
  Body::each_field([&](std::string_view name, auto member) { write_field(object, name, body.*member, usual.*member); });
}

}  // namespace

std::optional<Action> read_action(JsonSource& reading, const Json& value, const std::string& path) {
  ObjectReader object(reading, value, path);
  Action action;
  const bool timed = object.find("at") != nullptr, waits = object.find("when") != nullptr;
  object.duration("at", action.at, {0, kMaxUntil});
  if (waits) action.when.emplace();
  if (timed && waits) reading.report(object.path("when"), "cannot stand beside \"at\"");
  if (!timed && !waits && object.is_object())
    reading.report(path, "needs \"at\", a time, or \"when\", the fact that it waits for");
  std::string name;
  object.need("do");
  bool known = false;
  if (object.text("do", name)) {
    for_each_alternative<ActionVariant>([&](const auto& body) {
      if (body.name != name) return;
      action.body = read_body(object, body);
      known = true;
    });
    if (!known) reading.report_unknown(object.path("do"), "action", name, action_names());
  }
  if (!known) excuse_fields(object);
  object.finish();
  if (!known) return std::nullopt;
  return action;
}

void read_names(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known, Action& action) {
  check_fields(reading, action.body, path, known);
  if (const auto* set = std::get_if<SetConfig>(&action.body)) check_config(reading, *set, path, known);
  if (action.when) read_when(reading, value.at("when"), member_path(path, "when"), known, *action.when);
}

nlohmann::ordered_json to_json(const Action& action) {
  nlohmann::ordered_json object;
  if (action.when) object["when"] = when_json(*action.when);
  else object["at"] = format_duration(action.at);
  object["do"] = action_name(action.body);
  std::visit([&](const auto& body) { write_body(object, body); }, action.body);
  return object;
}

}  // namespace nutshell

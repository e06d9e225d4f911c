#include "sim/scenario/action_shape.h"

#include <algorithm>
#include <initializer_list>
#include <type_traits>

#include "sim/core/alternatives.h"
#include "sim/net/network.h"
#include "sim/scenario/scenario.h"

namespace nutshell {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The kind of a text follows from its field's name; what an action creates is named by it for the first time.
ActionFieldKind kind_of_text(std::string_view action, std::string_view field) {
  if (action == "create_topic" || (action == "add_producer" && field == "producer") || field == "consumer") {
    return ActionFieldKind::new_name;
  }
  if (field == "target") return ActionFieldKind::target;
  if (names_node(field)) return ActionFieldKind::node;
  if (field == "producer") return ActionFieldKind::producer;
  if (field == "topic") return ActionFieldKind::topic;
  if (field == "group") return ActionFieldKind::group;
  return field == "message" ? ActionFieldKind::request : ActionFieldKind::text;
}

template <class Member>
ActionFieldKind kind_of(std::string_view action, std::string_view field) {
  if constexpr (std::is_same_v<Member, std::string>) return kind_of_text(action, field);
  if constexpr (std::is_same_v<Member, bool>) return ActionFieldKind::boolean;
  if constexpr (std::is_same_v<Member, Span>) return ActionFieldKind::duration;
  return ActionFieldKind::integer;
}

// Texts have to be given but for these; of the rest only what has no sensible usual value.
bool is_required(std::string_view action, std::string_view field, ActionFieldKind kind) {
  if (is_one_of(action, {"heal", "release", "set_link"})) return false;
  if (is_one_of(action, {"cut", "jam"})) return field == "from";
  if (action == "send") return field == "producer";
  if (action == "drop_message") return field == "message";
  if (is_one_of(field, {"id", "offset", "every", "timeout"}) || action == "add_partitions") return true;
  return kind != ActionFieldKind::integer && kind != ActionFieldKind::duration && kind != ActionFieldKind::boolean;
}

Bounds bounds_of(std::string_view action, std::string_view field) {
  if (action == "add_partitions") return {1, kMaxPartitions};
  if (field == "offset") return {-kMaxUntil, kMaxUntil};
  if (field == "every") return {kMinEvery, kMaxUntil};
  if (field == "latency") return {kMinLatency, kMaxUntil};
  if (is_one_of(field, {"duration", "per_message", "jitter", "tail", "reorder_delay", "timeout"})) return {0, kMaxUntil};
  if (field.size() > 4 && field.substr(field.size() - 4) == "_ppm") return {0, kAlways};
  if (field == "partition") return {0, kMaxPartitions - 1};
  if (field == "partitions") return {1, kMaxPartitions};
  if (field == "count") return {1, kMaxRecordsAtOnce};
  if (is_one_of(field, {"replication_factor", "id"})) return {1, field == "id" ? kMaxBrokers : 15};
  return {0, Bounds{}.high};
}

template <class Body>
ActionShape make_shape(const Body& body) {
  ActionShape shape{Body::name, Body::help, {}};
  for_each_field(body, [&](std::string_view name, const auto& member) {
    const ActionFieldKind kind = kind_of<std::remove_cvref_t<decltype(member)>>(Body::name, name);
    shape.fields.push_back({name, kind, is_required(Body::name, name, kind), bounds_of(Body::name, name)});
  });
  return shape;
}

}  // namespace

const std::vector<ActionShape>& action_shapes() {
  static const std::vector<ActionShape> kShapes = [] {
    std::vector<ActionShape> shapes;
    for_each_alternative<ActionBody>([&](const auto& body) { shapes.push_back(make_shape(body)); });
    return shapes;
  }();
  return kShapes;
}

const ActionShape& shape_of(const ActionBody& body) { return action_shapes()[body.index()]; }

}  // namespace nutshell

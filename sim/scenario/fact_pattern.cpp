#include "sim/scenario/fact_pattern.h"

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

#include "sim/check/judge.h"
#include "sim/core/text.h"
#include "sim/kafka/messages.h"
#include "sim/scenario/alternatives.h"

namespace nutshell {

const std::vector<std::string_view>& api_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for_each_alternative<Body>([&](const auto& body) { names.push_back(body.name); });
    return names;
  }();
  return kNames;
}

namespace {

bool is_one_of(std::string_view name, const std::vector<std::string_view>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// names of enumerators and indices

constexpr std::array<std::string_view, 4> kDropReasons = {"node_down", "connection_closed", "response_lost", "by_hand"};
constexpr std::array<std::string_view, 3> kFenceReasons = {"session_expired", "shut_down", "new_registration"};
constexpr std::array<std::string_view, 8> kRebalanceReasons = {
    "member_joined",  "member_left",          "session_expired", "leader_rejoined",
    "sync_timed_out", "subscription_changed", "join_timed_out", "partitions_given_up"};
static_assert(kDropReasons.size() == static_cast<std::size_t>(DropReason::by_hand) + 1);
static_assert(kFenceReasons.size() == static_cast<std::size_t>(FenceReason::new_registration) + 1);
static_assert(kRebalanceReasons.size() == static_cast<std::size_t>(RebalanceReason::partitions_given_up) + 1);

template <class Reason>
constexpr auto& reasons() {
  if constexpr (std::is_same_v<Reason, DropReason>)
    return kDropReasons;
  else if constexpr (std::is_same_v<Reason, FenceReason>)
    return kFenceReasons;
  else
    return kRebalanceReasons;
}

std::vector<std::string_view> error_names() {
  std::vector<std::string_view> names;
  for (int code = 0; code <= std::numeric_limits<std::uint8_t>::max(); ++code) {
    const std::string_view name = error_name(static_cast<ErrorCode>(code));
    if (name != "UNKNOWN_SERVER_ERROR") names.push_back(name);
  }
  return names;
}

std::vector<std::string_view> promise_names() {
  std::vector<std::string_view> names;
  for (const Promise& each : promises()) names.push_back(each.name);
  return names;
}

template <class Names>
std::string name_at(const Names& names, std::int64_t index) {
  const bool known = index >= 0 && index < static_cast<std::int64_t>(names.size());
  return known ? std::string(names[static_cast<std::size_t>(index)]) : "?";
}

// shapes

// The kind of a number follows from its field's name: the same name means the same in all facts. Nodes and interned
// names are 32 bits wide, offsets are 64.
FieldKind kind_of_number(std::string_view fact, std::string_view field, bool wide) {
  static const std::vector<std::string_view> kNodes = {"node",  "from",      "to",       "client",  "server",
                                                       "voter", "candidate", "consumer", "producer"};
  static const std::vector<std::string_view> kBrokers = {"broker", "leader", "previous"};
  if (wide) return field == "per_message" || fact == "clock_set" ? FieldKind::duration : FieldKind::integer;
  if (is_one_of(field, kNodes)) return FieldKind::node;
  if (is_one_of(field, kBrokers)) return FieldKind::broker;
  if (field == "topic") return FieldKind::topic;
  if (field == "group") return FieldKind::group;
  return field == "member_id" ? FieldKind::name : FieldKind::integer;
}

template <class Member>
FieldShape shape_of(std::string_view fact, std::string_view field) {
  if constexpr (std::is_same_v<Member, bool>) {
    return {field, FieldKind::boolean, {}};
  } else if constexpr (std::is_same_v<Member, ErrorCode>) {
    return {field, FieldKind::choice, error_names()};
  } else if constexpr (std::is_enum_v<Member>) {
    return {field, FieldKind::choice, {reasons<Member>().begin(), reasons<Member>().end()}};
  } else {
    if (field == "message") return {field, FieldKind::choice, api_names()};
    if (field == "promise") return {field, FieldKind::choice, promise_names()};
    return {field, kind_of_number(fact, field, sizeof(Member) == sizeof(std::int64_t)), {}};
  }
}

template <class F>
FactShape shape_of_fact(const F& fact) {
  FactShape shape{F::name, F::level, {}};
  for_each_field(fact, [&](std::string_view name, const auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::is_same_v<Member, TopicPartition>) {
      shape.fields.push_back({"topic", FieldKind::topic, {}});
      shape.fields.push_back({"partition", FieldKind::integer, {}});
    } else {
      shape.fields.push_back(shape_of<Member>(F::name, name));
    }
  });
  return shape;
}

// values

std::string number_text(std::string_view fact, std::string_view field, std::int64_t value, bool wide,
                        const Namer& namer) {
  if (field == "message") return name_at(api_names(), value);
  if (field == "promise") return name_at(promise_names(), value);
  switch (kind_of_number(fact, field, wide)) {
    case FieldKind::node:
      return value < 0 ? "none" : namer.node(static_cast<NodeId>(value));
    case FieldKind::topic:
    case FieldKind::group:
    case FieldKind::name:
      return value < 0 ? "none" : namer.name(static_cast<std::int32_t>(value));
    case FieldKind::duration:
      return format_duration(value);
    default:
      return std::to_string(value);
  }
}

template <class Member>
std::string value_text(std::string_view fact, std::string_view field, const Member& value, const Namer& namer) {
  if constexpr (std::is_same_v<Member, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<Member, ErrorCode>) {
    return std::string(error_name(value));
  } else if constexpr (std::is_enum_v<Member>) {
    return name_at(reasons<Member>(), static_cast<std::int64_t>(value));
  } else {
    return number_text(fact, field, value, sizeof(Member) == sizeof(std::int64_t), namer);
  }
}

}  // namespace

const std::vector<FactShape>& fact_shapes() {
  static const std::vector<FactShape> kShapes = [] {
    std::vector<FactShape> shapes;
    for_each_alternative<FactBody>([&](const auto& fact) { shapes.push_back(shape_of_fact(fact)); });
    return shapes;
  }();
  return kShapes;
}

const FactShape* find_fact_shape(std::string_view fact) {
  for (const FactShape& shape : fact_shapes()) {
    if (shape.name == fact) return &shape;
  }
  return nullptr;
}

const FieldShape* find_field_shape(const FactShape& fact, std::string_view field) {
  for (const FieldShape& shape : fact.fields) {
    if (shape.name == field) return &shape;
  }
  return nullptr;
}

std::string field_text(const FactBody& body, std::string_view field, const Namer& namer) {
  std::string text;
  std::visit(
      [&](const auto& fact) {
        for_each_field(fact, [&](std::string_view name, const auto& value) {
          using Member = std::remove_cvref_t<decltype(value)>;
          if constexpr (std::is_same_v<Member, TopicPartition>) {
            if (field == "topic") text = value.topic < 0 ? "none" : namer.name(value.topic);
            if (field == "partition") text = std::to_string(value.partition);
          } else if (name == field) {
            text = value_text(fact.name, field, value, namer);
          }
        });
      },
      body);
  return text;
}

bool matches(const FactPattern& pattern, const Fact& fact, const Namer& namer) {
  if (fact_name(fact.body) != pattern.fact) return false;
  return std::all_of(pattern.where.begin(), pattern.where.end(),
                     [&](const FieldTest& test) { return field_text(fact.body, test.field, namer) == test.value; });
}

std::size_t find_fact(const FactPattern& pattern, const Facts& facts, std::size_t begin, std::size_t end,
                      const Namer& namer) {
  std::int64_t seen = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (matches(pattern, facts[i], namer) && ++seen == pattern.nth) return i;
  }
  return end;
}

std::string to_text(const FactPattern& pattern) {
  std::string text = pattern.fact;
  if (pattern.nth > 1) text = "number " + std::to_string(pattern.nth) + " of " + text;
  std::string separator = " (";
  for (const FieldTest& test : pattern.where) {
    text += separator + test.field + " " + test.value;
    separator = ", ";
  }
  return pattern.where.empty() ? text : text + ")";
}

}  // namespace nutshell

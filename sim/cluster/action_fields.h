// The types of an action's fields. What may be written in a field, within which limits and whether it has to be given
// follow from its type: readers, the schema, menus, share codes and the fuzzer ask for nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "sim/cluster/limits.h"
#include "sim/core/fields.h"
#include "sim/net/network.h"

namespace nutshell {

enum class ActionFieldKind : std::uint8_t {
  node,      // "broker 1", "Q2", a client; or a title: "leader of orders-0" (titles.h)
  producer,
  topic,
  group,     // names that have to exist
  target,    // "brokers", a node, a title or a topic
  request,   // API name of a message: "Produce"
  new_name,  // of what the action creates
  text,
  integer,
  duration,
  boolean,
  zone,      // where machines stand
};

// A text. It has to be given, but for MayMiss.
template <ActionFieldKind Kind>
struct TextOf : std::string {
  static constexpr ActionFieldKind kind = Kind;
  static constexpr bool required = true;
  TextOf() = default;
  TextOf(std::string text) : std::string(std::move(text)) {}
  TextOf(const char* text) : std::string(text) {}
};
using NodeName = TextOf<ActionFieldKind::node>;
using ProducerName = TextOf<ActionFieldKind::producer>;
using TopicName = TextOf<ActionFieldKind::topic>;
using GroupName = TextOf<ActionFieldKind::group>;
using ConfigTarget = TextOf<ActionFieldKind::target>;
using ApiName = TextOf<ActionFieldKind::request>;
using NewName = TextOf<ActionFieldKind::new_name>;
using FreeText = TextOf<ActionFieldKind::text>;
using ZoneName = TextOf<ActionFieldKind::zone>;

// A text that may be left out.
template <class Text>
struct MayMiss : Text {
  static constexpr bool required = false;
  using Text::Text;
};

// A duration in an action: "500ms", "9s". Its own type, so that readers and menus know what it is.
struct Span {
  Duration ns = 0;
  friend bool operator==(const Span&, const Span&) = default;
  NUTSHELL_FIELDS(Span, ns)
};

// One between two limits, both included.
template <Duration Low, Duration High>
struct SpanWithin : Span {
  static constexpr ActionFieldKind kind = ActionFieldKind::duration;
  static constexpr bool required = false;
  static constexpr Bounds bounds{Low, High};
  constexpr SpanWithin(Span span = {}) : Span(span) {}
  constexpr SpanWithin(Duration duration) : Span{duration} {}
};
using AnySpan = SpanWithin<0, kMaxUntil>;

// A whole number between two limits, both included.
template <std::int64_t Low, std::int64_t High>
struct Whole {
  static constexpr ActionFieldKind kind = ActionFieldKind::integer;
  static constexpr bool required = false;
  static constexpr Bounds bounds{Low, High};
  std::int64_t value = 0;
  constexpr Whole(std::int64_t number = 0) : value(number) {}
  constexpr operator std::int64_t() const { return value; }
  NUTSHELL_FIELDS(Whole, value)
};
using AnyCount = Whole<0, Bounds{}.high>;
using Ppm = Whole<0, kAlways>;
using PartitionNumber = Whole<0, kMaxPartitions - 1>;

// A number or a duration that has no sensible usual value: it has to be given.
template <class Value>
struct Needed : Value {
  static constexpr bool required = true;
  using Value::Value;
};

template <class Field>
constexpr ActionFieldKind kind_of_field() {
  if constexpr (std::is_same_v<Field, bool>) return ActionFieldKind::boolean;
  else return Field::kind;
}
template <class Field>
constexpr bool is_required_field() {
  if constexpr (std::is_same_v<Field, bool>) return false;
  else return Field::required;
}
template <class Field>
constexpr Bounds bounds_of_field() {
  if constexpr (requires { Field::bounds; }) return Field::bounds;
  else return {};
}
// Whether a field names a node.
template <class Field>
constexpr bool names_node() {
  return kind_of_field<Field>() == ActionFieldKind::node || kind_of_field<Field>() == ActionFieldKind::target;
}

}  // namespace nutshell

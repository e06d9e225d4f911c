// Patterns of facts, as beats and expectations name them: "leader_elected where topic is orders and partition is 0".
//
// They work from the field lists of the facts alone, so a new fact is matched, listed and documented without a
// line here. Nodes, topics, groups, errors and reasons go by their names; a TopicPartition `tp` is written as the
// two fields "topic" and "partition".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/digest.h"
#include "sim/history/chronicle.h"
#include "sim/kafka/facts.h"

namespace nutshell {

// What the values of a fact's field are, and so how they are written.
enum class FieldKind : std::uint8_t {
  node,    // "broker 1", "Q2", or the name of a client
  topic,   // its name
  group,   // its name
  name,    // another name (a member id)
  broker,  // Kafka's id, -1: none
  integer,
  duration,  // "500ms"
  boolean,
  choice,  // one of FieldShape::choices
};

struct FieldShape {
  std::string_view name;
  FieldKind kind = FieldKind::integer;
  std::vector<std::string_view> choices;  // errors, reasons, names of requests, promises
};

struct FactShape {
  std::string_view name;
  FactLevel level = FactLevel::story;
  std::vector<FieldShape> fields;
};

// Requests and responses, as facts and actions name them ("Produce"), in the order of Body.
const std::vector<std::string_view>& api_names();

// Every kind of fact there is, in the order of FactBody.
const std::vector<FactShape>& fact_shapes();
// nullptr: there is no such fact, or it has no such field.
const FactShape* find_fact_shape(std::string_view fact);
const FieldShape* find_field_shape(const FactShape& fact, std::string_view field);

// A field that has to have a value, both as text: numbers in decimals, "true" or "false", names.
struct FieldTest {
  std::string field;
  std::string value;
  NUTSHELL_FIELDS(FieldTest, field, value)
};

struct FactPattern {
  std::string fact;
  std::vector<FieldTest> where;
  std::int64_t nth = 1;  // which of the matching facts is meant, where one is meant
  NUTSHELL_FIELDS(FactPattern, fact, where, nth)
};

// The field of a fact as text; empty: the fact has no such field.
std::string field_text(const FactBody& body, std::string_view field, const Namer& namer);

// Whether the fact is one of those meant; `nth` is left to the caller, who counts.
bool matches(const FactPattern& pattern, const Fact& fact, const Namer& namer);

// Index of the pattern.nth matching fact in facts[begin, end); `end` if there are fewer.
std::size_t find_fact(const FactPattern& pattern, const Facts& facts, std::size_t begin, std::size_t end,
                      const Namer& namer);

// "leader_elected (topic orders, partition 0)", "the 2nd isr_shrunk": for messages.
std::string to_text(const FactPattern& pattern);

}  // namespace nutshell

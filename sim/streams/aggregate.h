// The functions of the language that take many rows to a value (S25-S28): a start, a step, perhaps its undoing,
// and what a state comes to. States are values, so that stores, changelogs and copies know them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/streams/value.h"
#include "sim/streams/type.h"

namespace nutshell::streams {

// An aggregate of a query: which one, with its constant arguments and the types of the others.
struct Aggregate {
  struct Kind;
  const Kind* kind = nullptr;
  Type input;
  Type result;
  // k of TOPK, n of LATEST_BY_OFFSET, the most that COLLECT_LIST and COLLECT_SET take: 0 if not given.
  std::int64_t limit = 0;
  bool ignore_nulls = true;
};

struct Aggregate::Kind {
  std::string_view name;
  Value (*start)(const Aggregate&);
  // `args` are the values of the arguments that are no constants.
  Value (*add)(const Aggregate&, const Value& state, const List& args);
  // Null pointer: cannot be undone, so not for tables.
  Value (*undo)(const Aggregate&, const Value& state, const List& args);
  Value (*merge)(const Aggregate&, const Value& a, const Value& b);
  // Null pointer: the state itself.
  Value (*result)(const Aggregate&, const Value& state);
};

bool is_aggregate(std::string_view name);
std::vector<std::string> aggregate_names();

// Fills in the kind, the type of the result and the constants. "" or what is wrong. `types` are those of all arguments,
// `constants` their values where they are constants, else null; `variable` says how many are values of rows (the first).
std::string choose_aggregate(std::string_view name, const std::vector<Type>& types, const List& constants, Aggregate& aggregate,
                             std::size_t& variable);

}  // namespace nutshell::streams

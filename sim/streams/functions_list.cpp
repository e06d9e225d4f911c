#include <algorithm>

#include "sim/streams/function.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

bool contains(const List& list, const Value& v) { return std::find(list.begin(), list.end(), v) != list.end(); }

Value array_contains(Call& c) {
  if (c[0].null()) return Value(false);
  for (const Value& each : c[0].list()) {
    if (each.null() || c[1].null() ? each.null() && c[1].null() : compare_values(each, c[1]) == 0) return Value(true);
  }
  return Value(false);
}

Value array_length(Call& c) { return Value(static_cast<std::int64_t>(c[0].list().size())); }

Value array_extreme(Call& c, bool most) {
  Value best;
  for (const Value& each : c[0].list()) {
    if (!each.null() && (best.null() || (compare_values(each, best) > 0) == most)) best = each;
  }
  return best;
}
Value array_max(Call& c) { return array_extreme(c, true); }
Value array_min(Call& c) { return array_extreme(c, false); }

Value array_sort(Call& c) {
  List list = c[0].list();
  const std::string order = c.size() > 1 ? upper(c[1].text()) : "ASC";
  if (order != "ASC" && order != "ASCENDING" && order != "DESC" && order != "DESCENDING") return {};
  const bool descending = order[0] == 'D';
  // Nulls stand last either way.
  std::stable_sort(list.begin(), list.end(), [descending](const Value& a, const Value& b) {
    if (a.null() || b.null()) return !a.null() && b.null();
    return descending ? compare_values(a, b) > 0 : compare_values(a, b) < 0;
  });
  return Value(std::move(list));
}

Value array_distinct(Call& c) {
  List list;
  for (const Value& each : c[0].list()) {
    if (!contains(list, each)) list.push_back(each);
  }
  return Value(std::move(list));
}

Value array_union(Call& c) {
  List list;
  for (std::size_t i = 0; i < 2; ++i) {
    for (const Value& each : c[i].list()) {
      if (!contains(list, each)) list.push_back(each);
    }
  }
  return Value(std::move(list));
}

Value kept(Call& c, bool in_second) {
  List list;
  for (const Value& each : c[0].list()) {
    if (contains(c[1].list(), each) == in_second && !contains(list, each)) list.push_back(each);
  }
  return Value(std::move(list));
}
Value array_intersect(Call& c) { return kept(c, true); }
Value array_except(Call& c) { return kept(c, false); }

Value array_remove(Call& c) {
  if (c[0].null()) return {};
  List list;
  for (const Value& each : c[0].list()) {
    if (!(each == c[1])) list.push_back(each);
  }
  return Value(std::move(list));
}

Value array_concat(Call& c) {
  if (c[0].null() && c[1].null()) return {};
  List list = c[0].list();
  list.insert(list.end(), c[1].list().begin(), c[1].list().end());
  return Value(std::move(list));
}

Value array_join(Call& c) {
  if (c[0].null()) return {};
  const Type& element = c.type(0).of[0];
  std::vector<std::string> parts;
  for (const Value& each : c[0].list()) {
    bool failed = false;
    const Value text = cast_value(each, element, simple(Base::text), failed);
    parts.push_back(text.null() ? "null" : text.text());
  }
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : c.size() < 2 ? "," : c[1].null() ? "" : c[1].text()) + parts[i];
  return Value(std::move(text));
}

// From the first to the last place, both counted from 1 and part of it.
Value slice(Call& c) {
  if (c[0].null()) return {};
  const auto size = static_cast<std::int64_t>(c[0].list().size());
  const std::int64_t from = c[1].null() ? 1 : std::max<std::int64_t>(c[1].whole(), 1);
  const std::int64_t to = c[2].null() ? size : std::min(c[2].whole(), size);
  List list;
  for (std::int64_t i = from; i <= to; ++i) list.push_back(c[0].list()[static_cast<std::size_t>(i - 1)]);
  return Value(std::move(list));
}

Value generate_series(Call& c) {
  const std::int64_t from = c[0].whole();
  const std::int64_t to = c[1].whole();
  const std::int64_t step = c.size() > 2 ? c[2].whole() : to >= from ? 1 : -1;
  if (step == 0 || (to > from && step < 0) || (to < from && step > 0))
    return c.fail("GENERATE_SERIES wants a step towards its end");
  List list;
  for (std::int64_t i = from; step > 0 ? i <= to : i >= to; i += step) {
    list.push_back(Value(i));
    if (list.size() > 100'000) return c.fail("GENERATE_SERIES makes more than 100,000 elements");
  }
  return Value(std::move(list));
}

List every_other(const Value& map, std::size_t first) {
  List list;
  for (std::size_t i = first; i < map.list().size(); i += 2) list.push_back(map.list()[i]);
  return list;
}
Value map_keys(Call& c) { return Value(every_other(c[0], 0)); }
Value map_values(Call& c) { return Value(every_other(c[0], 1)); }

Value map_union(Call& c) {
  if (c[0].null() && c[1].null()) return {};
  List pairs = c[0].list();
  pairs.insert(pairs.end(), c[1].list().begin(), c[1].list().end());
  return sorted_map(std::move(pairs));
}

Value as_map(Call& c) {
  List pairs;
  const std::size_t n = std::min(c[0].list().size(), c[1].list().size());
  for (std::size_t i = 0; i < n; ++i) {
    pairs.push_back(c[0].list()[i]);
    pairs.push_back(c[1].list()[i]);
  }
  return sorted_map(std::move(pairs));
}

Value entries(Call& c) {
  List list;
  const List& map = c[0].list();
  for (std::size_t i = 0; i + 1 < map.size(); i += 2) list.push_back(Value(List{map[i], map[i + 1]}));
  if (c[1].truth()) return Value(std::move(list));
  return Value(std::move(list));
}

// The elements of an array, or the entries of a map, one by one.
List locals_at(const Call& c, std::size_t i) {
  const List& list = c.args[0].list();
  if (c.type(0).base == Base::map) return {list[2 * i], list[2 * i + 1]};
  return {list[i]};
}
std::size_t steps(const Call& c) { return c.args[0].list().size() / (c.type(0).base == Base::map ? 2 : 1); }

Value transform(Call& c) {
  if (c[0].null()) return {};
  List list;
  for (std::size_t i = 0; i < steps(c) && !c.frame.failed; ++i) {
    list.push_back(c.apply(1, locals_at(c, i)));
    if (c.type(0).base == Base::map) list.push_back(c.apply(2, locals_at(c, i)));
  }
  if (c.type(0).base != Base::map) return Value(std::move(list));
  const std::size_t made = list.size();
  const Value map = sorted_map(std::move(list));
  return map.list().size() == made ? map : c.fail("TRANSFORM makes the same key twice");
}

Value filter(Call& c) {
  if (c[0].null()) return {};
  List list;
  for (std::size_t i = 0; i < steps(c) && !c.frame.failed; ++i) {
    const List each = locals_at(c, i);
    const Value yes = c.apply(1, each);
    if (yes.null()) return c.fail("a condition of FILTER is null");
    if (yes.truth()) list.insert(list.end(), each.begin(), each.end());
  }
  return Value(std::move(list));
}

Value reduce(Call& c) {
  if (c[0].null() || c[1].null()) return c[1];
  Value state = c[1];
  for (std::size_t i = 0; i < steps(c) && !c.frame.failed; ++i) {
    List locals = locals_at(c, i);
    locals.insert(locals.begin(), state);
    bool failed = false;
    state = cast_value(c.apply(2, locals), c.type(2), c.code.type, failed);
  }
  return state;
}

}  // namespace

const std::vector<Function>& list_functions() {
  static const std::vector<Function> kTable = {
      {"ARRAY_CONTAINS", "BOOLEAN", "ARRAY<A>, A", array_contains, true},
      {"ARRAY_LENGTH", "INT", "ARRAY<A>", array_length},
      {"ARRAY_MAX", "A", "ARRAY<A>", array_max},
      {"ARRAY_MIN", "A", "ARRAY<A>", array_min},
      {"ARRAY_SORT", "ARRAY<A>", "ARRAY<A>", array_sort},
      {"ARRAY_SORT", "ARRAY<A>", "ARRAY<A>, VARCHAR", array_sort},
      {"ARRAY_DISTINCT", "ARRAY<A>", "ARRAY<A>", array_distinct},
      {"ARRAY_UNION", "ARRAY<A>", "ARRAY<A>, ARRAY<A>", array_union},
      {"ARRAY_INTERSECT", "ARRAY<A>", "ARRAY<A>, ARRAY<A>", array_intersect},
      {"ARRAY_EXCEPT", "ARRAY<A>", "ARRAY<A>, ARRAY<A>", array_except},
      {"ARRAY_REMOVE", "ARRAY<A>", "ARRAY<A>, A", array_remove, true},
      {"ARRAY_CONCAT", "ARRAY<A>", "ARRAY<A>, ARRAY<A>", array_concat, true},
      {"ARRAY_JOIN", "VARCHAR", "ARRAY<A>", array_join, true},
      {"ARRAY_JOIN", "VARCHAR", "ARRAY<A>, VARCHAR", array_join, true},
      {"SLICE", "ARRAY<A>", "ARRAY<A>, INT, INT", slice, true},
      {"GENERATE_SERIES", "ARRAY<INT>", "INT, INT", generate_series},
      {"GENERATE_SERIES", "ARRAY<INT>", "INT, INT, INT", generate_series},
      {"GENERATE_SERIES", "ARRAY<BIGINT>", "BIGINT, BIGINT", generate_series},
      {"GENERATE_SERIES", "ARRAY<BIGINT>", "BIGINT, BIGINT, INT", generate_series},
      {"MAP_KEYS", "ARRAY<VARCHAR>", "MAP<VARCHAR, A>", map_keys},
      {"MAP_VALUES", "ARRAY<A>", "MAP<VARCHAR, A>", map_values},
      {"MAP_UNION", "MAP<VARCHAR, A>", "MAP<VARCHAR, A>, MAP<VARCHAR, A>", map_union, true},
      {"AS_MAP", "MAP<VARCHAR, A>", "ARRAY<VARCHAR>, ARRAY<A>", as_map},
      {"ENTRIES", "ARRAY<STRUCT<K VARCHAR, V A>>", "MAP<VARCHAR, A>, BOOLEAN", entries},
      {"TRANSFORM", "LAMBDA", "A, LAMBDA...", transform, true},
      {"FILTER", "LAMBDA", "A, LAMBDA", filter, true},
      {"REDUCE", "LAMBDA", "A, B, LAMBDA", reduce, true},
  };
  return kTable;
}

}  // namespace nutshell::streams

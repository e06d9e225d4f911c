#include "sim/streams/aggregate.h"

#include <algorithm>
#include <array>

#include "sim/streams/code.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

using Agg = Aggregate;

Value null_start(const Agg&) { return {}; }
Value zero_start(const Agg&) { return Value(std::int64_t{0}); }
Value list_start(const Agg&) { return Value(List{}); }

Value sum_start(const Agg& a) {
  if (a.result.base == Base::real) return Value(0.0);
  if (a.result.base == Base::decimal) return Value(Decimal(0, a.result.scale));
  return Value(std::int64_t{0});
}

Value plus_of(const Agg& a, const Value& x, const Value& y, bool minus) {
  if (y.null()) return x;
  if (a.result.base == Base::real) return Value(minus ? as_real(x) - as_real(y) : as_real(x) + as_real(y));
  if (a.result.base == Base::decimal) {
    const auto sum = minus ? subtract(as_exact(x), as_exact(y)) : add(as_exact(x), as_exact(y));
    return sum && fits(*sum, a.result.precision) ? Value(*sum) : x;
  }
  const auto p = static_cast<std::uint64_t>(x.whole());
  const auto q = static_cast<std::uint64_t>(y.whole());
  const std::uint64_t sum = minus ? p - q : p + q;
  return a.result.base == Base::integer ? Value(static_cast<std::int64_t>(static_cast<std::int32_t>(sum)))
                                        : Value(static_cast<std::int64_t>(sum));
}

Value sum_add(const Agg& a, const Value& s, const List& v) { return plus_of(a, s, v[0], false); }
Value sum_undo(const Agg& a, const Value& s, const List& v) { return plus_of(a, s, v[0], true); }
Value sum_merge(const Agg& a, const Value& x, const Value& y) { return plus_of(a, x, y, false); }

// SUM_LIST: the elements, one by one.
Value sum_list_by(const Agg& a, Value s, const Value& list, bool minus) {
  if (!list.null())
    for (const Value& each : list.list()) s = plus_of(a, s, each, minus);
  return s;
}
Value sum_list_add(const Agg& a, const Value& s, const List& v) { return sum_list_by(a, s, v[0], false); }
Value sum_list_undo(const Agg& a, const Value& s, const List& v) { return sum_list_by(a, s, v[0], true); }

Value counted(const Value& s, const List& v, std::int64_t by) { return v.empty() || !v[0].null() ? Value(s.whole() + by) : s; }
Value count_add(const Agg&, const Value& s, const List& v) { return counted(s, v, 1); }
Value count_undo(const Agg&, const Value& s, const List& v) { return counted(s, v, -1); }
Value count_merge(const Agg&, const Value& x, const Value& y) { return Value(x.whole() + y.whole()); }

// Two whole numbers or reals of a state, by place.
List moved(const Value& state) { return state.list(); }

// AVG: (sum, count).
Value avg_start(const Agg&) { return Value(List{Value(0.0), Value(std::int64_t{0})}); }
Value avg_by(const Value& s, const List& v, int by) {
  if (v[0].null()) return s;
  List l = moved(s);
  l[0] = Value(by > 0 ? l[0].real() + as_real(v[0]) : l[0].real() - as_real(v[0]));
  l[1] = Value(l[1].whole() + by);
  return Value(std::move(l));
}
Value avg_add(const Agg&, const Value& s, const List& v) { return avg_by(s, v, 1); }
Value avg_undo(const Agg&, const Value& s, const List& v) { return avg_by(s, v, -1); }
Value pairwise(const Value& x, const Value& y) {
  List l;
  for (std::size_t i = 0; i < x.list().size(); ++i) {
    const Value& p = x.list()[i];
    const Value& q = y.list()[i];
    l.push_back(p.is_real() ? Value(p.real() + q.real()) : Value(p.whole() + q.whole()));
  }
  return Value(std::move(l));
}
Value avg_merge(const Agg&, const Value& x, const Value& y) { return pairwise(x, y); }
Value avg_result(const Agg&, const Value& s) {
  const std::int64_t n = s.list()[1].whole();
  return Value(n == 0 ? 0.0 : s.list()[0].real() / static_cast<double>(n));
}

// STDDEV_SAMPLE: (count, sum, sum of the squared distances from the mean, after Youngs and Cramer).
Value spread_start(const Agg&) { return Value(List{Value(std::int64_t{0}), Value(0.0), Value(0.0)}); }
Value spread_add(const Agg&, const Value& s, const List& v) {
  if (v[0].null()) return s;
  const double x = as_real(v[0]);
  List l = moved(s);
  const double n = static_cast<double>(l[0].whole() + 1);
  const double distance = n * x - (l[1].real() + x);
  if (n > 1) l[2] = Value(l[2].real() + distance * distance / (n * (n - 1)));
  l[0] = Value(l[0].whole() + 1);
  l[1] = Value(l[1].real() + x);
  return Value(std::move(l));
}
Value spread_undo(const Agg&, const Value& s, const List& v) {
  if (v[0].null()) return s;
  const double x = as_real(v[0]);
  List l = moved(s);
  const double n = static_cast<double>(l[0].whole() - 1);
  const double distance = (n + 2) * x - (l[1].real() + x);
  if (n > 0) l[2] = Value(l[2].real() - distance * distance / (n * (n + 1)));
  l[0] = Value(l[0].whole() - 1);
  l[1] = Value(l[1].real() - x);
  return Value(std::move(l));
}
Value spread_merge(const Agg&, const Value& p, const Value& q) {
  const double n = static_cast<double>(p.list()[0].whole());
  const double m = static_cast<double>(q.list()[0].whole());
  double apart = 0;
  if (n > 0 && m > 0) {
    const double means = p.list()[1].real() / n - q.list()[1].real() / m;
    apart = n * m * means * means / (n + m);
  }
  return Value(List{Value(p.list()[0].whole() + q.list()[0].whole()), Value(p.list()[1].real() + q.list()[1].real()),
                    Value(p.list()[2].real() + q.list()[2].real() + apart)});
}
double variance(const Value& s) {
  const std::int64_t n = s.list()[0].whole();
  return n < 2 ? 0.0 : s.list()[2].real() / static_cast<double>(n - 1);
}
Value deviation_result(const Agg&, const Value& s) { return Value(root(variance(s))); }
Value variance_result(const Agg&, const Value& s) { return Value(variance(s)); }

Value extreme(const Value& s, const Value& v, bool most) {
  if (v.null()) return s;
  if (s.null()) return v;
  return (compare_values(v, s) > 0) == most ? v : s;
}
Value min_add(const Agg&, const Value& s, const List& v) { return extreme(s, v[0], false); }
Value max_add(const Agg&, const Value& s, const List& v) { return extreme(s, v[0], true); }
Value min_merge(const Agg&, const Value& x, const Value& y) { return extreme(x, y, false); }
Value max_merge(const Agg&, const Value& x, const Value& y) { return extreme(x, y, true); }

// TOPK: descending, the limit's first. With more than one column the rest goes along in a structure.
Value top_insert(const Agg& a, const Value& s, const Value& v, bool distinct) {
  if (v.null() || (v.is_list() && a.input.base == Base::structure && v.list()[0].null())) return s;
  List l = moved(s);
  const auto before = [](const Value& x, const Value& y) {
    return compare_values(x.is_list() ? x.list()[0] : x, y.is_list() ? y.list()[0] : y) > 0;
  };
  if (distinct && std::find_if(l.begin(), l.end(), [&](const Value& x) { return compare_values(x, v) == 0; }) != l.end())
    return s;
  l.insert(std::upper_bound(l.begin(), l.end(), v, before), v);
  if (static_cast<std::int64_t>(l.size()) > a.limit) l.resize(static_cast<std::size_t>(a.limit));
  return Value(std::move(l));
}
Value row_of(const Agg& a, const List& v) {
  return a.input.base == Base::structure && a.result.base == Base::array ? Value(v) : v[0];
}
Value topk_add(const Agg& a, const Value& s, const List& v) { return top_insert(a, s, row_of(a, v), false); }
Value topkd_add(const Agg& a, const Value& s, const List& v) { return top_insert(a, s, row_of(a, v), true); }
Value top_merge(const Agg& a, const Value& x, const Value& y, bool distinct) {
  Value all = x;
  for (const Value& each : y.list()) all = top_insert(a, all, each, distinct);
  return all;
}
Value topk_merge(const Agg& a, const Value& x, const Value& y) { return top_merge(a, x, y, false); }
Value topkd_merge(const Agg& a, const Value& x, const Value& y) { return top_merge(a, x, y, true); }

// More elements than these are not collected; fewer, if a setting says so (Aggregate::limit).
constexpr std::size_t kLongestList = 100'000;

Value collected(const Value& s, const Value& v, bool set, std::int64_t most = 0) {
  const List& have = s.list();
  if (have.size() >= (most > 0 ? static_cast<std::size_t>(most) : kLongestList)) return s;
  if (set && std::find(have.begin(), have.end(), v) != have.end()) return s;
  List l = have;
  l.push_back(v);
  return Value(std::move(l));
}
Value list_add(const Agg& a, const Value& s, const List& v) { return collected(s, v[0], false, a.limit); }
Value set_add(const Agg& a, const Value& s, const List& v) { return collected(s, v[0], true, a.limit); }
Value list_undo(const Agg&, const Value& s, const List& v) {
  List l = moved(s);
  const auto last = std::find(l.rbegin(), l.rend(), v[0]);
  if (last != l.rend()) l.erase(std::next(last).base());
  return Value(std::move(l));
}
List both_lists(const Value& x, const Value& y) {
  List l = moved(x);
  l.insert(l.end(), y.list().begin(), y.list().end());
  return l;
}
Value list_merge(const Agg& a, const Value& x, const Value& y) {
  List l = both_lists(x, y);
  const std::size_t most = a.limit > 0 ? static_cast<std::size_t>(a.limit) : kLongestList;
  if (l.size() > most) l.resize(most);
  return Value(std::move(l));
}
Value set_merge(const Agg& a, const Value& x, const Value& y) {
  Value all = x;
  for (const Value& each : y.list()) all = collected(all, each, true, a.limit);
  return all;
}

Value distinct_add(const Agg&, const Value& s, const List& v) { return v[0].null() ? s : collected(s, v[0], true); }
Value size_result(const Agg&, const Value& s) { return Value(static_cast<std::int64_t>(s.list().size())); }

// HISTOGRAM: a map of at most 1000 texts.
Value histogram_by(const Value& s, const Value& v, std::int64_t by) {
  List l = moved(s);
  for (std::size_t i = 0; i + 1 < l.size(); i += 2) {
    if (!(l[i] == v)) continue;
    l[i + 1] = Value(l[i + 1].whole() + by);
    if (l[i + 1].whole() < 1 && by < 0)
      l.erase(l.begin() + static_cast<std::ptrdiff_t>(i), l.begin() + static_cast<std::ptrdiff_t>(i + 2));
    return Value(std::move(l));
  }
  if (l.size() >= 2000 || by < 0) return s;
  std::size_t at = 0;
  while (at < l.size() && l[at] < v) at += 2;
  const Value pair[] = {v, Value(by)};
  l.insert(l.begin() + static_cast<std::ptrdiff_t>(at), pair, pair + 2);
  return Value(std::move(l));
}
Value histogram_add(const Agg&, const Value& s, const List& v) { return v[0].null() ? s : histogram_by(s, v[0], 1); }
Value histogram_undo(const Agg&, const Value& s, const List& v) { return v[0].null() ? s : histogram_by(s, v[0], -1); }
Value histogram_merge(const Agg&, const Value& x, const Value& y) {
  Value all = x;
  for (std::size_t i = 0; i + 1 < y.list().size(); i += 2) all = histogram_by(all, y.list()[i], y.list()[i + 1].whole());
  return all;
}

// ATTR: (value, how often, value, how often, ...), null a value like others; the one that there is, if there is but one.
Value attr_by(const Value& s, const Value& v, std::int64_t by) {
  List l = moved(s);
  for (std::size_t i = 0; i + 1 < l.size(); i += 2) {
    if (!(l[i] == v)) continue;
    l[i + 1] = Value(std::max<std::int64_t>(l[i + 1].whole() + by, 0));
    return Value(std::move(l));
  }
  if (by <= 0) return s;
  l.push_back(v);
  l.push_back(Value(by));
  return Value(std::move(l));
}
Value attr_add(const Agg&, const Value& s, const List& v) { return attr_by(s, v[0], 1); }
Value attr_undo(const Agg&, const Value& s, const List& v) { return attr_by(s, v[0], -1); }
Value attr_merge(const Agg&, const Value& x, const Value& y) {
  Value all = x;
  for (std::size_t i = 0; i + 1 < y.list().size(); i += 2) all = attr_by(all, y.list()[i], y.list()[i + 1].whole());
  return all;
}
Value attr_result(const Agg&, const Value& s) {
  const List& l = s.list();
  Value one;
  int many = 0;
  for (std::size_t i = 0; i + 1 < l.size(); i += 2)
    if (l[i + 1].whole() > 0 && ++many == 1) one = l[i];
  return many == 1 ? one : Value();
}

// LATEST, EARLIEST: a list of those kept; without n the one that is.
std::size_t room(const Agg& a) { return a.limit == 0 ? 1 : static_cast<std::size_t>(a.limit); }
Value latest_add(const Agg& a, const Value& s, const List& v) {
  if (v[0].null() && a.ignore_nulls) return s;
  List l = moved(s);
  l.push_back(v[0]);
  if (l.size() > room(a)) l.erase(l.begin());
  return Value(std::move(l));
}
Value earliest_add(const Agg& a, const Value& s, const List& v) {
  if ((v[0].null() && a.ignore_nulls) || s.list().size() >= room(a)) return s;
  return collected(s, v[0], false);
}
Value latest_merge(const Agg& a, const Value& x, const Value& y) {
  List l = both_lists(x, y);
  if (l.size() > room(a)) l.erase(l.begin(), l.end() - static_cast<std::ptrdiff_t>(room(a)));
  return Value(std::move(l));
}
Value earliest_merge(const Agg& a, const Value& x, const Value& y) {
  List l = both_lists(x, y);
  if (l.size() > room(a)) l.resize(room(a));
  return Value(std::move(l));
}
Value offset_result(const Agg& a, const Value& s) {
  if (a.limit > 0) return s;
  return s.list().empty() ? Value() : s.list()[0];
}

// CORRELATION: (count, sums of x, y, x*x, y*y, x*y).
Value correlation_start(const Agg&) {
  return Value(List{Value(std::int64_t{0}), Value(0.0), Value(0.0), Value(0.0), Value(0.0), Value(0.0)});
}
Value correlation_by(const Value& s, const List& v, int by) {
  if (v[0].null() || v[1].null()) return s;
  const double x = as_real(v[0]);
  const double y = as_real(v[1]);
  const double parts[] = {x, y, x * x, y * y, x * y};
  List l = moved(s);
  l[0] = Value(l[0].whole() + by);
  for (std::size_t i = 0; i < 5; ++i) l[i + 1] = Value(l[i + 1].real() + by * parts[i]);
  return Value(std::move(l));
}
Value correlation_add(const Agg&, const Value& s, const List& v) { return correlation_by(s, v, 1); }
Value correlation_undo(const Agg&, const Value& s, const List& v) { return correlation_by(s, v, -1); }
Value correlation_result(const Agg&, const Value& s) {
  const List& l = s.list();
  const double n = static_cast<double>(l[0].whole());
  const auto at = [&l](std::size_t i) { return l[i].real(); };
  const double top = n * at(5) - at(1) * at(2);
  const double below = root(n * at(3) - at(1) * at(1)) * root(n * at(4) - at(2) * at(2));
  return Value(top / below);
}

constexpr std::array<Agg::Kind, 18> kKinds = {{
    {"COUNT", zero_start, count_add, count_undo, count_merge, nullptr},
    {"SUM", sum_start, sum_add, sum_undo, sum_merge, nullptr},
    {"SUM_LIST", sum_start, sum_list_add, sum_list_undo, sum_merge, nullptr},
    {"AVG", avg_start, avg_add, avg_undo, avg_merge, avg_result},
    {"MIN", null_start, min_add, nullptr, min_merge, nullptr},
    {"MAX", null_start, max_add, nullptr, max_merge, nullptr},
    {"STDDEV_SAMPLE", spread_start, spread_add, spread_undo, spread_merge, deviation_result},
    {"STDDEV_SAMP", spread_start, spread_add, spread_undo, spread_merge, variance_result},
    {"TOPK", list_start, topk_add, nullptr, topk_merge, nullptr},
    {"TOPKDISTINCT", list_start, topkd_add, nullptr, topkd_merge, nullptr},
    {"COLLECT_LIST", list_start, list_add, list_undo, list_merge, nullptr},
    {"COLLECT_SET", list_start, set_add, nullptr, set_merge, nullptr},
    {"COUNT_DISTINCT", list_start, distinct_add, nullptr, set_merge, size_result},
    {"HISTOGRAM", list_start, histogram_add, histogram_undo, histogram_merge, nullptr},
    {"LATEST_BY_OFFSET", list_start, latest_add, nullptr, latest_merge, offset_result},
    {"EARLIEST_BY_OFFSET", list_start, earliest_add, nullptr, earliest_merge, offset_result},
    {"ATTR", list_start, attr_add, attr_undo, attr_merge, attr_result},
    {"CORRELATION", correlation_start, correlation_add, correlation_undo, avg_merge, correlation_result},
}};

const Agg::Kind* kind_named(std::string_view name) {
  for (const Agg::Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

std::string numbers_only(std::string_view name, const Type& type) {
  return is_number(type) ? "" : std::string(name) + " takes numbers, not " + type_text(type) + ".";
}

// The constants behind the value: n, then whether to ignore nulls.
std::string offset_arguments(const std::vector<Type>& types, const List& constants, Aggregate& a) {
  for (std::size_t i = 1; i < types.size(); ++i) {
    if (types[i].base == Base::boolean && !constants[i].null()) {
      a.ignore_nulls = constants[i].truth();
    } else if (is_whole(types[i]) && constants[i].whole() >= 1 && i == 1) {
      a.limit = constants[i].whole();
    } else {
      return "After the column may come how many (1 or more) and whether to ignore nulls (TRUE or FALSE).";
    }
  }
  a.result = a.limit > 0 ? array_of(a.input) : a.input;
  return "";
}

std::string top_arguments(std::string_view name, const std::vector<Type>& types, const List& constants, Aggregate& a,
                          std::size_t& variable) {
  variable = types.size() - 1;
  if (types.size() < 2 || !is_whole(types.back()) || constants.back().whole() < 1)
    return std::string(name) + " takes a column and how many, as " + std::string(name) + "(x, 3).";
  a.limit = constants.back().whole();
  if (is_nested(types[0]) || types[0].base == Base::boolean)
    return std::string(name) + " does not order " + type_text(types[0]) + ".";
  if (variable > 1) {
    a.input = simple(Base::structure);
    a.input.names = {"sort_col"};
    for (std::size_t i = 1; i < variable; ++i) a.input.names.push_back("col" + std::to_string(i - 1));
    a.input.of.assign(types.begin(), types.begin() + static_cast<std::ptrdiff_t>(variable));
  }
  a.result = array_of(a.input);
  return "";
}

}  // namespace

bool is_aggregate(std::string_view name) { return kind_named(name) != nullptr; }

std::vector<std::string> aggregate_names() {
  std::vector<std::string> all;
  for (const Agg::Kind& kind : kKinds) all.emplace_back(kind.name);
  return all;
}

std::string choose_aggregate(std::string_view name, const std::vector<Type>& types, const List& constants, Aggregate& a,
                             std::size_t& variable) {
  a.kind = kind_named(name);
  variable = std::min<std::size_t>(types.size(), name == "CORRELATION" ? 2 : 1);
  a.input = types.empty() ? Type() : types[0];
  if (name == "COUNT") {
    a.result = simple(Base::bigint);
    return types.size() <= 1 ? "" : "COUNT takes one column or *.";
  }
  if (types.empty()) return std::string(name) + " takes a column.";
  if (name == "TOPK" || name == "TOPKDISTINCT") return top_arguments(name, types, constants, a, variable);
  if (name == "LATEST_BY_OFFSET" || name == "EARLIEST_BY_OFFSET") return offset_arguments(types, constants, a);
  if (types.size() != variable || (name == "CORRELATION" && variable != 2))
    return std::string(name) + " takes " + (name == "CORRELATION" ? "two columns." : "one column.");
  if (name == "COLLECT_LIST" || name == "COLLECT_SET") {
    a.result = array_of(a.input);
  } else if (name == "COUNT_DISTINCT") {
    a.result = simple(Base::bigint);
  } else if (name == "HISTOGRAM") {
    a.result = map_of(simple(Base::text), simple(Base::bigint));
    if (a.input.base != Base::text) return "HISTOGRAM takes VARCHAR, not " + type_text(a.input) + "; CAST it.";
  } else if (name == "ATTR") {
    a.result = a.input;
  } else if (name == "MIN" || name == "MAX") {
    a.result = a.input;
    if (is_nested(a.input) || a.input.base == Base::boolean)
      return std::string(name) + " does not order " + type_text(a.input) + ".";
  } else if (name == "SUM_LIST") {
    const bool numbers = a.input.base == Base::array && is_number(a.input.of[0]);
    a.result = numbers ? a.input.of[0] : Type();
    return numbers ? "" : "SUM_LIST takes an ARRAY of numbers, not " + type_text(a.input) + ".";
  } else if (name == "SUM") {
    a.result = a.input;
    return numbers_only(name, a.input);
  } else {
    a.result = simple(Base::real);
    for (std::size_t i = 0; i < variable; ++i) {
      const std::string wrong = numbers_only(name, types[i]);
      if (!wrong.empty()) return wrong;
    }
  }
  return "";
}

}  // namespace nutshell::streams

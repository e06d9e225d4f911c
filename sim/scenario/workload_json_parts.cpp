#include "sim/scenario/workload_json_parts.h"

#include <algorithm>

#include "sim/core/text.h"

namespace nutshell::queues {
namespace {

FilterNode leaf(const std::string& attribute, Condition::Is is, std::vector<std::string> values, std::int64_t number = 0) {
  FilterNode node;
  node.condition = {attribute, is, std::move(values), number};
  return node;
}

FilterNode joined(FilterNode::Join join, std::vector<FilterNode> parts) {
  FilterNode node;
  node.join = join;
  node.parts = std::move(parts);
  return node;
}

// ["=", 5], [">", 0, "<=", 150]
FilterNode read_numeric(JsonSource& reading, const std::string& name, const Json& value, const std::string& path) {
  FilterNode all = joined(FilterNode::Join::all, {});
  if (!value.is_array() || value.empty() || value.size() % 2 != 0) {
    reading.report(path, "must be a list such as [\">=\", 100] or [\">\", 0, \"<\", 150]");
    return all;
  }
  for (std::size_t i = 0; i < value.size(); i += 2) {
    std::string sign;
    std::int64_t number = 0;
    constexpr std::int64_t kMost = 1'000'000'000'000;
    if (!read_text(reading, value[i], element_path(path, i), sign)) continue;
    if (!read_integer(reading, value[i + 1], element_path(path, i + 1), number, {-kMost, kMost})) continue;
    if (sign == "=" || sign == ">=" || sign == ">") all.parts.push_back(leaf(name, Condition::Is::at_least, {}, number + (sign == ">")));
    if (sign == "=" || sign == "<=" || sign == "<") all.parts.push_back(leaf(name, Condition::Is::at_most, {}, number - (sign == "<")));
    if (sign != "=" && sign != ">=" && sign != ">" && sign != "<=" && sign != "<")
      reading.report_unknown(element_path(path, i), "comparison", sign, {"=", "<", "<=", ">", ">="});
  }
  return all;
}

// One of the values of a name in a policy.
FilterNode read_policy_value(JsonSource& reading, const std::string& name, const Json& value, const std::string& path) {
  if (!value.is_object()) return leaf(name, Condition::Is::any_of, read_texts(reading, value, path));
  ObjectReader object(reading, value, path);
  FilterNode node = leaf(name, Condition::Is::exists, {});
  std::string prefix;
  bool exists = true;
  if (object.text("prefix", prefix)) node = leaf(name, Condition::Is::prefix, {prefix});
  if (const Json* but = object.find("anything-but"))
    node =
        joined(FilterNode::Join::all, {node, leaf(name, Condition::Is::none_of, read_texts(reading, *but, object.path("anything-but")))});
  if (const Json* numeric = object.find("numeric")) node = read_numeric(reading, name, *numeric, object.path("numeric"));
  if (object.boolean("exists", exists) && !exists) node = joined(FilterNode::Join::none, {node});
  object.finish();
  if (value.size() != 1) reading.report(path, "must have exactly one of \"prefix\", \"anything-but\", \"numeric\" and \"exists\"");
  return node;
}

// [0, 2], or one alone.
bool read_nodes(JsonSource& reading, const Json& value, const std::string& path, std::int64_t& out) {
  const std::vector<Json> all = value.is_array() ? value.get<std::vector<Json>>() : std::vector<Json>{value};
  if (all.empty()) reading.report(path, "is empty: give the numbers of nodes, [0, 2]");
  bool fine = !all.empty();
  out = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::int64_t node = 0;
    fine = read_integer(reading, all[i], value.is_array() ? element_path(path, i) : path, node, {0, 8}) && fine;
    out |= std::int64_t{1} << node;
  }
  return fine;
}

}  // namespace

bool read_setting(JsonSource& reading, const ProductKey& key, const Json& value, const std::string& path, std::int64_t& out) {
  if (key.unit == Unit::truth) {
    bool truth = false;
    if (!read_bool(reading, value, path, truth)) return false;
    out = truth;
    return true;
  }
  if (key.unit == Unit::there) {
    out = !value.is_boolean() || value.get<bool>();
    std::string named;
    return value.is_boolean() || read_text(reading, value, path, named);
  }
  if (key.unit == Unit::nodes) return read_nodes(reading, value, path, out);
  std::string text;
  if (key.unit == Unit::word) {
    if (!read_text(reading, value, path, text)) return false;
    const auto found = std::find(key.words.begin(), key.words.end(), text);
    if (found == key.words.end()) reading.report_unknown(path, "value", text, key.words);
    out = found - key.words.begin();
    return found != key.words.end();
  }
  if (!value.is_string() || key.unit == Unit::number) return read_integer(reading, value, path, out, key.bounds);
  const Duration unit = key.unit == Unit::milliseconds ? kMillisecond
                        : key.unit == Unit::seconds    ? kSecond
                        : key.unit == Unit::hours      ? kHour
                                                       : 24 * kHour;
  Duration duration = 0;
  if (!read_duration(reading, value, path, duration)) return false;
  if (duration % unit != 0) {
    reading.report(path, "must be a whole number of " + format_duration(unit));
    return false;
  }
  out = duration / unit;
  if (out >= key.bounds.low && out <= key.bounds.high) return true;
  reading.report(path, "must be from " + format_duration(key.bounds.low * unit) + " to " + format_duration(key.bounds.high * unit));
  return false;
}

std::vector<std::string> read_texts(JsonSource& reading, const Json& value, const std::string& path) {
  std::vector<std::string> all;
  const auto one = [&](const Json& each, const std::string& where) {
    std::string text;
    std::int64_t number = 0;
    if (each.is_number()) {
      if (read_integer(reading, each, where, number)) all.push_back(std::to_string(number));
    } else if (read_text(reading, each, where, text)) {
      all.push_back(text);
    }
  };
  if (!value.is_array()) one(value, path);
  else for (std::size_t i = 0; i < value.size(); ++i) one(value[i], element_path(path, i));
  if (value.is_array() && value.empty()) reading.report(path, "is empty");
  return all;
}

FilterNode read_filter_text(JsonSource& reading, const Json& value, const std::string& path) {
  FilterNode filter;
  std::string text;
  if (!read_text(reading, value, path, text)) return filter;
  const std::string wrong = parse_filter(text, filter);
  if (!wrong.empty()) reading.report(path, "is no filter: " + wrong);
  return filter;
}

FilterNode read_filter_policy(JsonSource& reading, const Json& value, const std::string& path) {
  FilterNode all;
  all.join = FilterNode::Join::all;
  if (!value.is_object()) {
    reading.report(path, "must be a policy, such as {\"type\": [\"paid\"]}");
    return all;
  }
  std::size_t combinations = 1;
  for (const auto& [name, values] : value.items()) {
    const std::string where = member_path(path, name);
    if (!values.is_array() || values.empty()) {
      reading.report(where, "must be a list of values, such as [\"paid\"]");
      continue;
    }
    FilterNode any;
    any.join = FilterNode::Join::any;
    for (std::size_t i = 0; i < values.size(); ++i)
      any.parts.push_back(read_policy_value(reading, name, values[i], element_path(where, i)));
    combinations = std::min<std::size_t>(combinations * values.size(), 1000);
    all.parts.push_back(std::move(any));
  }
  if (all.parts.size() > 5) reading.report(path, "has more than 5 names, which SNS does not take");
  if (combinations > 150) reading.report(path, "has more than 150 combinations of values, which SNS does not take");
  return all;
}

void read_config(JsonSource& reading, const Json& value, const std::string& path, Row& row) {
  if (!value.is_object()) return (void)ObjectReader(reading, value, path);
  for (const auto& [name, each] : value.items()) {
    const std::string where = member_path(path, name);
    const ProductKey* key = find_key(row.product, name);
    if (const std::string_view elsewhere = key ? "" : said_elsewhere(row.product, name); !elsewhere.empty()) {
      reading.report_key(where, std::string(elsewhere));
      continue;
    }
    if (!key) {
      reading.report_unknown_key(where, "key of " + std::string(product(row.product).name), name, key_names(row.product));
      continue;
    }
    std::int64_t set = 0;
    if (read_setting(reading, *key, each, where, set)) row.settings.set(*key, set);
  }
  std::string name;
  const std::string wrong = contradiction(row.product, row.settings, name);
  if (wrong.empty()) return;
  if (value.contains(name)) reading.report(member_path(path, name), wrong);
  else reading.report(path, name + " " + wrong);
}

}  // namespace nutshell::queues

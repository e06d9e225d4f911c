#include "sim/scenario/workload_json_parts.h"

#include <algorithm>

#include "sim/core/text.h"

namespace nutshell::queues {
namespace {

bool read_value(JsonSource& reading, const ProductKey& key, const Json& value, const std::string& path, std::int64_t& out) {
  if (key.unit == Unit::truth) {
    bool truth = false;
    if (!read_bool(reading, value, path, truth)) return false;
    out = truth;
    return true;
  }
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
  reading.report(path, "must be from " + std::to_string(key.bounds.low) + " to " + std::to_string(key.bounds.high) + " times " +
                            format_duration(unit));
  return false;
}

}  // namespace

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

Binding read_binding(JsonSource& reading, const Json& value, const std::string& path) {
  Binding it;
  if (!value.is_object()) {
    read_text(reading, value, path, it.key);
    return it;
  }
  for (const auto& [name, each] : value.items()) {
    const std::string where = member_path(path, name);
    std::string text;
    if (name == "x-match") {
      const std::vector<std::string_view> known = {"all", "any", "all-with-x", "any-with-x"};
      if (!read_text(reading, each, where, text)) continue;
      if (std::find(known.begin(), known.end(), text) == known.end()) reading.report_unknown(where, "value", text, known);
      it.any = text.rfind("any", 0) == 0;
      it.with_x = text.size() > 3;
    } else if (each.is_null()) {
      it.headers.emplace_back(name, std::nullopt);
    } else {
      const std::vector<std::string> values = read_texts(reading, each, where);
      if (!values.empty()) it.headers.emplace_back(name, values.front());
    }
  }
  return it;
}

void read_config(JsonSource& reading, const Json& value, const std::string& path, Row& row) {
  if (!value.is_object()) return (void)ObjectReader(reading, value, path);
  for (const auto& [name, each] : value.items()) {
    const std::string where = member_path(path, name);
    const ProductKey* key = find_key(row.product, name);
    if (!key) {
      reading.report_unknown_key(where, "key of " + std::string(product(row.product).name), name, key_names(row.product));
      continue;
    }
    std::int64_t set = 0;
    if (read_value(reading, *key, each, where, set)) row.settings.set(*key, set);
  }
}

}  // namespace nutshell::queues

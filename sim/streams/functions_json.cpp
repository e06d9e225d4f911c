#include <algorithm>

#include "sim/streams/format.h"
#include "sim/streams/function.h"
#include "sim/streams/json.h"

namespace nutshell::streams {
namespace {

Value text_of_json(const Json& json) {
  if (json.kind == JsonKind::null) return {};
  return Value(json.kind == JsonKind::text ? json.text : json_text(json));
}

// "$.a.b[0]", "$['a']": the part of a JSON text.
Value extract(Call& c) {
  const std::optional<Json> json = parse_json_prefix(c[0].text());
  if (!json) return c.fail("the text is no JSON");
  const std::string& path = c[1].text();
  const Json* at = &*json;
  if (path.empty() || path[0] != '$') return c.fail("a path begins with $");
  for (std::size_t i = 1; i < path.size() && at;) {
    std::string word;
    const bool bracket = path[i] == '[';
    ++i;
    while (i < path.size() && (bracket ? path[i] != ']' : path[i] != '.' && path[i] != '[')) word += path[i++];
    if (bracket) ++i;
    if (bracket && word.size() >= 2 && (word[0] == '\'' || word[0] == '"')) {
      at = at->find(word.substr(1, word.size() - 2));
    } else if (bracket) {
      const auto n = parse_whole(word);
      const bool there = n && at->kind == JsonKind::list && *n >= 0 && *n < static_cast<std::int64_t>(at->items.size());
      at = there ? &at->items[static_cast<std::size_t>(*n)] : nullptr;
    } else {
      at = at->find(word);
    }
  }
  return at ? text_of_json(*at) : Value();
}

Value is_json(Call& c) { return Value(!c[0].null() && parse_json(c[0].text()).has_value()); }

Value array_length_of_json(Call& c) {
  const std::optional<Json> json = parse_json(c[0].text());
  if (!json) return c.fail("the text is no JSON");
  return json->kind == JsonKind::list ? Value(static_cast<std::int64_t>(json->items.size())) : Value();
}

Value keys_of_json(Call& c) {
  const std::optional<Json> json = parse_json(c[0].text());
  if (!json || json->kind != JsonKind::object) return {};
  List list;
  for (const std::string& name : json->names) list.push_back(Value(name));
  return Value(std::move(list));
}

Value items_of_json(Call& c) {
  const std::optional<Json> json = parse_json(c[0].text());
  if (!json) return c.fail("the text is no JSON");
  if (json->kind != JsonKind::list) return {};
  List list;
  for (const Json& item : json->items) list.push_back(Value(json_text(item)));
  return Value(std::move(list));
}

Value records_of_json(Call& c) {
  const std::optional<Json> json = parse_json(c[0].text());
  if (!json || json->kind != JsonKind::object) return {};
  List pairs;
  for (std::size_t i = 0; i < json->items.size(); ++i) {
    pairs.push_back(Value(json->names[i]));
    pairs.push_back(text_of_json(json->items[i]));
  }
  return sorted_map(std::move(pairs));
}

Value to_json(Call& c) {
  std::string text;
  const Base base = c.type(0).base;
  // Times stand as one reads them.
  if (!c[0].null() && (base == Base::date || base == Base::time || base == Base::timestamp)) {
    bool failed = false;
    return Value("\"" + cast_value(c[0], c.type(0), simple(Base::text), failed).text() + "\"");
  }
  write_json_value(text, c[0], c.type(0));
  return Value(std::move(text));
}

Value json_contains(Call& c) {
  if (c[0].null()) return Value(false);
  const std::optional<Json> json = parse_json(c[0].text());
  if (!json || json->kind != JsonKind::list) return Value(false);
  std::string wanted;
  write_json_value(wanted, c[1], c.type(1));
  for (const Json& item : json->items) {
    if (json_text(item) == wanted) return Value(true);
  }
  return Value(false);
}

// Objects become one, of equal names the last; of lists and all else comes one list.
Value concat_json(Call& c) {
  Json all;
  bool objects = true;
  std::vector<Json> read;
  for (const Value& each : c.args) {
    if (each.null()) return {};
    std::optional<Json> json = parse_json(each.text());
    if (!json) return {};
    objects = objects && json->kind == JsonKind::object;
    read.push_back(std::move(*json));
  }
  all.kind = objects ? JsonKind::object : JsonKind::list;
  for (Json& each : read) {
    if (objects) {
      for (std::size_t i = 0; i < each.items.size(); ++i) {
        const auto same = std::find(all.names.begin(), all.names.end(), each.names[i]);
        if (same != all.names.end()) all.items[static_cast<std::size_t>(same - all.names.begin())] = each.items[i];
        else all.names.push_back(each.names[i]), all.items.push_back(each.items[i]);
      }
    } else if (each.kind == JsonKind::list) {
      all.items.insert(all.items.end(), each.items.begin(), each.items.end());
    } else {
      all.items.push_back(std::move(each));
    }
  }
  return Value(json_text(all));
}

}  // namespace

const std::vector<Function>& json_functions() {
  static const std::vector<Function> kTable = {
      {"EXTRACTJSONFIELD", "VARCHAR", "VARCHAR, VARCHAR", extract},
      {"IS_JSON_STRING", "BOOLEAN", "VARCHAR", is_json, true},
      {"JSON_ARRAY_LENGTH", "INT", "VARCHAR", array_length_of_json},
      {"JSON_KEYS", "ARRAY<VARCHAR>", "VARCHAR", keys_of_json},
      {"JSON_ITEMS", "ARRAY<VARCHAR>", "VARCHAR", items_of_json},
      {"JSON_RECORDS", "MAP<VARCHAR, VARCHAR>", "VARCHAR", records_of_json},
      {"JSON_ARRAY_CONTAINS", "BOOLEAN", "VARCHAR, A", json_contains, true},
      {"JSON_CONCAT", "VARCHAR", "VARCHAR...", concat_json, true},
      {"TO_JSON_STRING", "VARCHAR", "A", to_json, true},
  };
  return kTable;
}

}  // namespace nutshell::streams

#include "sim/scenario/expect_json.h"

#include <algorithm>

#include "sim/check/judge.h"
#include "sim/cluster/describe.h"
#include "sim/core/text.h"
#include "sim/scenario/evaluate.h"
#include "sim/scenario/value_path.h"

namespace nutshell {
namespace {

constexpr Bounds kCount{0, 1'000'000'000};

std::vector<std::string_view> field_names(const FactShape& shape) {
  std::vector<std::string_view> names;
  for (const FieldShape& field : shape.fields) names.push_back(field.name);
  return names;
}

// where

// What may stand for the field, by name; empty: any text.
std::vector<std::string_view> known_names(const FieldShape& field, const Vocabulary& known) {
  if (field.kind == FieldKind::choice) return field.choices;
  std::vector<std::string_view> names;
  if (field.kind == FieldKind::node) names = views(known.nodes);
  if (field.kind == FieldKind::group) names = views(known.groups);
  if (field.kind == FieldKind::topic) {
    names = views(known.topics);
    names.push_back(kOffsetsTopic);
  }
  if (!names.empty()) names.push_back("none");
  return names;
}

bool read_name(JsonSource& reading, const Json& value, const std::string& path, const FieldShape& field,
               const Vocabulary& known, std::string& out) {
  std::string name;
  if (!read_text(reading, value, path, name)) return false;
  const std::vector<std::string_view> names = known_names(field, known);
  if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
    const bool names_value = field.kind == FieldKind::choice;
    reading.report_unknown(path, names_value ? "value" : field.name, name, names);
    return false;
  }
  out = name;
  return true;
}

// A title that stands for a node. True: it is one, and if it is wrong that is reported.
bool read_title(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known, std::string& out) {
  const std::optional<Title> title = value.is_string() ? parse_title(value.get_ref<const std::string&>()) : std::nullopt;
  if (!title) return false;
  const std::string wrong = title->kind == Title::Kind::follower ? "is told of in no fact; name the broker, or the leader"
                                                                 : wrong_title(*title, known);
  if (!wrong.empty()) reading.report(path, wrong);
  out = value.get<std::string>();
  return true;
}

bool read_broker(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known,
                 std::string& out) {
  std::int64_t id = 0;
  if (value.is_string()) {
    reading.report(path, "must be a broker's id, such as 1, -1 for none, or a title such as \"leader of orders-0\"");
    return false;
  }
  if (!read_integer(reading, value, path, id)) return false;
  if (id != kNoBroker && std::find(known.brokers.begin(), known.brokers.end(), id) == known.brokers.end()) {
    reading.report(path, "there is no broker " + std::to_string(id));
    return false;
  }
  out = std::to_string(id);
  return true;
}

// The value that a field has to have, as field_text() prints it.
bool read_field_value(JsonSource& reading, const Json& value, const std::string& path, const FieldShape& field,
                      const Vocabulary& known, std::string& out) {
  std::int64_t number = 0;
  bool truth = false;
  const bool of_node = field.kind == FieldKind::node || field.kind == FieldKind::broker;
  if (of_node && read_title(reading, value, path, known, out)) return true;
  switch (field.kind) {
    case FieldKind::broker:
      return read_broker(reading, value, path, known, out);
    case FieldKind::boolean:
      if (!read_bool(reading, value, path, truth)) return false;
      out = truth ? "true" : "false";
      return true;
    case FieldKind::integer:
      if (!read_integer(reading, value, path, number)) return false;
      out = std::to_string(number);
      return true;
    case FieldKind::duration:
      if (!read_duration(reading, value, path, number)) return false;
      out = format_duration(number);
      return true;
    default:
      return read_name(reading, value, path, field, known, out);
  }
}

void read_where(JsonSource& reading, const Json& value, const std::string& path, const FactShape& shape,
                const Vocabulary& known, std::vector<FieldTest>& tests) {
  ObjectReader where(reading, value, path);
  for (const FieldShape& field : shape.fields) {
    const Json* wanted = where.find(field.name);
    FieldTest test{std::string(field.name), ""};
    if (wanted && read_field_value(reading, *wanted, where.path(field.name), field, known, test.value)) {
      tests.push_back(test);
    }
  }
  if (!where.is_object()) return;
  for (const auto& [key, each] : value.items()) {
    if (find_field_shape(shape, key)) continue;
    reading.report_unknown_key(where.path(key), "field of " + std::string(shape.name), key, field_names(shape));
  }
}

// moments and tests

// {"happens": ..., "where": ..., "nth": ...}
std::optional<FactPattern> read_event(JsonSource& reading, const Json& value, const std::string& path,
                                      const Vocabulary& known) {
  ObjectReader event(reading, value, path);
  event.need("happens");
  std::optional<FactPattern> pattern = read_pattern(event, "happens", known, true);
  event.finish();
  return pattern;
}

// "end", "30s" or a fact.
Moment read_moment(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known) {
  Moment moment;
  if (value.is_object()) {
    moment.fact = read_event(reading, value, path, known);
  } else if (!value.is_string() || value.get_ref<const std::string&>() != "end") {
    Time time = 0;
    if (!value.is_string() || !parse_duration(value.get_ref<const std::string&>())) {
      reading.report(path, "must be a time such as \"30s\", \"end\", or an object with \"happens\"");
    } else if (read_duration(reading, value, path, time, kSomeTime)) {
      moment.time = time;
    }
  }
  return moment;
}

void read_count(ObjectReader& object, std::string_view key, std::optional<std::int64_t>& out, Bounds bounds = kCount) {
  std::int64_t value = 0;
  if (object.integer(key, value, bounds)) out = value;
}

PromiseTest read_promise_test(ObjectReader& object, std::string_view key, const Vocabulary& known) {
  PromiseTest test;
  if (const Json* where = object.find("where"))
    read_where(object.reading(), *where, object.path("where"), breach_shape(), known, test.where);
  test.breaks = key == "breaks";
  if (object.text(key, test.promise) && find_promise(test.promise) < 0) {
    std::vector<std::string_view> names;
    for (const Promise& each : promises()) names.push_back(each.name);
    object.reading().report_unknown(object.path(key), "promise", test.promise, names);
  }
  return test;
}

void read_stretch(ObjectReader& object, const Vocabulary& known, FactTest& test) {
  JsonSource& reading = object.reading();
  const Json* of = object.find("of");
  if (of) test.of = read_event(reading, *of, object.path("of"), known);
  object.duration("after", test.after, kSomeTime);
  object.duration("before", test.before, kSomeTime);
  if (object.duration("within", test.before, kSomeTime)) {
    if (!of) reading.report(object.path("within"), "needs \"of\", the fact from which it counts");
    if (object.find("before")) reading.report(object.path("before"), "says the same as \"within\"");
  }
  if (test.before < test.after) reading.report(object.path("before"), "is sooner than \"after\"");
}

// The field of {"sum": "count", "over": "records_acked"}.
void read_sum(ObjectReader& object, const std::optional<FactPattern>& pattern, FactTest& test) {
  if (!object.text("sum", test.sum) || !pattern) return;
  const FactShape& shape = *find_fact_shape(pattern->fact);
  std::vector<std::string_view> numbers;
  for (const FieldShape& field : shape.fields)
    if (field.kind == FieldKind::integer && field.name != "partition") numbers.push_back(field.name);
  if (std::find(numbers.begin(), numbers.end(), test.sum) == numbers.end())
    object.reading().report_unknown(object.path("sum"), "number of " + std::string(shape.name), test.sum, numbers);
}

std::optional<Test> read_sum_test(ObjectReader& object, const Vocabulary& known) {
  FactTest test;
  object.need("over");
  const std::optional<FactPattern> pattern = read_pattern(object, "over", known, false);
  read_sum(object, pattern, test);
  read_stretch(object, known, test);
  read_count(object, "equals", test.times, {});
  read_count(object, "at_least", test.at_least, {});
  read_count(object, "at_most", test.at_most, {});
  if (!object.find("equals") && !object.find("at_least") && !object.find("at_most"))
    object.reading().report(object.path(), "needs \"equals\", \"at_least\" or \"at_most\"");
  if (test.times && (test.at_least || test.at_most))
    object.reading().report(object.path("equals"), "leaves nothing for \"at_least\" and \"at_most\" to say");
  if (!pattern) return std::nullopt;
  test.fact = *pattern;
  return test;
}

std::optional<Test> read_fact_test(ObjectReader& object, std::string_view key, const Vocabulary& known) {
  FactTest test;
  const std::optional<FactPattern> pattern = read_pattern(object, key, known, false);
  read_stretch(object, known, test);
  if (key == "never") {
    test.times = 0;
  } else {
    read_count(object, "times", test.times, {1, kCount.high});
    read_count(object, "at_least", test.at_least);
    read_count(object, "at_most", test.at_most);
  }
  if (test.times && (test.at_least || test.at_most)) {
    object.reading().report(object.path("times"), "leaves nothing for \"at_least\" and \"at_most\" to say");
  }
  if (!pattern) return std::nullopt;
  test.fact = *pattern;
  return test;
}

std::optional<Test> read_value_test(ObjectReader& object, const Vocabulary& known) {
  JsonSource& reading = object.reading();
  ValueTest test;
  if (object.text("value", test.path)) check_value_path(object, test.path, known);
  if (const Json* equals = object.find("equals")) {
    std::string text;
    if (equals->is_number_integer()) text = std::to_string(equals->get<std::int64_t>());
    if (equals->is_number_integer() || read_text(reading, *equals, object.path("equals"), text)) test.equals = text;
  }
  read_count(object, "at_least", test.at_least, {});
  read_count(object, "at_most", test.at_most, {});
  if (!object.find("equals") && !object.find("at_least") && !object.find("at_most")) {
    reading.report(object.path(), "needs \"equals\", \"at_least\" or \"at_most\"");
  }
  if (const Json* at = object.find("at")) test.at = read_moment(reading, *at, object.path("at"), known);
  return test;
}

// writing

nlohmann::ordered_json field_value(const FieldShape* field, const std::string& text) {
  const FieldKind kind = field ? field->kind : FieldKind::name;
  if (kind == FieldKind::boolean) return text == "true";
  if (kind == FieldKind::integer || (kind == FieldKind::broker && !parse_title(text))) return nlohmann::ordered_json::parse(text);
  return text;
}

void write_where(nlohmann::ordered_json& object, const FactShape& shape, const std::vector<FieldTest>& where) {
  for (const FieldTest& test : where) object["where"][test.field] = field_value(find_field_shape(shape, test.field), test.value);
}

nlohmann::ordered_json event_json(const FactPattern& pattern) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  write_pattern(object, "happens", pattern);
  return object;
}

void write_number(nlohmann::ordered_json& object, const char* key, const std::optional<std::int64_t>& value) {
  if (value) object[key] = *value;
}

void write(nlohmann::ordered_json& object, const PromiseTest& test) {
  object[test.breaks ? "breaks" : "holds"] = test.promise;
  write_where(object, breach_shape(), test.where);
}

void write(nlohmann::ordered_json& object, const FactTest& test) {
  const bool summed = !test.sum.empty(), never = test.times == 0 && !summed;
  if (summed) object["sum"] = test.sum;
  write_pattern(object, summed ? "over" : never ? "never" : "happens", test.fact);
  if (test.after != 0) object["after"] = format_duration(test.after);
  if (test.before != kNever) object[test.of && test.after == 0 ? "within" : "before"] = format_duration(test.before);
  if (test.of) object["of"] = event_json(*test.of);
  if (!never) write_number(object, summed ? "equals" : "times", test.times);
  write_number(object, "at_least", test.at_least);
  write_number(object, "at_most", test.at_most);
}

void write(nlohmann::ordered_json& object, const ValueTest& test) {
  object["value"] = test.path;
  if (test.equals) object["equals"] = *test.equals;
  write_number(object, "at_least", test.at_least);
  write_number(object, "at_most", test.at_most);
  if (test.at.time) object["at"] = format_duration(*test.at.time);
  if (test.at.fact) object["at"] = event_json(*test.at.fact);
}

}  // namespace

std::optional<FactPattern> read_pattern(ObjectReader& object, std::string_view key, const Vocabulary& known,
                                        bool counted) {
  FactPattern pattern;
  const Json* where = object.find("where");
  if (counted) object.integer("nth", pattern.nth, {1, kCount.high});
  if (!object.text(key, pattern.fact)) return std::nullopt;
  const FactShape* shape = find_fact_shape(pattern.fact);
  if (!shape) {
    object.reading().report_unknown(object.path(key), "fact", pattern.fact, fact_names());
    return std::nullopt;
  }
  if (where) read_where(object.reading(), *where, object.path("where"), *shape, known, pattern.where);
  return pattern;
}

std::optional<Test> read_test(ObjectReader& object, const Vocabulary& known) {
  std::string_view kind;
  for (std::string_view each : {"holds", "breaks", "happens", "never", "sum", "value"}) {
    if (!object.find(each)) continue;
    if (!kind.empty()) {
      object.reading().report(object.path(each), "cannot stand beside \"" + std::string(kind) + "\"");
    } else {
      kind = each;
    }
  }
  if (kind.empty()) {
    if (object.is_object()) {
      object.reading().report(object.path(),
                              "needs one of \"holds\", \"breaks\", \"happens\", \"never\", \"sum\" and \"value\"");
    }
    return std::nullopt;
  }
  if (kind == "holds" || kind == "breaks") return read_promise_test(object, kind, known);
  if (kind == "sum") return read_sum_test(object, known);
  return kind == "value" ? read_value_test(object, known) : read_fact_test(object, kind, known);
}

void write_pattern(nlohmann::ordered_json& object, const char* key, const FactPattern& pattern) {
  object[key] = pattern.fact;
  if (const FactShape* shape = find_fact_shape(pattern.fact)) write_where(object, *shape, pattern.where);
  if (pattern.nth != 1) object["nth"] = pattern.nth;
}

void write_test(nlohmann::ordered_json& object, const Test& test) {
  std::visit([&](const auto& each) { write(object, each); }, test);
}

}  // namespace nutshell

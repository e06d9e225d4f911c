#include "sim/scenario/schema_parts.h"

#include <limits>

#include "sim/check/promises.h"
#include "sim/cluster/describe.h"
#include "sim/scenario/action_json.h"
#include "sim/scenario/evaluate.h"
#include "sim/scenario/scenario.h"

namespace nutshell {
namespace {

using Ordered = nlohmann::ordered_json;

Ordered names_schema(const std::vector<std::string_view>& names) { return {{"enum", names}}; }

// One of the words, or several with commas between.
Ordered list_of_words_schema(const std::vector<std::string_view>& words) {
  std::string one;
  for (std::string_view each : words) one += (one.empty() ? "(" : "|") + std::string(each);
  one += ")";
  Ordered several = {{"type", "string"}, {"pattern", "^" + one + "( *, *" + one + ")*$"}};
  return {{"anyOf", Ordered::array({names_schema(words), std::move(several)})}};
}

Ordered value_schema(const ConfigKey& key) {
  if (key.type == ConfigType::boolean) return {{"type", "boolean"}};
  if (key.type == ConfigType::text) return {{"type", "string"}};
  Ordered number = {{"type", "integer"}};
  if (key.minimum != std::numeric_limits<std::int64_t>::min()) number["minimum"] = key.minimum;
  if (key.maximum != std::numeric_limits<std::int64_t>::max()) number["maximum"] = key.maximum;
  if (key.type == ConfigType::duration) return {{"anyOf", Ordered::array({number, reference("duration")})}};
  if (key.type == ConfigType::integer) return number;
  if (key.type == ConfigType::ratio) {
    const Ordered part = {{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
    return {{"anyOf", Ordered::array({part, {{"type", "string"}, {"pattern", "^[01](\\.[0-9]{1,6})?$"}}})}};
  }
  if (key.type == ConfigType::list) return list_of_words_schema(key.choices);
  if (key.name == "auto.offset.reset") {
    const Ordered by_duration = {{"type", "string"}, {"pattern", "^by_duration:P([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9.]+S)?)?$"}};
    return {{"anyOf", Ordered::array({names_schema({"latest", "earliest", "none"}), by_duration})}};
  }
  Ordered words = key.choices;
  for (std::size_t i = 0; i < key.choices.size(); ++i) {
    const std::string word(key.choices[i]);
    if (word.find_first_not_of("-0123456789") == std::string::npos) words.push_back(Ordered::parse(word));
  }
  return {{"enum", words}};
}

Ordered field_schema(const ActionField& field) {
  switch (field.kind) {
    case ActionFieldKind::boolean:
      return {{"type", "boolean"}};
    case ActionFieldKind::duration:
      return reference("duration");
    case ActionFieldKind::integer:
      return integer_schema("", field.bounds.low, field.bounds.high);
    case ActionFieldKind::node:
      return reference("node");
    default:
      return {{"type", "string"}};
  }
}

Ordered one_action_schema(const ActionShape& action) {
  Ordered properties = {{"at", duration_schema("When: before the events of this time.")},
                        {"when", reference("when")},
                        {"do", {{"const", action.name}, {"description", action.help}}}};
  std::vector<std::string> required = {"do"};
  for (const ActionField& field : action.fields) {
    properties[std::string(field.name)] = field_schema(field);
    if (field.required) required.push_back(std::string(field.name));
  }
  if (action.name == "set_config") properties["value"] = {{"type", Ordered::array({"string", "integer", "boolean"})}};
  Ordered schema = object_schema(std::move(properties), std::move(required));
  for (const char* each : {"at", "when"}) schema["oneOf"].push_back({{"required", Ordered::array({each})}});
  return schema;
}

std::string type_of(const FieldShape& field) {
  if (field.kind == FieldKind::boolean) return "boolean";
  return field.kind == FieldKind::integer || field.kind == FieldKind::broker ? "integer" : "string";
}

void add_type(Ordered& types, const std::string& type) {
  for (const Ordered& each : types) {
    if (each == type) return;
  }
  types.push_back(type);
}

const char* const kWhereHelp = "Fields that the fact has to have: nodes, topics, groups, errors and reasons by name.";

Ordered pattern_properties(const std::string& key, const std::string& help) {
  Ordered properties;
  properties[key] = {{"description", help}, {"enum", fact_names()}};
  properties["where"] = reference("where");
  return properties;
}

void add_stretch(Ordered& properties) {
  properties["after"] = duration_schema("Not sooner than this: from the start, or from the fact \"of\".");
  properties["before"] = duration_schema("Not later than this: from the start, or from the fact \"of\".");
  properties["within"] = duration_schema("As \"before\", counted from the fact \"of\".");
  properties["of"] = reference("event");
}

Ordered breach_where_schema() {
  Ordered properties;
  for (const FieldShape& field : breach_shape().fields)
    properties[std::string(field.name)] = {{"type", field.kind == FieldKind::integer ? "integer" : "string"}};
  Ordered schema = object_schema(std::move(properties), {});
  schema["description"] = "For whom: only this topic, partition, group or client.";
  return schema;
}

Ordered promise_test(const std::string& key, const std::string& help) {
  std::vector<std::string_view> names;
  for (const Promise& promise : promises()) names.push_back(promise.name);
  Ordered property = names_schema(names);
  property["description"] = help;
  Ordered properties;
  properties[key] = property;
  properties["where"] = breach_where_schema();
  return object_schema(properties, {key});
}

Ordered sum_test() {
  Ordered properties = {{"sum", text_schema("A number of the fact, such as count: it is summed up over all such facts.")}};
  properties["over"] = {{"description", "The facts."}, {"enum", fact_names()}};
  properties["where"] = reference("where");
  add_stretch(properties);
  for (const char* each : {"equals", "at_least", "at_most"}) properties[each] = {{"type", "integer"}};
  return object_schema(properties, {"sum", "over"});
}

Ordered happens_test() {
  constexpr std::int64_t kMost = 1'000'000'000;
  Ordered properties = pattern_properties("happens", "Such a fact happens, once at least.");
  add_stretch(properties);
  properties["times"] = integer_schema("Exactly so often.", 1, kMost);
  properties["at_least"] = integer_schema("So often or more.", 0, kMost);
  properties["at_most"] = integer_schema("So often or less.", 0, kMost);
  return object_schema(properties, {"happens"});
}

Ordered never_test() {
  Ordered properties = pattern_properties("never", "No such fact happens.");
  add_stretch(properties);
  return object_schema(properties, {"never"});
}

Ordered value_test() {
  std::string subjects;
  for (std::string_view subject : describe_subjects()) subjects += (subjects.empty() ? "" : "|") + std::string(subject);
  Ordered properties = {
      {"value",
       {{"type", "string"},
        {"pattern", "^(" + subjects + "|systems|ksql|wires)/"},
        {"description", "A value of Kafka's own tools: topics/orders/0/Isr, groups/g/orders/0/LAG, brokers/1/State; or a "
                         "figure of a workload: systems/SQS/billing/repeated; or of a query without a cluster: ksql/table/anna/0; "
                         "or of wires: wires/links."}}},
      {"equals", {{"type", Ordered::array({"string", "integer"})}, {"description", "As the tool prints it."}}},
      {"at_least", {{"type", "integer"}}},
      {"at_most", {{"type", "integer"}}},
      {"at",
       {{"description", "When to look: a time, \"end\" (the usual), or just after a fact."},
        {"anyOf", Ordered::array({reference("duration"), {{"const", "end"}}, reference("event")})}}}};
  return object_schema(properties, {"value"});
}

}  // namespace

Ordered text_schema(const std::string& description) {
  Ordered schema = {{"type", "string"}};
  if (!description.empty()) schema["description"] = description;
  return schema;
}

Ordered duration_schema(const std::string& description) {
  return {{"description", description}, {"allOf", Ordered::array({reference("duration")})}};
}

Ordered integer_schema(const std::string& description, std::int64_t low, std::int64_t high) {
  Ordered schema = {{"type", "integer"}};
  if (!description.empty()) schema["description"] = description;
  if (low != std::numeric_limits<std::int64_t>::min()) schema["minimum"] = low;
  if (high != std::numeric_limits<std::int64_t>::max()) schema["maximum"] = high;
  return schema;
}

Ordered list_schema(const std::string& description, Ordered items, std::size_t most) {
  Ordered schema = {{"type", "array"}};
  if (!description.empty()) schema["description"] = description;
  schema["maxItems"] = most;
  schema["items"] = std::move(items);
  return schema;
}

Ordered object_schema(Ordered properties, std::vector<std::string> required) {
  Ordered schema = {{"type", "object"}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = required;
  schema["properties"] = std::move(properties);
  return schema;
}

Ordered reference(const std::string& definition) { return {{"$ref", "#/definitions/" + definition}}; }

Ordered config_schema(ConfigScope scope) {
  Ordered properties = Ordered::object();
  for (const ConfigKey& key : config_keys()) {
    if (key.scope != scope) continue;
    Ordered schema = value_schema(key);
    const std::string note = key.note.empty() ? "" : " " + std::string(key.note);
    schema["description"] =
        std::string(key.doc) + note + " Kafka's default: " + key.default_text + ". Allowed: " + key.allowed + ".";
    properties[std::string(key.name)] = std::move(schema);
  }
  return object_schema(std::move(properties), {});
}

Ordered action_schema() {
  Ordered schema = {{"oneOf", Ordered::array()}};
  for (const ActionShape& action : action_shapes()) schema["oneOf"].push_back(one_action_schema(action));
  return schema;
}

Ordered where_schema() {
  Ordered properties = Ordered::object();
  for (const FactShape& fact : fact_shapes()) {
    for (const FieldShape& field : fact.fields) {
      Ordered& schema = properties[std::string(field.name)];
      if (schema.is_null()) schema = {{"type", Ordered::array()}, {"description", "Of:"}};
      add_type(schema["type"], type_of(field));
      if (field.kind == FieldKind::broker) add_type(schema["type"], "string");  // a title
      schema["description"] = schema["description"].get<std::string>() + " " + std::string(fact.name);
    }
  }
  Ordered schema = object_schema(std::move(properties), {});
  schema["description"] = kWhereHelp;
  return schema;
}

Ordered event_schema() {
  Ordered properties = pattern_properties("happens", "The fact that is meant.");
  properties["nth"] = integer_schema("Which of them, if there are several; 1 is the first.", 1, 1'000'000'000);
  return object_schema(properties, {"happens"});
}

Ordered when_schema() {
  Ordered properties = pattern_properties("fact", "The action waits for this fact instead of a time.");
  properties["nth"] = integer_schema("For which of them, from the start of the run; 1 is the first.", 1, 1'000'000'000);
  properties["after"] = duration_schema("So long after it; else at once, after all that happens at that moment.");
  return object_schema(properties, {"fact"});
}

Ordered test_schema() {
  const Ordered tests =
      Ordered::array({promise_test("holds", "The promise is kept, as every promise has to be."),
                      promise_test("breaks", "The promise is broken: this is what the lesson is about."),
                      happens_test(), never_test(), sum_test(), value_test()});
  return {{"oneOf", tests}};
}

Ordered beat_schema() {
  Ordered choice =
      object_schema({{"say", text_schema("The answer as it is offered.")}, {"if", reference("test")}}, {"say", "if"});
  Ordered properties = pattern_properties(
      "on", "The fact that fires the beat, which stops where it has taken effect; it is looked for from the beat before on.");
  properties["nth"] = integer_schema("Which of them, counted from the beat before; 1 is the next.", 1, 1'000'000'000);
  properties["at"] = duration_schema("Instead of a fact: just before the actions of this time.");
  properties["say"] = text_schema("The caption; **two stars** around words make them stand out.");
  properties["ask"] = text_schema("A question; the right answer is worked out by running ahead.");
  properties["choices"] = list_schema("The answers, of which exactly one comes true.", choice, 8);
  properties["focus"] = text_schema("What to look at: a node, a topic, a partition (orders-0) or a group.");
  properties["pause"] = {{"type", "boolean"}, {"description", "Playing waits here."}};
  return object_schema(properties, {});
}

Ordered goal_schema() {
  const Ordered hint = {{"type", "string"}, {"minLength", 1}};
  Ordered text = text_schema("The task, in a sentence.");
  text["minLength"] = 1;
  return object_schema({{"text", text},
                        {"if", reference("test")},
                        {"hints", list_schema("Shown one by one, the vaguest first.", hint, kMaxHints)}},
                       {"text", "if"});
}

}  // namespace nutshell

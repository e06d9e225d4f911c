#include "sim/scenario/beats_json.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/scenario/expect_json.h"

namespace nutshell {
namespace {

constexpr std::size_t kMaxChoices = 8;

void read_trigger(ObjectReader& object, const Vocabulary& known, Moment& on) {
  const bool fact = object.find("on") != nullptr;
  const bool time = object.find("at") != nullptr;
  if (fact) on.fact = read_pattern(object, "on", known, true);
  Time at = 0;
  if (object.duration("at", at, {0, kMaxUntil})) on.time = at;
  if (fact && time) object.reading().report(object.path("at"), "cannot stand beside \"on\"");
  if (!fact && !time && object.is_object()) {
    object.reading().report(object.path(), "needs \"on\", the fact that it waits for, or \"at\", a time");
  }
}

Choice read_choice(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known) {
  ObjectReader object(reading, value, path);
  Choice choice;
  object.need("say");
  object.text("say", choice.text);
  if (const Json* test = object.need("if")) {
    ObjectReader condition(reading, *test, object.path("if"));
    if (const std::optional<Test> read = read_test(condition, known)) choice.test = *read;
    condition.finish();
  }
  object.finish();
  return choice;
}

void read_question(ObjectReader& object, const Vocabulary& known, Beat& beat) {
  JsonSource& reading = object.reading();
  object.text("ask", beat.ask);
  object.each("choices", kMaxChoices, [&](const Json& value, const std::string& path) {
    beat.choices.push_back(read_choice(reading, value, path, known));
  });
  const bool asks = object.find("ask") != nullptr;
  if (object.find("choices") && !asks) reading.report(object.path("choices"), "needs \"ask\", the question");
  if (asks && beat.choices.size() < 2) reading.report(object.path("ask"), "needs \"choices\", two at least");
}

// A node, a topic, a group, or a partition such as "orders-0".
bool can_be_seen(const std::string& name, const Vocabulary& known) {
  for (const auto* names : {&known.nodes, &known.topics, &known.groups}) {
    if (std::find(names->begin(), names->end(), name) != names->end()) return true;
  }
  const std::size_t dash = name.find_last_of('-');
  if (dash == std::string::npos || dash + 1 == name.size()) return false;
  const std::string topic = name.substr(0, dash);
  const bool number = name.find_first_not_of("0123456789", dash + 1) == std::string::npos;
  return number && (topic == kOffsetsTopic ||
                    std::find(known.topics.begin(), known.topics.end(), topic) != known.topics.end());
}

void check_focus(ObjectReader& object, const std::string& focus, const Vocabulary& known) {
  if (can_be_seen(focus, known)) return;
  std::vector<std::string_view> names = views(known.nodes);
  for (const auto* more : {&known.topics, &known.groups}) names.insert(names.end(), more->begin(), more->end());
  object.reading().report_unknown(object.path("focus"), "node, topic, partition or group", focus, names);
}

}  // namespace

Beat read_beat(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known) {
  ObjectReader object(reading, value, path);
  Beat beat;
  beat.line = reading.places.value(path).line;
  read_trigger(object, known, beat.on);
  object.text("say", beat.say);
  read_question(object, known, beat);
  if (object.text("focus", beat.focus)) check_focus(object, beat.focus, known);
  object.boolean("pause", beat.pause);
  if (object.is_object() && !object.find("say") && !object.find("ask") && !object.find("focus")) {
    reading.report(path, "needs \"say\", \"ask\" or \"focus\"");
  }
  object.finish();
  return beat;
}

nlohmann::ordered_json to_json(const Beat& beat) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  if (beat.on.fact) write_pattern(object, "on", *beat.on.fact);
  if (beat.on.time) object["at"] = format_duration(*beat.on.time);
  if (!beat.say.empty()) object["say"] = beat.say;
  if (!beat.ask.empty()) object["ask"] = beat.ask;
  for (const Choice& choice : beat.choices) {
    nlohmann::ordered_json each = {{"say", choice.text}, {"if", nlohmann::ordered_json::object()}};
    write_test(each["if"], choice.test);
    object["choices"].push_back(each);
  }
  if (!beat.focus.empty()) object["focus"] = beat.focus;
  if (beat.pause) object["pause"] = true;
  return object;
}

}  // namespace nutshell

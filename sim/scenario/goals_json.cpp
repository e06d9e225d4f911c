#include "sim/scenario/goals_json.h"

#include "sim/scenario/expect_json.h"

namespace nutshell {
namespace {

// Text that is shown, and so must say something.
void read_shown(JsonSource& reading, const Json& value, const std::string& path, std::string& out) {
  if (read_text(reading, value, path, out) && out.empty()) reading.report(path, "is empty");
}

}  // namespace

Goal read_goal(JsonSource& reading, const Json& value, const std::string& path, const Vocabulary& known) {
  ObjectReader object(reading, value, path);
  Goal goal;
  goal.line = reading.places.value(path).line;
  if (const Json* text = object.need("text")) read_shown(reading, *text, object.path("text"), goal.text);
  if (const Json* test = object.need("if")) {
    ObjectReader condition(reading, *test, object.path("if"));
    if (const std::optional<Test> read = read_test(condition, known)) goal.test = *read;
    condition.finish();
  }
  object.each("hints", kMaxHints, [&](const Json& hint, const std::string& place) {
    goal.hints.emplace_back();
    read_shown(reading, hint, place, goal.hints.back());
  });
  object.finish();
  return goal;
}

nlohmann::ordered_json to_json(const Goal& goal) {
  nlohmann::ordered_json object = {{"text", goal.text}, {"if", nlohmann::ordered_json::object()}};
  write_test(object["if"], goal.test);
  if (!goal.hints.empty()) object["hints"] = goal.hints;
  return object;
}

}  // namespace nutshell

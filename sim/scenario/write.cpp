#include "sim/scenario/write.h"

#include "sim/core/text.h"
#include "sim/scenario/action_json.h"
#include "sim/scenario/beats_json.h"
#include "sim/scenario/expect_json.h"
#include "sim/scenario/goals_json.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/ksql_json.h"
#include "sim/scenario/setup_json.h"
#include "sim/scenario/wires_json.h"

namespace nutshell {
namespace {

using Ordered = nlohmann::ordered_json;

void put_text(Ordered& file, const char* key, const std::string& text) {
  if (!text.empty()) file[key] = text;
}

}  // namespace

std::string write_scenario(const Scenario& scenario) {
  Ordered file = {{"$schema", "./scenario.schema.json"}, {"title", scenario.title}};
  put_text(file, "about", scenario.about);
  put_text(file, "corrects", scenario.corrects);
  put_text(file, "chapter", scenario.chapter);
  if (!scenario.notes.empty()) file["notes"] = scenario.notes;
  put_text(file, "view", scenario.view);
  if (scenario.opens != 0) file["opens"] = format_duration(scenario.opens);
  file["until"] = format_duration(scenario.until);
  if (scenario.ksql) file["ksql"] = to_json(*scenario.ksql);
  else if (!scenario.wires.empty()) file["wires"] = to_json(scenario.wires);
  else write_setup(file, scenario.setup);
  for (const Action& action : scenario.script) file["script"].push_back(to_json(action));
  for (const Beat& beat : scenario.beats) file["beats"].push_back(to_json(beat));
  for (const Expectation& expectation : scenario.expect) {
    Ordered object = Ordered::object();
    write_test(object, expectation.test);
    file["expect"].push_back(std::move(object));
  }
  for (const Goal& goal : scenario.goals) file["goals"].push_back(to_json(goal));
  for (const Action& action : scenario.solution) file["solution"].push_back(to_json(action));
  const std::string cluster = scenario.setup.seed != Setup{}.seed ? "seed" : "cluster";
  const std::string setup = scenario.ksql ? "ksql" : !scenario.wires.empty() ? "wires" : cluster;
  return to_file_text(file, {setup, "script", "beats", "expect", "goals", "solution"});
}

}  // namespace nutshell

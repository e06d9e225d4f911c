// What a share code says of a scenario, applied to it.
#include <algorithm>
#include <iterator>

#include "sim/scenario/json_reader.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "sim/scenario/share.h"
#include "sim/scenario/story.h"
#include "sim/scenario/write.h"

namespace nutshell {
namespace {

// How many beats have fired before `time`, in a run without deeds.
std::size_t beats_before(Scenario scenario, Time time) {
  scenario.until = std::min(scenario.until, time);
  Timeline timeline = timeline_of(scenario, needed_facts(scenario));
  run_to(timeline, scenario.until);
  timeline.seek_time(scenario.until);
  std::size_t lines = 0;
  for (const StoryLine& each : tell(scenario, timeline))
    lines += (each.kind == StoryLine::Kind::say || each.kind == StoryLine::Kind::ask) && each.at < time;
  // A beat tells up to two lines: what it says and what it asks.
  std::size_t count = 0;
  for (std::size_t told = 0; count < scenario.beats.size() && told < lines; ++count)
    told += (scenario.beats[count].say.empty() ? 0U : 1U) + (scenario.beats[count].ask.empty() ? 0U : 1U);
  return count;
}

}  // namespace

std::uint32_t edition_of(const Scenario& scenario) {
  Scenario played;
  played.until = scenario.until;
  played.setup = scenario.setup;
  played.script = scenario.script;
  // The text, and not the value: what has its usual value is left out, so a new setting changes nothing.
  std::uint64_t digest = 0;
  fold_bytes(digest, write_scenario(played));
  return static_cast<std::uint32_t>(avalanche(digest) & 0xffffff);
}

std::string short_text(const Scenario& scenario) {
  nlohmann::ordered_json file = nlohmann::ordered_json::parse(write_scenario(scenario));
  file.erase("$schema");
  return file.dump();
}

Scenario changed(const Scenario& scenario, const Course& course, std::vector<Problem>& problems) {
  Scenario made = scenario;
  apply_overrides({course.seed, course.until, course.set}, made, problems);
  return made;
}

Scenario with_deeds(Scenario scenario, const std::vector<Action>& deeds) {
  if (deeds.empty()) return scenario;
  scenario.beats.resize(beats_before(scenario, deeds.front().at));
  scenario.expect.clear();
  scenario.until = std::max(scenario.until, deeds.back().at);
  const auto by_time = [](const Action& a, const Action& b) { return a.at < b.at; };
  std::stable_sort(scenario.script.begin(), scenario.script.end(), by_time);
  // A deed comes before what the script does at the same time: that is how it was done.
  std::vector<Action> script;
  std::merge(deeds.begin(), deeds.end(), scenario.script.begin(), scenario.script.end(), std::back_inserter(script), by_time);
  scenario.script = std::move(script);
  return scenario;
}

}  // namespace nutshell

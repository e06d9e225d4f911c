#include "sim/scenario/read.h"

#include <algorithm>
#include <iterator>

#include "sim/cluster/titles.h"
#include "sim/core/text.h"
#include "sim/scenario/action_json.h"
#include "sim/scenario/beats_json.h"
#include "sim/scenario/config_json.h"
#include "sim/scenario/expect_json.h"
#include "sim/scenario/goals.h"
#include "sim/scenario/goals_json.h"
#include "sim/scenario/json_file.h"
#include "sim/scenario/ksql_json.h"
#include "sim/scenario/rivals_json.h"
#include "sim/scenario/setup_json.h"
#include "sim/scenario/wires_json.h"

namespace nutshell {
namespace {

void read_header(ObjectReader& file, Scenario& scenario) {
  std::string schema;
  file.text("$schema", schema);
  file.need("title");
  file.text("title", scenario.title);
  file.text("about", scenario.about);
  file.text("corrects", scenario.corrects);
  file.text("chapter", scenario.chapter);
  file.each("notes", 100, [&](const Json& value, const std::string& path) {
    std::string note;
    if (read_text(file.reading(), value, path, note)) scenario.notes.push_back(note);
  });
  if (file.text("view", scenario.view) && std::find(kFigureViews.begin(), kFigureViews.end(), scenario.view) == kFigureViews.end())
    file.reading().report_unknown(file.path("view"), "view", scenario.view, {kFigureViews.begin(), kFigureViews.end()});
  file.duration("opens", scenario.opens, {0, kMaxUntil});
  file.need("until");
  if (file.duration("until", scenario.until, {1, kMaxUntil}) && scenario.opens > scenario.until) {
    file.reading().report(file.path("opens"), "is later than \"until\"");
  }
}

// An action that comes too late would silently not happen.
void check_times(JsonSource& reading, const Action& action, const std::string& path, Time until) {
  if (!action.when && until > 0 && action.at > until) {
    reading.report(member_path(path, "at"), "is later than \"until\", so it would never happen");
  }
}

// Where an action was read: one that cannot be read leaves a gap.
struct Written {
  const Json* value = nullptr;
  std::string path;
};

std::vector<Written> read_actions(ObjectReader& file, std::string_view key, Time until, std::vector<Action>& actions) {
  JsonSource& reading = file.reading();
  std::vector<Written> places;
  file.each(key, kMaxActions, [&](const Json& value, const std::string& path) {
    std::optional<Action> action = read_action(reading, value, path);
    if (!action) return;
    check_times(reading, *action, path, until);
    actions.push_back(std::move(*action));
    places.push_back({&value, path});
  });
  return places;
}

void read_script(ObjectReader& file, Scenario& scenario) {
  JsonSource& reading = file.reading();
  const std::vector<Written> places = read_actions(file, "script", scenario.until, scenario.script);
  const Vocabulary known = vocabulary_of(scenario.setup, scenario.script);
  for (std::size_t i = 0; i < places.size(); ++i)
    read_names(reading, *places[i].value, places[i].path, known, scenario.script[i]);
  check_clients(reading, scenario.setup, scenario.script, known.topics);
  check_size(reading, scenario.setup, scenario.until);
}

void read_lesson(ObjectReader& file, Scenario& scenario) {
  JsonSource& reading = file.reading();
  Vocabulary known = vocabulary_of(scenario.setup, scenario.script);
  known.wires = !scenario.wires.empty();
  file.each("beats", kMaxBeats, [&](const Json& value, const std::string& path) {
    scenario.beats.push_back(read_beat(reading, value, path, known));
  });
  file.each("expect", kMaxExpectations, [&](const Json& value, const std::string& path) {
    ObjectReader object(reading, value, path);
    if (const std::optional<Test> test = read_test(object, known)) {
      scenario.expect.push_back({*test, reading.places.value(path).line});
    }
    object.finish();
  });
}

// Goals may speak of what the solution creates.
void read_puzzle(ObjectReader& file, Scenario& scenario) {
  JsonSource& reading = file.reading();
  const std::vector<Written> places = read_actions(file, "solution", scenario.until, scenario.solution);
  const Vocabulary known = vocabulary_of(scenario.setup, solved(scenario).script);
  for (std::size_t i = 0; i < places.size(); ++i)
    read_names(reading, *places[i].value, places[i].path, known, scenario.solution[i]);
  file.each("goals", kMaxGoals, [&](const Json& value, const std::string& path) {
    scenario.goals.push_back(read_goal(reading, value, path, known));
  });
  const Json* goals = file.find("goals");
  const Json* solution = file.find("solution");
  if (goals && !solution) reading.report("goals", "needs \"solution\", the actions that meet the goals");
  if (solution && !goals) reading.report("solution", "needs \"goals\", what it is the solution of");
  if (goals && goals->is_array() && goals->empty()) reading.report("goals", "is empty");
  if (solution && solution->is_array() && solution->empty()) reading.report("solution", "is empty");
}

// What only shows when everything is put together. Asked last, because a file with mistakes is not put together yet.
void check_setup(JsonSource& reading, const Setup& setup) {
  if (!reading.problems.empty()) return;
  for (const std::string& what : problems(setup)) reading.report("", what);
}

bool creates_something(const ActionBody& body) {
  return std::holds_alternative<AddBroker>(body) || std::holds_alternative<AddConsumer>(body) ||
         std::holds_alternative<AddProducer>(body) || std::holds_alternative<CreateTopic>(body) ||
         std::holds_alternative<AddPartitions>(body);
}

// It speaks of a topic that only a process may have created by then, such as a ksqlDB server.
bool names_created_topic(const World& world, const Setup& setup, const ActionBody& body) {
  if (setup.plain.empty()) return false;
  std::size_t index = 0;
  bool found = false;
  const ActionShape& shape = shape_of(body);
  std::visit(
      [&](const auto& action) {
        for_each_field(action, [&](std::string_view, const auto& member) {
          const ActionFieldKind kind = shape.fields[index++].kind;
          if constexpr (std::is_base_of_v<std::string, std::remove_cvref_t<decltype(member)>>) {
            const bool topic = kind == ActionFieldKind::topic;
            const bool target = kind == ActionFieldKind::target && member != "brokers" && !world.find_node(member);
            found = found || ((topic || target) && !member.empty() && world.topic_id(member) < 0);
          }
        });
      },
      body);
  return found;
}

// The actions in the order in which they are judged: those that wait for a fact may be the last.
std::vector<std::size_t> order_of(const std::vector<Action>& actions) {
  std::vector<std::size_t> order(actions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool waits = actions[a].when.has_value(), other_waits = actions[b].when.has_value();
    return waits != other_waits ? other_waits : actions[a].at < actions[b].at;
  });
  return order;
}

// Actions that speak of what is not there yet; what they create is there for those after them, and what an action that
// waits creates may be there for all. The first actions are the script's, those after them the solution's. Asked last, in
// a world that is thrown away.
void check_possible(JsonSource& reading, const Setup& setup, const std::vector<Action>& actions, std::size_t of_script) {
  if (!reading.problems.empty()) return;
  World world = make_world(setup);
  std::vector<Fact> unheard;
  const auto create = [&](const ActionBody& body) {
    if (creates_something(body)) apply(world, {0, body}, unheard);
  };
  std::vector<bool> created(actions.size(), false);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    created[i] = actions[i].when && creates_something(actions[i].body) && impossible(world, actions[i].body).empty();
    if (created[i]) create(actions[i].body);
  }
  for (std::size_t i : order_of(actions)) {
    const ActionBody& body = actions[i].body;
    if (created[i] || has_title(body) || names_created_topic(world, setup, body)) continue;
    const std::string why = impossible(world, body);
    const std::string path = i < of_script ? element_path("script", i) : element_path("solution", i - of_script);
    if (!why.empty()) reading.report(path, why);
    else create(body);
  }
}

Scenario read_file(JsonSource& reading, const Json& json, const Overrides& overrides) {
  Scenario scenario;
  scenario.file = reading.file;
  scenario.name = stem_of(reading.file);
  ObjectReader object(reading, json, "");
  if (!object.is_object()) return scenario;
  read_header(object, scenario);
  read_rivals(object, scenario.setup);
  read_setup(object, scenario.setup);
  read_ksql(object, scenario);
  read_wires(object, scenario);
  read_script(object, scenario);
  read_lesson(object, scenario);
  read_puzzle(object, scenario);
  object.finish();
  apply_overrides(overrides, scenario, reading.problems);
  if (scenario.ksql || !scenario.wires.empty()) return scenario;  // there is no cluster that could be wrong
  check_setup(reading, scenario.setup);
  check_possible(reading, scenario.setup, scenario.script, scenario.script.size());
  if (scenario.is_puzzle()) check_possible(reading, scenario.setup, solved(scenario).script, scenario.script.size());
  return scenario;
}

}  // namespace

void apply_overrides(const Overrides& overrides, Scenario& scenario, std::vector<Problem>& problems) {
  if (overrides.seed) scenario.setup.seed = *overrides.seed;
  if (overrides.until) scenario.until = *overrides.until;
  scenario.opens = std::min(scenario.opens, scenario.until);
  for (const auto& [key, value] : overrides.set) {
    override_config(scenario.setup, key, value, problems);
    scenario.changed.emplace_back(key, value);
  }
}

LoadResult load_scenario(const std::string& path, const Overrides& overrides) {
  LoadResult result;
  const std::optional<std::string> text = read_whole_file(path, result.problems);
  if (text && path.size() > 4 && path.substr(path.size() - 4) == ".sql") return read_script(*text, path);
  return text ? parse_scenario(*text, path, overrides) : result;
}

LoadResult parse_scenario(std::string_view text, const std::string& file, const Overrides& overrides) {
  LoadResult result;
  read_json_file(text, file, result.problems, [&](JsonSource& reading, const Json& json) {
    Scenario scenario = read_file(reading, json, overrides);
    if (result.problems.empty()) result.scenario = std::move(scenario);
  });
  return result;
}

}  // namespace nutshell

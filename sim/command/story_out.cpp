#include "sim/command/story_out.h"

#include "sim/command/facts_out.h"
#include "sim/command/json_out.h"
#include "sim/core/text.h"
#include "sim/scenario/goals.h"

namespace nutshell {

namespace {

void print_question(const StoryLine& line, std::size_t indent, Output& out) {
  const std::string before(indent + 2, ' ');
  for (std::size_t i = 0; i < line.choices.size(); ++i) {
    out.line(before + static_cast<char>('A' + i) + ") " + line.choices[i]);
  }
  if (line.answer) out.line(before + "The answer is " + static_cast<char>('A' + *line.answer) + ".");
}

std::string_view kind_name(StoryLine::Kind kind) {
  switch (kind) {
    case StoryLine::Kind::fact: return "fact";
    case StoryLine::Kind::say: return "say";
    case StoryLine::Kind::ask: return "ask";
    case StoryLine::Kind::focus: break;
  }
  return "focus";
}

std::string line_json(const StoryLine& line) {
  JsonObject object;
  object.number("at", line.at).text("time", format_time(line.at)).count("position", line.position);
  object.text("kind", kind_name(line.kind)).text("text", line.text);
  if (!line.because.empty()) object.text("because", line.because);
  if (!line.choices.empty()) object.json("choices", json_strings(line.choices));
  if (line.answer) object.count("answer", *line.answer);
  return object.done();
}

}  // namespace

void print_story(const Scenario& scenario, const Timeline& finished, Output& out) {
  out.line(scenario.title, Style::bold);
  for (const StoryLine& line : tell(scenario, finished)) {
    switch (line.kind) {
      case StoryLine::Kind::fact: out.line(timed(line.at, line.text, scenario.until)); break;
      case StoryLine::Kind::say: out.line(timed(line.at, "| " + line.text, scenario.until), Style::caption); break;
      case StoryLine::Kind::ask:
        out.line(timed(line.at, "? " + line.text, scenario.until), Style::caption);
        print_question(line, timed(0, "", scenario.until).size(), out);
        break;
      case StoryLine::Kind::focus: break;
    }
  }
}

std::string story_json(const Scenario& scenario, const Timeline& finished) {
  std::vector<std::string> lines;
  for (const StoryLine& line : tell(scenario, finished)) lines.push_back(line_json(line));
  return json_list(lines);
}

void print_goals(const Scenario& scenario, const Timeline& finished, Output& out) {
  const std::vector<GoalState> states = judge_goals(scenario, finished);
  if (states.empty()) return;
  out.line("");
  out.line("Goals:", Style::bold);
  for (std::size_t i = 0; i < states.size(); ++i)
    out.line("  " + marked(scenario.goals[i], states[i]), states[i].met ? Style::good : Style::plain);
}

std::string goals_json(const Scenario& scenario, const Timeline& finished) {
  const std::vector<GoalState> states = judge_goals(scenario, finished);
  std::vector<std::string> goals;
  for (std::size_t i = 0; i < states.size(); ++i) {
    JsonObject object;
    object.text("goal", scenario.goals[i].text).truth("met", states[i].met);
    if (states[i].met) object.text("time", format_time(states[i].at)).count("position", states[i].position);
    else object.text("why", states[i].why);
    goals.push_back(object.done());
  }
  return json_list(goals);
}

}  // namespace nutshell

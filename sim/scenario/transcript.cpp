#include "sim/scenario/transcript.h"

#include <algorithm>

#include "sim/cluster/describe.h"
#include "sim/core/text.h"
#include "sim/scenario/evaluate.h"
#include "sim/scenario/goals.h"
#include "sim/scenario/story.h"
#include "sim/streams/picture.h"

namespace nutshell {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kTimeColumn = 10;  // "  12.345s", then two blanks; wider where a run goes on for hours

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string blanks(std::size_t count) { return std::string(count, ' '); }

// A time as it stands in its column, to the right.
std::string in_column(std::string time, Time until) {
  const std::size_t column = std::max(kTimeColumn, widest_time(until).size());
  return blanks(column - std::min(column, time.size())) + time;
}

// A line of the story: the time in its column, a mark, the text.
std::string line_text(const std::string& time, const std::string& mark, const std::string& text) {
  const std::size_t indent = time.size() + 2 + mark.size();
  return time + "  " + mark + wrap(text, kWidth - indent, indent) + "\n";
}

std::string heading(const std::string& text) { return text + "\n" + std::string(width_of(text), '-') + "\n"; }

std::string paragraph(const std::string& label, const std::string& text) {
  return text.empty() ? "" : "\n" + wrap(label + text, kWidth, 0) + "\n";
}

std::string list(const std::string& label, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string text = "\n" + label + "\n";
  for (const std::string& item : items) text += "  - " + wrap(item, kWidth - 4, 4) + "\n";
  return text;
}

// Of a query without a cluster, or of wires.
std::string script_text(const Scenario& scenario) {
  std::string text = "\n";
  for (const WiresStep& each : scenario.wires) {
    const std::string down = each.wires.down > 0 ? ", " + receiver_letter(each.wires.down - 1) + " is down" : "";
    text += "from " + format_time(each.at) + ": " + sum_of(each.wires) + " wires, up " + up_text(each.wires) + down + "\n";
  }
  if (!scenario.ksql) return text;
  for (const std::string& each : scenario.ksql->statements) text += each + "\n";
  return text;
}

std::string opening(const Scenario& scenario) {
  const std::string head = heading(scenario.title) + paragraph("", scenario.about) + paragraph("It corrects: ", scenario.corrects);
  if (scenario.is_still()) return head + script_text(scenario) + list("What is simplified:", scenario.notes);
  return head + paragraph(scenario.setup.rivals ? "What runs: " : "The cluster: ", describe_setup(scenario.setup)) +
         list("Settings that differ from Kafka's defaults:", different_settings(scenario.setup)) +
         list("What is simplified:", scenario.notes);
}

std::string question_text(const StoryLine& line, const std::string& time) {
  std::string text = line_text(time, "? ", line.text);
  for (std::size_t i = 0; i < line.choices.size(); ++i) {
    text += line_text(blanks(time.size()), "  ", std::string(1, static_cast<char>('A' + i)) + ") " + line.choices[i]);
  }
  const std::string answer =
      line.answer ? std::string(1, static_cast<char>('A' + *line.answer)) : "not exactly one of them";
  return text + line_text(blanks(time.size()), "  ", "Answer: " + answer + ".");
}

// What to look at is left out: here is nothing to look at.
std::string story_line(const StoryLine& line, const std::string& time) {
  switch (line.kind) {
    case StoryLine::Kind::say:
      return line_text(time, "| ", line.text);
    case StoryLine::Kind::ask:
      return question_text(line, time);
    case StoryLine::Kind::focus:
      return "";
    case StoryLine::Kind::fact:
      break;
  }
  const std::string because = line.because.empty() ? "" : line_text(blanks(time.size()), "  ", "because " + line.because);
  return line_text(time, "", line.text) + because;
}

// A time is printed once for all that happens at it.
std::string story(const Scenario& scenario, const Timeline& finished) {
  std::string text;
  std::string last;
  bool opened = scenario.opens == 0;
  for (const StoryLine& line : tell(scenario, finished)) {
    if (!opened && line.at >= scenario.opens) {
      text += "\n";
      opened = true;
    }
    const std::string time = format_time(line.at);
    const std::string told = story_line(line, in_column(time == last ? "" : time, scenario.until));
    text += told;
    if (!told.empty()) last = time;
  }
  return text;
}

std::string promises_text(const Judge& judge) {
  std::uint64_t trials = 0;
  std::size_t tried = 0;
  for (std::uint64_t each : judge.trials()) {
    trials += each;
    if (each > 0) ++tried;
  }
  const std::string text =
      std::to_string(tried) + " promises were put to the test, " + std::to_string(trials) + " times in all.";
  return judge.breaches().empty() ? text + " All were kept." : text;
}

std::vector<std::string> breach_texts(const Judge& judge) {
  std::vector<std::string> texts;
  for (const Breach& breach : judge.breaches()) texts.push_back(to_text(breach));
  return texts;
}

std::vector<std::string> goal_texts(const Scenario& scenario, const Timeline& finished) {
  std::vector<std::string> texts;
  const std::vector<GoalState> states = judge_goals(scenario, finished);
  for (std::size_t i = 0; i < states.size(); ++i) texts.push_back(marked(scenario.goals[i], states[i]));
  return texts;
}

std::string closing(const Scenario& scenario, const Timeline& finished) {
  const Evaluator evaluator(finished, scenario);
  std::string text = "\n" + heading("At the end, " + format_time(scenario.until));
  if (scenario.film) {
    const streams::Picture end = streams::picture_of(*scenario.film, scenario.until);
    if (end.windowed) text += "\n" + end.sum_text() + ".\n";
    for (std::size_t i = 1; i <= end.changes.size(); ++i)
      text += "  change " + std::to_string(i) + ": " + streams::picture_value(end, "changes/" + std::to_string(i)).value_or("") + "\n";
    return text + "\ndigest " + digest_text(finished.digest()) + "\n";
  }
  if (!scenario.wires.empty()) return text + "\ndigest " + digest_text(finished.digest()) + "\n";
  for (std::string_view subject : {"topics", "groups"}) {
    const std::string tables = to_text(describe(finished.world(), subject));
    if (!tables.empty()) text += "\n" + tables;
  }
  return text + paragraph("", promises_text(evaluator.judge())) + list("Broken:", breach_texts(evaluator.judge())) +
         list("Goals:", goal_texts(scenario, finished)) +
         "\ndigest " + digest_text(finished.digest()) + "\n";
}

}  // namespace

std::string wrap(const std::string& text, std::size_t width, std::size_t indent) {
  std::string wrapped;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = std::string_view(text).substr(at, end - at);
    if (used > 0 && used + 1 + width_of(word) > width) {
      wrapped += "\n" + blanks(indent);
      used = 0;
    } else if (used > 0) {
      wrapped += " ";
      ++used;
    }
    wrapped += word;
    used += width_of(word);
    at = end + 1;
    if (end < text.size() && text[end] == '\n') {
      wrapped += "\n" + blanks(indent);
      used = 0;
    }
  }
  return wrapped;
}

std::string digest_text(std::uint64_t digest) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; digest >>= 4) text[i] = "0123456789abcdef"[digest & 15];
  return text;
}

std::string transcript(const Scenario& scenario, const Timeline& finished) {
  return opening(scenario) + "\n" + story(scenario, finished) + closing(scenario, finished);
}

}  // namespace nutshell

// nutshell run: plays a scenario and prints what happened.
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/facts_out.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/command/story_out.h"
#include "sim/core/text.h"
#include "sim/history/trail.h"
#include "sim/scenario/story.h"
#include "sim/scenario/transcript.h"

namespace nutshell {
namespace {

struct RunOptions {
  CommonOptions common;
  std::string file;
  std::string level = "story";
  std::string trail;  // as written; empty: none
};

FactLevel level_of(const std::string& text) {
  if (text == "story") return FactLevel::story;
  if (text == "protocol") return FactLevel::protocol;
  if (text == "detail") return FactLevel::detail;
  const std::string near = nearest_name(text, {"story", "protocol", "detail"});
  throw Failure("--level '" + text + "' is none of story, protocol and detail" +
                (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

void print_told(const Scenario& scenario, const Timeline& timeline, Output& out) {
  for (const StoryLine& line : tell(scenario, timeline)) {
    if (line.kind == StoryLine::Kind::fact) out.line(timed(line.at, line.text, scenario.until));
  }
}

void print_facts(const Timeline& timeline, FactLevel level, Time until, Output& out) {
  const WorldNamer namer(timeline.world());
  for (const Fact& fact : timeline.facts()) {
    if (fact_level(fact.body) <= level) out.line(timed(fact.at, sentence(fact.body, namer), until));
  }
}

std::string run_json(const Scenario& scenario, const Timeline& timeline, FactLevel level) {
  const WorldNamer namer(timeline.world());
  std::vector<std::string> facts;
  for (const Fact& fact : timeline.facts()) {
    if (fact_level(fact.body) <= level) facts.push_back(fact_json(fact, namer));
  }
  return JsonObject()
      .text("scenario", scenario.name)
      .text("title", scenario.title)
      .count("seed", scenario.setup.seed)
      .text("until", format_duration(scenario.until))
      .json("facts", json_list(facts))
      .json("goals", goals_json(scenario, timeline))
      .count("steps", timeline.position())
      .text("digest", digest_text(timeline.digest()))
      .done();
}

int run_trail(const RunOptions& options, Output& out) {
  const std::int64_t every = integer_option("--trail", options.trail);
  if (every < 1) throw Failure("--trail " + options.trail + " must be a number of steps from 1 on");
  if (options.common.json || options.common.digest) throw Failure("--trail prints lines of its own: leave --json and --digest out");
  const Scenario scenario = load(options.file, overrides_of(options.common));
  Timeline timeline = run_to_end(scenario, FactLevel::detail);
  walk_trail(timeline, {0, timeline.position(), static_cast<Step>(every)}, [&](const std::string& line) { out.line(line); });
  return kExitFine;
}

int run(const RunOptions& options, Output& out) {
  if (!options.trail.empty()) return run_trail(options, out);
  const FactLevel level = level_of(options.level);
  const Scenario scenario = load(options.file, overrides_of(options.common));
  const Timeline timeline = run_to_end(scenario, std::max(level, needed_facts(scenario)));
  if (options.common.json) {
    out.text(run_json(scenario, timeline, level));
    return kExitFine;
  }
  out.line(scenario.title, Style::bold);
  if (level == FactLevel::story) print_told(scenario, timeline, out);
  else print_facts(timeline, level, scenario.until, out);
  print_goals(scenario, timeline, out);
  out.line("");
  const std::string digest = digest_text(timeline.digest());
  out.line(std::to_string(timeline.position()) + " steps until " + format_duration(scenario.until) + ", seed " +
           std::to_string(scenario.setup.seed) + (options.common.digest ? "" : ", digest " + digest));
  if (options.common.digest) out.line(digest);
  return kExitFine;
}

}  // namespace

void add_run(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("run", "Play a scenario and print what happened");
  auto options = std::make_shared<RunOptions>();
  command.operand("FILE", options->file, "The scenario");
  command.option("--level", options->level, "LEVEL", "How much to tell: story (usual), protocol, or detail: every fact");
  command.option("--trail", options->trail, "N", "Only the digest after each N steps, to find where two runs part");
  add_common(command, options->common, Has::overrides_and_digest);
  command.footer(
      "Examples:\n"
      "  nutshell run leader-failover\n"
      "  nutshell run leader-failover --set acks=1 --seed 7\n"
      "  nutshell run my-own.json --until 20s --level protocol\n"
      "  nutshell run leader-failover --trail 1000");
  command.on_chosen(job, options, run);
}

}  // namespace nutshell

// nutshell share: a moment as a line of text; and opening one.
#include "sim/command/command_line.h"
#include "sim/scenario/share.h"

#include <algorithm>

#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/scenario/write.h"

namespace nutshell {
namespace {

struct ShareOptions {
  CommonOptions common;
  std::string file, at, beside;
};

// The file of the shipped lesson with that name; empty: there is none.
std::string shipped_lesson(const std::string& name) {
  for (const std::string& file : shipped_scenarios()) {
    if (lesson_name(file) == name) return file;
  }
  return "";
}

Scenario base_of(const Share& share) {
  if (!share.text.empty()) {
    LoadResult read = parse_scenario(share.text, share.name);
    if (!read.scenario) throw Failure("the scenario in the share code has mistakes:\n" + to_text(read.problems));
    return std::move(*read.scenario);
  }
  const std::string file = shipped_lesson(share.name);
  if (file.empty()) throw Failure("the share code is of a lesson '" + share.name + "', which this Nutshell does not have");
  return load(file, {});
}

void add(const Overrides& overrides, Course& course) {
  if (overrides.seed) course.seed = overrides.seed;
  if (overrides.until) course.until = overrides.until;
  course.set.insert(course.set.end(), overrides.set.begin(), overrides.set.end());
}

// What the course makes of the scenario. Read as if it were a file, so that every rule for files holds.
Scenario follow(const Scenario& base, const Course& course) {
  std::vector<Problem> problems;
  Scenario made = changed(base, course, problems);
  if (problems.empty()) problems = parse_scenario(write_scenario(with_deeds(made, course.deeds)), base.name).problems;
  if (!problems.empty())
    throw Failure("what the share code does cannot be done in '" + base.name + "' here:\n" + to_text(problems));
  return made;
}

int share(const ShareOptions& options, Output& out) {
  const Overrides overrides = overrides_of(options.common);
  Share made;
  Scenario scenario;
  if (is_share_code(options.file)) {
    OpenedShare opened = open_share(options.file, overrides);
    made = std::move(opened.share);
    scenario = with_deeds(opened.scenario, made.course.deeds);
  } else {
    const std::string file = find_scenario_file(options.file);
    made.name = lesson_name(file);
    scenario = load(file, overrides);
    made.at = scenario.opens;
    if (shipped_lesson(made.name) == file) {
      made.edition = edition_of(load(file, {}));
      add(overrides, made.course);
    } else {
      made.text = short_text(scenario);
    }
  }
  if (!options.at.empty()) made.at = time_option("--at", options.at);
  if (made.at > scenario.until)
    throw Failure("--at " + options.at + " is after the end of the scenario, " + format_duration(scenario.until));
  if (!options.beside.empty()) {
    const std::size_t equals = options.beside.find('=');
    if (equals == std::string::npos)
      throw Failure("--beside wants a key and a value, such as acks=1, but is '" + options.beside + "'");
    made.beside = made.course;
    made.beside->set.emplace_back(options.beside.substr(0, equals), options.beside.substr(equals + 1));
    follow(base_of(made), *made.beside);
  }
  const std::string code = share_code(made);
  out.text(options.common.json ? JsonObject().text("code", code).count("letters", code.size()).done() : code + "\n");
  return kExitFine;
}

}  // namespace

OpenedShare open_share(const std::string& code, const Overrides& overrides) {
  ShareResult read = read_share_code(code);
  if (!read.share) throw Failure(read.problem);
  OpenedShare opened;
  opened.share = std::move(*read.share);
  opened.base = base_of(opened.share);
  opened.base.name = opened.share.name;
  add(overrides, opened.share.course);
  opened.scenario = follow(opened.base, opened.share.course);
  if (opened.share.beside) follow(opened.base, *opened.share.beside);
  const bool another = opened.share.text.empty() && edition_of(opened.base) != opened.share.edition;
  if (another)
    opened.warning = "The code was made with another version of '" + opened.share.name + "'; here, things may take another course.";
  return opened;
}

void add_share(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("share", "Print a moment as a share code: a line for a chat, opened like a file");
  auto options = std::make_shared<ShareOptions>();
  command.operand("FILE", options->file, "The scenario, or a share code to change");
  command.option("--at", options->at, "TIME", "The moment; without it, where the lesson opens");
  command.option("--beside", options->beside, "KEY=VALUE", "A setting under which to show it beside itself: acks=1");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "Examples:\n"
      "  nutshell share leader-failover --at 21s\n"
      "  nutshell open nutshell:leader-failover:...\n"
      "  nutshell share my-own.json --at 8s --set acks=1");
  command.on_chosen(job, options, share);
}

}  // namespace nutshell

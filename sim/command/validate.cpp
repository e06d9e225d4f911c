// nutshell validate: are scenario files written correctly? Runs nothing.
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"

namespace nutshell {
namespace {

struct ValidateOptions {
  CommonOptions common;
  std::vector<std::string> files;
};

int validate_files(const ValidateOptions& options, Output& out) {
  const Overrides overrides = overrides_of(options.common);
  std::vector<std::string> problems;
  bool valid = true;
  for (const std::string& file : find_scenario_files(options.files)) {
    const LoadResult loaded = load_scenario(file, overrides);
    valid = valid && loaded.scenario.has_value();
    for (const Problem& each : loaded.problems) problems.push_back(problem_json(each));
    if (options.common.json) continue;
    if (loaded.scenario) out.line(file + ": valid", Style::good);
    else out.text(to_text(loaded.problems));
  }
  if (options.common.json) out.text(JsonObject().truth("valid", valid).json("problems", json_list(problems)).done());
  return valid ? kExitFine : kExitBadInput;
}

}  // namespace

void add_validate(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("validate", "Look for mistakes in scenario files without playing them");
  auto options = std::make_shared<ValidateOptions>();
  command.operand("FILE", options->files, "Scenarios, or folders of them");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "Prints every mistake as file:line:column: where: what is wrong.\n"
      "\n"
      "Example:\n"
      "  nutshell validate my-own.json");
  command.on_chosen(job, options, validate_files);
}

}  // namespace nutshell

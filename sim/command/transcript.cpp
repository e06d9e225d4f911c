// nutshell transcript: a scenario as a readable story, with what led to what.
#include "sim/command/command_line.h"
#include "sim/scenario/transcript.h"

#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/command/story_out.h"

namespace nutshell {
namespace {

struct TranscriptOptions {
  CommonOptions common;
  std::string file;
};

std::string transcript_json(const Scenario& scenario, const Timeline& timeline) {
  return JsonObject()
      .text("scenario", scenario.name)
      .text("title", scenario.title)
      .text("about", scenario.about)
      .text("corrects", scenario.corrects)
      .text("cluster", describe_setup(scenario.setup))
      .json("settings", json_strings(different_settings(scenario.setup)))
      .json("story", story_json(scenario, timeline))
      .json("goals", goals_json(scenario, timeline))
      .text("digest", digest_text(timeline.digest()))
      .done();
}

int print_transcript(const TranscriptOptions& options, Output& out) {
  const Scenario scenario = load(options.file, overrides_of(options.common));
  const Timeline timeline = run_to_end(scenario, needed_facts(scenario));
  out.text(options.common.json ? transcript_json(scenario, timeline) : transcript(scenario, timeline));
  if (options.common.digest) out.line(digest_text(timeline.digest()));
  return kExitFine;
}

}  // namespace

void add_transcript(const CliCommand& program, Job& job) {
  const CliCommand command =
      program.command("transcript", "Print the story of a scenario to read: what happened, and because of what");
  auto options = std::make_shared<TranscriptOptions>();
  command.operand("FILE", options->file, "The scenario");
  add_common(command, options->common, Has::overrides_and_digest);
  command.footer("Example:\n  nutshell transcript leader-failover | less");
  command.on_chosen(job, options, print_transcript);
}

}  // namespace nutshell

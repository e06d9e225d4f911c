// nutshell diagram: the space-time diagram of a scenario as a picture for a page.
#include <fstream>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/diagram_svg.h"
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/core/text.h"

namespace nutshell {
namespace {

struct DiagramOptions {
  CommonOptions common;
  std::string file, from, to, axis, output;
  bool light = false, hidden_traffic = false;
};

int diagram(const DiagramOptions& options, Output& out) {
  const Scenario scenario = load(options.file, overrides_of(options.common));
  SvgOptions wanted;
  wanted.title = scenario.title;
  wanted.from = options.from.empty() ? scenario.opens : time_option("--from", options.from);
  wanted.to = options.to.empty() ? scenario.until : time_option("--to", options.to);
  if (wanted.from < 0 || wanted.to <= wanted.from || wanted.to > scenario.until)
    throw Failure("--from must be before --to, and both within the run, which ends at " + format_time(scenario.until));
  if (!options.axis.empty()) wanted.axis = axis_option("--axis", options.axis);
  wanted.light = options.light;
  wanted.hidden_traffic = options.hidden_traffic;
  const Timeline timeline = run_to_end(scenario, FactLevel::detail);
  const std::string svg = diagram_svg(timeline, read_tracks(timeline, scenario.until), wanted);
  if (options.output.empty()) {
    out.text(svg);
    return kExitFine;
  }
  std::ofstream file(options.output, std::ios::binary);
  file << svg << std::flush;
  if (!file) throw Failure("'" + options.output + "' could not be written", kExitNoOutput);
  out.text("wrote " + options.output + "\n");
  return kExitFine;
}

}  // namespace

void add_diagram(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("diagram", "Draw who sent what to whom, and when: a space-time diagram as SVG");
  auto options = std::make_shared<DiagramOptions>();
  command.operand("FILE", options->file, "The scenario");
  command.option("-o,--output", options->output, "FILE", "Where to write it; without it, to standard output");
  command.option("--from", options->from, "TIME", "Where it begins; without it, where the lesson opens");
  command.option("--to", options->to, "TIME", "Where it ends; without it, at the end of the run");
  command.option("--axis", options->axis, "AXIS", "linear, event, or compressed, which folds quiet stretches and is usual");
  command.flag("--light", options->light, "Light instead of dark");
  command.flag("--hidden-traffic", options->hidden_traffic, "With heartbeats and empty fetches where they fit");
  add_common(command, options->common, Has::overrides);
  command.footer("Example:\n  nutshell diagram leader-failover --from 11.9s --to 21.2s --light -o failover.svg");
  command.on_chosen(job, options, diagram);
}

}  // namespace nutshell

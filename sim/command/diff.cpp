// nutshell diff: where two runs part.
#include "sim/cluster/describe.h"
#include "sim/cluster/difference.h"
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/facts_out.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/scenario/transcript.h"

namespace nutshell {
namespace {

struct DiffOptions {
  CommonOptions common;
  std::string left, right, at, and_at;
};

struct Side {
  std::string name;
  Timeline timeline;
};

Side run_side(const std::string& name, const Scenario& scenario) {
  return {name, run_to_end(scenario, FactLevel::detail)};
}

// "leader-failover with acks=1, seed 7"
std::string changed_name(const DiffOptions& options) {
  std::string changes;
  for (const std::string& each : options.common.set) changes += (changes.empty() ? "" : ", ") + each;
  if (!options.common.seed.empty()) changes += (changes.empty() ? "" : ", ") + ("seed " + options.common.seed);
  return bare_name(options.left) + " with " + changes;
}

// One file with and without the changes, or two files.
std::pair<Scenario, Scenario> scenarios_of(const DiffOptions& options) {
  const Overrides overrides = overrides_of(options.common);
  if (!options.right.empty()) return {load(options.left, overrides), load(options.right, overrides)};
  if (overrides.set.empty() && !overrides.seed) {
    throw Failure("there is nothing to compare '" + options.left +
                  "' with; name a second scenario, or a change such as --set acks=1");
  }
  Overrides until_only;
  until_only.until = overrides.until;
  return {load(options.left, until_only), load(options.left, overrides)};
}

void print_side(const Side& side, const std::string& what, Output& out) {
  out.line("  " + side.name + ":", Style::bold);
  out.line("    " + (what.empty() ? "nothing of the kind" : what));
}

void print_difference(const Side& left, const Side& right, const std::optional<Divergence>& parted, Output& out) {
  if (!parted) {
    out.line("No difference: the same " + std::to_string(left.timeline.position()) + " steps, digest " +
             digest_text(left.timeline.digest()));
    return;
  }
  out.line("The same for " + std::to_string(parted->step) + " steps. At " + format_time(parted->at) + " they part:");
  print_side(left, parted->left, out);
  print_side(right, parted->right, out);
}

// nullopt: the runs are the same. A run that goes on where the other ends differs there.
std::optional<Divergence> compare(const Side& left, const Side& right) {
  if (std::optional<Divergence> parted = first_divergence(left.timeline, right.timeline)) return parted;
  const Step common = std::min(left.timeline.position(), right.timeline.position());
  if (left.timeline.position() == right.timeline.position()) return std::nullopt;
  const bool left_ends = left.timeline.position() == common;
  Divergence parted;
  parted.step = common;
  parted.at = (left_ends ? right : left).timeline.record_of(common).at;
  parted.left = left_ends ? "ends here" : "goes on";
  parted.right = left_ends ? "goes on" : "ends here";
  return parted;
}

std::string difference_json(const Side& left, const Side& right, const std::optional<Divergence>& parted) {
  JsonObject object;
  object.text("left", left.name).text("right", right.name).truth("same", !parted);
  if (parted) {
    object.count("step", parted->step).number("at", parted->at).text("time", format_time(parted->at));
    object.text("left_does", parted->left).text("right_does", parted->right);
  }
  return object.text("left_digest", digest_text(left.timeline.digest()))
      .text("right_digest", digest_text(right.timeline.digest()))
      .done();
}

// The run as it is at that moment.
Timeline run_until(Scenario scenario, Time at, const std::string& option) {
  if (at > scenario.until) {
    throw Failure(option + " " + format_duration(at) + " is after the end of the scenario, " + format_duration(scenario.until) +
                  "; --until lengthens it");
  }
  scenario.until = at;
  return run_to_end(scenario, FactLevel::story);
}

std::string differences_json(const std::string& left, const std::string& right, const std::vector<Difference>& all) {
  std::vector<std::string> rows;
  for (const Difference& each : all)
    rows.push_back(JsonObject().text("what", each.what).text("left", each.left).text("right", each.right).done());
  return JsonObject().text("left", left).text("right", right).json("differences", json_list(rows)).done();
}

// What differs between two moments of a run, or between two runs at one moment.
int compare_moments(const DiffOptions& options, Output& out) {
  const bool two_moments = !options.and_at.empty();
  if (two_moments && !options.right.empty()) throw Failure("--and goes with one scenario; two are compared at one moment, --at");
  const Time at = time_option("--at", options.at), other = two_moments ? time_option("--and", options.and_at) : at;
  const Scenario one = two_moments ? load(options.left, overrides_of(options.common)) : scenarios_of(options).first;
  const Timeline left = run_until(one, at, "--at");
  const Timeline right = run_until(two_moments ? one : scenarios_of(options).second, other, two_moments ? "--and" : "--at");
  const std::string changed = options.right.empty() && !two_moments ? changed_name(options) : bare_name(options.right);
  const std::string left_name = two_moments ? format_time(at) : bare_name(options.left);
  const std::string right_name = two_moments ? format_time(other) : changed;
  const std::vector<Difference> all = differences(left.world(), right.world());
  if (options.common.json) {
    out.text(differences_json(left_name, right_name, all));
    return all.empty() ? kExitFine : kExitFailed;
  }
  const std::string things = all.size() == 1 ? " thing differs" : " things differ";
  const std::string count = all.empty() ? "Nothing differs" : std::to_string(all.size()) + things;
  out.line(count + (two_moments ? " between " + left_name + " and " + right_name : " at " + format_time(at)) + (all.empty() ? "." : ":"));
  Table table{"", {"", left_name, right_name}, {}};
  for (const Difference& each : all) table.rows.push_back({each.what, each.left, each.right});
  if (!all.empty()) out.text(to_text({table}));
  return all.empty() ? kExitFine : kExitFailed;
}

int compare_runs(const DiffOptions& options, Output& out) {
  if (!options.at.empty()) return compare_moments(options, out);
  if (!options.and_at.empty()) throw Failure("--and wants another moment to hold against it: --at TIME --and TIME");
  const auto [left_scenario, right_scenario] = scenarios_of(options);
  const bool changed = options.right.empty();
  const Side left = run_side(bare_name(options.left), left_scenario);
  const Side right = run_side(changed ? changed_name(options) : bare_name(options.right), right_scenario);
  const std::optional<Divergence> parted = compare(left, right);
  if (options.common.json) out.text(difference_json(left, right, parted));
  else print_difference(left, right, parted, out);
  return parted ? kExitFailed : kExitFine;
}

}  // namespace

void add_diff(const CliCommand& program, Job& job) {
  const CliCommand command =
      program.command("diff", "Show where two runs part: of two scenarios, or of one with a change");
  auto options = std::make_shared<DiffOptions>();
  command.operand("A", options->left, "A scenario");
  command.operand("B", options->right, "Another one; without it, A is compared with A under --set or --seed", Need::optional);
  command.option("--at", options->at, "TIME", "Instead, list what differs at this moment ...");
  command.option("--and", options->and_at, "TIME", "... or between it and this one, of one scenario");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "Exits with 0 if there is no difference and 1 if there is one.\n"
      "\n"
      "Examples:\n"
      "  nutshell diff leader-failover --set acks=1\n"
      "  nutshell diff leader-failover --at 11s --and 25s\n"
      "  nutshell diff before.json after.json");
  command.on_chosen(job, options, compare_runs);
}

}  // namespace nutshell

#include "sim/command/options.h"

#include "sim/command/command_line.h"
#include "sim/command/failure.h"
#include "sim/core/text.h"
#include "sim/history/time_axis.h"
#include "sim/scenario/read.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

void add_deck(const CliCommand& command, std::string& deck, std::string& figures) {
  command.operand("DECK", deck, "The Markdown file");
  command.option("--figures", figures, "FILE", "The map of its figures; without it, DECK.figures.json beside it");
}

void add_common(const CliCommand& command, CommonOptions& options, Has has) {
  if (has != Has::output_only) {
    command.option("--seed", options.seed, "NUMBER", "Other luck: the seed of everything that is random");
    command.option("--until", options.until, "TIME", "Stop at this time instead, such as 30s");
    command.option("--set", options.set, "KEY=VALUE",
                   "Another value for a configuration key, such as acks=1 or replica.lag.time.max.ms=10s; for a\n"
                   "single client or topic, orders-app:acks=1. May be given several times");
  }
  command.flag("--json", options.json, "Print JSON, for programs");
  if (has == Has::overrides_and_digest) {
    command.flag("--digest", options.digest, "Print the digest of the run alone on the last line");
    command.exclude("--digest", "--json");
  }
  command.flag("--no-color", options.no_color, "No colours, even on a terminal");
}

Overrides overrides_of(const CommonOptions& options, Time latest) {
  Overrides overrides;
  if (!options.seed.empty()) {
    const std::int64_t seed = integer_option("--seed", options.seed);
    if (seed < 0) throw Failure("--seed " + options.seed + " is negative; give a whole number from 0 on");
    overrides.seed = static_cast<std::uint64_t>(seed);
  }
  if (!options.until.empty()) {
    overrides.until = time_option("--until", options.until, latest);
    if (*overrides.until == 0) throw Failure("--until 0s leaves no time to run; give a later time, such as 30s");
  }
  for (const std::string& each : options.set) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Failure("--set '" + each + "' has no value; write it as --set KEY=VALUE, such as --set acks=1");
    overrides.set.emplace_back(each.substr(0, equals), each.substr(equals + 1));
  }
  return overrides;
}

Time time_option(const std::string& option, const std::string& text, Time latest) {
  const std::optional<Duration> time = parse_duration(text);
  if (!time)
    throw Failure(option + " '" + text +
                  "' is no time; write a number with its unit, such as 12s, 500ms or 2m, or several in falling order, "
                  "such as 5m20s");
  if (*time < 0) throw Failure(option + " " + text + " is before the beginning; time begins at 0s");
  if (*time > latest)
    throw Failure(option + " " + text + " is too late; a run ends at " + format_duration(latest) + " at the latest");
  return *time;
}

AxisMode axis_option(const std::string& option, const std::string& text) {
  for (AxisMode each : {AxisMode::linear, AxisMode::by_event, AxisMode::compressed}) {
    if (text == axis_name(each)) return each;
  }
  throw Failure(option + " must be linear, event or compressed, but is '" + text + "'");
}

std::int64_t integer_option(const std::string& option, const std::string& text) {
  const std::optional<std::int64_t> number = parse_integer(text);
  if (!number) throw Failure(option + " '" + text + "' is no whole number");
  return *number;
}

}  // namespace nutshell

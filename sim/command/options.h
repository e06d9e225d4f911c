// The options that commands share, and how their texts become values.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "sim/command/output.h"
#include "sim/history/time_axis.h"
#include "sim/scenario/read.h"

namespace nutshell {

// What the command line asks for; returns the exit code, or throws Failure.
using Job = std::function<int(Output&)>;

struct CommonOptions {
  std::string seed, until;       // as written; empty: as the scenario says
  std::vector<std::string> set;  // "key=value"
  bool json = false;
  bool digest = false;
  bool no_color = false;
};

// Which of them a command has. All have --json and --no-color.
enum class Has : std::uint8_t { output_only, overrides, overrides_and_digest };
void add_common(CLI::App& command, CommonOptions& options, Has has);

// What the options change in a scenario. Throws Failure when one makes no sense.
Overrides overrides_of(const CommonOptions& options);

// A moment or a duration from an option: "12s", "1.5s", "2m". Throws Failure, naming the option.
Time time_option(const std::string& option, const std::string& text);
// "linear", "event" or "compressed".
AxisMode axis_option(const std::string& option, const std::string& text);
std::int64_t integer_option(const std::string& option, const std::string& text);

// `command` on the command line makes `work` the job.
template <class Options>
void on_chosen(CLI::App& command, Job& job, std::shared_ptr<Options> options, int (*work)(const Options&, Output&)) {
  command.callback([&job, options = std::move(options), work] {
    job = [options, work](Output& out) {
      out.use_colour(!options->common.no_color && !options->common.json && wants_colour(1));
      return work(*options, out);
    };
  });
}

}  // namespace nutshell

// The options that commands share, and how their texts become values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/cluster/limits.h"
#include "sim/command/output.h"
#include "sim/core/types.h"

namespace nutshell {

class CliCommand;

enum class AxisMode : std::uint8_t;
struct Overrides;

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
void add_common(const CliCommand& command, CommonOptions& options, Has has);

// DECK, and --figures: the map beside it unless said.
void add_deck(const CliCommand& command, std::string& deck, std::string& figures);

// What the options change in a scenario. Throws Failure when one makes no sense.
Overrides overrides_of(const CommonOptions& options, Time latest = kMaxUntil);

// A moment or a duration from an option: "12s", "1.5s", "2m". Throws Failure, naming the option.
Time time_option(const std::string& option, const std::string& text, Time latest = kMaxUntil);
// "linear", "event" or "compressed".
AxisMode axis_option(const std::string& option, const std::string& text);
std::int64_t integer_option(const std::string& option, const std::string& text);

}  // namespace nutshell

#include "sim/command/program.h"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/core/text.h"

namespace nutshell {
namespace {

constexpr const char* kAbout =
    "Nutshell: a Kafka cluster in a nutshell. It plays scenarios in a simulated cluster, the same every time.";

constexpr const char* kWelcome =
    "Nutshell: a Kafka cluster in a nutshell.\n"
    "\n"
    "  nutshell list scenarios                 what there is to see\n"
    "  nutshell play leader-failover           watch a story in the terminal: space, arrow keys, q\n"
    "  nutshell transcript leader-failover     read it\n"
    "  nutshell run leader-failover --set acks=1\n"
    "                                          what happens with another setting\n"
    "  nutshell describe leader-failover --at 20s topics\n"
    "                                          what Kafka's tools would print at that moment\n"
    "  nutshell why leader-failover --at 30s --fact leader_elected\n"
    "                                          what led to it\n"
    "  nutshell check scenarios                does every scenario come out as it says?\n"
    "\n"
    "Each command explains itself: nutshell play --help. All commands: nutshell --help.\n";

constexpr const char* kFooter =
    "A FILE is a path, the name of a scenario that comes with Nutshell (nutshell list scenarios), or a share code.\n"
    "A TIME has a unit: 12s, 1.5s, 500ms, 2m.\n"
    "\n"
    "Exit codes: 0 fine; 1 a check failed, or two runs differ; 2 wrong usage, or a scenario with mistakes;\n"
    "3 the output could not be written.\n";

// One sentence, or several lines.
void complain(const std::string& what) {
  std::istringstream lines(what);
  std::string text = "nutshell: ";
  for (std::string line; std::getline(lines, line);) text += printable(line) + "\n";
  std::cerr << text << std::flush;
}

// The message as one sentence, with the nearest name of a command.
std::string usage_error(const CommandLine& line, std::string what, const std::vector<std::string>& words) {
  const std::vector<std::string> names = line.commands();
  const bool command = !words.empty() && std::find(names.begin(), names.end(), words.front()) != names.end();
  if (command) {
    std::replace(what.begin(), what.end(), '\n', ' ');
    return what + "; 'nutshell " + words.front() + " --help' explains";
  }
  const std::string word = words.empty() ? "" : words.front();
  const std::string near = nearest_name(word, {names.begin(), names.end()});
  const std::string kind = !word.empty() && word.front() == '-' ? "option" : "command";
  return "there is no " + kind + " '" + word + "'; " +
         (near.empty() ? "'nutshell --help' lists what there is" : "did you mean '" + near + "'?");
}

int finish(Output& out, int exit_code) {
  const std::string error = out.flush();
  if (error.empty()) return exit_code;
  complain("the output could not be written: " + error);
  return kExitNoOutput;
}

void add_commands(const CliCommand& program, Job& job, const std::vector<AddCommand>& more) {
  for (auto* add :
       {add_play, add_run, add_transcript, add_check, add_validate, add_describe, add_why, add_diagram, add_diff, add_share,
         add_list, add_slides, add_schema, add_cost, add_rivals, add_ksql, add_ksql_test, add_connect})
    add(program, job);
  for (const AddCommand add : more) add(program, job);
}

// Reads the words; an exit code if that is all there is to do.
std::optional<int> read(CommandLine& line, const std::vector<std::string>& words, Output& out) {
  const CommandLine::Answer answer = line.read(words);
  switch (answer.read) {
    case CommandLine::Read::chosen: return std::nullopt;
    case CommandLine::Read::text: out.text(answer.text); return finish(out, kExitFine);
    case CommandLine::Read::mistake: complain(usage_error(line, answer.text, words)); return kExitBadInput;
  }
  return kExitInternal;
}

int do_command(const std::vector<std::string>& words, const std::vector<AddCommand>& more) {
  Output out;
  if (words.empty()) {
    out.text(kWelcome);
    return finish(out, kExitFine);
  }
  CommandLine line(kAbout, "nutshell", std::string("nutshell ") + NUTSHELL_VERSION, kFooter);
  Job job;
  add_commands(line.program(), job, more);
  if (const std::optional<int> done = read(line, words, out)) return *done;
  try {
    return finish(out, job(out));
  } catch (const Failure& failure) {
    const int written = finish(out, failure.exit_code());
    complain(failure.what());
    return written;
  }
}

}  // namespace

int run_program(int argc, char** argv, const std::vector<AddCommand>& more) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that has gone is told as a write error
  try {
    return do_command(std::vector<std::string>(argv + 1, argv + argc), more);
  } catch (const std::bad_alloc&) {
    std::cerr << "nutshell: there is not enough memory for this run; --until makes it shorter\n";
  } catch (const std::exception& error) {
    std::cerr << "nutshell: internal error: " << error.what() << "\n";
  }
  return kExitInternal;
}

}  // namespace nutshell

// nutshell check: does every scenario come out as it says?
#include "sim/command/command_line.h"
#include "sim/scenario/check.h"

#include <unistd.h>

#include <iostream>

#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/digest.h"
#include "sim/core/text.h"
#include "sim/scenario/transcript.h"

namespace nutshell {
namespace {

struct CheckOptions {
  CommonOptions common;
  std::vector<std::string> files;
};

struct Checked {
  std::string file;
  bool readable = false;
  Verdict verdict;
  std::string mistakes;  // of a file that cannot be read
};

// A bar on standard error while people wait; nothing when that is no terminal.
class Progress {
 public:
  explicit Progress(std::size_t total) : shown_(total > 0 && wants_colour(STDERR_FILENO)), total_(total) {}
  void show(std::size_t done, const std::string& name) {
    if (!shown_) return;
    constexpr std::size_t kWidth = 30;
    const std::size_t filled = kWidth * done / total_;
    std::cerr << "\r\x1b[K[" << std::string(filled, '#') << std::string(kWidth - filled, '.') << "] " << done << "/"
              << total_ << " " << printable(name.substr(0, 30)) << std::flush;
  }
  // Makes room for a line of the output.
  void hide() {
    if (shown_) std::cerr << "\r\x1b[K" << std::flush;
  }

 private:
  bool shown_;
  std::size_t total_;
};

Checked check_file(const std::string& file, const Overrides& overrides) {
  Checked checked;
  checked.file = file;
  const LoadResult loaded = load_scenario(file, overrides);
  checked.readable = loaded.scenario.has_value();
  if (checked.readable) checked.verdict = check_scenario(*loaded.scenario);
  else checked.mistakes = to_text(loaded.problems);
  return checked;
}

std::string count(std::size_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

void print_checked(const Checked& checked, Output& out) {
  const std::string name = bare_name(checked.file);
  const Verdict& verdict = checked.verdict;
  if (!checked.readable) {
    out.line("broken  " + name, Style::bad);
    out.text(checked.mistakes);
  } else if (verdict.passed) {
    out.line("ok      " + name + ": " + count(verdict.expectations, "expectation") + ", " +
                 count(verdict.beats, "beat") + ", " + count(verdict.questions, "question") + ", " +
                 (verdict.goals > 0 ? count(verdict.goals, "goal") + ", " : "") +
                 count(verdict.promises, "promise") + " tried " + std::to_string(verdict.trials) + " times, digest " +
                 digest_text(verdict.digest),
             Style::good);
  } else {
    out.line("FAILED  " + name + ": " + count(verdict.failures.size(), "failure"), Style::bad);
    for (const std::string& failure : verdict.failures) out.line("        " + failure);
  }
}

std::string checked_json(const Checked& checked) {
  const Verdict& verdict = checked.verdict;
  JsonObject object;
  object.text("scenario", bare_name(checked.file)).text("file", checked.file).truth("readable", checked.readable);
  object.truth("passed", checked.readable && verdict.passed);
  if (!checked.readable) return object.text("mistakes", checked.mistakes).done();
  return object.json("failures", json_strings(verdict.failures))
      .count("expectations", verdict.expectations)
      .count("promises", verdict.promises)
      .count("trials", verdict.trials)
      .count("beats", verdict.beats)
      .count("questions", verdict.questions)
      .count("goals", verdict.goals)
      .count("steps", verdict.steps)
      .text("digest", digest_text(verdict.digest))
      .done();
}

// Of one run its own digest, of several a digest over theirs in order.
std::uint64_t digest_of_all(const std::vector<Checked>& all) {
  if (all.size() == 1) return all.front().verdict.digest;
  std::uint64_t digest = 0;
  for (const Checked& each : all) digest = mix(digest, each.verdict.digest);
  return digest;
}

struct Tally {
  std::size_t passed = 0, failed = 0, broken = 0;
};

Tally tally_of(const std::vector<Checked>& all) {
  Tally tally;
  for (const Checked& each : all) ++(!each.readable ? tally.broken : each.verdict.passed ? tally.passed : tally.failed);
  return tally;
}

void print_summary(const std::vector<Checked>& all, const Tally& tally, const CommonOptions& options, Output& out) {
  if (options.json) {
    std::vector<std::string> each;
    for (const Checked& checked : all) each.push_back(checked_json(checked));
    out.text(JsonObject()
                 .json("scenarios", json_list(each))
                 .count("passed", tally.passed)
                 .count("failed", tally.failed)
                 .count("broken", tally.broken)
                 .text("digest", digest_text(digest_of_all(all)))
                 .done());
  } else if (all.size() > 1) {
    out.line(count(all.size(), "scenario") + ": " + std::to_string(tally.passed) + " ok, " +
                 std::to_string(tally.failed) + " failed, " + std::to_string(tally.broken) + " broken",
             Style::bold);
  }
  if (options.digest) out.line(digest_text(digest_of_all(all)));
}

int check(const CheckOptions& options, Output& out) {
  const Overrides overrides = overrides_of(options.common);
  const std::vector<std::string> files = find_scenario_files(options.files);
  Progress progress(files.size());
  std::vector<Checked> all;
  for (const std::string& file : files) {
    progress.show(all.size(), bare_name(file));
    all.push_back(check_file(file, overrides));
    progress.hide();
    if (!options.common.json) print_checked(all.back(), out);
    if (!out.flush().empty()) break;
  }
  const Tally tally = tally_of(all);
  print_summary(all, tally, options.common, out);
  if (tally.broken > 0) return kExitBadInput;
  return tally.failed > 0 ? kExitFailed : kExitFine;
}

}  // namespace

void add_check(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("check", "Play scenarios and judge their expectations and all promises");
  auto options = std::make_shared<CheckOptions>();
  command.operand("FILE", options->files, "Scenarios, or folders of them");
  add_common(command, options->common, Has::overrides_and_digest);
  command.footer(
      "Prints a line for each, and exits with 0 if all come out as they say, 1 if one does not, 2 if one has "
      "mistakes.\n"
      "\n"
      "Examples:\n"
      "  nutshell check scenarios\n"
      "  nutshell check leader-failover --seed 7");
  command.on_chosen(job, options, check);
}

}  // namespace nutshell

// What a command takes, said in one place: its options, what they fill, and the sentences that explain them.
// The command-line library (CLI11) reads the words; it is large, and only command_line.cpp sees it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/command/options.h"

namespace CLI {
class App;
}

namespace nutshell {

enum class Need : std::uint8_t { required, optional };

// A command while it is described. A handle: what it names lives as long as the CommandLine. What options fill must live
// until the job is done; `on_chosen` sees to that.
class CliCommand {
 public:
  explicit CliCommand(CLI::App& app) : app_(&app) {}

  // A command within this one. A group has nothing to do itself.
  CliCommand command(const std::string& name, const std::string& about) const;
  CliCommand group(const std::string& name, const std::string& about) const;
  // One that was described before; it must be there.
  CliCommand existing(const std::string& name) const;

  // Words without a dash, by their place: one, or as many as there are.
  void operand(const std::string& name, std::string& into, const std::string& about, Need need = Need::required) const;
  void operand(const std::string& name, std::vector<std::string>& into, const std::string& about,
               Need need = Need::required) const;
  // --name VALUE ("-o,--output" for two names), where VALUE is what the help calls it. Into a list: may be given several times.
  void option(const std::string& name, std::string& into, const std::string& value, const std::string& about,
              Need need = Need::optional) const;
  void option(const std::string& name, std::vector<std::string>& into, const std::string& value,
              const std::string& about) const;
  // --name A,B,C
  void list(const std::string& name, std::vector<std::string>& into, const std::string& value,
            const std::string& about) const;
  void flag(const std::string& name, bool& into, const std::string& about) const;
  // These two cannot be asked for together.
  void exclude(const std::string& name, const std::string& other) const;
  // What the help says last.
  void footer(const std::string& text) const;

  // This command on the command line makes `work` the job.
  template <class Options>
  void on_chosen(Job& job, std::shared_ptr<Options> options, int (*work)(const Options&, Output&)) const {
    chosen([&job, options = std::move(options), work] {
      job = [options, work](Output& out) {
        out.use_colour(!options->common.no_color && !options->common.json && wants_colour(1));
        return work(*options, out);
      };
    });
  }

 private:
  void chosen(std::function<void()> then) const;

  CLI::App* app_;
};

// The program and all its commands.
class CommandLine {
 public:
  CommandLine(const std::string& about, const std::string& name, const std::string& version, const std::string& footer);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  CliCommand program() const;
  std::vector<std::string> commands() const;

  // What the words come to: a command was chosen, a text was asked for (help, version), or they make no sense (the
  // library's message).
  enum class Read : std::uint8_t { chosen, text, mistake };
  struct Answer {
    Read read = Read::chosen;
    std::string text;
  };
  Answer read(const std::vector<std::string>& words);

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace nutshell

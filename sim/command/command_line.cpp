#include "sim/command/command_line.h"

#include <CLI/CLI.hpp>

namespace nutshell {

CliCommand CliCommand::command(const std::string& name, const std::string& about) const {
  return CliCommand(*app_->add_subcommand(name, about));
}

CliCommand CliCommand::group(const std::string& name, const std::string& about) const {
  CLI::App* group = app_->add_subcommand(name, about);
  group->require_subcommand(1);
  return CliCommand(*group);
}

CliCommand CliCommand::existing(const std::string& name) const { return CliCommand(*app_->get_subcommand(name)); }

void CliCommand::operand(const std::string& name, std::string& into, const std::string& about, Need need) const {
  app_->add_option(name, into, about)->type_name("")->required(need == Need::required);
}

void CliCommand::operand(const std::string& name, std::vector<std::string>& into, const std::string& about,
                         Need need) const {
  app_->add_option(name, into, about)->type_name("")->required(need == Need::required);
}

void CliCommand::option(const std::string& name, std::string& into, const std::string& value,
                        const std::string& about, Need need) const {
  app_->add_option(name, into, about)->type_name(value)->required(need == Need::required);
}

void CliCommand::option(const std::string& name, std::vector<std::string>& into, const std::string& value,
                        const std::string& about) const {
  app_->add_option(name, into, about)->type_name(value)->allow_extra_args(false);
}

void CliCommand::list(const std::string& name, std::vector<std::string>& into, const std::string& value,
                      const std::string& about) const {
  app_->add_option(name, into, about)->delimiter(',')->type_name(value);
}

void CliCommand::flag(const std::string& name, bool& into, const std::string& about) const {
  app_->add_flag(name, into, about);
}

void CliCommand::exclude(const std::string& name, const std::string& other) const {
  app_->get_option(name)->excludes(app_->get_option(other));
}

void CliCommand::footer(const std::string& text) const {
  app_->footer(text);
}

void CliCommand::chosen(std::function<void()> then) const { app_->callback(std::move(then)); }

CommandLine::CommandLine(const std::string& about, const std::string& name, const std::string& version,
                         const std::string& footer)
    : app_(std::make_unique<CLI::App>(about, name)) {
  app_->set_version_flag("--version", version);
  app_->require_subcommand(1);
  app_->footer(footer);
}

CommandLine::~CommandLine() = default;

CliCommand CommandLine::program() const { return CliCommand(*app_); }

std::vector<std::string> CommandLine::commands() const {
  std::vector<std::string> names;
  const CLI::App& program = *app_;
  for (const CLI::App* each : program.get_subcommands(nullptr)) names.push_back(each->get_name());
  return names;
}

CommandLine::Answer CommandLine::read(const std::vector<std::string>& words) {
  try {
    app_->parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return {Read::text, app_->help()};
  } catch (const CLI::CallForVersion& version) {
    return {Read::text, version.what()};
  } catch (const CLI::ParseError& error) {
    return {Read::mistake, error.what()};
  }
  return {};
}

}  // namespace nutshell

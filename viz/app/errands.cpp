#include "viz/app/errands.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/scenario/write.h"

namespace nutshell {

std::optional<Command> Errands::take_due(Session& session) {
  if (!awaited_) return std::nullopt;
  if (session.lies_ahead(*awaited_)) {
    session.bring_near(*awaited_);
    return std::nullopt;
  }
  return std::exchange(awaited_, std::nullopt);
}

void Errands::go_on_joining(Session& session) {
  if (!joining_) return;
  const Joining& joining = *joining_;
  const auto is_near = [&](CommandName name, std::int64_t value) {
    const Command command{name, value, {}};
    if (session.lies_ahead(command)) session.bring_near(command);
    return !session.lies_ahead(command);
  };
  if (session.current() != joining.branch) {
    if (!is_near(CommandName::switch_branch, static_cast<std::int64_t>(joining.branch))) return;
    session.switch_to(joining.branch);
  }
  if (session.view_time() != joining.at) {
    if (!is_near(CommandName::go_to_time, joining.at)) return;
    session.go_to_time(joining.at);
  }
  if (joining.beside) {
    if (!is_near(CommandName::compare_with, static_cast<std::int64_t>(*joining.beside))) return;
    session.compare_with(joining.beside);
  }
  if (!joining.warning.empty()) session.say(joining.warning);
  joining_.reset();
}

void Errands::save(Session& session, std::size_t branch) {
  if (std::find(saving_.begin(), saving_.end(), branch) == saving_.end()) saving_.push_back(branch);
  go_on_saving(session);
}

void Errands::go_on_saving(Session& session) {
  if (saving_.empty()) return;
  const Command save_it{CommandName::save, static_cast<std::int64_t>(saving_.front()), {}};
  if (session.lies_ahead(save_it)) session.bring_near(save_it);
  if (session.lies_ahead(save_it)) return;
  write(session, saving_.front());
  saving_.erase(saving_.begin());
}

void Errands::finish_saving(Session& session) {
  for (; !saving_.empty(); session.run_on()) go_on_saving(session);
}

// Under a name that no file has yet.
void Errands::write(Session& session, std::size_t which) const {
  namespace fs = std::filesystem;
  const Branch& branch = *session.branches()[which];
  fs::path path;
  std::string name;
  for (int i = 1; path.empty() || fs::exists(path); ++i) {
    name = branch.scenario.name + "-" + std::to_string(i);
    path = fs::path(folder_) / (name + ".json");
  }
  const Scenario scenario = as_scenario(branch, name);
  std::ofstream file(path);
  file << write_scenario(scenario);
  file.close();
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed).lexically_normal();
  const std::string place = failed ? path.string() : whole.string();
  if (!file) return session.say("It could not be saved as " + place + "; is there room, and may you write there?");
  session.set_saved(which);
  session.say("Saved as " + place + ", with the title \u201c" + scenario.title + "\u201d.");
}

// The scripted part of a lesson may keep a promise from being broken by hand.
void Errands::check_expected(Session& session) {
  if (expected_ && expected_->branch != session.current()) expected_.reset();
  if (!expected_ || !session.whole()) return;
  if (!session.breaks_later(expected_->promise))
    session.say("The lesson's own script comes in between: this time the promise will hold. U goes back.");
  expected_.reset();
}

}  // namespace nutshell

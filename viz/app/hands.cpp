// What hands ask of the app: tools, menus, the text that a row asks for, comparing and saving.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/core/text.h"
#include "sim/scenario/write.h"
#include "sim/session/image.h"
#include "sim/session/variations.h"
#include "viz/app/app.h"

namespace nutshell {

namespace {

constexpr std::size_t kLongestTyped = 120;  // bytes; codes may be longer

}  // namespace

void App::take(const Offer& offer, const Place& place) {
  if (offer.asks_why) return ask_why(place);
  if (offer.branch) return carry_out({CommandName::compare_with, static_cast<std::int64_t>(*offer.branch), {}});
  if (!offer.key.empty()) return session_->say(show_beside(offer.key, offer.value));
  if (!offer.reason.empty()) return session_->say(offer.reason);
  if (!offer.config_target.empty()) {
    const std::string example = config_example(session_->world(), offer.config_target);
    view_.prompt = {true, "Key and value for " + offer.config_target + (example.empty() ? "" : ", such as  " + example) +
                              ". Tab completes.", "", offer.config_target};
    complete_prompt();
    return;
  }
  if (!offer.new_topic.empty()) {
    view_.prompt = {true, "A new topic: its name, partitions, replicas. Enter takes what stands there.", "", "", false, offer.new_topic};
    return;
  }
  if (!offer.more.empty() || offer.deeds.empty()) return;
  awaited_.reset();
  joining_.reset();
  if (!session_->act(offer.deeds, offer.deeds.size() > 2 ? offer.label : "").empty()) return;
  if (!offer.breaks.empty()) expected_ = Expected{std::string(offer.breaks), session_->current()};
  view_.selected = place;
}

void App::ask_why(const Place& place) {
  view_.why = reason_of(session_->timeline(), place, !session_->asking());
  view_.why_branch = session_->current();
  show_tab(Tab::why);
}

// At once where something is selected that it works on, or if it needs nothing; else it is taken in hand.
void App::use(Tool tool, const Place& place) {
  if (session_->asking()) return session_->say(std::string(kAsleep));
  if (view_.hand == tool && !place) {
    view_.hand = Tool::none;
    return;
  }
  const std::optional<Offer> offer = offer_of(session_->world(), place, tool);
  if (offer) {
    view_.hand = Tool::none;
    return take(*offer, place);
  }
  const bool tried = view_.hand == tool;
  view_.hand = tool;
  const auto row = std::find_if(tools().begin(), tools().end(), [&](const ToolRow& each) { return each.tool == tool; });
  if (tried) session_->say(std::string(row->name) + " works on " + std::string(row->needs) + ".");
}

bool App::obey_menu(const Command& command) {
  Menu& menu = view_.menu;
  if (!menu.open) return false;
  const std::vector<Offer> rows = menu_rows(session_->world(), menu);
  const std::size_t count = std::max<std::size_t>(rows.size(), 1);
  const auto choose = [&](std::size_t which) {
    if (which >= rows.size()) return;
    if (!rows[which].more.empty()) {
      menu.path.push_back(which);
      menu.chosen = 0;
      return;
    }
    menu.open = !rows[which].reason.empty();
    take(rows[which], menu.place);
  };
  switch (command.name) {
    case CommandName::slower: menu.chosen = (menu.chosen + 1) % count; return true;
    case CommandName::faster: menu.chosen = (menu.chosen + count - 1) % count; return true;
    case CommandName::choose_row: choose(static_cast<std::size_t>(command.value)); return true;
    case CommandName::reveal:
    case CommandName::next: choose(menu.chosen); return true;
    case CommandName::back:
      if (menu.path.empty()) menu.open = false;
      else menu.path.pop_back();
      menu.chosen = 0;
      return true;
    case CommandName::close:
      menu.open = false;
      return true;
    default: menu.open = false; return false;
  }
}

bool App::obey_hands(const Command& command) {
  switch (command.name) {
    case CommandName::tool:
      // The blank key of many remotes is a B, and before an audience there is no belt of tools.
      if (view_.projector && command.value == static_cast<std::int64_t>(Tool::add_broker) && !view_.menu.open)
        return obey_view({CommandName::black, 0, {}});
      use(static_cast<Tool>(command.value), command.place ? command.place : view_.selected);
      return true;
    case CommandName::menu: {
      if (view_.overlay != Overlay::none) return true;
      const Place place = command.value == 1 ? command.place : view_.selected;
      Point at = command.value == 1 ? mouse_ : stage_.center();
      for (const Spot& each : view_.spots) {
        if (command.value != 1 && each.place == place && place) at = each.rect.center();
      }
      view_.menu = {true, place, {}, at, {}, 0, {}};
      if (command.place) view_.selected = command.place;
      return true;
    }
    case CommandName::move_consumer: move_consumer(command.place, command.value); return true;
    case CommandName::why: ask_why(view_.hovered ? view_.hovered : view_.selected); return true;
    case CommandName::hint: ++view_.hints; return true;
    case CommandName::compare: compare(); return true;
    case CommandName::save:
      if (std::find(saving_.begin(), saving_.end(), session_->current()) == saving_.end()) saving_.push_back(session_->current());
      go_on_saving();
      return true;
    case CommandName::share: carry_out(command); return true;
    case CommandName::mark:
      session_->mark();
      view_.selected = {};
      show_tab(Tab::inspector);
      return true;
    default: return false;
  }
}

// Beside the branch it came from at once; else there is a choice of branches and settings.
void App::compare() {
  Session& session = *session_;
  if (session.compared()) return session.compare_with(std::nullopt);
  const std::optional<std::size_t> parent = session.branches()[session.current()]->parent;
  if (parent) return carry_out({CommandName::compare_with, static_cast<std::int64_t>(*parent), {}});
  std::vector<Offer> rows;
  for (std::size_t i = 0; i < session.branches().size(); ++i) {
    if (i == session.current()) continue;
    const Branch& branch = *session.branches()[i];
    rows.push_back({branch.parent ? format_time(branch.began) + "  " + branch.name : branch.name});
    rows.back().branch = i;
  }
  const auto is_there = [&](const Variation& each) {
    return std::any_of(session.branches().begin(), session.branches().end(),
                       [&](const auto& branch) { return branch->name == each.key + "=" + each.value; });
  };
  for (Variation& each : variations(session.scenario())) {
    if (is_there(each)) continue;
    rows.push_back({std::move(each.label)});
    rows.back().key = std::move(each.key);
    rows.back().value = std::move(each.value);
  }
  view_.menu = {true, {}, std::move(rows), stage_.center(), {}, 0, {}};
}

std::string App::show_beside(const std::string& key, const std::string& value) {
  std::string problem;
  Scenario other = varied(session_->scenario(), key, value, problem);
  if (!problem.empty()) return problem;
  const std::string name = key == "seed" ? "seed " + std::to_string(other.setup.seed) : key + "=" + value;
  const auto& branches = session_->branches();
  const std::string text = write_scenario(other);
  const auto same = std::find_if(branches.begin(), branches.end(), [&](const auto& each) {
    return !each->parent && each->name == name && write_scenario(each->scenario) == text;
  });
  const std::size_t shown = same == branches.end() ? session_->add_universe(std::move(other), name, key)
                                                   : static_cast<std::size_t>(same - branches.begin());
  carry_out({CommandName::compare_with, static_cast<std::int64_t>(shown), {}});
  return "";
}

// What was asked to be saved is, whatever is done meanwhile.
void App::go_on_saving() {
  if (saving_.empty()) return;
  const Command save_it{CommandName::save, static_cast<std::int64_t>(saving_.front()), {}};
  if (session_->lies_ahead(save_it)) session_->bring_near(save_it);
  if (session_->lies_ahead(save_it)) return;
  save(saving_.front());
  saving_.erase(saving_.begin());
}

void App::finish_saving() {
  for (; !saving_.empty(); session_->run_on()) go_on_saving();
}

// Under a name that no file has yet.
void App::save(std::size_t which) {
  namespace fs = std::filesystem;
  const Branch& branch = *session_->branches()[which];
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
  if (!file) return session_->say("It could not be saved as " + place + "; is there room, and may you write there?");
  session_->set_saved(which);
  session_->say("Saved as " + place + ", with the title \u201c" + scenario.title + "\u201d.");
}

void App::create_topic() {
  Prompt& prompt = view_.prompt;
  const std::variant<std::string, CreateTopic> topic = typed_topic(session_->world(), prompt.text, prompt.usual);
  if (const auto* why = std::get_if<std::string>(&topic)) {
    prompt.complaint = *why;
    return;
  }
  prompt.complaint = session_->act(ActionBody(std::get<CreateTopic>(topic)));
  prompt.open = !prompt.complaint.empty();
}

// A consumer was let go over a group.
void App::move_consumer(const Place& place, std::int64_t group) {
  const World& world = session_->world();
  const Node* node = node_at(world, place.node);
  if (!node || node->kind != NodeKind::consumer) return;
  const std::string name = group < 0 ? new_group(world) : std::string(world.fabric.names[static_cast<std::int32_t>(group)]);
  take(move_to_group(world, *node, name), {});
}

void App::change_config() {
  Prompt& prompt = view_.prompt;
  const std::size_t equals = prompt.text.find('=');
  if (equals == std::string::npos) {
    prompt.complaint = "A key, then =, then the value: " + config_example(session_->world(), prompt.target);
    return;
  }
  const ActionBody action = SetConfig{prompt.target, prompt.text.substr(0, equals), prompt.text.substr(equals + 1)};
  prompt.complaint = impossible(session_->world(), action);
  if (prompt.complaint.empty()) prompt.complaint = refusal(session_->world(), action);
  if (prompt.complaint.empty()) prompt.complaint = pointless(session_->world(), action);
  if (prompt.complaint.empty()) prompt.complaint = session_->act(action);
  prompt.open = !prompt.complaint.empty();
}

void App::complete_prompt() {
  Prompt& prompt = view_.prompt;
  prompt.chosen.reset();
  prompt.completions.clear();
  if (!prompt.target.empty()) prompt.completions = config_completions(session_->world(), prompt.target, prompt.text);
  // What stands there already needs no completing.
  if (prompt.completions.size() == 1 && prompt.completions.front().text == prompt.text) prompt.completions.clear();
}

void App::take_completion(std::size_t which) {
  Prompt& prompt = view_.prompt;
  if (which >= prompt.completions.size()) return;
  prompt.text = prompt.completions[which].text;
  prompt.caret = {prompt.text.size(), prompt.text.size()};
  prompt.complaint.clear();
  complete_prompt();
}

// Keys that go into the text that is asked for. False: none is.
bool App::type(const KeyPress& press) {
  Prompt& prompt = view_.prompt;
  if (!prompt.open) return false;
  const std::size_t count = prompt.completions.size();
  switch (press.key) {
    case KeyName::escape: prompt.open = false; return true;
    case KeyName::enter:
      if (prompt.chosen) take_completion(*prompt.chosen);
      else if (!prompt.usual.empty()) create_topic();
      else prompt.code ? join_typed() : change_config();
      return true;
    case KeyName::tab: take_completion(prompt.chosen.value_or(0)); return true;
    case KeyName::down:
      if (count > 0) prompt.chosen = prompt.chosen ? (*prompt.chosen + 1) % count : 0;
      return true;
    case KeyName::up:
      if (count > 0) prompt.chosen = (prompt.chosen.value_or(0) + count - 1) % count;
      return true;
    default: break;
  }
  const std::string before = prompt.text;
  edit(prompt.text, prompt.caret, press);
  if (!prompt.code && prompt.text.size() > kLongestTyped) prompt.text = before;
  if (prompt.text == before) return true;
  prompt.complaint.clear();
  complete_prompt();
  return true;
}

}  // namespace nutshell

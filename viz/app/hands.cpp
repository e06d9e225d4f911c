// What hands ask of the app: tools, menus, the text that a row asks for, comparing and saving.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "sim/scenario/write.h"
#include "viz/app/app.h"
#include "viz/session/image.h"
#include "viz/session/variations.h"

namespace nutshell {

void App::take(const Offer& offer, const Place& place) {
  if (offer.asks_why) return ask_why(place);
  if (offer.branch) return carry_out({CommandName::compare_with, static_cast<std::int64_t>(*offer.branch), {}});
  if (!offer.key.empty()) return session_->say(show_beside(offer.key, offer.value));
  if (!offer.reason.empty()) return session_->say(offer.reason);
  if (!offer.config_target.empty()) {
    view_.prompt = {true, "Key and value for " + offer.config_target + ", such as  acks=1", "", offer.config_target};
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
  view_.tab = Tab::why;
  view_.panel = true;
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
      view_.tab = Tab::inspector;
      view_.panel = true;
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
    rows.push_back({session.branches()[i]->name});
    rows.back().branch = i;
  }
  for (Variation& each : variations(session.scenario())) {
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
  const std::size_t added = session_->add_universe(std::move(other), name, key);
  carry_out({CommandName::compare_with, static_cast<std::int64_t>(added), {}});
  return "";
}

// What was asked to be saved is, whatever is done meanwhile.
void App::go_on_saving() {
  if (saving_.empty()) return;
  const Command save_it{CommandName::save, static_cast<std::int64_t>(saving_.front()), {}};
  if (session_->lies_ahead(save_it)) session_->bring_near(save_it);
  if (session_->lies_ahead(save_it)) return;
  save(*session_->branches()[saving_.front()]);
  saving_.erase(saving_.begin());
}

void App::finish_saving() {
  for (; !saving_.empty(); session_->run_on()) go_on_saving();
}

// Under a name that no file has yet.
void App::save(const Branch& branch) {
  namespace fs = std::filesystem;
  fs::path path;
  std::string name;
  for (int i = 1; path.empty() || fs::exists(path); ++i) {
    name = branch.scenario.name + "-" + std::to_string(i);
    path = fs::path(folder_) / (name + ".json");
  }
  std::ofstream file(path);
  file << write_scenario(as_scenario(branch, name));
  file.close();
  if (file) session_->say("Saved as " + path.string() + ".");
  else session_->say("It could not be saved as " + path.string() + "; is there room, and may you write there?");
}

void App::create_topic() {
  Prompt& prompt = view_.prompt;
  const std::variant<std::string, CreateTopic> topic = typed_topic(session_->world(), prompt.text, prompt.usual);
  if (const auto* why = std::get_if<std::string>(&topic)) {
    prompt.title = *why;
    return;
  }
  prompt.title = session_->act(ActionBody(std::get<CreateTopic>(topic)));
  prompt.open = !prompt.title.empty();
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
    prompt.title = "A key, then =, then the value: min.insync.replicas=1";
    return;
  }
  const SetConfig action{prompt.target, prompt.text.substr(0, equals), prompt.text.substr(equals + 1)};
  const std::string problem = session_->act(ActionBody(action));
  if (problem.empty()) prompt.open = false;
  else prompt.title = problem;
}

// Keys that go into the text that is asked for. False: none is.
bool App::type(const KeyPress& press) {
  Prompt& prompt = view_.prompt;
  if (!prompt.open) return false;
  if (press.key == KeyName::escape) prompt.open = false;
  else if (press.key == KeyName::backspace && !prompt.text.empty()) prompt.text.pop_back();
  else if (press.key == KeyName::enter && !prompt.usual.empty()) create_topic();
  else if (press.key == KeyName::enter) prompt.code ? join_typed() : change_config();
  else if (prompt.code && press.control && press.character == U'v') paste_code();
  else if (press.key == KeyName::character && press.character >= U' ' && press.character < 127 && !press.control &&
           (prompt.code || prompt.text.size() < 120)) {
    const bool letter = press.character >= U'a' && press.character <= U'z';
    prompt.text += static_cast<char>(letter && press.shift ? press.character - U'a' + U'A' : press.character);
  }
  return true;
}

}  // namespace nutshell

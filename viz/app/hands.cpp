// Tools, the menu of a place, and what is shown beside.
#include "viz/app/hands.h"

#include <algorithm>

#include "sim/cluster/ksql_film.h"
#include "sim/core/text.h"
#include "sim/session/image.h"
#include "sim/session/rival_offers.h"
#include "sim/session/variations.h"
#include "viz/panels/topology.h"

namespace nutshell {

namespace {

std::size_t first_with_key(const Session& session) {
  const std::vector<RivalOffer> offers = rival_offers(session);
  const auto found = std::find_if(offers.begin(), offers.end(), [](const RivalOffer& each) { return !each.key.empty(); });
  return static_cast<std::size_t>(found - offers.begin());
}

void show_why(App& app, Reason reason) {
  app.panels().why = std::move(reason);
  app.panels().why_branch = app.session().current();
  app.show_tab(Tab::why);
}

}  // namespace

void take_offer(App& app, const Offer& offer, const Place& place) {
  if (offer.asks_why) return ask_why(app, place);
  if (offer.types) return app.obey({CommandName::console, 0, place});
  if (offer.branch) return app.carry_out({CommandName::compare_with, static_cast<std::int64_t>(*offer.branch), {}});
  if (!offer.key.empty()) return app.session().say(app.show_beside(offer.key, offer.value));
  if (!offer.reason.empty()) return app.session().say(offer.reason);
  if (!offer.config_target.empty()) {
    const std::string example = config_example(app.session().world(), offer.config_target);
    Prompt prompt;
    prompt.title = "Key and value for " + offer.config_target + (example.empty() ? "" : ", such as  " + example) + ". Tab completes.";
    prompt.target = offer.config_target;
    return ask_for(app, std::move(prompt));
  }
  if (!offer.new_topic.empty()) {
    Prompt prompt;
    prompt.title = "A new topic: its name, partitions, replicas. Enter takes what stands there.";
    prompt.usual = offer.new_topic;
    return ask_for(app, std::move(prompt));
  }
  if (!offer.more.empty() || offer.deeds.empty()) return;
  app.errands().drop();
  if (!app.session().act(offer.deeds, offer.deeds.size() > 2 ? offer.label : "").empty()) return;
  if (!offer.breaks.empty()) app.errands().expect(std::string(offer.breaks), app.session().current());
  app.figure().selected = place;
}

bool act_on_rivals(App& app, std::size_t which) {
  const std::vector<RivalOffer> offers = rival_offers(app.session());
  if (offers.empty()) return false;
  if (app.session().asking()) app.session().say(std::string(kAsleep));
  else if (which >= offers.size()) app.session().say("That tool is for clusters; here all systems are acted on at once.");
  else if (!offers[which].reason.empty()) app.session().say(offers[which].reason);
  else app.session().act(offers[which].action);
  return true;
}

void ask_why(App& app, const Place& place) {
  show_why(app, reason_of(app.session().timeline(), place, !app.session().asking()));
}

void ask_why(App& app) {
  const FigureView& figure = app.figure();
  const Session& session = app.session();
  const std::shared_ptr<const streams::Film>& own = session.scenario().film;
  const bool board = own || (figure.area == MainArea::topology && has_topology(session));
  if (board && !figure.hovered) {
    const streams::Film film = own ? streams::Film() : ksql_film(session.world());
    Reason reason = reason_of(session.timeline(), own ? *own : film, session.view_time(), figure.query, figure.window);
    if (!reason.causes.empty()) return show_why(app, std::move(reason));
  }
  ask_why(app, figure.hovered ? figure.hovered : figure.selected);
}

void use_tool(App& app, Tool tool, const Place& place) {
  if (app.session().asking()) return app.session().say(std::string(kAsleep));
  if (app.session().world().rivals.setup) {
    // The one tool that has a key here: the first of what can be killed.
    act_on_rivals(app, tool == Tool::crash ? first_with_key(app.session()) : rival_offers(app.session()).size());
    return;
  }
  if (tool == Tool::none || (app.figure().hand == tool && !place)) {
    app.figure().hand = Tool::none;
    return;
  }
  const std::optional<Offer> offer = offer_of(app.session().world(), place, tool);
  if (offer) {
    app.figure().hand = Tool::none;
    return take_offer(app, *offer, place);
  }
  const bool tried = app.figure().hand == tool;
  app.figure().hand = tool;
  const auto row = std::find_if(tools().begin(), tools().end(), [&](const ToolRow& each) { return each.tool == tool; });
  if (tried) app.session().say(std::string(row->name) + " works on " + std::string(row->needs) + ".");
}

void open_menu(App& app, const Command& command) {
  if (!app.shows_figure()) return;
  FigureView& figure = app.figure();
  const bool by_mouse = command.value == 1;
  const Place place = by_mouse ? command.place : figure.selected;
  Point at = by_mouse ? app.mouse() : app.stage().center();
  for (const Spot& each : figure.spots) {
    if (!by_mouse && each.place == place && place) at = each.rect.center();
  }
  figure.menu = {true, place, {}, at, {}, 0, {}};
  if (command.place) figure.selected = command.place;
}

bool obey_menu(App& app, const Command& command) {
  Menu& menu = app.figure().menu;
  if (!menu.open) return false;
  const std::vector<Offer> rows = menu_rows(app.session().world(), menu);
  const std::size_t count = std::max<std::size_t>(rows.size(), 1);
  const auto choose = [&](std::size_t which) {
    if (which >= rows.size()) return;
    if (!rows[which].more.empty()) {
      menu.path.push_back(which);
      menu.chosen = 0;
      return;
    }
    menu.open = !rows[which].reason.empty();
    take_offer(app, rows[which], menu.place);
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

void compare(App& app) {
  Session& session = app.session();
  if (session.compared()) return session.compare_with(std::nullopt);
  const std::optional<std::size_t> parent = session.branches()[session.current()]->parent;
  if (parent) return app.carry_out({CommandName::compare_with, static_cast<std::int64_t>(*parent), {}});
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
  app.figure().menu = {true, {}, std::move(rows), app.stage().center(), {}, 0, {}};
}

void move_consumer(App& app, const Place& place, std::int64_t group) {
  const World& world = app.session().world();
  const Node* node = node_at(world, place.node);
  if (!node || node->kind != NodeKind::consumer) return;
  const std::string name = group < 0 ? new_group(world) : std::string(world.fabric.names[static_cast<std::int32_t>(group)]);
  take_offer(app, move_to_group(world, *node, name), {});
}

}  // namespace nutshell

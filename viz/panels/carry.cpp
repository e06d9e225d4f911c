#include "viz/panels/carry.h"

#include <algorithm>
#include <cmath>

#include "viz/panels/stage.h"
#include "viz/panels/veil.h"

namespace nutshell {

namespace {

constexpr float kCarryMoves = 6;       // pixels: less is a click
constexpr float kNewGroup = 52;   // height of the place for a new group ...
constexpr float kStrip = 24;      // ... at least
constexpr std::int64_t kNewGroupValue = -1;

// A label beside the pointer, inside the window.
void draw_label(Canvas& canvas, Point pointer, Rect window, const std::string& text, bool can) {
  const Theme& theme = canvas.theme;
  const float wide = std::min(canvas.width(kSmallBold, text) + 24, window.w - 8), high = canvas.height(kSmallBold) + 14;
  const Rect label{std::max(std::min(pointer.x + 16, window.right() - wide - 4), window.x + 4),
                   std::max(std::min(pointer.y + 22, window.bottom() - high - 4), window.y + 4), wide, high};
  canvas.cover(label);
  canvas.fill(label, can ? theme.paper : theme.raised, 6);
  canvas.outline(label, theme.text2, 1, 6);
  const Color words = can ? (theme.light ? rgb(0xFFFFFF) : theme.ink) : theme.text2;
  canvas.text_in({label.x + 12, label.y, label.w - 24, label.h}, kSmallBold, words, text, Align::center);
}

// Where a consumer may be let go.
struct Target {
  Rect rect;
  std::string group;
};

// One place a group, around its head and all of its members; the last is for a new group.
std::vector<Target> targets(const View& view, const World& world, Rect stage) {
  std::vector<Target> all;
  float left = stage.right(), right = stage.x, bottom = stage.y;
  for (const Spot& each : view.spots) {
    GroupId group = each.place.kind == PlaceKind::group ? each.place.group : GroupId{};
    for (const Consumer& consumer : world.consumers) {
      if (each.place.kind == PlaceKind::consumer && consumer.node == each.place.node) group = consumer.spec.group;
    }
    if (group < 0) continue;
    const std::string name(world.fabric.names[group]);
    const auto known = std::find_if(all.begin(), all.end(), [&](const Target& other) { return other.group == name; });
    if (known == all.end()) {
      all.push_back({each.rect, name});
    } else {
      Rect& rect = known->rect;
      const float x = std::min(rect.x, each.rect.x), y = std::min(rect.y, each.rect.y);
      rect = {x, y, std::max(rect.right(), each.rect.right()) - x, std::max(rect.bottom(), each.rect.bottom()) - y};
    }
    left = std::min(left, each.rect.x);
    right = std::max(right, each.rect.right());
    bottom = std::max(bottom, each.rect.bottom());
  }
  if (all.empty()) return all;
  // Anywhere below them; in a full column a strip at its foot is enough.
  const float top = std::min(bottom + 6, stage.bottom() - kStrip);
  all.push_back({{left, top, right - left, stage.bottom() - top - 2}, new_group(world)});
  return all;
}

std::int64_t group_id(const World& world, const std::string& group) { return world.fabric.names.find(group); }

void draw_new_group(Canvas& canvas, const Target& target) {
  const Rect place{target.rect.x, target.rect.y, target.rect.w, std::min(target.rect.h, kNewGroup)};
  canvas.cover(place);
  canvas.fill(place, canvas.theme.stage, 8);
  canvas.dashed_outline(place, canvas.theme.paper, 2, kNotYet, 8);
  const Rect inner{place.x + 8, place.y, place.w - 16, place.h};
  canvas.text_in(inner, kSmallBold, canvas.theme.text, "a new group: " + target.group, Align::center);
}

// A card that follows the pointer.
void draw_ghost(Canvas& canvas, const World& world, const Node& node, Point at) {
  const std::size_t index = static_cast<std::size_t>(node.index);
  const Hue& hue = canvas.theme.member(index);
  const Rect card{at.x - 28, at.y - 20, std::min(canvas.width({Face::bold, Size::body}, node.name), 160.0F) + 60, 40};
  canvas.cover(card);
  canvas.fill(card, canvas.theme.raised, 8);
  canvas.outline(card, canvas.theme.paper, 2, 8);
  const Point disc{card.x + 22, card.center().y};
  canvas.circle(disc, 11, hue.fill);
  canvas.text(disc, kSmallBold, canvas.theme.ink, member_letter(member_index(world, world.consumers[index].node)), Align::center);
  canvas.text_in({card.x + 42, card.y, card.w - 52, card.h}, {Face::bold, Size::body}, canvas.theme.text, node.name);
}

// A consumer is taken hold of.
void take_hold(Ui& ui, const Session& session, Rect stage) {
  const bool free = ui.view.hand == Tool::none && !session.asking() && !session.compared();
  if (!ui.clicked || !free || !ui.over(stage) || ui.pointed.kind != PlaceKind::consumer) return;
  ui.view.carry = {ui.pointed, ui.mouse, false, Tool::none};
  ui.view.lens.dragging = false;
}

}  // namespace

bool works_on(Tool tool, const World& world, const Place& place) {
  if (tool == Tool::none || place.kind == PlaceKind::record || place.tp.topic >= 0) return false;
  const std::optional<Offer> offer = offer_of(world, place, tool);
  return offer && offer->reason.empty();
}

void carry_consumer(Ui& ui, const Session& session, Rect stage) {
  take_hold(ui, session, stage);
  Carry& carry = ui.view.carry;
  if (!carry.what) return;
  const World& world = session.world();
  const Node* node = node_at(world, carry.what.node);
  carry.on = carry.on || std::hypot(ui.mouse.x - carry.from.x, ui.mouse.y - carry.from.y) > kCarryMoves;
  const bool let_go = !ui.held;
  if (!carry.on || !node) {
    if (let_go || !node) carry = {};
    return;
  }
  std::vector<Rect> bright;
  const std::vector<Target> all = targets(ui.view, world, stage);
  const Target* under = nullptr;
  for (const Target& each : all) {
    if (move_to_group(world, *node, each.group).reason.empty()) bright.push_back(each.rect);
    if (ui.over(each.rect)) under = &each;
  }
  draw_veil_around(ui.canvas, std::move(bright), stage);
  if (!all.empty()) draw_new_group(ui.canvas, all.back());
  std::string text = "Let it go over a group, or below them. Esc: stay.";
  bool can = false;
  if (under) {
    const Offer move = move_to_group(world, *node, under->group);
    can = move.reason.empty();
    text = can ? "leaves its group, and another instance joins " + under->group : move.reason;
    if (can) ui.canvas.outline(under->rect.inset(-4), ui.canvas.theme.paper, 3, 10);
  }
  draw_ghost(ui.canvas, world, *node, ui.mouse);
  draw_label(ui.canvas, {ui.mouse.x - 20, ui.mouse.y - 92}, stage, text, can);  // above the card
  if (!let_go) return;
  if (under) {
    const std::int64_t group = under == &all.back() ? kNewGroupValue : group_id(world, under->group);
    ui.commands.push_back({CommandName::move_consumer, group, carry.what});
  }
  carry = {};
}

void draw_veil_for_tool(Ui& ui, const Session& session, Rect stage) {
  if (ui.view.hand == Tool::none || !ui.over(stage)) return;
  std::vector<Rect> bright;
  for (const Spot& each : ui.view.spots) {
    if (works_on(ui.view.hand, session.world(), each.place)) bright.push_back(each.rect);
  }
  draw_veil_around(ui.canvas, std::move(bright), stage);
}

void draw_tool_in_hand(Ui& ui, const Session& session, Rect window) {
  const Tool tool = ui.view.hand;
  if (tool == Tool::none || !ui.over(window)) return;
  Canvas& canvas = ui.canvas;
  const Rect icon{ui.mouse.x + 12, ui.mouse.y - 26, 28, 28};
  canvas.fill(icon, canvas.theme.paper, 6);
  draw_tool_icon(canvas, icon.center(), tool, canvas.theme.light ? rgb(0xFFFFFF) : canvas.theme.ink);
  if (!ui.view.hovered || ui.view.hovered_in_list) return;
  const std::optional<Offer> offer = offer_of(session.world(), ui.view.hovered, tool);
  const auto row = std::find_if(tools().begin(), tools().end(), [&](const ToolRow& each) { return each.tool == tool; });
  const std::string text = !offer ? std::string(row->name) + " works on " + std::string(row->needs) + "."
                           : offer->reason.empty() ? offer->label + ": " + place_name(session.world(), ui.view.hovered)
                                                   : offer->reason;
  draw_label(canvas, ui.mouse, window, text, offer && offer->reason.empty());
}

}  // namespace nutshell

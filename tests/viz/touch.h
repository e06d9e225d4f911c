// Hands on the stage: where things stand there, and menus opened with the right button.
#pragma once

#include <doctest/doctest.h>
#include <imgui.h>

#include <string>
#include <vector>

#include "sim/session/image.h"
#include "tests/viz/desk.h"

namespace nutshell::testing {

// Where a node stands on the stage: a corner of its card that belongs to nothing else.
inline Point card_of(Desk& desk, const std::string& node) {
  const World& world = desk.session().world();
  for (const Spot& each : desk.view().spots) {
    if (is_card(each.place.kind) && world.find_node(node) == &world.fabric.nodes[static_cast<std::size_t>(each.place.node)])
      return {each.rect.x + 3, each.rect.y + 3};
  }
  REQUIRE_MESSAGE(false, "no card of ", node);
  return {};
}

inline void open_menu_at(Desk& desk, Point at) {
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = {at.x, at.y};
  io.MouseDown[1] = true;
  desk.look();
  io.MouseDown[1] = false;
  desk.look();
  io.MousePos = {-1, -1};
  desk.look();
}

// The first row of the menus of what stands on the stage whose label begins so.
inline const Offer* find_offer(const std::vector<Offer>& rows, std::string_view begins) {
  for (const Offer& each : rows) {
    if (each.label.substr(0, begins.size()) == begins) return &each;
    if (const Offer* found = find_offer(each.more, begins)) return found;
  }
  return nullptr;
}

}  // namespace nutshell::testing

// The edges between the stage, the side panel and the timeline, which can be dragged.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/panels/chrome.h"

namespace nutshell {

namespace {

constexpr float kGrip = 4;  // pixels on either side
constexpr float kSnap = 8;

float snapped(float size) { return std::round(size / kSnap) * kSnap; }

}  // namespace

float back_row_scale(float wanted, float width, float height) {
  // As many lines in every window, fewer if somebody wants larger words; whole steps, so that a window that is dragged
  // does not need new fonts in each frame.
  constexpr float kLines = 1080, kFewest = 720, kNarrowest = 1280, kSteps = 72, kSmallest = 0.5F;
  const float lines = std::max(kLines / std::max(wanted, 0.1F), kFewest);
  const float scale = std::min(height / lines, width / kNarrowest * (kLines / lines));
  return std::max(std::floor(scale * kSteps + 0.01F) / kSteps, kSmallest);
}

int window_class(float width) { return width >= 1700 ? 2 : width >= 1200 ? 1 : 0; }

PanelSizes panel_sizes(const Panels& panels, Rect window) {
  const PanelSizes usual{window.w >= 1700 ? 456.0F : window.w >= 1200 ? 336.0F : 300.0F,
                         window.h > 900 ? 144.0F : window.h > 710 ? 110.0F : 76.0F};
  const PanelSizes& dragged = panels.sizes[static_cast<std::size_t>(window_class(window.w))];
  // The stage keeps half of the window.
  const float side = dragged.side > 0 ? within(dragged.side, 264.0F, snapped(window.w / 2)) : usual.side;
  const float most = std::max(60.0F, snapped(window.h * 0.4F));
  return {side, dragged.timeline > 0 ? within(dragged.timeline, 56.0F, most) : usual.timeline};
}

bool drag_edges(PanelUi& ui, Rect window) {
  Panels& panels = ui.panels;
  const PanelSizes sizes = panel_sizes(panels, window);
  const float x = window.right() - sizes.side, y = window.bottom() - sizes.timeline;
  const bool at_side = panels.open && std::abs(ui.mouse.x - x) <= kGrip && ui.mouse.y > 48 && ui.mouse.y < y - 110;
  const bool at_timeline = std::abs(ui.mouse.y - y) <= kGrip;
  if (!ui.held) panels.edge = Edge::none;
  else if (ui.clicked && at_side) panels.edge = Edge::side;
  else if (ui.clicked && at_timeline) panels.edge = Edge::timeline;
  if (at_side || panels.edge == Edge::side) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  else if (at_timeline || panels.edge == Edge::timeline) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
  PanelSizes& kept = panels.sizes[static_cast<std::size_t>(window_class(window.w))];
  if (panels.edge == Edge::side) kept.side = std::max(snapped(window.right() - ui.mouse.x), kSnap);
  if (panels.edge == Edge::timeline) kept.timeline = std::max(snapped(window.bottom() - ui.mouse.y), kSnap);
  return panels.edge != Edge::none;
}

}  // namespace nutshell

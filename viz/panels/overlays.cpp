// What covers the stage for a while: the keys, and what the signs mean.
#include <algorithm>
#include <array>

#include "viz/panels/chrome.h"
#include "viz/panels/replica_sign.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// What stands behind the last comma or colon goes first when there is little room.
std::string_view without_details(const Canvas& canvas, std::string_view label, float room) {
  while (canvas.width(kBody, label) > room && label.find_last_of(",;:") != std::string_view::npos)
    label = label.substr(0, label.find_last_of(",;:"));
  return label;
}

}  // namespace

void draw_keys(Ui& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  Rect rest = area.inset(32);
  canvas.text_in(rest.take_top(canvas.big(48, 60)), {Face::bold, Size::title}, theme.text, "Keys");
  const std::string_view more = "again: what the signs mean";
  Rect way{area.right() - 32 - canvas.width(kBody, more) - key_width(canvas, "?") - 10, area.y + 32, area.w, canvas.big(48, 60)};
  draw_key(canvas, {way.x, way.center().y}, "?");
  way.take_left(key_width(canvas, "?") + 10);
  canvas.text({way.x, way.center().y}, kBody, theme.text2, more);
  struct Row {
    std::string_view keys, label;
  };
  std::vector<Row> listed;
  for (const Binding& each : bindings()) {
    if (!each.keys.empty()) listed.push_back({each.keys, each.label});
  }
  if (ui.room.controller) {
    listed.push_back({"", "Game controller; its left stick goes back and forth in time"});
    for (const PadBinding& each : pad_bindings()) listed.push_back({each.keys, each.label});
  }
  const float least = canvas.height(kBody) * 1.2F;
  const auto rows_in = [&](int columns) { return (static_cast<int>(listed.size()) + columns - 1) / columns; };
  int columns = rest.w > 1100 ? 3 : rest.w > 700 ? 2 : 1;
  while (columns < 4 && static_cast<float>(rows_in(columns)) * least > rest.h) ++columns;
  const int rows = rows_in(columns);
  float key = 0;
  for (const Row& each : listed) key = std::max(key, key_width(canvas, each.keys) + 12);
  const float wide = rest.w / static_cast<float>(columns);
  const float row = std::min(std::max(canvas.height(kBody) * 1.9F, 30.0F), rest.h / static_cast<float>(rows));
  int place = 0;
  for (const Row& each : listed) {
    Rect line{rest.x + static_cast<float>(place / rows) * wide, rest.y + static_cast<float>(place % rows) * row, wide - 24, row};
    if (!each.keys.empty()) {
      draw_key(canvas, {line.x, line.center().y}, each.keys);
      line.take_left(key);
    }
    canvas.text_in(line, kBody, theme.text, without_details(canvas, each.label, line.w));
    ++place;
  }
}

void draw_signs(Ui& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  Rect rest = area.inset(32);
  canvas.text_in(rest.take_top(canvas.big(48, 60)), {Face::bold, Size::title}, theme.text, "What the signs mean");
  const float line = canvas.big(30, 46), sign = canvas.big(56, 92);
  constexpr std::array kRoles = {ReplicaSign::leader, ReplicaSign::becoming_leader, ReplicaSign::stale_leader,
                                 ReplicaSign::follower, ReplicaSign::out_of_isr, ReplicaSign::rejoining, ReplicaSign::offline};
  canvas.text_in(rest.take_top(line), {Face::bold, Size::body}, theme.text, "Copies of a partition");
  for (ReplicaSign each : kRoles) {
    const Rect row = rest.take_top(line);
    draw_role(canvas, {row.x + sign / 2, row.center().y}, line * 0.36F, each, {});
    const std::string words = std::string(role_text(each)) + ": " + std::string(role_meaning(each));
    canvas.text_in({row.x + sign + 8, row.y, row.w - sign - 8, row.h}, {Face::regular, Size::small}, theme.text, words);
  }
  rest.take_top(line * 0.5F);
  draw_flight_legend(canvas, rest);
}

}  // namespace nutshell

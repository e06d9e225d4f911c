// The stores of a system and who works for it. The messages of a mailbox leave; of a log, see systems_log.cpp.
#include <algorithm>

#include "viz/panels/log_strip.h"
#include "viz/panels/systems_parts.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

using queues::WorkerView;
using StoredState = queues::Cell::State;

constexpr std::size_t kDoneShown = 3;      // of a mailbox; what was done before is gone
constexpr float kFadeSeconds = 0.4F;       // of wall time, that a done message takes to leave

Dye dye_of_message(const SystemScene& scene, std::int32_t message) { return dye_of_key(scene.all.canvas.theme, scene.all.key(message)); }

bool is_poison(const SystemScene& scene, std::int32_t service, std::int32_t message) {
  const auto& all = scene.all.runs.workload().poison;
  return std::any_of(all.begin(), all.end(), [&](const queues::Poison& each) {
    return each.message == message && (service < 0 || each.service == service) && each.until_try == 0;
  });
}

// How far a message that is done has left, 0..1.
float left_by(const SystemScene& scene, std::int32_t service, std::int32_t message) {
  if (!scene.all.moving) return 1;
  Time acked = -1;
  for (const queues::Fact& each : scene.run.facts) {
    if (each.at > scene.all.now) break;
    if (each.kind == queues::FactKind::acknowledged && each.service == service && each.message == message) acked = each.at;
  }
  if (acked < 0) return 1;
  const auto pace = static_cast<float>(std::max<Duration>(scene.all.session.pace(), 1));
  return std::min(static_cast<float>(scene.all.now - acked) / (pace * kFadeSeconds), 1.0F);
}

void draw_hook(Canvas& canvas, Point at, float radius) {
  const Theme& theme = canvas.theme;
  const Color ink = theme.light ? rgb(0xFFFFFF) : theme.ink;
  canvas.circle(at, radius, theme.paper);
  canvas.arc(at, radius * 0.5F, 0.05F, 0.75F, ink, radius * 0.25F);
  draw_triangle(canvas, {at.x - radius * 0.45F, at.y - radius * 0.2F}, radius * 0.35F, ink, true, -0.25F);
}

// Red, hollow, with a crack: nobody can handle it.
void draw_poison(Canvas& canvas, Rect box) {
  const Color red = canvas.theme.hue(HueName::red).stroke;
  canvas.fill(box, canvas.theme.card, canvas.big(4, 7));
  canvas.outline(box, red, canvas.big(1.5F, 2.5F), canvas.big(4, 7));
  const float x = box.right() - box.w * 0.18F;
  const Point crack[] = {{x, box.y}, {x - box.w * 0.08F, box.y + box.h * 0.3F}, {x + box.w * 0.03F, box.y + box.h * 0.5F}};
  canvas.polyline({crack[0], crack[1], crack[2], {x - box.w * 0.05F, box.bottom()}}, red, canvas.big(1.25F, 2));
}

void draw_message_words(const SystemScene& scene, Rect box, const RivalCellStyle& style, std::int32_t message, Color color) {
  Canvas& canvas = scene.all.canvas;
  const TextStyle name{Face::mono_bold, Size::small};
  if (!style.keys) {
    canvas.text_in(box, name, color, scene.all.message(message), Align::center);
    return;
  }
  canvas.text_in(box.take_top(box.h * 0.55F), name, color, scene.all.message(message), Align::center);
  canvas.text_in(box, kMono, color, scene.all.key(message), Align::center);
}

void draw_clock_over(const SystemScene& scene, Rect box, const queues::Cell& cell) {
  Canvas& canvas = scene.all.canvas;
  const Duration left = std::max<Duration>(cell.until - scene.all.now, 0);
  const float radius = canvas.big(5, 8), y = box.y - radius - canvas.big(4, 5);
  const std::string text = std::to_string((left + kSecond - 1) / kSecond) + " s";
  const float wide = canvas.width(kMono, text) + radius * 2 + 4;
  const float x = box.center().x - std::min(wide, box.w) / 2;
  const float part = cell.lease > 0 ? static_cast<float>(left) / static_cast<float>(cell.lease) : 0;
  canvas.ring({x + radius, y}, radius, canvas.theme.line2, canvas.big(2, 3));
  canvas.arc({x + radius, y}, radius, 1 - std::min(part, 1.0F), 1, canvas.theme.text, canvas.big(2, 3));
  if (wide <= box.w + 4) canvas.text({x + radius * 2 + 4, y}, kMono, canvas.theme.text, text);
}

// A node's box: crowned where it leads, what it has, dashed and crossed where it is gone, apart where it is cut off.
void draw_rival_node(const SystemScene& scene, const queues::NodeView& node, std::size_t number, Rect box) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  const Color red = theme.hue(HueName::red).stroke;
  const float radius = canvas.big(5, 8);
  if (!node.up) canvas.dashed_outline(box, red, canvas.big(1.5F, 2.5F), kDead, radius);
  else if (node.cut) canvas.dashed_outline(box, theme.text2, canvas.big(1.5F, 2.5F), kHidden, radius);
  else canvas.outline(box, node.leads ? theme.paper : theme.line2, canvas.big(node.leads ? 2.0F : 1.25F, 3), radius);
  Rect words = box.inset(canvas.big(6, 9));
  words = {words.x, box.y, words.w, box.h};
  const float sign = canvas.big(6, 10);
  if (!node.up) draw_cross(canvas, {words.x + sign, words.center().y}, sign * 0.8F, red, canvas.big(2.5F, 4));
  else if (node.leads) draw_crown(canvas, {words.x + sign, words.center().y}, sign, theme.text);
  if (!node.up || node.leads) words.take_left(sign * 2 + canvas.big(5, 8));
  const std::string name = "node " + std::to_string(number);
  const std::string has = node.stored >= 0 ? std::to_string(node.stored) : node.up ? "none" : "";
  const float room = words.w - canvas.width(kSmallBold, has) - 6;
  canvas.text_in(words.take_right(canvas.width(kSmallBold, has) + 1), kSmallBold, node.up ? theme.text : theme.text3, has, Align::right);
  canvas.text_in(words, kSmall, node.up ? theme.text2 : theme.text3, canvas.width(kSmall, name) <= room ? name : std::to_string(number));
}

float nodes_height(const SystemScene& scene, const queues::StoreView& store) {
  return store.nodes.empty() ? 0 : scene.all.line * 1.35F + scene.all.canvas.big(6, 9);
}

// The nodes that a store lies on, beside each other.
void draw_nodes(const SystemScene& scene, const queues::StoreView& store, Rect area) {
  area.take_top(scene.all.canvas.big(6, 9));
  const float gap = scene.all.canvas.big(6, 10), count = static_cast<float>(store.nodes.size());
  const float wide = (area.w - gap * (count - 1)) / count;
  for (std::size_t i = 0; i < store.nodes.size(); ++i) {
    draw_rival_node(scene, store.nodes[i], i, area.take_left(wide));
    area.take_left(gap);
  }
}

}  // namespace

void draw_stored(const SystemScene& scene, Rect box, const RivalCellStyle& style, const queues::Cell& cell, std::int32_t service) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  const Dye dye = dye_of_message(scene, cell.message);
  const float radius = canvas.big(4, 7), line = canvas.big(1.5F, 2.25F);
  switch (cell.state) {
    case StoredState::kept:
    case StoredState::ready:
      if (is_poison(scene, service, cell.message)) draw_poison(canvas, box);
      else draw_cell(canvas, box, dye, ReplicaSign::leader, true, false);
      draw_message_words(scene, box, style, cell.message, is_poison(scene, service, cell.message) ? theme.text : theme.ink);
      if (cell.came_back) draw_hook(canvas, {box.right() - 1, box.y + 1}, canvas.big(7, 11));
      break;
    case StoredState::out:
      canvas.dashed_outline(box, theme.text3, line, kHidden, radius);
      draw_message_words(scene, box, style, cell.message, theme.text2);
      break;
    case StoredState::hidden:
      canvas.fill(box, theme.bg, radius);
      canvas.hatch(box.inset(1), theme.line2, canvas.big(8, 11));
      canvas.dashed_outline(box, dye.hue.stroke, line, kNotYet, radius);
      draw_message_words(scene, box, style, cell.message, theme.text);
      if (cell.until >= 0) draw_clock_over(scene, box, cell);
      break;
    case StoredState::delayed:
      canvas.dashed_outline(box, dye.hue.stroke, line, kNotYet, radius);
      draw_message_words(scene, box, style, cell.message, theme.text2);
      break;
    case StoredState::done: {
      const float gone = left_by(scene, service, cell.message);
      box.y -= canvas.big(4, 6) * gone;
      canvas.fill(box, blend(theme.card, dye.hue.fill, static_cast<int>(256 - 200 * gone)), radius);
      canvas.dashed_outline(box, dye.hue.stroke, line, kHidden, radius);
      draw_message_words(scene, box, style, cell.message, gone < 0.4F ? theme.ink : theme.text2);
      break;
    }
    case StoredState::removed: break;
  }
}

RivalCellStyle rival_cell_style(const SystemScene& scene, float room, std::size_t count, float high) {
  const Canvas& canvas = scene.all.canvas;
  const float names = scene.all.names, keys = scene.all.keys;
  const float gap = canvas.big(5, 7), pad = canvas.big(10, 14);
  RivalCellStyle style{names + pad, high, 0, false};
  const float with_keys = std::max(names, keys) + pad;
  const auto wanted = static_cast<float>(std::max<std::size_t>(count, 4));
  if (keys > 0 && high >= scene.all.line * 1.7F && (with_keys + gap) * wanted <= room + gap) {
    style.keys = true;
    style.wide = with_keys;
  }
  style.pitch = style.wide + gap;
  return style;
}

void draw_rest_of_cells(Canvas& canvas, Rect box, std::size_t count) {
  canvas.text_in(box, kSmall, canvas.theme.text3, "+" + std::to_string(count));
}

bool draw_store_card(const SystemScene& scene, const queues::StoreView& store, const std::string& note, Color color, Rect& area) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.card, canvas.big(6, 9));
  canvas.outline(area, theme.line, 1, canvas.big(6, 9));
  area = area.inset(canvas.big(8, 12));
  Rect head = area.take_top(scene.all.line * 1.2F);
  const float wide = canvas.width(kSmall, note) + 1;
  const bool beside = wide + canvas.width(kBodyBold, store.name) + canvas.big(10, 16) <= head.w;
  if (beside) canvas.text_in(head.take_right(wide), kSmall, color, note, Align::right);
  canvas.text_in(head, kBodyBold, theme.text, store.name);
  const float nodes = nodes_height(scene, store);
  if (scene.all.shows_nodes && nodes > 0 && area.h > nodes * 2) draw_nodes(scene, store, area.take_bottom(nodes));
  return beside;
}

void draw_dead_letters(const SystemScene& scene, const queues::StoreView& store, Rect area) {
  Canvas& canvas = scene.all.canvas;
  area.take_left(canvas.text_in(area, kSmall, canvas.theme.text2, "dead letters") + canvas.big(8, 12));
  const RivalCellStyle style = rival_cell_style(scene, area.w, 20, area.h);
  for (const std::int32_t message : store.dead) {
    if (style.wide > area.w) break;
    const Rect box{area.x, area.y, style.wide, area.h};
    draw_poison(canvas, box);
    draw_message_words(scene, box, style, message, canvas.theme.text);
    area.take_left(style.pitch);
  }
}

namespace {

// Of a mailbox, those that are still to be seen: the last few done, and all that is stored.
std::vector<queues::Cell> to_be_seen(const queues::LaneView& lane) {
  std::vector<queues::Cell> seen;
  std::size_t done = 0;
  for (const queues::Cell& each : lane.cells) done += each.state == StoredState::done;
  for (const queues::Cell& each : lane.cells) {
    if (each.state == StoredState::removed) continue;
    if (each.state == StoredState::done && done-- > kDoneShown) continue;
    seen.push_back(each);
  }
  return seen;
}

// `rows`: from above, `step` from one to the next.
void draw_mailbox_lane(const SystemScene& scene, const queues::StoreView& store, const queues::LaneView& lane, Rect area,
                       std::size_t rows, float step) {
  const std::vector<queues::Cell> cells = to_be_seen(lane);
  const RivalCellStyle style = rival_cell_style(scene, area.w, (cells.size() + rows - 1) / rows, area.h);
  const auto in_a_row = static_cast<std::size_t>(std::max((area.w + style.pitch - style.wide) / style.pitch, 1.0F));
  const std::size_t fit = in_a_row * rows, shown = cells.size() <= fit ? cells.size() : fit - 1;
  const auto slot = [&](std::size_t i) {
    return Rect{area.x + style.pitch * static_cast<float>(i % in_a_row), area.y + step * static_cast<float>(i / in_a_row), style.wide,
                style.high};
  };
  for (std::size_t i = 0; i < shown; ++i) draw_stored(scene, slot(i), style, cells[i], store.service);
  if (shown == cells.size()) return;
  Rect rest = slot(shown);
  rest.w = area.right() - rest.x;
  draw_rest_of_cells(scene.all.canvas, rest, cells.size() - shown);
}

// What one has to know of it, in a sentence.
std::string sentence_of_store(const SystemScene& scene, const queues::StoreView& store) {
  for (const queues::LaneView& lane : store.lanes) {
    std::size_t came_back = 0, hidden = 0, done = 0;
    for (const queues::Cell& each : lane.cells) {
      if (each.blocked_by >= 0 && each.state == StoredState::ready)
        return scene.all.message(each.message) + " waits: " + scene.all.key(each.message) + " has " + scene.all.message(each.blocked_by) +
               " out";
      came_back += each.came_back && each.state == StoredState::ready;
      hidden += each.state == StoredState::hidden;
      done += each.state == StoredState::done;
    }
    if (hidden > 0) return "hidden, each until its own clock ends";
    if (came_back > 0) return std::to_string(came_back) + " came back, in front of the others";
    if (done > 0) return "done is gone: moved out and faded";
  }
  return "";
}

void draw_mailbox(const SystemScene& scene, const queues::StoreView& store, Rect area) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  std::string counts;
  for (const queues::CountView& each : store.counts)
    counts += (counts.empty() ? "" : "   ") + std::string(each.word) + " " + std::to_string(each.count);
  const bool beside = draw_store_card(scene, store, counts, theme.text2, area);
  if (!store.dead.empty()) {
    draw_dead_letters(scene, store, area.take_bottom(scene.all.line * 1.1F));
    area.take_bottom(canvas.big(4, 6));
  }
  const float clocks = canvas.big(14, 22);  // stand above messages
  area.take_top(clocks);
  const std::string words = sentence_of_store(scene, store);
  const auto lanes = static_cast<float>(std::max<std::size_t>(store.lanes.size(), 1));
  const float high = std::min(area.h / lanes, scene.all.line * 1.9F);
  const float free = area.h - high * lanes;
  if (!words.empty() && free > scene.all.line * (beside ? 1.0F : 2.0F))
    canvas.text_in(area.take_bottom(scene.all.line), kSmall, theme.text2, words);
  if (!beside && free > scene.all.line) canvas.text_in(area.take_bottom(scene.all.line), kSmall, theme.text2, counts);
  // A lane alone goes on in the next row, as a log does.
  const float step = high + clocks;
  const std::size_t rows = store.lanes.size() == 1 ? static_cast<std::size_t>(std::max((area.h + clocks) / step, 1.0F)) : 1;
  for (const queues::LaneView& each : store.lanes) {
    Rect lane = area.take_top(high);
    if (lane.h < scene.all.line * 0.8F) break;
    lane.take_bottom(canvas.big(3, 4));
    draw_mailbox_lane(scene, store, each, lane, rows, step);
  }
}

// The shown service first.
std::vector<const queues::StoreView*> stores_in_order(const SystemScene& scene) {
  std::vector<const queues::StoreView*> stores;
  for (const queues::StoreView& each : scene.picture.stores) stores.push_back(&each);
  std::stable_partition(stores.begin(), stores.end(), [&](const queues::StoreView* each) {
    return each->service == static_cast<std::int32_t>(scene.all.runs.service());
  });
  return stores;
}

void draw_stores(const SystemScene& scene, Rect area) {
  const Canvas& canvas = scene.all.canvas;
  if (scene.picture.is_log) {
    for (const queues::StoreView& each : scene.picture.stores) draw_log_store(scene, each, area);
    return;
  }
  std::vector<const queues::StoreView*> stores = stores_in_order(scene);
  const float gap = canvas.big(8, 10), least = scene.all.line * 4.2F + canvas.big(20, 34);
  const auto fit = static_cast<std::size_t>(std::max((area.h + gap) / (least + gap), 1.0F));
  if (stores.size() > fit) stores.resize(fit);
  const float high = (area.h - gap * static_cast<float>(stores.size() - 1)) / static_cast<float>(std::max<std::size_t>(stores.size(), 1));
  for (const queues::StoreView* each : stores) {
    draw_mailbox(scene, *each, area.take_top(high));
    area.take_top(gap);
  }
}

}  // namespace

void draw_system_body(SystemScene& scene, Rect area) {
  const Canvas& canvas = scene.all.canvas;
  Rect side = area;
  if (area.w >= canvas.big(330, 520)) {
    area = side.take_left(area.w * 0.64F);
    side.take_left(canvas.big(22, 34));
  } else {
    area = side.take_top(area.h * 0.78F);
    side.take_top(canvas.big(6, 8));
  }
  draw_stores(scene, area);
  draw_workers(scene, side, area.right());
}

}  // namespace nutshell

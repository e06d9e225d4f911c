// The stores of a system and who works for it. A log's cells stay and markers move; a mailbox's messages leave.
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

struct RivalCellStyle {
  float wide = 0, high = 0, pitch = 0;
  bool keys = false;  // stand below the names
};

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

RivalCellStyle style_for(const SystemScene& scene, float room, std::size_t count, float high) {
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

// How many more do not fit, at an end.
void draw_rest_count(Canvas& canvas, Rect box, std::size_t count) {
  canvas.text_in(box, kSmall, canvas.theme.text3, "+" + std::to_string(count));
}

void draw_mailbox_lane(const SystemScene& scene, const queues::StoreView& store, const queues::LaneView& lane, Rect area) {
  const std::vector<queues::Cell> cells = to_be_seen(lane);
  const RivalCellStyle style = style_for(scene, area.w, cells.size(), area.h);
  const auto fit = static_cast<std::size_t>(std::max((area.w + style.pitch - style.wide) / style.pitch, 1.0F));
  const std::size_t shown = cells.size() <= fit ? cells.size() : fit - 1;
  for (std::size_t i = 0; i < shown; ++i)
    draw_stored(scene, {area.x + style.pitch * static_cast<float>(i), area.y, style.wide, style.high}, style, cells[i], store.service);
  if (shown < cells.size()) {
    const float x = area.x + style.pitch * static_cast<float>(shown);
    draw_rest_count(scene.all.canvas, {x, area.y, area.right() - x, style.high}, cells.size() - shown);
  }
}

Color hue_of_service(const SystemScene& scene, std::int32_t service) {
  std::size_t first = 0;
  for (std::int32_t s = 0; s < service; ++s) first += scene.all.runs.workload().services[static_cast<std::size_t>(s)].consumers.size();
  return scene.all.canvas.theme.member(first).fill;
}

// Where a service reads next, and, hollow, where it would go on.
void draw_lane_marks(const SystemScene& scene, const queues::LaneView& lane, const RivalCellStyle& style, Point from, std::int64_t first,
                     std::int64_t end) {
  Canvas& canvas = scene.all.canvas;
  const float size = canvas.big(5.5F, 9);
  for (std::size_t i = 0; i < lane.marks.size(); ++i) {
    const queues::LaneMark& mark = lane.marks[i];
    const Color hue = hue_of_service(scene, mark.service);
    const auto place = [&](std::int64_t offset) {
      const float x = from.x + style.pitch * static_cast<float>(offset - first) - (style.pitch - style.wide) / 2;
      return Point{x + size * 1.5F * static_cast<float>(i), from.y + size};
    };
    if (mark.committed >= first && mark.committed <= end && mark.committed != mark.position) {
      draw_triangle(canvas, place(mark.committed), size, hue, false, -0.25F);
    }
    if (mark.position < first || mark.position > end) continue;
    draw_triangle(canvas, place(mark.position), size, hue, true, -0.25F);
    draw_triangle(canvas, place(mark.position), size, canvas.theme.light ? canvas.theme.ink : hue, false, -0.25F);
  }
}

constexpr std::string_view kWaitsForParent = "waits until its parent is read";

// Which part of all hash keys a shard takes: the whole line is all of them.
void draw_key_range(Canvas& canvas, const queues::LaneView& lane, Rect line) {
  line.take_right(canvas.big(10, 14));
  const float y = line.y + line.h / 2, whole = 65536;
  canvas.line({line.x, y}, {line.right(), y}, canvas.theme.line2, canvas.big(1, 1.75F));
  const float from = line.x + line.w * static_cast<float>(lane.keys_from) / whole;
  const float to = line.x + line.w * static_cast<float>(lane.keys_to) / whole;
  canvas.line({from, y}, {to, y}, lane.open ? canvas.theme.text : canvas.theme.text3, canvas.big(3.5F, 6));
}

// A closed shard: nothing comes behind this.
void draw_shard_end(Canvas& canvas, Rect rest) {
  const float high = rest.h * 0.4F;
  canvas.line({rest.x, rest.center().y - high}, {rest.x, rest.center().y + high}, canvas.theme.text2, canvas.big(2, 3));
  rest.take_left(canvas.big(7, 10));
  if (canvas.width(kSmall, "closed") <= rest.w) canvas.text_in(rest, kSmall, canvas.theme.text3, "closed");
}

// How many splits and merges lie before a lane.
std::size_t depth_of_lane(const queues::StoreView& store, std::size_t lane) {
  std::size_t depth = 0;
  std::int32_t up = store.lanes[lane].parent;
  for (; up >= 0 && depth < store.lanes.size(); up = store.lanes[static_cast<std::size_t>(up)].parent) ++depth;
  return depth;
}

// From each parent down to its children. `rows`: where lanes stand.
void draw_shard_tree(Canvas& canvas, const queues::StoreView& store, const std::vector<Rect>& rows, float step) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const std::int32_t parent : {store.lanes[i].parent, store.lanes[i].other_parent}) {
      if (parent < 0 || static_cast<std::size_t>(parent) >= rows.size()) continue;
      const Rect above = rows[static_cast<std::size_t>(parent)];
      const float x = above.x + step * (static_cast<float>(depth_of_lane(store, static_cast<std::size_t>(parent))) + 0.35F);
      const float y = rows[i].y + rows[i].h * 0.3F, child = rows[i].x + step * static_cast<float>(depth_of_lane(store, i));
      canvas.polyline({{x, above.y + above.h * 0.62F}, {x, y}, {child - canvas.big(3, 4), y}}, canvas.theme.text3, canvas.big(1.5F, 2.5F));
    }
  }
}

void draw_log_lane(const SystemScene& scene, const queues::LaneView& lane, Rect area, float label) {
  Canvas& canvas = scene.all.canvas;
  const float mark = std::min(canvas.big(14, 22), area.h * 0.34F);
  const Rect name = area.take_left(label);
  area.take_bottom(mark);
  Rect words{name.x, name.y, name.w, area.h};
  if (lane.keys_to > 0) draw_key_range(canvas, lane, words.take_bottom(canvas.big(8, 12)));
  canvas.text_in(words, kSmallBold, lane.open ? canvas.theme.text : canvas.theme.text3, lane.name);
  const RivalCellStyle style = style_for(scene, area.w, lane.cells.size() + 1, area.h);
  auto fit = static_cast<std::int64_t>(std::max((area.w + style.pitch - style.wide) / style.pitch, 2.0F));
  const auto count = static_cast<std::int64_t>(lane.cells.size());
  // Cut so that the one who is furthest behind is to be seen, if the newest is not then lost from sight.
  std::int64_t from = 0, behind = count;
  for (const queues::LaneMark& each : lane.marks)
    if (each.position >= lane.first) behind = std::min(behind, each.position - lane.first);
  if (count + 1 > fit) from = std::clamp<std::int64_t>(behind - 1, 0, count + 1 - fit);
  if (from > 0 && fit > 2) {  // in the place of the first, how many stand before
    draw_rest_count(canvas, {area.x, area.y, style.wide, style.high}, static_cast<std::size_t>(++from));
    area.take_left(style.pitch);
    --fit;
  }
  const std::int64_t to = std::min(count, from + fit - (count - from + 1 > fit ? 1 : 0));
  for (std::int64_t i = from; i < to; ++i) {
    const Rect box{area.x + style.pitch * static_cast<float>(i - from), area.y, style.wide, style.high};
    draw_stored(scene, box, style, lane.cells[static_cast<std::size_t>(i)], -1);
  }
  const float x = area.x + style.pitch * static_cast<float>(to - from);
  if (to < count) draw_rest_count(canvas, {x, area.y, area.right() - x, style.high}, static_cast<std::size_t>(count - to));
  else if (!lane.open) draw_shard_end(canvas, {x, area.y, area.right() - x, style.high});
  else if (lane.open && x + style.wide <= area.right() + 1)
    canvas.dashed_outline({x, area.y, style.wide, style.high}, canvas.theme.line2, canvas.big(1.25F, 2), kHidden, canvas.big(4, 7));
  if (lane.waits && to == count) {
    Rect rest{x + style.pitch, area.y, area.right() - x - style.pitch, style.high};
    const std::string_view why = canvas.width(kSmall, kWaitsForParent) <= rest.w ? kWaitsForParent : "waits";
    if (canvas.width(kSmall, why) <= rest.w) canvas.text_in(rest, kSmall, canvas.theme.text2, why);
  }
  draw_lane_marks(scene, lane, style, {area.x, area.bottom() + canvas.big(3, 4)}, lane.first + from, lane.first + to);
}

// "▲ shipping, lag 1", a line a service.
void draw_log_legend(const SystemScene& scene, const queues::StoreView& store, Rect area) {
  Canvas& canvas = scene.all.canvas;
  const float size = canvas.big(5.5F, 9);
  for (std::size_t s = 0; s < scene.all.runs.workload().services.size(); ++s) {
    std::int64_t lag = 0;
    bool reads = false, committed = false;
    for (const queues::LaneView& lane : store.lanes) {
      for (const queues::LaneMark& each : lane.marks) {
        if (each.service != static_cast<std::int32_t>(s)) continue;
        reads = true;
        committed = committed || each.committed >= 0;
        lag += lane.first + static_cast<std::int64_t>(lane.cells.size()) - std::max(each.committed, lane.first);
      }
    }
    if (!reads) continue;
    const std::string text =
        scene.all.runs.workload().services[s].name + (committed ? ", lag " + std::to_string(lag) : ", nothing committed");
    Rect line = area.take_top(scene.all.line);
    if (line.h < scene.all.line * 0.9F) return;
    draw_triangle(canvas, {line.x + size, line.center().y}, size, hue_of_service(scene, static_cast<std::int32_t>(s)), committed, -0.25F);
    line.take_left(size * 3);
    canvas.text_in(line, kSmall, canvas.theme.text2, text);
  }
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

// A store's card: its name, and beside it a note if there is room; its nodes at the foot, where they are shown. `area` is what is
// left of it. True: the note stands there.
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

void draw_dead(const SystemScene& scene, const queues::StoreView& store, Rect area) {
  Canvas& canvas = scene.all.canvas;
  area.take_left(canvas.text_in(area, kSmall, canvas.theme.text2, "dead letters") + canvas.big(8, 12));
  const RivalCellStyle style = style_for(scene, area.w, 20, area.h);
  for (const std::int32_t message : store.dead) {
    if (style.wide > area.w) break;
    const Rect box{area.x, area.y, style.wide, area.h};
    draw_poison(canvas, box);
    draw_message_words(scene, box, style, message, canvas.theme.text);
    area.take_left(style.pitch);
  }
}

void draw_log_store(const SystemScene& scene, const queues::StoreView& store, Rect area) {
  Canvas& canvas = scene.all.canvas;
  draw_store_card(scene, store, "one log for all services", canvas.theme.text3, area);
  std::size_t services = 0;
  for (const queues::Service& each : scene.all.runs.workload().services) services += each.added_at <= scene.all.now;
  const float legend = scene.all.line * static_cast<float>(services);
  if (area.h > legend * 2) {
    Rect words = area.take_bottom(legend);
    if (!store.dead.empty()) draw_dead(scene, store, words.take_right(words.w * 0.52F).take_bottom(scene.all.line));
    draw_log_legend(scene, store, words);
  }
  const auto lanes = static_cast<float>(std::max<std::size_t>(store.lanes.size(), 1));
  float label = 0;
  std::size_t deepest = 0;
  for (std::size_t i = 0; i < store.lanes.size(); ++i) {
    label = std::max(label, canvas.width(kSmallBold, store.lanes[i].name) + canvas.big(8, 12));
    deepest = std::max(deepest, depth_of_lane(store, i));
  }
  const float step = deepest > 0 ? std::min(canvas.big(16, 26), area.w * 0.2F / static_cast<float>(deepest)) : 0;
  const float high = std::min(area.h / lanes, scene.all.line * 1.2F + canvas.big(26, 44));
  std::vector<Rect> rows;
  for (std::size_t i = 0; i < store.lanes.size(); ++i) {
    Rect lane = area.take_top(high);
    if (lane.h < scene.all.line) break;
    lane.take_bottom(canvas.big(4, 6));
    rows.push_back(lane);
    const float in = step * static_cast<float>(depth_of_lane(store, i));
    lane.take_left(in);
    draw_log_lane(scene, store.lanes[i], lane, label + step * static_cast<float>(deepest) - in);
  }
  draw_shard_tree(canvas, store, rows, step);
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
    draw_dead(scene, store, area.take_bottom(scene.all.line * 1.1F));
    area.take_bottom(canvas.big(4, 6));
  }
  area.take_top(canvas.big(14, 22));  // where clocks stand
  const std::string words = sentence_of_store(scene, store);
  const auto lanes = static_cast<float>(std::max<std::size_t>(store.lanes.size(), 1));
  const float high = std::min(area.h / lanes, scene.all.line * 1.9F);
  const float free = area.h - high * lanes;
  if (!words.empty() && free > scene.all.line * (beside ? 1.0F : 2.0F))
    canvas.text_in(area.take_bottom(scene.all.line), kSmall, theme.text2, words);
  if (!beside && free > scene.all.line) canvas.text_in(area.take_bottom(scene.all.line), kSmall, theme.text2, counts);
  for (const queues::LaneView& each : store.lanes) {
    Rect lane = area.take_top(high);
    if (lane.h < scene.all.line * 0.8F) break;
    lane.take_bottom(canvas.big(3, 4));
    draw_mailbox_lane(scene, store, each, lane);
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

// A log of a system: its cells stay, and markers move below them.
#include <algorithm>
#include <string>
#include <vector>

#include "viz/panels/systems_parts.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

Color hue_of_service(const SystemScene& scene, std::int32_t service) {
  std::size_t first = 0;
  for (std::int32_t s = 0; s < service; ++s) first += scene.all.runs.workload().services[static_cast<std::size_t>(s)].consumers.size();
  return scene.all.canvas.theme.member(first).fill;
}

// Where the records of a log stand: from left to right, and in rows from above where one has not got the room.
struct LogSlots {
  Point from;
  RivalCellStyle style;
  std::int64_t in_a_row = 1, rows = 1;
  float row_high = 0;
  std::int64_t room() const { return in_a_row * rows; }
  Rect at(std::int64_t slot) const {
    const auto column = static_cast<float>(slot % in_a_row), row = static_cast<float>(slot / in_a_row);
    return {from.x + style.pitch * column, from.y + row_high * row, style.wide, style.high};
  }
  // From that one to the end of its row.
  Rect rest_of_row(std::int64_t slot) const {
    const Rect box = at(slot);
    return {box.x, box.y, from.x + style.pitch * static_cast<float>(in_a_row) - box.x, box.h};
  }
};

// Where a service reads next, and, hollow, where it would go on. `first` stands in `slot`.
void draw_lane_marks(const SystemScene& scene, const queues::LaneView& lane, const LogSlots& slots, std::int64_t slot, std::int64_t first,
                     std::int64_t end) {
  Canvas& canvas = scene.all.canvas;
  const float size = canvas.big(5.5F, 9), half_gap = (slots.style.pitch - slots.style.wide) / 2;
  for (std::size_t i = 0; i < lane.marks.size(); ++i) {
    const queues::LaneMark& mark = lane.marks[i];
    const Color hue = hue_of_service(scene, mark.service);
    const auto place = [&](std::int64_t offset) {
      const std::int64_t at = slot + offset - first;
      const Rect box = slots.at(std::min(at, slots.room() - 1));
      const float x = at < slots.room() ? box.x - half_gap : box.right() + half_gap;
      return Point{x + size * 1.5F * static_cast<float>(i), box.bottom() + canvas.big(3, 4) + size};
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

LogSlots slots_of(const SystemScene& scene, const queues::LaneView& lane, Rect area, std::int64_t rows) {
  const float row = area.h / static_cast<float>(rows);
  const float marks = std::min(scene.all.canvas.big(14, 22), row * 0.34F);
  const std::size_t in_each = lane.cells.size() / static_cast<std::size_t>(rows) + 1;
  const RivalCellStyle style = rival_cell_style(scene, area.w, in_each, row - marks);
  const auto fit = static_cast<std::int64_t>(std::max((area.w + style.pitch - style.wide) / style.pitch, 2.0F));
  return {{area.x, area.y}, style, fit, rows, row};
}

// Behind the last record: how many more there are, that no more can come, or the place of the next one.
void draw_lane_end(const SystemScene& scene, const queues::LaneView& lane, const LogSlots& slots, std::int64_t slot, std::int64_t more) {
  Canvas& canvas = scene.all.canvas;
  if (slot >= slots.room()) return;
  Rect rest = slots.rest_of_row(slot);
  if (more > 0) draw_rest_of_cells(canvas, rest, static_cast<std::size_t>(more));
  else if (!lane.open) draw_shard_end(canvas, rest);
  else canvas.dashed_outline(slots.at(slot), canvas.theme.line2, canvas.big(1.25F, 2), kHidden, canvas.big(4, 7));
  if (!lane.waits || more > 0) return;
  rest.take_left(slots.style.pitch);
  const std::string_view why = canvas.width(kSmall, kWaitsForParent) <= rest.w ? kWaitsForParent : "waits";
  if (canvas.width(kSmall, why) <= rest.w) canvas.text_in(rest, kSmall, canvas.theme.text2, why);
}

void draw_log_lane(const SystemScene& scene, const queues::LaneView& lane, Rect area, float label, std::int64_t rows) {
  Canvas& canvas = scene.all.canvas;
  const Rect name = area.take_left(label);
  const LogSlots slots = slots_of(scene, lane, area, rows);
  Rect words{name.x, name.y, name.w, slots.style.high};
  if (lane.keys_to > 0) draw_key_range(canvas, lane, words.take_bottom(canvas.big(8, 12)));
  canvas.text_in(words, kSmallBold, lane.open ? canvas.theme.text : canvas.theme.text3, lane.name);
  const auto count = static_cast<std::int64_t>(lane.cells.size());
  std::int64_t fit = slots.room();
  // Cut so that the one who is furthest behind is to be seen, if the newest is not then lost from sight.
  std::int64_t from = 0, slot = 0, behind = count;
  for (const queues::LaneMark& each : lane.marks)
    if (each.position >= lane.first) behind = std::min(behind, each.position - lane.first);
  if (count + 1 > fit) from = std::clamp<std::int64_t>(behind - 1, 0, count + 1 - fit);
  if (from > 0 && fit > 2) {  // in the place of the first, how many stand before
    draw_rest_of_cells(canvas, slots.at(slot++), static_cast<std::size_t>(++from));
    --fit;
  }
  const std::int64_t to = std::min(count, from + fit - (count - from + 1 > fit ? 1 : 0));
  for (std::int64_t i = from; i < to; ++i)
    draw_stored(scene, slots.at(slot + i - from), slots.style, lane.cells[static_cast<std::size_t>(i)], -1);
  draw_lane_end(scene, lane, slots, slot + to - from, count - to);
  draw_lane_marks(scene, lane, slots, slot, lane.first + from, lane.first + to);
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

}  // namespace

void draw_log_store(const SystemScene& scene, const queues::StoreView& store, Rect area) {
  Canvas& canvas = scene.all.canvas;
  draw_store_card(scene, store, "one log for all services", canvas.theme.text3, area);
  std::size_t services = 0;
  for (const queues::Service& each : scene.all.runs.workload().services) services += each.added_at <= scene.all.now;
  const float legend = scene.all.line * static_cast<float>(services);
  if (area.h > legend * 2) {
    Rect words = area.take_bottom(legend);
    if (!store.dead.empty()) draw_dead_letters(scene, store, words.take_right(words.w * 0.52F).take_bottom(scene.all.line));
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
  // A log alone goes on in the next row; several keep a row each, so that none moves when another grows.
  const std::int64_t rows_each = store.lanes.size() == 1 ? std::max<std::int64_t>(static_cast<std::int64_t>(area.h / high), 1) : 1;
  std::vector<Rect> rows;
  for (std::size_t i = 0; i < store.lanes.size(); ++i) {
    Rect lane = area.take_top(high * static_cast<float>(rows_each));
    if (lane.h < scene.all.line) break;
    lane.take_bottom(canvas.big(4, 6));
    rows.push_back(lane);
    const float in = step * static_cast<float>(depth_of_lane(store, i));
    lane.take_left(in);
    draw_log_lane(scene, store.lanes[i], lane, label + step * static_cast<float>(deepest) - in, rows_each);
  }
  draw_shard_tree(canvas, store, rows, step);
}

}  // namespace nutshell

#include "viz/panels/stage_motion.h"

#include <algorithm>
#include <cmath>

#include "sim/cluster/process_kind.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kJolt = 4;       // pixels
constexpr float kFall = 24;
constexpr float kSlideIn = 36;
constexpr Offset kMostShift = 2;  // columns that a strip slides by at once
constexpr float kTip = 1.25F;    // radians that a record tips over by
constexpr float kStagger = 0.3F;  // of the time: the last record begins to fall, then the one before

// The first column that a strip would show if its longest log ended there.
Offset first_shown(Offset start, Offset end, std::int32_t columns) { return std::max(start, end + 1 - columns); }

MarkPlace sum_up(const std::vector<const Transition*>& moves, Offset now, bool reduced) {
  MarkPlace place;
  place.at = static_cast<float>(now);
  if (moves.empty()) return place;
  if (reduced) {
    place.opacity = moves.front()->eased;
    place.old_at = static_cast<float>(moves.back()->from);
    place.old_opacity = 1 - moves.back()->eased;
    return place;
  }
  for (const Transition* each : moves) place.at -= static_cast<float>(each->to - each->from) * (1 - each->eased);
  return place;
}

template <class F>
MarkPlace mark_place(const Scene& scene, Offset now, const F& is_meant) {
  std::vector<const Transition*> moves;
  for (const Transition& each : scene.moves) {
    if (is_meant(each)) moves.push_back(&each);
  }
  return sum_up(moves, now, scene.reduced);
}

bool is_longest(const World& world, TopicPartition tp, Offset end) {
  return std::none_of(world.brokers.begin(), world.brokers.end(), [&](const Broker& each) {
    const Replica* other = each.replica(tp);
    return other && other->log.log_end_offset() > end;
  });
}

Point turned(Point point, Point around, float angle) {
  const Point d = point - around;
  return {around.x + d.x * std::cos(angle) - d.y * std::sin(angle), around.y + d.x * std::sin(angle) + d.y * std::cos(angle)};
}

void draw_scissors(Canvas& canvas, Point at, float size, float open, Color color) {
  const float angle = 0.2F + 0.5F * open;
  for (const float side : {-1.0F, 1.0F}) {
    const Point tip = turned({at.x, at.y + size * 1.5F}, at, side * angle);
    const Point grip = turned({at.x, at.y - size * 0.9F}, at, side * (angle + 0.15F));
    canvas.line(grip, tip, color, canvas.big(2, 3.5F));
    canvas.ring(grip, size * 0.38F, color, canvas.big(1.75F, 3));
  }
}

// A record on its way down: `part` of the fall is behind it.
void draw_tipped(Canvas& canvas, Rect cell, Epoch epoch, Offset offset, bool dashed, float part, bool reduced) {
  const Theme& theme = canvas.theme;
  const Faded faded(canvas, 1 - part);
  const float angle = reduced ? 0 : kTip * part, drop = reduced ? 0 : kFall * part;
  const Point foot{cell.right(), cell.bottom()};
  std::vector<Point> corners = {{cell.x, cell.y}, {cell.right(), cell.y}, foot, {cell.x, cell.bottom()}};
  Point middle{};
  for (Point& each : corners) {
    each = turned(each, foot, angle) + Point{0, drop};
    middle = middle + each * 0.25F;
  }
  const Color color = epoch < 0 ? theme.text3 : theme.epoch(epoch).stroke;
  canvas.polygon(corners, epoch < 0 ? theme.card : theme.tint(theme.epoch(epoch)));
  corners.push_back(corners.front());
  if (dashed) canvas.dashed_polyline(corners, color, 1.5F, kNotYet);
  else canvas.polyline(corners, color, 1.5F);
  if (part > 0.3F) return;
  // What falls passes over other words: it is none that has to stay clear of them.
  std::vector<TextBox>* const log = canvas.log;
  canvas.log = nullptr;
  canvas.text(middle, {Face::mono, Size::micro}, theme.text, std::to_string(offset), Align::center);
  canvas.log = log;
}

float jolt(float progress) {
  if (progress >= 0.5F) return 0;
  const float t = progress * 2;
  return kJolt * std::sin(t * 6.2831853F) * (1 - t);
}

void shift(StageLayout& layout, NodeId node, float by) {
  for (auto* places : {&layout.brokers, &layout.producers, &layout.members, &layout.controllers, &layout.plain}) {
    for (std::size_t i = 0; i < places->size(); ++i) {
      if ((*places)[i].node != node) continue;
      (*places)[i].rect.x += by;
      if (places != &layout.brokers) continue;
      for (RowPlace& row : layout.rows) {
        if (row.broker == i) row.rect.x += by;
      }
    }
  }
}

}  // namespace

StripMotion strip_motion(const Scene& scene, const Replica& replica, BrokerId broker, const Strip& strip) {
  const Log& log = replica.log;
  const auto is = [&](TransitionKind kind) {
    return [&scene, &replica, broker, kind](const Transition& each) {
      return each.kind == kind && each.broker == broker && each.tp == replica.tp &&
             (kind != TransitionKind::append || each.to <= replica.log.log_end_offset());
    };
  };
  StripMotion motion;
  motion.high_watermark = mark_place(scene, log.high_watermark(), is(TransitionKind::high_watermark));
  motion.log_end = mark_place(scene, log.log_end_offset(), is(TransitionKind::append));
  Offset start = log.log_start_offset();
  for (const Transition& each : scene.moves) {
    if (scene.reduced || each.kind != TransitionKind::append || each.tp != replica.tp || !each.as_leader) continue;
    const Broker* leader = scene.world.find_broker(each.broker);
    const Replica* led = leader ? leader->replica(each.tp) : nullptr;
    if (!led || !is_longest(scene.world, each.tp, led->log.log_end_offset())) continue;
    start = led->log.log_start_offset();
    const Offset moved = first_shown(start, each.to, strip.columns) - first_shown(start, each.from, strip.columns);
    // Many at once do not slide: they would run out of the row on the right.
    if (moved <= kMostShift) motion.shift += static_cast<float>(moved) * (1 - each.eased);
  }
  return motion;
}

float grown(const Scene& scene, BrokerId broker, TopicPartition tp, Offset offset) {
  for (const Transition& each : scene.moves) {
    if (each.kind != TransitionKind::append || each.broker != broker || each.tp != tp) continue;
    if (offset >= each.from && offset < each.to) return each.eased;
  }
  return 1;
}

MarkPlace reader_mark(const Scene& scene, TransitionKind kind, NodeId consumer, TopicPartition tp, Offset now) {
  const auto is_meant = [&](const Transition& each) { return each.kind == kind && each.node == consumer && each.tp == tp; };
  return mark_place(scene, now, is_meant);
}

void draw_falling(Canvas& canvas, const Transition& cut, const FallenStrip& strip, bool reduced) {
  const Theme& theme = canvas.theme;
  const Rect& first = strip.first;
  const float pitch = strip.pitch;
  const auto skipped = static_cast<std::size_t>(std::max<Offset>(strip.from - cut.to, 0));
  const auto count = static_cast<float>(cut.lost.size()) - static_cast<float>(skipped);
  float x = first.x;
  for (std::size_t i = skipped; i < cut.lost.size() && x + first.w <= strip.right; ++i, x += pitch) {
    const float wait = count > 1 && !reduced ? kStagger * (1 - static_cast<float>(i + 1 - skipped) / count) : 0;
    const float t = within((cut.progress - wait) / (1 - wait), 0.0F, 1.0F);
    const Offset offset = cut.to + static_cast<Offset>(i);
    draw_tipped(canvas, {x, first.y, first.w, first.h}, cut.lost[i], offset, offset >= cut.mark, reduced ? t : t * t * t, reduced);
  }
  if (count <= 0) return;
  const Color red = theme.hue(HueName::red).stroke;
  const Faded faded(canvas, 1 - cut.eased);
  const float gap = (pitch - first.w) / 2;
  const Point top{first.x - gap, first.y - canvas.big(7, 12)};
  canvas.dashed_line(top, {top.x, first.bottom() + 5}, red, canvas.big(2, 3.5F), kNotYet);
  const float snip = reduced ? 0.5F : std::abs(std::cos(cut.progress * 9.4F));
  draw_scissors(canvas, {top.x, first.y + canvas.big(3, 5)}, canvas.big(9, 15), snip, theme.text);
}

std::vector<Point> path_part(const std::vector<Point>& path, float from, float to) {
  float length = 0;
  for (std::size_t i = 1; i < path.size(); ++i) length += std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
  const float begin = length * from, end = length * to;
  std::vector<Point> part;
  float behind = 0;
  for (std::size_t i = 1; i < path.size() && end > begin; ++i) {
    const Point step = path[i] - path[i - 1];
    const float piece = std::hypot(step.x, step.y);
    const auto at = [&](float where) { return path[i - 1] + step * (piece > 0 ? (where - behind) / piece : 0); };
    if (behind + piece >= begin && behind <= end) {
      if (part.empty()) part.push_back(at(std::max(begin, behind)));
      part.push_back(at(std::min(end, behind + piece)));
    }
    behind += piece;
  }
  return part;
}

void move_places(const Scene& scene, StageLayout& layout) {
  if (scene.reduced) return;
  for (const Transition& each : scene.moves) {
    if (each.kind == TransitionKind::crashed) shift(layout, each.node, jolt(each.progress));
    if (each.kind != TransitionKind::joined) continue;
    const NodeKind kind = scene.world.fabric.nodes[static_cast<std::size_t>(each.node)].kind;
    const Rect* card = layout.of(each.node);
    if (!card) continue;
    // From its own side, and never out of the stage.
    const float left = card->x - layout.area.x, right = layout.area.right() - card->right(), away = kSlideIn * (1 - each.eased);
    if (kind == NodeKind::consumer) shift(layout, each.node, std::clamp(right, 0.0F, away));
    if (kind == NodeKind::producer || process_kind(kind).plain) shift(layout, each.node, -std::clamp(left, 0.0F, away));
  }
}

void draw_crashes(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  if (scene.reduced) return;
  for (const Transition& each : scene.moves) {
    const Rect* card = each.kind == TransitionKind::crashed ? layout.of(each.node) : nullptr;
    if (!card) continue;
    const Color red = canvas.theme.hue(HueName::red).stroke;
    const float front = card->w * each.eased;
    canvas.push_clip({card->x, card->y, front, card->h});
    {
      const Faded faded(canvas, (1 - each.progress) * 0.6F);
      canvas.hatch(*card, red, 9, 1.5F);
    }
    canvas.pop_clip();
    const Faded faded(canvas, 1 - each.progress);
    canvas.line({card->x + front, card->y + 2}, {card->x + front, card->bottom() - 2}, red, 2.5F);
  }
}

float fenced_width(const Canvas& canvas) { return tag_width(canvas, "FENCED") + canvas.big(21, 33) - 6; }

float draw_fenced(Canvas& canvas, const Scene& scene, BrokerId broker, Point left_middle, Color color) {
  float part = 1;
  for (const Transition& each : scene.moves) {
    if (each.kind == TransitionKind::fenced && each.broker == broker) part = each.eased;
  }
  const TextStyle style{Face::bold, Size::micro};
  const float bars = canvas.big(21, 33), high = canvas.height(style) + 7, wide = fenced_width(canvas);
  const Rect tag{left_middle.x, left_middle.y - high / 2, wide, high};
  {
    const Faded faded(canvas, std::min(part * 2, 1.0F));
    canvas.outline(tag, color, 1.5F, 5);
    canvas.text({tag.x + bars + (wide - bars) / 2, tag.center().y}, style, color, "FENCED", Align::center, tag);
  }
  const float thick = canvas.big(2, 3), step = canvas.big(5, 8);
  for (int i = 0; i < 3; ++i) {
    const float down = within(part * 1.6F - 0.3F * static_cast<float>(i), 0.0F, 1.0F);
    const Faded faded(canvas, down);
    const float rise = scene.reduced ? 0 : (1 - down) * 18;
    canvas.fill({tag.x + 7 + step * static_cast<float>(i), tag.y + 3 - rise, thick, tag.h - 6}, color);
  }
  return wide;
}

}  // namespace nutshell

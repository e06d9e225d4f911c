// Brokers and their replicas: log strips with their marks.
#include <algorithm>
#include <cmath>

#include "viz/panels/replica_sign.h"
#include "viz/panels/stage.h"
#include "viz/panels/stage_motion.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr TextStyle kSmall{Face::regular, Size::small};

// A record, or the place of one.
void draw_cell(Canvas& canvas, Rect cell, Epoch epoch, ReplicaSign role, bool committed, bool dead) {
  const Theme& theme = canvas.theme;
  const Hue& hue = theme.epoch(epoch);
  const float radius = canvas.big(4, 7);
  if (dead) {
    canvas.outline(cell, theme.line2, 1, radius);
    if (canvas.projector) canvas.hatch(cell, theme.line2, 9);
    return;
  }
  const bool solid = acts(role) && committed;
  if (solid) canvas.fill(cell, hue.fill, radius);
  else if (committed) canvas.fill(cell, theme.tint(hue), radius);
  if (!committed) canvas.dashed_outline(cell, hue.stroke, 1.5F, kNotYet, radius);
  else if (!solid || theme.light) canvas.outline(cell, solid ? theme.ink : hue.stroke, 1.25F, radius);
  const Color notch = solid ? theme.ink : hue.stroke;
  switch ((epoch < 0 ? 0 : epoch) % 4) {
    case 0: canvas.fill({cell.x + 5, cell.bottom() - 4.5F, cell.w - 10, 2}, notch); break;
    case 2: canvas.line({cell.x + 1, cell.y + 6}, {cell.x + 6, cell.y + 1}, notch, 1.5F); break;
    case 3: canvas.circle({cell.right() - 4.5F, cell.y + 4.5F}, 1.75F, notch); break;
    default: break;
  }
}

struct RowScene {
  Canvas& canvas;
  const Scene& scene;
  const StageLayout& layout;
  const RowPlace& row;
  const Broker& broker;
  const Replica* replica;
  ReplicaSign role;
  const Strip& strip;
  float x0;       // of the first column
  float cell_y;
  ReplicaSign before = ReplicaSign::follower;  // of one that has just crashed
  StripMotion motion = {};

  float x_of(Offset offset) const { return x_at(static_cast<float>(offset)); }
  // Of a place between two offsets.
  float x_at(float offset) const {
    return x0 + (offset - static_cast<float>(strip.first) + motion.shift) * layout.pitch;
  }
  bool dead() const { return role == ReplicaSign::offline; }
  void note(Rect rect, PlaceKind kind, Offset offset = -1) const {
    scene.note(canvas, rect, {kind, broker.node, kNoNode, row.tp, offset});
  }
};

// The offset; if there is room, also what the record says.
void draw_record_words(const RowScene& r, Rect cell, Offset offset, Color color) {
  const bool large = !r.layout.words && r.layout.cell_high >= r.canvas.big(38, 60);
  const TextStyle style{Face::mono, large ? Size::body : Size::micro};
  const std::string number = std::to_string(offset);
  const std::string word = r.layout.words ? record_word(r.scene.world, r.replica->log, offset) : "";
  const bool fits = r.canvas.width(style, number) <= cell.w - 2;
  if (word.empty()) {
    r.canvas.text(cell.center(), fits ? style : TextStyle{Face::mono, Size::micro}, color, number, Align::center, cell);
    return;
  }
  r.canvas.text_in({cell.x + 5, cell.y + 2, cell.w - 8, cell.h * 0.42F}, style, color, number);
  r.canvas.text_in({cell.x + 4, cell.y + cell.h * 0.42F, cell.w - 8, cell.h * 0.5F}, {Face::bold, Size::small}, color, word,
                   Align::center);
}

// The copy is so far behind that none of it is among the columns shown.
bool ends_before_strip(const RowScene& r) {
  const Offset end = r.replica->log.log_end_offset();
  return end > 0 && end <= r.strip.first;
}
std::string end_text(const RowScene& r) {
  return "ends at offset " + std::to_string(r.replica->log.log_end_offset());
}

// What of it is below the high watermark, which may be sliding over it.
float committed_part(const RowScene& r, Offset offset) {
  return std::clamp(r.motion.high_watermark.at - static_cast<float>(offset), 0.0F, 1.0F);
}

// A record as its replica was just before a crash took it.
void draw_draining(const RowScene& r, Rect cell, Epoch epoch, Offset offset) {
  const Transition* crash = r.scene.move(TransitionKind::crashed, r.broker.node);
  if (!crash || !r.dead()) return;
  const Faded faded(r.canvas, 1 - crash->eased);
  draw_cell(r.canvas, cell, epoch, r.before, offset < r.replica->log.high_watermark(), false);
}

void draw_one(const RowScene& r, Offset offset) {
  const Theme& theme = r.canvas.theme;
  const float part = grown(r.scene, r.broker.id, r.row.tp, offset);
  const float wide = r.scene.reduced ? 1 : part;
  const Rect cell{r.x_of(offset), r.cell_y, r.layout.cell * wide, r.layout.cell_high};
  if (cell.w < 2) return;
  // What is pushed out on the left is gone when it is out.
  const float inside = std::clamp(1 + (cell.x - r.x0) / r.layout.pitch, 0.0F, 1.0F);
  // What is written where a truncation has just cut comes out behind what falls.
  const Transition* cut = r.scene.move(TransitionKind::truncated, r.broker.id, r.row.tp);
  const float clear = cut && offset >= cut->to && offset < cut->from ? cut->eased : 1;
  const Faded faded(r.canvas, (r.scene.reduced ? part : inside) * clear);
  const Epoch epoch = r.replica->log.epoch_at(offset).value_or(0);
  const float committed = committed_part(r, offset);
  draw_cell(r.canvas, cell, epoch, r.role, committed >= 1, r.dead());
  draw_draining(r, cell, epoch, offset);
  if (committed > 0 && committed < 1 && !r.dead()) {
    r.canvas.push_clip({cell.x - 1, cell.y - 1, cell.w * committed + 1, cell.h + 2});
    draw_cell(r.canvas, cell, epoch, r.role, true, false);
    r.canvas.pop_clip();
  }
  r.note(cell, PlaceKind::record, offset);
  if (wide < 0.6F || inside < 0.85F || clear < 0.5F) return;
  const bool on_hue = acts(r.role) && committed >= 0.5F && !r.dead();
  draw_record_words(r, cell, offset, on_hue ? theme.ink : r.dead() ? theme.text3 : theme.text);
}

void draw_cells(const RowScene& r) {
  const Theme& theme = r.canvas.theme;
  const Log& log = r.replica->log;
  const float high = r.layout.cell_high;
  if (log.log_start_offset() < r.strip.first && log.log_end_offset() > 0) {
    r.canvas.text({r.x0 - 11, r.cell_y + high / 2}, {Face::mono, Size::micro}, theme.text3, "\u2026", Align::center);
  }
  if (ends_before_strip(r)) {
    const float room = r.row.rect.right() - r.layout.tail - r.x0 - 8;
    if (r.canvas.width(kSmall, end_text(r)) <= room)
      r.canvas.text({r.x0 + 4, r.cell_y + high / 2}, kSmall, theme.text3, end_text(r));
    return;
  }
  const Offset from = std::max(r.strip.first - static_cast<Offset>(std::ceil(r.motion.shift)), log.log_start_offset());
  r.canvas.push_clip({r.x0 - 5, r.row.rect.y, r.row.rect.right() - r.x0 + 5, r.row.rect.h});
  for (Offset offset = from; offset < log.log_end_offset(); ++offset) draw_one(r, offset);
  r.canvas.pop_clip();
  if (!acts(r.role)) return;
  const Rect next{r.x_at(r.motion.log_end.at), r.cell_y, r.layout.cell, high};
  const bool fits = next.right() <= r.row.rect.right() - r.layout.tail && log.log_end_offset() < r.strip.first + r.strip.columns;
  if (fits) r.canvas.dashed_outline(next, theme.line2, 1.25F, kHidden, 4);
}

// High watermark: an upright line with a pennant; log end and log start: brackets.
void draw_marks(const RowScene& r) {
  const Theme& theme = r.canvas.theme;
  const Log& log = r.replica->log;
  const float high = r.layout.cell_high;
  const float top = r.cell_y - 3, foot = r.cell_y + high + 3, gap = (r.layout.pitch - r.layout.cell) / 2;
  const Color line = r.dead() ? theme.text3 : theme.text;
  const auto draw_line = [&](float offset, float opacity) {
    if (opacity <= 0 || offset < static_cast<float>(r.strip.first)) return;
    const Faded faded(r.canvas, opacity);
    const float x = r.x_at(offset) - gap;
    r.note({x - 4, top, 11, foot - top}, PlaceKind::high_watermark);
    r.canvas.line({x, top}, {x, foot}, line, r.canvas.big(2.5F, 5));
    r.canvas.fill({x, top, r.canvas.big(7, 12), r.canvas.big(5, 8)}, line);
  };
  draw_line(r.motion.high_watermark.old_at, r.motion.high_watermark.old_opacity);
  draw_line(r.motion.high_watermark.at, r.motion.high_watermark.opacity);
  if (log.log_end_offset() < r.strip.first) return;
  // Where both marks meet, the bracket stands right of the line; on the way there it moves over.
  const float apart = r.motion.log_end.at - r.motion.high_watermark.at;
  const float end = r.x_at(r.motion.log_end.at) + (3 + gap) * (1 - std::clamp(apart, 0.0F, 1.0F)) - gap;
  const Faded faded(r.canvas, r.motion.log_end.opacity);
  r.note({end - 3, top, 6, foot - top}, PlaceKind::log_end);
  r.canvas.polyline({{end - 3, top + 1}, {end, top + 1}, {end, foot - 1}, {end - 3, foot - 1}}, line, 1.5F);
  if (log.log_start_offset() >= r.strip.first && log.log_end_offset() > 0) {
    const float start = r.x_of(log.log_start_offset()) - gap - 1;
    r.canvas.polyline({{start + 3, top + 1}, {start, top + 1}, {start, foot - 1}, {start + 3, foot - 1}}, theme.text3, 1.5F);
  }
}

// Committed offsets and positions of the partition's readers, below the leader's strip.
void draw_readers(const RowScene& r) {
  if (!acts(r.role)) return;
  const float gap = (r.layout.pitch - r.layout.cell) / 2;
  const float y = r.cell_y + r.layout.cell_high + r.canvas.big(4, 6);
  const World& world = r.scene.world;
  for (std::size_t i = 0; i < world.consumers.size(); ++i) {
    for (const OwnedPartition& owned : world.consumers[i].owned) {
      if (owned.tp != r.row.tp) continue;
      const Color color = r.canvas.theme.member(i).stroke;
      const float radius = r.canvas.big(4, 7);
      const auto triangle = [&](float offset, float opacity, PlaceKind kind) {
        if (opacity <= 0 || offset < static_cast<float>(r.strip.first)) return;
        const Faded faded(r.canvas, opacity);
        const Point at{r.x_at(offset) - gap, y};
        r.scene.note(r.canvas, {at.x - radius, at.y - radius, 2 * radius, 2 * radius},
                     {kind, world.consumers[i].node, kNoNode, owned.tp});
        draw_triangle(r.canvas, at, radius, color, kind == PlaceKind::committed, -0.25F);
      };
      const auto mark = [&](Offset offset, PlaceKind kind) {
        if (offset < 0) return;
        const auto moved = kind == PlaceKind::committed ? TransitionKind::committed : TransitionKind::position;
        const MarkPlace place = reader_mark(r.scene, moved, world.consumers[i].node, owned.tp, offset);
        triangle(place.old_at, place.old_opacity, kind);
        triangle(place.at, place.opacity, kind);
      };
      mark(owned.committed, PlaceKind::committed);
      mark(owned.position, PlaceKind::position);
    }
  }
}

// The leader that serves this partition, as it sees itself; nullptr: none.
const Replica* serving_leader(const World& world, TopicPartition tp) {
  const Replica* leader = nullptr;
  for (const Broker& each : world.brokers) {
    const Replica* other = each.replica(tp);
    if (other && other->role == ReplicaRole::leader && (!leader || other->leader_epoch > leader->leader_epoch)) leader = other;
  }
  return leader;
}

// How far a copy is from its leader, and how long the leader still bears with it (replica.lag.time.max.ms).
void draw_behind(const RowScene& r, Rect room) {
  if (r.role != ReplicaSign::out_of_isr && r.role != ReplicaSign::follower) return;
  const Replica* leader = serving_leader(r.scene.world, r.row.tp);
  if (!leader) return;
  const Offset behind = leader->log.log_end_offset() - r.replica->log.log_end_offset();
  if (behind <= 0) return;
  const Color color = role_words(r.canvas.theme, r.role);
  std::string text = std::to_string(behind) + " behind";
  const Duration whole = r.broker.config.replica_lag_time_max;
  for (const FollowerState& each : leader->followers) {
    if (each.broker != r.broker.id || r.role != ReplicaSign::follower) continue;
    const Time ends = each.last_caught_up + whole;
    if (r.scene.left(ends, whole) > 0.85F) return;
    const float radius = r.canvas.big(8, 12);
    if (room.w < 2 * radius + 100) return;
    draw_drain(r.canvas, {room.x + radius, room.center().y}, radius, r.scene.left(ends, whole));
    room.take_left(2 * radius + 8);
    const std::string longer = text + ", " + left_text(r.scene.view_time, ends) + " to go";
    if (r.canvas.width(kSmall, longer) <= room.w) text = longer;
  }
  if (r.canvas.width(kSmall, text) <= room.w) r.canvas.text_in(room, kSmall, color, text);
}

RoleMotion role_motion(const RowScene& r) {
  RoleMotion motion;
  if (const Transition* out = r.scene.move(TransitionKind::isr_shrunk, r.broker.id, r.row.tp)) motion.in_sync = 1 - out->eased;
  else if (const Transition* in = r.scene.move(TransitionKind::isr_expanded, r.broker.id, r.row.tp)) motion.in_sync = in->eased;
  const Transition* crown = r.scene.move(TransitionKind::crown, r.broker.id, r.row.tp);
  motion.crown_flies = crown && !r.scene.reduced && r.scene.world.find_broker(crown->previous) && crown->previous != r.broker.id;
  return motion;
}

void draw_row_words(const RowScene& r, bool many) {
  const Theme& theme = r.canvas.theme;
  Rect words = r.row.rect;
  const float middle = words.y + words.h / 2;
  const float glyph = r.canvas.big(36, 58);
  draw_role(r.canvas, {words.x + glyph / 2, middle}, r.role, role_motion(r));
  words.take_left(glyph);
  words.w = r.layout.label - glyph;
  const TextStyle mono{Face::mono_bold, Size::small};
  const float epoch = r.canvas.width(mono, "e12") + 10;
  Rect epochs = words.take_right(epoch);
  const float name = r.canvas.text_in({words.x, words.y, words.w, words.h}, mono, r.dead() ? theme.text3 : theme.text,
                                      partition_text(r.scene.world, r.row.tp, many));
  words.take_left(name + 10);
  const float role = r.canvas.width({Face::regular, Size::small}, role_text(r.role));
  const Color plain = role_words(theme, r.role);
  if (role <= words.w) r.canvas.text_in(words, {acts(r.role) ? Face::bold : Face::regular, Size::small}, plain, role_text(r.role));
  const Epoch e = r.replica ? r.replica->leader_epoch : -1;
  if (e >= 0 || r.replica) {
    const std::string text = "e" + std::to_string(std::max(e, 0));
    r.note(epochs, PlaceKind::epoch);
    r.canvas.text_in(epochs, mono, r.dead() ? theme.text3 : theme.epoch(std::max(e, 0)).words, text);
  }
  if (!r.replica || r.layout.tail < 40) return;
  Rect tail = r.row.rect;
  tail = tail.take_right(r.layout.tail);
  const std::string marks = "HW " + std::to_string(r.replica->log.high_watermark()) + " LEO " +
                            std::to_string(r.replica->log.log_end_offset());
  r.canvas.text_in({tail.x, tail.y, tail.w - 8, tail.h}, {Face::mono, Size::small}, r.dead() ? theme.text3 : theme.text2, marks,
                   Align::right);
}

void draw_row(Canvas& canvas, const Scene& scene, const StageLayout& layout, const RowPlace& row, bool many) {
  const Broker& broker = scene.world.brokers[row.broker];
  const Node& node = scene.world.fabric.nodes[static_cast<std::size_t>(broker.node)];
  const Replica* replica = broker.replica(row.tp);
  const MetadataImage* image = committed_image(scene.world);
  const ReplicaSign role = role_of(node, replica, image ? image->partition(row.tp) : nullptr, broker.id);
  const Theme& theme = canvas.theme;
  const Rect inner{row.rect.x, row.rect.y + 1, row.rect.w, row.rect.h - 3};
  if (role == ReplicaSign::leader) {
    canvas.fill(inner, theme.raised, 6);
    const Color color = theme.light ? theme.ink : role_color(theme, role);
    // It has just applied that it leads: the dashes close.
    const Transition* office = scene.move(TransitionKind::office, broker.id, row.tp);
    const Dash closing{kNotYet.on + kNotYet.off * (office ? office->eased : 1), kNotYet.off * (1 - (office ? office->eased : 1))};
    if (office && closing.off > 0.2F) canvas.dashed_outline(inner, color, canvas.big(1.75F, 3), closing, 6);
    else canvas.outline(inner, color, canvas.big(1.75F, 3), 6);
  } else if (acts(role) || role == ReplicaSign::out_of_isr) {
    canvas.fill(inner, role == ReplicaSign::out_of_isr ? theme.card : theme.raised, 6);
    canvas.dashed_outline(inner, role_color(theme, role), 1.75F, role == ReplicaSign::out_of_isr ? kOutOfIsr : kNotYet, 6);
  }
  const float high = layout.cell_high;
  scene.note(canvas, inner, {PlaceKind::replica, broker.node, kNoNode, row.tp});
  RowScene r{canvas, scene, layout, row, broker, replica, role, *layout.strip(row.tp),
             row.rect.x + layout.label + 6, inner.y + (inner.h - high) / 2};
  r.before = role_before(image ? image->partition(row.tp) : nullptr, broker.id);
  if (replica) r.motion = strip_motion(scene, *replica, broker.id, r.strip);
  draw_row_words(r, many);
  if (!replica) return;
  draw_cells(r);
  draw_marks(r);
  draw_readers(r);
  if (const Transition* cut = scene.move(TransitionKind::truncated, broker.id, row.tp)) {
    const Offset from = std::max(cut->to, r.strip.first);
    draw_falling(canvas, *cut, {from, {r.x_of(from), r.cell_y, layout.cell, high}, layout.pitch, row.rect.right() - layout.tail},
                 scene.reduced);
  }
  const float x = ends_before_strip(r) ? r.x0 + canvas.width(kSmall, end_text(r)) + 20
                                       : r.x_of(replica->log.log_end_offset()) + 14;
  draw_behind(r, {x, inner.y, row.rect.right() - layout.tail - x, inner.h});
}

// The ring of the broker's session, as the active controller counts it.
void draw_session(Canvas& canvas, const Scene& scene, const Broker& broker, Rect head) {
  for (const Controller& controller : scene.world.controllers) {
    if (!controller.active) continue;
    for (const BrokerSession& session : controller.sessions) {
      if (session.broker != broker.id) continue;
      const Time ends = session.last_heartbeat + controller.config.broker_session_timeout;
      const float left = static_cast<float>(ends - scene.view_time) / static_cast<float>(controller.config.broker_session_timeout);
      const std::string text = "session " + left_text(scene.view_time, ends);
      const TextStyle style{Face::regular, Size::small};
      const float wide = canvas.width(style, "session 88.8 s");
      const float radius = canvas.big(8, 12);
      const float x = head.right() - 10 - wide;
      if (x - 2 * radius - 14 < head.x) return;
      scene.note(canvas, {x - 2 * radius - 8, head.y, wide + 2 * radius + 8, head.h}, {PlaceKind::session, broker.node});
      draw_drain(canvas, {x - radius - 8, head.y + head.h / 2}, radius, left);
      canvas.text_in({x, head.y, wide, head.h}, style, left < 0.2F ? canvas.theme.hue(HueName::yellow).stroke : canvas.theme.text2, text);
      return;
    }
  }
}

// Tags of a broker's state, from `at` to `right` at most; returns where they end.
float draw_state(Canvas& canvas, const Scene& scene, const Broker& broker, const Node& node, Point at, float right) {
  const Theme& theme = canvas.theme;
  const Color red = theme.hue(HueName::red).stroke;
  const MetadataImage* image = committed_image(scene.world);
  const BrokerRegistration* known = image ? image->broker(broker.id) : nullptr;
  float x = at.x;
  const auto tag = [&](bool shown, std::string_view text, Color color, bool filled = false) {
    if (shown && x + tag_width(canvas, text) + 8 <= right) x += draw_tag(canvas, {x, at.y}, text, color, filled) + 8;
  };
  tag(node.status == NodeStatus::down, node.crashed ? "CRASHED" : "STOPPED", red, true);
  tag(node.status == NodeStatus::paused, "PAUSED", theme.text2);
  tag(broker.state == BrokerState::controlled_shutdown, "STOPPING", theme.text2);
  if (known && known->fenced && x + fenced_width(canvas) + 8 <= right)
    x += draw_fenced(canvas, scene, broker.id, {x, at.y}, red) + 8;
  tag(node.service_time > 0 || node.disk_bytes_per_second > 0, "SLOW", theme.hue(HueName::orange).words);
  return x;
}

void draw_card(Canvas& canvas, const Scene& scene, const Broker& broker, Rect card, float header) {
  const Theme& theme = canvas.theme;
  const Node& node = scene.world.fabric.nodes[static_cast<std::size_t>(broker.node)];
  const bool up = node.status == NodeStatus::running;
  const Color red = theme.hue(HueName::red).stroke;
  scene.note(canvas, card, {PlaceKind::broker, broker.node});
  canvas.fill(card, up ? theme.card : theme.bg, 8);
  if (const Transition* crash = scene.move(TransitionKind::crashed, broker.node)) {
    const Faded faded(canvas, 1 - crash->eased);
    canvas.fill(card, theme.card, 8);
  }
  if (up) canvas.outline(card, theme.line2, canvas.big(1.5F, 3), 8);
  else canvas.dashed_outline(card, node.status == NodeStatus::paused ? theme.text2 : red, canvas.big(2, 3), kDead, 8);
  const float side = canvas.big(22, 36);
  Rect head{card.x, card.y + 2, card.w, header};
  const Rect square{card.x + 12, head.y + (head.h - side) / 2, side, side};
  if (!up) canvas.hatch(square, theme.line2, 6);
  canvas.outline(square, up ? theme.text : red, 1.75F, 5);
  canvas.text(square.center(), {Face::mono_bold, Size::small}, up ? theme.text : red, std::to_string(broker.id), Align::center, square);
  const float x = square.right() + 10;
  const TextStyle style{Face::bold, Size::name};
  const float name = canvas.text({x, head.y + head.h / 2}, style, up ? theme.text : theme.text2, capitalised(node.name));
  const float end = draw_state(canvas, scene, broker, node, {x + name + 14, head.y + head.h / 2}, card.right());
  draw_session(canvas, scene, broker, {end, head.y, card.right() - end, head.h});
}

}  // namespace

void draw_brokers(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const bool many = has_many_topics(scene.world);
  for (const NodePlace& each : layout.brokers) {
    const std::int32_t index = scene.world.fabric.nodes[static_cast<std::size_t>(each.node)].index;
    draw_card(canvas, scene, scene.world.brokers[static_cast<std::size_t>(index)], each.rect, layout.header);
  }
  for (const RowPlace& each : layout.rows) draw_row(canvas, scene, layout, each, many);
  if (layout.folded == 0 || layout.brokers.empty()) return;
  std::string text = "and " + std::to_string(layout.folded) + " more partition" + (layout.folded == 1 ? "" : "s");
  if (layout.hidden_brokers > 0) text += ", " + std::to_string(layout.hidden_brokers) + " more brokers";
  const Rect& last = layout.brokers.back().rect;
  const TextStyle style{Face::regular, Size::small};
  canvas.text({last.x + 12, last.bottom() + canvas.height(style) * 0.6F}, style, canvas.theme.text3, text);
}

}  // namespace nutshell

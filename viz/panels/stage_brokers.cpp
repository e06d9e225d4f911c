// Brokers and the rows of their replicas.
#include <algorithm>
#include <cmath>

#include "sim/session/lost.h"
#include "viz/panels/log_strip.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// How far a copy is from its leader, and how long the leader still bears with it (replica.lag.time.max.ms).
void draw_behind(const RowScene& r, Rect room) {
  if (!is_out(r.role) && r.role != ReplicaSign::follower && r.role != ReplicaSign::asked) return;
  const Replica* leader = serving_leader(r.scene.world, r.row.tp);
  if (!leader) return;
  const Offset behind = leader->log.log_end_offset() - r.replica->log.log_end_offset();
  if (behind <= 0) return;
  const Color color = role_words(r.canvas.theme, r.role);
  std::string text = std::to_string(behind) + " behind";
  const Duration whole = r.broker.config.replica_lag_time_max;
  for (const FollowerState& each : leader->followers) {
    if (each.broker != r.broker.id || r.role != ReplicaSign::follower || r.scene.asked.when) continue;
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

// Where the records are: the line above them is whole over what the disk has, broken over what only the page cache has. A disk that
// lies is believed; what a process finds is on the disk, however little the recovery point in its file says.
void draw_kept(const RowScene& r) {
  const Log& log = r.replica->log;
  const Offset end = log.log_end_offset(), start = std::max(log.log_start_offset(), r.strip.first);
  if (!r.scene.parts.page_cache || r.dead() || end <= start) return;
  const Theme& theme = r.canvas.theme;
  const Offset flushed = within(std::max(log.recovery_point(), log.flushed_offset()), start, end);
  const float y = r.cell_y - r.canvas.big(5, 8), gap = r.layout.pitch - r.layout.cell;
  const float wide = r.canvas.big(2, 3.5F);
  if (flushed > start) r.canvas.line({r.x_of(start), y}, {r.x_of(flushed) - gap, y}, theme.text, wide);
  if (flushed < end) r.canvas.dashed_line({r.x_of(flushed), y}, {r.x_of(end) - gap, y}, theme.text2, wide, kNotYet);
  const float right = r.row.rect.right() - r.layout.tail - 8, left = r.x_of(end) + r.layout.pitch + 8;
  const std::string cached = flushed + 1 == end ? std::to_string(flushed) : std::to_string(flushed) + " to " + std::to_string(end - 1);
  const std::string text = flushed == end ? "on disk" : "only in the page cache: " + cached;
  for (const std::string& each : {text, flushed == end ? text : std::string("page cache")}) {
    if (r.canvas.width(kSmall, each) > right - left) continue;
    const Color color = flushed == end ? theme.text2 : theme.text;
    r.canvas.text_in({left, r.row.rect.y, right - left, r.row.rect.h}, kSmall, color, each, Align::right);
    break;
  }
}

RoleMotion role_motion(const RowScene& r) {
  RoleMotion motion;
  if (const Transition* out = r.scene.move(TransitionKind::isr_shrunk, r.broker.id, r.row.tp)) motion.in_sync = 1 - out->eased;
  else if (const Transition* in = r.scene.move(TransitionKind::isr_expanded, r.broker.id, r.row.tp)) motion.in_sync = in->eased;
  const Transition* crown = r.scene.move(TransitionKind::crown, r.broker.id, r.row.tp);
  motion.crown_flies = crown && !r.scene.reduced && r.scene.world.find_broker(crown->previous) && crown->previous != r.broker.id;
  return motion;
}

// Groups want the partition, and nobody in any of them has it: the gap of a rebalance, where a lesson speaks of those.
bool nobody_reads(const RowScene& r) {
  const std::vector<GroupPlace>& groups = r.layout.groups;
  const auto lacks = [&](const GroupPlace& each) { return lacks_reader(r.scene.world, each.group, r.row.tp); };
  return r.role == ReplicaSign::leader && r.scene.parts.groups && !groups.empty() && std::all_of(groups.begin(), groups.end(), lacks);
}

void draw_row_words(const RowScene& r, bool many) {
  const Theme& theme = r.canvas.theme;
  // As high as its records stand.
  Rect words = r.row.rect;
  if (r.layout.labels) words = {words.x, r.cell_y, words.w, r.layout.cell_high};
  const float middle = words.y + words.h / 2;
  const float glyph = r.canvas.big(36, 58);
  draw_role(r.canvas, {words.x + glyph / 2, middle}, std::min(r.canvas.big(11, 17), words.h * 0.42F), r.role, role_motion(r));
  r.scene.tell(r.canvas, {words.x, words.y, glyph, words.h}, role_text(r.role), role_meaning(r.role));
  words.take_left(glyph);
  words.w = r.layout.label - glyph;
  const TextStyle mono{Face::mono_bold, Size::small};
  const float epoch = r.scene.parts.controllers ? r.canvas.width(mono, "e12") + 10 : 0;
  Rect epochs = words.take_right(epoch);
  const float name = r.canvas.text_in({words.x, words.y, words.w, words.h}, mono, r.dead() ? theme.text3 : theme.text,
                                      partition_text(r.scene.world, r.row.tp, many));
  words.take_left(name + 10);
  // A second line if there is room for it; else it stands in place of the role, which the sign tells as well.
  constexpr std::string_view kNobody = "nobody reads";
  const bool unread = nobody_reads(r), below = words.h >= r.canvas.height(kSmallBold) * 3.4F;
  if (unread && below) {
    const float line = r.canvas.height(kSmallBold) * 1.3F, left = words.x - name - 10;
    const Rect under{left, middle + line * 0.55F, epochs.x - left, line};
    if (r.canvas.width(kSmallBold, kNobody) <= under.w) r.canvas.text_in(under, kSmallBold, theme.hue(HueName::red).words, kNobody);
  }
  const bool instead = unread && !below && r.canvas.width(kSmallBold, kNobody) <= words.w;
  const std::string_view said = instead ? kNobody : role_text(r.role);
  const float role = r.canvas.width({Face::regular, Size::small}, said);
  const Color plain = said == kNobody ? theme.hue(HueName::red).words : role_words(theme, r.role);
  if (role <= words.w) r.canvas.text_in(words, {acts(r.role) ? Face::bold : Face::regular, Size::small}, plain, said);
  const Epoch e = r.replica ? r.replica->leader_epoch : -1;
  if (r.scene.parts.controllers && (e >= 0 || r.replica)) {
    const std::string text = "e" + std::to_string(std::max(e, 0));
    r.note(epochs, PlaceKind::epoch);
    r.canvas.text_in(epochs, mono, r.dead() ? theme.text3 : theme.epoch(std::max(e, 0)).words, text);
  }
  if (!r.replica || r.layout.tail < 40) return;
  Rect tail{r.row.rect.right() - r.layout.tail, words.y, r.layout.tail, words.h};
  const std::string marks = "HW " + std::to_string(r.replica->log.high_watermark()) + " LEO " +
                            std::to_string(r.replica->log.log_end_offset());
  r.canvas.text_in({tail.x, tail.y, tail.w - 8, tail.h}, {Face::mono, Size::small}, r.dead() ? theme.text3 : theme.text2, marks,
                   Align::right);
}

// Out of the ISR, and on its way back: it fetches from the leader again, and nothing makes it slow.
bool rejoins(const Scene& scene, const Broker& broker, TopicPartition tp) {
  constexpr Duration kLately = kSecond;  // longer than a fetch waits for records (replica.fetch.wait.max.ms)
  const Node& node = scene.world.fabric.nodes[static_cast<std::size_t>(broker.node)];
  const Replica* leader = serving_leader(scene.world, tp);
  if (!leader || is_slow(scene.world, node)) return false;
  return std::any_of(leader->followers.begin(), leader->followers.end(), [&](const FollowerState& each) {
    return each.broker == broker.id && each.last_fetch >= 0 && each.last_fetch + kLately > scene.view_time;
  });
}

void draw_row(Canvas& canvas, const Scene& scene, const StageLayout& layout, const RowPlace& row, bool many) {
  const Broker& broker = scene.world.brokers[row.broker];
  const Node& node = scene.world.fabric.nodes[static_cast<std::size_t>(broker.node)];
  const Replica* replica = broker.replica(row.tp);
  const MetadataImage* image = committed_image(scene.world);
  ReplicaSign role = role_of(node, broker, replica, image ? image->partition(row.tp) : nullptr);
  const bool follows = role == ReplicaSign::follower || role == ReplicaSign::out_of_isr;
  if (follows && scene.asked.hides_in_sync(broker.id, row.tp)) role = ReplicaSign::asked;
  else if (role == ReplicaSign::out_of_isr && rejoins(scene, broker, row.tp)) role = ReplicaSign::rejoining;
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
  } else if (acts(role) || is_out(role)) {
    canvas.fill(inner, is_out(role) ? theme.card : theme.raised, 6);
    canvas.dashed_outline(inner, role_color(theme, role), 1.75F, is_out(role) ? kOutOfIsr : kNotYet, 6);
  }
  const float high = layout.cell_high;
  scene.note(canvas, inner, {PlaceKind::replica, broker.node, kNoNode, row.tp});
  RowScene r{canvas, scene, layout, row, broker, replica, role, *layout.strip(row.tp),
             row.rect.x + layout.label + 6, inner.y + (layout.labels ? canvas.big(38, 60) : (inner.h - high) / 2)};
  r.before = role_before(image ? image->partition(row.tp) : nullptr, broker.id);
  if (replica) r.motion = strip_motion(scene, *replica, broker.id, r.strip);
  draw_row_words(r, many);
  if (!replica) return;
  draw_cells(r);
  draw_marks(r);
  draw_kept(r);
  draw_readers(r);
  if (layout.labels) draw_labels(r);
  if (const Transition* cut = scene.move(TransitionKind::truncated, broker.id, row.tp)) {
    const Offset from = std::max(cut->to, r.strip.first);
    draw_falling(canvas, *cut, {from, {r.x_of(from), r.cell_y, layout.cell, high}, layout.pitch, row.rect.right() - layout.tail},
                 scene.reduced);
  }
  const float x = ends_before_strip(r) ? r.x0 + canvas.width(kSmall, end_text(r)) + 20
                                       : std::max(r.x_of(replica->log.log_end_offset()) + 14, r.x0);
  draw_behind(r, {x, inner.y, row.rect.right() - layout.tail - x, inner.h});
}

// The ring of the broker's session, as the active controller counts it.
void draw_session(Canvas& canvas, const Scene& scene, const Broker& broker, Rect head) {
  for (const Controller& controller : scene.world.controllers) {
    if (!controller.active || !scene.parts.controllers) continue;
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
      if (scene.asked.when) return draw_hidden(canvas, {x, head.center().y - radius, wide, 2 * radius});
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
  const auto tag = [&](bool shown, std::string_view text, std::string_view meaning, Color color, bool filled = false) {
    if (!shown || x + tag_width(canvas, text) + 8 > right) return;
    const float wide = draw_tag(canvas, {x, at.y}, text, color, filled);
    scene.tell(canvas, {x, at.y - 12, wide, 24}, text, meaning);
    x += wide + 8;
  };
  const bool crashed = node.crashed;
  tag(node.status == NodeStatus::down, crashed ? "CRASHED" : "STOPPED",
      crashed ? "its process has ended without a word" : "its process was ended", red, true);
  tag(node.status == NodeStatus::paused, "PAUSED", "its process stands still, as in a long garbage collection", theme.text2);
  const bool starts = broker.state == BrokerState::starting || broker.state == BrokerState::recovery;
  tag(starts && node.status == NodeStatus::running && node.incarnation > 1, "rejoining",
      "its process is up again; it asks the controller to be let in", theme.hue(HueName::orange).words);
  tag(broker.state == BrokerState::controlled_shutdown, "STOPPING", "it hands over its leaderships before it ends", theme.text2);
  if (known && known->fenced && x + fenced_width(canvas) + 8 <= right) {
    const float wide = draw_fenced(canvas, scene, broker.id, {x, at.y}, red);
    scene.tell(canvas, {x, at.y - 12, wide, 24}, "FENCED",
               "the controller no longer counts on this broker: it leads nothing and is in no ISR");
    x += wide + 8;
  }
  for (std::size_t i = 0; i < broker.directories.size(); ++i) {
    const bool failed = broker.directories[i].offline && node.status != NodeStatus::down;
    tag(failed, broker.config.log_dirs > 1 ? "DISK " + std::to_string(i) + " FAILED" : "DISK FAILED",
        "this log directory is offline, with all replicas in it, until the broker starts again (KAFKA_STORAGE_ERROR)", red, true);
  }
  tag(is_slow(scene.world, node), "SLOW", "each request takes it longer than usual",
      theme.hue(HueName::orange).words);
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
  float end = draw_state(canvas, scene, broker, node, {x + name + 14, head.y + head.h / 2}, card.right());
  const bool flagged = scene.flag.place.node == broker.node && end + flag_width(canvas, scene.flag.text) + 12 <= card.right();
  if (flagged) end += 4 + draw_flag(canvas, {end + 4, head.center().y}, scene.flag.text);
  draw_session(canvas, scene, broker, {end, head.y, card.right() - end, head.h});
}

// "p3 to p11 healthy", or how many there are if that is not one stretch of one topic.
std::string folded_text(const World& world, const StageLayout& layout, bool many) {
  const std::vector<TopicPartition>& folded = layout.folded;
  const auto sick = std::count_if(folded.begin(), folded.end(), [&](TopicPartition each) { return !is_healthy(world, each); });
  const bool row = folded.front().topic == folded.back().topic &&
                   folded.back().partition - folded.front().partition + 1 == static_cast<std::int32_t>(folded.size());
  const std::string first = partition_text(world, folded.front(), many), last = "p" + std::to_string(folded.back().partition);
  std::string text = "and ";
  if (folded.size() == 1) text += first;
  else if (row) text += first + (folded.size() == 2 ? " and " : " to ") + last;
  else text += std::to_string(folded.size()) + " more partitions";
  if (sick == 0) text += ", healthy";
  else text += ", " + (folded.size() == 1 ? std::string() : std::to_string(sick) + " of them ") + "not healthy";
  if (layout.hidden_brokers > 0) text += "; and " + std::to_string(layout.hidden_brokers) + " more brokers";
  return text;
}

}  // namespace

void draw_brokers(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const bool many = has_many_topics(scene.world);
  for (const NodePlace& each : layout.brokers) {
    const std::int32_t index = scene.world.fabric.nodes[static_cast<std::size_t>(each.node)].index;
    draw_card(canvas, scene, scene.world.brokers[static_cast<std::size_t>(index)], each.rect, layout.header);
  }
  for (const RowPlace& each : layout.rows) draw_row(canvas, scene, layout, each, many);
  if (layout.folded.empty() || layout.brokers.empty()) return;
  const Rect& last = layout.brokers.back().rect;
  const TextStyle style{Face::regular, Size::small};
  const Point below{last.x + 12, last.bottom() + canvas.height(style) * 0.6F};
  canvas.text(below, style, canvas.theme.text3, folded_text(scene.world, layout, many));
}

}  // namespace nutshell

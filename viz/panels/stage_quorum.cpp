// The metadata quorum: who leads, who votes, who is down, and how long patience lasts.
#include <algorithm>

#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

bool is_candidate(const Raft& raft) { return raft.role == RaftRole::candidate || raft.role == RaftRole::prospective; }

std::string role_text(const Controller& controller, const Node& node) {
  if (node.status == NodeStatus::down) return node.crashed ? "CRASHED" : "STOPPED";
  if (node.status == NodeStatus::paused) return "PAUSED";
  if (controller.active) return "active controller";
  switch (controller.raft.role) {
    case RaftRole::leader: return "leader, not active yet";
    case RaftRole::candidate: return "candidate, epoch " + std::to_string(controller.raft.epoch);
    case RaftRole::prospective: return "asks for a pre-vote";
    case RaftRole::resigned: return "resigned";
    case RaftRole::unattached: return "knows no leader";
    default: return "voter";
  }
}

// The same in one word, for where there is little room.
std::string short_role_text(const Controller& controller, const Node& node) {
  if (node.status != NodeStatus::running) return role_text(controller, node);
  if (controller.active) return "active";
  switch (controller.raft.role) {
    case RaftRole::leader: return "leader";
    case RaftRole::candidate: return "candidate";
    case RaftRole::prospective: return "pre-vote";
    case RaftRole::resigned: return "resigned";
    case RaftRole::unattached: return "no leader";
    default: return "voter";
  }
}

// The last metadata records, committed ones solid.
void draw_metadata_log(Canvas& canvas, const Raft& raft, Rect area) {
  const Theme& theme = canvas.theme;
  const TextStyle style{Face::mono, Size::micro};
  const float wide = canvas.width(style, std::to_string(raft.end_offset())) + 10;
  const auto room = static_cast<Offset>(area.w / (wide + 3));
  float x = area.x;
  for (Offset offset = std::max<Offset>(0, raft.end_offset() - room); offset < raft.end_offset(); ++offset) {
    const Rect cell{x, area.y, wide, area.h};
    const bool committed = offset < raft.high_watermark;
    if (committed) canvas.fill(cell, theme.raised, 4), canvas.outline(cell, theme.line2, 1, 4);
    else canvas.dashed_outline(cell, theme.hue(HueName::yellow).stroke, 1.25F, kNotYet, 4);
    canvas.text(cell.center(), style, committed ? theme.text2 : theme.text, std::to_string(offset), Align::center, cell);
    x += wide + 3;
  }
}

void draw_controller(Canvas& canvas, const Scene& scene, const Controller& controller, Rect card) {
  const Theme& theme = canvas.theme;
  const Node& node = scene.world.fabric.nodes[static_cast<std::size_t>(controller.node)];
  const bool up = node.status == NodeStatus::running;
  scene.note(canvas, card, {PlaceKind::controller, controller.node});
  const Color yellow = theme.hue(HueName::yellow).stroke, red = theme.hue(HueName::red).stroke;
  const bool leads = up && controller.raft.role == RaftRole::leader;
  canvas.fill(card, up ? (leads && theme.light ? theme.hue(HueName::yellow).fill : theme.card) : theme.bg, 8);
  if (!up) canvas.dashed_outline(card, red, 2, kDead, 8);
  else if (is_candidate(controller.raft)) canvas.dashed_outline(card, yellow, 2, kNotYet, 8);
  else canvas.outline(card, leads ? yellow : theme.line2, leads ? 2.5F : 1.5F, 8);
  const float radius = canvas.big(13, 18);
  const Point sign{card.x + 12 + radius, card.y + card.h / 2};
  if (!up) canvas.hatch({sign.x - radius, sign.y - radius, 2 * radius, 2 * radius}, red, 6);
  draw_hexagon(canvas, sign, radius, leads ? (theme.light ? theme.ink : yellow) : up ? theme.text2 : red, leads && up);
  const Transition* elected = scene.move(TransitionKind::star, controller.node);
  const float star = !elected ? 1 : scene.reduced ? 1 : elected->eased * (1 + 0.9F * (1 - elected->progress));
  const Faded faded(canvas, elected && scene.reduced ? elected->eased : 1);
  if (leads) draw_star(canvas, sign, radius * 0.62F * star, theme.light ? theme.hue(HueName::yellow).fill : theme.ink);
  else if (is_candidate(controller.raft) && up) canvas.text(sign, {Face::bold, Size::small}, theme.text, "?", Align::center);
  else if (up) canvas.circle(sign, 2.5F, theme.text2);
  Rect words{sign.x + radius + 10, card.y + 5, card.right() - sign.x - radius - 16, card.h - 10};
  const bool with_log = !canvas.projector && words.h >= 44 && up;
  Rect top = words.take_top(with_log ? words.h * 0.5F : words.h);
  // Without a successful fetch for so long, it stands for election.
  const Pending* patience = up ? scene.timer(controller.node, TimerKind::quorum_fetch_timeout) : nullptr;
  if (patience && top.w > 90) {
    const float ring = canvas.big(7, 11);
    draw_drain(canvas, {top.right() - ring, top.center().y}, ring,
               scene.left(patience->at, controller.config.quorum_fetch_timeout));
    top.take_right(2 * ring + 6);
  }
  const float name = canvas.text_in(top, {Face::bold, Size::body}, up ? theme.text : theme.text2, node.name);
  top.take_left(name + 8);
  const TextStyle style{up ? Face::regular : Face::bold, Size::small};
  std::string role = role_text(controller, node);
  if (canvas.width(style, role) > top.w) role = short_role_text(controller, node);
  canvas.text_in(top, style, up ? (leads && theme.light ? theme.ink : leads ? yellow : theme.text2) : red, role);
  if (with_log) draw_metadata_log(canvas, controller.raft, words.inset(2));
}

// Where no controllers stand: what the brokers below hold.
void draw_topic_names(Canvas& canvas, const World& world, Rect line) {
  const std::vector<TopicPartition> all = user_partitions(world);
  if (all.empty()) return;
  const TextStyle bold{Face::bold, Size::body}, small{Face::regular, Size::small};
  for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
    while (last < all.size() && all[last].topic == all[first].topic) ++last;
    const std::string name(world.fabric.names[all[first].topic]);
    const std::string count = last - first == 1 ? "topic with one partition" : "topic with " + std::to_string(last - first) + " partitions";
    if (canvas.width(bold, name) > line.w) return;
    line.take_left(canvas.text_in(line, bold, canvas.theme.text, name) + 10);
    if (canvas.width(small, count) <= line.w) line.take_left(canvas.text_in(line, small, canvas.theme.text2, count) + 28);
  }
}

}  // namespace

void draw_quorum(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const Theme& theme = canvas.theme;
  if (layout.controllers.empty()) return draw_topic_names(canvas, scene.world, layout.quorum);
  Epoch epoch = 0;
  for (const Controller& each : scene.world.controllers) {
    epoch = std::max(epoch, each.raft.epoch);
    if (const Rect* card = layout.of(each.node)) draw_controller(canvas, scene, each, *card);
  }
  const float left = layout.quorum.x;
  const Rect words{left, layout.quorum.y, layout.controllers.front().rect.x - left - 10, layout.quorum.h - 12};
  if (words.w < 76) return;
  Rect rest = words;
  const float line = canvas.height({Face::regular, Size::small});
  const bool low = words.h < 3 * line;
  const float step = low ? std::max(words.h / 2, line) : line * 1.4F;
  canvas.text_in(rest.take_top(step), {Face::bold, Size::small}, theme.text2, "Controllers");
  if (!canvas.projector && !low) canvas.text_in(rest.take_top(step), {Face::regular, Size::small}, theme.text3, "metadata quorum");
  canvas.text_in(rest.take_top(step), {Face::mono, Size::small}, theme.text2, "epoch " + std::to_string(epoch));
}

}  // namespace nutshell

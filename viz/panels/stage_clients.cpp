// Groups and their members, and the ribbons of ownership.
#include <algorithm>
#include <array>
#include <optional>

#include "sim/kafka/config_keys.h"
#include "sim/session/lost.h"
#include "viz/panels/client_card.h"
#include "viz/panels/paths.h"
#include "viz/panels/stage.h"
#include "viz/panels/stage_motion.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// Why a group that rebalances waits, and how long still.
bool draw_rebalance_timer(Canvas& canvas, const Scene& scene, const Group& group, BrokerId coordinator, Rect line) {
  const Broker* broker = scene.world.find_broker(coordinator);
  struct Wait { TimerKind kind; const char* text; };
  for (const Wait& wait : {Wait{TimerKind::join_delay, "more may join "}, Wait{TimerKind::join_phase, "to rejoin "},
                           Wait{TimerKind::sync_phase, "to sync "}}) {
    const Pending* timer = scene.timer(broker->node, wait.kind, group.group);
    if (!timer) continue;
    const Duration whole = wait.kind == TimerKind::join_delay ? std::max<Duration>(group.initial_delay, kSecond) : 5 * kMinute;
    const std::string left = left_text(scene.view_time, timer->at);
    std::string text = wait.text + left;
    if (canvas.width(kSmall, text) + 24 > line.w) text = left;
    if (canvas.width(kSmall, text) + 24 > line.w || scene.asked.when) return true;
    Rect place = line.take_right(canvas.width(kSmall, text) + 24);
    draw_drain(canvas, {place.x + 8, place.center().y}, canvas.big(7, 11), scene.left(timer->at, whole));
    canvas.text_in(place, kSmall, canvas.theme.text2, text, Align::right);
    return true;
  }
  return false;
}

// Somebody is in the group, whether or not its coordinator is up.
bool has_members(const World& world, GroupId group) {
  return std::any_of(world.consumers.begin(), world.consumers.end(), [&](const Consumer& each) {
    return each.spec.group == group && !each.owned.empty() && node_of(world, each.node).status != NodeStatus::down;
  });
}

void draw_group_head(Canvas& canvas, const Scene& scene, const GroupPlace& place) {
  const Theme& theme = canvas.theme;
  const Hue& hue = theme.group(place.nth);
  scene.note(canvas, place.rect, {PlaceKind::group, kNoNode, kNoNode, {}, -1, place.group});
  canvas.fill(place.rect, theme.card, 8);
  canvas.outline(place.rect, hue.stroke, canvas.big(1.75F, 3), 8);
  const auto [group, coordinator] = coordinated_group(scene.world, place.group);
  Rect inner{place.rect.x + 10, place.rect.y + 4, place.rect.w - 20, place.rect.h - 8};
  Rect top = inner.take_top(inner.h * (scene.parts.groups ? 0.5F : 1));
  draw_hexagon(canvas, {top.x + 7, top.center().y}, 7, hue.stroke, true);
  top.take_left(22);
  const std::string generation = "gen " + std::to_string(group ? group->generation : 0);
  const TextStyle mono{Face::mono, Size::small};
  if (group && scene.parts.groups && canvas.width(mono, generation) + 60 < top.w) {
    canvas.text_in(top.take_right(canvas.width(mono, generation)), mono, theme.text2, generation);
    top.take_right(8);
  }
  const TextStyle title{Face::bold, Size::body};
  const std::string name(scene.world.fabric.names[place.group]), longer = "group " + name;
  const bool says_so = name.starts_with("group");
  canvas.text_in(top, title, theme.text, !says_so && canvas.width(title, longer) <= top.w ? longer : name);
  if (!scene.parts.groups) return;
  const bool stable = group && group->state == GroupState::stable;
  const bool lost = !group && has_members(scene.world, place.group);
  const std::string_view state = group ? group_state_name(group->state) : lost ? "no coordinator" : "nobody has joined";
  const Color color = group ? theme.hue(stable ? HueName::green : HueName::yellow).stroke
                            : lost ? theme.hue(HueName::red).stroke : theme.text3;
  if (stable) draw_tick(canvas, {inner.x + 7, inner.center().y}, 6, color);
  else canvas.ring({inner.x + 7, inner.center().y}, 5, color, 1.75F);
  inner.take_left(22);
  const TextStyle bold{Face::bold, Size::small};
  const bool whole = canvas.width(bold, state) <= inner.w;
  const std::string_view shown = whole ? state : state.substr(0, state.find("Rebalance"));
  const float used = canvas.text_in(inner, bold, theme.light && !stable && !lost ? theme.text : color, shown);
  inner.take_left(used + 10);
  if (group && draw_rebalance_timer(canvas, scene, *group, coordinator, inner)) return;
  const std::string where = "at broker " + std::to_string(coordinator);
  if (group && scene.parts.groups && canvas.width(kSmall, where) <= inner.w)
    canvas.text_in(inner, kSmall, theme.text3, where, Align::right);
}

std::string owned_text(const World& world, const Consumer& consumer) {
  std::string text;
  const bool many = has_many_topics(world);
  for (const OwnedPartition& each : consumer.owned) text += (text.empty() ? "" : ", ") + partition_text(world, each.tp, many);
  return text;
}

// Nobody serves one of its partitions.
bool lacks_leader(const World& world, const Consumer& consumer) {
  const auto lacks = [&](const OwnedPartition& each) { return !serving_leader(world, each.tp); };
  return std::any_of(consumer.owned.begin(), consumer.owned.end(), lacks);
}

// Where poll() throws, again and again.
std::optional<Offset> unreadable_offset(const Consumer& consumer) {
  const SchemaClient& schemas = consumer.schemas;
  for (const OwnedPartition& each : consumer.owned)
    if (schemas.stuck_offset >= 0 && each.tp == schemas.stuck_at && each.position == schemas.stuck_offset) return schemas.stuck_offset;
  return std::nullopt;
}

// What a deserialiser has made of the bytes, last.
void draw_value_read(Canvas& canvas, const World& world, const Consumer& consumer, Rect line) {
  const SchemaClient& schemas = consumer.schemas;
  if (schemas.last < 0) return;
  const std::string& value = world.fabric.names[schemas.last];
  const TextStyle mono{Face::mono, Size::small}, micro{Face::mono, Size::micro};
  canvas.text_in(line, canvas.width(mono, value) <= line.w ? mono : micro, canvas.theme.text, value);
}

// Record by record where its handler can fail.
std::string work_text(const Consumer& consumer) {
  const Handling& hands = consumer.handling;
  if (!hands.has_any()) return "works on records";
  const std::string offset = std::to_string(hands.current().offset);
  if (hands.burying) return "dead letter of " + offset;
  return "offset " + offset + (hands.tries > 1 ? ", try " + std::to_string(hands.tries) : "");
}

// What a member does, or why it does nothing.
std::string doing_text(const World& world, const Consumer& consumer, bool idle) {
  if (consumer.fatal != ErrorCode::none) return "ended: " + std::string(error_name(consumer.fatal));
  if (consumer.closing) return "leaving";
  const bool cooperative = consumer.spec.config.assignors.cooperative(), reads = cooperative && !consumer.owned.empty();
  switch (consumer.state) {
    case MemberState::unjoined:
      if (consumer.coordinator == kNoNode) return "looks for the coordinator";
      return world.fabric.nodes[static_cast<std::size_t>(consumer.node)].incarnation > 1 ? "rejoining" : "not in the group";
    case MemberState::revoking: return reads ? "reads and commits" : "gives up its partitions";
    case MemberState::joining: return reads ? "reads and joins" : "waits: JoinGroup is open";
    case MemberState::syncing: return reads ? "reads and syncs" : "waits: SyncGroup is open";
    case MemberState::stable: break;
  }
  if (idle) return cooperative ? "no partition so far" : "nothing left to own";
  if (consumer.application == ApplicationState::processing) return work_text(consumer);
  if (const SchemaClient& schemas = consumer.schemas; schemas.asking) return "asks for schema " + std::to_string(schemas.gets.id);
  if (const std::optional<Offset> stuck = unreadable_offset(consumer)) return "cannot read offset " + std::to_string(*stuck);
  return lacks_leader(world, consumer) ? "waits for a leader" : "reads";
}

void draw_offsets(Canvas& canvas, const Consumer& consumer, Color color, Rect line) {
  Offset position = 0, lag = 0;
  bool known = !consumer.owned.empty(), lag_known = known;
  for (const OwnedPartition& each : consumer.owned) {
    if (each.position < 0) known = false;
    position += std::max<Offset>(each.position, 0);
    if (each.high_watermark < 0 || each.position < 0) lag_known = false;
    else lag += std::max<Offset>(each.high_watermark - each.position, 0);
  }
  const TextStyle mono{Face::mono, Size::small};
  const std::string lags = "lag " + (lag_known ? std::to_string(lag) : std::string("-"));
  // A dash, as Kafka's tools have it: nothing has been committed yet.
  const Offset committed = known ? consumer.owned.front().committed : -1;
  const std::string offsets[] = {committed < 0 ? "-" : std::to_string(committed), std::to_string(position)};
  const float wide = canvas.width(mono, lags) + canvas.width(mono, offsets[0]) + canvas.width(mono, offsets[1]) + 48;
  if (consumer.owned.size() == 1 && known && wide <= line.w) {
    for (const std::string& each : offsets) {
      draw_triangle(canvas, {line.x + 5, line.center().y}, 5, color, &each == offsets, -0.25F);
      line.take_left(14);
      line.take_left(canvas.text_in(line, mono, canvas.theme.text2, each) + 10);
    }
  }
  canvas.text_in(line, mono, canvas.theme.text2, lags, Align::right);
}

// How long the coordinator waits for this member's next heartbeat (session.timeout.ms).
void draw_patience(Canvas& canvas, const Scene& scene, const Consumer& consumer, Rect& head) {
  const auto [group, coordinator] = coordinated_group(scene.world, consumer.spec.group);
  if (!group || !scene.parts.groups) return;
  for (const GroupMember& member : group->members) {
    const Broker* broker = scene.world.find_broker(coordinator);
    const Pending* timer = scene.timer(broker->node, TimerKind::member_session, group->group, member.member_id);
    if (member.client != consumer.node || !timer) continue;
    const TextStyle style{Face::regular, Size::small};
    const float radius = canvas.big(7, 11);
    const std::string text = std::to_string(std::max<Duration>(timer->at - scene.view_time, 0) / kSecond) + " s";
    const float wide = std::max(canvas.width(style, "45 s"), canvas.width(style, text)) + 2 * radius + 8;
    if (head.w < wide + 50) return;
    Rect place = head.take_right(wide);
    head.take_right(6);
    scene.note(canvas, place, {PlaceKind::session, consumer.node});
    if (scene.asked.when) return draw_hidden(canvas, {place.x, place.center().y - radius, place.w, 2 * radius});
    draw_drain(canvas, {place.x + radius, place.center().y}, radius, scene.left(timer->at, member.session_timeout));
    place.take_left(2 * radius + 6);
    canvas.text_in(place, style, canvas.theme.text2, text, Align::right);
    return;
  }
}

// How long until the member sends its next heartbeat (heartbeat.interval.ms), where there is room for it.
void draw_next_heartbeat(Canvas& canvas, const Scene& scene, const Consumer& consumer, Rect line) {
  const Pending* timer = scene.timer(consumer.node, TimerKind::consumer_heartbeat);
  if (!timer || !scene.parts.groups) return;
  const float radius = canvas.big(6, 9);
  const std::string left = left_text(scene.view_time, timer->at), longer = "heartbeat " + left;
  const std::string& text = canvas.width(kSmall, longer) + 3 * radius + 8 <= line.w ? longer : left;
  const float wide = canvas.width(kSmall, text) + 2 * radius + 8;
  if (wide + radius > line.w) return;
  Rect place = line.take_right(wide);
  draw_drain(canvas, {place.x + radius, place.center().y}, radius, scene.left(timer->at, consumer.spec.config.heartbeat_interval));
  canvas.text_in(place, kSmall, canvas.theme.text3, text, Align::right);
}

// Where a lesson speaks of it: how a reader without a committed offset begins.
void draw_offset_reset(Canvas& canvas, const Consumer& consumer, Rect line) {
  const std::string reset = get_config(consumer.spec.config, "auto.offset.reset");
  const TextStyle mono{Face::mono, Size::micro};
  const std::string whole = "auto.offset.reset=" + reset;
  canvas.text_in(line, mono, canvas.theme.text2, canvas.width(mono, whole) <= line.w ? whole : reset);
}

void draw_member(Canvas& canvas, const Scene& scene, const Consumer& consumer, std::size_t index, Rect card) {
  const Theme& theme = canvas.theme;
  const Node& node = node_of(scene.world, consumer.node);
  const bool up = node.status == NodeStatus::running;
  const bool idle = up && consumer.state == MemberState::stable && consumer.owned.empty();
  const Transition* joins = scene.move(TransitionKind::joined, consumer.node);
  const Faded faded(canvas, joins ? joins->eased : 1);
  scene.note(canvas, card, {PlaceKind::consumer, consumer.node});
  draw_client_card(canvas, scene, node, consumer.node, card, idle);
  const Hue& hue = theme.member(index);
  const float edge = within((card.h - canvas.height(kSmall)) / 2, 1.0F, 5.0F);
  Rect inner{card.x + 10, card.y + edge, card.w - 18, card.h - 2 * edge};
  const float step = std::min(std::max(canvas.height(kSmall) * 1.5F, inner.h / 3), inner.h);
  Rect head = inner.take_top(step);
  const float radius = std::min(canvas.big(11, 18), step * 0.46F);
  const Point disc{head.x + radius, head.center().y};
  if (up && !idle) canvas.circle(disc, radius, hue.fill);
  else canvas.ring(disc, radius, theme.text3, 1.5F);
  canvas.text(disc, {Face::bold, Size::small}, up && !idle ? theme.ink : theme.text3, member_letter(index), Align::center);
  head.take_left(radius * 2 + 8);
  const std::string_view status = status_word(node);
  if (!status.empty() || idle) {
    const std::string_view word = idle ? "idle" : status;
    // The name comes first: where both do not fit beside each other, the state stands below.
    const float name = canvas.width({Face::bold, Size::body}, node.name), wide = tag_width(canvas, word);
    const bool below = wide + name + 12 > head.w && inner.h > step * 0.8F;
    const Point at = below ? Point{inner.x, inner.y + step / 2} : Point{head.right() - wide, head.center().y};
    draw_tag(canvas, at, word, idle || !node.crashed ? theme.text3 : theme.hue(HueName::red).stroke, false);
    if (below) inner.take_top(step);
    else head.take_right(wide + 6);
  }
  draw_patience(canvas, scene, consumer, head);
  head.take_left(canvas.text_in(head, {Face::bold, Size::body}, up && !idle ? theme.text : theme.text2, node.name) + 10);
  if (scene.parts.offset_reset && inner.h > step * 0.8F) draw_offset_reset(canvas, consumer, inner.take_bottom(std::min(step, inner.h)));
  if (!up) return;
  const std::string owned = owned_text(scene.world, consumer);
  if (inner.h < step * 0.9F) {
    // A single line: what it owns stands beside its name.
    const TextStyle mono{Face::mono_bold, Size::small};
    const std::string number = std::to_string(consumer.owned.size());
    const std::string& shown = canvas.width(mono, owned) <= head.w ? owned : number;
    if (!owned.empty() && canvas.width(mono, shown) <= head.w) canvas.text_in(head, mono, theme.text2, shown, Align::right);
    return;
  }
  Rect line = inner.take_top(std::min(step, inner.h));
  if (!owned.empty()) {
    if (line.w > 130) line.take_left(canvas.text_in(line, kSmall, theme.text2, "owns ") + 2);
    const float room = line.w > 190 ? line.w - 130 : line.w - 62;
    const std::string count = std::to_string(consumer.owned.size());
    std::string shown = owned;
    for (const std::string& shorter : {count + " partitions", count}) {
      if (canvas.width({Face::mono_bold, Size::small}, shown) > room) shown = shorter;
    }
    line.take_left(canvas.text_in({line.x, line.y, std::max(room, 20.0F), line.h}, {Face::mono_bold, Size::small}, theme.text, shown) + 8);
    scene.note(canvas, line, {PlaceKind::lag, consumer.node});
    draw_offsets(canvas, consumer, hue.stroke, line);
    if (inner.h < step * 0.8F) return;
    line = inner.take_top(std::min(step, inner.h));
  }
  line.take_left(canvas.text_in(line, kSmall, idle ? theme.text3 : theme.text2, doing_text(scene.world, consumer, idle)) + 10);
  draw_next_heartbeat(canvas, scene, consumer, line);
  if (inner.h >= step * 0.7F) draw_value_read(canvas, scene.world, consumer, inner.take_top(std::min(step, inner.h)));
}

bool reads(const Consumer& consumer, TopicId topic) {
  return std::find(consumer.spec.topics.begin(), consumer.spec.topics.end(), topic) != consumer.spec.topics.end();
}

std::int32_t group_of_consumer(const World& world, NodeId node) {
  return world.consumers[static_cast<std::size_t>(node_of(world, node).index)].spec.group;
}

struct Ribbon {
  std::vector<Point> path;
  std::size_t member = 0;
  TopicPartition tp;
  float from = 0, to = 1;  // parts of the path between which it hangs
};

void draw_ribbon(Canvas& canvas, const Scene& scene, const Ribbon& ribbon) {
  const Hue& hue = canvas.theme.member(ribbon.member);
  const float wide = canvas.big(6, 11);
  const bool whole = ribbon.from <= 0 && ribbon.to >= 1;
  const std::vector<Point> path = whole ? ribbon.path : path_part(ribbon.path, ribbon.from, ribbon.to);
  if (path.size() < 2) return;
  if (canvas.theme.light) canvas.polyline(path, canvas.theme.ink, wide + 4);
  canvas.polyline(path, hue.fill, wide);
  if (ribbon.from > 0) canvas.circle(path.front(), wide * 0.75F, hue.fill);
  if (ribbon.to < 1) canvas.circle(path.back(), wide * 0.75F, hue.fill);
  constexpr float kLetterAt = 0.62F;
  if (kLetterAt < ribbon.from || kLetterAt > ribbon.to) return;
  const Point at = point_along(ribbon.path, kLetterAt);
  const float radius = canvas.big(9, 15);
  canvas.circle(at, radius + 2, canvas.theme.light ? canvas.theme.ink : canvas.theme.stage);
  canvas.circle(at, radius, hue.fill);
  scene.note(canvas, {at.x - radius, at.y - radius, 2 * radius, 2 * radius},
             {PlaceKind::partition, kNoNode, kNoNode, ribbon.tp});
  canvas.text(at, {Face::bold, Size::micro}, canvas.theme.ink, member_letter(ribbon.member), Align::center);
}

// Where a member fetches a partition from: the follower that it was sent to; else whom it takes for the leader, or, until it
// knows, whoever is.
const Broker* source_of(const World& world, const Consumer& consumer, TopicPartition tp, const PartitionRegistration& partition) {
  for (const OwnedPartition& each : consumer.owned) {
    const Node* nearer = each.tp == tp ? node_at(world, each.read_from.value.node) : nullptr;
    if (nearer) return &world.brokers[static_cast<std::size_t>(nearer->index)];
  }
  const Broker* believed = believed_leader(world, consumer.metadata, tp);
  return believed ? believed : world.find_broker(partition.leader);
}

// A ribbon that has let go of its partition and draws back to the member that has lost it.
void draw_letting_go(Canvas& canvas, const Scene& scene, const StageLayout& layout, const MetadataImage& image) {
  for (const Transition& each : scene.moves) {
    const PartitionRegistration* partition = each.kind == TransitionKind::revoked ? image.partition(each.tp) : nullptr;
    const Broker* leader = partition ? scene.world.find_broker(partition->leader) : nullptr;
    if (!leader || !layout.row(static_cast<std::size_t>(leader - scene.world.brokers.data()), each.tp)) continue;
    const std::vector<Point> path = path_between(scene.world, layout, leader->node, each.node, each.tp);
    if (path.empty()) continue;
    const Faded faded(canvas, scene.reduced ? 1 - each.eased : 1);
    draw_ribbon(canvas, scene, {path, member_index(scene.world, each.node), each.tp, scene.reduced ? 0 : each.eased, 1});
  }
}

// Partitions of a topic that a group reads and none of its members owns just now: the gap of a rebalance.
void draw_stubs(Canvas& canvas, const Scene& scene, const StageLayout& layout, const MetadataImage& image) {
  const Color red = canvas.theme.hue(HueName::red).stroke;
  for (const GroupPlace& group : layout.groups) {
    for (TopicPartition tp : layout.shown) {
      const PartitionRegistration* partition = image.partition(tp);
      const Broker* leader = partition ? scene.world.find_broker(partition->leader) : nullptr;
      if (!leader || !lacks_reader(scene.world, group.group, tp)) continue;
      const RowPlace* row = layout.row(static_cast<std::size_t>(leader - scene.world.brokers.data()), tp);
      if (!row) continue;
      const Rect& card = *layout.of(leader->node);
      const float y = row->rect.center().y + static_cast<float>(group.nth) * 9;
      // It stays behind when the ribbon lets go.
      float part = 1;
      for (const Transition& each : scene.moves) {
        if (each.kind == TransitionKind::revoked && each.tp == tp && group_of_consumer(scene.world, each.node) == group.group)
          part = std::min(part, each.eased);
      }
      const float length = std::min(canvas.big(26, 40), layout.right_gutter.w * 0.5F) * (scene.reduced ? 1 : part);
      const Faded faded(canvas, part);
      canvas.dashed_line({card.right(), y}, {card.right() + length, y}, red, canvas.big(4, 7), kOutOfIsr);
      draw_cross(canvas, {card.right() + length + 6, y}, canvas.big(4, 7), red, canvas.big(2, 4));
    }
  }
}

}  // namespace

bool lacks_reader(const World& world, GroupId group, TopicPartition tp) {
  bool wanted = false;
  for (const Consumer& each : world.consumers) {
    if (each.spec.group != group || node_of(world, each.node).status != NodeStatus::running) continue;
    wanted = wanted || reads(each, tp.topic);
    for (const OwnedPartition& partition : each.owned) {
      if (partition.tp == tp) return false;
    }
  }
  return wanted;
}

void draw_groups(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  for (const GroupPlace& each : layout.groups) draw_group_head(canvas, scene, each);
  for (const NodePlace& place : layout.members) {
    const std::size_t index = member_index(scene.world, place.node);
    draw_member(canvas, scene, scene.world.consumers[index], index, place.rect);
  }
}

// A ribbon from the row that is read to the owner: who reads what. A stub where nobody does.
void draw_ribbons(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const MetadataImage* image = committed_image(scene.world);
  if (!image || layout.map) return;
  draw_stubs(canvas, scene, layout, *image);
  draw_letting_go(canvas, scene, layout, *image);
  for (TopicPartition tp : layout.shown) {
    const PartitionRegistration* partition = image->partition(tp);
    if (!partition) continue;
    for (std::size_t i = 0; i < scene.world.consumers.size(); ++i) {
      const Consumer& consumer = scene.world.consumers[i];
      const auto owns = [&](const OwnedPartition& each) { return each.tp == tp; };
      const Broker* leader = source_of(scene.world, consumer, tp, *partition);
      if (!leader || std::none_of(consumer.owned.begin(), consumer.owned.end(), owns)) continue;
      const std::vector<Point> path = path_between(scene.world, layout, leader->node, consumer.node, tp);
      if (path.empty()) continue;
      const Hue& hue = canvas.theme.member(i);
      const bool up = node_of(scene.world, leader->node).status == NodeStatus::running;
      if (!up) { canvas.dashed_polyline(path, hue.stroke, 2, kDead); continue; }
      const auto grows = [&](const Transition& each) {
        return each.kind == TransitionKind::assigned && each.node == consumer.node && each.tp == tp;
      };
      const auto grown = std::find_if(scene.moves.begin(), scene.moves.end(), grows);
      const float part = grown == scene.moves.end() ? 1 : grown->eased;
      const Faded faded(canvas, scene.reduced ? part : 1);
      draw_ribbon(canvas, scene, {path, i, tp, 0, scene.reduced ? 1 : part});
    }
  }
}

}  // namespace nutshell

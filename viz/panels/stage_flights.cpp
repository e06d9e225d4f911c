// What moves: messages along their links, and the crown when a leadership goes over.
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "viz/panels/paths.h"
#include "viz/panels/stage.h"
#include "viz/panels/tokens.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr Duration kLeastFlight = 450 * kMillisecond;  // wall time that the eye needs

// A wall duration in simulated time.
Duration simulated(Duration wall, Duration pace) { return wall / kMicrosecond * (pace / 1000) / 1000; }

// Faster than the clock, flights are no longer: hundreds would hang in the air.
FlightPace flight_pace(const Scene& scene) {
  const Motion& motion = scene.motion;
  if (!motion.moving) return {};
  const Duration pace = std::min(scene.pace, kSecond);
  return {std::max<Duration>(simulated(kLeastFlight, pace), 1), simulated(motion.after, pace), motion.settled};
}

// How far on its way a token of that half width is, in pixels: clear of the cards at both ends.
float along_way(const std::vector<Point>& path, float half, float progress) {
  const float length = length_of(path), margin = std::min(half + 2, length / 2);
  return margin + (length - 2 * margin) * progress;
}

// Where tokens stand, so that none stands on another.
class Spots {
 public:
  // The place of a token of that half width so far on its way; where another one stands already, a little further on or
  // back. nullopt: there is no room left on its way.
  std::optional<Point> find(const std::vector<Point>& path, float half, float at_pixel, bool strict) {
    const float length = length_of(path), margin = std::min(half + 2, length / 2);
    for (int i = 0; i < 7; ++i) {
      const float shift = static_cast<float>((i + 1) / 2) * half * 2.1F * (i % 2 ? -1.0F : 1.0F);
      const float along = at_pixel + shift;
      if (i > 0 && (along < margin || along > length - margin)) continue;
      const Point at = point_along(path, along / std::max(length, 1.0F));
      const auto hits = [&](const Token& each) { return std::hypot(at.x - each.at.x, at.y - each.at.y) < (half + each.half) * 0.9F; };
      if (strict && std::any_of(all_.begin(), all_.end(), hits)) continue;
      all_.push_back({at, half});
      return at;
    }
    return std::nullopt;
  }

 private:
  struct Token {
    Point at;
    float half = 0;
  };
  std::vector<Token> all_;
};

bool is_shown(const StageLayout& layout, TopicPartition tp) {
  return layout.map || std::find(layout.shown.begin(), layout.shown.end(), tp) != layout.shown.end();
}

bool is_between_brokers(const World& world, const Flight& flight) {
  const auto is_broker = [&](NodeId id) {
    const Node* node = node_at(world, id);
    return node && node->kind == NodeKind::broker;
  };
  return is_broker(flight.from) && is_broker(flight.to);
}

// Messages that met a closed door a moment ago: a cross where they stopped, and the token fades behind it.
void draw_drops(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  Spots crosses;
  const Duration shown = simulated(600 * kMillisecond, scene.pace);
  const Facts& facts = scene.timeline.facts();
  Step step = scene.timeline.position();
  for (int looked = 0; step > 0 && looked < 400; ++looked) {
    --step;
    const StepRecord record = scene.timeline.record_of(step);
    if (record.at + shown < scene.view_time) break;
    const auto [first, last] = scene.timeline.facts_of(step);
    for (std::size_t i = first; i < last; ++i) {
      const auto* drop = facts[i].body.as<MessageDropped>();
      if (!drop || message_name(drop->message).find("Heartbeat") != std::string_view::npos) continue;
      const std::vector<Point> path = path_between(scene.world, layout, drop->from, drop->to, {});
      if (path.empty()) continue;
      // Where several have stopped, one cross says it.
      const std::optional<Point> stopped = crosses.find(path, canvas.big(10, 18), along_way(path, canvas.big(10, 18), 1), true);
      if (!stopped) continue;
      const Point at = *stopped;
      const Transition* ends = nullptr;
      for (const Transition& each : scene.moves) {
        if (each.kind == TransitionKind::dropped && each.step == step && each.node == drop->from && each.to_node == drop->to)
          ends = &each;
      }
      if (ends) {
        const Faded faded(canvas, 1 - ends->eased);
        draw_token(canvas, at, plain_flight(drop->from, drop->to, drop->message), nullptr);
      }
      const Faded faded(canvas, ends ? std::min(ends->progress * 4, 1.0F) : 1);
      draw_cross(canvas, at, canvas.big(8, 14), canvas.theme.hue(HueName::red).stroke, canvas.big(3, 5));
    }
  }
}

// "e5 > e6" beside a crown in flight, where the gutter has room for it.
void draw_epochs(Canvas& canvas, Point center, Rect gutter, const Transition& crown) {
  const Theme& theme = canvas.theme;
  const TextStyle style{Face::mono_bold, Size::small};
  const std::string before = "e" + std::to_string(crown.epoch - 1), after = "e" + std::to_string(crown.epoch);
  const float sign = canvas.big(16, 24);
  const float wide = canvas.width(style, before) + canvas.width(style, after) + sign + 16, high = canvas.height(style) + 8;
  if (wide > gutter.w - 8) return;
  const float x = within(center.x - wide / 2, gutter.x + 4, gutter.right() - 4 - wide);
  const Rect pill{x, center.y - high / 2, wide, high};
  const Faded faded(canvas, std::min(std::min(crown.progress, 1 - crown.progress) * 6, 1.0F));
  canvas.fill(pill, theme.card, high / 2);
  canvas.outline(pill, theme.line2, 1.25F, high / 2);
  const float used = canvas.text({x + 8, center.y}, style, theme.epoch(crown.epoch - 1).words, before, Align::left, pill);
  draw_chevron(canvas, {x + 8 + used + sign / 2, center.y}, canvas.big(7, 11), theme.text2, false);
  canvas.text({x + 8 + used + sign, center.y}, style, theme.epoch(crown.epoch).words, after, Align::left, pill);
}

}  // namespace

namespace {

// Where the sign of a broken link stands: before the controller that it belongs to, else on its way where none stands yet.
std::optional<Point> broken_place(const Canvas& canvas, const Scene& scene, const StageLayout& layout, const Link& link,
                                  const std::vector<Point>& path, Spots& signs) {
  for (const NodeId end : {link.from, link.to}) {
    const Node* node = node_at(scene.world, end);
    if (!node || node->kind != NodeKind::controller || !layout.of(end)) continue;
    const Rect& card = *layout.of(end);
    return Point{card.center().x, (card.bottom() + layout.quorum.bottom()) / 2};
  }
  return signs.find(path, canvas.big(9, 14), along_way(path, canvas.big(9, 14), 0.5F), true);
}

}  // namespace

// Cut and jammed links: a broken path with a cross, or one with an hourglass of waiting messages.
void draw_broken_links(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const Theme& theme = canvas.theme;
  Spots signs;
  std::vector<Point> taken;
  std::vector<std::pair<NodeId, NodeId>> signed_links;
  for (const Link& link : scene.world.fabric.network.links) {
    if (!link.cut && !link.jammed) continue;
    const std::vector<Point> path = path_between(scene.world, layout, link.from, link.to, {});
    if (path.empty()) continue;
    const Color color = theme.hue(link.cut ? HueName::red : HueName::orange).stroke;
    canvas.dashed_polyline(path, color, canvas.big(1.5F, 3), kDead);
    // Both directions of a link have one sign, and so have the links of several brokers to one controller.
    const std::pair<NodeId, NodeId> ends = std::minmax({link.from, link.to});
    if (std::find(signed_links.begin(), signed_links.end(), ends) != signed_links.end()) continue;
    signed_links.push_back(ends);
    const std::optional<Point> middle = broken_place(canvas, scene, layout, link, path, signs);
    const auto is_there = [&](const Point& each) { return each.x == middle->x && each.y == middle->y; };
    if (!middle || std::any_of(taken.begin(), taken.end(), is_there)) continue;
    taken.push_back(*middle);
    const float size = canvas.big(5, 9);
    scene.note(canvas, {middle->x - size, middle->y - size, 2 * size, 2 * size}, {PlaceKind::link, link.from, link.to});
    canvas.circle(*middle, size + 2, theme.stage);
    if (link.cut) draw_cross(canvas, *middle, size, color, canvas.big(2.5F, 5));
    else canvas.text(*middle, {Face::mono_bold, Size::micro}, color, std::to_string(link.held.size()), Align::center);
  }
}

void draw_links(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const World& world = scene.world;
  draw_broken_links(canvas, scene, layout);
  if (layout.map) return;
  for (const Producer& producer : world.producers) {
    for (TopicPartition tp : layout.shown) {
      const Broker* broker = tp.topic == producer.spec.topic ? believed_leader(world, producer.metadata, tp) : nullptr;
      if (!broker || !node_at(world, producer.node) || node_at(world, producer.node)->status == NodeStatus::down) continue;
      const std::vector<Point> path = path_between(world, layout, producer.node, broker->node, tp);
      if (path.empty()) continue;
      // What is sent there, nobody takes.
      if (node_at(world, broker->node)->status == NodeStatus::down)
        canvas.dashed_polyline(path, canvas.theme.line2, canvas.big(1.25F, 2.5F), kDead);
      else canvas.polyline(path, canvas.theme.line2, canvas.big(1.25F, 2.5F));
    }
  }
  for (const Controller& controller : world.controllers) {
    if (!controller.active) continue;
    for (const Broker& broker : world.brokers) {
      const std::vector<Point> path = path_between(world, layout, controller.node, broker.node, {});
      if (!path.empty()) canvas.polyline(path, canvas.theme.line, canvas.big(1.25F, 2.5F));
    }
  }
}

namespace {

// A message and its way over the stage.
struct Flying {
  Flight flight;
  std::vector<Point> path;
  float half = 0;   // of its token
  float along = 0;  // pixels from the beginning of its way; below 0: it waits behind others, and is not seen yet
};

// Those that the stage shows, each where time has brought it.
std::vector<Flying> flying_on(const Canvas& canvas, const Scene& scene, const StageLayout& layout, bool hidden) {
  std::vector<Flying> all;
  for (const Flight& flight : flights(scene.timeline, scene.view_time, flight_pace(scene), hidden)) {
    if (flight.tp.topic >= 0 && !hidden && !is_shown(layout, flight.tp)) continue;
    if (layout.map && is_between_brokers(scene.world, flight)) continue;
    if (scene.asked.hides_told(flight.to)) continue;  // the answer itself
    Flying each{flight, path_between(scene.world, layout, flight.from, flight.to, flight.tp)};
    if (each.path.empty()) continue;
    const float progress = scene.reduced ? (std::floor(std::min(flight.progress, 0.99F) * 4) + 0.5F) / 4 : flight.progress;
    each.half = layout.map ? 6 : token_half(canvas, flight);
    each.along = along_way(each.path, each.half, progress);
    all.push_back(std::move(each));
  }
  return all;
}

// On one way none overtakes another, and none covers the one before it: it is held back until there is room.
void hold_apart(std::vector<Flying>& all) {
  std::vector<Flying*> order;
  for (Flying& each : all) order.push_back(&each);
  std::stable_sort(order.begin(), order.end(), [](const Flying* a, const Flying* b) { return a->along > b->along; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    Flying& each = *order[i];
    for (std::size_t j = i; j-- > 0;) {
      const Flying& before = *order[j];
      const bool same = before.flight.from == each.flight.from && before.flight.to == each.flight.to && before.flight.tp == each.flight.tp;
      if (!same) continue;
      each.along = std::min(each.along, before.along - (before.half + each.half));
      break;
    }
    if (each.along < std::min(each.half, length_of(each.path) / 2)) each.along = -1;
  }
}

}  // namespace

void draw_flights(Canvas& canvas, const Scene& scene, const StageLayout& layout, bool hidden) {
  const MetadataImage* image = committed_image(scene.world);
  Spots spots;
  std::vector<Flying> all = flying_on(canvas, scene, layout, hidden);
  const bool moving = scene.motion.moving && !layout.map;
  if (moving) hold_apart(all);
  for (const Flying& each : all) {
    if (each.along < 0) continue;
    const Flight& flight = each.flight;
    const PartitionRegistration* partition = image && flight.tp.topic >= 0 ? image->partition(flight.tp) : nullptr;
    const Hue* hue = partition ? &canvas.theme.epoch(partition->leader_epoch) : nullptr;
    const float length = std::max(length_of(each.path), 1.0F);
    const std::optional<Point> at =
        moving ? point_along(each.path, each.along / length) : spots.find(each.path, each.half, each.along, !layout.map);
    if (!at) continue;
    scene.note(canvas, {at->x - 11, at->y - 11, 22, 22}, {PlaceKind::message, flight.from, flight.to, flight.tp, -1, -1, flight.message});
    if (layout.map) draw_speck(canvas, *at, flight, hue);
    else draw_token(canvas, *at, flight, hue);
    if (!layout.map && scene.world.fabric.network.zones.apart(flight.from, flight.to))  // it is billed
      canvas.ring(*at, each.half + canvas.big(3, 5), canvas.theme.text2, canvas.big(1, 1.75F));
    if (flight.dropped) draw_cross(canvas, *at, 8, canvas.theme.hue(HueName::red).stroke, 3);
  }
  draw_drops(canvas, scene, layout);
}

// The crown lifts off the old leader and lands on the new one; while time stands still it has landed.
void draw_crown_flights(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  if (layout.map || scene.reduced) return;  // on the map hundreds may fly at once: there the columns tell
  const Theme& theme = canvas.theme;
  for (const Transition& each : scene.moves) {
    if (each.kind != TransitionKind::crown || !is_shown(layout, each.tp)) continue;
    const Broker* from = scene.world.find_broker(each.previous);
    const Broker* to = scene.world.find_broker(each.broker);
    if (!from || !to || from == to) continue;
    const std::vector<Point> path = path_between(scene.world, layout, from->node, to->node, each.tp);
    if (path.empty()) continue;
    const Color yellow = theme.hue(HueName::yellow).fill;
    {
      // The way fades when the crown has landed.
      const Faded faded(canvas, std::min((1 - each.progress) * 5, 1.0F));
      canvas.dashed_polyline(path, theme.light ? theme.ink : yellow, 2, kNotYet);
    }
    const Point at = point_along(path, each.eased);
    // It is largest half-way, and small where it lifts off and lands.
    const float radius = canvas.big(12, 18) + canvas.big(6, 10) * 4 * each.progress * (1 - each.progress);
    canvas.circle(at, radius + 2, theme.light ? theme.ink : theme.stage);
    canvas.circle(at, radius, yellow);
    draw_crown(canvas, at, radius * 0.6F, theme.ink);
    draw_epochs(canvas, {at.x, at.y + radius + canvas.big(17, 26)}, layout.left_gutter, each);
  }
}

}  // namespace nutshell

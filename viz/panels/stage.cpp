#include "viz/panels/stage.h"

#include <algorithm>

#include "viz/panels/stage_motion.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

std::vector<Pending> pending_timers(const World& world) {
  std::vector<Pending> all;
  world.fabric.queue.for_each_pending([&](const auto& entry) {
    if (entry.payload.kind != EventKind::timer) return;
    all.push_back({entry.payload.node, entry.payload.timer, entry.payload.a, entry.payload.b, entry.time});
  });
  return all;
}

// Everything that stands still, from back to front.
void draw_places(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  draw_ribbons(canvas, scene, layout);
  draw_quorum(canvas, scene, layout);
  if (layout.map) draw_map(canvas, scene, layout);
  else draw_brokers(canvas, scene, layout);
  draw_producers(canvas, scene, layout);
  draw_groups(canvas, scene, layout);
  draw_crashes(canvas, scene, layout);
}

// What is selected stands in a frame; what is under the mouse in a thin one.
void draw_selection(Ui& ui) {
  const Theme& theme = ui.canvas.theme;
  for (const Spot& each : ui.view.spots) {
    const bool selected = each.place == ui.view.selected;
    if (!selected && each.place != ui.view.hovered) continue;
    const float apart = selected ? 3 : 1;
    ui.canvas.outline(each.rect.inset(-apart), selected ? theme.paper : theme.text2, selected ? 2 : 1, 8);
  }
}

}  // namespace

Motion motion_of(const Session& session, const View& view) {
  Motion motion = session.motion();
  motion.reduced = view.reduced_motion;
  if (!view.in_motion || session.rewinding()) return motion;
  motion.moving = true;
  motion.settled = 0;
  return motion;
}

const Pending* Scene::timer(NodeId node, TimerKind kind, std::int32_t a, std::int32_t b) const {
  for (const Pending& each : timers) {
    if (each.node == node && each.kind == kind && (a < 0 || each.a == a) && (b < 0 || each.b == b)) return &each;
  }
  return nullptr;
}

const Transition* Scene::move(TransitionKind kind, NodeId node) const {
  for (const Transition& each : moves) {
    if (each.kind == kind && each.node == node) return &each;
  }
  return nullptr;
}

const Transition* Scene::move(TransitionKind kind, BrokerId broker, TopicPartition tp) const {
  for (const Transition& each : moves) {
    if (each.kind == kind && each.broker == broker && each.tp == tp) return &each;
  }
  return nullptr;
}

void Scene::note(const Canvas& canvas, Rect rect, Place place) const {
  if (spots) spots->push_back({canvas.in_window(rect), place});
}

float Scene::left(Time ends, Duration whole) const {
  return static_cast<float>(ends - view_time) / static_cast<float>(std::max<Duration>(whole, 1));
}

std::size_t member_index(const World& world, NodeId consumer) {
  for (std::size_t i = 0; i < world.consumers.size(); ++i) {
    if (world.consumers[i].node == consumer) return i;
  }
  return 0;
}

std::string member_letter(std::size_t index) { return std::string(1, static_cast<char>('a' + index % 26)); }

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string left_text(Time now, Time at) {
  const Duration left = std::max<Duration>(at - now, 0) / (100 * kMillisecond);
  return std::to_string(left / 10) + "." + std::to_string(left % 10) + " s";
}

void draw_still(const Canvas& canvas, const World& world, const Timeline& any, Rect area) {
  constexpr float kHigh = 470;  // room for three brokers with a row or two each
  const Rect whole{0, 0, std::max(kHigh * area.w / area.h, 900.0F), kHigh};
  Canvas small = canvas.miniature(whole, area);
  const Scene scene{world, any, world.now(), kSecond, pending_timers(world), nullptr};
  const StageLayout layout = lay_out(small, world, whole);
  small.push_clip(whole);
  draw_places(small, scene, layout);
  small.pop_clip();
}

void draw_stage(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  canvas.fill(area, canvas.theme.stage);
  Scene scene{session.world(), session.timeline(), session.view_time(), session.pace(),
              pending_timers(session.world()), &ui.view.spots};
  const Motion motion = motion_of(session, ui.view);
  scene.moves = transitions(scene.timeline, scene.view_time, motion);
  scene.reduced = motion.reduced;
  StageLayout layout = lay_out(canvas, scene.world, area);
  move_places(scene, layout);
  canvas.push_clip(area);
  draw_links(canvas, scene, layout);
  draw_places(canvas, scene, layout);
  draw_flights(canvas, scene, layout, ui.view.hidden_traffic);
  draw_crown_flights(canvas, scene, layout);
  draw_selection(ui);
  canvas.pop_clip();
  if (!ui.over(area)) return;
  ui.view.hovered = place_at(ui.view, ui.mouse);
  if (ui.clicked) ui.select(ui.view.hovered);
}

Place place_at(const View& view, Point point) {
  for (std::size_t i = view.spots.size(); i-- > 0;) {
    if (view.spots[i].rect.contains(point)) return view.spots[i].place;
  }
  return {};
}

}  // namespace nutshell

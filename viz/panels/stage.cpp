#include "viz/panels/stage.h"

#include <algorithm>

#include "sim/session/about.h"
#include "sim/session/compare.h"
#include "sim/session/lost.h"
#include "sim/session/named.h"
#include "sim/session/variations.h"
#include "viz/panels/carry.h"
#include "viz/panels/lens.h"
#include "viz/panels/stage_motion.h"
#include "viz/panels/veil.h"
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
  draw_zones(canvas, scene, layout);
  draw_ribbons(canvas, scene, layout);
  draw_quorum(canvas, scene, layout);
  if (layout.map) draw_map(canvas, scene, layout);
  else draw_brokers(canvas, scene, layout);
  draw_producers(canvas, scene, layout);
  draw_plain(canvas, scene, layout);
  draw_groups(canvas, scene, layout);
  draw_crashes(canvas, scene, layout);
  draw_zone_marks(canvas, scene, layout);
}

// What is selected stands in a frame; what is under the mouse in a thin one.
void draw_selection(Ui& ui, const Session& session) {
  const Theme& theme = ui.canvas.theme;
  Canvas canvas = ui.canvas.on_window();
  for (const Spot& each : ui.figure.spots) {
    if (works_on(ui.figure.hand, session.world(), each.place)) canvas.dashed_outline(each.rect.inset(-3), theme.paper, 2, kNotYet, 8);
    const bool selected = marks(ui.figure.selected, each.place);
    if (!selected && !marks(ui.figure.hovered, each.place)) continue;
    const float apart = selected ? 3 : 1;
    canvas.outline(each.rect.inset(-apart), selected ? theme.paper : theme.text2, selected ? 2 : 1, 8);
  }
}

}  // namespace

Motion motion_of(const Session& session, const Room& room) {
  Motion motion = session.motion();
  motion.reduced = room.reduced_motion;
  if (!room.in_motion || session.rewinding()) return motion;
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

void Scene::tell(const Canvas& canvas, Rect rect, std::string_view name, std::string_view meaning) const {
  if (tips) tips->push_back({canvas.in_window(rect), std::string(name), std::string(meaning)});
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
  if (area.w < 1 || area.h < 1) return;
  constexpr float kHigh = 470;  // room for three brokers with a row or two each
  const Rect whole{0, 0, std::max(kHigh * area.w / area.h, 900.0F), kHigh};
  Canvas small = canvas.miniature(whole, area);
  const Scene scene{world, any, world.now(), kSecond, pending_timers(world), nullptr};
  const StageLayout layout = lay_out(small, world, whole);
  small.push_clip(whole);
  draw_places(small, scene, layout);
  small.pop_clip();
}

namespace {

bool is_partition(const Place& place) { return place.kind == PlaceKind::partition && place.tp.partition >= 0; }

// Partitions that the lesson names in any of its captions: they keep their rows from the first to the last.
std::vector<TopicPartition> spoken_of(const Session& session, const World& world) {
  std::vector<TopicPartition> all;
  const auto read = [&](std::string_view text) {
    for (const Place& each : places_named_in(world, text)) {
      if (is_partition(each)) all.push_back(each.tp);
    }
  };
  for (const StoryLine& each : session.beats()) {
    read(each.text);
    for (const std::string& choice : each.choices) read(choice);
  }
  return all;
}

// What keeps its strength: what is to be looked at, whoever has a part of it, whoever has lost something, and whatever the
// sentence names.
std::vector<Place> bright_places(const Session& session, const Scene& scene, const StageLayout& layout, const Place& focus) {
  const World& world = scene.world;
  std::vector<Place> bright = {focus};
  for (const Producer& each : world.producers) {
    const bool asked = scene.asked.hides_told(each.node);
    if (asked || told_and_lost(scene.timeline, each.node).records > 0) bright.push_back({PlaceKind::producer, each.node});
  }
  for (const RowPlace& row : layout.rows) {
    const bool meant = focus.tp.topic == row.tp.topic && (focus.tp.partition < 0 || focus.tp == row.tp);
    if (meant) bright.push_back({PlaceKind::broker, world.brokers[row.broker].node});
  }
  if (!session.beat()) return bright;
  for (const Place& each : places_named_in(world, session.beat()->text)) bright.push_back(each);
  return bright;
}

// So that there is a row for every partition that one could see from farther away; a map that has to stay one gets room for its
// rows. `far`: how far that is.
StageLayout lay_out_far_enough(const Canvas& canvas, const World& world, Rect area, StageFocus wanted, const Lens& lens, Distance& distance,
                               float& far) {
  constexpr float kFarther = 1.12F;
  const float nearest = far;
  const auto from = [&](float there) {
    far = there;
    wanted.left = lens.left_top.x * far;
    return lay_out(canvas, world, {area.x, area.y, area.w * far, area.h * far}, wanted);
  };
  if (distance.area.w != area.w || distance.area.h != area.h) distance = {distance.most, 1, area, false};
  StageLayout layout = from(nearest * distance.now);
  if (distance.most <= 1 || distance.tried) return layout;
  const auto is_whole = [&] { return !layout.map && layout.folded.empty(); };
  const float before = distance.now;
  while (!is_whole() && distance.now * kFarther <= distance.most) {
    distance.now *= kFarther;
    layout = from(nearest * distance.now);
  }
  distance.tried = !is_whole();
  if (!distance.tried) return layout;
  const float row = canvas.height({Face::regular, Size::micro}) * 1.1F, rows = static_cast<float>(world.brokers.size() + 9);
  distance.now = std::clamp(row * rows / (area.h * nearest), before, distance.most);
  return from(nearest * distance.now);
}

void draw_universe(Ui& ui, const Session& session, const Timeline& timeline, Rect area, std::vector<Spot>& spots) {
  if (area.w < 1 || area.h < 1) return;  // other panels took all of a small window
  Canvas& canvas = ui.canvas;
  Lens& lens = ui.figure.lens;
  canvas.fill(area, canvas.theme.stage);
  const World& world = timeline.world();
  Scene scene{world, timeline, session.view_time(), session.pace(), pending_timers(world), &spots, &ui.figure.tips};
  Motion motion = motion_of(session, ui.room);
  if (&timeline != &session.timeline()) motion.settled = session.settled_beside(motion.settled);
  scene.motion = motion;
  scene.moves = transitions(timeline, scene.view_time, motion);
  scene.reduced = motion.reduced;
  if (!ui.figure.hidden_traffic) scene.parts = parts_of(session.scenario());
  scene.keys = ui.figure.keys != scene.parts.keys;
  scene.asked = asked_of(session);
  if (&timeline == &session.timeline()) scene.flag = flag_of(session);
  // Where there is too little room, the picture is made for a wider stage and seen from farther away.
  const float least = canvas.big(560, 900);
  float far = std::max(1.0F, least / std::max(area.w, 1.0F));
  StageFocus wanted{lens.focus, lens.zoom, 0, scene.keys};
  wanted.building = timeline.setup().brokers == 0;
  wanted.kept = spoken_of(session, world);
  wanted.scale = session.scale();
  wanted.controllers = scene.parts.controllers;
  wanted.watermarks = scene.parts.watermarks;
  wanted.groups = scene.parts.groups;
  StageLayout layout = lay_out_far_enough(canvas, world, area, wanted, lens, ui.figure.distance, far);
  const Rect made{area.x, area.y, area.w * far, area.h * far};
  move_places(scene, layout);
  lens.map = layout.map;
  lens.most = layout.map ? most_map_zoom(world, layout) : 4;
  const float zoom = layout.map ? 1 : lens.zoom;
  const Point corner = layout.map ? Point{} : lens.left_top * far;
  Canvas near = zoom == 1 && far == 1 ? canvas : canvas.zoomed({made.x + corner.x, made.y + corner.y, made.w / zoom, made.h / zoom}, area);
  canvas.push_clip(area);
  draw_links(near, scene, layout);
  draw_places(near, scene, layout);
  if (wanted.building) draw_vacancies(ui, near, scene, layout);
  const Place focus = place_named(world, session.focus());
  // What was noted stands in the window, whatever this is drawn into.
  Canvas window = canvas.on_window();
  const Rect seen = canvas.in_window(area);
  if (ui.figure.hovered_in_list && ui.figure.hovered) draw_veil(window, world, spots, {ui.figure.hovered}, seen);
  else if (focus) draw_veil(window, world, spots, bright_places(session, scene, layout, focus), seen);
  draw_flights(near, scene, layout, ui.figure.hidden_traffic);
  draw_crown_flights(near, scene, layout);
  draw_flags(near, scene, layout);
  canvas.pop_clip();
}

void point_and_click(Ui& ui, const Session& session, Rect area) {
  ui.canvas.push_clip(area);
  draw_veil_for_tool(ui, session, area);
  draw_selection(ui, session);
  draw_lens_note(ui, session, area);
  ui.canvas.pop_clip();
  if (!ui.over(area)) return;
  ui.pointed = place_at(ui.figure, ui.mouse);
  if (ui.clicked && ui.figure.hand != Tool::none) ui.use(ui.figure.hand, ui.pointed);
  else if (ui.clicked) ui.select(ui.pointed);
  if (ui.opens_menu) ui.open_menu(ui.pointed);
}

// What is not the same in both carries a bar at its left edge.
void mark_differences(Canvas& canvas, const std::vector<Spot>& spots, const World& left, const World& right) {
  for (const Spot& each : spots) {
    if (differs(left, right, each.place)) canvas.fill({each.rect.x - 2, each.rect.y, 4, each.rect.h}, canvas.theme.paper);
  }
}

// What made a universe; of one that has no deeds, the setting that the one beside it has differently.
std::string universe_text(const Branch& branch, const Branch& beside) {
  if (branch.parent || !branch.varied_key.empty() || beside.varied_key.empty()) return branch.name;
  const std::string now = setting_now(branch.scenario, beside.varied_key);
  return now.empty() ? branch.name : branch.name + ": " + beside.varied_key + "=" + now;
}

// Which universe it is, in Roman figures, and what made it.
void draw_universe_name(Canvas& canvas, Rect line, std::string_view figure, const std::string& text) {
  const Theme& theme = canvas.theme;
  canvas.fill(line, theme.panel);
  line.take_left(12);
  const TextStyle bold{Face::bold, Size::body};
  const Rect tag{line.x, line.y + 4, canvas.width(bold, figure) + 18, line.h - 8};
  canvas.fill(tag, theme.paper, 5);
  canvas.text_in(tag, bold, theme.light ? rgb(0xFFFFFF) : theme.ink, figure, Align::center);
  line.take_left(tag.w + 12);
  line.take_right(8);
  canvas.text_in(line, bold, theme.text, text);
}

}  // namespace

void draw_stage(Ui& ui, const Session& session, Rect area) {
  if (!session.compared()) {
    draw_universe(ui, session, session.timeline(), area, ui.figure.spots);
    point_and_click(ui, session, area);
    return carry_consumer(ui, session, area);
  }
  const float head = ui.canvas.big(34, 52);
  Rect left = area, right = left.take_right(area.w / 2);
  const Branch& here = *session.branches()[session.current()];
  draw_universe_name(ui.canvas, left.take_top(head), "I", universe_text(here, session.other()));
  draw_universe_name(ui.canvas, right.take_top(head), "II", universe_text(session.other(), here));
  std::vector<Spot> beside;
  draw_universe(ui, session, session.timeline(), left, ui.figure.spots);
  draw_universe(ui, session, *session.other().timeline, right, beside);
  ui.canvas.fill({right.x - 1, area.y, 2, area.h}, ui.canvas.theme.line2);
  const World& there = session.other().timeline->world();
  mark_differences(ui.canvas, ui.figure.spots, session.world(), there);
  mark_differences(ui.canvas, beside, session.world(), there);
  point_and_click(ui, session, left);
}

void remember_pointed(Ui& ui) {
  ui.figure.hovered = ui.pointed;
  ui.figure.hovered_at = ui.pointed_at;
  ui.figure.hovered_in_list = ui.pointed_in_list;
  ui.figure.window = ui.pointed_window;
}

void point_at(Ui& ui, Place place, Time at) {
  ui.pointed = place;
  ui.pointed_at = at;
  ui.pointed_in_list = true;
}

Place place_at(const FigureView& figure, Point point) {
  for (std::size_t i = figure.spots.size(); i-- > 0;) {
    if (figure.spots[i].rect.contains(point)) return figure.spots[i].place;
  }
  return {};
}

}  // namespace nutshell

#include "viz/panels/figure.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sim/session/command_rows.h"
#include "viz/panels/charts.h"
#include "viz/panels/connect_board.h"
#include "viz/panels/connect_picture.h"
#include "viz/panels/lens.h"
#include "viz/panels/log_close_up.h"
#include "viz/panels/space_time.h"
#include "viz/panels/stage.h"
#include "viz/panels/systems.h"
#include "viz/panels/topology.h"
#include "viz/panels/wires.h"

namespace nutshell {

namespace {

constexpr float kBothHigh = 560;  // from here on, stage and diagram both have room

// Of two universes side by side, the stage that the mouse is over.
Rect universe_under(const Ui& ui, const Session& session, Rect stage) {
  if (!session.compared()) return stage;
  stage.take_top(ui.canvas.big(34, 52));
  const Rect right = stage.take_right(stage.w / 2);
  return ui.over(right) ? right : stage;
}

// The value of the command counts from 1; without one, the next comes, around.
int chosen_or_next(const Command& command, int now, int count) {
  return command.value > 0 ? static_cast<int>(command.value) - 1 : (now + 1) % count;
}

// Left to right over the stage, -1: nothing that Tab stops at.
int column_of(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::controller: return 0;
    case PlaceKind::producer:
    case PlaceKind::process: return 1;
    case PlaceKind::broker:
    case PlaceKind::replica: return 2;
    case PlaceKind::group:
    case PlaceKind::consumer: return 3;
    default: return -1;
  }
}

// Selects the next place of the stage, or the one before.
void walk(FigureView& figure, std::int64_t way) {
  std::vector<Spot> stops;
  for (const Spot& each : figure.spots) {
    if (column_of(each.place.kind) >= 0) stops.push_back(each);
  }
  if (stops.empty()) return;
  std::stable_sort(stops.begin(), stops.end(), [](const Spot& a, const Spot& b) {
    const int left = column_of(a.place.kind), right = column_of(b.place.kind);
    if (left != right) return left < right;
    return left == 0 ? a.rect.x < b.rect.x : a.rect.y < b.rect.y;
  });
  const auto here = std::find_if(stops.begin(), stops.end(), [&](const Spot& each) { return each.place == figure.selected; });
  const std::size_t count = stops.size();
  std::size_t next = way > 0 ? 0 : count - 1;
  if (here != stops.end()) next = (static_cast<std::size_t>(here - stops.begin()) + (way > 0 ? 1 : count - 1)) % count;
  figure.selected = stops[next].place;
}

void zoom(FigureView& figure, std::int64_t way) {
  if (way == 0) reset_lens(figure);
  else zoom_lens(figure, figure.stage, figure.stage.center(), way > 0 ? 1.25F : 0.8F);
}

void show_chart(FigureView& figure, const Room& room, Chart chart) {
  figure.charts.shown = chart;
  figure.charts.for_back_row = room.projector;
}

struct Looked {
  FigureView& figure;
  const Session& session;
  const Room& room;
};

struct LookDeed {
  CommandName name;
  void (*does)(const Looked&, const Command&);
};

constexpr std::array<LookDeed, 12> kLookDeeds = {{
    {CommandName::select, [](const Looked& at, const Command& command) { at.figure.selected = command.place; }},
    {CommandName::walk, [](const Looked& at, const Command& command) { walk(at.figure, command.value); }},
    {CommandName::focus, [](const Looked& at, const Command&) { toggle_focus(at.figure, at.figure.stage); }},
    {CommandName::zoom, [](const Looked& at, const Command& command) { zoom(at.figure, command.value); }},
    {CommandName::record_keys, [](const Looked& at, const Command&) { at.figure.keys = !at.figure.keys; }},
    {CommandName::hidden_traffic, [](const Looked& at, const Command&) { at.figure.hidden_traffic = !at.figure.hidden_traffic; }},
    {CommandName::main_area,
     [](const Looked& at, const Command& command) {
       // Areas that this run has nothing for are passed over.
       int next = chosen_or_next(command, static_cast<int>(at.figure.area), kMainAreas);
       if (static_cast<MainArea>(next) == MainArea::topology && !has_topology(at.session)) ++next;
       if (static_cast<MainArea>(next) == MainArea::connect && !has_connect(at.session.world())) next = 0;
       at.figure.area = static_cast<MainArea>(next);
     }},
    {CommandName::time_axis,
     [](const Looked& at, const Command& command) {
       SpaceView& space = at.figure.space;
       space.axis = static_cast<AxisMode>(chosen_or_next(command, static_cast<int>(space.axis), kAxisModes));
       space.placed = false;
     }},
    {CommandName::figures,
     [](const Looked& at, const Command&) {
       const ChartsView& charts = at.figure.charts;
       const Chart next = static_cast<Chart>((static_cast<int>(charts.shown) + 1) % kCharts);
       show_chart(at.figure, at.room, charts.stand(at.room.projector) ? next : Chart::readers);
     }},
    {CommandName::figure,
     [](const Looked& at, const Command& command) { show_chart(at.figure, at.room, static_cast<Chart>(command.value)); }},
    {CommandName::zoom_figure,
     [](const Looked& at, const Command& command) {
       if (at.figure.charts.stand(at.room.projector)) zoom_figures(at.figure, at.session, command.value > 0);
     }},
    {CommandName::next_subject,
     [](const Looked& at, const Command&) { next_subject(at.figure, *at.session.branches()[at.session.current()]); }},
}};
static_assert(are_deeds_of(Taker::figure, kLookDeeds));

}  // namespace

MainArea first_area(const Scenario& scenario, MainArea before) {
  if (scenario.film) return MainArea::topology;
  const auto found = std::find(kFigureViews.begin(), kFigureViews.end(), scenario.view);
  if (found != kFigureViews.end()) return static_cast<MainArea>(found - kFigureViews.begin());
  return before >= MainArea::log ? MainArea::stage : before;
}

void begin_figure(FigureView& figure, bool drawn) {
  figure.stage = {};
  figure.tips.clear();
  const bool stage = figure.area == MainArea::stage || figure.area == MainArea::both;
  if (!drawn || !stage) figure.spots.clear();
  if (!drawn) figure.carry = {};
}

void draw_figure(Ui& ui, const Session& session, Rect area) {
  FigureView& figure = ui.figure;
  if (!session.scenario().wires.empty()) {
    figure.stage = area;
    figure.spots.clear();
    return draw_wires(ui.canvas, wires_at(session.scenario().wires, session.view_time()), area);
  }
  const bool query = figure.area == MainArea::topology || session.scenario().film;
  if (query || session.world().rivals.setup) {
    figure.stage = area;
    figure.spots.clear();
    return query ? draw_topology(ui, session, area) : draw_systems(ui, session, area);
  }
  if (figure.area == MainArea::connect && has_connect(session.world())) return draw_connect(ui, session, area);
  if (figure.area == MainArea::log) return draw_log_close_up(ui, session, area);
  const bool room = !ui.room.projector && area.h > kBothHigh;
  if (figure.charts.stand(ui.room.projector) && figure.area != MainArea::both)
    draw_figures(ui, session, area.take_bottom(figures_height(ui.canvas, area.h)));
  if (figure.area == MainArea::stage || (figure.area == MainArea::both && room)) {
    figure.stage = figure.area == MainArea::both ? area.take_top(area.h * 0.55F) : area;
    steer_lens(ui, universe_under(ui, session, figure.stage));
    figure.spots.clear();
    draw_stage(ui, session, figure.stage);
  }
  if (figure.area != MainArea::stage) draw_space_time(ui, session, area);
}

bool obey_figure(FigureView& figure, const Session& session, const Room& room, const Command& command) {
  const auto deed = std::find_if(kLookDeeds.begin(), kLookDeeds.end(), [&](const LookDeed& each) { return each.name == command.name; });
  if (deed == kLookDeeds.end()) return false;
  deed->does({figure, session, room}, command);
  return true;
}

}  // namespace nutshell

// The lesson: how a frame is divided into the bars, the middle, and what lies over it, for a desk, for the back row, and
// for somebody who is here for the first time; and what the keys do there and nowhere else.
#include "viz/app/lesson_screen.h"

#include <algorithm>

#include "viz/app/hands.h"
#include "viz/app/leaving.h"
#include "viz/panels/caption.h"
#include "viz/panels/question.h"
#include "viz/panels/systems.h"
#include "viz/panels/wires.h"

namespace nutshell {

namespace {

// A chain of causes is drawn where it is asked about.
void draw_middle(PanelUi& ui, const Session& session, Rect area) {
  ui.figure.thread.clear();
  if (ui.panels.show_why(ui.room)) {
    for (const Cause& each : ui.panels.why.causes) {
      if (each.step != kNoStep) ui.figure.thread.push_back(each.step);
    }
  }
  draw_figure(ui, session, area);
}

// What is shown in the middle, and over it the choices of the question.
void draw_middle_under(PanelUi& ui, const Session& session, Rect whole, bool choices) {
  // What lies over the stage has the mouse there, as it did when it was drawn last.
  PanelUi behind = ui;
  if (ui.over(ui.figure.over_stage)) behind.mouse = {-1, -1};
  draw_middle(behind, session, whole);
  ui.pointed = behind.pointed;
  ui.pointed_at = behind.pointed_at;
  ui.pointed_in_list = behind.pointed_in_list;
  ui.figure.over_stage = {};
  if (choices) ui.figure.over_stage = draw_choices(ui, session, whole);
}

// The first lesson, the one key, and what else there is.
void draw_first_screen(App& app, PanelUi& ui, Rect whole) {
  const Session& session = app.session();
  const std::vector<LessonCard>& lessons = app.shelf().cards;
  Rect rest{whole.x + 32, whole.y + 8, whole.w - 64, whole.h - 28};
  draw_lesson_progress(ui.canvas, session, lessons, ui.gallery.chosen, rest.take_top(40));
  const Rect below = rest.take_bottom(within(rest.h * 0.34F, 190.0F, 390.0F));
  rest.take_bottom(18);
  Rect& caption = ui.panels.caption_bar;
  caption = rest.take_bottom(caption_height(ui.canvas) + within(rest.h * 0.1F, 36.0F, 80.0F));
  draw_caption(ui, session, caption);
  rest.take_bottom(14);
  draw_middle_under(ui, session, rest, false);
  // Choices stand below their question, so that the stage stays to be seen.
  if (is_question(session) && !has_more_pages(ui.panels.caption)) draw_choices(ui, session, below);
  else draw_lesson_strip(ui, lessons, below);
}

// The stage has all the room there is, always the same; whatever else is asked for lies over it.
void draw_for_back_row(App& app, PanelUi& ui, Rect whole) {
  const Session& session = app.session();
  Panels& panels = ui.panels;
  panels.caption_bar = whole.take_bottom(caption_height(ui.canvas));
  draw_caption(ui, session, panels.caption_bar);
  draw_thread(ui.canvas, session, whole.take_bottom(thread_height(session, app.window().h)));
  Rect side = whole;
  side = side.take_right(whole.w * 0.5F);
  const bool asks = is_question(session) && !has_more_pages(panels.caption) && !panels.side_over;
  draw_middle_under(ui, session, whole, asks && ui.figure.area != MainArea::space_time && ui.figure.area != MainArea::both);
  if (panels.show_why(ui.room)) ui.figure.over_stage = draw_why_large(ui, session, whole);
  else if (panels.side_over) {
    ui.figure.over_stage = side;
    ui.canvas.cover(side);
    draw_side_panel(ui, session, side);
  }
}

// Columns beside each other take the whole width; what is asked stands over them.
void draw_rivals_for_desk(const Session& session, PanelUi& ui, const PanelSizes& sizes, Rect whole) {
  if (whole.h > 850) draw_timeline(ui, session, whole.take_bottom(sizes.timeline));
  draw_transport(ui, session, whole.take_bottom(56));
  draw_rival_tools(ui, session, whole.take_bottom(40));
  // What a puzzle asks for stands beside it, and what is simplified, if it is asked for.
  const bool beside = session.scenario().is_puzzle() || (ui.panels.tab == Tab::lesson && ui.panels.notes.on);
  if (ui.panels.open && beside) draw_side_panel(ui, session, whole.take_right(sizes.side));
  ui.panels.caption_bar = whole.take_bottom(caption_height(ui.canvas));
  draw_caption(ui, session, ui.panels.caption_bar);
  draw_middle_under(ui, session, whole, is_question(session) && !has_more_pages(ui.panels.caption));
}

// Wires are a picture that takes the whole width, and have tools of their own.
void draw_wires_for_desk(const Session& session, PanelUi& ui, const PanelSizes& sizes, Rect whole) {
  if (whole.h > 850) draw_timeline(ui, session, whole.take_bottom(sizes.timeline));
  draw_transport(ui, session, whole.take_bottom(56));
  draw_wires_tools(ui, session, whole.take_bottom(40));
  if (ui.panels.open && ui.panels.tab == Tab::lesson && ui.panels.notes.on) draw_side_panel(ui, session, whole.take_right(sizes.side));
  ui.panels.caption_bar = whole.take_bottom(caption_height(ui.canvas));
  draw_caption(ui, session, ui.panels.caption_bar);
  draw_middle_under(ui, session, whole, is_question(session) && !has_more_pages(ui.panels.caption));
}

void draw_for_desk(const Session& session, PanelUi& ui, const PanelSizes& sizes, Rect whole) {
  const bool large = whole.h > 850;
  if (session.world().rivals.setup) return draw_rivals_for_desk(session, ui, sizes, whole);
  if (!session.scenario().wires.empty()) return draw_wires_for_desk(session, ui, sizes, whole);
  // In a small window a figure takes the place of the timeline: it has an axis of its own.
  const bool charts = ui.figure.charts.stand(false) && ui.figure.area != MainArea::both;
  if (large || !charts) draw_timeline(ui, session, whole.take_bottom(sizes.timeline));
  draw_transport(ui, session, whole.take_bottom(56));
  draw_tool_belt(ui, session, whole.take_bottom(large ? 52 : 40));
  if (ui.panels.open) draw_side_panel(ui, session, whole.take_right(sizes.side));
  ui.panels.caption_bar = whole.take_bottom(caption_height(ui.canvas));
  draw_caption(ui, session, ui.panels.caption_bar);
  draw_middle(ui, session, whole);
}

// The chain of causes is walked step by step.
bool walk_chain(App& app, int way) {
  if (!app.panels().show_why(app.room())) return false;
  const std::size_t branch = app.panels().why_branch;
  if (const auto walked = walk_why(app.panels(), app.session(), way)) {
    if (branch != app.session().current()) app.carry_out({CommandName::switch_branch, static_cast<std::int64_t>(branch), {}});
    app.carry_out(*walked);
  }
  return true;
}

}  // namespace

void LessonScreen::draw(App& app, PanelUi& ui, Rect whole) {
  const PanelSizes sizes = panel_sizes(ui.panels, whole);
  ui.canvas.fill(whole, ui.canvas.theme.bg);
  draw_top_bar(ui, app.session(), whole.take_top(ui.canvas.big(48, 84)));
  if (ui.panels.first_screen && !ui.canvas.projector && whole.h > 560) return draw_first_screen(app, ui, whole);
  if (ui.canvas.projector) return draw_for_back_row(app, ui, whole);
  draw_for_desk(app.session(), ui, sizes, whole);
}

void LessonScreen::pass(App& app, Duration wall) { app.session().pass(wall); }

bool LessonScreen::moves(const App& app) const { return app.session().moves(); }

bool LessonScreen::obey(App& app, const Command& command) {
  if (obey_menu(app, command)) return true;
  Session& session = app.session();
  const bool glides = session.gliding();
  switch (command.name) {
    // A caption of several pages is read to its end before time goes on.
    case CommandName::next:
      if (!glides && turn_caption(app.panels().caption, 1)) return true;
      if (!session.over()) return false;
      show_what_comes_next(app);
      return true;
    case CommandName::back: return !glides && turn_caption(app.panels().caption, -1);
    case CommandName::faster: return !glides && walk_chain(app, -1);
    case CommandName::slower: return !glides && walk_chain(app, 1);
    case CommandName::reveal:
      if (session.asking() || !app.figure().selected) return false;
      app.show_tab(Tab::inspector);
      return true;
    default: return false;
  }
}

void make_room_for_two(App& app) {
  std::optional<bool>& before = app.panels().open_before_two;
  if (app.session().compared().has_value() == before.has_value()) return;
  if (before) {
    app.panels().open = *before;
    before.reset();
  } else {
    before = app.panels().open;
    app.panels().open = app.session().asking();
  }
}

void show_question(App& app) {
  Panels& panels = app.panels();
  panels.open = true;
  panels.side_over = false;
  panels.tab = Tab::lesson;
  panels.notes.on = false;
}

void note_done(App& app) {
  const Session& session = app.session();
  const Scenario& scenario = session.scenario();
  std::vector<std::string>& all = app.gallery().done;
  const std::vector<LessonCard>& cards = app.shelf().cards;
  bool done = !scenario.beats.empty() && session.whole() && session.told() == session.beats().size() && !session.asking();
  for (std::size_t i = 0; i < scenario.goals.size(); ++i) done = (done || i == 0) && session.is_met(i);
  const auto at = std::lower_bound(all.begin(), all.end(), scenario.name);
  const auto is_it = [&](const LessonCard& each) { return each.name == scenario.name; };
  if (done && std::any_of(cards.begin(), cards.end(), is_it) && (at == all.end() || *at != scenario.name)) all.insert(at, scenario.name);
}

}  // namespace nutshell

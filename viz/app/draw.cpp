// How a frame is divided: the bars, the middle, and what lies over it, for a desk, for the back row, and for somebody who
// is here for the first time.
#include "viz/app/app.h"
#include "viz/panels/caption.h"
#include "viz/panels/charts.h"
#include "viz/panels/lens.h"
#include "viz/panels/question.h"
#include "viz/panels/space_time.h"
#include "viz/panels/stage.h"

namespace nutshell {

namespace {

constexpr float kBothHigh = 560;  // from here on, stage and diagram both have room

}  // namespace

// The stage, the space-time diagram, or the one above the other where there is room.
void App::draw_main(Ui& ui, Rect area) {
  const bool room = !view_.projector && area.h > kBothHigh;
  if (view_.figures.stand(view_.projector) && view_.area != MainArea::both)
    draw_figures(ui, *session_, area.take_bottom(figures_height(ui.canvas, area.h)));
  if (view_.area == MainArea::stage || (view_.area == MainArea::both && room)) {
    stage_ = view_.area == MainArea::both ? area.take_top(area.h * 0.55F) : area;
    steer_lens(ui, universe_under(ui, stage_));
    view_.spots.clear();
    draw_stage(ui, *session_, stage_);
  }
  view_.thread.clear();
  if (view_.shows_why()) {
    for (const Cause& each : view_.why.causes) {
      if (each.step != kNoStep) view_.thread.push_back(each.step);
    }
  }
  if (view_.area != MainArea::stage) draw_space_time(ui, *session_, area);
}

// Of two universes side by side, the stage that the mouse is over.
Rect App::universe_under(const Ui& ui, Rect stage) const {
  if (!session_->compared()) return stage;
  stage.take_top(ui.canvas.big(34, 52));
  const Rect right = stage.take_right(stage.w / 2);
  return ui.over(right) ? right : stage;
}

void App::draw(Ui& ui, Rect whole) {
  Canvas& canvas = ui.canvas;
  const Session& session = *session_;
  stage_ = {};
  view_.tips.clear();
  // The lens still asks what was under the mouse: the stage's places go when it is drawn anew.
  if (view_.overlay != Overlay::none || view_.area == MainArea::space_time) view_.spots.clear();
  if (view_.overlay != Overlay::none) view_.carry = {};
  const PanelSizes sizes = panel_sizes(view_, whole);
  if (view_.overlay == Overlay::black) return canvas.fill(whole, {0, 0, 0, 255});
  canvas.fill(whole, canvas.theme.bg);
  draw_top_bar(ui, session, whole.take_top(canvas.big(48, 84)));
  if (view_.overlay == Overlay::gallery) return draw_gallery(ui, lessons_, session, whole);
  if (view_.overlay == Overlay::branches) return draw_branches(ui, session, whole);
  if (view_.overlay == Overlay::keys) return draw_keys(ui, whole);
  if (view_.overlay == Overlay::signs) return draw_signs(ui, whole);
  if (view_.first_screen && !canvas.projector && whole.h > 560) return draw_first_screen(ui, whole);
  const bool large = whole.h > 850;
  if (canvas.projector) return draw_for_back_row(ui, whole);
  // In a small window a figure takes the place of the timeline: it has an axis of its own.
  const bool figures = view_.figures.stand(false) && view_.area != MainArea::both;
  if (large || !figures) draw_timeline(ui, session, whole.take_bottom(sizes.timeline));
  draw_transport(ui, session, whole.take_bottom(56));
  draw_tool_belt(ui, session, whole.take_bottom(large ? 52 : 40));
  if (view_.panel) draw_side_panel(ui, session, whole.take_right(sizes.side));
  caption_ = whole.take_bottom(caption_height(canvas));
  draw_caption(ui, session, caption_);
  draw_main(ui, whole);
}

// The first lesson, the one key, and what else there is.
void App::draw_first_screen(Ui& ui, Rect whole) {
  Rect rest{whole.x + 32, whole.y + 8, whole.w - 64, whole.h - 28};
  draw_lesson_progress(ui.canvas, *session_, lessons_, view_.chosen, rest.take_top(40));
  const Rect below = rest.take_bottom(within(rest.h * 0.34F, 190.0F, 390.0F));
  rest.take_bottom(18);
  caption_ = rest.take_bottom(caption_height(ui.canvas) + within(rest.h * 0.1F, 36.0F, 80.0F));
  draw_caption(ui, *session_, caption_);
  rest.take_bottom(14);
  draw_main_under(ui, rest, false);
  // Choices stand below their question, so that the stage stays to be seen.
  if (is_question(*session_) && !has_more_pages(view_)) draw_choices(ui, *session_, below);
  else draw_lesson_strip(ui, lessons_, below);
}

// The stage has all the room there is, always the same; whatever else is asked for lies over it.
void App::draw_for_back_row(Ui& ui, Rect whole) {
  caption_ = whole.take_bottom(caption_height(ui.canvas));
  draw_caption(ui, *session_, caption_);
  draw_thread(ui.canvas, *session_, whole.take_bottom(thread_height(*session_, window_rect_.h)));
  Rect side = whole;
  side = side.take_right(whole.w * 0.5F);
  draw_main_under(ui, whole, is_question(*session_) && !has_more_pages(view_) && !view_.side_over && view_.area == MainArea::stage);
  if (view_.shows_why()) view_.over_stage = draw_why_large(ui, *session_, whole);
  else if (view_.side_over) {
    view_.over_stage = side;
    ui.canvas.cover(side);
    draw_side_panel(ui, *session_, side);
  }
}

// What is shown in the middle, and over it the choices of the question.
void App::draw_main_under(Ui& ui, Rect whole, bool choices) {
  // What lies over the stage has the mouse there, as it did when it was drawn last.
  Ui behind = ui;
  if (ui.over(view_.over_stage)) behind.mouse = {-1, -1};
  draw_main(behind, whole);
  ui.pointed = behind.pointed;
  ui.pointed_at = behind.pointed_at;
  ui.pointed_in_list = behind.pointed_in_list;
  view_.over_stage = {};
  if (choices) view_.over_stage = draw_choices(ui, *session_, whole);
}

}  // namespace nutshell

#include "viz/app/stills.h"

#include <imgui.h>

#include <algorithm>
#include <vector>

#include "sim/command/failure.h"
#include "sim/session/about.h"
#include "viz/app/lessons.h"
#include "viz/app/strip.h"
#include "viz/panels/figure.h"
#include "viz/panels/wires.h"

namespace nutshell {

namespace {

constexpr float kFarthest = 2;  // a stage is seen from, rather than as a map

MainArea area_of(const DeckFigure& figure) {
  const auto found = std::find(kFigureViews.begin(), kFigureViews.end(), figure.view);
  return found == kFigureViews.end() ? MainArea::stage : static_cast<MainArea>(found - kFigureViews.begin());
}

}  // namespace

Stills::Stills(int width, int height, float scale, bool projector, const Captions* captions)
    : scale_(scale), projector_(projector), captions_(captions) {
  std::string error;
  window_ = open_offscreen_window(width, height, error);
  if (window_) error = fonts_.load(*ImGui::GetIO().Fonts, scale, projector, Letters::central);
  if (!error.empty()) throw Failure(error, kExitNoDisplay);
  window_->fonts_changed();
}

Picture Stills::draw(const Look& look, const std::function<void(Canvas& canvas, const Rect& whole)>& paint) {
  Theme theme = look.light ? light_theme() : dark_theme();
  if (look.ground) theme.stage = *look.ground;
  const float wide = static_cast<float>(look.width), high = static_cast<float>(look.height);
  const Rect whole{0, 0, wide / scale_, high / scale_};
  const Wording wording = [this](std::string_view words) { return captions_->draw(words); };
  window_->use();
  // Some of what is drawn goes by where something stood in the frame before.
  for (int i = 0; i < 2; ++i) {
    if (!window_->begin_frame()) break;
    Canvas canvas(*ImGui::GetBackgroundDrawList(), theme, fonts_, scale_, projector_);
    if (captions_) canvas.wording = &wording;
    canvas.fill(whole, theme.stage);
    paint(canvas, whole);
    window_->end_frame();
  }
  return cut_out(window_->picture(), {0, 0, wide, high});
}

Picture Stills::draw(const Session& session, const DeckFigure& figure, const Look& look) {
  Room room;
  room.light = look.light;
  room.projector = projector_;
  FigureView view;
  view.area = area_of(figure);
  view.distance.most = kFarthest;
  if (!figure.select.empty()) view.selected = place_named(session.world(), figure.select);
  return draw(look, [&](Canvas& canvas, const Rect& whole) {
    std::vector<Command> commands;
    Ui ui{canvas, room, view, commands, {-1, -1}};
    begin_figure(view);
    draw_figure(ui, session, whole);
  });
}

Picture Stills::draw(const Wires& wires, const Look& look) {
  return draw(look, [&](Canvas& canvas, const Rect& whole) { draw_wires(canvas, wires, whole, captions_ ? *captions_ : Captions{}); });
}

}  // namespace nutshell

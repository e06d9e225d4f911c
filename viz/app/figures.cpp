// What keys and clicks ask of the figures and of the inspector.
#include "viz/app/app.h"
#include "viz/panels/charts.h"

namespace nutshell {

void App::show_figure(Figure figure) {
  view_.figures.shown = figure;
  view_.figures.for_back_row = view_.projector;
}

// Asked for again, the lesson is back.
void App::inspect() {
  const bool shown = view_.shows_panel() && view_.tab == Tab::inspector;
  show_tab(shown ? Tab::lesson : Tab::inspector);
  if (shown) view_.side_over = false;
}

bool App::obey_figures(const Command& command) {
  FiguresView& figures = view_.figures;
  const bool stand = figures.stand(view_.projector);
  switch (command.name) {
    case CommandName::figures:
      show_figure(stand ? static_cast<Figure>((static_cast<int>(figures.shown) + 1) % kFigures) : Figure::readers);
      return true;
    case CommandName::figure: show_figure(static_cast<Figure>(command.value)); return true;
    case CommandName::zoom_figure:
      if (stand) zoom_figures(view_, *session_, command.value > 0);
      return true;
    case CommandName::next_subject:
      next_subject(view_, *session_->branches()[session_->current()]);
      return true;
    case CommandName::inspect: inspect(); return true;
    case CommandName::reveal:
      if (session_->asking() || !view_.selected || view_.overlay != Overlay::none) return false;
      show_tab(Tab::inspector);
      return true;
    case CommandName::notes: {
      const bool shown = view_.shows_panel() && view_.tab == Tab::lesson && view_.notes;
      show_tab(Tab::lesson);
      if (shown) view_.side_over = false;
      view_.notes = !shown;
      view_.notes_from = 0;
      return true;
    }
    default: return false;
  }
}

}  // namespace nutshell

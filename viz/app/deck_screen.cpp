// The audience's window: the slide, its living figure, and what lies over it.
#include <algorithm>
#include <utility>

#include "sim/session/command_rows.h"
#include "viz/app/hands.h"
#include "viz/app/podium.h"
#include "viz/app/talks.h"
#include "viz/panels/chrome.h"

namespace nutshell {

namespace {

// The app looks at and acts on the figure of the slide that is shown; how it was looked at stays with it.
void take_figure(App& app, Talk& talk) {
  LivingFigure* shown = talk.figure();
  if (!shown || shown->figure.session == app.shared_session()) return;
  Figure before = app.exchange_figure(shown->figure);
  // What was shown before may still be in the talk: touched, it comes again as it was.
  if (LivingFigure* left = talk.figure_with(before.session)) left->figure.view = std::move(before.view);
}

// What is asked for while the figure is in somebody's hand and would lead away from the slide.
bool leads_away(CommandName name) {
  switch (name) {
    case CommandName::gallery:
    case CommandName::branches:
    case CommandName::new_cluster:
    case CommandName::open_lesson:
    case CommandName::keys:
    case CommandName::costs:
    case CommandName::schemas:
    case CommandName::wires:
    case CommandName::quit: return true;
    default: return false;
  }
}

bool changes_cluster(const Command& command) {
  const CommandName name = command.name;
  return row_of(name).taker == Taker::session || name == CommandName::tool || name == CommandName::choose_row ||
         name == CommandName::move_consumer || name == CommandName::rival_deed;
}

// What the buttons of a game controller and clicks ask for while the slide has the keys.
bool obey_on_slide(App& app, Podium& podium, const Command& command) {
  Talk& talk = podium.talk;
  switch (command.name) {
    case CommandName::next: talk.next(); return true;
    case CommandName::back: talk.back(); return true;
    case CommandName::answer: {
      LivingFigure* const figure = talk.figure();
      if (!figure || !figure->session().asking()) return true;
      figure->session().obey(command);
      talk.go_on();
      return true;
    }
    case CommandName::black: podium.overlay = podium.overlay == Overlay::black ? Overlay::none : Overlay::black; return true;
    case CommandName::full_screen: app.toggle_full_screen(); return true;
    case CommandName::projector: return false;
    case CommandName::text_size: return false;
    case CommandName::light: return false;
    case CommandName::reduced_motion: return false;
    case CommandName::sound: return false;
    case CommandName::play_pause:
    case CommandName::reveal: talk.next(); return true;
    default: return true;
  }
}

}  // namespace

void App::give_talk(const std::string& file, bool lesson) {
  OpenedTalk opened = lesson ? lesson_as_talk(file) : open_talk(file);
  if (!opened.talk) return session().say(opened.problems.empty() ? "There is no talk in it." : opened.problems.front());
  auto podium = std::make_shared<Podium>(std::move(*opened.talk), window_);
  podium->from_gallery = true;
  leave([this, podium] {
    podium->before = figure_;
    present(podium);
  });
}

void App::end_talk() {
  if (Podium* const talk = podium()) exchange_figure(std::move(talk->before));
  show(GalleryScreen{});
}

void DeckScreen::draw(App& app, PanelUi& ui, Rect whole) {
  Podium& at = *podium;
  // In the frame in which it was opened, its letters are not there yet.
  if (!at.show.fonts().is_there()) return ui.canvas.fill(whole, ui.canvas.theme.bg);
  Talk& talk = at.talk;
  if (at.drawn != talk.slide()) {
    at.drawn = talk.slide();
    at.strokes.clear();
    at.notes_scrolled = 0;
    at.show.slide_changed();
    app.panels().side_over = false;
  }
  at.width = whole.w;
  at.height = whole.h;
  at.light = app.room().light;
  take_figure(app, talk);
  const bool covered = at.overlay != Overlay::none || at.pointer != Pointer::none;
  PanelUi under = ui;
  if (covered || ui.over(ui.figure.over_stage))
    under.mouse = {-1, -1}, under.clicked = under.held = under.opens_menu = false, under.wheel = 0;
  if (at.show.draw(under, whole.w, whole.h)) talk.take_in_hand();
  ui.pointed = under.pointed;
  ui.pointed_at = under.pointed_at;
  ui.figure.over_stage = {};
  if (talk.in_hand() && ui.panels.side_over) {
    Rect side = whole;
    side = side.take_right(whole.w * 0.5F);
    ui.canvas.cover(side);
    ui.figure.over_stage = side;
    ui.canvas.fill(side, ui.canvas.theme.panel);
    if (ui.panels.show_why(ui.room)) draw_why(ui, app.session(), side.inset(24));
    else draw_side_panel(ui, app.session(), side);
  }
  draw_overlays(ui, at, whole);
}

bool DeckScreen::type(App& app, const KeyPress& press) {
  Podium& at = *podium;
  const bool points = press.key == KeyName::f2 || press.key == KeyName::f3 || press.key == KeyName::f4;
  if (points || !at.talk.in_hand() || at.overlay != Overlay::none) return type_on_slide(app, at, press);
  // What a remote sends is the slide's, whoever has the keys.
  if (press.key == KeyName::page_down || press.key == KeyName::page_up || press.key == KeyName::f5) {
    at.talk.give_back();
    return type_on_slide(app, at, press);
  }
  const bool plain = !press.shift && !press.control;
  if (press.key == KeyName::character && press.character == U'.' && plain) return type_on_slide(app, at, press);
  if (press.key == KeyName::home && plain) {
    at.talk.fresh();
    return true;
  }
  if (press.key != KeyName::escape || app.figure().menu.open) return false;
  // The nearest thing first, the figure last.
  if (app.figure().hand != Tool::none) app.figure().hand = Tool::none;
  else if (app.panels().side_over) app.panels().side_over = false;
  else at.talk.give_back();
  return true;
}

bool DeckScreen::obey(App& app, const Command& command) {
  Podium& at = *podium;
  if (!at.talk.in_hand()) return obey_on_slide(app, at, command);
  if (leads_away(command.name)) return true;
  if (command.name == CommandName::black) return obey_on_slide(app, at, command);
  if (obey_menu(app, command)) {
    at.talk.touch();
    return true;
  }
  if (command.name == CommandName::reveal && !app.session().asking()) {
    if (app.figure().selected) app.show_tab(Tab::inspector);
    return true;
  }
  if (changes_cluster(command)) at.talk.touch();
  // Before an audience this key means a black screen elsewhere; whoever holds a figure wants a broker.
  if (command.name == CommandName::tool && command.value == static_cast<std::int64_t>(Tool::add_broker)) {
    use_tool(app, Tool::add_broker, app.figure().selected);
    return true;
  }
  return false;
}

void DeckScreen::pass(App& app, Duration wall) {
  if (podium->leaves && podium->from_gallery) return app.end_talk();
  Podium& at = *podium;
  take_figure(app, at.talk);
  if (at.held != KeyName::none) at.held_for += wall;
  at.talk.pass(wall);
  at.show.pass(wall);
  at.talk.prepare();
}

bool DeckScreen::moves(const App&) const {
  return podium->talk.moves() || podium->show.moves() || !podium->talk.is_prepared() || podium->drawing ||
         podium->held != KeyName::none;
}

}  // namespace nutshell

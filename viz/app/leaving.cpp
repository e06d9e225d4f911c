#include "viz/app/leaving.h"

#include <algorithm>

#include "sim/command/library.h"

namespace nutshell {

void App::leave(std::function<void()> then) {
  const std::size_t unsaved = figure_.session ? session().unsaved().size() : 0;
  hands_.card = {};
  if (unsaved == 0) return then();
  hands_.farewell = {true, unsaved, false};
  leaving_ = std::move(then);
}

// What could not be saved is still there.
void App::say_farewell(bool saves) {
  hands_.farewell = {};
  if (saves) {
    for (std::size_t each : session().unsaved()) errands_.save(session(), each);
    errands_.finish_saving(session());
    if (!session().unsaved().empty()) return;
  } else {
    // It was said that it may go: no start brings it back.
    for (std::size_t each : session().unsaved()) session().set_saved(each);
  }
  const std::function<void()> then = std::exchange(leaving_, nullptr);
  if (then) then();
}

void App::quit() {
  leave([this] {
    errands_.finish_saving(session());
    quit_ = true;
  });
  hands_.farewell.quits = true;
}

// The window is to be closed. False: it stays, and asks.
bool App::closing() {
  // Of a talk nothing goes on after it.
  if (podium() || hands_.farewell.open || !figure_.session || session().unsaved().empty()) return true;
  window_.stay();
  obey({CommandName::quit, 0, {}});
  return false;
}

void App::offer_to_go_on(const LastPlace& last) {
  gallery_.last = {};
  if (!gallery_.kept.empty()) show(GalleryScreen{});
  const std::optional<std::size_t> which = shelf_.named(last.file);
  if (last.file.empty() || !which) return;
  gallery_.last = last;
  if (*which == 0 && last.told <= 1) return;  // that is where a start begins anyway
  gallery_.chosen = *which;
  gallery_.goes_on = true;
  show(GalleryScreen{});
}

LastPlace App::place() const {
  const std::optional<std::size_t> which = shelf_.titled(session().scenario().title);
  if (!which) return {};
  return {lesson_name(shelf_.cards[*which].file), session().view_time(), session().told(),
          std::max(session().beats().size(), session().told())};
}

void show_what_comes_next(App& app) {
  const std::string& title = app.session().scenario().title;
  const std::vector<LessonCard>& cards = app.shelf().cards;
  const std::optional<std::size_t> here = app.shelf().titled(title);
  app.hands().card = {};
  Card& card = app.hands().card;
  card.open = true;
  card.head = "That was all of: " + title;
  if (!here || *here + 1 == cards.size()) {
    card.title = here ? "That was the last lesson. All lessons" : "All lessons";
    card.next = "to the lessons";
    return;
  }
  const LessonCard& next = cards[*here + 1];
  card.lesson = *here + 1;
  card.title = "Next: " + next.number + " \u00b7 " + next.title;
  card.about = next.corrects;
  card.next = "to it";
}

bool obey_card(App& app, const Command& command) {
  if (!app.hands().card.open) return false;
  const Card card = std::exchange(app.hands().card, {});
  switch (command.name) {
    case CommandName::back:
    case CommandName::close: return true;
    case CommandName::next:
    case CommandName::reveal: break;
    default: return false;
  }
  if (!card.lesson) {
    app.show(GalleryScreen{});
    return true;
  }
  // Before an audience the one key leads on, and asks nothing: what was done is kept, and can be brought back.
  app.keep_unsaved();
  app.open_lesson(*card.lesson);
  return true;
}

bool type_farewell(App& app, const KeyPress& press) {
  if (!app.hands().farewell.open) return false;
  if (press.key == KeyName::escape) app.hands().farewell = {};
  else if (press.key == KeyName::enter) app.say_farewell(true);
  else if (press.key == KeyName::character && press.character == U'd' && !press.control) app.say_farewell(false);
  return true;
}

}  // namespace nutshell

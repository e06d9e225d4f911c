// Where a lesson leads: to the next one, at its end; and what is asked before what was done by hand goes unsaved.
#include <algorithm>

#include "sim/command/library.h"
#include "viz/app/app.h"

namespace nutshell {

// Does it at once if nothing would be lost, else when it has been decided what becomes of that.
void App::leave(std::function<void()> then) {
  const std::size_t unsaved = session_ ? session_->unsaved().size() : 0;
  view_.card = {};
  if (unsaved == 0) return then();
  view_.farewell = {true, unsaved, false};
  leaving_ = std::move(then);
}

bool App::type_farewell(const KeyPress& press) {
  if (!view_.farewell.open) return false;
  if (press.key == KeyName::escape) view_.farewell = {};
  else if (press.key == KeyName::enter) say_farewell(true);
  else if (press.key == KeyName::character && press.character == U'd' && !press.control) say_farewell(false);
  return true;
}

// What could not be saved is still there.
void App::say_farewell(bool saves) {
  view_.farewell = {};
  if (saves) {
    for (std::size_t each : session_->unsaved()) {
      if (std::find(saving_.begin(), saving_.end(), each) == saving_.end()) saving_.push_back(each);
    }
    finish_saving();
    if (!session_->unsaved().empty()) return;
  } else {
    // It was said that it may go: no start brings it back.
    for (std::size_t each : session_->unsaved()) session_->set_saved(each);
  }
  const std::function<void()> then = std::exchange(leaving_, nullptr);
  if (then) then();
}

// The window is to be closed. False: it stays, and asks.
bool App::closing() {
  if (view_.farewell.open || !session_ || session_->unsaved().empty()) return true;
  window_.stay();
  obey({CommandName::quit, 0, {}});
  return false;
}

// Seen all of the lesson, the one key leads to the next one, and from the last to all of them.
void App::show_what_comes_next() {
  const std::string& title = session_->scenario().title;
  const auto here = std::find_if(lessons_.begin(), lessons_.end(), [&](const LessonCard& each) { return each.title == title; });
  view_.card = {};
  Card& card = view_.card;
  card.open = true;
  card.head = "That was all of: " + title;
  const auto next = here == lessons_.end() ? here : here + 1;
  if (next == lessons_.end()) {
    card.title = here == lessons_.end() ? "All lessons" : "That was the last lesson. All lessons";
    card.next = "to the lessons";
    return;
  }
  const auto which = static_cast<std::size_t>(next - lessons_.begin());
  card.lesson = which;
  card.title = "Next: " + next->number + " \u00b7 " + next->title;
  card.about = next->corrects;
  card.next = "to it";
}

void App::offer_to_go_on(const LastPlace& last) {
  const auto lesson = std::find_if(lessons_.begin(), lessons_.end(), [&](const LessonCard& each) {
    return lesson_name(each.file) == lesson_name(last.file);
  });
  view_.last = {};
  if (!view_.kept.empty()) view_.overlay = Overlay::gallery;
  if (last.file.empty() || lesson == lessons_.end()) return;
  view_.last = last;
  const auto which = static_cast<std::size_t>(lesson - lessons_.begin());
  if (which == 0 && last.told <= 1) return;  // that is where a start begins anyway
  view_.chosen = which;
  view_.goes_on = true;
  view_.overlay = Overlay::gallery;
}

// What the keys do while the gallery offers to go on: the one key goes on, Shift Home begins that lesson anew. Whoever
// chooses another lesson has the gallery as it always is.
bool App::obey_going_on(const Command& command) {
  if (!view_.goes_on) return false;
  switch (command.name) {
    case CommandName::next:
    case CommandName::reveal:
    case CommandName::play_pause: {
      const LastPlace last = view_.last;
      open_lesson(view_.chosen);
      // Questions before it count as answered.
      if (last.told > 0) carry_out({CommandName::go_to_beat, static_cast<std::int64_t>(last.told) - 1, {}});
      else carry_out({CommandName::go_to_time, last.at, {}});
      return true;
    }
    case CommandName::home: open_lesson(view_.chosen); return true;
    case CommandName::back:
    case CommandName::slower:
    case CommandName::faster:
    case CommandName::end:
    case CommandName::section_start: view_.goes_on = false; return false;
    default: return false;
  }
}

LastPlace App::place() const {
  for (const LessonCard& each : lessons_) {
    if (each.title == session_->scenario().title)
      return {lesson_name(each.file), session_->view_time(), session_->told(), std::max(session_->beats().size(), session_->told())};
  }
  return {};
}

// A key that is not the card's own takes it away, and does what it does.
bool App::obey_card(const Command& command) {
  if (!view_.card.open) return false;
  const Card card = view_.card;
  view_.card = {};
  switch (command.name) {
    case CommandName::back:
    case CommandName::close: return true;
    case CommandName::next:
    case CommandName::reveal: break;
    default: return false;
  }
  if (!card.lesson) {
    view_.overlay = Overlay::gallery;
    return true;
  }
  // Before an audience the one key leads on, and asks nothing: what was done is kept, and can be brought back.
  keep_unsaved();
  open_lesson(*card.lesson);
  return true;
}

}  // namespace nutshell

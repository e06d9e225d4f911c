// What keys do while the slide has them: the remote's, the keyboard's, and what is typed to jump.
#include <algorithm>

#include "viz/app/app.h"
#include "viz/app/podium.h"

namespace nutshell {

namespace {

bool is(const KeyPress& press, char32_t character) {
  return press.key == KeyName::character && press.character == character && !press.control;
}

void append(std::string& text, char32_t character) {
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0 | character >> 6);
    text += static_cast<char>(0x80 | (character & 0x3F));
  }
}

void look_up(Podium& at) {
  at.found = at.talk.find(at.typed);
  at.chosen = 0;
}

void jump_to(Podium& at, std::size_t slide) {
  at.overlay = Overlay::none;
  at.typed.clear();
  at.talk.go_to(slide);
}

// A number or a title, a letter at a time.
bool type_jump(Podium& at, const KeyPress& press) {
  switch (press.key) {
    case KeyName::escape:
    case KeyName::f5: at.overlay = Overlay::none; return true;
    case KeyName::enter:
      if (at.chosen < at.found.size()) jump_to(at, at.found[at.chosen]);
      return true;
    case KeyName::backspace:
      while (!at.typed.empty() && (static_cast<unsigned char>(at.typed.back()) & 0xC0) == 0x80) at.typed.pop_back();
      if (!at.typed.empty()) at.typed.pop_back();
      look_up(at);
      if (at.typed.empty()) at.overlay = Overlay::none;
      return true;
    case KeyName::down:
      if (!at.found.empty()) at.chosen = (at.chosen + 1) % at.found.size();
      return true;
    case KeyName::up:
      if (!at.found.empty()) at.chosen = (at.chosen + at.found.size() - 1) % at.found.size();
      return true;
    case KeyName::character:
      if (!press.control) append(at.typed, press.character), look_up(at);
      return true;
    default: at.overlay = Overlay::none; return false;
  }
}

bool type_overview(Podium& at, const KeyPress& press) {
  const std::size_t count = at.talk.deck().slides.size(), columns = overview_columns(count);
  const auto go = [&](std::size_t by, bool on) {
    if (on && at.chosen + by < count) at.chosen += by;
    if (!on && at.chosen >= by) at.chosen -= by;
  };
  switch (press.key) {
    case KeyName::right: go(1, true); return true;
    case KeyName::left: go(1, false); return true;
    case KeyName::page_down: go(1, true); return true;
    case KeyName::page_up: go(1, false); return true;
    case KeyName::down: go(columns, true); return true;
    case KeyName::up: go(columns, false); return true;
    case KeyName::home: at.chosen = 0; return true;
    case KeyName::end: at.chosen = count - 1; return true;
    case KeyName::enter: jump_to(at, at.chosen); return true;
    case KeyName::escape:
    case KeyName::f5: at.overlay = Overlay::none; return true;
    case KeyName::character:
      if (press.character == U' ') {
        jump_to(at, at.chosen);
        return true;
      }
      at.typed.clear();
      at.overlay = Overlay::jump;
      return type_jump(at, press);
    default: return true;
  }
}

void take(Podium& at, Pointer pointer, KeyName key = KeyName::none) {
  at.pointer = at.pointer == pointer ? Pointer::none : pointer;
  at.held = at.pointer == Pointer::none ? KeyName::none : key;
  at.held_for = 0;
  at.drawing = false;
}

// While a question stands, its letters answer it.
bool type_answer(App& app, Podium& at, const KeyPress& press) {
  LivingFigure* const figure = at.talk.figure();
  if (!figure || !figure->session().asking() || press.key != KeyName::character || press.control) return false;
  const std::size_t count = figure->session().beat()->choices.size();
  if (press.character < U'a' || press.character >= U'a' + static_cast<char32_t>(std::min<std::size_t>(count, 4))) return false;
  app.obey({CommandName::answer, static_cast<std::int64_t>(press.character - U'a'), {}});
  return true;
}

void space(Podium& at) {
  LivingFigure* const figure = at.talk.figure();
  if (!figure || figure->session().asking()) return at.talk.next();
  figure->session().obey({CommandName::play_pause, 0, {}});
  // Beyond its end it goes on by hand alone.
  if (figure->session().playing() && figure->session().view_time() >= figure->stops) figure->stops = figure->session().scenario().until;
}

bool type_with_control(Podium& at, const KeyPress& press) {
  if (press.key == KeyName::home) at.talk.begin_anew();
  if (press.key == KeyName::character && press.character == U'q') at.leaves = true;
  return true;
}

constexpr Duration kHeld = 400 * kMillisecond;  // longer than a finger takes that means to press once

}  // namespace

void let_go_on_slide(Podium& at, KeyName key) {
  if (at.held != key || at.held == KeyName::none) return;
  if (at.held_for >= kHeld) take(at, Pointer::none);
  at.held = KeyName::none;
}

bool type_on_slide(App& app, Podium& at, const KeyPress& press) {
  at.notice.clear();
  if (press.control) return type_with_control(at, press);
  if (at.overlay == Overlay::black) {
    // Any key wakes; what leads on does so as well.
    at.overlay = Overlay::none;
    return true;
  }
  if (at.overlay == Overlay::jump) {
    if (type_jump(at, press)) return true;
  } else if (at.overlay == Overlay::overview) {
    return type_overview(at, press);
  }
  if (type_answer(app, at, press)) return true;
  Talk& talk = at.talk;
  switch (press.key) {
    case KeyName::right:
    case KeyName::page_down: talk.next(); return true;
    case KeyName::left:
    case KeyName::page_up: talk.back(); return true;
    case KeyName::down: at.notes_scrolled += 1; return true;
    case KeyName::up: at.notes_scrolled = std::max(at.notes_scrolled - 1, 0.0F); return true;
    case KeyName::enter:
      if (talk.figure() && !talk.figure()->session().asking()) talk.take_in_hand();
      else talk.next();
      return true;
    case KeyName::home:
      if (press.shift) talk.restart_section();
      else talk.fresh();
      return true;
    case KeyName::end: return true;
    case KeyName::escape:
      if (at.pointer != Pointer::none) take(at, at.pointer);
      else at.overlay = Overlay::overview, at.chosen = talk.slide();
      return true;
    // The remote's other button: whatever lies over the slide goes.
    case KeyName::f5: take(at, Pointer::none); return true;
    case KeyName::f2: take(at, Pointer::spotlight, press.key); return true;
    case KeyName::f3: take(at, Pointer::pen); return true;
    case KeyName::f4: take(at, Pointer::magnifier, press.key); return true;
    case KeyName::f12: at.swaps = true; return true;
    case KeyName::backspace: at.strokes.clear(); return true;
    case KeyName::character: break;
    default: return false;
  }
  if (is(press, U'.')) at.overlay = Overlay::black;
  else if (is(press, U' ')) space(at);
  else at.typed.clear(), at.overlay = Overlay::jump, type_jump(at, press);
  return true;
}

}  // namespace nutshell

// What typed characters do while they go into a field of the lesson.
#include <imgui.h>

#include <algorithm>

#include "sim/core/text.h"
#include "viz/app/hands.h"

namespace nutshell {

bool edit_field(std::string& text, Caret& caret, const KeyPress& press) {
  if (press.control && press.key == KeyName::character) {
    const std::string held = selected(text, caret);
    switch (press.character) {
      case U'x':
      case U'c':
        if (!held.empty()) ImGui::SetClipboardText(held.c_str());
        if (press.character == U'x') insert(text, caret, "");
        return true;
      case U'v': insert(text, caret, clipboard_line()); return true;
      default: break;
    }
  }
  return edit(text, caret, press);
}

std::string clipboard_line() {
  const char* held = ImGui::GetClipboardText();
  std::string text = held ? held : "";
  for (char& each : text) each = each == '\n' || each == '\r' || each == '\t' ? ' ' : each;
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

namespace {

// The moment that was typed, or a complaint.
void jump_to_typed(App& app) {
  const std::string& typed = app.hands().typed;
  const bool further = !typed.empty() && typed[0] == '+';
  const std::optional<Duration> read = parse_duration(further ? typed.substr(1) : typed);
  const Time now = app.session().view_time(), until = app.session().scenario().until;
  if (!read) {
    app.hands().complaint = "'" + typed + "' is no time; write 12.5s, 500ms or 2m, with + in front for so much more.";
  } else if (*read < 0 || (further ? *read > until - now : *read > until)) {
    app.hands().complaint = "The run ends at " + format_time(until) + ".";
  } else if (!further && *read <= now) {
    app.hands().complaint = "It is " + format_time(now) + " already.";
  } else {
    app.hands().typing = Typing::none;
    app.obey({CommandName::run_until_time, further ? now + *read : *read, {}});
  }
}

bool type_jump(App& app, const KeyPress& press) {
  switch (press.key) {
    case KeyName::escape: app.hands().typing = Typing::none; return true;
    case KeyName::enter: jump_to_typed(app); return true;
    default: break;
  }
  const bool letter = press.key == KeyName::character && !press.control;
  for (int i = 0; letter && app.hands().typed.empty() && i < kUntils; ++i) {
    if (press.character != static_cast<char32_t>(until_letter(static_cast<Until>(i)) - 'A' + 'a')) continue;
    app.hands().typing = Typing::none;
    app.obey({CommandName::run_until, i, {}});
    return true;
  }
  if (letter && press.character == U' ') return true;
  // With nothing typed the keys that lead back and forth in time do so.
  const bool leads_away = app.hands().typed.empty() && !letter && !press.control && press.key != KeyName::backspace;
  if (leads_away || !edit_field(app.hands().typed, app.hands().caret, press)) {
    app.hands().typing = press.control ? app.hands().typing : Typing::none;
    return false;
  }
  app.hands().complaint.clear();
  return true;
}

// To just after what the row under the cursor tells.
Command to_row_of(const EventsView& events, const Timeline& timeline) {
  const std::size_t fact = events.list.rows()[events.count - 1 - events.cursor];
  return {CommandName::go_to_step, static_cast<std::int64_t>(timeline.facts()[fact].step + 1), {}};
}

bool type_find(App& app, const KeyPress& press) {
  EventsView& events = app.panels().events;
  const auto move = [&](std::size_t by, bool down) {
    if (down) events.cursor = std::min(events.cursor + by, events.count == 0 ? 0 : events.count - 1);
    else events.cursor -= std::min(events.cursor, by);
  };
  switch (press.key) {
    case KeyName::escape:
      events.find.clear();
      app.hands().typing = Typing::none;
      break;
    case KeyName::enter:
      app.hands().typing = Typing::none;
      // A list that is not drawn just now may be of another branch.
      if (events.cursor >= events.count || !events.list.is_of(app.session().timeline())) return true;
      app.obey(to_row_of(events, app.session().timeline()));
      break;
    case KeyName::down: move(1, true); return true;
    case KeyName::up: move(1, false); return true;
    case KeyName::page_down: move(events.shown, true); return true;
    case KeyName::page_up: move(events.shown, false); return true;
    case KeyName::tab:
      if (const std::string whole = with_name_completed(app.session().world(), events.find); !whole.empty()) {
        events.find = whole;
        app.hands().caret = {whole.size(), whole.size()};
      }
      break;
    default: {
      const std::string before = events.find;
      if (!edit_field(events.find, app.hands().caret, press)) return false;
      if (events.find == before) return true;
    }
  }
  events.cursor = events.scrolled = 0;
  return true;
}

}  // namespace

bool type_field(App& app, const KeyPress& press) {
  if (app.hands().typing == Typing::none || !app.shows_figure()) return false;
  // These fields take no capitals.
  KeyPress plain = press;
  if (press.key == KeyName::character) plain.shift = false;
  return app.hands().typing == Typing::find ? type_find(app, plain) : type_jump(app, plain);
}

}  // namespace nutshell

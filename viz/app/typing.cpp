// What typed characters do while they go into a field of the lesson.
#include <imgui.h>

#include <algorithm>

#include "sim/core/text.h"
#include "sim/session/ksql_console.h"
#include "sim/streams/problem.h"
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

void put(App& app, std::string text) {
  ConsoleView& view = app.panels().console;
  view.text = std::move(text);
  app.hands().caret = {view.text.size(), view.text.size()};
  view.chosen.reset();
}

// An earlier statement, or the one that was being typed.
void leaf_through(App& app, bool back) {
  ConsoleView& view = app.panels().console;
  const std::vector<ConsoleEntry> typed = console_entries(app.session().world(), view.server);
  view.back = std::min(view.back, typed.size());  // who has gone back in time has typed less
  if (back ? view.back >= typed.size() : view.back == 0) return;
  if (view.back == 0) view.kept = view.text;
  back ? ++view.back : --view.back;
  put(app, view.back == 0 ? view.kept : typed[typed.size() - view.back].text);
}

// EXPLAIN is a picture.
bool explains(const std::string& text) { return streams::upper(text.substr(0, 8)) == "EXPLAIN "; }

// ... of the query that it names.
void explain(App& app, const std::string& text) {
  app.figure().area = MainArea::topology;
  const std::size_t from = text.find_first_not_of(' ', 8), to = text.find_first_of(" ;", from);
  if (from != std::string::npos) app.figure().query = streams::upper(text.substr(from, to - from));
}

// Time goes on until it is answered.
constexpr Duration kForAnswer = kSecond;

void type_statement(App& app) {
  ConsoleView& view = app.panels().console;
  std::string text = view.text;
  while (!text.empty() && text.back() == ' ') text.pop_back();
  if (text.empty()) return;
  if (text.back() != ';') text += ';';
  if (app.session().asking()) return app.session().say(std::string(kAsleep));
  if (!app.session().act(Ksql{view.server, text}).empty()) return;
  put(app, "");
  view.back = 0;
  view.scrolled = 0;
  if (explains(text)) explain(app, text);
  const Time now = app.session().view_time(), until = app.session().scenario().until;
  if (now < until) app.obey({CommandName::run_until_time, std::min(now + kForAnswer, until), {}});
}

bool type_console(App& app, const KeyPress& press) {
  ConsoleView& view = app.panels().console;
  const World& world = app.session().world();
  view.server = ksql_server_for(world, view.server);
  if (view.server.empty()) {
    app.hands().typing = Typing::none;
    return false;
  }
  switch (press.key) {
    case KeyName::escape: app.hands().typing = Typing::none; return true;
    case KeyName::enter: type_statement(app); break;
    case KeyName::up: leaf_through(app, true); break;
    case KeyName::down: leaf_through(app, false); break;
    case KeyName::tab:
      if (view.completions.empty()) return true;
      // The next one each time.
      view.chosen = view.chosen ? (*view.chosen + 1) % view.completions.size() : 0;
      view.text = view.completions[*view.chosen].text;
      app.hands().caret = {view.text.size(), view.text.size()};
      return true;
    default:
      if (!edit_field(view.text, app.hands().caret, press)) return false;
      view.chosen.reset();
  }
  view.completions = ksql_completions(app.session().world(), view.server, view.text);
  return true;
}

}  // namespace

bool type_field(App& app, const KeyPress& press) {
  if (app.hands().typing == Typing::none || !app.shows_figure()) return false;
  if (app.hands().typing == Typing::console) return type_console(app, press);
  // These fields take no capitals.
  KeyPress plain = press;
  if (press.key == KeyName::character) plain.shift = false;
  return app.hands().typing == Typing::find ? type_find(app, plain) : type_jump(app, plain);
}

}  // namespace nutshell

// What typed characters do while they go into a field, and how Tab walks the stage.
#include <imgui.h>

#include <algorithm>

#include "sim/core/text.h"
#include "viz/app/app.h"

namespace nutshell {

namespace {

// Left to right over the stage, -1: nothing that Tab stops at.
int column_of(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::controller: return 0;
    case PlaceKind::producer:
    case PlaceKind::process: return 1;
    case PlaceKind::broker:
    case PlaceKind::replica: return 2;
    case PlaceKind::group:
    case PlaceKind::consumer: return 3;
    default: return -1;
  }
}

}  // namespace

// What people expect of any field; what needs the clipboard as well. False: the key is about something else.
bool App::edit(std::string& text, Caret& caret, const KeyPress& press) {
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
  return nutshell::edit(text, caret, press);
}

// What is in the clipboard, without the blanks and line ends that copying takes along.
std::string App::clipboard_line() {
  const char* held = ImGui::GetClipboardText();
  std::string text = held ? held : "";
  for (char& each : text) each = each == '\n' || each == '\r' || each == '\t' ? ' ' : each;
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

bool App::type_field(const KeyPress& press) {
  if (view_.typing == Typing::none || view_.overlay != Overlay::none) return false;
  // These fields take no capitals.
  KeyPress plain = press;
  if (press.key == KeyName::character) plain.shift = false;
  return view_.typing == Typing::find ? type_find(plain) : type_jump(plain);
}

bool App::type_find(const KeyPress& press) {
  EventsView& events = view_.events;
  const auto move = [&](std::size_t by, bool down) {
    if (down) events.cursor = std::min(events.cursor + by, events.count == 0 ? 0 : events.count - 1);
    else events.cursor -= std::min(events.cursor, by);
  };
  switch (press.key) {
    case KeyName::escape:
      events.find.clear();
      view_.typing = Typing::none;
      break;
    case KeyName::enter:
      view_.typing = Typing::none;
      // A list that is not drawn just now may be of another branch.
      if (events.cursor >= events.count || !events.list.is_of(session_->timeline())) return true;
      obey({CommandName::go_to_step,
            static_cast<std::int64_t>(session_->timeline().facts()[events.list.rows()[events.count - 1 - events.cursor]].step + 1), {}});
      break;
    case KeyName::down: move(1, true); return true;
    case KeyName::up: move(1, false); return true;
    case KeyName::page_down: move(events.shown, true); return true;
    case KeyName::page_up: move(events.shown, false); return true;
    case KeyName::tab:
      if (const std::string whole = with_name_completed(session_->world(), events.find); !whole.empty()) {
        events.find = whole;
        view_.caret = {whole.size(), whole.size()};
      }
      break;
    default: {
      const std::string before = events.find;
      if (!edit(events.find, view_.caret, press)) return false;
      if (events.find == before) return true;
    }
  }
  events.cursor = events.scrolled = 0;
  return true;
}

bool App::type_jump(const KeyPress& press) {
  switch (press.key) {
    case KeyName::escape: view_.typing = Typing::none; return true;
    case KeyName::enter: jump_to_typed(); return true;
    default: break;
  }
  const bool letter = press.key == KeyName::character && !press.control;
  for (int i = 0; letter && view_.typed.empty() && i < kUntils; ++i) {
    if (press.character != static_cast<char32_t>(until_letter(static_cast<Until>(i)) - 'A' + 'a')) continue;
    view_.typing = Typing::none;
    obey({CommandName::run_until, i, {}});
    return true;
  }
  if (letter && press.character == U' ') return true;
  // With nothing typed the keys that lead back and forth in time do so.
  const bool leads_away = view_.typed.empty() && !letter && !press.control && press.key != KeyName::backspace;
  if (leads_away || !edit(view_.typed, view_.caret, press)) {
    view_.typing = press.control ? view_.typing : Typing::none;
    return false;
  }
  view_.complaint.clear();
  return true;
}

void App::jump_to_typed() {
  const std::string& typed = view_.typed;
  const bool further = !typed.empty() && typed[0] == '+';
  const std::optional<Duration> read = parse_duration(further ? typed.substr(1) : typed);
  const Time now = session_->view_time(), until = session_->scenario().until;
  if (!read) {
    view_.complaint = "'" + typed + "' is no time; write 12.5s, 500ms or 2m, with + in front for so much more.";
  } else if (*read < 0 || (further ? *read > until - now : *read > until)) {
    view_.complaint = "The run ends at " + format_time(until) + ".";
  } else if (!further && *read <= now) {
    view_.complaint = "It is " + format_time(now) + " already.";
  } else {
    view_.typing = Typing::none;
    obey({CommandName::run_until_time, further ? now + *read : *read, {}});
  }
}

void App::walk(std::int64_t way) {
  std::vector<Spot> stops;
  for (const Spot& each : view_.spots) {
    if (column_of(each.place.kind) >= 0) stops.push_back(each);
  }
  if (stops.empty()) return;
  std::stable_sort(stops.begin(), stops.end(), [](const Spot& a, const Spot& b) {
    const int left = column_of(a.place.kind), right = column_of(b.place.kind);
    if (left != right) return left < right;
    return left == 0 ? a.rect.x < b.rect.x : a.rect.y < b.rect.y;
  });
  const auto here = std::find_if(stops.begin(), stops.end(), [&](const Spot& each) { return each.place == view_.selected; });
  const std::size_t count = stops.size();
  std::size_t next = way > 0 ? 0 : count - 1;
  if (here != stops.end()) next = (static_cast<std::size_t>(here - stops.begin()) + (way > 0 ? 1 : count - 1)) % count;
  view_.selected = stops[next].place;
}

}  // namespace nutshell

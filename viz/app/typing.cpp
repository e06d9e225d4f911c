// What typed characters do while they go into a field, and how Tab walks the stage.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/app/app.h"

namespace nutshell {

namespace {

void append(std::string& text, char32_t character) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
  if (character < 0x80) return byte(character);
  if (character < 0x800) return byte(0xc0 | character >> 6), byte(0x80 | (character & 0x3f));
  byte(0xe0 | (character >> 12 & 0x0f));
  byte(0x80 | (character >> 6 & 0x3f));
  byte(0x80 | (character & 0x3f));
}

// The last character, of however many bytes.
void shorten(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
}

// Left to right over the stage, -1: nothing that Tab stops at.
int column_of(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::controller: return 0;
    case PlaceKind::producer: return 1;
    case PlaceKind::broker:
    case PlaceKind::replica: return 2;
    case PlaceKind::group:
    case PlaceKind::consumer: return 3;
    default: return -1;
  }
}

}  // namespace

bool App::type_field(const KeyPress& press) {
  if (view_.typing == Typing::none || view_.overlay != Overlay::none || press.control) return false;
  return view_.typing == Typing::find ? type_find(press) : type_jump(press);
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
    case KeyName::backspace: shorten(events.find); break;
    case KeyName::character: append(events.find, press.character); break;
    default: return false;
  }
  events.cursor = events.scrolled = 0;
  return true;
}

bool App::type_jump(const KeyPress& press) {
  switch (press.key) {
    case KeyName::escape: view_.typing = Typing::none; return true;
    case KeyName::enter: jump_to_typed(); return true;
    case KeyName::backspace:
      shorten(view_.typed);
      view_.complaint.clear();
      return true;
    case KeyName::character: break;
    default: view_.typing = Typing::none; return false;
  }
  for (int i = 0; view_.typed.empty() && i < kUntils; ++i) {
    if (press.character != static_cast<char32_t>(until_letter(static_cast<Until>(i)) - 'A' + 'a')) continue;
    view_.typing = Typing::none;
    obey({CommandName::run_until, i, {}});
    return true;
  }
  if (press.character != U' ') append(view_.typed, press.character);
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

// The inspector: what is selected, field by field; what it waits for; how it is configured. With nothing selected,
// what the last step changed anywhere.
#include <algorithm>

#include "sim/core/text.h"
#include "sim/session/inspect.h"
#include "viz/panels/chrome.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

enum class RowKind : std::uint8_t { head, text, field, changed, setting, usual, wait };

// A line of the inspector.
struct InspectorRow {
  RowKind kind = RowKind::field;
  std::string name, value, old;
  float left = 0;  // of a wait: what is left of it, 0..1; below 0: a timer without a beginning
  Place place;     // selected by a click
};

std::string shown(const std::string& value) { return value.empty() ? "none" : value; }

void add_fields(std::vector<InspectorRow>& entries, const Session& session, const Place& place) {
  const std::vector<Change> changes =
      session.before() ? changes_between(*session.before(), session.world(), place) : std::vector<Change>{};
  for (const Field& each : fields_of(session.world(), place)) {
    const auto change = std::find_if(changes.begin(), changes.end(), [&](const Change& other) { return other.what == each.name; });
    if (change == changes.end()) entries.push_back({RowKind::field, each.name, each.value, "", 0, {}});
    else entries.push_back({RowKind::changed, each.name, each.value, change->before, 0, {}});
  }
}

void add_waits(std::vector<InspectorRow>& entries, const Session& session, const Place& place) {
  const std::vector<Wait> waits = waits_of(session.world(), place);
  if (waits.empty()) return;
  entries.push_back({RowKind::head, "Waits for", "", "", 0, {}});
  for (const Wait& each : waits) {
    const bool request = each.since >= 0;
    const Duration whole = std::max<Duration>(each.until - each.since, 1);
    const float part = request ? static_cast<float>(each.until - session.view_time()) / static_cast<float>(whole) : -1;
    entries.push_back({RowKind::wait, each.what, left_text(session.view_time(), each.until), "", part, {}});
  }
}

void add_settings(std::vector<InspectorRow>& entries, const Session& session, const Place& place) {
  const std::vector<Setting> settings = settings_of(session.world(), place);
  if (settings.empty()) return;
  entries.push_back({RowKind::head, "Configuration", "", "", 0, {}});
  for (const Setting& each : settings) {
    if (each.overridden()) entries.push_back({RowKind::setting, each.key, shown(each.value), shown(each.usual), 0, {}});
  }
  const auto usual = std::count_if(settings.begin(), settings.end(), [](const Setting& each) { return !each.overridden(); });
  const std::string keys = std::to_string(usual) + (usual == 1 ? " key" : " keys");
  entries.push_back({RowKind::text, keys + " at Kafka's default:", "", "", 0, {}});
  for (const Setting& each : settings) {
    if (!each.overridden()) entries.push_back({RowKind::usual, each.key, shown(each.value), "", 0, {}});
  }
}

std::vector<InspectorRow> entries_of_place(const Session& session, const Place& place) {
  std::vector<InspectorRow> entries;
  entries.push_back({RowKind::head, capitalised(place_name(session.world(), place)), "", "", 0, {}});
  add_fields(entries, session, place);
  if (entries.size() == 1) entries.push_back({RowKind::text, "It has no fields at this moment.", "", "", 0, {}});
  add_waits(entries, session, place);
  add_settings(entries, session, place);
  return entries;
}

// A head for each place, and below it what is not the same; a click on any of them selects the place.
void add_changes(std::vector<InspectorRow>& entries, const World& world, const std::vector<Change>& changes) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& each = changes[i];
    if (i == 0 || !(changes[i - 1].place == each.place))
      entries.push_back({RowKind::head, capitalised(place_name(world, each.place)), "", "", 0, each.place});
    entries.push_back({RowKind::changed, each.what, each.after, each.before, 0, each.place});
  }
}

// What differs from the marked moment, or between two universes.
std::vector<InspectorRow> entries_across(const Session& session) {
  const std::size_t count = session.across().size();
  const std::string things = std::to_string(count) + (count == 1 ? " thing differs" : " things differ");
  std::vector<InspectorRow> entries;
  if (const std::optional<Marked>& marked = session.marked()) {
    entries.push_back({RowKind::head, (count == 0 ? "Nothing differs" : things) + " from " + format_time(marked->at), "", "", 0, {}});
    const bool elsewhere = marked->branch != session.current();
    const std::string where = elsewhere ? " in \u201c" + session.branches()[marked->branch]->name + "\u201d" : "";
    const std::string text = "That moment" + where + " is marked; left of an arrow stands how it was then. ' marks another.";
    entries.push_back({RowKind::text, text, "", "", 0, {}});
    add_changes(entries, session.world(), session.across());
    return entries;
  }
  entries.push_back({RowKind::head, (count == 0 ? "Nothing differs" : things) + " between I and II", "", "", 0, {}});
  entries.push_back({RowKind::text, "Left of an arrow stands I, right of it II.", "", "", 0, {}});
  add_changes(entries, session.world(), session.across());
  return entries;
}

std::vector<InspectorRow> entries_of_step(const Session& session) {
  if (session.marked() || session.compared()) return entries_across(session);
  std::vector<InspectorRow> entries;
  const Step position = session.timeline().position();
  if (position > 0) entries.push_back({RowKind::text, sentence_of(session.timeline(), position - 1), "", "", 0, {}});
  if (!session.before()) {
    const char* hint = "Pause, and here stands what the last step changed. Select anything to see its fields.";
    entries.push_back({RowKind::text, hint, "", "", 0, {}});
    return entries;
  }
  const std::vector<Change>& changes = session.changes();
  const std::size_t count = changes.size();
  const std::string counted = std::to_string(count) + (count == 1 ? " thing changed" : " things changed");
  const std::string text = count == 0 ? "Nothing that has a name changed" : counted;
  entries.insert(entries.begin(), {RowKind::head, text, "", "", 0, {}});
  add_changes(entries, session.world(), changes);
  return entries;
}

// Name and value beside each other, or, when both do not fit, the value below.
bool is_wide(const Canvas& canvas, const InspectorRow& entry, float room) {
  const float old = entry.kind == RowKind::changed ? canvas.width(kMono, shown(entry.old) + " \u2192 ") : 0;
  const TextStyle name = entry.kind == RowKind::setting || entry.kind == RowKind::usual ? kMono : kSmall;
  return canvas.width(name, entry.name) + old + canvas.width(kMonoBold, shown(entry.value)) + 22 > room;
}

float high_of(const Canvas& canvas, const InspectorRow& entry, float room) {
  const float line = canvas.height(kSmall) * 1.35F;
  switch (entry.kind) {
    case RowKind::head: return line + 12;
    case RowKind::text: return static_cast<float>(canvas.lines(kSmall, entry.name, room)) * canvas.height(kSmall) * 1.35F + 4;
    case RowKind::usual: return canvas.height(kMono) * 1.3F * (is_wide(canvas, entry, room) ? 2.0F : 1.0F);
    case RowKind::setting: return line * (is_wide(canvas, entry, room) ? 2.0F : 1.0F) + canvas.height(kMono) * 1.2F;
    default: return line * (is_wide(canvas, entry, room) ? 2.0F : 1.0F);
  }
}

// The value at the right edge, after what it was before.
void draw_value(Canvas& canvas, const InspectorRow& entry, Rect box) {
  const Theme& theme = canvas.theme;
  const bool strong = entry.kind == RowKind::changed || entry.kind == RowKind::setting;
  const std::string value = canvas.fitted(strong ? kMonoBold : kMono, shown(entry.value), box.w);
  const float wide = canvas.width(strong ? kMonoBold : kMono, value);
  const Color ink = entry.kind == RowKind::usual ? theme.text3 : theme.text;
  canvas.text_in(box.take_right(wide), strong ? kMonoBold : kMono, ink, value);
  if (entry.kind != RowKind::changed) return;
  canvas.text_in(box, kMono, theme.text3, canvas.fitted(kMono, shown(entry.old) + " \u2192 ", box.w), Align::right);
}

void draw_pair(Canvas& canvas, const InspectorRow& entry, Rect row) {
  const Theme& theme = canvas.theme;
  if (entry.kind == RowKind::changed) canvas.fill({row.x - 10, row.y + 2, 3, row.h - 4}, theme.paper);
  const bool small = entry.kind == RowKind::setting || entry.kind == RowKind::usual;
  const TextStyle name = entry.kind == RowKind::setting ? kMonoBold : small ? kMono : kSmall;
  const bool wide = is_wide(canvas, entry, row.w);
  if (entry.kind == RowKind::setting) {
    const Rect usual = row.take_bottom(canvas.height(kMono) * 1.2F);
    canvas.text_in(usual, kMono, theme.text3, "default " + entry.old, Align::right);
  }
  Rect first = wide ? row.take_top(row.h / 2) : row;
  const Color ink = entry.kind == RowKind::usual ? theme.text3 : entry.kind == RowKind::setting ? theme.text : theme.text2;
  canvas.text_in(first, name, ink, canvas.fitted(name, entry.name, first.w));
  if (!wide) first.take_left(canvas.width(name, entry.name) + 10);
  draw_value(canvas, entry, wide ? row : first);
}

void draw_wait(Canvas& canvas, const InspectorRow& entry, Rect row) {
  const Point ring{row.x + 8, row.y + canvas.height(kSmall) * 0.7F};
  if (entry.left >= 0) draw_drain(canvas, ring, 7, within(entry.left, 0.0F, 1.0F));
  else canvas.ring(ring, 6, canvas.theme.line2, 1.5F);
  row.take_left(24);
  InspectorRow pair = entry;
  pair.kind = RowKind::field;
  draw_pair(canvas, pair, row);
}

void draw_entry(Ui& ui, const InspectorRow& entry, Rect row) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  switch (entry.kind) {
    case RowKind::head: {
      row.take_top(8);
      const bool over = entry.place && ui.over(row);
      canvas.text_in(row, kSmallBold, over ? theme.text2 : theme.text, canvas.fitted(kSmallBold, entry.name, row.w));
      if (over && ui.clicked) ui.select(entry.place);
      return;
    }
    case RowKind::text: canvas.paragraph(row, kSmall, theme.text2, entry.name, 1.35F); return;
    case RowKind::wait: return draw_wait(canvas, entry, row);
    default:
      if (entry.place && ui.over(row) && ui.clicked) ui.select(entry.place);
      return draw_pair(canvas, entry, row);
  }
}

}  // namespace

void draw_inspector(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  View& view = ui.view;
  const std::vector<InspectorRow> entries = view.selected ? entries_of_place(session, view.selected) : entries_of_step(session);
  if (!(view.selected == view.inspected)) view.inspected_from = 0;
  view.inspected = view.selected;
  const Rect all = area;
  area.take_left(10);
  const Rect foot = area.take_bottom(canvas.height(kSmall) * 1.4F);
  const auto last = static_cast<int>(entries.size()) - 1;
  if (ui.over(all) && ui.wheel != 0) view.inspected_from += ui.wheel < 0 ? 3 : -3;
  view.inspected_from = within(view.inspected_from, 0, last);
  std::size_t place = static_cast<std::size_t>(view.inspected_from);
  for (; place < entries.size(); ++place) {
    const float wait = entries[place].kind == RowKind::wait ? 24.0F : 0.0F;
    const float high = high_of(canvas, entries[place], area.w - wait);
    if (high > area.h) break;
    draw_entry(ui, entries[place], area.take_top(high));
  }
  const std::size_t more = entries.size() - place;
  if (more == 0 && view.inspected_from == 0) return;
  const std::string text = more > 0 ? std::to_string(more) + " more: click or scroll" : "back to the top";
  canvas.text_in(foot, kSmall, ui.over(foot) ? canvas.theme.text : canvas.theme.text2, text);
  if (ui.over(foot) && ui.clicked) view.inspected_from = more > 0 ? static_cast<int>(place) : 0;
}

}  // namespace nutshell

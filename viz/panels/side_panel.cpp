// The side panel: the lesson, the list of events, or what Kafka's tools would print.
#include <algorithm>
#include <array>

#include "sim/check/promises.h"
#include "sim/core/text.h"
#include "sim/ksql/server.h"
#include "sim/session/asked.h"
#include "sim/session/parts.h"
#include "viz/panels/caption.h"
#include "viz/panels/chrome.h"
#include "viz/panels/question.h"
#include "viz/panels/tabs.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// Without servers there is no console.
bool is_idle(Tab tab, const Session& session) { return tab == Tab::console && session.world().plain.of<KsqlServer>().empty(); }

std::vector<const TabRow*> tabs_of(const PanelUi& ui, const Session& session) {
  std::vector<const TabRow*> shown;
  for (const TabRow& each : tabs()) {
    if (!is_idle(each.tab, session) || ui.panels.tab == each.tab) shown.push_back(&each);
  }
  return shown;
}

void draw_tabs(PanelUi& ui, const Session& session, Rect area) {
  const std::vector<const TabRow*> shown = tabs_of(ui, session);
  const auto wide = [&](Size size) {
    float sum = 0;
    for (const TabRow* each : shown) sum += ui.canvas.width({Face::bold, size}, each->title);
    return sum;
  };
  const auto gaps = static_cast<float>(shown.size() - 1);
  const auto fits = [&](Size size, float least) { return wide(size) + least * gaps <= area.w; };
  const Size size = fits(Size::body, 12) ? Size::body : fits(Size::small, 6) ? Size::small : Size::micro;
  const float gap = within((area.w - wide(size)) / gaps, 4.0F, 24.0F);
  for (const TabRow* each : shown) {
    const bool now = ui.panels.tab == each->tab;
    const TextStyle style{now ? Face::bold : Face::regular, size};
    const Rect tab = area.take_left(ui.canvas.width(style, each->title));
    area.take_left(gap);
    ui.canvas.text_in(tab, style, now ? ui.canvas.theme.text : ui.canvas.theme.text2, each->title);
    if (now) ui.canvas.fill({tab.x, tab.bottom() - 3, tab.w, 3}, ui.canvas.theme.paper);
    if (ui.over(tab) && ui.clicked) ui.ask(CommandName::tab, static_cast<std::int64_t>(each->tab) + 1);
  }
}

void draw_progress(Canvas& canvas, const Session& session, Rect line) {
  const std::size_t count = std::max<std::size_t>(session.beats().size(), 1);
  const float wide = std::min(40.0F, (line.w - 6 * static_cast<float>(count)) / static_cast<float>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const Rect dash{line.x + static_cast<float>(i) * (wide + 6), line.y, wide, 4};
    const bool told = i < session.told();
    canvas.fill(dash, i + 1 == session.told() ? canvas.theme.paper : told ? canvas.theme.text3 : canvas.theme.line, 2);
  }
}

// Lamps of promises that this run breaks, or that a lesson speaks of; the rest is counted.
void draw_promises(Canvas& canvas, const Session& session, Rect area) {
  const Theme& theme = canvas.theme;
  const Judge& judge = session.timeline().judge();
  const Asked asked = asked_of(session);
  std::size_t kept = 0, tried = 0;
  std::vector<const Breach*> broken;
  for (std::size_t i = 0; i < kPromiseCount; ++i) {
    if (judge.trials()[i] == 0 || asked.hides_promise(i)) continue;
    ++tried;
    kept += !judge.broken(static_cast<std::int32_t>(i));
  }
  for (const Breach& each : judge.breaches()) {
    if (asked.hides_promise(static_cast<std::size_t>(each.promise))) continue;
    const auto same = [&](const Breach* other) { return other->promise == each.promise; };
    if (std::none_of(broken.begin(), broken.end(), same)) broken.push_back(&each);
  }
  Rect head = area.take_top(24);
  const std::string count = std::to_string(kept) + " of " + std::to_string(tried) + " kept";
  canvas.text_in(head.take_right(canvas.width(kSmall, count)), kSmall, theme.text2, count);
  canvas.text_in(head, {Face::bold, Size::small}, theme.text3, "Promises");
  if (!asked.promises.empty()) {
    canvas.text_in(area.take_top(24), kSmall, theme.text2, "what is asked is hidden until you have answered");
  } else if (broken.empty()) {
    Rect line = area.take_top(24);
    const Color green = theme.hue(HueName::green).stroke;
    canvas.ring({line.x + 9, line.center().y}, 8, green, 1.5F);
    draw_tick(canvas, {line.x + 9, line.center().y}, 6, green, 1.75F);
    line.take_left(26);
    canvas.text_in(line, kSmall, theme.text2, "every promise of Kafka holds so far");
  }
  for (const Breach* each : broken) {
    if (area.h < 44) break;
    const Promise& promise = promises()[static_cast<std::size_t>(each->promise)];
    Rect line = area.take_top(22);
    draw_octagon(canvas, {line.x + 9, line.center().y}, 9, theme.hue(HueName::red).fill);
    draw_cross(canvas, {line.x + 9, line.center().y}, 3.5F, theme.ink, 2);
    line.take_left(26);
    canvas.text_in(line, {Face::bold, Size::small}, theme.text, promise.title);
    Rect why{area.x + 26, area.y, area.w - 26, std::min(area.h, 60.0F)};
    const std::string reason = (each->promised ? "" : "Not promised here. ") + each->why + ".";
    area.take_top(canvas.paragraph(why, kSmall, theme.text2, reason) + 6);
  }
}

// What lies between; without saying what happened there if that is too long.
std::string skipped_text(const Canvas& canvas, const Landing& landing, float room) {
  const std::string whole = landing_text(landing);
  return canvas.width(kSmall, whole) <= room ? whole : whole.substr(0, whole.find(':'));
}

// What was said before, the latest first, to be read again; a click goes back there. What is said now stands in the
// caption bar.
float draw_said(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const float top = area.y, most = area.h - 190;
  if (session.told() < 2) {
    if (session.caption() == session.scenario().about) return 0;
    return canvas.paragraph({area.x, area.y, area.w, std::max(most, 80.0F)}, kBody, theme.text2, session.scenario().about, 1.45F);
  }
  canvas.text_in(area.take_top(24), {Face::bold, Size::small}, theme.text3, "Said before");
  for (std::size_t i = session.told() - 1; i-- > 0;) {
    const StoryLine& beat = session.beats()[i];
    const float high = static_cast<float>(canvas.lines(kSmall, beat.text, area.w - 14)) * canvas.height(kSmall) * 1.4F + 10;
    if (area.y - top + high > most) break;
    const Rect row = area.take_top(high);
    const bool over = ui.over(row);
    canvas.fill({row.x, row.y + 2, 3, row.h - 12}, over ? theme.paper : theme.line2, 1);
    canvas.paragraph({row.x + 14, row.y, row.w - 14, row.h}, kSmall, over ? theme.text : theme.text2, beat.text, 1.4F);
    // By its number, since two may be said at one moment.
    if (over && ui.clicked) ui.ask(CommandName::go_to_beat, static_cast<std::int64_t>(i));
  }
  return area.y - top;
}

void draw_lesson(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const bool built = is_to_be_built(session.scenario());
  // Where the lesson has been left, how far it had come is no longer true.
  const bool counts = !session.beats().empty() && !session.off_script();
  if (counts) draw_progress(canvas, session, area.take_top(14));
  const std::string place = counts ? std::to_string(session.told()) + " of " + std::to_string(session.beats().size()) : "";
  Rect line = area.take_top(24);
  draw_notes_button(ui, session, line);
  line.take_left(canvas.text_in(line, kSmall, theme.text3, place) + 16);
  if (const auto& landing = session.landing(); landing && landing->skipped > 0)
    canvas.text_in(line, kSmall, theme.text2, skipped_text(canvas, *landing, line.w), Align::right);
  if (built) {
    area.take_top(draw_building(ui, session, area));
  } else if (has_left_lesson(session)) {
    area.take_top(draw_departure(ui, session, area));
  } else if (is_question(session)) {
    area.take_top(draw_question(ui, session, area) + 16);
  } else {
    area.take_top(draw_said(ui, session, area) + 16);
  }
  if (session.scenario().is_puzzle()) area.take_top(draw_goals(ui, session, area) + 12);
  if (!session.scenario().corrects.empty() && area.h > 220 && !has_left_lesson(session)) {
    canvas.line({area.x, area.y}, {area.right(), area.y}, theme.line);
    area.take_top(10);
    canvas.text_in(area.take_top(22), {Face::bold, Size::small}, theme.text3, "People often think");
    area.take_top(canvas.paragraph({area.x, area.y, area.w, 96}, kSmall, theme.text2, session.scenario().corrects) + 14);
  }
  if (area.h < 70) return;
  canvas.line({area.x, area.y}, {area.right(), area.y}, theme.line);
  area.take_top(10);
  draw_promises(canvas, session, area);
}

void draw_lesson_or_notes(PanelUi& ui, const Session& session, Rect area) {
  ui.panels.notes.on ? draw_notes(ui, session, area) : draw_lesson(ui, session, area);
}

constexpr std::array<TabRow, kTabs> kTabRows = {{
    {Tab::lesson, "Lesson", "lesson", 0, false, draw_lesson_or_notes},
    {Tab::events, "Events", "events", 1, true, draw_events},
    {Tab::promises, "Promises", "promises", 2, false, draw_lamps},
    {Tab::terminal, "Terminal", "terminal", 3, true, draw_terminal},
    {Tab::why, "Why?", "why", 4, false, draw_why},
    {Tab::inspector, "Inspect", "inspect", 5, true, draw_inspector},
    {Tab::console, "ksql", "console", 6, true, draw_console},
}};

consteval bool stand_in_order() {
  for (std::size_t i = 0; i < kTabs; ++i) {
    if (static_cast<std::size_t>(kTabRows[i].tab) != i || !kTabRows[i].draw) return false;
  }
  return true;
}
static_assert(stand_in_order());

}  // namespace

const std::array<TabRow, kTabs>& tabs() { return kTabRows; }
const TabRow& row_of(Tab tab) { return kTabRows[static_cast<std::size_t>(tab)]; }
Tab tab_after(Tab tab, const Session& session) {
  do tab = static_cast<Tab>((static_cast<std::size_t>(tab) + 1) % kTabs);
  while (is_idle(tab, session));
  return tab;
}

std::optional<Tab> tab_of_word(std::string_view word) {
  for (const TabRow& each : tabs()) {
    if (each.word == word) return each.tab;
  }
  return std::nullopt;
}

std::optional<Tab> tab_of_code(std::uint8_t code) {
  for (const TabRow& each : tabs()) {
    if (each.code == code) return each.tab;
  }
  return std::nullopt;
}

std::string tab_words() {
  std::string words;
  for (const TabRow& each : tabs()) {
    if (!words.empty()) words += &each == &tabs().back() ? " or " : ", ";
    words += each.word;
  }
  return words;
}

void draw_side_panel(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  canvas.fill(area, canvas.theme.panel);
  canvas.line({area.x, area.y}, {area.x, area.bottom()}, canvas.theme.line);
  Rect rest{area.x + 20, area.y + 8, area.w - 40, area.h - 16};
  const Rect tabs = rest.take_top(34);
  draw_tabs(ui, session, {tabs.x - 6, tabs.y, tabs.w + 12, tabs.h});
  rest.take_top(14);
  // What lists everything would tell what is asked as well.
  const TabRow& row = row_of(ui.panels.tab);
  if (row.tells_all && asked_of(session).any()) {
    canvas.paragraph(rest, kBody, canvas.theme.text2, "Hidden until you have answered: what is asked could be read here.");
    return;
  }
  row.draw(ui, session, rest);
}

}  // namespace nutshell

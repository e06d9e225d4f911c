#include <algorithm>
#include <array>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

struct MenuEntry {
  const char* label;
  CommandName command;
};

}  // namespace

namespace {

// "18 · The leader that …": by the number that its file begins with.
std::string numbered_title(const Scenario& scenario) {
  const std::size_t digits = scenario.name.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos || scenario.name[digits] != '-') return scenario.title;
  const std::size_t first = std::min(scenario.name.find_first_not_of('0'), digits - 1);
  return scenario.name.substr(first, digits - first) + " \u00b7 " + scenario.title;
}

// A dash for each caption and question: those told, the one that stands, and those to come.
void draw_dashes(Canvas& canvas, const Session& session, Rect& rest, float title) {
  const auto count = static_cast<float>(session.beats().size());
  const float pitch = 40, wide = pitch * count;
  if (count == 0 || rest.w < title + wide + 40) return;
  const Rect line = rest.take_right(wide);
  rest.take_right(20);
  for (std::size_t i = 0; i < session.beats().size(); ++i) {
    const bool told = i < session.told(), now = i + 1 == session.told();
    const Rect dash{line.x + pitch * static_cast<float>(i), line.center().y - 4, pitch - 10, 8};
    canvas.fill(dash, now ? canvas.theme.paper : told ? canvas.theme.text3 : canvas.theme.line2, 4);
  }
}

// That what is shown is somebody's own course, and which: as long as it is shown.
void draw_stamp(Canvas& canvas, const Session& session, Rect rest) {
  const Color paper = canvas.theme.paper;
  const TextStyle bold{Face::bold, Size::small};
  const std::string text = roman(session.current() + 1) + " \u00b7 by your hand";
  const float hand = canvas.height(bold) * 0.6F, pad = canvas.big(12, 20), high = canvas.height(bold) * 1.35F + canvas.big(6, 10);
  const float wide = canvas.width(bold, text) + 2 * hand + 2 * pad + canvas.big(8, 12);
  if (rest.w < wide) return;
  const Rect stamp{rest.x, rest.center().y - high / 2, wide, high};
  canvas.outline(stamp, paper, canvas.big(1.75F, 3), high / 2);
  Rect inner{stamp.x + pad, stamp.y, stamp.w - 2 * pad, stamp.h};
  draw_hand(canvas, inner.take_left(2 * hand).center(), hand, paper);
  inner.take_left(canvas.big(8, 12));
  canvas.text_in(inner, bold, paper, text);
}

}  // namespace

std::string roman(std::size_t number) {
  constexpr std::array<std::string_view, 10> kOnes = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};
  std::string text;
  for (; number >= 10; number -= 10) text += "X";
  return text + std::string(kOnes[number]);
}

bool draw_button(Ui& ui, Rect rect, std::string_view label, bool primary) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const bool over = ui.over(rect);
  if (primary) canvas.fill(rect, theme.paper, 8);
  else if (over) canvas.fill(rect, theme.raised, 8);
  if (!primary) canvas.outline(rect, over ? theme.text2 : theme.line2, 1, 8);
  const Color ink = primary ? (theme.light ? rgb(0xFFFFFF) : theme.ink) : theme.text;
  canvas.text_in(rect.inset(4), {Face::bold, Size::small}, ink, label, Align::center);
  return over && ui.clicked;
}

void draw_top_bar(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.panel);
  canvas.line({area.x, area.bottom()}, {area.right(), area.bottom()}, theme.line);
  Rect rest{area.x + 16, area.y, area.w - 32, area.h};
  const float y = rest.center().y;
  if (!canvas.projector) {
    // A nut: an oval with its seam.
    canvas.ring({rest.x + 9, y}, 9, theme.text, 1.75F);
    canvas.arc({rest.x + 9, y}, 4.5F, 0, 1, theme.text, 1.5F);
    rest.take_left(28);
    rest.take_left(canvas.text_in(rest, {Face::bold, Size::body}, theme.text, "Nutshell") + 16);
    canvas.line({rest.x, y - 10}, {rest.x, y + 10}, theme.line2);
    rest.take_left(16);
    constexpr MenuEntry kEntries[] = {{"Keys", CommandName::keys}, {"Light", CommandName::light},
                                  {"Projector", CommandName::projector}, {"Lessons", CommandName::gallery}};
    const TextStyle style{Face::regular, Size::small};
    for (const MenuEntry& each : kEntries) {
      const std::string_view key = key_text(each.command);
      const std::string_view label = each.command == CommandName::light && theme.light ? "Dark" : each.label;
      const float wide = canvas.width(style, label) + 8 + key_width(canvas, key);
      if (rest.w < wide + 240) break;
      Rect entry = rest.take_right(wide);
      rest.take_right(20);
      if (ui.over(entry) && ui.clicked) ui.ask(each.command);
      entry.take_left(canvas.text_in(entry, style, ui.over(entry) ? theme.text : theme.text2, label) + 8);
      draw_key(canvas, {entry.x, y}, key);
    }
    // The usual one is nothing to speak of.
    const std::string seed = "seed " + std::to_string(session.scenario().setup.seed);
    const float wide = canvas.width({Face::mono, Size::small}, seed);
    if (session.scenario().setup.seed != Setup{}.seed && rest.w > wide + 300) {
      canvas.text_in(rest.take_right(wide), {Face::mono, Size::small}, theme.text2, seed);
      rest.take_right(20);
    }
  } else {
    const std::string time = format_time(session.view_time());
    canvas.text_in(rest.take_right(canvas.width({Face::mono_bold, Size::title}, widest_time(session.scenario().until))),
                   {Face::mono_bold, Size::title}, theme.text, time, Align::right);
    rest.take_right(24);
    // How far the lesson is says nothing where it has been left, and neither does "0 of 0".
    const bool counts = !session.off_script() && !session.beats().empty();
    const std::string told = counts ? std::to_string(session.told()) + " of " + std::to_string(session.beats().size()) : "";
    canvas.text_in(rest.take_right(canvas.width({Face::regular, Size::small}, told)), {Face::regular, Size::small}, theme.text3, told);
    rest.take_right(20);
    if (counts) draw_dashes(canvas, session, rest, canvas.width({Face::bold, Size::body}, numbered_title(session.scenario())));
  }
  rest.take_left(canvas.text_in(rest, {Face::bold, Size::body}, theme.text, numbered_title(session.scenario())) + canvas.big(20, 40));
  if (session.off_script()) draw_stamp(canvas, session, rest);
}

}  // namespace nutshell

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

struct Entry {
  const char* label;
  CommandName command;
};

}  // namespace

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
    constexpr Entry kEntries[] = {{"Keys", CommandName::keys}, {"Light", CommandName::light},
                                  {"Projector", CommandName::projector}, {"Lessons", CommandName::gallery}};
    const TextStyle style{Face::regular, Size::small};
    for (const Entry& each : kEntries) {
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
    const std::string seed = "seed " + std::to_string(session.scenario().setup.seed);
    const float wide = canvas.width({Face::mono, Size::small}, seed);
    if (rest.w > wide + 300) {
      canvas.text_in(rest.take_right(wide), {Face::mono, Size::small}, theme.text2, seed);
      rest.take_right(20);
    }
  } else {
    const std::string time = format_time(session.view_time());
    canvas.text_in(rest.take_right(canvas.width({Face::mono_bold, Size::title}, "888.888s")), {Face::mono_bold, Size::title},
                   theme.text, time, Align::right);
    rest.take_right(24);
    const std::string told = std::to_string(session.told()) + " of " + std::to_string(session.beats().size());
    canvas.text_in(rest.take_right(canvas.width({Face::regular, Size::small}, told)), {Face::regular, Size::small}, theme.text3, told);
    rest.take_right(24);
  }
  canvas.text_in(rest, {Face::bold, Size::body}, theme.text, session.scenario().title);
}

}  // namespace nutshell

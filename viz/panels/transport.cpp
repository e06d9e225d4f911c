// Play, step, speed, and "run until".
#include <array>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

enum class Icon : std::uint8_t { rewind, step_back, play, pause, step, forward };

void draw_icon(Canvas& canvas, Point c, Icon icon, Color color) {
  const float r = 6;
  switch (icon) {
    case Icon::rewind:
      draw_triangle(canvas, {c.x - 4, c.y}, r, color, true, 0.5F);
      return draw_triangle(canvas, {c.x + 5, c.y}, r, color, true, 0.5F);
    case Icon::forward:
      draw_triangle(canvas, {c.x - 5, c.y}, r, color, true);
      return draw_triangle(canvas, {c.x + 4, c.y}, r, color, true);
    case Icon::step_back:
      canvas.fill({c.x - 7, c.y - 6, 2, 12}, color);
      return draw_triangle(canvas, {c.x + 2, c.y}, r, color, true, 0.5F);
    case Icon::step:
      canvas.fill({c.x + 5, c.y - 6, 2, 12}, color);
      return draw_triangle(canvas, {c.x - 2, c.y}, r, color, true);
    case Icon::play: return draw_triangle(canvas, {c.x - 1, c.y}, 8, color, true);
    case Icon::pause:
      canvas.fill({c.x - 5, c.y - 6, 3, 12}, color);
      return canvas.fill({c.x + 2, c.y - 6, 3, 12}, color);
  }
}

struct Button {
  Icon icon;
  CommandName command;
  std::string_view name;
};

void draw_buttons(Ui& ui, const Session& session, Rect& rest) {
  const Theme& theme = ui.canvas.theme;
  const std::array<Button, 5> buttons = {{{Icon::rewind, CommandName::back, "Back to the caption before"},
                                          {Icon::step_back, CommandName::step_back, "One event back"},
                                          {session.playing() ? Icon::pause : Icon::play, CommandName::play_pause, "Play, pause"},
                                          {Icon::step, CommandName::step, "One event forward"},
                                          {Icon::forward, CommandName::next, "To the next caption or question"}}};
  for (const Button& each : buttons) {
    const bool primary = each.command == CommandName::play_pause;
    const Rect rect = rest.take_left(primary ? 72 : 38);
    rest.take_left(6);
    const Rect button{rect.x, rect.center().y - 19, rect.w, 38};
    if (primary) ui.canvas.fill(button, theme.paper, 8);
    else if (ui.over(button)) ui.canvas.fill(button, theme.raised, 8);
    if (!primary) ui.canvas.outline(button, ui.over(button) ? theme.text2 : theme.line2, 1, 8);
    draw_icon(ui.canvas, button.center(), each.icon, primary ? (theme.light ? rgb(0xFFFFFF) : theme.ink) : theme.text);
    ui.tell(button, each.name, "key " + std::string(key_text(each.command)));
    if (ui.over(button) && ui.clicked) ui.ask(each.command);
  }
}

void draw_speed(Ui& ui, const Session& session, Rect area) {
  const Theme& theme = ui.canvas.theme;
  const TextStyle small{Face::regular, Size::small};
  const std::string_view slow = session.slowed_by();
  const float label = ui.canvas.width(small, "speed") + 8;
  if (slow.empty()) ui.canvas.text_in(area.take_left(label), small, theme.text3, "speed");
  else ui.canvas.text_in(area.take_left(label), {Face::bold, Size::small}, theme.hue(HueName::yellow).stroke, "slow");
  const float step = area.w / static_cast<float>(speeds().size() - 1);
  const float y = area.center().y + 8;
  ui.canvas.line({area.x, y}, {area.right(), y}, theme.line2, 2);
  for (std::size_t i = 0; i < speeds().size(); ++i) {
    const Point at{area.x + step * static_cast<float>(i), y};
    const bool now = &speeds()[i] == &session.speed();
    ui.canvas.circle(at, now ? 6.0F : 2.5F, now ? theme.paper : theme.text3);
    if (now) ui.canvas.text({at.x, y - 17}, {Face::mono_bold, Size::micro}, theme.text, speeds()[i].text, Align::center);
    const Rect grip{at.x - step / 2, area.y, step, area.h};
    if (ui.clicked && ui.over(grip)) ui.ask(CommandName::speed, static_cast<std::int64_t>(i));
  }
}

}  // namespace

void draw_transport(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.panel);
  canvas.line({area.x, area.y}, {area.right(), area.y}, theme.line);
  Rect rest{area.x + 16, area.y, area.w - 32, area.h};
  draw_buttons(ui, session, rest);
  rest.take_left(10);
  const TextStyle clock{Face::mono_bold, Size::name}, mono{Face::mono, Size::small};
  const float room = canvas.width(clock, widest_time(session.scenario().until));
  canvas.text_in(rest.take_left(room), clock, theme.text, format_time(session.view_time()), Align::right);
  rest.take_left(14);
  canvas.text_in(rest.take_left(canvas.width(mono, "event 8888888")), mono, theme.text2,
                 "event " + std::to_string(session.timeline().position()));
  rest.take_left(14);
  if (rest.w > 220) draw_speed(ui, session, rest.take_left(210));
  rest.take_left(28);
  const TextStyle small{Face::regular, Size::small};
  if (session.compared()) {
    const float wide = canvas.width({Face::bold, Size::small}, "first difference") + 26;
    if (rest.w < wide + 20) return;
    const Rect whole = rest.take_left(wide);
    rest.take_left(16);
    if (draw_button(ui, {whole.x, whole.center().y - 15, whole.w, 30}, "first difference", true)) ui.ask(CommandName::to_divergence);
  }
  if (session.world().brokers.empty()) return;  // nobody there who leads or rebalances
  const float title = canvas.width(small, "Run until"), key = key_width(canvas, key_text(CommandName::jump));
  if (rest.w < title + key + 8) return;
  const Rect opener = rest.take_left(title + key + 8);
  canvas.text_in(opener, small, ui.over(opener) ? theme.text : theme.text2, "Run until");
  draw_key(canvas, {opener.x + title + 8, opener.center().y}, key_text(CommandName::jump));
  if (ui.over(opener) && ui.clicked) ui.ask(CommandName::jump);
  rest.take_left(12);
  for (int i = 0; i < kUntils; ++i) {
    const std::string_view label = until_label(static_cast<Until>(i));
    const float wide = canvas.width({Face::bold, Size::small}, label) + 26;
    if (rest.w < wide) break;
    const Rect whole = rest.take_left(wide);
    rest.take_left(8);
    if (draw_button(ui, {whole.x, whole.center().y - 15, whole.w, 30}, label)) ui.ask(CommandName::run_until, i);
  }
}

}  // namespace nutshell

// The menu "run until": a letter for each thing that can be waited for, and a field for a time.
#include <algorithm>

#include "viz/panels/chrome.h"
#include "viz/panels/field.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr TextStyle kTyped{Face::mono, Size::body};

void draw_field(PanelUi& ui, Rect field) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const std::string& typed = ui.hands.typed;
  canvas.outline(field, theme.paper, 2, 6);
  Rect inner{field.x + 12, field.y, field.w - 20, field.h};
  if (!typed.empty()) {
    const Rect corner = inner.take_right(key_width(canvas, "Enter"));
    draw_key(canvas, {corner.x, corner.center().y}, "Enter");
  }
  draw_typed(canvas, inner, kTyped, typed, ui.hands.caret, "12.5s or +500ms");
}

}  // namespace

void draw_jump_menu(PanelUi& ui, const Session& session, Rect window) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const float row = canvas.height(kBody) * 1.3F + 12;
  const std::string& complaint = ui.hands.complaint;
  const float wide = std::min(canvas.big(340, 520), window.w - 32);
  const float complained = complaint.empty() ? 0 : row * static_cast<float>(canvas.lines(kBody, complaint, wide - 36));
  const float high = row * (kUntils + 2) + complained + 40;
  const Rect card{window.center().x - wide / 2, std::max(window.center().y - high / 2, 8.0F), wide, high};
  canvas.cover(card);
  canvas.fill(card, theme.raised, 8);
  canvas.outline(card, theme.text2, 1.5F, 8);
  Rect rest = card.inset(18);
  Rect head = rest.take_top(row);
  const Rect corner = head.take_right(key_width(canvas, "Esc"));
  draw_key(canvas, {corner.x, corner.center().y}, "Esc");
  canvas.text_in(head, {Face::bold, Size::body}, theme.text, session.asking() ? "Run until: first answer the question" : "Run until");
  for (int i = 0; i < kUntils; ++i) {
    const auto until = static_cast<Until>(i);
    const Rect whole = rest.take_top(row);
    Rect line = whole;
    if (ui.over(whole)) canvas.outline(whole.inset(1), theme.text2, 1, 6);
    const std::string letter(1, until_letter(until));
    draw_key(canvas, {line.x + 6, line.center().y}, letter);
    line.take_left(canvas.big(44, 64));
    canvas.text_in(line, kBody, theme.text, until_label(until));
    if (!ui.over(whole) || !ui.clicked) continue;
    ui.ask(CommandName::close);
    ui.ask(CommandName::run_until, i);
  }
  rest.take_top(2);
  draw_field(ui, rest.take_top(row));
  if (!complaint.empty()) {
    rest.take_top(8);
    canvas.paragraph(rest, kBody, theme.hue(HueName::red).words, complaint, 1.3F);
  }
  if (ui.clicked && (!ui.over(card) || ui.over(corner))) ui.ask(CommandName::close);
}

}  // namespace nutshell

// Cards over the stage: what comes after this, and what is asked before what was done by hand goes unsaved.
#include <algorithm>

#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

struct Way {
  std::string key, words;
  bool primary = false;
};

// The key caps and what they do, below each other; returns the one that was clicked.
std::optional<std::size_t> draw_choices(PanelUi& ui, Rect& area, const std::vector<Way>& choices) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle words{Face::bold, Size::body}, key{Face::mono_bold, Size::body};
  const float row = canvas.big(40, 62);
  float wide = 0;
  for (const Way& each : choices) wide = std::max(wide, canvas.width(key, each.key) + canvas.big(28, 40));
  std::optional<std::size_t> clicked;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const Way& each = choices[i];
    Rect line = area.take_top(row);
    if (ui.over(line) && ui.clicked) clicked = i;
    Rect cap = line.take_left(wide);
    cap = {cap.x, cap.y + 3, cap.w, cap.h - 6};
    if (each.primary) canvas.fill(cap, theme.paper, 8);
    else canvas.outline(cap, theme.text2, 1.5F, 8);
    canvas.text(cap.center(), key, each.primary ? (theme.light ? rgb(0xFFFFFF) : theme.ink) : theme.text, each.key, Align::center, cap);
    line.take_left(14);
    canvas.text_in(line, each.primary ? words : TextStyle{Face::regular, Size::body}, each.primary ? theme.text : theme.text2, each.words);
  }
  return clicked;
}

// The ground of a card in the middle of the window; returns what is inside.
Rect draw_ground(PanelUi& ui, Rect window, float wide, float high) {
  Canvas& canvas = ui.canvas;
  high = std::min(high, window.h - 16);
  const Rect box{window.center().x - wide / 2, window.center().y - high / 2, wide, high};
  canvas.cover(box);
  canvas.fill(box, canvas.theme.raised, 12);
  canvas.outline(box, canvas.theme.text2, 2, 12);
  return box.inset(canvas.big(28, 40));
}

float high_of(const Canvas& canvas, TextStyle style, std::string_view text, float wide) {
  return static_cast<float>(canvas.lines(style, text, wide)) * canvas.height(style) * 1.35F;
}

}  // namespace

void draw_card(PanelUi& ui, Rect window) {
  const Card& card = ui.hands.card;
  if (!card.open) return;
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle head{Face::regular, Size::body}, title{Face::bold, Size::caption}, about{Face::regular, Size::body};
  const float wide = std::min(canvas.big(720, 1200), window.w - 32), inner = wide - 2 * canvas.big(28, 40);
  std::vector<Way> choices = {{"\u2192", card.next, true}};
  if (card.lesson) choices.push_back({"G", "all lessons"});
  choices.push_back({"Esc", "stay here"});
  const float high = high_of(canvas, head, card.head, inner) + high_of(canvas, title, card.title, inner) +
                     high_of(canvas, about, card.about, inner) + canvas.big(40, 62) * static_cast<float>(choices.size()) +
                     2 * canvas.big(28, 40) + 40;
  Rect rest = draw_ground(ui, window, wide, high);
  rest.take_top(canvas.paragraph(rest, head, theme.text2, card.head, 1.35F) + 10);
  rest.take_top(canvas.paragraph(rest, title, theme.text, card.title, 1.35F) + 10);
  rest.take_top(canvas.paragraph(rest, about, theme.text2, card.about, 1.35F) + 18);
  const std::optional<std::size_t> clicked = draw_choices(ui, rest, choices);
  if (!clicked) return;
  const std::string& key = choices[*clicked].key;
  ui.ask(key == "G" ? CommandName::gallery : key == "Esc" ? CommandName::close : CommandName::next);
}

void draw_farewell(PanelUi& ui, Rect window) {
  const Farewell& farewell = ui.hands.farewell;
  if (!farewell.open) return;
  Canvas& canvas = ui.canvas;
  const TextStyle title{Face::bold, Size::name};
  const bool one = farewell.unsaved == 1;
  const std::string what = one ? "A branch is not saved" : std::to_string(farewell.unsaved) + " branches are not saved";
  const std::string text = what + ": what you did by hand would be gone.";
  const std::string go = farewell.quits ? "quit" : "go";
  const std::vector<Way> choices = {{"Enter", std::string(one ? "save it, and " : "save them, and ") + go, true},
                                       {"D", go + " without saving"}, {"Esc", "stay here"}};
  const float wide = std::min(canvas.big(560, 900), window.w - 32), inner = wide - 2 * canvas.big(28, 40);
  const float high = high_of(canvas, title, text, inner) + canvas.big(40, 62) * 3 + 2 * canvas.big(28, 40) + 18;
  Rect rest = draw_ground(ui, window, wide, high);
  rest.take_top(canvas.paragraph(rest, title, canvas.theme.text, text, 1.35F) + 18);
  const std::optional<std::size_t> clicked = draw_choices(ui, rest, choices);
  if (clicked) ui.ask(CommandName::farewell, static_cast<std::int64_t>(*clicked));
}

}  // namespace nutshell

// "What is simplified here": the notes of a lesson, behind the small i of its tab.
#include <algorithm>

#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// A key that is wider than the column goes on in the next line, after a dot.
std::string with_breaks(const Canvas& canvas, const std::string& text, float width) {
  std::string broken, word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ' ') {
      word += text[i];
      continue;
    }
    while (canvas.width(kBody, word) > width) {
      std::size_t cut = word.size() - 1;
      while (cut > 1 && (word[cut - 1] != '.' || canvas.width(kBody, word.substr(0, cut)) > width)) --cut;
      if (cut <= 1) break;
      broken += (broken.empty() ? "" : " ") + word.substr(0, cut);
      word.erase(0, cut);
    }
    broken += (broken.empty() ? "" : " ") + word;
    word.clear();
  }
  return broken;
}

}  // namespace

void draw_notes_button(PanelUi& ui, const Session& session, Rect& line) {
  if (session.scenario().notes.empty()) return;
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Rect button = line.take_right(24);
  line.take_right(8);
  const Point center{button.right() - 11, button.center().y};
  const bool over = ui.over(button);
  ui.tell(button, "Notes", "what is simplified in this lesson");
  canvas.ring(center, 9, over ? theme.text : theme.text2, 1.5F);
  canvas.fill({center.x - 1, center.y - 1.5F, 2, 6}, over ? theme.text : theme.text2);
  canvas.circle({center.x, center.y - 4.5F}, 1.4F, over ? theme.text : theme.text2);
  if (over && ui.clicked) ui.ask(CommandName::notes);
}

void draw_notes(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  NotesView& view = ui.panels.notes;
  const std::vector<std::string>& notes = session.scenario().notes;
  canvas.text_in(area.take_top(canvas.height(kBody) * 1.6F), {Face::bold, Size::body}, theme.text, "What is simplified here");
  Rect foot = area.take_bottom(canvas.big(34, 46));
  view.from = std::min(view.from, notes.empty() ? 0 : notes.size() - 1);
  std::size_t place = view.from;
  for (; place < notes.size(); ++place) {
    const std::string note = with_breaks(canvas, notes[place], area.w - 18);
    const float high = static_cast<float>(canvas.lines(kBody, note, area.w - 18)) * canvas.height(kBody) * 1.45F + 14;
    // The first one always stands, so that one gets on.
    if (high > area.h && place > view.from) break;
    const Rect row = area.take_top(std::min(high, area.h));
    canvas.circle({row.x + 4, row.y + canvas.height(kBody) * 0.7F}, 2.5F, theme.text2);
    canvas.paragraph({row.x + 18, row.y, row.w - 18, row.h}, kBody, theme.text2, note, 1.45F);
  }
  const std::size_t more = notes.size() - place;
  if (notes.empty()) canvas.text_in(area.take_top(30), kBody, theme.text2, "Nothing that the lesson speaks of.");
  const std::string text = more > 0 ? std::to_string(more) + " more" : view.from > 0 ? "From the first" : "";
  if (draw_button(ui, foot.take_left(std::min(foot.w, 120.0F)), "To the lesson", true)) ui.ask(CommandName::notes);
  foot.take_left(12);
  if (text.empty()) return;
  if (draw_button(ui, foot.take_left(std::min(foot.w, 120.0F)), text)) view.from = more > 0 ? place : 0;
}

}  // namespace nutshell

#include "viz/panels/gallery_cards.h"

#include <algorithm>
#include <string>

#include "viz/ui/signs.h"

namespace nutshell {

float number_width(const Canvas& canvas) { return canvas.width({Face::mono, Size::small}, "88") + 12; }

void draw_done(Canvas& canvas, Point center) {
  const float radius = canvas.big(8, 13);
  canvas.ring(center, radius, canvas.theme.text, canvas.big(1.5F, 2.5F));
  draw_tick(canvas, center, radius * 0.75F, canvas.theme.text, canvas.big(1.75F, 3));
}

// They stand as the slides of a talk do: in the light, whatever the room.
void draw_title_slide(Canvas& canvas, const LessonCard& talk, Rect area) {
  const float wide = std::min(area.w, area.h * 16 / 9), high = wide * 9 / 16;
  const Rect frame{area.center().x - wide / 2, area.center().y - high / 2, wide, high};
  const Theme& theme = light_theme();
  constexpr Rect kWhole{0, 0, 208, 117};
  Canvas slide = canvas.themed(theme).zoomed(kWhole, frame);
  slide.fill(kWhole, rgb(0xFFFFFF), 4);
  const std::string title = talk.title.substr(0, talk.title.find(", in "));
  const std::size_t end = std::min(title.find(' '), title.size());
  slide.text_in({16, 12, 180, 28}, {Face::bold, Size::caption}, theme.text, title.substr(0, end));
  if (end < title.size()) slide.text_in({16, 38, 180, 24}, {Face::regular, Size::name}, theme.text2, title.substr(end + 1));
  // A log, its end, and who reads it.
  constexpr float kCell = 20;
  for (int i = 0; i < 6; ++i) {
    const Rect cell{16 + static_cast<float>(i) * (kCell + 2), 80, kCell, kCell};
    if (i == 5) {
      slide.dashed_outline(cell, theme.text3, 1.5F, {4, 3}, 3);
      continue;
    }
    slide.fill(cell, theme.hue(HueName::blue).fill, 3);
    slide.outline(cell, theme.ink, 1.5F, 3);
  }
  slide.line({150, 90}, {172, 90}, theme.member(0).fill, 5);
  slide.circle({180, 90}, 10, theme.member(0).fill);
  slide.ring({180, 90}, 10, theme.ink, 1.5F);
}

// A card with a heading and a count beside it; what is left of it.
Rect draw_list_card(Canvas& canvas, Rect card, std::string_view heading, const std::string& count) {
  const Theme& theme = canvas.theme;
  canvas.fill(card, theme.card, 12);
  canvas.outline(card, theme.line2, canvas.big(1.5F, 3), 12);
  Rect rest = card.inset(canvas.big(16, 22));
  Rect head = rest.take_top(canvas.height(kSmallBold) * 2);
  canvas.text_in(head.take_right(canvas.width(kSmall, count)), kSmall, theme.text3, count);
  canvas.text_in(head, {Face::bold, Size::body}, theme.text, heading);
  return rest;
}

// The ground of one of its lines, which opens what it names. True: it is the chosen one.
bool draw_list_line(PanelUi& ui, Rect line, std::size_t which) {
  const Theme& theme = ui.canvas.theme;
  ui.gallery.cards[which] = line;
  const bool chosen = which == ui.gallery.chosen, over = ui.over(line);
  const Rect box{line.x - 8, line.y + 1, line.w + 16, line.h - 2};
  if (chosen || over) ui.canvas.fill(box, theme.raised, 8);
  if (chosen) ui.canvas.outline(box, theme.paper, 2, 8);
  if (over && ui.clicked) ui.ask(CommandName::open_lesson, static_cast<std::int64_t>(which));
  return chosen;
}

// Talks: the first slide of each, how many follow, and how long it takes.
void draw_talks_card(PanelUi& ui, const std::vector<LessonCard>& lessons, const std::vector<std::size_t>& talks, Rect card) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  Rect rest = draw_list_card(canvas, card, "Talks", std::to_string(talks.size()));
  const float row = std::min(rest.h / static_cast<float>(std::max<std::size_t>(talks.size(), 2)), canvas.big(100, 150));
  for (const std::size_t which : talks) {
    Rect line = rest.take_top(row);
    draw_list_line(ui, line, which);
    line = {line.x, line.y + 6, line.w, line.h - 12};
    draw_title_slide(canvas, lessons[which], line.take_left(std::min(line.h * 16 / 9, line.w * 0.45F)));
    line.take_left(12);
    const TextStyle title{Face::bold, Size::small};
    const float high = canvas.height(kSmall) * 1.35F;
    const auto lines = static_cast<float>(std::min(canvas.lines(title, lessons[which].title, line.w), 2));
    const std::string takes = std::to_string(lessons[which].minutes) + " minutes";
    Rect words{line.x, line.center().y - (lines + 1) * high / 2, line.w, (lines + 1) * high};
    canvas.paragraph(words.take_top(lines * high), title, theme.text, lessons[which].title, 1.35F);
    canvas.text_in(words, kSmall, theme.text3, takes);
  }
}

// Puzzles, apart from lessons: a question mark, or a tick for those that are solved.
void draw_puzzles_card(PanelUi& ui, const std::vector<LessonCard>& lessons, const std::vector<std::size_t>& puzzles, Rect card) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const auto solved = std::count_if(puzzles.begin(), puzzles.end(), [&](std::size_t i) { return is_done(ui.gallery, lessons[i]); });
  Rect rest = draw_list_card(canvas, card, "Puzzles", std::to_string(solved) + " of " + std::to_string(puzzles.size()) + " solved");
  const float row = std::min(rest.h / static_cast<float>(std::max<std::size_t>(puzzles.size(), 1)), canvas.height(kSmall) * 2.4F);
  for (std::size_t which : puzzles) {
    Rect line = rest.take_top(row);
    const bool chosen = draw_list_line(ui, line, which), done = is_done(ui.gallery, lessons[which]);
    const float radius = canvas.big(8, 13);
    const Rect sign = line.take_left(2 * radius + 10);
    const Point center{sign.x + radius, sign.center().y};
    if (done) draw_done(canvas, center);
    else canvas.ring(center, radius, theme.text3, 1.5F), canvas.text(center, {Face::bold, Size::micro}, theme.text3, "?", Align::center);
    canvas.text_in(line.take_right(number_width(canvas)), {Face::mono, Size::small}, theme.text3, lessons[which].number, Align::right);
    // The heading has said that it is one.
    std::string title = lessons[which].title;
    constexpr std::string_view kPuzzle = "Puzzle: ";
    if (title.starts_with(kPuzzle)) title.erase(0, kPuzzle.size());
    if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
    canvas.text_in(line, {chosen ? Face::bold : Face::regular, Size::small}, done && !chosen ? theme.text2 : theme.text, title);
  }
}

}  // namespace nutshell

#include "viz/app/presenter_panels.h"

#include <algorithm>
#include <cstdio>

#include "sim/deck/set_lines.h"
#include "sim/scenario/emphasis.h"
#include "viz/slides/figure_frame.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

float words(const PresenterUi& ui, Point left_middle, SlideFace face, float size, Color color, const std::string& text, Rect home) {
  return paint_words(ui.canvas, ui.faces, {left_middle.x, baseline_at(left_middle.y, size)}, {face, size}, color, text, home);
}

// As many whole words as there is room for.
std::string first_words(const Canvas& canvas, const std::string& title, float room) {
  std::string words = title;
  while (canvas.width(kSmallBold, words) > room && words.find(' ') != std::string::npos) words.resize(words.rfind(' '));
  return canvas.width(kSmallBold, words) > room ? "" : words;
}

// A piece of the plan a section, as long as planned; filled with the clock; the pennant is where this slide stands.
void draw_plan(const PresenterUi& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Talk& talk = ui.podium.talk;
  const std::vector<DeckSection>& sections = talk.sections();
  const Duration whole = planned_in_all(sections);
  if (whole == 0 || area.w < 200) return;
  const float gap = 4, room = area.w - gap * static_cast<float>(sections.size() - 1);
  float x = area.x;
  Duration before = 0;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Duration planned = sections[i].planned;
    const float wide = room * static_cast<float>(planned) / static_cast<float>(whole);
    const bool here = i == talk.section();
    const Rect bar{x, area.y + 34, wide, 8};
    canvas.fill(bar, theme.raised, 3);
    const auto filled =
        static_cast<float>(std::clamp<Duration>(talk.elapsed() - before, 0, planned)) / static_cast<float>(std::max<Duration>(planned, 1));
    canvas.fill({bar.x, bar.y, bar.w * filled, bar.h}, here ? theme.paper : theme.text2, 3);
    const Rect above{x, area.y + 6, std::max(wide - 6, 0.0F), 20}, below{x, area.y + 52, std::max(wide - 4, 0.0F), 18};
    canvas.text_in(above, here ? kSmallBold : kSmall, here ? theme.text : theme.text3, first_words(canvas, sections[i].title, above.w));
    const std::string spent = here ? clock_text(talk.spent_in(i)) + " of " + std::to_string(planned / kMinute) : clock_text(planned);
    canvas.text_in(below, here ? kMonoBold : kMono, here ? theme.text : theme.text3,
                   canvas.width(kMono, spent) <= below.w ? spent : std::to_string(planned / kMinute));
    if (here) {
      const std::size_t end = i + 1 < sections.size() ? sections[i + 1].first : talk.deck().slides.size();
      const float share = static_cast<float>(talk.slide() - sections[i].first) / static_cast<float>(end - sections[i].first);
      const Point foot{bar.x + bar.w * share, bar.y - 1};
      canvas.polyline({foot, {foot.x - 6, foot.y - 9}, {foot.x + 6, foot.y - 9}}, theme.text, 1.75F, true);
    }
    x += wide + gap;
    before += planned;
  }
}

std::string behind_text(const Talk& talk) {
  const std::optional<Duration> behind = talk.behind();
  if (!behind || !talk.started()) return talk.started() ? "" : "the clock starts with the first key";
  if (*behind == 0) return "within the plan";
  return clock_text(*behind > 0 ? *behind : -*behind) + (*behind > 0 ? " behind the plan" : " ahead of the plan");
}

// Paragraphs as they were written, their emphasis kept; nothing is left out, what does not fit is scrolled to.
void draw_paragraphs(const PresenterUi& ui, const std::vector<std::string>& notes, Rect area, float size, float scrolled) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  LineLook look;
  look.size = size;
  look.height = 1.42F;
  const TextWidth wide = [&](SlideFont font, std::string_view text) { return ui.faces.width(font, text); };
  const float step = look.size * look.height;
  float y = area.y - scrolled * step;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    std::size_t from = 0;
    for (std::size_t end = 0; from <= notes[i].size(); from = end + 1) {
      end = std::min(notes[i].find('\n', from), notes[i].size());
      const Emphasised said = without_marks(notes[i].substr(from, end - from));
      std::string plain = said.text;
      for (char& each : plain) each = each == '`' ? ' ' : each;
      for (const SetLine& line : set_lines(line_of(plain, said.strong), look, area.w, wide).lines) {
        const bool seen = y >= area.y - 1 && y + step <= area.bottom() + 1;
        for (const LaidText& each : line.pieces) {
          if (seen) paint_words(canvas, ui.faces, {area.x + each.box.x, y + each.baseline}, each.font,
                                each.font.face == SlideFace::bold ? theme.text : theme.text2, each.text, area);
        }
        y += line.height;
      }
    }
    y += step * 0.45F;
  }
  if (y > area.bottom() + step * 0.45F) {
    draw_chevron(canvas, {area.right() + 4, area.bottom() - 6}, 6, theme.text3, false);
  }
}

std::string_view does(NextStep::Kind kind) {
  switch (kind) {
    case NextStep::Kind::build: return "next line";
    case NextStep::Kind::answer: return "shows the answer";
    case NextStep::Kind::caption: return "goes on";
    case NextStep::Kind::question: return "asks";
    case NextStep::Kind::run: return "figure";
    case NextStep::Kind::slide: return "next slide";
    case NextStep::Kind::end: return "nothing";
  }
  return "";
}

}  // namespace

std::string clock_text(Duration time) {
  const std::int64_t seconds = time / kSecond;
  char text[32];
  if (seconds >= 3600)
    std::snprintf(text, sizeof text, "%d:%02d:%02d", static_cast<int>(seconds / 3600 % 1000), static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60));
  else std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(seconds / 60), static_cast<int>(seconds % 60));
  return text;
}

void draw_clock(const PresenterUi& ui, Rect area, const std::string& time_of_day) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Talk& talk = ui.podium.talk;
  canvas.fill(area, theme.panel);
  Rect rest{area.x + 20, area.y + 6, area.w - 40, area.h - 12};
  Rect left = rest.take_left(300);
  const std::string now = clock_text(talk.elapsed());
  Rect top = left.take_top(50);
  const float wide = words(ui, {top.x, top.center().y}, SlideFace::mono_bold, 40, theme.text, now, top);
  const Duration planned = planned_in_all(talk.sections());
  if (planned > 0) words(ui, {top.x + wide + 12, top.center().y + 7}, SlideFace::mono, 17, theme.text2, "of " + clock_text(planned), top);
  const std::string slide = "slide " + std::to_string(talk.slide() + 1) + " of " + std::to_string(talk.deck().slides.size());
  const float used = words(ui, {left.x, left.center().y}, SlideFace::regular, 15, theme.text2, slide, left);
  words(ui, {left.x + used + 18, left.center().y}, SlideFace::bold, 15, theme.text, behind_text(talk), left);
  Rect right = rest.take_right(170);
  rest.take_right(20);
  draw_plan(ui, rest);
  canvas.text_in(right.take_top(26), kSmall, theme.text2, "audience window", Align::right);
  Rect same = right.take_top(26);
  const std::string_view copy = ui.podium.overlay == Overlay::black ? "black" : "same picture";
  canvas.text_in(same, kSmallBold, theme.text, copy, Align::right);
  if (ui.podium.overlay != Overlay::black)
    draw_tick(canvas, {same.right() - canvas.width(kSmallBold, copy) - 16, same.center().y}, 8, theme.text, 2);
  canvas.text_in(right.take_top(24), kMono, theme.text2, time_of_day, Align::right);
}

void draw_then(const PresenterUi& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const std::vector<Slide>& slides = ui.podium.talk.deck().slides;
  const float line = 27;
  if (area.w < 100) return;
  canvas.text_in(area.take_top(line), kSmallBold, theme.text3, "then");
  for (std::size_t i = ui.podium.talk.slide() + 1; i < slides.size() && area.h >= line; ++i) {
    Rect row = area.take_top(line);
    const bool next = i == ui.podium.talk.slide() + 1;
    canvas.text_in(row.take_left(38), next ? kMonoBold : kMono, next ? theme.text : theme.text3, std::to_string(i + 1));
    canvas.text_in(row, next ? kSmallBold : kSmall, next ? theme.text : theme.text2, slides[i].title());
  }
}

void draw_slide_notes(const PresenterUi& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  Rect head = area.take_top(26);
  canvas.text_in(head.take_left(120), kSmallBold, theme.text3, "Notes");
  const std::string_view scroll = "scroll";
  Rect hint = head.take_right(canvas.width(kSmall, scroll) + key_width(canvas, "\u2191 \u2193") + 10);
  draw_key(canvas, {hint.x, hint.center().y}, "\u2191 \u2193");
  canvas.text_in(hint, kSmall, theme.text3, scroll, Align::right);
  area.take_top(8);
  if (!ui.podium.notice.empty()) {
    const Rect line = area.take_top(28);
    canvas.fill(line, theme.raised, 6);
    canvas.text_in(line.inset(6), kSmallBold, theme.text, ui.podium.notice);
    area.take_top(8);
  }
  area.take_right(12);
  const std::vector<std::string>& notes = ui.podium.talk.shown().notes;
  if (notes.empty()) canvas.text_in(area.take_top(30), kBody, theme.text3, "none on this slide");
  else draw_paragraphs(ui, notes, area, 22, ui.podium.notes_scrolled);
}

void draw_only_you(const PresenterUi& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const LivingFigure* figure = ui.podium.talk.figure();
  const Session* session = figure ? &figure->session() : nullptr;
  const bool asks = session && session->asking();
  canvas.text_in(area.take_top(24), kSmallBold, theme.text3, asks ? "Only you see the answer" : "Rehearsed");
  if (asks) {
    const StoryLine& asked = *session->beat();
    Rect row = area.take_top(54);
    const Rect letter = row.take_left(48);
    canvas.outline(letter, theme.paper, 2, 8);
    const std::string name = asked.answer ? std::string(1, static_cast<char>('A' + *asked.answer)) : "?";
    words(ui, {letter.center().x - ui.faces.width({SlideFace::mono_bold, 30}, name) / 2, letter.center().y}, SlideFace::mono_bold, 30,
          theme.text, name, letter);
    row.take_left(14);
    canvas.paragraph(row, kBodyBold, theme.text, asked.answer ? asked.choices[*asked.answer] : "none of them alone", 1.3F);
    area.take_top(8);
    canvas.paragraph(
        area, kSmall, theme.text2,
        "From the run of this figure, worked out ahead: " + std::to_string(asked.choices.size()) + " choices, this one comes true.");
    return;
  }
  const Talk& talk = ui.podium.talk;
  bool any = false;
  for (std::size_t i = 0; i < talk.sections().size(); ++i) any = any || talk.rehearsed_in(i) > 0;
  if (!any) {
    canvas.paragraph(area, kSmall, theme.text2, "Not yet: what each section takes now is kept, and stands here the next time.");
    return;
  }
  const std::size_t here = talk.section(), first = here < 2 ? 0 : here - 1;
  for (std::size_t i = first; i < talk.sections().size() && area.h >= 22; ++i) {
    Rect row = area.take_top(22);
    const bool now = i == here;
    canvas.text_in(row.take_right(62), now ? kMonoBold : kMono, now ? theme.text : theme.text2, clock_text(talk.rehearsed_in(i)),
                   Align::right);
    canvas.text_in(row.take_right(70), kMono, theme.text3, talk.spent_in(i) > 0 ? clock_text(talk.spent_in(i)) + " /" : "", Align::right);
    canvas.text_in(row, now ? kSmallBold : kSmall, now ? theme.text : theme.text2, talk.sections()[i].title);
  }
}

void draw_next_steps(const PresenterUi& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.text_in(area.take_top(24), kSmallBold, theme.text3, "What the next key does");
  const Podium& at = ui.podium;
  if (at.talk.in_hand()) {
    canvas.paragraph(
        area, kBody, theme.text,
        "The figure is in your hand and has the keys. Esc gives them back to the slide; page keys of a remote do so and go on.");
    return;
  }
  const std::vector<NextStep> steps = at.talk.steps_ahead(3);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Rect row = area.take_top(42);
    area.take_top(3);
    if (i == 0) {
      canvas.fill(row, theme.raised, 8);
      canvas.outline(row, theme.paper, 1.5F, 8);
    }
    Rect tail = row.take_right(52);
    canvas.text_in(tail, i == 0 ? kSmallBold : kSmall, i == 0 ? theme.text : theme.text3, i == 0 ? "now" : "then");
    row.take_left(12);
    Rect words_of = row;
    canvas.text_in({words_of.x, words_of.y + 3, words_of.w, 20}, i == 0 ? kSmallBold : kSmall, i == 0 ? theme.text : theme.text2,
                   does(steps[i].kind));
    canvas.text_in({words_of.x, words_of.y + 20, words_of.w, 20}, kMicro, theme.text2, steps[i].what);
  }
}

void draw_key_list(const PresenterUi& ui, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  struct Row {
    std::string_view key, does;
  };
  const LivingFigure* figure = ui.podium.talk.figure();
  const bool asks = figure && figure->session().asking();
  const Row rows[] = {{"F2", "spotlight, or hold"},
                      {"F3", "pen, until the next slide"},
                      {"F4", "magnifier, or hold"},
                      {".", "black; any key wakes"},
                      {"Esc", "overview; or type 18, or a title"},
                      {"Enter", asks ? "the answer" : "figure in hand, or a click"},
                      {"Space", "figure: play, pause"},
                      {"Home", "figure fresh"},
                      {"Shift Home", "section again"},
                      {"F12", "swap the screens"}};
  canvas.text_in(area.take_top(24), kSmallBold, theme.text3, "Keys");
  const std::size_t half = (std::size(rows) + 1) / 2;
  const float line = std::min(26.0F, area.h / static_cast<float>(half)), wide = area.w / 2;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    Rect row{area.x + (i < half ? 0 : wide), area.y + static_cast<float>(i % half) * line, wide - 6, line};
    draw_key(canvas, {row.x, row.center().y}, rows[i].key);
    row.take_left(i < half ? 50 : 96);
    canvas.text_in(row, kSmall, theme.text2, rows[i].does);
  }
}

}  // namespace nutshell

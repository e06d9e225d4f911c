#include "viz/panels/question.h"

#include <algorithm>

#include "viz/panels/chrome.h"
#include "viz/panels/rich_text.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kChoiceLine = 1.2F;
constexpr std::size_t kMostChoices = 4;  // A to D

// A raised hand: what the room guessed.
void draw_pointing_hand(Canvas& canvas, Point center, float size, Color color) {
  const float width = size * 0.11F;
  for (int i = 0; i < 4; ++i) {
    const float x = center.x + (static_cast<float>(i) - 1.2F) * size * 0.2F, tall = size * (i == 0 || i == 3 ? 0.36F : 0.46F);
    canvas.line({x, center.y}, {x, center.y - tall}, color, width * 1.4F);
  }
  canvas.polyline({{center.x - size * 0.3F, center.y},
                   {center.x - size * 0.28F, center.y + size * 0.3F},
                   {center.x - size * 0.1F, center.y + size * 0.48F},
                   {center.x + size * 0.28F, center.y + size * 0.48F},
                   {center.x + size * 0.38F, center.y + size * 0.2F},
                   {center.x + size * 0.38F, center.y}},
                  color, width * 1.4F);
}

// A choice as it is known: nobody has guessed, the room has, or it is the right one.
struct ChoiceState {
  bool known = false, right = false, guess = false;
};

void draw_choice(PanelUi& ui, Rect box, float room, std::size_t which, std::string_view text, const ChoiceState& state) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Color inverse = theme.light ? rgb(0xFFFFFF) : theme.ink;
  const bool faint = state.known && !state.right && !state.guess;
  const bool over = ui.over(box) && !state.known;
  canvas.cover(box);
  canvas.fill(box, state.right || over ? theme.raised : theme.card, 10);
  Rect letter = box;
  letter = letter.take_left(canvas.height({Face::mono_bold, Size::caption}) * 1.6F);
  canvas.fill(letter, faint ? theme.text3 : theme.paper, 10);
  canvas.text(letter.center(), {Face::mono_bold, Size::caption}, inverse,
              std::string(1, static_cast<char>('A' + which)), Align::center, letter);
  const float width = state.right || state.guess ? 5.0F : 3.0F;
  canvas.outline(box, state.right ? theme.hue(HueName::green).stroke : state.guess ? theme.paper : theme.line2, width, 10);
  const Rect words{letter.right() + 28, box.y, room, box.h};
  Rect signs{words.right(), box.y, box.right() - words.right() - 20, box.h};
  if (state.right) {
    const Rect sign = signs.take_right(60);
    draw_tick(canvas, sign.center(), 24, theme.hue(HueName::green).stroke, 6);
  }
  if (state.guess) {
    constexpr std::string_view kRoom = "the room";
    const TextStyle style{Face::bold, Size::small};
    canvas.text_in(signs.take_right(canvas.width(style, kRoom) + 8), style, theme.text2, kRoom, Align::right);
    draw_pointing_hand(canvas, signs.take_right(48).center(), 34, theme.text2);
  }
  const bool strong = state.right || state.guess;
  const RichText rich(canvas, Size::caption, text, strong ? std::vector<TextSpan>{{0, text.size()}} : std::vector<TextSpan>{});
  rich.draw(canvas, words, faint ? theme.text3 : theme.text, {0, text.size()}, kChoiceLine);
}

}  // namespace

bool is_question(const Session& session) {
  const StoryLine* beat = session.beat();
  return beat && beat->kind == StoryLine::Kind::ask && !beat->choices.empty() && (session.asking() || !session.off_script());
}

Rect draw_choices(PanelUi& ui, const Session& session, Rect stage) {
  Canvas& canvas = ui.canvas;
  const StoryLine& beat = *session.beat();
  const std::optional<std::size_t> given = session.given(session.told() - 1);
  const std::size_t count = std::min(beat.choices.size(), kMostChoices);
  stage = {stage.x + 36, stage.y, stage.w - 72, stage.h - 10};
  // The widest they may get once they are marked, so that no line breaks anew then.
  const float room = stage.w - canvas.height({Face::mono_bold, Size::caption}) * 1.6F - 48 - 60 -
                     canvas.width({Face::bold, Size::small}, "the room") - 56;
  std::vector<Rect> boxes(count);
  for (std::size_t i = count; i-- > 0;) {
    const RichText rich(canvas, Size::caption, beat.choices[i], {{0, beat.choices[i].size()}});
    const auto lines = static_cast<float>(rich.lines({0, beat.choices[i].size()}, room));
    boxes[i] = stage.take_bottom(lines * canvas.height({Face::regular, Size::caption}) * kChoiceLine + 22);
    stage.take_bottom(8);
  }
  Rect taken = boxes.front();
  // Between them nothing of the stage shows.
  const Rect ground{stage.x - 36, taken.y - 10, stage.w + 72, boxes.back().bottom() + 10 - (taken.y - 10)};
  canvas.cover(ground);
  canvas.fill(ground, canvas.theme.stage);
  canvas.line({ground.x, ground.y}, {ground.right(), ground.y}, canvas.theme.line2, 2);
  for (std::size_t i = 0; i < count; ++i) {
    draw_choice(ui, boxes[i], room, i, beat.choices[i], {given.has_value(), given && beat.answer == i, given && *given == i});
    if (ui.over(boxes[i]) && ui.clicked && !given) ui.ask(CommandName::answer, static_cast<std::int64_t>(i));
    taken.h = boxes[i].bottom() - taken.y;
  }
  return taken;
}

float draw_question(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const StoryLine& beat = *session.beat();
  const std::optional<std::size_t> given = session.given(session.told() - 1);
  const float top = area.y;
  canvas.text_in(area.take_top(canvas.big(22, 34)), {Face::bold, Size::small}, theme.text3, "Predict");
  area.take_top(4);
  for (std::size_t i = 0; i < beat.choices.size() && i < 4; ++i) {
    const float line = canvas.height(kBody) * 1.3F;
    // The letter before it, and room for the tick behind it.
    const int lines = canvas.lines(kBody, beat.choices[i], area.w - canvas.big(26, 40) - 44);
    const Rect box = area.take_top(line * static_cast<float>(lines) + (lines > 1 ? 10.0F : 12.0F));
    area.take_top(7);
    const bool right = given && beat.answer == i, guess = given && *given == i;
    if (right) canvas.fill(box, theme.raised, 6);
    if (ui.over(box) && !given) canvas.fill(box, theme.raised, 6);
    canvas.outline(box, right ? theme.hue(HueName::green).stroke : guess ? theme.paper : theme.line2, right || guess ? 2.0F : 1.0F, 6);
    Rect inner{box.x + 12, box.y + 5, box.w - 20, box.h - 10};
    canvas.text({inner.x, box.center().y}, {Face::bold, Size::body}, theme.text, std::string(1, static_cast<char>('A' + i)));
    inner.take_left(canvas.big(26, 40));
    if (right) {
      draw_tick(canvas, {inner.right() - 10, box.center().y}, 8, theme.hue(HueName::green).stroke, 2.5F);
      inner.take_right(24);
    }
    if (lines > 1) canvas.paragraph(inner, kBody, theme.text, beat.choices[i], 1.3F);
    else canvas.text_in(inner, kBody, theme.text, beat.choices[i]);
    if (ui.over(box) && ui.clicked && !given) ui.ask(CommandName::answer, static_cast<std::int64_t>(i));
  }
  const std::string right = beat.answer ? std::string(1, static_cast<char>('A' + *beat.answer)) : "none alone";
  Rect line = area.take_top(canvas.big(34, 46));
  if (!given) {
    const float wide = std::min(line.w, canvas.width({Face::bold, Size::small}, "Show the answer") + 32);
    if (draw_button(ui, line.take_left(wide), "Show the answer", true)) ui.ask(CommandName::reveal);
    line.take_left(10);
    if (line.w > 70) draw_key(canvas, {line.x, line.center().y}, "Enter");
  } else {
    const bool yes = beat.answer && *given == *beat.answer;
    const std::string verdict = (yes ? "Yes: " : *given == Session::kSkipped ? "It is " : "No, it is ") + right + ".";
    canvas.text_in(line, {Face::bold, Size::body}, yes ? theme.hue(HueName::green).stroke : theme.text, verdict + " Now watch why.");
  }
  return area.y - top;
}

}  // namespace nutshell

#include "viz/panels/caption.h"

#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/panels/question.h"
#include "viz/panels/rich_text.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kLineHeight = 1.3F;
constexpr int kLines = 2;

// Time runs backwards: a mark that points to the left, before the sentence of the moment that will be reached.
void draw_way_back(Canvas& canvas, Rect& rest, Color color) {
  const float radius = canvas.big(8, 16);
  const Rect place = rest.take_left(radius * 3 + 8);
  draw_triangle(canvas, {place.x + radius, place.center().y}, radius, color, true, 0.5F);
  draw_triangle(canvas, {place.x + radius * 2.4F, place.center().y}, radius, color, true, 0.5F);
}

// The moment that is shown is the one at which the two universes part.
bool at_divergence(const Session& session) {
  return session.divergence() && session.timeline().position() == session.divergence()->step + 1;
}

std::string divergence_text(const Session& session) {
  const Divergence& where = *session.divergence();
  if (where.left.empty()) return "First difference. Only in II: " + where.right;
  if (where.right.empty()) return "First difference. Only in I: " + where.left;
  return "First difference. I: " + where.left + " II: " + where.right;
}

// What the tool in hand waits for.
std::string hand_text(Tool tool) {
  for (const ToolRow& each : tools()) {
    if (each.tool == tool) return std::string(each.name) + " is in your hand: click on " + std::string(each.needs) + ". Esc lets go.";
  }
  return "";
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

// Where the words of things on the stage stand: those that a sentence is about.
void add_names(std::vector<TextSpan>& strong, const World& world, std::string_view text) {
  for (const Node& node : world.fabric.nodes) {
    const std::string upper = capitalised(node.name);
    for (const std::string_view name : {std::string_view(node.name), std::string_view(upper)}) {
      if (name.empty()) continue;
      for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const std::size_t to = at + name.size();
        const bool whole = (at == 0 || !is_letter(text[at - 1])) && (to == text.size() || !is_letter(text[to]));
        if (whole) strong.push_back({at, to});
      }
    }
  }
}

// Of a question, what is asked: its last sentence.
TextSpan asked(std::string_view text) {
  std::size_t from = text.size();
  while (from > 1 && !(text[from - 1] == ' ' && (text[from - 2] == '.' || text[from - 2] == '?'))) --from;
  return {from > 1 ? from : 0, text.size()};
}

struct Words {
  std::string text;
  std::vector<TextSpan> strong;
};

Words words_of(const PanelUi& ui, const Session& session) {
  const StoryLine* beat = session.beat();
  const bool stands = beat && session.timeline().position() == beat->position;
  const std::optional<Landing>& landing = session.landing();
  const bool stayed = landing && landing->skipped == 0;
  if (ui.figure.hand != Tool::none) return {hand_text(ui.figure.hand), {}};
  Words words;
  if (!session.notice().empty()) words.text = session.notice();
  else if (at_divergence(session)) words.text = divergence_text(session);
  else if (landing && (stayed || !stands)) words.text = landing_text(*landing);
  else words.text = session.caption();
  // The clock of the bar says the same time already.
  const std::string now = format_time(session.view_time()) + "  ";
  if (words.text.starts_with(now)) words.text.erase(0, now.size());
  if (beat && words.text == beat->text) words.strong = beat->strong;
  else add_names(words.strong, session.world(), words.text);
  if (beat && words.text == beat->text && beat->kind == StoryLine::Kind::ask && words.strong.empty()) words.strong = {asked(words.text)};
  return words;
}

// A key and what it does just now.
struct Hint {
  std::string_view key, words;
  std::optional<CommandName> command = {};
  bool primary = false;
};

std::vector<Hint> hints_of(const PanelUi& ui, const Session& session) {
  if (ui.panels.show_why(ui.room)) return {{"\u2191 \u2193", "walk", CommandName::slower}, {"Esc", "close", CommandName::close}};
  if (session.asking()) {
    constexpr std::string_view kLetters = "A B C D";
    const auto count = within<std::size_t>(session.beat()->choices.size(), 1, 4);
    return {{kLetters.substr(0, 2 * count - 1), "guess"}, {"\u2192", "answer", CommandName::next, true}};
  }
  std::vector<Hint> hints = {{"\u2192", session.way_on(), CommandName::next, true}};
  if (const std::string_view back = session.way_back(); !back.empty()) hints.push_back({"U", back, CommandName::undo});
  return hints;
}

// A shaft and a head, as on the key itself.
void draw_arrow(Canvas& canvas, Point center, float length, Color color, float width) {
  const float x = center.x + length / 2, head = length * 0.3F;
  canvas.line({x - length, center.y}, {x - 1, center.y}, color, width);
  canvas.polyline({{x - head, center.y - head}, {x, center.y}, {x - head, center.y + head}}, color, width);
}

struct Ink {
  Color ground, words, faint;
};

void draw_cap(Canvas& canvas, Rect cap, std::string_view key, bool primary, const Ink& ink) {
  if (primary) canvas.fill(cap, ink.words, canvas.big(5, 10));
  else canvas.outline(cap, ink.words, canvas.big(1.5F, 3), canvas.big(5, 10));
  const Color color = primary ? ink.ground : ink.words;
  if (key == "\u2192") draw_arrow(canvas, cap.center(), std::min(cap.w * 0.5F, cap.h * 0.75F), color, canvas.big(2, 4.5F));
  else canvas.text(cap.center(), {Face::mono_bold, Size::small}, color, key, Align::center, cap);
}

// Of the key caps and of the words beside them.
struct HintSizes {
  float cap = 0, words = 0, pad = 0, high = 0;
  float wide() const { return cap + pad + words; }
};

// The same for all captions of a lesson, so that their lines break alike.
HintSizes sizes_of(const Canvas& canvas, const std::vector<Hint>& hints) {
  constexpr TextStyle kKeyCap{Face::mono_bold, Size::small};
  const float around = canvas.big(10, 20);
  HintSizes sizes{canvas.width(kKeyCap, "A B C") + around, canvas.width(kSmallBold, "answer"), canvas.big(10, 18),
                  canvas.height(kSmall) + canvas.big(10, 24)};
  for (const Hint& each : hints) {
    sizes.cap = std::max(sizes.cap, canvas.width(kKeyCap, each.key) + around);
    sizes.words = std::max(sizes.words, canvas.width(kSmallBold, each.words));
  }
  return sizes;
}

void draw_hints(PanelUi& ui, const std::vector<Hint>& hints, const HintSizes& sizes, Rect corner, const Ink& ink) {
  Canvas& canvas = ui.canvas;
  const auto count = static_cast<float>(hints.size());
  const float gap = within((corner.h - sizes.high * count) / std::max(count, 1.0F), 2.0F, canvas.big(6, 14));
  float y = corner.center().y - (sizes.high * count + gap * (count - 1)) / 2;
  for (const Hint& each : hints) {
    const Rect place{corner.x, y, corner.w, sizes.high};
    draw_cap(canvas, {corner.x, y, sizes.cap, sizes.high}, each.key, each.primary, ink);
    const TextStyle style{each.primary ? Face::bold : Face::regular, Size::small};
    canvas.text_in({corner.x + sizes.cap + sizes.pad, y, sizes.words, sizes.high}, style, each.primary ? ink.words : ink.faint, each.words);
    if (each.command && ui.over(place) && ui.clicked) ui.ask(*each.command, 0);
    y += sizes.high + gap;
  }
}

constexpr std::string_view kPress = "Press the right arrow", kOnly = "it is the only key you need";
constexpr TextStyle kPressStyle{Face::bold, Size::name};

float one_key_width(const Canvas& canvas) {
  return 72 + 18 + std::max(canvas.width(kPressStyle, kPress), canvas.width(kSmall, kOnly));
}

// The one key, as large as it has to be for somebody who has never been here.
void draw_one_key(PanelUi& ui, Rect corner, const Ink& ink) {
  Canvas& canvas = ui.canvas;
  const float side = std::min(72.0F, corner.h - 16);
  const Rect cap{corner.x, corner.center().y - side / 2, side, side};
  canvas.fill(cap, ink.words, 10);
  canvas.outline({cap.x + 4, cap.y + 3, cap.w - 8, cap.h - 12}, ink.ground, 2, 8);
  draw_arrow(canvas, {cap.center().x, cap.center().y - 4}, side * 0.4F, ink.ground, 3);
  const Rect words{cap.right() + 18, corner.y, corner.right() - cap.right() - 18, corner.h};
  canvas.text({words.x, words.center().y - 12}, kPressStyle, ink.words, kPress, Align::left, words);
  canvas.text({words.x, words.center().y + 14}, kSmall, ink.faint, kOnly, Align::left, words);
  if (ui.over(corner) && ui.clicked) ui.ask(CommandName::next);
}

// The letter of the answer that this caption explains, with a tick.
void draw_answer(Canvas& canvas, std::size_t choice, Rect& rest, const Ink& ink) {
  const float side = canvas.big(34, 84);
  Rect place = rest.take_left(side);
  rest.take_left(canvas.big(14, 32));
  const Rect box{place.x, place.center().y - std::min(place.h, side * 1.3F) / 2, side, std::min(place.h, side * 1.3F)};
  canvas.fill(box, ink.words, canvas.big(5, 10));
  const Point letter{box.center().x, box.y + box.h * 0.36F};
  canvas.text(letter, {Face::mono_bold, canvas.projector ? Size::caption : Size::body}, ink.ground,
              std::string(1, static_cast<char>('A' + choice)), Align::center, box);
  draw_tick(canvas, {box.center().x, box.y + box.h * 0.78F}, canvas.big(8, 16), ink.ground, canvas.big(2.5F, 5));
}

}  // namespace

float caption_height(const Canvas& canvas) {
  return canvas.height({Face::regular, Size::caption}) * kLineHeight * kLines + canvas.big(14, 64);
}

bool turn_caption(CaptionView& caption, int way) {
  if (way > 0 ? caption.page + 1 >= caption.pages : caption.page == 0) return false;
  caption.page = way > 0 ? caption.page + 1 : caption.page - 1;
  caption.stood = 0;
  return true;
}

void read_on(CaptionView& caption, Duration wall) {
  constexpr Duration kLetter = 60 * kMillisecond;
  caption.stood += wall;
  if (caption.stood > kLetter * static_cast<Duration>(caption.text.size() / caption.pages)) turn_caption(caption, 1);
}

bool has_more_pages(const CaptionView& caption) { return caption.page + 1 < caption.pages; }

std::optional<std::size_t> answer_before(const Session& session) {
  const std::size_t told = session.told();
  if (told < 2 || session.asking()) return std::nullopt;
  const StoryLine& before = session.beats()[told - 2];
  const bool follows = session.beats()[told - 1].kind == StoryLine::Kind::say && before.kind == StoryLine::Kind::ask;
  return follows && session.given(told - 2) ? before.answer : std::nullopt;
}

std::string landing_text(const Landing& landing) {
  if (landing.skipped == 0) return "There is " + landing.what + ".";
  return "Skipped " + format_duration(landing.skipped / kMillisecond * kMillisecond) + ": " + landing.what + ".";
}

void draw_caption(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  // For the back row the bar is dark on light ground, and the other way round it stays dark.
  const bool inverse = canvas.projector && theme.light;
  const Ink ink{inverse ? theme.paper : theme.raised, inverse ? rgb(0xFFFFFF) : theme.text, inverse ? rgb(0xD8D3C7) : theme.text2};
  canvas.fill(area, ink.ground);
  if (!inverse) canvas.fill({area.x, area.y, canvas.big(4, 8), area.h}, theme.paper);
  Rect rest{area.x + canvas.big(18, 48), area.y, area.w - canvas.big(34, 84), area.h};
  if (!canvas.projector && !ui.panels.first_screen && rest.w > 560) {
    const TextStyle mono{Face::mono_bold, Size::body};
    const float room = canvas.width(mono, widest_time(session.scenario().until));
    canvas.text_in(rest.take_left(room), mono, ink.faint, format_time(session.view_time()));
    rest.take_left(18);
  }
  if (session.rewinding()) draw_way_back(canvas, rest, ink.words);
  const Words words = words_of(ui, session);
  const StoryLine* beat = session.beat();
  const std::optional<std::size_t> answer = beat && words.text == beat->text ? answer_before(session) : std::nullopt;
  if (answer) draw_answer(canvas, *answer, rest, ink);
  std::vector<Hint> hints = hints_of(ui, session);
  const HintSizes sizes = sizes_of(canvas, hints);
  const bool first = ui.panels.first_screen && !canvas.projector;
  const float wide = first ? std::max(sizes.wide(), one_key_width(canvas)) : sizes.wide();
  const bool room = rest.w > wide * 2;
  const Rect corner = room ? rest.take_right(wide) : Rect{};
  rest.take_right(room ? canvas.big(16, 40) : 0);
  if (session.compared() && rest.w > 700) {
    const std::string apart = session.facts_apart();
    canvas.text_in(rest.take_right(canvas.width(kSmall, apart)), kSmall, ink.words, apart);
    rest.take_right(16);
  }
  const RichText text(canvas, Size::caption, words.text, words.strong);
  const std::vector<TextSpan> pages = text.pages(rest.w, kLines);
  CaptionView& caption = ui.panels.caption;
  if (caption.text != words.text) caption = {words.text, 0, 1, 0};
  caption.pages = pages.size();
  caption.page = std::min(caption.page, pages.size() - 1);
  if (has_more_pages(caption)) {
    for (Hint& each : hints) {
      if (each.command == CommandName::next) each.words = "more";
    }
  }
  const bool alone = first && hints.size() == 1 && hints.front().command == CommandName::next;
  if (room && alone) draw_one_key(ui, corner, ink);
  else if (room) draw_hints(ui, hints, sizes, corner, ink);
  text.draw(canvas, rest, ink.words, pages[caption.page], kLineHeight);
}

}  // namespace nutshell

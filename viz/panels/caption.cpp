// The caption bar: always one sentence about what just happened, or what the lesson says.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kLine = 1.3F;

// Of the question that stands.
std::size_t choices(const Session& session) {
  return session.beat() ? within<std::size_t>(session.beat()->choices.size(), 1, 4) : 1;
}

int room_for_lines(const Canvas& canvas, TextStyle style, float height) {
  return static_cast<int>((height + 0.5F) / (canvas.height(style) * kLine));
}

// The largest style in which the text fits, the smallest if it does in none.
TextStyle style_for(const Canvas& canvas, std::string_view text, const Rect& room) {
  for (Size size : {Size::caption, Size::name, Size::body}) {
    const TextStyle style{Face::regular, size};
    if (canvas.lines(style, text, room.w) <= room_for_lines(canvas, style, room.h)) return style;
  }
  return {Face::regular, Size::small};
}

// Without its last sentences, until it fits; the first one always stands. The panel has the whole text.
std::string_view whole_sentences(const Canvas& canvas, TextStyle style, std::string_view text, const Rect& room) {
  const auto end_before = [](std::string_view whole) {
    std::size_t end = whole.size() - 1;
    while (end > 0 && !(whole[end] == ' ' && (whole[end - 1] == '.' || whole[end - 1] == '?'))) --end;
    return end;
  };
  while (canvas.lines(style, text, room.w) > room_for_lines(canvas, style, room.h)) {
    const std::size_t end = end_before(text);
    if (end == 0) break;
    text = text.substr(0, end);
  }
  return text;
}

// Time runs backwards: a mark that points to the left, before the sentence of the moment that will be reached.
void draw_way_back(Canvas& canvas, Rect& rest, Color color) {
  const float radius = canvas.big(8, 16);
  const Rect place = rest.take_left(radius * 3 + 8);
  draw_triangle(canvas, {place.x + radius, place.center().y}, radius, color, true, 0.5F);
  draw_triangle(canvas, {place.x + radius * 2.4F, place.center().y}, radius, color, true, 0.5F);
}

}  // namespace

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

std::string landing_text(const Landing& landing) {
  if (landing.skipped == 0) return "There is " + landing.what + ".";
  return "Skipped " + format_duration(landing.skipped / kMillisecond * kMillisecond) + ": " + landing.what + ".";
}

void draw_caption(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  // For the back row the bar is dark on light ground, and the other way round it stays dark.
  const bool inverse = canvas.projector && theme.light;
  const Color ground = inverse ? theme.paper : theme.raised;
  const Color words = inverse ? rgb(0xFFFFFF) : theme.text;
  canvas.fill(area, ground);
  canvas.fill({area.x, area.y, 4, area.h}, inverse ? rgb(0xFFFFFF) : theme.paper);
  Rect rest{area.x + 18, area.y + 4, area.w - 34, area.h - 8};
  if (!canvas.projector) {
    const TextStyle mono{Face::mono_bold, Size::name};
    canvas.text_in(rest.take_left(canvas.width(mono, "888.888s")), mono, words, format_time(session.view_time()));
    rest.take_left(18);
  }
  if (session.rewinding()) draw_way_back(canvas, rest, words);
  const std::string letters = std::string("A to ") + static_cast<char>('A' + choices(session) - 1);
  const std::string_view hint = session.asking() ? std::string_view(letters) : session.told() < session.beats().size() ? "next" : "";
  if (!hint.empty() && rest.w > 420) {
    const TextStyle style{Face::regular, Size::small};
    const float key = key_width(canvas, "→");
    Rect corner = rest.take_right(canvas.width(style, hint) + key + 10);
    rest.take_right(16);
    if (!session.asking()) {
      const float high = canvas.height({Face::mono, Size::micro}) + 6;
      const Rect cap{corner.x, corner.center().y - high / 2, key, high};
      canvas.outline(cap, words, 1.5F, 4);
      canvas.text(cap.center(), {Face::mono, Size::micro}, words, "→", Align::center, cap);
      if (ui.over(corner) && ui.clicked) ui.ask(CommandName::next);
    }
    corner.take_left(key + 8);
    canvas.text_in(corner, style, words, hint);
  }
  if (session.compared() && rest.w > 700) {
    const TextStyle style{Face::regular, Size::small};
    const std::string apart = session.facts_apart();
    canvas.text_in(rest.take_right(canvas.width(style, apart)), style, words, apart);
    rest.take_right(16);
  }
  const StoryLine* beat = session.beat();
  const bool stands = beat && session.timeline().position() == beat->position;
  const std::optional<Landing>& landing = session.landing();
  const bool stayed = landing && landing->skipped == 0;
  const std::string text = ui.view.hand != Tool::none ? hand_text(ui.view.hand)
                           : !session.notice().empty() ? session.notice()
                           : at_divergence(session)    ? divergence_text(session)
                           : landing && (stayed || !stands) ? landing_text(*landing) : session.caption();
  const TextStyle style = style_for(canvas, text, rest);
  const std::string_view shown = whole_sentences(canvas, style, text, rest);
  const int count = std::min(canvas.lines(style, shown, rest.w), room_for_lines(canvas, style, rest.h));
  const float used = static_cast<float>(count) * canvas.height(style) * kLine;
  canvas.paragraph({rest.x, rest.y + (rest.h - used) / 2, rest.w, used}, style, words, shown, kLine);
}

}  // namespace nutshell

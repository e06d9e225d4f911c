// The caption bar: always one sentence about what just happened, or what the lesson says.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// The largest style in which the text fits into so many lines.
TextStyle style_for(const Canvas& canvas, std::string_view text, float width, float height) {
  for (Size size : {Size::caption, Size::name, Size::body}) {
    const TextStyle style{Face::regular, size};
    const float lines = height / (canvas.height(style) * 1.3F);
    if (canvas.width(style, text) * 1.08F < width * std::max(1.0F, static_cast<float>(static_cast<int>(lines)))) return style;
  }
  return {Face::regular, Size::small};
}

std::string landing_text(const Landing& landing) {
  return "Skipped " + format_duration(landing.skipped / kMillisecond * kMillisecond) + ": " + landing.what + ".";
}

}  // namespace

void draw_caption(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  // For the back row the bar is dark on light ground, and the other way round it stays dark.
  const bool inverse = canvas.projector && theme.light;
  const Color ground = inverse ? theme.paper : theme.raised;
  const Color words = inverse ? rgb(0xFFFFFF) : theme.text;
  canvas.fill(area, ground);
  canvas.fill({area.x, area.y, 4, area.h}, inverse ? rgb(0xFFFFFF) : theme.paper);
  Rect rest{area.x + 18, area.y + 6, area.w - 34, area.h - 12};
  if (!canvas.projector) {
    const TextStyle mono{Face::mono_bold, Size::name};
    canvas.text_in(rest.take_left(canvas.width(mono, "888.888s")), mono, words, format_time(session.view_time()));
    rest.take_left(18);
  }
  const std::string_view hint = session.asking() ? "A to D" : session.told() < session.beats().size() ? "next" : "";
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
  const StoryLine* beat = session.beat();
  const bool stands = beat && session.timeline().position() == beat->position;
  const std::string text = session.landing() && !stands ? landing_text(*session.landing()) : session.caption();
  const TextStyle style = style_for(canvas, text, rest.w, rest.h);
  const float line = canvas.height(style) * 1.3F;
  const bool one = canvas.width(style, text) <= rest.w;
  const float used = one ? line : std::min(2.0F, static_cast<float>(static_cast<int>(rest.h / line))) * line;
  canvas.paragraph({rest.x, rest.y + (rest.h - used) / 2, rest.w, rest.h}, style, words, text, 1.3F);
}

}  // namespace nutshell

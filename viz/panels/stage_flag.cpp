// A paper flag where somebody has acted by hand: "you: kill".
#include "sim/session/done.h"
#include "sim/session/named.h"
#include "viz/panels/stage.h"

namespace nutshell {

namespace {

constexpr TextStyle kFlagWords{Face::bold, Size::micro};

}  // namespace

DeedFlag flag_of(const Session& session) {
  if (!session.off_script()) return {};
  const Branch& branch = *session.branches()[session.current()];
  const Action* last = nullptr;
  for (const Action& each : branch.acted) {
    if (each.at <= session.view_time()) last = &each;
  }
  if (!last) return {};
  for (const Place& each : places_named_in(session.world(), sentence(last->body))) {
    if (each.node != kNoNode && each.tp.topic < 0) return {each, "you: " + deed_word(last->body)};
  }
  return {};
}

float flag_width(const Canvas& canvas, std::string_view text) { return canvas.width(kFlagWords, text) + canvas.big(14, 24); }

float draw_flag(Canvas& canvas, Point left_middle, std::string_view text) {
  const Theme& theme = canvas.theme;
  const float wide = flag_width(canvas, text), high = canvas.height(kFlagWords) + canvas.big(4, 8), pole = canvas.big(2, 4);
  const Rect cloth{left_middle.x + pole, left_middle.y - high / 2 - canvas.big(2, 4), wide - pole, high};
  canvas.fill({left_middle.x, cloth.y, pole, high + canvas.big(6, 10)}, theme.paper);
  canvas.fill(cloth, theme.paper, 2);
  canvas.text(cloth.center(), kFlagWords, theme.light ? rgb(0xFFFFFF) : theme.ink, text, Align::center, cloth);
  return wide;
}

void draw_flags(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  if (!scene.flag.place || scene.flag.place.kind == PlaceKind::broker || layout.map) return;
  const Rect* card = layout.of(scene.flag.place.node);
  if (!card) return;
  // It stands on the card's foot, so that it hides no word of it.
  const float wide = flag_width(canvas, scene.flag.text), x = card->right() - wide - 10;
  const float high = canvas.height(kFlagWords) + canvas.big(4, 8);
  canvas.cover({x, card->bottom() - high / 2, wide, high});
  draw_flag(canvas, {x, card->bottom()}, scene.flag.text);
}

}  // namespace nutshell

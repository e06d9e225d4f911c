#include "viz/panels/tokens.h"

#include <algorithm>

#include "viz/ui/signs.h"

namespace nutshell {

namespace {

int parcel_boxes(const Flight& flight) { return flight.count > 4 ? 1 : std::max(flight.count, 1); }

std::string parcel_words(const Flight& flight) { return flight.count > 4 ? "x" + std::to_string(flight.count) : ""; }

float parcel_width(const Canvas& canvas, const Flight& flight) {
  const std::string count = parcel_words(flight);
  const float words = count.empty() ? 0 : canvas.width({Face::mono_bold, Size::micro}, count) + 3;
  return static_cast<float>(parcel_boxes(flight)) * (canvas.big(8, 14) + 2) + 8 + words;
}

// A parcel of records: hollow boxes on the way in, in the hue of their epoch on the way out.
void draw_parcel(Canvas& canvas, Point at, const Flight& flight, const Hue* hue) {
  const Theme& theme = canvas.theme;
  const float side = canvas.big(8, 14), high = canvas.big(18, 32);
  const int boxes = parcel_boxes(flight);
  const TextStyle style{Face::mono_bold, Size::micro};
  const std::string count = parcel_words(flight);
  const float wide = parcel_width(canvas, flight);
  const Rect parcel{at.x - wide / 2, at.y - high / 2, wide, high};
  canvas.fill({parcel.x - 2, parcel.y - 2, parcel.w + 4, parcel.h + 4}, theme.stage, 5);
  canvas.fill(parcel, rgb(0xF3F0E8), 4);
  if (theme.light) canvas.outline(parcel, theme.ink, 1.5F, 4);
  for (int i = 0; i < boxes; ++i) {
    const Rect box{parcel.x + 5 + static_cast<float>(i) * (side + 2), at.y - side * 0.65F, side, side * 1.3F};
    if (hue) canvas.fill(box, hue->fill, 1.5F);
    canvas.outline(box, theme.ink, 1, 1.5F);
  }
  canvas.text({parcel.right() - 4, at.y}, style, theme.ink, count, Align::right);
}

void draw_letter_token(Canvas& canvas, Point at, char letter, Color color, TokenKind kind) {
  const Theme& theme = canvas.theme;
  const float radius = canvas.big(10, 19);
  const auto shape = [&](float r, Color c) {
    if (kind == TokenKind::group) draw_hexagon(canvas, at, r, c, true);
    else if (kind == TokenKind::vote) draw_triangle(canvas, at, r * 1.15F, c, true, -0.25F);
    else draw_diamond(canvas, at, r * 1.1F, c);
  };
  shape(radius + 3, theme.light ? theme.ink : theme.stage);
  shape(radius, color);
  if (letter) canvas.text({at.x, at.y + (kind == TokenKind::vote ? 2.0F : 0)}, {Face::bold, Size::micro}, theme.ink,
                          std::string_view(&letter, 1), Align::center);
}

}  // namespace

float token_half(const Canvas& canvas, const Flight& flight) {
  switch (flight.kind) {
    case TokenKind::produce:
    case TokenKind::fetch_reply: return parcel_width(canvas, flight) / 2 + 2;
    case TokenKind::group:
    case TokenKind::metadata:
    case TokenKind::vote: return canvas.big(14, 24);
    default: return canvas.big(10, 17);
  }
}

void draw_token(Canvas& canvas, Point at, const Flight& flight, const Hue* hue) {
  const Theme& theme = canvas.theme;
  const float radius = canvas.big(8, 15);
  switch (flight.kind) {
    case TokenKind::produce: return draw_parcel(canvas, at, flight, nullptr);
    case TokenKind::fetch_reply: return draw_parcel(canvas, at, flight, hue);
    case TokenKind::accepted:
    case TokenKind::refused: {
      const bool ok = flight.kind == TokenKind::accepted;
      canvas.circle(at, radius + 2, theme.light ? theme.ink : theme.stage);
      canvas.circle(at, radius, theme.hue(ok ? HueName::green : HueName::red).fill);
      if (ok) draw_tick(canvas, at, radius * 0.8F, theme.ink, canvas.big(2, 3.5F));
      else draw_cross(canvas, at, radius * 0.45F, theme.ink, canvas.big(2, 3.5F));
      return;
    }
    case TokenKind::group:
      return draw_letter_token(canvas, at, flight.letter, theme.hue(HueName::purple).fill, flight.kind);
    case TokenKind::metadata:
    case TokenKind::vote:
      return draw_letter_token(canvas, at, flight.letter, theme.hue(HueName::yellow).fill, flight.kind);
    default:
      canvas.circle(at, radius + 1, theme.stage);
      canvas.ring(at, radius, theme.text3, 1.75F);
      if (flight.kind == TokenKind::heartbeat) canvas.line({at.x - 4, at.y}, {at.x + 4, at.y}, theme.text3, 1.5F);
      else draw_chevron(canvas, at, radius * 0.7F, theme.text3, true);
  }
}

void draw_speck(Canvas& canvas, Point at, const Flight& flight, const Hue* hue) {
  const Theme& theme = canvas.theme;
  const float half = canvas.big(3.5F, 6);
  const Rect square{at.x - half, at.y - half, 2 * half, 2 * half};
  switch (flight.kind) {
    case TokenKind::produce:
    case TokenKind::fetch_reply:
      canvas.fill(square.inset(-1), theme.light ? theme.ink : theme.stage, 2);
      return canvas.fill(square, hue && flight.kind == TokenKind::fetch_reply ? hue->fill : rgb(0xF3F0E8), 2);
    case TokenKind::accepted: return canvas.circle(at, half, theme.hue(HueName::green).stroke);
    case TokenKind::refused: return draw_cross(canvas, at, half, theme.hue(HueName::red).stroke, 2);
    case TokenKind::group: return draw_hexagon(canvas, at, half, theme.hue(HueName::purple).stroke, true);
    case TokenKind::metadata:
    case TokenKind::vote: return draw_diamond(canvas, at, half + 1, theme.light ? theme.ink : theme.hue(HueName::yellow).fill);
    default: return canvas.circle(at, half * 0.6F, theme.text3);
  }
}

}  // namespace nutshell

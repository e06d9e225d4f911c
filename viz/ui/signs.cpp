#include "viz/ui/signs.h"

#include <algorithm>
#include <cmath>

namespace nutshell {

namespace {

std::vector<Point> regular(Point center, float radius, int corners, float turn) {
  std::vector<Point> points;
  for (int i = 0; i < corners; ++i) {
    const float angle = kTurn * (turn + static_cast<float>(i) / static_cast<float>(corners));
    points.push_back({center.x + radius * std::cos(angle), center.y + radius * std::sin(angle)});
  }
  return points;
}

constexpr TextStyle kKeyStyle{Face::mono, Size::micro};
constexpr TextStyle kTagStyle{Face::bold, Size::micro};

}  // namespace

void draw_crown(Canvas& canvas, Point c, float r, Color color) {
  const Point foot_left{c.x - r * 0.8F, c.y + r * 0.7F}, foot_right{c.x + r * 0.8F, c.y + r * 0.7F};
  const Point left{c.x - r, c.y - r * 0.45F}, right{c.x + r, c.y - r * 0.45F}, top{c.x, c.y - r * 0.85F};
  canvas.polygon({foot_left, left, {c.x - r * 0.35F, c.y + r * 0.1F}, {c.x - r * 0.1F, c.y + r * 0.7F}}, color);
  canvas.polygon({{c.x - r * 0.55F, c.y + r * 0.7F}, top, {c.x + r * 0.55F, c.y + r * 0.7F}}, color);
  canvas.polygon({{c.x + r * 0.1F, c.y + r * 0.7F}, {c.x + r * 0.35F, c.y + r * 0.1F}, right, foot_right}, color);
}

void draw_hexagon(Canvas& canvas, Point center, float radius, Color color, bool filled, float width) {
  const std::vector<Point> points = regular(center, radius, 6, 1.0F / 12);
  if (filled) canvas.polygon(points, color);
  else canvas.polyline(points, color, width, true);
}

void draw_star(Canvas& canvas, Point center, float radius, Color color) {
  for (int i = 0; i < 5; ++i) {
    const float at = -0.25F + static_cast<float>(i) / 5;
    const auto tip = regular(center, radius, 1, at)[0];
    const auto left = regular(center, radius * 0.42F, 1, at - 0.1F)[0];
    const auto right = regular(center, radius * 0.42F, 1, at + 0.1F)[0];
    canvas.polygon({center, left, tip, right}, color);
  }
}

void draw_triangle(Canvas& canvas, Point center, float radius, Color color, bool filled, float turn) {
  const std::vector<Point> points = regular(center, radius, 3, turn);
  if (filled) canvas.polygon(points, color);
  else canvas.polyline(points, color, 1.75F, true);
}

void draw_diamond(Canvas& canvas, Point center, float radius, Color color) {
  canvas.polygon(regular(center, radius, 4, 0), color);
}

void draw_octagon(Canvas& canvas, Point center, float radius, Color color) {
  canvas.polygon(regular(center, radius, 8, 1.0F / 16), color);
}

void draw_tick(Canvas& canvas, Point c, float r, Color color, float width) {
  canvas.polyline({{c.x - r * 0.55F, c.y}, {c.x - r * 0.1F, c.y + r * 0.45F}, {c.x + r * 0.6F, c.y - r * 0.45F}}, color,
                  width);
}

void draw_cross(Canvas& canvas, Point c, float r, Color color, float width) {
  canvas.line({c.x - r, c.y - r}, {c.x + r, c.y + r}, color, width);
  canvas.line({c.x + r, c.y - r}, {c.x - r, c.y + r}, color, width);
}

void draw_chevron(Canvas& canvas, Point c, float r, Color color, bool to_left) {
  const float dx = to_left ? -r * 0.4F : r * 0.4F;
  canvas.polyline({{c.x - dx, c.y - r * 0.6F}, {c.x + dx, c.y}, {c.x - dx, c.y + r * 0.6F}}, color, 1.75F);
}

void draw_drain(Canvas& canvas, Point center, float radius, float left) {
  const Theme& theme = canvas.theme;
  const float width = canvas.big(2.5F, 4);
  canvas.ring(center, radius, theme.line2, width);
  if (left <= 0) {
    const Color red = theme.hue(HueName::red).stroke;
    canvas.ring(center, radius, red, width);
    return draw_cross(canvas, center, radius * 0.4F, red, width * 0.8F);
  }
  const Color color = left < 0.2F ? theme.hue(HueName::yellow).stroke : theme.text2;
  canvas.arc(center, radius, 1 - std::min(left, 1.0F), 1, color, width);
}

void draw_hidden(Canvas& canvas, Rect box) {
  canvas.fill(box, canvas.theme.bg, 5);
  canvas.hatch(box.inset(1), canvas.theme.line2, 8);
  canvas.outline(box, canvas.theme.line2, canvas.big(1.25F, 2), 5);
  const TextStyle style{Face::bold, Size::small};
  const float wide = canvas.width(style, "?") + canvas.big(8, 14);
  if (wide < box.w) canvas.fill({box.center().x - wide / 2, box.y + 2, wide, box.h - 4}, canvas.theme.bg);
  canvas.text(box.center(), style, canvas.theme.text, "?", Align::center, box);
}

float key_width(const Canvas& canvas, std::string_view key) {
  return std::max(canvas.width(kKeyStyle, key) + 10, canvas.height(kKeyStyle) + 6);
}

float draw_key(Canvas& canvas, Point left_middle, std::string_view key) {
  const float wide = key_width(canvas, key), high = canvas.height(kKeyStyle) + 6;
  const Rect cap{left_middle.x, left_middle.y - high / 2, wide, high};
  canvas.outline(cap, canvas.theme.line2, 1, 4);
  canvas.text(cap.center(), kKeyStyle, canvas.theme.text2, key, Align::center, cap);
  return wide;
}

float tag_width(const Canvas& canvas, std::string_view text) { return canvas.width(kTagStyle, text) + 14; }

float draw_tag(Canvas& canvas, Point left_middle, std::string_view text, Color color, bool filled) {
  const float wide = tag_width(canvas, text), high = canvas.height(kTagStyle) + 7;
  const Rect tag{left_middle.x, left_middle.y - high / 2, wide, high};
  if (filled) canvas.fill(tag, color, 5);
  else canvas.outline(tag, color, 1.5F, 5);
  canvas.text(tag.center(), kTagStyle, filled ? (canvas.theme.light ? rgb(0xFFFFFF) : canvas.theme.ink) : color, text,
              Align::center, tag);
  return wide;
}

void draw_hand(Canvas& canvas, Point c, float r, Color color) {
  const float wide = r * 0.3F;
  for (int i = 0; i < 4; ++i) {
    const float high = r * (i == 0 || i == 3 ? 1.1F : 1.35F), x = c.x - r * 0.62F + static_cast<float>(i) * r * 0.38F;
    canvas.fill({x, c.y + r * 0.2F - high, wide, high}, color, wide / 2);
  }
  canvas.fill({c.x - r * 0.62F, c.y - r * 0.15F, r * 1.44F, r * 1.1F}, color, r * 0.4F);
  canvas.line({c.x - r * 0.5F, c.y + r * 0.5F}, {c.x - r * 1.05F, c.y - r * 0.05F}, color, wide);
}

}  // namespace nutshell

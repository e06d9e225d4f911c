#include "viz/ui/canvas.h"

#include <algorithm>
#include <cmath>

namespace nutshell {

namespace {

// The outline of a rectangle with round corners as a line of points, starting at the upper left.
std::vector<Point> rounded(Rect r, float radius) {
  std::vector<Point> points;
  radius = std::min({radius, r.w / 2, r.h / 2});
  const auto corner = [&](float cx, float cy, float from) {
    for (int i = 0; i <= 4; ++i) {
      const float angle = kTurn * (from + static_cast<float>(i) / 16);
      points.push_back({cx + radius * std::cos(angle), cy + radius * std::sin(angle)});
    }
  };
  corner(r.x + radius, r.y + radius, 0.5F);
  corner(r.right() - radius, r.y + radius, 0.75F);
  corner(r.right() - radius, r.bottom() - radius, 0);
  corner(r.x + radius, r.bottom() - radius, 0.25F);
  points.push_back(points.front());
  return points;
}

// Bytes of the UTF-8 character at `i`.
std::size_t character(std::string_view text, std::size_t i) {
  std::size_t bytes = 1;
  while (i + bytes < text.size() && (static_cast<unsigned char>(text[i + bytes]) & 0xc0) == 0x80) ++bytes;
  return bytes;
}

struct Stretch {
  double from = 0, to = 0;
};

// The part of a line that lies in the rectangle, as distances from its beginning; nothing if `to` is not above `from`.
// (Liang and Barsky, 1984.)
Stretch inside(Rect r, Point from, Point way, double length) {
  double first = 0, last = 1;
  const auto cut = [&](double start, double along, double least, double most) {
    if (along == 0) {
      if (start < least || start > most) last = 0;
      return;
    }
    const double one = (least - start) / along, other = (most - start) / along;
    first = std::max(first, std::min(one, other));
    last = std::min(last, std::max(one, other));
  };
  cut(from.x, way.x, r.x, r.right());
  cut(from.y, way.y, r.y, r.bottom());
  return {first * length, last * length};
}

}  // namespace

Rect Rect::inset(float by) const {
  const float across = std::min(by, w / 2), down = std::min(by, h / 2);
  return {x + across, y + down, w - 2 * across, h - 2 * down};
}
Rect Rect::take_left(float width) {
  width = within(width, 0.0F, w);
  const Rect taken{x, y, width, h};
  x += width;
  w -= width;
  return taken;
}
Rect Rect::take_right(float width) {
  width = within(width, 0.0F, w);
  w -= width;
  return {x + w, y, width, h};
}
Rect Rect::take_top(float height) {
  height = within(height, 0.0F, h);
  const Rect taken{x, y, w, height};
  y += height;
  h -= height;
  return taken;
}
Rect Rect::take_bottom(float height) {
  height = within(height, 0.0F, h);
  h -= height;
  return {x, y + h, w, height};
}

Canvas Canvas::miniature(Rect whole, Rect target) const {
  Canvas small(list_, theme, fonts_, scale_, false);
  small.scale_ = scale_ * std::min(target.w / whole.w, target.h / whole.h);
  small.text_scale_ = text_scale_;
  small.wording = wording;
  const ImVec2 corner = at({target.x, target.y});
  small.origin_ = {corner.x - whole.x * small.scale_, corner.y - whole.y * small.scale_};
  small.silent_ = true;
  return small;
}

Canvas Canvas::zoomed(Rect whole, Rect target) const {
  Canvas near(*this);
  near.scale_ = scale_ * std::min(target.w / whole.w, target.h / whole.h);
  const ImVec2 corner = at({target.x, target.y});
  near.origin_ = {corner.x - whole.x * near.scale_, corner.y - whole.y * near.scale_};
  return near;
}

Canvas Canvas::on_window() const {
  Canvas same(*this);
  same.scale_ = text_scale_;
  same.origin_ = {};
  return same;
}

Canvas Canvas::themed(const Theme& other) const {
  Canvas same(list_, other, fonts_, scale_, projector);
  same.text_scale_ = text_scale_;
  same.origin_ = origin_;
  same.silent_ = silent_;
  same.log = log;
  same.wording = wording;
  same.opacity = opacity;
  return same;
}

void Canvas::image(Rect r, ImTextureID texture, Point from, Point to) {
  if (!r.empty())
    list_.AddImage(texture, at({r.x, r.y}), at({r.right(), r.bottom()}), {from.x, from.y}, {to.x, to.y}, packed(rgb(0xFFFFFF)));
}

void Canvas::words(Point where, const Glyphs& face, float size, Color color, std::string_view text) {
  if (text.empty() || silent_) return;
  const float pixels = size * scale_;
  const ImVec2 exact = at(where);
  list_.AddText(face.font, pixels, {std::round(exact.x), std::round(exact.y - face.font->Ascent * pixels / face.font->FontSize)},
                packed(color), text.data(), text.data() + text.size());
}

void Canvas::note(Rect box, Rect home, std::string_view text) {
  if (log && !silent_) log->push_back({in_window(box), in_window(home), std::string(text)});
}

void Canvas::cover(Rect r) {
  if (!log) return;
  const auto lies_under = [&](const TextBox& each) {
    const Rect& b = each.box;
    return b.x < r.right() && b.right() > r.x && b.y < r.bottom() && b.bottom() > r.y;
  };
  log->erase(std::remove_if(log->begin(), log->end(), lies_under), log->end());
}

Rect Canvas::in_window(Rect r) const {
  const float zoom = scale_ / text_scale_;
  return {(origin_.x + r.x * scale_) / text_scale_, (origin_.y + r.y * scale_) / text_scale_, r.w * zoom, r.h * zoom};
}

Rect Canvas::visible() const {
  if (!(scale_ > 0)) return {};
  const ImVec2 from = list_.GetClipRectMin(), to = list_.GetClipRectMax();
  return {(from.x - origin_.x) / scale_, (from.y - origin_.y) / scale_, (to.x - from.x) / scale_, (to.y - from.y) / scale_};
}

void Canvas::fill(Rect r, Color color, float radius) {
  if (r.empty()) return;
  list_.AddRectFilled(at({r.x, r.y}), at({r.right(), r.bottom()}), packed(color), radius * scale_);
}

void Canvas::outline(Rect r, Color color, float width, float radius) {
  if (r.empty()) return;
  list_.AddRect(at({r.x, r.y}), at({r.right(), r.bottom()}), packed(color), radius * scale_, 0, width * scale_);
}

void Canvas::dashed_outline(Rect r, Color color, float width, Dash dash, float radius) {
  if (!r.empty()) dashed_polyline(rounded(r, radius), color, width, dash);
}

void Canvas::hatch(Rect r, Color color, float gap, float width) {
  // Lines x + y = c, cut at the sides; those that nobody can see are not gone through.
  const Rect seen = visible();
  const float first = std::max(1.0F, std::floor((seen.x + seen.y - r.x - r.y) / gap));
  const float end = std::min(r.w + r.h, seen.right() + seen.bottom() - r.x - r.y);
  if (!(end > first * gap)) return;
  const auto count = static_cast<int>(std::ceil(end / gap - first));
  for (int i = 0; i < count; ++i) {
    const float c = (first + static_cast<float>(i)) * gap;
    const Point from = c < r.w ? Point{r.x + c, r.y} : Point{r.right(), r.y + c - r.w};
    const Point to = c < r.h ? Point{r.x, r.y + c} : Point{r.x + c - r.h, r.bottom()};
    line(from, to, color, width);
  }
}

void Canvas::line(Point from, Point to, Color color, float width) {
  list_.AddLine(at(from), at(to), packed(color), width * scale_);
}

void Canvas::dashed_line(Point from, Point to, Color color, float width, Dash dash) {
  dashed_polyline({from, to}, color, width, dash);
}

void Canvas::polyline(const std::vector<Point>& points, Color color, float width, bool closed) {
  std::vector<ImVec2> scaled;
  scaled.reserve(points.size());
  for (Point each : points) scaled.push_back(at(each));
  list_.AddPolyline(scaled.data(), static_cast<int>(scaled.size()), packed(color), closed ? ImDrawFlags_Closed : 0,
                    width * scale_);
}

// A line may be far longer than what is seen of it: dashes outside are not gone through, and doubles keep their phase.
void Canvas::dashed_polyline(const std::vector<Point>& points, Color color, float width, Dash dash) {
  const double period = dash.on + dash.off;
  const Rect seen = visible(), reached{seen.x - width, seen.y - width, seen.w + 2 * width, seen.h + 2 * width};
  double before = 0;  // of the pattern, when the piece begins
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point from = points[i - 1], way = points[i] - from;
    const double length = std::hypot(way.x, way.y);
    const auto at_distance = [&](double distance) { return from + way * static_cast<float>(distance / length); };
    const Stretch part = inside(reached, from, way, length);
    for (double dashed = std::floor((before + part.from) / period) * period - before; dashed < part.to; dashed += period) {
      const double begin = std::max(dashed, part.from), end = std::min(dashed + dash.on, part.to);
      if (end - begin > 0.01) line(at_distance(begin), at_distance(end), color, width);
    }
    before = std::fmod(before + length, period);
  }
}

void Canvas::polygon(const std::vector<Point>& points, Color color) {
  std::vector<ImVec2> scaled;
  scaled.reserve(points.size());
  for (Point each : points) scaled.push_back(at(each));
  list_.AddConvexPolyFilled(scaled.data(), static_cast<int>(scaled.size()), packed(color));
}

void Canvas::circle(Point center, float radius, Color color) {
  list_.AddCircleFilled(at(center), radius * scale_, packed(color));
}

void Canvas::ring(Point center, float radius, Color color, float width) {
  // Dear ImGui draws along the middle of the outermost pixels: there is none in a ring that is all but a point.
  if (radius * scale_ < 1) return circle(center, radius, color);
  list_.AddCircle(at(center), radius * scale_, packed(color), 0, width * scale_);
}

void Canvas::arc(Point center, float radius, float from, float to, Color color, float width) {
  if (to <= from) return;
  list_.PathArcTo(at(center), radius * scale_, kTurn * (from - 0.25F), kTurn * (to - 0.25F), 40);
  list_.PathStroke(packed(color), 0, width * scale_);
}

float Canvas::width(TextStyle style, std::string_view text) const {
  return wording ? measured(style, said(text)) : measured(style, text);
}

float Canvas::measured(TextStyle style, std::string_view text) const {
  const Glyphs glyphs = fonts_.of(style);
  return glyphs.font->CalcTextSizeA(glyphs.pixels, 1e9F, 0, text.data(), text.data() + text.size()).x / text_scale_;
}

float Canvas::height(TextStyle style) const { return fonts_.of(style).pixels / text_scale_; }

float Canvas::text(Point where, TextStyle style, Color color, std::string_view meant, Align align, const Rect& home) {
  if (meant.empty()) return 0;
  std::string other;
  if (wording) other = said(meant);
  const std::string_view text = wording ? other : meant;
  const float wide = measured(style, text);
  const float high = height(style);
  if (align == Align::center) where.x -= wide / 2;
  if (align == Align::right) where.x -= wide;
  const Point corner{where.x, where.y - high / 2};
  if (silent_) return wide;
  const ImVec2 exact = at(corner);
  const float zoom = scale_ / text_scale_;
  const Glyphs glyphs = zoom == 1 ? fonts_.of(style) : fonts_.at_least(style, fonts_.of(style).pixels * zoom);
  list_.AddText(glyphs.font, glyphs.pixels, {std::round(exact.x), std::round(exact.y)}, packed(color), text.data(),
                text.data() + text.size());
  if (log) {
    const Rect box{corner.x, corner.y + high * 0.14F, wide, high * 0.72F};
    log->push_back({in_window(box), in_window(home.empty() ? box : home), std::string(text)});
  }
  return wide;
}

float Canvas::text_in(Rect box, TextStyle style, Color color, std::string_view whole, Align align) {
  const std::string shown = fitted(style, whole, box.w);
  const float x = align == Align::left ? box.x : align == Align::center ? box.x + box.w / 2 : box.right();
  return text({x, box.y + box.h / 2}, style, color, shown, align, box);
}

std::size_t Canvas::line_end(TextStyle style, std::string_view text, std::size_t start, float wide) const {
  std::size_t end = start, fits = start;
  while (end < text.size()) {
    const std::size_t word = std::min(text.find(' ', end), text.size());
    if (measured(style, text.substr(start, word - start)) > wide && fits > start) break;
    fits = word;
    end = std::min(word + 1, text.size());
    if (word == text.size()) break;
  }
  return fits;
}

int Canvas::lines(TextStyle style, std::string_view meant, float wide) const {
  const std::string text = said(meant);
  int count = 0;
  for (std::size_t start = 0; start < text.size(); ++count) start = line_end(style, text, start, wide) + 1;
  return count;
}

float Canvas::paragraph(Rect box, TextStyle style, Color color, std::string_view meant, float line_height) {
  const std::string text = said(meant);
  const std::string_view whole = text;
  const float step = height(style) * line_height;
  float y = 0;
  for (std::size_t start = 0; start < whole.size() && y + step <= box.h + 0.5F; y += step) {
    const std::size_t end = line_end(style, whole, start, box.w);
    text_in({box.x, box.y + y, box.w, step}, style, color, whole.substr(start, end - start));
    start = end + 1;
  }
  return y;
}

std::string Canvas::fitted(TextStyle style, std::string_view meant, float wanted) const {
  std::string whole = said(meant);
  if (measured(style, whole) <= wanted + 0.5F) return whole;
  const std::string_view text = whole;
  std::vector<std::string_view> letters;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t bytes = character(text, i);
    letters.push_back(text.substr(i, bytes));
    i += bytes;
  }
  for (std::size_t kept = letters.size(); kept > 1; --kept) {
    const std::size_t head = (kept + 1) / 2, tail = kept / 2;
    std::string shorter;
    for (std::size_t i = 0; i < head; ++i) shorter += letters[i];
    shorter += "\u2026";
    for (std::size_t i = letters.size() - tail; i < letters.size(); ++i) shorter += letters[i];
    if (measured(style, shorter) <= wanted + 0.5F) return shorter;
  }
  return "";
}

void Canvas::push_clip(Rect r) { list_.PushClipRect(at({r.x, r.y}), at({r.right(), r.bottom()}), true); }
void Canvas::pop_clip() { list_.PopClipRect(); }

}  // namespace nutshell

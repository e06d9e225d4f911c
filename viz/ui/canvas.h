// The canvas: everything that panels draw goes through it. Units are logical pixels; the canvas scales them.
//
// It keeps a list of the texts it drew, with their boxes, so that a test can find words that overlap or leave
// the box they belong to.
#pragma once

#include <imgui.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "viz/ui/fonts.h"
#include "viz/ui/theme.h"

namespace nutshell {

// Between two limits; `least` where there is no room between them, as in a window that is too small. (Then std::clamp
// is not defined.)
template <typename T>
constexpr T within(T value, T least, T most) {
  return std::max(least, std::min(value, most));
}

struct Point {
  float x = 0, y = 0;
  friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(Point a, float k) { return {a.x * k, a.y * k}; }
};

struct Rect {
  float x = 0, y = 0, w = 0, h = 0;
  float right() const { return x + w; }
  float bottom() const { return y + h; }
  Point center() const { return {x + w / 2, y + h / 2}; }
  bool empty() const { return w <= 0 || h <= 0; }
  bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  // Where there is less room than that, nothing is left, in the middle.
  Rect inset(float by) const;
  // Cut off pieces: what is returned is taken away from this one, and is no larger than it.
  Rect take_left(float width);
  Rect take_right(float width);
  Rect take_top(float height);
  Rect take_bottom(float height);
};

enum class Align : std::uint8_t { left, center, right };

// A text that was drawn: where, and the box it has to stay in.
struct TextBox {
  Rect box, home;
  std::string text;
};

// What is drawn in the place of a text, as in another language; the text itself where there is nothing.
using Wording = std::function<std::string(std::string_view)>;

inline constexpr float kTurn = 6.2831853F;  // a whole one, in radians

struct Dash {
  float on = 4, off = 3;
};
inline constexpr Dash kNotYet{4, 3}, kDead{7, 5}, kOutOfIsr{3, 4}, kHidden{2, 6};

class Canvas {
 public:
  Canvas(ImDrawList& list, const Theme& colors, const Fonts& fonts, float scale, bool for_back_row)
      : theme(colors), projector(for_back_row), list_(list), fonts_(fonts), scale_(scale) {}

  const Theme& theme;
  const bool projector;
  // Texts drawn are appended here, if it is set.
  std::vector<TextBox>* log = nullptr;
  // In whose words texts are drawn and measured; nullptr: as they are. It has to outlive the canvas.
  const Wording* wording = nullptr;
  // Of all that is drawn, 0..1.
  float opacity = 1;

  // The same canvas for a small picture of something large: `whole` is what fills `target`. Its texts are left out.
  Canvas miniature(Rect whole, Rect target) const;

  // The same canvas through a lens: `whole` fills `target`, words and all.
  Canvas zoomed(Rect whole, Rect target) const;

  // A size in pixels that grows in projector mode.
  float big(float normal, float projected) const { return projector ? projected : normal; }

  void fill(Rect rect, Color color, float radius = 0);
  void outline(Rect rect, Color color, float width = 1, float radius = 0);
  void dashed_outline(Rect rect, Color color, float width, Dash dash, float radius = 0);
  // Lines at 45 degrees, cut at the rectangle.
  void hatch(Rect rect, Color color, float gap = 9, float width = 1);
  void line(Point from, Point to, Color color, float width = 1);
  void dashed_line(Point from, Point to, Color color, float width, Dash dash);
  void polyline(const std::vector<Point>& points, Color color, float width, bool closed = false);
  void dashed_polyline(const std::vector<Point>& points, Color color, float width, Dash dash);
  void polygon(const std::vector<Point>& points, Color color);  // convex
  void circle(Point center, float radius, Color color);
  void ring(Point center, float radius, Color color, float width);
  // Part of a ring from twelve o'clock, clockwise; turns in 0..1.
  void arc(Point center, float radius, float from, float to, Color color, float width);

  float width(TextStyle style, std::string_view text) const;
  float height(TextStyle style) const;
  // Text whose box is centred vertically on `at.y`; returns its width. It has to stay in `home`, if given.
  float text(Point at, TextStyle style, Color color, std::string_view text, Align align = Align::left,
             const Rect& home = {});
  // The same in a box; what does not fit is shortened from the middle.
  float text_in(Rect box, TextStyle style, Color color, std::string_view text, Align align = Align::left);
  // Breaks into lines; returns the height used. Lines that do not fit into the box are left out.
  float paragraph(Rect box, TextStyle style, Color color, std::string_view text, float line_height = 1.4F);
  // How many lines paragraph() would need.
  int lines(TextStyle style, std::string_view text, float width) const;
  // Shortened from the middle until it is no wider.
  std::string fitted(TextStyle style, std::string_view text, float width) const;

  // Where a rectangle of a miniature stands in the window.
  Rect in_window(Rect rect) const;

  // What can be seen of what is drawn now.
  Rect visible() const;

  // The same canvas with the window's own logical pixels: those of in_window().
  Canvas on_window() const;
  // Another theme for what is drawn from here on; it has to outlive the canvas.
  Canvas themed(const Theme& other) const;

  // A picture, or the part of it between two corners in 0..1 of its width and height.
  void image(Rect rect, ImTextureID texture, Point from = {0, 0}, Point to = {1, 1});
  // Words in a face of their own, drawn at that size; their baseline begins at `at`. note() has to say that they are there.
  void words(Point at, const Glyphs& face, float size, Color color, std::string_view text);
  void note(Rect box, Rect home, std::string_view text);
  // Pixels of the screen a logical pixel of what is drawn.
  float pixels() const { return scale_; }

  // Something opaque comes to lie there: the texts under it are no longer to be read, and leave the log.
  void cover(Rect rect);

  void push_clip(Rect rect);
  void pop_clip();

 private:
  std::string said(std::string_view text) const { return wording ? (*wording)(text) : std::string(text); }
  float measured(TextStyle style, std::string_view text) const;
  // Where the line that begins at `start` ends: before a space, or at the end of the text.
  std::size_t line_end(TextStyle style, std::string_view text, std::size_t start, float width) const;
  ImVec2 at(Point p) const { return {origin_.x + p.x * scale_, origin_.y + p.y * scale_}; }
  ImU32 packed(Color c) const {
    return IM_COL32(c.r, c.g, c.b, opacity >= 1 ? c.a : static_cast<ImU32>(static_cast<float>(c.a) * opacity));
  }

  ImDrawList& list_;
  const Fonts& fonts_;
  float scale_;
  float text_scale_ = scale_;  // pixels a logical pixel of the fonts and of the window; texts grow by scale_ over it
  Point origin_;               // in pixels
  bool silent_ = false;        // draws no texts
};

// While it lives, what is drawn is that much fainter.
class Faded {
 public:
  Faded(Canvas& canvas, float opacity) : canvas_(canvas), before_(canvas.opacity) { canvas.opacity *= opacity; }
  ~Faded() { canvas_.opacity = before_; }
  Faded(const Faded&) = delete;
  Faded& operator=(const Faded&) = delete;

 private:
  Canvas& canvas_;
  const float before_;
};

}  // namespace nutshell

#include "viz/slides/slide_painter.h"

#include <algorithm>

namespace nutshell {

namespace {

constexpr int kSteppedBack = 110;  // of 256: how much of a word is ground while it steps back

}  // namespace

float paint_words(Canvas& canvas, const SlideFonts& fonts, Point at, SlideFont font, Color color, std::string_view text, Rect home) {
  const float wide = fonts.width(font, text);
  const Rect box{at.x, at.y - 0.73F * font.pixels, wide, 0.93F * font.pixels};
  const Glyphs glyphs = fonts.of(font.face, font.pixels * canvas.pixels());
  // Letters of smaller sizes are rounded to other widths than those that were measured: each word begins where it belongs.
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find(' ', from), text.size());
    canvas.words({at.x + fonts.width(font, text.substr(0, from)), at.y}, glyphs, font.pixels, color, text.substr(from, end - from));
    from = end + 1;
  }
  canvas.note(box, home.empty() ? box : home, text);
  return wide;
}

void paint_slide(Canvas& canvas, const LaidSlide& slide, const SlidePaint& how) {
  const Rect whole{0, 0, slide.width, slide.height};
  canvas.fill(whole, color_of(slide.ground));
  for (const LaidImage& each : slide.images) {
    if (how.image) how.image(canvas, each);
    SlideColor veil = slide.ground;
    veil.a = each.veil;
    if (each.veil > 0) canvas.fill(rect_of(each.box), color_of(veil));
  }
  for (const LaidShape& each : slide.shapes) {
    if (each.build <= how.build) canvas.fill(rect_of(each.box), color_of(each.color), each.radius);
  }
  for (const LaidText& each : slide.texts) {
    if (each.build > how.build) continue;
    const bool small = each.part == LaidText::Part::footer || each.part == LaidText::Part::number;
    Color color = color_of(each.color);
    if (how.steps_back && !small) color = blend(color, color_of(slide.ground), kSteppedBack);
    paint_words(canvas, how.fonts, {each.box.x, each.baseline}, each.font, color, each.text, small ? whole : rect_of(slide.content));
    const float thick = std::max(each.font.pixels / 16, 1.0F);
    if (each.struck) canvas.fill({each.box.x, each.baseline - 0.3F * each.font.pixels, each.box.w, thick}, color);
    if (!each.link.empty()) canvas.fill({each.box.x, each.baseline + 0.12F * each.font.pixels, each.box.w, thick}, color);
  }
}

void paint_picture(Canvas& canvas, const LaidSlide& slide, const LaidImage& image, const PictureShelf::Shown& shown) {
  Rect box = rect_of(image.box);
  if (shown.texture == 0 || shown.width <= 0 || shown.height <= 0) {
    if (!image.ground) canvas.fill(box, color_of(slide.panel), 8 * slide.unit);
    return;
  }
  const float across = box.w / shown.width, down = box.h / shown.height;
  const auto texture = reinterpret_cast<ImTextureID>(shown.texture);  // NOLINT: a number that Dear ImGui hands on
  if (image.whole) {
    const float zoom = std::min(across, down), w = shown.width * zoom, h = shown.height * zoom;
    return canvas.image({box.x + (box.w - w) / 2, box.y + (box.h - h) / 2, w, h}, texture);
  }
  const float zoom = std::max(across, down);
  const Point part{box.w / (shown.width * zoom), box.h / (shown.height * zoom)};
  canvas.image(box, texture, {(1 - part.x) / 2, (1 - part.y) / 2}, {(1 + part.x) / 2, (1 + part.y) / 2});
}

void paint_placeholder(Canvas& canvas, const SlideFonts& fonts, const LaidSlide& slide, Rect box, std::string_view name,
                       std::string_view why) {
  const float unit = slide.unit;
  canvas.fill(box, color_of(slide.panel), 12 * unit);
  canvas.outline(box.inset(2 * unit), color_of(slide.line), std::max(2 * unit, 1.0F), 10 * unit);
  // A frame with a hill in it stands for a picture everywhere.
  const Color muted = color_of(slide.muted);
  const float size = std::min({96 * unit, box.w * 0.3F, box.h * 0.3F});
  const Point middle{box.center().x, box.center().y - 40 * unit};
  const Rect frame{middle.x - size * 0.6F, middle.y - size * 0.45F, size * 1.2F, size * 0.9F};
  canvas.outline(frame, muted, std::max(3 * unit, 1.0F), 8 * unit);
  canvas.polyline({{frame.x + frame.w * 0.12F, frame.bottom() - frame.h * 0.18F},
                   {frame.x + frame.w * 0.4F, frame.y + frame.h * 0.45F},
                   {frame.x + frame.w * 0.58F, frame.y + frame.h * 0.68F},
                   {frame.x + frame.w * 0.72F, frame.y + frame.h * 0.52F},
                   {frame.right() - frame.w * 0.1F, frame.bottom() - frame.h * 0.18F}},
                  muted, std::max(3 * unit, 1.0F));
  canvas.circle({frame.right() - frame.w * 0.24F, frame.y + frame.h * 0.26F}, size * 0.07F, muted);
  const auto line = [&](float y, SlideFont font, std::string_view text) {
    float wide = fonts.width(font, text);
    if (wide > box.w - 40 * unit) font.pixels *= (box.w - 40 * unit) / wide, wide = fonts.width(font, text);
    paint_words(canvas, fonts, {box.center().x - wide / 2, y}, font, muted, text, box);
  };
  line(frame.bottom() + 52 * unit, {SlideFace::medium, 30 * unit}, name);
  line(frame.bottom() + 92 * unit, {SlideFace::regular, 26 * unit}, why);
}

}  // namespace nutshell

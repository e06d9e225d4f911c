#include "viz/paper/painter.h"

#include <algorithm>
#include <vector>

namespace nutshell {

namespace {

constexpr float kWords = 33, kWordsHigh = 43;  // of what a figure says, in units of a slide of 1080 lines

void set_color(cairo_t* pen, SlideColor color, double part = 1) {
  cairo_set_source_rgba(pen, color.r / 255.0, color.g / 255.0, color.b / 255.0, part * color.a / 255.0);
}

void outline(cairo_t* pen, const SlideRect& box, float radius) {
  const double x = box.x, y = box.y, w = box.w, h = box.h, r = std::min<double>(radius, std::min(w, h) / 2), quarter = 1.5707963;
  if (r <= 0) return cairo_rectangle(pen, x, y, w, h);
  cairo_new_sub_path(pen);
  cairo_arc(pen, x + w - r, y + r, r, -quarter, 0);
  cairo_arc(pen, x + w - r, y + h - r, r, 0, quarter);
  cairo_arc(pen, x + r, y + h - r, r, quarter, 2 * quarter);
  cairo_arc(pen, x + r, y + r, r, 2 * quarter, 3 * quarter);
  cairo_close_path(pen);
}

// All of it, or as much as the box shows, from its middle.
void paint_surface(cairo_t* pen, const Surface& surface, const SlideRect& box, bool whole) {
  const double wide = cairo_image_surface_get_width(surface.get()), high = cairo_image_surface_get_height(surface.get());
  if (wide <= 0 || high <= 0 || box.w <= 0 || box.h <= 0) return;
  const double x = box.x, y = box.y, w = box.w, h = box.h;
  const double across = w / wide, down = h / high, scale = whole ? std::min(across, down) : std::max(across, down);
  cairo_save(pen);
  cairo_rectangle(pen, x, y, w, h);
  cairo_clip(pen);
  cairo_translate(pen, x + (w - wide * scale) / 2, y + (h - high * scale) / 2);
  cairo_scale(pen, scale, scale);
  cairo_set_source_surface(pen, surface.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(pen), CAIRO_FILTER_GOOD);
  cairo_paint(pen);
  cairo_restore(pen);
}

// In the same way. It was drawn once already, so it can be.
void paint_drawing(cairo_t* pen, const SvgDrawing& drawing, const SlideRect& box, bool whole) {
  if (box.w <= 0 || box.h <= 0) return;
  const double x = box.x, y = box.y, w = box.w, h = box.h;
  const double across = w / drawing.width(), down = h / drawing.height(), scale = whole ? std::min(across, down) : std::max(across, down);
  const double wide = drawing.width() * scale, high = drawing.height() * scale;
  cairo_save(pen);
  cairo_rectangle(pen, x, y, w, h);
  cairo_clip(pen);
  drawing.draw(pen, x + (w - wide) / 2, y + (h - high) / 2, wide, high);
  cairo_restore(pen);
}

std::vector<std::string> broken(const PaperFaces& faces, SlideFont font, const std::string& words, float room) {
  std::vector<std::string> lines;
  std::string line;
  const auto take = [&](const std::string& word) {
    const std::string longer = line.empty() ? word : line + " " + word;
    if (line.empty() || faces.width(font, longer) <= room) return void(line = longer);
    lines.push_back(std::exchange(line, word));
  };
  std::string word;
  for (const char c : words + "\n") {
    if (c != ' ' && c != '\n') word += c;
    else if (!word.empty()) take(std::exchange(word, ""));
    if (c == '\n' && !line.empty()) lines.push_back(std::exchange(line, ""));
  }
  return lines;
}

void paint_words(cairo_t* pen, const LaidSlide& slide, const std::string& words, const PaperFaces& faces, const SlideRect& box) {
  const SlideFont font{SlideFace::regular, kWords * slide.unit};
  set_color(pen, slide.text);
  float y = box.y + kWordsHigh * slide.unit * 0.9F;
  for (const std::string& each : broken(faces, font, words, box.w)) {
    faces.write(pen, font, box.x, y, each);
    y += kWordsHigh * slide.unit;
  }
}

// Where there is no picture: a frame, and what should be there.
void paint_placeholder(cairo_t* pen, const LaidSlide& slide, const std::string& words, const PaperFaces& faces, const SlideRect& box,
                       bool words_over) {
  const double dashes[] = {8.0 * static_cast<double>(slide.unit), 8.0 * static_cast<double>(slide.unit)};
  cairo_save(pen);
  set_color(pen, slide.muted);
  cairo_set_line_width(pen, 2.0 * static_cast<double>(slide.unit));
  cairo_set_dash(pen, dashes, 2, 0);
  outline(pen, {box.x + 1, box.y + 1, box.w - 2, box.h - 2}, 14 * slide.unit);
  cairo_stroke(pen);
  cairo_restore(pen);
  const SlideFont font{SlideFace::regular, 30 * slide.unit};
  if (words_over) {
    // They are not to be written over: a corner says what would be there.
    set_color(pen, slide.muted);
    const SlideFont small{SlideFace::regular, 26 * slide.unit};
    return faces.write(pen, small, box.right() - faces.width(small, words) - 40 * slide.unit, box.bottom() - 32 * slide.unit, words);
  }
  const std::vector<std::string> lines = broken(faces, font, words, box.w - 60 * slide.unit);
  float y = box.y + box.h / 2 - static_cast<float>(lines.size()) * 21 * slide.unit + 30 * slide.unit;
  set_color(pen, slide.muted);
  for (const std::string& each : lines) {
    faces.write(pen, font, box.x + (box.w - faces.width(font, each)) / 2, y, each);
    y += 42 * slide.unit;
  }
}

void paint_image(cairo_t* pen, const LaidSlide& slide, const LaidImage& image, const SlidePaper& how) {
  const PaperImage found = how.image(image);
  const bool words_over = image.ground && !slide.texts.empty();
  if (!found.surface && !found.drawing) return paint_placeholder(pen, slide, found.words, how.faces, image.box, words_over);
  const float words = height_of_words(slide, image, found.words, how.faces);
  SlideRect box = image.box;
  box.h -= words;
  if (found.drawing) paint_drawing(pen, *found.drawing, box, image.whole);
  else paint_surface(pen, found.surface, box, image.whole);
  if (words > 0) paint_words(pen, slide, found.words, how.faces, {box.x, box.bottom(), box.w, words});
  if (image.veil == 0) return;
  set_color(pen, slide.ground, image.veil / 255.0);
  cairo_rectangle(pen, image.box.x, image.box.y, image.box.w, image.box.h);
  cairo_fill(pen);
}

void paint_text(cairo_t* pen, const LaidText& text, const SlidePaper& how) {
  const bool clicked = how.links && !text.link.empty();
  if (clicked) {
    std::string address;
    for (const char c : text.link) address += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    cairo_tag_begin(pen, CAIRO_TAG_LINK, ("uri='" + address + "'").c_str());
  }
  set_color(pen, text.color);
  how.faces.write(pen, text.font, text.box.x, text.baseline, text.text);
  if (clicked) cairo_tag_end(pen, CAIRO_TAG_LINK);
  if (!text.struck && text.link.empty()) return;
  const float thick = std::max(text.font.pixels * 0.06F, 1.0F);
  const float y = text.struck ? text.baseline - text.font.pixels * 0.28F : text.baseline + thick * 1.5F;
  cairo_rectangle(pen, text.box.x, y, text.box.w, thick);
  cairo_fill(pen);
}

}  // namespace

float height_of_words(const LaidSlide& slide, const LaidImage& image, const std::string& words, const PaperFaces& faces) {
  if (!image.living || words.empty()) return 0;
  const auto lines = static_cast<float>(broken(faces, {SlideFace::regular, kWords * slide.unit}, words, image.box.w).size());
  return std::min((lines * kWordsHigh + 10) * slide.unit, image.box.h / 2);
}

void paint_slide(cairo_t* pen, const LaidSlide& slide, const SlidePaper& how) {
  cairo_save(pen);
  cairo_rectangle(pen, 0, 0, slide.width, slide.height);
  cairo_clip(pen);
  set_color(pen, slide.ground);
  cairo_paint(pen);
  for (const LaidImage& each : slide.images) {
    if (how.image) paint_image(pen, slide, each, how);
  }
  for (const LaidShape& each : slide.shapes) {
    if (each.build > how.build) continue;
    set_color(pen, each.color);
    outline(pen, each.box, each.radius);
    cairo_fill(pen);
  }
  for (const LaidText& each : slide.texts) {
    if (each.build <= how.build) paint_text(pen, each, how);
  }
  cairo_restore(pen);
}

}  // namespace nutshell

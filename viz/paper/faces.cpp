#include "viz/paper/faces.h"

#include <cairo-ft.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <cstdint>
#include <map>
#include <utility>

namespace nutshell {

namespace {

struct FaceFile {
  const char* path;
  const char* package;
};

#define INTER(weight) "/usr/share/fonts/opentype/inter/Inter-" weight ".otf", "fonts-inter"
#define MONO(weight) "/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-" weight ".ttf", "fonts-jetbrains-mono"
// By SlideFace.
constexpr FaceFile kFiles[kSlideFaces] = {{INTER("Light")},     {INTER("Regular")}, {INTER("Medium")}, {INTER("SemiBold")},
                                          {INTER("ExtraBold")}, {MONO("Medium")},   {MONO("Bold")}};
#undef INTER
#undef MONO

// The letter that begins there, and how many bytes it has. REQUIRES valid UTF-8.
std::pair<std::uint32_t, std::size_t> letter_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(at);
  const std::size_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (at + bytes > text.size()) return {'?', text.size() - at};
  std::uint32_t code = bytes == 1 ? first : first & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) code = code << 6 | (byte(at + i) & 0x3F);
  return {code, bytes};
}

}  // namespace

struct PaperFaces::Files {
  FT_Library library = nullptr;
  std::array<FT_Face, kSlideFaces> faces{};
  std::array<cairo_font_face_t*, kSlideFaces> pens{};
  mutable std::map<std::pair<std::size_t, float>, cairo_scaled_font_t*> sized;

  cairo_scaled_font_t* of(SlideFace face, float pixels) const {
    const std::pair key{static_cast<std::size_t>(face), pixels};
    cairo_scaled_font_t*& made = sized[key];
    if (made) return made;
    cairo_matrix_t size, usual;
    cairo_matrix_init_scale(&size, static_cast<double>(pixels), static_cast<double>(pixels));
    cairo_matrix_init_identity(&usual);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    made = cairo_scaled_font_create(pens[key.first], &size, &usual, options);
    cairo_font_options_destroy(options);
    return made;
  }
  bool has(SlideFace face, std::uint32_t letter) const { return FT_Get_Char_Index(faces[static_cast<std::size_t>(face)], letter) != 0; }
};

PaperFaces::PaperFaces() : files_(std::make_unique<Files>()) {
  if (FT_Init_FreeType(&files_->library) != 0) problem_ = "FreeType cannot be used here";
  for (std::size_t i = 0; i < kSlideFaces && problem_.empty(); ++i) {
    if (FT_New_Face(files_->library, kFiles[i].path, 0, &files_->faces[i]) != 0)
      problem_ = std::string("the font ") + kFiles[i].path + " is missing; please install the package " + kFiles[i].package;
    else files_->pens[i] = cairo_ft_font_face_create_for_ft_face(files_->faces[i], FT_LOAD_NO_HINTING);
  }
}

PaperFaces::~PaperFaces() {
  for (const auto& [key, font] : files_->sized) cairo_scaled_font_destroy(font);
  for (cairo_font_face_t* each : files_->pens) {
    if (each) cairo_font_face_destroy(each);
  }
  // Cairo keeps scaled fonts for a while, and they need the faces: they go with the program.
}

// Stretches that one face has all letters of: the one that is asked for, else one of the other family.
template <class Take>
void PaperFaces::each_run(SlideFont font, std::string_view text, const Take& take) const {
  const SlideFace other = font.face >= SlideFace::mono ? SlideFace::regular : SlideFace::mono;
  std::size_t begin = 0;
  SlideFace now = font.face;
  for (std::size_t at = 0; at < text.size();) {
    const auto [letter, bytes] = letter_at(text, at);
    const SlideFace face = !files_->has(font.face, letter) && files_->has(other, letter) ? other : font.face;
    if (face != now) {
      if (at > begin) take(now, text.substr(begin, at - begin));
      begin = at;
      now = face;
    }
    at += bytes;
  }
  if (begin < text.size()) take(now, text.substr(begin));
}

float PaperFaces::width(SlideFont font, std::string_view text) const {
  double wide = 0;
  each_run(font, text, [&](SlideFace face, std::string_view part) {
    cairo_text_extents_t extents;
    cairo_scaled_font_text_extents(files_->of(face, font.pixels), std::string(part).c_str(), &extents);
    wide += extents.x_advance;
  });
  return static_cast<float>(wide);
}

void PaperFaces::write(cairo_t* pen, SlideFont font, double x, double y, std::string_view text) const {
  each_run(font, text, [&](SlideFace face, std::string_view part) {
    const std::string words(part);
    cairo_scaled_font_t* sized = files_->of(face, font.pixels);
    cairo_set_scaled_font(pen, sized);
    cairo_move_to(pen, x, y);
    cairo_show_text(pen, words.c_str());
    cairo_text_extents_t extents;
    cairo_scaled_font_text_extents(sized, words.c_str(), &extents);
    x += extents.x_advance;
  });
}

}  // namespace nutshell

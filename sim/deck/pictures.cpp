#include "sim/deck/pictures.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/deck/svg_crossings.h"

namespace nutshell {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargest = std::uintmax_t{64} << 20;  // a slide that takes longer to read than to explain
constexpr std::size_t kFirstBytes = 512;

constexpr std::size_t kLargestSvg = std::size_t{4} << 20;
constexpr double kMostCrossings = 250'000;  // filled in about a second

// What stands between quotation marks, or up to where an address in a style ends.
std::string_view address_at(std::string_view text, std::size_t at) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (at < text.size() && is_space(text[at])) ++at;
  const bool quoted = at < text.size() && (text[at] == '"' || text[at] == '\'');
  const char end = quoted ? text[at++] : ')';
  return text.substr(at, std::min(text.find(end, at), text.size()) - at);
}

bool lies_inside(std::string_view address) { return address.empty() || address.starts_with('#') || address.starts_with("data:"); }

// The element that an attribute is of is a link: what it leads to is not drawn.
bool is_of_link(std::string_view svg, std::size_t attribute) {
  const std::size_t tag = svg.rfind('<', attribute);
  const std::string_view name = tag == std::string_view::npos ? "" : svg.substr(tag + 1, 2);
  return name.size() == 2 && name[0] == 'a' && (name[1] == ' ' || name[1] == '\n' || name[1] == '\t' || name[1] == '\r');
}

// The first address that leads out of it; none: empty.
std::string_view outside_of(std::string_view svg) {
  for (std::size_t at = svg.find("href"); at != std::string_view::npos; at = svg.find("href", at + 1)) {
    const std::size_t is = svg.find_first_not_of(" \t\r\n", at + 4);
    if (is == std::string_view::npos || svg[is] != '=' || is_of_link(svg, at)) continue;
    if (const std::string_view address = address_at(svg, is + 1); !lies_inside(address)) return address;
  }
  for (std::size_t at = svg.find("url("); at != std::string_view::npos; at = svg.find("url(", at + 1))
    if (const std::string_view address = address_at(svg, at + 4); !lies_inside(address)) return address;
  return {};
}

// "" or what is wrong with the file.
std::string problem_of(const std::string& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return "is a folder";
  std::ifstream in(path, std::ios::binary);
  if (!in) return "is not there";
  const std::uintmax_t size = fs::file_size(path, failed);
  if (failed) return "cannot be read";
  if (size > kLargest) return "is larger than " + std::to_string(kLargest >> 20) + " MiB; make it smaller";
  std::string first(kFirstBytes, '\0');
  in.read(first.data(), static_cast<std::streamsize>(first.size()));
  first.resize(static_cast<std::size_t>(in.gcount()));
  if (first.empty()) return "is empty";
  const PictureKind kind = picture_kind(first);
  if (kind == PictureKind::svg) {
    in.clear();
    in.seekg(0);
    return svg_problem(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  return kind == PictureKind::none ? "is no PNG, JPEG, GIF or SVG" : "";
}

}  // namespace

std::string svg_problem(std::string_view svg) {
  constexpr std::size_t kShown = 60;  // of an address
  if (svg.size() > kLargestSvg) return "is an SVG larger than " + std::to_string(kLargestSvg >> 20) + " MiB; save it as PNG";
  if (svg.find("<!ENTITY") != std::string_view::npos) return "is an SVG with entities, which are not read; save it as plain SVG";
  if (svg.find("<?xml-stylesheet") != std::string_view::npos || svg.find("@import") != std::string_view::npos)
    return "is an SVG that takes its style from elsewhere; save it with the style inside";
  const std::string_view outside = outside_of(svg);
  if (outside.empty()) {
    const bool in_time = svg_crossings(svg) <= kMostCrossings;
    return in_time ? "" : "is an SVG whose lines cross too often to be drawn in time; save it as PNG";
  }
  const std::string shown = std::string(outside.substr(0, kShown)) + (outside.size() > kShown ? "..." : "");
  return "is an SVG that needs '" + shown + "', which is not in it; put it inside";
}

PictureKind picture_kind(std::string_view first_bytes) {
  using namespace std::string_view_literals;
  if (first_bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return PictureKind::png;
  if (first_bytes.starts_with("\xFF\xD8\xFF"sv)) return PictureKind::jpeg;
  if (first_bytes.starts_with("GIF87a"sv) || first_bytes.starts_with("GIF89a"sv)) return PictureKind::gif;
  const std::size_t mark = first_bytes.find('<');
  const bool is_text = mark != std::string_view::npos && first_bytes.find('\0') == std::string_view::npos;
  return is_text && first_bytes.find("<svg") != std::string_view::npos ? PictureKind::svg : PictureKind::none;
}

std::string picture_path(const Deck& deck, const SlideImage& image) {
  return (fs::path(deck.file).parent_path() / image.path).string();
}

std::vector<Problem> check_pictures(const Deck& deck, const std::vector<DeckFigure>& figures) {
  std::vector<Problem> problems;
  for (const Slide& slide : deck.slides) {
    for (const SlideImage& image : slide.images) {
      if (find_figure(figures, image.path)) continue;
      const bool far = image.path.find("://") != std::string::npos;
      const std::string wrong = far ? "is on the network; a talk has to do without: keep it beside the deck"
                                    : problem_of(picture_path(deck, image));
      if (!wrong.empty()) problems.push_back({deck.file, static_cast<std::int32_t>(image.line), 1, image.path, wrong, ""});
    }
  }
  return problems;
}

}  // namespace nutshell

#include "sim/deck/pictures.h"

#include <filesystem>
#include <fstream>

namespace nutshell {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargest = std::uintmax_t{64} << 20;  // a slide that takes longer to read than to explain
constexpr std::size_t kFirstBytes = 512;

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
  if (kind == PictureKind::svg) return "is an SVG, which only a page of HTML shows; save it as PNG";
  return kind == PictureKind::none ? "is no PNG, JPEG or GIF" : "";
}

}  // namespace

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

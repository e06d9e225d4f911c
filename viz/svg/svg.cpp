#include "viz/svg/svg.h"

#include <librsvg/rsvg.h>

#include <algorithm>
#include <utility>

namespace nutshell {

struct SvgDrawing::Handle {
  RsvgHandle* rsvg = nullptr;
  explicit Handle(RsvgHandle* made) : rsvg(made) {}
  ~Handle() { g_object_unref(rsvg); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
};

namespace {

constexpr double kLongest = 100;  // as many times as it is high, or the other way round

void forget_error(GError*& error) {
  if (error) g_error_free(error);
  error = nullptr;
}

// By its width and height or, where these are parts of a room that nobody knows, by its viewBox.
bool size_of_drawing(RsvgHandle* handle, double& width, double& height) {
  if (rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height) && width > 0 && height > 0) return true;
  gboolean has_width = FALSE, has_height = FALSE, has_box = FALSE;
  RsvgLength wide, high;
  RsvgRectangle box;
  rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &wide, &has_height, &high, &has_box, &box);
  if (!has_box) return false;
  width = box.width;
  height = box.height;
  return width > 0 && height > 0;
}

}  // namespace

SvgDrawing::SvgDrawing(std::unique_ptr<Handle> handle, double width, double height)
    : handle_(std::move(handle)), width_(width), height_(height) {}
SvgDrawing::~SvgDrawing() = default;

std::shared_ptr<const SvgDrawing> SvgDrawing::read(std::string_view svg, std::string& problem) {
  GError* error = nullptr;
  // It is told of no place that it comes from, and so may read from none.
  RsvgHandle* rsvg = rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error);
  forget_error(error);
  if (!rsvg) {
    problem = "is an SVG, but broken";
    return nullptr;
  }
  auto handle = std::make_unique<Handle>(rsvg);
  double width = 0, height = 0;
  if (!size_of_drawing(rsvg, width, height) || width > height * kLongest || height > width * kLongest) {
    problem = "is an SVG without a size that could be shown; give it a viewBox";
    return nullptr;
  }
  return std::shared_ptr<const SvgDrawing>(new SvgDrawing(std::move(handle), width, height));
}

std::string SvgDrawing::draw(cairo_t* pen, double x, double y, double w, double h) const {
  if (w <= 0 || h <= 0) return "";
  const RsvgRectangle room{x, y, w, h};
  GError* error = nullptr;
  const bool drawn = rsvg_handle_render_document(handle_->rsvg, pen, &room, &error);
  forget_error(error);
  return drawn ? "" : "is an SVG that takes too much to draw; save it as PNG";
}

std::vector<std::uint8_t> SvgDrawing::pixels(int width, int height, std::string& problem) const {
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
  cairo_t* pen = cairo_create(surface);
  problem = draw(pen, 0, 0, width, height);
  if (problem.empty() && cairo_status(pen) != CAIRO_STATUS_SUCCESS) problem = "does not fit into memory";
  cairo_destroy(pen);
  std::vector<std::uint8_t> made;
  if (problem.empty()) {
    cairo_surface_flush(surface);
    made.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    const unsigned char* row = cairo_image_surface_get_data(surface);
    for (int y = 0; y < height; ++y, row += cairo_image_surface_get_stride(surface)) {
      for (int x = 0; x < width; ++x) {
        const std::uint32_t pixel = reinterpret_cast<const std::uint32_t*>(row)[x], opaque = pixel >> 24;
        // cairo keeps colours multiplied by how opaque they are.
        const auto part = [&](int shift) {
          const std::uint32_t stored = pixel >> shift & 255;
          return static_cast<std::uint8_t>(opaque == 0 ? 0 : std::min<std::uint32_t>(255, (stored * 255 + opaque / 2) / opaque));
        };
        made.insert(made.end(), {part(16), part(8), part(0), static_cast<std::uint8_t>(opaque)});
      }
    }
  }
  cairo_surface_destroy(surface);
  return made;
}

}  // namespace nutshell

#include "viz/paper/surfaces.h"

#include <cstdint>
#include <fstream>
#include <iterator>

#include "viz/slides/picture_shelf.h"

namespace nutshell {

namespace {

// From red, green, blue and, of four bytes, how opaque it is.
Surface surface_from(const unsigned char* pixels, int width, int height, int bytes) {
  Surface surface = owned(cairo_image_surface_create(bytes == 4 ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, width, height));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return nullptr;
  cairo_surface_flush(surface.get());
  unsigned char* row = cairo_image_surface_get_data(surface.get());
  const int stride = cairo_image_surface_get_stride(surface.get());
  for (int y = 0; y < height; ++y, row += stride) {
    auto* to = reinterpret_cast<std::uint32_t*>(row);
    for (int x = 0; x < width; ++x, pixels += bytes) {
      const std::uint32_t opaque = bytes == 4 ? pixels[3] : 255;
      const auto part = [&](int i) { return (pixels[i] * opaque + 127) / 255; };
      to[x] = opaque << 24 | part(0) << 16 | part(1) << 8 | part(2);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

}  // namespace

Surface surface_of(const Picture& picture) { return surface_from(picture.rgb.data(), picture.width, picture.height, 3); }

Surface read_surface(const std::string& path, std::string& problem) {
  const DecodedPicture picture = decode_picture(path);
  problem = picture.problem;
  if (picture.frames.empty()) return nullptr;
  Surface surface = surface_from(picture.frames.front().data(), picture.width, picture.height, 4);
  if (!surface) {
    problem = "does not fit into memory";
    return nullptr;
  }
  // A photograph stays in a PDF what it was: far smaller than its pixels.
  std::ifstream in(path, std::ios::binary);
  const std::string file((std::istreambuf_iterator<char>(in)), {});
  const PictureFacts size = size_of_picture(path);
  const bool whole = size.width == static_cast<float>(picture.width) && size.height == static_cast<float>(picture.height);
  if (whole && file.starts_with("\xFF\xD8\xFF")) {
    auto* kept = new std::string(file);
    cairo_surface_set_mime_data(surface.get(), CAIRO_MIME_TYPE_JPEG, reinterpret_cast<const unsigned char*>(kept->data()), kept->size(),
                                [](void* data) { delete static_cast<std::string*>(data); }, kept);
  }
  return surface;
}

PictureFacts size_of_picture(const std::string& path) {
  std::string problem;
  return picture_size(path, problem);
}

std::string png_of(const Surface& surface) {
  std::string file;
  cairo_surface_write_to_png_stream(
      surface.get(),
      [](void* to, const unsigned char* data, unsigned int bytes) {
        static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), bytes);
        return CAIRO_STATUS_SUCCESS;
      },
      &file);
  return file;
}

}  // namespace nutshell

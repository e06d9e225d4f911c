// Pictures as cairo holds them.
#pragma once

#include <cairo.h>

#include <memory>
#include <string>

#include "sim/deck/layout.h"
#include "viz/window/window.h"

namespace nutshell {

using Surface = std::shared_ptr<cairo_surface_t>;
inline Surface owned(cairo_surface_t* surface) { return {surface, cairo_surface_destroy}; }
using Pen = std::unique_ptr<cairo_t, void (*)(cairo_t*)>;
inline Pen pen_on(const Surface& surface) { return {cairo_create(surface.get()), cairo_destroy}; }

Surface surface_of(const Picture& picture);
// PNG, JPEG, or the first picture of a GIF. nullptr: `problem` says why it cannot be shown.
Surface read_surface(const std::string& path, std::string& problem);
// Its size, from its first bytes; of width 0 if it cannot be shown.
PictureFacts size_of_picture(const std::string& path);
// As a file.
std::string png_of(const Surface& surface);

}  // namespace nutshell

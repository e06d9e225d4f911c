// Drawings in SVG, by librsvg onto cairo: the one place that knows the library.
//
// A drawing is asked for as large as it is shown, so it is sharp in every room. Nothing that lies outside of it is ever read.
#pragma once

#include <cairo.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

class SvgDrawing {
 public:
  // nullptr: `problem` says why it cannot be drawn.
  static std::shared_ptr<const SvgDrawing> read(std::string_view svg, std::string& problem);
  ~SvgDrawing();
  SvgDrawing(const SvgDrawing&) = delete;
  SvgDrawing& operator=(const SvgDrawing&) = delete;

  // As it says of itself, in pixels.
  double width() const { return width_; }
  double height() const { return height_; }
  // The whole of it, as large as fits into the box, in its middle; as shapes, where the pen's surface keeps shapes. "" or why it
  // cannot be drawn.
  std::string draw(cairo_t* pen, double x, double y, double w, double h) const;
  // Four bytes a pixel: red, green, blue, and how opaque. None: `problem` says why.
  std::vector<std::uint8_t> pixels(int width, int height, std::string& problem) const;

 private:
  struct Handle;
  SvgDrawing(std::unique_ptr<Handle> handle, double width, double height);

  std::unique_ptr<Handle> handle_;
  double width_, height_;
};

}  // namespace nutshell

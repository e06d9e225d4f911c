// How often the lines of an SVG cross: filling takes as long as there are crossings, and nothing stops the library that fills once it
// has begun.
#pragma once

#include <string_view>

namespace nutshell {

// Crossings within each path and polygon, all together, by a sample that is the same each time; a shape that is used again counts
// again. Curves count as the lines between the points that they are given by.
double svg_crossings(std::string_view svg);

}  // namespace nutshell

// The space-time diagram as SVG: text as text, fonts by their family's name, light or dark.
#pragma once

#include <string>

#include "sim/history/space_time.h"

namespace nutshell {

struct SvgOptions {
  std::string title;
  Time from = 0, to = 0;
  AxisMode axis = AxisMode::compressed;
  bool light = false;
  bool hidden_traffic = false;
};

// `timeline` is the run that the tracks were read of.
std::string diagram_svg(const Timeline& timeline, const Tracks& tracks, const SvgOptions& options);

// The text with what XML gives a meaning to written out, and without control characters.
std::string xml_text(std::string_view text);

}  // namespace nutshell

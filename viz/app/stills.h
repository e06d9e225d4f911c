// Stills: pictures of the living figures of a deck, drawn without any display. A figure fills its whole picture: there are no
// bars and no panels around it.
#pragma once

#include <memory>
#include <string>

#include "sim/scenario/figure_map.h"
#include "sim/session/session.h"
#include "viz/ui/fonts.h"
#include "viz/window/window.h"

namespace nutshell {

class Stills {
 public:
  // Pictures of up to that size. `scale`: pixels a logical one; words and signs grow with it. Throws Failure if nothing can
  // be drawn here.
  Stills(int width, int height, float scale);

  // The session as it stands, looked at as the figure says. REQUIRES it is no larger than the size above.
  Picture draw(const Session& session, const DeckFigure& figure, bool light, int width, int height);

 private:
  std::unique_ptr<Window> window_;
  Fonts fonts_;
  float scale_;
};

}  // namespace nutshell

// Stills: pictures of the living figures of a deck, drawn without any display. A figure fills its whole picture: there are no
// bars and no panels around it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/scenario/captions.h"
#include "sim/scenario/figure_map.h"
#include "sim/session/session.h"
#include "viz/ui/canvas.h"
#include "viz/window/window.h"

namespace nutshell {

class Stills {
 public:
  // Pictures of up to that size. `scale`: pixels a logical one; words and signs grow with it. `projector`: for the back row. Throws
  // Failure if nothing can be drawn here.
  // `captions`: in whose words they speak; nullptr: as they do. They have to be there as long as this.
  Stills(int width, int height, float scale, bool projector = false, const Captions* captions = nullptr);

  // How the picture lies on what is around it, and how large it is: no larger than the size above.
  struct Look {
    bool light = false;
    std::optional<Color> ground = {};  // without it, the stage's own
    int width = 0, height = 0;
  };
  // The session as it stands, looked at as the figure says.
  Picture draw(const Session& session, const DeckFigure& figure, const Look& look);
  Picture draw(const Wires& wires, const Look& look);
  // Anything else.
  Picture draw(const Look& look, const std::function<void(Canvas& canvas, const Rect& whole)>& paint);

 private:
  std::unique_ptr<Window> window_;
  Fonts fonts_;
  float scale_;
  bool projector_;
  const Captions* captions_;
};

}  // namespace nutshell

#include "viz/panels/veil.h"

#include <algorithm>
#include <cmath>

#include "sim/session/about.h"

namespace nutshell {

namespace {

constexpr std::uint8_t kStrength = 102;  // of 255: what is behind keeps 60 % of its strength

Rect cut(Rect rect, const Rect& area) {
  const float x = std::max(rect.x, area.x), y = std::max(rect.y, area.y);
  // Whole pixels, so that no seam shows between two pieces of the veil.
  const float left = std::floor(x), top = std::floor(y);
  return {left, top, std::ceil(std::min(rect.right(), area.right())) - left, std::ceil(std::min(rect.bottom(), area.bottom())) - top};
}

}  // namespace

void draw_veil(Canvas& canvas, const World& world, const std::vector<Spot>& spots, const std::vector<Place>& bright, Rect area) {
  std::vector<Rect> holes;
  for (const Spot& each : spots) {
    const auto belongs = [&](const Place& place) { return belong_together(world, place, each.place); };
    if (std::any_of(bright.begin(), bright.end(), belongs)) holes.push_back(each.rect);
  }
  draw_veil_around(canvas, std::move(holes), area);
}

void draw_veil_around(Canvas& canvas, std::vector<Rect> holes, Rect area) {
  for (Rect& each : holes) each = cut(each.inset(-3), area);
  holes.erase(std::remove_if(holes.begin(), holes.end(), [](const Rect& each) { return each.empty(); }), holes.end());
  if (holes.empty()) return;
  // Bands between the edges of holes, each filled where there is none.
  std::vector<float> edges = {area.y, area.bottom()};
  for (const Rect& each : holes) edges.insert(edges.end(), {each.y, each.bottom()});
  std::sort(edges.begin(), edges.end());
  std::sort(holes.begin(), holes.end(), [](const Rect& a, const Rect& b) { return a.x < b.x; });
  const Color color = canvas.theme.stage.with_alpha(kStrength);
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const float top = edges[i - 1], high = edges[i] - top;
    if (high < 0.01F) continue;
    float x = area.x;
    for (const Rect& each : holes) {
      if (each.y > top + 0.005F || each.bottom() < edges[i] - 0.005F) continue;
      canvas.fill({x, top, each.x - x, high}, color);
      x = std::max(x, each.right());
    }
    canvas.fill({x, top, area.right() - x, high}, color);
  }
}

}  // namespace nutshell

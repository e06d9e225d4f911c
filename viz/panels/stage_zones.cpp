// Zones: around the machines that stand together, and how much has gone from one zone to another.
#include <algorithm>
#include <array>

#include "sim/cluster/zones.h"
#include "sim/core/text.h"
#include "sim/cost/prices.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr TextStyle kZoneWords{Face::bold, Size::micro}, kZoneSum{Face::mono_bold, Size::body};

// What befalls a zone as a whole.
enum class ZoneState : std::uint8_t { well, dark, cut_off };

ZoneState state_of_zone(const World& world, const std::string& zone) {
  const std::vector<NodeId> nodes = nodes_in_zone(world, zone);
  const bool dark = std::all_of(nodes.begin(), nodes.end(), [&](NodeId each) {
    return world.fabric.nodes[static_cast<std::size_t>(each)].status == NodeStatus::down;
  });
  if (dark) return ZoneState::dark;
  if (world.fabric.network.links.empty()) return ZoneState::well;
  const auto links = zone_links(world, zone, "");
  const bool cut = !links.empty() && std::all_of(links.begin(), links.end(), [&](const auto& each) {
    const Link* link = world.fabric.network.find(each.first, each.second);
    return link && link->cut;
  });
  return cut ? ZoneState::cut_off : ZoneState::well;
}

std::string words_of_zone(const std::string& zone, ZoneState state) {
  return "zone " + zone + (state == ZoneState::dark ? " is dark" : state == ZoneState::cut_off ? " is cut off" : "");
}

// On the upper edge of what stands in the zone, at its right.
void draw_zone_name(Canvas& canvas, const Scene& scene, Rect around, const std::string& zone, ZoneState state) {
  const Theme& theme = canvas.theme;
  const std::string name = words_of_zone(zone, state);
  const std::string text = canvas.width(kZoneWords, name) + 22 <= around.w ? name : zone;
  const float wide = canvas.width(kZoneWords, text) + 12, high = canvas.height(kZoneWords) + 3;
  const Rect pill{around.right() - 10 - wide, around.y - high / 2, wide, high};
  canvas.fill(pill, theme.stage, high / 2);
  const Color color = state == ZoneState::well ? theme.text2 : theme.hue(HueName::red).words;
  canvas.outline(pill, state == ZoneState::well ? theme.line2 : theme.hue(HueName::red).stroke, canvas.big(1.25F, 2), high / 2);
  canvas.text(pill.center(), kZoneWords, color, text, Align::center, pill);
  scene.tell(canvas, pill, name, "machines that stand together: they lose power together, and what comes from elsewhere is billed");
}

// Around brokers of a zone that stand one below the other.
void draw_zone_areas(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const Theme& theme = canvas.theme;
  const std::vector<NodePlace>& all = layout.brokers;
  for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
    const std::string zone = zone_of(scene.world, all[first].node);
    while (last < all.size() && zone_of(scene.world, all[last].node) == zone) ++last;
    if (zone.empty()) continue;
    const Rect top = all[first].rect;
    const float out = canvas.big(4, 5);
    const Rect area{top.x - out, top.y - out, top.w + 2 * out, all[last - 1].rect.bottom() - top.y + 2 * out};
    const ZoneState state = state_of_zone(scene.world, zone);
    canvas.fill(area, theme.panel, 11);
    if (state == ZoneState::well) canvas.outline(area, theme.line2, canvas.big(1.25F, 2), 11);
    else canvas.dashed_outline(area, theme.hue(HueName::red).stroke, canvas.big(1.5F, 2.5F), kDead, 11);
  }
}

void draw_zone_names(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  std::string before;
  const auto name = [&](const NodePlace& each, bool once) {
    const std::string zone = zone_of(scene.world, each.node);
    const bool again = once && zone == before;
    before = zone;
    if (!zone.empty() && !again) draw_zone_name(canvas, scene, each.rect, zone, state_of_zone(scene.world, zone));
  };
  // On a map a broker is a line: its zone stands behind its name.
  for (const NodePlace& each : layout.brokers) {
    if (!layout.map) name(each, true);
    else if (each.rect.h >= canvas.height(kZoneWords))
      canvas.text_in({each.rect.x, each.rect.y, layout.label - 8, each.rect.h}, kZoneWords, canvas.theme.text3,
                     zone_of(scene.world, each.node), Align::right);
  }
  for (const auto* places : {&layout.controllers, &layout.producers, &layout.members, &layout.plain})
    for (const NodePlace& each : *places) name(each, false);
}

// "1.24 MB"
std::string megabytes_text(std::int64_t bytes) {
  if (bytes < 100'000) return std::to_string((bytes + 50) / 1000) + "." + std::to_string((bytes + 50) / 100 % 10) + " kB";
  const std::int64_t hundredths = (bytes + 5'000) / 10'000;
  const std::string rest = std::to_string(hundredths % 100);
  return grouped(hundredths / 100) + "." + (rest.size() < 2 ? "0" : "") + rest + " MB";
}

// What has crossed zones until now: the sum, and whose it is. Above the groups, or behind the last controller.
void draw_zone_counter(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const Theme& theme = canvas.theme;
  const ZoneFlow flow = total_flow(scene.world);
  const Rect quorum = layout.quorum;
  const float begins = layout.controllers.empty() ? quorum.x + quorum.w * 0.5F : layout.controllers.back().rect.right() + 16;
  const float ends = layout.area.right() - canvas.big(16, 20);
  const float line = canvas.height(kSmall) * 1.15F;
  const std::array<std::pair<const char*, std::int64_t>, 4> rows = {
      {{"copies", flow.replicate}, {"readers", flow.consume}, {"producers", flow.produce}, {"the rest", flow.other}}};
  const std::string head = "between zones", sum = megabytes_text(flow.total());
  const float wide = canvas.width(kSmallBold, head) + 10 + canvas.width(kZoneSum, sum);
  if (ends - begins < wide) return;
  Rect box{std::max(begins, ends - canvas.big(330, 460)), quorum.y - canvas.big(2, 4), 0, quorum.h};
  box.w = ends - box.x;
  scene.tell(canvas, box, head, "bytes that have arrived in another zone than they came from: clouds bill them");
  Rect first = box.take_top(std::max(line, canvas.height(kZoneSum)));
  const float number = canvas.text_in(first, kZoneSum, theme.text, sum, Align::right);
  first.take_right(number + 10);
  canvas.text_in(first, kSmallBold, theme.text2, head, Align::right);
  // Two beside each other, or one, as far as there is room.
  float widest = 0;
  for (const auto& [name, bytes] : rows)
    widest = std::max(widest, canvas.width(kSmall, std::string(name) + " " + megabytes_text(bytes)) + 8);
  const std::size_t beside = 2 * widest <= box.w ? 2 : widest <= box.w ? 1 : rows.size() + 1;
  for (std::size_t i = 0; i + beside <= rows.size() && box.h >= line; i += beside) {
    Rect below = box.take_top(line);
    const float wide_each = below.w / static_cast<float>(beside);
    for (std::size_t each = i + beside; each-- > i;) {
      Rect part = below.take_right(wide_each);
      part.take_right(canvas.text_in(part, kSmall, theme.text, megabytes_text(rows[each].second), Align::right) + 6);
      canvas.text_in(part, kSmall, theme.text3, rows[each].first, Align::right);
    }
  }
}

}  // namespace

void draw_zones(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  if (scene.world.fabric.network.zones.names.empty()) return;
  if (!layout.map) draw_zone_areas(canvas, scene, layout);
}

void draw_zone_marks(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  if (scene.world.fabric.network.zones.names.empty()) return;
  draw_zone_names(canvas, scene, layout);
  draw_zone_counter(canvas, scene, layout);
}

}  // namespace nutshell

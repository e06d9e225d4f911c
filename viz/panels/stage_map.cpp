// The map: a row a broker, a column a partition; for clusters too large for strips.
#include <algorithm>

#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

const Node& node_of(const World& world, NodeId node) { return world.fabric.nodes[static_cast<std::size_t>(node)]; }

constexpr float kMostPitch = 27, kNamesFrom = 12;  // pixels a partition

struct Columns {
  float x = 0, pitch = 0, leaders = 0;
  Rect seen;  // columns beyond it are scrolled out of sight
  float of(std::size_t column) const { return x + static_cast<float>(column) * pitch; }
  bool sees(std::size_t column) const { return of(column) > seen.x - 1 && of(column) + pitch < seen.right() + 1; }
};

Columns columns_of(const StageLayout& layout, std::size_t count) {
  const Rect first = layout.brokers.front().rect, last = layout.brokers.back().rect;
  Columns columns;
  columns.leaders = 84;
  const float x = first.x + layout.label + 8, wide = first.w - layout.label - columns.leaders - 16;
  const float whole = std::min(wide / static_cast<float>(std::max<std::size_t>(count, 1)), 22.0F);
  columns.pitch = whole * layout.map_zoom;
  // A lens magnifies from the corner of the stage, and so do the columns.
  columns.x = layout.area.x + (x - layout.area.x - layout.map_left) * layout.map_zoom;
  columns.seen = {x, first.y, wide, last.bottom() - first.y};
  return columns;
}

// Topic names over their columns, as many as fit.
void draw_topics(Canvas& canvas, const Scene& scene, const std::vector<TopicPartition>& all, const Columns& columns, float y) {
  const TextStyle style{Face::bold, Size::small};
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first;
    while (last < all.size() && all[last].topic == all[first].topic) ++last;
    const float left = std::max(columns.of(first), columns.seen.x);
    const float wide = std::min(columns.of(last), columns.seen.right()) - left - 6;
    if (wide > 0) canvas.line({left, y + 12}, {left + wide, y + 12}, canvas.theme.line2);
    const std::string name = scene.world.fabric.names[all[first].topic];
    if (canvas.width(style, name) <= wide) canvas.text({left, y}, style, canvas.theme.text2, name);
    first = last;
  }
}

void draw_replica(Canvas& canvas, Rect cell, bool leads, bool in_sync, bool up, Epoch epoch) {
  const Theme& theme = canvas.theme;
  const float wide = std::clamp(cell.w - 1.5F, 1.5F, 16.0F);
  const Rect tall{cell.x, cell.y + 2, wide, cell.h - 4};
  const Rect low{cell.x, cell.y + cell.h * 0.3F, wide, cell.h * 0.4F};
  if (!up) return canvas.outline({tall.x, tall.y, std::max(wide * 0.4F, 1.5F), tall.h}, theme.hue(HueName::red).stroke, 1);
  if (leads) return canvas.fill(tall, theme.epoch(epoch).fill, 1);
  if (in_sync) return canvas.fill(low, theme.text3, 1);
  canvas.outline({low.x, low.y, std::max(wide, 4.0F), low.h}, theme.hue(HueName::orange).stroke, 1.25F);
}

std::size_t draw_broker(Canvas& canvas, const Scene& scene, const Broker& broker, Rect row, const StageLayout& layout,
                        const std::vector<TopicPartition>& all, const Columns& columns) {
  const Theme& theme = canvas.theme;
  const bool up = node_of(scene.world, broker.node).status == NodeStatus::running;
  const Color red = theme.hue(HueName::red).stroke;
  canvas.fill({row.x + layout.label, row.y, row.w - layout.label - columns.leaders, row.h}, theme.card, 4);
  if (!up) canvas.dashed_outline({row.x + layout.label, row.y, row.w - layout.label - columns.leaders, row.h}, red, 1.5F, kDead, 4);
  const float side = std::min(row.h - 2, 20.0F);
  const Rect square{row.x + 4, row.center().y - side / 2, side, side};
  const TextStyle digits{Face::mono_bold, Size::micro};
  const float wide = std::max(side, canvas.width(digits, std::to_string(broker.id)) + 8);
  canvas.outline({square.x, square.y, wide, side}, up ? theme.text : red, 1.5F, 4);
  canvas.text({square.x + wide / 2, square.center().y}, digits, up ? theme.text : red, std::to_string(broker.id), Align::center);
  canvas.text_in({square.x + wide + 8, row.y, layout.label - wide - 14, row.h}, {Face::regular, Size::small},
                 up ? theme.text2 : red, up ? "broker" : "CRASHED");
  const MetadataImage* image = committed_image(scene.world);
  std::size_t leaders = 0;
  for (std::size_t i = 0; image && i < all.size(); ++i) {
    const PartitionRegistration* partition = image->partition(all[i]);
    const auto id = static_cast<std::int16_t>(broker.id);
    if (!partition || !partition->replicas.contains(id)) continue;
    leaders += partition->leader == broker.id;
    if (columns.sees(i)) draw_replica(canvas, {columns.of(i), row.y, columns.pitch, row.h}, partition->leader == broker.id,
                 partition->isr.contains(id), up, partition->leader_epoch);
  }
  return leaders;
}

struct Health {
  std::size_t up = 0, under_replicated = 0, under_min_isr = 0, offline = 0;
};

Health health_of(const World& world, const std::vector<TopicPartition>& all) {
  Health health;
  for (const Broker& each : world.brokers) health.up += node_of(world, each.node).status == NodeStatus::running;
  const MetadataImage* image = committed_image(world);
  for (TopicPartition tp : all) {
    const PartitionRegistration& partition = *image->partition(tp);
    health.under_replicated += partition.isr.size() < partition.replicas.size();
    const std::int64_t own = image->topic(tp.topic)->config.min_insync_replicas;  // -1: as the brokers say
    const std::int64_t wanted = own >= 0 ? own : world.brokers.front().config.min_insync_replicas;
    health.under_min_isr += static_cast<std::int32_t>(partition.isr.size()) < effective_min_isr(wanted, partition);
    health.offline += partition.leader == kNoBroker;
  }
  return health;
}

// The numbers that an operator looks at first.
void draw_health(Canvas& canvas, const World& world, const std::vector<TopicPartition>& all, Rect area) {
  if (all.empty()) return;
  const Theme& theme = canvas.theme;
  const Health health = health_of(world, all);
  struct Tile {
    std::string number, words;
    bool calm;
    HueName hue;
  };
  const std::string brokers = std::to_string(health.up) + " of " + std::to_string(world.brokers.size());
  const Tile tiles[] = {{brokers, "brokers up", health.up == world.brokers.size(), HueName::red},
                        {std::to_string(all.size()), "partitions", true, HueName::green},
                        {std::to_string(health.under_replicated), "under-replicated", health.under_replicated == 0, HueName::orange},
                        {std::to_string(health.under_min_isr), "under min ISR", health.under_min_isr == 0, HueName::red},
                        {std::to_string(health.offline), "without leader", health.offline == 0, HueName::red}};
  const float wide = (area.w - 4 * 10) / 5;
  for (const Tile& tile : tiles) {
    const Rect box = area.take_left(wide);
    area.take_left(10);
    canvas.fill(box, theme.card, 8);
    canvas.outline(box, tile.calm ? theme.line2 : theme.hue(tile.hue).stroke, 1.5F, 8);
    Rect inner = box.inset(8);
    const TextStyle style{Face::bold, Size::name};
    inner.take_left(canvas.text_in(inner, style, tile.calm ? theme.text : theme.hue(tile.hue).stroke, tile.number) + 8);
    if (canvas.width({Face::regular, Size::small}, tile.words) <= inner.w)
      canvas.text_in(inner, {Face::regular, Size::small}, theme.text2, tile.words);
  }
}

// The numbers of partitions over their columns, every second or fifth where not all fit.
void draw_names(Canvas& canvas, const std::vector<TopicPartition>& all, const Columns& columns, float y) {
  const TextStyle style{Face::mono, Size::micro};
  const float wide = canvas.width(style, std::to_string(all.size())) + 6;
  std::int32_t every = 1;
  for (std::int32_t each : {1, 2, 5, 10}) {
    if (static_cast<float>(every) * columns.pitch < wide) every = each;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!columns.sees(i) || all[i].partition % every != 0) continue;
    canvas.text({columns.of(i) + columns.pitch / 2, y}, style, canvas.theme.text2, std::to_string(all[i].partition), Align::center);
  }
}

}  // namespace

float most_map_zoom(const World& world, const StageLayout& layout) {
  if (layout.brokers.empty()) return 1;
  const float whole = columns_of(layout, user_partitions(world).size()).pitch / layout.map_zoom;
  return std::max(1.0F, kMostPitch / std::max(whole, 0.1F));
}

void draw_map(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  const std::vector<TopicPartition> all = user_partitions(scene.world);
  if (layout.brokers.empty()) return;
  const Rect first = layout.brokers.front().rect;
  const Columns columns = columns_of(layout, all.size());
  const Rect last = layout.brokers.back().rect;
  draw_health(canvas, scene.world, all, {first.x, last.bottom() + 12, first.w, 44});
  const bool names = columns.pitch >= kNamesFrom;
  draw_topics(canvas, scene, all, columns, first.y - (names ? 34 : 18));
  canvas.text({first.right() - 4, first.y - 18}, {Face::regular, Size::small}, canvas.theme.text3, "leaders", Align::right);
  for (std::size_t i = 0; i < layout.brokers.size(); ++i) {
    const Rect row = layout.brokers[i].rect;
    scene.note(canvas, row, {PlaceKind::broker, layout.brokers[i].node});
    const std::size_t leaders = draw_broker(canvas, scene, scene.world.brokers[i], row, layout, all, columns);
    const TextStyle style{Face::mono_bold, Size::small};
    canvas.text({row.right() - 4, row.center().y}, style, canvas.theme.text, std::to_string(leaders), Align::right);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!columns.sees(i)) continue;
    const Rect column{columns.of(i), first.y, columns.pitch, last.bottom() - first.y};
    scene.note(canvas, column, {PlaceKind::partition, kNoNode, kNoNode, all[i]});
  }
  if (names) draw_names(canvas, all, columns, first.y - 12);
}

}  // namespace nutshell

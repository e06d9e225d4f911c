// The map: a row a broker, a column a partition; for clusters too large for strips.
#include <algorithm>

#include "viz/panels/client_card.h"
#include "viz/panels/map_columns.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

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

constexpr float kLeaders = 104;  // room for the bar and the number of a broker's leaders

std::size_t draw_broker(Canvas& canvas, const Scene& scene, const Broker& broker, Rect row, const StageLayout& layout,
                        const Columns& columns) {
  const std::vector<TopicPartition>& all = columns.all;
  const Theme& theme = canvas.theme;
  const bool up = node_of(scene.world, broker.node).status == NodeStatus::running;
  const Color red = theme.hue(HueName::red).stroke;
  canvas.fill({row.x + layout.label, row.y, row.w - layout.label - kLeaders, row.h}, theme.card, 4);
  if (!up) canvas.dashed_outline({row.x + layout.label, row.y, row.w - layout.label - kLeaders, row.h}, red, 1.5F, kDead, 4);
  const float side = std::min(row.h - 2, 20.0F);
  const Rect square{row.x + 4, row.center().y - side / 2, side, side};
  const TextStyle digits{Face::mono_bold, Size::micro};
  const float wide = std::max(side, canvas.width(digits, std::to_string(broker.id)) + 8);
  canvas.outline({square.x, square.y, wide, side}, up ? theme.text : red, 1.5F, 4);
  canvas.text({square.x + wide / 2, square.center().y}, digits, up ? theme.text : red, std::to_string(broker.id), Align::center);
  const bool low = row.h < canvas.height({Face::regular, Size::small});
  const TextStyle word{Face::regular, low ? Size::micro : Size::small};
  if (row.h >= canvas.height(word))  // or the number's outline says it alone
    canvas.text_in({square.x + wide + 8, row.y, layout.label - wide - 14, row.h}, word, up ? theme.text2 : red,
                   up ? "broker" : "CRASHED");
  const MetadataImage* image = committed_image(scene.world);
  std::size_t leaders = 0;
  for (std::size_t i = 0; image && i < all.size(); ++i) {
    const PartitionRegistration* partition = image->partition(all[i]);
    const auto id = static_cast<std::int16_t>(broker.id);
    if (!partition || !partition->replicas.contains(id)) continue;
    leaders += partition->leader == broker.id;
    if (columns.sees(i)) draw_map_replica(canvas, scene, columns, i, broker, {columns.of(i), row.y, columns.pitch, row.h});
  }
  return leaders;
}

struct Health {
  std::size_t up = 0, under_replicated = 0, under_min_isr = 0;
  std::size_t silent = 0;  // without a leader, or with one that is down and has not been replaced yet
};

Health health_of(const World& world, const std::vector<TopicPartition>& all) {
  Health health;
  for (const Broker& each : world.brokers) health.up += node_of(world, each.node).status == NodeStatus::running;
  const MetadataImage* image = committed_image(world);
  for (TopicPartition tp : all) {
    const PartitionRegistration& partition = *image->partition(tp);
    health.under_replicated += partition.isr.size() < partition.replicas.size();
    const std::int64_t own = image->topic(tp.topic)->config.min_insync_replicas;  // below 0: as the brokers say
    const std::int64_t wanted = own >= 0 ? own : world.brokers.front().config.min_insync_replicas;
    health.under_min_isr += static_cast<std::int32_t>(partition.isr.size()) < effective_min_isr(wanted, partition.replicas);
    const Broker* leader = world.find_broker(partition.leader);
    health.silent += !leader || node_of(world, leader->node).status != NodeStatus::running;
  }
  return health;
}

struct Tile {
  std::string number, tight;  // the same number where there is little room
  std::string words, few;     // few: Kafka's own short name
  bool calm;
  HueName hue;
};

// The words stand beside the number; where there is no room for any, below it.
void draw_tile(Canvas& canvas, const Tile& tile, Rect box) {
  const Theme& theme = canvas.theme;
  const Color ink = tile.calm ? theme.text : theme.hue(tile.hue).stroke;
  const TextStyle style{Face::bold, Size::name}, small{Face::regular, Size::small}, micro{Face::regular, Size::micro};
  Rect inner = box.inset(8);
  const float room = inner.w - canvas.width(style, tile.number) - 8;
  for (const std::string* words : {&tile.words, &tile.few}) {
    if (canvas.width(small, *words) > room) continue;
    inner.take_left(canvas.text_in(inner, style, ink, tile.number) + 8);
    canvas.text_in(inner, small, theme.text2, *words);
    return;
  }
  inner = box.inset(2);
  const float below = canvas.height(micro) + 4;
  if (canvas.width(micro, tile.few) <= inner.w && inner.h >= canvas.height(style) + below)
    canvas.text_in(inner.take_bottom(below), micro, theme.text2, tile.few, Align::center);
  canvas.text_in(inner, style, ink, canvas.width(style, tile.number) <= inner.w ? tile.number : tile.tight, Align::center);
}

// The numbers that an operator looks at first.
void draw_health(Canvas& canvas, const World& world, const std::vector<TopicPartition>& all, Rect area) {
  if (all.empty()) return;
  const Theme& theme = canvas.theme;
  const Health health = health_of(world, all);
  const std::string up = std::to_string(health.up), brokers = std::to_string(world.brokers.size());
  const auto tile = [](std::size_t count, const char* words, const char* few, HueName hue) {
    return Tile{std::to_string(count), std::to_string(count), words, few, count == 0 || hue == HueName::green, hue};
  };
  const Tile tiles[] = {{up + " of " + brokers, up + "/" + brokers, "brokers up", "up", health.up == world.brokers.size(), HueName::red},
                        tile(all.size(), "partitions", "partitions", HueName::green),
                        tile(health.under_replicated, "under-replicated", "URP", HueName::orange),
                        tile(health.under_min_isr, "under min ISR", "< min", HueName::red),
                        tile(health.silent, "no leader answers", "offline", HueName::red)};
  const float wide = (area.w - 4 * 10) / 5;
  for (const Tile& each : tiles) {
    const Rect box = area.take_left(wide);
    area.take_left(10);
    canvas.fill(box, theme.card, 8);
    canvas.outline(box, each.calm ? theme.line2 : theme.hue(each.hue).stroke, 1.5F, 8);
    draw_tile(canvas, each, box);
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

// How many partitions each broker leads: a bar and a number.
void draw_leader_bars(Canvas& canvas, const StageLayout& layout, const std::vector<std::size_t>& leaders) {
  const Theme& theme = canvas.theme;
  const std::size_t most = std::max<std::size_t>(*std::max_element(leaders.begin(), leaders.end()), 1);
  const TextStyle style{Face::mono_bold, Size::small};
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const Rect row = layout.brokers[i].rect;
    const float high = std::min(row.h * 0.5F, 10.0F), wide = 44;
    const Rect track{row.right() - kLeaders + 14, row.center().y - high / 2, wide, high};
    canvas.fill(track, theme.card, 3);
    canvas.fill({track.x, track.y, wide * static_cast<float>(leaders[i]) / static_cast<float>(most), high}, theme.text2, 3);
    const Color color = leaders[i] == 0 ? theme.hue(HueName::red).stroke : theme.text;
    canvas.text({row.right() - 4, row.center().y}, style, color, std::to_string(leaders[i]), Align::right);
  }
}

}  // namespace

Columns columns_of(const World& world, const StageLayout& layout) {
  const Rect first = layout.brokers.front().rect, last = layout.brokers.back().rect;
  const float bottom = layout.lags.empty() ? last.bottom() : layout.lags.back().rect.bottom();
  Columns columns;
  columns.all = user_partitions(world);
  const float x = first.x + layout.label + 8, wide = first.w - layout.label - kLeaders - 16;
  const float whole = std::min(wide / static_cast<float>(std::max<std::size_t>(columns.all.size(), 1)), 22.0F);
  columns.pitch = whole * layout.map_zoom;
  // A lens magnifies from the corner of the stage, and so do the columns.
  columns.x = layout.area.x + (x - layout.area.x - layout.map_left) * layout.map_zoom;
  columns.seen = {x, first.y, wide, bottom - first.y};
  return columns;
}

float most_map_zoom(const World& world, const StageLayout& layout) {
  if (layout.brokers.empty()) return 1;
  const float whole = columns_of(world, layout).pitch / layout.map_zoom;
  return std::max(1.0F, kMostPitch / std::max(whole, 0.1F));
}

void draw_map(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  if (layout.brokers.empty()) return;
  const Rect first = layout.brokers.front().rect;
  Columns columns = columns_of(scene.world, layout);
  const std::vector<TopicPartition>& all = columns.all;
  for (TopicPartition each : all) columns.ends.push_back(furthest_log_end(scene.world, each));
  for (Offset each : columns.ends) columns.fullest = std::max(columns.fullest, each);
  if (!layout.map_health.empty()) draw_health(canvas, scene.world, all, layout.map_health);
  if (!layout.map_legend.empty()) draw_map_legend(canvas, layout.map_legend, columns.pitch);
  const bool names = columns.pitch >= kNamesFrom;
  draw_topics(canvas, scene, all, columns, first.y - (names ? 34 : 18));
  canvas.text({first.right() - 4, first.y - 18}, {Face::regular, Size::small}, canvas.theme.text3, "leaders", Align::right);
  std::vector<std::size_t> leaders;
  for (std::size_t i = 0; i < layout.brokers.size(); ++i) {
    const Rect row = layout.brokers[i].rect;
    scene.note(canvas, row, {PlaceKind::broker, layout.brokers[i].node});
    leaders.push_back(draw_broker(canvas, scene, scene.world.brokers[i], row, layout, columns));
  }
  draw_leader_bars(canvas, layout, leaders);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!columns.sees(i)) continue;
    const Rect column{columns.of(i), first.y, columns.pitch, columns.seen.bottom() - first.y};
    scene.note(canvas, column, {PlaceKind::partition, kNoNode, kNoNode, all[i]});
  }
  draw_lags(canvas, scene, layout, columns);
  if (names) draw_names(canvas, all, columns, first.y - 12);
}

}  // namespace nutshell

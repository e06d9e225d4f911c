#include "viz/panels/map_columns.h"

#include <algorithm>

#include "viz/panels/replica_sign.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// Of a strip on the map, at most and at least: where logs are short, they fill their columns all the same.
constexpr Offset kRecordsShown = 24, kFewShown = 6;

// By how many records the partition holds, beside the fullest one.
Color heat_of(const Theme& theme, const Columns& columns, std::size_t column) {
  const auto steps = static_cast<Offset>(theme.heat.size());
  return theme.heat[static_cast<std::size_t>(columns.ends[column] * steps / (columns.fullest + 1))];
}

// A stroke: tall for the leader, short for a copy in sync, hollow for one that is not, thin for one out of reach.
void draw_stroke(Canvas& canvas, Rect cell, ReplicaSign role, Color leader) {
  const Theme& theme = canvas.theme;
  // The gap between two strokes is small where they are thin, so that heat is seen.
  const float wide = within(cell.w - (cell.w < 6 ? 0.8F : 1.5F), 1.5F, 16.0F);
  const Rect tall{cell.x, cell.y + 2, wide, cell.h - 4};
  const Rect low{cell.x, cell.y + cell.h * 0.3F, wide, cell.h * 0.4F};
  switch (role) {
    case ReplicaSign::offline:
      return canvas.outline({tall.x, tall.y, std::max(wide * 0.4F, 1.5F), tall.h}, theme.hue(HueName::red).stroke, 1);
    case ReplicaSign::leader:
    case ReplicaSign::becoming_leader:
    case ReplicaSign::stale_leader: return canvas.fill(tall, leader, 1);
    case ReplicaSign::asked:
    case ReplicaSign::follower: return canvas.fill(low, theme.text3, 1);
    case ReplicaSign::rejoining:
    case ReplicaSign::out_of_isr:
      return canvas.outline({low.x, low.y, std::max(wide, 4.0F), low.h}, theme.hue(HueName::orange).stroke, 1.25F);
  }
}

// The last records as one bar: full below the high watermark, hollow above it.
void draw_small_strip(Canvas& canvas, const Replica* replica, Offset end, Offset fullest, Rect cell, ReplicaSign role) {
  const Theme& theme = canvas.theme;
  const Rect inner{cell.x + 2, cell.y + 2, cell.w - 5, cell.h - 4};
  const float sign = std::min(6.0F, inner.h * 0.22F);
  const Rect bar{inner.x, inner.bottom() - inner.h * 0.48F, inner.w, inner.h * 0.44F};
  draw_role(canvas, {inner.x + sign + 1, inner.y + sign + 1}, sign, role, {});
  if (!replica || role == ReplicaSign::offline) return canvas.hatch(bar, theme.line2, 5);
  const Offset shown = within<Offset>(fullest, kFewShown, kRecordsShown), first = std::max<Offset>(0, end - shown);
  const auto x = [&](Offset offset) {
    const Offset inside = within<Offset>(offset - first, 0, shown);
    return bar.x + bar.w * static_cast<float>(inside) / static_cast<float>(shown);
  };
  const Hue& hue = theme.epoch(std::max(replica->leader_epoch, 0));
  const float high_watermark = x(replica->log.high_watermark()), log_end = x(replica->log.log_end_offset());
  const Rect full{bar.x, bar.y, high_watermark - bar.x, bar.h};
  canvas.fill(full, acts(role) ? hue.fill : theme.tint(hue), 2);
  if (!acts(role) && full.w > 2) canvas.outline(full, hue.stroke, 1, 2);
  if (log_end > high_watermark + 1)
    canvas.dashed_outline({high_watermark, bar.y, log_end - high_watermark, bar.h}, hue.stroke, 1, kNotYet, 2);
  canvas.line({high_watermark, bar.y - 2}, {high_watermark, bar.bottom() + 2}, theme.text, 1.5F);
}

Offset committed_by(const Group& group, TopicPartition tp) {
  for (const CommittedOffset& each : group.offsets) {
    if (each.tp == tp) return each.offset;
  }
  return -1;
}

// What the group has still to read of each partition, as Kafka's tools count it (G5); -1: it never committed there,
// or nobody can say where the partition ends.
std::vector<Offset> lags_of(const World& world, const Group& group, const Columns& columns) {
  std::vector<Offset> lags;
  for (TopicPartition tp : columns.all) {
    const Offset committed = committed_by(group, tp), end = committed < 0 ? -1 : readable_end(world, tp);
    lags.push_back(end < 0 ? -1 : std::max<Offset>(end - committed, 0));
  }
  return lags;
}

// The letter of the member that owns it.
void draw_owner(Canvas& canvas, const World& world, GroupId group, TopicPartition tp, Point at) {
  for (const Consumer& each : world.consumers) {
    if (each.spec.group != group) continue;
    const std::size_t nth = member_index(world, each.node);
    for (const OwnedPartition& owned : each.owned) {
      if (owned.tp == tp) canvas.text(at, {Face::bold, Size::micro}, canvas.theme.member(nth).words, member_letter(nth), Align::center);
    }
  }
}

void draw_lag_row(Canvas& canvas, const Scene& scene, const GroupPlace& place, const Columns& columns) {
  const Theme& theme = canvas.theme;
  const Hue& hue = theme.group(place.nth);
  const World& world = scene.world;
  Rect row = place.rect;
  scene.note(canvas, {row.x, row.y, columns.seen.x - row.x - 8, row.h}, {PlaceKind::group, kNoNode, kNoNode, {}, -1, place.group});
  draw_hexagon(canvas, {row.x + 13, row.center().y}, 7, hue.stroke, true);
  canvas.text_in({row.x + 28, row.y, columns.seen.x - row.x - 36, row.h}, kSmall, theme.text2, world.fabric.names[place.group]);
  const Group* group = coordinated_group(world, place.group).group;
  const bool owners = columns.pitch >= kNamesFrom;
  const float foot = row.bottom() - 5, high = row.h - (owners ? 21 : 9);
  canvas.line({columns.seen.x, foot}, {columns.seen.right(), foot}, theme.line);
  const TextStyle mono{Face::mono_bold, Size::small};
  if (!group) return void(canvas.text({row.right() - 4, row.center().y}, mono, theme.text3, "-", Align::right));
  const std::vector<Offset> lags = lags_of(world, *group, columns);
  const Offset most = std::max<Offset>(*std::max_element(lags.begin(), lags.end()), 1);
  Offset sum = 0;
  for (std::size_t i = 0; i < lags.size(); ++i) {
    sum += std::max<Offset>(lags[i], 0);
    if (!columns.sees(i)) continue;
    const float wide = within(columns.pitch - 1.5F, 1.5F, 16.0F);
    const float tall = lags[i] <= 0 ? 0 : std::max(high * static_cast<float>(lags[i]) / static_cast<float>(most), 2.0F);
    canvas.fill({columns.of(i), foot - tall, wide, tall}, hue.stroke, 1);
    if (owners) draw_owner(canvas, world, place.group, columns.all[i], {columns.of(i) + wide / 2, row.y + 9});
  }
  canvas.text({row.right() - 4, row.center().y}, mono, theme.text, std::to_string(sum), Align::right);
}

}  // namespace

void draw_map_replica(Canvas& canvas, const Scene& scene, const Columns& columns, std::size_t column, const Broker& broker, Rect cell) {
  const TopicPartition tp = columns.all[column];
  const Node& node = scene.world.fabric.nodes[static_cast<std::size_t>(broker.node)];
  const MetadataImage* image = committed_image(scene.world);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  const Replica* replica = broker.replica(tp);
  const ReplicaSign role = role_of(node, broker, replica, partition);
  if (cell.w >= kStripsFrom && cell.h >= 20) return draw_small_strip(canvas, replica, columns.ends[column], columns.fullest, cell, role);
  const bool far = cell.w < kNamesFrom;
  const Color leader = far ? heat_of(canvas.theme, columns, column) : canvas.theme.epoch(partition ? partition->leader_epoch : 0).fill;
  draw_stroke(canvas, cell, role, leader);
}

void draw_lags(Canvas& canvas, const Scene& scene, const StageLayout& layout, const Columns& columns) {
  if (layout.lags.empty() || columns.all.empty()) return;
  for (const GroupPlace& each : layout.lags) draw_lag_row(canvas, scene, each, columns);
  const Rect& first = layout.lags.front().rect;
  canvas.text({first.right() - 4, first.y - 4}, kSmall, canvas.theme.text3, "lag", Align::right);
}

void draw_map_legend(Canvas& canvas, Rect area, float pitch) {
  const Theme& theme = canvas.theme;
  const bool far = pitch < kNamesFrom;
  const auto entry = [&](ReplicaSign role, std::string_view words) {
    const float wide = canvas.width(kSmall, words) + 36;
    if (area.w < wide) return;
    Rect place = area.take_left(wide);
    draw_stroke(canvas, {place.x, place.y, 7, place.h}, role, far ? theme.heat[2] : theme.epoch(1).fill);
    place.take_left(14);
    canvas.text_in(place, kSmall, theme.text3, words);
  };
  entry(ReplicaSign::leader, far ? "leader" : "leader, in the hue of its epoch");
  entry(ReplicaSign::follower, "follower in sync");
  entry(ReplicaSign::out_of_isr, "out of ISR");
  entry(ReplicaSign::offline, "offline");
  const std::string_view few = "few records", many = "many";
  const float cell = 22, wide = canvas.width(kSmall, few) + canvas.width(kSmall, many) + 5 * cell + 20;
  if (!far || area.w < wide) return;
  Rect scale = area.take_right(wide);
  scale.take_left(canvas.text_in(scale, kSmall, theme.text3, few) + 8);
  for (const Color& each : theme.heat) canvas.fill(scale.take_left(cell).inset(1), each, 2);
  scale.take_left(8);
  canvas.text_in(scale, kSmall, theme.text3, many);
}

}  // namespace nutshell

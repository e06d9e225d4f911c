// "Replication": a strip for each replica of a partition, with log end, high watermark, leadership and ISR.
#include <algorithm>

#include "viz/panels/charts.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// What is behind the lines: who led, and when the broker was down.
void draw_ground(Plot& plot, const PartitionHistory& partition, const ReplicaHistory& replica, Rect strip) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const auto bar = [&](Time from, Time to) { return plot.axis.bar(from, std::min(to, plot.known), strip.y, strip.h); };
  canvas.fill(strip, theme.card, 4);
  for (const Leadership& each : partition.leaders) {
    const Rect led = each.broker == replica.broker ? bar(each.from, each.to) : Rect{};
    if (!led.empty()) canvas.fill(led, theme.tint(theme.epoch(each.leader_epoch)), 2);
  }
  for (const TimeSpan& each : replica.down) {
    const Rect down = bar(each.from, each.to);
    if (down.empty()) continue;
    canvas.fill(down, theme.bg, 2);
    canvas.hatch(down, theme.hue(HueName::red).stroke.with_alpha(120), 9);
    canvas.dashed_outline(down.inset(0.75F), theme.hue(HueName::red).stroke, 1.25F, kDead, 3);
  }
}

void draw_leaderships(Plot& plot, const PartitionHistory& partition, const ReplicaHistory& replica, Rect strip) {
  Canvas& canvas = plot.ui.canvas;
  for (const Leadership& each : partition.leaders) {
    const Rect led = each.broker == replica.broker ? plot.axis.bar(each.from, std::min(each.to, plot.known), strip.y, strip.h) : Rect{};
    const std::string epoch = "e" + std::to_string(each.leader_epoch);
    if (led.w < 26 || strip.h < 22) continue;
    draw_crown(canvas, {led.x + 12, led.y + 11}, 6, canvas.theme.light ? canvas.theme.ink : canvas.theme.hue(HueName::yellow).stroke);
    if (led.w > canvas.width(kMono, epoch) + 36) canvas.text({led.x + 23, led.y + 11}, kMono, canvas.theme.text, epoch);
  }
}

// At the foot: solid while the replica is in sync, dashed while it is not.
void draw_isr(Plot& plot, const PartitionHistory& partition, const ReplicaHistory& replica, Rect strip) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const float y = strip.bottom() - 5;
  Time out_since = partition.since;
  const auto out = [&](Time from, Time to) {
    const Rect bar = plot.axis.bar(from, std::min(to, plot.known), y, 4);
    if (bar.empty()) return;
    const Hue& orange = theme.hue(HueName::orange);
    canvas.dashed_line({bar.x, y + 2}, {bar.right(), y + 2}, orange.stroke, 3, kNotYet);
    const auto is_down = [&](const TimeSpan& each) { return each.from < to && each.to > from; };
    if (std::any_of(replica.down.begin(), replica.down.end(), is_down)) return;
    if (bar.w > canvas.width(kMicro, "out of ISR") + 12 && strip.h > 34)
      canvas.text_in({bar.x + 6, y - canvas.height(kMicro) - 3, bar.w - 8, canvas.height(kMicro)}, kMicro, orange.words, "out of ISR");
  };
  for (const TimeSpan& each : replica.in_isr) {
    out(out_since, each.from);
    const Rect bar = plot.axis.bar(each.from, std::min(each.to, plot.known), y, 4);
    if (!bar.empty()) canvas.fill(bar, theme.text3, 1);
    out_since = each.to;
  }
  out(out_since, plot.known);
}

struct Scale {
  Rect strip;
  double lowest = 0, highest = 1;
  float y(std::int64_t value) const {
    const double part = (static_cast<double>(value) - lowest) / std::max(highest - lowest, 1.0);
    return strip.bottom() - 8 - static_cast<float>(part) * (strip.h - 14);
  }
};

// What lies between the high watermark and the log end is not committed yet.
void draw_uncommitted(Plot& plot, const ReplicaHistory& replica, const Scale& scale) {
  Canvas& canvas = plot.ui.canvas;
  const Color color = canvas.theme.hue(HueName::orange).stroke.with_alpha(110);
  for (float x = std::max(plot.axis.area.x, plot.axis.x(plot.axis.from)); x < plot.axis.area.right(); x += 2) {
    const Time at = plot.axis.time(x);
    if (at > plot.known) break;
    const auto end = level_at(replica.log_end, at), committed = level_at(replica.high_watermark, at);
    if (!end || !committed || *end <= *committed) continue;
    canvas.fill({x, scale.y(*end), 2, scale.y(*committed) - scale.y(*end)}, color);
  }
}

void draw_levels(Plot& plot, const ReplicaHistory& replica, const Scale& scale) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const auto y = [&](std::int64_t value) { return scale.y(value); };
  draw_uncommitted(plot, replica, scale);
  canvas.polyline(steps_of(replica.log_end, plot.axis, plot.known, y), theme.text2, 1.25F);
  canvas.polyline(steps_of(replica.high_watermark, plot.axis, plot.known, y), theme.text, 2.25F);
  const Hue& red = theme.hue(HueName::red);
  for (const LogCut& each : replica.cuts) {
    if (each.at < plot.axis.from || each.at > std::min(plot.known, plot.axis.to)) continue;
    const float x = plot.axis.x(each.at);
    canvas.line({x, scale.y(each.end)}, {x, scale.y(each.to)}, red.stroke, 3);
    draw_cross(canvas, {x, scale.y(each.to)}, 5, red.stroke, 2);
    const std::string text = "\u2212" + std::to_string(each.end - each.to);
    const float wide = canvas.width(kMono, text) + 8;
    if (x + 10 + wide > plot.axis.area.right() || scale.strip.h < 30) continue;
    const Rect label{x + 8, scale.strip.y + 3, wide, canvas.height(kMono)};
    canvas.fill(label, theme.bg, 3);
    canvas.text_in(label, kMono, red.words, text, Align::center);
  }
}

void draw_values(Plot& plot, const ReplicaHistory& replica, Rect row) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const auto text = [&](const std::vector<Level>& levels) {
    const auto level = level_at(levels, plot.now);
    return level ? std::to_string(*level) : std::string("-");
  };
  Rect cell{plot.values.x + 12, row.y, plot.values.w - 12, row.h};
  const float half = cell.w / 2, step = canvas.height(kMicro) * 1.25F;
  const bool stacked = row.h > 2 * step;
  Rect first = stacked ? Rect{cell.x, row.center().y - step, cell.w, step} : cell.take_left(half);
  Rect second = stacked ? Rect{cell.x, row.center().y, cell.w, step} : cell;
  for (const auto& [place, name, levels, color] : {std::tuple(first, "LEO", &replica.log_end, theme.text2),
                                                   std::tuple(second, "HW", &replica.high_watermark, theme.text)}) {
    Rect box = place;
    box.take_right(2);
    canvas.text_in(box.take_left(canvas.width(kMicro, "LEO") + 5), kMicro, theme.text3, name);
    canvas.text_in(box, {Face::mono_bold, Size::micro}, color, text(*levels), stacked ? Align::right : Align::left);
  }
}

// Of all replicas in what is seen, so that lines can be held against each other.
void fit(const Plot& plot, const PartitionHistory& partition, Scale& scale) {
  bool any = false;
  const auto take = [&](std::int64_t value) {
    const auto here = static_cast<double>(value);
    scale.lowest = any ? std::min(scale.lowest, here) : here;
    scale.highest = any ? std::max(scale.highest, here) : here;
    any = true;
  };
  for (const ReplicaHistory& each : partition.replicas) {
    for (const std::vector<Level>* levels : {&each.log_end, &each.high_watermark}) {
      if (const auto first = level_at(*levels, plot.axis.from)) take(*first);
      for (const Level& level : *levels) {
        if (level.at >= plot.axis.from && level.at <= std::min(plot.axis.to, plot.known)) take(level.value);
      }
    }
  }
}

}  // namespace

Sides replication_sides(const Plot& plot) {
  const Canvas& canvas = plot.ui.canvas;
  return {canvas.width(kSmallBold, "broker 10") + 12, 12 + 2 * (canvas.width(kMicro, "LEO") + 5 + canvas.width(kMono, "88888"))};
}

void draw_replication(Plot& plot) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const PartitionHistory* partition = shown_partition(plot.ui.figure, plot.branch);
  if (!partition || partition->replicas.empty()) {
    const Rect& area = plot.axis.area;
    canvas.text_in({area.x, area.y, area.w, 24}, {Face::regular, Size::body}, theme.text2, "There is no topic.");
    return;
  }
  const float gap = 5, least = canvas.height(kSmallBold) + 6;
  Rect rest = plot.axis.area;
  const auto room = std::max<std::size_t>(static_cast<std::size_t>((rest.h + gap) / (least + gap)), 1);
  const auto count = std::min(partition->replicas.size(), room);
  const float high = std::min((rest.h + gap) / static_cast<float>(count) - gap, canvas.big(76, 120));
  Scale scale;
  fit(plot, *partition, scale);
  for (std::size_t i = 0; i < count; ++i) {
    const ReplicaHistory& replica = partition->replicas[i];
    const Rect strip = rest.take_top(high);
    rest.take_top(gap);
    scale.strip = strip;
    const Rect label{plot.labels.x, strip.y, plot.labels.w - 12, strip.h};
    canvas.text_in(label, kSmallBold, theme.text, "broker " + std::to_string(replica.broker));
    draw_ground(plot, *partition, replica, strip);
    draw_isr(plot, *partition, replica, strip);
    draw_levels(plot, replica, scale);
    draw_leaderships(plot, *partition, replica, strip);
    draw_values(plot, replica, strip);
    if (!plot.ui.over(label) || !plot.ui.clicked) continue;
    Place place;
    place.kind = PlaceKind::replica;
    place.node = replica.node;
    place.tp = partition->tp;
    plot.ui.select(place);
  }
}

}  // namespace nutshell

// "Who reads which partition": tenures as bars, what nobody reads as gaps, and the state of the group above.
#include <algorithm>

#include "viz/panels/charts.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr TextStyle kReaderRow{Face::mono_bold, Size::small};

// The text in the middle of a bar, if it has room there; what of it is hidden by the edges does not count.
void name_bar(Canvas& canvas, Rect bar, TextStyle style, Color ink, const std::string& text, Align align) {
  if (bar.w < canvas.width(style, text) + 10 || bar.h < canvas.height(style)) return;
  canvas.text_in({bar.x + 5, bar.y, bar.w - 10, bar.h}, style, ink, text, align);
}

// From the outside a hatched frame with its length; short ones stay visible as a stroke.
void draw_gap(Plot& plot, const TimeSpan& gap, float y, float high) {
  Canvas& canvas = plot.ui.canvas;
  const Time end = std::min(gap.to, plot.known);
  const Rect bar = plot.axis.bar(gap.from, end, y, high);
  if (bar.empty()) return;
  const Hue& red = canvas.theme.hue(HueName::red);
  canvas.fill(bar, canvas.theme.bg, 3);
  if (bar.w < 6) return canvas.fill({bar.x, bar.y, std::max(bar.w, 2.0F), bar.h}, red.stroke);
  canvas.hatch(bar, red.stroke.with_alpha(120), 7);
  canvas.dashed_outline(bar.inset(0.75F), red.stroke, 1.25F, kNotYet, 3);
  const std::string text = span_text(end - gap.from);
  const float wide = canvas.width(kMono, text) + 8;
  if (bar.w < wide + 8 || bar.h < canvas.height(kMono)) return;
  const Rect label{bar.center().x - wide / 2, bar.y + 2, wide, bar.h - 4};
  canvas.fill(label, canvas.theme.bg, 3);
  canvas.text_in(label, kMono, red.words, text, Align::center);
}

void draw_tenure(Plot& plot, const Tenure& tenure, float y, float high) {
  Canvas& canvas = plot.ui.canvas;
  const Rect bar = plot.axis.bar(tenure.from, std::min(tenure.to, plot.known), y, high);
  if (bar.empty()) return;
  const std::size_t index = member_index(plot.branch.timeline->world(), tenure.owner);
  const Hue& hue = canvas.theme.member(index);
  canvas.fill({bar.x, bar.y, std::max(bar.w - 1, 1.0F), bar.h}, hue.fill, std::min(4.0F, bar.w / 3));
  name_bar(canvas, bar, kSmallBold, canvas.theme.ink, member_letter(index), Align::left);
}

// Two at once: who was frozen and does not know yet lies below, hatched.
void draw_overlap(Plot& plot, const Tenure& old, const Tenure& young, float y, float high) {
  Canvas& canvas = plot.ui.canvas;
  const Rect both = plot.axis.bar(young.from, std::min({old.to, young.to, plot.known}), y, high);
  if (both.empty()) return;
  const World& world = plot.branch.timeline->world();
  const Hue &below = canvas.theme.member(member_index(world, old.owner)), &above = canvas.theme.member(member_index(world, young.owner));
  canvas.fill(both, canvas.theme.bg, 2);
  canvas.fill({both.x, both.y, both.w, high * 0.55F}, above.fill, 2);
  const Rect frozen{both.x, both.y + high * 0.6F, both.w, high * 0.4F};
  canvas.fill(frozen, canvas.theme.tint(below), 2);
  canvas.hatch(frozen, below.stroke, 6);
}

void draw_row(Plot& plot, const Readers& readers, float y, float high) {
  for (const Tenure& each : readers.tenures) draw_tenure(plot, each, y, high);
  for (std::size_t i = 0; i < readers.tenures.size(); ++i) {
    for (std::size_t j = i + 1; j < readers.tenures.size(); ++j) {
      if (readers.tenures[j].from < readers.tenures[i].to) draw_overlap(plot, readers.tenures[i], readers.tenures[j], y, high);
    }
  }
  for (const TimeSpan& each : readers.gaps) draw_gap(plot, each, y, high);
}

void draw_state(Plot& plot, const GroupStretch& stretch, float y, float high) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const Rect whole = plot.axis.bar(stretch.from, std::min(stretch.to, plot.known), y, high);
  if (whole.empty()) return;
  const Rect bar{whole.x, whole.y, std::max(whole.w - 1.5F, 1.0F), whole.h};
  const std::string generation = ", gen " + std::to_string(stretch.generation);
  if (!stretch.known) {
    canvas.dashed_outline(bar.inset(0.5F), theme.hue(HueName::red).stroke, 1.25F, kDead, 3);
    return name_bar(canvas, bar, kMicro, theme.hue(HueName::red).words, "no coordinator", Align::center);
  }
  const std::string name(group_state_name(stretch.state));
  const Color yellow = theme.light ? theme.ink : theme.hue(HueName::yellow).stroke;
  switch (stretch.state) {
    case GroupState::stable:
      canvas.fill(bar, theme.line, 3);
      if (bar.w < canvas.width(kMicro, name + generation) + 10)
        return name_bar(canvas, bar, kMicro, theme.text2, "gen " + std::to_string(stretch.generation), Align::left);
      return name_bar(canvas, bar, kMicro, theme.text2, name + generation, Align::left);
    case GroupState::preparing_rebalance:
      if (theme.light) canvas.fill(bar, theme.hue(HueName::yellow).fill, 3);
      canvas.outline(bar.inset(0.5F), yellow, 1.5F, 3);
      return name_bar(canvas, bar, kMicro, yellow, name, Align::center);
    case GroupState::completing_rebalance:
      canvas.outline(bar.inset(0.5F), theme.hue(HueName::orange).stroke, 1.5F, 3);
      return name_bar(canvas, bar, kMicro, theme.text2, name, Align::center);
    case GroupState::empty:
    case GroupState::dead:
      canvas.dashed_outline(bar.inset(0.5F), theme.line2, 1, kHidden, 3);
      return name_bar(canvas, bar, kMicro, theme.text3, name, Align::left);
  }
}

std::string row_name(const Plot& plot, const GroupHistory& group, TopicPartition tp) {
  const auto other_topic = [&](const Readers& each) { return each.tp.topic != tp.topic; };
  const bool several = std::any_of(group.partitions.begin(), group.partitions.end(), other_topic);
  return partition_text(plot.branch.timeline->world(), tp, several);
}

// All of them, or, when there is no room, those first that somebody stopped reading.
std::vector<const Readers*> rows_that_fit(const GroupHistory& group, std::size_t room) {
  std::vector<const Readers*> rows;
  for (const Readers& each : group.partitions) rows.push_back(&each);
  if (rows.size() <= room) return rows;
  std::stable_sort(rows.begin(), rows.end(), [](const Readers* a, const Readers* b) { return !a->gaps.empty() && b->gaps.empty(); });
  rows.resize(room);
  std::sort(rows.begin(), rows.end(), [](const Readers* a, const Readers* b) { return a->tp < b->tp; });
  return rows;
}

void draw_generations(Plot& plot, const GroupHistory& group, float top, float bottom) {
  for (const Level& each : group.generations) {
    if (each.at < plot.axis.from || each.at > std::min(plot.axis.to, plot.known)) continue;
    const float x = plot.axis.x(each.at);
    plot.ui.canvas.dashed_line({x, top}, {x, bottom}, plot.ui.canvas.theme.text2, 1, kHidden);
  }
}

std::size_t count_between(const std::vector<Level>& levels, Time from, Time to) {
  const auto lies_between = [&](const Level& each) { return each.at > from && each.at <= to; };
  return static_cast<std::size_t>(std::count_if(levels.begin(), levels.end(), lies_between));
}

struct Total {
  std::int64_t value = 0;  // less is better
  std::string text, label;
};

std::vector<Total> totals(const Branch& branch, const GroupHistory& group, Time now) {
  const Time from = branch.scenario.opens;
  const GapSum gaps = gaps_between(group, from, now);
  const auto generations = count_between(group.generations, from, now);
  const auto joins = std::count_if(group.joins.begin(), group.joins.end(), [&](Time at) { return at > from && at <= now; });
  const std::string all = std::to_string(group.partitions.size());
  return {{gaps.whole, span_text(gaps.whole), "nobody reads, summed"},
          {static_cast<std::int64_t>(gaps.partitions), std::to_string(gaps.partitions) + " of " + all, "partitions stopped"},
          {static_cast<std::int64_t>(generations), "+" + std::to_string(generations), generations == 1 ? "generation" : "generations"},
          {joins, std::to_string(joins), joins == 1 ? "JoinGroup" : "JoinGroups"}};
}

}  // namespace

Sides reader_sides(const Plot& plot) {
  const Canvas& canvas = plot.ui.canvas;
  float wide = canvas.width(kMicro, "state");
  const GroupHistory* group = shown_group(plot.ui.figure, plot.branch);
  for (std::size_t i = 0; group && i < std::min<std::size_t>(group->partitions.size(), 64); ++i)
    wide = std::max(wide, canvas.width(kReaderRow, row_name(plot, *group, group->partitions[i].tp)));
  return {std::min(wide, canvas.big(140, 240)) + 12, 0};
}

void draw_readers(Plot& plot) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const GroupHistory* group = shown_group(plot.ui.figure, plot.branch);
  if (!group) {
    const Rect& area = plot.axis.area;
    canvas.text_in({area.x, area.y, area.w, 24}, {Face::regular, Size::body}, theme.text2, "There is no consumer group.");
    return;
  }
  Rect rest = plot.axis.area;
  const float least = canvas.height(kMicro), gap = rest.h > 150 ? 5.0F : 2.0F;
  const Rect state = rest.take_top(least + 3);
  rest.take_top(gap + 2);
  canvas.text_in({plot.labels.x, state.y, plot.labels.w - 12, state.h}, kMicro, theme.text3, "state", Align::right);
  for (const GroupStretch& each : group->states) draw_state(plot, each, state.y, state.h);
  const auto room = std::max<std::size_t>(static_cast<std::size_t>((rest.h + gap) / (least + gap)), 1);
  const bool all = group->partitions.size() <= room;
  const std::vector<const Readers*> rows = rows_that_fit(*group, all ? room : std::max<std::size_t>(room, 2) - 1);
  const auto lines = static_cast<float>(std::max<std::size_t>(rows.size() + !all, 1));
  const float high = within((rest.h + gap) / lines - gap, 8.0F, canvas.big(26, 40));
  float y = rest.y;
  draw_generations(plot, *group, state.bottom(), plot.axis.area.bottom());
  for (const Readers* each : rows) {
    const Rect label{plot.labels.x, y, plot.labels.w - 12, high};
    canvas.text_in(label, kReaderRow, theme.text, row_name(plot, *group, each->tp), Align::right);
    if (plot.ui.over(label) && plot.ui.clicked) {
      Place place;
      place.kind = PlaceKind::partition;
      place.tp = each->tp;
      plot.ui.select(place);
    }
    draw_row(plot, *each, y, high);
    y += high + gap;
  }
  const std::string more = std::to_string(group->partitions.size() - rows.size()) + " more partitions";
  if (!all) canvas.text_in({plot.axis.area.x, y, plot.axis.area.w, high}, kMicro, theme.text3, more);
}

void draw_reader_tiles(Plot& plot, Rect area) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const GroupHistory* group = shown_group(plot.ui.figure, plot.branch);
  const GroupHistory* other = plot.beside ? shown_group(plot.ui.figure, *plot.beside) : nullptr;
  const std::vector<Total> mine = totals(plot.branch, *group, plot.now);
  const std::vector<Total> theirs = other ? totals(*plot.beside, *other, plot.now) : mine;
  const float gap = 8, wide = (area.w - gap * static_cast<float>(mine.size() - 1)) / static_cast<float>(mine.size());
  for (std::size_t i = 0; i < mine.size(); ++i) {
    const Rect tile = area.take_left(wide);
    area.take_left(gap);
    canvas.fill(tile, theme.card, 8);
    canvas.outline(tile, theme.line, 1, 8);
    const bool better = mine[i].value < theirs[i].value;
    const HueName green = HueName::green;
    Rect inner{tile.x + 12, tile.y + 4, tile.w - 20, tile.h - 8};
    const Rect first = inner.take_top(inner.h * 0.55F);
    const float used = canvas.text_in(first, {Face::bold, Size::name}, better ? theme.hue(green).words : theme.text, mine[i].text);
    if (better) draw_tick(canvas, {first.x + used + 14, first.center().y}, 7, theme.hue(green).stroke, 2.5F);
    canvas.text_in(inner, kMicro, theme.text2, mine[i].label);
  }
}

}  // namespace nutshell

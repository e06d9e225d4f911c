// The dock of the figures: title, axis, now-line, and what the mouse does in it.
#include "viz/panels/charts.h"

#include <algorithm>
#include <array>

#include "sim/session/asked.h"
#include "sim/session/image.h"
#include "viz/panels/stage_layout.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kSmallStage = 560;  // below that, three brokers with their rows need more
constexpr Duration kShortest = 10 * kMillisecond;  // that can be looked at
constexpr std::array<std::string_view, kFigures> kTitles = {"", "Who reads which partition", "Replication", "Metrics"};

// A round distance between labels of the axis.
Duration tick_step(const PlotAxis& axis, float label) {
  const double whole = static_cast<double>(axis.to - axis.from);
  for (Duration power = kMillisecond; power <= 10'000 * kSecond; power *= 10) {
    for (const Duration step : {power, 2 * power, 5 * power}) {
      if (whole / static_cast<double>(step) * static_cast<double>(label) < static_cast<double>(axis.area.w)) return step;
    }
  }
  return std::max<Duration>(axis.to - axis.from, 1);
}

std::string tick_text(Time at, Duration step) {
  const int digits = step >= kSecond ? 0 : step >= 100 * kMillisecond ? 1 : step >= 10 * kMillisecond ? 2 : 3;
  std::string text = std::to_string(at / kSecond);
  if (digits == 0) return text;
  std::string part = std::to_string(1000 + at % kSecond / kMillisecond).substr(1);
  return text + "." + part.substr(0, static_cast<std::size_t>(digits));
}

void draw_ticks(Canvas& canvas, const PlotAxis& axis, Rect line) {
  const Duration step = tick_step(axis, canvas.width(kMono, "888.888") + 14);
  for (Time at = (axis.from + step - 1) / step * step; at <= axis.to; at += step) {
    const float x = axis.x(at);
    canvas.line({x, line.y}, {x, line.y + 4}, canvas.theme.line2);
    const bool last = at + step > axis.to;
    const std::string text = tick_text(at, step) + (last ? " s" : "");
    const float half = canvas.width(kMono, text) / 2;
    const float place = within(x, line.x + half, line.right() - half);
    canvas.text({place, line.y + 12}, kMono, canvas.theme.text3, text, Align::center);
  }
}

// All of the run from its opening on, or what was zoomed to; the present is always in it.
void choose_window(FiguresView& view, const Session& session, Time& from, Time& to) {
  const Branch* other = session.compared() ? &session.other() : nullptr;
  const Time begin = other ? std::min(session.scenario().opens, other->scenario.opens) : session.scenario().opens;
  const Time end = other ? std::max(session.scenario().until, other->scenario.until) : session.scenario().until;
  const Time now = session.view_time();
  from = now < begin ? 0 : begin;
  to = std::max(end, from + kShortest);
  if (view.from >= view.to) return;
  const Duration span = within<Duration>(view.to - view.from, kShortest, to - from);
  if (span >= to - from) {
    view.from = view.to = 0;
    return;
  }
  Time start = view.from;
  if (!view.scrubbing && (now < start || now > start + span)) start = now - span / 3;
  start = within<Time>(start, from, to - span);
  view.from = from = start;
  view.to = to = start + span;
}

// What lies ahead stands under a half veil, and is not drawn at all while a question stands.
void draw_future(Plot& plot) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const Rect& area = plot.axis.area;
  const float x = within(plot.axis.x(plot.now), area.x, area.right());
  const Rect ahead{x, area.y - 1, area.right() - x + 1, area.h + 2};
  if (ahead.w <= 2) return;
  if (!plot.session.asking()) return canvas.fill(ahead, theme.stage.with_alpha(150));
  canvas.hatch(ahead, theme.line, 14);
  const TextStyle style{Face::regular, Size::small};
  const std::string_view text = "hidden until you have answered";
  const float wide = canvas.width(style, text) + 28;
  if (wide + 8 > ahead.w || ahead.h < 30) return;
  const Rect pill{ahead.center().x - wide / 2, ahead.center().y - 13, wide, 26};
  canvas.fill(pill, theme.bg, 13);
  canvas.outline(pill, theme.line2, 1, 13);
  canvas.text_in(pill, style, theme.text2, text, Align::center);
}

void draw_now(Plot& plot) {
  Canvas& canvas = plot.ui.canvas;
  const Rect& area = plot.axis.area;
  const float x = plot.axis.x(plot.now);
  if (x < area.x - 1 || x > area.right() + 1) return;
  canvas.line({x, area.y - 6}, {x, area.bottom() + 4}, canvas.theme.paper, 2);
  const float top = area.y - 12;
  canvas.polygon({{x - 6, top}, {x + 6, top}, {x + 6, top + 5}, {x, top + 11}, {x - 6, top + 5}}, canvas.theme.paper);
}

// Where the two universes part.
void draw_parting(Plot& plot) {
  const auto& parting = plot.session.divergence();
  if (!plot.beside || !parting || parting->at > plot.known) return;
  Canvas& canvas = plot.ui.canvas;
  const Rect& area = plot.axis.area;
  const float x = plot.axis.x(parting->at);
  if (x < area.x || x > area.right()) return;
  canvas.line({x, area.y - 2}, {x, area.bottom() + 2}, canvas.theme.paper, 1.25F);
  const Point at{x, area.y - 8};
  canvas.circle(at, 8, canvas.theme.paper);
  const Color ink = canvas.theme.light ? rgb(0xFFFFFF) : canvas.theme.ink;
  canvas.line({at.x - 4, at.y - 2}, {at.x + 4, at.y - 2}, ink, 1.5F);
  canvas.line({at.x - 4, at.y + 2}, {at.x + 4, at.y + 2}, ink, 1.5F);
  canvas.line({at.x + 3, at.y - 5}, {at.x - 3, at.y + 5}, ink, 1.5F);
}

// Names the group or the partition; several of them are gone through by clicking.
void draw_subject(Plot& plot, Rect head) {
  Canvas& canvas = plot.ui.canvas;
  FiguresView& view = plot.ui.view.figures;
  const Histories& all = plot.branch.histories();
  const World& world = plot.branch.timeline->world();
  const GroupHistory* group = view.shown == Figure::readers ? shown_group(plot.ui.view, plot.branch) : nullptr;
  const PartitionHistory* partition = view.shown == Figure::replication ? shown_partition(plot.ui.view, plot.branch) : nullptr;
  if (!group && !partition) return;
  const std::string text = group ? "group " + world.fabric.names[group->group] : partition_text(world, partition->tp, true);
  const TextStyle style{Face::mono, Size::small};
  const bool several = group ? all.groups.size() > 1 : all.partitions.size() > 1;
  const float wide = canvas.width(style, text) + (several ? 44 : 0);
  if (wide > head.w) return;
  Rect box = head.take_right(wide);
  if (several) {
    const bool over = plot.ui.over(box);
    canvas.outline({box.x, box.y + 2, box.w, box.h - 4}, over ? canvas.theme.text2 : canvas.theme.line2, 1, (box.h - 4) / 2);
    draw_chevron(canvas, {box.right() - 14, box.center().y}, 5, canvas.theme.text2, false);
    box = {box.x + 14, box.y, box.w - 40, box.h};
    if (over && plot.ui.clicked) plot.ui.ask(CommandName::next_subject);
  }
  canvas.text_in(box, style, canvas.theme.text, text);
}

// What the hatched gaps mean, where there is room to say it.
void draw_legend(Plot& plot, Rect& head) {
  if (plot.ui.view.figures.shown != Figure::readers) return;
  Canvas& canvas = plot.ui.canvas;
  const TextStyle style{Face::regular, Size::micro};
  const float wide = canvas.width(style, "nobody reads") + 42;
  if (head.w < wide + 260) return;
  Rect legend = head.take_right(wide);
  head.take_right(20);
  const Rect sample{legend.x, legend.center().y - 6, 30, 12};
  const Hue& red = canvas.theme.hue(HueName::red);
  canvas.hatch(sample, red.stroke, 6);
  canvas.dashed_outline(sample, red.stroke, 1.25F, kNotYet, 3);
  legend.take_left(38);
  canvas.text_in(legend, style, red.words, "nobody reads");
}

void draw_head(Plot& plot, Rect head) {
  Canvas& canvas = plot.ui.canvas;
  const Theme& theme = canvas.theme;
  const int shown = static_cast<int>(plot.ui.view.figures.shown);
  for (int i = 1; i < kFigures; ++i) {
    const TextStyle style{i == shown ? Face::bold : Face::regular, Size::small};
    const std::string_view title = kTitles[static_cast<std::size_t>(i)];
    const float wide = canvas.width(style, title);
    // In a narrow half only the one that is shown is named.
    if (i != shown && head.w < 420) continue;
    const Rect tab = head.take_left(wide);
    head.take_left(20);
    canvas.text_in(tab, style, i == shown ? theme.text : plot.ui.over(tab) ? theme.text2 : theme.text3, title);
    if (i == shown) canvas.fill({tab.x, tab.bottom() - 3, tab.w, 2}, theme.paper);
    if (plot.ui.over(tab) && plot.ui.clicked) plot.ui.ask(CommandName::figure, i);
  }
  draw_subject(plot, head);
}

void zoom_about(FiguresView& view, bool closer, Time from, Time to, Time around) {
  const double factor = closer ? 0.8 : 1.25;
  const double before = static_cast<double>(around - from), after = static_cast<double>(to - around);
  view.from = around - static_cast<Time>(before * factor);
  view.to = std::max(around + static_cast<Time>(after * factor), view.from + kShortest);
}

void scrub(Plot& plot) {
  FiguresView& view = plot.ui.view.figures;
  const Rect& area = plot.axis.area;
  const Rect grip{area.x - 6, area.y - 12, area.w + 12, area.h + 30};
  const bool over = plot.ui.over(grip);
  if (over && plot.ui.clicked) view.scrubbing = true;
  // Of two halves, the one under the mouse leads.
  const bool mine = !plot.beside || (plot.ui.mouse.x >= plot.labels.x && plot.ui.mouse.x <= plot.values.right());
  if (view.scrubbing && plot.ui.held && mine) plot.ui.ask(CommandName::go_to_time, plot.axis.time(plot.ui.mouse.x));
  if (over && plot.ui.wheel != 0) zoom_about(view, plot.ui.wheel > 0, plot.axis.from, plot.axis.to, plot.axis.time(plot.ui.mouse.x));
}

Sides sides_of(const Plot& plot) {
  switch (plot.ui.view.figures.shown) {
    case Figure::readers: return reader_sides(plot);
    case Figure::replication: return replication_sides(plot);
    case Figure::metrics: return metric_sides(plot);
    case Figure::none: break;
  }
  return {};
}

void draw_rows(Plot& plot) {
  switch (plot.ui.view.figures.shown) {
    case Figure::readers: return draw_readers(plot);
    case Figure::replication: return draw_replication(plot);
    case Figure::metrics: return draw_metrics(plot);
    case Figure::none: return;
  }
}

void draw_figure(Plot& plot, Rect area) {
  Canvas& canvas = plot.ui.canvas;
  const float margin = 16;
  Rect rest{area.x + margin, area.y + 4, area.w - 2 * margin, area.h - 8};
  Rect head = rest.take_top(canvas.height({Face::bold, Size::small}) * 1.3F + 6);
  draw_legend(plot, head);
  draw_head(plot, head);
  const bool tiles = plot.ui.view.figures.shown == Figure::readers && rest.h > 200 && shown_group(plot.ui.view, plot.branch);
  const Rect totals = tiles ? rest.take_bottom(canvas.big(54, 84)) : Rect{};
  if (tiles) rest.take_bottom(6);
  rest.take_top(12);
  const Rect ticks = rest.take_bottom(22);
  const Sides sides = sides_of(plot);
  plot.labels = rest.take_left(sides.left);
  plot.values = rest.take_right(sides.right);
  plot.axis.area = rest;
  if (rest.w < 80) return;  // names have taken all the room
  draw_rows(plot);
  draw_future(plot);
  draw_ticks(canvas, plot.axis, {rest.x, ticks.y, rest.w, ticks.h});
  draw_parting(plot);
  draw_now(plot);
  scrub(plot);
  if (tiles) draw_reader_tiles(plot, totals);
}

}  // namespace

float PlotAxis::x(Time at) const {
  return area.x + static_cast<float>(static_cast<double>(at - from) / static_cast<double>(to - from) * static_cast<double>(area.w));
}

Time PlotAxis::time(float px) const {
  const double part = within(static_cast<double>((px - area.x) / std::max(area.w, 1.0F)), 0.0, 1.0);
  return from + static_cast<Time>(part * static_cast<double>(to - from));
}

Rect PlotAxis::bar(Time begin, Time end, float y, float high) const {
  if (end <= from || begin >= to || end <= begin) return {};
  const float left = x(std::max(begin, from)), right = x(std::min(end, to));
  return {left, y, std::max(right - left, 1.0F), high};
}

std::string span_text(Duration duration) {
  if (duration < 100 * kMillisecond) return std::to_string(duration / kMillisecond) + " ms";
  const Duration tenths = (duration + 50 * kMillisecond) / (100 * kMillisecond);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

const GroupHistory* shown_group(const View& view, const Branch& branch) {
  const std::vector<GroupHistory>& all = branch.histories().groups;
  const auto find = [&](GroupId group) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const GroupHistory& each) { return each.group == group; });
    return found == all.end() ? nullptr : &*found;
  };
  if (view.figures.group >= 0 && find(view.figures.group)) return find(view.figures.group);
  return all.empty() ? nullptr : &all.front();
}

const PartitionHistory* shown_partition(const View& view, const Branch& branch) {
  const std::vector<PartitionHistory>& all = branch.histories().partitions;
  const auto find = [&](TopicPartition tp) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const PartitionHistory& each) { return each.tp == tp; });
    return found == all.end() ? nullptr : &*found;
  };
  if (view.figures.tp.topic >= 0 && find(view.figures.tp)) return find(view.figures.tp);
  return all.empty() ? nullptr : &all.front();
}

namespace {

// What is selected anew is what the figures are about.
void follow_selection(View& view, const World& world) {
  FiguresView& figures = view.figures;
  if (view.selected == figures.followed) return;
  figures.followed = view.selected;
  if (view.selected.tp.topic >= 0) figures.tp = view.selected.tp;
  if (view.selected.kind == PlaceKind::group) figures.group = view.selected.group;
  for (const Consumer& each : world.consumers) {
    if (each.node == view.selected.node) figures.group = each.spec.group;
  }
}

}  // namespace

void next_subject(View& view, const Branch& branch) {
  const Histories& all = branch.histories();
  const auto after = [](std::size_t place, std::size_t count) { return (place + 1) % std::max<std::size_t>(count, 1); };
  if (view.figures.shown == Figure::readers && !all.groups.empty()) {
    const auto place = static_cast<std::size_t>(shown_group(view, branch) - all.groups.data());
    view.figures.group = all.groups[after(place, all.groups.size())].group;
  }
  if (view.figures.shown == Figure::replication && !all.partitions.empty()) {
    const auto place = static_cast<std::size_t>(shown_partition(view, branch) - all.partitions.data());
    view.figures.tp = all.partitions[after(place, all.partitions.size())].tp;
  }
}

void zoom_figures(View& view, const Session& session, bool closer) {
  Time from = 0, to = 1;
  choose_window(view.figures, session, from, to);
  zoom_about(view.figures, closer, from, to, within(session.view_time(), from, to));
}

float figures_height(const Canvas& canvas, float below_top_bar) {
  return std::min(below_top_bar * (below_top_bar < kSmallStage ? 0.305F : 0.4F), canvas.big(300, 420));
}

void draw_figures(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  canvas.fill(area, canvas.theme.stage);
  canvas.line({area.x, area.y}, {area.right(), area.y}, canvas.theme.line);
  if (!ui.held) ui.view.figures.scrubbing = false;
  if (asked_of(session).any()) {
    constexpr std::string_view kUntil = "Hidden until you have answered: what is asked could be read here.";
    canvas.text_in(area.inset(16), {Face::regular, Size::body}, canvas.theme.text2, kUntil, Align::center);
    return;
  }
  follow_selection(ui.view, session.world());
  Time from = 0, to = 1;
  choose_window(ui.view.figures, session, from, to);
  const Branch& here = *session.branches()[session.current()];
  const Branch* other = session.compared() ? &session.other() : nullptr;
  Rect left = area, right = other ? left.take_right(area.w / 2) : Rect{};
  const auto draw = [&](const Branch& branch, const Branch* beside, Rect half) {
    const Time known = session.asking() ? session.view_time() : branch.histories().until;
    Plot plot{ui, session, branch, beside, {{}, from, to}, session.view_time(), known, {}, {}};
    draw_figure(plot, half);
  };
  draw(here, other, left);
  if (!other) return;
  draw(*other, &here, right);
  canvas.fill({right.x - 1, area.y, 2, area.h}, canvas.theme.line2);
}

}  // namespace nutshell

#include "viz/panels/cost.h"

#include <algorithm>
#include <array>

#include "viz/panels/cost_sliders.h"

namespace nutshell {

namespace {

constexpr TextStyle kCostNumber{Face::mono_bold, Size::small};

// What stands on an axis: up to the first multiple of a round step that holds `most`.
struct MoneyAxis {
  std::int64_t step = 1, most = 1;
};
MoneyAxis axis_for(std::int64_t most, std::int64_t steps) {
  std::int64_t step = 1;
  for (std::int64_t ten = 1; step * steps < most; ten *= 10) {
    for (const std::int64_t digit : {1, 2, 3, 5}) {
      step = digit * ten;
      if (step * steps >= most) break;
    }
  }
  return {step, std::max<std::int64_t>((most + step - 1) / step, 1) * step};
}

std::int64_t dollars(Money money) { return (money + kDollar / 2) / kDollar; }
// "1.2 MB/s"; what is less than a tenth of that, "15 kB/s"
std::string cost_load_text(std::int64_t bytes) {
  if (bytes > 0 && bytes < kMegabyte / 10) return std::to_string((bytes + 500) / 1000) + " kB/s";
  const std::int64_t tenths = (bytes + kMegabyte / 20) / (kMegabyte / 10);
  return grouped(tenths / 10) + "." + std::to_string(tenths % 10) + " MB/s";
}

struct CostChart {
  Rect plot;
  std::int64_t most_load = 1, most_money = 1;  // bytes a second, dollars
  float x(std::int64_t load) const { return plot.x + plot.w * static_cast<float>(load) / static_cast<float>(most_load); }
  float y(Money money) const {
    return plot.bottom() - plot.h * static_cast<float>(money) / (static_cast<float>(most_money) * static_cast<float>(kDollar));
  }
};

void draw_cost_grid(Canvas& canvas, const CostChart& chart, const MoneyAxis& money) {
  const Theme& theme = canvas.theme;
  for (std::int64_t at = 0; at <= money.most; at += money.step) {
    const float y = chart.y(at * kDollar);
    canvas.line({chart.plot.x, y}, {chart.plot.right(), y}, at == 0 ? theme.text3 : theme.line);
    canvas.text_in({chart.plot.x - 70, y - 12, 62, 24}, kMono, theme.text3, grouped(at), Align::right);
  }
  const std::int64_t ticks = chart.most_load % (3 * kMegabyte) == 0 ? 6 : 5;
  for (std::int64_t i = 0; i <= ticks; ++i) {
    const std::int64_t at = chart.most_load * i / ticks;
    const float x = chart.x(at);
    canvas.line({x, chart.plot.bottom()}, {x, chart.plot.bottom() + 5}, theme.text3);
    const std::string text = i == ticks ? cost_load_text(at) : cost_load_text(at).substr(0, cost_load_text(at).find(' '));
    const Align align = i == ticks ? Align::right : Align::center;
    const Rect box = i == ticks ? Rect{x - 90, chart.plot.bottom() + 6, 90, 20} : Rect{x - 30, chart.plot.bottom() + 6, 60, 20};
    canvas.text_in(box, kMono, theme.text3, text, align);
  }
}

// What is due while nothing is sent. Its words leave room for the sums that stand at `here`.
void draw_floor(Canvas& canvas, const CostChart& chart, Money idle, float here) {
  const Theme& theme = canvas.theme;
  const Hue& blue = theme.hue(HueName::blue);
  const float y = chart.y(idle);
  const Rect floor{chart.plot.x, y, chart.plot.w, chart.plot.bottom() - y};
  if (floor.h < 2) return;
  canvas.hatch(floor, blue.stroke.with_alpha(60));
  canvas.dashed_line({floor.x, y}, {floor.right(), y}, blue.stroke, 1.5F, kNotYet);
  const std::string sum = money_text(idle);
  const float wide = std::max(canvas.width(kSmallBold, "cannot go to zero"), canvas.width(kSmall, sum + ", nothing sent")) + 24;
  const float line = canvas.height(kSmall) * 1.35F;
  const bool two = floor.h >= 2 * line + 10;
  const bool free = here + 130 < floor.right() - wide - 6;
  const Rect box{free ? floor.right() - wide - 6 : std::max(floor.x + 6, here - 140 - wide), floor.y + 4, wide,
                 (two ? 2 * line : line) + 8};
  if (floor.h < line + 8) return;
  canvas.fill(box, theme.card, 4);
  Rect words{box.x + 12, box.y + 4, box.w - 24, box.h - 8};
  canvas.text_in(words.take_top(line), kSmallBold, theme.text, "cannot go to zero");
  if (two) canvas.text_in(words, kSmall, theme.text, sum + ", nothing sent");
}

void draw_line_of(Canvas& canvas, const CostChart& chart, const CostFigures& figures, std::size_t which, Color color) {
  std::vector<Point> points;
  for (const CurvePoint& each : figures.curve)
    points.push_back({chart.x(each.bytes_per_second), std::max(chart.y(each.totals[which]), chart.plot.y)});
  canvas.polyline(points, color, 3);
}

// Their names at the right end: the dearer one's to the left of its line, the cheaper one's under it.
void draw_line_names(Canvas& canvas, const CostChart& chart, const CostView& view) {
  const CostFigures& figures = view.figures;
  const CurvePoint& end = figures.curve.back();
  const float line = canvas.height(kSmall) * 1.3F;
  for (const std::size_t which : {0U, 1U}) {
    const bool dearer = end.totals[which] > end.totals[1 - which] || (which == 0 && end.totals[0] == end.totals[1]);
    const std::string name = which == 0 ? "Kafka cluster" : std::string(product_name(view.beside));
    const float wide = canvas.width(kSmallBold, name) + 4;
    const Color color = which == 0 ? canvas.theme.hue(HueName::blue).words : canvas.theme.text;
    const float x = chart.plot.right() - wide - 8;
    // The line where the name begins.
    const auto part = static_cast<float>(figures.curve.size() - 1) * (x - chart.plot.x) / std::max(chart.plot.w, 1.0F);
    const std::size_t at = std::min(static_cast<std::size_t>(std::max(part, 0.0F)), figures.curve.size() - 1);
    float y = dearer ? std::max(chart.y(end.totals[which]), chart.plot.y) - line : chart.y(figures.curve[at].totals[which]) + 4;
    // In the band of what is always due stand words already.
    const float floor = chart.y(figures.curve.front().totals[0]);
    if (which == 1 && !dearer && y + line > floor) y = floor - line - 2;
    if (y + line > chart.plot.bottom() || y < chart.plot.y - line - 8) continue;
    canvas.text_in({x, y, wide, line}, kSmallBold, color, name);
  }
}

void draw_cost_dot(Canvas& canvas, Point at, float radius, Color fill) {
  canvas.circle(at, radius + 2, canvas.theme.text);
  canvas.circle(at, radius, fill);
}

// "from 1.2 MB/s on the cluster is cheaper"
void draw_meeting(Canvas& canvas, const CostChart& chart, const CostView& view, Rect head) {
  const Theme& theme = canvas.theme;
  const CostFigures& figures = view.figures;
  const bool beyond = figures.meets && *figures.meets > figures.most;
  const std::string text = !figures.meets ? std::string(product_name(view.beside)) + " stays the cheaper one"
                           : *figures.meets == 0
                               ? "the cluster is always the cheaper one"
                               : "from " + cost_load_text(*figures.meets) + " on the cluster is cheaper" + (beyond ? " \u2192" : "");
  const float wide = canvas.width(kSmallBold, text) + 28, high = canvas.height(kSmall) * 1.9F;
  float x = chart.plot.right() - wide;
  if (figures.meets && !beyond) x = within(chart.x(*figures.meets) - 10, chart.plot.x, chart.plot.right() - wide);
  const Rect pill{x, head.y, wide, high};
  if (figures.meets && !beyond && *figures.meets > 0) {
    const float at = chart.x(*figures.meets);
    const Money total = bill_of(
                            CostProduct::kafka,
                            [&] {
                              Load load = view.load;
                              load.bytes_per_second = *figures.meets;
                              return load;
                            }(),
                            *view.prices)
                            .total;
    canvas.dashed_line({at, pill.bottom()}, {at, chart.plot.bottom()}, theme.text, 1.5F, {3, 4});
    draw_cost_dot(canvas, {at, chart.y(total)}, 7, theme.card);
  }
  canvas.fill(pill, theme.paper, high / 2);
  canvas.text_in(pill, kSmallBold, theme.light ? rgb(0xFFFFFF) : theme.ink, text, Align::center);
}

void draw_cost_curve(Canvas& canvas, const CostView& view, const Bill& cluster, const Bill& other, Rect area) {
  const Theme& theme = canvas.theme;
  const CostFigures& figures = view.figures;
  const float line = canvas.height(kSmall) * 1.5F;
  canvas.text_in(area.take_top(line * 1.2F), kBodyBold, theme.text, "Cost over load");
  canvas.text_in(area.take_top(line), kSmall, theme.text2,
                 "dollars a month; " + std::to_string(view.load.services) + " services read everything, kept " +
                     std::to_string(view.load.keep_seconds / 86'400) + (view.load.keep_seconds == 86'400 ? " day" : " days"));
  area.take_top(6);
  Rect head = area.take_top(canvas.height(kSmall) * 1.9F);
  area.take_left(72);
  area.take_bottom(28);
  area.take_top(8);
  Money most = std::max(cluster.total, other.total);
  for (const Money each : figures.curve.back().totals) most = std::max(most, std::min(each, 4 * figures.curve.back().totals[0]));
  const MoneyAxis money = axis_for(dollars(most), 6);
  const CostChart chart{area, figures.most, money.most};
  draw_cost_grid(canvas, chart, money);
  const float here = chart.x(view.load.bytes_per_second);
  draw_floor(canvas, chart, figures.curve.front().totals[0], here);
  const Color blue = theme.hue(HueName::blue).stroke;
  draw_line_of(canvas, chart, figures, 1, theme.text);
  draw_line_of(canvas, chart, figures, 0, blue);
  canvas.line({here, std::min(chart.y(cluster.total), std::max(chart.y(other.total), chart.plot.y))}, {here, chart.plot.bottom()},
              theme.text3, 1.5F);
  draw_line_names(canvas, chart, view);
  draw_meeting(canvas, chart, view, {area.x, head.y, area.w, head.h});
  // The sums at this load, the dearer one above its dot and the other below.
  const bool left = here > chart.plot.x + 110;
  const auto sum = [&](const Bill& bill, Color color, bool above) {
    const Point at{here, std::max(chart.y(bill.total), chart.plot.y)};
    draw_cost_dot(canvas, at, 6, bill.product == CostProduct::kafka ? theme.hue(HueName::blue).fill : theme.card);
    const std::string text = money_text(bill.total);
    // Under its dot there may be the axis, and over it, if it stands at the left edge, both lines.
    const float down = above ? (left ? -26.0F : -42.0F) : at.y + 28 > chart.plot.bottom() ? -30.0F : 4.0F;
    const Rect box{left && above ? here - 124 : here + 12, at.y + down, 112, 24};
    canvas.text_in(box, kCostNumber, color, text, left && above ? Align::right : Align::left);
  };
  const bool cluster_dearer = cluster.total >= other.total;
  sum(cluster, blue, cluster_dearer);
  sum(other, theme.text, !cluster_dearer);
}

// A kind of cost: its hue, and a pattern where several have one.
enum class CostPattern : std::uint8_t { plain, bars, hatch, dots };
struct CostLook {
  std::string_view what;
  HueName hue;
  CostPattern pattern;
};
constexpr std::array<CostLook, 9> kCostLooks = {{{"brokers", HueName::blue, CostPattern::plain},
                                                 {"controllers", HueName::blue, CostPattern::bars},
                                                 {"ZooKeeper", HueName::blue, CostPattern::hatch},
                                                 {"disks", HueName::orange, CostPattern::plain},
                                                 {"between zones: to the leader", HueName::green, CostPattern::hatch},
                                                 {"between zones: copies", HueName::green, CostPattern::plain},
                                                 {"between zones: readers", HueName::green, CostPattern::dots},
                                                 {"between zones: the rest", HueName::green, CostPattern::bars},
                                                 {"", HueName::blue, CostPattern::plain}}};
const CostLook& cost_look_of(const std::string& what) {
  const auto found = std::find_if(kCostLooks.begin(), kCostLooks.end() - 1, [&](const CostLook& each) { return each.what == what; });
  return *found;
}

void draw_part(Canvas& canvas, Rect part, const CostLook& look) {
  const Theme& theme = canvas.theme;
  canvas.fill(part, theme.hue(look.hue).fill);
  const Color ink = theme.ink.with_alpha(150);
  if (look.pattern == CostPattern::hatch) canvas.hatch(part, ink, 7);
  if (look.pattern == CostPattern::bars) {
    for (float x = part.x + 6; x < part.right(); x += 7) canvas.line({x, part.y}, {x, part.bottom()}, ink);
  }
  if (look.pattern == CostPattern::dots) {
    for (float y = part.y + 6; y < part.bottom() - 2; y += 9) {
      for (float x = part.x + 6; x < part.right() - 2; x += 9) canvas.circle({x, y}, 1.2F, ink);
    }
  }
  canvas.outline(part, theme.text, 1);
}

// Both bills at one load, as two bars with one foot; zeros are a thick line.
void draw_cost_bars(Canvas& canvas, const CostView& view, std::int64_t load, std::string_view about, Rect area, Money top) {
  const Theme& theme = canvas.theme;
  Load at = view.load;
  at.bytes_per_second = load;
  const Bill cluster = bill_of(CostProduct::kafka, at, *view.prices), other = bill_of(view.beside, at, *view.prices);
  const float line = canvas.height(kSmall) * 1.3F;
  canvas.text_in(area.take_bottom(line), kMicro, theme.text2, about, Align::center);
  canvas.text_in(area.take_bottom(line), kCostNumber, theme.text, cost_load_text(load), Align::center);
  area.take_top(line);
  const float wide = std::min(area.w * 0.3F, 64.0F), foot = area.bottom();
  const auto high = [&](Money money) { return area.h * static_cast<float>(money) / static_cast<float>(std::max<Money>(top, 1)); };
  const float x = area.center().x - wide - 3;
  float y = foot;
  for (const BillLine& each : cluster.lines) {
    const float part = high(each.money);
    y -= part;
    if (part >= 0.5F) draw_part(canvas, {x, y, wide, part}, cost_look_of(each.what));
  }
  canvas.text_in({x - 20, y - line, wide + 20, line}, kMonoBold, theme.hue(HueName::blue).words, money_text(cluster.total),
                 Align::right);
  const float beside = std::max(high(other.total), 3.0F);
  const Rect bar{x + wide + 6, foot - beside, wide, beside};
  canvas.fill(bar, other.total == 0 ? theme.text : theme.card);
  canvas.outline(bar, theme.text, 1.75F);
  canvas.text_in({bar.x, bar.y - line, wide + 26, line}, kMonoBold, theme.text, money_text(other.total));
  canvas.line({area.x, foot}, {area.right(), foot}, theme.text3);
}

void draw_bill(Canvas& canvas, const CostView& view, const Bill& bill, Rect area) {
  const Theme& theme = canvas.theme;
  const float line = canvas.height(kSmall) * 1.45F;
  canvas.text_in(area.take_top(line * 1.2F), kBodyBold, theme.text, "What the bill is made of");
  canvas.text_in(area.take_top(line), kSmall, theme.text2,
                 "Kafka, coloured, beside " + std::string(product_name(view.beside)) + ", at three loads" +
                     (view.load.counted ? "; zones as counted" : ""));
  Rect list = area.take_bottom(line * static_cast<float>(bill.lines.size() + 1) + 4);
  area.take_top(8);
  const std::int64_t here = view.load.bytes_per_second;
  const bool crosses = view.figures.meets && *view.figures.meets > 0 && *view.figures.meets < 2 * std::max(here, kMegabyte);
  const std::int64_t middle = crosses ? *view.figures.meets : here / 2;
  Money top = std::max(bill.total, bill_of(view.beside, view.load, *view.prices).total);
  if (middle > here)
    top = std::max(top, bill_of(
                            CostProduct::kafka,
                            [&] {
                              Load load = view.load;
                              load.bytes_per_second = middle;
                              return load;
                            }(),
                            *view.prices)
                            .total);
  const float third = area.w / 3;
  draw_cost_bars(canvas, view, 0, "nothing sent", area.take_left(third), top);
  draw_cost_bars(canvas, view, middle, crosses ? "they cost the same" : "half of it", area.take_left(third), top);
  draw_cost_bars(canvas, view, here, "the line in the chart", area, top);
  list.take_top(4);
  Money zones = 0;
  const float money = canvas.width(kCostNumber, "999,999,999 $");
  for (const BillLine& each : bill.lines) {
    Rect row = list.take_top(line);
    const Rect box = row.take_left(26);
    draw_part(canvas, {box.x, box.center().y - 7, 20, 14}, cost_look_of(each.what));
    canvas.text_in(row.take_right(money), kCostNumber, theme.text, money_text(each.money), Align::right);
    Rect name = row.take_left(row.w * 0.5F);
    canvas.text_in(name, kSmall, theme.text, each.what);
    canvas.text_in(row, kMicro, theme.text2, each.formula);
    if (each.what.rfind("between zones", 0) == 0) zones += each.money;
  }
  const std::int64_t part = bill.total > 0 ? (zones * 100 + bill.total / 2) / bill.total : 0;
  Rect row = list.take_top(line);
  row.take_left(26);
  canvas.text_in(row.take_right(money), kCostNumber, theme.text, money_text(bill.total), Align::right);
  canvas.text_in(row, kSmallBold, theme.text, "in all; " + std::to_string(part) + " % of it crosses zones");
}

std::string cost_sentence(const CostView& view, const Bill& idle, const Bill& other_idle) {
  const std::string other(product_name(view.beside));
  std::string text = "The cluster costs " + money_text(idle.total) + " even while nothing is sent, " + other + " then costs " +
                     (other_idle.total == 0            ? "nothing"
                      : dollars(other_idle.total) == 0 ? "next to nothing"
                                                       : money_text(other_idle.total)) +
                     "; ";
  const std::string readers = "with " + std::to_string(view.load.services) + (view.load.services == 1 ? " reader" : " readers");
  if (!view.figures.meets) return text + readers + " the cluster never becomes the cheaper one.";
  if (*view.figures.meets == 0) return text + readers + " the cluster is the cheaper one at any load.";
  return text + readers + " the two meet at " + cost_load_text(*view.figures.meets) + ".";
}

// What the run itself has counted, up to where it is.
std::string counted_sentence(const CountedTraffic& run) {
  const auto size = [](std::int64_t bytes) { return megabytes_of(bytes) + " MB"; };
  return "This run, counted: " + size(run.written) + " written, " +
         size(run.to_leaders + run.to_copies + run.to_readers + run.other) + " across zones: producers " + size(run.to_leaders) +
         ", copies " + size(run.to_copies) + ", readers " + size(run.to_readers) + ", the rest " + size(run.other) + ".";
}

}  // namespace

void draw_cost(PanelUi& ui, CostView& view, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  Rect rest{area.x + 24, area.y + 14, area.w - 48, area.h - 22};
  if (!view.prices) {
    canvas.paragraph(rest, kBody, theme.text, view.problem);
    return;
  }
  Rect foot = rest.take_bottom(cost_foot_height(canvas));
  const Rect strip = rest.take_bottom(canvas.height(kBody) * (view.run ? 2.7F : 2.0F));
  rest.take_bottom(10);
  foot.take_top(10);
  draw_cost_prices(canvas, *view.prices, foot.take_right(std::min(canvas.big(250, 400), foot.w * 0.26F)));
  foot.take_right(16);
  draw_cost_sliders(ui, view, foot);
  const Rect left = rest.take_left(rest.w * 0.55F);
  Rect chips{left.x, left.y, left.w, canvas.height(kSmall) * 1.8F};
  chips.take_left(canvas.width(kBodyBold, "Cost over load") + 16);
  draw_cost_beside(ui, view, chips);
  work_out(view);
  Load nothing = view.load;
  nothing.bytes_per_second = 0;
  const Bill cluster = bill_of(CostProduct::kafka, view.load, *view.prices), other = bill_of(view.beside, view.load, *view.prices);
  const Rect band{area.x, strip.y, area.w, strip.h};
  canvas.fill(band, theme.panel);
  canvas.fill({band.x, band.y, 3, band.h}, theme.paper);
  Rect words = strip;
  if (view.run) canvas.text_in(words.take_bottom(strip.h / 2), kBody, theme.text, counted_sentence(*view.run->counted));
  canvas.text_in(words, kBody, theme.text,
                 cost_sentence(view, bill_of(CostProduct::kafka, nothing, *view.prices), bill_of(view.beside, nothing, *view.prices)));
  draw_cost_curve(canvas, view, cluster, other, left);
  rest.take_left(24);
  canvas.line({rest.x - 8, rest.y}, {rest.x - 8, rest.bottom()}, theme.line);
  rest.take_left(8);
  draw_bill(canvas, view, cluster, rest);
}

}  // namespace nutshell

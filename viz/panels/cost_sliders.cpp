#include "viz/panels/cost_sliders.h"

#include <algorithm>
#include <array>

namespace nutshell {

namespace {

constexpr std::int64_t kDay = 86'400, kTenth = kMegabyte / 10;

// A number that can be moved, and what it may be.
struct Slider {
  std::string_view name, unit;
  std::int64_t Load::*member;
  std::int64_t by;  // of the load's unit, one of its values
  std::vector<std::int64_t> values;
};

const std::vector<Slider>& sliders() {
  static const std::vector<Slider> kSliders = {
      {"load", "MB/s", &Load::bytes_per_second, kTenth, {0,  1,  2,  3,  4,  5,   6,   8,   10,  12,  15,  20,  25,
                                                         30, 40, 50, 63, 80, 100, 130, 160, 200, 300, 500, 1000}},
      {"services", "", &Load::services, 1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20}},
      {"days kept", "", &Load::keep_seconds, kDay, {1, 2, 3, 4, 5, 6, 7, 10, 14, 30, 90, 365}},
      {"copies", "", &Load::copies, 1, {1, 2, 3, 4, 5}},
      {"zones", "", &Load::zones, 1, {1, 2, 3, 4, 5}},
      {"message size", "bytes", &Load::message_bytes, 1, {50, 100, 200, 500, 1000, 2000, 5000, 10'000, 50'000}},
      {"batch", "", &Load::batch, 1, {1, 2, 5, 10, 20, 50, 100}},
  };
  return kSliders;
}

std::size_t index_of(const Slider& slider, const Load& load) {
  const std::int64_t value = load.*slider.member / slider.by;
  const auto found = std::lower_bound(slider.values.begin(), slider.values.end(), value);
  return std::min(static_cast<std::size_t>(found - slider.values.begin()), slider.values.size() - 1);
}

std::string slider_text(const Slider& slider, const Load& load) {
  const std::int64_t value = load.*slider.member / slider.by;
  if (slider.by != kTenth) return grouped(value);
  return grouped(value / 10) + "." + std::to_string(value % 10);
}

struct Preset {
  std::string_view name;
  std::int64_t services, days;
};
constexpr std::array<Preset, 4> kPresets = {
    {{"5 readers, 1 day", 5, 1}, {"2 readers, 1 day", 2, 1}, {"5 readers, 7 days", 5, 7}, {"2 readers, 7 days", 2, 7}}};
constexpr std::array<CostProduct, 4> kBeside = {CostProduct::pubsub, CostProduct::sqs, CostProduct::kinesis, CostProduct::rabbitmq};

// A pill with words; returns whether it was pressed.
bool draw_cost_chip(Ui& ui, Rect& row, std::string_view text, bool on) {
  Canvas& canvas = ui.canvas;
  const float wide = canvas.width(kSmall, text) + 24;
  if (row.w < wide) return false;
  Rect chip = row.take_left(wide);
  row.take_left(8);
  chip = {chip.x, chip.center().y - canvas.height(kSmall) * 0.8F, chip.w, canvas.height(kSmall) * 1.6F};
  const bool over = ui.over(chip);
  if (on) canvas.fill(chip, canvas.theme.paper, chip.h / 2);
  else canvas.outline(chip, over ? canvas.theme.text2 : canvas.theme.line2, 1, chip.h / 2);
  const Color ink = !on ? canvas.theme.text : canvas.theme.light ? rgb(0xFFFFFF) : canvas.theme.ink;
  canvas.text_in(chip, kSmall, ink, text, Align::center);
  return over && ui.clicked;
}

void draw_cost_chips(PanelUi& ui, CostView& view, Rect row) {
  Canvas& canvas = ui.canvas;
  row.take_left(canvas.text_in(row, kSmall, canvas.theme.text2, "Crossing for") + 12);
  if (view.run && draw_cost_chip(ui, row, "this run, as counted", view.load == *view.run)) view.load = *view.run;
  for (const Preset& each : kPresets) {
    const bool on = view.load.services == each.services && view.load.keep_seconds == each.days * kDay && !view.load.counted;
    if (!draw_cost_chip(ui, row, each.name, on)) continue;
    view.load.counted.reset();
    view.load.services = each.services;
    view.load.keep_seconds = each.days * kDay;
  }
}

// What was counted was counted with these copies, zones and readers.
void set_cost(CostView& view, const Slider& slider, std::size_t value) {
  const bool counted = slider.member != &Load::services && slider.member != &Load::copies && slider.member != &Load::zones;
  if (view.load.*slider.member != slider.values[value] * slider.by && !counted) view.load.counted.reset();
  view.load.*slider.member = slider.values[value] * slider.by;
}

void draw_slider(PanelUi& ui, CostView& view, std::size_t which, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Slider& slider = sliders()[which];
  const float line = canvas.height(kSmall) * 1.35F;
  const bool chosen = view.slider == which;
  canvas.text_in(area.take_top(line), chosen ? kSmallBold : kSmall, chosen ? theme.text : theme.text2, slider.name);
  Rect value = area.take_top(line);
  value.take_left(canvas.text_in(value, {Face::mono_bold, Size::small}, theme.text, slider_text(slider, view.load)) + 5);
  canvas.text_in(value, kMicro, theme.text3, slider.unit);
  const Rect track{area.x + 7, area.y + 4, area.w - 14, 14};
  const auto last = static_cast<float>(slider.values.size() - 1);
  if (ui.clicked && ui.over({area.x, track.y - 6, area.w, track.h + 12})) view.dragged = view.slider = which;
  if (view.dragged == which && ui.held) {
    const float part = within((ui.mouse.x - track.x) / std::max(track.w, 1.0F), 0.0F, 1.0F);
    set_cost(view, slider, static_cast<std::size_t>(part * last + 0.5F));
  }
  const float at = track.x + track.w * static_cast<float>(index_of(slider, view.load)) / last;
  canvas.fill({track.x, track.center().y - 2, track.w, 4}, theme.line2, 2);
  canvas.fill({track.x, track.center().y - 2, at - track.x, 4}, theme.text2, 2);
  canvas.circle({at, track.center().y}, chosen ? 8.0F : 7.0F, theme.text);
}

}  // namespace

void draw_cost_beside(PanelUi& ui, CostView& view, Rect row) {
  Canvas& canvas = ui.canvas;
  float wide = canvas.width(kSmall, "beside") + 12;
  for (const CostProduct each : kBeside) wide += canvas.width(kSmall, product_name(each)) + 32;
  row = row.take_right(wide);
  row.take_left(canvas.text_in(row, kSmall, canvas.theme.text2, "beside") + 12);
  for (const CostProduct each : kBeside) {
    if (draw_cost_chip(ui, row, product_name(each), view.beside == each)) view.beside = each;
  }
}

CostView usual_costs() {
  CostView view;
  view.load.bytes_per_second = 2 * kMegabyte;
  view.load.services = 5;
  view.load.keep_seconds = kDay;
  return view;
}

void choose_slider(CostView& view, int by) {
  const auto count = static_cast<int>(sliders().size());
  view.slider = static_cast<std::size_t>((static_cast<int>(view.slider) + by + count) % count);
}

void move_slider(CostView& view, int by) {
  const Slider& slider = sliders()[view.slider];
  const int to = within(static_cast<int>(index_of(slider, view.load)) + by, 0, static_cast<int>(slider.values.size()) - 1);
  set_cost(view, slider, static_cast<std::size_t>(to));
}

void work_out(CostView& view) {
  CostFigures& figures = view.figures;
  if (figures.most > 0 && figures.load == view.load && figures.beside == view.beside) return;
  constexpr std::int64_t kFarthest = 200 * kMegabyte, kSteps = 60;
  figures.load = view.load;
  figures.beside = view.beside;
  figures.meets = crossing(CostProduct::kafka, view.beside, view.load, *view.prices, kFarthest);
  // Both the load and the crossing are to be seen, if that is not too far away.
  const std::int64_t wanted = std::max(view.load.bytes_per_second * 5 / 4, std::min(figures.meets.value_or(0) * 5 / 4, 40 * kMegabyte));
  figures.most = kMegabyte;
  for (const std::int64_t each : {3, 5, 10, 20, 30, 50, 100, 150}) {
    if (figures.most < wanted) figures.most = each * kMegabyte;
  }
  figures.curve = cost_curve({CostProduct::kafka, view.beside}, view.load, *view.prices, figures.most, kSteps);
}

float cost_foot_height(const Canvas& canvas) { return canvas.height(kSmall) * (2 * 1.35F + 2.4F) + 40; }

void draw_cost_sliders(PanelUi& ui, CostView& view, Rect area) {
  if (!ui.held) view.dragged.reset();
  draw_cost_chips(ui, view, area.take_bottom(ui.canvas.height(kSmall) * 2));
  const float wide = area.w / static_cast<float>(sliders().size());
  for (std::size_t i = 0; i < sliders().size(); ++i) {
    Rect one = area.take_left(wide);
    one.w -= 18;
    draw_slider(ui, view, i, one);
  }
}

void draw_cost_prices(Canvas& canvas, const PriceList& prices, Rect area) {
  const Theme& theme = canvas.theme;
  canvas.dashed_outline(area, theme.text3, 1, kNotYet, 6);
  Rect rest = area.inset(8);
  const auto of = [&](Price price) { return money_text(prices.of(price), true); };
  const std::array<std::string, 4> lines = {"VM " + of(Price::vm_hour) + " and " + of(Price::small_vm_hour) + " an hour",
                                            "disk " + of(Price::disk_gb_month) + "/GB, zones " + of(Price::zone_gb) + "/GB",
                                            "Pub/Sub " + money_text(prices.of(Price::pubsub_tib)) + "/TiB, " +
                                                std::to_string(prices.of(Measure::pubsub_free_gib)) + " GiB free",
                                            "staff is in no formula"};
  const float line = canvas.height(kMicro) * 1.3F;
  canvas.text_in(rest.take_top(line), kMicroBold, theme.text, "Example prices of " + prices.date);
  for (const std::string& each : lines) {
    if (rest.h >= line) canvas.text_in(rest.take_top(line), kMicro, theme.text2, each);
  }
}

}  // namespace nutshell

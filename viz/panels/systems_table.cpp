// A row a system: who works for the service, on an axis of time, and the results so far; each number leads to the moment that
// made it.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/panels/log_strip.h"
#include "viz/panels/systems_parts.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr std::int32_t kSeveral = -2;  // consumers, one after the other or at once
constexpr TextStyle kResult{Face::mono_bold, Size::body};

float row_height(const Canvas& canvas) { return canvas.height(kBody) * 1.75F; }

// "2.5 s", "0.37 s": no longer than it has to be.
std::string short_time(std::int64_t time) {
  const std::int64_t hundredths = (time + 5 * kMillisecond) / (10 * kMillisecond);
  std::string text = std::to_string(hundredths / 100);
  if (hundredths % 100 != 0) {
    text += "." + std::to_string(hundredths % 100 / 10);
    if (hundredths % 10 != 0) text += std::to_string(hundredths % 10);
  }
  return text + " s";
}

std::string cell_text(const RivalColumn& column, std::int64_t value) {
  if (!column.is_time) return std::to_string(value);
  return value < 0 ? "\u2013" : short_time(value);
}

// The moment that made what stands there: the last change by now; from there, the one before it.
Time moment_of(const std::vector<FigureChange>& changes, Time now) {
  Time moment = -1;
  for (const FigureChange& each : changes)
    if (each.at < now || (each.at == now && changes.front().at == now)) moment = each.at;
  return moment >= 0 || changes.empty() ? moment : changes.front().at;
}

struct ResultColumn {
  RivalColumn column;
  float wide = 0;
};

// As many columns as there is room for, from the left.
std::vector<ResultColumn> columns_for(const SystemsScene& scene, float room) {
  const Canvas& canvas = scene.canvas;
  std::vector<ResultColumn> columns;
  for (const RivalColumn& each : scene.runs.columns()) {
    float now = 0;
    for (std::size_t i = 0; i < scene.runs.runs().size(); ++i) {
      const std::string end = cell_text(each, scene.runs.value(i, each, kNever - 1));
      const float later = canvas.width(kMono, "\u2192 " + end) + canvas.big(8, 12);
      now = std::max(now, each.is_time ? std::max(canvas.width(kResult, end), later) : canvas.width(kResult, end) + later);
    }
    const float wide = std::max(now, canvas.width(kMicro, each.word)) + canvas.big(16, 24);
    if (wide > room) break;
    room -= wide;
    columns.push_back({each, wide});
  }
  return columns;
}

void draw_result(const SystemsScene& scene, std::size_t which, const ResultColumn& column, Rect cell) {
  Canvas& canvas = scene.canvas;
  const Theme& theme = canvas.theme;
  const std::vector<FigureChange>& changes = scene.runs.changes(which, column.column);
  const std::int64_t now = scene.runs.value(which, column.column, scene.now), end = scene.runs.value(which, column.column, kNever - 1);
  const bool told = changes.empty() || changes.back().at < scene.fog;
  const Time to = moment_of(changes, scene.now);
  const Rect seen = canvas.in_window(cell);
  if (scene.ui.over(seen) && to >= 0 && to < scene.fog) {
    canvas.fill(cell, theme.raised, 4);
    if (scene.ui.clicked) scene.ui.ask(CommandName::go_to_time, to);
  }
  scene.ui.tell(seen, std::string(column.column.word) + " on " + scene.runs.runs()[which].title,
                to < 0 ? "nothing has made it so far" : "a click leads to the moment that made it, " + format_time(to));
  cell.take_right(canvas.big(4, 6));
  const std::string later = "\u2192 " + cell_text(column.column, end);
  const bool open = told && now != end;
  if (open) canvas.text_in(cell.take_right(canvas.width(kMono, later) + 1), kMono, theme.text3, later, Align::right);
  else if (!told) draw_hidden(canvas, cell.take_right(canvas.big(22, 34)).inset(canvas.big(2, 3)));
  if (open && column.column.is_time) return;  // there is no time so far, or an earlier one
  cell.take_right(canvas.big(6, 9));
  canvas.text_in(cell, kResult, theme.text, cell_text(column.column, now), Align::right);
}

// When somebody worked, and when nobody did.
struct WorkStretch {
  Time from = 0, to = 0;
  std::int32_t consumer = -1;  // -1: nobody
};

std::vector<WorkStretch> stretches_of(const SystemsScene& scene, const RivalRun& run, Duration together) {
  const auto service = static_cast<std::int32_t>(scene.runs.service());
  std::vector<WorkStretch> stretches;
  Time gone = -1;
  for (const queues::Fact& each : run.facts) {
    if (each.service != service || each.consumer < 0) continue;
    const bool works = each.kind == queues::FactKind::delivered || each.kind == queues::FactKind::handled ||
                       each.kind == queues::FactKind::failed;
    if (each.kind == queues::FactKind::crashed) {
      gone = each.at;
      if (!stretches.empty()) stretches.back().to = std::max(stretches.back().to, each.at);
    }
    if (!works) continue;
    if (gone >= 0) stretches.push_back({gone, each.at, -1});
    const bool goes_on = gone < 0 && !stretches.empty() && each.at - stretches.back().to <= together;
    gone = -1;
    if (!goes_on) {
      stretches.push_back({each.at, each.at, each.consumer});
      continue;
    }
    stretches.back().to = each.at;
    if (stretches.back().consumer != each.consumer) stretches.back().consumer = kSeveral;
  }
  return stretches;
}

struct RivalAxis {
  Rect rect;
  Time end = 1;
  float x(Time at) const { return rect.x + rect.w * static_cast<float>(std::min(at, end)) / static_cast<float>(end); }
};

// Until the last thing that is done on any of them, and a little further.
Time axis_end(const SystemsScene& scene) {
  Time last = kSecond;
  for (const RivalRun& run : scene.runs.runs()) {
    for (const queues::Fact& each : run.facts) {
      const bool counts = each.service == static_cast<std::int32_t>(scene.runs.service()) && each.at <= scene.session.scenario().until;
      if (counts && (each.kind == queues::FactKind::handled || is_story(each))) last = std::max(last, each.at);
    }
  }
  return std::min(last + last / 16, std::max(scene.session.scenario().until, kSecond));
}

void draw_stretch(const SystemsScene& scene, const RivalAxis& axis, Rect row, const WorkStretch& stretch) {
  Canvas& canvas = scene.canvas;
  const Theme& theme = canvas.theme;
  const Time from = stretch.from, to = std::min(stretch.to, scene.fog);
  if (from >= scene.fog) return;
  const Rect bar{axis.x(from), row.y + row.h * 0.18F, std::max(axis.x(to) - axis.x(from), canvas.big(3, 4)), row.h * 0.64F};
  const bool later = from > scene.now;
  if (stretch.consumer == -1) {
    const Color red = theme.hue(HueName::red).stroke;
    if (!later) canvas.hatch(bar, red.with_alpha(90), 7);
    canvas.dashed_outline(bar, later ? theme.text3 : red, canvas.big(1.25F, 2), kDead, 3);
    const std::string words = "nobody, " + short_time(stretch.to - stretch.from);
    if (to == stretch.to && canvas.width(kSmall, words) + 16 < bar.w) {
      const Rect ground{bar.center().x - canvas.width(kSmall, words) / 2 - 5, bar.y + 2, canvas.width(kSmall, words) + 10, bar.h - 4};
      canvas.fill(ground, theme.bg, 3);
      canvas.text_in(ground, kSmall, later ? theme.text3 : theme.hue(HueName::red).words, words, Align::center);
    }
    return;
  }
  const bool one = stretch.consumer != kSeveral;
  std::size_t number = static_cast<std::size_t>(std::max(stretch.consumer, 0));
  for (std::size_t s = 0; s < scene.runs.service(); ++s) number += scene.runs.workload().services[s].consumers.size();
  const Hue several{theme.line2, theme.text2, theme.text};
  const Hue& hue = one ? theme.member(number) : several;
  const Rect done{bar.x, bar.y, std::min(bar.w, std::max(axis.x(scene.now) - bar.x, 0.0F)), bar.h};
  canvas.outline(bar, later ? theme.line2 : hue.stroke, 1, 3);
  if (done.w > 0) canvas.fill(done, hue.fill, 3);
  const std::string letter = one ? letter_of(scene.runs, static_cast<std::int32_t>(scene.runs.service()), stretch.consumer) : "several";
  if (canvas.width(kSmallBold, letter) + 6 < bar.w) {
    const bool on_hue = done.w > bar.w / 2 && one;
    canvas.text_in(bar, kSmallBold, on_hue ? theme.ink : theme.text, letter, Align::center);
  }
}

void draw_axis(const SystemsScene& scene, const RivalAxis& axis, Rect head) {
  Canvas& canvas = scene.canvas;
  Duration step = kMillisecond * 100;
  for (const std::int64_t times : {2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 6000, 18000})
    if (axis.end / step > 6) step = times * 100 * kMillisecond;
  for (Time at = 0; at <= axis.end; at += step) {
    const std::string text = step >= kSecond ? std::to_string(at / kSecond) : short_time(at).substr(0, short_time(at).find(' '));
    const float wide = canvas.width(kMono, text) + 4;
    canvas.text_in({std::min(axis.x(at) - wide / 2, axis.rect.right() - wide), head.y, wide, head.h}, kMono, canvas.theme.text3, text,
                   Align::center);
  }
}

void draw_now(const SystemsScene& scene, const RivalAxis& axis, Rect rows) {
  Canvas& canvas = scene.canvas;
  const float x = axis.x(scene.now);
  canvas.line({x, rows.y - 2}, {x, rows.bottom()}, canvas.theme.paper, canvas.big(2, 3));
  draw_triangle(canvas, {x, rows.y - canvas.big(4, 6)}, canvas.big(5, 8), canvas.theme.paper, true, 0.25F);
}

// The axis takes a click: to that moment.
void take_click(const SystemsScene& scene, const RivalAxis& axis) {
  const Rect seen = scene.canvas.in_window(axis.rect);
  if (!scene.ui.over(seen) || !scene.ui.clicked || seen.w <= 0) return;
  const double part = static_cast<double>((scene.ui.mouse.x - seen.x) / seen.w);
  scene.ui.ask(CommandName::go_to_time, std::min<Time>(static_cast<Time>(part * static_cast<double>(axis.end)), scene.fog));
}

void draw_name(const SystemsScene& scene, std::size_t which, Rect cell) {
  Canvas& canvas = scene.canvas;
  const std::string number = roman(which + 1);
  const float wide = canvas.width(kSmallBold, "III") + canvas.big(8, 12);
  canvas.text_in(cell.take_left(wide), kSmallBold, canvas.theme.text3, number);
  canvas.text_in(cell, kBodyBold, canvas.theme.text, scene.runs.runs()[which].title);
}

void draw_rows(SystemsScene& scene, Rect area) {
  Canvas& canvas = scene.canvas;
  const Theme& theme = canvas.theme;
  const std::size_t systems = scene.runs.runs().size();
  area.take_top(canvas.big(4, 6));
  const std::string& service = scene.runs.workload().services[scene.runs.service()].name;
  Rect titles = area.take_top(canvas.height(kSmall) * 1.4F), head = area.take_top(canvas.height(kSmall) * 1.4F);
  const float high = std::min(row_height(canvas), area.h / static_cast<float>(systems));
  float names = 0;
  for (const RivalRun& each : scene.runs.runs()) names = std::max(names, canvas.width(kBodyBold, each.title));
  names += canvas.width(kSmallBold, "III") + canvas.big(24, 36);
  const bool bars = area.w >= canvas.big(900, 1400);
  const float table = bars ? area.w * 0.52F : area.w - names;
  const std::vector<ResultColumn> columns = columns_for(scene, table);
  float wide = 0;
  for (const ResultColumn& each : columns) wide += each.wide;
  const float left = area.right() - wide;
  canvas.text_in({left, titles.y, wide, titles.h}, kSmallBold, theme.text, "Result so far, for " + service, Align::right);
  float x = left;
  for (const ResultColumn& each : columns) {
    canvas.text_in({x, head.y, each.wide - canvas.big(4, 6), head.h}, kMicro, theme.text2, each.column.word, Align::right);
    x += each.wide;
  }
  const Rect bars_area{area.x + names, area.y, left - area.x - names - canvas.big(24, 40), high * static_cast<float>(systems)};
  const RivalAxis axis{bars_area, axis_end(scene)};
  if (bars) {
    canvas.text_in({area.x, titles.y, axis.rect.right() - area.x, titles.h}, kSmallBold, theme.text, "Who works for " + service);
    canvas.text_in({area.x, head.y, names, head.h}, kMicro, theme.text3, "seconds");
    draw_axis(scene, axis, head);
  }
  for (std::size_t i = 0; i < systems; ++i) {
    const Rect row{area.x, area.y + high * static_cast<float>(i), area.w, high - canvas.big(3, 4)};
    canvas.fill(row, theme.panel, 4);
    draw_name(scene, i, {row.x + canvas.big(6, 10), row.y, names - canvas.big(6, 10), row.h});
    float at = left;
    for (const ResultColumn& each : columns) {
      draw_result(scene, i, each, {at, row.y, each.wide, row.h});
      at += each.wide;
    }
    if (!bars) continue;
    for (const WorkStretch& each : stretches_of(scene, scene.runs.runs()[i], axis.end / 20))
      draw_stretch(scene, axis, {axis.rect.x, row.y, axis.rect.w, row.h}, each);
  }
  if (!bars) return;
  const float fog = axis.x(scene.fog);
  if (scene.fog < axis.end) canvas.hatch({fog, axis.rect.y, axis.rect.right() - fog, axis.rect.h}, theme.line2, 8);
  draw_now(scene, axis, axis.rect);
  take_click(scene, axis);
}

}  // namespace

float system_rows_height(const Canvas& canvas, std::size_t systems, bool) {
  return canvas.height(kSmall) * 2.9F + row_height(canvas) * static_cast<float>(systems) + canvas.big(6, 8);
}

void draw_system_rows(SystemsScene& scene, Rect area) {
  // With more systems than have room for their stores, all of it is as large as it can be.
  const Canvas& canvas = scene.canvas;
  const float high = system_rows_height(canvas, scene.runs.runs().size(), false);
  const float times = std::min({area.h / high, area.w / canvas.big(900, 1400), 1.4F});
  if (times < 1.1F) return draw_rows(scene, area);
  const Rect whole{0, 0, area.w / times, area.h / times};
  Canvas near = scene.canvas.zoomed(whole, area);
  SystemsScene larger{scene.ui,  near,         scene.session, scene.runs,  scene.now, scene.fog, scene.moving,
                      scene.line, scene.shows_nodes, scene.names,   scene.keys};
  draw_rows(larger, whole);
}

}  // namespace nutshell

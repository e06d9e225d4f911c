#include "viz/panels/wires.h"

#include <algorithm>
#include <string>
#include <vector>

#include "viz/panels/chrome.h"
#include "viz/panels/systems.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

using WireKind = WireEnd::Kind;
using Through = Wires::Through;

constexpr float kHigh = 470;
constexpr int kCells = 6;       // of the log, before the one that comes next
constexpr int kCurve = 24;      // pieces of a wire
constexpr int kFewWires = 150, kManyPieces = 10;  // more wires have fewer pieces each, and are pale: it is their mass that is seen
constexpr int kInARow = 14;     // programs; more stand in rows behind each other

// Where everything of one way of wiring stands.
struct WiresPlan {
  const Wires& wires;
  Rect area;
  float size = 0;               // of a program: half its height
  std::vector<Point> senders, receivers;
  std::vector<Rect> middles;    // hubs, or the log
  Rect cell;                    // of the log: the first
};

int rows_of(int count) { return (count + kInARow - 1) / kInARow; }

// In as many rows as it takes, the first at `y` and the others `down` from it, each shifted so that none stands before another.
std::vector<Point> row_of(int count, Rect area, float y, float down, float most) {
  const int rows = rows_of(count);
  const float pitch = std::min(area.w / static_cast<float>(count), most / static_cast<float>(rows));
  const float from = area.center().x - pitch * static_cast<float>(count - 1) / 2;
  std::vector<Point> row;
  for (int i = 0; i < count; ++i) row.push_back({from + pitch * static_cast<float>(i), y + down * static_cast<float>(i % rows)});
  return row;
}

// One calls the next: from left to right, in rows.
WiresPlan plan_of_chain(const Wires& wires, Rect area) {
  WiresPlan plan{wires, area, 0, {}, {}, {}, {}};
  const int count = wires.receivers + 1, rows = (count + kInARow / 2 - 1) / (kInARow / 2);
  const int across = (count + rows - 1) / rows;
  const float pitch = std::min(area.w / static_cast<float>(across), area.w * 0.2F);
  const float high = std::min(area.h / static_cast<float>(rows), pitch * 1.25F);
  plan.size = std::min({pitch * 0.28F, high * 0.36F, area.h * 0.075F});
  const float left = area.center().x - pitch * static_cast<float>(across - 1) / 2;
  const float top = area.center().y - high * static_cast<float>(rows - 1) / 2;
  for (int i = 0; i < count; ++i) {
    const Point at{left + pitch * static_cast<float>(i % across), top + high * static_cast<float>(i / across)};
    (i == 0 ? plan.senders : plan.receivers).push_back(at);
  }
  return plan;
}

WiresPlan plan_of(const Wires& wires, Rect area) {
  if (wires.through == Through::chain) return plan_of_chain(wires, area);
  WiresPlan plan{wires, area, 0, {}, {}, {}, {}};
  const int most_rows = std::max(rows_of(wires.senders), rows_of(wires.receivers));
  const float most = area.w * 0.2F;
  const float pitch = std::min(area.w / static_cast<float>(std::max(wires.senders, wires.receivers)), most / static_cast<float>(most_rows));
  const float rows = static_cast<float>(most_rows);
  plan.size = std::min({pitch * rows * 0.36F, area.h * 0.075F, area.h * 0.11F / rows});
  const float down = plan.size * 2.15F;
  plan.senders = row_of(wires.senders, area, area.y + plan.size * 1.1F, down, most);
  plan.receivers = row_of(wires.receivers, area, area.bottom() - plan.size * 1.1F, -down, most);
  const float middle = area.y + area.h * 0.47F, high = std::max(area.h * 0.13F, plan.size * 1.5F);
  if (wires.through == Through::hubs) {
    const float gap = area.w * 0.04F, count = static_cast<float>(wires.hubs);
    const float wide = std::min((area.w - gap * (count - 1)) / count, area.w * 0.5F), all = wide * count + gap * (count - 1);
    for (int i = 0; i < wires.hubs; ++i)
      plan.middles.push_back({area.center().x - all / 2 + (wide + gap) * static_cast<float>(i), middle - high / 2, wide, high});
  }
  if (wires.through == Through::log) {
    const float wide = std::min(area.w / (kCells + 1.0F), high * 1.05F), all = wide * (kCells + 1);
    plan.middles.push_back({area.center().x - all / 2, middle - high / 2, all, high});
    plan.cell = {plan.middles[0].x, plan.middles[0].y, wide, high};
  }
  return plan;
}

std::vector<Point> curve(Point from, Point to, int pieces) {
  std::vector<Point> points;
  const float middle = (from.y + to.y) / 2;
  for (int i = 0; i <= pieces; ++i) {
    const float t = static_cast<float>(i) / static_cast<float>(pieces), s = 1 - t;
    const float a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
    points.push_back({(a + b) * from.x + (c + d) * to.x, a * from.y + (b + c) * middle + d * to.y});
  }
  return points;
}

// The offset that a receiver of the log reads next; who is down has stopped some way back. Many stand at more places than two.
int place_in_log(const Wires& wires, int receiver) {
  const int places = std::min(std::max(2, wires.receivers / 6), kCells);
  return wires.down == receiver + 1 ? kCells / 2 : kCells - receiver % places;
}

Point marker_of(const WiresPlan& plan, int receiver) {
  int same = 0, before = 0;
  for (int i = 0; i < plan.wires.receivers; ++i) {
    if (place_in_log(plan.wires, i) != place_in_log(plan.wires, receiver)) continue;
    before += i < receiver;
    ++same;
  }
  const float x = plan.cell.x + plan.cell.w * static_cast<float>(place_in_log(plan.wires, receiver));
  const float apart = std::min(plan.size * 1.15F, plan.cell.w * 0.9F / static_cast<float>(same));
  return {x + apart * (static_cast<float>(before) - static_cast<float>(same - 1) / 2), plan.cell.bottom() + plan.size * 0.62F};
}

// Where the wire leaves its upper end and arrives at its lower one.
Point upper_end(const WiresPlan& plan, const Wire& wire) {
  if (wire.from.kind == WireKind::sender) {
    const Point at = plan.senders[static_cast<std::size_t>(wire.from.number)];
    const bool hoards = plan.wires.through == Through::nothing && plan.wires.down > 0;
    return {at.x, at.y + plan.size * (hoards ? 1.95F : 1.05F)};
  }
  if (plan.wires.through == Through::log) {
    const Point marker = marker_of(plan, wire.to.number);
    return {marker.x, marker.y + plan.size * 0.4F};
  }
  const Rect& hub = plan.middles[static_cast<std::size_t>(wire.from.number)];
  return {hub.x + hub.w * (static_cast<float>(wire.to.number) + 1) / (static_cast<float>(plan.wires.receivers) + 1), hub.bottom()};
}
Point lower_end(const WiresPlan& plan, const Wire& wire) {
  if (wire.to.kind == WireKind::receiver) {
    const Point at = plan.receivers[static_cast<std::size_t>(wire.to.number)];
    return {at.x, at.y - plan.size};
  }
  const Rect& middle = plan.middles[static_cast<std::size_t>(wire.to.number)];
  if (plan.wires.through == Through::log) return {middle.right() - plan.cell.w / 2, middle.y - plan.size * 0.35F};
  return {middle.x + middle.w * (static_cast<float>(wire.from.number) + 1) / (static_cast<float>(plan.wires.senders) + 1), middle.y};
}

// Which wires fail: those to whoever is down; and of a chain all that lead there, since nobody on the way gets an answer.
bool is_failing(const Wires& wires, const Wire& wire) {
  if (wires.down == 0 || wire.to.kind != WireKind::receiver) return false;
  return wires.through == Through::chain ? wire.to.number < wires.down : wire.to.number + 1 == wires.down;
}

std::vector<Point> line_of(const WiresPlan& plan, const Wire& wire, int pieces) {
  if (plan.wires.through != Through::chain) return curve(upper_end(plan, wire), lower_end(plan, wire), pieces);
  const Point from = wire.from.kind == WireKind::sender ? plan.senders[0] : plan.receivers[static_cast<std::size_t>(wire.from.number)];
  const Point to = plan.receivers[static_cast<std::size_t>(wire.to.number)];
  const float gap = plan.size * 1.25F;
  if (from.y < to.y) return curve({from.x, from.y + gap}, {to.x, to.y - gap}, pieces);  // to the next row
  return {{from.x + gap, from.y}, {to.x - gap, to.y}};
}

void draw_all_wires(Canvas& canvas, const WiresPlan& plan) {
  const Theme& theme = canvas.theme;
  const std::vector<Wire> all = wires_of(plan.wires);
  const bool many = all.size() > static_cast<std::size_t>(kFewWires);
  const float width = many ? 1 : std::max(plan.size * 0.085F, 1.25F);
  const Color color = many ? theme.text.with_alpha(all.size() > static_cast<std::size_t>(4 * kFewWires) ? 70 : 150) : theme.text;
  // Those that fail lie above the others.
  for (const bool failing : {false, true}) {
    for (const Wire& each : all) {
      if (is_failing(plan.wires, each) != failing) continue;
      const std::vector<Point> line = line_of(plan, each, many ? kManyPieces : kCurve);
      const float dash = std::max(plan.size, 8.0F);
      if (failing) canvas.dashed_polyline(line, theme.hue(HueName::red).stroke, width * 1.4F, {dash * 0.3F, dash * 0.2F});
      else canvas.polyline(line, color, width);
      if (plan.wires.through != Through::chain) continue;
      const Point tip = line.back();
      const bool falls = line.size() > 2;  // to the next row
      draw_triangle(canvas, falls ? Point{tip.x, tip.y - plan.size * 0.2F} : Point{tip.x - plan.size * 0.2F, tip.y}, plan.size * 0.3F,
                    failing ? theme.hue(HueName::red).stroke : theme.text, true, falls ? 0.25F : 0);
    }
  }
}

void draw_record(Canvas& canvas, Rect cell) {
  const Color blue = canvas.theme.hue(HueName::blue).fill;
  canvas.fill(cell, blue, cell.h * 0.14F);
  canvas.outline(cell, canvas.theme.ink, std::max(cell.h * 0.05F, 1.0F), cell.h * 0.14F);
}

// So many records in a row, in the middle of the box.
void draw_records(Canvas& canvas, Rect box, int count, float side) {
  const float pitch = std::min(side * 1.15F, box.w / static_cast<float>(std::max(count, 1)));
  const float x = box.center().x - pitch * static_cast<float>(count) / 2 + (pitch - std::min(side, pitch * 0.87F)) / 2;
  for (int i = 0; i < count; ++i)
    draw_record(canvas, {x + pitch * static_cast<float>(i), box.center().y - side / 2, std::min(side, pitch * 0.87F), side});
}

void draw_programs(Canvas& canvas, const WiresPlan& plan) {
  const Theme& theme = canvas.theme;
  const bool hoard = plan.wires.through == Through::nothing && plan.wires.down > 0;
  for (const Point& at : plan.senders) {
    if (plan.wires.senders > kInARow) canvas.circle(at, plan.size * 0.95F, theme.stage);  // wires of those behind end before it
    const float left = at.x - plan.size * 0.75F, half = plan.size * 0.85F;
    canvas.polyline({{left, at.y - half}, {at.x + half, at.y}, {left, at.y + half}}, theme.text, std::max(plan.size * 0.12F, 1.75F), true);
    const float side = plan.size * 0.55F;
    if (hoard) draw_records(canvas, {at.x - plan.size, at.y + plan.size * 1.2F, plan.size * 2, side}, 3, side);
  }
  const Size small = plan.size > 11 ? Size::small : Size::micro;
  const TextStyle letter{Face::bold, plan.size > 22 ? Size::caption : plan.size > 15 ? Size::name : small};
  const bool named = plan.size > 8;  // else only who is down is, in the words beside it
  for (int i = 0; i < plan.wires.receivers; ++i) {
    const Point at = plan.receivers[static_cast<std::size_t>(i)];
    const bool down = plan.wires.down == i + 1;
    const Rect home{at.x - plan.size, at.y - plan.size, plan.size * 2, plan.size * 2};
    if (down) {
      canvas.circle(at, plan.size, theme.stage);
      for (int j = 0; j < 12; ++j) {
        const float from = static_cast<float>(j) / 12;
        canvas.arc(at, plan.size, from, from + 0.05F, theme.hue(HueName::red).stroke, std::max(plan.size * 0.11F, 1.75F));
      }
    } else {
      canvas.circle(at, plan.size, theme.member(static_cast<std::size_t>(i)).fill);
      canvas.ring(at, plan.size, theme.ink, std::max(plan.size * 0.1F, 1.5F));
    }
    const std::string name = receiver_letter(i);
    TextStyle fitting = letter;  // names of two letters are smaller
    for (const Size size : {Size::small, Size::micro})
      if (canvas.width(fitting, name) > plan.size * 1.7F) fitting.size = size;
    if (named && canvas.width(fitting, name) <= plan.size * 1.9F)
      canvas.text(at, fitting, down ? theme.text : theme.ink, name, Align::center, home);
  }
}

void draw_hubs(Canvas& canvas, const WiresPlan& plan, const Captions& captions) {
  const std::string name = captions.say("hub");
  const Theme& theme = canvas.theme;
  for (const Rect& hub : plan.middles) {
    canvas.fill(hub, theme.card, hub.h * 0.16F);
    canvas.outline(hub, theme.text, std::max(plan.size * 0.09F, 1.5F), hub.h * 0.16F);
    Rect inner = hub.inset(hub.h * 0.14F);
    const TextStyle words{Face::bold, hub.h > 44 ? Size::name : Size::small};
    const bool named = canvas.width(words, name) < inner.w * 0.4F;
    if (named) canvas.text_in(inner.take_left(canvas.width(words, name) + hub.h * 0.15F), words, theme.text, name);
    // What waits for the one that is down.
    if (plan.wires.down > 0) draw_records(canvas, inner, 3, std::min(inner.h * 0.72F, inner.w / 3.6F));
  }
}

void draw_one_log(Canvas& canvas, const WiresPlan& plan) {
  const Theme& theme = canvas.theme;
  const TextStyle number{Face::mono_bold, plan.cell.w > 40 ? Size::name : Size::micro};
  for (int i = 0; i <= kCells; ++i) {
    const Rect whole{plan.cell.x + plan.cell.w * static_cast<float>(i), plan.cell.y, plan.cell.w, plan.cell.h};
    const Rect cell = whole.inset(plan.cell.w * 0.04F);
    if (i == kCells) canvas.dashed_outline(cell, theme.text3, std::max(plan.size * 0.08F, 1.5F), {4, 3}, cell.h * 0.1F);
    else {
      canvas.fill(cell, theme.hue(HueName::blue).fill, cell.h * 0.1F);
      canvas.outline(cell, theme.ink, std::max(plan.size * 0.08F, 1.5F), cell.h * 0.1F);
      canvas.text(cell.center(), number, theme.ink, std::to_string(i), Align::center, cell);
    }
  }
  const Rect last{plan.middles[0].right() - plan.cell.w, plan.middles[0].y, plan.cell.w, plan.cell.h};
  draw_triangle(canvas, {last.center().x, last.y - plan.size * 0.3F}, plan.size * 0.35F, theme.text, true, 0.25F);
  for (int i = 0; i < plan.wires.receivers; ++i) {
    const Point at = marker_of(plan, i);
    draw_triangle(canvas, at, plan.size * 0.5F, theme.member(static_cast<std::size_t>(i)).fill, true, -0.25F);
    draw_triangle(canvas, at, plan.size * 0.5F, theme.ink, false, -0.25F);
  }
}

void draw_graph(Canvas& canvas, const Wires& wires, Rect area, const Captions& captions) {
  const WiresPlan plan = plan_of(wires, area);
  draw_all_wires(canvas, plan);
  if (wires.through == Through::hubs) draw_hubs(canvas, plan, captions);
  if (wires.through == Through::log) draw_one_log(canvas, plan);
  draw_programs(canvas, plan);
}

// A line of words below or beside a drawing: how large compared with the others, and how much is left free above it, in lines.
struct WordsLine {
  std::string text;
  TextStyle style;
  Color color;
  float gap = 0, times = 1;
  std::string tail = {};  // behind it, in the usual size
};

constexpr float kLine = 1.3F;
constexpr TextStyle kUsual{Face::regular, Size::name}, kStrong{Face::bold, Size::name}, kCounted{Face::mono_bold, Size::name};

// From the upper edge, or in the middle of the area: as large as there is room, but not above `most`, the height of letters.
void draw_lines(const Canvas& canvas, Rect area, const std::vector<WordsLine>& lines, float most, bool centered) {
  const float unit = canvas.height(kUsual) * kLine;
  float high = 0, wide = 1;
  for (const WordsLine& each : lines) {
    high += unit * (each.gap + each.times);
    const float tail = each.tail.empty() ? 0 : canvas.width(kUsual, each.tail) + unit * 0.5F;
    wide = std::max(wide, canvas.width(each.style, each.text) * each.times + tail);
  }
  const float scale = std::min({area.h / high, area.w / (wide * 1.02F), most / canvas.height(kUsual)});
  if (centered) area.take_top((area.h - high * scale) / 2);
  for (const WordsLine& each : lines) {
    area.take_top(unit * scale * each.gap);
    const Rect line = area.take_top(unit * scale * each.times);
    const auto write = [&](Rect place, float times, TextStyle style, Color color, const std::string& text) {
      const Rect whole{0, 0, place.w / times, place.h / times};
      canvas.zoomed(whole, place).text_in(whole, style, color, text);
    };
    write(line, scale * each.times, each.style, each.color, each.text);
    if (each.tail.empty()) continue;
    const float from = canvas.width(each.style, each.text) * scale * each.times + unit * scale * 0.5F;
    write({line.x + from, line.bottom() - unit * scale * 1.15F, line.w - from, unit * scale}, scale, kUsual, canvas.theme.text2, each.tail);
  }
}

WordsLine count_line(const Canvas& canvas, const Wires& wires, float times, const Captions& captions) {
  const int count = count_of(wires);
  return {std::to_string(count), kCounted, canvas.theme.text, 0, times, captions.say(count == 1 ? "wire" : "wires")};
}
void add_pair(const Canvas& canvas, std::vector<WordsLine>& lines, const WiresWords& words, const Captions& captions) {
  lines.push_back({captions.say(words.words), kStrong, canvas.theme.text});
  lines.push_back({captions.say(words.rest), kUsual, canvas.theme.text2});
}

void draw_one_way(Canvas& canvas, const Wires& wires, Rect area, const Captions& captions) {
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.stage);
  Rect inner = area.inset(area.h * 0.03F);
  const Rect column = inner.take_right(within(inner.w * 0.31F, 190.0F, 380.0F));
  inner.take_right(inner.w * 0.04F);
  draw_graph(canvas, wires, inner, captions);
  std::vector<WordsLine> lines = {count_line(canvas, wires, 2.6F, captions), {sum_of(wires), {Face::mono, Size::name}, theme.text2}};
  if (wires.down > 0) {
    lines.push_back({captions.say(while_down(wires)), kUsual, theme.text3, 0.5F});
    add_pair(canvas, lines, outage_of(wires), captions);
  }
  lines.push_back({captions.say(kOneMoreReader), kUsual, theme.text3, 0.5F});
  add_pair(canvas, lines, one_more_of(wires), captions);
  lines.push_back({captions.say(kEachUp), kUsual, theme.text3, 0.5F});
  add_pair(canvas, lines, availability_of(wires), captions);
  lines.push_back({up_sum_of(wires), {Face::mono, Size::name}, theme.text2});
  draw_lines(canvas, column, lines, area.h * 0.055F, true);
}

void draw_all_ways(Canvas& canvas, const Wires& like, Rect area, const Captions& captions) {
  canvas.fill(area, canvas.theme.stage);
  const std::vector<WiresWay> ways = ways_of(like);
  Rect inner = area.inset(area.h * 0.04F);
  const float wide = inner.w / static_cast<float>(ways.size()), most = area.h * 0.042F;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    Rect column = inner.take_left(wide);
    if (i > 0) canvas.line({column.x, column.y}, {column.x, column.bottom()}, canvas.theme.line2);
    column = Rect{column.x + wide * 0.06F, column.y, wide * 0.88F, column.h};
    const std::string title = std::to_string(i + 1) + "  " + captions.say(ways[i].title);
    draw_lines(canvas, column.take_top(area.h * 0.07F), {{title, kStrong, canvas.theme.text}}, most, false);
    const Rect foot = column.take_bottom(area.h * (like.down > 0 ? 0.43F : 0.33F));
    column.take_bottom(area.h * 0.02F);
    draw_graph(canvas, ways[i].wires, column, captions);
    std::vector<WordsLine> lines = {count_line(canvas, ways[i].wires, 2, captions)};
    // Of the first nobody is down; its lines stand beside those of the others.
    if (like.down > 0) add_pair(canvas, lines, i > 0 ? outage_of(ways[i].wires) : WiresWords{}, captions);
    add_pair(canvas, lines, one_more_of(ways[i].wires), captions);
    add_pair(canvas, lines, availability_of(ways[i].wires), captions);
    draw_lines(canvas, foot, lines, most, false);
  }
}

}  // namespace

void draw_wires_tools(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.panel);
  canvas.line({area.x, area.y}, {area.right(), area.y}, theme.line);
  Rect rest{area.x + 12, area.y, area.w - 24, area.h};
  if (session.asking()) return draw_tools_asleep(ui, rest);
  struct WireTool {
    std::string_view key, label;
  };
  constexpr WireTool kTools[] = {{"+", "one more on each side"}, {"-", "one fewer"}, {"C", "crash d, or start it"}};
  for (const WireTool& each : kTools) {
    const float key = key_width(canvas, each.key) + 8, wide = canvas.width(kSmall, each.label) + key + 24;
    if (wide > rest.w) break;
    const Rect button{rest.x, rest.center().y - 15, wide, 30};
    rest.take_left(wide + 8);
    canvas.fill(button, ui.over(button) ? theme.raised : theme.card, 6);
    canvas.outline(button, theme.line2, 1, 6);
    draw_key(canvas, {button.x + 8, button.center().y}, each.key);
    canvas.text_in({button.x + 12 + key, button.y, button.w - key - 20, button.h}, kSmall, theme.text, each.label);
    if (ui.over(button) && ui.clicked) ui.ask(CommandName::wires, each.key[0]);
  }
}

void draw_wires(Canvas& canvas, const Wires& wires, Rect area, const Captions& captions) {
  if (area.w < 1 || area.h < 1) return;
  // Always as if it were that high: words grow with the picture.
  const Rect whole{0, 0, area.w * kHigh / area.h, kHigh};
  Canvas near = canvas.zoomed(whole, area);
  if (wires.all_ways) draw_all_ways(near, wires, whole, captions);
  else draw_one_way(near, wires, whole, captions);
}

}  // namespace nutshell

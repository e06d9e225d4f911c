#include "viz/panels/schemas.h"

#include <algorithm>

#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr TextStyle kCode{Face::mono, Size::small}, kCodeBold{Face::mono_bold, Size::small};

float schema_line(const Canvas& canvas) { return canvas.height(kSmall) * 1.6F; }

bool allows(const WorkedChange& change, Compatibility level) {
  return refusals(level, SchemaFormat::avro, change.newer, {change.older}).empty();
}

// A tick or a cross, each in its shape and hue.
void draw_verdict(Canvas& canvas, Point at, bool good) {
  const Theme& theme = canvas.theme;
  if (good) draw_tick(canvas, at, canvas.big(7, 12), theme.hue(HueName::green).stroke, canvas.big(2.5F, 4));
  else draw_cross(canvas, at, canvas.big(6, 10), theme.hue(HueName::red).stroke, canvas.big(2.5F, 4));
}

void draw_changes(PanelUi& ui, SchemaView& view, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const std::vector<WorkedChange>& changes = worked_changes();
  const float line = schema_line(canvas);
  canvas.text_in(area.take_top(line * 1.2F), kBodyBold, theme.text, "A change");
  Rect head = area.take_top(line);
  const float column = std::max(canvas.width(kMicro, "BACKWARD"), canvas.width(kMicro, "FORWARD")) + 8;
  canvas.text_in(head.take_right(column), kMicro, theme.text3, "FORWARD", Align::center);
  canvas.text_in(head.take_right(column), kMicro, theme.text3, "BACKWARD", Align::center);
  const float row_high = std::min(line * 1.35F, area.h / static_cast<float>(changes.size()));
  for (std::size_t i = 0; i < changes.size(); ++i) {
    Rect row = area.take_top(row_high);
    const bool chosen = view.chosen == i, over = ui.over(row);
    if (over && ui.clicked) view.chosen = i;
    if (chosen || over) canvas.fill({row.x - 8, row.y + 1, row.w + 8, row.h - 2}, theme.raised, 6);
    if (chosen) canvas.fill({row.x - 8, row.y + 1, 3, row.h - 2}, theme.paper);
    draw_verdict(canvas, row.take_right(column).center(), allows(changes[i], Compatibility::forward));
    draw_verdict(canvas, row.take_right(column).center(), allows(changes[i], Compatibility::backward));
    row.take_left(4);
    canvas.text_in(row, chosen ? kSmallBold : kSmall, theme.text, changes[i].name);
  }
}

// A version's fields; those that the other version has not stand out.
void draw_version(Canvas& canvas, Rect area, std::string_view title, const std::vector<std::string>& lines,
                  const std::vector<std::string>& others) {
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.card, 8);
  canvas.outline(area, theme.line2, 1, 8);
  Rect rest = area.inset(12);
  const float line = schema_line(canvas);
  canvas.text_in(rest.take_top(line), kSmallBold, theme.text, title);
  canvas.text_in(rest.take_top(line), kMicro, theme.text3, "record Order");
  for (const std::string& each : lines) {
    if (rest.h < line) return;
    const bool own = std::find(others.begin(), others.end(), each) == others.end();
    canvas.text_in(rest.take_top(line), own ? kCodeBold : kCode, own ? theme.text : theme.text2, (own ? "> " : "  ") + each);
  }
}

struct Reading {
  std::string_view writes, reads, level;
  std::string_view writer, reader, record;
  NewSide side;
};

// One writes, the other reads: the record, its bytes, and what comes out.
void draw_reading(Canvas& canvas, const Reading& way, Rect area) {
  const Theme& theme = canvas.theme;
  const ReadBack back = read_back(way.writer, way.reader, way.record);
  const SchemaReasons reasons = reading_reasons(SchemaFormat::avro, way.writer, way.reader, way.side);
  const bool good = reasons.empty();
  const float line = schema_line(canvas);
  canvas.fill({area.x, area.y, 3, area.h}, good ? theme.hue(HueName::green).stroke : theme.hue(HueName::red).stroke);
  Rect rest{area.x + 14, area.y, area.w - 14, area.h};
  Rect head = rest.take_top(line);
  draw_verdict(canvas, {head.x + canvas.big(8, 14), head.center().y}, good);
  head.take_left(canvas.big(24, 38));
  canvas.text_in(head, kSmallBold, theme.text,
                 std::string(way.writes) + " writes, " + std::string(way.reads) + " reads: " + std::string(way.level));
  const auto row = [&](std::string_view name, TextStyle style, Color color, std::string_view text) {
    if (rest.h < line) return;
    Rect one = rest.take_top(line);
    canvas.text_in(one.take_left(canvas.width(kSmall, "written") + 14), kSmall, theme.text3, name);
    canvas.text_in(one, style, color, text);
  };
  row("written", kCode, theme.text, back.written);
  row("bytes", kCode, theme.text2, back.bytes);
  row("read", back.read.empty() ? kSmall : kCodeBold, theme.text, back.read.empty() ? back.problem : back.read);
  for (const SchemaReason& each : reasons) {
    const std::string why = each.where + ": " + each.what + ". Remedy: " + each.remedy + ".";
    if (rest.h < line) return;
    rest.take_top(canvas.paragraph(rest, kSmall, theme.text2, why) + 2);
  }
}

void draw_schema_levels(Canvas& canvas, const WorkedChange& change, Rect area) {
  const Theme& theme = canvas.theme;
  const float wide = area.w / 4;
  for (const Compatibility each : {Compatibility::none, Compatibility::backward, Compatibility::forward, Compatibility::full}) {
    Rect box = area.take_left(wide);
    box.w -= 10;
    const bool good = allows(change, each);
    canvas.outline(box, good ? theme.line2 : theme.hue(HueName::red).stroke, good ? 1.0F : 1.75F, 8);
    Rect rest = box.inset(8);
    Rect head = rest.take_top(schema_line(canvas));
    draw_verdict(canvas, {head.x + canvas.big(8, 14), head.center().y}, good);
    head.take_left(canvas.big(22, 38));
    canvas.text_in(head, kSmallBold, theme.text, compatibility_name(each));
    canvas.text_in(rest, kMicro, theme.text2, upgrade_order(each));
  }
}

}  // namespace

void draw_schemas(PanelUi& ui, SchemaView& view, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  Rect rest{area.x + 24, area.y + 14, area.w - 48, area.h - 24};
  const WorkedChange& change = worked_changes()[view.chosen];
  const float line = schema_line(canvas);
  Rect strip = rest.take_bottom(canvas.height(kBody) * 2);
  rest.take_bottom(12);
  canvas.fill({area.x, strip.y, area.w, strip.h}, theme.panel);
  canvas.fill({area.x, strip.y, 3, strip.h}, theme.paper);
  canvas.text_in(strip, kBody, theme.text, std::string(change.name) + ": " + std::string(change.note) + ".");
  draw_changes(ui, view, rest.take_left(rest.w * 0.34F));
  rest.take_left(32);
  canvas.text_in(rest.take_top(line * 1.2F), kBodyBold, theme.text, "A topic's schema, and the next one");
  const std::vector<std::string> older = field_lines(change.older), newer = field_lines(change.newer);
  Rect versions = rest.take_top(line * (2 + static_cast<float>(std::max(older.size(), newer.size()))) + 26);
  const Rect left = versions.take_left(versions.w / 2 - 8);
  versions.take_left(16);
  draw_version(canvas, left, "Version 1", older, newer);
  draw_version(canvas, versions, "Version 2", newer, older);
  rest.take_top(12);
  draw_schema_levels(canvas, change, rest.take_bottom(line * 2 + 18));
  rest.take_bottom(12);
  const Rect back = rest.take_top(rest.h / 2 - 6);
  rest.take_top(12);
  draw_reading(
      canvas,
      {"Version 1", "version 2", "BACKWARD, new readers and old data", change.older, change.newer, change.old_record, NewSide::reader},
      back);
  draw_reading(
      canvas,
      {"Version 2", "version 1", "FORWARD, old readers and new data", change.newer, change.older, change.new_record, NewSide::writer},
      rest);
}

}  // namespace nutshell

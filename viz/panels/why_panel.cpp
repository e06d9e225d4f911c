// The "Why?" tab: the chain of causes behind a badge, each step a jump.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kIndent = 26;

struct Line {
  const Cause* cause = nullptr;  // nullptr: some are left out here
  std::size_t left_out = 0;
  bool first = false;
  float high = 0;
  TextStyle style() const { return {cause && (first || cause->root) ? Face::bold : Face::regular, Size::small}; }
  std::string text() const {
    if (!cause) return "\u2026 " + std::to_string(left_out) + " steps between";
    return format_time(cause->at) + "  " + cause->sentence;
  }
};

void measure(const Canvas& canvas, Line& line, float wide) {
  line.high = static_cast<float>(canvas.lines(line.style(), line.text(), wide - kIndent)) * canvas.height(line.style()) * 1.3F + 10;
}

// The effect and the root are always among them; what lies in the middle goes first.
std::vector<Line> lines_that_fit(const Canvas& canvas, const std::vector<Cause>& causes, Rect area) {
  std::vector<Line> lines;
  for (const Cause& each : causes) lines.push_back({&each, 0, lines.empty()});
  float all = 0;
  for (Line& each : lines) measure(canvas, each, area.w), all += each.high;
  std::size_t left_out = 0;
  while (all > area.h - (left_out ? 30 : 0) && lines.size() > 2) {
    const auto middle = lines.begin() + static_cast<std::ptrdiff_t>(lines.size() - 2 > 0 ? std::max<std::size_t>(lines.size() / 2, 1) : 1);
    all -= middle->high;
    lines.erase(middle);
    ++left_out;
  }
  if (left_out == 0) return lines;
  Line gap{nullptr, left_out};
  measure(canvas, gap, area.w);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>((lines.size() + 1) / 2), gap);
  return lines;
}

void draw_line(Ui& ui, const Session& session, const Line& line, Rect& area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Rect row = area.take_top(line.high);
  const Point dot{row.x + 8, row.y + canvas.height(line.style()) * 0.65F};
  const bool root = line.cause && line.cause->root;
  const bool leads_on = line.cause && line.cause->step != kNoStep;
  if (leads_on && ui.over(row)) canvas.outline({row.x - 6, row.y - 4, row.w + 12, row.h - 2}, theme.line2, 1, 6);
  if (!root) canvas.line({dot.x, dot.y + 8}, {dot.x, row.bottom() + 1}, theme.line2, 2);
  const bool here = leads_on && session.timeline().position() == line.cause->step + 1;
  if (root) draw_diamond(canvas, dot, 7, theme.paper);
  else if (here) canvas.circle(dot, 5, theme.paper);
  else if (line.cause) canvas.ring(dot, 5, theme.text2, 1.75F);
  canvas.paragraph({row.x + kIndent, row.y, row.w - kIndent, row.h}, line.style(), line.first || root ? theme.text : theme.text2,
                   line.text(), 1.3F);
  if (leads_on && ui.over(row) && ui.clicked) ui.ask(CommandName::go_to_step, static_cast<std::int64_t>(line.cause->step + 1));
}

}  // namespace

void draw_why(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Reason& reason = ui.view.why;
  const TextStyle bold{Face::bold, Size::body};
  if (reason.question.empty()) {
    canvas.paragraph(area, {Face::regular, Size::body}, theme.text2,
                     "Point at anything on the stage, a mark, a timer, a message, and press Y: here stands what led to it, back to the "
                     "deed or the timer that began it.", 1.45F);
    return;
  }
  area.take_top(canvas.paragraph({area.x, area.y, area.w, 80}, bold, theme.text, reason.question, 1.3F) + 12);
  const std::vector<Line> lines = lines_that_fit(canvas, reason.causes, area);
  for (const Line& each : lines) draw_line(ui, session, each, area);
}

}  // namespace nutshell

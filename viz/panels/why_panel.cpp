// The "Why?" tab: the chain of causes behind a badge, each step a jump.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kCauseIndent = 26;
constexpr std::size_t kMostLarge = 6;  // steps of a chain, for the back row

struct CauseLine {
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

void measure(const Canvas& canvas, CauseLine& line, float wide) {
  line.high = static_cast<float>(canvas.lines(line.style(), line.text(), wide - kCauseIndent)) * canvas.height(line.style()) * 1.3F + 10;
}

// The effect and the root are always among them; what lies in the middle goes first.
std::vector<CauseLine> lines_that_fit(const Canvas& canvas, const std::vector<Cause>& causes, Rect area) {
  std::vector<CauseLine> lines;
  for (const Cause& each : causes) lines.push_back({&each, 0, lines.empty()});
  float all = 0;
  for (CauseLine& each : lines) measure(canvas, each, area.w), all += each.high;
  std::size_t left_out = 0;
  while (all > area.h - (left_out ? 30 : 0) && lines.size() > 2) {
    const auto middle = lines.begin() + static_cast<std::ptrdiff_t>(lines.size() - 2 > 0 ? std::max<std::size_t>(lines.size() / 2, 1) : 1);
    all -= middle->high;
    lines.erase(middle);
    ++left_out;
  }
  if (left_out == 0) return lines;
  CauseLine gap{nullptr, left_out};
  measure(canvas, gap, area.w);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>((lines.size() + 1) / 2), gap);
  return lines;
}

void draw_line(PanelUi& ui, const Session& session, const CauseLine& line, Rect& area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Rect row = area.take_top(line.high);
  const Point dot{row.x + 8, row.y + canvas.height(line.style()) * 0.65F};
  const bool root = line.cause && line.cause->root;
  const bool leads_on = line.cause && line.cause->step != kNoStep;
  if (leads_on && ui.over(row)) canvas.outline({row.x - 6, row.y - 4, row.w + 12, row.h - 2}, theme.line2, 1, 6);
  if (!root) canvas.line({dot.x, dot.y + 8}, {dot.x, row.bottom() + 1}, theme.line2, 2);
  const bool here = leads_on && ui.panels.why_branch == session.current() && session.timeline().position() == line.cause->step + 1;
  if (root) draw_diamond(canvas, dot, 7, theme.paper);
  else if (here) canvas.circle(dot, 5, theme.paper);
  else if (line.cause) canvas.ring(dot, 5, theme.text2, 1.75F);
  canvas.paragraph({row.x + kCauseIndent, row.y, row.w - kCauseIndent, row.h}, line.style(), line.first || root ? theme.text : theme.text2,
                   line.text(), 1.3F);
  if (!leads_on || !ui.over(row) || !ui.clicked) return;
  if (ui.panels.why_branch != session.current()) ui.ask(CommandName::switch_branch, static_cast<std::int64_t>(ui.panels.why_branch));
  ui.ask(CommandName::go_to_step, static_cast<std::int64_t>(line.cause->step + 1));
}

// Of the cause that the moment that is shown stands at; nullopt: of none.
std::optional<std::size_t> cause_here(const Panels& panels, const Session& session) {
  const std::vector<Cause>& causes = panels.why.causes;
  for (std::size_t i = 0; i < causes.size(); ++i) {
    const bool here = causes[i].step != kNoStep && session.timeline().position() == causes[i].step + 1;
    if (here && panels.why_branch == session.current()) return i;
  }
  return std::nullopt;
}

// Those that stand there for the back row: the effect, the root, and what is around where one stands.
std::vector<std::size_t> shown_large(std::size_t count, std::size_t here, std::size_t most) {
  std::vector<std::size_t> shown;
  if (count <= most) most = count;
  const std::size_t middle = most > 2 ? most - 2 : 0;
  const std::size_t from = count <= most ? 1 : within<std::size_t>(here > middle / 2 ? here - middle / 2 : 1, 1, count - 1 - middle);
  for (std::size_t i = 0; i < count; ++i) {
    if (i == 0 || i + 1 == count || (i >= from && i < from + middle)) shown.push_back(i);
  }
  return shown;
}

}  // namespace

std::optional<Command> walk_why(const Panels& panels, const Session& session, int way) {
  const std::vector<Cause>& causes = panels.why.causes;
  const std::optional<std::size_t> here = cause_here(panels, session);
  for (auto i = here ? static_cast<std::ptrdiff_t>(*here) + way : 0; i >= 0 && i < static_cast<std::ptrdiff_t>(causes.size()); i += way) {
    const Cause& cause = causes[static_cast<std::size_t>(i)];
    // Two links may be one step: a message came, and what it brought about.
    const bool elsewhere = !here || cause.step != causes[*here].step;
    if (cause.step != kNoStep && elsewhere) return Command{CommandName::go_to_step, static_cast<std::int64_t>(cause.step + 1), {}};
  }
  return std::nullopt;
}

Rect draw_why_large(PanelUi& ui, const Session& session, Rect stage) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Reason& reason = ui.panels.why;
  const std::string question = reason.question.empty() ? "Why? Point at anything on the stage and press Y." : reason.question;
  const float line = canvas.height({Face::regular, Size::name}) * 1.25F;
  const float time = canvas.width({Face::mono, Size::small}, widest_time(session.scenario().until)) + 24;
  const std::optional<std::size_t> here = cause_here(ui.panels, session);
  const float wide = stage.w - 72 - 48 - 44 - time;
  std::vector<std::size_t> shown;
  float high = 0;
  const auto lines_of = [&](std::size_t i) {
    return static_cast<float>(canvas.lines({Face::bold, Size::name}, reason.causes[i].sentence, wide));
  };
  for (std::size_t most = kMostLarge; most >= 2; --most) {
    shown = shown_large(reason.causes.size(), here.value_or(0), most);
    high = line * 1.3F + 40;
    for (std::size_t i : shown) high += lines_of(i) * line + 12;
    if (high <= stage.h * 0.75F) break;
  }
  const Rect card = Rect{stage.x + 36, stage.y, stage.w - 72, stage.h - 12}.take_bottom(high);
  canvas.cover(card);
  canvas.fill(card, theme.panel, 12);
  canvas.outline(card, theme.paper, 3, 12);
  Rect rest = card.inset(20);
  canvas.text_in(rest.take_top(line * 1.3F), {Face::bold, Size::name}, theme.text, question);
  std::size_t before = 0;
  for (std::size_t i : shown) {
    const Cause& cause = reason.causes[i];
    const Rect row = rest.take_top(lines_of(i) * line + 12);
    const bool now = here == i, leads_on = cause.step != kNoStep;
    if (now) canvas.fill(row, theme.raised, 8);
    const Point dot{row.x + 20, row.y + 6 + line / 2};
    if (i > before + 1) canvas.dashed_line({dot.x, row.y - 16}, {dot.x, dot.y - 12}, theme.line2, 4, kHidden);
    else if (i > 0) canvas.line({dot.x, row.y - 12}, {dot.x, dot.y - 12}, theme.line2, 4);
    if (cause.root) draw_diamond(canvas, dot, 12, theme.paper);
    else if (now) canvas.circle(dot, 10, theme.paper);
    else canvas.ring(dot, 9, theme.text2, 3);
    canvas.text({row.x + 44, dot.y}, {Face::mono, Size::small}, theme.text2, format_time(cause.at));
    const bool strong = now || cause.root;
    canvas.paragraph({row.x + 44 + time, row.y + 6, row.w - 44 - time - 8, row.h}, {strong ? Face::bold : Face::regular, Size::name},
                     strong || i == 0 ? theme.text : theme.text2, cause.sentence, 1.25F);
    if (leads_on && ui.over(row) && ui.clicked) ui.ask(CommandName::go_to_step, static_cast<std::int64_t>(cause.step + 1));
    before = i;
  }
  return card;
}

void draw_why(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Reason& reason = ui.panels.why;
  const TextStyle bold{Face::bold, Size::body};
  if (reason.question.empty()) {
    canvas.paragraph(area, {Face::regular, Size::body}, theme.text2,
                     "Point at anything on the stage, a mark, a timer, a message, and press Y: here stands what led to it, back to the "
                     "deed or the timer that began it.", 1.45F);
    return;
  }
  area.take_top(canvas.paragraph({area.x, area.y, area.w, 80}, bold, theme.text, reason.question, 1.3F) + 12);
  const std::vector<CauseLine> lines = lines_that_fit(canvas, reason.causes, area);
  for (const CauseLine& each : lines) draw_line(ui, session, each, area);
}

}  // namespace nutshell

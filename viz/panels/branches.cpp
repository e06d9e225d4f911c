// All branches: a row each, over time, with what made it differ and a still of where it leads.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// Branches in the order of a tree: each below the one it came from.
void list_below(const Session& session, std::optional<std::size_t> parent, std::vector<std::size_t>& order) {
  for (std::size_t i = 0; i < session.branches().size(); ++i) {
    if (session.branches()[i]->parent != parent) continue;
    order.push_back(i);
    list_below(session, i, order);
  }
}

struct TimeScale {
  Rect area;
  Time end = 1;
  float x(Time at) const { return area.x + area.w * static_cast<float>(at) / static_cast<float>(end); }
};

void draw_row(PanelUi& ui, const Session& session, std::size_t which, Rect row, const TimeScale& track) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const Branch& branch = *session.branches()[which];
  const bool here = which == session.current(), beside = session.compared() == which;
  const bool over = ui.over(row);
  canvas.fill(row, here || over ? theme.raised : theme.card, 8);
  canvas.outline(row, here ? theme.paper : theme.line2, here ? 2.0F : 1.0F, 8);
  Rect rest = row.inset(8);
  const Rect still = rest.take_left(rest.h * 1.9F);
  if (branch.timeline) draw_still(canvas, branch.timeline->world(), *branch.timeline, still);
  rest.take_left(14);
  Rect words = rest.take_left(track.area.x - rest.x - 16);
  const TextStyle bold{Face::bold, Size::body}, small{Face::regular, Size::small};
  Rect line = words.take_top(words.h * 0.5F);
  canvas.text_in(line, bold, theme.text, branch.name);
  std::string about = branch.parent ? "at " + format_time(branch.began) : std::to_string(branch.beats.size()) + " captions and questions";
  if (here) about += "  \u00b7  shown now";
  if (beside) about += "  \u00b7  beside it";
  canvas.text_in(words, small, theme.text2, about);
  if (over && ui.clicked) ui.ask(CommandName::switch_branch, static_cast<std::int64_t>(which));
}

// The line of a branch over time, from where it left its parent's.
void draw_course(Canvas& canvas, const Session& session, std::size_t which, float y, std::optional<float> parent_y,
                 const TimeScale& track) {
  const Theme& theme = canvas.theme;
  const Branch& branch = *session.branches()[which];
  const Color color = which == session.current() ? theme.paper : theme.text3;
  const float from = track.x(branch.parent ? branch.began : 0), to = track.x(branch.scenario.until);
  canvas.line({from, y}, {to, y}, color, which == session.current() ? 3.0F : 2.0F);
  if (parent_y) {
    canvas.line({from, *parent_y}, {from, y}, theme.text3, 1.5F);
    canvas.circle({from, *parent_y}, 3, theme.text3);
  }
  for (const Action& each : branch.acted) {
    if (each.at >= branch.began) draw_diamond(canvas, {track.x(each.at), y}, 6, color);
  }
  if (branch.open) draw_chevron(canvas, {to, y}, 7, color, false);
}

}  // namespace

void draw_branches(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  Rect rest = area.inset(28);
  Rect head = rest.take_top(canvas.big(44, 60));
  canvas.text_in(head, {Face::bold, Size::title}, theme.text, "Branches: every course that events took");
  const TextStyle small{Face::regular, Size::small};
  canvas.text_in(rest.take_top(canvas.big(28, 40)), small, theme.text2,
                 "Acting makes one; nothing is lost. A click goes there, at the same moment; a click on II shows it beside this one.");
  std::vector<std::size_t> order;
  list_below(session, std::nullopt, order);
  const float row = canvas.big(76, 104), gap = 8;
  const float all = (row + gap) * static_cast<float>(order.size());
  ui.panels.branches.scrolled = within(ui.panels.branches.scrolled - ui.wheel * row, 0.0F, all - rest.h);
  TimeScale track{{rest.x + rest.w * 0.52F, rest.y, rest.w * 0.48F - 70, rest.h}, 1};
  for (std::size_t which : order) track.end = std::max(track.end, session.branches()[which]->scenario.until);
  canvas.push_clip(rest);
  std::vector<float> middles(session.branches().size());
  for (std::size_t i = 0; i < order.size(); ++i)
    middles[order[i]] = rest.y - ui.panels.branches.scrolled + (row + gap) * static_cast<float>(i) + row / 2;
  for (std::size_t which : order) {
    const Rect box{rest.x, middles[which] - row / 2, rest.w, row};
    if (box.y < rest.y - 1 || box.bottom() > rest.bottom() + 1) continue;
    const Rect beside{box.right() - 50, box.center().y - 15, 40, 30};
    const bool other = which != session.current();
    if (other && ui.over(beside) && ui.clicked) {
      ui.ask(CommandName::compare_with, session.compared() == which ? -1 : static_cast<std::int64_t>(which));
      ui.ask(CommandName::close);
    } else {
      draw_row(ui, session, which, box, track);
    }
    if (other) draw_button(ui, beside, "II", session.compared() == which);
  }
  for (std::size_t which : order) {
    const auto parent = session.branches()[which]->parent;
    draw_course(canvas, session, which, middles[which], parent ? std::optional(middles[*parent]) : std::nullopt, track);
  }
  const float now = track.x(session.view_time());
  canvas.line({now, rest.y}, {now, std::min(rest.bottom(), rest.y + all)}, theme.text, 1);
  canvas.pop_clip();
}

}  // namespace nutshell

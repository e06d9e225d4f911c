// The goals of a puzzle: what is to be brought about, what has been, and hints for who wants them.
#include <algorithm>

#include "sim/core/text.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kGoalIndent = 30;

// Hints of all goals that are not met, goal by goal.
std::vector<std::string> open_hints(const Session& session) {
  std::vector<std::string> hints;
  for (std::size_t i = 0; i < session.scenario().goals.size(); ++i) {
    const Goal& goal = session.scenario().goals[i];
    if (!session.is_met(i)) hints.insert(hints.end(), goal.hints.begin(), goal.hints.end());
  }
  return hints;
}

}  // namespace

float draw_goals(PanelUi& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const float top = area.y;
  const std::vector<Goal>& goals = session.scenario().goals;
  std::size_t met = 0;
  for (std::size_t i = 0; i < goals.size(); ++i) met += session.is_met(i);
  const std::string title = met == goals.size() ? "Solved" : goals.size() == 1 ? "Bring this about" : "Bring these about";
  canvas.text_in(area.take_top(26), {Face::bold, Size::small}, met == goals.size() ? theme.hue(HueName::green).words : theme.text3, title);
  for (std::size_t i = 0; i < goals.size(); ++i) {
    const bool done = session.is_met(i);
    const Color green = theme.hue(HueName::green).stroke;
    const Rect words{area.x + kGoalIndent, area.y, area.w - kGoalIndent, 90};
    const float high = canvas.paragraph(words, kBodyBold, theme.text, goals[i].text, 1.3F);
    const Point sign{area.x + 11, area.y + canvas.height(kBodyBold) * 0.65F};
    if (done) draw_tick(canvas, sign, 9, green, 2.5F);
    else canvas.ring(sign, 8, theme.text3, 1.75F);
    area.take_top(high + 10);
  }
  const std::vector<std::string> hints = open_hints(session);
  const std::size_t shown = std::min(ui.panels.hints, hints.size());
  for (std::size_t i = 0; i < shown && area.h > 40; ++i)
    area.take_top(canvas.paragraph({area.x + kGoalIndent, area.y, area.w - kGoalIndent, 80}, kSmall, theme.text2, hints[i], 1.35F) + 8);
  if (shown < hints.size() && area.h > 40) {
    const Rect button{area.x + kGoalIndent, area.y, 110, 30};
    if (draw_button(ui, button, shown == 0 ? "A hint" : "Another hint")) ui.ask(CommandName::hint);
    area.take_top(34);
  }
  return area.y - top;
}

}  // namespace nutshell

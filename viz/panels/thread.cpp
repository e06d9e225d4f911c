// The thread: all of the timeline that the back row sees. Where the lesson stands, what lies behind the fog, and, once
// somebody has acted, where the own course leaves it.
#include <algorithm>
#include <optional>

#include "sim/session/asked.h"
#include "sim/session/done.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr TextStyle kThreadWords{Face::bold, Size::micro};

struct ThreadAxis {
  Rect area;
  Time from = 0, to = 1;
  float x(Time at) const {
    const Time inside = std::clamp(at, from, to);
    return area.x + area.w * static_cast<float>(inside - from) / static_cast<float>(std::max<Time>(to - from, 1));
  }
};

// The first question of a branch that nobody has answered, from that moment on; kNever: there is none.
Time next_question(const Branch& branch, Time from) {
  for (std::size_t i = 0; i < branch.beats.size(); ++i) {
    const StoryLine& each = branch.beats[i];
    if (each.kind == StoryLine::Kind::ask && !each.choices.empty() && each.at >= from && !branch.answers.contains(i)) return each.at;
  }
  return kNever;
}

// What happened on it until then.
void draw_thread_marks(Canvas& canvas, const ThreadAxis& axis, const Branch& branch, float y, Time until, bool promises, Time question) {
  const Theme& theme = canvas.theme;
  // What brought a question about stands before its sign.
  const float most = question == kNever ? axis.area.right() : axis.x(question) - 26;
  float free = axis.area.x - 1;
  for (const Mark& each : branch.lanes.marks) {
    if (each.at > until) break;
    const float x = std::min(axis.x(each.at), most), half = 9;
    if (each.at < axis.from || x < free) continue;
    if (each.kind == MarkKind::promise && !promises) continue;
    if (each.kind == MarkKind::action && each.at >= question) continue;  // a question stands before what is done at its moment
    if (each.kind != MarkKind::action && each.kind != MarkKind::election && each.kind != MarkKind::promise) continue;
    canvas.fill({x - half - 2, y - half, 2 * half + 4, 2 * half}, theme.bg);
    if (each.kind == MarkKind::action) draw_triangle(canvas, {x, y}, half, theme.paper, true, 0.25F);
    else if (each.kind == MarkKind::election) draw_crown(canvas, {x, y}, half, theme.light ? theme.ink : theme.hue(HueName::yellow).stroke);
    else draw_octagon(canvas, {x, y}, half, theme.hue(HueName::red).stroke);
    free = x + 2 * half;
  }
}

// A line told until `now`, known on to its next question, and in the fog beyond it.
void draw_thread_line(Canvas& canvas, const ThreadAxis& axis, float y, Time now, Time question) {
  const Theme& theme = canvas.theme;
  const float x = axis.x(now), end = axis.area.right();
  const float fog = question == kNever ? end : std::max(axis.x(question), x);
  canvas.line({x, y}, {fog, y}, theme.line2, 4);
  canvas.line({axis.area.x, y}, {x, y}, theme.text, 5);
  if (question == kNever) return;
  const Rect rest{fog, y - 8, end - fog, 16};
  if (!rest.empty()) {
    canvas.fill(rest, theme.bg);
    canvas.hatch(rest, theme.line2, 14);
  }
  canvas.circle({fog, y}, 13, theme.bg);
  canvas.ring({fog, y}, 13, theme.text, 2.5F);
  canvas.text({fog, y}, kThreadWords, theme.text, "?", Align::center);
}

// Which universe a line is, at its right end.
void draw_thread_tag(Canvas& canvas, Rect line, std::size_t which, const std::string& words, bool now) {
  const Theme& theme = canvas.theme;
  const std::string number = roman(which + 1);
  const float high = std::min(line.h - 2, canvas.height(kThreadWords) + 2);
  const Rect tag{line.x, line.center().y - high / 2, canvas.width(kThreadWords, number) + 18, high};
  if (now) canvas.fill(tag, theme.paper, 5);
  else canvas.outline(tag, theme.text2, 2, 5);
  canvas.text(tag.center(), kThreadWords, now ? (theme.light ? rgb(0xFFFFFF) : theme.ink) : theme.text2, number, Align::center, tag);
  line.take_left(tag.w + 10);
  canvas.text_in(line, {now ? Face::bold : Face::regular, Size::micro}, now ? theme.text : theme.text2, words);
}

}  // namespace

// Room for two lines, though mostly there is one: the stage does not move when somebody acts. Where words are so large that
// the window has few lines, the stage needs them all.
float thread_height(const Session& session, float window) {
  constexpr float kFewLines = 880, kTwoLines = 52;
  return session.scenario().setup.brokers == 0 || window < kFewLines ? 0 : kTwoLines;
}

void draw_thread(Canvas& canvas, const Session& session, Rect area) {
  if (area.empty()) return;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.bg);
  canvas.line({area.x, area.y}, {area.right(), area.y}, theme.line);
  const Branch& here = *session.branches()[session.current()];
  const bool by_hand = session.off_script();
  Rect rest{area.x + 48, area.y, area.w - 96, area.h};
  const bool promises = asked_of(session).promises.empty();
  if (!by_hand) {
    const ThreadAxis axis{rest, session.scenario().opens, session.scenario().until};
    const Time now = session.view_time();
    draw_thread_line(canvas, axis, area.center().y, now, session.fog());
    draw_thread_marks(canvas, axis, here, area.center().y, now, promises, session.fog());
    const float x = axis.x(now);
    const bool clear = session.fog() == kNever || x < axis.x(session.fog()) - 16;
    if (clear) canvas.line({x, area.center().y - 14}, {x, area.center().y + 14}, theme.paper, 6);
    return;
  }
  const Branch& from = *session.branches()[*here.parent];
  const std::string mine = "your " + deed_word(here.acted.back().body), theirs = from.parent ? "before it" : "lesson";
  const float words = std::min(canvas.width(kThreadWords, mine) + canvas.width(kThreadWords, "VIII") + 34, rest.w * 0.3F);
  Rect tags = rest.take_right(words);
  rest.take_right(24);
  const ThreadAxis axis{rest, session.scenario().opens, std::max(session.scenario().until, session.view_time())};
  const float upper = area.y + area.h * 0.28F, lower = area.y + area.h * 0.74F;
  const Time began = here.began, now = session.view_time();
  draw_thread_line(canvas, axis, upper, began, next_question(from, began));
  draw_thread_marks(canvas, axis, from, upper, began - 1, true, next_question(from, began));
  // It leaves the other one at the deed, and goes on below it.
  const float start = axis.x(began), bend = std::min(start + 34, rest.right()), head = std::max(axis.x(now), bend);
  canvas.dashed_line({head, lower}, {rest.right(), lower}, theme.text3, 3, kNotYet);
  std::vector<Point> path;
  for (int i = 0; i <= 8; ++i) {
    const float t = static_cast<float>(i) / 8, smooth = t * t * (3 - 2 * t);
    path.push_back({start + (bend - start) * t, upper + (lower - upper) * smooth});
  }
  path.push_back({head, lower});
  canvas.polyline(path, theme.text, 5);
  canvas.circle({head, lower}, 10, theme.paper);
  draw_thread_tag(canvas, {tags.x, area.y + 1, tags.w, area.h / 2 - 1}, *here.parent, theirs, false);
  draw_thread_tag(canvas, {tags.x, area.center().y, tags.w, area.h / 2 - 1}, session.current(), mine, true);
}

}  // namespace nutshell

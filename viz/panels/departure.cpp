// The lesson panel after somebody has acted: where the lesson was left, what was done, and what came of it; and on an
// empty stage, what to build next.
#include <algorithm>
#include <array>

#include "sim/core/text.h"
#include "sim/session/about.h"
#include "sim/session/image.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// A key and what it does.
void draw_hint(Canvas& canvas, Rect line, std::string_view key, std::string_view words, bool done = false) {
  const Theme& theme = canvas.theme;
  if (done) draw_tick(canvas, {line.x + 10, line.center().y}, 6, theme.hue(HueName::green).stroke);
  else draw_key(canvas, {line.x, line.center().y}, key);
  line.take_left(std::max(key_width(canvas, key), 24.0F) + 10);
  canvas.text_in(line, kSmall, done ? theme.text3 : theme.text, words);
}

// What happened since, the latest first, as far as there is room.
void draw_since(Canvas& canvas, const Session& session, Time since, Rect area) {
  const Timeline& timeline = session.timeline();
  const Facts& facts = timeline.facts();
  const TextStyle mono{Face::mono, Size::micro};
  const float time = canvas.width(mono, widest_time(session.scenario().until)) + 8, line = canvas.height(kSmall) * 1.35F;
  std::size_t i = timeline.position() == 0 ? 0 : timeline.facts_of(timeline.position() - 1).second;
  while (i-- > 0 && facts[i].at >= since && area.h >= line) {
    if (fact_level(facts[i].body) != FactLevel::story) continue;
    const std::string text = sentence_of_fact(timeline, i);
    const float high = static_cast<float>(canvas.lines(kSmall, text, area.w - time)) * line;
    if (high > area.h) return;
    Rect row = area.take_top(high + 4);
    canvas.text({row.x, row.y + line / 2}, mono, canvas.theme.text3, format_time(facts[i].at));
    row.take_left(time);
    canvas.paragraph(row, kSmall, canvas.theme.text2, text, 1.35F);
  }
}

}  // namespace

bool has_left_lesson(const Session& session) {
  const Branch& branch = *session.branches()[session.current()];
  return !branch.acted.empty() && branch.acted.front().at <= session.view_time() && branch.parent;
}

float draw_departure(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const float top = area.y;
  const Branch* branch = session.branches()[session.current()].get();
  std::vector<const Branch*> way;
  for (; branch->parent; branch = session.branches()[*branch->parent].get()) way.push_back(branch);
  const Time left = way.empty() ? session.view_time() : way.back()->began;
  const std::string what = session.scenario().is_puzzle() ? "You have begun at " : "You have left the lesson at ";
  area.take_top(canvas.paragraph(area, kBodyBold, theme.text, what + format_time(left) + ":", 1.35F) + 4);
  constexpr std::size_t kShown = 4;
  if (way.size() > kShown) canvas.text_in(area.take_top(22), kSmall, theme.text3, std::to_string(way.size() - kShown) + " deeds before");
  for (std::size_t i = std::min(way.size(), kShown); i-- > 0;)
    area.take_top(canvas.paragraph(area, kSmall, theme.text, format_time(way[i]->began) + "  " + way[i]->name, 1.4F) + 2);
  area.take_top(6);
  draw_hint(canvas, area.take_top(26), "U", way.size() > 1 ? "goes back by one deed" : "goes back to the lesson");
  draw_hint(canvas, area.take_top(26), "\\", "shows both courses side by side");
  draw_hint(canvas, area.take_top(26), "Ctrl S", "saves this as a scenario");
  if (area.h < 240) return area.y - top;
  area.take_top(8);
  canvas.text_in(area.take_top(22), {Face::bold, Size::small}, theme.text3, "Since then, the latest first");
  Rect since = area.take_top(std::min(area.h - 190, 260.0F));
  draw_since(canvas, session, left, since);
  return area.y - top + 8;
}

float draw_building(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const World& world = session.world();
  const float top = area.y;
  const bool topics = !known_topics(world).empty();
  area.take_top(canvas.paragraph(area, kBodyBold, canvas.theme.text, "Build a cluster, with keys or by clicking on the stage.", 1.35F) + 8);
  struct Part { std::string_view key, words; bool done; };
  const std::array<Part, 4> parts = {{{"B", "a broker, and more brokers", !world.brokers.empty()},
                                      {"Shift T", "a topic with partitions and replicas", topics},
                                      {"N", "a producer that writes to it", !world.producers.empty()},
                                      {"+", "a consumer that reads it", !world.consumers.empty()}}};
  for (const Part& each : parts) draw_hint(canvas, area.take_top(28), each.key, each.words, each.done);
  area.take_top(8);
  draw_hint(canvas, area.take_top(28), "Space", "lets time pass");
  draw_hint(canvas, area.take_top(28), "M", "all that can be done");
  draw_hint(canvas, area.take_top(28), "U", "takes the last deed back");
  draw_hint(canvas, area.take_top(28), "Ctrl S", "saves what was built as a scenario");
  if (area.h > 260) {
    area.take_top(8);
    canvas.text_in(area.take_top(22), {Face::bold, Size::small}, canvas.theme.text3, "What happened, the latest first");
    draw_since(canvas, session, 0, area.take_top(area.h - 190));
  }
  return area.y - top + 8;
}

}  // namespace nutshell

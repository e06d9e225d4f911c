// A task of a query: what it does, its clock, and, on a cluster, whose it is and whether it is at work.
#include <cmath>
#include <set>

#include "viz/panels/topology.h"
#include "viz/ui/signs.h"

namespace nutshell {

const Hue& hue_of_server(const TopologyScene& scene, const std::string& server) {
  std::set<std::string> names;
  for (const streams::PictureTask& each : scene.picture.tasks) names.insert(each.server);
  for (const streams::FilmEvent& each : scene.film.events)
    if (!each.server.empty()) names.insert(each.server);
  names.erase("");
  return scene.theme().member(static_cast<std::size_t>(std::distance(names.begin(), names.find(server))));
}

namespace {

void draw_clock(Canvas& canvas, Point center, float radius, std::int64_t ms, Color color) {
  canvas.ring(center, radius, color, 1.5F);
  const float turn = static_cast<float>(((ms % 60'000) + 60'000) % 60'000) / 60'000.0F * kTurn;
  canvas.line(center, {center.x + radius * 0.75F * std::sin(turn), center.y - radius * 0.75F * std::cos(turn)}, color, 2);
}

void draw_server_tag(const TopologyScene& scene, const std::string& server, Rect line) {
  Canvas& canvas = scene.canvas();
  const Hue& hue = hue_of_server(scene, server);
  const float wide = canvas.width(kMicroBold, server) + canvas.big(10, 12);
  const Rect tag{line.right() - wide, line.y + 1, wide, line.h - 2};
  canvas.fill(tag, hue.fill, tag.h * 0.3F);
  canvas.text_in(tag, kMicroBold, canvas.theme.ink, server, Align::center);
}

}  // namespace

void draw_task_card(const TopologyScene& scene, const streams::PictureTask& task, Rect card) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const bool works = task.last_at >= 0 && scene.picture.at < task.last_at + 2 * scene.hop;
  const bool nobodys = task.status == streams::TaskStatus::nobodys, restoring = task.status == streams::TaskStatus::restoring;
  const Color yellow = theme.hue(HueName::yellow).stroke;
  canvas.fill(card, nobodys ? theme.stage : theme.raised, canvas.big(7, 9));
  if (nobodys)
    canvas.dashed_outline(card, yellow, 2, kDead, canvas.big(7, 9));
  else if (restoring)
    canvas.dashed_outline(card, yellow, 2, kNotYet, canvas.big(7, 9));
  else
    canvas.outline(card, works ? theme.paper : theme.line2, works ? 2.0F : 1.0F, canvas.big(7, 9));
  Rect rest{card.x + canvas.big(9, 10), card.y + canvas.big(5, 2), card.w - canvas.big(18, 20),
            card.h - canvas.big(10, 4)};
  const float line = canvas.height(kMicro) * 1.3F;
  const auto say = [&](TextStyle style, Color color, const std::string& text) {
    if (rest.h < line * 0.95F) return;
    // What stands before the colon is enough where there is no room.
    const std::size_t colon = text.find(':');
    const bool fits = canvas.width(style, text) <= rest.w || colon == std::string::npos;
    canvas.text_in(rest.take_top(line), style, color, fits ? text : text.substr(0, colon));
  };
  if (scene.film.servers && !nobodys && rest.h >= line) draw_server_tag(scene, task.server, {rest.x, rest.y, rest.w, line});
  say(kMonoBold, nobodys ? theme.text2 : theme.text, "task " + task.name());
  if (nobodys) return say(kMicroBold, theme.text, task.server.empty() ? "nobody runs it yet" : "nobody runs it: " + task.server + " did");
  if (restoring) say(kMicroBold, theme.text, "restoring: " + std::to_string(task.restored) + " records read");
  for (const streams::PictureStandby& each : task.standbys) say(kMicro, theme.text2, "copy on " + each.server + ": stands by");
  const bool clock = task.stream_time != streams::kNoTime;
  if (clock && rest.h >= line * 0.95F) {
    Rect row = rest.take_top(line);
    const float radius = line * 0.36F;
    draw_clock(canvas, {row.x + radius + 1, row.center().y}, radius, task.stream_time, theme.text);
    row.take_left(2 * radius + 7);
    const std::string seconds = streams::seconds_text(task.stream_time), all = "stream time " + seconds;
    canvas.text_in(row, kMicroBold, theme.text, canvas.width(kMicroBold, all) <= row.w ? all : seconds);
  }
  if (task.rows == 0) {
    say(kMicro, theme.text3, "idle: nothing to read");
    return;
  }
  for (const std::string& each : task.does) say(kMicro, theme.text2, each);
  const std::string count = std::to_string(task.rows) + (task.rows == 1 ? " row read" : " rows read");
  say(kMicro, theme.text3, count + (task.dropped > 0 ? ", " + std::to_string(task.dropped) + " dropped" : ""));
}

}  // namespace nutshell

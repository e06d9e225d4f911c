// The card of a ksqlDB server: its queries, and of each the tasks that this server runs just now, with what they hold.
#include <algorithm>
#include <string>
#include <vector>

#include "sim/ksql/server.h"
#include "sim/streams/problem.h"
#include "viz/panels/client_card.h"
#include "viz/panels/plain_faces.h"

namespace nutshell {

namespace {

std::string query_word(const KsqlQuery& query) {
  if (query.state == KsqlQueryState::failed) return "failed";
  if (query.state == KsqlQueryState::waits_for_topics) return "waits for topics";
  return query.paused ? "paused" : query.tasks.empty() ? "no task" : "";
}

std::string task_name(const KsqlTask& task) {
  return std::to_string(task.task.part()) + "_" + std::to_string(task.task.partition());
}

std::string counted_words(std::int64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// What it holds, or what it has read.
std::string task_word(const KsqlTask& task) {
  if (task.restoring) return "restoring: " + std::to_string(task.restored);
  if (!task.open.empty()) return counted_words(static_cast<std::int64_t>(task.open.size()), "window");
  return task.processed == 0 ? "idle" : counted_words(task.processed, "row");
}

// The same of all tasks.
std::string holdings_word(const KsqlQuery& query) {
  std::int64_t windows = 0, rows = 0;
  for (const KsqlTask& each : query.tasks) {
    windows += static_cast<std::int64_t>(each.open.size());
    rows += each.processed;
  }
  return windows > 0 ? "holds " + counted_words(windows, "window") : counted_words(rows, "row") + " read";
}

// A task at work is a raised pill; one that reads its changelog again is dashed.
Rect draw_task_pill(Canvas& canvas, Rect& line, const KsqlTask& task) {
  const Theme& theme = canvas.theme;
  const std::string name = task_name(task);
  Rect pill = line.take_left(std::min(canvas.width(kMonoBold, name) + canvas.big(12, 14), line.w));
  line.take_left(canvas.big(5, 6));
  pill = {pill.x, pill.y + 1, pill.w, pill.h - 3};
  canvas.fill(pill, theme.raised, pill.h * 0.3F);
  if (task.restoring)
    canvas.dashed_outline(pill, theme.hue(HueName::yellow).stroke, 1.75F, kNotYet, pill.h * 0.3F);
  else
    canvas.outline(pill, theme.text2, 1.25F, pill.h * 0.3F);
  canvas.text_in(pill, kMonoBold, theme.text, name, Align::center);
  return pill;
}

// All tasks of the query beside each other, as many lines as it takes.
void draw_pills(Canvas& canvas, Rect& inner, const KsqlQuery& query, float step) {
  Rect line{inner.x, inner.y, 0, 0};
  for (const KsqlTask& each : query.tasks) {
    if (canvas.width(kMonoBold, task_name(each)) + canvas.big(12, 14) > line.w) {
      if (inner.h < step) return;
      line = inner.take_top(step);
    }
    draw_task_pill(canvas, line, each);
  }
}

// Why the statement that was typed last was refused, in a word; empty: it was not.
std::string refusal_word(const KsqlServer& server) {
  if (server.statements.empty() || server.statements.back().state != KsqlStatement::State::refused) return "";
  const bool by_registry = server.statements.back().printed.find("(409)") != std::string::npos;
  return by_registry ? "refused: 409" : "refused";
}

}  // namespace

void draw_ksql_face(Canvas& canvas, const Scene& scene, const Node& node, Rect inner) {
  const Theme& theme = canvas.theme;
  const KsqlServer& server = scene.world.plain.of<KsqlServer>()[static_cast<std::size_t>(node.index)];
  const float step = canvas.height(kMonoBold) * 1.42F;
  if (!server.running || inner.h < step) return;
  if (const std::string word = refusal_word(server); !word.empty()) {
    const Rect line = inner.take_top(step);
    canvas.text_in(line, kSmall, theme.hue(HueName::red).words, canvas.fitted(kSmall, word, line.w));
    if (inner.h < step) return;
  }
  if (server.queries.empty()) return canvas.text_in(inner.take_top(step), kSmall, theme.text3, "no query yet"), void();
  std::size_t lines = server.queries.size();
  for (const KsqlQuery& each : server.queries) lines += each.tasks.size();
  const bool each_alone = step * static_cast<float>(lines) <= inner.h;
  for (const KsqlQuery& query : server.queries) {
    if (inner.h < step) return;
    Rect head = inner.take_top(step);
    if (const std::string word = query_word(query); canvas.width(kMicro, word) < head.w * 0.6F)
      canvas.text_in(head.take_right(canvas.width(kMicro, word) + 2), kMicro, theme.text3, word, Align::right);
    const std::string name = streams::lower(query.plan->writes.empty() ? query.id : query.plan->writes);
    canvas.text_in(head, kMicro, theme.text2, canvas.fitted(kMicro, name, head.w - 4));
    if (!each_alone) {
      draw_pills(canvas, inner, query, step);
      if (inner.h >= step) canvas.text_in(inner.take_top(step), kMicro, theme.text2, holdings_word(query));
      continue;
    }
    for (const KsqlTask& each : query.tasks) {
      Rect line = inner.take_top(step);
      draw_task_pill(canvas, line, each);
      const std::string word = task_word(each);
      if (canvas.width(kMicro, word) <= line.w) canvas.text_in(line, kMicro, theme.text2, word, Align::right);
    }
  }
}

}  // namespace nutshell

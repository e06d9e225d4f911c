// Who works on what a system gives out, and who does no more.
#include <algorithm>

#include "viz/panels/log_strip.h"
#include "viz/panels/systems_parts.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

using queues::WorkerView;

struct WorkerWords {
  std::string first, second;
};
WorkerWords words_of(const SystemScene& scene, const WorkerView& worker) {
  const auto count = [](std::int32_t handled) { return std::to_string(handled) + " done"; };
  switch (worker.state) {
    case WorkerView::State::absent: return {"not there yet", ""};
    case WorkerView::State::left: return {"has left", count(worker.handled)};
    case WorkerView::State::crashed:
      return {count(worker.handled), std::to_string(worker.acknowledged) + " acknowledged"};
    case WorkerView::State::idle:
      if (worker.handled == 0) return {"waits", ""};
      if (worker.acknowledged < worker.handled) return {"waits", std::to_string(worker.acknowledged) + " acknowledged"};
      return {"waits", count(worker.handled)};
    case WorkerView::State::works: break;
  }
  return {"works on " + scene.all.message(worker.message), worker.again ? "again" : worker.handled > 0 ? count(worker.handled) : ""};
}

std::size_t number_of(const SystemScene& scene, const WorkerView& worker) {
  auto number = static_cast<std::size_t>(worker.consumer);
  for (std::int32_t s = 0; s < worker.service; ++s)
    number += scene.all.runs.workload().services[static_cast<std::size_t>(s)].consumers.size();
  return number;
}

void draw_worker_disc(const SystemScene& scene, const WorkerView& worker, Point at, float radius) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  const Hue& hue = theme.member(number_of(scene, worker));
  const std::string letter = letter_of(scene.all.runs, worker.service, worker.consumer);
  const bool gone = worker.state == WorkerView::State::crashed;
  const bool here = worker.state == WorkerView::State::works || worker.state == WorkerView::State::idle;
  if (here && worker.state == WorkerView::State::works) canvas.circle(at, radius, hue.fill);
  else if (here) canvas.ring(at, radius, hue.stroke, canvas.big(2, 3));
  for (int i = 0; !here && i < 12; ++i) {
    const float from = static_cast<float>(i) / 12;
    canvas.arc(at, radius, from, from + 0.05F, gone ? theme.hue(HueName::red).stroke : theme.text3, canvas.big(1.5F, 2.5F));
  }
  const bool solid = worker.state == WorkerView::State::works;
  const Rect home{at.x - radius, at.y - radius, radius * 2, radius * 2};
  const TextStyle style = canvas.width(kSmallBold, letter) <= radius * 1.7F ? kSmallBold : kMicroBold;
  canvas.text(at, style, solid ? theme.ink : theme.text, letter, Align::center, home);
}

// From the store to whoever works on a message of it, with the message on it.
void draw_ribbon(const SystemScene& scene, const WorkerView& worker, Point from, Point to) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  if (worker.state == WorkerView::State::crashed && !worker.noticed) {
    canvas.dashed_line(from, to, theme.text3, canvas.big(1.5F, 2), kDead);
    draw_cross(canvas, {(from.x + to.x) / 2, (from.y + to.y) / 2}, canvas.big(5, 8), theme.hue(HueName::red).stroke, canvas.big(2.5F, 4));
  }
  if (worker.state != WorkerView::State::works) return;
  canvas.line(from, to, theme.member(number_of(scene, worker)).fill, canvas.big(4, 6));
  const Dye dye = dye_of_key(theme, scene.all.key(worker.message));
  const float size = canvas.big(6, 9);
  const Point middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
  canvas.fill({middle.x - size, middle.y - size, size * 2, size * 2}, theme.paper, 3);
  canvas.fill({middle.x - size * 0.6F, middle.y - size * 0.6F, size * 1.2F, size * 1.2F}, dye.hue.fill, 2);
}

void draw_worker_card(const SystemScene& scene, const WorkerView& worker, Rect card) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  const bool gone = worker.state == WorkerView::State::crashed, absent = worker.state == WorkerView::State::absent;
  const Color red = theme.hue(HueName::red).stroke;
  if (!absent) canvas.fill(card, gone ? theme.bg : theme.card, canvas.big(6, 9));
  if (gone) canvas.dashed_outline(card, red, canvas.big(1.5F, 2.5F), kDead, canvas.big(6, 9));
  else if (absent) canvas.dashed_outline(card, theme.line2, 1, kHidden, canvas.big(6, 9));
  else canvas.outline(card, theme.line, 1, canvas.big(6, 9));
  const Rect whole = card;
  card = card.inset(canvas.big(6, 10));
  const float radius = std::min(canvas.height(kSmallBold) * 0.75F, card.h / 2);
  const WorkerWords words = words_of(scene, worker);
  const bool full = card.h >= scene.all.line * 2.1F;
  Rect head = full ? card.take_top(scene.all.line * 1.15F) : card;
  const Rect disc = head.take_left(radius * 2 + canvas.big(6, 10));
  draw_worker_disc(scene, worker, {disc.x + radius, head.center().y}, radius);
  const std::string& service = scene.all.runs.workload().services[static_cast<std::size_t>(worker.service)].name;
  canvas.text_in(head, full ? kSmallBold : kSmall, full ? theme.text : theme.text2, full ? service : words.first);
  if (full) {
    canvas.text_in(card.take_top(scene.all.line), kSmall, theme.text, words.first);
    if (card.h >= scene.all.line * 0.9F) canvas.text_in(card.take_top(scene.all.line), kSmall, gone ? red : theme.text2, words.second);
  }
  if (!gone) return;
  const float wide = canvas.width(kMicroBold, "CRASHED") + canvas.big(10, 16), high = canvas.height(kMicroBold) * 1.25F;
  const Rect tag{whole.right() - wide - 4, whole.y - high / 2, wide, high};
  canvas.fill(tag, theme.hue(HueName::red).fill, 3);
  canvas.text_in(tag, kMicroBold, theme.ink, "CRASHED", Align::center);
}

// Too many for cards: a disc each.
void draw_discs(const SystemScene& scene, const std::vector<const WorkerView*>& workers, Rect area) {
  const float radius = scene.all.canvas.height(kSmallBold) * 0.75F, pitch = radius * 2.5F;
  const auto columns = static_cast<std::size_t>(std::max(area.w / pitch, 1.0F));
  for (std::size_t i = 0; i < workers.size(); ++i) {
    const Point at{area.x + radius + pitch * static_cast<float>(i % columns), area.y + radius + pitch * static_cast<float>(i / columns)};
    if (at.y + radius > area.bottom()) break;
    draw_worker_disc(scene, *workers[i], at, radius);
  }
}

}  // namespace

void draw_workers(const SystemScene& scene, Rect area, float store_edge) {
  const Canvas& canvas = scene.all.canvas;
  std::vector<const WorkerView*> workers;
  for (const WorkerView& each : scene.picture.workers) {
    // Of a service that has not come yet nobody is awaited.
    const bool to_come = scene.all.runs.workload().services[static_cast<std::size_t>(each.service)].added_at > scene.all.now;
    if (!to_come) workers.push_back(&each);
  }
  std::stable_partition(workers.begin(), workers.end(),
                        [&](const WorkerView* each) { return each->service == static_cast<std::int32_t>(scene.all.runs.service()); });
  const float gap = canvas.big(8, 12), least = scene.all.line * 1.2F + canvas.big(12, 20);
  const auto fit = static_cast<std::size_t>(std::max((area.h + gap) / (least + gap), 1.0F));
  // Who is not there, and does not come soon, makes room for those that are.
  std::size_t there = 0;
  for (const WorkerView* each : workers) there += each->state != WorkerView::State::absent;
  if (workers.size() > fit && there > fit) return draw_discs(scene, workers, area);
  if (workers.size() > fit) std::erase_if(workers, [](const WorkerView* each) { return each->state == WorkerView::State::absent; });
  const float all = area.h - gap * static_cast<float>(std::max<std::size_t>(workers.size(), 1) - 1);
  const auto count = static_cast<float>(std::max<std::size_t>(workers.size(), 1));
  const float high = std::min(all / count, scene.all.line * 3.3F + canvas.big(12, 20));
  for (const WorkerView* each : workers) {
    const Rect card = area.take_top(high);
    area.take_top(gap);
    if (card.x > store_edge) draw_ribbon(scene, *each, {store_edge, card.center().y}, {card.x, card.center().y});
    draw_worker_card(scene, *each, card);
  }
}

}  // namespace nutshell

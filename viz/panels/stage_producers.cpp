// Producers: what each of them was told, and whether it is true.
#include <algorithm>
#include <optional>

#include "sim/session/lost.h"
#include "viz/panels/client_card.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

std::string_view acks_text(Acks acks) {
  return acks == Acks::all ? "acks=all" : acks == Acks::none ? "acks=0" : "acks=1";
}

// Of a producer that serialises with a schema registry: the schema that it writes with.
std::optional<std::string> schema_text(const World& world, const Producer& producer) {
  const SchemaClient& schemas = producer.schemas;
  if (schemas.asking) return "asks for a schema's id";
  if (schemas.last < 0) return std::nullopt;
  return "schema " + std::to_string(schema_id_in(world.fabric.names[schemas.last]));
}

// What a serialiser has made, last: magic byte and id, and below them what the schema is about.
void draw_serialized(Canvas& canvas, const World& world, const Producer& producer, Rect inner, float step) {
  const SchemaClient& schemas = producer.schemas;
  if (schemas.last < 0 || inner.h < step * 1.6F) return;
  const std::string& text = world.fabric.names[schemas.last];
  const std::size_t head = text.rfind(' ');
  const TextStyle mono{Face::mono, Size::micro};
  canvas.text_in(inner.take_top(step * 0.8F), mono, canvas.theme.text, text.substr(0, head));
  canvas.text_in(inner.take_top(step * 0.8F), mono, canvas.theme.text2, text.substr(head + 1));
}

// The open batch: hollow boxes, and how long it still waits for more.
void draw_open_batch(Canvas& canvas, const Scene& scene, const Producer& producer, Rect line) {
  std::size_t open = 0, waiting = 0;
  for (const ProducerQueue& each : producer.queues) {
    open += each.open.records.size();
    waiting += each.waiting.size();
  }
  const std::size_t flying = producer.in_flight.size();
  if (const Pending* linger = open ? scene.timer(producer.node, TimerKind::linger) : nullptr) {
    const float radius = canvas.big(6, 10);
    draw_drain(canvas, {line.x + radius, line.center().y}, radius, scene.left(linger->at, producer.spec.config.linger));
    line.take_left(2 * radius + 6);
  }
  const float side = canvas.big(9, 15);
  float x = line.x;
  for (std::size_t i = 0; i < std::min<std::size_t>(open, 6); ++i, x += side + 3)
    canvas.outline({x, line.center().y - side * 0.6F, side, side * 1.2F}, canvas.theme.text2, 1.25F, 2);
  line.take_left(x - line.x + (open ? 6 : 0));
  const std::string to = "to " + std::string(scene.world.fabric.names[producer.spec.topic]);
  const std::string text = open                ? "batch open"
                           : flying || waiting ? std::to_string(flying) + " in flight"
                                               : schema_text(scene.world, producer).value_or(to);
  if (canvas.width(kSmall, text) <= line.w) canvas.text_in(line, kSmall, canvas.theme.text3, text);
}

// What the application was told, and of how many records.
std::string told_text(const Canvas& canvas, float width, const std::string& what, std::int64_t count) {
  const std::string words = "told \u201c" + what + "\u201d: " + std::to_string(count);
  if (canvas.width(kSmall, words) <= width) return words;
  const std::string few = what + " " + std::to_string(count);
  return canvas.width(kSmall, few) <= width ? few : std::to_string(count);  // the sign before it says what
}

// What it was told is stored, and is not.
void draw_lost(Canvas& canvas, const ToldAndLost& lost, Rect line) {
  const Color red = canvas.theme.hue(HueName::red).stroke;
  const TextStyle bold{Face::bold, Size::small};
  const std::string count = std::to_string(lost.records) + " lost", some = std::to_string(lost.records) + " of them lost";
  std::string text = lost.records == 1 && !lost.last.empty() ? "\u201c" + lost.last + "\u201d is lost" : some;
  if (canvas.width(bold, text) + 34 > line.w) text = count;
  const Rect box{line.x, line.y + 1, std::min(canvas.width(bold, text) + 36, line.w), line.h - 2};
  canvas.outline(box, red, canvas.big(2, 3), 5);
  draw_cross(canvas, {box.x + 14, box.center().y}, canvas.big(4, 6), red, canvas.big(2, 3));
  canvas.text_in({box.x + 26, box.y, box.w - 30, box.h}, bold, canvas.theme.text, text);
}

// What it was told is what is asked: it stands there, hidden.
void draw_told_asked(Canvas& canvas, Rect inner, float step) {
  if (inner.h < step) return;
  Rect line = inner.take_top(step);
  const TextStyle small{Face::regular, Size::small};
  const Rect box = line.take_right(canvas.width(small, "8888") + 8);
  draw_hidden(canvas, {box.x, box.y + 2, box.w, box.h - 4});
  const std::string whole = "told \u201cstored\u201d:", few = "told:";
  canvas.text_in(line, small, canvas.theme.text2, canvas.width(small, whole) + 6 <= line.w ? whole : few);
  if (inner.h >= step && canvas.width(small, "no answer shown yet") <= inner.w)
    canvas.text_in(inner.take_top(step), small, canvas.theme.text3, "no answer shown yet");
}

// The head of a card: its name, and beside it, or where there is no room below it, acks. Or how it is.
void draw_producer_head(Canvas& canvas, const Node& node, Acks acks, Rect& inner, float step) {
  const Theme& theme = canvas.theme;
  Rect head = inner.take_top(std::min(std::max(step, canvas.big(28, 40)), inner.h));
  const float radius = canvas.big(9, 14);
  draw_triangle(canvas, {head.x + radius * 0.7F, head.center().y}, radius, theme.text, false);
  head.take_left(radius * 2 + 6);
  const std::string_view status = status_word(node);
  const std::string_view note = status.empty() ? acks_text(acks) : status;
  const TextStyle style{status.empty() ? Face::mono : Face::bold, Size::micro};
  const Color color = status.empty() ? theme.text2 : theme.hue(HueName::red).stroke;
  const float wide = canvas.width(style, note), name = canvas.width({Face::bold, Size::body}, node.name);
  if (wide + 10 + name <= head.w || inner.h < step * 0.9F) {
    canvas.text_in(head.take_right(std::min(wide, head.w * 0.6F)), style, color, note, Align::right);
    head.take_right(8);
  } else {
    canvas.text_in(inner.take_top(std::min(step * 0.9F, inner.h)), style, color, note);
  }
  canvas.text_in(head, {Face::bold, Size::body}, theme.text, node.name);
}

void draw_producer(Canvas& canvas, const Scene& scene, const Producer& producer, Rect card) {
  const Theme& theme = canvas.theme;
  const Node& node = node_of(scene.world, producer.node);
  const Transition* joins = scene.move(TransitionKind::joined, producer.node);
  const Faded faded(canvas, joins ? joins->eased : 1);
  scene.note(canvas, card, {PlaceKind::producer, producer.node});
  draw_client_card(canvas, scene, node, producer.node, card, false);
  Rect inner{card.x + 12, card.y + 6, card.w - 20, card.h - 12};
  const float step = std::min(std::max(canvas.height(kSmall) * 1.5F, inner.h / 5), canvas.height(kSmall) * 2);
  draw_producer_head(canvas, node, producer.spec.config.acks, inner, step);
  if (scene.asked.hides_told(producer.node)) return draw_told_asked(canvas, inner, step);
  const ToldAndLost lost = told_and_lost(scene.timeline, producer.node);
  // What it was told and is not true comes before what it was told.
  if (lost.records > 0 && inner.h >= step && inner.h < 2 * step) return draw_lost(canvas, lost, inner.take_top(step));
  if (inner.h < step) return;
  Rect told = inner.take_top(step);
  draw_tick(canvas, {told.x + 6, told.center().y}, 6, theme.hue(HueName::green).stroke);
  told.take_left(18);
  canvas.text_in(told, kSmall, theme.text2, told_text(canvas, told.w, "stored", producer.counters.acked));
  if (inner.h >= step && lost.records > 0) draw_lost(canvas, lost, inner.take_top(step));
  if (inner.h >= step && producer.counters.failed > 0) {
    Rect failed = inner.take_top(step);
    draw_cross(canvas, {failed.x + 6, failed.center().y}, 4, theme.hue(HueName::red).stroke);
    failed.take_left(18);
    canvas.text_in(failed, kSmall, theme.text2, told_text(canvas, failed.w, "failed", producer.counters.failed));
  }
  if (inner.h >= step && node.status == NodeStatus::running) draw_open_batch(canvas, scene, producer, inner.take_top(step));
  if (node.status == NodeStatus::running) draw_serialized(canvas, scene.world, producer, inner, step);
}

// The lamps of promises that are broken: for the back row, which sees no panel, they stand on the stage.
void draw_broken_promises(Canvas& canvas, const Scene& scene, Rect area) {
  const Theme& theme = canvas.theme;
  const TextStyle bold{Face::bold, Size::small};
  const float line = canvas.height(kSmall) * 1.35F, radius = canvas.big(9, 15);
  const Judge& judge = scene.timeline.judge();
  for (std::size_t i = 0; i < kPromiseCount; ++i) {
    if (!judge.broken(static_cast<std::int32_t>(i)) || scene.asked.hides_promise(i)) continue;
    const std::string title(promises()[i].title);
    const float high = line * static_cast<float>(1 + canvas.lines(kSmall, title, area.w));
    if (high > area.h) return;
    Rect head = area.take_top(line);
    draw_octagon(canvas, {head.x + radius, head.center().y}, radius, theme.hue(HueName::red).stroke);
    draw_cross(canvas, {head.x + radius, head.center().y}, radius * 0.4F, theme.light ? rgb(0xFFFFFF) : theme.ink, canvas.big(2, 3));
    head.take_left(2 * radius + 8);
    canvas.text_in(head, bold, theme.hue(HueName::red).stroke,
                   canvas.width(bold, "broken promise") <= head.w ? "broken promise" : "broken");
    area.take_top(canvas.paragraph(area, kSmall, theme.text, title, 1.35F) + line * 0.4F);
  }
}

}  // namespace

void draw_producers(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  if (layout.producers.empty()) return;
  const Rect& first = layout.producers.front().rect;
  const float title = canvas.big(20, 30);
  canvas.text_in({first.x, first.y - title - 4, first.w, title}, {Face::bold, Size::small}, canvas.theme.text2,
                 scene.world.producers.size() == 1 ? "Producer" : "Producers");
  for (std::size_t i = 0; i < layout.producers.size(); ++i)
    draw_producer(canvas, scene, scene.world.producers[i], layout.producers[i].rect);
  const Rect& last = (layout.plain.empty() ? layout.producers : layout.plain).back().rect;
  const float top = last.bottom() + canvas.big(16, 26);
  draw_broken_promises(canvas, scene, {last.x, top, last.w, layout.area.bottom() - top - 8});
}

}  // namespace nutshell

// Processes of plain kinds: a card with the name, the kind and its numbers.
#include <algorithm>

#include "sim/cluster/process_kind.h"
#include "viz/panels/client_card.h"
#include "viz/panels/plain_faces.h"

namespace nutshell {

namespace {

void draw_numbers(Canvas& canvas, const Scene& scene, const Node& node, Rect inner, float step) {
  kind_of(node).fields(scene.world, static_cast<std::size_t>(node.index), [&](std::string_view name, const std::string& value) {
    if (inner.h < step) return;
    Rect line = inner.take_top(step);
    canvas.text_in(line.take_right(canvas.width(kSmall, value) + 2), kSmall, canvas.theme.text, value, Align::right);
    canvas.text_in(line, kSmall, canvas.theme.text2, std::string(name));
  });
}

void draw_process(Canvas& canvas, const Scene& scene, NodeId id, Rect card) {
  const Node& node = node_of(scene.world, id);
  const Transition* joins = scene.move(TransitionKind::joined, id);
  const Faded faded(canvas, joins ? joins->eased : 1);
  scene.note(canvas, card, {PlaceKind::process, id});
  draw_client_card(canvas, scene, node, id, card, false);
  Rect inner{card.x + 12, card.y + 6, card.w - 20, card.h - 12};
  const float step = std::min(std::max(canvas.height(kSmall) * 1.5F, inner.h / 5), canvas.height(kSmall) * 2);
  Rect head = inner.take_top(std::min(std::max(step, canvas.big(28, 40)), inner.h));
  const std::string_view status = status_word(node);
  const TextStyle style{status.empty() ? Face::mono : Face::bold, Size::micro};
  const std::string note(status.empty() ? kind_of(node).name : status);
  const float wide = canvas.width(style, note);
  if (wide + 10 + canvas.width({Face::bold, Size::body}, node.name) <= head.w) {
    const Color color = status.empty() ? canvas.theme.text2 : canvas.theme.hue(HueName::red).stroke;
    canvas.text_in(head.take_right(wide), style, color, note, Align::right);
  }
  canvas.text_in(head, {Face::bold, Size::body}, canvas.theme.text, node.name);
  for (const NamedFace& each : kPlainFaces)
    if (each.kind == kind_of(node).name) return each.draw(canvas, scene, node, inner);
  draw_numbers(canvas, scene, node, inner, step);
}

}  // namespace

void draw_plain(Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  for (const NodePlace& each : layout.plain) draw_process(canvas, scene, each.node, each.rect);
}

}  // namespace nutshell

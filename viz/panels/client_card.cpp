#include "viz/panels/client_card.h"

namespace nutshell {

namespace {

// What has just stopped or crashed loses its ground; one that stops closes towards its middle.
void draw_leaving(Canvas& canvas, const Scene& scene, NodeId id, Rect card) {
  const Transition* stops = scene.move(TransitionKind::left, id);
  const Transition* ends = stops ? stops : scene.move(TransitionKind::crashed, id);
  if (!ends) return;
  const float closed = stops && !scene.reduced ? card.h / 2 * ends->eased : 0;
  const Faded faded(canvas, 1 - ends->eased);
  canvas.fill({card.x, card.y + closed, card.w, card.h - 2 * closed}, canvas.theme.card, 8);
}

}  // namespace

const Node& node_of(const World& world, NodeId node) { return world.fabric.nodes[static_cast<std::size_t>(node)]; }

void draw_client_card(Canvas& canvas, const Scene& scene, const Node& node, NodeId id, Rect card, bool quiet) {
  const Theme& theme = canvas.theme;
  const bool up = node.status == NodeStatus::running;
  canvas.fill(card, up && !quiet ? theme.card : theme.bg, 8);
  draw_leaving(canvas, scene, id, card);
  if (!up && (node.crashed || node.status == NodeStatus::paused))
    canvas.dashed_outline(card, node.crashed ? theme.hue(HueName::red).stroke : theme.text2, 2, kDead, 8);
  else if (!up || quiet) canvas.dashed_outline(card, theme.line2, 1.5F, kDead, 8);
  else canvas.outline(card, theme.line2, canvas.big(1.5F, 3), 8);
}

std::string_view status_word(const Node& node) {
  if (node.status == NodeStatus::paused) return "PAUSED";
  if (node.status == NodeStatus::running) return "";
  return node.crashed ? "CRASHED" : node.incarnation == 0 ? "not started" : "STOPPED";
}

}  // namespace nutshell

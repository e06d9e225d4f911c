#include "viz/panels/paths.h"

#include <algorithm>
#include <cmath>

#include "sim/cluster/process_kind.h"
#include "viz/panels/client_card.h"

namespace nutshell {

namespace {

// Where a message meets the node: the left or the right edge, at the row it is about.
Point edge(const World& world, const StageLayout& layout, NodeId node, TopicPartition tp, bool right) {
  Rect rect = *layout.of(node);
  const Node& it = node_of(world, node);
  if (it.kind == NodeKind::broker) {
    const RowPlace* row = layout.row(static_cast<std::size_t>(it.index), tp);
    if (row) return {right ? rect.right() : rect.x, row->rect.center().y};
    rect.h = std::min(rect.h, layout.header);
  }
  return {right ? rect.right() : rect.x, rect.center().y};
}

std::vector<Point> arc(Point from, Point to, float bulge) {
  std::vector<Point> points;
  for (int i = 0; i <= 20; ++i) {
    const float t = static_cast<float>(i) / 20;
    points.push_back({from.x + (to.x - from.x) * t - bulge * 4 * t * (1 - t), from.y + (to.y - from.y) * t});
  }
  return points;
}

// From a controller down the right gutter to a broker.
std::vector<Point> control_line(const StageLayout& layout, Point controller_foot, Point broker_edge) {
  const float y = (controller_foot.y + layout.quorum.bottom()) / 2, x = layout.right_gutter.x + 14;
  return {controller_foot, {controller_foot.x, y}, {x, y}, {x, broker_edge.y}, broker_edge};
}

std::vector<Point> reversed(std::vector<Point> points) {
  std::reverse(points.begin(), points.end());
  return points;
}

// It stands in the column of the producers.
bool is_left(NodeKind kind) { return kind == NodeKind::producer || process_kind(kind).plain; }

// Of kinds in this order: controller, broker, producer and plain ones, consumer.
int rank(NodeKind kind) { return kind == NodeKind::controller ? 0 : kind == NodeKind::broker ? 1 : is_left(kind) ? 2 : 3; }

}  // namespace

std::vector<Point> curve(Point from, Point to, float bend) {
  std::vector<Point> points;
  for (int i = 0; i <= 20; ++i) {
    const float t = static_cast<float>(i) / 20, u = 1 - t;
    const float a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
    points.push_back({a * from.x + b * (from.x + bend) + c * (to.x - bend) + d * to.x,
                      (a + b) * from.y + (c + d) * to.y});
  }
  return points;
}

std::vector<Point> path_between(const World& world, const StageLayout& layout, NodeId from, NodeId to, TopicPartition tp) {
  if (from == kNoNode || to == kNoNode || from == to || !layout.of(from) || !layout.of(to)) return {};
  const NodeKind a = node_of(world, from).kind, b = node_of(world, to).kind;
  if (rank(a) > rank(b)) return reversed(path_between(world, layout, to, from, tp));
  if (a == NodeKind::controller && b == NodeKind::controller) {
    const Rect left = *layout.of(from), right = *layout.of(to);
    return arc({left.center().x, left.bottom()}, {right.center().x, right.bottom()}, 0);
  }
  if (a == NodeKind::controller && b == NodeKind::broker) {
    const Rect foot = *layout.of(from);
    const Point head = edge(world, layout, to, {}, true);
    return control_line(layout, {foot.center().x, foot.bottom()}, head);
  }
  if (a == NodeKind::broker && b == NodeKind::broker) {
    const Point start = edge(world, layout, from, tp, false), finish = edge(world, layout, to, tp, false);
    return arc(start, finish, std::min(layout.left_gutter.w * 0.55F, 24 + std::abs(start.y - finish.y) * 0.14F));
  }
  if (is_left(b)) {
    const Point start = edge(world, layout, from, tp, false), finish = edge(world, layout, to, tp, true);
    return curve(start, finish, (finish.x - start.x) * 0.5F);
  }
  if (a == NodeKind::broker) {
    const Point start = edge(world, layout, from, tp, true), finish = edge(world, layout, to, tp, false);
    return curve(start, finish, (finish.x - start.x) * 0.5F);
  }
  return {};
}

float length_of(const std::vector<Point>& path) {
  float length = 0;
  for (std::size_t i = 1; i < path.size(); ++i) length += std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
  return length;
}

Point point_along(const std::vector<Point>& path, float t) {
  float left = length_of(path) * within(t, 0.0F, 1.0F);
  for (std::size_t i = 1; i < path.size(); ++i) {
    const float piece = std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
    if (left <= piece && piece > 0) return path[i - 1] + (path[i] - path[i - 1]) * (left / piece);
    left -= piece;
  }
  return path.empty() ? Point{} : path.back();
}

}  // namespace nutshell

// The ways that messages take on the stage: along the gutters, never across words.
#pragma once

#include <vector>

#include "viz/panels/stage_layout.h"

namespace nutshell {

// Empty if one of them is not on the stage. `tp`: the row that is meant, if it has one.
std::vector<Point> path_between(const World& world, const StageLayout& layout, NodeId from, NodeId to, TopicPartition tp);
float length_of(const std::vector<Point>& path);
// The point at part `t` of the length.
Point point_along(const std::vector<Point>& path, float t);
std::vector<Point> curve(Point from, Point to, float bend);

}  // namespace nutshell

// What is on its way on the stage: how far marks have slid, cells have grown, and what flies, falls or fades.
#pragma once

#include <vector>

#include "viz/panels/stage.h"

namespace nutshell {

// Where a mark stands. Usually it slides; where motion is reduced, it fades from one place to the other.
struct MarkPlace {
  float at = 0, opacity = 1;
  float old_at = 0, old_opacity = 0;
};

// How the strip of a replica stands while its log changes; offsets, with parts of a column.
struct StripMotion {
  MarkPlace high_watermark, log_end;
  float shift = 0;  // columns that it has still to move to the left
};

StripMotion strip_motion(const Scene& scene, const Replica& replica, BrokerId broker, const Strip& strip);
// How much of a record's cell is there, 0..1.
float grown(const Scene& scene, BrokerId broker, TopicPartition tp, Offset offset);
// Of a reader's triangle; `kind` is committed or position.
MarkPlace reader_mark(const Scene& scene, TransitionKind kind, NodeId consumer, TopicPartition tp, Offset now);

// Where the records that a truncation took away stood: the cell of the offset `from`, and how far the row goes.
struct FallenStrip {
  Offset from = 0;
  Rect first;
  float pitch = 0, right = 0;
};
// They tip over and fall.
void draw_falling(Canvas& canvas, const Transition& cut, const FallenStrip& strip, bool reduced);
// Part of a path, from part `from` of its length to part `to`.
std::vector<Point> path_part(const std::vector<Point>& path, float from, float to);

// A crash gives what it hits one jolt; who has just started slides in.
void move_places(const Scene& scene, StageLayout& layout);
// A hatch runs over what has just crashed.
void draw_crashes(Canvas& canvas, const Scene& scene, const StageLayout& layout);
// The tag of a fenced broker, with three bars that drop into it; returns its width.
float fenced_width(const Canvas& canvas);
float draw_fenced(Canvas& canvas, const Scene& scene, BrokerId broker, Point left_middle, Color color);

}  // namespace nutshell

// The strip of a replica: a cell for each record, the marks between them, and what readers have left below.
#pragma once

#include <string>

#include "viz/panels/replica_sign.h"
#include "viz/panels/stage.h"
#include "viz/panels/stage_motion.h"

namespace nutshell {

struct RowScene {
  Canvas& canvas;
  const Scene& scene;
  const StageLayout& layout;
  const RowPlace& row;
  const Broker& broker;
  const Replica* replica;
  ReplicaSign role;
  const Strip& strip;
  float x0;       // of the first column
  float cell_y;
  ReplicaSign before = ReplicaSign::follower;  // of one that has just crashed
  StripMotion motion = {};

  float x_of(Offset offset) const { return x_at(static_cast<float>(offset)); }
  // Of a place between two offsets.
  float x_at(float offset) const {
    return x0 + (offset - static_cast<float>(strip.first) + motion.shift) * layout.pitch;
  }
  bool dead() const { return role == ReplicaSign::offline; }
  void note(Rect rect, PlaceKind kind, Offset offset = -1) const {
    scene.note(canvas, rect, {kind, broker.node, kNoNode, row.tp, offset});
  }
};

// How a record is told from others: by a hue, and by a notch for eyes that see no hues.
struct Dye {
  Hue hue;
  int notch = 1;  // 0: a bar along the foot, 1: none, 2: a cut corner, 3: a dot
};
// By the hash that decides the partition (C1), so that equal keys are equal in every topic; grey without a key.
Dye dye_of_key(const Theme& theme, std::string_view key);
// A record, or the place of one.
void draw_cell(Canvas& canvas, Rect cell, const Dye& dye, ReplicaSign role, bool committed, bool dead);

// The copy is so far behind that none of it is among the columns shown; and the words for that.
bool ends_before_strip(const RowScene& r);
std::string end_text(const RowScene& r);

void draw_cells(const RowScene& r);
// High watermark: an upright line with a pennant; log end and log start: brackets.
void draw_marks(const RowScene& r);
// Committed offsets and positions of the partition's readers, below the leader's strip.
void draw_readers(const RowScene& r);
// What the marks are, in words, where the layout has room for them.
void draw_labels(const RowScene& r);

}  // namespace nutshell

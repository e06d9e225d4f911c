// The picture of programs that send to programs: wires that can be counted.
#pragma once

#include "sim/scenario/captions.h"
#include "sim/scenario/wires.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// One way of wiring, with its count and what it means beside it; or all ways beside each other. In these words.
void draw_wires(Canvas& canvas, const Wires& wires, Rect area, const Captions& captions = {});

}  // namespace nutshell

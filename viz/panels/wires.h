// The picture of programs that send to programs: wires that can be counted.
#pragma once

#include "sim/scenario/wires.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// One way of wiring, with its count and what it means beside it.
void draw_wires(Canvas& canvas, const Wires& wires, Rect area);
// The way from wires to one log, beside each other: 3 to 1, each to each, one hub, three hubs, one log. Of `like`: how many send
// and receive, and who is down.
void draw_ways_of_wiring(Canvas& canvas, const Wires& like, Rect area);

}  // namespace nutshell

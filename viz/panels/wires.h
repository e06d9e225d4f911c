// The picture of programs that send to programs: wires that can be counted.
#pragma once

#include "sim/scenario/captions.h"
#include "sim/scenario/wires.h"
#include "sim/session/session.h"
#include "viz/panels/view.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// One way of wiring, with its count and what it means beside it; or all ways beside each other. In these words.
void draw_wires(Canvas& canvas, const Wires& wires, Rect area, const Captions& captions = {});

// What a hand can do to the wires of a lesson, in the place of the tool belt.
void draw_wires_tools(Ui& ui, const Session& session, Rect area);

}  // namespace nutshell

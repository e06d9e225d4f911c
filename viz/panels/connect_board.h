// The board of Kafka Connect: tables and files, workers with their tasks, topics, and the copies, at one moment of a run.
#pragma once

#include "sim/connect/simulation.h"
#include "viz/ui/canvas.h"

namespace nutshell {

void draw_connect_board(Canvas& canvas, const connect::Simulation& run, Rect area);

}  // namespace nutshell

// The board of Kafka Connect: tables and files, workers with their tasks, topics, and the copies, at one moment of a run.
#pragma once

#include "sim/session/session.h"
#include "viz/panels/view.h"

namespace nutshell {

// REQUIRES has_connect(session.world()).
void draw_connect(Ui& ui, const Session& session, Rect area);

}  // namespace nutshell

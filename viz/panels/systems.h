// One workload on several systems, beside each other in lock-step: what each of them has and does, who has noticed, and the table
// of results that fills as they run.
#pragma once

#include "sim/session/session.h"
#include "viz/panels/view.h"

namespace nutshell {

// REQUIRES session.rivals().
void draw_systems(Ui& ui, const Session& session, Rect area);
// What a hand can do to all of them, in the place of the tool belt.
void draw_rival_tools(Ui& ui, const Session& session, Rect area);
// In their place while a question stands, of any picture that takes the whole width: how to see the answer.
void draw_tools_asleep(Ui& ui, Rect line);

}  // namespace nutshell

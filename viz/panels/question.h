// The question that stands: what it asks is said in the caption bar, and its choices stand here.
#pragma once

#include "sim/session/session.h"
#include "viz/panels/panels.h"

namespace nutshell {

// The beat told last is a question with choices, answered or not; none is left to whoever has answered it and left the lesson.
bool is_question(const Session& session);
// In the side panel; returns the height it used.
float draw_question(PanelUi& ui, const Session& session, Rect area);
// For the back row, over the foot of the stage, which stands still below; returns the place it took.
Rect draw_choices(PanelUi& ui, const Session& session, Rect stage);

}  // namespace nutshell

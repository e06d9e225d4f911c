// The lens before the stage: zoom around the pointer, moving by hand, and one thing alone.
#pragma once

#include "sim/session/session.h"
#include "viz/panels/view.h"

namespace nutshell {

// What wheel and hand do over the stage.
void steer_lens(Ui& ui, Rect stage);
// Nearer (above 1) or farther away, so that what is under the point stays there.
void zoom_lens(View& view, Rect stage, Point around, float factor);
// To the selected place, alone or enlarged; from there, back to everything.
void toggle_focus(View& view, Rect stage);
void reset_lens(View& view);
// Says that not everything is seen, and the key that brings it back.
void draw_lens_note(Ui& ui, const Session& session, Rect stage);

}  // namespace nutshell

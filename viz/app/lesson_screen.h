// What a lesson does to its panels by itself.
#pragma once

#include "viz/app/app.h"

namespace nutshell {

// Two universes get the whole width; the side panel comes back when one of them goes.
void make_room_for_two(App& app);
// A question brings its choices to the front.
void show_question(App& app);
// A lesson is done when its last caption has been told, a puzzle when all of its goals are met.
void note_done(App& app);

}  // namespace nutshell

// Where a lesson leads: to the next one, at its end; and what is asked before what was done by hand goes unsaved.
#pragma once

#include "viz/app/app.h"

namespace nutshell {

// Seen all of the lesson, the one key leads to the next one, and from the last to all of them.
void show_what_comes_next(App& app);
// A key that is not the card's own takes it away, and does what it does.
bool obey_card(App& app, const Command& command);
// While the farewell asks, all keys are its own.
bool type_farewell(App& app, const KeyPress& press);

}  // namespace nutshell

// What the mouse carries: a consumer on its way to another group, or a tool from the belt.
#pragma once

#include "viz/panels/chrome.h"

namespace nutshell {

// A consumer's card is taken hold of on the stage, carried and let go: over a group, or below the groups for a new one.
// Draws it with where it may go, and asks for the move. To be called when the stage has been drawn.
void carry_consumer(Ui& ui, const Session& session, Rect stage);
// The tool in hand beside the pointer, with what speaks against using it there.
void draw_tool_in_hand(Ui& ui, const Session& session, Rect window);
void draw_tool_icon(Canvas& canvas, Point center, Tool tool, Color color);
// Whether the tool does something there. Marks of a replica lie within its broker, which is marked already.
bool works_on(Tool tool, const World& world, const Place& place);
// What the tool does not work on steps back.
void draw_veil_for_tool(Ui& ui, const Session& session, Rect stage);

}  // namespace nutshell

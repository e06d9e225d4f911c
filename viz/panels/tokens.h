// Tokens: the signs of messages, on the stage and in the space-time diagram.
#pragma once

#include "sim/session/flights.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// `hue`: of the epoch of the records in a fetch reply; nullptr: not known.
void draw_token(Canvas& canvas, Point at, const Flight& flight, const Hue* hue);
// Half of what it takes of its way, in pixels.
float token_half(const Canvas& canvas, const Flight& flight);
// The same where hundreds fly at once: a square for records, a disc for an answer, a speck for all else.
void draw_speck(Canvas& canvas, Point at, const Flight& flight, const Hue* hue);

}  // namespace nutshell

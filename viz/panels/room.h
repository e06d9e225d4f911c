// How the room sees what is shown: a window has one, whatever it shows.
#pragma once

namespace nutshell {

struct Room {
  bool light = false, projector = false, full_screen = false;
  bool reduced_motion = false;  // what changes fades over; nothing flies, falls or shakes
  bool sound = false;           // what happens is heard
  bool controller = false;      // a game controller is there
  bool in_motion = false;       // draws a moment as while playing, though time stands still: for films
  float scale = 1;              // of words and all else, as somebody has set it
};

}  // namespace nutshell

// Keys of the player, and the bytes that terminals send for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace nutshell {

enum class Key : std::uint8_t {
  play_pause,     // space
  forward, back,  // right, left: to the next or previous line of the story
  event, event_back,              // . and , : one event of the simulation
  next_beat, previous_beat,       // n or page down, p or page up
  first, last,                    // home, end
  faster, slower,                 // up, down
  answer_a, answer_b, answer_c, answer_d,
  redraw,                         // control-L
  quit,                           // q, control-C
};

// Takes the first key off the bytes; bytes that mean nothing are dropped on the way. Nothing: no whole key is
// there. The start of an escape sequence stays until `final` says that no more bytes follow it.
std::optional<Key> take_key(std::string& bytes, bool final);

}  // namespace nutshell

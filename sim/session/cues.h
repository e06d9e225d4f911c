// Sound cues: what of a frame is worth a sound, and how it sounds. Off unless somebody switches them on.
//
// A cue follows from where a session stood and where it stands: nothing sounds while it is scrubbed, goes backwards or
// rides fast, and nothing sounds twice in a frame.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/history/fact_looks.h"
#include "sim/session/session.h"

namespace nutshell {

// Cues of the facts of steps [from, to), each at most once, in the order in which they first occur.
std::vector<Cue> cues_between(const Timeline& timeline, Step from, Step to);

// What is heard of a session from frame to frame.
class Listener {
 public:
  // `wall` ns have gone by since the last call. The first call hears nothing.
  std::vector<Cue> hear(const Session& session, Duration wall);

 private:
  struct Stand {
    const Session* session = nullptr;
    std::size_t branch = 0, told = 0;
    Step position = 0;
    Time at = 0;
    bool asking = false;
  };
  std::optional<Stand> before_;
};

inline constexpr int kSampleRate = 22'050;  // a second, one channel
inline constexpr int kMostSamples = kSampleRate / 5;
// Quiet, at most 200 ms, and told apart by how its pitch goes. It begins and ends with silence.
std::vector<std::int16_t> samples_of(Cue cue);

}  // namespace nutshell

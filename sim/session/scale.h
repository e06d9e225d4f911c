// One scale for a whole run: what its logs come to is known, so that cells and columns are as wide at its first caption
// as at its last.
#pragma once

#include <string>
#include <vector>

#include "sim/history/timeline.h"

namespace nutshell {

struct StageScale {
  Offset highest = 0;              // log end there ever is
  Offset spread = 0;               // between two copies of a partition, at most
  std::vector<std::string> words;  // the longest that records say, and ...
  std::vector<std::string> keys;   // ... the longest of their keys: how wide they are, only a font can tell
};

// Of all that is known of the run. REQUIRES the timeline stands at its end.
StageScale scale_of(const Timeline& run);
// What is enough for both.
StageScale wider(StageScale one, const StageScale& other);

}  // namespace nutshell

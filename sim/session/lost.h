// What a producer was told is stored, and is not: it stands in no log that counts.
#pragma once

#include <string>
#include <vector>

#include "sim/history/timeline.h"

namespace nutshell {

struct ToldAndLost {
  std::int64_t records = 0;
  std::string last;  // what the last of them says; empty: nothing of its own
};

// At the moment at which the timeline stands. REQUIRES it keeps all facts.
ToldAndLost told_and_lost(const Timeline& timeline, NodeId producer);

// The replica that leads, as it sees itself: of several the one of the highest epoch; nullptr: none is up.
const Replica* serving_leader(const World& world, TopicPartition tp);

}  // namespace nutshell

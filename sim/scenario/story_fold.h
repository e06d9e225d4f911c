// Folds facts that say the same of several things into one sentence: "Consumer c1 gets orders-0, orders-1 and
// orders-2".
#pragma once

#include <string>
#include <vector>

#include "sim/history/timeline.h"

namespace nutshell {

// Facts that are told together.
struct FoldedFact {
  std::size_t first = 0;  // index of the first one in Timeline::facts
  std::int32_t count = 0;
  std::string text;
};

// The story-level facts up to where the timeline stands, in their order. Facts are folded if their sentences differ
// only in the partition, or only in the node, that they speak of, if they happen within 50 ms, and if none of the
// `barriers` (steps taken, ascending) lies between them.
std::vector<FoldedFact> fold_story(const Timeline& timeline, const std::vector<Step>& barriers);

// "a", "a and b", "a, b and c", "a, b, c and 14 more".
std::string list_text(const std::vector<std::string>& items);

}  // namespace nutshell

// The story of a run as commands print it.
#pragma once

#include <string>

#include "sim/command/output.h"
#include "sim/scenario/story.h"

namespace nutshell {

// Facts, captions and questions with their answers. REQUIRES as tell().
void print_story(const Scenario& scenario, const Timeline& finished, Output& out);

// A list of {"at", "time", "position", "kind": fact, say, ask or focus, "text", and what else there is}.
std::string story_json(const Scenario& scenario, const Timeline& finished);

}  // namespace nutshell

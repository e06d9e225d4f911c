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

// What a puzzle's goals came to; nothing if the scenario is none. REQUIRES as judge_goals().
void print_goals(const Scenario& scenario, const Timeline& finished, Output& out);

// A list of {"goal", "met", and "time" and "position" if it is met, else "why"}.
std::string goals_json(const Scenario& scenario, const Timeline& finished);

}  // namespace nutshell

// Running a scenario to its end, within limits.
#pragma once

#include "sim/history/timeline.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

struct RunLimits {
  Step steps = 50'000'000;  // a run that needs more is given up
};

// The least detailed facts that the scenario's beats and expectations need to be told of; at least `protocol`.
FactLevel needed_facts(const Scenario& scenario);

// The scenario at its beginning. Keeps all facts, unless told otherwise.
Timeline timeline_of(const Scenario& scenario, FactLevel keep = FactLevel::detail);

// Steps taken before the first one at `time` or later, as far as the timeline stands.
Step position_before(const Timeline& timeline, Time time);

// Of a finished run, the actions that waited in vain, in sentences: an action that never happens is a mistake.
std::vector<std::string> never_done(const Scenario& scenario, const Timeline& finished);

// Runs to `until`. False: the limit was reached before.
bool run_to(Timeline& timeline, Time until, const RunLimits& limits = {});

}  // namespace nutshell

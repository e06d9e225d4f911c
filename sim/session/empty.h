// A cluster without brokers, to be built by hand.
//
// It has its controllers from the start: who votes in a KRaft quorum is written into the configuration of all of them
// before the first is started (controller.quorum.voters), so none can be added later, and a broker can only register
// with controllers that are there.
#pragma once

#include "sim/scenario/scenario.h"

namespace nutshell {

// REQUIRES controllers is 1, 3 or 5.
Scenario empty_scenario(std::int32_t controllers = 1);

}  // namespace nutshell

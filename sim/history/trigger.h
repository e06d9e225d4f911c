// What set a step off, in words: a message, a timer, a lost connection.
#pragma once

#include <string>

#include "sim/history/chronicle.h"

namespace nutshell {

// "Broker 2 receives Fetch from broker 1.", "Q1: no fetch has succeeded for
// controller.quorum.fetch.timeout.ms." REQUIRES the step was no action.
std::string trigger_sentence(const StepRecord& record, const Namer& namer);

}  // namespace nutshell

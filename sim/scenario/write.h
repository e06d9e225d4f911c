// Writes scenarios as files that read.h reads back to an equal value: how a clicked session is saved.
#pragma once

#include <string>

#include "sim/scenario/scenario.h"

namespace nutshell {

// Tidy JSON, laid out as the shipped scenarios are. What has its usual value is left out.
std::string write_scenario(const Scenario& scenario);

}  // namespace nutshell

// Variations: settings under which a lesson may be seen beside itself, so that the one difference shows.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace nutshell {

struct Variation {
  std::string label;       // "acks=1 instead of all"
  std::string key, value;  // as Overrides::set takes them; the key "seed" is the seed
};

// Those that change something in this scenario, the most telling first.
std::vector<Variation> variations(const Scenario& scenario);
// The scenario under a setting; `problem` says why there is none.
Scenario varied(const Scenario& scenario, const std::string& key, const std::string& value, std::string& problem);

}  // namespace nutshell

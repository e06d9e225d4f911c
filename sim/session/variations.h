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

// The value that the key has in the scenario: of the first client or topic that knows it, else of the brokers. Empty: nobody
// knows it, or it stands for "without end".
std::string setting_now(const Scenario& scenario, const std::string& key);
// Those that change something in this scenario, the most telling first.
std::vector<Variation> variations(const Scenario& scenario);
// The scenario under a setting, of the seed "" for the next one; `problem` says why there is none, or none other.
Scenario varied(const Scenario& scenario, const std::string& key, const std::string& value, std::string& problem);

}  // namespace nutshell

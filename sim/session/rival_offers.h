// What a hand can do to a workload on several systems: to all of them at once.
#pragma once

#include <string>
#include <vector>

#include "sim/session/offers.h"

namespace nutshell {

struct RivalOffer {
  std::string label;  // "crash c1"
  std::string key;    // of the keyboard; empty: none
  ActionBody action;
  std::string reason;  // why it does nothing now; empty: it does something
};

class Session;
// Killing whoever works for the shown service, killing the node that leads, and, before anything runs, the settings of the lesson.
// Empty: there is a cluster.
std::vector<RivalOffer> rival_offers(const Session& session);

}  // namespace nutshell

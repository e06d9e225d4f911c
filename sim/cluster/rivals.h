// A scenario may show one workload on several systems beside each other in the place of a cluster. Here stands only what is
// said of it and what is done to it, as plain text: what comes of it is worked out in sim/scenario/rivals.h.
//
// The world under it is a lone controller; time and actions are its, and nothing else.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/types.h"

namespace nutshell {

// One of the systems beside each other: its name in paths of values, the row of the workload that it is, and what stands over it.
struct RivalSystem {
  std::string name, row, title;
};
// What a hand may set before anything runs, and how it is said ("one active consumer").
struct RivalSetting {
  std::string system, key, value, say;
};

// What was done: to all systems at once, or, of a setting, to one.
struct RivalDeed {
  enum class Kind : std::uint8_t { crash, lose_node, set, cut_node };
  Kind kind = Kind::crash;
  Time at = 0;
  std::string what;        // the consumer, or the system
  std::string key, value;  // of a setting
};

inline constexpr std::size_t kMostRivals = 6;

struct RivalsSetup {
  std::string use;      // the name of a workload that comes with the program; empty: it stands in the scenario
  std::string text;     // as its file reads
  std::string file;     // for messages
  std::vector<RivalSystem> systems;  // 1 to kMostRivals
  std::string service;  // whom the figures are about
  std::vector<RivalSetting> settings;
  std::vector<std::string> figures;  // columns of the table; empty: those that tell something
  std::vector<std::string> workers;  // "billing/c1": consumers that can be killed
  // What has been worked out of it, by what was done, the latest last (sim/scenario/rivals.h): a function of the rest.
  mutable std::vector<std::pair<std::vector<RivalDeed>, std::shared_ptr<const void>>> worked_out;
};

struct Rivals {
  std::shared_ptr<const RivalsSetup> setup;  // nullptr: there is a cluster
  std::vector<RivalDeed> deeds;              // by time
};

}  // namespace nutshell

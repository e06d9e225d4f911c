// The names that exist in a scenario: what its script, beats and expectations may speak of.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/cluster/titles.h"
#include "sim/cluster/world.h"

namespace nutshell {

// Nodes, topics and groups of the setup, and those that the script adds.
struct Vocabulary {
  std::vector<std::string> nodes, producers, consumers, topics, groups, zones;
  std::vector<BrokerId> brokers;
  std::vector<std::string> broker_ids, quorum;  // as paths of values name them: "1", "Q1" or "3001"
  std::shared_ptr<const RivalsSetup> rivals;  // nullptr: there is a cluster
  bool wires = false;                         // there are only wires between programs
  std::vector<std::pair<std::string, ConfigScope>> plain;  // processes of plain kinds, and whose keys they have
};

Vocabulary vocabulary_of(const Setup& setup, const std::vector<Action>& script);

// What is wrong with a title: it speaks of what does not exist. Empty: nothing.
std::string wrong_title(const Title& title, const Vocabulary& known);

std::vector<std::string_view> views(const std::vector<std::string>& names);

}  // namespace nutshell

// Reads scenario files. Every mistake is reported, not only the first; nothing is ignored or guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/problem.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// What a user wants different from the file.
struct Overrides {
  std::optional<std::uint64_t> seed;
  std::optional<Time> until;
  // Configuration by Kafka's key, such as {"acks", "1"}: for the brokers, topics, producers and consumers that know
  // the key; with a scope, {"producers:acks", "1"} or {"orders-app:acks", "1"}, for those or that one alone.
  std::vector<std::pair<std::string, std::string>> set;
};

// Changes a scenario as the user wants it. What cannot be is reported.
void apply_overrides(const Overrides& overrides, Scenario& scenario, std::vector<Problem>& problems);

// The scenario, if there are no problems.
struct LoadResult {
  std::optional<Scenario> scenario;
  std::vector<Problem> problems;  // in the order of the file
};

// A path that ends in ".sql" names a script of ksqlDB's statements: a scenario without a cluster, of the rows that it inserts.
LoadResult load_scenario(const std::string& path, const Overrides& overrides = {});
// `file` is for messages, and its stem names the scenario.
LoadResult parse_scenario(std::string_view text, const std::string& file, const Overrides& overrides = {});

}  // namespace nutshell

// Scenario texts for tests, and what reading them says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/read.h"

namespace nutshell {

// A small scenario in which `more` stands, on line 2, among the members of the file.
inline std::string scenario_text(const std::string& more) {
  return "{ \"title\": \"t\", \"until\": \"20s\",\n" + more + "\n}";
}

// As scenario_text(), with a topic "orders" of 3 partitions, a producer "shop" and a consumer "c1" of group "g".
inline std::string small_cluster(const std::string& more) {
  return scenario_text(more +
                       ", \"topics\": [{\"name\": \"orders\", \"partitions\": 3}], "
                       "\"producers\": [{\"name\": \"shop\", \"topic\": \"orders\"}], "
                       "\"consumers\": [{\"name\": \"c1\", \"group\": \"g\", \"topics\": [\"orders\"]}]");
}

// The problems as text; empty: none.
inline std::vector<std::string> mistakes(std::string_view text) {
  std::vector<std::string> lines;
  for (const Problem& problem : parse_scenario(text, "f.json").problems) lines.push_back(to_text(problem));
  return lines;
}

// The only problem of a text; what is wrong with its number, if there is another number of them.
inline std::string mistake(std::string_view text) {
  const std::vector<std::string> all = mistakes(text);
  if (all.size() == 1) return all[0];
  std::string joined = std::to_string(all.size()) + " problems";
  for (const std::string& each : all) joined += "\n" + each;
  return joined;
}

inline bool has_words(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace nutshell

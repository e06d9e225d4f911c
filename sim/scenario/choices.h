// Words for the enumerators that scenario files name.
#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/kafka/consumer.h"
#include "sim/kafka/producer.h"

namespace nutshell {

template <class Enum, std::size_t N>
using Choices = std::array<std::pair<std::string_view, Enum>, N>;

inline constexpr Choices<KeyChoice, 2> kKeyChoices = {{{"cycle", KeyChoice::cycle}, {"random", KeyChoice::random}}};
inline constexpr Choices<CommitMode, 3> kCommitModes = {{{"after_processing", CommitMode::after_processing},
                                                         {"before_processing", CommitMode::before_processing},
                                                         {"never", CommitMode::never}}};

// False: there is no such word, `out` stays.
template <class Enum, std::size_t N>
bool find_choice(const Choices<Enum, N>& choices, std::string_view word, Enum& out) {
  for (const auto& [name, value] : choices) {
    if (name != word) continue;
    out = value;
    return true;
  }
  return false;
}

// The word for a value; empty: it has none.
template <class Enum, std::size_t N>
constexpr std::string_view word_for(const Choices<Enum, N>& choices, Enum value) {
  for (const auto& [name, each] : choices) {
    if (each == value) return name;
  }
  return "";
}

template <class Enum, std::size_t N>
std::vector<std::string_view> names_of(const Choices<Enum, N>& choices) {
  std::vector<std::string_view> names;
  for (const auto& each : choices) names.push_back(each.first);
  return names;
}

}  // namespace nutshell

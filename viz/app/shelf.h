// The lessons that can be opened.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "viz/panels/chrome.h"

namespace nutshell {

// Reads the scenario of a file; an error as one sentence in the string.
using LessonReader = std::function<std::optional<Scenario>(const std::string& file, std::string& error)>;

struct Shelf {
  std::vector<LessonCard> cards;
  LessonReader read;

  // Its number by its title, or by the name of its file; nullopt: there is none.
  std::optional<std::size_t> titled(const std::string& title) const;
  std::optional<std::size_t> named(const std::string& name) const;
  // As its file has it; nullopt: it cannot be read.
  std::optional<Scenario> open(std::size_t which) const;
  // Of a scenario of that name, what was shipped; nullopt: it is no shipped one.
  std::optional<Scenario> shipped(const std::string& name) const;
};

}  // namespace nutshell

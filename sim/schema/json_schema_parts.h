// Types and references of JSON Schema. For the files of this folder only.
#pragma once

#include <algorithm>
#include <string_view>

#include "sim/json/json_tree.h"

namespace nutshell {

inline constexpr std::string_view kJsonTypes[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
inline constexpr int kNoJsonType = -2;
inline int json_type_index(std::string_view name) {
  for (int i = 0; i < 7; ++i) {
    if (kJsonTypes[i] == name) return i;
  }
  return kNoJsonType;
}

// The value that "#/$defs/Money" names; nullptr: there is none.
inline const JsonTree* json_target(const JsonTree& root, std::string_view reference) {
  const JsonTree* to = &root;
  std::string_view path = reference.substr(1);
  while (to && !path.empty()) {
    if (path.front() != '/') return nullptr;
    path.remove_prefix(1);
    const std::size_t slash = std::min(path.find('/'), path.size());
    to = to->find(path.substr(0, slash));
    path.remove_prefix(slash);
  }
  return to;
}

}  // namespace nutshell

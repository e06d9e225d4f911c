// What actions look like: their names, fields and limits, from their field lists alone. For reading, for the schema and
// for the lists of the reference.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/cluster/action.h"
#include "sim/core/bounds.h"

namespace nutshell {

struct ActionField {
  std::string_view name;
  ActionFieldKind kind = ActionFieldKind::text;
  bool required = false;
  Bounds bounds;  // of integers and durations
};

struct ActionShape {
  std::string_view name, help;
  std::vector<ActionField> fields;
};

// Every action there is, in the order of ActionBody.
const std::vector<ActionShape>& action_shapes();
const ActionShape& shape_of(const ActionBody& body);

}  // namespace nutshell

// A schema and the next one: what a registry says of the change, and what readers make of a record of each (M3, M5).
#pragma once

#include <cstddef>
#include <vector>

#include "sim/schema/worked_changes.h"
#include "viz/panels/panels.h"

namespace nutshell {

struct SchemaView {
  std::size_t chosen = 0;  // of worked_changes()
};

void draw_schemas(PanelUi& ui, SchemaView& view, Rect area);

}  // namespace nutshell

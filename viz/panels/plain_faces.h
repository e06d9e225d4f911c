// Cards of plain kinds that say something in a way of their own. Of the others the numbers are told. For stage_*.cpp only.
#pragma once

#include <array>
#include <string_view>

#include "viz/panels/stage.h"

namespace nutshell {

// Draws what stands below the name.
using PlainFace = void (*)(Canvas& canvas, const Scene& scene, const Node& node, Rect inner);
struct NamedFace {
  std::string_view kind;  // ProcessKind::name
  PlainFace draw = nullptr;
};

void draw_registry_face(Canvas& canvas, const Scene& scene, const Node& node, Rect inner);  // stage_registry.cpp
void draw_ksql_face(Canvas& canvas, const Scene& scene, const Node& node, Rect inner);

// The table.
inline constexpr std::array kPlainFaces = {NamedFace{SchemaRegistryKind::name, draw_registry_face},
                                           NamedFace{KsqlServerKind::name, draw_ksql_face}};

}  // namespace nutshell

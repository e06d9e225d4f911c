#include "sim/scenario/action_shape.h"

#include <type_traits>

#include "sim/core/alternatives.h"

namespace nutshell {
namespace {

template <class Body>
ActionShape make_shape(const Body& body) {
  ActionShape shape{Body::name, Body::help, {}};
  for_each_field(body, [&](std::string_view name, const auto& member) {
    using Field = std::remove_cvref_t<decltype(member)>;
    shape.fields.push_back({name, kind_of_field<Field>(), is_required_field<Field>(), bounds_of_field<Field>()});
  });
  return shape;
}

}  // namespace

const std::vector<ActionShape>& action_shapes() {
  static const std::vector<ActionShape> kShapes = [] {
    std::vector<ActionShape> shapes;
    for_each_alternative<ActionVariant>([&](const auto& body) { shapes.push_back(make_shape(body)); });
    return shapes;
  }();
  return kShapes;
}

const ActionShape& shape_of(const ActionBody& body) { return action_shapes()[body.index()]; }

}  // namespace nutshell

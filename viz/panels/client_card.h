// The ground of a client's card, and what is said of its process.
#pragma once

#include <string_view>

#include "viz/panels/stage.h"

namespace nutshell {

const Node& node_of(const World& world, NodeId node);
// Empty: it is running.
std::string_view status_word(const Node& node);
// `quiet`: it is up, but has nothing to do.
void draw_client_card(Canvas& canvas, const Scene& scene, const Node& node, NodeId id, Rect card, bool quiet);

}  // namespace nutshell

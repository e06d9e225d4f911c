#include "sim/kafka/env.h"

namespace nutshell {

void Commons::enlist(BrokerId id, NodeId node) {
  if (id >= static_cast<BrokerId>(broker_nodes.size())) broker_nodes.resize(static_cast<std::size_t>(id) + 1, kNoNode);
  broker_nodes[static_cast<std::size_t>(id)] = node;
}

NodeId Env::broker_node(BrokerId id) const {
  if (id < 0 || id >= static_cast<BrokerId>(commons.broker_nodes.size())) return kNoNode;
  return commons.broker_nodes[static_cast<std::size_t>(id)];
}

void Env::tell(const WireFact& fact, Step because) {
  std::visit([&](const auto& each) { emit(each, because); }, fact);
}

}  // namespace nutshell

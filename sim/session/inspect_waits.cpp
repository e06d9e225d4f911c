// The inspector: configuration keys, and what a process waits for.
#include <algorithm>

#include "sim/cluster/process_kind.h"
#include "sim/kafka/config_keys.h"
#include "sim/session/image.h"
#include "sim/session/inspect.h"

namespace nutshell {

namespace {

// All keys of the scope, each with what `get` says of it.
template <class Get>
std::vector<Setting> settings(ConfigScope scope, const Get& get) {
  std::vector<Setting> all;
  for (const ConfigKey& each : config_keys())
    if (each.scope == scope) all.push_back({std::string(each.name), get(each.name), each.default_text});
  return all;
}

// Whose process it is that waits; kNoNode: nobody's.
NodeId process_of(const World& world, const Place& place) {
  if (place.kind != PlaceKind::partition && place.kind != PlaceKind::group) return place.node;
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = place.kind == PlaceKind::partition && image ? image->partition(place.tp) : nullptr;
  if (partition && partition->leader != kNoBroker) return world.find_broker(partition->leader)->node;
  for (const Broker& broker : world.brokers) {
    for (const Group& each : broker.groups.groups) {
      if (place.kind == PlaceKind::group && each.group == place.group) return broker.node;
    }
  }
  return kNoNode;
}

}  // namespace

std::vector<Setting> settings_of(const World& world, const Place& place) {
  if (place.tp.topic >= 0) {
    const MetadataImage* image = committed_image(world);
    const TopicRegistration* topic = image ? image->topic(place.tp.topic) : nullptr;
    if (!topic) return {};
    return settings(ConfigScope::topic, [&](std::string_view key) { return get_config(topic->config, key); });
  }
  const Node* node = node_at(world, place.node);
  if (!node || !kind_of(*node).scope) return {};
  const ProcessKind& kind = kind_of(*node);
  return settings(*kind.scope, [&](std::string_view key) { return kind.get(world, static_cast<std::size_t>(node->index), key); });
}

std::vector<Wait> waits_of(const World& world, const Place& place) {
  std::vector<Wait> all;
  const NodeId node = process_of(world, place);
  if (node == kNoNode) return all;
  for (const Connection& each : world.fabric.connections) {
    if (each.client != node) continue;
    const std::string& server = world.fabric.nodes[static_cast<std::size_t>(each.server)].name;
    for (const InFlight& request : each.in_flight)
      all.push_back({"answer to " + std::string(message_name(request.request)) + " from " + server, request.sent_at, request.deadline});
  }
  const std::size_t requests = all.size();
  world.fabric.queue.for_each_pending([&](const auto& entry) {
    const Event& event = entry.payload;
    if (event.kind == EventKind::timer && event.node == node)
      all.push_back({std::string(timer_words(event.timer).name), -1, entry.time});
  });
  const auto sooner = [](const Wait& a, const Wait& b) { return a.until < b.until; };
  std::stable_sort(all.begin() + static_cast<std::ptrdiff_t>(requests), all.end(), sooner);
  return all;
}

}  // namespace nutshell

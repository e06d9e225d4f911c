#include "sim/session/about.h"

#include <algorithm>
#include <array>

#include "sim/core/text.h"
#include "sim/session/image.h"

namespace nutshell {

namespace {

// Everything that a fact names.
struct Mentioned {
  std::array<NodeId, 4> nodes{};
  std::size_t count = 0;  // of nodes
  TopicPartition tp;
  GroupId group = -1;

  const NodeId* begin() const { return nodes.data(); }
  const NodeId* end() const { return nodes.data() + count; }
  bool node(NodeId wanted) const { return std::find(begin(), end(), wanted) != end(); }
  void add(NodeId node) {
    if (count < nodes.size()) nodes[count++] = node;
  }
};

// Reads what a fact refers to.
class Reader {
 public:
  Reader(const World& world, Mentioned& found) : world_(world), found_(found) {}

  void operator()(std::string_view, const TopicPartition& tp) { found_.tp = tp; }
  template <class T>
  void operator()(std::string_view, const T& value) {
    if constexpr (refers_to<T, Reference::group>()) {
      if (value >= 0) found_.group = value;
    } else if constexpr (refers_to<T, Reference::node>()) {
      if (value >= 0) found_.add(value);
    } else if constexpr (refers_to<T, Reference::broker>()) {
      if (const Broker* broker = world_.find_broker(value)) found_.add(broker->node);
    }
  }

 private:
  const World& world_;
  Mentioned& found_;
};

Mentioned mentioned(const World& world, const FactBody& body) {
  Mentioned found;
  body.visit([&](const auto& fact) { for_each_field(fact, Reader(world, found)); });
  return found;
}

const Consumer* consumer_of(const World& world, NodeId node) {
  for (const Consumer& each : world.consumers) {
    if (each.node == node) return &each;
  }
  return nullptr;
}

bool owns(const World& world, NodeId node, TopicPartition tp) {
  const Consumer* consumer = consumer_of(world, node);
  if (!consumer) return false;
  const auto same = [&](const OwnedPartition& each) { return each.tp == tp; };
  return std::any_of(consumer->owned.begin(), consumer->owned.end(), same);
}

GroupId group_of(const World& world, const Place& place) {
  if (place.group >= 0) return place.group;
  const Consumer* consumer = consumer_of(world, place.node);
  return consumer ? consumer->spec.group : GroupId{};
}

// A partition, or all of a topic.
bool same_partition(TopicPartition wanted, TopicPartition tp) {
  return wanted.topic >= 0 && wanted.topic == tp.topic && (wanted.partition < 0 || wanted.partition == tp.partition);
}

bool is_of_replica(PlaceKind kind) {
  return kind == PlaceKind::replica || kind == PlaceKind::record || kind == PlaceKind::high_watermark ||
         kind == PlaceKind::log_end || kind == PlaceKind::epoch;
}
bool is_of_reader(PlaceKind kind) {
  return kind == PlaceKind::committed || kind == PlaceKind::position || kind == PlaceKind::lag;
}
bool is_controller(const World& world, NodeId node) {
  const Node* found = node_at(world, node);
  return found && found->kind == NodeKind::controller;
}

// Whether a fact that tells of some offsets only tells of this one.
bool touches(const FactBody& body, Offset offset) {
  const std::optional<FactOffsets> told = offsets_of(body);
  return !told || told->holds(offset);
}

bool concerns_replica(const Mentioned& found, const FactBody& body, const Place& place) {
  // What befalls its broker befalls the copy.
  if (found.tp.topic < 0) return found.node(place.node);
  if (found.tp != place.tp) return false;
  if (place.kind == PlaceKind::record && !touches(body, place.offset)) return false;
  return found.count == 0 || found.node(place.node);
}

PlaceKind kind_of_node(NodeKind kind) {
  switch (kind) {
    case NodeKind::broker: return PlaceKind::broker;
    case NodeKind::controller: return PlaceKind::controller;
    case NodeKind::producer: return PlaceKind::producer;
    case NodeKind::consumer: return PlaceKind::consumer;
    case NodeKind::admin: return PlaceKind::none;
  }
  return PlaceKind::process;
}

}  // namespace

bool concerns(const World& world, const FactBody& body, const Place& place) {
  if (!place) return false;
  const Mentioned found = mentioned(world, body);
  if (is_of_replica(place.kind)) return concerns_replica(found, body, place);
  if (is_of_reader(place.kind)) return found.node(place.node) && (place.tp.topic < 0 || found.tp == place.tp);
  switch (place.kind) {
    case PlaceKind::partition: return same_partition(place.tp, found.tp);
    case PlaceKind::group: {
      const auto member = [&](NodeId each) { return group_of(world, {PlaceKind::consumer, each}) == place.group; };
      return found.group == place.group || std::any_of(found.begin(), found.end(), member);
    }
    case PlaceKind::link:
    case PlaceKind::message: return found.node(place.node) && found.node(place.to);
    case PlaceKind::controller:
      if (place.node != kNoNode) return found.node(place.node);
      return std::any_of(found.begin(), found.end(), [&](NodeId each) { return is_controller(world, each); });
    default: return found.node(place.node);
  }
}

Place place_of(const World& world, const FactBody& body) {
  const Mentioned found = mentioned(world, body);
  const NodeId node = found.count == 0 ? kNoNode : found.nodes.front();
  const PlaceKind kind = node == kNoNode || node >= static_cast<NodeId>(world.fabric.nodes.size())
                             ? PlaceKind::none
                             : kind_of_node(world.fabric.nodes[static_cast<std::size_t>(node)].kind);
  if (found.tp.topic >= 0 && kind == PlaceKind::broker) return {PlaceKind::replica, node, kNoNode, found.tp};
  if (kind == PlaceKind::none && found.tp.topic >= 0) return {PlaceKind::partition, kNoNode, kNoNode, found.tp};
  if (kind == PlaceKind::none && found.group >= 0) return {PlaceKind::group, kNoNode, kNoNode, {}, -1, found.group};
  return kind == PlaceKind::none ? Place{} : Place{kind, node};
}

bool belong_together(const World& world, const Place& one, const Place& other) {
  if (!one || one == other) return one == other;
  const bool mine = one.node != kNoNode && one.node == other.node;
  if (one.kind == PlaceKind::partition || is_of_replica(one.kind)) {
    const bool same = same_partition(one.tp, other.tp);
    if (one.kind == PlaceKind::partition && one.tp.partition < 0) return same;
    return same || owns(world, other.node, one.tp) || (other.kind == PlaceKind::broker && mine);
  }
  if (one.kind == PlaceKind::group) return group_of(world, other) == one.group;
  if (one.kind == PlaceKind::controller && one.node == kNoNode) return is_controller(world, other.node);
  if (other.tp.topic >= 0 && owns(world, one.node, other.tp)) return true;
  return mine;
}

bool marks(const Place& selected, const Place& drawn) {
  if (!selected) return false;
  if (selected.kind == PlaceKind::partition && drawn.kind == PlaceKind::replica) return same_partition(selected.tp, drawn.tp);
  if (selected.kind == PlaceKind::controller && selected.node == kNoNode) return drawn.kind == PlaceKind::controller;
  return selected == drawn;
}

Place place_named(const World& world, std::string_view name) {
  for (std::size_t i = 0; i < world.fabric.nodes.size(); ++i) {
    const Node& node = world.fabric.nodes[i];
    if (node.name == name) return {kind_of_node(node.kind), static_cast<NodeId>(i)};
  }
  for (const Consumer& each : world.consumers) {
    if (world.fabric.names[each.spec.group] == name) return {PlaceKind::group, kNoNode, kNoNode, {}, -1, each.spec.group};
  }
  if (const TopicId topic = world.topic_id(name); topic >= 0) return {PlaceKind::partition, kNoNode, kNoNode, {topic, -1}};
  const std::size_t dash = name.find_last_of('-');
  if (dash == std::string_view::npos) return {};
  const std::optional<std::int64_t> number = parse_integer(name.substr(dash + 1));
  const TopicId topic = world.topic_id(name.substr(0, dash));
  if (topic < 0 || !number || *number < 0) return {};
  return {PlaceKind::partition, kNoNode, kNoNode, {topic, static_cast<std::int32_t>(*number)}};
}

std::string place_text(const World& world, const Place& place) {
  const WorldNamer namer(world);
  const std::string node = place.node == kNoNode ? "" : namer.node(place.node);
  if (place.kind == PlaceKind::group) return "group " + namer.name(place.group);
  if (place.kind == PlaceKind::controller && node.empty()) return "quorum";
  if (place.tp.topic < 0) return node;
  const std::string tp = place.tp.partition < 0 ? namer.name(place.tp.topic) : namer.partition(place.tp);
  if (place.kind == PlaceKind::record) return "record " + std::to_string(place.offset) + " of " + tp + " on " + node;
  return node.empty() ? tp : tp + (is_of_reader(place.kind) ? " for " : " on ") + node;
}

}  // namespace nutshell

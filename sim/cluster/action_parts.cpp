#include "sim/cluster/action_parts.h"

#include <algorithm>
#include <type_traits>

#include "sim/cluster/image.h"
#include "sim/core/require.h"

namespace nutshell {

NodeId id_of(const World& world, const std::string& name) {
  const Node* node = world.find_node(name);
  NUTSHELL_REQUIRE(node);
  return static_cast<NodeId>(node - world.fabric.nodes.data());
}

std::vector<std::pair<NodeId, NodeId>> link_pairs(const World& world, const std::string& from, const std::string& to,
                                                  bool both) {
  std::vector<bool> is_from, is_to;
  for (const Node& each : world.fabric.nodes) {
    is_from.push_back(from.empty() || each.name == from);
    is_to.push_back(to.empty() || each.name == to);
  }
  std::vector<std::pair<NodeId, NodeId>> found;
  for (std::size_t a = 0; a < is_from.size(); ++a) {
    const bool begins = is_from[a], ends = both && is_to[a];
    if (!begins && !ends) continue;
    for (std::size_t b = 0; b < is_to.size(); ++b) {
      if (a != b && ((begins && is_to[b]) || (ends && is_from[b]))) found.emplace_back(static_cast<NodeId>(a), static_cast<NodeId>(b));
    }
  }
  return found;
}

LinkModel changed(LinkModel model, const SetLink& action) {
  const auto take = [](auto& field, std::int64_t value) {
    if (value >= 0) field = static_cast<std::remove_reference_t<decltype(field)>>(value);
  };
  take(model.latency, action.latency.ns);
  take(model.jitter, action.jitter.ns);
  take(model.tail, action.tail.ns);
  take(model.reorder_delay, action.reorder_delay.ns);
  take(model.tail_ppm, action.tail_ppm);
  take(model.loss_ppm, action.loss_ppm);
  take(model.duplicate_ppm, action.duplicate_ppm);
  take(model.reorder_ppm, action.reorder_ppm);
  take(model.bytes_per_second, action.bytes_per_second);
  return model;
}

std::int32_t oldest_message(const World& world, const DropMessage& action) {
  const Fabric& fabric = world.fabric;
  const auto is = [&](NodeId node, const std::string& name) {
    return name.empty() || fabric.nodes[static_cast<std::size_t>(node)].name == name;
  };
  const MessageNumber kind = message_number(action.message);
  std::int32_t oldest = -1;
  for (std::size_t i = 0; i < fabric.messages.size(); ++i) {
    const Message& each = fabric.messages[i];
    if (each.connection < 0 || each.dropped || each.body.number() != kind) continue;
    if (!is(each.from, action.from) || !is(each.to, action.to)) continue;
    if (oldest < 0 || each.sent_at < fabric.messages[static_cast<std::size_t>(oldest)].sent_at) oldest = static_cast<std::int32_t>(i);
  }
  return oldest;
}

bool is_topic_name(std::string_view name) {
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), legal);
}

namespace {

std::int64_t wanted(const CreateTopicsRequest& create, std::int64_t usual) {
  if (!create.assignment.empty()) return static_cast<std::int64_t>(create.assignment.size());
  return create.partitions == -1 ? usual : create.partitions;
}

// What the operator's request makes of the number of partitions; a topic that does not say has as many as is usual.
std::int64_t after(const Body& request, TopicId topic, std::int64_t partitions, std::int64_t usual) {
  if (const auto* create = request.get_if<CreateTopicsRequest>(); create && create->topic == topic)
    return std::max(partitions, wanted(*create, usual));
  if (const auto* grow = request.get_if<CreatePartitionsRequest>(); grow && grow->topic == topic)
    return std::max<std::int64_t>(partitions, grow->count);
  if (const auto* gone = request.get_if<DeleteTopicsRequest>(); gone && gone->topic == topic) return 0;
  return partitions;
}

}  // namespace

std::int64_t partitions_of(const World& world, std::string_view topic) {
  const std::int32_t name = world.topic_id(topic);
  std::int64_t partitions = 0;
  const MetadataImage* image = committed_image(world);
  if (const TopicRegistration* known = image ? image->topic(name) : nullptr)
    partitions = static_cast<std::int64_t>(known->partitions.size());
  const std::int64_t usual = world.controllers.empty() ? 1 : world.controllers.front().config.num_partitions;
  for (const AdminRequest& each : world.admin.requests) partitions = after(each.body, name, partitions, usual);
  return partitions;
}

}  // namespace nutshell

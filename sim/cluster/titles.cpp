#include "sim/cluster/titles.h"

#include <type_traits>

#include "sim/cluster/describe_tables.h"
#include "sim/core/text.h"
#include "sim/log/hash.h"

namespace nutshell {

namespace {

bool take_head(std::string_view& text, std::string_view head) {
  if (text.substr(0, head.size()) != head) return false;
  text.remove_prefix(head.size());
  return true;
}

// "orders-0"; a name may hold dashes itself.
Title of_partition(Title::Kind kind, std::string_view text) {
  const std::size_t dash = text.rfind('-');
  const bool parted = dash != std::string_view::npos;
  const std::optional<std::int64_t> number = parted ? parse_integer(text.substr(dash + 1)) : std::nullopt;
  const bool right = number && *number >= 0 && *number < 1'000'000;
  return {kind, std::string(right ? text.substr(0, dash) : text), right ? static_cast<std::int32_t>(*number) : -1};
}

const Node* broker_node(const World& world, BrokerId id) {
  const Broker* broker = world.find_broker(id);
  return broker ? &world.fabric.nodes[static_cast<std::size_t>(broker->node)] : nullptr;
}

const Node* follower_of(const World& world, const PartitionRegistration& state) {
  for (std::int16_t each : state.replicas)
    if (each != state.leader && state.isr.contains(each)) return broker_node(world, each);
  return nullptr;
}

// The partition that a title speaks of: its own, or its group's in __consumer_offsets.
const PartitionRegistration* spoken_of(const World& world, const Title& title) {
  const MetadataImage& image = visible_image(world);
  if (title.kind != Title::Kind::coordinator)
    return image.partition({world.topic_id(title.of), title.partition});
  const std::int32_t offsets = world.topic_id(kOffsetsTopic);
  const TopicRegistration* topic = image.topic(offsets);
  if (!topic || topic->partitions.empty()) return nullptr;
  return image.partition({offsets, coordinator_partition(title.of, static_cast<std::int32_t>(topic->partitions.size()))});
}

template <class Body, class F>
void for_each_node_name(Body& body, F&& f) {
  for_each_field(body, [&](std::string_view, auto& member) {
    if constexpr (names_node<std::remove_cvref_t<decltype(member)>>()) f(member);
  });
}

}  // namespace

std::optional<Title> parse_title(std::string_view text) {
  if (text == "active controller") return Title{Title::Kind::active_controller, "", -1};
  if (take_head(text, "coordinator of ")) return Title{Title::Kind::coordinator, std::string(text), -1};
  if (take_head(text, "leader of ")) return of_partition(Title::Kind::leader, text);
  take_head(text, "a ");
  if (take_head(text, "follower of ")) return of_partition(Title::Kind::follower, text);
  return std::nullopt;
}

const Node* bearer(const World& world, const Title& title) {
  if (title.kind == Title::Kind::active_controller) {
    const Controller* active = active_controller(world);
    return active ? &world.fabric.nodes[static_cast<std::size_t>(active->node)] : nullptr;
  }
  const PartitionRegistration* state = spoken_of(world, title);
  if (!state) return nullptr;
  return title.kind == Title::Kind::follower ? follower_of(world, *state) : broker_node(world, state->leader);
}

ActionBody with_bearers(const World& world, ActionBody body, std::string& vacant) {
  const auto replace = [&](std::string& name) {
    const std::optional<Title> title = parse_title(name);
    if (!title || world.find_node(name)) return;
    const Node* node = bearer(world, *title);
    if (node) name = node->name;
    else if (vacant.empty()) vacant = "there is no " + name + " at this moment";
  };
  std::visit([&](auto& each) { for_each_node_name(each, replace); }, body);
  return body;
}

bool has_title(const ActionBody& body) {
  bool found = false;
  std::visit([&](auto& each) { for_each_node_name(each, [&](const std::string& name) { found = found || parse_title(name); }); },
             body);
  return found;
}

}  // namespace nutshell

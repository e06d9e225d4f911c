// Building by hand: topics that are typed, and consumers that go over to another group.
#include <algorithm>
#include <sstream>

#include "sim/core/text.h"
#include "sim/session/offers_menu.h"

namespace nutshell {

namespace {

constexpr Duration kLeaves = 100 * kMillisecond;  // close() is called, and then the new process is started

// What stands before the number of a name: "reader" of "reader-2".
std::string stem_of(const std::string& name) {
  const std::size_t dash = name.find_last_of('-');
  if (dash == std::string::npos || dash == 0 || dash + 1 == name.size()) return name;
  const bool number = name.find_first_not_of("0123456789", dash + 1) == std::string::npos;
  return number ? name.substr(0, dash) : name;
}

}  // namespace

std::string new_group(const World& world) {
  for (int i = 1;; ++i) {
    std::string name = "group-" + std::to_string(i);
    const auto is_it = [&](const Consumer& each) { return group_name(world, each.spec.group) == name; };
    if (std::none_of(world.consumers.begin(), world.consumers.end(), is_it)) return name;
  }
}

Offer move_to_group(const World& world, const Node& node, const std::string& group) {
  const Consumer& consumer = world.consumers[static_cast<std::size_t>(node.index)];
  const std::string label = "Move to group " + group;
  OfferList menu(world);
  if (group_name(world, consumer.spec.group) == group) {
    menu.add_refusal(label, node_at_start(node.name) + " is in it already.");
  } else if (consumer.spec.topics.empty()) {
    menu.add_refusal(label, node_at_start(node.name) + " reads no topic.");
  } else {
    const std::string topic(world.fabric.names[consumer.spec.topics.front()]);
    menu.add(label, Stop{node.name}, kLeaves, AddConsumer{fresh_name(world, stem_of(node.name)), group, topic});
  }
  return std::move(menu.rows.front());
}

std::vector<Offer> offer_moves(const World& world, const Node& consumer) {
  std::vector<std::string> groups;
  for (const Consumer& each : world.consumers) {
    const std::string name = group_name(world, each.spec.group);
    if (std::find(groups.begin(), groups.end(), name) == groups.end()) groups.push_back(name);
  }
  groups.push_back(new_group(world));
  std::vector<Offer> rows;
  for (const std::string& each : groups) rows.push_back(move_to_group(world, consumer, each));
  rows.back().label += ", a new one";
  return rows;
}

void offer_topic(OfferList& menu, const World& world) {
  std::string name = "topic-1";
  for (int i = 2; world.topic_id(name) >= 0; ++i) name = "topic-" + std::to_string(i);
  const std::size_t copies = std::clamp<std::size_t>(world.brokers.size(), 1, 3);
  const std::string usual = name + " 3 " + std::to_string(copies);
  if (world.brokers.empty()) {
    menu.add_refusal("Create a topic", "There is no broker yet that could hold it.", Tool::add_topic);
    return;
  }
  menu.add_new_topic("Create a topic \u2026", usual);
  menu.add("Create " + name + ": 3 partitions, " + std::to_string(copies) + (copies == 1 ? " copy" : " copies"),
           CreateTopic{name, 3, static_cast<std::int64_t>(copies)});
}

std::variant<std::string, CreateTopic> typed_topic(const World& world, std::string_view text, std::string_view usual) {
  const auto words = [](std::string_view line) {
    std::istringstream in{std::string(line)};
    std::vector<std::string> found;
    for (std::string word; in >> word;) found.push_back(word);
    return found;
  };
  std::vector<std::string> typed = words(text);
  const std::vector<std::string> rest = words(usual);
  if (typed.size() > rest.size()) return std::string("A name, partitions, replicas, and nothing more: orders 3 2");
  while (typed.size() < rest.size()) typed.push_back(rest[typed.size()]);
  const std::optional<std::int64_t> partitions = parse_integer(typed[1]), copies = parse_integer(typed[2]);
  if (!partitions || !copies)
    return "'" + (partitions ? typed[2] : typed[1]) + "' is no number; write a name, partitions, replicas: orders 3 2";
  CreateTopic topic{typed[0], *partitions, *copies};
  std::string why = impossible(world, topic);
  if (why.empty()) why = refusal(world, topic);
  if (!why.empty()) return capital(why) + ".";
  return topic;
}

}  // namespace nutshell

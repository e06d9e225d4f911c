#include "sim/scenario/vocabulary.h"

#include <algorithm>

#include "sim/cluster/zones.h"
#include "sim/core/text.h"

namespace nutshell {
namespace {

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void add_broker(Vocabulary& known, std::int64_t id) {
  known.brokers.push_back(static_cast<BrokerId>(id));
  add(known.nodes, "broker " + std::to_string(id));
  add(known.broker_ids, std::to_string(id));
  for (const std::string& name : {std::to_string(id), "broker " + std::to_string(id)}) add(known.quorum, name);
}

void add_what_it_creates(Vocabulary& known, const ActionBody& body) {
  if (const auto* broker = std::get_if<AddBroker>(&body)) add_broker(known, broker->id);
  if (const auto* topic = std::get_if<CreateTopic>(&body)) add(known.topics, topic->topic);
  if (const auto* producer = std::get_if<AddProducer>(&body)) {
    add(known.nodes, producer->producer);
    add(known.producers, producer->producer);
  }
  if (const auto* consumer = std::get_if<AddConsumer>(&body)) {
    add(known.nodes, consumer->consumer);
    add(known.consumers, consumer->consumer);
    add(known.groups, consumer->group);
  }
}

}  // namespace

Vocabulary vocabulary_of(const Setup& setup, const std::vector<Action>& script) {
  Vocabulary known;
  known.rivals = setup.rivals;
  for (std::int32_t id = 1; id <= setup.brokers; ++id) add_broker(known, id);
  for (std::int32_t i = 1; i <= setup.controllers; ++i) {
    add(known.nodes, "Q" + std::to_string(i));
    for (const std::string& name : {"Q" + std::to_string(i), std::to_string(3000 + i)}) add(known.quorum, name);
  }
  for (const std::string& zone : zones_of(setup)) add(known.zones, zone);
  for (const TopicSpec& topic : setup.topics) add(known.topics, topic.name);
  for (const ProducerSetup& producer : setup.producers) {
    add(known.nodes, producer.name);
    add(known.producers, producer.name);
  }
  for (const ConsumerSetup& consumer : setup.consumers) {
    add(known.nodes, consumer.name);
    add(known.consumers, consumer.name);
    add(known.groups, consumer.group);
  }
  for (const PlainSetup& process : setup.plain) {
    add(known.nodes, process.name);
    known.plain.emplace_back(process.name, process.config.scope);
  }
  for (const Action& action : script) add_what_it_creates(known, action.body);
  return known;
}

std::string wrong_title(const Title& title, const Vocabulary& known) {
  const auto missing = [&](std::string_view kind, const std::vector<std::string>& names) -> std::string {
    if (std::find(names.begin(), names.end(), title.of) != names.end()) return "";
    const std::string near = nearest_name(title.of, views(names));
    return "there is no " + std::string(kind) + " named '" + title.of + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?");
  };
  if (title.kind == Title::Kind::active_controller) return "";
  if (title.kind == Title::Kind::coordinator) return missing("group", known.groups);
  if (title.partition < 0) return "names no partition; write it as \"leader of orders-0\"";
  return title.of == kOffsetsTopic ? "" : missing("topic", known.topics);
}

std::vector<std::string_view> views(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

}  // namespace nutshell

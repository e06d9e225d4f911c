// A small cluster with a judge at its side, for tests that let it run or lay hands on it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/check/judge.h"

namespace nutshell {

// Three brokers and controllers; "orders" has 2 partitions with 2 replicas each; producer p1 sends a record
// every 20 ms, consumers c1 and c2 of group g read.
inline Setup small_setup() {
  Setup setup;
  setup.topics.push_back({"orders", 2, 2, {}, {}});
  ProducerSetup producer;
  producer.name = "p1";
  producer.topic = "orders";
  producer.keys = {"a", "b", "c"};
  producer.spec.interval = 20 * kMillisecond;
  producer.spec.key_choice = KeyChoice::cycle;
  setup.producers.push_back(producer);
  ConsumerSetup consumer;
  consumer.group = "g";
  consumer.topics = {"orders"};
  consumer.spec.config.auto_offset_reset = OffsetReset::earliest;
  for (const char* name : {"c1", "c2"}) {
    consumer.name = name;
    setup.consumers.push_back(consumer);
  }
  return setup;
}

struct JudgedWorld {
  explicit JudgedWorld(const Setup& setup) : world(make_world(setup)) {}

  World world;
  Judge judge;
  std::vector<Fact> facts;  // of the last step

  void run(Time until) {
    while (next_event_time(world) <= until) {
      facts.clear();
      step(world, facts);
      judge.observe(world, facts);
    }
  }
  void act(Time at, ActionBody body) {
    run(at - 1);
    facts.clear();
    apply(world, {at, std::move(body)}, facts);
    judge.observe(world, facts);
  }
  // As if a step had had these facts.
  void tell(std::initializer_list<FactBody> bodies) {
    facts.clear();
    for (const FactBody& each : bodies) facts.push_back({world.now(), world.fabric.step, kNoStep, each});
    judge.observe(world, facts);
  }
  void examine() {
    facts.clear();
    judge.examine(world, facts);
  }

  std::set<std::string> broken() const {
    std::set<std::string> names;
    for (const Breach& each : judge.breaches()) names.emplace(promises()[static_cast<std::size_t>(each.promise)].name);
    return names;
  }
  // Without those that Kafka does not promise under this configuration.
  std::set<std::string> betrayed() const {
    std::set<std::string> names;
    for (const Breach& each : judge.breaches())
      if (each.promised) names.emplace(promises()[static_cast<std::size_t>(each.promise)].name);
    return names;
  }
  std::string all_breaches() const {
    std::string text;
    for (const Breach& each : judge.breaches())
      text += std::string(promises()[static_cast<std::size_t>(each.promise)].name) + ": " + each.why + "\n";
    return text;
  }
  std::uint64_t trials(PromiseId promise) const { return judge.trials()[static_cast<std::size_t>(promise)]; }

  TopicPartition orders(std::int32_t partition) const { return {world.topic_id("orders"), partition}; }
  NodeId node(std::string_view name) const { return static_cast<NodeId>(world.find_node(name) - world.fabric.nodes.data()); }
  Broker& broker(BrokerId id) {
    for (Broker& each : world.brokers)
      if (each.id == id) return each;
    return world.brokers.front();
  }
  const PartitionRegistration& registration(TopicPartition tp) const { return *judge.ledger().image.partition(tp); }
  BrokerId leader(TopicPartition tp) const { return registration(tp).leader; }
  BrokerId follower(TopicPartition tp) const {
    for (std::int16_t each : registration(tp).replicas)
      if (each != leader(tp)) return each;
    return kNoBroker;
  }
  Replica& leader_replica(TopicPartition tp) { return *broker(leader(tp)).replica(tp); }
  Replica& follower_replica(TopicPartition tp) { return *broker(follower(tp)).replica(tp); }
};

}  // namespace nutshell

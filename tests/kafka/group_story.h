// A small cluster for stories about groups: run, act, and look at what members and coordinator did.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/log/hash.h"

namespace nutshell {

class GroupStory {
 public:
  explicit GroupStory(const Setup& setup) : world(make_world(setup)) {}

  World world;
  std::vector<Fact> facts;

  Time now() const { return world.now(); }
  // Takes all events up to and including `time`.
  void run_to(Time time) {
    while (next_event_time(world) <= time) step(world, facts);
  }
  void run_for(Duration duration) { run_to(now() + duration); }
  // Runs until the condition holds; false if it does not within `limit`.
  bool until(const std::function<bool()>& condition, Duration limit = kMinute) {
    const Time end = now() + limit;
    while (!condition()) {
      if (next_event_time(world) > end) return false;
      step(world, facts);
    }
    return true;
  }
  // Runs until the next fact F that fits; nullptr if there is none within `limit`.
  template <class F>
  const F* next(Duration limit = kMinute, const std::function<bool(const F&)>& fits = [](const F&) { return true; }) {
    std::size_t seen = facts.size();
    const F* found = nullptr;
    until([&] {
      for (; seen < facts.size() && !found; ++seen)
        if (const F* fact = facts[seen].body.as<F>(); fact && fits(*fact)) found = fact;
      return found != nullptr;
    }, limit);
    return found;
  }
  void act(ActionBody body) { apply(world, Action{now(), std::move(body)}, facts); }
  void forget_facts() { facts.clear(); }

  // Facts of type F so far.
  template <class F>
  std::vector<F> all() const {
    std::vector<F> found;
    for (const Fact& each : facts)
      if (const F* fact = each.body.as<F>()) found.push_back(*fact);
    return found;
  }
  // When the last fact F was told; -1: never.
  template <class F>
  Time time_of_last() const {
    for (auto fact = facts.rbegin(); fact != facts.rend(); ++fact)
      if (fact->body.is<F>()) return fact->at;
    return -1;
  }

  Consumer& consumer(std::size_t index) { return world.consumers[index]; }
  const std::string& name(NodeId node) const { return world.fabric.nodes[static_cast<std::size_t>(node)].name; }
  // The running broker that coordinates the group; nullptr if there is none, or several.
  const Broker* coordinator(const std::string& group) const {
    const Broker* found = nullptr;
    for (const Broker& each : world.brokers) {
      if (!find(each, group)) continue;
      if (found) return nullptr;
      found = &each;
    }
    return found;
  }
  // The group as its coordinator knows it. REQUIRES coordinator(group).
  const Group& group(const std::string& group) const { return *find(*coordinator(group), group); }
  bool is_stable(const std::string& name, std::size_t members) const {
    return coordinator(name) && group(name).state == GroupState::stable && group(name).members.size() == members &&
           settled(members);
  }
  // The committed offset of a partition; -1: none.
  Offset committed(const std::string& group_name, const std::string& topic, std::int32_t partition) const {
    for (const CommittedOffset& each : group(group_name).offsets)
      if (each.tp == TopicPartition{world.topic_id(topic), partition}) return each.offset;
    return -1;
  }
  // Partitions that each consumer owns, as it knows: "0 1 | 2 3 | ".
  std::string owned() const {
    std::string text;
    for (const Consumer& each : world.consumers) {
      if (&each != world.consumers.data()) text += " | ";
      for (std::size_t i = 0; i < each.owned.size(); ++i)
        text += (i ? " " : "") + std::to_string(each.owned[i].tp.partition);
    }
    return text;
  }

 private:
  const Group* find(const Broker& broker, const std::string& group) const {
    const std::int32_t id = world.fabric.names.find(group);
    for (const Group& each : broker.groups.groups)
      if (each.group == id) return &each;
    return nullptr;
  }
  // As many consumers as the group has members know that they are in.
  bool settled(std::size_t members) const {
    std::size_t stable = 0;
    for (const Consumer& each : world.consumers) stable += each.state == MemberState::stable ? 1 : 0;
    return stable == members;
  }
};

// Three brokers, the topic "orders" with `partitions` partitions on all of them, written to by "producer"
// every `interval`, and consumers "c1", "c2", ... of the group "payments" that read it from the beginning.
inline Setup group_setup(std::int32_t partitions, std::int32_t consumers, Duration interval = 100 * kMillisecond) {
  Setup setup;
  setup.topics.push_back({"orders", partitions, 3, {}, {}});
  ProducerSetup producer;
  producer.name = "producer";
  producer.topic = "orders";
  producer.spec.interval = interval;
  producer.spec.config.partitioner = Partitioner::round_robin;
  setup.producers.push_back(producer);
  for (std::int32_t i = 1; i <= consumers; ++i) {
    ConsumerSetup consumer;
    consumer.name = "c" + std::to_string(i);
    consumer.group = "payments";
    consumer.topics = {"orders"};
    consumer.spec.config.auto_offset_reset = OffsetReset::earliest;
    setup.consumers.push_back(consumer);
  }
  return setup;
}

}  // namespace nutshell

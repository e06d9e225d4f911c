// A small cluster for stories about controllers: run, act, and look at what happened.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

class ControllerStory {
 public:
  explicit ControllerStory(const Setup& setup) : world(make_world(setup)) {}

  World world;
  std::vector<Fact> facts;

  // Takes all events up to and including `time`, and goes there.
  void run_to(Time time) {
    while (next_event_time(world) <= time) take();
    now_ = time;
  }
  void run_for(Duration duration) { run_to(now() + duration); }
  // Runs until the condition holds; false if it does not within `limit`.
  bool until(const std::function<bool()>& condition, Duration limit = 60 * kSecond) {
    const Time end = now() + limit;
    while (!condition()) {
      if (next_event_time(world) > end) return false;
      take();
      now_ = world.now();
    }
    return true;
  }
  // Runs until a fact F appears after this moment; returns it, or nothing within `limit`.
  template <class F>
  const F* next(Duration limit = 60 * kSecond) {
    const std::size_t from = facts.size();
    std::size_t seen = from;
    const bool found = until([&] {
      for (; seen < facts.size(); ++seen)
        if (facts[seen].body.is<F>()) return true;
      return false;
    }, limit);
    return found ? facts[seen].body.as<F>() : nullptr;
  }
  void act(ActionBody body) { apply(world, Action{now(), std::move(body)}, facts); }
  Time now() const { return now_; }

  // Facts of type F so far.
  template <class F>
  std::vector<F> all() const {
    std::vector<F> found;
    for (const Fact& each : facts)
      if (const auto* fact = each.body.as<F>()) found.push_back(*fact);
    return found;
  }
  void forget_facts() { facts.clear(); }

  // The active controller, nullptr if there is none.
  Controller* active() {
    for (Controller& each : world.controllers) {
      const Node& node = world.fabric.nodes[static_cast<std::size_t>(each.node)];
      if (each.active && node.status == NodeStatus::running) return &each;
    }
    return nullptr;
  }
  const std::string& name(NodeId node) const { return world.fabric.nodes[static_cast<std::size_t>(node)].name; }
  TopicPartition partition(const std::string& topic, std::int32_t number = 0) const {
    return {world.topic_id(topic), number};
  }
  // As the active controller has it. REQUIRES an active controller and a known partition.
  PartitionRegistration state(const std::string& topic, std::int32_t number = 0) {
    return *active()->working.partition(partition(topic, number));
  }
  // The process that runs is registered and unfenced. A new controller takes an older one for alive until its
  // session is over (K8).
  bool serves(const Controller& controller, const Broker& broker) const {
    const Node& node = world.fabric.nodes[static_cast<std::size_t>(broker.node)];
    const BrokerRegistration* known = controller.image.broker(broker.id);
    return node.status == NodeStatus::running && known && known->incarnation == node.incarnation && !known->fenced;
  }
  // All brokers serve, and `topics` exist.
  bool ready(std::size_t topics = 0) {
    return until([&] {
      const Controller* controller = active();
      if (!controller || controller->image.topics().size() < topics) return false;
      return std::all_of(world.brokers.begin(), world.brokers.end(),
                         [&](const Broker& each) { return serves(*controller, each); });
    });
  }

 private:
  void take() { step(world, facts); }

  Time now_ = 0;
};

// `brokers` brokers, `controllers` voters, and a topic per assignment list: "t0", "t1", ...
inline Setup controller_setup(std::int32_t controllers, std::int32_t brokers,
                              std::vector<std::vector<BrokerId>> assignments = {}) {
  Setup setup;
  setup.controllers = controllers;
  setup.brokers = brokers;
  setup.config.quorum_append_linger = 25 * kMillisecond;  // as in Kafka
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    TopicSpec topic;
    topic.name = "t" + std::to_string(i);
    topic.assignment = {assignments[i]};
    topic.replication_factor = static_cast<std::int32_t>(assignments[i].size());
    setup.topics.push_back(topic);
  }
  return setup;
}

}  // namespace nutshell

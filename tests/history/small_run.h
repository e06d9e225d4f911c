// A small scripted run for tests of timelines: a broker dies and returns while records flow.
#pragma once

#include "sim/history/timeline.h"

namespace nutshell {

inline Setup scripted_setup() {
  Setup setup;
  setup.topics.push_back({"orders", 2, 3, {}, {}});
  ProducerSetup producer;
  producer.name = "p1";
  producer.topic = "orders";
  producer.spec.interval = 50 * kMillisecond;
  setup.producers.push_back(producer);
  ConsumerSetup consumer;
  consumer.name = "c1";
  consumer.group = "g";
  consumer.topics = {"orders"};
  setup.consumers.push_back(consumer);
  return setup;
}

// Written out of order: a timeline sorts it.
inline std::vector<Action> crash_and_return() {
  return {{32 * kSecond, Start{"broker 1"}}, {15 * kSecond, Crash{"broker 1", false}}};
}

inline Timeline run_until(Time until, TimelineOptions options = {}) {
  Timeline timeline(scripted_setup(), crash_and_return(), options);
  timeline.seek_time(until);
  return timeline;
}

}  // namespace nutshell

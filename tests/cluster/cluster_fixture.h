// A cluster for stories: say what befalls it, run until something has happened, look at what came of it.
//
//   Cluster c(setup);
//   c.run_to(5 * kSecond);
//   c.crash("broker 1");
//   const Time elected = c.until("leader_elected", {{"topic", "orders"}, {"leader", "2"}});
//   CHECK(c.value("topics/orders/0/Isr") == "2,3");
//
// Facts are named as in scenario files (sim/history/fact_pattern.h); all promises are judged on the way.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "sim/check/judge.h"
#include "sim/cluster/describe.h"
#include "sim/cluster/world.h"
#include "sim/history/fact_pattern.h"

namespace nutshell {

class Cluster {
 public:
  using Where = std::vector<FieldTest>;

  explicit Cluster(const Setup& setup) : world(make_world(setup)) {}
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  World world;
  std::vector<Fact> facts;
  std::vector<Action> acts;
  Judge judge;

  // what befalls it, now

  void act(ActionBody body) {
    std::vector<Fact> found;
    REQUIRE(impossible(world, body) == "");
    acts.push_back({now(), std::move(body)});
    apply(world, acts.back(), found);
    keep(found);
  }
  void crash(const std::string& node) { act(Crash{node}); }
  void start(const std::string& node) { act(Start{node}); }
  void stop(const std::string& node) { act(Stop{node}); }
  void pause(const std::string& node) { act(Pause{node, {}}); }
  void resume(const std::string& node) { act(Resume{node}); }
  void cut(const std::string& from, const std::string& to) { act(Cut{from, to}); }
  void heal() { act(Heal{}); }
  void send(const std::string& producer, const std::string& value) { act(Send{producer, "", value}); }

  // running

  Time now() const { return std::max(reached_, world.now()); }
  void run_to(Time time) {
    while (next_event_time(world) <= time) take();
    reached_ = std::max(reached_, time);
  }
  void run_for(Duration duration) { run_to(now() + duration); }
  // Runs until such a fact happens, and gives its time. It is an error if none does within `limit`.
  Time until(const std::string& fact, const Where& where = {}, Duration limit = kMinute) {
    const FactPattern pattern{fact, where};
    const Time end = now() + limit;
    std::size_t seen = facts.size();
    while (true) {
      for (; seen < facts.size(); ++seen)
        if (matches(pattern, facts[seen], namer_)) return facts[seen].at;
      REQUIRE_MESSAGE(next_event_time(world) <= end, to_text(pattern) << " does not happen");
      take();
    }
  }

  // Runs until `describe` prints this value, and gives the time. What a fact of the controller announces is to be
  // seen a moment later: once a majority of the controllers has it.
  Time until_value(const std::string& path, const std::string& wanted, Duration limit = 100 * kMillisecond) {
    const Time end = now() + limit;
    while (value(path) != wanted) {
      REQUIRE_MESSAGE(next_event_time(world) <= end, path << " is " << value(path) << ", not " << wanted);
      take();
    }
    return now();
  }

  // looking back

  // Times of such facts from `from` on, in order.
  std::vector<Time> times(const std::string& fact, const Where& where = {}, Time from = 0) const {
    const FactPattern pattern{fact, where};
    std::vector<Time> found;
    for (const Fact& each : facts)
      if (each.at >= from && matches(pattern, each, namer_)) found.push_back(each.at);
    return found;
  }
  std::size_t count(const std::string& fact, const Where& where = {}, Time from = 0) const {
    return times(fact, where, from).size();
  }
  bool happened(const std::string& fact, const Where& where = {}, Time from = 0) const { return count(fact, where, from) > 0; }
  // The longest stretch of time from `from` on, up to now, in which no such fact happened.
  Duration longest_pause(const std::string& fact, const Where& where, Time from) const {
    Time last = from;
    Duration longest = 0;
    for (Time each : times(fact, where, from)) {
      longest = std::max(longest, each - last);
      last = each;
    }
    return std::max(longest, now() - last);
  }
  // A value as `describe` prints it; "none" if there is no such thing.
  std::string value(const std::string& path) const { return describe_value(world, path).value_or("none"); }
  bool broken(const std::string& promise) const { return judge.broken(find_promise(promise)); }
  // Promises that were given and did not hold, in sentences; "" if there are none. Looks at everything. The promise
  // that the story is about is left out.
  std::string betrayals(const std::string& announced = "") {
    std::vector<Fact> found;
    judge.examine(world, found);
    std::string text;
    for (const Breach& each : judge.breaches()) {
      if (!each.promised || each.promise == find_promise(announced)) continue;
      text += std::string(promises()[static_cast<std::size_t>(each.promise)].name) + ": " + each.why + "\n";
    }
    return text;
  }
  const Log& log(BrokerId broker, const std::string& topic) const {
    const Replica* replica = world.find_broker(broker)->replica({world.topic_id(topic), 0});
    REQUIRE(replica);
    return replica->log;
  }
  // The texts of all records of the topic's partition 0 on a broker: "v0 v1 v2".
  std::string texts(BrokerId broker, const std::string& topic) const {
    const Log& held = log(broker, topic);
    std::string text;
    for (const Batch& batch : held.batches())
      for_each_record(world.commons.store.records, batch, [&](Offset, const Record& record) {
        text += (text.empty() ? "" : " ") + (record.text < 0 ? "-" : world.fabric.names[record.text]);
      });
    return text;
  }

 private:
  void take() {
    std::vector<Fact> found;
    step(world, found);
    keep(found);
  }
  void keep(std::vector<Fact>& found) {
    judge.observe(world, found);
    facts.insert(facts.end(), found.begin(), found.end());
  }

  WorldNamer namer_{world};
  Time reached_ = 0;  // nothing happens until then
};

// setups

inline ProducerSetup producer(const std::string& name, const std::string& topic, Duration every = 0) {
  ProducerSetup setup;
  setup.name = name;
  setup.topic = topic;
  setup.spec.interval = every;
  return setup;
}

inline ConsumerSetup consumer(const std::string& name, const std::string& group, const std::string& topic) {
  ConsumerSetup setup;
  setup.name = name;
  setup.group = group;
  setup.topics = {topic};
  setup.spec.config.auto_offset_reset = OffsetReset::earliest;
  return setup;
}

// A topic of one partition.
inline TopicSpec topic(const std::string& name, const std::vector<BrokerId>& replicas) {
  TopicSpec spec;
  spec.name = name;
  spec.replication_factor = static_cast<std::int32_t>(replicas.size());
  spec.assignment = {replicas};
  return spec;
}

}  // namespace nutshell

// The cluster as a whole: events a second under steady load, a quiet cluster, copies, memory.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

#include "sim/check/judge.h"
#include "sim/cluster/world.h"
#include "tests/bench/cases.h"

namespace nutshell {

Setup steady_setup(Duration interval) {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 2;
  setup.topics.push_back({"orders", 12, 3, {}, {}});
  for (std::int32_t i = 0; i < 12; ++i) {
    ProducerSetup producer;
    producer.name = "p" + std::to_string(i);
    producer.topic = "orders";
    producer.spec.interval = interval;
    producer.spec.partition = i;
    producer.spec.config.linger = 0;
    setup.producers.push_back(producer);
  }
  for (std::int32_t i = 0; i < 3; ++i) {
    ConsumerSetup consumer;
    consumer.name = "c" + std::to_string(i);
    consumer.group = "readers";
    consumer.topics = {"orders"};
    setup.consumers.push_back(consumer);
  }
  return setup;
}

namespace {

Setup quiet_setup() {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 2;
  setup.topics.push_back({"orders", 12, 3, {}, {}});
  ConsumerSetup consumer;
  consumer.name = "c";
  consumer.group = "readers";
  consumer.topics = {"orders"};
  setup.consumers.push_back(consumer);
  return setup;
}

void run_until(World& world, Judge* judge, Time until) {
  std::vector<Fact> facts;
  while (next_event_time(world) <= until) {
    facts.clear();
    step(world, facts);
    if (judge) judge->observe(world, facts);
  }
}

World warm(const Setup& setup, Judge* judge) {
  World world = make_world(setup);
  run_until(world, judge, 12 * kSecond);
  return world;
}

void steady(Bench& bench, const char* name, bool judged) {
  Judge judge;
  const World start = warm(steady_setup(2 * kMillisecond), judged ? &judge : nullptr);
  World end = start;
  Judge after = judge;
  const Time until = 12 * kSecond + bench.scaled(10 * kSecond);
  run_until(end, judged ? &after : nullptr, until);
  const auto events = static_cast<std::int64_t>(end.steps() - start.steps());
  bench.run(name, events, [&](Stopwatch& watch) {
    World world = start;
    Judge mine = judge;
    watch.start();
    run_until(world, judged ? &mine : nullptr, until);
    watch.stop();
    return world.fabric.digest;
  });
}

void quiet(Bench& bench) {
  Judge judge;
  const World start = warm(quiet_setup(), &judge);
  const std::int64_t seconds = bench.scaled(600);
  const BenchResult result = bench.run("quiet cluster: one simulated second", seconds, [&](Stopwatch& watch) {
    World world = start;
    Judge mine = judge;
    watch.start();
    run_until(world, &mine, start.now() + seconds * kSecond);
    watch.stop();
    return world.fabric.digest;
  });
  std::printf("  simulated : wall = %" PRId64 " : 1\n", seconds * kSecond / std::max<std::int64_t>(result.nanoseconds, 1));
}

void copies(Bench& bench) {
  const World world = warm(steady_setup(2 * kMillisecond), nullptr);
  const std::int64_t count = bench.scaled(2000);
  bench.run("world copy, 3 brokers x 12 partitions", count, [&](Stopwatch& watch) {
    std::uint64_t digest = 0;
    watch.start();
    for (std::int64_t i = 0; i < count; ++i) {
      const World copy = world;
      digest = mix(digest, copy.fabric.digest);
    }
    watch.stop();
    return digest;
  });
}

void memory() {
  Setup small = quiet_setup();
  small.consumers.clear();
  Setup brokers = small;
  brokers.brokers = 103;
  Setup partitions = small;
  partitions.topics[0].partitions = 10012;
  const auto bytes = [](const Setup& setup) {
    World world = make_world(setup);
    run_until(world, nullptr, 4 * kSecond);
    return static_cast<std::int64_t>(world.copy_bytes());
  };
  const std::int64_t base = bytes(small);
  std::printf("  world of 3 brokers, 36 replicas: %" PRId64 " bytes\n", base);
  std::printf("  per broker: %" PRId64 " bytes\n", (bytes(brokers) - base) / 100);
  std::printf("  per replica: %" PRId64 " bytes\n", (bytes(partitions) - base) / 30000);
}

}  // namespace

void bench_cluster(Bench& bench) {
  steady(bench, "3 brokers, 12 partitions, promises on", true);
  steady(bench, "the same, promises off", false);
  quiet(bench);
  copies(bench);
  memory();
}

}  // namespace nutshell

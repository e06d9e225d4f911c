// One log that much is written to: what it keeps, what is deleted, what is compacted, and that memory follows what is kept.
#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

#include "sim/cluster/world.h"
#include "tests/bench/cases.h"

namespace nutshell {

namespace {

constexpr std::int32_t kKeys = 1000;

// A broker, and a producer that sends 1000 records of 100 bytes each millisecond, a hundred in a batch.
Setup flood(CleanupPolicy policy, std::int64_t records) {
  Setup setup;
  setup.brokers = 1;
  setup.controllers = 1;
  setup.config.cleaner_backoff = setup.config.retention_check_interval = 100 * kMillisecond;
  setup.config.initial_task_delay = 0;
  TopicSpec topic{"orders", 1, 1, {}, {}};
  topic.config.cleanup_policy = policy;
  topic.config.segment_bytes = 4 << 20;
  if (policy == CleanupPolicy::deletes) topic.config.retention_bytes = 16 << 20;
  setup.topics.push_back(topic);
  ProducerSetup producer;
  producer.name = "flood";
  producer.topic = "orders";
  producer.spec.interval = kMillisecond;
  producer.spec.records = 1000;
  producer.spec.limit = records;
  producer.spec.key_choice = KeyChoice::random;
  producer.spec.config.batch_size = 61 + 100 * 108;
  producer.spec.config.linger = 0;
  for (std::int32_t i = 0; i < kKeys; ++i) producer.keys.push_back("k" + std::to_string(i));
  setup.producers.push_back(producer);
  return setup;
}

std::int64_t held(const Records& records) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < records.size(); i += Records::kChunk) count += records.holds(i) ? Records::kChunk : 0;
  return count;
}

void run_all(World& world, std::int64_t records) {
  std::vector<Fact> facts;
  const Time until = 2 * kSecond + records * kMicrosecond + 5 * kSecond;
  while (next_event_time(world) <= until) {
    facts.clear();
    step(world, facts);
  }
}

void flooded(Bench& bench, const char* name, CleanupPolicy policy) {
  const std::int64_t records = bench.scaled(10'000'000);
  std::int64_t in_log = 0, in_store = 0, written = 0;
  bench.run(name, records, [&](Stopwatch& watch) {
    World world = make_world(flood(policy, records));
    watch.start();
    run_all(world, records);
    watch.stop();
    const Log& log = world.brokers[0].replica({world.topic_id("orders"), 0})->log;
    in_log = 0;
    for (const Batch& each : log.batches()) in_log += each.count;
    in_store = held(world.commons.store.records);
    written = log.log_end_offset();
    return world.fabric.digest;
  });
  std::printf("  written: %" PRId64 ", in the log: %" PRId64 ", records that memory is taken for: %" PRId64 "\n", written, in_log,
              in_store);
}

}  // namespace

void bench_log(Bench& bench) {
  flooded(bench, "10 million records, all kept", CleanupPolicy::neither);
  flooded(bench, "10 million records, 16 MiB kept", CleanupPolicy::deletes);
  flooded(bench, "10 million records, 1000 keys compacted", CleanupPolicy::compacts);
}

}  // namespace nutshell

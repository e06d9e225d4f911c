// How much is simulated: the messages a second of a busy cluster, beside the same without any logic, and what a partition
// costs in small and in large clusters.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/core/require.h"
#include "sim/history/chronicle.h"
#include "tests/allocations.h"
#include "tests/bench/cases.h"

namespace nutshell {

namespace {

constexpr std::int32_t kPartitions = 12;
constexpr std::int32_t kRecordBytes = 100;

// 3 brokers, 12 partitions of 3 replicas, acks=all, three consumers of one group. So many producers write to each
// partition, `records` in a batch every `interval`.
Setup busy_setup(std::int32_t producers, std::int32_t records, Duration interval) {
  Setup setup = steady_setup(interval);
  const ProducerSetup model = setup.producers.front();
  setup.producers.clear();
  for (std::int32_t i = 0; i < kPartitions * producers; ++i) {
    ProducerSetup each = model;
    each.name = "p" + std::to_string(i);
    each.spec.partition = i % kPartitions;
    each.spec.records = records;
    each.spec.record_bytes = kRecordBytes;
    each.spec.config.batch_size = 61 + records * (kRecordBytes + 8);
    each.spec.config.linger = 5 * kMillisecond;
    // Not all at the same moment.
    each.start = 2 * kSecond + i * kMillisecond / 4;
    setup.producers.push_back(each);
  }
  return setup;
}

std::int64_t acknowledged(const World& world) {
  std::int64_t count = 0;
  for (const Producer& each : world.producers) count += each.counters.acked;
  return count;
}

// `trace`: what every step was and all its facts are written down, as a history does it.
void run_until(World& world, Chronicle* trace, Time until) {
  std::vector<Fact> facts;
  while (next_event_time(world) <= until) {
    facts.clear();
    const StepInfo info = step(world, facts);
    if (trace)
      trace->append({world.now(), info.cause, info.node, info.from, -1, info.event, info.timer, info.message}, facts, FactLevel::detail);
  }
}

// At every so manieth offset of every partition stands a record that one of its producers has sent.
void require_addressable(const World& world) {
  const TopicId orders = world.topic_id("orders");
  for (std::int32_t i = 0; i < kPartitions; ++i) {
    const Log& log = world.brokers[0].replica({orders, i})->log;
    NUTSHELL_REQUIRE(log.high_watermark() > 0);
    std::vector<std::int64_t> next(world.fabric.nodes.size(), 0);
    const bool all = world.producers.size() == kPartitions;  // then offsets count what the partition's producer has sent
    const Offset stride = std::max<Offset>(log.log_end_offset() / 1000, 1);
    for (Offset offset = 0; offset < log.log_end_offset(); offset += stride) {
      const Record* record = record_at(world.commons.store.records, log, offset);
      NUTSHELL_REQUIRE(record && record->producer >= 0);
      NUTSHELL_REQUIRE(!all || record->serial == offset);
      std::int64_t& after = next[static_cast<std::size_t>(record->producer)];
      NUTSHELL_REQUIRE(record->serial >= after);
      after = record->serial + 1;
    }
  }
}

// The same messages with nothing that decides: each record is written once and read once, each batch goes to a leader, from
// there to two followers and, when they have it, to a consumer, and its producer hears of it. What a simulator can reach.
class BareCluster {
 public:
  BareCluster(std::int32_t producers, std::int32_t records, Duration interval) : records_(records), interval_(interval) {
    for (std::int32_t i = 0; i < producers * kPartitions; ++i) send(i * kMillisecond / 4, Step::produce, i, 0);
  }

  // Records that were acknowledged until then.
  std::int64_t run(Time until) {
    while (queue_.next_time() <= until) {
      const auto event = queue_.pop();
      handle(event.time, event.payload);
    }
    return acknowledged_;
  }
  std::uint64_t digest() const { return digest_; }

 private:
  enum class Step : std::int32_t { produce, arrive, replicate, confirm, answer, consume };
  struct Event {
    Step step;
    std::int32_t producer;
    std::int64_t batch;
    std::int64_t rest[2];
  };
  struct Stored {
    std::int64_t first = 0;
    std::int32_t count = 0;
    std::int32_t confirmed = 0;
  };
  static constexpr Duration kLatency = 250 * kMicrosecond;

  void send(Time at, Step step, std::int32_t producer, std::int64_t batch) { queue_.schedule(at, order_++, {step, producer, batch, {}}); }

  void handle(Time now, const Event& event) {
    const std::int32_t partition = event.producer % kPartitions;
    std::vector<Stored>* logs = logs_[partition];
    switch (event.step) {
      case Step::produce:
        send(now + interval_, Step::produce, event.producer, 0);
        for (std::int32_t i = 0; i < records_; ++i)
          store_.push_back({event.producer, -1, -1, static_cast<std::uint32_t>(store_.size()), now, kRecordBytes + 8, 0});
        return send(now + kLatency, Step::arrive, event.producer, static_cast<std::int64_t>(store_.size()) - records_);
      case Step::arrive:
        logs[0].push_back({event.batch, records_, 0});
        for (std::int32_t i = 1; i <= 2; ++i)
          send(now + kLatency, Step::replicate, event.producer, static_cast<std::int64_t>(logs[0].size() - 1) * 3 + i);
        return;
      case Step::replicate:
        logs[event.batch % 3].push_back(logs[0][static_cast<std::size_t>(event.batch / 3)]);
        return send(now + kLatency, Step::confirm, event.producer, event.batch / 3);
      case Step::confirm:
        if (++logs[0][static_cast<std::size_t>(event.batch)].confirmed < 2) return;
        send(now + kLatency, Step::answer, event.producer, event.batch);
        return send(now + kLatency, Step::consume, event.producer, event.batch);
      case Step::answer: acknowledged_ += records_; return;
      case Step::consume: break;
    }
    const Stored& read = logs[0][static_cast<std::size_t>(event.batch)];
    for (std::int64_t i = read.first; i < read.first + read.count; ++i)
      digest_ += static_cast<std::uint64_t>(store_[static_cast<std::size_t>(i)].timestamp);
  }

  std::int32_t records_;
  Duration interval_;
  EventQueue<Event> queue_;
  std::uint64_t order_ = 0, digest_ = 0;
  std::int64_t acknowledged_ = 0;
  std::vector<Record> store_;
  std::vector<Stored> logs_[kPartitions][3];
};

struct Load {
  const char* name;
  std::int32_t producers;  // of each partition
  std::int32_t records;    // in a batch
  Duration interval;
  Duration simulated;
  bool traced;  // steps and facts are written down
};

void messages(Bench& bench, const Load& load) {
  const Duration simulated = std::max<Duration>(bench.scaled(load.simulated), 20 * kMillisecond);
  const Setup setup = busy_setup(load.producers, load.records, load.interval);
  World start = make_world(setup);
  run_until(start, nullptr, 3 * kSecond);
  const Time until = 3 * kSecond + simulated;
  std::int64_t events = 0, facts_kept = 0;
  World end = start;
  run_until(end, nullptr, until);
  const std::int64_t records = acknowledged(end) - acknowledged(start);
  const std::int64_t of_bare = BareCluster(load.producers, load.records, load.interval).run(simulated);
  const BenchResult bare = bench.run("  bare: no logic, no checks", of_bare, [&](Stopwatch& watch) {
    BareCluster cluster(load.producers, load.records, load.interval);
    watch.start();
    const std::int64_t acknowledged = cluster.run(simulated);
    watch.stop();
    return cluster.digest() + static_cast<std::uint64_t>(acknowledged);
  });
  bench.run(load.name, records, [&](Stopwatch& watch) {
    World world = start;
    Chronicle trace;
    watch.start();
    run_until(world, load.traced ? &trace : nullptr, until);
    watch.stop();
    events = static_cast<std::int64_t>(world.steps() - start.steps());
    facts_kept = static_cast<std::int64_t>(trace.facts().size());
    require_addressable(world);
    return world.fabric.digest;
  }, &bare);
  std::printf("  simulated: %" PRId64 " messages a second; events: %" PRId64 "; facts kept: %" PRId64 "\n",
              records * kSecond / simulated, events, facts_kept);
}

// Brokers in proportion to the partitions, as clusters grow; a topic for each 2,000 partitions of 3 replicas.
Setup large_setup(std::int32_t brokers, std::int32_t partitions) {
  Setup setup;
  setup.brokers = brokers;
  constexpr std::int32_t kOfTopic = 2000;
  for (std::int32_t first = 0; first < partitions; first += kOfTopic)
    setup.topics.push_back({"topic" + std::to_string(first / kOfTopic), std::min(kOfTopic, partitions - first), 3, {}, {}});
  return setup;
}

bool all_know(const World& world) {
  const auto knows = [&](const Broker& each) {
    return each.state == BrokerState::down || each.image.end_offset() == world.controllers[0].image.end_offset();
  };
  return std::all_of(world.brokers.begin(), world.brokers.end(), knows);
}

// Every partition has a leader that is in office, and the rest of its ISR follows; nobody counts on `without`.
void require_settled(const World& world, BrokerId without) {
  NUTSHELL_REQUIRE(world.admin.requests.empty() && all_know(world));
  for (const auto& topic : world.controllers[0].image.topics()) {
    for (std::size_t i = 0; i < topic->partitions.size(); ++i) {
      const PartitionRegistration& state = topic->partitions[i];
      NUTSHELL_REQUIRE(state.leader != kNoBroker && !state.isr.contains(static_cast<std::int16_t>(without)));
      for (std::int16_t each : state.isr) {
        const Replica* replica = world.find_broker(each)->replica({topic->topic, static_cast<std::int32_t>(i)});
        NUTSHELL_REQUIRE(replica && replica->leader == state.leader && replica->leader_epoch == state.leader_epoch);
      }
    }
  }
}

struct Stretch {
  std::int64_t nanoseconds = 0, steps = 0;
};

template <class Run>
Stretch stretch_of(const World& world, Run run) {
  const Step before = world.steps();
  Stopwatch watch;
  watch.start();
  run();
  watch.stop();
  return {watch.nanoseconds(), static_cast<std::int64_t>(world.steps() - before)};
}

void print(const char* what, const Stretch& taken, std::int32_t partitions) {
  std::printf("; %s %5" PRId64 " ms (%3" PRId64 " us each; %8" PRId64 " steps of %4" PRId64 " ns)", what, taken.nanoseconds / 1'000'000,
              taken.nanoseconds / partitions / 1000, taken.steps, taken.nanoseconds / std::max<std::int64_t>(taken.steps, 1));
}

// Until all is created and all know it; a second in which nothing happens; and from a broker's end until it is settled and
// done with. Printed is what that costs for each partition.
void large_world(std::int32_t brokers, std::int32_t partitions) {
  testing::watch_heap();
  World world;
  const auto go_on = [&world](Duration time) { run_until(world, nullptr, world.now() + time); };
  Stopwatch build;
  build.start();
  world = make_world(large_setup(brokers, partitions));
  while (!world.admin.requests.empty() || !all_know(world)) go_on(kSecond / 10);
  build.stop();
  const Stretch quiet = stretch_of(world, [&] { go_on(kSecond); });
  require_settled(world, kNoBroker);
  const Stretch loss = stretch_of(world, [&] {
    std::vector<Fact> facts;
    apply(world, {world.now(), Crash{{world.fabric.nodes[static_cast<std::size_t>(world.brokers[0].node)].name}, false}}, facts);
    go_on(world.brokers[0].config.broker_session_timeout + kSecond);
  });
  require_settled(world, world.brokers[0].id);
  const testing::HeapUse use = testing::heap_use();
  std::printf("%6d brokers, %6d partitions: built in %5" PRId64 " ms (%2" PRId64 " us each)", brokers, partitions,
              build.nanoseconds() / 1'000'000, build.nanoseconds() / partitions / 1000);
  print("a quiet second", quiet, partitions);
  print("a broker lost in", loss, partitions);
  std::printf("; %5" PRId64 " bytes each, at most %4" PRId64 " MiB\n", use.bytes / partitions, use.most >> 20);
}

}  // namespace

void bench_messages(Bench& bench) {
  messages(bench, {"deck: batches of 100, acknowledged messages", 1, 100, 1200 * kMicrosecond, 3 * kSecond, false});
  messages(bench, {"deck: a message a batch, traced", 10, 1, 2 * kMillisecond, 3 * kSecond, true});
  messages(bench, {"deck: a message a batch, traced", 40, 1, 2 * kMillisecond, kSecond, true});
}

void bench_worlds(Bench& bench) {
  for (const std::int64_t partitions : {1'000, 10'000, 40'000, 200'000}) {
    const auto count = static_cast<std::int32_t>(bench.scaled(partitions));
    large_world(std::max(count / 200, 5), count);
  }
}

}  // namespace nutshell

// The event queue on three models of work, against std::priority_queue of the same plain events.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/event_queue.h"
#include "sim/core/random.h"
#include "tests/bench/cases.h"

namespace nutshell {
namespace {

// As large as the simulator's events.
struct Payload {
  std::int32_t entity = 0;
  std::int32_t kind = 0;
  std::array<std::int64_t, 4> rest{};
};

using Wheel = EventQueue<Payload>;

// The reference: a binary heap which cannot cancel, so a caller has to recognise a dead event.
class Heap {
 public:
  struct Entry {
    Time time;
    std::uint64_t order;
    Payload payload;
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.time != b.time ? a.time > b.time : a.order > b.order;
    }
  };

  void schedule(Time time, std::uint64_t order, const Payload& payload) { heap_.push({time, order, payload}); }
  std::size_t size() const { return heap_.size(); }
  Entry pop() {
    Entry entry = heap_.top();
    heap_.pop();
    return entry;
  }

 private:
  std::priority_queue<Entry> heap_;
};

// Exp(1 ms) delays from a table made beforehand, so that the queue is measured and not the draws.
class Delays {
 public:
  Delays() {
    for (std::size_t i = 0; i < table_.size(); ++i) {
      const std::uint64_t random = draw(1, Purpose::workload, 0, i);
      table_[i] = exponential(random, kMillisecond);
    }
  }
  Duration of(std::uint64_t order) const { return table_[avalanche(order) % table_.size()]; }

 private:
  std::array<Duration, 4'096> table_{};
};

std::uint64_t fold_event(std::uint64_t digest, Time time, std::uint64_t order) {
  return mix(digest, static_cast<std::uint64_t>(time) ^ (order << 1));
}

// HOLD: `pending` events, each of which schedules one successor.
template <class Queue>
std::uint64_t hold(Stopwatch& watch, const Delays& delays, std::int64_t pending, std::int64_t steps) {
  Queue queue;
  std::uint64_t order = 0;
  for (; order < static_cast<std::uint64_t>(pending); ++order) {
    queue.schedule(delays.of(order), order, {static_cast<std::int32_t>(order), 0, {}});
  }
  std::uint64_t digest = 0;
  watch.start();
  for (std::int64_t i = 0; i < steps; ++i, ++order) {
    const auto event = queue.pop();
    digest = fold_event(digest, event.time, event.order);
    queue.schedule(event.time + delays.of(order), order, event.payload);
  }
  watch.stop();
  return digest;
}

enum Kind : std::int32_t { kStep, kTimeout };

// Every step of an entity takes back its timer and arms it again a second ahead; it never fires.
std::uint64_t timeouts_on_wheel(Stopwatch& watch, const Delays& delays, int entities, std::int64_t steps,
                                std::size_t& peak) {
  Wheel queue;
  std::vector<Wheel::Handle> timers;
  std::uint64_t order = 0;
  for (std::int32_t entity = 0; entity < entities; ++entity) {
    queue.schedule(delays.of(order), order, {entity, kStep, {}});
    timers.push_back(queue.schedule(kSecond, order + 1, {entity, kTimeout, {}}));
    order += 2;
  }
  std::uint64_t digest = 0;
  watch.start();
  for (std::int64_t i = 0; i < steps; ++i, order += 2) {
    const Wheel::Entry event = queue.pop();
    digest = fold_event(digest, event.time, event.order);
    Wheel::Handle& timer = timers[static_cast<std::size_t>(event.payload.entity)];
    queue.cancel(timer);
    queue.schedule(event.time + delays.of(order), order, event.payload);
    timer = queue.schedule(event.time + kSecond, order + 1, {event.payload.entity, kTimeout, {}});
    peak = std::max(peak, queue.size());
  }
  watch.stop();
  return digest;
}

// The same with dead timers left in the heap until their time comes.
std::uint64_t timeouts_on_heap(Stopwatch& watch, const Delays& delays, int entities, std::int64_t steps,
                               std::size_t& peak) {
  Heap queue;
  std::uint64_t order = 0;
  for (std::int32_t entity = 0; entity < entities; ++entity, order += 2) {
    queue.schedule(delays.of(order), order, {entity, kStep, {}});
    queue.schedule(kSecond, order + 1, {entity, kTimeout, {}});
  }
  std::uint64_t digest = 0;
  watch.start();
  for (std::int64_t i = 0; i < steps; ++i, order += 2) {
    Heap::Entry event = queue.pop();
    while (event.payload.kind == kTimeout) event = queue.pop();  // all of them have been armed again
    digest = fold_event(digest, event.time, event.order);
    queue.schedule(event.time + delays.of(order), order, event.payload);
    queue.schedule(event.time + kSecond, order + 1, {event.payload.entity, kTimeout, {}});
    peak = std::max(peak, queue.size());
  }
  watch.stop();
  return digest;
}

constexpr std::int32_t kNodes = 100;
constexpr std::int32_t kLinksPerNode = 5;

struct Link {
  std::int32_t to;
  Duration latency;
};

std::vector<Link> make_links() {
  std::vector<Link> links;
  for (std::uint64_t i = 0; i < kNodes * kLinksPerNode; ++i) {
    const std::uint64_t to = draw(2, Purpose::workload, 0, i);
    const std::uint64_t latency = draw(2, Purpose::latency, 0, i);
    links.push_back({static_cast<std::int32_t>(below(to, kNodes)), between(latency, 100'000, 10'000'000)});
  }
  return links;
}

// PING-PONG: a message that arrives at a node goes on over one of the node's links.
template <class Queue>
std::uint64_t ping_pong(Stopwatch& watch, const std::vector<Link>& links, std::int64_t messages, std::int64_t steps) {
  Queue queue;
  std::uint64_t order = 0;
  const auto send = [&](std::int32_t from, Time now, Payload message) {
    const std::uint64_t port = below(avalanche(order), kLinksPerNode);
    const Link& link = links[static_cast<std::size_t>(from) * kLinksPerNode + port];
    message.entity = link.to;
    queue.schedule(now + link.latency, order++, message);
  };
  for (std::int64_t i = 0; i < messages; ++i) send(static_cast<std::int32_t>(i % kNodes), 0, {});
  std::uint64_t digest = 0;
  watch.start();
  for (std::int64_t i = 0; i < steps; ++i) {
    const auto event = queue.pop();
    digest = fold_event(digest, event.time, event.order);
    send(event.payload.entity, event.time, event.payload);
  }
  watch.stop();
  return digest;
}

void bench_hold(Bench& bench, const Delays& delays) {
  const std::int64_t steps = bench.scaled(1'000'000);
  for (const auto& [pending, name] :
       {std::pair{1'000, "1 k"}, std::pair{10'000, "10 k"}, std::pair{100'000, "100 k"}, std::pair{1'000'000, "1 M"}}) {
    const std::int64_t count = bench.scaled(pending);
    bench.compare(
        std::string("queue: HOLD ") + name, "  std::priority_queue", steps,
        [&](Stopwatch& watch) { return hold<Wheel>(watch, delays, count, steps); },
        [&](Stopwatch& watch) { return hold<Heap>(watch, delays, count, steps); });
  }
}

void bench_timeouts(Bench& bench, const Delays& delays) {
  constexpr int kEntities = 1'000;
  const std::int64_t steps = bench.scaled(2'000'000);  // in full two simulated seconds, so the dead timers reach their plateau
  std::size_t wheel_peak = 0;
  std::size_t heap_peak = 0;
  bench.compare(
      "queue: request timeout, re-armed", "  std::priority_queue with dead timers", steps,
      [&](Stopwatch& watch) { return timeouts_on_wheel(watch, delays, kEntities, steps, wheel_peak); },
      [&](Stopwatch& watch) { return timeouts_on_heap(watch, delays, kEntities, steps, heap_peak); });
  std::printf("  peak length %zu, of the reference %zu\n", wheel_peak, heap_peak);
}

void bench_ping_pong(Bench& bench) {
  const std::int64_t steps = bench.scaled(2'000'000);
  const std::vector<Link> links = make_links();
  bench.compare(
      "queue: PING-PONG 100 nodes, 1,000 messages", "  std::priority_queue", steps,
      [&](Stopwatch& watch) { return ping_pong<Wheel>(watch, links, 1'000, steps); },
      [&](Stopwatch& watch) { return ping_pong<Heap>(watch, links, 1'000, steps); });
}

void bench_copy(Bench& bench, const Delays& delays) {
  const std::int64_t count = bench.scaled(20'000);
  Wheel queue;
  for (std::uint64_t order = 0; order < 100; ++order) queue.schedule(delays.of(order), order, {});
  bench.run("queue: copy of 100 pending", count, [&](Stopwatch& watch) {
    std::uint64_t pending = 0;
    watch.start();
    for (std::int64_t i = 0; i < count; ++i) {
      const Wheel copy = queue;
      pending += copy.size();
    }
    watch.stop();
    return pending;
  });
}

}  // namespace

void bench_queue(Bench& bench) {
  const Delays delays;
  bench_hold(bench, delays);
  bench_timeouts(bench, delays);
  bench_ping_pong(bench);
  bench_copy(bench, delays);
}

}  // namespace nutshell

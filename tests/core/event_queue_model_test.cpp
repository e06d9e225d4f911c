// The event queue against a model that is slow and plainly right, on random schedules.
#include <doctest/doctest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "sim/core/event_queue.h"
#include "sim/core/random.h"

namespace nutshell {
namespace {

struct Tag {
  std::uint64_t value = 0;
  NUTSHELL_FIELDS(Tag, value)
};

using ModelledQueue = EventQueue<Tag>;
using Handle = ModelledQueue::Handle;

struct Held {
  Handle handle;
  std::uint64_t value;
};

// How a schedule goes: weights of the operations, and how far ahead events lie.
struct Style {
  std::uint64_t schedule, cancel, pop, detach, reattach, release, look, copy;
  int spread_bits;  // delays are below 2^bits ns, with many ties if this is small
};

// One queue and its model, driven by one key. A seed and a style give one history.
class Pair {
 public:
  Pair(std::uint64_t seed, const Style& style) : seed_(seed), style_(style) {}

  void step() {
    const std::uint64_t weights[] = {style_.schedule, style_.cancel,  style_.pop,  style_.detach,
                                     style_.reattach, style_.release, style_.look, style_.copy};
    std::uint64_t total = 0;
    for (std::uint64_t weight : weights) total += weight;
    std::uint64_t ticket = pick(total);
    int operation = 0;
    while (ticket >= weights[operation]) ticket -= weights[operation++];
    perform(operation);
    REQUIRE(queue_.size() == pending_.size());
    REQUIRE(queue_.empty() == pending_.empty());
  }

  void drain() {
    while (!pending_.empty()) pop(false);
    CHECK(queue_.empty());
  }

  // The digest must be that of a queue which never saw anything but the events that are left.
  void check_digest() const {
    ModelledQueue fresh;
    for (auto it = pending_.rbegin(); it != pending_.rend(); ++it) {
      fresh.schedule(it->first.first, it->first.second, {it->second.value});
    }
    if (detached_.empty()) CHECK(digest_of(queue_) == digest_of(fresh));
    std::size_t visited = 0;
    queue_.for_each_pending([&](const ModelledQueue::Entry& entry) {
      ++visited;
      const auto it = pending_.find({entry.time, entry.order});
      REQUIRE(it != pending_.end());
      REQUIRE(it->second.handle == entry.handle);
      REQUIRE(it->second.value == entry.payload.value);
    });
    REQUIRE(visited == pending_.size());
  }

 private:
  using Pending = std::map<std::pair<Time, std::uint64_t>, Held>;

  std::uint64_t pick(std::uint64_t bound) { return below(draw(seed_, Purpose::fuzz, 0, drawn_++), bound); }

  void perform(int operation) {
    switch (operation) {
      case 0:
        return schedule();
      case 1:
        return cancel();
      case 2:
        return pop(false);
      case 3:
        return pop(true);
      case 4:
        return reattach();
      case 5:
        return release();
      case 6:
        return look();
      default:
        return copy();
    }
  }

  Time some_time() {
    const int bits = static_cast<int>(pick(static_cast<std::uint64_t>(style_.spread_bits) + 1));
    const std::uint64_t delay = pick(std::uint64_t{1} << bits);
    const std::uint64_t room = static_cast<std::uint64_t>(kNever - 1 - now_);
    return now_ + static_cast<Time>(delay < room ? delay : room);
  }

  // Unique, and not growing.
  std::uint64_t some_order() { return (pick(1'000) << 40) + ordered_++; }

  void schedule() {
    const Time time = some_time();
    const std::uint64_t order = some_order();
    const std::uint64_t value = pick(1'000);
    const Handle handle = queue_.schedule(time, order, {value});
    for (const Held& held : detached_) REQUIRE(held.handle != handle);
    pending_[{time, order}] = {handle, value};
  }

  void cancel() {
    if (pending_.empty()) return;
    // Mostly among the next few, where cancelling is hardest.
    const std::uint64_t near = pending_.size() < 8 || pick(4) == 0 ? pending_.size() : 8;
    const auto victim = std::next(pending_.begin(), static_cast<std::ptrdiff_t>(pick(near)));
    queue_.cancel(victim->second.handle);
    pending_.erase(victim);
  }

  void pop(bool detach) {
    if (pending_.empty()) return;
    const auto expected = pending_.begin();
    const ModelledQueue::Entry entry = detach ? queue_.pop_detached() : queue_.pop();
    REQUIRE(entry.time == expected->first.first);
    REQUIRE(entry.order == expected->first.second);
    REQUIRE(entry.handle == expected->second.handle);
    REQUIRE(entry.payload.value == expected->second.value);
    now_ = entry.time;
    if (detach) detached_.push_back(expected->second);
    pending_.erase(expected);
  }

  Held take_detached() {
    const auto it = std::next(detached_.begin(), static_cast<std::ptrdiff_t>(pick(detached_.size())));
    const Held held = *it;
    detached_.erase(it);
    REQUIRE(queue_.payload(held.handle).value == held.value);
    return held;
  }

  void reattach() {
    if (detached_.empty()) return;
    const Held held = take_detached();
    const Time time = some_time();
    const std::uint64_t order = some_order();
    queue_.reattach(held.handle, time, order);
    pending_[{time, order}] = held;
  }

  void release() {
    if (detached_.empty()) return;
    queue_.release(take_detached().handle);
  }

  void look() {
    const std::uint64_t before = digest_of(queue_);
    if (pending_.empty()) {
      REQUIRE(queue_.next_time() == kNever);
    } else {
      REQUIRE(queue_.next_time() == pending_.begin()->first.first);
      REQUIRE(queue_.next_order() == pending_.begin()->first.second);
    }
    REQUIRE(digest_of(queue_) == before);
  }

  // Goes on with a copy, and spoils the original to see that the two share nothing.
  void copy() {
    ModelledQueue original = queue_;
    std::swap(original, queue_);
    while (!original.empty()) original.pop();
    for (int i = 0; i < 5; ++i) original.schedule(kNever - 1, static_cast<std::uint64_t>(i), {});
  }

  ModelledQueue queue_;
  Pending pending_;
  std::vector<Held> detached_;
  std::uint64_t seed_;
  Style style_;
  Time now_ = 0;
  std::uint64_t drawn_ = 0;
  std::uint64_t ordered_ = 0;
};

void run(std::uint64_t seeds, int steps, const Style& style) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    CAPTURE(seed);
    Pair pair(seed, style);
    for (int i = 0; i < steps; ++i) {
      pair.step();
      if (i % 256 == 0) pair.check_digest();
    }
    pair.check_digest();
    pair.drain();
  }
}

TEST_CASE("model: everything at once, from ties to the far future") {
  run(20, 3'000,
      {.schedule = 40,
       .cancel = 12,
       .pop = 20,
       .detach = 4,
       .reattach = 3,
       .release = 1,
       .look = 2,
       .copy = 1,
       .spread_bits = 50});
}

TEST_CASE("model: most events within one tick, with many equal times") {
  run(20, 3'000,
      {.schedule = 40,
       .cancel = 15,
       .pop = 23,
       .detach = 3,
       .reattach = 3,
       .release = 0,
       .look = 4,
       .copy = 1,
       .spread_bits = 6});
}

TEST_CASE("model: up to the end of time") {
  run(20, 1'000,
      {.schedule = 40,
       .cancel = 10,
       .pop = 30,
       .detach = 2,
       .reattach = 2,
       .release = 0,
       .look = 4,
       .copy = 1,
       .spread_bits = 62});
}

TEST_CASE("model: a queue that is nearly empty, always looked at before it is used") {
  run(20, 3'000,
      {.schedule = 20,
       .cancel = 4,
       .pop = 20,
       .detach = 2,
       .reattach = 2,
       .release = 1,
       .look = 50,
       .copy = 1,
       .spread_bits = 34});
}

TEST_CASE("model: a long queue") {
  run(1, 60'000,
      {.schedule = 70,
       .cancel = 8,
       .pop = 30,
       .detach = 1,
       .reattach = 1,
       .release = 0,
       .look = 0,
       .copy = 0,
       .spread_bits = 24});
}

// Two queues with the same history, of which one is looked at between, must give out the same handles:
// handles are kept in the world, and the world has a digest.
TEST_CASE("looking ahead does not change the handles given out") {
  ModelledQueue plain, looked;
  std::vector<Handle> handles;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    const std::uint64_t random = draw(1, Purpose::fuzz, 0, i);
    looked.next_time();
    if (random % 3 != 0 || plain.empty()) {
      const Time time = plain.now() + static_cast<Time>(below(random, 2'000));
      handles.push_back(plain.schedule(time, i, {i}));
      REQUIRE(looked.schedule(time, i, {i}) == handles.back());
    } else if (random % 2 == 0) {
      const Handle next = plain.pop().handle;
      REQUIRE(looked.pop().handle == next);
      std::erase(handles, next);
    } else {
      const auto victim = handles.begin() + static_cast<std::ptrdiff_t>(below(avalanche(random), handles.size()));
      plain.cancel(*victim);
      looked.cancel(*victim);
      handles.erase(victim);
    }
    REQUIRE(digest_of(plain) == digest_of(looked));
  }
}

}  // namespace
}  // namespace nutshell

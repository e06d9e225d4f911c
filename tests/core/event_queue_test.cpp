#include "sim/core/event_queue.h"

#include <doctest/doctest.h>

#include <vector>

namespace nutshell {
namespace {

struct Payload {
  std::int32_t kind = 0;
  std::int64_t value = 0;
  NUTSHELL_FIELDS(Payload, kind, value)
  friend bool operator==(const Payload&, const Payload&) = default;
};

using Queue = EventQueue<Payload>;

std::vector<std::uint64_t> orders_until_empty(Queue queue) {
  std::vector<std::uint64_t> orders;
  while (!queue.empty()) orders.push_back(queue.pop().order);
  return orders;
}

TEST_CASE("an empty queue has no next event") {
  Queue queue;
  CHECK(queue.empty());
  CHECK(queue.size() == 0);
  CHECK(queue.next_time() == kNever);
  CHECK(queue.next_order() == ~std::uint64_t{0});
}

TEST_CASE("an event comes out as it went in") {
  Queue queue;
  const Queue::Handle handle = queue.schedule(7 * kMillisecond, 42, {3, -5});
  CHECK(queue.payload(handle) == Payload{3, -5});
  queue.payload(handle).value = 6;
  CHECK(queue.next_time() == 7 * kMillisecond);
  CHECK(queue.next_order() == 42);
  const Queue::Entry entry = queue.pop();
  CHECK(entry.time == 7 * kMillisecond);
  CHECK(entry.order == 42);
  CHECK(entry.payload == Payload{3, 6});
  CHECK(entry.handle == handle);
  CHECK(queue.empty());
  CHECK(queue.now() == 7 * kMillisecond);
}

TEST_CASE("events of one time come by order, whatever the order of scheduling") {
  Queue queue;
  for (std::uint64_t order : {5u, 1u, 4u, 0u, 3u, 2u}) queue.schedule(kSecond, order, {});
  CHECK(orders_until_empty(queue) == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("time goes before order, down to a nanosecond and up to the end of time") {
  Queue queue;
  const std::vector<Time> times = {
      0,          1,         255, 256, 257, 16'383, 16'384, kMillisecond, kMillisecond + 1, kHour, 1'000'000 * kHour,
      kNever - 2, kNever - 1};
  for (std::size_t i = 0; i < times.size(); ++i) queue.schedule(times[i], 1'000 - i, {});
  for (Time time : times) CHECK(queue.pop().time == time);
}

TEST_CASE("what is scheduled at the present moment comes in its place") {
  Queue queue;
  for (std::uint64_t order : {10u, 20u, 30u}) queue.schedule(kSecond, order, {});
  CHECK(queue.pop().order == 10);
  queue.schedule(kSecond, 25, {});
  queue.schedule(kSecond, 5, {});
  queue.schedule(kSecond + 1, 1, {});
  CHECK(orders_until_empty(queue) == std::vector<std::uint64_t>{5, 20, 25, 30, 1});
}

TEST_CASE("after a look ahead, an event may still come before the one that was seen") {
  Queue queue;
  queue.schedule(kHour, 1, {});
  CHECK(queue.next_time() == kHour);
  queue.schedule(kSecond, 2, {});
  queue.schedule(3, 3, {});
  CHECK(queue.next_order() == 3);
  CHECK(orders_until_empty(queue) == std::vector<std::uint64_t>{3, 2, 1});
}

TEST_CASE("what seems to come next comes next where no two events are near each other, and to look changes nothing") {
  Queue queue;
  std::int64_t told = 0;
  for (std::int64_t i = 0; i < 1000; ++i) queue.schedule(i * 1000, static_cast<std::uint64_t>(i), {0, i});
  for (std::int64_t i = 0; i < 1000; ++i) {
    const std::uint64_t before = digest_of(queue);
    const Payload* upcoming = queue.upcoming();
    CHECK(digest_of(queue) == before);
    if (upcoming) CHECK(*upcoming == Payload{0, i});
    told += upcoming != nullptr;
    CHECK(queue.pop().payload.value == i);
  }
  CHECK(told > 900);
  CHECK(queue.upcoming() == nullptr);
}

TEST_CASE("a cancelled event never comes, wherever in the queue it is") {
  Queue queue;
  std::vector<Queue::Handle> handles;
  for (std::uint64_t order = 0; order < 6; ++order) {
    handles.push_back(queue.schedule(order < 3 ? kSecond : kMinute, order, {}));
  }
  SUBCASE("before the wheel turns") {}
  SUBCASE("after a look at the next event") { CHECK(queue.next_order() == 0); }
  for (std::size_t i : {1u, 3u, 5u, 0u}) queue.cancel(handles[i]);
  CHECK(queue.size() == 2);
  CHECK(orders_until_empty(queue) == std::vector<std::uint64_t>{2, 4});
}

TEST_CASE("timers that are armed again and again do not grow the queue") {
  Queue queue;
  std::vector<Queue::Handle> timers;
  for (int i = 0; i < 100; ++i) timers.push_back(queue.schedule(kSecond, static_cast<std::uint64_t>(i), {}));
  std::uint64_t order = timers.size();
  const std::size_t bytes = queue.memory_bytes();
  for (int round = 0; round < 1'000; ++round) {
    for (Queue::Handle& timer : timers) {
      queue.cancel(timer);
      timer = queue.schedule(round * kMillisecond + kSecond, order++, {});
    }
  }
  CHECK(queue.size() == timers.size());
  CHECK(queue.memory_bytes() == bytes);
}

TEST_CASE("a detached event keeps its handle and its payload until it is put back or released") {
  Queue queue;
  queue.schedule(kSecond, 1, {1, 11});
  queue.schedule(2 * kSecond, 2, {2, 22});
  const Queue::Entry first = queue.pop_detached();
  const Queue::Entry second = queue.pop_detached();
  CHECK(first.order == 1);
  CHECK(queue.empty());
  CHECK(queue.payload(first.handle) == Payload{1, 11});
  const Queue::Handle third = queue.schedule(5 * kSecond, 3, {3, 33});
  CHECK(third != first.handle);
  CHECK(third != second.handle);
  queue.reattach(first.handle, 9 * kSecond, 4);
  queue.release(second.handle);
  CHECK(queue.size() == 2);
  CHECK(queue.pop().handle == third);
  const Queue::Entry last = queue.pop();
  CHECK(last.handle == first.handle);
  CHECK(last.time == 9 * kSecond);
  CHECK(last.order == 4);
  CHECK(last.payload == Payload{1, 11});
}

TEST_CASE("a freed handle is used again") {
  Queue queue;
  const Queue::Handle popped = queue.schedule(1, 1, {});
  queue.pop();
  CHECK(queue.schedule(2, 2, {}) == popped);
  queue.cancel(popped);
  CHECK(queue.schedule(3, 3, {}) == popped);
  const Queue::Handle detached = queue.pop_detached().handle;
  queue.release(detached);
  CHECK(queue.schedule(4, 4, {}) == popped);
}

TEST_CASE("the digest is that of the set of events") {
  Queue forth, back;
  for (std::int64_t i = 0; i < 50; ++i) {
    forth.schedule(i * i * kMillisecond, static_cast<std::uint64_t>(i), {1, i});
    back.schedule((49 - i) * (49 - i) * kMillisecond, static_cast<std::uint64_t>(49 - i), {1, 49 - i});
  }
  CHECK(digest_of(forth) == digest_of(back));

  SUBCASE("how they came in does not matter") {
    back.schedule(3, 1'000, {});
    forth.pop();
    back.pop();
    back.pop();
    CHECK(digest_of(forth) == digest_of(back));
  }
  SUBCASE("a copy has the same") {
    const Queue copy = forth;
    CHECK(digest_of(copy) == digest_of(forth));
  }
  SUBCASE("looking ahead changes nothing") {
    CHECK(back.next_order() == 0);
    CHECK(digest_of(forth) == digest_of(back));
  }
  SUBCASE("an event less is seen") {
    back.pop();
    CHECK(digest_of(forth) != digest_of(back));
  }
}

TEST_CASE("the digest sees time, order, payload and what is detached") {
  const auto digest_with = [](Time time, std::uint64_t order, Payload payload) {
    Queue queue;
    queue.schedule(time, order, payload);
    return digest_of(queue);
  };
  const std::uint64_t digest = digest_with(1, 1, {1, 1});
  CHECK(digest != digest_with(2, 1, {1, 1}));
  CHECK(digest != digest_with(1, 2, {1, 1}));
  CHECK(digest != digest_with(1, 1, {2, 1}));
  CHECK(digest != digest_with(1, 1, {1, 2}));

  Queue queue;
  const std::uint64_t empty = digest_of(queue);
  queue.schedule(0, 0, {});
  CHECK(digest_of(queue) != empty);
  const Queue::Handle detached = queue.pop_detached().handle;
  CHECK(digest_of(queue) != empty);
  queue.release(detached);
  CHECK(digest_of(queue) == empty);
}

TEST_CASE("for_each_pending visits the pending events and no others") {
  Queue queue;
  queue.schedule(1, 1, {});
  queue.schedule(2, 2, {});
  const Queue::Handle cancelled = queue.schedule(3, 3, {});
  const Queue::Handle kept = queue.schedule(kHour, 4, {4, 44});
  queue.schedule(2, 5, {});
  queue.pop();
  queue.pop_detached();
  queue.cancel(cancelled);
  std::uint64_t sum = 0;
  queue.for_each_pending([&](const Queue::Entry& entry) {
    sum += entry.order;
    if (entry.order == 4) CHECK(entry.payload == Payload{4, 44});
    if (entry.order == 4) CHECK(entry.handle == kept);
  });
  CHECK(sum == 9);
}

TEST_CASE("an empty queue is small, so that copies of a world are cheap") {
  CHECK(sizeof(Queue) <= 4'096);
  CHECK(Queue().memory_bytes() == sizeof(Queue));
}

}  // namespace
}  // namespace nutshell

// The pending events of a simulation, delivered in the total order (time, order).
//
// A hierarchical timing wheel over a slab. Time is cut into ticks of 256 ns. Level 0 has a slot for
// each of the 64 ticks around the position of the wheel, level 1 a slot for each 64 of those, and so
// on: ten levels reach the end of time, so nothing overflows. An event waits in the slot of the
// highest digit (base 64) in which its tick differs from the position. When the position comes to a
// slot, its events move down, and those of one tick are sorted into `due_`, from whose back they leave.
//
// Cost: schedule and cancel O(1), and a cancelled event leaves nothing behind; pop amortised O(1)
// for spread-out times, O(log n) for n events of one tick. The exception is to schedule or cancel
// at or before the tick being delivered or looked at: it shifts 24 bytes for each sooner event there.
//
// The queue is a value: it holds indices and no pointers, so a copy behaves as its original does,
// down to the handles it gives out. Looking ahead (next_time, next_order) never changes behaviour.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/require.h"
#include "sim/core/types.h"

namespace nutshell {

// Payload is plain data, best of at most 40 bytes: an event then takes 64 in all.
template <class Payload>
class EventQueue {
  static_assert(std::is_trivially_copyable_v<Payload>, "an event is plain data");

 public:
  // Names an event from schedule() until it is popped, cancelled or released; then it is reused.
  using Handle = std::int32_t;
  static constexpr Handle kNoHandle = -1;

  struct Entry {
    Time time;
    std::uint64_t order;
    Payload payload;
    Handle handle;
  };

  EventQueue() { heads_.fill(kNoHandle); }

  // REQUIRES now() <= time < kNever, and that no other pending event has this time and this order.
  Handle schedule(Time time, std::uint64_t order, const Payload& payload);

  // Takes a pending event out and frees its handle. REQUIRES a pending event.
  void cancel(Handle handle);

  bool empty() const { return size_ == 0; }

  // Pending events; detached ones are not counted.
  std::size_t size() const { return size_; }

  // Time of the last event popped, 0 before the first.
  Time now() const { return now_; }

  // Time of the next event, kNever if there is none.
  Time next_time();

  // Order of the next event, the largest number if there is none.
  std::uint64_t next_order();

  // What probably comes next, so that what it is about can be fetched into the cache; nullptr: one would have to search.
  const Payload* upcoming() const {
    if (!due_.empty()) return &payload_at(due_.back().handle);
    if (occupied_[0] == 0) return nullptr;
    return &payload_at(heads_[static_cast<std::size_t>(std::countr_zero(occupied_[0]))]);
  }

  // Takes out the next event and frees its handle. REQUIRES !empty().
  Entry pop();

  // Takes out the next event and keeps its handle, as for a node that is paused. REQUIRES !empty().
  Entry pop_detached();

  // Puts a detached event back under the same handle. REQUIRES a detached event, else as schedule().
  void reattach(Handle handle, Time time, std::uint64_t order);

  // Frees the handle of a detached event. REQUIRES a detached event.
  void release(Handle handle);

  // The payload of a pending or detached event. The reference holds until the next schedule().
  Payload& payload(Handle handle) {
    require_used(handle);
    return payload_at(handle);
  }
  const Payload& payload(Handle handle) const {
    require_used(handle);
    return payload_at(handle);
  }

  // Folds the set of pending events (time, order, payload) and the set of detached payloads. How they
  // came in, which handles they have and how far the wheel has turned do not matter.
  void fold_into(std::uint64_t& digest) const;

  // Calls f(const Entry&) for each pending event, in no order that may be relied on.
  template <class F>
  void for_each_pending(F f) const;

  // Bytes held, reserve included.
  std::size_t memory_bytes() const {
    return sizeof *this + nodes_.capacity() * sizeof(Node) + payloads_.capacity() * sizeof(Payload) +
           due_.capacity() * sizeof(Key);
  }

 private:
  static constexpr int kTickBits = 8;  // a tick is 2^8 ns
  static constexpr int kDigitBits = 6;
  static constexpr int kLevels = (63 - kTickBits + kDigitBits - 1) / kDigitBits;  // to the end of time
  static constexpr int kSlotsPerLevel = 1 << kDigitBits;
  static constexpr int kSlots = kLevels * kSlotsPerLevel;
  static_assert(kSlotsPerLevel == 64, "one word tells the occupied slots of a level");

  // Node::previous of an event that no other precedes: the complement of its slot, or one of these.
  static constexpr std::int32_t kInDue = ~kSlots;
  static constexpr std::int32_t kDetached = kInDue - 1;
  static constexpr std::int32_t kFree = kInDue - 2;

  struct Node {
    Time time;
    std::uint64_t order;
    Handle next;            // in the slot, or in the list of free nodes; kNoHandle at the end
    std::int32_t previous;  // in the slot, or where the event is: see kInDue
  };

  struct Key {
    Time time;
    std::uint64_t order;
    Handle handle;
  };

  struct Later {
    bool operator()(const Key& a, const Key& b) const { return a.time != b.time ? a.time > b.time : a.order > b.order; }
  };

  static std::uint64_t tick_of(Time time) { return static_cast<std::uint64_t>(time) >> kTickBits; }
  static bool is_pending(const Node& node) { return node.previous >= kInDue; }

  Node& node_at(Handle handle) { return nodes_[static_cast<std::size_t>(handle)]; }
  const Node& node_at(Handle handle) const { return nodes_[static_cast<std::size_t>(handle)]; }
  Payload& payload_at(Handle handle) { return payloads_[static_cast<std::size_t>(handle)]; }
  const Payload& payload_at(Handle handle) const { return payloads_[static_cast<std::size_t>(handle)]; }
  void require_used(Handle handle) const;
  Handle allocate(const Payload& payload);
  void free_handle(Handle handle);

  void insert(Handle handle, Time time, std::uint64_t order);
  void link(Handle handle, std::uint64_t tick);
  void unlink(const Node& node);
  typename std::vector<Key>::iterator due_position(const Key& key);
  const Key& front();
  Entry take_front();
  void turn_to_next_tick();
  Handle take_next_slot();

  std::vector<Node> nodes_;  // the slab; a handle is an index into it and into payloads_
  std::vector<Payload> payloads_;
  std::vector<Key> due_;        // events up to the tick position_, the latest first
  std::uint64_t position_ = 0;  // tick; the events after it are in the slots
  Time now_ = 0;
  std::size_t size_ = 0;
  Handle first_free_ = kNoHandle;
  std::uint32_t occupied_levels_ = 0;              // a bit for each level with events
  std::array<std::uint64_t, kLevels> occupied_{};  // a bit for each slot with events
  std::array<Handle, kSlots> heads_;               // first event of each slot
};

template <class Payload>
inline auto EventQueue<Payload>::schedule(Time time, std::uint64_t order, const Payload& payload) -> Handle {
  Handle handle = allocate(payload);
  insert(handle, time, order);
  return handle;
}

template <class Payload>
inline void EventQueue<Payload>::cancel(Handle handle) {
  require_used(handle);
  const Node& node = node_at(handle);
  NUTSHELL_REQUIRE(is_pending(node));
  if (node.previous == kInDue) {
    due_.erase(due_position({node.time, node.order, handle}));
  } else {
    unlink(node);
  }
  --size_;
  free_handle(handle);
}

template <class Payload>
inline Time EventQueue<Payload>::next_time() {
  return empty() ? kNever : front().time;
}

template <class Payload>
inline std::uint64_t EventQueue<Payload>::next_order() {
  return empty() ? std::numeric_limits<std::uint64_t>::max() : front().order;
}

template <class Payload>
inline auto EventQueue<Payload>::pop() -> Entry {
  Entry entry = take_front();
  free_handle(entry.handle);
  return entry;
}

template <class Payload>
inline auto EventQueue<Payload>::pop_detached() -> Entry {
  Entry entry = take_front();
  node_at(entry.handle).previous = kDetached;
  return entry;
}

template <class Payload>
inline void EventQueue<Payload>::reattach(Handle handle, Time time, std::uint64_t order) {
  require_used(handle);
  NUTSHELL_REQUIRE(node_at(handle).previous == kDetached);
  insert(handle, time, order);
}

template <class Payload>
inline void EventQueue<Payload>::release(Handle handle) {
  require_used(handle);
  NUTSHELL_REQUIRE(node_at(handle).previous == kDetached);
  free_handle(handle);
}

template <class Payload>
void EventQueue<Payload>::fold_into(std::uint64_t& digest) const {
  std::uint64_t pending = 0;
  std::uint64_t detached = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    std::uint64_t event = 1;  // from 0 an event of zeros would fold to 0
    if (is_pending(node)) {
      fold(event, node.time);
      fold(event, node.order);
      fold(event, payloads_[i]);
      pending += avalanche(event);
    } else if (node.previous == kDetached) {
      fold(event, payloads_[i]);
      detached += avalanche(event);
    }
  }
  fold(digest, static_cast<std::uint64_t>(size_));
  fold(digest, pending);
  fold(digest, detached);
}

template <class Payload>
template <class F>
void EventQueue<Payload>::for_each_pending(F f) const {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    if (is_pending(node)) f(Entry{node.time, node.order, payloads_[i], static_cast<Handle>(i)});
  }
}

template <class Payload>
inline void EventQueue<Payload>::require_used(Handle handle) const {
  NUTSHELL_REQUIRE(static_cast<std::uint32_t>(handle) < nodes_.size());
  NUTSHELL_REQUIRE(node_at(handle).previous != kFree);
}

template <class Payload>
inline auto EventQueue<Payload>::allocate(const Payload& payload) -> Handle {
  if (first_free_ == kNoHandle) {
    nodes_.push_back({0, 0, kNoHandle, kFree});
    payloads_.push_back(payload);
    return static_cast<Handle>(nodes_.size() - 1);
  }
  Handle handle = first_free_;
  first_free_ = node_at(handle).next;
  payload_at(handle) = payload;
  return handle;
}

template <class Payload>
inline void EventQueue<Payload>::free_handle(Handle handle) {
  Node& node = node_at(handle);
  node.previous = kFree;
  node.next = first_free_;
  first_free_ = handle;
}

template <class Payload>
inline void EventQueue<Payload>::insert(Handle handle, Time time, std::uint64_t order) {
  NUTSHELL_REQUIRE(now_ <= time && time < kNever);
  Node& node = node_at(handle);
  node.time = time;
  node.order = order;
  ++size_;
  std::uint64_t tick = tick_of(time);
  if (tick > position_) {
    link(handle, tick);
  } else {
    node.previous = kInDue;
    Key key{time, order, handle};
    due_.insert(due_position(key), key);
  }
}

// Puts an event at the head of its slot. REQUIRES tick > position_.
template <class Payload>
inline void EventQueue<Payload>::link(Handle handle, std::uint64_t tick) {
  int level = (63 - std::countl_zero(tick ^ position_)) / kDigitBits;
  int digit = static_cast<int>(tick >> (level * kDigitBits)) & (kSlotsPerLevel - 1);
  int slot = level * kSlotsPerLevel + digit;
  Handle& head = heads_[static_cast<std::size_t>(slot)];
  Node& node = node_at(handle);
  node.next = head;
  node.previous = ~slot;
  if (head != kNoHandle) node_at(head).previous = handle;
  head = handle;
  occupied_[static_cast<std::size_t>(level)] |= std::uint64_t{1} << digit;
  occupied_levels_ |= std::uint32_t{1} << level;
}

// Takes an event out of its slot.
template <class Payload>
inline void EventQueue<Payload>::unlink(const Node& node) {
  if (node.next != kNoHandle) node_at(node.next).previous = node.previous;
  if (node.previous >= 0) {
    node_at(node.previous).next = node.next;
    return;
  }
  int slot = ~node.previous;
  heads_[static_cast<std::size_t>(slot)] = node.next;
  if (node.next != kNoHandle) return;
  std::uint64_t& occupied = occupied_[static_cast<std::size_t>(slot / kSlotsPerLevel)];
  occupied &= ~(std::uint64_t{1} << (slot % kSlotsPerLevel));
  if (occupied == 0) occupied_levels_ &= ~(std::uint32_t{1} << (slot / kSlotsPerLevel));
}

// Where a key is, or would be, in due_.
template <class Payload>
inline auto EventQueue<Payload>::due_position(const Key& key) -> typename std::vector<Key>::iterator {
  return std::lower_bound(due_.begin(), due_.end(), key, Later{});
}

// REQUIRES !empty().
template <class Payload>
inline auto EventQueue<Payload>::front() -> const Key& {
  if (due_.empty()) turn_to_next_tick();
  return due_.back();
}

template <class Payload>
inline auto EventQueue<Payload>::take_front() -> Entry {
  NUTSHELL_REQUIRE(!empty());
  Key key = front();
  due_.pop_back();
  NUTSHELL_REQUIRE(due_.empty() || Later{}(due_.back(), key));  // the order is total
  --size_;
  now_ = key.time;
  return {key.time, key.order, payload_at(key.handle), key.handle};
}

// Moves the position to the next tick that has events, and these into due_.
template <class Payload>
void EventQueue<Payload>::turn_to_next_tick() {
  while (due_.empty()) {
    for (Handle handle = take_next_slot(); handle != kNoHandle;) {
      Node& node = node_at(handle);
      Handle next = node.next;
      std::uint64_t tick = tick_of(node.time);
      if (tick - position_ < kSlotsPerLevel) __builtin_prefetch(&payload_at(handle));  // wanted soon, and long untouched
      if (tick == position_) {
        node.previous = kInDue;
        due_.push_back({node.time, node.order, handle});
      } else {
        link(handle, tick);
      }
      handle = next;
    }
  }
  std::sort(due_.begin(), due_.end(), Later{});  // a total order: no two events share time and order
}

// Moves the position to the start of the first occupied slot, empties the slot and returns its list.
template <class Payload>
inline auto EventQueue<Payload>::take_next_slot() -> Handle {
  int level = std::countr_zero(occupied_levels_);
  std::uint64_t& occupied = occupied_[static_cast<std::size_t>(level)];
  int digit = std::countr_zero(occupied);
  occupied &= occupied - 1;
  if (occupied == 0) occupied_levels_ &= occupied_levels_ - 1;
  int shift = level * kDigitBits;
  position_ = (((position_ >> shift >> kDigitBits) << kDigitBits) + static_cast<std::uint64_t>(digit)) << shift;
  Handle& head = heads_[static_cast<std::size_t>(level * kSlotsPerLevel + digit)];
  Handle first = head;
  head = kNoHandle;
  return first;
}

}  // namespace nutshell

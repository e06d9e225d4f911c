// A store whose messages leave: the queue, or subscription, of one service.
//
// An item waits, is out with a consumer, waits for its time, or has left. Which one is next is decided here; when leases
// end and what becomes of a dead letter is the simulation's affair.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/core/types.h"

namespace nutshell::queues {

struct Item {
  enum class State : std::uint8_t { waiting, delayed, out, done, dead, gone };
  std::int32_t message = -1;
  std::int32_t key = -1;
  State state = State::waiting;
  std::int32_t rank = 1;       // 0: among the returned, which come first
  std::int32_t priority = 0;
  std::uint64_t place = 0;     // in its line
  Time entered = 0, handed_at = 0;
  Time expires = kNever;
  std::int32_t deliveries = 0;
  std::int32_t failures = 0;   // as far as a limit counts them
  std::int32_t consumer = -1;  // who has it, or had it last
  std::int32_t receipt = 0;    // of the latest delivery
  std::int32_t lease = -1, expiry = -1;  // timers
  Time lease_since = 0, lease_until = -1;  // of the lease as it is
  std::int32_t size = 0;       // bytes
  std::int32_t death = -1;     // place of the headers that it has as a dead letter of another queue; -1: none
  bool is_stored() const { return state == State::waiting || state == State::delayed || state == State::out; }
};

enum class LineOrder : std::uint8_t {
  one_line,
  group_locked,  // while an item of a key is out, no other of that key is given to anybody
  key_held,      // ... to anybody else
};

// Where an item goes that comes back.
enum class Back : std::uint8_t { to_place, to_front, to_end };

class Mailbox {
 public:
  explicit Mailbox(LineOrder order = LineOrder::one_line, bool fair = false) : order_(order), fair_(fair) {}

  // Returns its number.
  std::int32_t add(Item item);
  const std::vector<Item>& items() const { return items_; }
  Item& item(std::int32_t number) { return items_[static_cast<std::size_t>(number)]; }
  const Item& item(std::int32_t number) const { return items_[static_cast<std::size_t>(number)]; }
  std::int32_t waiting() const { return waiting_; }
  std::int64_t waiting_bytes() const { return waiting_bytes_; }
  std::int32_t out() const { return out_; }
  // Whether fewer than `most` stored items came before it.
  bool is_among_first(std::int32_t number, std::int64_t most) const;

  // The next for this consumer; -1: none. `only_key`: of that line alone, whatever is out of it.
  std::int32_t next_for(std::int32_t consumer, std::int32_t only_key = -1) const;
  // The next for anybody; of a held line, its holder in `must`. -1: none. `skip`: holders that can take no more.
  std::int32_t next(const std::vector<bool>& skip, std::int32_t& must) const;
  // Of a fair queue (S5), which is one line: the next where keys that have more than their share out come after all others.
  std::int32_t next_fair(Time now);
  // Who had the line of this key last; -1: nobody.
  std::int32_t last_of(std::int32_t key) const;
  // The oldest that waits; -1: none.
  std::int32_t head() const;

  // REQUIRES an item that waits.
  void hand_out(std::int32_t number, std::int32_t consumer);
  // An item that is out, waits for its time, or had left: it waits again, or waits for its time.
  void put_back(std::int32_t number, Back back, bool delayed);
  // REQUIRES an item that waits for its time.
  void make_available(std::int32_t number);
  void leave(std::int32_t number, Item::State state);

 private:
  struct Rank {
    std::int32_t rank, priority;
    std::uint64_t place;
    std::int32_t item;
    friend auto operator<=>(const Rank&, const Rank&) = default;
  };
  struct Line {
    std::set<std::pair<std::uint64_t, std::int32_t>> queue;  // waiting and delayed, in order
    std::int32_t out = 0;
    std::int32_t holder = -1;
    std::int64_t listed = -1;  // the place of its first, if that could be given out
    bool listed_as_held = false;
  };
  void watch_noise(std::int32_t key);
  struct Tenant {  // a key of a fair queue
    std::set<Rank> ready;
    std::int32_t out = 0;
    Time sent = 0;  // the latest that came
    bool noisy = false;
  };
  using Heads = std::set<std::pair<std::uint64_t, std::int32_t>>;  // place of the first, key
  Rank rank_of(std::int32_t number) const;
  void enter(std::int32_t number);
  void exit(std::int32_t number);
  void list_line(std::int32_t key);
  std::int32_t first_of(std::int32_t key) const { return lines_.find(key)->second.queue.begin()->second; }

  LineOrder order_;
  bool fair_;
  std::map<std::int32_t, Tenant> tenants_;  // by key; -1: all that have none
  std::vector<Item> items_;
  std::set<Rank> ready_;                // of one line
  std::map<std::int32_t, Line> lines_;  // by key
  Heads free_, held_;                   // lines of which nothing is out, or something is
  std::uint64_t places_ = 0, returns_ = 0;
  std::int32_t waiting_ = 0, out_ = 0;
  std::int64_t waiting_bytes_ = 0;
};

}  // namespace nutshell::queues

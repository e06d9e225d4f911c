// A queue as a machine: commands go in, in one order, and what has to be done about them comes out. Each member of a quorum
// queue has one and gives it the same commands from the same log (Q22); a classic queue is one machine on one node.
//
// A value without a clock: each command brings its time along. What is to happen by itself (a message expires, a delay is
// over, a consumer takes too long) is a `tick` that the leader sends when next_due() has come.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/digest.h"
#include "sim/queues/rules.h"

namespace nutshell::rabbit {

// A client's connection: its process in the upper half, how many it had before in the lower.
using ChannelId = std::int64_t;
constexpr ChannelId channel_id(NodeId client, std::int32_t nth) {
  return (static_cast<ChannelId>(static_cast<std::int32_t>(client)) << 32) | static_cast<std::uint32_t>(nth);
}
constexpr NodeId client_of(ChannelId channel) { return static_cast<std::int32_t>(channel >> 32); }

enum class CommandKind : std::uint8_t {
  noop,       // of a new leader
  enqueue, consume, settle, give_back, discard, cancel,
  down,       // a channel is gone
  node_down,  // all that were connected to a node are
  tick,
  restart,    // of a classic queue's node: what is not persistent is gone
};

struct Command {
  CommandKind kind = CommandKind::noop;
  ChannelId channel = 0;       // whose; 0: the queue's own
  std::int32_t sequence = 0;   // of that channel at this queue, from 1: a command that comes twice is done once
  NodeId node = kNoNode;       // to which the channel is connected, or which is down
  std::int32_t message = -1;
  std::int32_t priority = 0, prefetch = 0;
  Duration life = kNever;      // of the message
  bool counts = false;         // as a failed delivery; of restart: transient messages are gone
  bool no_ack = false;
  std::vector<std::int32_t> tags;
  NUTSHELL_FIELDS(Command, kind, channel, sequence, node, message, priority, prefetch, life, counts, no_ack, tags)
};

enum class EffectKind : std::uint8_t { applied, rejected, stored, deliver, settled, late, returned, dead_lettered, dropped, closed };

struct Effect {
  EffectKind kind = EffectKind::applied;
  ChannelId channel = 0;
  NodeId node = kNoNode;
  std::int32_t sequence = 0, tag = 0, message = -1, deliveries = 0;
  bool no_ack = false;
  std::string_view why = "";
};

class QueueMachine {
 public:
  // Appends to `effects`.
  void apply(const queues::Rules& rules, const Command& command, Time at, std::vector<Effect>& effects);
  // When it wants a tick; kNever: not.
  Time next_due(const queues::Rules& rules) const;
  // What every consumer has in hand, for a new leader to hand out again: nobody takes one twice.
  std::vector<Effect> outstanding() const;
  // The messages that it holds.
  std::vector<std::int32_t> messages() const;
  bool has_consumer(ChannelId channel) const;
  bool has_consumer_at(NodeId node) const;
  std::uint64_t digest() const;

  enum class State : std::uint8_t { ready, delayed, out, gone };
  // A message that has come in, for who looks on.
  struct Seen {
    std::int32_t message = -1, deliveries = 0;
    State state = State::ready;
    ChannelId channel = 0;  // out: who has it
  };
  std::vector<Seen> seen() const;  // in the order in which they came

 private:
  struct Item {
    std::int32_t message = -1, priority = 0;
    State state = State::ready;
    bool returned = false;       // it is among those that are served first
    std::uint64_t place = 0;
    Time expires = kNever, due = kNever;  // due: its delay is over, or its consumer's time
    std::int32_t deliveries = 0, failures = 0;
    NUTSHELL_FIELDS(Item, message, priority, state, returned, place, expires, due, deliveries, failures)
  };
  struct Held {
    std::int32_t tag = 0, item = 0;
    NUTSHELL_FIELDS(Held, tag, item)
  };
  struct Consumer {
    ChannelId channel = 0;
    NodeId node = kNoNode;
    std::int32_t prefetch = 0, priority = 0, next_tag = 1;
    bool no_ack = false, cancelled = false;
    std::vector<Held> out;              // in the order of delivery
    std::vector<std::int32_t> overdue;  // tags that it has been too slow with: it gets nothing until it has settled them
    NUTSHELL_FIELDS(Consumer, channel, node, prefetch, priority, next_tag, no_ack, cancelled, out, overdue)
  };
  struct Call {  // a command being done
    const queues::Rules& rules;
    Time at;
    std::vector<Effect>& effects;
  };

  void enqueue(Call& call, const Command& command);
  void verdict(Call& call, const Command& command);
  void verdict_on(Call& call, const Command& command, Consumer& consumer, std::int32_t item);
  void close(Call& call, std::size_t consumer, bool counts);
  void tick(Call& call);
  void overdue(Call& call, Consumer& consumer);
  void restart(Call& call, bool transient);
  void come_back(Call& call, std::int32_t item, bool counts, queues::Back back, bool waits, std::string_view why);
  void bury(Call& call, std::int32_t item, std::string_view why);
  void make_ready(std::int32_t item);
  void unready(std::int32_t item);
  void make_room(Call& call);
  void expire_heads(Call& call);
  void serve(Call& call);
  std::int32_t head() const;
  std::int32_t choose(const queues::Rules& rules) const;
  bool can_take(const queues::Rules& rules, const Consumer& consumer) const;
  Consumer* find(ChannelId channel);
  Item& item(std::int32_t number) { return items_[static_cast<std::size_t>(number)]; }
  const Item& item(std::int32_t number) const { return items_[static_cast<std::size_t>(number)]; }

  std::vector<Item> items_;
  std::deque<std::int32_t> returns_;
  std::map<std::pair<std::int32_t, std::uint64_t>, std::int32_t> ready_;  // the lower priority, the later; then by place
  std::uint64_t places_ = 0;
  std::vector<Consumer> consumers_;  // in the order of their coming
  std::size_t turn_ = 0;
  std::map<ChannelId, std::int32_t> sequences_;  // the last one done
};

}  // namespace nutshell::rabbit

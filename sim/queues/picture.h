// What there is to be seen of a run at one moment, in one shape for all products: stores with their messages, and who works.
//
// A log's cells stay and markers move; a mailbox's messages leave. Places, services, readers and messages are named by their
// places in the lists of the workload.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/queues/simulation.h"

namespace nutshell::queues {

// A message in its store.
struct Cell {
  enum class State : std::uint8_t {
    kept,     // in a log: it stays, whoever has read it
    ready,    // the next delivery may be of it
    out,      // with a consumer that lives
    hidden,   // with one that is gone: nobody gets it until its time is over
    delayed,  // waits before it is tried again
    done,     // acknowledged, and so gone
    removed   // gone in another way: too old, dropped, a dead letter
  };
  State state = State::ready;
  std::int32_t message = -1, key = -1;
  Time until = -1;                 // out or hidden: when its lease is over; -1: it has none
  Duration lease = 0;              // ... and how long that is in all
  std::int32_t reader = -1;        // who has it, or had it last
  std::int32_t deliveries = 0;
  bool came_back = false;          // waits, and had been out
  std::int32_t blocked_by = -1;    // message of its key that is out, so that it has to wait
};

// Where a service is in a lane of a log.
struct LaneMark {
  std::int32_t service = -1;
  std::int64_t position = -1;      // what it reads next; -1: nobody reads
  std::int64_t committed = -1;     // where it would go on; -1: nothing is committed
  std::int32_t reader = -1;        // whose it is
};

// One partition, shard, stream or queue.
struct LaneView {
  std::string name;                // "p0", "shard-0"; empty: the only one
  std::int64_t first = 0;          // offset of the first cell
  std::vector<Cell> cells;         // in order
  std::vector<LaneMark> marks;     // of a log
  std::int32_t parent = -1;        // the lane that it was split off, or merged of
  std::int32_t other_parent = -1;  // ... and the second one, if two were merged
  bool open = true;                // a shard that takes records
  std::int32_t keys_from = 0, keys_to = 0;  // of 65536: which part of all hash keys is a shard's; 0, 0: no shard
  bool waits = false;              // a shard that somebody reads no sooner than what came before it
  std::int32_t leader = -1;        // node; -1: hidden, or none
};

// A count with the product's own word for it: "Ready", "Messages in flight".
struct CountView {
  std::string_view word;
  std::int64_t count = 0;
};

// One of the nodes that a store lies on.
struct NodeView {
  bool up = true;
  bool cut = false;                // from the others
  bool leads = false;
  std::int64_t stored = -1;        // messages of the store that it has; -1: it has no copy
};

struct StoreView {
  std::string name;                // "topic orders", "queue billing"
  std::int32_t service = -1;       // whose; -1: one for all
  std::vector<LaneView> lanes;
  std::vector<CountView> counts;
  std::vector<std::int32_t> dead;  // messages in its dead-letter place
  std::vector<NodeView> nodes;     // by number; empty: hidden
};

struct WorkerView {
  enum class State : std::uint8_t { absent, idle, works, crashed, left };
  State state = State::absent;
  std::int32_t service = -1, consumer = -1;
  std::int32_t message = -1;       // that it works on
  bool again = false;              // which had been delivered before
  std::int32_t handled = 0, acknowledged = 0;
  bool noticed = false;            // that it crashed
  Time crashed_at = 0;
};

struct Picture {
  bool is_log = false;
  std::vector<StoreView> stores;
  std::vector<WorkerView> workers;  // in the order of services and consumers
};
Picture picture_of(const Simulation& run, Time now);
// Counts what its cells are, in the product's own words.
void count_cells(StoreView& store, ProductId product);

// "session.timeout.ms=45000": the key that decides how this product notices that somebody is gone, as it is set.
std::string telling_key(const Row& row);
// What its group, queue, subscription or application is called, and one place of its log.
std::string_view service_word(ProductId id);
std::string_view lane_word(ProductId id);

}  // namespace nutshell::queues

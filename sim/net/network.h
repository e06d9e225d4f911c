// Links between nodes: how long a message takes, and whether it gets through.
//
// Connections are TCP: a lost or cut segment is sent again after 200 ms, 400 ms, ... (the usual
// minimum retransmission time-out, doubling up to 120 s), so loss is delay until someone gives up.
// Which message is concerned is decided by keyed draws, so that another message changes nothing here.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/random.h"
#include "sim/core/types.h"

namespace nutshell {

// Probabilities are in parts per million; 0 and 1,000,000 are never and always.
inline constexpr std::int32_t kAlways = 1'000'000;

// How a link behaves. Latency of a message: `latency` + exponential(mean `jitter`), and with
// probability `tail_ppm` another `tail` (a bimodal network).
struct LinkModel {
  Duration latency = 200 * kMicrosecond;
  Duration jitter = 50 * kMicrosecond;
  Duration tail = 0;
  std::int32_t tail_ppm = 0;
  std::int32_t loss_ppm = 0;       // a transmission is lost and retransmitted
  std::int32_t duplicate_ppm = 0;  // a segment arrives twice; the receiver's TCP discards the copy
  std::int32_t reorder_ppm = 0;    // a message is held back by `reorder_delay`, so that messages of
  Duration reorder_delay = 0;      // other connections overtake it
  std::int64_t bytes_per_second = 0;  // 0: unlimited
  friend bool operator==(const LinkModel&, const LinkModel&) = default;
  NUTSHELL_FIELDS(LinkModel, latency, jitter, tail, tail_ppm, loss_ppm, duplicate_ppm, reorder_ppm, reorder_delay,
                  bytes_per_second)
};

// One direction between two nodes, where it differs from the default or holds state.
struct Link {
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  LinkModel model;
  bool cut = false;     // nothing gets through
  bool jammed = false;  // everything waits, then bursts out
  Time busy_until = 0;  // the wire is sending until then (bytes_per_second)
  Step cut_by = kNoStep;              // the step that cut or jammed it, for "why?"
  std::vector<std::int32_t> held;     // messages waiting in a jam, in order
  NUTSHELL_FIELDS(Link, from, to, model, cut, jammed, busy_until, held)
};

// Where machines stand that fail together, and between which traffic costs: a zone, by its place in Zones::names counted from 1.
using ZoneNumber = std::uint8_t;
inline constexpr ZoneNumber kNoZone = 0;
inline constexpr std::size_t kMostZones = 64;

// Bytes that have arrived of one conversation of those that one kind of process begins. What it is about, its system knows.
struct ZoneBytes {
  std::uint16_t api = 0;   // place of the conversation in the table of its family
  std::uint8_t asker = 0;  // kind of its client
  std::int64_t bytes = 0;
  NUTSHELL_FIELDS(ZoneBytes, api, asker, bytes)
};

// From one zone to another: its latency, and what has come through.
struct ZonePath {
  ZoneNumber from = kNoZone, to = kNoZone;
  Duration latency = 0;  // on top of what the link has
  std::vector<ZoneBytes> arrived;
  NUTSHELL_FIELDS(ZonePath, from, to, latency, arrived)
};

struct Zones {
  std::vector<RackId> names;    // interned
  std::vector<ZoneNumber> of;   // by node; nodes behind the end stand in none
  std::vector<ZonePath> paths;  // by (from, to); absent: nothing has come through, and it is no longer than other links
  NUTSHELL_FIELDS(Zones, names, of, paths)

  ZoneNumber zone_of(NodeId node) const {
    return static_cast<std::size_t>(node) < of.size() ? of[static_cast<std::size_t>(node)] : kNoZone;
  }
  // Both stand in zones, and not in the same.
  bool apart(NodeId a, NodeId b) const {
    return !of.empty() && zone_of(a) != zone_of(b) && zone_of(a) != kNoZone && zone_of(b) != kNoZone;
  }
  void put(NodeId node, RackId name);  // REQUIRES fewer than kMostZones are known, or this one is
  ZoneNumber number_of(RackId name) const;  // kNoZone: there is none of that name
  const ZonePath* find(ZoneNumber from, ZoneNumber to) const;
  ZonePath& at(ZoneNumber from, ZoneNumber to);  // made when absent
  // Counts a message that has arrived. REQUIRES its ends are apart.
  void count(NodeId from, NodeId to, std::uint16_t api, std::uint8_t asker, std::int64_t bytes);
  Duration latency(NodeId from, NodeId to) const;
};

// Counts of what befell messages; every sent message is delivered, dropped or in flight.
struct NetworkCounters {
  std::int64_t sent = 0, delivered = 0, dropped = 0;
  std::int64_t lost = 0, cut = 0, duplicated = 0, reordered = 0, jammed = 0, responses_lost = 0;
  NUTSHELL_FIELDS(NetworkCounters, sent, delivered, dropped, lost, cut, duplicated, reordered, jammed, responses_lost)
};

struct Network {
  LinkModel standard;
  std::vector<Link> links;  // sorted by (from, to); absent: the standard model, not cut
  NetworkCounters counters;
  Zones zones;
  NUTSHELL_FIELDS(Network, standard, links, counters, zones)

  const Link* find(NodeId from, NodeId to) const;
  Link& at(NodeId from, NodeId to);  // made when absent
};

// When a message of `bytes`, sent at `now` as the `nth` of the stream `key`, arrives if nothing stops it.
Time arrival_time(Network& network, std::uint64_t seed, NodeId from, NodeId to, std::uint64_t key, std::uint64_t nth,
                  std::int64_t bytes, Time now);

// How long TCP waits before the `attempt`-th retransmission, counted from 0.
Duration retransmission_timeout(std::int32_t attempt);

}  // namespace nutshell

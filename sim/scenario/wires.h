// Programs that send to programs: each to each, one calling the next, through hubs, or through one log. How many wires that takes,
// what waits while a receiver is down, what one more receiver costs, and how often all of it is up.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/types.h"

namespace nutshell {

inline constexpr int kMostServices = 40, kMostHubs = 5;

struct Wires {
  enum class Through : std::uint8_t { nothing, hubs, log, chain };
  Through through = Through::nothing;
  std::int32_t senders = 5, receivers = 5;  // 1 to kMostServices each; a chain begins with one sender
  std::int32_t hubs = 1;                    // 1 to kMostHubs; everybody is on every one of them
  std::int32_t down = 0;                    // the receiver that is away, from 1; 0: none is
  bool all_ways = false;                    // every way beside each other, from 3 to 1 to one log, whatever `through` says
  NUTSHELL_FIELDS(Wires, through, senders, receivers, hubs, down, all_ways)
  friend bool operator==(const Wires&, const Wires&) = default;
};

// How a scenario without a cluster has them from a time on.
struct WiresStep {
  Time at = 0;
  Wires wires;
  NUTSHELL_FIELDS(WiresStep, at, wires)
};
// REQUIRES steps is not empty. Before the first of them, as the first has them.
const Wires& wires_at(const std::vector<WiresStep>& steps, Time at);

struct WireEnd {
  enum class Kind { sender, middle, receiver };  // the middle: a hub, or the log
  Kind kind = Kind::sender;
  int number = 0;  // from 0
  friend bool operator==(const WireEnd&, const WireEnd&) = default;
};
struct Wire {
  WireEnd from, to;
};
// Each of them, as they are drawn.
std::vector<Wire> wires_of(const Wires& wires);
// How many there are, by arithmetic, and the sum as people write it: "5 × 5 = 25".
int count_of(const Wires& wires);
std::string sum_of(const Wires& wires);

// In a few words, and what belongs to them: "5 senders block," "or drop, or hoard".
struct WiresWords {
  std::string words, rest;
};
// While a receiver is down: what is stuck?
WiresWords outage_of(const Wires& wires);
// So many programs, queues or hubs have something that waits then.
int waiting_of(const Wires& wires);
// One more receiver: what has to change?
WiresWords one_more_of(const Wires& wires);

// Each program, and each node of a hub or a log, is up 999 of 1000 moments. How many of 10^9 can a sender get through to all it
// needs? It waits for every receiver, or for those that it calls one after the other; a hub or a log works while two of its three
// nodes do, and who sends needs no receiver.
std::int64_t up_of(const Wires& wires);
std::string up_text(const Wires& wires);      // "99.50 %"
std::string up_sum_of(const Wires& wires);    // "0.999^5"; "3 a² (1 - a) + a³"
WiresWords availability_of(const Wires& wires);

inline constexpr std::string_view kOneMoreReader = "One more reader", kEachUp = "Each is up 99.9 % of the time";
// "While d is down". REQUIRES down > 0.
std::string while_down(const Wires& wires);

// Every way beside each other, from 3 to 1 to one log, with as many programs.
struct WiresWay {
  std::string_view title;
  Wires wires;
};
std::vector<WiresWay> ways_of(const Wires& like);

// "a" to "z", then "aa" to "an": what a receiver is called.
std::string receiver_letter(int number);

}  // namespace nutshell

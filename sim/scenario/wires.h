// Programs that send to programs: each to each, through hubs, or through one log. How many wires that takes, what waits while a
// receiver is down, and what one more receiver costs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

inline constexpr int kMostServices = 12, kMostHubs = 5;

struct Wires {
  enum class Through { nothing, hubs, log };
  Through through = Through::nothing;
  int senders = 5, receivers = 5;  // 1 to kMostServices each
  int hubs = 1;                    // 1 to kMostHubs; everybody is on every one of them
  int down = 0;                    // the receiver that is away, from 1; 0: none is
  bool all_ways = false;           // every way beside each other, from 3 to 1 to one log, whatever `through` says
};

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
// One more receiver: what has to change?
WiresWords one_more_of(const Wires& wires);

inline constexpr std::string_view kOneMoreReader = "One more reader";
// "While d is down". REQUIRES down > 0.
std::string while_down(const Wires& wires);

// Every way beside each other, from 3 to 1 to one log, with as many programs.
struct WiresWay {
  std::string_view title;
  Wires wires;
};
std::vector<WiresWay> ways_of(const Wires& like);

// "a" to "l": what a receiver is called.
std::string receiver_letter(int number);

}  // namespace nutshell

// Messages in flight, as the picture shows them: who to whom, what kind, how far.
//
// A message is seen from its sending on, never before. Most are far quicker than the eye: while time passes, a flight is
// stretched to a least duration, and the message that is seen lags behind the one that has arrived. Where time stands
// still, only what really is under way is there.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/history/traffic.h"

namespace nutshell {

struct Flight {
  NodeId from = kNoNode, to = kNoNode;
  TokenKind kind = TokenKind::other;
  char letter = 0;           // of group, metadata and vote tokens
  std::int32_t count = 0;    // records carried, if known
  MessageNumber message = kNoMessage;
  TopicPartition tp;         // that it is about, if it is one
  Time sent = 0;
  float progress = 0;        // 0..1
  bool dropped = false;      // it ends here
};

// A message of which no more than its kind is known.
Flight plain_flight(NodeId from, NodeId to, MessageNumber message);
// How time passes for flights.
struct FlightPace {
  Duration least = 0;  // simulated time that each takes at least; 0: time stands still
  Duration after = 0;  // simulated time that stands for the wall time since view time stopped
  Step settled = 0;    // what arrived in the steps before this one has been seen
};
// Kinds that carry nothing new (heartbeats, empty fetches) are among them only if `hidden`.
std::vector<Flight> flights(const Timeline& timeline, Time view_time, const FlightPace& pace, bool hidden);

}  // namespace nutshell

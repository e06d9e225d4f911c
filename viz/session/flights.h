// Messages in flight, as the picture shows them: who to whom, what kind, how far.
//
// Most messages are far quicker than the eye, so a flight is stretched to a least duration; it ends when the message
// really arrives. What has not been sent yet is known from the run's own future.
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
  std::uint8_t message = kNoMessage;  // index in Body
  TopicPartition tp;         // that it is about, if it is one
  float progress = 0;        // 0..1
  bool dropped = false;      // it ends here
};

// A message of which no more than its kind is known.
Flight plain_flight(NodeId from, NodeId to, std::uint8_t message);
// Kinds that carry nothing new (heartbeats, empty fetches) are among them only if `hidden`.
std::vector<Flight> flights(const Timeline& timeline, Time view_time, Duration least, bool hidden);

}  // namespace nutshell

// Transitions: how what has just happened is shown while time passes. Each belongs to a fact of the chronicle, and
// how far it is follows from view time and pace alone: nothing is kept from frame to frame.
//
// A transition takes its own wall time, at least 80 ms and at most 1.2 s; faster than 16 times nothing is shown of
// it. Where time stands still, all have come to their end and none is listed.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/session/motion.h"

namespace nutshell {

enum class TransitionKind : std::uint8_t {
  append, high_watermark, truncated,   // broker, tp, offsets from .. to
  committed, position,                 // node (a consumer), tp, offsets from .. to
  crashed, joined, left, star,         // node
  fenced,                              // broker
  isr_shrunk, isr_expanded, office,    // broker, tp
  crown,                               // broker, previous, tp, epoch
  revoked, assigned,                   // node (a consumer), tp
  dropped                              // node to `to`, message
};
inline constexpr int kTransitionKinds = 17;

struct Transition {
  TransitionKind kind = TransitionKind::append;
  Step step = 0;       // in which it happened ...
  Time at = 0;         // ... and when
  float progress = 0;  // 0..1, by wall time
  float eased = 0;     // the same, as it is to be drawn
  NodeId node = kNoNode, to_node = kNoNode;
  BrokerId broker = kNoBroker, previous = kNoBroker;
  TopicPartition tp;
  Offset from = -1, to = -1;  // of what moved: where it stood, where it stands; truncated: the old and the new log end
  Offset mark = -1;           // of truncated: the high watermark before
  Epoch epoch = -1;
  bool as_leader = false;     // of append
  MessageNumber message = 0;  // of dropped
  std::vector<Epoch> lost;    // of truncated: epochs of the records from `to` on; -1: their append is too long ago
};

// Wall time at the usual pace, and how simulated time stands for it at a pace; 0: it is not shown.
Duration stated(TransitionKind kind, bool reduced);
Duration shown(Duration stated, Duration pace);

// Those on their way, the latest first. At most kMostLooked steps are looked at.
std::vector<Transition> transitions(const Timeline& timeline, Time view_time, const Motion& motion);
inline constexpr Step kMostLooked = 4000;

// Wall time until all have come to their end that are on their way after so many steps. It has `motion.after` behind it.
Duration wall_left(const Timeline& timeline, Step position, Time view_time, const Motion& motion);

}  // namespace nutshell

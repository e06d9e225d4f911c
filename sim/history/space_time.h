// The space-time diagram of a stretch of a run, without any drawing: lanes, messages between them, beads, points.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/time_axis.h"

namespace nutshell {

// A node, or several of a kind where there is no room for each.
struct SpaceLane {
  std::vector<NodeId> nodes;
  NodeKind kind = NodeKind::broker;
  std::string name, what;
  std::vector<RoleSpan> spans;
};

struct SpaceMessage {
  std::size_t passage = 0;  // into Tracks::passages
  std::size_t from = 0, to = 0;  // lanes
};

struct SpacePoint {
  std::size_t point = 0;  // into Tracks::points
  std::size_t lane = 0;
};

// Traffic that repeats itself between two lanes, in one sign.
struct Bead {
  std::size_t lane = 0, other = 0;  // of who asks, and of who answers
  AxisPlace left = 0, right = 0;        // where it may stand
  Time from = 0, to = 0;            // of the first and the last of them
  std::int32_t count = 0;           // messages, both ways
  TokenKind kind = TokenKind::other;  // what most of them are
  char letter = 0;
  Fate fate = Fate::arrived;
  bool idle = false;
  std::size_t first = 0;            // into Tracks::passages
};

struct SpaceTime {
  Time from = 0, to = 0;
  std::vector<SpaceLane> lanes;
  std::vector<SpaceMessage> messages;
  std::vector<SpacePoint> points;
  std::vector<Bead> beads;
};

struct SpaceTimeOptions {
  Time from = 0, to = kNever;
  std::size_t most_lanes = 40;
  AxisPlace bucket = 96 * kPixel;   // as wide as one bead
  bool hidden_traffic = false;  // heartbeats and empty fetches stand one by one where they fit
  std::vector<Step> thread;     // steps whose messages are never folded
};

SpaceTime make_space_time(const Tracks& tracks, const TimeAxis& axis, const SpaceTimeOptions& options);

// Who has a lane when there is room for so many: the less interesting share one.
std::vector<SpaceLane> plan_lanes(const Tracks& tracks, std::size_t most);

}  // namespace nutshell

// The lanes of the timeline: who was in charge and who was silent, when; read off the facts of a finished run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/session/place.h"

namespace nutshell {

// How a stretch looks. `calm` is the usual state, `epoch` is coloured by Stretch::value; of `absent` nothing is seen: the
// broker, partition or group is not there yet.
enum class StretchKind : std::uint8_t { calm, epoch, waiting, broken, absent };

struct Stretch {
  Time from = 0, to = 0;
  StretchKind kind = StretchKind::calm;
  std::int32_t value = 0;
  std::string text;
  bool operator==(const Stretch&) const = default;
};

struct Lane {
  std::string name;
  std::vector<Stretch> stretches;
  Place place;  // whose lane it is; of the quorum: a controller that is no node
};

enum class MarkKind : std::uint8_t { action, election, rebalance, isr, promise, beat, question };

struct Mark {
  Time at = 0;
  MarkKind kind = MarkKind::action;
  std::string text;
  Place place;  // where it happened; none: nowhere in particular
};

// How often something changed that is not usual: becoming what it is does not count.
std::size_t telling(const Lane& lane);

struct Lanes {
  std::vector<Lane> lanes;  // controllers, brokers, partitions, the groups
  std::vector<Mark> marks;  // by time
};

// REQUIRES the timeline has run to its end.
Lanes make_lanes(const Timeline& finished, Time until);

}  // namespace nutshell

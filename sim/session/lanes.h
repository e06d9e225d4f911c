// The lanes of the timeline: who was in charge and who was silent, when: a view of the states of a run, which grows as more
// of it becomes known.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/history/fact_looks.h"
#include "sim/history/states.h"
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

// Fills the lanes of a run, with more at each call and nothing twice.
class LanesReader {
 public:
  // Reads the known steps up to that time that it has not read, and lets all lanes end there. Marks that others have put
  // among those of `lanes` stay.
  void follow(const Timeline& timeline, Time until, Lanes& lanes);

 private:
  friend class LaneBuilder;
  // What a node is by now, and when it came to be so, in changes: of two that hold, the later one is shown.
  struct NodeTale {
    Life life = Life::starting;
    bool paused = false, fenced = false;
    std::size_t lives_since = 0, paused_since = 0, fenced_since = 0;
  };
  Step step_ = 0;                          // the next one to be read
  std::size_t change_ = 0;                 // of its states, the next
  std::map<Subject, std::size_t> places_;  // of lanes
  std::map<NodeId, NodeTale> nodes_;
};

}  // namespace nutshell

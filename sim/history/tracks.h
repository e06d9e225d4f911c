// Tracks: what each node was, when, and the moments worth telling; read off the facts of a finished run.
//
// Everything a space-time diagram needs of a run, whatever stretch of it is drawn, and on whatever axis.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/history/traffic.h"

namespace nutshell {

// What a node is during a stretch of time; later ones are worse or higher and hide the earlier.
enum class Role : std::uint8_t {
  idle,        // nothing to do: a member without a partition, a node that starts
  calm,        // a producer, a voter, a follower
  reads,       // a member with partitions
  out_of_isr,  // a broker of which at least one replica is out of sync
  leads,       // a leader of partitions, or of the quorum
  candidate,
  fenced,
  paused,
  down
};

struct RoleSpan {
  Time from = 0, to = 0;
  Role role = Role::calm;
  std::string text;  // "leads p0, e1"; "reads p0, p2"; may be empty
};

struct Track {
  NodeId node = kNoNode;
  NodeKind kind = NodeKind::broker;
  std::string name, what;     // "broker 1", "orders-0"; `what` is a word or two, or empty
  GroupId group = -1;    // of consumers, interned
  std::vector<RoleSpan> spans;  // without gaps, from 0 to Tracks::until
};

// A step that is told: of several facts, the most telling one gives the words.
struct TrackPoint {
  Step step = kNoStep;
  Time at = 0;
  NodeId node = kNoNode;  // whose it is; kNoNode: everybody's
  std::string label;      // a few words: "leads p0, e1"; empty: it has none of its own
  std::string sentence;
  Time silent_since = -1; // a session ran out here: when the last sign of life came in; -1: none did
  bool action = false;    // somebody did it to the cluster
  bool grave = false;     // a promise broke, or records were cut off
};

struct Tracks {
  std::vector<Track> tracks;    // producers, brokers, controllers, consumers: as on the stage
  std::vector<TrackPoint> points;  // by step
  Passages passages;
  Time until = 0;
  Duration hop = 0;             // how long a message usually takes

  const Track* of(NodeId node) const;  // nullptr: it is not shown
};

// Reads the tracks of what is known, a piece at a time, so that a frame stays quick however long the run is.
class TracksReader {
 public:
  // Of the known steps until then. The timeline may go on meanwhile, but not lose any of them.
  TracksReader(const Timeline& timeline, Time until);
  ~TracksReader();
  // Reads so many steps more. False: all are read.
  bool go_on(Step most);
  // What has been read; the reader is done with. REQUIRES all is.
  Tracks take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All at once.
Tracks read_tracks(const Timeline& timeline, Time until);

}  // namespace nutshell

// What nodes are, fact by fact: fills the spans of tracks. For the files of this folder only.
#pragma once

#include <map>
#include <set>
#include <string>

#include "sim/history/tracks.h"

namespace nutshell {

class RoleReader {
 public:
  RoleReader(const World& world, Tracks& tracks);
  void take(const Fact& fact);
  // Ends the spans there.
  void finish(Time until);
  // "p0", or "orders p0" where there are several topics.
  std::string partition(TopicPartition tp) const;
  // "orders-0" if users have only this one; else empty.
  std::string only_partition() const;

 private:
  enum class Life : std::uint8_t { down, starting, up };
  // What is known of a node by now.
  struct State {
    Life life = Life::down;
    bool begun = false, paused = false, fenced = false, stopped = false, idle = false, rejoining = false;
    bool candidate = false, active = false;
    Epoch epoch = 0;  // of the quorum
    std::map<TopicPartition, Epoch> leads, follows;
    std::set<TopicPartition> out, owned;
  };

  template <class F>
  void note(const F&) {}
  void note(const NodeStarted& f);
  void note(const NodeCrashed& f) { end(f.node, false); }
  void note(const NodeStopped& f) { end(f.node, true); }
  void note(const NodePaused& f) { state(f.node).paused = true; }
  void note(const NodeResumed& f) { state(f.node).paused = false; }
  void note(const BrokerFenced& f);
  void note(const BrokerUnfenced& f);
  void note(const LeaderTookOffice& f);
  void note(const FollowerStarted& f);
  void note(const IsrShrunk& f);
  void note(const IsrExpanded& f);
  void note(const ElectionStarted& f);
  void note(const ControllerElected& f);
  void note(const ControllerActivated& f);
  void note(const ControllerResigned& f);
  void note(const RebalanceStarted& f);
  void note(const PartitionAssigned& f);
  void note(const PartitionRevoked& f);
  void note(const MemberIdle& f);

  void end(NodeId node, bool stopped);
  bool is_shown(TopicPartition tp) const;
  State& state(NodeId node);
  State& broker(BrokerId id);
  // Writes down what has become of the nodes that were touched.
  void settle(Time at);
  RoleSpan span_of(const Track& track, const State& state) const;
  RoleSpan broker_span(const State& state) const;
  std::string list(const std::string& verb, const std::set<TopicPartition>& all) const;

  const World& world_;
  Tracks& tracks_;
  std::int32_t topics_ = 0;       // of users
  std::int32_t partitions_ = 0;   // of users
  std::string only_topic_;        // one of them
  std::map<NodeId, State> states_;
  std::set<NodeId> touched_;
};

}  // namespace nutshell

// What nodes are, change by change of their states: fills the spans of tracks. For the files of this folder only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "sim/history/states.h"
#include "sim/history/tracks.h"

namespace nutshell {

class RoleReader {
 public:
  RoleReader(const World& world, Tracks& tracks);
  // What has changed at that time.
  void take(const StateChange& change);
  void settle(Time at);
  // Ends the spans there.
  void finish(Time until);
  // "p0", or "orders p0" where there are several topics.
  std::string partition(TopicPartition tp) const;
  // "orders-0" if users have only this one; else empty.
  std::string only_partition() const;

 private:
  // What is the case of a node by now.
  struct Now {
    std::optional<Life> life;  // nullopt: it has never been started
    bool paused = false, fenced = false;
    QuorumPart vote = QuorumPart::none;
    Epoch epoch = 0;  // of the quorum
    Membership member = Membership::joins;
    std::map<TopicPartition, Epoch> leads, follows;
    std::set<TopicPartition> out, owned;
  };

  void take_role(const StateChange& change);
  bool is_shown(TopicPartition tp) const;
  Now& node(NodeId node);
  Now& broker(BrokerId id);
  RoleSpan span_of(const Track& track, const Now& now) const;
  RoleSpan broker_span(const Now& now) const;
  std::string list(const std::string& verb, const std::set<TopicPartition>& all) const;

  const World& world_;
  Tracks& tracks_;
  std::int32_t topics_ = 0;       // of users
  std::int32_t partitions_ = 0;   // of users
  std::string only_topic_;        // one of them
  std::map<NodeId, Now> nodes_;
  std::set<NodeId> touched_;
};

}  // namespace nutshell

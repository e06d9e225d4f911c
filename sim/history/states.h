// States: who was up, led, was in sync, fenced, in charge of a group, or owned a partition, and when.
//
// They are read off the facts once, in order, and kept as a list of changes to which more is added as more becomes known.
// Tracks, lanes, histories and transitions are views of it: none of them derives a state by itself. What cannot be told
// by facts is not here: a candidate that has lost hears of it later than this list, a frozen process hears of nothing.
//
// A state that nothing has changed yet is not in the list: a node that was never started, a group that nobody has heard of.
// Of a replica it means in sync: so a partition begins.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "sim/history/chronicle.h"
#include "sim/kafka/group_coordinator.h"

namespace nutshell {

// What a state is of, and what its value and its number mean.
enum class StateKind : std::uint8_t {
  topic,        // a: topic. Its partitions
  life,         // a: node. Life
  pause,        // a: node. 1: it stands still
  fencing,      // a: broker. 1: fenced; 0: it has been let in
  vote,         // a: controller's node. QuorumPart, epoch
  quorum,       // the node that leads it, or kNoNode; epoch
  office,       // a: topic, b: partition. The broker that leads, or kNoBroker; leader epoch
  role,         // a: topic, b: partition, c: broker. ReplicaPart, leader epoch
  in_sync,      // a: topic, b: partition, c: broker. 1: it is in the ISR
  coordinator,  // a: topic, b: partition, of __consumer_offsets. The broker that has loaded it, or kNoBroker
  group,        // a: group. GroupState, or kNobodyKnows; generation
  member,       // a: consumer's node. Membership
  owner         // a: topic, b: partition, c: consumer's node. 1: it owns it; generation
};

enum class Life : std::int32_t {
  starting,  // a broker that has not been let in since
  up,
  stopping,
  stopped,
  crashed
};
enum class QuorumPart : std::int32_t { none, candidate, leads };
enum class ReplicaPart : std::int32_t { none, follows, leads };
enum class Membership : std::int32_t { joins, rejoins, idle, served };
inline constexpr std::int32_t kNobodyKnows = -1;  // no broker is in charge of the group

struct Subject {
  StateKind kind = StateKind::quorum;
  std::int32_t a = -1, b = -1, c = -1;
  friend auto operator<=>(const Subject&, const Subject&) = default;
  TopicPartition tp() const { return {a, b}; }
};
inline Subject node_life(NodeId node) { return {StateKind::life, node}; }
inline Subject partition_office(TopicPartition tp) { return {StateKind::office, tp.topic, tp.partition}; }
inline Subject replica_sync(TopicPartition tp, BrokerId broker) { return {StateKind::in_sync, tp.topic, tp.partition, broker}; }
inline Subject replica_role(TopicPartition tp, BrokerId broker) { return {StateKind::role, tp.topic, tp.partition, broker}; }
inline Subject group_state(std::int32_t group) { return {StateKind::group, group}; }
inline Subject owner_of(TopicPartition tp, NodeId consumer) { return {StateKind::owner, tp.topic, tp.partition, consumer}; }

struct StateChange {
  Subject subject;
  std::int32_t value = 0, number = 0;
  Time at = 0;
  std::uint32_t step = 0;      // that brought it about ...
  std::uint32_t fact = 0;      // ... and the fact that told it
  std::uint32_t previous = std::numeric_limits<std::uint32_t>::max();  // of the same subject; the largest: none
  template <class Value>
  bool is(Value wanted) const { return value == static_cast<std::int32_t>(wanted); }
};

// A subject had a value, until the next.
struct StateSpan {
  std::int32_t value = 0, number = 0;
  Time from = 0, to = 0;  // `to` kNever: until what is known ends
  Step because = kNoStep;
};

class States {
 public:
  // Reads the steps that it has not read. `world` names the processes: it is of the last of them, or later.
  void follow(const Chronicle& chronicle, const World& world);
  // Forgets the steps from `steps` on.
  void cut(Step steps);

  // By step and, within one, by fact.
  const SharedLog<StateChange, 64, false>& changes() const { return changes_; }
  // Index of the first change of that step or later.
  std::size_t first_of(Step step) const;
  // The last change of a subject; nullopt: nothing has changed it.
  std::optional<StateChange> now(const Subject& subject) const;
  // The same after so many steps, and before that change.
  std::optional<StateChange> at(const Subject& subject, Step steps) const;
  std::optional<StateChange> before(const StateChange& change) const;
  // What it was in the first so many steps, in order; what was for no time at all is left out.
  std::vector<StateSpan> spans(const Subject& subject, Step steps) const;
  // All that have been heard of, in their order.
  std::vector<Subject> subjects(StateKind kind) const;

 private:
  friend class StateReader;
  struct Held {
    Subject subject;
    std::uint32_t last = 0;  // index of its last change
  };
  std::vector<Held>::const_iterator find(const Subject& subject) const;

  SharedLog<StateChange, 64, false> changes_;
  std::vector<Held> held_;  // by subject
  Step read_ = 0;           // steps
};

}  // namespace nutshell

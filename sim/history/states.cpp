#include "sim/history/states.h"

#include <algorithm>

#include "sim/history/fact_looks.h"
#include "sim/log/hash.h"

namespace nutshell {

namespace {

constexpr std::uint32_t kNoChange = std::numeric_limits<std::uint32_t>::max();

}  // namespace

// What each fact changes: the only place that says so.
class StateReader {
 public:
  StateReader(States& states, const Chronicle& chronicle, const World& world, std::size_t fact)
      : states_(states),
        chronicle_(chronicle),
        world_(world),
        step_(chronicle.facts()[fact].step),
        fact_(fact),
        at_(chronicle.facts()[fact].at) {}

  void operator()(const TopicCreated& f) { set({StateKind::topic, f.topic}, f.partitions); }
  void operator()(const PartitionsCreated& f) { set({StateKind::topic, f.topic}, f.partitions); }

  // Its replicas go when their brokers hear of it.
  void operator()(const TopicDeleted& f) { set({StateKind::topic, f.topic}, 0); }
  void operator()(const LogDeleted& f) {
    if (now(replica_role(f.tp, f.broker))) set(replica_role(f.tp, f.broker), ReplicaPart::none);
    if (now(replica_sync(f.tp, f.broker))) set(replica_sync(f.tp, f.broker), true);
    const Subject office = partition_office(f.tp);
    if (has(office, f.broker.number) || has(office, kNoBroker.number)) set(office, kNoBroker, -1);
  }

  void operator()(const NodeStarted& f) {
    const NodeKind kind = world_.fabric.nodes[static_cast<std::size_t>(f.node)].kind;
    set(node_life(f.node), kind == NodeKind::broker ? Life::starting : Life::up);
    if (kind == NodeKind::consumer) set({StateKind::member, f.node}, Membership::joins);
  }
  void operator()(const NodeStopping& f) { set(node_life(f.node), Life::stopping); }
  void operator()(const NodePaused& f) { set({StateKind::pause, f.node}, true); }
  void operator()(const NodeResumed& f) { set({StateKind::pause, f.node}, false); }
  void operator()(const NodeCrashed& f) { end(f.node, Life::crashed); }
  void operator()(const NodeStopped& f) { end(f.node, Life::stopped); }

  void operator()(const BrokerFenced& f) { set({StateKind::fencing, f.broker}, true); }
  void operator()(const BrokerUnfenced& f) {
    set({StateKind::fencing, f.broker}, false);
    const Subject life = node_life(node_of(f.broker));
    if (has(life, Life::starting)) set(life, Life::up);
  }

  void operator()(const ElectionStarted& f) { set({StateKind::vote, f.node}, QuorumPart::candidate, f.epoch); }
  void operator()(const ControllerElected& f) {
    for (const StateChange& each : all(StateKind::vote)) {
      if (each.subject.a != f.node && each.is(QuorumPart::candidate)) set(each.subject, QuorumPart::none, each.number);
    }
    set({StateKind::vote, f.node}, QuorumPart::leads, f.epoch);
    if (number({StateKind::quorum}) <= f.epoch) set({StateKind::quorum}, f.node, f.epoch);
  }
  void operator()(const ControllerActivated& f) { set({StateKind::vote, f.node}, QuorumPart::leads, f.epoch); }
  void operator()(const ControllerResigned& f) {
    set({StateKind::vote, f.node}, QuorumPart::none, f.epoch);
    vacate_quorum(f.node);
  }

  // Who takes office late, after another of a higher epoch, is not who leads.
  void operator()(const LeaderTookOffice& f) {
    set(replica_role(f.tp, f.broker), ReplicaPart::leads, f.leader_epoch);
    const bool later = number(partition_office(f.tp)) <= f.leader_epoch || is_of_earlier_topic(partition_office(f.tp));
    if (later) set(partition_office(f.tp), f.broker, f.leader_epoch);
  }
  void operator()(const FollowerStarted& f) {
    set(replica_role(f.tp, f.broker), ReplicaPart::follows, f.leader_epoch);
    vacate(partition_office(f.tp), f.broker);
  }
  void operator()(const PartitionOffline& f) {
    if (number(partition_office(f.tp)) <= f.leader_epoch) set(partition_office(f.tp), kNoBroker, f.leader_epoch);
  }
  // An unclean election puts the new leader in the place of the whole ISR.
  void operator()(const LeaderElected& f) {
    if (!f.unclean) return;
    for (const Broker& each : world_.brokers) {
      if (each.id == f.leader) set(replica_sync(f.tp, each.id), true);
      else if (now(replica_role(f.tp, each.id)) || now(replica_sync(f.tp, each.id))) set(replica_sync(f.tp, each.id), false);
    }
  }
  void operator()(const IsrShrunk& f) { set(replica_sync(f.tp, f.broker), false); }
  void operator()(const IsrExpanded& f) { set(replica_sync(f.tp, f.broker), true); }

  // Of the groups there it knows what it finds in its log, and says so of each.
  void operator()(const CoordinatorLoaded& f) {
    set({StateKind::coordinator, f.tp.topic, f.tp.partition}, f.broker);
    forget_groups(f.tp);
  }
  void operator()(const GroupLoaded& f) {
    set(group_state(f.group), f.members > 0 ? GroupState::stable : GroupState::empty, f.generation);
  }
  void operator()(const RebalanceStarted& f) {
    if (!in_charge(f.group)) return;
    set(group_state(f.group), GroupState::preparing_rebalance, f.generation);
    for (const Consumer& each : world_.consumers) {
      const bool runs = has(node_life(each.node), Life::up) || has(node_life(each.node), Life::stopping);
      if (each.spec.group == f.group && runs && !has({StateKind::member, each.node}, Membership::idle))
        set({StateKind::member, each.node}, Membership::rejoins);
    }
  }
  void operator()(const GenerationStarted& f) {
    if (in_charge(f.group)) set(group_state(f.group), GroupState::completing_rebalance, f.generation);
  }
  void operator()(const GroupStable& f) { settle(f.group, GroupState::stable, f.generation); }
  void operator()(const GroupEmpty& f) { settle(f.group, GroupState::empty, f.generation); }

  void operator()(const PartitionAssigned& f) {
    set(owner_of(f.tp, f.consumer), true, f.generation);
    set({StateKind::member, f.consumer}, Membership::served);
  }
  void operator()(const PartitionRevoked& f) { set(owner_of(f.tp, f.consumer), false, f.generation); }
  void operator()(const MemberIdle& f) { set({StateKind::member, f.consumer}, Membership::idle); }

 private:
  template <class Value>
  void set(const Subject& subject, Value to, std::int32_t number = 0) {
    const auto value = static_cast<std::int32_t>(to);
    const auto found = states_.find(subject);
    const bool known = found != states_.held_.end() && found->subject == subject;
    if (known && is_same(states_.changes_[found->last], value, number)) return;
    const auto index = static_cast<std::uint32_t>(states_.changes_.size());
    states_.changes_.push_back({subject, value, number, at_, static_cast<std::uint32_t>(step_), static_cast<std::uint32_t>(fact_),
                                known ? found->last : kNoChange});
    const auto place = states_.held_.begin() + (found - states_.held_.cbegin());
    if (known) place->last = index;
    else states_.held_.insert(place, {subject, index});
  }
  static bool is_same(const StateChange& last, std::int32_t value, std::int32_t number) {
    return last.value == value && last.number == number;
  }

  std::optional<StateChange> now(const Subject& subject) const { return states_.now(subject); }
  template <class Value>
  bool has(const Subject& subject, Value value) const {
    const std::optional<StateChange> last = now(subject);
    return last && last->is(value);
  }
  // -1: nothing is known of it.
  std::int32_t number(const Subject& subject) const {
    const std::optional<StateChange> last = now(subject);
    return last ? last->number : -1;
  }
  std::vector<StateChange> all(StateKind kind) const {
    std::vector<StateChange> last;
    for (auto each = states_.find({kind, std::numeric_limits<std::int32_t>::min()});
         each != states_.held_.end() && each->subject.kind == kind; ++each)
      last.push_back(states_.changes_[each->last]);
    return last;
  }

  // It changed last before the topic of that name was created: epochs begin anew.
  bool is_of_earlier_topic(const Subject& office) const {
    const std::optional<StateChange> last = now(office), topic = now({StateKind::topic, office.a});
    return last && topic && topic->value > 0 && states_.before(*topic) && last->step < topic->step;
  }

  // Nobody has it any more, if it was this one's.
  void vacate(const Subject& subject, std::int32_t holder) {
    if (has(subject, holder)) set(subject, -1, number(subject));
  }
  void vacate_quorum(NodeId node) { vacate({StateKind::quorum}, node); }

  void settle(std::int32_t group, GroupState state, std::int32_t generation) {
    if (in_charge(group)) set(group_state(group), state, generation);
  }
  void forget_groups(TopicPartition partition) {
    for (const StateChange& each : all(StateKind::group)) {
      if (partition_of(each.subject.a) == partition) set(each.subject, kNobodyKnows, each.number);
    }
  }

  // What a process had in memory is gone.
  void end(NodeId node, Life how) {
    set(node_life(node), how);
    if (has({StateKind::pause, node}, true)) set({StateKind::pause, node}, false);
    if (now({StateKind::vote, node})) set({StateKind::vote, node}, QuorumPart::none, number({StateKind::vote, node}));
    vacate_quorum(node);
    for (const StateChange& each : all(StateKind::owner)) {
      if (each.subject.c == node && each.is(true)) set(each.subject, false, each.number);
    }
    for (const Broker& each : world_.brokers) {
      if (each.node == node) end_broker(each.id);
    }
  }
  void end_broker(BrokerId broker) {
    for (const StateChange& each : all(StateKind::role)) {
      if (each.subject.c == broker) set(each.subject, ReplicaPart::none, each.number);
    }
    for (const StateChange& each : all(StateKind::office)) vacate(each.subject, broker);
    for (const StateChange& each : all(StateKind::coordinator)) {
      if (!each.is(broker)) continue;
      set(each.subject, kNoBroker);
      forget_groups(each.subject.tp());
    }
  }

  // Of __consumer_offsets, where the group's coordinator keeps it; none: it does not exist yet.
  TopicPartition partition_of(std::int32_t group) const {
    const std::int32_t topic = world_.topic_id(kOffsetsTopic);
    const std::optional<StateChange> partitions = now({StateKind::topic, topic});
    if (!partitions || partitions->value == 0) return {};
    return {topic, coordinator_partition(world_.fabric.names[group], partitions->value)};
  }
  // Whether this happens at the group's coordinator; one of old, that has not heard of the other, is out of office.
  bool in_charge(std::int32_t group) const {
    const TopicPartition partition = partition_of(group);
    const std::optional<StateChange> coordinator = now({StateKind::coordinator, partition.topic, partition.partition});
    return !coordinator || coordinator->is(kNoBroker) || node_of(coordinator->value) == chronicle_.record(step_).node;
  }
  NodeId node_of(BrokerId broker) const {
    const Broker* found = world_.find_broker(broker);
    return found ? found->node : kNoNode;
  }

  States& states_;
  const Chronicle& chronicle_;
  const World& world_;
  Step step_;
  std::size_t fact_;
  Time at_;
};

namespace {

void read_states(const FactBody& body, StateReader reader) {
  body.visit([&]<class F>(const F& fact) {
    static_assert(kLooksOf<F>.is(kStates) == ReadsFact<StateReader, F>, "the table of looks says otherwise");
    if constexpr (ReadsFact<StateReader, F>) reader(fact);
  });
}

}  // namespace

void States::follow(const Chronicle& chronicle, const World& world) {
  if (read_ == chronicle.steps()) return;
  const Facts& facts = chronicle.facts();
  for (std::size_t i = chronicle.facts_of(read_).first; i < facts.size(); ++i) {
    if (looks_of(facts[i].body).is(kStates)) read_states(facts[i].body, StateReader(*this, chronicle, world, i));
  }
  read_ = chronicle.steps();
}

void States::cut(Step steps) {
  if (steps >= read_) return;
  std::size_t kept = changes_.size();
  while (kept > 0 && changes_[kept - 1].step >= steps) {
    const StateChange& gone = changes_[--kept];
    const auto held = held_.begin() + (find(gone.subject) - held_.cbegin());
    if (gone.previous == kNoChange) held_.erase(held);
    else held->last = gone.previous;
  }
  changes_.truncate(kept);
  read_ = steps;
}

std::vector<States::Held>::const_iterator States::find(const Subject& subject) const {
  return std::lower_bound(held_.begin(), held_.end(), subject,
                          [](const Held& each, const Subject& wanted) { return each.subject < wanted; });
}

std::size_t States::first_of(Step step) const {
  const auto found = std::lower_bound(changes_.begin(), changes_.end(), step,
                                      [](const StateChange& each, Step wanted) { return each.step < wanted; });
  return static_cast<std::size_t>(found - changes_.begin());
}

std::optional<StateChange> States::now(const Subject& subject) const {
  const auto found = find(subject);
  if (found == held_.end() || found->subject != subject) return std::nullopt;
  return changes_[found->last];
}

std::optional<StateChange> States::at(const Subject& subject, Step steps) const {
  std::optional<StateChange> change = now(subject);
  while (change && change->step >= steps) change = before(*change);
  return change;
}

std::optional<StateChange> States::before(const StateChange& change) const {
  if (change.previous == kNoChange) return std::nullopt;
  return changes_[change.previous];
}

std::vector<StateSpan> States::spans(const Subject& subject, Step steps) const {
  std::vector<StateSpan> spans;
  Time to = kNever;
  for (std::optional<StateChange> change = at(subject, steps); change; change = before(*change)) {
    if (change->at == to) continue;
    spans.push_back({change->value, change->number, change->at, to, change->step});
    to = change->at;
  }
  std::reverse(spans.begin(), spans.end());
  return spans;
}

std::vector<Subject> States::subjects(StateKind kind) const {
  std::vector<Subject> all;
  for (auto each = find({kind, std::numeric_limits<std::int32_t>::min()}); each != held_.end() && each->subject.kind == kind; ++each)
    all.push_back(each->subject);
  return all;
}

}  // namespace nutshell

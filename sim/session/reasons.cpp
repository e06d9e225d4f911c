#include "sim/session/reasons.h"

#include <algorithm>

#include "sim/session/image.h"
#include "sim/session/offers.h"

namespace nutshell {

namespace {

template <class F>
concept AboutNode = requires(F f) { f.node; };
template <class F>
concept AboutBroker = requires(F f) { f.broker; };
template <class F>
concept AboutPartition = requires(F f) { f.tp; };
template <class F>
concept AboutConsumer = requires(F f) { f.consumer; };
template <class F>
concept AboutProducer = requires(F f) { f.producer; };
template <class F>
concept AboutGroup = requires(F f) { f.group; };

template <class F, class... Of>
constexpr bool is_one_of = (std::is_same_v<F, Of> || ...);

template <class F>
constexpr bool is_life =
    is_one_of<F, NodeStarted, NodeCrashed, NodePaused, NodeResumed, NodeStopping, NodeStopped, NodeSlowed, ClockSet>;

// Whether a fact made the place what it is.
class Behind {
 public:
  Behind(const World& world, const Place& place) : place_(place) {
    for (const Broker& each : world.brokers) {
      if (each.node == place.node) broker_ = each.id;
    }
    const auto index = static_cast<std::size_t>(place.node);
    dead_ = place.node >= 0 && index < world.fabric.nodes.size() && world.fabric.nodes[index].status == NodeStatus::down;
    for (const Consumer& each : world.consumers) {
      if (each.node != place.node) continue;
      group_ = each.spec.group;
      for (const OwnedPartition& owned : each.owned) owned_.push_back(owned.tp);
    }
  }

  template <class F>
  bool operator()(const F& fact) const {
    switch (place_.kind) {
      case PlaceKind::controller: return controller(fact);
      case PlaceKind::broker: return broker(fact);
      case PlaceKind::producer: return producer(fact);
      case PlaceKind::consumer: return consumer(fact);
      case PlaceKind::process: return of_node(fact);
      case PlaceKind::group: return group(fact);
      case PlaceKind::partition: return partition(fact);
      case PlaceKind::replica: return replica(fact);
      case PlaceKind::record: return record(fact);
      case PlaceKind::high_watermark: return of_replica(fact) && is_one_of<F, HighWatermarkMoved, LogTruncated>;
      case PlaceKind::log_end: return of_replica(fact) && is_one_of<F, BatchAppended, LogTruncated>;
      case PlaceKind::epoch: return of_replica(fact) && is_one_of<F, LeaderTookOffice, FollowerStarted>;
      case PlaceKind::committed: return committed(fact);
      case PlaceKind::position:
        return of_reader(fact) && is_one_of<F, RecordsDelivered, PositionSet, PositionReset, PartitionAssigned>;
      case PlaceKind::lag: return lag(fact);
      case PlaceKind::link: return link(fact);
      default: return false;
    }
  }

 private:
  template <class F>
  bool of_node(const F& fact) const {
    if constexpr (AboutNode<F>) return fact.node == place_.node;
    else return false;
  }
  template <class F>
  bool of_tp(const F& fact) const {
    if constexpr (AboutPartition<F>) return fact.tp == place_.tp;
    else return false;
  }
  template <class F>
  bool of_broker(const F& fact) const {
    if constexpr (AboutBroker<F>) return broker_ != kNoBroker && fact.broker == broker_;
    else return false;
  }
  template <class F>
  bool of_replica(const F& fact) const { return of_tp(fact) && of_broker(fact); }
  template <class F>
  bool of_consumer(const F& fact) const {
    if constexpr (AboutConsumer<F>) return fact.consumer == place_.node;
    else return false;
  }
  template <class F>
  bool of_reader(const F& fact) const { return of_tp(fact) && of_consumer(fact); }
  template <class F>
  bool life(const F& fact) const { return is_life<F> && of_node(fact); }

  template <class F>
  bool controller(const F& fact) const {
    return life(fact) || (of_node(fact) && is_one_of<F, ElectionStarted, ControllerElected, ControllerActivated, ControllerResigned>);
  }
  template <class F>
  bool broker(const F& fact) const {
    return life(fact) || (of_broker(fact) && is_one_of<F, BrokerRegistered, BrokerFenced, BrokerUnfenced, ShutdownStarted>);
  }
  template <class F>
  bool producer(const F& fact) const {
    if (life(fact)) return true;
    if constexpr (AboutProducer<F>) return fact.producer == place_.node && !std::is_same_v<F, ProduceRefused>;
    else return false;
  }
  template <class F>
  bool consumer(const F& fact) const {
    return life(fact) ||
           (of_consumer(fact) && is_one_of<F, MemberJoined, MemberLeft, PartitionAssigned, PartitionRevoked, MemberIdle,
                                           PositionReset, CommitFailed, CoordinatorUnavailable, ConsumerFailed>);
  }
  template <class F>
  bool group(const F& fact) const {
    if constexpr (is_one_of<F, RebalanceStarted, GenerationStarted, GroupStable, GroupEmpty, MemberJoined>)
      return fact.group == place_.group;
    else return false;
  }
  template <class F>
  bool partition(const F& fact) const {
    if constexpr (std::is_same_v<F, TopicCreated>) return fact.topic == place_.tp.topic;
    return of_tp(fact) && is_one_of<F, PartitionAssigned, PartitionRevoked, LeaderElected, PartitionOffline>;
  }
  template <class F>
  bool replica(const F& fact) const {
    if (dead_) return life(fact);
    constexpr bool own = is_one_of<F, LeaderTookOffice, FollowerStarted, IsrShrunk, IsrExpanded, LogTruncated, LogStartRaised>;
    if (of_replica(fact) && own) return true;
    if constexpr (std::is_same_v<F, LeaderElected>) return of_tp(fact) && (fact.leader == broker_ || fact.previous == broker_);
    else return false;
  }
  template <class F>
  bool record(const F& fact) const {
    if constexpr (std::is_same_v<F, BatchAppended>)
      return of_replica(fact) && place_.offset >= fact.base_offset && place_.offset < fact.base_offset + fact.count;
    else if constexpr (std::is_same_v<F, LogStartRaised>)
      return of_replica(fact) && place_.offset >= fact.from && place_.offset < fact.to;
    else return false;
  }
  template <class F>
  bool committed(const F& fact) const {
    if constexpr (std::is_same_v<F, OffsetCommitted>) return of_tp(fact) && fact.group == group_;
    else return of_reader(fact) && std::is_same_v<F, PositionSet>;
  }
  template <class F>
  bool lag(const F& fact) const {
    if constexpr (is_one_of<F, RecordsDelivered, PositionSet, PartitionAssigned>) return of_consumer(fact);
    else if constexpr (std::is_same_v<F, HighWatermarkMoved>)
      return fact.as_leader && std::find(owned_.begin(), owned_.end(), fact.tp) != owned_.end();
    else return life(fact);
  }
  template <class F>
  bool link(const F& fact) const {
    if constexpr (is_one_of<F, LinkCut, LinkHealed, LinkJammed, LinkReleased, LinkChanged>) {
      const auto is_end = [&](NodeId end) { return end == kNoNode || end == place_.node || end == place_.to; };
      return is_end(fact.from) && is_end(fact.to);
    } else {
      return false;
    }
  }

  const Place& place_;
  BrokerId broker_ = kNoBroker;
  std::int32_t group_ = -1;
  bool dead_ = false;
  std::vector<TopicPartition> owned_;
};

std::optional<std::size_t> last_fact(const Timeline& timeline, const Place& place) {
  const Behind behind(timeline.world(), place);
  const std::size_t known = timeline.position() == 0 ? 0 : timeline.facts_of(timeline.position() - 1).second;
  for (std::size_t i = known; i-- > 0;) {
    if (std::visit(behind, timeline.facts()[i].body)) return i;
  }
  return std::nullopt;
}

// The last step that `wanted` accepts.
template <class Wanted>
std::optional<Step> last_step(const Timeline& timeline, Wanted wanted) {
  for (Step step = timeline.position(); step-- > 0;) {
    if (wanted(timeline.record_of(step))) return step;
  }
  return std::nullopt;
}

std::optional<Step> step_behind(const Timeline& timeline, const Place& place) {
  if (place.kind == PlaceKind::session) {
    const auto is_heartbeat = [&](const StepRecord& record) {
      return record.event == EventKind::deliver && record.action < 0 && record.from == place.node &&
             (record.message == number_of<BrokerHeartbeatRequest>() || record.message == number_of<HeartbeatRequest>() ||
              record.message == number_of<JoinGroupRequest>() || record.message == number_of<BrokerRegistrationRequest>());
    };
    if (const auto found = last_step(timeline, is_heartbeat)) return found;
  }
  if (place.kind == PlaceKind::message) {
    const World& world = timeline.world();
    for (const Message& each : world.fabric.messages) {
      const bool is_it = each.from == place.node && each.to == place.to && each.body.number() == place.message;
      if (is_it && each.sent_by != kNoStep && each.arrives_at >= world.now() && each.sent_by < timeline.position()) return each.sent_by;
    }
  }
  return last_step(timeline, [&](const StepRecord& record) { return record.action < 0 && record.node == place.node; });
}

std::string question_of(const World& world, const Place& place) {
  const std::string name = place_name(world, place);
  switch (place.kind) {
    case PlaceKind::high_watermark: return "Why is the high watermark of " + name + " there?";
    case PlaceKind::log_end: return "Why does " + name + " end there?";
    case PlaceKind::epoch: return "Why this leader epoch of " + name + "?";
    case PlaceKind::committed: return "Why is this offset committed by " + name + "?";
    case PlaceKind::position: return "Why does " + name + " read there?";
    case PlaceKind::lag: return "Why this lag of " + name + "?";
    case PlaceKind::session: return "Why is there so much left of the session of " + name + "?";
    case PlaceKind::record: return "Where does " + name + " come from?";
    default: return "Why is " + name + " as it is?";
  }
}

// Of a partition it is asked what was last decided: who reads it, who leads it, or that there is one at all.
std::string question_of_partition(const std::string& name, const FactBody& decided) {
  if (std::holds_alternative<TopicCreated>(decided)) return "Where does " + name + " come from?";
  const bool led = std::holds_alternative<LeaderElected>(decided) || std::holds_alternative<PartitionOffline>(decided);
  return "Who " + std::string(led ? "leads " : "reads ") + name + ", and why?";
}

Reason nothing_happens(const Timeline& timeline, bool may_look_ahead) {
  Reason reason{"Why does nothing happen?", {}};
  const Step next = timeline.position();
  if (!may_look_ahead) {
    reason.question = "What happens next would answer the question that stands.";
    if (next > 0) reason.causes = timeline.why_step(next - 1);
  } else if (next < timeline.furthest()) {
    reason.question = "What comes next, and what was it waiting for?";
    reason.causes = timeline.why_step(next);
  } else if (next > 0) {
    reason.question = "Nothing is left to happen. What was the last?";
    reason.causes = timeline.why_step(next - 1);
  }
  return reason;
}

}  // namespace

Reason reason_of(const Timeline& timeline, const Place& place, bool may_look_ahead) {
  if (!place) return nothing_happens(timeline, may_look_ahead);
  Reason reason{question_of(timeline.world(), place), {}};
  if (const auto fact = last_fact(timeline, place)) {
    reason.causes = timeline.why(*fact);
    if (place.kind == PlaceKind::partition)
      reason.question = question_of_partition(place_name(timeline.world(), place), timeline.facts()[*fact].body);
  } else if (const auto step = step_behind(timeline, place)) {
    reason.causes = timeline.why_step(*step);
  }
  if (reason.causes.empty()) reason.causes.push_back({kNoStep, 0, "Nothing has happened to it since the beginning.", true});
  return reason;
}

}  // namespace nutshell

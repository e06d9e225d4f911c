#include "sim/session/reasons.h"

#include <algorithm>

#include "sim/history/fact_looks.h"
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
template <class F>
concept AboutTopic = requires(F f) { f.topic; };

bool told_one_by_one(const LogCleaned& fact) { return static_cast<std::size_t>(fact.removed) <= LogCleaned::most_one_by_one; }

const Replica* replica_at(const World& world, const Place& place) {
  for (const Broker& each : world.brokers)
    if (each.node == place.node) return each.replica(place.tp);
  return nullptr;
}

// There is no record at this offset any more, though the log has come as far.
bool is_gone(const World& world, const Place& place) {
  const Replica* replica = place.kind == PlaceKind::record ? replica_at(world, place) : nullptr;
  if (!replica || place.offset >= replica->log.log_end_offset()) return false;
  return place.offset < replica->log.log_start_offset() || !record_at(world.commons.store.records, replica->log, place.offset);
}

constexpr std::string_view kMessagesKey = "nutshell.retention.messages";

std::string setting(const TopicConfig& config, std::string_view key) { return std::string(key) + "=" + get_config(config, key); }

// What the topic, or the broker where the topic says nothing, has set for retention.
std::string retention_setting(const World& world, const Place& place, const TopicConfig& topic, std::string_view key) {
  if (get_config(topic, key) != "inherited") return setting(topic, key) + " of " + world.fabric.names[place.tp.topic];
  for (const Broker& each : world.brokers) {
    if (each.node != place.node) continue;
    for (std::string_view of_broker : {"log.retention.ms", "log.retention.minutes", "log.retention.hours"}) {
      if (key == "retention.bytes") of_broker = "log.retention.bytes";
      const std::string value = get_config(each.config, of_broker);
      if (value != "unset") return std::string(of_broker) + "=" + value + " of the broker";
    }
  }
  return std::string(key);
}

// Which policy and which setting let the record go, in a sentence; empty: none did, or the topic is not known.
std::string rule_behind(const World& world, const Place& place, const FactBody& body) {
  const MetadataImage* image = committed_image(world);
  const TopicRegistration* topic = image ? image->topic(place.tp.topic) : nullptr;
  if (!topic) return "";
  const std::string policy = setting(topic->config, "cleanup.policy") + " of " + world.fabric.names[place.tp.topic];
  if (const auto* raised = body.as<LogStartRaised>()) {
    if (raised->reason == RemovalReason::requested) return "Somebody has deleted records (DeleteRecords).";
    if (raised->reason == RemovalReason::leader) return "A replica takes over where its leader's log begins.";
    if (raised->reason == RemovalReason::messages) return "So say " + policy + " and " + setting(topic->config, kMessagesKey) + ".";
    const std::string_view key = raised->reason == RemovalReason::size ? "retention.bytes" : "retention.ms";
    return "So say " + policy + " and " + retention_setting(world, place, topic->config, key) + ".";
  }
  if (const auto* compacted = body.as<RecordCompacted>()) {
    const bool expired = compacted->reason == CompactionReason::tombstone_expired;
    return "So say " + policy + " and " + setting(topic->config, expired ? "delete.retention.ms" : "min.cleanable.dirty.ratio") + ".";
  }
  return body.is<LogCleaned>() ? "So says " + policy + "." : "";
}

// Whether a fact made the place what it is.
class Behind {
 public:
  Behind(const World& world, const Place& place) : place_(place) {
    for (const Broker& each : world.brokers) {
      if (each.node == place.node) broker_ = each.id;
    }
    gone_ = is_gone(world, place);
    const auto index = static_cast<std::size_t>(place.node);
    dead_ = place.node >= 0 && index < world.fabric.nodes.size() && world.fabric.nodes[index].status == NodeStatus::down;
    for (const Consumer& each : world.consumers) {
      if (each.node != place.node) continue;
      group_ = each.spec.group;
      for (const OwnedPartition& owned : each.owned) owned_.push_back(owned.tp);
    }
  }

  // The table of looks says which facts are a reason for such a place; here, whether this one is about it.
  template <class F>
  bool operator()(const F& fact) const {
    if (!kLooksOf<F>.explains_place(place_.kind)) return false;
    switch (place_.kind) {
      case PlaceKind::controller:
      case PlaceKind::process:
      case PlaceKind::broker: return of_node(fact) || of_broker(fact);
      case PlaceKind::producer: return of_node(fact) || of_producer(fact);
      case PlaceKind::consumer: return of_node(fact) || of_consumer(fact);
      case PlaceKind::group: return of_group(fact, place_.group);
      case PlaceKind::partition: return of_partition(fact);
      case PlaceKind::replica: return of_node(fact) ? dead_ : !dead_ && replica(fact);
      case PlaceKind::record:
        if constexpr (std::is_same_v<F, LogCleaned>) return of_replica(fact) && gone_ && !told_one_by_one(fact) && place_.offset < fact.to;
        else return of_replica(fact) && tells_of(fact, place_.offset);
      case PlaceKind::high_watermark:
      case PlaceKind::log_end:
      case PlaceKind::epoch: return of_replica(fact);
      case PlaceKind::committed: return of_tp(fact) && (AboutGroup<F> ? of_group(fact, group_) : of_consumer(fact));
      case PlaceKind::position: return of_tp(fact) && of_consumer(fact);
      case PlaceKind::lag: return of_node(fact) || of_consumer(fact) || of_log_read(fact);
      case PlaceKind::link: return link(fact);
      default: return false;
    }
  }

 private:
  template <class F>
  bool of_node(const F& fact) const {
    if constexpr (AboutNode<F>) return fact.node == place_.node;
    else if constexpr (requires { fact.server; }) return fact.server == place_.node;  // of ksqlDB
    else if constexpr (requires { fact.worker; }) return fact.worker == place_.node;  // of Connect
    else if constexpr (requires { fact.store; }) return fact.store == place_.node;
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
  bool of_producer(const F& fact) const {
    if constexpr (AboutProducer<F>) return fact.producer == place_.node;
    else return false;
  }
  template <class F>
  bool of_group(const F& fact, std::int32_t group) const {
    if constexpr (AboutGroup<F>) return fact.group == group;
    else return false;
  }
  template <class F>
  bool of_partition(const F& fact) const {
    if constexpr (AboutTopic<F>) return fact.topic == place_.tp.topic;
    else return of_tp(fact);
  }
  template <class F>
  bool replica(const F& fact) const {
    if constexpr (std::is_same_v<F, LeaderElected>) return of_tp(fact) && (fact.leader == broker_ || fact.previous == broker_);
    else return of_replica(fact);
  }
  template <class F>
  bool tells_of(const F& fact, Offset offset) const {
    const std::optional<FactOffsets> told = offsets_of(FactBody(fact));
    return told && told->holds(offset);
  }
  // A log of which the consumer reads grows for its readers.
  template <class F>
  bool of_log_read(const F& fact) const {
    if constexpr (requires { fact.as_leader; }) return fact.as_leader && std::find(owned_.begin(), owned_.end(), fact.tp) != owned_.end();
    else return false;
  }
  template <class F>
  bool link(const F& fact) const {
    if constexpr (requires { fact.from; fact.to; }) {
      const auto is_end = [&](std::int64_t end) { return end == kNoNode || end == place_.node || end == place_.to; };
      return is_end(fact.from) && is_end(fact.to);
    } else {
      return false;
    }
  }

  const Place& place_;
  BrokerId broker_ = kNoBroker;
  std::int32_t group_ = -1;
  bool dead_ = false;
  bool gone_ = false;  // the record
  std::vector<TopicPartition> owned_;
};

std::optional<std::size_t> last_fact(const Timeline& timeline, const Place& place) {
  const Behind behind(timeline.world(), place);
  const std::size_t known = timeline.position() == 0 ? 0 : timeline.facts_of(timeline.position() - 1).second;
  for (std::size_t i = known; i-- > 0;) {
    if (timeline.facts()[i].body.visit(behind)) return i;
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
    case PlaceKind::record: return is_gone(world, place) ? "Why is " + name + " gone?" : "Where does " + name + " come from?";
    default: return "Why is " + name + " as it is?";
  }
}

// Of a partition it is asked what was last decided: who reads it, who leads it, or that there is one at all.
std::string question_of_partition(const std::string& name, const FactBody& decided) {
  if (decided.is<TopicCreated>()) return "Where does " + name + " come from?";
  const bool led = decided.is<LeaderElected>() || decided.is<PartitionOffline>();
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
    const Fact& told = timeline.facts()[*fact];
    if (const std::string rule = place.kind == PlaceKind::record ? rule_behind(timeline.world(), place, told.body) : ""; !rule.empty())
      reason.causes.insert(reason.causes.begin() + 1, {told.step, told.at, rule, false});
    if (place.kind == PlaceKind::partition)
      reason.question = question_of_partition(place_name(timeline.world(), place), timeline.facts()[*fact].body);
  } else if (const auto step = step_behind(timeline, place)) {
    reason.causes = timeline.why_step(*step);
  }
  if (reason.causes.empty()) reason.causes.push_back({kNoStep, 0, "Nothing has happened to it since the beginning.", true});
  return reason;
}

namespace {

// Where a row came to a window, or too late for it.
Step step_of_row(const Timeline& timeline, Time at) {
  for (const Fact& each : timeline.facts())
    if (each.at == at && (each.body.is<WindowChanged>() || each.body.is<RowLate>())) return each.step;
  return kNoStep;
}

}  // namespace

Reason reason_of(const Timeline& timeline, const streams::Film& film, Time at, std::string_view query,
                 std::optional<streams::WindowName> window) {
  Reason reason;
  for (std::size_t i = film.queries.size(); i-- > 0 && reason.causes.empty();) {
    if (!query.empty() && film.queries[i].id != query) continue;
    const streams::Picture picture = streams::picture_of(film, at, static_cast<int>(i));
    const std::optional<streams::WindowName> meant = window ? window : streams::last_window(picture);
    if (!meant) continue;
    for (const streams::WindowReason& each : streams::why_window(picture, meant->key, meant->start))
      reason.causes.push_back({step_of_row(timeline, each.at), each.at, each.text, false});
    reason.question = "Why does the window of " + meant->key + " from " + streams::seconds_text(meant->start) + " on hold what it holds?";
  }
  if (!reason.causes.empty()) reason.causes.back().root = true;
  return reason;
}

}  // namespace nutshell

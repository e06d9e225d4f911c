#include "viz/session/lanes.h"

#include <algorithm>

#include "sim/cluster/world.h"
#include "viz/session/about.h"

namespace nutshell {

namespace {

constexpr std::size_t kMaxPartitionLanes = 3;

class Builder {
 public:
  Builder(const Timeline& timeline, Time until) : timeline_(timeline), namer_(timeline.world()), until_(until) {}

  Lanes build() {
    open_lanes();
    for (const Fact& fact : timeline_.facts()) {
      if (fact.at > until_) break;
      read_ = &fact;
      std::visit([&](const auto& body) { note(fact.at, body); }, fact.body);
    }
    mark_actions();
    for (Lane& each : lanes_.lanes) {
      if (!each.stretches.empty()) each.stretches.back().to = until_;
    }
    std::stable_sort(lanes_.marks.begin(), lanes_.marks.end(),
                     [](const Mark& a, const Mark& b) { return a.at < b.at; });
    return std::move(lanes_);
  }

 private:
  void open_lanes() {
    lanes_.lanes.push_back({"quorum", {{0, 0, StretchKind::waiting, 0, "no controller yet"}}, {PlaceKind::controller}});
    for (const Broker& each : timeline_.world().brokers) {
      lanes_.lanes.push_back({"broker " + std::to_string(each.id), {{0, 0, StretchKind::waiting, 0, "starting"}},
                              {PlaceKind::broker, each.node}});
    }
  }

  void mark_actions() {
    for (Step step = 0; step < timeline_.furthest(); ++step) {
      const StepRecord record = timeline_.record_of(step);
      if (record.action < 0 || record.at > until_) continue;
      const auto [first, last] = timeline_.facts_of(step);
      read_ = first == last ? nullptr : &timeline_.facts()[first];
      mark(record.at, MarkKind::action, sentence_of(timeline_, step));
    }
  }

  void mark(Time at, MarkKind kind, std::string text) {
    lanes_.marks.push_back({at, kind, std::move(text), read_ ? place_of(timeline_.world(), read_->body) : Place{}});
  }

  // The lane goes over into another state.
  void change(const std::string& name, Time at, StretchKind kind, std::int32_t value, std::string text) {
    auto lane = std::find_if(lanes_.lanes.begin(), lanes_.lanes.end(), [&](const Lane& each) { return each.name == name; });
    if (lane == lanes_.lanes.end()) return;
    Stretch& last = lane->stretches.back();
    if (last.kind == kind && last.value == value && last.text == text) return;
    last.to = at;
    if (last.from == at) lane->stretches.pop_back();
    lane->stretches.push_back({at, at, kind, value, std::move(text)});
  }

  std::string partition_lane(TopicPartition tp) const {
    return namer_.name(tp.topic) + "-" + std::to_string(tp.partition);
  }
  void node_changes(NodeId node, Time at, StretchKind kind, const std::string& text) {
    change(namer_.node(node), at, kind, 0, text);
  }

  template <class F>
  void note(Time, const F&) {}
  void note(Time at, const ControllerElected& f) {
    change("quorum", at, StretchKind::epoch, f.epoch, namer_.node(f.node) + " leads, epoch " + std::to_string(f.epoch));
    mark(at, MarkKind::election, namer_.node(f.node) + " leads the quorum");
  }
  void note(Time at, const ControllerResigned&) { change("quorum", at, StretchKind::waiting, 0, "no controller"); }
  void note(Time at, const NodeCrashed& f) {
    node_changes(f.node, at, StretchKind::broken, "crashed");
    for (Lane& each : lanes_.lanes) {
      if (each.name != "quorum" || each.stretches.back().text.find(namer_.node(f.node) + " ") != 0) continue;
      change("quorum", at, StretchKind::broken, 0, "no controller");
    }
  }
  void note(Time at, const NodePaused& f) { node_changes(f.node, at, StretchKind::broken, "paused"); }
  void note(Time at, const NodeResumed& f) { node_changes(f.node, at, StretchKind::calm, "up"); }
  void note(Time at, const NodeStarted& f) { node_changes(f.node, at, StretchKind::waiting, "starting"); }
  void note(Time at, const NodeStopped& f) { node_changes(f.node, at, StretchKind::broken, "stopped"); }
  void note(Time at, const BrokerFenced& f) {
    change("broker " + std::to_string(f.broker), at, StretchKind::broken, 0, "fenced");
  }
  void note(Time at, const BrokerUnfenced& f) {
    change("broker " + std::to_string(f.broker), at, StretchKind::calm, 0, "up");
  }
  void note(Time at, const TopicCreated& f) {
    if (namer_.name(f.topic) == kOffsetsTopic) return;
    for (std::int32_t i = 0; i < f.partitions && partition_lanes_ < kMaxPartitionLanes; ++i, ++partition_lanes_) {
      lanes_.lanes.push_back({partition_lane({f.topic, i}), {{0, 0, StretchKind::waiting, 0, ""}},
                              {PlaceKind::partition, kNoNode, kNoNode, {f.topic, i}}});
      change(lanes_.lanes.back().name, at, StretchKind::waiting, 0, "created");
    }
  }
  void note(Time at, const LeaderTookOffice& f) {
    change(partition_lane(f.tp), at, StretchKind::epoch, f.leader_epoch,
           "broker " + std::to_string(f.broker) + " leads, e" + std::to_string(f.leader_epoch));
  }
  void note(Time at, const LeaderElected& f) {
    mark(at, MarkKind::election, partition_lane(f.tp) + ": broker " + std::to_string(f.leader) + " is elected");
  }
  void note(Time at, const PartitionOffline& f) {
    change(partition_lane(f.tp), at, StretchKind::broken, 0, "no leader");
  }
  void note(Time at, const IsrShrunk& f) { mark(at, MarkKind::isr, partition_lane(f.tp) + ": the ISR shrinks"); }
  void note(Time at, const IsrExpanded& f) { mark(at, MarkKind::isr, partition_lane(f.tp) + ": the ISR grows"); }
  void note(Time at, const RebalanceStarted& f) {
    mark(at, MarkKind::rebalance, "group " + namer_.name(f.group) + " rebalances");
    group_changes(at, f.group, StretchKind::waiting, "rebalancing");
  }
  void note(Time at, const GroupStable& f) {
    group_changes(at, f.group, StretchKind::calm, "Stable, generation " + std::to_string(f.generation));
  }
  void note(Time at, const GroupEmpty& f) { group_changes(at, f.group, StretchKind::waiting, "Empty"); }
  void note(Time at, const PromiseBroken& f) {
    mark(at, MarkKind::promise, std::string(promises()[static_cast<std::size_t>(f.promise)].title));
  }
  void group_changes(Time at, std::int32_t group, StretchKind kind, const std::string& text) {
    const std::string name = "group " + namer_.name(group);
    const auto known = [&](const Lane& each) { return each.name == name; };
    if (std::none_of(lanes_.lanes.begin(), lanes_.lanes.end(), known)) {
      lanes_.lanes.push_back({name, {{0, 0, StretchKind::waiting, 0, ""}},
                              {PlaceKind::group, kNoNode, kNoNode, {}, -1, group}});
    }
    change(name, at, kind, 0, text);
  }

  const Timeline& timeline_;
  WorldNamer namer_;
  Time until_;
  Lanes lanes_;
  const Fact* read_ = nullptr;  // the fact that is being read
  std::size_t partition_lanes_ = 0;
};

}  // namespace

Lanes make_lanes(const Timeline& finished, Time until) { return Builder(finished, until).build(); }

}  // namespace nutshell

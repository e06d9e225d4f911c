#include "sim/session/lanes.h"

#include <algorithm>
#include <functional>
#include <map>

#include "sim/cluster/process_kind.h"
#include "sim/cluster/world.h"
#include "sim/session/about.h"

namespace nutshell {

namespace {

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
    put_groups_last();
    for (Lane& each : lanes_.lanes) {
      if (!each.stretches.empty()) each.stretches.back().to = until_;
    }
    std::stable_sort(lanes_.marks.begin(), lanes_.marks.end(),
                     [](const Mark& a, const Mark& b) { return a.at < b.at; });
    return std::move(lanes_);
  }

 private:
  void open_lanes() {
    add_lane("quorum", {{0, 0, StretchKind::waiting, 0, "no controller yet"}}, {PlaceKind::controller});
    for (const Broker& each : timeline_.world().brokers) {
      add_lane("broker " + std::to_string(each.id), {{0, 0, StretchKind::waiting, 0, "starting"}},
               {PlaceKind::broker, each.node});
    }
    const std::vector<Node>& nodes = timeline_.world().fabric.nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (kind_of(nodes[i]).plain)
        add_lane(nodes[i].name, {{0, 0, StretchKind::waiting, 0, "not started"}}, {PlaceKind::process, static_cast<NodeId>(i)});
  }

  // Groups last: their lanes come about when they first rebalance, whatever else there is by then.
  void put_groups_last() {
    std::stable_partition(lanes_.lanes.begin(), lanes_.lanes.end(), [](const Lane& each) { return each.place.kind != PlaceKind::group; });
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
    const auto found = index_.find(name);
    if (found == index_.end()) return;
    Lane* lane = &lanes_.lanes[found->second];
    Stretch& last = lane->stretches.back();
    if (last.kind == kind && last.value == value && last.text == text) return;
    last.to = at;
    if (last.from == at) lane->stretches.pop_back();
    lane->stretches.push_back({at, at, kind, value, std::move(text)});
  }

  void add_lane(std::string name, std::vector<Stretch> stretches, Place place) {
    index_[name] = lanes_.lanes.size();
    lanes_.lanes.push_back({std::move(name), std::move(stretches), place});
  }
  // The lane begins to be something only now.
  void appear(std::string name, Place place, Time at, std::string text) {
    add_lane(std::move(name), {}, place);
    if (at > 0) lanes_.lanes.back().stretches.push_back({0, at, StretchKind::absent, 0, ""});
    lanes_.lanes.back().stretches.push_back({at, at, StretchKind::waiting, 0, std::move(text)});
  }
  void partitions_appear(TopicId topic, std::int32_t from, std::int32_t to, Time at) {
    if (namer_.name(topic) == kOffsetsTopic) return;
    for (std::int32_t i = from; i < to; ++i)
      appear(partition_lane({topic, i}), {PlaceKind::partition, kNoNode, kNoNode, {topic, i}}, at, "created");
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
  void note(Time at, const NodeStarted& f) {
    const std::string name = namer_.node(f.node);
    for (Lane& each : lanes_.lanes) {
      // Added in the run: until now there was nothing.
      if (each.name == name && each.stretches.size() == 1 && each.stretches[0].from < at && each.stretches[0].text == "starting")
        each.stretches = {{0, 0, StretchKind::absent, 0, ""}};
    }
    const bool plain = kind_of(timeline_.world().fabric.nodes[static_cast<std::size_t>(f.node)]).plain;
    change(name, at, plain ? StretchKind::calm : StretchKind::waiting, 0, plain ? "up" : "starting");
  }
  void note(Time at, const NodeStopped& f) { node_changes(f.node, at, StretchKind::broken, "stopped"); }
  void note(Time at, const BrokerFenced& f) {
    change("broker " + std::to_string(f.broker), at, StretchKind::broken, 0, "fenced");
  }
  void note(Time at, const BrokerUnfenced& f) {
    change("broker " + std::to_string(f.broker), at, StretchKind::calm, 0, "up");
  }
  void note(Time at, const TopicCreated& f) { partitions_appear(f.topic, 0, f.partitions, at); }
  void note(Time at, const PartitionsCreated& f) { partitions_appear(f.topic, f.previous, f.partitions, at); }
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
  void group_changes(Time at, GroupId group, StretchKind kind, const std::string& text) {
    const std::string name = "group " + namer_.name(group);
    if (index_.count(name) == 0)
      appear(name, {PlaceKind::group, kNoNode, kNoNode, {}, -1, group}, at, "");
    change(name, at, kind, 0, text);
  }

  const Timeline& timeline_;
  WorldNamer namer_;
  Time until_;
  Lanes lanes_;
  const Fact* read_ = nullptr;  // the fact that is being read
  std::map<std::string, std::size_t> index_;  // of lanes, by name
};

}  // namespace

std::size_t telling(const Lane& lane) {
  std::size_t count = 0;
  bool arrived = false;
  for (const Stretch& each : lane.stretches) {
    count += arrived;
    arrived = arrived || each.kind == StretchKind::calm || each.kind == StretchKind::epoch;
  }
  return count;
}

Lanes make_lanes(const Timeline& finished, Time until) { return Builder(finished, until).build(); }

}  // namespace nutshell

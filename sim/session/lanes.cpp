#include "sim/session/lanes.h"

#include <algorithm>

#include "sim/cluster/process_kind.h"
#include "sim/session/about.h"

namespace nutshell {

namespace {

// Nodes stand before partitions, and groups last, whenever they come about.
int rank(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::group: return 3;
    case PlaceKind::partition: return 2;
    case PlaceKind::process: return 1;
    default: return 0;
  }
}

}  // namespace

// One call of a reader.
class LaneBuilder {
 public:
  LaneBuilder(LanesReader& reader, const Timeline& timeline, Lanes& lanes)
      : reader_(reader), timeline_(timeline), world_(timeline.front_world()), namer_(world_), lanes_(lanes) {}

  void build(Time until) {
    if (reader_.places_.empty()) open({StateKind::quorum}, 0, "quorum", {PlaceKind::controller}, "no controller yet");
    for (const Broker& each : world_.brokers) open_node(each.node, PlaceKind::broker, "starting");
    for (std::size_t i = 0; i < world_.fabric.nodes.size(); ++i) {
      if (kind_of(world_.fabric.nodes[i]).plain) open_node(static_cast<NodeId>(i), PlaceKind::process, "not started");
    }
    for (const Step end = timeline_.steps_until(until); reader_.step_ < end; ++reader_.step_) read(reader_.step_);
    for (Lane& each : lanes_.lanes) each.stretches.back().to = until;
  }

 private:
  // It waits for what there is to come.
  void open(const Subject& subject, Time at, std::string name, Place place, std::string text) {
    Lane lane{std::move(name), {}, place};
    if (at > 0) lane.stretches.push_back({0, at, StretchKind::absent, 0, ""});
    lane.stretches.push_back({at, at, StretchKind::waiting, 0, std::move(text)});
    std::vector<Lane>& all = lanes_.lanes;
    const auto after = std::find_if(all.begin(), all.end(), [&](const Lane& each) { return rank(each.place.kind) > rank(place.kind); });
    const auto index = static_cast<std::size_t>(after - all.begin());
    all.insert(after, std::move(lane));
    for (auto& [other, known] : reader_.places_) known += known >= index;
    reader_.places_[subject] = index;
  }

  void open_node(NodeId node, PlaceKind kind, const char* text) {
    if (reader_.places_.count(node_life(node)) == 0) open(node_life(node), 0, namer_.node(node), {kind, node}, text);
  }

  // The lane goes over into another state.
  void change(const Subject& subject, Time at, StretchKind kind, std::int32_t value, std::string text) {
    const auto found = reader_.places_.find(subject);
    if (found == reader_.places_.end()) return;
    std::vector<Stretch>& stretches = lanes_.lanes[found->second].stretches;
    Stretch& last = stretches.back();
    if (last.kind == kind && last.value == value && last.text == text) return;
    last.to = at;
    if (last.from == at) stretches.pop_back();
    stretches.push_back({at, at, kind, value, std::move(text)});
  }

  void read(Step step) {
    const auto& changes = timeline_.states().changes();
    for (std::size_t& next = reader_.change_; next < changes.size() && changes[next].step <= step; ++next) take(changes[next]);
    const auto [first, last] = timeline_.facts_of(step);
    for (std::size_t i = first; i < last; ++i) mark(timeline_.facts()[i]);
    const StepRecord record = timeline_.record_of(step);
    if (record.action < 0) return;
    const Place place = first == last ? Place{} : place_of(world_, timeline_.facts()[first].body);
    lanes_.marks.push_back({record.at, MarkKind::action, sentence_of(timeline_, step), place});
  }

  // Of one moment, what somebody does stands after what happens.
  void mark(const Fact& fact) {
    const std::optional<FactMark>& looks = looks_of(fact.body).mark;
    if (!looks) return;
    auto place = lanes_.marks.end();
    while (place != lanes_.marks.begin() && std::prev(place)->at == fact.at && std::prev(place)->kind == MarkKind::action) --place;
    std::string text = spell(looks->text, fact.body, namer_, [&](TopicPartition tp) { return namer_.partition(tp); });
    lanes_.marks.insert(place, {fact.at, looks->kind, std::move(text), place_of(world_, fact.body)});
  }

  void take(const StateChange& c) {
    switch (c.subject.kind) {
      case StateKind::quorum: return quorum(c);
      case StateKind::life:
      case StateKind::pause: return process(c);
      case StateKind::fencing: return fencing(c);
      case StateKind::topic: return topic(c);
      case StateKind::office: return office(c);
      case StateKind::group: return group(c);
      default: return;  // no lane shows it
    }
  }

  template <class F>
  bool told_by(const StateChange& c) const { return timeline_.facts()[c.fact].body.is<F>(); }

  void quorum(const StateChange& c) {
    if (c.value != kNoNode)
      return change(c.subject, c.at, StretchKind::epoch, c.number, namer_.node(c.value) + " leads, epoch " + std::to_string(c.number));
    change(c.subject, c.at, told_by<ControllerResigned>(c) ? StretchKind::waiting : StretchKind::broken, 0, "no controller");
  }

  void process(const StateChange& c) {
    const NodeId node = c.subject.a;
    LanesReader::NodeTale& tale = reader_.nodes_[node];
    if (c.subject.kind == StateKind::pause) {
      tale.paused = c.is(true);
      tale.paused_since = reader_.change_;
    } else {
      tale.life = static_cast<Life>(c.value);
      tale.lives_since = reader_.change_;
      if (!timeline_.states().before(c) && c.is(Life::starting)) appear(node, c.at);
    }
    show(node, tale, c.at);
  }
  // A broker that is added in the run: until then there was nothing.
  void appear(NodeId broker, Time at) {
    if (at > 0) lanes_.lanes[reader_.places_[node_life(broker)]].stretches = {{0, 0, StretchKind::absent, 0, ""}};
  }

  void fencing(const StateChange& c) {
    const Broker* broker = world_.find_broker(c.subject.a);
    if (!broker) return;
    LanesReader::NodeTale& tale = reader_.nodes_[broker->node];
    tale.fenced = c.is(true);
    tale.fenced_since = reader_.change_;
    show(broker->node, tale, c.at);
  }

  void show(NodeId node, const LanesReader::NodeTale& tale, Time at) {
    const bool down = tale.life == Life::crashed || tale.life == Life::stopped, starting = tale.life == Life::starting;
    const std::size_t since = down || (starting && !tale.paused) ? tale.lives_since : tale.paused ? tale.paused_since : 0;
    const auto goes_over = [&](StretchKind kind, const char* text) { change(node_life(node), at, kind, 0, text); };
    if (tale.fenced && tale.fenced_since >= since) return goes_over(StretchKind::broken, "fenced");
    if (down) return goes_over(StretchKind::broken, tale.life == Life::crashed ? "crashed" : "stopped");
    if (tale.paused) return goes_over(StretchKind::broken, "paused");
    if (starting) return goes_over(StretchKind::waiting, "starting");
    goes_over(StretchKind::calm, "up");
  }

  void topic(const StateChange& c) {
    const std::string name = namer_.name(c.subject.a);
    if (is_internal_topic(name)) return;
    const std::optional<StateChange> before = timeline_.states().before(c);
    for (std::int32_t i = before ? before->value : 0; i < c.value; ++i) {
      const TopicPartition tp{c.subject.a, i};
      open(partition_office(tp), c.at, namer_.partition(tp), {PlaceKind::partition, kNoNode, kNoNode, tp}, "created");
    }
  }

  // Until another takes office, or nobody can, the lane is that of who was in it last: dead or not.
  void office(const StateChange& c) {
    if (c.value != kNoBroker)
      change(c.subject, c.at, StretchKind::epoch, c.number, "broker " + std::to_string(c.value) + " leads, e" + std::to_string(c.number));
    else if (told_by<PartitionOffline>(c)) change(c.subject, c.at, StretchKind::broken, 0, "no leader");
  }

  // While nobody is in charge of it, the group is what it was.
  void group(const StateChange& c) {
    if (c.is(kNobodyKnows)) return;
    const std::int32_t id = c.subject.a;
    if (reader_.places_.count(c.subject) == 0)
      open(c.subject, c.at, "group " + namer_.name(id), {PlaceKind::group, kNoNode, kNoNode, {}, -1, id}, "");
    if (c.is(GroupState::stable)) change(c.subject, c.at, StretchKind::calm, 0, "Stable, generation " + std::to_string(c.number));
    else change(c.subject, c.at, StretchKind::waiting, 0, c.is(GroupState::empty) ? "Empty" : "rebalancing");
  }

  LanesReader& reader_;
  const Timeline& timeline_;
  const World& world_;
  WorldNamer namer_;
  Lanes& lanes_;
};

void LanesReader::follow(const Timeline& timeline, Time until, Lanes& lanes) { LaneBuilder(*this, timeline, lanes).build(until); }

std::size_t telling(const Lane& lane) {
  std::size_t count = 0;
  bool arrived = false;
  for (const Stretch& each : lane.stretches) {
    count += arrived;
    arrived = arrived || each.kind == StretchKind::calm || each.kind == StretchKind::epoch;
  }
  return count;
}

}  // namespace nutshell

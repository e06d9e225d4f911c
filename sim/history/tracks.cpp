#include "sim/history/tracks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "sim/check/promises.h"
#include "sim/cluster/process_kind.h"
#include "sim/core/require.h"
#include "sim/core/text.h"
#include "sim/history/fact_looks.h"
#include "sim/history/track_roles.h"

namespace nutshell {

namespace {

// The node that a fact is told of; kNoNode: of none in particular.
template <class F>
NodeId node_of(const F& f, const World& world) {
  if constexpr (requires { f.node; }) return f.node;
  else if constexpr (requires { f.consumer; }) return f.consumer;
  else if constexpr (requires { f.producer; }) return f.producer;
  else if constexpr (requires { f.client; }) return f.client;
  else if constexpr (requires { f.from; f.to; f.one_way; }) return f.from;
  else if constexpr (requires { f.broker; }) {
    const Broker* broker = world.find_broker(f.broker);
    return broker ? broker->node : kNoNode;
  } else return kNoNode;
}

// Words of facts of which the table of looks says that they depend on what the fact says.
class OwnWords {
 public:
  explicit OwnWords(const WorldNamer& namer) : namer_(namer) {}
  template <class F>
  std::string operator()(const F&) const {
    static_assert(kLooksOf<F>.label != looks::kOwnWords, "give it its words here");
    return "";
  }
  std::string operator()(const ElectionStarted& f) const { return f.pre_vote ? "could I win?" : "vote for me"; }
  std::string operator()(const MemberLeft& f) const { return namer_.node(f.consumer) + (f.expired ? " is put out" : " leaves"); }
  std::string operator()(const PositionReset& f) const {
    if (f.skipped > 0) return "skips " + std::to_string(f.skipped);
    if (f.repeated > 0) return "reads " + std::to_string(f.repeated) + " again";
    return "goes back to " + std::to_string(f.to);
  }

 private:
  const WorldNamer& namer_;
};

}  // namespace

// Of a step, what a track tells of it.
class PointReader {
 public:
  PointReader(const Timeline& timeline, const World& last, const RoleReader& roles)
      : timeline_(timeline), world_(last), namer_(world_), roles_(roles) {}

  // Nothing if the step is not told.
  std::optional<TrackPoint> read(Step step) const {
    const StepRecord record = timeline_.record_of(step);
    const auto [first, last] = timeline_.facts_of(step);
    TrackPoint point{step, record.at, record.node, "", "", -1, record.action >= 0, false};
    int best = 0;
    for (std::size_t i = first; i < last; ++i) {
      const FactBody& body = timeline_.facts()[i].body;
      if (point.node == kNoNode) point.node = body.visit([&](const auto& f) { return node_of(f, world_); });
      const int weight = looks_of(body).weight;
      if (weight == 0 || is_inner(body)) continue;
      if (weight > best || (weight == best && point.label.empty())) name(point, body);
      best = std::max(best, weight);
    }
    if (point.action) {
      const ActionBody& action = timeline_.script()[static_cast<std::size_t>(record.action)].body;
      point.label = "you: " + spaced(action_name(action));
      point.sentence = sentence(action);
    }
    return point.action || best > 0 ? std::optional(point) : std::nullopt;
  }

 private:
  static std::string spaced(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
  }

  // Kafka's own topics move with the users' and say nothing more.
  bool is_inner(const FactBody& body) const {
    return body.visit([&](const auto& f) {
      if constexpr (requires { f.tp.topic; }) return f.tp.topic >= 0 && is_internal_topic(world_.fabric.names[f.tp.topic]);
      else return false;
    });
  }

  void name(TrackPoint& point, const FactBody& body) const {
    const std::string_view label = looks_of(body).label;
    point.label = label == looks::kOwnWords ? body.visit(OwnWords(namer_))
                                            : spell(label, body, namer_, [&](TopicPartition tp) { return roles_.partition(tp); });
    const auto* broken = body.as<PromiseBroken>();
    point.sentence = broken ? "A promise breaks: " + std::string(promises()[static_cast<std::size_t>(broken->promise)].title) + "."
                            : sentence(body, namer_);
    point.grave = looks_of(body).is(kGrave);
  }

  const Timeline& timeline_;
  const World& world_;
  WorldNamer namer_;
  const RoleReader& roles_;
};

namespace {

// Whose session ran out in the step; kNoNode: nobody's.
NodeId silent_node(const Timeline& timeline, const World& world, Step step) {
  const auto [first, last] = timeline.facts_of(step);
  for (std::size_t i = first; i < last; ++i) {
    const FactBody& body = timeline.facts()[i].body;
    const auto* fenced = body.as<BrokerFenced>();
    if (fenced && fenced->reason == FenceReason::session_expired) return node_of(*fenced, world);
    const auto* left = body.as<MemberLeft>();
    if (left && left->reason == LeaveReason::session_expired) return left->consumer;
  }
  return kNoNode;
}

// A session runs from its last heartbeat: the points at which one ran out learn when that came in.
void note_silences(const Timeline& timeline, const World& world, Tracks& tracks) {
  std::map<std::pair<NodeId, NodeId>, Time> heard;  // of whom, by whom
  auto next = tracks.passages.begin();
  for (TrackPoint& each : tracks.points) {
    for (; next != tracks.passages.end() && next->ended_at <= each.at; ++next) {
      if (next->kind == TokenKind::heartbeat && next->fate == Fate::arrived && !is_response(next->message))
        heard[{next->from, next->to}] = next->ended_at;
    }
    const NodeId silent = silent_node(timeline, world, each.step);
    const auto last = heard.find({silent, timeline.record_of(each.step).node});
    if (silent == kNoNode || last == heard.end()) continue;
    each.silent_since = last->second;
    constexpr Duration kTenth = 100 * kMillisecond;
    const Duration silent_for = (each.at - last->second + kTenth / 2) / kTenth * kTenth;
    if (!each.label.empty()) each.label += ": silent for " + format_duration(silent_for);
  }
}

std::string topic_of(const World& world, const Track& track) {
  if (track.kind == NodeKind::producer) return "producer";
  if (track.kind == NodeKind::controller) return "controller";
  if (track.kind == NodeKind::consumer) return track.group < 0 ? "consumer" : std::string(world.fabric.names[track.group]);
  if (process_kind(track.kind).plain) return std::string(process_kind(track.kind).name);
  return "";
}

void open_tracks(const World& world, Tracks& tracks) {
  std::vector<NodeKind> kinds = {NodeKind::producer, NodeKind::broker, NodeKind::controller, NodeKind::consumer};
  for (const ProcessKind& each : process_kinds())
    if (each.plain) kinds.push_back(each.kind);
  for (NodeKind kind : kinds) {
    for (std::size_t i = 0; i < world.fabric.nodes.size(); ++i) {
      const Node& node = world.fabric.nodes[i];
      if (node.kind != kind) continue;
      Track track{static_cast<NodeId>(i), kind, node.name, "", -1, {}};
      if (kind == NodeKind::consumer) track.group = world.consumers[static_cast<std::size_t>(node.index)].spec.group;
      track.what = topic_of(world, track);
      tracks.tracks.push_back(std::move(track));
    }
  }
}

}  // namespace

const Track* Tracks::of(NodeId node) const {
  for (const Track& each : tracks) {
    if (each.node == node) return &each;
  }
  return nullptr;
}

struct TracksReader::State {
  State(const Timeline& of, Time to)
      : timeline(of),
        world(of.front_world()),
        end(of.steps_until(to)),
        until(to),
        roles(world, opened()),
        points(of, world, roles),
        passages(of) {}

  Tracks& opened() {
    tracks.until = until;
    tracks.hop = std::max<Duration>(timeline.setup().network.latency, 20 * kMicrosecond);
    open_tracks(world, tracks);
    return tracks;
  }

  void read(Step step) {
    passages.read(step);
    const auto [first, last] = timeline.facts_of(step);
    if (first == last && timeline.record_of(step).action < 0) return;
    const auto& changes = timeline.states().changes();
    for (; change < changes.size() && changes[change].step <= step; ++change) {
      roles.take(changes[change]);
      roles.settle(changes[change].at);
    }
    if (std::optional<TrackPoint> point = points.read(step)) tracks.points.push_back(std::move(*point));
  }

  const Timeline& timeline;
  const World world;  // at the end of what is read
  const Step end;
  const Time until;
  Tracks tracks;
  RoleReader roles;
  PointReader points;
  PassageReader passages;
  Step next = 0;
  std::size_t change = 0;  // of states, the next
};

TracksReader::TracksReader(const Timeline& timeline, Time until) : state_(std::make_unique<State>(timeline, until)) {}
TracksReader::~TracksReader() = default;

bool TracksReader::go_on(Step most) {
  const Step end = state_->end - state_->next > most ? state_->next + most : state_->end;
  for (; state_->next < end; ++state_->next) state_->read(state_->next);
  return state_->next < state_->end;
}

Tracks TracksReader::take() {
  State& state = *state_;
  NUTSHELL_REQUIRE(state.next == state.end);
  state.roles.finish(state.until);
  for (Track& each : state.tracks.tracks) {
    if (each.kind == NodeKind::broker) each.what = state.roles.only_partition();
  }
  state.tracks.passages = state.passages.passages();
  note_silences(state.timeline, state.world, state.tracks);
  return std::move(state.tracks);
}

Tracks read_tracks(const Timeline& timeline, Time until) {
  TracksReader reader(timeline, until);
  reader.go_on(kNoStep);
  return reader.take();
}

}  // namespace nutshell

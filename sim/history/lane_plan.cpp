// Which nodes have a lane of their own in a space-time diagram, and which share one.
#include <algorithm>
#include <set>

#include "sim/cluster/process_kind.h"
#include "sim/history/space_time.h"

namespace nutshell {

namespace {

// Of nodes that share a lane, the one that is highest here is what the strip shows.
int rank(Role role) {
  switch (role) {
    case Role::down: return 0;
    case Role::idle: return 1;
    case Role::paused: return 2;
    case Role::calm: return 3;
    case Role::reads: return 4;
    case Role::out_of_isr: return 5;
    case Role::fenced: return 6;
    case Role::candidate: return 7;
    case Role::leads: return 8;
  }
  return 0;
}

const RoleSpan& span_at(const Track& track, Time at) {
  const auto after = std::upper_bound(track.spans.begin(), track.spans.end(), at, [](Time t, const RoleSpan& each) {
      return t < each.from; });
  return *(after == track.spans.begin() ? after : after - 1);
}

std::vector<RoleSpan> merged(const std::vector<const Track*>& tracks) {
  std::set<Time> times;
  for (const Track* track : tracks) {
    for (const RoleSpan& each : track->spans) times.insert(each.from);
  }
  std::vector<RoleSpan> spans;
  for (Time at : times) {
    RoleSpan best{at, at, Role::down, ""};
    for (const Track* track : tracks) {
      const RoleSpan& each = span_at(*track, at);
      const bool telling = each.role == Role::leads || each.role == Role::candidate;
      if (rank(each.role) >= rank(best.role)) best = {at, at, each.role, telling ? track->name + " " + each.text : ""};
    }
    if (!spans.empty() && spans.back().role == best.role && spans.back().text == best.text) continue;
    if (!spans.empty()) spans.back().to = at;
    spans.push_back(best);
  }
  if (!spans.empty()) spans.back().to = tracks.front()->spans.back().to;
  return spans;
}

SpaceLane lane_of(const std::vector<const Track*>& tracks, std::string name, std::string what) {
  SpaceLane lane;
  lane.kind = tracks.front()->kind;
  lane.name = std::move(name);
  lane.what = std::move(what);
  for (const Track* each : tracks) lane.nodes.push_back(each->node);
  lane.spans = tracks.size() == 1 ? tracks.front()->spans : merged(tracks);
  return lane;
}

bool has_led(const Track& track) {
  return std::any_of(track.spans.begin(), track.spans.end(), [](const RoleSpan& each) {
      return each.role == Role::leads || each.role == Role::candidate; });
}

class Planner {
 public:
  explicit Planner(const Tracks& tracks) {
    for (const Track& each : tracks.tracks) shelves_.push_back({{&each}, each.name, each.what});
  }

  std::vector<SpaceLane> plan(std::size_t most) {
    if (shelves_.size() > most) merge([](const Track& t) { return t.kind == NodeKind::controller && !has_led(t); }, "voters");
    if (shelves_.size() > most) merge([](const Track& t) { return t.kind == NodeKind::controller; }, "quorum");
    if (shelves_.size() > most) merge_groups();
    if (shelves_.size() > most) merge([](const Track& t) { return t.kind == NodeKind::producer; }, "producers");
    if (shelves_.size() > most) merge([](const Track& t) { return t.kind == NodeKind::consumer; }, "consumers");
    for (const ProcessKind& kind : process_kinds())
      if (kind.plain && shelves_.size() > most)
        merge([&kind](const Track& t) { return t.kind == kind.kind; }, std::string(kind.plural));
    if (shelves_.size() > most) merge_brokers(most);
    std::vector<SpaceLane> lanes;
    for (const Shelf& each : shelves_) lanes.push_back(lane_of(each.tracks, each.name, each.what));
    return lanes;
  }

 private:
  struct Shelf {
    std::vector<const Track*> tracks;
    std::string name, what;
  };

  // Those of which all tracks fit become one, at the place of the first.
  template <class F>
  void merge(const F& fits, const std::string& name) {
    const auto all_fit = [&](const Shelf& shelf) {
      return std::all_of(shelf.tracks.begin(), shelf.tracks.end(), [&](const Track* each) { return fits(*each); });
    };
    const auto first = std::find_if(shelves_.begin(), shelves_.end(), all_fit);
    if (first == shelves_.end() || std::count_if(shelves_.begin(), shelves_.end(), all_fit) < 2) return;
    Shelf one = *first;
    std::vector<Shelf> others;
    std::size_t place = 0;
    for (auto each = shelves_.begin(); each != shelves_.end(); ++each) {
      if (each == first) place = others.size();
      else if (all_fit(*each)) one.tracks.insert(one.tracks.end(), each->tracks.begin(), each->tracks.end());
      else others.push_back(*each);
    }
    std::string list;
    for (const Track* each : one.tracks) list += (list.empty() ? "" : ", ") + each->name;
    one.name = name == "voters" && one.tracks.size() < 4 ? list : name;
    one.what = one.name == list ? name : std::to_string(one.tracks.size()) + " nodes";
    others.insert(others.begin() + static_cast<std::ptrdiff_t>(place), one);
    shelves_ = std::move(others);
  }

  void merge_groups() {
    std::set<std::pair<std::int32_t, std::string>> groups;
    for (const Shelf& each : shelves_) {
      if (each.tracks.front()->kind == NodeKind::consumer) groups.insert({each.tracks.front()->group, each.tracks.front()->what});
    }
    for (const auto& [group, name] : groups)
      merge([wanted = group](const Track& t) { return t.kind == NodeKind::consumer && t.group == wanted; }, name);
  }

  // The last brokers, as many as are too many.
  void merge_brokers(std::size_t most) {
    std::vector<NodeId> brokers;
    for (const Shelf& each : shelves_) {
      if (each.tracks.front()->kind == NodeKind::broker) brokers.push_back(each.tracks.front()->node);
    }
    const std::size_t kept = most > shelves_.size() - brokers.size() + 1 ? most - (shelves_.size() - brokers.size()) - 1 : 0;
    if (kept >= brokers.size()) return;
    brokers.erase(brokers.begin(), brokers.begin() + static_cast<std::ptrdiff_t>(kept));
    merge([&](const Track& t) { return std::find(brokers.begin(), brokers.end(), t.node) != brokers.end(); },
          kept == 0 ? "brokers" : "other brokers");
  }

  std::vector<Shelf> shelves_;
};

}  // namespace

std::vector<SpaceLane> plan_lanes(const Tracks& tracks, std::size_t most) { return Planner(tracks).plan(most); }

}  // namespace nutshell

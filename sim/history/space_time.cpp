#include "sim/history/space_time.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace nutshell {

namespace {

constexpr std::size_t kCrowd = 4;  // so many alike in a bucket are drawn one by one

constexpr std::size_t kNoLane = static_cast<std::size_t>(-1);

// What belongs into one bead.
struct Group {
  std::size_t lane = 0, other = 0;
  AxisPlace left = 0, right = 0;
  bool idle = false;
  Fate fate = Fate::arrived;
  friend auto operator<=>(const Group&, const Group&) = default;
};

class Maker {
 public:
  Maker(const Tracks& tracks, const TimeAxis& axis, const SpaceTimeOptions& options)
      : tracks_(tracks), axis_(axis), options_(options) {
    made_.from = std::clamp<Time>(options.from, 0, tracks.until);
    made_.to = std::clamp<Time>(options.to, made_.from, tracks.until);
    made_.lanes = plan_lanes(tracks, options.most_lanes);
  }

  SpaceTime make() {
    place_points();
    std::map<Group, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < tracks_.passages.size(); ++i) {
      const Passage& each = tracks_.passages[i];
      if (each.ended_at < made_.from || each.ended_at > made_.to) continue;
      const std::size_t from = lane_of(each.from), to = lane_of(each.to);
      if (from == kNoLane || to == kNoLane || from == to) continue;
      if (in_thread(each)) made_.messages.push_back({i, from, to});
      else groups[group_of(each, from, to)].push_back(i);
    }
    for (const auto& [group, members] : groups) take(group, members);
    // A passage is drawn once at most: a total order.
    std::sort(made_.messages.begin(), made_.messages.end(),
              [](const SpaceMessage& a, const SpaceMessage& b) { return a.passage < b.passage; });
    return std::move(made_);
  }

 private:
  std::size_t lane_of(NodeId node) const {
    for (std::size_t i = 0; i < made_.lanes.size(); ++i) {
      const std::vector<NodeId>& nodes = made_.lanes[i].nodes;
      if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) return i;
    }
    return kNoLane;
  }

  bool in_thread(const Passage& each) const {
    const auto& thread = options_.thread;
    return std::find(thread.begin(), thread.end(), each.ended) != thread.end();
  }

  void place_points() {
    for (std::size_t i = 0; i < tracks_.points.size(); ++i) {
      const TrackPoint& each = tracks_.points[i];
      if (each.at < made_.from || each.at > made_.to) continue;
      const std::size_t lane = lane_of(each.node);
      if (lane != kNoLane) made_.points.push_back({i, lane});
    }
  }

  Group group_of(const Passage& each, std::size_t from, std::size_t to) const {
    Group group{from, to, 0, 0, each.idle, each.fate};
    if (is_response(each.message)) std::swap(group.lane, group.other);
    if (const Fold* fold = axis_.fold_at(each.ended_at)) {
      group.left = fold->left;
      group.right = fold->right;
      return group;
    }
    // Between two folds, pieces of the same width.
    AxisPlace begin = 0, end = axis_.end();
    for (const Fold& fold : axis_.folds()) {
      if (fold.to <= each.ended_at) begin = fold.right;
      else { end = fold.left; break; }
    }
    const AxisPlace pieces = std::max<AxisPlace>((end - begin + options_.bucket / 2) / options_.bucket, 1);
    const AxisPlace wide = std::max<AxisPlace>((end - begin) / pieces, 1);
    const AxisPlace nth = std::min((axis_.place_of(each.ended_at) - begin) / wide, pieces - 1);
    group.left = begin + nth * wide;
    group.right = std::min(group.left + wide, end);
    return group;
  }

  void take(const Group& group, const std::vector<std::size_t>& members) {
    const bool in_fold = axis_.fold_at(tracks_.passages[members.front()].ended_at) != nullptr;
    const bool alone = !in_fold && (!group.idle || options_.hidden_traffic) && members.size() <= kCrowd;
    if (!alone) return made_.beads.push_back(bead_of(group, members));
    for (std::size_t each : members)
      made_.messages.push_back({each, lane_of(tracks_.passages[each].from), lane_of(tracks_.passages[each].to)});
  }

  Bead bead_of(const Group& group, const std::vector<std::size_t>& members) const {
    Bead bead{group.lane, group.other, group.left, group.right, kNever, 0, static_cast<std::int32_t>(members.size()),
              TokenKind::other, 0, group.fate, group.idle, members.front()};
    std::map<std::pair<TokenKind, char>, int> kinds;
    for (std::size_t each : members) {
      const Passage& passage = tracks_.passages[each];
      bead.from = std::min(bead.from, passage.sent_at);
      bead.to = std::max(bead.to, passage.ended_at);
      // An empty answer is drawn as the question that it ends.
      const bool empty = passage.idle && passage.message == number_of<QuorumFetchResponse>();
      ++kinds[empty ? std::pair(TokenKind::quorum_fetch, '\0') : std::pair(passage.kind, passage.letter)];
    }
    int most = 0;
    for (const auto& [kind, count] : kinds) {
      if (count <= most) continue;
      most = count;
      std::tie(bead.kind, bead.letter) = kind;
    }
    return bead;
  }

  const Tracks& tracks_;
  const TimeAxis& axis_;
  const SpaceTimeOptions& options_;
  SpaceTime made_;
};

}  // namespace

SpaceTime make_space_time(const Tracks& tracks, const TimeAxis& axis, const SpaceTimeOptions& options) {
  return Maker(tracks, axis, options).make();
}

}  // namespace nutshell

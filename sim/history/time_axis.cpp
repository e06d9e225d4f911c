#include "sim/history/time_axis.h"

#include <algorithm>
#include <set>

namespace nutshell {

namespace {

constexpr AxisPlace kSecondWide = 80 * kPixel;  // linear
constexpr AxisPlace kEventWide = 26 * kPixel;
constexpr AxisPlace kHopWide = 40 * kPixel;     // compressed: how wide a message usually is
constexpr AxisPlace kFoldWide = 92 * kPixel;
constexpr AxisPlace kWide = 460 * kPixel;       // what is wider than this is not drawn to scale
constexpr int kAround = 3;                  // hops before and after a moment
constexpr int kNear = 14;                   // hops between moments that belong together
constexpr int kFar = 20;                    // hops that a message of a moment may be away from it

struct Stretch {
  Time from = 0, to = 0;
};

// a * b / c without overflow. REQUIRES c > 0.
std::int64_t scaled(std::int64_t a, std::int64_t b, std::int64_t c) {
  return static_cast<std::int64_t>(static_cast<__int128>(a) * b / c);
}

std::vector<Time> sorted_unique(std::vector<Time> times) {
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

// The first drop between two nodes, and the next first one after something has got through.
void add_first_drops(const Tracks& tracks, std::vector<Time>& times) {
  std::set<std::pair<NodeId, NodeId>> broken;
  for (const Passage& each : tracks.passages) {
    const std::pair pair(each.from, each.to);
    if (each.fate == Fate::arrived) broken.erase(pair);
    else if (broken.insert(pair).second) times.push_back(each.ended_at);
  }
}

// Moments with what is around them: the messages that led there, and those that left from there.
std::vector<Stretch> stretches(const Tracks& tracks, const std::vector<Time>& moments) {
  const Duration hop = tracks.hop;
  std::vector<Stretch> all;
  for (Time each : moments) all.push_back({each - kAround * hop, each + kAround * hop});
  const auto near = [&](Time at) {
    const auto found = std::lower_bound(moments.begin(), moments.end(), at);
    return found != moments.end() && *found == at;
  };
  for (const Passage& each : tracks.passages) {
    if (each.idle || each.ended_at - each.sent_at > kFar * hop) continue;
    if (near(each.ended_at) || near(each.sent_at)) all.push_back({each.sent_at - hop, each.ended_at + hop});
  }
  std::stable_sort(all.begin(), all.end(), [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
  std::vector<Stretch> merged;
  for (Stretch each : all) {
    each.from = std::max<Time>(each.from, 0);
    each.to = std::min(each.to, tracks.until);
    if (each.from > each.to) continue;
    if (!merged.empty() && each.from <= merged.back().to + kNear * hop) merged.back().to = std::max(merged.back().to, each.to);
    else merged.push_back(each);
  }
  return merged;
}

}  // namespace

std::string_view axis_name(AxisMode mode) {
  return mode == AxisMode::linear ? "linear" : mode == AxisMode::by_event ? "event" : "compressed";
}

TimeAxis::TimeAxis(const Tracks& tracks, AxisMode mode, std::vector<Time> keep) : mode_(mode), knots_{{0, 0}} {
  switch (mode) {
    case AxisMode::linear: lay_linear(tracks.until); break;
    case AxisMode::by_event: lay_by_event(tracks, std::move(keep)); break;
    case AxisMode::compressed: lay_compressed(tracks, std::move(keep)); break;
  }
}

void TimeAxis::go(Time at, AxisPlace width) {
  if (at <= knots_.back().at) return;
  knots_.push_back({at, knots_.back().place + std::max<AxisPlace>(width, 1)});
}

void TimeAxis::lay_linear(Time until) { go(std::max<Time>(until, 1), scaled(std::max<Time>(until, 1), kSecondWide, kSecond)); }

void TimeAxis::lay_by_event(const Tracks& tracks, std::vector<Time> times) {
  for (const TrackPoint& each : tracks.points) times.push_back(each.at);
  for (const Passage& each : tracks.passages) {
    if (each.idle) continue;
    times.push_back(each.sent_at);
    times.push_back(each.ended_at);
  }
  for (Time each : sorted_unique(std::move(times))) {
    if (each <= tracks.until) go(each, kEventWide);
  }
  go(std::max<Time>(tracks.until, 1), kEventWide);
}

void TimeAxis::lay_compressed(const Tracks& tracks, std::vector<Time> moments) {
  for (const TrackPoint& each : tracks.points) moments.push_back(each.at);
  add_first_drops(tracks, moments);
  const auto fold = [this](Time to) {
    const Knot before = knots_.back();
    go(to, kFoldWide);
    if (to > before.at) folds_.push_back({before.at, to, before.place, knots_.back().place});
  };
  for (const Stretch& each : stretches(tracks, sorted_unique(std::move(moments)))) {
    if (each.from > knots_.back().at) fold(each.from);
    const AxisPlace wide = scaled(each.to - each.from, kHopWide, tracks.hop);
    go(each.to, wide <= kWide ? wide : kWide + (wide - kWide) / 5);
  }
  if (std::max<Time>(tracks.until, 1) > knots_.back().at) fold(std::max<Time>(tracks.until, 1));
}

AxisPlace TimeAxis::place_of(Time at) const {
  const auto after = std::upper_bound(knots_.begin(), knots_.end(), at, [](Time t, const Knot& each) { return t < each.at; });
  if (after == knots_.begin()) return 0;
  if (after == knots_.end()) return end();
  const Knot& a = *(after - 1);
  return a.place + scaled(at - a.at, after->place - a.place, after->at - a.at);
}

Time TimeAxis::time_of(AxisPlace place) const {
  const auto after = std::upper_bound(knots_.begin(), knots_.end(), place, [](AxisPlace p, const Knot& each) { return p < each.place; });
  if (after == knots_.begin()) return 0;
  if (after == knots_.end()) return knots_.back().at;
  const Knot& a = *(after - 1);
  return a.at + scaled(place - a.place, after->at - a.at, after->place - a.place);
}

const Fold* TimeAxis::fold_at(Time at) const {
  const auto after = std::upper_bound(folds_.begin(), folds_.end(), at, [](Time t, const Fold& each) { return t < each.from; });
  return after == folds_.begin() || at >= (after - 1)->to ? nullptr : &*(after - 1);
}

}  // namespace nutshell

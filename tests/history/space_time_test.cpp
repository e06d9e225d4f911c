// The space-time diagram's model, held against the facts and the worlds of shipped scenarios.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "sim/history/space_time.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"

using namespace nutshell;

namespace {

struct Run {
  Scenario scenario;
  Timeline timeline;
  Tracks tracks;
};

Run run_of(const std::string& name) {
  LoadResult result = load_scenario(NUTSHELL_SOURCE_DIR "/scenarios/" + name + ".json");
  REQUIRE_MESSAGE(result.scenario.has_value(), to_text(result.problems));
  Scenario scenario = std::move(*result.scenario);
  Timeline timeline = timeline_of(scenario);
  REQUIRE(run_to(timeline, scenario.until));
  Tracks tracks = read_tracks(timeline, scenario.until);
  return {std::move(scenario), std::move(timeline), std::move(tracks)};
}

constexpr std::array kModes = {AxisMode::linear, AxisMode::by_event, AxisMode::compressed};
// A leader dies, a controller dies, a leader is cut off, a group rebalances, a record is lost.
const std::vector<std::string> kNames = {"13-leader-failover", "19-controller-failover", "18-zombie-leader", "05-two-consumers",
                                         "14-acks-one-loses"};

SpaceTime model_of(const Run& run, AxisMode mode, Time from, Time to, std::size_t lanes = 40, bool hidden = false) {
  SpaceTimeOptions options;
  options.from = from;
  options.to = to;
  options.most_lanes = lanes;
  options.hidden_traffic = hidden;
  return make_space_time(run.tracks, TimeAxis(run.tracks, mode), options);
}

bool has(const SpaceLane& lane, NodeId node) { return std::find(lane.nodes.begin(), lane.nodes.end(), node) != lane.nodes.end(); }

const RoleSpan& span_at(const Track& track, Time at) {
  const RoleSpan* found = &track.spans.front();
  for (const RoleSpan& each : track.spans) {
    if (each.from <= at) found = &each;
  }
  return *found;
}

const Track& track_of(const Run& run, const std::string& name) {
  for (const Track& each : run.tracks.tracks) {
    if (each.name == name) return each;
  }
  FAIL("no track is named ", name);
  return run.tracks.tracks.front();
}

// Messages of a kind of fate that a model shows, one by one or in beads.
std::size_t shown(const Run& run, const SpaceTime& model, Fate fate) {
  std::size_t count = 0;
  for (const SpaceMessage& each : model.messages) count += run.tracks.passages[each.passage].fate == fate;
  for (const Bead& each : model.beads) count += each.fate == fate ? static_cast<std::size_t>(each.count) : 0;
  return count;
}

}  // namespace

TEST_CASE("every drop and every loss of a stretch is in the diagram, and nothing else is cut off") {
  for (const std::string& name : kNames) {
    const Run run = run_of(name);
    const Time half = run.scenario.until / 2;
    for (const auto& [from, to] : {std::pair<Time, Time>{0, run.scenario.until}, {0, half}, {half, run.scenario.until}}) {
      std::size_t dropped = 0, lost = 0;
      for (const Fact& each : run.timeline.facts()) {
        if (each.at < from || each.at > to) continue;
        const auto* drop = each.body.as<MessageDropped>();
        dropped += drop && run.tracks.of(drop->from) && run.tracks.of(drop->to);
        lost += each.body.is<SegmentLost>();
      }
      // Where a link is cut, what is sent over it is dropped.
      if (name == "18-zombie-leader" && from == 0 && to == run.scenario.until) CHECK(dropped > 0);
      for (AxisMode mode : kModes) {
        const SpaceTime model = model_of(run, mode, from, to);
        CHECK_MESSAGE(shown(run, model, Fate::dropped) == dropped, name, " ", axis_name(mode));
        CHECK_MESSAGE(shown(run, model, Fate::lost) == lost, name, " ", axis_name(mode));
      }
    }
  }
}

TEST_CASE("what arrived in a run is what the chronicle says was taken up") {
  for (const std::string& name : kNames) {
    const Run run = run_of(name);
    std::size_t taken = 0;
    for (Step step = 0; step < run.timeline.furthest(); ++step) taken += run.timeline.record_of(step).message != kNoMessage;
    const auto arrived = std::count_if(run.tracks.passages.begin(), run.tracks.passages.end(),
                                       [](const Passage& each) { return each.fate == Fate::arrived; });
    CHECK(static_cast<std::size_t>(arrived) == taken);
    CHECK(run.timeline.world().fabric.network.counters.delivered == static_cast<std::int64_t>(taken));
  }
}

TEST_CASE("a message leaves its sender in a step of the sender, before it ends") {
  for (const std::string& name : kNames) {
    const Run run = run_of(name);
    for (const Passage& each : run.tracks.passages) {
      CHECK(each.sent_at <= each.ended_at);
      if (each.sent == kNoStep || each.sent_at == each.ended_at) continue;
      const StepRecord record = run.timeline.record_of(each.sent);
      // What is sent again is sent by no step of its own: the last attempt caused it.
      const bool again = record.from == each.from && record.node == each.to;
      CHECK((record.action >= 0 || record.node == each.from || again || record.event == EventKind::control));
    }
  }
}

TEST_CASE("each message lies between the lanes of its ends, and beads count what is folded") {
  for (const std::string& name : kNames) {
    const Run run = run_of(name);
    for (AxisMode mode : kModes) {
      for (std::size_t lanes : {40u, 6u, 4u}) {
        const SpaceTime model = model_of(run, mode, 0, run.scenario.until, lanes);
        CHECK(model.lanes.size() <= std::max<std::size_t>(lanes, 4));
        std::set<std::size_t> seen;
        for (const SpaceMessage& each : model.messages) {
          const Passage& passage = run.tracks.passages[each.passage];
          CHECK(has(model.lanes[each.from], passage.from));
          CHECK(has(model.lanes[each.to], passage.to));
          CHECK(seen.insert(each.passage).second);
        }
        const auto lane = [&](NodeId node) {
          return std::find_if(model.lanes.begin(), model.lanes.end(), [&](const SpaceLane& l) { return has(l, node); });
        };
        std::size_t between = 0, folded = 0;
        for (const Passage& each : run.tracks.passages) {
          const auto from = lane(each.from), to = lane(each.to);
          between += from != model.lanes.end() && to != model.lanes.end() && from != to && each.ended_at <= run.scenario.until;
        }
        for (const Bead& each : model.beads) {
          folded += static_cast<std::size_t>(each.count);
          CHECK(each.left < each.right);
          CHECK(each.from <= each.to);
        }
        CHECK(folded + model.messages.size() == between);
      }
    }
  }
}

TEST_CASE("the time axis never runs backwards, and back from a place is the moment") {
  for (const std::string& name : kNames) {
    const Run run = run_of(name);
    for (AxisMode mode : kModes) {
      const TimeAxis axis(run.tracks, mode);
      AxisPlace last = -1;
      for (Time at = 0; at <= run.scenario.until; at += run.scenario.until / 5000) {
        const AxisPlace place = axis.place_of(at);
        CHECK(place >= last);
        last = place;
        CHECK(std::abs(axis.time_of(place) - at) <= kMicrosecond);
      }
      CHECK(axis.place_of(0) == 0);
      CHECK(axis.place_of(run.scenario.until) == axis.end());
      CHECK(axis.place_of(kNever) == axis.end());
    }
  }
}

TEST_CASE("linear is linear, by event gives each told step the same, and folds hold nothing that is told") {
  const Run run = run_of("13-leader-failover");
  const TimeAxis linear(run.tracks, AxisMode::linear);
  CHECK(linear.place_of(20 * kSecond) == 2 * linear.place_of(10 * kSecond));
  const TimeAxis events(run.tracks, AxisMode::by_event);
  AxisPlace unit = events.end();
  for (std::size_t i = 1; i < run.tracks.points.size(); ++i) {
    const AxisPlace apart = events.place_of(run.tracks.points[i].at) - events.place_of(run.tracks.points[i - 1].at);
    CHECK((apart > 0) == (run.tracks.points[i].at > run.tracks.points[i - 1].at));
    if (apart > 0) unit = std::min(unit, apart);
  }
  REQUIRE(unit > 0);
  const AxisPlace first = events.place_of(run.tracks.points.front().at);
  for (const TrackPoint& each : run.tracks.points) CHECK((events.place_of(each.at) - first) % unit == 0);
  const TimeAxis folded(run.tracks, AxisMode::compressed);
  CHECK(folded.folds().size() > 3);
  CHECK(folded.end() < linear.end() * 2);
  for (const TrackPoint& each : run.tracks.points) CHECK_MESSAGE(folded.fold_at(each.at) == nullptr, each.sentence);
  // The nine seconds in which nothing is told of broker 1 are as narrow as any other fold.
  AxisPlace wide = 0;
  for (const Fold& each : folded.folds()) {
    if (wide == 0) wide = each.right - each.left;
    CHECK(each.right - each.left == wide);
  }
}

TEST_CASE("strips say what the world says at that moment") {
  for (const std::string& name : kNames) {
    Run run = run_of(name);
    for (int part = 1; part < 60; ++part) {
      const Time at = run.scenario.until / 60 * part;
      run.timeline.seek_time(at);
      const World& world = run.timeline.world();
      for (const Track& track : run.tracks.tracks) {
        if (static_cast<std::size_t>(track.node) >= world.fabric.nodes.size()) continue;
        const Node& node = world.fabric.nodes[static_cast<std::size_t>(track.node)];
        const RoleSpan& span = span_at(track, at);
        INFO(name, " ", at, " ", track.name, ": ", span.text);
        CHECK((span.role == Role::down) == (node.status == NodeStatus::down && node.incarnation > 0));
        CHECK((span.role == Role::paused) == (node.status == NodeStatus::paused));
        if (node.status != NodeStatus::running) continue;
        if (track.kind == NodeKind::controller &&
            world.controllers[static_cast<std::size_t>(node.index)].active) CHECK(span.role == Role::leads);
        if (track.kind == NodeKind::consumer)
          CHECK((span.role == Role::reads) == !world.consumers[static_cast<std::size_t>(node.index)].owned.empty());
      }
    }
  }
}

TEST_CASE("a leader that was replaced and does not know it says so on its strip") {
  const Run run = run_of("18-zombie-leader");
  CHECK(span_at(track_of(run, "broker 1"), 11 * kSecond).text == "leader e0");
  const RoleSpan& zombie = span_at(track_of(run, "broker 1"), 40 * kSecond);
  CHECK(zombie.role == Role::fenced);
  CHECK(zombie.text == "fenced, takes itself for leader e0");
  CHECK(span_at(track_of(run, "broker 2"), 40 * kSecond).text == "leader e1");
  CHECK(span_at(track_of(run, "broker 1"), 70 * kSecond).text == "follower e1");
}

TEST_CASE("who shares a lane: each node has exactly one, and leaders keep theirs longest") {
  const Run run = run_of("19-controller-failover");
  for (std::size_t most = 2; most <= run.tracks.tracks.size(); ++most) {
    std::multiset<NodeId> nodes;
    for (const SpaceLane& each : plan_lanes(run.tracks, most)) {
      nodes.insert(each.nodes.begin(), each.nodes.end());
      CHECK(each.spans.back().to == run.scenario.until);
    }
    CHECK(nodes.size() == run.tracks.tracks.size());
    CHECK(std::set<NodeId>(nodes.begin(), nodes.end()).size() == nodes.size());
  }
}

TEST_CASE("a thread's messages are never folded, and hidden traffic comes out of its beads") {
  const Run run = run_of("13-leader-failover");
  const auto beat = std::find_if(run.tracks.passages.begin(), run.tracks.passages.end(), [](const Passage& each) {
    return each.message == number_of<BrokerHeartbeatRequest>() && each.fate == Fate::arrived && each.ended_at > 11 * kSecond;
  });
  REQUIRE(beat != run.tracks.passages.end());
  const TimeAxis axis(run.tracks, AxisMode::linear);
  SpaceTimeOptions options;
  const auto drawn = [&] {
    const SpaceTime model = make_space_time(run.tracks, axis, options);
    const auto which = static_cast<std::size_t>(beat - run.tracks.passages.begin());
    return std::any_of(model.messages.begin(), model.messages.end(), [&](const SpaceMessage& each) { return each.passage == which; });
  };
  CHECK_FALSE(drawn());
  options.thread = {beat->ended};
  CHECK(drawn());
  options.thread.clear();
  options.hidden_traffic = true;
  options.bucket = kPixel;
  CHECK(drawn());
}

// Messages in flight, as they are shown: where they are at a moment, and which are left out.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/scenario/read.h"
#include "sim/session/flights.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

struct Sent {
  Step step = 0;
  Time at = 0, arrives = 0;
};

// The first produce request sent after `after`, by the facts of the run.
Sent first_produce(const Timeline& timeline, Time after) {
  Sent sent;
  for (const Fact& fact : timeline.facts()) {
    if (fact.at < after || !fact.body.is<RecordsSent>()) continue;
    sent = {fact.step, fact.at, 0};
    break;
  }
  for (Step step = sent.step; step < timeline.furthest(); ++step) {
    const StepRecord record = timeline.record_of(step);
    if (record.event != EventKind::deliver || record.cause != sent.step) continue;
    if (record.message != number_of<ProduceRequest>()) continue;
    sent.arrives = record.at;
    return sent;
  }
  FAIL("no produce request arrives");
  return sent;
}

std::optional<Flight> produce_in(const Timeline& timeline, Time at, Duration least) {
  for (const Flight& each : flights(timeline, at, {least, 0, 0}, false)) {
    if (each.kind == TokenKind::produce) return each;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a message is as far on its way as time is, between sending and arrival") {
  Session session(small_failover());
  const Sent sent = first_produce(session.timeline(), 3 * kSecond);
  REQUIRE(sent.arrives > sent.at);
  session.go_to(sent.step + 1, sent.at);
  const Timeline& timeline = session.timeline();
  const NodeId shop = session.world().producers[0].node, leader = session.world().brokers[0].node;
  for (float part : {0.0F, 0.25F, 0.5F, 0.99F}) {
    const Time at = sent.at + static_cast<Duration>(static_cast<double>(part) * static_cast<double>(sent.arrives - sent.at));
    const std::optional<Flight> flight = produce_in(timeline, at, 0);
    REQUIRE(flight);
    CHECK(flight->progress == doctest::Approx(part).epsilon(0.01));
    CHECK(flight->from == shop);
    CHECK(flight->to == leader);
    CHECK(flight->count == 1);
    CHECK(session.world().fabric.names[flight->tp.topic] == "orders");
    CHECK_FALSE(flight->dropped);
  }
}

TEST_CASE("a message that is quicker than the eye is stretched: seen from its sending on, until long after it has arrived") {
  Session session(small_failover());
  const Sent sent = first_produce(session.timeline(), 3 * kSecond);
  constexpr Duration kLeast = 400 * kMillisecond;
  REQUIRE(sent.arrives - sent.at < kLeast);
  session.go_to(sent.step, sent.at);
  CHECK_FALSE(produce_in(session.timeline(), sent.at, kLeast));
  for (int i = 1; i < 40; ++i) {
    const Time at = sent.at + i * 10 * kMillisecond;
    session.go_to_time(at);
    const std::optional<Flight> flight = produce_in(session.timeline(), at, kLeast);
    REQUIRE(flight);
    CHECK(flight->progress == doctest::Approx(static_cast<float>(i) / 40).epsilon(0.01));
  }
  // Where time stands still, what has arrived has arrived; while it settles, the rest of the way is shown.
  const Time later = sent.at + 100 * kMillisecond;
  session.go_to_time(later);
  CHECK_FALSE(produce_in(session.timeline(), later, 0));
  const auto settling = [&](Duration after) { return flights(session.timeline(), later, {kLeast, after, 0}, false); };
  REQUIRE_FALSE(settling(100 * kMillisecond).empty());
  CHECK(settling(100 * kMillisecond).front().progress == doctest::Approx(0.5).epsilon(0.01));
  CHECK(settling(300 * kMillisecond).empty());
}

TEST_CASE("in every lesson, at every caption and between, no message is seen before it is sent") {
  std::size_t seen = 0;
  for (const std::string& file : lesson_files()) {
    Session session(*load_scenario(file).scenario);
    session.know_all();
    const auto look = [&] {
      for (Duration least : {Duration{0}, 450 * kMillisecond}) {
        for (const Flight& each : flights(session.timeline(), session.view_time(), {least, 0, 0}, true)) {
          CHECK(each.sent <= session.view_time());
          // Its sender has had its say: nobody who was never started has sent anything.
          CHECK(session.world().fabric.nodes[static_cast<std::size_t>(each.from)].incarnation > 0);
          ++seen;
        }
      }
    };
    for (std::size_t i = 0; i < session.beats().size(); ++i) {
      session.go_to_beat(i);
      look();
      session.go_to_time(session.view_time() + 333 * kMillisecond);
      look();
    }
  }
  CHECK(seen > 100);
}

TEST_CASE("in every lesson progress is 0 to 1, ends are known, and hidden kinds are left out") {
  const auto is_hidden = [](const Flight& flight) {
    return flight.kind == TokenKind::heartbeat || flight.kind == TokenKind::fetch ||
           flight.kind == TokenKind::quorum_fetch || flight.kind == TokenKind::other;
  };
  for (const std::string name : {"leader-failover", "two-consumers", "controller-failover", "zombie-leader"}) {
    Session session(lesson(name));
    std::size_t hidden = 0, shown = 0;
    for (Time at = session.scenario().opens; at < session.scenario().until; at += 777 * kMillisecond) {
      session.go_to_time(at);
      const auto nodes = static_cast<NodeId>(session.world().fabric.nodes.size());
      const std::vector<Flight> all = flights(session.timeline(), at, {450 * kMillisecond, 0, 0}, true);
      for (const Flight& each : all) {
        CHECK((each.progress >= 0 && each.progress <= 1));
        CHECK((each.from >= 0 && each.from < nodes && each.to >= 0 && each.to < nodes && each.from != each.to));
        hidden += is_hidden(each);
      }
      const std::vector<Flight> seen = flights(session.timeline(), at, {450 * kMillisecond, 0, 0}, false);
      CHECK(std::none_of(seen.begin(), seen.end(), is_hidden));
      CHECK(seen.size() <= all.size());
      shown += seen.size();
    }
    CHECK(hidden > 0);
    CHECK(shown > 0);
  }
}

TEST_CASE("a reply that refuses is told from one that accepts") {
  Session session(lesson("min-insync-replicas"));
  std::size_t refused = 0, accepted = 0;
  for (Time at = session.scenario().opens; at < session.scenario().until; at += 100 * kMillisecond) {
    session.go_to_time(at);
    for (const Flight& each : flights(session.timeline(), at, {450 * kMillisecond, 0, 0}, false)) {
      refused += each.kind == TokenKind::refused;
      accepted += each.kind == TokenKind::accepted;
    }
  }
  CHECK(refused > 0);
  CHECK(accepted > 0);
}

TEST_CASE("while time passes, messages on one way follow each other at a distance, also on a short lane under much traffic") {
  // Ten records a second, and each is seen for nearly half of one.
  for (const bool projector : {false, true}) {
    // In a small window the lanes are shortest.
    Desk desk(without_questions(lesson("slow-follower")), 1024, 768);
    desk.room().projector = projector;
    desk.room().in_motion = true;
    std::size_t pairs = 0;
    for (Time at = 6 * kSecond; at < 10 * kSecond; at += 70 * kMillisecond) {
      desk.session().go_to_time(at);
      desk.look();
      std::vector<Spot> flying;
      for (const Spot& each : desk.figure().spots) {
        if (each.place.kind == PlaceKind::message) flying.push_back(each);
      }
      for (std::size_t i = 0; i < flying.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          const Place &one = flying[i].place, &other = flying[j].place;
          if (one.node != other.node || one.to != other.to || !(one.tp == other.tp)) continue;
          ++pairs;
          const Point apart = flying[i].rect.center() - flying[j].rect.center();
          // A parcel of one record is 18 pixels wide, for the back row 24; all else is wider.
          CHECK(apart.x * apart.x + apart.y * apart.y > (projector ? 24.0F * 24.0F : 18.0F * 18.0F));
        }
      }
    }
    CHECK(pairs > 20);
  }
}

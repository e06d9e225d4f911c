// What a director asks for comes about as its row says, on lessons as they are shipped; deeds of several parts stay
// whole; and a lesson that was left says so.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sim/check/promises.h"
#include "sim/scenario/read.h"
#include "tests/viz/touch.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

Place first_partition(const Session& session) {
  const std::vector<TopicPartition> all = user_partitions(session.world());
  REQUIRE_FALSE(all.empty());
  return {PlaceKind::partition, kNoNode, kNoNode, all.front()};
}

Offer row(const Session& session, const Place& place, std::string_view begins) {
  const std::vector<Offer> rows = offers(session.world(), place);
  const Offer* found = find_offer(rows, begins);
  REQUIRE_MESSAGE(found, "no row '", std::string(begins), "'");
  return *found;
}

Session lesson_at(const std::string& name, Time time) {
  Session session(lesson(name));
  session.go_to_time(time);
  while (session.asking()) session.obey({CommandName::reveal, 0, {}});
  return session;
}

// Does what the row says, and looks at the world a while after its last part.
void take(Session& session, const Offer& offer, Duration later) {
  REQUIRE_MESSAGE(offer.reason == "", offer.reason);
  REQUIRE(session.act(offer.deeds, offer.label) == "");
  session.go_to_time(session.branches()[session.current()]->acted.back().at + later);
}

bool broken(const Session& session, const char* promise) { return session.timeline().judge().broken(find_promise(promise)); }

template <class F, class Test>
std::size_t count(const Session& session, Time from, const Test& test) {
  std::size_t found = 0;
  for (const Fact& each : session.timeline().facts()) {
    const auto* fact = each.body.as<F>();
    found += fact && each.at >= from && each.at <= session.view_time() && test(*fact);
  }
  return found;
}

Epoch quorum_epoch(const Session& session) {
  Epoch epoch = 0;
  for (const Controller& each : session.world().controllers) epoch = std::max(epoch, each.raft.epoch);
  return epoch;
}

std::vector<std::string> named(const std::vector<Action>& actions) {
  std::vector<std::string> names;
  for (const Action& each : actions) names.push_back(std::string(action_name(each.body)));
  return names;
}

}  // namespace

TEST_CASE("the row that loses data loses data: with acks=1 by a clean election, with acks=all by an unclean one") {
  for (const auto& [name, at] : {std::pair{"acks-one-loses", 8500 * kMillisecond}, std::pair{"leader-failover", 40 * kSecond},
                                 std::pair{"lose-with-acks-all", 9 * kSecond}}) {
    CAPTURE(std::string(name));
    Session session = lesson_at(name, at);
    CHECK_FALSE(broken(session, "acked_records_survive"));
    const bool all = session.world().producers.front().spec.config.acks == Acks::all;
    const Offer offer = row(session, first_partition(session), "Lose data");
    CHECK((offer.label.find("uncleanly") != std::string::npos) == all);
    const Time from = session.view_time();
    take(session, offer, 5 * kSecond);
    CHECK(broken(session, "acked_records_survive"));
    CHECK(count<LeaderElected>(session, from, [&](const LeaderElected& f) { return f.unclean == all && f.leader != kNoBroker; }) >= 1);
  }
}

TEST_CASE("where the lesson's own script comes in between, that is said") {
  Desk desk(lesson("leader-failover"), 1600, 900);
  desk.session().go_to_time(10 * kSecond);
  desk.look();
  const Place place = first_partition(desk.session());
  desk.figure().selected = place;
  desk.type(U'm');
  const std::vector<Offer> rows = menu_rows(desk.session().world(), desk.figure().menu);
  const auto loss = std::find_if(rows.begin(), rows.end(), [](const Offer& each) { return !each.breaks.empty(); });
  REQUIRE(loss != rows.end());
  desk.app().obey({CommandName::choose_row, loss - rows.begin(), {}});
  desk.session().know_all();
  const bool breaks = desk.session().breaks_later("acked_records_survive");
  desk.look();
  CHECK(desk.shows("comes in between") != breaks);
  CHECK(desk.session().branches().back()->name == loss->label);
}

TEST_CASE("where nothing can be lost the row says why") {
  const auto reason = [](const char* name, Time at, const char* begins) {
    Session session = lesson_at(name, at);
    return row(session, first_partition(session), begins).reason;
  };
  CHECK(reason("the-log", 10 * kSecond, "Make an election of") == "There is one copy: no other broker can be elected.");
  Session all_three = lesson_at("leader-failover", 10 * kSecond);
  const TopicPartition tp = first_partition(all_three).tp;
  const std::string topic = all_three.world().fabric.names[tp.topic];
  REQUIRE(all_three.act(ActionBody(SetConfig{topic, "min.insync.replicas", "3"})) == "");
  all_three.go_to_time(all_three.view_time() + kSecond);
  CHECK(row(all_three, first_partition(all_three), "Make an election of").reason.substr(0, 21) == "min.insync.replicas=3");
}

TEST_CASE("stalling a follower takes it out of the ISR for its lag, while it is not fenced (R5)") {
  Session session = lesson_at("leader-failover", 40 * kSecond);
  const Time from = session.view_time();
  const Offer offer = row(session, first_partition(session), "Stall broker");
  REQUIRE(session.act(offer.deeds) == "");
  session.go_to_time(session.branches()[session.current()]->acted.back().at - kMillisecond);
  CHECK(count<IsrShrunk>(session, from, [](const IsrShrunk& f) { return f.by_leader; }) >= 1);
  CHECK(count<BrokerFenced>(session, from, [](const BrokerFenced&) { return true; }) == 0);
  session.go_to_time(session.view_time() + 20 * kSecond);
  CHECK(count<IsrExpanded>(session, from, [](const IsrExpanded&) { return true; }) >= 1);
}

TEST_CASE("aligned time-outs split the vote, spread ones elect at the first") {
  for (bool split : {true, false}) {
    CAPTURE(split);
    Session session = lesson_at("leader-failover", 10 * kSecond);
    const Epoch epoch = quorum_epoch(session);
    const Time from = session.view_time();
    const Offer offer = row(session, {}, split ? "Split the vote" : "A clean vote");
    take(session, offer, 1500 * kMillisecond);
    const auto elected = [&](const ControllerElected& f) { return f.epoch == epoch + 1; };
    const auto candidate = [&](const ElectionStarted& f) { return !f.pre_vote && f.epoch == epoch + 1; };
    CHECK(count<ElectionStarted>(session, from, candidate) == (split ? 2 : 1));
    CHECK(count<ControllerElected>(session, from, elected) == (split ? 0 : 1));
    session.go_to_time(session.view_time() + 25 * kSecond);
    CHECK(count<ControllerActivated>(session, from, [](const ControllerActivated&) { return true; }) >= 1);
  }
}

TEST_CASE("director's rows can be used, or say why not, on every lesson") {
  for (const std::string& file : lesson_files()) {
    const LoadResult read = load_scenario(file);
    REQUIRE(read.scenario);
    Session session(*read.scenario);
    session.go_to_time(session.scenario().until / 2);
    if (user_partitions(session.world()).empty()) continue;  // its only topic has just been deleted
    const Place place = first_partition(session);
    for (const char* begins : {"Kill the leader", "Stall ", "Split the vote", "A clean vote"}) {
      const Offer offer = row(session, std::string_view(begins).find("vote") == std::string_view::npos ? place : Place{}, begins);
      CHECK_MESSAGE(offer.deeds.empty() != offer.reason.empty(), file, offer.label);
      if (offer.deeds.empty()) continue;
      Session other(*read.scenario);
      other.go_to_time(other.scenario().until / 2);
      for (int i = 0; other.asking() && i < 3; ++i) other.obey({CommandName::reveal, 0, {}});
      CHECK_MESSAGE(other.act(offer.deeds) == "", file, offer.label);
    }
    const std::vector<Offer> rows = offers(session.world(), place);
    const bool loss = find_offer(rows, "Lose data") || find_offer(rows, "Make an election of");
    CHECK_MESSAGE(loss, file);
  }
}

TEST_CASE("a later part of a deed stays when somebody acts in between, and goes with its first part") {
  Session session = lesson_at("leader-failover", 10 * kSecond);
  const std::vector<Deed> bounce = {{Crash{"broker 3", false}, 0}, {Start{"broker 3"}, 2 * kSecond}};
  REQUIRE(session.act(bounce) == "");
  session.go_to_time(11 * kSecond);
  REQUIRE(session.act(ActionBody(Pause{"broker 2", {kSecond}})) == "");
  const Branch& between = *session.branches()[session.current()];
  CHECK(named(between.acted) == std::vector<std::string>{"crash", "pause", "start"});
  session.go_to_time(12500 * kMillisecond);
  CHECK(session.world().find_node("broker 3")->status == NodeStatus::running);
  // Once more after that, still before the later part; and again before the first part.
  session.go_to_time(11500 * kMillisecond);
  REQUIRE(session.act(ActionBody(Pause{"Q2", {kSecond}})) == "");
  CHECK(named(session.branches()[session.current()]->acted) == std::vector<std::string>{"crash", "pause", "pause", "start"});
  session.go_to_time(9 * kSecond);
  REQUIRE(session.act(ActionBody(Pause{"Q3", {kSecond}})) == "");
  CHECK(named(session.branches()[session.current()]->acted) == std::vector<std::string>{"pause"});
  session.go_to_time(12500 * kMillisecond);
  CHECK(session.world().find_node("broker 3")->status == NodeStatus::running);
  // What came later as a deed of its own is gone with the future that was left.
  session.switch_to(1);
  session.go_to_time(15 * kSecond);
  REQUIRE(session.act(ActionBody(Pause{"Q3", {kSecond}})) == "");
  session.go_to_time(13 * kSecond);
  REQUIRE(session.act(ActionBody(Pause{"Q2", {kSecond}})) == "");
  CHECK(named(session.branches()[session.current()]->acted) == std::vector<std::string>{"crash", "start", "pause"});
}

TEST_CASE("parts of one moment happen one after the other, and are done again from what was saved") {
  Session session = lesson_at("leader-failover", 10 * kSecond);
  const std::vector<Deed> deeds = {{Crash{"Q3", false}, 0}, {Pause{"Q2", {0}}, 0}, {Resume{"Q2"}, kSecond}, {Start{"Q3"}, kSecond}};
  REQUIRE(session.act(deeds, "twice two") == "");
  const Branch& branch = *session.branches()[session.current()];
  CHECK(branch.name == "twice two");
  CHECK(branch.acted[0].at == branch.acted[1].at);
  session.go_to_time(20 * kSecond);
  Timeline again = timeline_of(as_scenario(branch, "again"));
  again.seek_time(20 * kSecond);
  CHECK(again.digest() == session.timeline().digest());
}

TEST_CASE("while a question is open the belt and the menus say that they sleep") {
  for (const auto& [width, height] : {std::pair{1024, 768}, std::pair{1920, 1080}}) {
    Desk desk(lesson("leader-failover"), width, height);
    // A caption may have several pages.
    for (int i = 0; i < 40 && !desk.session().asking(); ++i) {
      desk.press(KeyName::right);
      desk.ride();
    }
    REQUIRE(desk.session().asking());
    desk.look();
    CHECK((desk.shows("Asleep: a question is open.") || desk.shows("Tools sleep while a question is open")));
    open_menu_at(desk, card_of(desk, "broker 2"));
    REQUIRE(desk.figure().menu.open);
    CHECK(desk.shows("Asleep: a question is open."));
    desk.click("Kill");
    CHECK(desk.session().branches().size() == 1);
    desk.press(KeyName::escape);
    desk.press(KeyName::enter);
    desk.look();
    CHECK_FALSE(desk.session().asking());
    CHECK_FALSE(desk.shows("Tools sleep"));
  }
}

TEST_CASE("after a deed the lesson says where it was left, what was done, and what came of it") {
  Desk desk(lesson("leader-failover"), 1600, 900);
  desk.session().go_to_time(10 * kSecond);
  desk.look();
  desk.click(card_of(desk, "broker 2"));
  desk.type(U'c');
  CHECK(desk.shows("You have left the lesson at 10.0"));
  CHECK(desk.shows("Broker 2 is killed."));
  CHECK(desk.shows("goes back to the lesson"));
  desk.session().go_to_time(19 * kSecond);
  desk.look();
  CHECK(desk.shows("The controller fences broker 2"));
  // Before the deed the lesson still tells its story.
  desk.session().go_to_time(9 * kSecond);
  desk.look();
  CHECK_FALSE(desk.shows("You have left the lesson"));
  desk.session().go_to_time(25 * kSecond);
  desk.type(U'u');
  CHECK_FALSE(desk.shows("You have left the lesson"));
}

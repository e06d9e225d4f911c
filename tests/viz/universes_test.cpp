// Two universes of one lesson that differ in one setting part where, by Kafka's rules, that setting first decides.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "sim/session/compare.h"
#include "sim/session/transitions.h"
#include "sim/session/variations.h"
#include "tests/viz/desk.h"
#include "viz/app/lessons.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

struct Pair {
  Session session;
  const Timeline& one() const { return session.timeline(); }
  const Timeline& other() const { return *session.other().timeline; }
};

Pair under(const std::string& name, const std::string& key, const std::string& value) {
  Pair pair{Session(without_questions(lesson(name)))};  // a question stops what leads past it
  std::string problem;
  Scenario other = varied(pair.session.scenario(), key, value, problem);
  REQUIRE_MESSAGE(problem.empty(), problem);
  pair.session.compare_with(pair.session.add_universe(std::move(other), key + "=" + value));
  return pair;
}

// Where their courses part in all that happens, told or not.
Divergence parting_of(const Pair& pair) {
  const std::optional<Divergence> found = first_divergence(pair.one(), pair.other());
  REQUIRE(found);
  return *found;
}

template <class F>
const F* fact_at(const Timeline& timeline, Step step) {
  const auto [first, last] = timeline.facts_of(step);
  for (std::size_t i = first; i < last; ++i) {
    if (const F* found = timeline.facts()[i].body.as<F>()) return found;
  }
  return nullptr;
}

// The first fact of the kind at or after the time.
template <class F>
const Fact* first_fact(const Timeline& timeline, Time from = 0) {
  for (const Fact& each : timeline.facts()) {
    if (each.at >= from && each.body.is<F>()) return &each;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("acks=1 and acks=all part at the first answer: the leader alone says stored, or waits for the ISR (R10)") {
  const Pair pair = under("acks-one-loses", "acks", "all");
  const Step step = parting_of(pair).step;
  CHECK(fact_at<RecordsAcked>(pair.one(), step));
  CHECK_FALSE(fact_at<RecordsAcked>(pair.other(), step));
  const Fact* appended = first_fact<BatchAppended>(pair.one());
  const Fact* acked = first_fact<RecordsAcked>(pair.other());
  REQUIRE(acked);
  REQUIRE(appended);
  CHECK(appended->at <= parting_of(pair).at);
  CHECK(acked->at > parting_of(pair).at);
}

TEST_CASE("auto.offset.reset decides where a group without offsets begins to read (G2)") {
  const Pair pair = under("earliest-and-latest", "auto.offset.reset", "earliest");
  const Step step = parting_of(pair).step;
  const auto* latest = fact_at<PositionSet>(pair.one(), step);
  const auto* earliest = fact_at<PositionSet>(pair.other(), step);
  REQUIRE(latest);
  REQUIRE(earliest);
  CHECK(latest->reset);
  CHECK(latest->position > 0);
  CHECK(earliest->position == 0);
}

TEST_CASE("replica.lag.time.max.ms decides first when the leader looks for followers that lag, every half of it (R5)") {
  const Pair pair = under("slow-follower", "replica.lag.time.max.ms", "10s");
  // 10 s / 2 in the one, 30 s / 2 in the other.
  CHECK(parting_of(pair).at == 5 * kSecond);
  const Fact* slow = first_fact<IsrShrunk>(pair.one());
  const Fact* quick = first_fact<IsrShrunk>(pair.other());
  REQUIRE(slow);
  REQUIRE(quick);
  CHECK(quick->at < slow->at);
}

TEST_CASE("broker.session.timeout.ms decides nothing but when a silent broker is fenced (R12)") {
  const Pair pair = under("leader-failover", "broker.session.timeout.ms", "3s");
  const Fact* nine = first_fact<BrokerFenced>(pair.one(), 12 * kSecond);
  const Fact* three = first_fact<BrokerFenced>(pair.other(), 12 * kSecond);
  REQUIRE(nine);
  REQUIRE(three);
  // Killed at 12 s, its last heartbeat at most 2 s before: fenced 9 s, or 3 s, after that heartbeat.
  CHECK(nine->at > 19 * kSecond);
  CHECK(nine->at < 21500 * kMillisecond);
  CHECK(three->at > 13 * kSecond);
  CHECK(three->at < 15500 * kMillisecond);
}

TEST_CASE("partition.assignment.strategy decides when the leader of the group hands partitions out (G14, G15)") {
  const Pair pair = under("two-groups", "partition.assignment.strategy", "roundrobin");
  const Fact* assigned = first_fact<AssignmentDecided>(pair.one());
  REQUIRE(assigned);
  // Members name the strategies they know when they join: no assignment can come before they part.
  CHECK(parting_of(pair).at <= assigned->at);
  const auto joined = first_fact<MemberJoined>(pair.one());
  REQUIRE(joined);
  CHECK(parting_of(pair).at >= joined->at);
}

TEST_CASE("eager beside cooperative: they part when the old member hears of the rebalance, by what it does before JoinGroup (G12)") {
  const Pair pair = under("eager-and-cooperative", "partition.assignment.strategy", "range");
  const Timeline &cooperative = pair.one(), &eager = pair.other();
  const Divergence parting = parting_of(pair);
  // c1 alone is given everything under either assignor. Then c2 joins, and c1 hears of it with its next heartbeat.
  const Fact* rebalance = first_fact<RebalanceStarted>(cooperative, 10 * kSecond);
  const Fact* given_up = first_fact<PartitionRevoked>(eager);
  REQUIRE(rebalance);
  REQUIRE(given_up);
  CHECK(first_fact<RebalanceStarted>(eager, 10 * kSecond)->at == rebalance->at);
  CHECK(parting.at > rebalance->at);
  CHECK(parting.at <= rebalance->at + 3 * kSecond + 100 * kMillisecond);
  // Both commit first. The eager member then gives up all it has; the cooperative one reads, all the time.
  CHECK(parting.at <= given_up->at);
  CHECK(given_up->at - parting.at < 100 * kMillisecond);
  CHECK((fact_at<PartitionRevoked>(eager, parting.step) || fact_at<RecordsDelivered>(cooperative, parting.step)));
  CHECK_FALSE(fact_at<PartitionRevoked>(cooperative, parting.step));
  CHECK_FALSE(fact_at<RecordsDelivered>(eager, parting.step));
  // Only after the new generation has been assigned does the cooperative one give anything up.
  const Fact* generation = first_fact<GenerationStarted>(cooperative, rebalance->at);
  REQUIRE(generation);
  CHECK(first_fact<PartitionRevoked>(cooperative)->at > generation->at);
  CHECK(given_up->at < first_fact<GenerationStarted>(eager, rebalance->at)->at);
}

TEST_CASE("a setting that holds already, or that cannot be read, makes no universe beside; a seed is the one that was named") {
  const Scenario scenario = lesson("leader-failover");  // acks=all, seed 1
  std::string problem;
  CHECK(varied(scenario, "seed", "7", problem).setup.seed == 7);
  CHECK(problem == "");
  CHECK(varied(scenario, "seed", "", problem).setup.seed == 2);
  CHECK(problem == "");
  for (const char* seed : {"-1", "seven", "7.5", "1"}) {
    varied(scenario, "seed", seed, problem);
    CHECK(problem.find(seed) != std::string::npos);
  }
  Desk desk(scenario);
  CHECK(desk.app().show_beside("acks", "all") == "acks is all already: the two would be the same");
  CHECK(desk.session().branches().size() == 1);
  CHECK(desk.app().show_beside("seed", "7") == "");
  desk.look();
  CHECK(desk.shows("seed 7"));
}

TEST_CASE("the setting offered first beside eager-and-cooperative is the eager one, and beside eager lessons the cooperative one") {
  const auto strategies = [](const std::string& name) {
    std::vector<std::string> values;
    for (const Variation& each : variations(lesson(name)))
      if (each.key == "partition.assignment.strategy") values.push_back(each.value);
    return values;
  };
  CHECK(strategies("eager-and-cooperative") == std::vector<std::string>{"range", "roundrobin"});
  CHECK(strategies("two-consumers") == std::vector<std::string>{"cooperative-sticky", "roundrobin"});
  Desk desk(lesson("eager-and-cooperative"), 1600, 900);
  desk.look();
  desk.type(U'\\');
  REQUIRE(desk.figure().menu.open);
  desk.click("partition.assignment.strategy=range instead of cooperative-sticky");
  REQUIRE(desk.session().compared());
  desk.look();
  // Each side says what it has of the setting.
  CHECK(desk.find("as scripted: partition.assignment.strategy=cooperative-sticky"));
  CHECK(desk.find("partition.assignment.strategy=range"));
}

TEST_CASE("the difference of two moments is a list of what Kafka's tools would print differently") {
  Pair pair = under("acks-one-loses", "acks", "all");
  pair.session.go_to_time(25 * kSecond);
  CHECK(differences(pair.session.world(), pair.session.world()).empty());
  Session later(lesson("leader-failover"));
  later.go_to_time(11 * kSecond);
  const World before = later.world();
  later.go_to_time(25 * kSecond);
  const std::vector<Difference> all = differences(before, later.world());
  const auto leader = std::find_if(all.begin(), all.end(), [](const Difference& each) { return each.what == "topics orders 0: Leader"; });
  REQUIRE(leader != all.end());
  CHECK(leader->left == "1");
  CHECK(leader->right == "2");
}

TEST_CASE("after a step, what has come to its end stands still in both universes") {
  Session session = std::move(under("acks-one-loses", "acks", "all").session);
  std::size_t would = 0;
  for (Time at = 6 * kSecond; at < 25 * kSecond; at += 500 * kMillisecond) {
    session.go_to_time(at);
    while (session.asking()) session.obey({CommandName::reveal, 0, {}});
    // From the side that has taken fewer steps: its count would leave some of the other's unsettled.
    if (session.timeline().position() > session.other().timeline->position()) session.switch_to(*session.compared());
    while (session.asking()) session.obey({CommandName::reveal, 0, {}});
    const Time before = session.timeline().now();
    session.obey({CommandName::step, 0, {}});
    session.pass(kSecond / 60);
    Motion motion = session.motion();
    const auto plays_again = [&] {
      const std::vector<Transition> all = transitions(*session.other().timeline, session.view_time(), motion);
      return std::any_of(all.begin(), all.end(), [&](const Transition& each) { return each.at <= before; });
    };
    would += plays_again();
    motion.settled = session.settled_beside(motion.settled);
    CHECK_FALSE(plays_again());
  }
  CHECK(would > 0);
}

TEST_CASE("where two universes part is told by what only one of them does, or by when each does it") {
  const auto parting = [](const std::string& name, const std::string& key, const std::string& value) {
    return parting_of(under(name, key, value));
  };
  // An eager member gives everything up before it joins again; a cooperative one keeps it (G12).
  const Divergence eager = parting("eager-and-cooperative", "partition.assignment.strategy", "range");
  CHECK(eager.left == "");
  CHECK(eager.right == "c1 gives up orders-0.");
  // Only an idempotent producer needs a producer id, and with acks=1 it cannot be idempotent (C6).
  const Divergence acks = parting("leader-failover", "acks", "1");
  // Which broker it asks is drawn: as the run of the lesson alone tells.
  const Pair plain = under("leader-failover", "acks", "1");
  std::string asked;
  for (Step step = 0; step < plain.one().furthest() && asked.empty(); ++step) {
    const StepRecord record = plain.one().record_of(step);
    if (record.event != EventKind::deliver || record.action >= 0 || record.message != number_of<InitProducerIdRequest>()) continue;
    asked = "Broker " + std::to_string(plain.one().world().fabric.nodes[static_cast<std::size_t>(record.node)].index + 1);
  }
  CHECK(acks.left == asked + " receives InitProducerId from shop.");
  CHECK(acks.right == "");
  // The same batch waits 5 ms, or 50 (C3): 45 ms later.
  const Divergence linger = parting("leader-failover", "linger.ms", "50");
  CHECK(linger.left == "shop: linger.ms is over. (1.713s)");
  CHECK(linger.right == "shop: linger.ms is over. (1.758s)");
  // Every half of 30 s, or of 5 (R5).
  const Divergence lag = parting("leader-failover", "replica.lag.time.max.ms", "5s");
  CHECK(lag.left == "Broker 1: it is time to look for followers that lag. (15.000s)");
  CHECK(lag.right == "Broker 1: it is time to look for followers that lag. (2.500s)");
  // With an ISR smaller than min.insync.replicas the high watermark does not move (R8).
  const Divergence fewer = parting("min-insync-replicas", "min.insync.replicas", "1");
  CHECK(fewer.right == "High watermark of orders-0 on broker 1 (leader): 20 to 21.");
}

TEST_CASE("beside another universe and above a figure, members still say what they own") {
  Desk desk(lesson("eager-and-cooperative"), 1600, 900);
  REQUIRE(desk.app().show_beside("partition.assignment.strategy", "range") == "");
  desk.session().go_to_time(28'800 * kMillisecond);
  desk.type(U'f');
  const auto count = [&](std::string_view text) {
    return std::count_if(desk.app().texts().begin(), desk.app().texts().end(), [&](const TextBox& each) { return each.text == text; });
  };
  CHECK(count("p0, p1") == 2);
  CHECK(count("Preparing") == 1);
}

TEST_CASE("lanes that tell the same stand once on the timeline, the others twice: what happens in I, and in II") {
  Pair pair = under("unclean-election", "unclean.leader.election.enable", "false");
  Desk desk(lesson("unclean-election"), 1600, 1200);
  REQUIRE(desk.app().show_beside("unclean.leader.election.enable", "false") == "");
  desk.session().go_to_time(38 * kSecond);
  desk.look();
  const Lane *differs = nullptr, *same = nullptr;
  for (std::size_t i = 0; i < pair.session.lanes().lanes.size(); ++i) {
    const Lane &mine = pair.session.lanes().lanes[i], &other = pair.session.other().lanes.lanes[i];
    REQUIRE(mine.name == other.name);
    if (mine.name == "orders-0") differs = &mine;
    if (mine.name == "quorum") same = &mine;
  }
  REQUIRE(differs);
  REQUIRE(same);
  const auto row = [&](const std::string& name) { return desk.find(name)->box.center().y; };
  std::vector<float> beside;  // the numbers of universes that stand at the lanes
  for (const TextBox& each : desk.app().texts()) {
    if ((each.text == "I" || each.text == "II") && each.box.y > desk.app().stage().bottom()) beside.push_back(each.box.center().y);
  }
  const auto numbered = [&](float y) {
    return std::any_of(beside.begin(), beside.end(), [&](float each) { return std::abs(each - y) < 1; });
  };
  REQUIRE(desk.find("orders-0"));
  REQUIRE(desk.find("quorum"));
  CHECK(numbered(row("orders-0")));
  CHECK(numbered(row("orders-0") + 17));
  CHECK_FALSE(numbered(row("quorum")));
}

TEST_CASE("one key offers settings, and the chosen one stands beside the lesson") {
  Desk desk(without_questions(lesson("acks-one-loses")), 1600, 900);
  desk.look();
  desk.type(U'\\');
  REQUIRE(desk.figure().menu.open);
  desk.click("acks=all instead of 1");
  REQUIRE(desk.session().compared());
  CHECK(desk.shows("acks=all"));
  desk.type(U'e');
  // With acks=all "tea" is never confirmed, so nothing is broken when broker 2 leads without it.
  CHECK(desk.shows("First difference. Only in I: A promise is broken."));
  desk.type(U'\\');
  CHECK_FALSE(desk.session().compared());
}

TEST_CASE("every puzzle is solved by its solution, done by hand, and shows its ticks") {
  std::size_t puzzles = 0;
  for (const LessonCard& card : cards()) {
    std::string error;
    std::optional<Scenario> scenario = read_lesson(card.file, error);
    REQUIRE(scenario);
    if (!scenario->is_puzzle()) continue;
    ++puzzles;
    INFO(card.file);
    Session session(*scenario);
    for (std::size_t i = 0; i < scenario->goals.size(); ++i) CHECK_FALSE(session.branches()[0]->goals[i].met);
    for (const Action& each : scenario->solution) {
      if (each.at > session.view_time()) session.go_to_time(each.at - 1);
      while (session.asking()) session.obey({CommandName::reveal, 0, {}});
      REQUIRE(session.act(each.body) == "");
    }
    session.go_to_time(session.scenario().until);
    for (std::size_t i = 0; i < scenario->goals.size(); ++i) CHECK_MESSAGE(session.is_met(i), scenario->goals[i].text);
  }
  CHECK(puzzles == 11);
}

TEST_CASE("a marked moment is held against any other, in any branch, and every row leads to its place") {
  Desk desk(lesson("leader-failover"), 1600, 900);
  desk.session().go_to_time(11 * kSecond);
  desk.type(U'\'');
  REQUIRE(desk.session().marked());
  CHECK(desk.panels().tab == Tab::inspector);
  CHECK(desk.shows("Nothing differs from 11.000s"));
  desk.session().go_to_time(25 * kSecond);
  desk.look();
  CHECK(desk.shows("things differ from 11.000s"));
  // What fields_of() says of a place then and now is what the list says.
  const auto& all = desk.session().across();
  const auto leader = std::find_if(all.begin(), all.end(), [](const Change& each) {
    return each.place.kind == PlaceKind::partition && each.before == "1" && each.after == "2";
  });
  REQUIRE(leader != all.end());
  desk.click("Broker 1");
  CHECK(desk.figure().selected.kind == PlaceKind::broker);
  desk.press(KeyName::escape);
  // In another branch as well.
  REQUIRE(desk.session().act(Crash{"broker 3"}) == "");
  desk.look();
  CHECK(desk.shows("is marked; left of an arrow"));
  CHECK(desk.shows("The leader dies") == true);
  desk.session().go_to_time(11 * kSecond);
  desk.session().undo();
  desk.session().go_to_time(11 * kSecond);
  desk.type(U'\'');
  CHECK_FALSE(desk.session().marked());
}

TEST_CASE("two universes: how many things differ now, and how many facts so far") {
  Desk desk(lesson("leader-failover"), 1600, 900);
  desk.session().go_to_time(10 * kSecond);
  REQUIRE(desk.session().act(Crash{"broker 2"}) == "");
  desk.session().compare_with(0);
  desk.look();
  // The panel has stepped aside for the two of them; it is called back.
  desk.panels().open = true;
  desk.panels().tab = Tab::inspector;
  desk.session().go_to_time(20 * kSecond);
  desk.look();
  CHECK(desk.shows("things differ between I and II"));
  CHECK(desk.shows("facts differ so far"));
  // Counted by hand: facts of the story, and where readers begin, until now that only one of the two has.
  const auto told = [&](const Timeline& timeline) {
    std::vector<std::string> lines;
    for (const Fact& each : timeline.facts()) {
      const bool seen = fact_level(each.body) == FactLevel::story || each.body.is<PositionSet>();
      if (each.at > 20 * kSecond || !seen) continue;
      lines.push_back(std::to_string(each.at) + sentence(each.body, WorldNamer(timeline.world())));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  };
  const auto one = told(desk.session().timeline()), other = told(*desk.session().other().timeline);
  std::vector<std::string> apart, either;
  std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(apart));
  std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(either));
  CHECK(apart.size() > 0);
  CHECK(desk.session().facts_apart() == std::to_string(apart.size()) + " of " + std::to_string(either.size()) + " facts differ so far");
  // Before they part there are none.
  desk.session().go_to_time(9 * kSecond);
  CHECK(desk.session().facts_apart().find("0 of ") == 0);
}

TEST_CASE("viewers are shown where the two tell something else, not where a timer runs out") {
  // Both crash at 12 s. The one with the shorter time-out fences first.
  Pair pair = under("leader-failover", "broker.session.timeout.ms", "3s");
  const Fact* fenced = first_fact<BrokerFenced>(pair.other(), 12 * kSecond);
  REQUIRE(fenced);
  REQUIRE(pair.session.divergence());
  CHECK(pair.session.divergence()->at == fenced->at);
  CHECK(pair.session.divergence()->right.find("fences") != std::string::npos);
  CHECK(pair.session.divergence()->left.find("fences") != std::string::npos);
  pair.session.obey({CommandName::to_divergence, 0, {}});
  CHECK(pair.session.view_time() == fenced->at);
  // Of what happens at a moment, both have seen nothing yet at a question, and both all of it behind it.
  const auto is_up = [](const Timeline& run) {
    return run.world().fabric.nodes[static_cast<std::size_t>(run.world().brokers[0].node)].status == NodeStatus::running;
  };
  for (std::size_t i = 0; i < pair.session.beats().size(); ++i) {
    pair.session.go_to_beat(i);
    const Time now = pair.session.view_time();
    if (now <= 12 * kSecond || now == 32 * kSecond) CHECK(is_up(pair.one()) == is_up(pair.other()));
  }
}

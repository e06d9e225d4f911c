// A network that is split: single links, zones, and what RabbitMQ before 4.3 does with cluster_partition_handling. Expected figures
// follow from the guide to partitions (rabbitmq-website, versions 3.13 and 4.3) and from Q3, Q22, Q24.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/rabbit/cluster.h"
#include "sim/rabbit/compare.h"
#include "sim/scenario/workload_json.h"
#include "tests/queues/lab.h"

namespace nutshell::rabbit::testing {
namespace {

using namespace queues;
using queues::testing::kMs;
using queues::testing::Lab;

std::string breach_in(const Cluster& run) { return run.breaches().empty() ? "" : run.breaches().front(); }

Fault link_fault(Fault::Kind kind, std::int32_t one, std::int32_t other) {
  Fault next;
  next.kind = kind;
  next.node = one;
  next.other = other;
  return next;
}

Fault zone_fault(Fault::Kind kind, Time at, std::int32_t zone) {
  Fault next;
  next.kind = kind;
  next.at = at;
  next.zone = zone;
  return next;
}

std::int64_t told(const Cluster& run, queues::FactKind kind) {
  std::int64_t number = 0;
  for (const queues::Fact& each : run.facts()) number += each.kind == kind;
  return number;
}

// A message a second for 200 s; the first node, which has the classic queue, hears nobody from 10.5 s to 100.5 s.
Lab split_run(std::int64_t version, std::int64_t handling, std::int32_t publisher) {
  Lab lab;
  lab.messages(200, kSecond);
  lab.workload.until = 300 * kSecond;
  lab.workload.faults = {zone_fault(Fault::Kind::cut, 10'500 * kMs, 0), zone_fault(Fault::Kind::heal, 100'500 * kMs, 0)};
  Row& row = lab.row(ProductId::rabbit_classic, {{"version", version}});
  if (version != 0) row.settings.set(*find_key(row.product, "cluster_partition_handling"), handling);
  row.publisher_node = publisher;
  return lab;
}

constexpr std::int64_t kNewest = 0, kBefore = 1;          // 4.3, 4.2
constexpr std::int64_t kIgnore = 0, kPause = 1, kHeal = 2, kAllDown = 3;

// Of two hundred messages: how many were refused and lost, and how many nodes have stopped by themselves and come back.
template <class Case>
void check_ends(const Cluster& run, const Case& each) {
  CHECK(run.system().refused >= each.refused_least);
  CHECK(run.system().refused <= each.refused_most);
  CHECK(run.tally(0).lost >= each.lost_least);
  CHECK(run.tally(0).lost <= each.lost_most);
  CHECK(run.system().confirmed + run.system().refused == 200);
  CHECK(told(run, queues::FactKind::node_stopped) == each.stops);
  CHECK(told(run, queues::FactKind::node_back) == each.stops);
}

}  // namespace

TEST_CASE("Q22: a single link is cut before any event of a short run: no other leader, no message lost, none twice") {
  Lab lab;
  lab.messages(12, 5 * kMs);
  lab.consumer(kMs, 60 * kSecond);
  lab.workload.until = 100 * kSecond;
  lab.row(ProductId::rabbit_quorum, {{"replication delay", 3}, {"confirm delay", 2}});
  Cluster moment(lab.workload, 0);
  std::int32_t points = 0;
  for (std::int32_t nth = 0; moment.now() < 80 * kMs; ++nth) {
    for (const auto& [one, other] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 2)}) {
      Cluster run = moment;
      run.act(link_fault(Fault::Kind::cut, one, other));
      const Time until = moment.now() + (nth % 2 ? 200 * kMs : 10 * kSecond);
      while (run.now() < until && run.step()) {
      }
      run.act(link_fault(Fault::Kind::heal, one, other));
      run.run();
      CAPTURE(moment.now());
      CAPTURE(one);
      CAPTURE(other);
      REQUIRE(breach_in(run) == "");
      REQUIRE(run.system().confirmed == 12);
      REQUIRE(run.tally(0).done == 12);
      REQUIRE(run.tally(0).repeated == 0);
      REQUIRE(run.tally(0).stepped_back == 0);
      // Of three nodes the one between them still hears the leader, and refuses its vote.
      REQUIRE(run.elections() == 0);
      ++points;
    }
    REQUIRE(moment.step());
  }
  CHECK(points > 400);
}

TEST_CASE("Q22: with a link cut for good a majority goes on, and who is behind catches up when it is whole") {
  for (const bool heals : {false, true}) {
    Lab lab;
    lab.messages(100, 100 * kMs);
    lab.workload.faults = {link_fault(Fault::Kind::cut, 0, 1)};
    lab.workload.faults.back().at = 2 * kSecond + kMs;
    if (heals) {
      lab.workload.faults.push_back(link_fault(Fault::Kind::heal, 0, 1));
      lab.workload.faults.back().at = 30 * kSecond;
    }
    lab.workload.until = 200 * kSecond;
    lab.row(ProductId::rabbit_quorum);
    Cluster run(lab.workload, 0);
    run.run();
    CHECK(breach_in(run) == "");
    CHECK(run.system().confirmed == 100);
    CHECK(run.tally(0).stuck == 100);
    CHECK(run.elections() == 0);
    CHECK(told(run, queues::FactKind::link_cut) == 1);
    const auto has = [&](std::int32_t node) { return run.node(node).replicas[0].last(); };
    CHECK(has(2) == has(0));
    if (heals) CHECK(has(1) == has(0));
    else CHECK(has(1) < 30);
  }
}

TEST_CASE("Q22: a zone of a cluster of five that is cut off or dies takes no confirmed message, wherever the leader is") {
  for (const std::int32_t zones : {2, 3, 5}) {
    for (std::int32_t zone = 0; zone < zones; ++zone) {
      for (const bool dies : {false, true}) {
        for (Time at = 0; at <= 60 * kMs; at += 6 * kMs) {
          Lab lab;
          lab.messages(12, 5 * kMs);
          lab.consumer(kMs, 60 * kSecond);
          lab.workload.until = 100 * kSecond;
          lab.workload.zones = zones;
          lab.workload.faults = {zone_fault(dies ? Fault::Kind::kill : Fault::Kind::cut, at, zone),
                                 zone_fault(dies ? Fault::Kind::restart : Fault::Kind::heal, 20 * kSecond, zone)};
          lab.row(ProductId::rabbit_quorum, {{"nodes", 5}, {"replication delay", 3}});
          Cluster run(lab.workload, 0);
          run.run();
          CAPTURE(zones);
          CAPTURE(zone);
          CAPTURE(dies);
          CAPTURE(at);
          CHECK(breach_in(run) == "");
          CHECK(run.system().confirmed == 12);
          CHECK(run.tally(0).done == 12);
          CHECK(run.tally(0).lost == 0);
        }
      }
    }
  }
}

TEST_CASE("partitions: a classic queue behind a split network, by version and cluster_partition_handling") {
  struct Case {
    std::int64_t version, handling;
    std::int32_t publisher;
    std::int64_t refused_least, refused_most, lost_least, lost_most, stops;
  };
  // The node is missed 60 s after the first message that it does not answer, of 11 s; the split ends at 100.5 s. From the other side:
  // 11 messages are stored before, 60 or 61 are refused, those from then on confirmed and gone, until the queue can be reached again.
  const std::vector<Case> cases = {
      {kNewest, kIgnore, 2, 60, 61, 28, 59, 0},    // an attempt to connect that is under way lasts up to 30 s
      {kBefore, kIgnore, 2, 60, 61, 128, 129, 0},  // the split goes on after it: all later ones
      {kBefore, kPause, 2, 60, 61, 28, 32, 1},
      {kBefore, kHeal, 2, 60, 61, 28, 33, 1},      // the side with the publisher wins, and the queue's node starts again
      // From the queue's own node: nothing is amiss, unless that node stops because it is alone.
      {kNewest, kIgnore, 0, 0, 0, 0, 0, 0},
      {kBefore, kIgnore, 0, 0, 0, 0, 0, 0},
      {kBefore, kHeal, 0, 0, 0, 0, 0, 2},          // it has the only client, so it wins, and the two others start again
      {kBefore, kPause, 0, 0, 2, 28, 32, 1},
  };
  for (const Case& each : cases) {
    CAPTURE(each.version);
    CAPTURE(each.handling);
    CAPTURE(each.publisher);
    const Lab lab = split_run(each.version, each.handling, each.publisher);
    CHECK(only_nodes_know(lab.workload, lab.workload.rows[0]));
    Cluster run(lab.workload, 0);
    run.run();
    CHECK(breach_in(run) == "");
    check_ends(run, each);
    CHECK(run.tally(0).stuck == run.system().confirmed - run.tally(0).lost);
    for (std::int32_t node = 0; node < 3; ++node) CHECK(run.is_up(node));
  }
}

TEST_CASE("partitions: with pause_if_all_down those stop that see none of the nodes named, and recover decides where both sides have one") {
  struct Case {
    std::int64_t nodes, recover;
    std::int32_t publisher;
    std::int64_t refused_least, refused_most, lost_least, lost_most, stops;
  };
  constexpr std::int64_t kFirst = 1, kSecond = 2, kFirstAndLast = 5;  // a bit for each
  const std::vector<Case> cases = {
      // The two others stop after a minute, before they have refused anything; their client goes to the first, which has the queue.
      {kFirst, kIgnore, 2, 0, 2, 0, 0, 2},
      {kFirst, kIgnore, 0, 0, 0, 0, 0, 2},
      // The first stops as with pause_minority, and the queue is away with it.
      {kSecond, kIgnore, 2, 60, 61, 28, 32, 1},
      {kSecond, kIgnore, 0, 0, 2, 28, 32, 1},
      // Each side has one of them, and nobody stops until they hear each other again.
      {kFirstAndLast, kIgnore, 2, 60, 61, 128, 129, 0},
      {kFirstAndLast, kIgnore, 0, 0, 0, 0, 0, 0},
      {kFirstAndLast, kHeal - 1, 2, 60, 61, 28, 33, 1},
      {kFirstAndLast, kHeal - 1, 0, 0, 0, 0, 0, 2},
  };
  for (const Case& each : cases) {
    CAPTURE(each.nodes);
    CAPTURE(each.recover);
    CAPTURE(each.publisher);
    Lab lab = split_run(kBefore, kAllDown, each.publisher);
    Settings& settings = lab.workload.rows[0].settings;
    settings.set(*find_key(ProductId::rabbit_classic, "cluster_partition_handling.pause_if_all_down.nodes"), each.nodes);
    settings.set(*find_key(ProductId::rabbit_classic, "cluster_partition_handling.pause_if_all_down.recover"), each.recover);
    Cluster run(lab.workload, 0);
    run.run();
    CHECK(breach_in(run) == "");
    check_ends(run, each);
  }
}

TEST_CASE("partitions: the nodes of pause_if_all_down are read as a list, and need what they are for") {
  const auto read = [](const std::string& config) {
    return parse_workload(R"({"title": "t", "until": "9s", "messages": [{"name": "m"}], "services": [{"name": "work"}],
      "rows": [{"name": "r", "product": "rabbit-classic", "config": {"version": "4.2", )" + config + "}}]}", "w.json");
  };
  const std::string all_down = R"("cluster_partition_handling": "pause_if_all_down", )";
  const WorkloadResult good = read(all_down + R"("cluster_partition_handling.pause_if_all_down.nodes": [0, 2])");
  REQUIRE_MESSAGE(good.workload.has_value(), to_text(good.problems));
  CHECK(rules_of(good.workload->rows[0]).wanted_nodes == 5);
  CHECK(stops_alone(rules_of(good.workload->rows[0]), {false, true, false}));
  CHECK_FALSE(stops_alone(rules_of(good.workload->rows[0]), {false, true, true}));
  const auto wrong = [&](const std::string& config) { return to_text(read(config).problems); };
  CHECK(wrong(all_down + R"("cluster_partition_handling.pause_if_all_down.nodes": [3])").find("not there") != std::string::npos);
  CHECK(wrong(all_down + R"("cluster_partition_handling.pause_if_all_down.nodes": [])").find("is empty") != std::string::npos);
  CHECK(wrong(all_down + R"("cluster_partition_handling.pause_if_all_down.nodes": [9])").find("from 0 to 8") != std::string::npos);
  CHECK(wrong(R"("cluster_partition_handling.pause_if_all_down.recover": "autoheal")").find("does nothing without") != std::string::npos);
}

TEST_CASE("partitions: a quorum queue loses nothing whatever is done about a split, for its log is one") {
  for (const std::int64_t handling : {kIgnore, kPause, kHeal, kAllDown}) {
    for (const std::int32_t publisher : {0, 2}) {
      for (std::int32_t zone = 0; zone < 3; ++zone) {
        Lab lab = split_run(kBefore, handling, publisher);
        lab.workload.faults[0].zone = lab.workload.faults[1].zone = zone;
        lab.consumer(kMs, 250 * kSecond);
        Row& row = lab.row(ProductId::rabbit_quorum, {{"version", kBefore}, {"cluster_partition_handling", handling}});
        row.publisher_node = publisher;
        Cluster run(lab.workload, 0);
        run.run();
        CAPTURE(handling);
        CAPTURE(publisher);
        CAPTURE(zone);
        CHECK(breach_in(run) == "");
        CHECK(run.tally(0).lost == 0);
        CHECK(run.tally(0).stuck == 0);
        CHECK(run.system().confirmed == 200);
        CHECK(run.tally(0).done == 200);
        if (handling == kPause) CHECK(told(run, queues::FactKind::node_stopped) == 1);
      }
    }
  }
}

TEST_CASE("partitions: two of three nodes down, the third stops by itself with pause_minority, and is back with another") {
  for (const std::int64_t handling : {kIgnore, kPause}) {
    Lab lab;
    lab.messages(60, kSecond);
    lab.workload.until = 100 * kSecond;
    lab.fault(Fault::Kind::kill, 10'500 * kMs, 1).fault(Fault::Kind::kill, 20'500 * kMs, 2).fault(Fault::Kind::restart, 30'500 * kMs, 2);
    lab.row(ProductId::rabbit_classic, {{"version", kBefore}, {"cluster_partition_handling", handling}});
    lab.workload.rows[0].publisher_node = 0;
    Cluster run(lab.workload, 0);
    run.run();
    CAPTURE(handling);
    CHECK(breach_in(run) == "");
    CHECK(run.tally(0).lost == 0);
    CHECK(told(run, queues::FactKind::node_stopped) == (handling == kPause ? 1 : 0));
    CHECK(run.is_up(0));
    CHECK(run.tally(0).stuck == run.system().confirmed);
    // Nobody takes anything for ten seconds, and what was refused meanwhile is not sent again.
    if (handling == kIgnore) CHECK(run.system().confirmed == 60);
    else CHECK(run.system().confirmed >= 48);
  }
}

TEST_CASE("faults of links and zones are read, and what is wrong with them is told") {
  const auto read = [](const std::string& fault) {
    return parse_workload(R"({"title": "t", "until": "9s", "zones": 2, "messages": [{"name": "m", "at": "0s"}],
      "services": [{"name": "work"}], "faults": [)" + fault + R"(], "rows": [{"name": "r", "product": "rabbit-quorum"}]})", "w.json");
  };
  const WorkloadResult good = read(R"({"cut": [2, 0], "at": "1s"}, {"kill": "zone 1", "at": "2s"})");
  REQUIRE(good.workload);
  CHECK(good.workload->faults[0].node == 2);
  CHECK(good.workload->faults[0].other == 0);
  CHECK(good.workload->faults[1].zone == 1);
  CHECK(nodes_named(good.workload->faults[1], 5, 2) == std::vector<std::int32_t>{1, 3});
  const std::vector<std::pair<std::string, std::string>> mistakes = {{R"({"cut": [1, 1], "at": "1s"})", "two different nodes"},
                                                                     {R"({"cut": [1], "at": "1s"})", "two different nodes"},
                                                                     {R"({"kill": [1, 2], "at": "1s"})", "must be one node"},
                                                                     {R"({"kill": "zone 2", "at": "1s"})", "zone 0"},
                                                                     {R"({"kill": "rack 1", "at": "1s"})", "zone 1"}};
  for (const auto& [fault, part] : mistakes) {
    const WorkloadResult bad = read(fault);
    CHECK_MESSAGE(!bad.workload, fault);
    CHECK_MESSAGE(to_text(bad.problems).find(part) != std::string::npos, to_text(bad.problems));
  }
  // Where nodes are hidden nothing happens, and a model that does not know who hears whom says so.
  Lab lab;
  lab.messages(1);
  lab.workload.faults = {link_fault(Fault::Kind::cut, 0, 1), zone_fault(Fault::Kind::kill, kSecond, 0)};
  for (const ProductId each : {ProductId::sqs, ProductId::pubsub, ProductId::kinesis, ProductId::kafka, ProductId::rabbit_stream}) {
    const Simulation run = lab.on(each);
    const bool hidden = !product(each).without_nodes.empty();
    CHECK(queues::testing::count(run, queues::FactKind::fault_impossible) == (hidden ? 2 : 1));
    CHECK(queues::testing::count(run, queues::FactKind::node_lost) == (hidden ? 0 : 1));
  }
}

}  // namespace nutshell::rabbit::testing

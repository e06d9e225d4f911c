// The shipped workloads (assets/rivals), RabbitMQ's rows run by nodes: what RIVALS' tables say, typed from there.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/rabbit/cluster.h"
#include "sim/rabbit/compare.h"
#include "tests/queues/shipped.h"

namespace nutshell::rabbit::testing {
namespace {

using namespace queues;
using namespace queues::testing;

// Of the first service: attempts, done, repeated, overtaken, stepped back, dead, stuck, lost; and when the last was done.
struct Expected {
  const char* workload;
  const char* row;
  std::vector<std::int64_t> figures;
  Time last = -1;
};

}  // namespace

TEST_CASE("RabbitMQ's rows of the tables, by nodes") {
  const std::vector<Expected> rows = {
      {"orders", "rabbit-quorum", {19, 11, 3, 0, 0, 1, 0, 0}, ms(11'100)},
      {"orders", "rabbit-classic, reject", {15, 11, 3, 0, 0, 1, 0, 0}, ms(11'100)},
      {"slower-than-the-limit", "rabbit-quorum", {6, 6, 0, 1, 1, 0, 0, 0}, ms(70'000)},
      {"slower-than-the-limit", "rabbit-classic", {6, 6, 0, 1, 1, 0, 0, 0}, ms(70'000)},
      {"slower-than-the-limit", "rabbit, single active consumer", {6, 6, 0, 0, 0, 0, 0, 0}, ms(75'000)},
      {"slower-than-the-limit", "rabbit-quorum, consumer-timeout 30 s", {7, 6, 1, 1, 2, 0, 0, 0}, ms(70'000)},
  };
  for (const Expected& each : rows) {
    CAPTURE(std::string(each.workload));
    CAPTURE(std::string(each.row));
    const Cluster run = run_row<Cluster>(shipped(each.workload), each.row);
    CHECK(row_of(run.tally(0)) == each.figures);
    CHECK(run.tally(0).last == each.last);
  }
}

TEST_CASE("W4, by nodes: a quorum queue loses nothing, a classic one 99 of 148 that it has confirmed") {
  const Workload workload = shipped("node-lost");
  const Cluster quorum = run_row<Cluster>(workload, "rabbit-quorum");
  CHECK(quorum.system().confirmed == 150);
  CHECK(quorum.tally(0).done == 150);
  CHECK(quorum.tally(0).repeated == 0);
  const Cluster classic = run_row<Cluster>(workload, "rabbit-classic");
  CHECK(classic.system().confirmed == 148);
  CHECK(classic.system().refused == 2);
  CHECK(classic.tally(0).lost == 99);
  CHECK(classic.tally(0).stuck == 49);
  const Cluster mandatory = run_row<Cluster>(workload, "rabbit-classic, mandatory");
  CHECK(mandatory.system().confirmed == 49);
  CHECK(mandatory.system().returned == 99);
  CHECK(mandatory.tally(0).lost == 0);
}

TEST_CASE("every row that nodes can run comes out as the model says") {
  std::size_t rows = 0;
  for (const char* name : {"acknowledge-first-or-last", "away-too-long", "consumer-on-the-lost-node", "equal-bodies", "fan-out", "growing",
                           "more-than-it-takes", "node-lost", "one-hot-key", "orders", "poison", "replay", "scale-out",
                           "sent-again-at-once", "sent-again-by-the-application", "slower-than-the-limit"}) {
    const Workload workload = shipped(name);
    for (std::size_t i = 0; i < workload.rows.size(); ++i) {
      if (!cannot_run(workload, workload.rows[i]).empty()) continue;
      if (workload.rows[i].publisher_node >= 0) continue;  // how many copies are made hangs on what was under way
      Simulation model(workload, i);
      model.run();
      const std::vector<std::string> differ = differences(workload, i, model.outcome(false));
      CHECK_MESSAGE(differ.empty(), name << ", " << workload.rows[i].name << ": " << (differ.empty() ? "" : differ.front()));
      ++rows;
    }
  }
  CHECK(rows > 25);
}

}  // namespace nutshell::rabbit::testing

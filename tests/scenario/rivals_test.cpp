// A workload on several systems in the place of a cluster: read, run, looked at, acted on.
#include "sim/scenario/rivals.h"

#include <doctest/doctest.h>

#include "sim/scenario/check.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "sim/scenario/shipped.h"
#include "sim/scenario/workload_json.h"
#include "sim/scenario/write.h"

namespace nutshell {
namespace {

// Four messages of two keys, a second each, two consumers of whom the first is to die; a queue and a log.
std::string rivals_text(const std::string& more = "") {
  return R"({"title": "t", "until": "60s", "workload": {"inline": {"title": "w", "until": "60s",
    "messages": [{"name": "m", "count": 4, "every": "1s", "key": ["A", "B"]}],
    "services": [{"name": "s", "consumers": [{"name": "c1", "handle": "2s"}, {"name": "c2", "from": "10s", "handle": "2s"}]}],
    "rows": [{"name": "queue", "product": "rabbit-quorum"}, {"name": "cloud", "product": "sqs"},
             {"name": "log", "product": "kafka", "config": {"num.partitions": 1, "auto.offset.reset": "earliest"}}]},
    "systems": [{"name": "queue"}, {"name": "log", "title": "The log"}, {"name": "cloud"}]})" +
         more + "}";
}

Scenario rivals_scenario(const std::string& text) {
  const LoadResult read = parse_scenario(text, "t.json");
  REQUIRE_MESSAGE(read.scenario, to_text(read.problems));
  return *read.scenario;
}

std::string rivals_problem(const std::string& text) {
  const LoadResult read = parse_scenario(text, "t.json");
  REQUIRE_FALSE(read.scenario);
  return to_text(read.problems);
}

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

Rivals rivals_of(const Scenario& scenario) { return {scenario.setup.rivals, {}}; }

}  // namespace

TEST_CASE("a workload stands in the place of a cluster, and what is wrong with it is said at its place") {
  const Scenario scenario = rivals_scenario(rivals_text());
  REQUIRE(scenario.setup.rivals);
  CHECK(scenario.setup.rivals->workers == std::vector<std::string>{"s/c1", "s/c2"});
  CHECK(scenario.setup.rivals->service == "s");
  const auto in = [&](std::string text, const std::string& part, const std::string& other) {
    return text.replace(text.find(part), part.size(), other);
  };
  const std::string misspelt = in(rivals_text(), R"("name": "queue"}, {)", R"("name": "quue"}, {)");
  CHECK(has(rivals_problem(misspelt), "there is no row of the workload named 'quue'"));
  CHECK(has(rivals_problem(in(rivals_text(), R"("title": "t",)", R"("title": "t", "topics": [],)")), "is of a cluster"));
  CHECK(has(rivals_problem(in(rivals_text(), R"("product": "sqs")", R"("product": "sq")")), "rows[1].product"));
  CHECK(has(rivals_problem(R"({"title": "t", "until": "9s", "workload": {"use": "order", "systems": []}})"), "no workload named 'order'"));
  CHECK(has(rivals_problem(R"({"title": "t", "until": "9s", "workload": {"systems": []}})"), "needs either"));
}

TEST_CASE("it is written as it was read") {
  const std::string by_name = R"({"title": "t", "until": "9s", "workload": {"use": "orders", "figures": ["done"],
      "systems": [{"name": "q", "row": "rabbit-quorum"}],
      "settings": [{"system": "q", "key": "x-max-length", "value": "3", "say": "short"}]}})";
  for (const std::string& text : {rivals_text(), by_name}) {
    const std::string written = write_scenario(rivals_scenario(text));
    CHECK(write_scenario(rivals_scenario(written)) == written);
    CHECK(has(written, "workload"));
  }
}

TEST_CASE("figures of systems are values that expectations name") {
  const Rivals rivals = rivals_of(rivals_scenario(rivals_text()));
  // m1 to m4 come at 0, 1, 2 and 3 s and take 2 s each, one after the other.
  CHECK(rival_value(rivals, 3 * kSecond, "systems/queue/s/done") == "1");
  CHECK(rival_value(rivals, 8 * kSecond, "systems/queue/s/done") == "4");
  CHECK(rival_value(rivals, kNever - 1, "systems/log/s/last_ms") == "8000");
  CHECK(rival_value(rivals, kNever - 1, "systems/queue/copies") == "4");
  CHECK(rival_value(rivals, 0, "systems/queue/s/noticed_ms") == "-1");
  CHECK_FALSE(rival_value(rivals, 0, "systems/queue/s/dones"));
  const RivalsSetup& setup = *rivals.setup;
  CHECK(has(wrong_rival_path(setup, "systems/queue/s/dones"), "did you mean 'done'?"));
  CHECK(has(wrong_rival_path(setup, "systems/queu/s/done"), "did you mean 'queue'?"));
  CHECK(has(wrong_rival_path(setup, "systems/queue"), "leads to no value"));
}

TEST_CASE("what is done befalls all of them, and nothing before it is different") {
  const Scenario scenario = rivals_scenario(rivals_text(R"(, "script": [{"at": "3s", "do": "crash_worker", "worker": "s/c1"}])"));
  Timeline run = timeline_of(scenario);
  REQUIRE(run_to(run, scenario.until));
  const Rivals acted = run.world().rivals, untouched = rivals_of(scenario);
  REQUIRE(acted.deeds.size() == 1);
  CHECK(acted.deeds[0].at == 3 * kSecond);
  for (const std::string system : {"queue", "log", "cloud"}) {
    const std::string done = "systems/" + system + "/s/done";
    CHECK(rival_value(acted, 3 * kSecond - 1, done) == rival_value(untouched, 3 * kSecond - 1, done));
    // m2 had been begun at 2 s and was cut off; c2 comes at 10 s.
    CHECK(rival_value(acted, 9 * kSecond, done) == "1");
    CHECK(rival_value(acted, kNever - 1, done) == "4");
  }
  CHECK(rival_value(acted, kNever - 1, "systems/queue/s/noticed_ms") == "0");
  // Handed out at 2 s: 30 s of visibility time-out, of which one had gone by.
  CHECK(rival_value(acted, kNever - 1, "systems/cloud/s/noticed_ms") == "29000");
}

TEST_CASE("what cannot be done is refused with a reason") {
  const World world = make_world(rivals_scenario(rivals_text()).setup);
  CHECK(has(impossible(world, CrashWorker{"s/c3"}), "there is no consumer 's/c3'"));
  CHECK(has(impossible(world, SetSystem{"queu", "x-max-length", "3"}), "did you mean 'queue'?"));
  CHECK(impossible(world, SetSystem{"queue", "x-max-length", "3"}).empty());
  Setup cluster;
  CHECK(has(impossible(make_world(cluster), LoseNode{}), "there is a cluster here"));
}

TEST_CASE("a picture has every message that was confirmed, at every instant: stored, out, done, dead or gone") {
  for (const char* name : {"orders", "poison", "slower-than-the-limit", "acknowledge-first-or-last", "growing"}) {
    const std::string text = R"({"title": "t", "until": "9s", "workload": {"use": ")" + std::string(name) +
                             R"(", "systems": [{"name": "x", "row": ")";
    const WorkloadResult workload = load_workload(shipped_workload(name));
    REQUIRE(workload.workload);
    for (const queues::Row& each_row : workload.workload->rows) {
      const std::string& row = each_row.name;
      const RivalRuns runs(rivals_of(rivals_scenario(text + row + R"("}]}})")));
      const RivalRun& run = runs.runs()[0];
      for (const Time at : run.instants) {
        const queues::Picture picture = runs.picture(0, at);
        for (const queues::StoreView& store : picture.stores) {
          std::vector<bool> seen(runs.workload().messages.size(), false);
          for (const queues::LaneView& lane : store.lanes)
            for (const queues::Cell& each : lane.cells) seen[static_cast<std::size_t>(each.message)] = true;
          for (const queues::Fact& fact : run.facts) {
            const bool here = store.service < 0 || fact.service == store.service;
            if (fact.at <= at && fact.kind == queues::FactKind::delivered && here)
              CHECK_MESSAGE(seen[static_cast<std::size_t>(fact.message)], row << " at " << at);
          }
        }
      }
    }
  }
}

TEST_CASE("a node is lost: RabbitMQ's rows are run by nodes, and the picture says who leads and what lies where") {
  const RivalRuns runs(rivals_of(rivals_scenario(R"({"title": "t", "until": "22s", "workload": {"use": "node-lost",
      "systems": [{"name": "quorum", "row": "rabbit-quorum"}, {"name": "classic", "row": "rabbit-classic"},
                  {"name": "mirrored", "row": "rabbit-mirrored"}]}})")));
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::holds_alternative<rabbit::Cluster>(runs.runs()[i].kept.front()) == (i < 2));
  const auto nodes = [&](std::size_t which, Time at) { return runs.picture(which, at).stores.front().nodes; };
  for (std::size_t which = 0; which < 3; ++which) {
    CAPTURE(which);
    const std::vector<queues::NodeView> before = nodes(which, 300 * kMillisecond), after = nodes(which, 2 * kSecond);
    REQUIRE(before.size() == 3);
    const std::int64_t stored = before[0].stored;
    CHECK(stored >= 30);
    CHECK(stored <= 31);
    CHECK(before[0].leads);
    CHECK_FALSE(after[0].up);
    CHECK_FALSE(after[0].leads);
    // A copy on every node, or on one alone.
    for (std::size_t n = 1; n < 3; ++n) CHECK(before[n].stored == (which == 1 ? -1 : stored));
    CHECK(after[1].leads + after[2].leads == (which == 1 ? 0 : 1));
    CHECK(after[0].stored == (which == 1 ? 49 : after[0].stored));
    if (which != 1) CHECK(after[1].stored == (which == 0 ? 150 : 148));
  }
  // Nobody leads while they vote.
  const std::vector<queues::NodeView> voting = nodes(0, 500 * kMillisecond);
  CHECK(std::none_of(voting.begin(), voting.end(), [](const queues::NodeView& each) { return each.leads; }));
}

TEST_CASE("a moment that is looked at again is the same, whichever way one came there") {
  const RivalRuns runs(rivals_of(rivals_scenario(R"({"title": "t", "until": "9s", "workload": {"use": "scale-out",
      "systems": [{"name": "kafka, 5"}, {"name": "rabbit, 5 competing"}]}})")));
  for (std::size_t i = 0; i < 2; ++i) {
    // Each cell by its message and its state: from a kept state, and from the beginning.
    const auto drawn = [](const queues::Picture& picture) {
      std::string text;
      for (const queues::StoreView& store : picture.stores)
        for (const queues::LaneView& lane : store.lanes)
          for (const queues::Cell& each : lane.cells)
            text += std::to_string(each.message) + std::to_string(static_cast<int>(each.state)) + " ";
      return text;
    };
    queues::Simulation again(runs.workload(), runs.runs()[i].row);
    for (const Time at : runs.runs()[i].instants) {
      again.step();
      CHECK(again.now() == at);
      CHECK(drawn(runs.picture(i, at)) == drawn(queues::picture_of(again, at)));
    }
    CHECK(runs.next_instant(runs.previous_instant(5 * kSecond)) >= 5 * kSecond - kSecond);
  }
}

}  // namespace nutshell

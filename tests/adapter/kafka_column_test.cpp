// Kafka's rows of the shipped workloads (assets/rivals), run by the simulated cluster: what RIVALS' tables say, and what the plain
// model says.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/adapter/kafka_column.h"
#include "sim/core/random.h"
#include "sim/scenario/workload_json.h"
#include "tests/queues/lab.h"

namespace nutshell::adapter::testing {
namespace {

using namespace queues;
using queues::testing::Lab;
using queues::testing::kMs;

Workload shipped_file(const std::string& name) {
  const WorkloadResult loaded = load_workload(std::string(NUTSHELL_SOURCE_DIR) + "/assets/rivals/" + name + ".json");
  INFO(name << ": " << to_text(loaded.problems));
  REQUIRE(loaded.workload.has_value());
  return *loaded.workload;
}

KafkaColumn cluster_row(const Workload& workload, const std::string& row) {
  for (std::size_t i = 0; i < workload.rows.size(); ++i) {
    if (workload.rows[i].name != row) continue;
    REQUIRE(cannot_run(workload, workload.rows[i]) == "");
    return run_on_cluster(workload, i);
  }
  FAIL("no row " << row);
  return {};
}

}  // namespace

TEST_CASE("W3 on the cluster: as many consumers work as there are partitions") {
  const Workload workload = shipped_file("scale-out");
  struct Scale {
    const char* row;
    Time last;
    std::int64_t idle;
  };
  for (const Scale& each : {Scale{"kafka, 1", 40 * kSecond, 0}, Scale{"kafka, 2", 20 * kSecond, 0}, Scale{"kafka, 5", 10 * kSecond, 1}}) {
    CAPTURE(std::string(each.row));
    const Tally it = cluster_row(workload, each.row).services[0];
    CHECK(it.done == 400);
    CHECK(it.repeated == 0);
    CHECK(it.overtaken == 0);
    CHECK(it.concurrent == 0);
    CHECK(it.idle == each.idle);
    CHECK(it.last >= each.last);
    CHECK(it.last <= each.last * 11 / 10);  // the network's part: a commit and a poll for each record
  }
}

TEST_CASE("W4 on the cluster: nothing is lost, and the pause is a broker's session") {
  const KafkaColumn it = cluster_row(shipped_file("node-lost"), "kafka, acks all");
  CHECK(it.confirmed == 150);
  CHECK(it.services[0].done == 150);
  CHECK(it.services[0].repeated == 0);
  CHECK(it.services[0].lost == 0);
  CHECK(it.longest_wait >= 7 * kSecond);
  CHECK(it.longest_wait <= 10 * kSecond);
}

TEST_CASE("W7 on the cluster: everybody gets everything, and throws away what it did not ask for") {
  const std::vector<Tally> all = cluster_row(shipped_file("fan-out"), "kafka").services;
  REQUIRE(all.size() == 3);
  const std::vector<std::int64_t> wanted = {12, 6, 5};
  for (std::size_t s = 0; s < 3; ++s) {
    CHECK(all[s].delivered == 12);
    CHECK(all[s].wanted == wanted[s]);
    CHECK(all[s].done == wanted[s]);
  }
}

TEST_CASE("rows that the cluster can run come out as the model says") {
  std::size_t rows = 0;
  for (const char* name : {"acknowledge-first-or-last", "consumer-on-the-lost-node", "equal-bodies", "fan-out", "more-than-it-takes",
                           "node-lost", "one-hot-key", "orders", "poison", "slower-than-the-limit"}) {
    const Workload workload = shipped_file(name);
    for (std::size_t i = 0; i < workload.rows.size(); ++i) {
      const Row& row = workload.rows[i];
      if (row.product != ProductId::kafka) continue;
      const std::string why = cannot_run(workload, row);
      if (!why.empty()) continue;
      Simulation model(workload, i);
      model.run();
      const std::vector<std::string> differ = differences(workload, i, model.outcome(false));
      CHECK_MESSAGE(differ.empty(), std::string(name) << ", " << row.name << ": " << (differ.empty() ? "" : differ.front()));
      ++rows;
    }
  }
  CHECK(rows > 5);
}

TEST_CASE("L2: small segments cut the batches that the cluster's publisher sends, and those that hold no record are not tried") {
  Lab lab;
  lab.messages(12);
  lab.consumer();
  lab.workload.messages[0].size = 40;
  lab.workload.until = kMinute;
  for (const std::int64_t bytes : {169, 300, 400}) {
    CAPTURE(bytes);
    lab.row(ProductId::kafka, {{"segment.bytes", bytes}, {"auto.offset.reset", 1}});
    const Row& row = lab.workload.rows[0];
    REQUIRE(cannot_run(lab.workload, row) == "");
    CHECK(run_on_cluster(lab.workload, 0).confirmed == 12);
    const std::vector<std::string> differ = differences(lab.workload, 0, lab.run().outcome(false));
    CHECK((differ.empty() ? "" : differ.front()) == "");
  }
  lab.row(ProductId::kafka, {{"segment.bytes", 168}, {"auto.offset.reset", 1}});
  CHECK(cannot_run(lab.workload, lab.workload.rows[0]) == "no segment holds what its producer sends");
}

TEST_CASE("random workloads: the cluster comes to what the model comes to") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    std::uint64_t nth = 0;
    const auto roll = [&](std::int64_t low, std::int64_t high) { return between(draw(seed, Purpose::fuzz, 5, nth++), low, high); };
    Lab lab;
    lab.messages(static_cast<int>(roll(1, 30)), roll(1, 20) * 37 * kMs, {"user-1", "user-3", "user-4", "user-6", "user-8", "user-10"});
    for (std::int64_t i = 0, n = roll(1, 3); i < n; ++i) lab.consumer(roll(1, 10) * 20 * kMs);
    if (roll(0, 2) == 0) lab.fault(Fault::Kind::kill, roll(1, 600) * 7 * kMs, static_cast<int>(roll(0, 2)));
    lab.workload.until = 90 * kSecond;
    lab.workload.seed = seed;
    lab.row(ProductId::kafka, {{"num.partitions", roll(1, 5)}, {"auto.offset.reset", 1}, {"partition.assignment.strategy", roll(0, 2)}});
    Simulation model(lab.workload, 0);
    model.run();
    const std::vector<std::string> differ = differences(lab.workload, 0, model.outcome(false));
    CAPTURE(seed);
    CHECK((differ.empty() ? "" : differ.front()) == "");
  }
}

}  // namespace nutshell::adapter::testing

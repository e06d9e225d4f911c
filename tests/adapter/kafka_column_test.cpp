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

TEST_CASE("W1 on the cluster: the crash is noticed after a session, three are done again, and o7 is the application's own dead letter") {
  const Workload workload = shipped_file("orders");
  const KafkaColumn earliest = cluster_row(workload, "kafka, reset earliest");
  const Tally& billing = earliest.services[0];
  CHECK(billing.attempts == 19);
  CHECK(billing.done == 11);
  CHECK(billing.repeated == 3);
  CHECK(billing.overtaken == 0);
  CHECK(billing.stepped_back == 0);
  CHECK(billing.dead == 1);
  CHECK(billing.stuck == 0);
  CHECK(billing.lost == 0);
  // Takeover between 44.5 s and 47.5 s, then sixteen tries of 0.1 s, and a moment of the network for each record.
  CHECK(billing.last >= 44'500 * kMs + 1'600 * kMs);
  CHECK(billing.last <= 47'500 * kMs + 1'600 * kMs + 500 * kMs);
  CHECK(earliest.services[1].attempts == 12);
  CHECK(earliest.services[1].done == 12);
  CHECK(earliest.services[2].done == 12);  // audit, a minute later
  const KafkaColumn latest = cluster_row(workload, "kafka, reset latest");
  CHECK(latest.services[0].attempts == 3);
  CHECK(latest.services[0].done == 3);
  CHECK(latest.services[0].repeated == 0);
  CHECK(latest.services[0].dead == 0);
  CHECK(latest.services[0].lost == 9);
  CHECK(latest.services[1].done == 12);
  CHECK(latest.services[2].done == 0);
}

TEST_CASE("W6 on the cluster: who blocks keeps three for ever, who buries leaves a hole and goes on") {
  const Workload workload = shipped_file("poison");
  const Tally block = cluster_row(workload, "kafka, block").services[0];
  CHECK(block.attempts >= 90);
  CHECK(block.done == 9);
  CHECK(block.dead == 0);
  CHECK(block.stuck == 3);
  CHECK(block.lost == 0);
  CHECK(block.last <= 4 * kSecond + 100 * kMs);
  const Tally alone = cluster_row(workload, "kafka, block, one consumer").services[0];
  CHECK(alone.done >= 1);
  CHECK(alone.dead == 0);
  CHECK(alone.stuck <= 11);
  CHECK(alone.done + alone.stuck == 12);
  const Tally buried = cluster_row(workload, "kafka, dead_letter(3)").services[0];
  CHECK(buried.attempts == 14);
  CHECK(buried.done == 11);
  CHECK(buried.dead == 1);
  CHECK(buried.stuck == 0);
  CHECK(buried.lost == 0);
  CHECK(buried.last <= 6 * kSecond + 300 * kMs);
}

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
    Service& work = lab.workload.services[0];
    for (std::int32_t m = 1; m <= static_cast<std::int32_t>(lab.workload.messages.size()); ++m) {
      if (roll(0, 9) > 0) continue;
      lab.poison(m);
      lab.workload.poison.back().until_try = static_cast<std::int32_t>(roll(0, 3));
    }
    work.on_error = roll(0, 2) == 0 ? OnError::skip : OnError::dead_letter;
    work.tries = static_cast<std::int32_t>(roll(1, 4));
    const auto window = static_cast<std::int32_t>(roll(1, 5)), every = static_cast<std::int32_t>(roll(-1, 5));
    for (queues::Consumer& each : work.consumers) each.window = window, each.every = every;
    lab.row(ProductId::kafka, {{"num.partitions", roll(1, 5)}, {"auto.offset.reset", 1}, {"partition.assignment.strategy", roll(0, 2)}});
    Simulation model(lab.workload, 0);
    model.run();
    const std::vector<std::string> differ = differences(lab.workload, 0, model.outcome(false));
    CAPTURE(seed);
    CHECK((differ.empty() ? "" : differ.front()) == "");
  }
}

}  // namespace nutshell::adapter::testing

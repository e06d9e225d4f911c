// RabbitMQ's nodes under crashes and cuts: what is confirmed survives one node of three in a quorum queue, whenever it goes;
// a classic queue loses what it is known to lose (Q22 to Q24).
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/rabbit/cluster.h"
#include "tests/queues/lab.h"

namespace nutshell::rabbit::testing {
namespace {

using namespace queues;
using queues::testing::Lab;
using queues::testing::kMs;

std::string breach_of(const Cluster& run) { return run.breaches().empty() ? "" : run.breaches().front(); }

Cluster run(const Workload& workload) {
  Cluster all(workload, 0);
  all.run();
  CHECK(breach_of(all) == "");
  return all;
}

Fault fault(Fault::Kind kind, std::int32_t node) {
  Fault next;
  next.kind = kind;
  next.node = node;
  return next;
}

// A message every 5 ms, 3 ms from node to node, 2 ms to the publisher; a consumer comes afterwards, or is there.
Lab short_run(bool consumer_from_start) {
  Lab lab;
  lab.messages(12, 5 * kMs);
  lab.consumer(kMs, consumer_from_start ? 0 : 5 * kSecond).node = 1;
  lab.workload.until = 100 * kSecond;
  lab.row(ProductId::rabbit_quorum, {{"replication delay", 3}, {"confirm delay", 2}});
  return lab;
}

std::int64_t roll(std::uint64_t seed, std::uint64_t nth, std::int64_t low, std::int64_t high) {
  return between(draw(seed, Purpose::fuzz, 7, nth), low, high);
}

}  // namespace

TEST_CASE("Q22: one node of three is lost before any event of a short run, and no confirmed message with it") {
  Lab lab = short_run(false);
  Cluster moment(lab.workload, 0);
  std::int32_t points = 0;
  while (moment.now() < 80 * kMs) {
    for (std::int32_t node = 0; node < 2; ++node) {  // clients are connected to the third
      Cluster other = moment;
      other.act(fault(Fault::Kind::kill, node));
      other.run();
      CAPTURE(moment.now());
      CAPTURE(node);
      REQUIRE(breach_of(other) == "");
      if (node == 1) continue;  // its consumer goes with it
      REQUIRE(other.system().confirmed == 12);
      REQUIRE(other.tally(0).lost == 0);
      REQUIRE(other.tally(0).done == 12);
      REQUIRE(other.tally(0).repeated == 0);
      REQUIRE(other.tally(0).stepped_back == 0);
      ++points;
    }
    REQUIRE(moment.step());
  }
  CHECK(points > 150);
}

TEST_CASE("Q4: a publisher on the lost node sends again what was not confirmed, which makes copies and loses nothing") {
  std::int64_t copies = 0;
  for (Time at = 0; at <= 80 * kMs; at += kMs) {
    Lab lab = short_run(false);
    lab.fault(Fault::Kind::kill, at, 0);
    lab.workload.rows[0].publisher_node = 0;
    const Cluster it = run(lab.workload);
    CAPTURE(at);
    CHECK(it.system().confirmed == 12);
    CHECK(it.tally(0).done == 12);
    CHECK(it.tally(0).lost == 0);
    CHECK(it.tally(0).repeated <= 3);  // 11 ms from publishing to the confirm: three on the way at most
    copies += it.tally(0).repeated;
  }
  CHECK(copies > 0);
}

TEST_CASE("Q22: cut off, a leader confirms nothing; what only it has is cut from its log") {
  for (Time at = 0; at <= 80 * kMs; at += 2 * kMs) {
    Lab lab = short_run(false);
    lab.workload.services[0].consumers[0].from = 60 * kSecond;
    lab.fault(Fault::Kind::cut, at, 0).fault(Fault::Kind::heal, 8 * kSecond, 0);
    for (const std::int32_t publisher : {-1, 0}) {
      lab.workload.rows[0].publisher_node = publisher;
      const Cluster it = run(lab.workload);
      CAPTURE(at);
      CAPTURE(publisher);
      CHECK(it.elections() >= 1);
      CHECK(it.system().confirmed == 12);
      CHECK(it.tally(0).done == 12);
      CHECK(it.tally(0).repeated == 0);
      CHECK(it.tally(0).stepped_back == 0);
    }
  }
}

TEST_CASE("Q22: each node is cut off before any event of a short run, for a moment or for long, and nothing confirmed is lost") {
  Lab lab = short_run(false);
  lab.workload.services[0].consumers[0] = {};
  lab.workload.services[0].consumers[0].name = "c1";
  lab.workload.services[0].consumers[0].from = 60 * kSecond;
  lab.workload.services[0].consumers[0].handle = kMs;
  Cluster moment(lab.workload, 0);
  std::int32_t points = 0, elections = 0;
  for (std::int32_t nth = 0; moment.now() < 80 * kMs; ++nth) {
    for (std::int32_t node = 0; node < 3; ++node) {
      Cluster other = moment;
      other.act(fault(Fault::Kind::cut, node));
      const Time until = moment.now() + (nth % 2 ? 200 * kMs : 10 * kSecond);
      while (other.now() < until && other.step()) {
      }
      other.act(fault(Fault::Kind::heal, node));
      other.run();
      CAPTURE(moment.now());
      CAPTURE(node);
      REQUIRE(breach_of(other) == "");
      REQUIRE(other.system().confirmed == 12);
      REQUIRE(other.tally(0).lost == 0);
      REQUIRE(other.tally(0).done == 12);
      REQUIRE(other.tally(0).repeated == 0);
      REQUIRE(other.tally(0).stepped_back == 0);
      elections += other.elections();
      ++points;
    }
    REQUIRE(moment.step());
  }
  CHECK(points > 400);
  CHECK(elections > 50);
}

TEST_CASE("Q22: two nodes of three down, nobody confirms; and all is there when one comes back") {
  for (Time at = 0; at <= 80 * kMs; at += 2 * kMs) {
    Lab lab = short_run(false);
    lab.workload.services[0].consumers[0].from = 50 * kSecond;
    lab.workload.services[0].consumers[0].node = 2;
    lab.fault(Fault::Kind::kill, at, 0).fault(Fault::Kind::kill, at + kMs, 1).fault(Fault::Kind::restart, 30 * kSecond, 1);
    Cluster it(lab.workload, 0);
    std::int64_t before = 0;
    while (it.step() && it.now() < 29 * kSecond) before = it.commons().nodes;
    CHECK(before == 3);
    CHECK(it.leader_of(0) == -1);
    it.run();
    CAPTURE(at);
    CHECK(breach_of(it) == "");
    CHECK(it.system().confirmed == 12);
    CHECK(it.tally(0).done == 12);
    CHECK(it.tally(0).repeated == 0);
    CHECK(it.tally(0).stepped_back == 0);
  }
}

TEST_CASE("Q23: the pause that a publisher on another node sees is that of an election after a crash") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Lab lab;
    lab.messages(150, 10 * kMs);
    lab.workload.seed = seed;
    Fault kill;
    kill.before = 49;
    lab.workload.faults.push_back(kill);
    lab.consumer(kMs, 20 * kSecond);
    lab.row(ProductId::rabbit_quorum);
    const Cluster it = run(lab.workload);
    CHECK(it.system().confirmed == 150);
    CHECK(it.tally(0).done == 150);
    CHECK(it.tally(0).repeated == 0);
    CHECK(it.system().longest_wait >= 100 * kMs);
    CHECK(it.system().longest_wait <= 601 * kMs);
    CHECK(it.elections() == 1);
  }
}

TEST_CASE("Q23: consumers on nodes that live keep what they have; those of the lost node give it back, behind what others had") {
  for (const std::int64_t version : {0, 1}) {
    Lab lab;
    lab.messages(10);
    queues::Consumer& gone = lab.consumer(10 * kSecond);
    gone.window = 5;
    gone.node = 0;
    queues::Consumer& stays = lab.consumer(200 * kMs, kMs);
    stays.window = 5;
    stays.node = 1;
    lab.fault(Fault::Kind::kill, 100 * kMs, 0);
    lab.workload.until = 100 * kSecond;
    lab.row(ProductId::rabbit_quorum, {{"version", version}});
    const Cluster it = run(lab.workload);
    CAPTURE(version);
    CHECK(it.tally(0).done == 10);
    CHECK(it.tally(0).repeated == 0);
    CHECK(it.tally(0).overtaken == 5);
    CHECK(it.tally(0).attempts == 11);  // the first of m1 to m5 had been begun
    const Duration noticed = it.tally(0).noticed;
    if (version == 0) CHECK(noticed == kMinute);
    else CHECK(noticed > 100 * kMs);
    if (version != 0) CHECK(noticed <= 601 * kMs);
  }
}

TEST_CASE("Q24: a classic queue loses what is confirmed when its node has been missed, and nothing else") {
  // Of messages every 10 ms, those up to the crash are kept, those of the next 15 ms refused, the others confirmed and gone.
  for (int before = 1; before <= 20; ++before) {
    Lab lab;
    lab.messages(20, 10 * kMs);
    Fault kill;
    kill.before = before - 1;
    lab.workload.faults.push_back(kill);
    lab.row(ProductId::rabbit_classic);
    const Cluster it = run(lab.workload);
    const std::int64_t refused = std::min(2, 21 - before);
    CAPTURE(before);
    CHECK(it.system().refused == refused);
    CHECK(it.tally(0).stuck == before - 1);
    CHECK(it.tally(0).lost == 21 - before - refused);
    lab.row(ProductId::rabbit_classic, {{"mandatory", 1}});
    const Cluster careful = run(lab.workload);
    CHECK(careful.tally(0).lost == 0);
    CHECK(careful.system().returned == 21 - before - refused);
  }
}

TEST_CASE("Q24: back with its node, a classic queue has what is persistent") {
  for (const std::int64_t transient : {0, 1}) {
    Lab lab;
    lab.messages(10, 10 * kMs).fault(Fault::Kind::kill, kSecond, 0).fault(Fault::Kind::restart, 5 * kSecond, 0);
    lab.consumer(kMs, 10 * kSecond);
    lab.row(ProductId::rabbit_classic, {{"delivery_mode", transient}});
    const Cluster it = run(lab.workload);
    CHECK(it.tally(0).done == (transient ? 0 : 10));
    CHECK(it.tally(0).lost == (transient ? 10 : 0));
  }
}

TEST_CASE("storms: whatever befalls the nodes, the books are kept, members agree, and nothing confirmed is lost") {
  std::int32_t elections = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Lab lab;
    lab.messages(static_cast<int>(roll(seed, 0, 5, 40)), roll(seed, 1, 1, 200) * kMs, {"A", "B"});
    lab.workload.seed = seed;
    lab.workload.until = 400 * kSecond;
    for (std::int64_t i = 0, n = roll(seed, 2, 1, 3); i < n; ++i) {
      queues::Consumer& it = lab.consumer(roll(seed, 10 + static_cast<std::uint64_t>(i), 1, 300) * kMs, i * kMs);
      it.window = static_cast<std::int32_t>(roll(seed, 20 + static_cast<std::uint64_t>(i), 1, 5));
      if (i > 0) it.node = static_cast<std::int32_t>(roll(seed, 30 + static_cast<std::uint64_t>(i), 0, 2));
    }
    const std::int64_t faults = roll(seed, 3, 1, 10);
    for (std::int64_t i = 0; i < faults; ++i) {
      const auto nth = static_cast<std::uint64_t>(i);
      const auto kind = static_cast<Fault::Kind>(roll(seed, 40 + nth, 0, 3));
      lab.fault(kind, roll(seed, 60 + nth, 0, 30'000) * kMs, static_cast<int>(roll(seed, 80 + nth, 0, 2)));
    }
    for (int node = 0; node < 3; ++node)
      lab.fault(Fault::Kind::restart, 60 * kSecond, node).fault(Fault::Kind::heal, 60 * kSecond, node);
    lab.consumer(kMs, 200 * kSecond).node = 2;  // whoever is left to do the rest
    std::stable_sort(lab.workload.faults.begin(), lab.workload.faults.end(), [](const Fault& a, const Fault& b) { return a.at < b.at; });
    lab.row(ProductId::rabbit_quorum,
            {{"replication delay", roll(seed, 4, 0, 20)}, {"version", roll(seed, 5, 0, 1)}, {"x-delivery-limit", -1}});
    lab.workload.rows[0].publisher_node = static_cast<std::int32_t>(roll(seed, 6, -1, 2));
    CAPTURE(seed);
    const Cluster it = run(lab.workload);
    CHECK(it.tally(0).lost == 0);
    CHECK(it.tally(0).stuck == 0);
    CHECK(it.tally(0).done == static_cast<std::int64_t>(lab.workload.messages.size()));
    elections += it.elections();
  }
  CHECK(elections > 50);
}

TEST_CASE("a run of nodes is a value: a copy of any moment comes out as its original") {
  Lab lab = short_run(true);
  lab.fault(Fault::Kind::kill, 30 * kMs, 0).fault(Fault::Kind::restart, 3 * kSecond, 0).fault(Fault::Kind::cut, 10 * kSecond, 2);
  Cluster original(lab.workload, 0);
  std::vector<Cluster> moments;
  for (int step = 0; original.step(); ++step)
    if (step % 97 == 0) moments.push_back(original);
  CHECK(moments.size() > 5);
  for (Cluster& each : moments) {
    each.run();
    CHECK(each.digest() == original.digest());
  }
}

TEST_CASE("the engine carries a second family of messages, whose numbers are its own") {
  CHECK(MessageOf<BasicPublish>::kind().number == 0x100);
  CHECK(MessageOf<BasicPublish>::kind().name == "BasicPublish");
  CHECK(MessageOf<Taken>::kind().response);
  CHECK(!MessageOf<AppendEntries>::kind().response);
  Body body = AppendEntries{1, 2, 0, 0, 0, {{2, 5, Command{}}}};
  const Body copy = body;
  REQUIRE(copy.get_if<AppendEntries>());
  CHECK(copy.get_if<AppendEntries>()->entries.size() == 1);
  CHECK(copy.get_if<AppendResult>() == nullptr);
}

}  // namespace nutshell::rabbit::testing

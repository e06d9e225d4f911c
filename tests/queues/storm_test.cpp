// Whatever befalls a run, nothing vanishes from the books; nodes that are lost take no confirmed message of a majority with
// them; and luck is each message's own.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "sim/core/random.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

std::int64_t roll(std::uint64_t seed, std::uint64_t nth, std::int64_t low, std::int64_t high) {
  return between(draw(seed, Purpose::fuzz, 1, nth), low, high);
}

void random_consumers(Lab& lab, std::uint64_t seed, std::size_t service) {
  const std::uint64_t base = 1000 + service * 500;
  for (std::uint64_t i = 0, n = static_cast<std::uint64_t>(roll(seed, base, 0, 4)); i < n; ++i) {
    const auto of = [&](std::uint64_t what, std::int64_t low, std::int64_t high) {
      return roll(seed, base + 10 + i * 20 + what, low, high);
    };
    Consumer& it = lab.consumer(of(0, 1, 3000) * kMs, of(1, 0, 20) * kSecond, service);
    it.window = static_cast<std::int32_t>(of(2, 1, 6));
    it.every = static_cast<std::int32_t>(of(3, -1, 4));
    if (of(4, 0, 2) == 0) it.crash_at = of(5, 0, 60) * kSecond;
    if (of(6, 0, 4) == 0) it.crash_after = static_cast<std::int32_t>(of(7, 1, 5));
    if (of(8, 0, 4) == 0) it.to = of(9, 1, 60) * kSecond;
    it.how = of(10, 0, 1) ? HowGone::host : HowGone::process;
    it.node = static_cast<std::int32_t>(of(11, -1, 2));
  }
}

Lab storm(std::uint64_t seed) {
  Lab lab;
  lab.workload.seed = seed;
  lab.workload.until = 90 * kSecond;
  const std::int64_t messages = roll(seed, 0, 1, 40);
  lab.messages(static_cast<int>(messages), roll(seed, 1, 0, 800) * kMs, {"user-4", "user-8", "", "user-10", "user-1"});
  for (std::size_t i = 0; i < lab.workload.messages.size(); ++i) {
    Message& it = lab.workload.messages[i];
    it.attributes = {{"type", i % 3 ? "paid" : "open"}, {"amount", std::to_string(i * 10)}};
    if (roll(seed, 100 + i, 0, 9) == 0) it.expires_after = roll(seed, 200 + i, 0, 20) * kSecond;
    if (roll(seed, 300 + i, 0, 9) == 0) it.body = "same";
  }
  lab.workload.services.push_back({"second"});
  lab.workload.services.push_back({"late"});
  lab.workload.services[1].filter = {{"amount", Condition::Is::at_least, {}, 100}, {"type", Condition::Is::any_of, {"paid"}}};
  lab.workload.services[2].added_at = 30 * kSecond;
  lab.workload.services[2].from_start = roll(seed, 2, 0, 1);
  for (std::size_t i = 0; i < 3; ++i) {
    random_consumers(lab, seed, i);
    lab.workload.services[i].on_error = static_cast<OnError>(roll(seed, 3 + i, 0, 6));
    lab.workload.services[i].tries = static_cast<std::int32_t>(roll(seed, 6 + i, 1, 4));
    lab.workload.services[i].fails_ppm = static_cast<std::int32_t>(roll(seed, 9 + i, 0, 2) * 200'000);
  }
  for (std::uint64_t i = 0, n = static_cast<std::uint64_t>(roll(seed, 20, 0, 5)); i < n; ++i) {
    Fault fault;
    fault.kind = static_cast<Fault::Kind>(roll(seed, 21 + i * 5, 0, 11));
    fault.at = roll(seed, 22 + i * 5, 0, 60) * 700 * kMs;
    fault.node = static_cast<std::int32_t>(roll(seed, 23 + i * 5, -1, 2));
    fault.message = static_cast<std::int32_t>(roll(seed, 24 + i * 5, 0, messages - 1));
    fault.again_after = roll(seed, 25 + i * 5, 0, 60) * kSecond;
    fault.by_application = fault.node == 0;
    fault.service = static_cast<std::int32_t>(roll(seed, 80 + i, 0, 2));
    fault.consumer = static_cast<std::int32_t>(roll(seed, 85 + i, 0, 2));
    fault.lasts = roll(seed, 90 + i, 0, 40) * kSecond;
    fault.for_good = fault.node == 1;
    lab.workload.faults.push_back(fault);
  }
  for (std::uint64_t i = 0, n = static_cast<std::uint64_t>(roll(seed, 60, 0, 2)); i < n; ++i)
    lab.workload.asks.push_back({roll(seed, 61 + i * 3, 0, 80) * kSecond, static_cast<std::int32_t>(roll(seed, 62 + i * 3, 0, 2)),
                                 roll(seed, 63 + i * 3, 0, 40) * kSecond, static_cast<Ask::Kind>(roll(seed, 95 + i, 0, 2))});
  return lab;
}

// Some of the product's keys at random, times and sizes small enough to matter.
void random_settings(Row& row, std::uint64_t seed) {
  std::uint64_t nth = 5000;
  for (const ProductKey& each : product_keys()) {
    ++nth;
    if (!find_key(row.product, each.name) || find_key(row.product, each.name) != &each || roll(seed, nth, 0, 3) != 0) continue;
    std::int64_t high = each.unit == Unit::milliseconds ? 30'000 : each.unit == Unit::seconds ? 40 : 8;
    if (each.unit == Unit::truth) high = 1;
    if (each.unit == Unit::word) high = static_cast<std::int64_t>(each.words.size()) - 1;
    const std::int64_t low =
        std::max(each.bounds.low, each.unit == Unit::milliseconds && each.bounds.low > 0 ? std::int64_t{500} : each.bounds.low);
    row.settings.set(each, roll(seed, nth + 1000, low, std::max(low, std::min(high, each.bounds.high))));
  }
}

}  // namespace

TEST_CASE("nothing vanishes from the books, whatever befalls") {
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    Lab lab = storm(seed);
    for (const Product& product : products()) {
      Row& row = lab.row(product.id);
      random_settings(row, seed);
      row.on_refused = static_cast<OnRefused>(roll(seed, 70, 0, 2));
      row.publisher_node = static_cast<std::int32_t>(roll(seed, 71, -1, 2));
      const Simulation run = lab.run();
      CAPTURE(seed);
      CAPTURE(std::string(product.name));
      CHECK(first_breach(run) == "");
      CHECK(run.digest() == lab.run().digest());
    }
  }
}

TEST_CASE("a run is a value: a copy of any moment comes out as its original") {
  for (std::uint64_t seed = 200; seed <= 206; ++seed) {
    Lab lab = storm(seed);
    for (const Product& product : products()) {
      lab.row(product.id);
      Simulation run(lab.workload, 0);
      std::vector<Simulation> moments;
      for (int step = 0; run.step(); ++step)
        if (step % 7 == 0) moments.push_back(run);
      CAPTURE(seed);
      CAPTURE(std::string(product.name));
      CHECK(run.digest() == lab.run().digest());
      for (Simulation& each : moments) {
        each.run();
        CHECK(each.digest() == run.digest());
      }
    }
  }
}

TEST_CASE("the luck of a message is its own: the same on every product") {
  std::set<std::int32_t> first;
  for (const Product& product : products()) {
    Lab lab;
    lab.messages(60, 500 * kMs, {"user-4", "user-8", "user-10"});
    lab.consumer(10 * kMs);
    lab.workload.services[0].fails_ppm = 300'000;
    lab.workload.services[0].on_error = OnError::skip;
    const Simulation run = lab.on(product.id);
    std::set<std::int32_t> failed;
    for (const Fact& each : run.facts())
      if (each.kind == FactKind::failed) failed.insert(each.message);
    CAPTURE(std::string(product.name));
    CHECK(failed.size() > 5);
    if (first.empty()) first = failed;
    CHECK(failed == first);
  }
}

TEST_CASE("Q22: of a quorum queue one node of three may be lost at any moment, and no confirmed message with it") {
  // A message every 5 ms, 3 ms to the followers, 2 ms to the publisher: at each millisecond of it each node is killed.
  for (int node = 0; node < 3; ++node) {
    for (Time at = 0; at <= 130 * kMs; at += kMs) {
      for (const int publisher : {-1, 0}) {
        Lab lab;
        lab.messages(20, 5 * kMs).fault(Fault::Kind::kill, at, node);
        lab.consumer(kMs, 5 * kSecond);
        Row& row = lab.row(ProductId::rabbit_quorum, {{"replication delay", 3}, {"confirm delay", 2}});
        row.publisher_node = publisher;
        const Simulation run = lab.run();
        CAPTURE(node);
        CAPTURE(at);
        CHECK(first_breach(run) == "");
        CHECK(run.system().confirmed == 20);
        CHECK(run.tally(0).lost == 0);
        CHECK(run.tally(0).done == 20);
        if (publisher < 0) {
          CHECK(run.tally(0).repeated == 0);
          CHECK(run.tally(0).stepped_back == 0);
        } else {
          CHECK(run.tally(0).repeated <= 2);
        }
      }
    }
  }
}

TEST_CASE("Q22: cut off, a leader confirms nothing; two nodes of three down, nobody does; and all is there afterwards") {
  for (Time at = 0; at <= 130 * kMs; at += kMs) {
    Lab cut;
    cut.messages(20, 5 * kMs).fault(Fault::Kind::cut, at, 0).fault(Fault::Kind::heal, 8 * kSecond, 0);
    cut.consumer(kMs, 20 * kSecond);
    const Simulation run = cut.on(ProductId::rabbit_quorum, {{"replication delay", 3}, {"confirm delay", 2}});
    CAPTURE(at);
    CHECK(first_breach(run) == "");
    CHECK(run.tally(0).done == 20);
    CHECK(run.tally(0).repeated == 0);
    Lab two;
    two.messages(20, 5 * kMs).fault(Fault::Kind::kill, at, 0).fault(Fault::Kind::kill, at + 2 * kMs, 1);
    two.fault(Fault::Kind::restart, 30 * kSecond, 1);
    two.consumer(kMs, 40 * kSecond);
    const Simulation other = two.on(ProductId::rabbit_quorum, {{"replication delay", 3}, {"confirm delay", 2}});
    CHECK(first_breach(other) == "");
    CHECK(other.tally(0).lost == 0);
    CHECK(other.tally(0).done == 20);
    CHECK(other.system().confirmed == 20);
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
    const Simulation run = lab.on(ProductId::rabbit_classic);
    const std::int64_t refused = std::min(2, 21 - before);
    CHECK(run.system().refused == refused);
    CHECK(run.tally(0).stuck == before - 1);
    CHECK(run.tally(0).lost == 21 - before - refused);
  }
}

}  // namespace nutshell::queues::testing

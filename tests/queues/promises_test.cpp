// What each product promises of delivery, read off the facts of random runs: nothing is out twice at once, what is
// acknowledged never comes again, and whose order is kept.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/core/random.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

// Messages at random times, consumers that fail, are slow, and crash; no copies and no replays.
Lab random_work(std::uint64_t seed) {
  const auto roll = [&](std::uint64_t nth, std::int64_t low, std::int64_t high) {
    return between(draw(seed, Purpose::fuzz, 3, nth), low, high);
  };
  Lab lab;
  lab.workload.seed = seed;
  lab.workload.until = 200 * kSecond;
  lab.messages(static_cast<int>(roll(0, 1, 30)), roll(1, 0, 20) * 100 * kMs, {"user-4", "user-8", "user-10"});
  for (std::uint64_t i = 0, n = static_cast<std::uint64_t>(roll(2, 1, 4)); i < n; ++i) {
    Consumer& it = lab.consumer(roll(10 + i, 1, 4000) * kMs, roll(20 + i, 0, 10) * kSecond);
    it.window = static_cast<std::int32_t>(roll(30 + i, 1, 4));
    it.every = static_cast<std::int32_t>(roll(40 + i, 1, 3));
    if (roll(50 + i, 0, 2) == 0) it.crash_at = it.from + roll(60 + i, 1, 30) * kSecond;
  }
  lab.workload.services[0].fails_ppm = static_cast<std::int32_t>(roll(3, 0, 1) * 200'000);
  lab.workload.services[0].on_error = roll(4, 0, 1) ? OnError::give_back : OnError::silent;
  return lab;
}

// Messages delivered while they were out, and after they had been acknowledged.
struct Seen {
  int twice_at_once = 0, after_acknowledgement = 0;
};

Seen look(const Simulation& run) {
  Seen seen;
  std::set<std::int32_t> out, acknowledged;
  for (const Fact& each : run.facts()) {
    switch (each.kind) {
      case FactKind::delivered:
        seen.twice_at_once += !out.insert(each.message).second;
        seen.after_acknowledgement += acknowledged.count(each.message) > 0;
        break;
      case FactKind::acknowledged: acknowledged.insert(each.message); [[fallthrough]];
      case FactKind::returned:
      case FactKind::dead_lettered:
      case FactKind::dropped:
      case FactKind::expired: out.erase(each.message); break;
      default: break;
    }
  }
  return seen;
}

// Keys of which a message was first delivered after a later one had been.
int keys_out_of_order(const Simulation& run) {
  std::map<std::string, std::int32_t> latest;
  std::set<std::int32_t> delivered;
  std::set<std::string> wrong;
  for (const Fact& each : run.facts()) {
    if (each.kind != FactKind::delivered || !delivered.insert(each.message).second) continue;
    const std::string& key = run.workload().messages[static_cast<std::size_t>(each.message)].key;
    const auto [known, first] = latest.emplace(key, each.message);
    if (!first && each.message < known->second) wrong.insert(key);
    known->second = std::max(known->second, each.message);
  }
  return static_cast<int>(wrong.size());
}

}  // namespace

TEST_CASE("nothing is out twice at once, and what is acknowledged never comes again") {
  using enum ProductId;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Lab lab = random_work(seed);
    for (const ProductId product : {rabbit_quorum, rabbit_classic, pubsub, pubsub_ordered, sqs, sqs_fifo, kafka_share}) {
      const Simulation run = product == pubsub ? lab.on(product, {{"enableExactlyOnceDelivery", 1}}) : lab.on(product);
      CAPTURE(seed);
      CAPTURE(std::string(queues::product(product).name));
      CHECK(first_breach(run) == "");
      CHECK(look(run).twice_at_once == 0);
      if (product != pubsub_ordered) CHECK(look(run).after_acknowledgement == 0);  // P8: there it may, behind an earlier one
    }
  }
}

TEST_CASE("first deliveries of a key are in order where the product says so") {
  using enum ProductId;
  int competing = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Lab lab = random_work(seed);
    CAPTURE(seed);
    CHECK(keys_out_of_order(lab.on(sqs_fifo, {{"SendMessageBatch", 10}})) == 0);
    CHECK(keys_out_of_order(lab.on(pubsub_ordered)) == 0);
    CHECK(keys_out_of_order(lab.on(kafka, {{"auto.offset.reset", 1}})) == 0);
    CHECK(keys_out_of_order(lab.on(rabbit_stream, {{"x-stream-offset", 1}})) == 0);
    CHECK(keys_out_of_order(lab.on(kinesis, {{"ShardCount", 3}, {"InitialPositionInStream", 1}})) == 0);
    CHECK(keys_out_of_order(lab.on(rabbit_quorum, {{"x-single-active-consumer", 1}})) == 0);
    competing += static_cast<int>(lab.on(rabbit_quorum).tally(0).overtaken);
  }
  CHECK(competing > 0);  // competing consumers overtake each other
}

}  // namespace nutshell::queues::testing

// RabbitMQ twice: as a model that knows everything, and as nodes and clients that know what they are told. What comes of a
// workload has to be the same.
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

struct Dice {
  std::uint64_t seed;
  std::uint64_t nth = 0;
  std::int64_t roll(std::int64_t low, std::int64_t high) { return between(draw(seed, Purpose::fuzz, 0, nth++), low, high); }
};

// The figures that differ, first the nodes'. Of two that begin at one time, which comes first is no matter of the product.
std::string differing_figures(const Tally& nodes, const Tally& model) {
  std::string text;
  for (const Figure& each : figures()) {
    if (nodes.*each.value == model.*each.value || each.name == "concurrent") continue;
    text += std::string(each.name) + " " + std::to_string(nodes.*each.value) + " and " + std::to_string(model.*each.value) + "; ";
  }
  return text;
}

std::string system_text(const SystemTally& it) {
  return "confirmed " + std::to_string(it.confirmed) + " refused " + std::to_string(it.refused) + " returned " +
         std::to_string(it.returned) + " copies " + std::to_string(it.copies);
}

void check_agreement(const Workload& workload) {
  Simulation model(workload, 0);
  model.run();
  Cluster nodes(workload, 0);
  nodes.run();
  CHECK((nodes.breaches().empty() ? "" : nodes.breaches().front()) == "");
  for (std::size_t s = 0; s < workload.services.size(); ++s) CHECK(differing_figures(nodes.tally(s), model.tally(s)) == "");
  CHECK(system_text(nodes.system()) == system_text(model.system()));
}

// No two things happen at one time: what the nodes do one after the other the model does at once.
Lab random_lab(Dice& dice) {
  Lab lab;
  const auto count = static_cast<int>(dice.roll(1, 14));
  std::vector<Time> times;
  for (int i = 0; i < count; ++i) times.push_back(dice.roll(0, 60) * 50 * kMs + i * kMillisecond);
  std::sort(times.begin(), times.end());
  for (const Time time : times) {
    lab.messages(1, 0, {std::string(1, static_cast<char>('A' + dice.roll(0, 2)))}, time);
    if (dice.roll(0, 5) == 0) lab.workload.messages.back().expires_after = dice.roll(1, 40) * 97 * kMs + 13 * kMicrosecond;
    if (dice.roll(0, 3) == 0) lab.workload.messages.back().priority = static_cast<std::int32_t>(dice.roll(0, 9));
  }
  for (int i = 0, n = static_cast<int>(dice.roll(1, 3)); i < n; ++i) {
    queues::Consumer& it = lab.consumer(dice.roll(1, 20) * 50 * kMs + (i + 1) * 37 * kMicrosecond, (dice.roll(0, 10) * 100 + 20 + i) * kMs);
    it.window = static_cast<std::int32_t>(dice.roll(1, 4));
    it.every = static_cast<std::int32_t>(dice.roll(-1, 3));
    it.every = std::min(it.every, it.window);
    const auto end = dice.roll(0, 5);
    if (end == 0) it.crash_at = it.from + dice.roll(1, 60) * 70 * kMs + 10 * kMs + 3 * kMicrosecond;
    if (end == 1) it.to = it.from + dice.roll(1, 60) * 70 * kMs + 10 * kMs + 5 * kMicrosecond;
    if (end == 2) it.crash_after = static_cast<std::int32_t>(dice.roll(1, 4));
    if (dice.roll(0, 2) == 0) it.how = HowGone::host;
    it.priority = static_cast<std::int32_t>(dice.roll(0, 4) / 3);
  }
  if (dice.roll(0, 1)) lab.poison(static_cast<int>(dice.roll(1, count)));
  if (dice.roll(0, 3) == 0) lab.workload.services[0].fails_ppm = 200'000;
  lab.workload.services[0].on_error = static_cast<OnError>(dice.roll(0, 1) ? 0 : dice.roll(1, 6));
  lab.workload.services[0].tries = 3;
  lab.workload.until = 200 * kSecond;
  return lab;
}

Lab random_row(ProductId product, std::uint64_t seed) {
  Dice dice{seed};
  Lab lab = random_lab(dice);
  Row& row = lab.row(product);
  const auto set = [&](std::string_view key, std::int64_t value) { row.settings.set(*find_key(product, key), value); };
  set("x-dead-letter-exchange", dice.roll(0, 1));
  set("x-single-active-consumer", dice.roll(0, 3) == 0);
  set("version", dice.roll(0, 2));
  set("return with", dice.roll(0, 1));
  if (dice.roll(0, 3) == 0) set("x-message-ttl", dice.roll(1, 30) * 211);
  if (dice.roll(0, 3) == 0) set("x-max-length", dice.roll(1, 5));
  if (dice.roll(0, 1)) set("x-overflow", 1);
  if (product == ProductId::rabbit_quorum) set("x-delivery-limit", dice.roll(-1, 4));
  if (product == ProductId::rabbit_quorum) set("x-delayed-retry-type", std::max<std::int64_t>(0, dice.roll(-4, 3)));
  if (product == ProductId::rabbit_classic) set("x-max-priority", dice.roll(0, 1) * 9);
  return lab;
}

}  // namespace

TEST_CASE("random workloads: the nodes come to what the model comes to") {
  for (const ProductId product : {ProductId::rabbit_quorum, ProductId::rabbit_classic}) {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      const Lab lab = random_row(product, seed);
      CAPTURE(std::string(queues::product(product).name));
      CAPTURE(seed);
      check_agreement(lab.workload);
    }
  }
}

}  // namespace nutshell::rabbit::testing

// The record store gives back what nobody holds any more.
#include "sim/cluster/release.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup busy(std::int64_t segment_bytes) {
  Setup setup;
  setup.brokers = 2;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2})};
  setup.topics[0].config.segment_bytes = segment_bytes;
  setup.producers = {producer("shop", "orders", 10 * kMillisecond)};
  setup.producers[0].spec.records = 200;
  setup.consumers = {consumer("reader", "readers", "orders")};
  return setup;
}

// Which records somebody could still ask for, found the long way round: each offset of each log.
std::vector<bool> named_by_logs(const World& world) {
  std::vector<bool> named(world.commons.store.records.size());
  for (const Broker& broker : world.brokers)
    for (const Replica& replica : broker.replicas)
      for (const Batch& batch : replica.log.batches())
        for (Offset offset = batch.base_offset; offset < batch.next_offset(); ++offset)
          if (const auto index = record_index(world.commons.store.records, batch, offset); index >= 0)
            named[static_cast<std::size_t>(index)] = true;
  return named;
}

void drop_old_segments(World& world) {
  for (Broker& broker : world.brokers)
    for (Replica& replica : broker.replicas) {
      std::size_t below = 0;
      const SegmentView segments = replica.log.segments();
      while (below + 1 < segments.size() && segments[below + 1].base_offset <= replica.log.high_watermark()) ++below;
      replica.log.delete_segments(below);
    }
}

}  // namespace

TEST_CASE("while a log holds a record the store does, and not much longer") {
  Cluster c(busy(100'000));
  c.run_to(25 * kSecond);
  World world = c.world;
  const std::size_t all = world.commons.store.records.memory_bytes();
  release_records(world);
  const std::size_t with_all = world.commons.store.records.memory_bytes();
  CHECK(with_all <= all);
  drop_old_segments(world);
  release_records(world);
  const std::vector<bool> named = named_by_logs(world);
  std::size_t held = 0;
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (named[i]) REQUIRE(world.commons.store.records.holds(i));
    held += world.commons.store.records.holds(i);
  }
  const auto wanted = static_cast<std::size_t>(std::count(named.begin(), named.end(), true));
  CHECK(named.size() > 300'000);
  CHECK(wanted < 10'000);
  CHECK(held < wanted + 10'000);  // chunks are given back as a whole, and there is always something on its way
  CHECK(world.commons.store.records.memory_bytes() < all / 10);
  CHECK(find_record(world.commons.store.records, 0) == nullptr);
  // The copy from before has lost nothing.
  CHECK(find_record(c.world.commons.store.records, 0) != nullptr);
}

TEST_CASE("a world from which old records are released goes on as if nothing had been") {
  Cluster c(busy(100'000));
  c.run_to(8 * kSecond);
  World other = c.world;
  release_records(other);
  std::vector<Fact> facts;
  while (next_event_time(other) <= 10 * kSecond) step(other, facts);
  c.run_to(10 * kSecond);
  CHECK(other.fabric.digest == c.world.fabric.digest);
  CHECK(other.steps() == c.world.steps());
}

TEST_CASE("nobody has to ask: memory grows with what is kept") {
  Cluster c(busy(100'000));
  std::size_t most = 0;
  for (Time at = 5 * kSecond; at <= 60 * kSecond; at += 5 * kSecond) {
    c.run_to(at);
    drop_old_segments(c.world);
    most = std::max(most, c.world.commons.store.records.memory_bytes());
  }
  CHECK(c.world.commons.store.records.size() > 1'000'000);
  CHECK(most < 500'000 * sizeof(Record));
}

}  // namespace nutshell

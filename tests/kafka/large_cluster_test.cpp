// What makes a step of a large cluster no slower than one of a small one, held against looking through everything.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "sim/core/random.h"
#include "sim/kafka/broker.h"

namespace nutshell {
namespace {

std::uint64_t luck_of(std::uint64_t entity, std::uint64_t nth) { return draw(11, Purpose::fuzz, entity, nth); }

MetadataEntry entry_of(Epoch epoch, std::uint64_t luck) {
  MetadataEntry entry;
  entry.epoch = epoch;
  if (below(luck, 20) == 0) {
    entry.record = BrokerRegistrationChangeRecord{};
    return entry;
  }
  PartitionRecord partition;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const auto broker = static_cast<std::int16_t>(1 + below(avalanche(luck + i), 9));
    if (!partition.state.replicas.contains(broker)) partition.state.replicas.push_back(broker);
  }
  entry.record = partition;
  return entry;
}

bool concerns(const MetadataEntry& entry, std::int16_t broker) {
  const auto* partition = std::get_if<PartitionRecord>(&entry.record);
  return !partition || partition->state.replicas.contains(broker);
}

}  // namespace

TEST_CASE("a broker hears of the records of its own partitions, and of all that are about none, whoever has asked before") {
  MetadataLog log;
  for (std::uint64_t n = 0; n < 3000; ++n) log.push_back(entry_of(static_cast<Epoch>(n / 1000), luck_of(0, n)));
  SharedStretches stretches;
  for (std::uint64_t n = 0; n < 300; ++n) {
    const auto first = static_cast<Offset>(below(luck_of(1, n / 3), 2000));
    const Offset end = first + 64 + static_cast<Offset>(below(luck_of(2, n / 3), 900));
    const auto broker = static_cast<std::int16_t>(1 + below(luck_of(3, n), 10));  // of the tenth nobody tells
    std::vector<Offset> expected;
    for (Offset offset = first; offset < end; ++offset)
      if (concerns(log[static_cast<std::size_t>(offset)], broker)) expected.push_back(offset);
    CHECK(stretches.concerning(broker, log, first, end) == expected);
  }
}

TEST_CASE("another leader's records at the same offsets are another stretch") {
  MetadataLog one, other;
  for (std::uint64_t n = 0; n < 100; ++n) one.push_back(entry_of(1, luck_of(4, n)));
  for (std::uint64_t n = 0; n < 100; ++n) other.push_back(entry_of(2, luck_of(5, n)));
  SharedStretches stretches;
  const auto expected = [](const MetadataLog& log) {
    std::vector<Offset> offsets;
    for (Offset offset = 0; offset < 100; ++offset)
      if (concerns(log[static_cast<std::size_t>(offset)], 3)) offsets.push_back(offset);
    return offsets;
  };
  CHECK(stretches.concerning(3, one, 0, 100) == expected(one));
  CHECK(stretches.concerning(3, other, 0, 100) == expected(other));
}

TEST_CASE("a short stretch is told whole") {
  MetadataLog log;
  for (std::uint64_t n = 0; n < 10; ++n) log.push_back(entry_of(0, luck_of(6, n)));
  SharedStretches stretches;
  CHECK(stretches.concerning(1, log, 4, 8) == std::vector<Offset>{4, 5, 6, 7});
  CHECK(stretches.concerning(1, log, 4, 4).empty());
}

TEST_CASE("a broker's fetchers are found by their source, in whatever order they were made") {
  Fetchers fetchers;
  std::map<std::int32_t, Duration> made;
  for (std::uint64_t n = 0; n < 500; ++n) {
    const auto source = static_cast<std::int32_t>(below(luck_of(7, n), 200));
    Fetcher& fetcher = fetchers.of(source);
    CHECK(fetcher.source.number == source);
    if (made.try_emplace(source, static_cast<Duration>(n)).second) fetcher.partitions.push_back({{0, source}, static_cast<Time>(n)});
    REQUIRE(fetcher.partitions.size() == 1);
    CHECK(fetcher.partitions[0].not_before == made[source]);
  }
  std::vector<std::int32_t> sources, expected;
  for (const Fetcher& each : fetchers) sources.push_back(each.source.number);
  for (const auto& [source, nth] : made) expected.push_back(source);
  CHECK(sources == expected);
}

TEST_CASE("the place of a partition among a broker's replicas is where it stands among all, also as some come and go") {
  ReplicaKeys keys;
  std::vector<TopicPartition> expected;
  for (std::uint64_t n = 0; n < 3000; ++n) {
    const std::uint64_t luck = luck_of(8, n);
    const TopicPartition tp{static_cast<std::int32_t>(below(luck, 8)), static_cast<std::int32_t>(below(avalanche(luck), 40))};
    const auto at = std::lower_bound(expected.begin(), expected.end(), tp);
    const auto place = static_cast<std::size_t>(at - expected.begin());
    if (at == expected.end() || *at != tp) {
      CHECK(keys.find(tp) == ReplicaKeys::kNone);
      CHECK(keys.add(tp) == place);
      expected.insert(at, tp);
    } else {
      CHECK(keys.find(tp) == place);
      if (n % 2 == 0) continue;
      CHECK(keys.remove(tp) == place);
      expected.erase(at);
    }
    for (std::size_t i = 0; i < expected.size(); i += 7) CHECK(keys.find(expected[i]) == i);
  }
}

TEST_CASE("a process finds each of its connections among many, and none that it has not opened") {
  for (const std::uint64_t servers : {5u, 40u, 3000u}) {
    OpenedConnections connections;
    std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> expected;
    for (std::uint64_t n = 0; n < 400; ++n) {
      // Not spread evenly: most servers have low numbers.
      const auto server = static_cast<std::int32_t>(below(luck_of(9, n), below(luck_of(10, n), servers) + 1));
      const auto channel = static_cast<std::int32_t>(below(luck_of(11, n), 3));
      const auto found = expected.find({server, channel});
      const std::int32_t index = found == expected.end() ? OpenedConnections::kNone : found->second;
      REQUIRE(connections.find(server, Channel(channel), 0) == index);
      if (found != expected.end()) continue;
      connections.add(server, Channel(channel), 0, static_cast<std::int32_t>(n));
      expected[{server, channel}] = static_cast<std::int32_t>(n);
    }
    for (const auto& [key, index] : expected) CHECK(connections.find(key.first, Channel(key.second), 0) == index);
    CHECK(connections.find(100'000, Channel(0), 0) == OpenedConnections::kNone);
  }
}

}  // namespace nutshell

#include "sim/command/run_load.h"

#include <algorithm>
#include <map>
#include <set>

#include "sim/cluster/zones.h"

namespace nutshell {

StoredLoad stored_in(const World& world) {
  std::map<TopicPartition, StoredLoad> longest;
  for (const Broker& broker : world.brokers) {
    for (const Replica& replica : broker.replicas) {
      if (world.fabric.names[replica.tp.topic] == kOffsetsTopic) continue;
      const Log& log = replica.log;
      const std::int64_t there = log.log_end_offset() - log.log_start_offset();
      if (log.log_end_offset() < longest[replica.tp].records || there == 0) continue;
      // What retention has deleted was as large as what is left.
      const auto bytes = static_cast<std::int64_t>(static_cast<__int128>(log.size_in_bytes()) * log.log_end_offset() / there);
      longest[replica.tp] = {log.log_end_offset(), bytes};
    }
  }
  StoredLoad all;
  for (const auto& [tp, each] : longest) {
    all.records += each.records;
    all.bytes += each.bytes;
  }
  return all;
}

Load load_of_run(const World& world) {
  Load load;
  const StoredLoad stored = stored_in(world);
  if (stored.records > 0) load.message_bytes = std::max<std::int64_t>(1, stored.bytes / stored.records);
  load.bytes_per_second = static_cast<std::int64_t>(static_cast<__int128>(stored.bytes) * kSecond / std::max<Time>(world.now(), 1));
  std::set<GroupId> groups;
  for (const Consumer& each : world.consumers) groups.insert(each.spec.group);
  load.services = static_cast<std::int64_t>(groups.size());
  std::map<TopicPartition, std::int64_t> copies;
  for (const Broker& broker : world.brokers)
    for (const Replica& replica : broker.replicas)
      if (world.fabric.names[replica.tp.topic] != kOffsetsTopic) copies[replica.tp] += 1;
  load.copies = 1;
  for (const auto& [tp, each] : copies) load.copies = std::max(load.copies, each);
  const auto zones = static_cast<std::int64_t>(zone_names(world).size());
  load.zones = std::max<std::int64_t>(zones, 1);
  const ZoneFlow flow = total_flow(world);
  if (zones > 1 && stored.bytes > 0) load.counted = CountedTraffic{stored.bytes, flow.produce, flow.replicate, flow.consume, flow.other};
  return load;
}

}  // namespace nutshell

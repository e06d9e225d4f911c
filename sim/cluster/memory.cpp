// How much memory a copy of a world takes: what a checkpoint costs, once the world has been written to everywhere. An
// estimate: a copy of a vector has no room to spare; of logs only what copies do not share.
#include <algorithm>

#include "sim/cluster/plain_processes.h"
#include "sim/cluster/world.h"

namespace nutshell {

namespace {

template <class T>
std::size_t bytes(const std::vector<T>& vector) {
  return vector.size() * sizeof(T);
}

template <class T>
std::size_t bytes(const Fifo<T>& list) {
  return list.size() * sizeof(T);
}

std::size_t bytes(const Raft& raft) {
  return raft.log.copy_bytes() + bytes(raft.snapshots) + bytes(raft.gathered) + bytes(raft.progress) + bytes(raft.parked);
}

// What processes share counts once.
class Images {
 public:
  std::size_t bytes_of(const MetadataImage& image) {
    if (std::find(seen_.begin(), seen_.end(), image.identity()) != seen_.end()) return 0;
    seen_.push_back(image.identity());
    std::size_t total = bytes(image.brokers()) + bytes(image.topics());
    for (const auto& topic : image.topics()) {
      if (std::find(seen_.begin(), seen_.end(), topic.get()) != seen_.end()) continue;
      seen_.push_back(topic.get());
      total += sizeof(TopicRegistration) + topic->partitions.chunk_bytes();
    }
    return total;
  }
  std::size_t bytes_of(const Raft& raft) {
    std::size_t total = 0;
    for (const MetadataSnapshot& each : raft.snapshots) total += bytes_of(each.image);
    return total;
  }

 private:
  std::vector<const void*> seen_;
};

std::size_t bytes(const Broker& broker) {
  std::size_t total = bytes(broker.raft) + bytes(broker.replicas) + broker.replica_keys.memory_bytes() +
                      bytes(broker.disk_writes) + bytes(broker.deleted_files) + broker.fetchers.memory_bytes() + bytes(broker.produces) +
                      bytes(broker.fetches) + bytes(broker.groups.groups);
  for (const Replica& each : broker.replicas)
    total += each.log.copy_bytes() + bytes(each.followers);
  for (const Fetcher& each : broker.fetchers) total += bytes(each.partitions);
  for (const ParkedFetch& each : broker.fetches) total += bytes(each.fetch.partitions);
  return total;
}

std::size_t bytes(const Fabric& fabric) {
  std::size_t total = fabric.queue.memory_bytes() + bytes(fabric.nodes) + bytes(fabric.connections) + bytes(fabric.messages) +
                      bytes(fabric.network.links);
  for (const Node& each : fabric.nodes) total += each.connections.copy_bytes();
  for (const Connection& each : fabric.connections)
    total += each.in_flight.heap_bytes() + each.server_ends.heap_bytes() + bytes(each.unsent);
  for (const Message& each : fabric.messages) total += each.body.memory_bytes();
  return total;
}

}  // namespace

std::size_t World::copy_bytes() const {
  std::size_t total = sizeof(World) + bytes(fabric) + bytes(brokers) + bytes(controllers) + bytes(producers) + bytes(consumers);
  total += commons.store.records.copy_bytes() + commons.store.group_records.copy_bytes();
  Images images;
  for (const Broker& each : brokers) total += bytes(each) + images.bytes_of(each.image) + images.bytes_of(each.raft);
  for (const Controller& each : controllers)
    total += bytes(each.raft) + images.bytes_of(each.image) + images.bytes_of(each.working) + images.bytes_of(each.raft);
  for (const Producer& each : producers) total += bytes(each.queues) + bytes(each.metadata.partitions);
  for (const Consumer& each : consumers) total += bytes(each.owned) + bytes(each.metadata.partitions);
  return total;
}

}  // namespace nutshell

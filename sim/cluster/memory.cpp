// How much memory a copy of a world takes: what a checkpoint costs, once the world has been written to everywhere. An
// estimate: a copy of a vector has no room to spare; of logs and topics only what copies do not share.
#include "sim/cluster/world.h"

namespace nutshell {

namespace {

template <class T>
std::size_t bytes(const std::vector<T>& vector) {
  return vector.size() * sizeof(T);
}

std::size_t bytes(const Raft& raft) {
  return raft.log.copy_bytes() + bytes(raft.gathered) + bytes(raft.progress) + bytes(raft.parked);
}

std::size_t bytes(const MetadataImage& image) {
  return bytes(image.brokers()) + bytes(image.topics());  // what the topics are, copies share
}

std::size_t bytes(const Broker& broker) {
  std::size_t total = bytes(broker.raft) + bytes(broker.image) + bytes(broker.replicas) + broker.replica_keys.memory_bytes() +
                      bytes(broker.disk_writes) + bytes(broker.deleted_files) + bytes(broker.fetchers) + bytes(broker.produces) +
                      bytes(broker.fetches) + bytes(broker.groups.groups);
  for (const Replica& each : broker.replicas)
    total += each.log.copy_bytes() + bytes(each.followers);
  for (const Fetcher& each : broker.fetchers) total += bytes(each.partitions);
  for (const ParkedFetch& each : broker.fetches) total += bytes(each.fetch.partitions);
  return total;
}

std::size_t bytes(const Fabric& fabric) {
  std::size_t total = fabric.queue.memory_bytes() + bytes(fabric.nodes) + bytes(fabric.connections) + bytes(fabric.messages) +
                      fabric.store.records.copy_bytes() + fabric.store.group_records.copy_bytes() + bytes(fabric.network.links);
  for (const Connection& each : fabric.connections) total += bytes(each.in_flight) + bytes(each.server_ends) + bytes(each.unsent);
  return total;
}

}  // namespace

std::size_t World::copy_bytes() const {
  std::size_t total = sizeof(World) + bytes(fabric) + bytes(brokers) + bytes(controllers) + bytes(producers) + bytes(consumers);
  for (const Broker& each : brokers) total += bytes(each);
  for (const Controller& each : controllers) total += bytes(each.raft) + bytes(each.image) + bytes(each.working);
  for (const Producer& each : producers) total += bytes(each.queues) + bytes(each.metadata.partitions);
  for (const Consumer& each : consumers) total += bytes(each.owned) + bytes(each.metadata.partitions);
  return total;
}

}  // namespace nutshell

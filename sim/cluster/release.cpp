#include "sim/cluster/release.h"

#include "sim/cluster/plain_processes.h"

#include <algorithm>

namespace nutshell {

namespace {

// The chunks of the record store in which somebody's records stand.
class HeldRecords {
 public:
  static constexpr std::size_t kGroupChunk = decltype(RecordStore::group_records)::kChunk;
  std::vector<bool> records, group_records;

  explicit HeldRecords(const RecordStore& store)
      : records(store.records.size() / Records::kChunk + 1), group_records(store.group_records.size() / kGroupChunk + 1), store_(store) {}

  void hold(std::int64_t first, std::int64_t count) {
    if (first < 0 || count <= 0) return;
    const auto from = static_cast<std::size_t>(first) / Records::kChunk;
    const auto to = static_cast<std::size_t>(first + count - 1) / Records::kChunk;
    for (std::size_t chunk = from; chunk <= to; ++chunk) records[chunk] = true;
  }
  void hold(const std::vector<Batch>& batches) {
    for (const Batch& each : batches) hold(each.first_record, each.count);
  }
  void hold(const Log& log) {
    for (const Segment& segment : log.segments())
      for (const Batch& each : segment.batches) hold(each.first_record, each.count);
  }
  // Of a topic that the group coordinator writes.
  void hold_group_records(const Log& log) {
    for (const Batch& batch : log.batches())
      for_each_record(store_.records, batch, [&](Offset, const Record& record) {
        if (record.producer == kNoNode) group_records[static_cast<std::size_t>(record.serial) / kGroupChunk] = true;
      });
  }
  void hold(const Body& body) {
    if (const auto* produce = body.get_if<ProduceRequest>())
      for (const ProducePartition& part : produce->partitions) hold(part.batch.first_record, part.batch.count);
    if (const auto* fetched = body.get_if<FetchResponse>()) hold(fetched->batches);
  }
  void hold(const Consumer& consumer) {
    for (const OwnedPartition& each : consumer.owned) hold(each.buffer);
    for (const Producer& each : consumer.handling.dead_letters) hold(each);
  }
  void hold(const Producer& producer) {
    for (const ProducerQueue& queue : producer.queues)
      for (std::size_t i = 0; i < queue.waiting.size(); ++i) hold(queue.waiting[i].first_record, queue.waiting[i].count);
    for (const InFlightBatch& each : producer.in_flight) hold(each.batch.first_record, each.batch.count);
  }

 private:
  const RecordStore& store_;
};

void hold_all(const World& world, HeldRecords& held) {
  const std::int32_t offsets_topic = world.fabric.names.find(kOffsetsTopic);
  for (const Broker& broker : world.brokers) {
    for (const Replica& each : broker.replicas) {
      held.hold(each.log);
      if (each.tp.topic == offsets_topic) held.hold_group_records(each.log);
    }
    for (const Replica& each : broker.snapshot) {
      held.hold(each.log);
      if (each.tp.topic == offsets_topic) held.hold_group_records(each.log);
    }
    for (const DiskWrite& each : broker.disk_writes) held.hold(each.body);
  }
  for (const Message& each : world.fabric.messages) held.hold(each.body);
  for (const Connection& connection : world.fabric.connections)
    for (const UnsentRequest& each : connection.unsent) held.hold(each.body);
  for (const Producer& each : world.producers) held.hold(each);
  for (const Consumer& each : world.consumers) held.hold(each);
  world.plain.each_client([&held](const auto& client) { held.hold(client); });
}

}  // namespace

void release_records(World& world) {
  RecordStore& store = world.commons.store;
  HeldRecords held(store);
  hold_all(world, held);
  store.records.release(held.records);
  store.group_records.release(held.group_records);
  const auto chunks = static_cast<std::uint64_t>(std::count(held.records.begin(), held.records.end(), true));
  // Where everything is kept, to look again soon would be in vain.
  const std::uint64_t patience = chunks + 1 >= held.records.size() ? 3 : 1;
  store.look_at = store.records.size() + std::max(RecordStore::kFirstLook, patience * chunks * Records::kChunk);
}

}  // namespace nutshell

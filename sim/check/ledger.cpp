#include "sim/check/ledger.h"

#include <algorithm>
#include <utility>

#include "sim/core/require.h"

namespace nutshell {

namespace {

template <class Entry, class Key>
Entry& find_or_add(std::vector<Entry>& entries, Key Entry::*member, Key key) {
  for (Entry& each : entries)
    if (each.*member == key) return each;
  entries.emplace_back();
  entries.back().*member = key;
  return entries.back();
}

}  // namespace

const PartitionLedger* Ledger::find(TopicPartition tp) const {
  const auto topic = static_cast<std::size_t>(tp.topic);
  if (tp.topic < 0 || tp.partition < 0 || topic >= topics.size() || tp.partition >= topics[topic].count) return nullptr;
  return &partitions[static_cast<std::size_t>(topics[topic].first + tp.partition)];
}

// A topic that grows moves to the end, so that its partitions stay side by side. The places that it leaves are empty.
void Ledger::open(TopicId topic, std::int32_t count) {
  const auto index = static_cast<std::size_t>(topic);
  if (index >= topics.size()) topics.resize(index + 1);
  TopicPlace& place = topics[index];
  if (count <= place.count) return;
  const TopicPlace grown{static_cast<std::int32_t>(partitions.size()), count};
  partitions.resize(partitions.size() + static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    PartitionLedger& fresh = partitions[static_cast<std::size_t>(grown.first + i)];
    if (i < place.count) std::swap(fresh, partitions[static_cast<std::size_t>(place.first + i)]);
    fresh.tp = {topic, i};
  }
  place = grown;
}

void Ledger::forget(TopicId topic) {
  const auto is_of_it = [topic](const auto& each) { return each.tp.topic == topic; };
  if (topic < static_cast<TopicId>(topics.size())) {
    const TopicPlace place = topics[static_cast<std::size_t>(topic)];
    for (std::int32_t i = 0; i < place.count; ++i) {
      PartitionLedger fresh;
      fresh.tp = {topic, i};
      partitions[static_cast<std::size_t>(place.first + i)] = std::move(fresh);
    }
  }
  for (ConsumerLedger& each : consumers) std::erase_if(each.readings, is_of_it);
  for (GroupLedger& each : groups) std::erase_if(each.partitions, is_of_it);
}

ProducerLedger& Ledger::of_producer(NodeId node) { return find_or_add(producers, &ProducerLedger::node, node); }
ConsumerLedger& Ledger::of_consumer(NodeId node) { return find_or_add(consumers, &ConsumerLedger::node, node); }
GroupLedger& Ledger::of_group(GroupId group) { return find_or_add(groups, &GroupLedger::group, group); }

GroupPartition& partition_of(GroupLedger& group, TopicPartition tp) {
  const auto place = std::lower_bound(group.partitions.begin(), group.partitions.end(), tp,
                                      [](const GroupPartition& each, TopicPartition wanted) { return each.tp < wanted; });
  if (place != group.partitions.end() && place->tp == tp) return *place;
  GroupPartition fresh;
  fresh.tp = tp;
  return *group.partitions.insert(place, fresh);
}

std::size_t Ledger::copy_bytes() const {
  std::size_t bytes = topics.capacity() * sizeof(TopicPlace) + partitions.capacity() * sizeof(PartitionLedger);
  for (const PartitionLedger& each : partitions)
    bytes += each.acked.copy_bytes() + each.delivered.copy_bytes() + each.elected.capacity() * sizeof(Elected) +
             each.serials.capacity() * sizeof(LastSerial);
  for (const ConsumerLedger& each : consumers) bytes += sizeof each + each.readings.capacity() * sizeof(Reading);
  for (const GroupLedger& each : groups) bytes += sizeof each + each.partitions.capacity() * sizeof(GroupPartition);
  return bytes + producers.capacity() * sizeof(ProducerLedger) + metadata.copy_bytes();
}

}  // namespace nutshell

#include "sim/kafka/metadata.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell {

const BrokerRegistration* MetadataImage::broker(BrokerId id) const {
  for (const BrokerRegistration& each : brokers_)
    if (each.id == id) return &each;
  return nullptr;
}

bool MetadataImage::active(BrokerId id) const {
  const BrokerRegistration* found = broker(id);
  return found && !found->fenced && !found->in_controlled_shutdown;
}

const TopicRegistration* MetadataImage::topic(TopicId topic) const {
  if (topic < 0 || topic >= static_cast<std::int32_t>(topic_index_.size())) return nullptr;
  const std::int32_t index = topic_index_[static_cast<std::size_t>(topic)];
  return index < 0 ? nullptr : topics_[static_cast<std::size_t>(index)].get();
}

const PartitionRegistration* MetadataImage::partition(TopicPartition tp) const {
  const TopicRegistration* found = topic(tp.topic);
  if (!found || tp.partition < 0 || tp.partition >= static_cast<std::int32_t>(found->partitions.size())) return nullptr;
  return &found->partitions[static_cast<std::size_t>(tp.partition)];
}

TopicRegistration& MetadataImage::change(TopicId topic) {
  const std::int32_t index = topic_index_[static_cast<std::size_t>(topic)];
  std::shared_ptr<const TopicRegistration>& slot = topics_[static_cast<std::size_t>(index)];
  if (slot.use_count() != 1) slot = std::make_shared<const TopicRegistration>(*slot);
  return const_cast<TopicRegistration&>(*slot);  // nobody else sees this copy
}

void MetadataImage::apply(Offset offset, const MetadataRecord& record) {
  NUTSHELL_REQUIRE(offset == end_offset_);
  end_offset_ = offset + 1;
  if (const auto* registered = std::get_if<RegisterBrokerRecord>(&record)) {
    const auto at = std::lower_bound(brokers_.begin(), brokers_.end(), registered->id,
                                     [](const BrokerRegistration& each, BrokerId id) { return each.id < id; });
    const BrokerRegistration fresh{registered->id, registered->node, registered->incarnation, offset, true, false};
    if (at != brokers_.end() && at->id == registered->id) *at = fresh;
    else brokers_.insert(at, fresh);
  } else if (const auto* changed = std::get_if<BrokerRegistrationChangeRecord>(&record)) {
    for (BrokerRegistration& each : brokers_) {
      if (each.id != changed->id) continue;
      each.fenced = changed->fenced;
      each.in_controlled_shutdown = changed->in_controlled_shutdown;
    }
  } else if (const auto* topic = std::get_if<TopicRecord>(&record)) {
    if (topic->topic >= static_cast<std::int32_t>(topic_index_.size()))
      topic_index_.resize(static_cast<std::size_t>(topic->topic) + 1, -1);
    topic_index_[static_cast<std::size_t>(topic->topic)] = static_cast<std::int32_t>(topics_.size());
    TopicRegistration fresh;
    fresh.topic = topic->topic;
    topics_.push_back(std::make_shared<const TopicRegistration>(std::move(fresh)));
  } else if (const auto* config = std::get_if<TopicConfigRecord>(&record)) {
    change(config->topic).config = config->config;
  } else if (const auto* partition = std::get_if<PartitionRecord>(&record)) {
    auto& partitions = change(partition->tp.topic).partitions;
    const auto index = static_cast<std::size_t>(partition->tp.partition);
    if (index >= partitions.size()) partitions.resize(index + 1);
    partitions[index] = partition->state;
  } else if (const auto* ids = std::get_if<ProducerIdsRecord>(&record)) {
    next_producer_id_ = ids->next_producer_id;
  }
}

void MetadataImage::fold_into(std::uint64_t& digest) const {
  fold(digest, end_offset_);
  fold(digest, next_producer_id_);
  fold(digest, brokers_);
  for (const auto& each : topics_) fold(digest, *each);
}

std::int32_t effective_min_isr(std::int64_t min_insync_replicas, const BrokerList& replicas) {
  return static_cast<std::int32_t>(std::min<std::int64_t>(min_insync_replicas, static_cast<std::int64_t>(replicas.size())));
}

}  // namespace nutshell

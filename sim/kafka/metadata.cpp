#include "sim/kafka/metadata.h"

#include <algorithm>
#include <utility>

#include "sim/core/require.h"

namespace nutshell {

PartitionTable::Chunk& PartitionTable::own(std::size_t chunk) {
  std::shared_ptr<const Chunk>& slot = chunks_[chunk];
  if (slot.use_count() != 1) {
    auto copy = std::make_shared<Chunk>();
    copy->reserve(std::min(kChunk, slot->size() + slot->size() / 2 + 1));
    *copy = *slot;
    slot = std::move(copy);
  }
  return const_cast<Chunk&>(*slot);  // nobody else sees this copy
}

void PartitionTable::set(std::size_t index, const PartitionRegistration& state) {
  while (size_ <= index) {
    if (size_ % kChunk == 0) chunks_.push_back(std::make_shared<const Chunk>());
    own(size_ / kChunk).emplace_back();
    ++size_;
  }
  own(index / kChunk)[index % kChunk] = state;
}

void PartitionTable::fold_into(std::uint64_t& digest) const {
  digest = mix(digest, size_);
  for (std::size_t i = 0; i < size_; ++i) fold(digest, (*this)[i]);
}

std::size_t PartitionTable::chunk_bytes() const {
  std::size_t bytes = 0;
  for (const auto& each : chunks_) bytes += each->capacity() * sizeof(PartitionRegistration);
  return bytes;
}

// Every image begins with this one.
const std::shared_ptr<MetadataImage::State>& MetadataImage::nothing() {
  static const auto kNothing = std::make_shared<State>();
  return kNothing;
}

MetadataImage::State& MetadataImage::own() {
  if (state_.use_count() != 1) state_ = std::make_shared<State>(*state_);
  return *state_;
}

const BrokerRegistration* MetadataImage::broker(BrokerId id) const {
  const auto& all = brokers();
  const auto at = std::lower_bound(all.begin(), all.end(), id,
                                   [](const BrokerRegistration& each, BrokerId wanted) { return each.id < wanted; });
  return at != all.end() && at->id == id ? &*at : nullptr;
}

bool MetadataImage::active(BrokerId id) const {
  const BrokerRegistration* found = broker(id);
  return found && !found->fenced && !found->in_controlled_shutdown;
}

const PartitionRegistration* MetadataImage::partition(TopicPartition tp) const {
  const TopicRegistration* found = topic(tp.topic);
  if (!found || tp.partition < 0 || tp.partition >= static_cast<std::int32_t>(found->partitions.size())) return nullptr;
  return &found->partitions[static_cast<std::size_t>(tp.partition)];
}

namespace {

template <class Directories>
auto place_of(Directories& all, TopicPartition tp, BrokerId broker) {
  return std::lower_bound(all.begin(), all.end(), std::pair(tp, broker.number), [](const ReplicaDirectory& each, const auto& wanted) {
    return std::pair(each.tp, each.broker.number) < wanted;
  });
}

}  // namespace

std::int32_t MetadataImage::directory(TopicPartition tp, BrokerId broker) const {
  const auto found = place_of(state_->directories, tp, broker);
  return found != state_->directories.end() && found->tp == tp && found->broker == broker ? found->directory : 0;
}

bool MetadataImage::directory_online(TopicPartition tp, BrokerId id) const {
  const BrokerRegistration* registered = broker(id);
  return !registered || registered->offline == 0 || !has_directory(registered->offline, directory(tp, id));
}

// REQUIRES there is such a topic.
void MetadataImage::remove(TopicId topic) {
  State& state = own();
  const auto name = static_cast<std::size_t>(topic);
  const std::int32_t gone = state.topic_index[name];
  std::erase_if(state.directories, [topic](const ReplicaDirectory& each) { return each.tp.topic == topic; });
  state.topics.erase(state.topics.begin() + gone);
  state.topic_index[name] = -1;
  for (std::int32_t& each : state.topic_index)
    if (each > gone) each -= 1;
  if (name >= state.removed.size()) state.removed.resize(name + 1);
  state.removed[name].number += 1;
}

TopicRegistration& MetadataImage::change(TopicId topic) {
  State& state = own();
  const std::int32_t index = state.topic_index[static_cast<std::size_t>(topic)];
  std::shared_ptr<const TopicRegistration>& slot = state.topics[static_cast<std::size_t>(index)];
  if (slot.use_count() != 1) slot = std::make_shared<const TopicRegistration>(*slot);
  return const_cast<TopicRegistration&>(*slot);  // nobody else sees this copy
}

void MetadataImage::apply(Offset offset, const MetadataRecord& record) {
  NUTSHELL_REQUIRE(offset == end_offset());
  State& state = own();
  state.end_offset = offset + 1;
  if (const auto* registered = std::get_if<RegisterBrokerRecord>(&record)) {
    auto& brokers = state.brokers;
    const auto at = std::lower_bound(brokers.begin(), brokers.end(), registered->id,
                                     [](const BrokerRegistration& each, BrokerId id) { return each.id < id; });
    const BrokerRegistration fresh{registered->id, registered->node, registered->incarnation, offset, true, false,
                                   registered->offline, registered->rack};
    if (at != brokers.end() && at->id == registered->id) *at = fresh;
    else brokers.insert(at, fresh);
  } else if (const auto* changed = std::get_if<BrokerRegistrationChangeRecord>(&record)) {
    for (BrokerRegistration& each : state.brokers) {
      if (each.id != changed->id) continue;
      each.fenced = changed->fenced;
      each.in_controlled_shutdown = changed->in_controlled_shutdown;
    }
  } else if (const auto* topic = std::get_if<TopicRecord>(&record)) {
    if (topic->topic >= static_cast<std::int32_t>(state.topic_index.size()))
      state.topic_index.resize(static_cast<std::size_t>(topic->topic) + 1, -1);
    state.topic_index[static_cast<std::size_t>(topic->topic)] = static_cast<std::int32_t>(state.topics.size());
    TopicRegistration fresh;
    fresh.topic = topic->topic;
    fresh.incarnation = incarnation(topic->topic);
    state.topics.push_back(std::make_shared<const TopicRegistration>(std::move(fresh)));
  } else if (const auto* config = std::get_if<TopicConfigRecord>(&record)) {
    change(config->topic).config = config->config;
  } else if (const auto* partition = std::get_if<PartitionRecord>(&record)) {
    change(partition->tp.topic).partitions.set(static_cast<std::size_t>(partition->tp.partition), partition->state);
  } else if (const auto* ids = std::get_if<ProducerIdsRecord>(&record)) {
    state.next_producer_id = ids->next_producer_id;
  } else if (const auto* gone = std::get_if<RemoveTopicRecord>(&record)) {
    remove(gone->topic);
  } else if (const auto* offline = std::get_if<DirectoriesOfflineRecord>(&record)) {
    for (BrokerRegistration& each : state.brokers)
      if (each.id == offline->id) each.offline = offline->offline;
  } else if (const auto* placed = std::get_if<ReplicaDirectoryRecord>(&record)) {
    const auto at = place_of(state.directories, placed->placed.tp, placed->placed.broker);
    if (at != state.directories.end() && at->tp == placed->placed.tp && at->broker == placed->placed.broker) *at = placed->placed;
    else state.directories.insert(at, placed->placed);
  }
}

std::int64_t MetadataImage::records() const {
  std::size_t count = brokers().size() + state_->directories.size() + (next_producer_id() > 0 ? 1 : 0);
  for (const auto& each : topics()) count += 2 + each->partitions.size();  // its name, its configuration
  return static_cast<std::int64_t>(count);
}

void MetadataImage::fold_into(std::uint64_t& digest) const {
  fold(digest, state_->end_offset);
  fold(digest, state_->next_producer_id);
  fold(digest, state_->brokers);
  for (const auto& each : state_->topics) fold(digest, *each);
  for (const ReplicaDirectory& each : state_->directories) fold(digest, each);
}

void SharedImages::bring(MetadataImage& image, const MetadataLog& log, Offset end) {
  if (image.end_offset() >= end) return;
  const Epoch last_epoch = log[static_cast<std::size_t>(end - 1)].epoch;
  for (const Known& each : known_) {
    if (each.image.end_offset() != end || each.last_epoch != last_epoch) continue;
    image = each.image;
    return;
  }
  for (Offset offset = image.end_offset(); offset < end; ++offset) image.apply(offset, log[static_cast<std::size_t>(offset)].record);
  offer(image, last_epoch);
}

void SharedImages::offer(const MetadataImage& image, Epoch last_epoch) {
  if (known_.size() == kKept) known_.erase(known_.begin());
  known_.push_back({last_epoch, image});
}

const SharedStretches::Stretch& SharedStretches::stretch(const MetadataLog& log, Offset first, Offset end) {
  const Epoch last_epoch = log[static_cast<std::size_t>(end - 1)].epoch;
  for (const auto& each : known_)
    if (each->first == first && each->end == end && each->last_epoch == last_epoch) return *each;
  Stretch fresh{first, end, last_epoch, {}, {}};
  for (Offset offset = first; offset < end; ++offset) {
    const auto* partition = std::get_if<PartitionRecord>(&log[static_cast<std::size_t>(offset)].record);
    if (!partition) fresh.of_all.push_back(offset);
    else for (std::int16_t broker : partition->state.replicas) fresh.of_partitions.emplace_back(broker, offset);
  }
  std::sort(fresh.of_partitions.begin(), fresh.of_partitions.end());
  if (known_.size() == kKept) known_.erase(known_.begin());
  known_.push_back(std::make_shared<const Stretch>(std::move(fresh)));
  return *known_.back();
}

std::vector<Offset> SharedStretches::concerning(BrokerId broker, const MetadataLog& log, Offset first, Offset end) {
  std::vector<Offset> offsets;
  if (end - first < kShort) {
    for (Offset offset = first; offset < end; ++offset) offsets.push_back(offset);
    return offsets;
  }
  const Stretch& known = stretch(log, first, end);
  offsets = known.of_all;
  const auto own = static_cast<std::int16_t>(broker);
  auto at = std::lower_bound(known.of_partitions.begin(), known.of_partitions.end(), std::pair(own, Offset{0}));
  for (; at != known.of_partitions.end() && at->first == own; ++at) offsets.push_back(at->second);
  std::inplace_merge(offsets.begin(), offsets.begin() + static_cast<std::ptrdiff_t>(known.of_all.size()), offsets.end());
  return offsets;
}

std::int32_t effective_min_isr(std::int64_t min_insync_replicas, const BrokerList& replicas) {
  return static_cast<std::int32_t>(std::min<std::int64_t>(min_insync_replicas, static_cast<std::int64_t>(replicas.size())));
}

}  // namespace nutshell

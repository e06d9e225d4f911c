#include "sim/kafka/producer_batches.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell {

void BatchQueue::push_front(const ProducerBatch& batch) {
  if (head_ == 0) {
    const std::size_t free_places = std::max<std::size_t>(4, items_.size());
    items_.insert(items_.begin(), free_places, ProducerBatch{});
    head_ = free_places;
  }
  items_[--head_] = batch;
}

void BatchQueue::insert(std::size_t index, const ProducerBatch& batch) {
  NUTSHELL_REQUIRE(index <= size());
  push_front(batch);
  const auto from = items_.begin() + static_cast<std::ptrdiff_t>(head_);
  std::rotate(from, from + 1, from + 1 + static_cast<std::ptrdiff_t>(index));
}

ProducerBatch BatchQueue::pop_front() {
  NUTSHELL_REQUIRE(!empty());
  const ProducerBatch batch = items_[head_++];
  if (head_ == items_.size()) {
    items_.clear();
    head_ = 0;
  } else if (head_ >= 64 && head_ * 2 >= items_.size()) {
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return batch;
}

void BatchQueue::fold_into(std::uint64_t& digest) const {
  digest = mix(digest, size());
  for (std::size_t i = head_; i < items_.size(); ++i) fold(digest, items_[i]);
}

}  // namespace nutshell

// A list of which one element is usual and more are rare: the one lies inside its owner, and more of them on the heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/core/digest.h"

namespace nutshell {

// T must be default constructible and movable.
template <class T>
class Few {
 public:
  std::size_t size() const { return more_.empty() ? one_held_ : more_.size(); }
  bool empty() const { return size() == 0; }
  T* begin() { return more_.empty() ? &one_ : more_.data(); }
  T* end() { return begin() + size(); }
  const T* begin() const { return more_.empty() ? &one_ : more_.data(); }
  const T* end() const { return begin() + size(); }
  T& back() { return end()[-1]; }

  void push_back(T value) {
    if (more_.empty() && one_held_ == 0) {
      one_ = std::move(value);
      one_held_ = 1;
      return;
    }
    if (more_.empty()) {
      more_.push_back(std::move(one_));
      one_ = T();
      one_held_ = 0;
    }
    more_.push_back(std::move(value));
  }
  // REQUIRES `at` is in [begin(), end()).
  void erase(T* at) {
    if (!more_.empty()) {
      more_.erase(more_.begin() + (at - more_.data()));
      return;
    }
    one_ = T();
    one_held_ = 0;
  }
  void clear() { *this = Few(); }
  // What it owns on the heap.
  std::size_t heap_bytes() const { return more_.size() * sizeof(T); }

  // Folded as a vector is.
  void fold_into(std::uint64_t& digest) const {
    digest = mix(digest, size());
    for (const T& each : *this) fold(digest, each);
  }

 private:
  T one_{};                    // if more_ is empty
  std::size_t one_held_ = 0;
  std::vector<T> more_;        // all, while it is not empty
};

}  // namespace nutshell

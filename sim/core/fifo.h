// A list that grows at its end and is mostly taken from at its front, as what waits for a time that is the same for all. Either
// takes no longer with many elements than with few; elsewhere the elements of the shorter side move up.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/require.h"

namespace nutshell {

// T must be default constructible and movable.
template <class T>
class Fifo {
 public:
  std::size_t size() const { return places_.size() - first_; }
  bool empty() const { return size() == 0; }
  T& operator[](std::size_t index) { return places_[first_ + index]; }
  const T& operator[](std::size_t index) const { return places_[first_ + index]; }
  auto begin() { return places_.begin() + static_cast<std::ptrdiff_t>(first_); }
  auto end() { return places_.end(); }
  auto begin() const { return places_.begin() + static_cast<std::ptrdiff_t>(first_); }
  auto end() const { return places_.end(); }

  void push_back(T value) {
    if (places_.size() == places_.capacity() && first_ > places_.size() / 2) {  // there is room in front
      places_.erase(places_.begin(), begin());
      first_ = 0;
    }
    places_.push_back(std::move(value));
  }

  // REQUIRES index < size().
  T take(std::size_t index) {
    NUTSHELL_REQUIRE(index < size());
    const auto at = begin() + static_cast<std::ptrdiff_t>(index);
    T taken = std::move(*at);
    if (index <= size() / 2) {
      std::move_backward(begin(), at, at + 1);
      *begin() = T();  // what it was takes no memory here
      ++first_;
    } else {
      places_.erase(at);
    }
    if (empty()) {
      places_.clear();
      first_ = 0;
    }
    return taken;
  }

  // Folded as a vector is.
  void fold_into(std::uint64_t& digest) const {
    digest = mix(digest, size());
    for (const T& each : *this) fold(digest, each);
  }

 private:
  std::vector<T> places_;
  std::size_t first_ = 0;  // those before it are taken
};

}  // namespace nutshell

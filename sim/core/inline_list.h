// A short list that lives inside its owner: no allocation, trivially copyable.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "sim/core/digest.h"
#include "sim/core/require.h"

namespace nutshell {

// At most Capacity elements; going beyond is a fault of the caller, who checks sizes at the door.
template <class T, std::size_t Capacity>
class InlineList {
 public:
  InlineList() = default;
  InlineList(std::initializer_list<T> values) { for (T value : values) push_back(value); }

  void push_back(T value) {
    NUTSHELL_REQUIRE(count_ < Capacity);
    items_[count_++] = value;
  }
  bool contains(T value) const { return std::find(begin(), end(), value) != end(); }
  // Removes the value if it is there; the order of the others stays.
  void remove(T value) {
    auto* last = std::remove(items_.data(), items_.data() + count_, value);
    count_ = static_cast<std::uint8_t>(last - items_.data());
  }
  void clear() { count_ = 0; }
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  T operator[](std::size_t index) const { return items_[index]; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + count_; }

  friend bool operator==(const InlineList& a, const InlineList& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  void fold_into(std::uint64_t& digest) const {
    digest = mix(digest, count_);
    for (T value : *this) fold(digest, value);
  }

 private:
  std::array<T, Capacity> items_{};
  std::uint8_t count_ = 0;
};

}  // namespace nutshell

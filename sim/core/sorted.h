// Finding a number among sorted ones that are looked up by the million.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace nutshell {

// The first of [from, to) whose key is not below `key`; `key_of` gives an entry's, and they rise. Of many it is looked for
// where it would stand if they were spread evenly, and from there on in strides that double: halving all of them would look
// into more memory, and each half is a guess that a processor gets wrong every other time.
template <class Iterator, class KeyOf>
Iterator place_among(Iterator from, Iterator to, std::uint64_t key, KeyOf key_of) {
  constexpr std::uint64_t kWidest = std::uint64_t{1} << 40;  // what is multiplied below fits
  std::ptrdiff_t stride = 4;
  if (to - from > 4 * stride && key_of(*from) < key && key < key_of(to[-1]) && key_of(to[-1]) - key_of(*from) < kWidest) {
    const std::uint64_t last = static_cast<std::uint64_t>(to - from) - 1;
    const auto guess = from + static_cast<std::ptrdiff_t>((key - key_of(*from)) * last / (key_of(to[-1]) - key_of(*from)));
    if (key_of(*guess) < key) {
      for (from = guess; to - from > stride && key_of(from[stride]) < key; stride *= 2) from += stride;
      if (to - from > stride) to = from + stride;
    } else {
      for (to = guess; to - from > stride && key_of(to[-stride]) >= key; stride *= 2) to -= stride;
      if (to - from > stride) from = to - stride;
    }
  }
  return std::lower_bound(from, to, key, [&](const auto& each, std::uint64_t wanted) { return key_of(each) < wanted; });
}

}  // namespace nutshell

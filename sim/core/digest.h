// A 64-bit digest of values: equal values give equal digests in every build, because only integers
// of fixed width and bytes enter it, field by field, in the order of the field lists.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/types.h"

namespace nutshell {

// Mixes one word into a digest. One multiplication: folding an event costs about a nanosecond.
constexpr std::uint64_t mix(std::uint64_t digest, std::uint64_t word) {
  std::uint64_t x = (digest ^ word) * 0x9e3779b97f4a7c15ull;
  return x ^ (x >> 29);
}

// A full avalanche of one word (the finaliser of SplitMix64, Steele et al. 2014).
constexpr std::uint64_t avalanche(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

template <class T>
void fold(std::uint64_t& digest, const T& value);

inline void fold_bytes(std::uint64_t& digest, std::string_view bytes) {
  digest = mix(digest, bytes.size());
  for (char c : bytes) digest = mix(digest, static_cast<unsigned char>(c));
}

namespace detail {
template <class T> struct is_vector : std::false_type {};
template <class T> struct is_vector<std::vector<T>> : std::true_type {};
template <class T, std::size_t N> struct is_vector<std::array<T, N>> : std::true_type {};
template <class T> struct is_optional : std::false_type {};
template <class T> struct is_optional<std::optional<T>> : std::true_type {};
template <class T> struct is_variant : std::false_type {};
template <class... T> struct is_variant<std::variant<T...>> : std::true_type {};
template <class T> struct is_pair : std::false_type {};
template <class A, class B> struct is_pair<std::pair<A, B>> : std::true_type {};
}  // namespace detail

// A type may bring its own `void fold_into(std::uint64_t&) const`; otherwise its field list is used.
template <class T>
void fold(std::uint64_t& digest, const T& value) {
  if constexpr (requires { value.fold_into(digest); }) {
    value.fold_into(digest);
  } else if constexpr (IsReference<T>) {
    fold(digest, value.number);
  } else if constexpr (std::is_enum_v<T>) {
    digest = mix(digest, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  } else if constexpr (std::is_integral_v<T>) {
    digest = mix(digest, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    fold_bytes(digest, value);
  } else if constexpr (detail::is_vector<T>::value) {
    digest = mix(digest, value.size());
    for (const auto& each : value) fold(digest, each);
  } else if constexpr (detail::is_optional<T>::value) {
    digest = mix(digest, value.has_value());
    if (value) fold(digest, *value);
  } else if constexpr (detail::is_variant<T>::value) {
    digest = mix(digest, value.index());
    std::visit([&](const auto& each) { fold(digest, each); }, value);
  } else if constexpr (detail::is_pair<T>::value) {
    fold(digest, value.first);
    fold(digest, value.second);
  } else if constexpr (std::is_same_v<T, TopicPartition>) {
    digest = mix(digest, (static_cast<std::uint64_t>(static_cast<std::uint32_t>(value.topic)) << 32) |
                             static_cast<std::uint32_t>(value.partition));
  } else {
    static_assert(HasFields<T>, "give this type a field list, or fold_into()");
    for_each_field(value, [&](std::string_view, const auto& each) { fold(digest, each); });
  }
}

template <class T>
std::uint64_t digest_of(const T& value) {
  std::uint64_t digest = 0;
  fold(digest, value);
  return digest;
}

// What most runs have none of, in a list: an empty one is folded not at all, so that these runs keep their digest.
template <class List>
struct RareList : List {
  using List::List;
  void fold_into(std::uint64_t& digest) const {
    if (!this->empty()) fold(digest, static_cast<const List&>(*this));
  }
};

// Likewise a value: it is folded where it is not what it is by default.
template <class T>
struct Rare {
  T value{};
  constexpr Rare(T begins_as = T{}) : value(begins_as) {}
  constexpr operator const T&() const { return value; }
  // Numbers compare as numbers; references, which are no numbers, as what they name.
  friend constexpr bool operator==(const Rare& a, const Rare& b)
    requires IsReference<T>
  {
    return a.value == b.value;
  }
  void fold_into(std::uint64_t& digest) const {
    if (!(value == T{})) fold(digest, value);
  }
};

}  // namespace nutshell

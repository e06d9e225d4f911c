// One of many kinds of value, and which it is: a variant for lists of a hundred kinds.
//
//   struct FactKinds : Kinds<NodeStarted, NodeCrashed> {};
//   using FactBody = OneOf<FactKinds>;
//   if (const auto* crashed = body.as<NodeCrashed>()) ...
//
// All kinds are trivially copyable and lie at the same place, and the names that the compiler makes hold the list's own
// name. It finds the hundredth kind of a std::variant in a hundred steps, and writes out all of them in every name: to look
// into one takes it a second, and into one of these a tenth of that.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include "sim/core/digest.h"

namespace nutshell {

// How f is called with a T that lies at an address.
template <class Result, class F, class T>
Result call_with(F& f, const void* value) {
  return f(*static_cast<const T*>(value));
}

template <class One, class... More>
struct Kinds {
  using First = One;
  static constexpr std::size_t size = 1 + sizeof...(More);
  static constexpr std::size_t bytes = std::max({sizeof(One), sizeof(More)...});
  static constexpr std::size_t alignment = std::max({alignof(One), alignof(More)...});
  static_assert((std::is_trivially_copyable_v<One> && ... && std::is_trivially_copyable_v<More>));

  // Its place in the list; size: it is none of them.
  template <class T>
  static constexpr std::size_t number_of() {
    const bool is_it[] = {std::is_same_v<T, One>, std::is_same_v<T, More>...};
    return static_cast<std::size_t>(std::find(is_it, is_it + size, true) - is_it);
  }

  // Calls f(T{}) for each kind T, in the order of the list.
  template <class F>
  static constexpr void each(F&& f) {
    f(One{});
    (f(More{}), ...);
  }

  // By place, how f is called.
  template <class Result, class F>
  static constexpr std::array<Result (*)(F&, const void*), size> calls() {
    return {&call_with<Result, F, One>, &call_with<Result, F, More>...};
  }
};

template <class List>
class OneOf {
 public:
  OneOf() : OneOf(typename List::First{}) {}
  template <class T>
    requires(List::template number_of<T>() < List::size)
  OneOf(const T& value) : index_(List::template number_of<T>()) {
    ::new (bytes_) T(value);
  }

  // The place of its kind in the list.
  constexpr std::size_t index() const { return index_; }
  template <class T>
  bool is() const {
    static_assert(List::template number_of<T>() < List::size, "this is none of the kinds");
    return index_ == List::template number_of<T>();
  }
  // nullptr: it is of another kind.
  template <class T>
  const T* as() const {
    return is<T>() ? std::launder(static_cast<const T*>(static_cast<const void*>(bytes_))) : nullptr;
  }

  // Calls f with it. What f returns has the same type for all kinds.
  template <class F>
  auto visit(F&& f) const {
    using Function = std::remove_reference_t<F>;
    using Result = decltype(f(typename List::First{}));
    static constexpr auto kCalls = List::template calls<Result, Function>();
    return kCalls[index_](f, bytes_);
  }

  // As a std::variant is.
  void fold_into(std::uint64_t& digest) const {
    digest = mix(digest, index_);
    visit([&](const auto& each) { fold(digest, each); });
  }

 private:
  alignas(List::alignment) std::byte bytes_[List::bytes];
  std::uint8_t index_;
  static_assert(List::size < 256);
};

}  // namespace nutshell

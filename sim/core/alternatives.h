// The alternatives of a variant, as a list to walk and to look into: for tables that are made from types.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace nutshell {

template <class T, class Variant>
inline constexpr bool kIsAlternative = false;
template <class T, class... Each>
inline constexpr bool kIsAlternative<T, std::variant<Each...>> = (std::is_same_v<T, Each> || ...);

// Calls f(T{}) for each alternative T of the variant, in its order.
template <class Variant, class F>
void for_each_alternative(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) { (f(std::variant_alternative_t<I, Variant>{}), ...); }
  (std::make_index_sequence<std::variant_size_v<Variant>>{});
}

}  // namespace nutshell

// The alternatives of a variant, as a list to walk: for tables that are made from types.
#pragma once

#include <cstddef>
#include <utility>
#include <variant>

namespace nutshell {

// Calls f(T{}) for each alternative T of the variant, in its order.
template <class Variant, class F>
void for_each_alternative(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) { (f(std::variant_alternative_t<I, Variant>{}), ...); }
  (std::make_index_sequence<std::variant_size_v<Variant>>{});
}

}  // namespace nutshell

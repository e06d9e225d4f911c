// Field lists: a struct names its fields once, and digest, JSON, difference and inspector follow.
//
//   struct Crash {
//     std::string node;
//     static constexpr std::string_view name = "crash";
//     NUTSHELL_FIELDS(Crash, node)
//   };
//
// Where a field's name is not its member's (Kafka's keys have dots), write the list out:
//   template <class F>
//   static constexpr void each_field(F&& f) { f("linger.ms", &ProducerConfig::linger); }
//
// A field list is complete: what is not listed is not part of the value. It costs the compiler nothing
// until somebody uses it.
#pragma once

#include <string_view>
#include <type_traits>

namespace nutshell {

namespace detail {
struct AnyField {
  template <class Member>
  constexpr void operator()(std::string_view, Member) const {}
};
}  // namespace detail

template <class T>
concept HasFields = requires { std::remove_cvref_t<T>::each_field(detail::AnyField{}); };

// Calls f(name, member) for each field of `object`, in the order of the list.
template <class T, class F>
constexpr void for_each_field(T&& object, F&& f) {
  std::remove_cvref_t<T>::each_field([&](std::string_view name, auto member) { f(name, object.*member); });
}

}  // namespace nutshell

// Declares what every value has: NUTSHELL_VALUE_DEFINED(Struct) in one .cpp defines it. For structs that many files copy
// or destroy, and whose members are many: their code is then generated once, which more than halves the time such a file
// takes to compile. To assign is to copy and to move: code that reuses what is there is more than all the rest together.
#define NUTSHELL_VALUE(Struct)               \
  Struct();                                  \
  Struct(const Struct&);                     \
  Struct(Struct&&) noexcept;                 \
  Struct& operator=(const Struct&);          \
  Struct& operator=(Struct&&) noexcept;      \
  ~Struct();
#define NUTSHELL_VALUE_DEFINED(Struct)                        \
  Struct::Struct() = default;                                 \
  Struct::Struct(const Struct&) = default;                    \
  Struct::Struct(Struct&&) noexcept = default;                \
  Struct& Struct::operator=(const Struct& other) {            \
    return *this = Struct(other);                             \
  }                                                           \
  Struct& Struct::operator=(Struct&&) noexcept = default;     \
  Struct::~Struct() = default;

// Lists members under their own names. Takes up to 64 of them.
#define NUTSHELL_FIELDS(Struct, ...)                                                   \
  template <class F>                                                                   \
  static constexpr void each_field([[maybe_unused]] F&& f) {                           \
    using Self [[maybe_unused]] = Struct;                                              \
    __VA_OPT__(NUTSHELL_EXPAND(NUTSHELL_EACH(__VA_ARGS__)))                            \
  }
#define NUTSHELL_EACH(first, ...) \
  f(#first, &Self::first); __VA_OPT__(NUTSHELL_AGAIN NUTSHELL_PARENS (__VA_ARGS__))
#define NUTSHELL_AGAIN() NUTSHELL_EACH
#define NUTSHELL_PARENS ()
#define NUTSHELL_EXPAND(...) NUTSHELL_EXPAND3(NUTSHELL_EXPAND3(NUTSHELL_EXPAND3(NUTSHELL_EXPAND3(__VA_ARGS__))))
#define NUTSHELL_EXPAND3(...) NUTSHELL_EXPAND2(NUTSHELL_EXPAND2(NUTSHELL_EXPAND2(NUTSHELL_EXPAND2(__VA_ARGS__))))
#define NUTSHELL_EXPAND2(...) NUTSHELL_EXPAND1(NUTSHELL_EXPAND1(NUTSHELL_EXPAND1(NUTSHELL_EXPAND1(__VA_ARGS__))))
#define NUTSHELL_EXPAND1(...) __VA_ARGS__

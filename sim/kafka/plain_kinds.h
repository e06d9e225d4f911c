// Plain kinds of process: all that is to know of one stands in its own file, and the rest follows from its row here. It is
// set up by scenario files, started, killed, paused and cut off, configured, told of, listed and drawn like any other.
//
//   struct Probe {                                            // sim/kafka/probe.h
//     static constexpr std::string_view name = "probe", plural = "probes";
//     static constexpr std::string_view about = "what it is for, in a few words";
//     struct Config { ... };                                  // its keys: whole numbers, times and truths, with a field list
//     static constexpr std::array docs = {KeyDoc{...}};       // a row a key
//     static constexpr std::array timers = {NamedTimer{...}};  // a row a timer, from kFirstPlainTimer on
//     NodeId node = kNoNode;
//     Config config;
//     bool stopping = false;
//     struct Shown { ... } shown;                             // numbers with a field list: what pictures and the inspector tell
//     NUTSHELL_FIELDS(...)
//   };
//   void start(Env&, Probe&);                                 // and stop, on_response, on_timer; on_request if it serves
//   void forget(Env&, Probe&, ProcessEnd);
//
// A client that has `ClientMetadata metadata` is given its bootstrap servers. What is missing does not compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/config_keys.h"
#include "sim/kafka/kinds.h"

namespace nutshell {

template <class... T>
struct KindList {
  static constexpr std::size_t size = sizeof...(T);
  // Calls f.operator()<T>() for each.
  template <class F>
  static constexpr void each([[maybe_unused]] F&& f) {
    (f.template operator()<T>(), ...);
  }
  template <class Kind>
  static constexpr std::size_t index_of() {
    std::size_t index = size, next = 0;
    ((std::is_same_v<Kind, T> ? void(index = next++) : void(++next)), ...);
    return index;
  }
};

// The table.
using PlainKinds = KindList<>;

// Their processes, by kind.
template <class List>
struct ProcessesOf;
template <class... T>
struct ProcessesOf<KindList<T...>> {
  std::tuple<std::vector<T>...> all;
  template <class Kind>
  std::vector<Kind>& of() { return std::get<std::vector<Kind>>(all); }
  template <class Kind>
  const std::vector<Kind>& of() const { return std::get<std::vector<Kind>>(all); }
  // A kind of which there is nobody leaves no trace: that there is one more in the table alters no digest.
  void fold_into([[maybe_unused]] std::uint64_t& digest) const {
    (void(of<T>().empty() ? void() : fold(digest, of<T>())), ...);
  }
};
using PlainProcesses = ProcessesOf<PlainKinds>;

template <class Kind>
constexpr NodeKind plain_node_kind() {
  return static_cast<NodeKind>(kOwnKinds + PlainKinds::index_of<Kind>());
}
template <class Kind>
constexpr ConfigScope plain_scope() {
  return static_cast<ConfigScope>(kOwnScopes + PlainKinds::index_of<Kind>());
}

}  // namespace nutshell

// Plain kinds of process: all that is to know of one stands in its own files, and the rest follows from two rows: what it is
// called, its keys and its timers here, its state in cluster/plain_states.h. It is set up by scenario files, started, killed,
// paused and cut off, configured, told of, listed and drawn like any other.
//
//   struct ProbeKind {                                        // sim/kafka/probe_kind.h
//     static constexpr std::string_view name = "probe", plural = "probes";
//     static constexpr std::string_view about = "what it is for, in a few words";
//     struct Config { ... };                                  // its keys: whole numbers, times, truths and texts, with a field list
//     static constexpr std::array docs = {KeyDoc{...}};       // a row a key
//     static constexpr std::array timers = {NamedTimer{...}};  // a row a timer, from kFirstPlainTimer on
//   };
//   struct Probe {                                            // sim/probe/probe.h: a module between kafka and cluster, or kafka
//     using Kind = ProbeKind;
//     NodeId node = kNoNode;
//     ProbeKind::Config config;
//     bool stopping = false;
//     struct Shown { ... } shown;                             // numbers with a field list: what pictures and the inspector tell
//     NUTSHELL_FIELDS(...)
//   };
//   void start(Env&, Probe&);                                 // and stop, on_response, on_timer; on_request if it serves
//   void forget(Env&, Probe&, ProcessEnd);
//
// A client that has `ClientMetadata metadata` or `std::vector<BrokerId> bootstrap` is given its bootstrap servers. One that embeds
// Kafka's clients (hosted.h) has `template <class Visit> void each_client(Visit&&) const`, which shows each Producer and
// Consumer. What is missing does not compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "sim/kafka/config_keys.h"
#include "sim/kafka/connect_kinds.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/ksql_server_kind.h"
#include "sim/kafka/registry_kind.h"

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
using PlainKinds = KindList<KsqlServerKind, ConnectWorkerKind, DataStoreKind, SchemaRegistryKind>;

template <class Kind>
constexpr NodeKind plain_node_kind() {
  return static_cast<NodeKind>(kOwnKinds + PlainKinds::index_of<Kind>());
}
template <class Kind>
constexpr ConfigScope plain_scope() {
  return static_cast<ConfigScope>(kOwnScopes + PlainKinds::index_of<Kind>());
}

}  // namespace nutshell

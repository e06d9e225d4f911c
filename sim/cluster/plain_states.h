// The states of plain kinds of process, in the order of their rows in kafka/plain_kinds.h. They are only named here: most who
// see a world look at none of them (plain_processes.h has them whole).
#pragma once

#include <tuple>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/plain_kinds.h"

namespace nutshell {

struct KsqlServer;
struct ConnectWorker;
struct DataStore;
struct RegistryServer;

// The table.
using PlainStates = KindList<KsqlServer, ConnectWorker, DataStore, RegistryServer>;

// Their processes, by kind.
template <class List>
struct ProcessesOf;
template <class... T>
struct ProcessesOf<KindList<T...>> {
  std::tuple<std::vector<T>...> all;
  template <class State>
  std::vector<State>& of() { return std::get<std::vector<State>>(all); }
  template <class State>
  const std::vector<State>& of() const { return std::get<std::vector<State>>(all); }
  // A kind of which there is nobody leaves no trace: that there is one more in the table alters no digest.
  void fold_into([[maybe_unused]] std::uint64_t& digest) const {
    (void(of<T>().empty() ? void() : fold(digest, of<T>())), ...);
  }
  // Shows each Producer and Consumer that a process embeds.
  template <class Visit>
  void each_client([[maybe_unused]] Visit&& visit) const {
    (void(each_client_of<T>(visit)), ...);
  }

 private:
  template <class State, class Visit>
  void each_client_of(Visit& visit) const {
    static_assert(sizeof(State) > 0, "include sim/cluster/plain_processes.h");
    if constexpr (requires(const State& state) { state.each_client(visit); })
      for (const State& each : of<State>()) each.each_client(visit);
  }
};
using PlainProcesses = ProcessesOf<PlainStates>;

}  // namespace nutshell

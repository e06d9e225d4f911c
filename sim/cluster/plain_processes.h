// The states of plain kinds of process, whole: for those who walk through all kinds. Who wants one kind includes its header.
#pragma once

#include "sim/cluster/plain_states.h"
#include "sim/ksql/server.h"
#include "sim/registry/server.h"
#include "sim/workers/data_store.h"
#include "sim/workers/worker.h"

namespace nutshell {

template <class States, class Kinds>
inline constexpr bool kSameOrder = false;
template <class... State, class... Kind>
inline constexpr bool kSameOrder<KindList<State...>, KindList<Kind...>> =
    sizeof...(State) == sizeof...(Kind) && (std::is_same_v<typename State::Kind, Kind> && ...);
static_assert(kSameOrder<PlainStates, PlainKinds>, "each plain kind has its state, at its place");

}  // namespace nutshell

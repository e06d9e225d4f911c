// From a row to a set-up and a script. For the files of this folder only.
#pragma once

#include <vector>

#include "sim/cluster/action.h"
#include "sim/cluster/world.h"
#include "sim/queues/workload.h"

namespace nutshell::adapter {

// When the workload's clock begins: everybody who is there from the start is in the group.
inline constexpr Time kBegin = 20 * kSecond;

Setup setup_of(const queues::Workload& workload, const queues::Row& row);
// What its application does when a handler fails.
queues::OnError on_error_of(const queues::Row& row, const queues::Service& service);
// Of consumer `number` of all, in the order of services: a name of its own.
std::string consumer_name(std::size_t service, std::size_t number);

// What is done to the cluster, in order. `message` of Send; -1: something else.
struct Deed {
  Time at = 0;
  std::int32_t message = -1;
  std::int32_t fault = -1;  // place in workload.faults
  ActionBody body;
};
std::vector<Deed> deeds_of(const queues::Workload& workload, const queues::Row& row);

}  // namespace nutshell::adapter

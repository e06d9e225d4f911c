// What a run comes to as a load: how much was written in it, in how many copies, read by how many groups, and what crossed zones.
#pragma once

#include "sim/cluster/world.h"
#include "sim/cost/bill.h"

namespace nutshell {

struct StoredLoad {
  std::int64_t records = 0, bytes = 0;
};
// What producers wrote: of each partition, the longest log of any broker.
StoredLoad stored_in(const World& world);

// A load of the same size, as far as the world has one; `counted` if machines stand in two zones or more. What it does not show
// (retention, batches) is as usual.
Load load_of_run(const World& world);

}  // namespace nutshell

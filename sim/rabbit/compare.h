// The same row by nodes of their own, and where that comes out differently from the model.
#pragma once

#include <string>
#include <vector>

#include "sim/queues/simulation.h"

namespace nutshell::rabbit {

// In a sentence, the figures that differ; none for a row that nodes cannot run. Left out is what hangs on the luck of
// elections and on which of two things at one time comes first: times, and `concurrent`.
std::vector<std::string> differences(const queues::Workload& workload, std::size_t row, const queues::Outcome& model);

// Whether only nodes of their own know what comes of it: links between some of them are cut, or a network is split under classic
// queues. Then the row is run by them alone. REQUIRES that it can run.
bool only_nodes_know(const queues::Workload& workload, const queues::Row& row);

}  // namespace nutshell::rabbit

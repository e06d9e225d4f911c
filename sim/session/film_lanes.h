// The lanes of a query without a cluster: the rows in the order in which they came, each in the hue of its key, and the clock of each
// task.
#pragma once

#include <vector>

#include "sim/session/lanes.h"

namespace nutshell {

namespace streams {
struct Film;
}

std::vector<Lane> film_lanes(const streams::Film& film, Time until);

}  // namespace nutshell

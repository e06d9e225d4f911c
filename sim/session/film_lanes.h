// The lanes of a query without a cluster: the rows in the order in which they came, and the clock of each task.
#pragma once

#include <vector>

#include "sim/session/lanes.h"

namespace nutshell {

namespace streams {
struct Film;
}

std::vector<Lane> film_lanes(const streams::Film& film, Time until);

// The hue of a key, the same wherever its rows are seen: the place of the key among all, in the order of their first rows.
std::int32_t film_hue(const streams::Film& film, const std::string& key);

}  // namespace nutshell

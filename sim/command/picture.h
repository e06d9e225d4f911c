// A small picture of the cluster in letters: who lives, who leads, how far each log goes, who reads what.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// At most `height` lines of at most `width` characters. What does not fit is counted: "and 3 more partitions".
std::vector<std::string> picture(const World& world, std::size_t width, std::size_t height);

}  // namespace nutshell

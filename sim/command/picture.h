// A small picture in letters: of the cluster, who lives, who leads, how far each log goes, who reads what; of a workload on
// several systems, the results so far.
#pragma once

#include <string>
#include <vector>

#include "sim/session/session.h"

namespace nutshell {

// At most `height` lines of at most `width` characters. What does not fit is counted: "and 3 more partitions".
std::vector<std::string> picture(const Session& session, std::size_t width, std::size_t height);

}  // namespace nutshell

// What is said of a stream or table that there is not (E4).
#pragma once

#include <string>

#include "sim/streams/schema.h"

namespace nutshell::streams {

// "SS does not exist: there is no such stream or table. Did you mean S?"; of one that differs in case only, how its name is written.
std::string no_such_source(const Catalog& catalog, const std::string& name);

}  // namespace nutshell::streams

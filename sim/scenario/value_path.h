// Paths of values in expectations, held against what there is before anything runs.
#pragma once

#include <string>

#include "sim/scenario/json_reader.h"
#include "sim/scenario/vocabulary.h"

namespace nutshell {

// Reports, at the member "value", a path that leads to nothing: a subject, a name or a column that does not exist.
void check_value_path(ObjectReader& object, const std::string& path, const Vocabulary& known);

}  // namespace nutshell

// Patterns of facts, moments, tests and expectations as JSON.
#pragma once

#include <optional>

#include "sim/scenario/json_reader.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/vocabulary.h"

namespace nutshell {

// Reads the fact named by `key` ("on", "happens", "never") with its "where" and, if `counted`, its "nth".
// nullopt: the fact is not known.
std::optional<FactPattern> read_pattern(ObjectReader& object, std::string_view key, const Vocabulary& known,
                                        bool counted);

// Reads the test in `object`: exactly one of "holds", "breaks", "happens", "never" and "value", and what belongs to it.
std::optional<Test> read_test(ObjectReader& object, const Vocabulary& known);

// Each adds to `object` what the function above reads.
void write_pattern(nlohmann::ordered_json& object, const char* key, const FactPattern& pattern);
void write_test(nlohmann::ordered_json& object, const Test& test);

}  // namespace nutshell

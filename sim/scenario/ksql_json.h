// The section "ksql" of a scenario file: statements and rows, instead of a cluster.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario/read.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

class ObjectReader;

// Reads it, if it is there, and takes the film. What the statements or rows have wrong with them is reported.
void read_ksql(ObjectReader& file, Scenario& scenario);
// A script by itself: its rows are those that it inserts.
LoadResult read_script(std::string_view script, const std::string& file);
nlohmann::ordered_json to_json(const streams::FilmSetup& setup);
nlohmann::ordered_json ksql_schema();

// What a path "ksql/..." of an expectation speaks of, at that time; "ksql/NAME/...", where NAME is a result: of its query, else of
// the last one. nullopt: there is no such thing.
std::optional<std::string> ksql_value(const streams::Film& film, const std::string& path, Time at);
bool is_ksql_path(const std::string& path);

}  // namespace nutshell

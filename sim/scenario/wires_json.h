// Wires between programs in files: the figure of a slide, and the section "wires" of a scenario, which stands in the place of a
// cluster.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/scenario/wires.h"

namespace nutshell {

class ObjectReader;

// One way of wiring, from the members of the object; the rest of the object is its caller's.
void read_wires(ObjectReader& object, Wires& wires);
// Of a scenario, if it is there: how the wires are, from which time on.
void read_wires(ObjectReader& file, Scenario& scenario);
nlohmann::ordered_json to_json(const std::vector<WiresStep>& steps);
nlohmann::ordered_json wires_schema();

// What a path "wires/..." of an expectation speaks of, at that time: links, up, waiting. nullopt: there is no such thing, or there
// are no wires.
std::optional<std::string> wires_value(const std::vector<WiresStep>& steps, std::string_view path, Time at);
inline bool is_wires_path(std::string_view path) { return path.substr(0, 6) == "wires/"; }
// What is wrong with the path; empty: nothing.
std::string wrong_wires_path(std::string_view path);

}  // namespace nutshell

// Reads workload files (assets/rivals): messages, services, faults, and the products that they run on, with the products'
// own keys. Every mistake is reported, at its place.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/queues/workload.h"
#include "sim/scenario/problem.h"

namespace nutshell {

// The workload, if there are no problems.
struct WorkloadResult {
  std::optional<queues::Workload> workload;
  std::vector<Problem> problems;  // in the order of the file
};

WorkloadResult load_workload(const std::string& path);
// `file` is for messages, and its stem names the workload.
WorkloadResult parse_workload(std::string_view text, const std::string& file);

// Another value for a key of a product, as a text such as "30s", "5" or "true": in every row whose product has this key.
// What cannot be is reported.
void override_workload(queues::Workload& workload, const std::string& key, const std::string& value, std::vector<Problem>& problems);

}  // namespace nutshell

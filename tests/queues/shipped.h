// The shipped workloads (assets/rivals), and a row of one run by whatever runs rows: queues::Simulation, rabbit::Cluster.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/scenario/workload_json.h"

namespace nutshell::queues::testing {

inline Workload shipped(const std::string& name) {
  const WorkloadResult loaded = load_workload(std::string(NUTSHELL_SOURCE_DIR) + "/assets/rivals/" + name + ".json");
  INFO(name << ": " << to_text(loaded.problems));
  REQUIRE(loaded.workload.has_value());
  return *loaded.workload;
}

// With no promise broken.
template <class Run>
Run run_row(const Workload& workload, const std::string& row) {
  for (std::size_t i = 0; i < workload.rows.size(); ++i) {
    if (workload.rows[i].name != row) continue;
    Run run(workload, i);
    run.run();
    INFO(row);
    CHECK((run.breaches().empty() ? "" : run.breaches().front()) == "");
    return run;
  }
  FAIL("no row " << row);
  return Run(workload, 0);
}

// Of a service: attempts, done, repeated, overtaken, stepped back, dead, stuck, lost.
inline std::vector<std::int64_t> row_of(const Tally& tally) {
  return {tally.attempts, tally.done, tally.repeated, tally.overtaken, tally.stepped_back, tally.dead, tally.stuck, tally.lost};
}

constexpr Time ms(std::int64_t count) { return count * kMillisecond; }

}  // namespace nutshell::queues::testing

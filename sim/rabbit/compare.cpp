#include "sim/rabbit/compare.h"

#include "sim/rabbit/cluster.h"

namespace nutshell::rabbit {

std::vector<std::string> differences(const queues::Workload& workload, std::size_t row, const queues::Outcome& model) {
  std::vector<std::string> all;
  if (!cannot_run(workload, workload.rows[row]).empty()) return all;
  Cluster nodes(workload, row);
  nodes.run();
  std::string differing;
  const auto differ = [&](std::string_view figure, const std::string& of, std::int64_t real, std::int64_t said) {
    if (real == said) return;
    differing += differing.empty() ? "" : ", ";
    differing += std::string(figure) + of + " is " + std::to_string(real) + " and not " + std::to_string(said);
  };
  for (std::size_t s = 0; s < workload.services.size(); ++s) {
    for (const queues::Figure& each : queues::figures()) {
      if (each.name == "concurrent" || each.name == "last" || each.name == "noticed") continue;
      differ(each.name, " of " + workload.services[s].name, nodes.tally(s).*each.value, model.services[s].*each.value);
    }
  }
  differ("confirmed", "", nodes.system().confirmed, model.system.confirmed);
  differ("refused", "", nodes.system().refused, model.system.refused);
  differ("returned", "", nodes.system().returned, model.system.returned);
  if (!differing.empty()) all.push_back("run by nodes of its own, " + differing);
  for (const std::string& each : nodes.breaches()) all.push_back("run by nodes of its own, a promise is broken: " + each);
  return all;
}

}  // namespace nutshell::rabbit

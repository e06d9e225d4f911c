#include "sim/rabbit/compare.h"

#include <algorithm>

#include "sim/rabbit/cluster.h"

namespace nutshell::rabbit {

bool only_nodes_know(const queues::Workload& workload, const queues::Row& row) {
  const queues::Rules rules = queues::rules_of(row);
  const bool acts = rules.split != queues::Split::none && rules.split != queues::Split::ignore;
  const auto unknown = [&](const queues::Fault& each) {
    const bool cuts = each.kind == queues::Fault::Kind::cut, strikes = cuts || each.kind == queues::Fault::Kind::kill;
    return (cuts && (each.other >= 0 || each.zone >= 0 || rules.nodes != queues::Nodes::majority)) || (acts && strikes);
  };
  return std::any_of(workload.faults.begin(), workload.faults.end(), unknown);
}

std::vector<std::string> differences(const queues::Workload& workload, std::size_t row, const queues::Outcome& model) {
  std::vector<std::string> all;
  if (!cannot_run(workload, workload.rows[row]).empty() || only_nodes_know(workload, workload.rows[row])) return all;
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

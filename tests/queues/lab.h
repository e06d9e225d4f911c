// Workloads put together by hand, and what came of them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "sim/queues/simulation.h"

namespace nutshell::queues::testing {

inline constexpr Duration kMs = kMillisecond;

using Config = std::initializer_list<std::pair<std::string_view, std::int64_t>>;

// One service, "work", unless more are added.
struct Lab {
  Workload workload;

  Lab() { workload.services.push_back({"work"}); }
  // m1, m2 ...: so many more, the first at `from`, their keys in turn.
  Lab& messages(int count, Duration every = 0, std::vector<std::string> keys = {"K"}, Time from = 0) {
    for (int i = 0; i < count; ++i) {
      Message next;
      next.name = "m" + std::to_string(workload.messages.size() + 1);
      next.body = next.name;
      next.key = keys[static_cast<std::size_t>(i) % keys.size()];
      next.at = from + i * every;
      workload.messages.push_back(next);
    }
    return *this;
  }
  Consumer& consumer(Duration handle = 100 * kMillisecond, Time from = 0, std::size_t service = 0) {
    std::vector<Consumer>& all = workload.services[service].consumers;
    Consumer next;
    next.name = "c" + std::to_string(all.size() + 1);
    next.handle = handle;
    next.from = from;
    all.push_back(next);
    return all.back();
  }
  Lab& poison(int number) {
    workload.poison.push_back({0, number - 1});
    return *this;
  }
  Lab& fault(Fault::Kind kind, Time at, int node = -1) {
    Fault next;
    next.kind = kind;
    next.at = at;
    next.node = node;
    workload.faults.push_back(next);
    return *this;
  }
  Row& row(ProductId product, Config config = {}) {
    workload.rows.clear();
    Row next;
    next.name = "row";
    next.product = product;
    for (const auto& [key, value] : config) next.settings.set(*find_key(product, key), value);
    workload.rows.push_back(next);
    return workload.rows.back();
  }
  // REQUIRES a row.
  Simulation run() const {
    Simulation run(workload, 0);
    run.run();
    return run;
  }
  Simulation on(ProductId product, Config config = {}) {
    row(product, config);
    return run();
  }
};

// The messages delivered, in order: "m1 m2 m4".
inline std::string deliveries(const Simulation& run, std::size_t from = 0) {
  std::string text;
  for (std::size_t i = from; i < run.facts().size(); ++i) {
    const Fact& each = run.facts()[i];
    if (each.kind != FactKind::delivered) continue;
    text += (text.empty() ? "" : " ") + run.workload().messages[static_cast<std::size_t>(each.message)].name;
  }
  return text;
}

inline int count(const Simulation& run, FactKind kind) {
  int number = 0;
  for (const Fact& each : run.facts()) number += each.kind == kind;
  return number;
}

// When the nth fact of a kind about a message came; -1: never.
inline Time when(const Simulation& run, FactKind kind, int number, int nth = 1) {
  for (const Fact& each : run.facts())
    if (each.kind == kind && each.message == number - 1 && --nth == 0) return each.at;
  return -1;
}

inline std::string first_breach(const Simulation& run) { return run.breaches().empty() ? "" : run.breaches().front(); }

}  // namespace nutshell::queues::testing

// What a group of workers divides among its members: connectors, and their tasks, each for itself (C2).
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <string>

namespace nutshell::connect {

struct TaskId {
  std::string connector;
  std::int32_t number = 0;
  friend auto operator<=>(const TaskId&, const TaskId&) = default;
};
inline std::string text_of(const TaskId& task) { return task.connector + "-" + std::to_string(task.number); }

struct Units {
  std::set<std::string> connectors;
  std::set<TaskId> tasks;

  bool empty() const { return connectors.empty() && tasks.empty(); }
  std::size_t size() const { return connectors.size() + tasks.size(); }
  void add(const Units& more) {
    connectors.insert(more.connectors.begin(), more.connectors.end());
    tasks.insert(more.tasks.begin(), more.tasks.end());
  }
  void remove(const Units& less) {
    for (const std::string& each : less.connectors) connectors.erase(each);
    for (const TaskId& each : less.tasks) tasks.erase(each);
  }
  friend bool operator==(const Units&, const Units&) = default;
};
inline Units without(Units units, const Units& less) {
  units.remove(less);
  return units;
}
inline bool meet(const Units& a, const Units& b) { return without(a, b) != a; }

}  // namespace nutshell::connect

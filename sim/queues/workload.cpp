#include "sim/queues/workload.h"

#include <algorithm>

namespace nutshell::queues {
bool matches(const Filter& filter, const Message& message) {
  return std::all_of(filter.begin(), filter.end(), [&](const Condition& each) { return holds(each, message.attributes); });
}

std::string routing_key_of(const Row& row, const Message& message) {
  if (row.routing_key.empty()) return message.key;
  std::string text;
  for (const std::string& each : row.routing_key) {
    if (&each != row.routing_key.data()) text += '.';
    for (const auto& [name, value] : message.attributes)
      if (name == each) text += value;
  }
  return text;
}

}  // namespace nutshell::queues

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

std::vector<std::int32_t> nodes_named(const Fault& fault, std::int32_t count, std::int32_t zones) {
  std::vector<std::int32_t> nodes;
  for (std::int32_t node = 0; node < count; ++node)
    if (fault.zone >= 0 ? node % zones == fault.zone : node == fault.node) nodes.push_back(node);
  return nodes;
}

}  // namespace nutshell::queues

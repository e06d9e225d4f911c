#include "sim/queues/workload.h"

#include <algorithm>

#include "sim/core/text.h"

namespace nutshell::queues {
namespace {

bool holds(const Condition& condition, const Message& message) {
  const std::string* value = nullptr;
  for (const auto& [name, text] : message.attributes)
    if (name == condition.attribute) value = &text;
  const bool named = value && std::find(condition.values.begin(), condition.values.end(), *value) != condition.values.end();
  switch (condition.is) {
    case Condition::Is::any_of: return named;
    case Condition::Is::none_of: return !named;
    case Condition::Is::exists: return value != nullptr;
    case Condition::Is::prefix: return value && value->rfind(condition.values.front(), 0) == 0;
    default: break;
  }
  const std::optional<std::int64_t> number = value ? parse_integer(*value) : std::nullopt;
  if (!number) return false;
  return condition.is == Condition::Is::at_least ? *number >= condition.number : *number <= condition.number;
}

}  // namespace

bool matches(const Filter& filter, const Message& message) {
  return std::all_of(filter.begin(), filter.end(), [&](const Condition& each) { return holds(each, message); });
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

// Filters in the brokers' own words: what Pub/Sub writes as a text (P15), and SNS as a policy (S15).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/queues/exchange.h"

namespace nutshell::queues {

// One thing asked of an attribute. What is missing meets none_of alone.
struct Condition {
  enum class Is : std::uint8_t { any_of, none_of, prefix, exists, at_least, at_most };
  std::string attribute;
  Is is = Is::exists;
  std::vector<std::string> values;  // any_of, none_of; one for prefix
  std::int64_t number = 0;          // at_least, at_most
};
bool holds(const Condition& condition, const Headers& attributes);

// A condition, or several joined.
struct FilterNode {
  enum class Join : std::uint8_t { condition, all, any, none };
  Join join = Join::condition;
  Condition condition;
  std::vector<FilterNode> parts;
};
bool holds(const FilterNode& filter, const Headers& attributes);

// `attributes.type = "paid" AND NOT hasPrefix(attributes.region, "eu-")`. What is wrong, in a sentence; empty: nothing.
std::string parse_filter(std::string_view text, FilterNode& out);

}  // namespace nutshell::queues

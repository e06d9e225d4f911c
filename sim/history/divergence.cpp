#include <algorithm>

#include "sim/core/text.h"
#include "sim/history/timeline.h"

namespace nutshell {

namespace {

// The index of an action in its script is no part of what happened.
bool same_record(StepRecord left, StepRecord right) {
  const bool same_kind = (left.action >= 0) == (right.action >= 0);
  left.action = right.action = -1;
  return same_kind && left == right;
}

bool same_fact(const Fact& left, const Fact& right) {
  std::uint64_t one = 0, other = 0;
  fold(one, left.body);
  fold(other, right.body);
  return one == other;
}

// Facts of the same step that are the same in both, from its first fact on.
std::size_t common_facts(const Timeline& left, const Timeline& right, Step step) {
  const auto [a, a_end] = left.facts_of(step);
  const auto [b, b_end] = right.facts_of(step);
  std::size_t count = 0;
  while (a + count < a_end && b + count < b_end && same_fact(left.facts()[a + count], right.facts()[b + count])) ++count;
  return count;
}

bool has_more_facts(const Timeline& timeline, Step step, std::size_t than) {
  const auto [first, last] = timeline.facts_of(step);
  return last - first > than;
}

// What a side does in the step that the other does not, or not so.
std::string what_differs(const Timeline& timeline, Step step, std::size_t common) {
  if (common == 0 || !has_more_facts(timeline, step, common)) return sentence_of(timeline, step);
  return sentence_of_fact(timeline, timeline.facts_of(step).first + common);
}

}  // namespace

std::optional<Divergence> first_divergence(const Timeline& left, const Timeline& right, Step from) {
  const Step both = std::min(left.furthest(), right.furthest());
  for (Step step = from; step < both; ++step) {
    const StepRecord record = left.record_of(step), other = right.record_of(step);
    const std::size_t common = common_facts(left, right, step);
    const bool same_facts = !has_more_facts(left, step, common) && !has_more_facts(right, step, common);
    if (same_record(record, other) && same_facts) continue;
    // What has already happened in both is not what differs, unless nothing else does.
    const std::size_t told = same_record(record, other) ? common : 0;
    Divergence found{step, std::min(record.at, other.at), what_differs(left, step, told), what_differs(right, step, told)};
    // The same happened, but not for the same reason, or not at the same time.
    if (found.left == found.right) {
      found.left = trigger_of(left, step);
      found.right = trigger_of(right, step);
    }
    if (found.left == found.right) {
      found.left += " (" + format_time(record.at) + ")";
      found.right += " (" + format_time(other.at) + ")";
    }
    return found;
  }
  return std::nullopt;
}

}  // namespace nutshell

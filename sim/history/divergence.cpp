#include <algorithm>

#include "sim/history/timeline.h"

namespace nutshell {

namespace {

// The index of an action in its script is no part of what happened.
bool same_record(StepRecord left, StepRecord right) {
  const bool same_kind = (left.action >= 0) == (right.action >= 0);
  left.action = right.action = -1;
  return same_kind && left == right;
}

std::uint64_t digest_of_facts(const Timeline& timeline, Step step) {
  const auto [first, last] = timeline.facts_of(step);
  std::uint64_t digest = last - first;
  for (std::size_t i = first; i < last; ++i) fold(digest, timeline.facts()[i].body);
  return digest;
}

}  // namespace

std::optional<Divergence> first_divergence(const Timeline& left, const Timeline& right) {
  const Step common = std::min(left.furthest(), right.furthest());
  for (Step step = 0; step < common; ++step) {
    const StepRecord record = left.record_of(step);
    if (same_record(record, right.record_of(step)) && digest_of_facts(left, step) == digest_of_facts(right, step)) continue;
    return Divergence{step, std::min(record.at, right.record_of(step).at), sentence_of(left, step), sentence_of(right, step)};
  }
  return std::nullopt;
}

}  // namespace nutshell

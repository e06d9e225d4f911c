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

// The same thing happening, though for another reason or at another time.
bool same_event(const Timeline& one, const StepRecord& left, const Timeline& other, const StepRecord& right) {
  const auto done = [](const Timeline& timeline, const StepRecord& record) {
    return sentence(timeline.script()[static_cast<std::size_t>(record.action)].body);
  };
  if (left.action >= 0 || right.action >= 0) return left.action >= 0 && right.action >= 0 && done(one, left) == done(other, right);
  return left.node == right.node && left.from == right.from && left.event == right.event && left.timer == right.timer &&
         left.message == right.message;
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

// How far on a run is searched for what happens in the other one.
constexpr Step kSoon = 2'000;

// When the event of a step in `one` happens in `other`, there or soon after; kNever: it does not.
Time same_in(const Timeline& one, const Timeline& other, Step step) {
  const StepRecord wanted = one.record_of(step);
  for (Step each = step; each < std::min(step + kSoon, other.furthest()); ++each) {
    const StepRecord record = other.record_of(each);
    if (same_event(one, wanted, other, record)) return record.at;
  }
  return kNever;
}

// The times are added to the sentences, as exactly as it takes to tell them apart.
void stamp(Divergence& found, Time left, Time right) {
  const bool near = format_time(left) == format_time(right);
  found.left += " (" + (near ? format_duration(left) : format_time(left)) + ")";
  found.right += " (" + (near ? format_duration(right) : format_time(right)) + ")";
}

// What the step brought in `one`, from its nth fact on, and not in `other`.
std::string only_in(const Timeline& one, const Timeline& other, Step step, std::size_t nth) {
  const auto [first, last] = one.facts_of(step);
  const auto [begin, end] = other.facts_of(step);
  const auto theirs = other.facts().begin() + static_cast<std::ptrdiff_t>(begin);
  for (std::size_t i = first + nth; i < last; ++i) {
    const auto same = [&](const Fact& each) { return same_fact(one.facts()[i], each); };
    if (std::none_of(theirs, theirs + static_cast<std::ptrdiff_t>(end - begin), same)) return sentence_of_fact(one, i);
  }
  return "";
}

// Something else happened: on one side alone, on both sides but not at the same time, or on each side something of its own.
void tell_events(Divergence& found, const Timeline& left, const Timeline& right) {
  const Step step = found.step;
  const Time in_right = same_in(left, right, step), in_left = same_in(right, left, step);
  if (in_right == kNever || in_left != kNever) found.left = sentence_of(left, step);
  if (in_left == kNever || in_right != kNever) found.right = sentence_of(right, step);
  if (in_right == kNever || in_left == kNever) return;
  const Time left_at = left.record_of(step).at, right_at = right.record_of(step).at;
  if (left_at <= right_at && in_right != left_at) {
    found.right = found.left;
    stamp(found, left_at, in_right);
  } else if (in_left != right_at) {
    found.left = found.right;
    stamp(found, in_left, right_at);
  }
}

}  // namespace

std::optional<Divergence> first_divergence(const Timeline& left, const Timeline& right, Step from) {
  const Step both = std::min(left.furthest(), right.furthest());
  for (Step step = from; step < both; ++step) {
    const StepRecord record = left.record_of(step), other = right.record_of(step);
    const std::size_t common = common_facts(left, right, step);
    const bool same_facts = !has_more_facts(left, step, common) && !has_more_facts(right, step, common);
    if (same_record(record, other) && same_facts) continue;
    Divergence found{step, std::min(record.at, other.at), "", ""};
    if (same_event(left, record, right, other) && record.at == other.at && !same_facts) {
      found.left = only_in(left, right, step, common);
      found.right = only_in(right, left, step, common);
    } else {
      tell_events(found, left, right);
    }
    if (found.left == found.right) {
      found.left = trigger_of(left, step);
      found.right = trigger_of(right, step);
      stamp(found, record.at, other.at);
    }
    return found;
  }
  return std::nullopt;
}

}  // namespace nutshell

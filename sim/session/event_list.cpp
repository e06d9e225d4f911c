#include "sim/session/event_list.h"

#include <algorithm>

namespace nutshell {

namespace {

constexpr std::size_t kSentenceCost = 20;  // glances at a fact that a sentence takes

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view part) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

// How much is told: of a record everything, of other places what the protocol does.
FactLevel depth(const EventFilter& filter) {
  if (!filter.place) return FactLevel::story;
  return filter.place.kind == PlaceKind::record ? FactLevel::detail : FactLevel::protocol;
}

}  // namespace

bool EventList::admits(const Timeline& timeline, const Fact& fact) const {
  if (fact_level(fact.body) > depth(filter_)) return false;
  if (filter_.kinds != 0 && !filter_.has(looks_of(fact.body).kind)) return false;
  return !filter_.place || concerns(timeline.world(), fact.body, filter_.place);
}

bool EventList::is_of(const Timeline& timeline) const {
  const Facts& facts = timeline.facts();
  return timeline_ == &timeline && looked_ <= facts.size() &&
         (looked_ == 0 || (facts[looked_ - 1].step == last_ && facts[looked_ - 1].at == last_at_));
}

void EventList::follow(const Timeline& timeline, const EventFilter& filter, std::size_t most) {
  const Facts& facts = timeline.facts();
  if (!is_of(timeline) || !(filter_ == filter)) {
    rows_.clear();
    looked_ = 0;
  }
  timeline_ = &timeline;
  filter_ = filter;
  for (std::size_t spent = 0; looked_ < facts.size() && spent < most; ++looked_, ++spent) {
    const Fact& fact = facts[looked_];
    if (!admits(timeline, fact)) continue;
    if (!filter.text.empty()) spent += kSentenceCost;
    if (filter.text.empty() || contains(sentence_of_fact(timeline, looked_), filter.text)) rows_.push_back(looked_);
  }
  if (looked_ == 0) return;
  last_ = facts[looked_ - 1].step;
  last_at_ = facts[looked_ - 1].at;
}

std::size_t EventList::until(const Timeline& timeline, Step position) const {
  const auto later = [&](Step wanted, std::size_t row) { return wanted <= timeline.facts()[row].step; };
  return static_cast<std::size_t>(std::upper_bound(rows_.begin(), rows_.end(), position, later) - rows_.begin());
}

}  // namespace nutshell

// Chains of causes: from a fact back to the action or the timer that began it.
#include <algorithm>

#include "sim/core/require.h"
#include "sim/history/timeline_state.h"
#include "sim/history/trigger.h"

namespace nutshell {

namespace {

constexpr std::size_t kNoFact = static_cast<std::size_t>(-1);

// The most telling fact of a step: the first one of the story, else of the protocol; kNoFact: none.
std::size_t telling_fact(const Chronicle& chronicle, Step step) {
  const auto [first, last] = chronicle.facts_of(step);
  for (FactLevel level : {FactLevel::story, FactLevel::protocol})
    for (std::size_t i = first; i < last; ++i)
      if (fact_level(chronicle.facts()[i].body) == level) return i;
  return kNoFact;
}

// What makes two links alike, so that the chain tells it once.
struct Kind {
  std::size_t fact = kNoFact;  // index in FactBody
  StepRecord record;           // without time, cause and action
  friend bool operator==(const Kind&, const Kind&) = default;
};

struct Link {
  Cause cause;
  bool dull = false;  // nothing happened but that a message or a time came
};

class Chain {
 public:
  explicit Chain(const Timeline::State& state) : state_(state), names_(state) {}

  // The fact itself, then what led to it.
  void begin_with(std::size_t fact) {
    const Fact& effect = chronicle().facts()[fact];
    add_fact(fact);
    if (effect.because != kNoStep && effect.because < effect.step) return walk(effect.because);
    const StepRecord record = chronicle().record(effect.step);
    add_trigger(effect.step, record);
    if (!is_root(record)) walk(record.cause);
  }

  void walk(Step step) {
    while (step != kNoStep) step = visit(step);
  }

  std::vector<Cause> told() {
    shorten();
    std::vector<Cause> causes;
    for (Link& each : links_) causes.push_back(std::move(each.cause));
    return causes;
  }

 private:
  const Chronicle& chronicle() const { return state_.chronicle; }
  static bool is_root(const StepRecord& record) { return record.action >= 0 || record.cause == kNoStep; }

  // Tells of a step and returns its cause; kNoStep: it is a root.
  Step visit(Step step) {
    const StepRecord record = chronicle().record(step);
    const std::size_t fact = record.action >= 0 ? kNoFact : telling_fact(chronicle(), step);
    const bool root = is_root(record);
    if (fact == kNoFact) {
      if (root || is_news(Kind{kNoFact, without_moment(record)})) add_trigger(step, record);
    } else {
      if (root || is_news(Kind{chronicle().facts()[fact].body.index(), without_moment(record)})) add_fact(fact);
      const Step because = chronicle().facts()[fact].because;
      if (because != kNoStep && because < step) return because;
    }
    if (root) links_.back().cause.root = true;
    return root ? kNoStep : record.cause;
  }

  static StepRecord without_moment(StepRecord record) {
    record.at = 0;
    record.cause = kNoStep;
    return record;
  }

  bool is_news(const Kind& kind) {
    if (std::find(known_.begin(), known_.end(), kind) != known_.end()) return false;
    known_.push_back(kind);
    return true;
  }

  void add_fact(std::size_t index) {
    const Fact& fact = chronicle().facts()[index];
    links_.push_back({{fact.step, fact.at, sentence(fact.body, names_), false}, false});
  }

  void add_trigger(Step step, const StepRecord& record) {
    const bool action = record.action >= 0;
    std::string text = action ? sentence(state_.script[static_cast<std::size_t>(record.action)].body) : trigger_sentence(record, names_);
    links_.push_back({{step, record.at, std::move(text), is_root(record)}, !action});
  }

  // Leaves out what is dull, the farthest first, and then the middle.
  void shorten() {
    for (std::size_t i = links_.size(); i-- > 2 && links_.size() > kMaxCauses;)
      if (links_[i].dull && !links_[i].cause.root) links_.erase(links_.begin() + static_cast<std::ptrdiff_t>(i));
    if (links_.size() <= kMaxCauses) return;
    const auto middle = links_.begin() + static_cast<std::ptrdiff_t>(kMaxCauses * 2 / 3);
    links_.erase(middle, middle + static_cast<std::ptrdiff_t>(links_.size() - kMaxCauses));
  }

  const Timeline::State& state_;
  TimelineNamer names_;
  std::vector<Link> links_;
  std::vector<Kind> known_;
};

}  // namespace

std::string sentence_of(const Timeline& timeline, Step step) {
  const Timeline::State& state = *timeline.state_;
  const StepRecord record = state.chronicle.record(step);
  const TimelineNamer names(state);
  if (record.action >= 0) return sentence(state.script[static_cast<std::size_t>(record.action)].body);
  const std::size_t fact = telling_fact(state.chronicle, step);
  return fact == kNoFact ? trigger_sentence(record, names) : sentence(state.chronicle.facts()[fact].body, names);
}

std::string trigger_of(const Timeline& timeline, Step step) {
  const Timeline::State& state = *timeline.state_;
  const StepRecord record = state.chronicle.record(step);
  if (record.action >= 0) return sentence(state.script[static_cast<std::size_t>(record.action)].body);
  return trigger_sentence(record, TimelineNamer(state));
}

std::string sentence_of_fact(const Timeline& timeline, std::size_t fact) {
  NUTSHELL_REQUIRE(fact < timeline.facts().size());
  return sentence(timeline.facts()[fact].body, TimelineNamer(*timeline.state_));
}

std::vector<Cause> Timeline::why(std::size_t fact) const {
  NUTSHELL_REQUIRE(fact < facts().size());
  Chain chain(*state_);
  chain.begin_with(fact);
  return chain.told();
}

std::vector<Cause> Timeline::why_step(Step step) const {
  NUTSHELL_REQUIRE(step < furthest());
  Chain chain(*state_);
  chain.walk(step);
  return chain.told();
}

}  // namespace nutshell

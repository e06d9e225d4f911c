// Chains of causes: from a fact back to the action or the timer that began it.
//
// A chain ends at what wanted the thing, or made it possible at last. What only delayed it, a server that did not answer,
// stands in the chain but does not lead it astray: a second attempt is wanted by whoever wanted the first. If there were
// vain attempts in a row, and somebody in the one that succeeded was started, woken up or reconnected between the first and
// the last of them, that is what it waited for.
#include <algorithm>

#include "sim/core/require.h"
#include "sim/history/timeline_state.h"
#include "sim/history/trigger.h"

namespace nutshell {

namespace {

constexpr std::size_t kNoFact = static_cast<std::size_t>(-1);

// The most telling fact of a step: the first one of the story, else of the protocol; kNoFact: none. A broken promise
// leads to nothing.
std::size_t telling_fact(const Chronicle& chronicle, Step step) {
  const auto [first, last] = chronicle.facts_of(step);
  for (FactLevel level : {FactLevel::story, FactLevel::protocol})
    for (std::size_t i = first; i < last; ++i)
      if (fact_level(chronicle.facts()[i].body) == level && !chronicle.facts()[i].body.is<PromiseBroken>())
        return i;
  return kNoFact;
}

// What makes two links alike, so that the chain tells it once.
struct Kind {
  std::size_t fact = kNoFact;  // place in FactKinds
  StepRecord record;           // without time, cause and action
  friend bool operator==(const Kind&, const Kind&) = default;
};

struct Link {
  Cause cause;
  bool dull = false;  // nothing happened but that a message or a time came
};

// An attempt was in vain: nobody answered in time, or it is time to try again; or it waited for its connection.
bool is_vain(const StepRecord& record) {
  if (record.action >= 0) return false;
  if (record.event == EventKind::disconnected || record.event == EventKind::connect) return true;
  return record.event == EventKind::request_timeout || (record.event == EventKind::timer && timer_words(record.timer).in_vain);
}

// Its own cause, the silence of a server, is not why the client goes on.
bool tells_of_silence(const FactBody& body) {
  return body.is<ConnectionLost>() || body.is<RequestTimedOut>() || body.is<ProduceRetried>();
}

// Those that had a hand in the last attempt.
class Hands {
 public:
  void add(NodeId node) {
    if (node != kNoNode && !has(node)) nodes_.push_back(node);
  }
  // The fact removes what one of them may have waited for.
  bool waited_for(const FactBody& body) const {
    if (const auto* started = body.as<NodeStarted>()) return has(started->node);
    if (const auto* resumed = body.as<NodeResumed>()) return has(resumed->node);
    if (const auto* healed = body.as<LinkHealed>()) return has_end(healed->from) && has_end(healed->to);
    if (const auto* released = body.as<LinkReleased>()) return has_end(released->from) && has_end(released->to);
    return false;
  }

 private:
  bool has(NodeId node) const { return std::find(nodes_.begin(), nodes_.end(), node) != nodes_.end(); }
  bool has_end(NodeId node) const { return node == kNoNode || has(node); }
  std::vector<NodeId> nodes_;
};

class Chain {
 public:
  explicit Chain(const Timeline::State& state) : state_(state), names_(state) {}

  // The fact itself, then what led to it.
  void begin_with(std::size_t fact) {
    const Fact& effect = chronicle().facts()[fact];
    add_fact(fact);
    if (effect.because != kNoStep && effect.because < effect.step) return explain(effect.because);
    const StepRecord record = chronicle().record(effect.step);
    note_attempt(effect.step, record);
    add_trigger(effect.step, record);
    if (!is_root(record)) walk(record.cause);
    end_with_what_it_waited_for();
  }

  void explain(Step step) {
    walk(step);
    end_with_what_it_waited_for();
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

  void walk(Step step) {
    while (step != kNoStep) step = visit(step);
  }

  // Attempts in a row have few steps between them; what was in vain long before is another story.
  void note_attempt(Step step, const StepRecord& record) {
    constexpr int kStepsOfAttempt = 8;
    if (last_vain_ != kNoStep && first_attempt_ == kNoStep) first_attempt_ = step;
    const bool vain = is_vain(record) && (last_vain_ == kNoStep || since_vain_ <= kStepsOfAttempt);
    since_vain_ = vain ? 0 : since_vain_ + 1;
    if (vain) {
      if (last_vain_ == kNoStep) last_vain_ = step;
      first_attempt_ = kNoStep;  // it is still to come
    } else if (last_vain_ == kNoStep) {
      last_attempt_.add(record.node);
      last_attempt_.add(record.from);
    }
  }

  // The last deed between the first and the last of the vain attempts that somebody in the successful one waited for.
  void end_with_what_it_waited_for() {
    if (last_vain_ == kNoStep || first_attempt_ == kNoStep) return;
    for (std::size_t i = chronicle().facts_of(last_vain_).first; i-- > chronicle().facts_of(first_attempt_).second;) {
      const Fact& fact = chronicle().facts()[i];
      if (!last_attempt_.waited_for(fact.body)) continue;
      while (links_.size() > 1 && links_.back().cause.step <= fact.step) links_.pop_back();
      known_.clear();
      walk(fact.step);
      return;
    }
  }

  // Tells of a step and returns its cause; kNoStep: it is a root.
  Step visit(Step step) {
    const StepRecord record = chronicle().record(step);
    note_attempt(step, record);
    const std::size_t fact = record.action >= 0 ? kNoFact : telling_fact(chronicle(), step);
    const bool root = is_root(record);
    if (fact == kNoFact) {
      if (root || is_news(Kind{kNoFact, without_moment(record)})) add_trigger(step, record);
    } else {
      if (root || is_news(Kind{chronicle().facts()[fact].body.index(), without_moment(record)})) add_fact(fact);
      const Step because = chronicle().facts()[fact].because;
      if (because != kNoStep && because < step && !tells_of_silence(chronicle().facts()[fact].body)) return because;
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
  Hands last_attempt_;            // in the steps after the last vain attempt
  Step last_vain_ = kNoStep;      // the last vain attempt
  Step first_attempt_ = kNoStep;  // the step before the first of those in a row
  int since_vain_ = 0;            // steps visited since the last one that was in vain
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
  chain.explain(step);
  return chain.told();
}

}  // namespace nutshell

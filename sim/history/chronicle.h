// The chronicle of a run: what every step was, and the facts of it.
//
// Copies share what is written: a copy of a long run costs microseconds. 32 bytes a step, and its facts.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/core/shared_log.h"

namespace nutshell {

// What a step was, for lists and for chains of causes.
struct StepRecord {
  Time at = 0;
  Step cause = kNoStep;         // the step that scheduled it; kNoStep: an action, or the beginning
  NodeId node = kNoNode;        // whose step it was
  NodeId from = kNoNode;        // who sent what was delivered
  std::int32_t action = -1;     // index into the script, if it was an action
  EventKind event = EventKind::timer;
  TimerKind timer{};
  MessageNumber message = kNoMessage;  // what was delivered
  friend bool operator==(const StepRecord&, const StepRecord&) = default;
};

// Facts in the order in which they came about.
using Facts = SharedLog<Fact, 256, false>;

class Chronicle {
 public:
  // Steps written down.
  Step steps() const { return steps_.size(); }
  // Writes down the next step and, of its facts, those up to level `keep`.
  void append(const StepRecord& record, const std::vector<Fact>& facts, FactLevel keep);
  // Forgets the steps from `steps` on.
  void cut(Step steps);

  // REQUIRES step < steps(), for both.
  StepRecord record(Step step) const;
  std::pair<std::size_t, std::size_t> facts_of(Step step) const;
  const Facts& facts() const { return facts_; }

  // Steps at or before `time`.
  Step steps_until(Time time) const;

 private:
  struct Packed {  // a StepRecord, with the place of its facts
    Time at;
    std::uint32_t cause;  // all ones: none
    std::uint32_t first_fact;
    NodeId node, from;
    std::int32_t action;
    EventKind event;
    TimerKind timer;
    MessageNumber message;
  };
  static_assert(sizeof(Packed) == 32);

  SharedLog<Packed, 256, false> steps_;
  Facts facts_;
};

}  // namespace nutshell

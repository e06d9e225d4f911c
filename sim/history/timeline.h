// A timeline: one run of a world, with every moment within reach.
//
// Setup and script are the truth; copies of the world are a cache. To go anywhere the timeline restores
// the nearest earlier checkpoint and runs the short gap. Checkpoints are thinned when they exceed a memory
// budget. Every step taken again is held to its record, and whenever a checkpoint is crossed again the whole
// state is: determinism is proven while people scrub. Facts and step records are kept for all steps ever
// taken, so that lists, beats and "why?" look into the past (and, after going back, into the known future)
// without running anything.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/check/judge.h"
#include "sim/cluster/world.h"
#include "sim/history/chronicle.h"
#include "sim/history/states.h"

namespace nutshell {

struct Checkpoint;

struct TimelineOptions {
  FactLevel keep = FactLevel::detail;            // facts of higher levels than this are not kept
  std::size_t memory_budget = 256u << 20;        // bytes of checkpoints
  Step checkpoint_every = 2048;                  // steps, to begin with; > 0
  bool judge = true;                             // promises are judged
};

// A link in a chain of causes, the effect first.
struct Cause {
  Step step = kNoStep;
  Time at = 0;
  std::string sentence;   // what happened there: a fact, a delivery, a timer, an action
  bool root = false;      // an action, or what happened by itself at the beginning
};

// A value that moves: fork() is how a second one comes about.
class Timeline {
 public:
  // REQUIRES problems(setup) is empty.
  Timeline(Setup setup, std::vector<Action> script, TimelineOptions options = {});
  ~Timeline();
  Timeline(Timeline&&) noexcept;
  Timeline& operator=(Timeline&&) noexcept;

  const Setup& setup() const;
  // Sorted by time, order of equal times kept. Actions that wait for a fact stand in it once the fact has happened in the
  // known run, after others of their time; before, they are among waiting().
  const std::vector<Action>& script() const;
  std::vector<Action> waiting() const;
  const World& world() const;
  const Judge& judge() const;
  Step position() const;      // steps taken to get here
  Step furthest() const;      // steps known
  Step taken() const;         // steps run since it was made, those run again included: the work it had
  Time now() const;           // time of the last step
  Time next_time() const;     // when the next thing happens; kNever: nothing is left to happen

  // Takes the next step (an event, or an action that is due). False: nothing is left to happen, or the next
  // thing would happen after `limit`.
  bool step(Time limit = kNever);
  // One step back; false at the beginning. Within 10 ms anywhere in a million steps.
  bool step_back();
  // To the moment after `position` steps; runs ahead when that is not yet known. False if the run ends before.
  bool seek(Step position);
  // To the moment after everything that happens at or before `time`.
  void seek_time(Time time);

  // Does some work at the furthest known step, which may run on from there, and comes back to the present: nothing that
  // is known is run again, however far apart the two are. It may act there: no future is cut. REQUIRES it does not throw.
  template <class Work>
  void at_front(Work&& work) {
    std::shared_ptr<Checkpoint> present = leave_for_front();
    std::forward<Work>(work)();
    come_back(std::move(present));
  }
  // The world at the furthest known step. The reference lasts until the timeline moves.
  const World& front_world() const;

  // Adds an action here and now, after everything else of this moment (which happens first, if it has not), and
  // takes it. If there is a known future, it is cut off, and with it the later actions that came by act(): fork
  // first to keep it. Returns "" or why the action is impossible; then nothing has changed.
  std::string act(ActionBody action);
  // The same at a time to come: what happens before it happens first. REQUIRES at > now(), or nothing has happened yet,
  // or the last step was an action at that time: actions of one time follow each other.
  std::string act(ActionBody action, Time at);
  // Of the actions that came by act(), how many have been taken to get here.
  std::size_t acts_taken() const;
  // A second timeline that shares this one's past up to its position, and its script.
  Timeline fork() const;

  // Facts kept, of all known steps, in order. The reference lasts until a new step is taken.
  const Facts& facts() const;
  // Facts of one step: [first, last) into facts(). REQUIRES step < furthest().
  std::pair<std::size_t, std::size_t> facts_of(Step step) const;
  // REQUIRES step < furthest().
  StepRecord record_of(Step step) const;
  // Known steps at or before `time`.
  Step steps_until(Time time) const;
  // Of all known steps: they are read as they come to be known, and shared by forks. REQUIRES facts of all levels are kept.
  const States& states() const;
  // Of the present: everything that happened until now, and the whole state.
  std::uint64_t digest() const;
  // Bytes of checkpoints held, some of them shared with other timelines; and steps between two of them.
  std::size_t checkpoint_bytes() const;
  Step checkpoint_spacing() const;

  // The chain of causes of facts()[index], back to the action or timer that began it. At most kMaxCauses links:
  // what repeats itself is told once, and of a longer chain the middle is left out.
  std::vector<Cause> why(std::size_t fact) const;
  std::vector<Cause> why_step(Step step) const;

  struct State;  // of the files of this folder

 private:
  friend std::string sentence_of(const Timeline& timeline, Step step);
  friend std::string trigger_of(const Timeline& timeline, Step step);
  friend std::string sentence_of_fact(const Timeline& timeline, std::size_t fact);
  explicit Timeline(std::unique_ptr<State> state);
  std::shared_ptr<Checkpoint> leave_for_front();
  void come_back(std::shared_ptr<Checkpoint> present);
  std::unique_ptr<State> state_;
};

inline constexpr std::size_t kMaxCauses = 12;

// What happened in a step, as one sentence: its most telling fact, or what set it off.
std::string sentence_of(const Timeline& timeline, Step step);

// What set the step off, as a sentence: an action, a delivery, a timer.
std::string trigger_of(const Timeline& timeline, Step step);
// The sentence of facts()[fact].
std::string sentence_of_fact(const Timeline& timeline, std::size_t fact);

// Where two timelines part: the first step whose record or facts differ; nullopt: one is a prefix of the other. Those
// before step `from` are known to be the same.
struct Divergence {
  Step step = kNoStep;
  Time at = 0;
  std::string left, right;  // what happens there and differs, as sentences; "": nothing, where the other does something
};
std::optional<Divergence> first_divergence(const Timeline& left, const Timeline& right, Step from = 0);

}  // namespace nutshell

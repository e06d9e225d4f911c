// What a timeline is made of. For the files of this folder only.
#pragma once

#include "sim/history/checkpoints.h"
#include "sim/history/fact_pattern.h"
#include "sim/history/timeline.h"

namespace nutshell {

// An action that waits for a fact. Once the fact has happened in the known run, the action stands in the script, with its
// time; the script is then as if it had been written with that time.
struct Waiting {
  explicit Waiting(const Action& waits) : action(waits), reader(waits.when->fact) {}
  Action action;
  PatternReader reader;     // of the known facts
  std::vector<Step> seen;   // steps in which such facts happened, up to the one that is meant
  bool is_due() const { return seen.size() == static_cast<std::size_t>(action.when->fact.nth); }
};

struct Timeline::State {
  State(Setup with, std::vector<Action> actions, TimelineOptions settings);

  bool is_over(Time limit);
  Time next_time();
  void take_step();
  void run_action(StepRecord& record);
  void run_event(StepRecord& record);
  void account(const StepRecord& record);
  // Actions whose fact has just happened find their place in the script, or lose it when the step is forgotten.
  void note_facts();
  void wait_again();
  void insert_action(std::size_t place, Action action, bool by_act, std::int32_t waited);
  void cross_checkpoint();
  // The present as a moment of its own: a copy, or moved out, after which stand_at() has to put another in its place.
  std::shared_ptr<Checkpoint> copy_present() const;
  std::shared_ptr<Checkpoint> take_present();
  void stand_at(Checkpoint&& moment);
  void cut();
  void restore(Step at_or_before);
  bool go_to(Step target);

  Setup setup;
  std::vector<Action> script;
  std::vector<bool> live;            // which of them came by act()
  std::vector<Waiting> waiting;      // those of the script that wait for facts, in its order
  std::vector<std::int32_t> waited;  // of each of script: which of `waiting` it was; -1: it did not wait
  TimelineOptions options;
  World world;
  Judge judge;
  Step position = 0;
  Step taken = 0;
  std::size_t next_action = 0;
  Chronicle chronicle;
  Checkpoints checkpoints;
  std::shared_ptr<Checkpoint> front;  // the furthest known moment, while the present is an earlier one
  std::vector<Fact> facts;  // of the step being taken
};

// Names for facts of all known steps: an earlier world lacks what came later.
class TimelineNamer final : public Namer {
 public:
  explicit TimelineNamer(const Timeline::State& state) : state_(state) {}
  std::string node(NodeId node) const override;
  std::string name(std::int32_t interned) const override;
  std::string_view message(MessageNumber number) const override { return message_name(number); }

 private:
  const Timeline::State& state_;
};

}  // namespace nutshell

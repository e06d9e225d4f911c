// What a timeline is made of. For the files of this folder only.
#pragma once

#include "sim/history/checkpoints.h"
#include "sim/history/timeline.h"

namespace nutshell {

struct Timeline::State {
  State(Setup with, std::vector<Action> actions, TimelineOptions settings);

  bool is_over(Time limit);
  Time next_time();
  void take_step();
  void run_action(StepRecord& record);
  void run_event(StepRecord& record);
  void account(const StepRecord& record);
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
  std::vector<bool> live;  // which of them came by act()
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

 private:
  const Timeline::State& state_;
};

}  // namespace nutshell

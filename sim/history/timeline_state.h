// What a timeline is made of. For the files of this folder only.
#pragma once

#include "sim/history/checkpoints.h"
#include "sim/history/timeline.h"

namespace nutshell {

// How everything is named that the furthest known world knows. An earlier world lacks what came later.
struct FrontNames {
  Names names;
  std::vector<std::string> nodes;
  void take(const World& world);
};

struct Timeline::State {
  State(Setup with, std::vector<Action> actions, TimelineOptions settings);

  bool is_over(Time limit);
  Time next_time();
  void take_step();
  void run_action(StepRecord& record);
  void run_event(StepRecord& record);
  void account(const StepRecord& record);
  void cross_checkpoint();
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
  FrontNames front;
  std::vector<Fact> facts;  // of the step being taken
};

// Names for facts of all known steps.
class TimelineNamer final : public Namer {
 public:
  explicit TimelineNamer(const Timeline::State& state) : state_(state) {}
  std::string node(NodeId node) const override;
  std::string name(std::int32_t interned) const override;

 private:
  const Timeline::State& state_;
};

}  // namespace nutshell

// Copies of the world along a run, under a memory budget.
//
// They stand at multiples of a spacing that doubles whenever they take more than the budget, and up to a limit while
// copying takes longer than the steps between; the one at the beginning always stays. Copies of the list share the
// checkpoints, which never change.
#pragma once

#include <memory>
#include <vector>

#include "sim/check/judge.h"
#include "sim/cluster/world.h"

namespace nutshell {

struct Checkpoint {
  Step position = 0;            // steps taken
  std::size_t next_action = 0;  // into the script
  World world;
  Judge judge;
  std::size_t bytes = 0;
};

class Checkpoints {
 public:
  // REQUIRES spacing > 0.
  Checkpoints(Step spacing, std::size_t budget) : spacing_(spacing), budget_(budget) {}

  // A checkpoint is wanted at this position, and is not there.
  bool wanted(Step position) const;
  // REQUIRES its position is above all others'.
  void keep(std::shared_ptr<const Checkpoint> checkpoint);
  // The last one at or before the position; nullptr: none. Lives until the list changes.
  const Checkpoint* nearest(Step position) const;
  // Forgets those above the position.
  void cut(Step position);

  Step spacing() const { return spacing_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void thin();

  std::vector<std::shared_ptr<const Checkpoint>> kept_;  // by position
  Step spacing_;
  std::size_t budget_;
  std::size_t bytes_ = 0;
};

}  // namespace nutshell

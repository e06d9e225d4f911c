#include "viz/app/stills.h"

#include "sim/scenario/run.h"
#include "sim/scenario/story.h"

namespace nutshell {

namespace {

// In one frame: some 5 ms.
constexpr int kStillSteps = 3'000;

}  // namespace

bool Stills::begin(std::optional<Scenario> scenario) {
  if (!scenario) return false;
  scenario_ = std::move(*scenario);
  run_ = timeline_of(scenario_, needed_facts(scenario_));
  return true;
}

std::shared_ptr<const World> Stills::finish() {
  for (int i = 0; i < kStillSteps; ++i) {
    if (run_->step(scenario_.until)) continue;
    // Two thirds of the way through, most stories have their trouble on the stage.
    const std::vector<StoryLine> beats = tell_beats(scenario_, *run_);
    run_->seek_time(beats.empty() ? scenario_.until / 2 : beats[beats.size() * 2 / 3].at);
    auto world = std::make_shared<const World>(run_->world());
    run_.reset();
    return world;
  }
  return nullptr;
}

}  // namespace nutshell

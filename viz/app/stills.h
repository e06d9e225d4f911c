// Stills of lessons for the gallery: each lesson is run to its telling moment, a little in every frame.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/scenario/scenario.h"
#include "viz/panels/chrome.h"

namespace nutshell {

class Stills {
 public:
  // Goes on for a few milliseconds with the first card that has no still. `read` gives a card's scenario. False: all
  // cards have theirs.
  template <typename Read>
  bool go_on(std::vector<LessonCard>& cards, const Read& read) {
    while (next_ < cards.size() && !run_ && !begin(read(cards[next_]))) ++next_;
    if (run_ && (cards[next_].still = finish())) ++next_;
    return next_ < cards.size();
  }

 private:
  bool begin(std::optional<Scenario> scenario);
  // Null while the run has not come to its end.
  std::shared_ptr<const World> finish();

  std::size_t next_ = 0;
  Scenario scenario_;
  std::optional<Timeline> run_;
};

}  // namespace nutshell

// Going through a workload on several systems: their events are what one steps along, not those of the world.
#include <algorithm>

#include "sim/core/text.h"
#include "sim/session/session.h"

namespace nutshell {

void Session::step_rivals(bool forward) {
  const std::shared_ptr<const RivalRuns> runs = rivals();
  const Time to = forward ? runs->next_instant(view_time_) : runs->previous_instant(view_time_);
  // A question that comes before the next event is not stepped over.
  const StoryLine* ahead = told_ < beats().size() ? &beats()[told_] : nullptr;
  if (forward && ahead && ahead->kind == StoryLine::Kind::ask && ahead->at <= to) return arrive(told_);
  go_to_time(std::clamp<Time>(to, 0, scenario().until));
}

void Session::moment_of_rivals(bool forward) {
  const std::shared_ptr<const RivalRuns> runs = rivals();
  Time to = forward ? scenario().until : 0;
  for (const RivalRun& run : runs->runs()) {
    for (const queues::Fact& each : run.facts) {
      if (!is_story(each)) continue;
      if (forward && each.at > view_time_) to = std::min(to, each.at);
      if (!forward && each.at < view_time_) to = std::max(to, each.at);
    }
  }
  go_to_time(to);
}

// A caption stands until something worth telling has happened after it.
std::string Session::caption_of_rivals() const {
  const std::shared_ptr<const RivalRuns> runs = rivals();
  const Time since = beat() ? beat()->at : -1;
  std::string text = beat() ? beat()->text : scenario().about;
  Time latest = since;
  for (std::size_t i = 0; i < runs->runs().size(); ++i) {
    const queues::Fact* fact = runs->last_story(i, view_time_);
    if (!fact || fact->at <= latest) continue;
    latest = fact->at;
    text = when(fact->at) + runs->runs()[i].title + ": " +
           queues::say(*fact, runs->workload());
  }
  return text;
}

}  // namespace nutshell

// What differs between the moment that is shown and another one: one that was marked, or the same in the universe beside.
#include "sim/session/session.h"

namespace nutshell {

void Session::mark() {
  const Step position = timeline().position();
  const bool again = marked_ && marked_->branch == current_ && marked_->position == position && marked_->at == view_time_;
  if (again) {
    marked_.reset();
    notice_ = "No moment is marked any more.";
    return;
  }
  marked_ = Marked{world(), view_time_, current_, position};
  notice_ = "This moment is marked. Go to another, in any branch: the panel lists what differs.";
}

void Session::look_across() {
  std::vector<std::uint64_t> of;
  if (marked_) of = {0, marked_->branch, marked_->position, current_, timeline().position()};
  else if (compared_) of = {1, *compared_, other().timeline->position(), current_, timeline().position()};
  if (of == across_of_) return;
  across_of_ = of;
  across_.clear();
  if (marked_) across_ = changes_between(marked_->world, world(), {});
  else if (compared_) across_ = changes_between(world(), other().timeline->world(), {});
}

}  // namespace nutshell

// What a session does about questions that nobody has answered: nothing leads past them, and nothing is told beyond them.
#include "sim/session/session.h"

namespace nutshell {

std::optional<std::size_t> Session::question_from(std::size_t told) const {
  for (std::size_t i = told == 0 ? 0 : told - 1; i < beats().size(); ++i) {
    if (beats()[i].kind == StoryLine::Kind::ask && !beats()[i].choices.empty() && !given(i)) return i;
  }
  return std::nullopt;
}

// Whatever leads past a question that nobody has answered stops at it; so many beats had been told before.
void Session::stop_at_question(std::size_t told) {
  const std::optional<std::size_t> question = question_from(told);
  if (!question || told_ <= *question) return;
  const StoryLine& line = beats()[*question];
  if (timeline().position() > line.position || view_time_ > line.at) arrive(*question);
}

Time Session::fog() const {
  const std::optional<std::size_t> next = question_from(told_);
  return next ? beats()[*next].at : kNever;
}

std::optional<std::size_t> Session::next_question() const {
  const std::optional<std::size_t> next = question_from(told_);
  if (!next || asking()) return next;
  // A section ends with a caption that waits; while that stands, what it says is to be seen.
  const bool waits = told_ > 0 && beats()[told_ - 1].pause && view_time_ <= beats()[told_ - 1].at;
  for (std::size_t i = told_; i < *next; ++i) {
    if (beats()[i].pause) return std::nullopt;
  }
  return waits ? std::nullopt : next;
}

void Session::go_to_beat(std::size_t which) {
  playing_ = false;
  glide_.reset();
  for (std::size_t i = 0; i < which; ++i) {
    if (beats()[i].kind == StoryLine::Kind::ask) here().answers.try_emplace(i, kSkipped);
  }
  // As the key leads there, so that what was skipped is that since the caption before.
  if (which > 0) arrive(which - 1);
  arrive(which);
  stand_still();
}

}  // namespace nutshell

// What moves while view time stands, and the way back: see motion.h.
#include <algorithm>

#include "sim/scenario/run.h"
#include "sim/session/session.h"
#include "sim/session/transitions.h"

namespace nutshell {

namespace {

constexpr Duration kMostSettling = 1200 * kMillisecond;                             // no transition takes longer
constexpr Duration kLeastBack = 160 * kMillisecond, kMostBack = 380 * kMillisecond;  // through the time between
constexpr Duration kMostLast = 220 * kMillisecond;                                  // before that, or ...
constexpr Duration kMostLastAlone = 420 * kMillisecond;                             // ... if no time lies between

Duration scaled(Duration whole, Duration part, Duration of) {
  const double ratio = static_cast<double>(part) / static_cast<double>(std::max<Duration>(of, 1));
  return static_cast<Duration>(static_cast<double>(whole) * ratio);
}

}  // namespace

Motion Session::motion() const {
  Motion motion;
  if (rewind_) {
    motion.moving = rewind_->passed > 0;
    motion.pace = rewind_->pace;
    motion.settled = rewind_->to;
    if (rewind_->passed < rewind_->last_wall)
      motion.after = rewind_->last - scaled(rewind_->last, rewind_->passed, rewind_->last_wall);
    return motion;
  }
  motion.moving = settling_.on && settling_.begun;
  motion.pace = settling_.on ? settling_.pace : usual_pace();
  motion.settled = settling_.settled;
  motion.after = settling_.after;
  if (!settling_.on || !settling_.slows) return motion;
  for (const Mark& each : lanes().marks) {
    if (each.at < view_time_ - 20 * kSecond || each.at > view_time_ + kSecond) continue;
    if (each.kind == MarkKind::election || each.kind == MarkKind::promise)
      motion.slow.push_back({each.at - kSlowAround, each.at + kSlowAround});
  }
  return motion;
}

Step Session::settled_beside(Step settled) const {
  // It may have been counted in a branch that was left since.
  settled = std::min(settled, timeline().position());
  return settled == 0 ? 0 : position_before(*other().timeline, timeline().record_of(settled - 1).at + 1);
}

// After a command that has led from there to here: what happened on the way is shown.
void Session::show_way(CommandName command, Step from, Time from_time) {
  const Step here = timeline().position();
  switch (command) {
    case CommandName::next:
    case CommandName::step:
    case CommandName::next_moment:
      if (here > from && !glide_ && !settling_.on) settling_ = {true, false, false, from, usual_pace(), 0};
      return;
    case CommandName::step_back:
    case CommandName::previous_moment:
      if (here < from) rewind_from(from, from_time);
      return;
    default: return;
  }
}

void Session::rewind_from(Step from, Time from_time) {
  Rewind way;
  way.from = from;
  way.to = timeline().position();
  way.from_time = from_time;
  way.to_time = view_time_;
  way.caption = caption();
  const Duration between = from_time - view_time_;
  const Duration back = between > 0 ? std::clamp(scaled(kSecond, between, usual_pace()), kLeastBack, kMostBack) : 0;
  way.pace = between > 0 ? std::max<Duration>(scaled(kSecond, between, back), 1) : usual_pace();
  Motion motion;
  motion.moving = true;
  motion.pace = way.pace;
  motion.settled = way.to;
  way.last = wall_left(timeline(), from, from_time, motion);
  way.last_wall = std::min(way.last, between > 0 ? kMostLast : kMostLastAlone);
  way.wall = back + way.last_wall;
  if (way.wall > 0) rewind_ = std::move(way);
}

// Wall time goes by on the way back.
void Session::lead_back(Duration wall) {
  Rewind& way = *rewind_;
  way.passed += wall;
  if (way.passed >= way.wall) return finish_rewind();
  if (way.passed <= way.last_wall) {
    run().seek(way.from);
    return stand_at(way.from_time);
  }
  const Duration between = way.from_time - way.to_time;
  const Time at = way.from_time - scaled(between, way.passed - way.last_wall, way.wall - way.last_wall);
  run().seek_time(at);
  const Step position = std::clamp(timeline().position(), way.to, way.from);
  if (position != timeline().position()) run().seek(position);
  stand_at(at);
}

void Session::finish_rewind() {
  if (!rewind_) return;
  run().seek(rewind_->to);
  stand_at(rewind_->to_time);
  rewind_.reset();
}

// After a jump nothing is under way.
void Session::stand_still() {
  rewind_.reset();
  settling_.on = false;
}

// After arriving at a caption, from where `before` steps had been taken.
void Session::come_to_rest(Step before, const StoryLine& told) {
  const Step here = timeline().position();
  if (here < before) return stand_still();
  if (!settling_.on || shown(kSecond, settling_.pace) > 0) return;
  // What was too fast to be seen is over; only what is told here is shown, from the moment on at which it was decided.
  settling_.pace = usual_pace();
  settling_.settled = std::min(told.fired, here);
  const Time since = settling_.settled < here ? timeline().record_of(std::max<Step>(settling_.settled, 1) - 1).at : view_time_;
  while (settling_.settled > 0 && timeline().record_of(settling_.settled - 1).at >= since) --settling_.settled;
}

// True: the wall time has been used, and view time is not to go on.
bool Session::pass_motion(Duration wall) {
  if (rewind_) {
    if (wall > 0) lead_back(wall);
    return true;
  }
  const bool goes_on = glide_ || (playing_ && !asking());
  if (goes_on && !settling_.on) settling_ = {true, false, false, timeline().position(), usual_pace(), 0};
  if (!settling_.on || wall <= 0) return false;
  settling_.begun = true;
  if (!goes_on) {
    settling_.after += wall;
    if (settling_.after > kMostSettling) settling_.on = false;
    return false;
  }
  settling_.after = 0;
  settling_.pace = glide_ ? pace() : usual_pace();
  settling_.slows = !glide_ && speed().simulated >= speed().wall && speed().simulated <= 4 * speed().wall;
  return false;
}

}  // namespace nutshell

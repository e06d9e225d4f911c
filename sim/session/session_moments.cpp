// Where a session goes by itself: to what is worth telling, to what is waited for, and along what was done by hand.
#include <algorithm>

#include "sim/core/text.h"
#include "sim/scenario/effect.h"
#include "sim/session/session.h"
#include "sim/streams/film.h"

namespace nutshell {

namespace {

// What "run until" waits for, as a fact.
bool answers(Until until, const FactBody& body) {
  switch (until) {
    case Until::leader_change: return body.is<LeaderElected>();
    case Until::group_stable: return body.is<GroupStable>();
    case Until::isr_change: return body.is<IsrShrunk>() || body.is<IsrExpanded>();
    case Until::promise_broken: return body.is<PromiseBroken>();
    case Until::lag_zero: return false;
  }
  return false;
}

// No consumer has anything left to read, as far as consumers know.
bool nobody_lags(const World& world) {
  bool any = false;
  for (const Consumer& consumer : world.consumers) {
    for (const OwnedPartition& each : consumer.owned) {
      if (each.position < 0 || each.high_watermark < 0 || each.position < each.high_watermark) return false;
      any = true;
    }
  }
  return any;
}

// Goes to where what the fact names can be seen; where that does not come in time, to the fact. Returns the position.
Step seek_effect(Timeline& run, const Fact& fact, Step end) {
  const Step decided = fact.step + 1;
  run.seek(decided);
  while (!has_taken_effect(fact.body, run.world())) {
    if (run.position() < end && run.step(fact.at + kLongestEffect)) continue;
    run.seek(decided);
    break;
  }
  return run.position();
}

std::string counted(std::size_t count, const char* what) {
  return count == 0 ? "" : std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// By leaders, after the one time and until the other; Kafka's own topics do not count.
std::size_t records_written(const Timeline& timeline, Time from, Time to) {
  const Facts& facts = timeline.facts();
  std::int64_t count = 0;
  auto next = std::partition_point(facts.begin(), facts.end(), [&](const Fact& each) { return each.at <= from; });
  for (; next != facts.end() && next->at <= to; ++next) {
    const auto* append = next->body.as<BatchAppended>();
    if (!append || !append->as_leader) continue;
    if (std::string_view(timeline.world().fabric.names[append->tp.topic]).rfind("__", 0) != 0) count += append->count;
  }
  return static_cast<std::size_t>(count);
}

}  // namespace

// To the next thing worth telling, or to the caption that comes before it.
void Session::next_by_hand() {
  const std::size_t told = told_;
  const Step from = timeline().position();
  moment(true);
  // A caption stops where what it tells has taken effect, a little after it was decided; of several one comes after the other.
  const bool tells = told_ > told || (told < beats().size() && beats()[told].fired <= timeline().position());
  if (tells) return arrive(told);
  if ((timeline().position() > from || world().rivals.setup) && view_time_ < scenario().until) return;
  notice_ = "Nothing worth telling happens until " + format_time(view_time_) + ".";
  go_on_if_open();
}

// The same way back; at the deed itself, back to where it was not done.
void Session::back_by_hand() {
  if (stands_at_deed()) {
    undo();
    return;
  }
  const Step from = timeline().position(), deed = here().begins;
  const bool on_beat = told_ > 0 && beats()[told_ - 1].position == from;
  const std::size_t before = told_ - (on_beat ? 1 : 0);  // captions to go back to
  moment(false);
  const bool past_deed = from > deed && timeline().position() <= deed;
  const Step least = past_deed ? deed : timeline().position();
  if (before > 0 && beats()[before - 1].position > least) return arrive(before - 1);
  if (past_deed) go_to(deed, here().began);
}

bool Session::stands_at_deed() const {
  return here().parent && timeline().position() == here().begins && view_time_ == here().began;
}

void Session::step_film(bool forward, bool rows_only) {
  // Whatever comes of one row may happen at one time; a row that is asked for has come to its end.
  const auto& events = scenario().film->events;
  Time target = forward ? scenario().until : scenario().opens;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool last = i + 1 == events.size() || events[i + 1].row != events[i].row;
    if (rows_only && !last) continue;
    if (forward && events[i].at > view_time_) {
      target = events[i].at;
      break;
    }
    if (!forward && events[i].at < view_time_ && events[i].at > target) target = events[i].at;
  }
  const StoryLine* ahead = told_ < beats().size() ? &beats()[told_] : nullptr;
  if (forward && ahead && ahead->at <= target) return arrive(told_);
  go_to_time(std::min(target, scenario().until));
}

void Session::step_wires(bool forward) {
  Time target = forward ? scenario().until : scenario().opens;
  for (const WiresStep& each : scenario().wires) {
    if (forward && each.at > view_time_) target = std::min(target, each.at);
    if (!forward && each.at < view_time_) target = std::max(target, each.at);
  }
  const StoryLine* ahead = told_ < beats().size() ? &beats()[told_] : nullptr;
  if (forward && ahead && ahead->at <= target) return arrive(told_);
  go_to_time(target);
}

void Session::moment(bool forward) {
  playing_ = false;
  if (scenario().film) return step_film(forward, true);
  if (!scenario().wires.empty()) return step_wires(forward);
  if (world().rivals.setup) return moment_of_rivals(forward);
  const Step from = timeline().position();
  Step step = from;
  while (forward ? step < end() || know_more() : step > 1) {
    const Step looked = forward ? step : step - 2;
    const auto [first, last] = timeline().facts_of(looked);
    for (std::size_t i = first; i < last; ++i) {
      if (fact_level(timeline().facts()[i].body) != FactLevel::story) continue;
      const Step seen = seek_effect(run(), timeline().facts()[i], end());
      if (forward || seen < from) return go_to(seen, std::max(timeline().now(), timeline().facts()[i].at));
    }
    forward ? ++step : --step;
  }
  go_to_time(forward ? scenario().until : 0);
}

void Session::land_at(Step position, Time at) {
  const Time from = view_time_;
  go_to(position, at);
  land(from, view_time_);
}

void Session::run_until_nobody_lags() {
  const Step here = timeline().position();
  bool found = false;
  while (!found && (timeline().position() < end() || know_more())) {
    run().step();
    found = nobody_lags(timeline().world());
  }
  if (found) return land_at(timeline().position(), timeline().now());
  run().seek(here);
  landing_ = Landing{0, "no " + std::string(until_label(Until::lag_zero)) + " until the end"};
}

void Session::run_until(Until until) {
  playing_ = false;
  glide_.reset();
  if (until == Until::lag_zero) return run_until_nobody_lags();
  for (Step step = timeline().position(); step < end() || know_more(); ++step) {
    const auto [first, last] = timeline().facts_of(step);
    for (std::size_t i = first; i < last; ++i) {
      if (!answers(until, timeline().facts()[i].body)) continue;
      const Step seen = seek_effect(run(), timeline().facts()[i], end());
      return land_at(seen, timeline().now());
    }
  }
  landing_ = Landing{0, "no " + std::string(until_label(until)) + " until the end"};
}

void Session::run_until_time(Time time) {
  playing_ = false;
  const Time from = view_time_;
  go_to_time(time);
  land(from, view_time_);
}

void Session::land(Time from, Time to) {
  std::size_t elections = 0, rebalances = 0, isr = 0, broken = 0;
  for (const Mark& each : lanes().marks) {
    if (each.at <= from || each.at > to) continue;
    elections += each.kind == MarkKind::election;
    rebalances += each.kind == MarkKind::rebalance;
    isr += each.kind == MarkKind::isr;
    broken += each.kind == MarkKind::promise;
  }
  std::string what;
  const std::string written = counted(records_written(timeline(), from, to), "record");
  for (const std::string& each : {counted(elections, "election"), counted(rebalances, "rebalance"), counted(isr, "ISR change"),
                                  counted(broken, "broken promise"), written.empty() ? "" : written + " written"}) {
    if (!each.empty()) what += (what.empty() ? "" : ", ") + each;
  }
  landing_ = Landing{to - from, what.empty() ? "nothing happened" : what};
}

}  // namespace nutshell

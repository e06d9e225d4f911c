#include "viz/session/session.h"

#include <algorithm>
#include <utility>

#include "sim/core/text.h"
#include "sim/scenario/run.h"

namespace nutshell {

namespace {

constexpr std::size_t kUsualSpeed = 6;
constexpr Duration kGlide = 2500 * kMillisecond;  // wall time to the next caption, at most
constexpr Duration kMinGlide = 700 * kMillisecond;
constexpr Duration kSlowAround = 200 * kMillisecond;  // simulated time, before and after what is worth a look
constexpr std::int64_t kSlower = 5;
constexpr Duration kFresh = 2 * kSecond;  // simulated time, after a beat

bool is_beat(const StoryLine& line) {
  return line.kind == StoryLine::Kind::say || line.kind == StoryLine::Kind::ask;
}

// What "run until" waits for, as a fact.
bool answers(Until until, const FactBody& body) {
  switch (until) {
    case Until::leader_change: return std::holds_alternative<LeaderElected>(body);
    case Until::group_stable: return std::holds_alternative<GroupStable>(body);
    case Until::isr_change: return std::holds_alternative<IsrShrunk>(body) || std::holds_alternative<IsrExpanded>(body);
    case Until::promise_broken: return std::holds_alternative<PromiseBroken>(body);
    case Until::lag_zero: return false;
  }
  return false;
}

bool is_interesting(const Fact& fact) {
  return std::visit([](const auto& body) { return std::decay_t<decltype(body)>::level == FactLevel::story; }, fact.body);
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

std::string counted(std::size_t count, const char* what) {
  return count == 0 ? "" : std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

const std::vector<Speed>& speeds() {
  static const std::vector<Speed> kSpeeds = {{1, 1000, "1/1000"}, {1, 200, "1/200"}, {1, 50, "1/50"}, {1, 20, "1/20"},
                                             {1, 5, "1/5"},       {1, 2, "1/2"},     {1, 1, "1"},     {2, 1, "2"},
                                             {4, 1, "4"},         {10, 1, "10"},     {60, 1, "60"}};
  return kSpeeds;
}

Session::Session(Scenario scenario)
    : scenario_(std::move(scenario)), timeline_(timeline_of(scenario_)), speed_(kUsualSpeed) {
  run_to(timeline_, scenario_.until);
  end_ = timeline_.position();
  std::string focus;
  for (StoryLine& line : tell(scenario_, timeline_)) {
    // What to look at is said just before what is said about it.
    if (line.kind == StoryLine::Kind::focus) focus = line.text;
    if (!is_beat(line)) continue;
    if (beats_.empty() || beats_.back().pause) sections_.push_back(beats_.size());
    beats_.push_back(std::move(line));
    focuses_.push_back(std::exchange(focus, ""));
  }
  lanes_ = make_lanes(timeline_, scenario_.until);
  for (const StoryLine& each : beats_) {
    const bool asks = each.kind == StoryLine::Kind::ask;
    lanes_.marks.push_back({each.at, asks ? MarkKind::question : MarkKind::beat, each.text, {}});
  }
  std::stable_sort(lanes_.marks.begin(), lanes_.marks.end(), [](const Mark& a, const Mark& b) { return a.at < b.at; });
  // The first caption, if it stands at the opening, is there before any key is pressed.
  go_to_time(scenario_.opens);
  if (!beats_.empty() && beats_.front().at <= scenario_.opens + kSecond) arrive(0);
}

// Whether it would show what comes after this moment.
bool Session::goes_on(const Command& command) const {
  switch (command.name) {
    case CommandName::step:
    case CommandName::next_moment:
    case CommandName::end:
    case CommandName::run_until:
    case CommandName::run_until_time: return true;
    case CommandName::section: return static_cast<std::size_t>(command.value) > section() + 1;
    case CommandName::go_to_time: return command.value > view_time_;
    case CommandName::go_to_step: return command.value > static_cast<std::int64_t>(timeline_.position());
    default: return false;
  }
}

bool Session::obey(const Command& command) {
  if (asking() && goes_on(command)) return true;
  switch (command.name) {
    case CommandName::next: next(); return true;
    case CommandName::back: back(); return true;
    case CommandName::step: step(true); return true;
    case CommandName::step_back: step(false); return true;
    case CommandName::next_moment: moment(true); return true;
    case CommandName::previous_moment: moment(false); return true;
    case CommandName::play_pause: play_or_pause(); return true;
    case CommandName::faster: speed_ = std::min(speed_ + 1, speeds().size() - 1); return true;
    case CommandName::slower: speed_ = speed_ == 0 ? 0 : speed_ - 1; return true;
    case CommandName::speed: speed_ = std::min(static_cast<std::size_t>(command.value), speeds().size() - 1); return true;
    case CommandName::home: go_to_time(scenario_.opens); return true;
    case CommandName::end: go_to_time(scenario_.until); return true;
    case CommandName::answer: answer(static_cast<std::size_t>(command.value)); return true;
    case CommandName::reveal: answer(kSkipped); return true;
    case CommandName::go_to_time: go_to_time(command.value); return true;
    case CommandName::go_to_step: {
      const auto position = static_cast<Step>(command.value);
      go_to(position, position == 0 ? 0 : timeline_.record_of(position - 1).at);
      return true;
    }
    case CommandName::run_until: run_until(static_cast<Until>(command.value)); return true;
    case CommandName::run_until_time: run_until_time(command.value); return true;
    case CommandName::section: go_to_section(static_cast<std::size_t>(command.value) - 1); return true;
    case CommandName::section_start: go_to_section_start(); return true;
    default: return false;
  }
}

const Speed& Session::speed() const { return speeds()[speed_]; }

std::string_view Session::slowed_by() const {
  if (!playing_ || speed().simulated < speed().wall || speed().simulated > 4 * speed().wall) return "";
  for (const Mark& each : lanes_.marks) {
    if (each.at < view_time_ - kSlowAround || each.at > view_time_ + kSlowAround) continue;
    if (each.kind == MarkKind::election) return "election";
    if (each.kind == MarkKind::promise) return "a promise breaks";
  }
  return "";
}

Duration Session::pace() const {
  if (glide_) return (glide_->to - glide_->from) * kSecond / std::max<Duration>(glide_->wall, 1);
  const Duration usual = kSecond / speed().wall * speed().simulated;
  return slowed_by().empty() ? usual : usual / kSlower;
}

std::size_t Session::told() const { return told_; }
const StoryLine* Session::beat() const { return told_ == 0 ? nullptr : &beats_[told_ - 1]; }

std::string_view Session::focus() const {
  if (told_ == 0 || view_time_ > beats_[told_ - 1].at + kFresh) return "";
  return focuses_[told_ - 1];
}

std::size_t Session::section() const {
  const auto later = std::upper_bound(sections_.begin(), sections_.end(), told_ == 0 ? 0 : told_ - 1);
  return later == sections_.begin() ? 0 : static_cast<std::size_t>(later - sections_.begin()) - 1;
}

void Session::go_to_section(std::size_t section) {
  if (section >= sections_.size()) return;
  playing_ = false;
  glide_.reset();
  go_to_time(beats_[sections_[section]].at);
  arrive(sections_[section]);
}

void Session::go_to_section_start() {
  if (sections_.empty()) return go_to_time(scenario_.opens);
  const StoryLine& first = beats_[sections_[section()]];
  const bool there = told_ == sections_[section()] + 1 && view_time_ <= std::max(first.at, scenario_.opens);
  if (there && section() == 0) return go_to_time(scenario_.opens);
  go_to_section(section() - (there ? 1 : 0));
}

std::size_t Session::told_at(Step position) const {
  std::size_t count = 0;
  while (count < beats_.size() && beats_[count].position <= position && beats_[count].at <= view_time_) ++count;
  return count;
}

bool Session::asking() const {
  return beat() && beat()->kind == StoryLine::Kind::ask && !beat()->choices.empty() && !given(told_ - 1);
}

std::optional<std::size_t> Session::given(std::size_t which) const {
  const auto found = answers_.find(which);
  return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

std::string Session::caption() const {
  // A caption stands until something worth telling has happened after it.
  const Step since = beat() ? beat()->position : 0;
  const std::vector<Fact>& facts = timeline_.facts();
  for (Step step = timeline_.position(); step-- > since && step + 4000 > timeline_.position();) {
    const auto [first, last] = timeline_.facts_of(step);
    for (std::size_t i = last; i-- > first;) {
      if (is_interesting(facts[i])) return format_time(facts[i].at) + "  " + sentence_of(timeline_, step);
    }
  }
  return beat() ? beat()->text : scenario_.about;
}

void Session::go_to_time(Time time) {
  time = std::clamp<Time>(time, 0, scenario_.until);
  timeline_.seek_time(time);
  view_time_ = time;
  told_ = told_at(timeline_.position());
  glide_.reset();
  landing_.reset();
}

void Session::go_to(Step position, Time at) {
  timeline_.seek(std::min(position, end_));
  view_time_ = std::clamp<Time>(at, 0, scenario_.until);
  told_ = told_at(timeline_.position());
  glide_.reset();
  landing_.reset();
}

void Session::next() {
  if (glide_) return arrive(glide_->beat);
  if (asking()) return answer(kSkipped);
  if (told_ < beats_.size()) return glide_to(told_);
  playing_ = false;
  if (view_time_ < scenario_.until) step(true);
}

void Session::back() {
  playing_ = false;
  const bool moved_on = beat() && (timeline_.position() > beat()->position || view_time_ > beat()->at);
  if (told_ == 0) return go_to_time(scenario_.opens);
  if (moved_on) return arrive(told_ - 1);
  if (told_ == 1) return go_to_time(scenario_.opens);
  arrive(told_ - 2);
}

void Session::step(bool forward) {
  playing_ = false;
  if (glide_) glide_.reset();
  const Step position = timeline_.position();
  if (!forward && position == 0) return;
  if (forward && position >= end_) return;
  // A question that comes before the next event is not stepped over.
  const StoryLine* ahead = told_ < beats_.size() ? &beats_[told_] : nullptr;
  if (forward && ahead && ahead->kind == StoryLine::Kind::ask && ahead->position <= position) return arrive(told_);
  const Step target = forward ? position + 1 : position - 1;
  go_to(target, target == 0 ? 0 : timeline_.record_of(target - 1).at);
}

void Session::moment(bool forward) {
  playing_ = false;
  const std::vector<Fact>& facts = timeline_.facts();
  Step step = timeline_.position();
  while (forward ? step < end_ : step > 1) {
    const Step looked = forward ? step : step - 2;
    const auto [first, last] = timeline_.facts_of(looked);
    for (std::size_t i = first; i < last; ++i) {
      if (is_interesting(facts[i])) return go_to(looked + 1, facts[i].at);
    }
    forward ? ++step : --step;
  }
  go_to_time(forward ? scenario_.until : 0);
}

void Session::land_at(Step position, Time at) {
  const Time from = view_time_;
  go_to(position, at);
  land(from, view_time_);
}

void Session::run_until_nobody_lags() {
  const Step here = timeline_.position();
  bool found = false;
  while (!found && timeline_.position() < end_) {
    timeline_.step();
    found = nobody_lags(timeline_.world());
  }
  if (found) return land_at(timeline_.position(), timeline_.now());
  timeline_.seek(here);
  landing_ = Landing{0, "no " + std::string(until_label(Until::lag_zero)) + " until the end"};
}

void Session::run_until(Until until) {
  playing_ = false;
  glide_.reset();
  if (until == Until::lag_zero) return run_until_nobody_lags();
  for (Step step = timeline_.position(); step < end_; ++step) {
    const auto [first, last] = timeline_.facts_of(step);
    for (std::size_t i = first; i < last; ++i) {
      if (answers(until, timeline_.facts()[i].body)) return land_at(step + 1, timeline_.facts()[i].at);
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

void Session::answer(std::size_t choice) {
  if (!asking()) return;
  if (choice != kSkipped && choice >= beat()->choices.size()) return;
  answers_[told_ - 1] = choice;
}

void Session::play_or_pause() {
  if (asking()) return answer(kSkipped);
  if (glide_) {
    glide_.reset();
    playing_ = false;
    return;
  }
  if (at_end()) go_to_time(scenario_.opens);
  playing_ = !playing_;
}

void Session::glide_to(std::size_t beat) {
  const Time to = beats_[beat].at;
  landing_.reset();
  if (to <= view_time_) return arrive(beat);
  const Duration wall = std::clamp<Duration>(to - view_time_, kMinGlide, kGlide);
  playing_ = false;
  glide_ = Glide{beat, view_time_, to, wall, 0};
}

void Session::arrive(std::size_t beat) {
  const Time from = glide_ ? glide_->from : view_time_;
  glide_.reset();
  timeline_.seek(beats_[beat].position);
  view_time_ = std::max(beats_[beat].at, timeline_.now());
  told_ = beat + 1;
  landing_.reset();
  if (view_time_ - from > 5 * kSecond) land(from, view_time_);
}

void Session::land(Time from, Time to) {
  std::size_t elections = 0, rebalances = 0, isr = 0, broken = 0;
  for (const Mark& each : lanes_.marks) {
    if (each.at <= from || each.at > to) continue;
    elections += each.kind == MarkKind::election;
    rebalances += each.kind == MarkKind::rebalance;
    isr += each.kind == MarkKind::isr;
    broken += each.kind == MarkKind::promise;
  }
  std::string what;
  for (const std::string& each : {counted(elections, "election"), counted(rebalances, "rebalance"),
                                  counted(isr, "ISR change"), counted(broken, "broken promise")}) {
    if (!each.empty()) what += (what.empty() ? "" : ", ") + each;
  }
  landing_ = Landing{to - from, what.empty() ? "nothing else happened" : what};
}

void Session::advance_to(Time time) {
  while (timeline_.position() < end_ && timeline_.step(time)) {
  }
  view_time_ = time;
}

void Session::pass(Duration wall) {
  wall = std::min<Duration>(wall, 250 * kMillisecond);
  if (glide_) {
    glide_->passed += wall;
    if (glide_->passed >= glide_->wall) return arrive(glide_->beat);
    // In parts per 10,000, so that long ways do not overflow.
    const std::int64_t part = glide_->passed * 10'000 / glide_->wall;
    advance_to(std::max(view_time_, glide_->from + (glide_->to - glide_->from) / 10'000 * part));
    return;
  }
  if (!playing_ || asking()) return;
  landing_.reset();
  const std::int64_t divisor = speed().wall * (slowed_by().empty() ? 1 : kSlower);
  rest_ += wall * speed().simulated;
  const Duration simulated = rest_ / divisor;
  rest_ %= divisor;
  const Time target = std::min(view_time_ + simulated, scenario_.until);
  if (told_ < beats_.size() && beats_[told_].at <= target) {
    arrive(told_);
    if (beat()->pause || asking()) playing_ = false;
    return;
  }
  advance_to(target);
  if (view_time_ >= scenario_.until) playing_ = false;
}

}  // namespace nutshell

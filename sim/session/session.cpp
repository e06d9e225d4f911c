#include "sim/session/session.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/session/command_rows.h"

namespace nutshell {

namespace {

constexpr std::size_t kUsualSpeed = 6;
constexpr Duration kGlide = 2500 * kMillisecond;  // wall time to the next caption, at most
constexpr Duration kMinGlide = 700 * kMillisecond;
constexpr Duration kFresh = 2 * kSecond;  // simulated time, after a beat

}  // namespace

const std::vector<Speed>& speeds() {
  static const std::vector<Speed> kSpeeds = {{1, 1000, "1/1000"}, {1, 200, "1/200"}, {1, 50, "1/50"}, {1, 20, "1/20"},
                                             {1, 5, "1/5"},       {1, 2, "1/2"},     {1, 1, "1"},     {2, 1, "2"},
                                             {4, 1, "4"},         {10, 1, "10"},     {60, 1, "60"}};
  return kSpeeds;
}

Session::Session(Scenario scenario) : speed_(kUsualSpeed) {
  auto whole = std::make_unique<Branch>();
  whole->name = "as scripted";
  whole->scenario = std::move(scenario);
  run_ahead(*whole, kStepsAFrame);
  branches_.push_back(std::move(whole));
  visited_.push_back(0);
  // The first caption, if it stands at the opening, is there before any key is pressed.
  go_to_time(this->scenario().opens);
  know(here(), this->scenario().opens + kSecond);
  if (!beats().empty() && beats().front().at <= this->scenario().opens + kSecond) arrive(0);
}

// Whether it would show what comes after this moment.
bool Session::goes_on(const Command& command) const {
  switch (row_of(command.name).leads) {
    case Leads::nowhere: return false;
    case Leads::on: return true;
    case Leads::to_section: return static_cast<std::size_t>(command.value) > section() + 1;
    case Leads::to_time: return command.value > view_time_;
    case Leads::to_divergence: return divergence_ && divergence_->at > view_time_;
    case Leads::to_step: return command.value > static_cast<std::int64_t>(timeline().position());
  }
  return false;
}

bool Session::lies_ahead(const Command& command) const {
  if (const std::optional<Turn> turn = turn_of(command)) {
    const Branch& branch = *branches_[turn->branch];
    const bool ends_before = turn->beside && branch.open && branch.scenario.until < turn->at;
    if (branch.timeline && branch.whole()) return ends_before;
    return branch.known_until <= turn->at || branch.end < turn->position;
  }
  if (whole()) return false;
  switch (row_of(command.name).needs) {
    case Needs::nothing:
    case Needs::branch: return false;
    case Needs::all: return true;
    case Needs::beat: return !gliding() && (asking() || told_ >= beats().size());
    case Needs::answer: return asking();
    case Needs::time: return command.value > reach();
    case Needs::told: return static_cast<std::size_t>(command.value) >= beats().size();
    case Needs::step: {
      const std::int64_t step = std::max<std::int64_t>(command.value, 1);
      if (step > static_cast<std::int64_t>(end())) return !here().whole();
      return timeline().record_of(static_cast<Step>(step) - 1).at > reach();
    }
  }
  return false;
}

// What each command does.
struct Session::Deeds {
  struct Deed {
    CommandName name;
    bool in_time;  // goes back and forth in this branch; else from branch to branch
    void (*does)(Session&, const Command&);
  };
  static constexpr std::array<Deed, 27> kAll = {{
      {CommandName::next, true, [](Session& session, const Command&) { session.next(); }},
      {CommandName::back, true, [](Session& session, const Command&) { session.back(); }},
      {CommandName::step, true, [](Session& session, const Command&) { session.step(true); }},
      {CommandName::step_back, true, [](Session& session, const Command&) { session.step(false); }},
      {CommandName::next_moment, true, [](Session& session, const Command&) { session.moment(true); }},
      {CommandName::previous_moment, true, [](Session& session, const Command&) { session.moment(false); }},
      {CommandName::play_pause, true, [](Session& session, const Command&) { session.play_or_pause(); }},
      {CommandName::faster, true, [](Session& session, const Command&) { session.set_speed(session.speed_ + 1); }},
      {CommandName::slower, true,
       [](Session& session, const Command&) { session.set_speed(session.speed_ - std::min<std::size_t>(session.speed_, 1)); }},
      {CommandName::speed, true,
       [](Session& session, const Command& command) { session.set_speed(static_cast<std::size_t>(command.value)); }},
      {CommandName::home, true,
       [](Session& session, const Command&) {
         session.here().answers.clear();
         session.go_to_time(session.scenario().opens);
       }},
      {CommandName::end, true, [](Session& session, const Command&) { session.go_to_time(session.scenario().until); }},
      {CommandName::section, true,
       [](Session& session, const Command& command) { session.go_to_section(static_cast<std::size_t>(command.value) - 1); }},
      {CommandName::section_start, true, [](Session& session, const Command&) { session.go_to_section_start(); }},
      {CommandName::answer, true,
       [](Session& session, const Command& command) { session.answer(static_cast<std::size_t>(command.value)); }},
      {CommandName::reveal, true, [](Session& session, const Command&) { session.answer(kSkipped); }},
      {CommandName::go_to_time, true, [](Session& session, const Command& command) { session.go_to_time(command.value); }},
      {CommandName::go_to_beat, true,
       [](Session& session, const Command& command) {
         if (const auto which = static_cast<std::size_t>(command.value); which < session.beats().size()) session.go_to_beat(which);
       }},
      {CommandName::go_to_step, true,
       [](Session& session, const Command& command) {
         // Lists may speak of a branch that is known for longer than this one.
         const Step position = std::min(static_cast<Step>(std::max<std::int64_t>(command.value, 0)), session.end());
         session.go_to(position, position == 0 ? 0 : session.timeline().record_of(position - 1).at);
       }},
      {CommandName::run_until, true,
       [](Session& session, const Command& command) { session.run_until(static_cast<Until>(command.value)); }},
      {CommandName::run_until_time, true, [](Session& session, const Command& command) { session.run_until_time(command.value); }},
      {CommandName::undo, false, [](Session& session, const Command&) { session.undo(); }},
      {CommandName::redo, false, [](Session& session, const Command&) { session.redo(); }},
      {CommandName::switch_branch, false,
       [](Session& session, const Command& command) {
         if (const std::optional<std::size_t> which = session.branch_of(command)) session.switch_to(*which);
       }},
      {CommandName::compare_with, false,
       [](Session& session, const Command& command) { session.compare_with(session.branch_of(command)); }},
      {CommandName::swap_sides, false,
       [](Session& session, const Command&) {
         if (session.compared_) session.switch_to(*session.compared_);
       }},
      {CommandName::to_divergence, false, [](Session& session, const Command&) { session.go_to_divergence(); }},
  }};
  static_assert(are_deeds_of(Taker::session, kAll));
};

bool Session::obey(const Command& command) {
  if (row_of(command.name).taker != Taker::session) return false;
  finish_rewind();
  if (asking() && goes_on(command)) return true;
  notice_.clear();
  const Step from = timeline().position();
  const Time from_time = view_time_;
  const std::size_t told = told_;
  // A section is gone to by its number, by somebody who knows what he skips.
  const bool onwards = goes_on(command) && command.name != CommandName::section;
  for (const Deeds::Deed& each : Deeds::kAll) {
    if (each.name != command.name) continue;
    each.does(*this, command);
    if (each.in_time ? onwards : command.name == CommandName::to_divergence) stop_at_question(told);
    if (each.in_time) show_way(command.name, from, from_time);
  }
  return true;
}

void Session::set_speed(std::size_t speed) { speed_ = std::min(speed, speeds().size() - 1); }

const Speed& Session::speed() const { return speeds()[speed_]; }

std::string_view Session::slowed_by() const {
  if (!playing_ || speed().simulated < speed().wall || speed().simulated > 4 * speed().wall) return "";
  for (const Mark& each : lanes().marks) {
    if (each.at < view_time_ - kSlowAround || each.at > view_time_ + kSlowAround) continue;
    if (each.kind == MarkKind::election) return "election";
    if (each.kind == MarkKind::promise) return "a promise breaks";
  }
  return "";
}

Duration Session::pace() const {
  if (glide_) {
    // In two parts, so that long ways do not overflow.
    const Duration way = glide_->to - glide_->from, wall = std::max<Duration>(glide_->wall, 1);
    return way / wall * kSecond + way % wall * kSecond / wall;
  }
  return slowed_by().empty() ? usual_pace() : usual_pace() / kSlower;
}

std::size_t Session::told() const { return told_; }
const StoryLine* Session::beat() const { return told_ == 0 ? nullptr : &beats()[told_ - 1]; }

std::string_view Session::focus() const {
  if (told_ == 0 || view_time_ > beats()[told_ - 1].at + kFresh) return "";
  return here().focuses[told_ - 1];
}

std::size_t Session::section() const {
  const auto later = std::upper_bound(sections().begin(), sections().end(), told_ == 0 ? 0 : told_ - 1);
  return later == sections().begin() ? 0 : static_cast<std::size_t>(later - sections().begin()) - 1;
}

void Session::go_to_section(std::size_t section) {
  if (section >= sections().size()) know_all();  // which may tell of more
  if (section >= sections().size()) return;
  playing_ = false;
  glide_.reset();
  go_to_time(beats()[sections()[section]].at);
  arrive(sections()[section]);
}

void Session::go_to_section_start() {
  if (sections().empty()) return go_to_time(scenario().opens);
  const StoryLine& first = beats()[sections()[section()]];
  const bool there = told_ == sections()[section()] + 1 && timeline().position() <= first.position;
  if (there && section() == 0) return go_to_time(scenario().opens);
  go_to_section(section() - (there ? 1 : 0));
}

std::size_t Session::told_at(Step position) const {
  std::size_t count = 0;
  while (count < beats().size() && beats()[count].position <= position && beats()[count].at <= view_time_) ++count;
  return count;
}

bool Session::asking() const {
  return beat() && beat()->kind == StoryLine::Kind::ask && !beat()->choices.empty() && !given(told_ - 1);
}

bool Session::keeps_letters() const {
  return beat() && beat()->kind == StoryLine::Kind::ask && !beat()->choices.empty() && !off_script();
}

bool Session::over() const {
  if (here().parent || !here().whole() || asking() || glide_ || told_ < beats().size()) return false;
  return at_end() || (!beats().empty() && !scenario().is_puzzle());
}

std::string_view Session::way_on() const {
  if (asking()) return "the answer";
  if (off_script()) return "next thing that happens";
  if (told_ < beats().size()) return "next";
  return over() ? "next lesson" : "next thing that happens";
}

std::string_view Session::way_back() const {
  if (!here().parent) return "";
  if (branches_[*here().parent]->parent) return "back by one deed";
  return beats().empty() ? "take it back" : "back to the lesson";
}

std::optional<std::size_t> Session::given(std::size_t which) const {
  const auto found = here().answers.find(which);
  return found == here().answers.end() ? std::nullopt : std::optional(found->second);
}

bool Session::moves() const {
  if (glide_ || rewind_ || settling_.on || (playing_ && !asking()) || !whole()) return true;
  return here().reads() || (compared_ && other().reads());
}

std::string Session::caption() const {
  if (rewind_) return rewind_->caption;
  if (scenario().is_still()) return beat() ? beat()->text : scenario().about;
  if (world().rivals.setup) return caption_of_rivals();
  if (!beat() && world().brokers.empty()) return scenario().about;
  // A caption stands until something worth telling has happened after it.
  const Step since = beat() ? beat()->position : 0;
  const Facts& facts = timeline().facts();
  for (Step step = timeline().position(); step-- > since && step + 4000 > timeline().position();) {
    const auto [first, last] = timeline().facts_of(step);
    for (std::size_t i = last; i-- > first;) {
      if (fact_level(facts[i].body) != FactLevel::story) continue;
      return when(facts[i].at) + sentence_of(timeline(), step);
    }
  }
  // What was said before somebody acted need not hold any more, and what was answered is not asked again.
  const Action* deed = off_script() && !asking() ? &last_deed() : nullptr;
  if (deed && (!beat() || beat()->at <= deed->at)) return when(deed->at) + sentence(deed->body);
  return beat() ? beat()->text : scenario().about;
}

std::string Session::when(Time at) const { return at == view_time_ ? "" : "At " + format_time(at) + ": "; }

const Action& Session::last_deed() const {
  const std::vector<Action>& acted = here().acted;
  return std::find_if(acted.begin(), acted.end(), [&](const Action& each) { return each.at > view_time_; })[-1];
}

void Session::go_to_time(Time time) {
  time = std::clamp<Time>(time, 0, scenario().until);
  know(here(), time);
  run().seek_time(time);
  stand_at(time);
  told_ = told_at(timeline().position());
  stand_still();
  glide_.reset();
  landing_.reset();
}

void Session::go_to(Step position, Time at) {
  while (position > end() && know_more()) {
  }
  run().seek(std::min(position, end()));
  stand_at(std::clamp<Time>(at, 0, scenario().until));
  told_ = told_at(timeline().position());
  stand_still();
  glide_.reset();
  landing_.reset();
}

void Session::next() {
  if (glide_) return arrive(glide_->beat);
  if (asking()) return answer(kSkipped);
  if (off_script()) return next_by_hand();
  while (told_ >= beats().size() && know_more()) {
  }
  const bool before_deed = !here().parent || (told_ < beats().size() && !here().left_by(beats()[told_].at));
  if (told_ < beats().size() && before_deed) return glide_to(told_);
  playing_ = false;
  if (!over()) next_by_hand();
}

void Session::back() {
  playing_ = false;
  if (off_script()) return back_by_hand();
  const bool moved_on = beat() && (timeline().position() > beat()->position || view_time_ > beat()->at);
  if (told_ == 0) return go_to_time(scenario().opens);
  if (moved_on) return arrive(told_ - 1);
  if (told_ == 1) return go_to_time(scenario().opens);
  arrive(told_ - 2);
}

void Session::step(bool forward) {
  playing_ = false;
  if (glide_) glide_.reset();
  if (scenario().film) return step_film(forward, false);
  if (!scenario().wires.empty()) return step_wires(forward);
  if (world().rivals.setup) return step_rivals(forward);
  const Step position = timeline().position();
  if (!forward && position == 0) return;
  if (forward && position >= end() && !know_more()) return;
  // A question that comes before the next event is not stepped over.
  const StoryLine* ahead = told_ < beats().size() ? &beats()[told_] : nullptr;
  if (forward && ahead && ahead->kind == StoryLine::Kind::ask && ahead->position <= position) return arrive(told_);
  const Step target = forward ? position + 1 : position - 1;
  go_to(target, target == 0 ? 0 : timeline().record_of(target - 1).at);
}

void Session::answer(std::size_t choice) {
  if (!asking()) return;
  know(here(), kNever);
  if (choice != kSkipped && choice >= beat()->choices.size()) return;
  here().answers[told_ - 1] = choice;
}

void Session::play_or_pause() {
  if (asking()) return answer(kSkipped);
  if (glide_) {
    glide_.reset();
    playing_ = false;
    return;
  }
  if (at_end()) go_to_time(scenario().opens);
  playing_ = !playing_;
}

void Session::glide_to(std::size_t beat) {
  const Time to = beats()[beat].at;
  landing_.reset();
  if (to <= view_time_) return arrive(beat);
  const Duration wall = std::clamp<Duration>(to - view_time_, kMinGlide, kGlide);
  playing_ = false;
  glide_ = Glide{beat, view_time_, to, wall, 0};
}

void Session::arrive(std::size_t beat) {
  const Time from = glide_ ? glide_->from : view_time_;
  const Step before = timeline().position();
  glide_.reset();
  run().seek(beats()[beat].position);
  stand_at(std::max(beats()[beat].at, timeline().now()));
  come_to_rest(before, beats()[beat]);
  told_ = beat + 1;
  landing_.reset();
  if (view_time_ - from > 5 * kSecond) land(from, view_time_);
}

void Session::stand_at(Time time) {
  view_time_ = time;
  look_beside();
}

// There and back again: the timeline restores a checkpoint and runs the short gap, which ends where it stood.
void Session::look_back() {
  const Step position = timeline().position();
  if (playing_ || glide_ || position == 0 || before()) return;
  run().seek(position - 1);
  before_ = world();
  run().seek(position);
  before_of_ = current_;
  before_at_ = position;
  changes_ = changes_between(*before_, world(), {});
}

// REQUIRES it is known until then.
void Session::advance_to(Time time) {
  while (timeline().position() < end() && run().step(time)) {
  }
  stand_at(time);
  go_on_if_open();
}

void Session::pass(Duration wall) {
  wall = std::min<Duration>(wall, 250 * kMillisecond);
  run_on();
  if (pass_motion(wall)) return;
  if (glide_) {
    glide_->passed = std::min(glide_->passed + wall, glide_->wall);
    if (glide_->passed == glide_->wall && beats()[glide_->beat].at <= reach()) return arrive(glide_->beat);
    // In parts per 10,000, so that long ways do not overflow.
    const std::int64_t part = glide_->passed * 10'000 / glide_->wall;
    const Time along = glide_->from + (glide_->to - glide_->from) / 10'000 * part;
    advance_to(std::max(view_time_, std::min(along, reach())));
    return;
  }
  if (!playing_ || asking()) return;
  landing_.reset();
  const std::int64_t divisor = speed().wall * (slowed_by().empty() ? 1 : kSlower);
  rest_ += wall * speed().simulated;
  const Duration simulated = rest_ / divisor;
  rest_ %= divisor;
  const Time target = std::max(view_time_, std::min({view_time_ + simulated, scenario().until, reach()}));
  if (told_ < beats().size() && beats()[told_].at <= target) {
    arrive(told_);
    if (beat()->pause || asking()) playing_ = false;
    return;
  }
  advance_to(target);
  if (view_time_ >= scenario().until) playing_ = false;
}

}  // namespace nutshell

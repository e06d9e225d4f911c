// What a session does with branches: acting, undo, and looking at two of them at once.
#include <algorithm>

#include "sim/check/promises.h"
#include "sim/core/require.h"
#include "sim/core/text.h"
#include "sim/session/command_rows.h"
#include "sim/session/done.h"
#include "sim/session/session.h"

namespace nutshell {

namespace {

constexpr Duration kKnownAhead = 30 * kSecond;   // of an open branch, at least, when somebody acts
constexpr Duration kEndIsNear = 5 * kSecond;     // then an open branch is run on
constexpr std::size_t kTimelinesKept = 32;       // the timelines of the others are made again when needed

// What is still to be done of a deed, and when it was decided.
struct Planned {
  Action action;
  Time decided = 0;
};

// Of what was done in a branch, what also happens in one that leaves it then: the past goes to `to`; what is returned
// is later parts of deeds that have begun. What was decided later is gone.
std::vector<Planned> what_stays(const Branch& from, Time leaves, Branch& to) {
  std::vector<Planned> planned;
  for (std::size_t i = 0; i < from.acted.size(); ++i) {
    const Action& each = from.acted[i];
    const Time decided = i < from.decided.size() ? from.decided[i] : each.at;
    if (each.at < leaves) {
      to.acted.push_back(each);
      to.decided.push_back(decided);
    } else if (decided < leaves) {
      planned.push_back({each, decided});
    }
  }
  return planned;
}

}  // namespace

std::string Session::act(const std::vector<Deed>& deeds, const std::string& name) {
  finish_rewind();
  if (asking()) return notice_ = std::string(kAsleep);
  if (!scenario().wires.empty()) return notice_ = "There is no cluster here that tools could be used on: only wires (+, - and C).";
  if (scenario().film) return notice_ = "There is no cluster here that tools could be used on: only a query and its rows.";
  const ActionBody& action = deeds.front().action;
  std::string problem = impossible(world(), action);
  if (problem.empty()) problem = refusal(world(), action);
  if (!problem.empty()) return notice_ = problem;
  auto made = std::make_unique<Branch>();
  made->left_at = timeline().position();
  made->left_time = view_time_;
  Timeline fork = timeline().fork();
  const Time at = round_moment(fork, view_time_);
  std::vector<Planned> planned = what_stays(here(), at, *made);
  do_deeds(*made, fork, at - 1);
  problem = fork.act(action, at);
  if (!problem.empty()) return notice_ = problem;
  made->begins = fork.position();
  made->acted.push_back({at, action});
  made->decided.push_back(at);
  for (std::size_t i = 1; i < deeds.size(); ++i) planned.push_back({{at + deeds[i].after, deeds[i].action}, at});
  std::stable_sort(planned.begin(), planned.end(), [](const Planned& a, const Planned& b) { return a.action.at < b.action.at; });
  for (const Planned& each : planned) {
    made->acted.push_back(each.action);
    made->decided.push_back(each.decided);
  }
  const Time last = made->acted.back().at;
  made->name = name.empty() ? sentence(action) : name;
  made->scenario = here().scenario;
  // An open branch goes on by itself: what its parent came to in an hour need not be known of it at once.
  made->scenario.until = std::min(std::max(lesson_of(current_).until, last + kKnownAhead), kMaxUntil);
  made->open = true;
  made->parent = current_;
  made->began = at;
  made->timeline = std::move(fork);
  made->answers = here().answers;
  made->lesson = here().lesson ? here().lesson : &here();
  const Step begins = made->begins;
  inherit_beats(*made, here(), at);
  run_ahead(*made, kStepsAFrame);
  branches_.push_back(std::move(made));
  enter(branches_.size() - 1, begins, at);
  notice_ = name.empty() ? done_text(world(), action) : here().name + (here().name.back() == '.' ? "" : ".");
  return "";
}

bool Session::breaks_later(std::string_view promise) const {
  const std::int32_t index = find_promise(promise);
  const Facts& facts = timeline().facts();
  return std::any_of(facts.begin(), facts.end(), [&](const Fact& each) {
    const auto* broken = each.body.as<PromiseBroken>();
    return broken && broken->promise == index && each.at >= view_time_;
  });
}

bool Session::undo() {
  if (!here().parent) {
    notice_ = "Nothing to undo.";
    return false;
  }
  const std::size_t child = current_;
  const Step position = here().left_at;
  const Time at = here().left_time;
  enter(*here().parent, position, at);
  here().redo = child;
  notice_ = "Undone: " + branches_[child]->name + " It stays as a branch.";
  return true;
}

bool Session::redo() {
  if (here().redo == 0) {
    notice_ = "Nothing to redo.";
    return false;
  }
  const Branch& child = *branches_[here().redo];
  enter(here().redo, child.begins, child.began);
  return true;
}

std::vector<std::size_t> Session::unsaved() const {
  const auto goes_on_in = [](const Branch& branch, const Branch& other) {
    return &branch != &other && other.lesson == branch.lesson && other.acted.size() > branch.acted.size() &&
           std::equal(branch.acted.begin(), branch.acted.end(), other.acted.begin(),
                      [](const Action& a, const Action& b) { return a.at == b.at && sentence(a.body) == sentence(b.body); });
  };
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    const Branch& branch = *branches_[i];
    if (branch.acted.empty() || branch.saved) continue;
    const auto holds_it = [&](const auto& each) { return goes_on_in(branch, *each); };
    if (std::none_of(branches_.begin(), branches_.end(), holds_it)) found.push_back(i);
  }
  return found;
}

void Session::switch_to(std::size_t which) {
  NUTSHELL_REQUIRE(which < branches_.size());
  if (which == current_) return;
  if (compared_ == which) compared_ = current_;
  enter(which, kNoStep, view_time_);
}

std::size_t Session::add_universe(Scenario scenario, std::string name, std::string varied_key) {
  auto made = std::make_unique<Branch>();
  made->name = std::move(name);
  made->varied_key = std::move(varied_key);
  made->scenario = std::move(scenario);
  run_ahead(*made, kStepsAFrame);
  branches_.push_back(std::move(made));
  return branches_.size() - 1;
}

// Goes over to a branch: after so many steps, or, if that is kNoStep, after everything until then.
void Session::enter(std::size_t which, Step position, Time at) {
  playing_ = playing_ && which + 1 == branches_.size();
  current_ = which;
  visited_.erase(std::remove(visited_.begin(), visited_.end(), which), visited_.end());
  visited_.push_back(which);
  make_again(which);
  place(which);
  if (position == kNoStep) go_to_time(at);
  else go_to(position, at);
  forget_timelines();
  find_divergence();
}

// Where a branch is to be turned to, and how far it is to be known for that.
std::optional<Session::Turn> Session::turn_of(const Command& command) const {
  if (row_of(command.name).needs != Needs::branch) return std::nullopt;
  const bool one = branch_of(command).has_value();
  const auto which = static_cast<std::size_t>(command.value);
  // Past its own deed in any case: so far the captions go that it inherited.
  const auto needed = [&](std::size_t branch, Time at) { return std::max(at, branches_[branch]->began); };
  switch (command.name) {
    case CommandName::back:
      if (!stands_at_deed()) return std::nullopt;
      [[fallthrough]];
    case CommandName::undo:
      if (!here().parent) return std::nullopt;
      return Turn{*here().parent, here().left_at, needed(*here().parent, here().left_time)};
    case CommandName::redo: {
      if (here().redo == 0) return std::nullopt;
      const Branch& child = *branches_[here().redo];
      return Turn{here().redo, child.begins, child.began};
    }
    case CommandName::switch_branch:
    case CommandName::compare_with:
      if (!one || which == current_) return std::nullopt;
      return Turn{which, 0, needed(which, view_time_), command.name == CommandName::compare_with};
    // What has been done by hand is settled when all is known: of what is still to come, something may be impossible.
    case CommandName::save: return Turn{which, 0, kNever};
    default: NUTSHELL_REQUIRE(false);
  }
  return std::nullopt;
}

void Session::bring_near(const Command& command) {
  const std::optional<Turn> turn = turn_of(command);
  if (!turn || turn->branch == current_ || turn->branch == compared_) return;
  Branch& branch = *branches_[turn->branch];
  make_again(turn->branch);
  if (turn->beside) follow_beside(branch);
  run_ahead(branch, kStepsAFrame);
}

// An open branch is known for as long as the one beside it.
void Session::follow_beside(Branch& beside) const {
  if (beside.open) beside.scenario.until = std::max(beside.scenario.until, scenario().until);
}

Time Session::reach() const {
  const auto of = [](const Branch& branch) { return branch.whole() ? kNever : branch.known_until - 1; };
  return compared_ ? std::min(of(here()), of(other())) : of(here());
}

// Until all is known, the first difference may not be known either.
void Session::run_on() {
  bool more = false;
  if (compared_) follow_beside(*branches_[*compared_]);
  each_shown([&](Branch& branch) {
    if (branch.whole()) return read_on(branch, kReadAFrame);
    run_ahead(branch, kStepsAFrame);
    more = true;
  });
  if (more) find_divergence();
}

void Session::know_all() {
  each_shown([&](Branch& branch) { know(branch, kNever); });
}

void Session::read_all() {
  know_all();
  each_shown([](Branch& branch) { read_on(branch); });
}

void Session::know(Branch& branch, Time until) {
  const auto known = [&] { return branch.whole() || branch.known_until > until; };
  if (known()) return;
  while (!known()) run_ahead(branch, until >= branch.scenario.until ? kNoStep : kStepsAFrame);
  find_divergence();
}

bool Session::know_more() {
  const Step before = end();
  while (end() == before && !here().whole()) run_ahead(here(), kStepsAFrame);
  find_divergence();
  return end() > before;
}

// The timeline of a branch that was left long ago leaves that of the nearest ancestor again which has one and knows as
// much; if there is none, it is run from the beginning.
void Session::make_again(std::size_t which) {
  if (branches_[which]->timeline) return;
  Step shared = kNoStep;
  std::size_t from = which;
  const auto lacks = [&](const Branch& each) { return !each.timeline || each.timeline->furthest() < shared; };
  while (lacks(*branches_[from]) && branches_[from]->parent) {
    shared = std::min(shared, branches_[from]->left_at);
    from = *branches_[from]->parent;
  }
  if (!lacks(*branches_[from])) {
    Timeline& other = *branches_[from]->timeline;
    const Step stood = other.position();
    other.seek(shared);
    branches_[which]->timeline = other.fork();
    other.seek(stood);
  }
  run_ahead(*branches_[which], kStepsAFrame);
}

void Session::forget_timelines() {
  std::size_t held = 0;
  for (const auto& each : branches_) held += each->timeline.has_value();
  for (std::size_t i = 0; i < visited_.size() && held > kTimelinesKept; ++i) {
    const std::size_t which = visited_[i];
    if (which == current_ || compared_ == which || !branches_[which]->timeline) continue;
    forget(*branches_[which]);
    --held;
  }
}

bool Session::let_go() {
  const auto held = std::find_if(branches_.begin(), branches_.end(), [](const auto& each) { return each->timeline.has_value(); });
  if (held == branches_.end()) return false;
  forget(**held);
  return true;
}

void Session::go_on_if_open() {
  Branch& branch = here();
  if (!branch.open || view_time_ + kEndIsNear < branch.scenario.until) return;
  branch.scenario.until = std::min(branch.scenario.until + kKnownAhead, kMaxUntil);  // and the frames to come run on
}

void Session::compare_with(std::optional<std::size_t> which) {
  NUTSHELL_REQUIRE(!which || *which < branches_.size());
  if (which == current_) which.reset();
  compared_ = which;
  if (compared_) {
    make_again(*compared_);
    place(*compared_);
  }
  look_beside();
  find_divergence();
}

void Session::look_beside() {
  if (!compared_) return;
  Branch& beside = *branches_[*compared_];
  if (beside.scenario.until < view_time_) follow_beside(beside);
  know(beside, view_time_);
  // Of what happens at this very moment both have seen nothing yet, or both have seen all.
  const Step begins = timeline().steps_until(view_time_ - 1), ends = timeline().steps_until(view_time_);
  const bool before = begins < ends && timeline().position() <= begins;
  beside.timeline->seek_time(std::min(before ? view_time_ - 1 : view_time_, beside.scenario.until));
}

void Session::find_divergence() {
  divergence_.reset();
  apart_ = {};
  if (!compared_) return;
  apart_ = FactsApart(timeline(), *other().timeline);
  // Two courses that tell the same may differ in what nobody is told.
  divergence_ = apart_.first() ? apart_.first() : first_divergence(timeline(), *other().timeline, shared_steps(current_, *compared_));
}

// Steps that two branches have in common because the one comes from the other, or both from a third.
Step Session::shared_steps(std::size_t one, std::size_t other) const {
  Step shared = kNoStep;
  while (one != other) {
    // A branch is younger than the one it comes from.
    std::size_t& younger = one > other ? one : other;
    const Branch& branch = *branches_[younger];
    if (!branch.parent) return 0;
    shared = std::min(shared, branch.left_at);
    younger = *branch.parent;
  }
  return shared;
}

const Scenario& Session::lesson_of(std::size_t which) const {
  while (branches_[which]->parent) which = *branches_[which]->parent;
  return branches_[which]->scenario;
}

std::optional<std::size_t> Session::branch_of(const Command& command) const {
  const bool one = command.value >= 0 && command.value < static_cast<std::int64_t>(branches_.size());
  return one ? std::optional(static_cast<std::size_t>(command.value)) : std::nullopt;
}

void Session::go_to_divergence() {
  know_all();
  if (divergence_) go_to(divergence_->step + 1, divergence_->at);
  else notice_ = compared_ ? "The two do not part." : "There is nothing beside this to part from.";
}

}  // namespace nutshell

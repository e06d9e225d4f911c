// A session: one lesson being shown, and what becomes of it under a person's hands. What keys and passing time do
// to where it stands.
//
// The whole run is known before it is shown: the timeline is run to the end once, and then everything is going
// back and forth in it. view_time() is the moment that is drawn; the timeline stands after all that happened
// until then (stepping may stop in the middle of a moment). Acting makes a branch and goes on in it; every branch
// stays. A second one can be shown beside the first, at the same time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/rivals.h"
#include "sim/session/branch.h"
#include "sim/session/command.h"
#include "sim/session/compare.h"
#include "sim/session/inspect.h"
#include "sim/session/motion.h"
#include "sim/session/offers.h"

namespace nutshell {

// Simulated time a second of wall time, as a ratio.
struct Speed {
  std::int64_t simulated = 1, wall = 1;
  const char* text = "1";
};
const std::vector<Speed>& speeds();

// Why no hand does anything while a question stands.
inline constexpr std::string_view kAsleep = "Tools sleep while a question is open: answer it, or Enter shows the answer.";

// What lies between where an express ride began and where it landed.
struct Landing {
  Duration skipped = 0;
  std::string what;  // "2 elections, 1 rebalance"
};

// A moment that others are held against.
struct Marked {
  World world;
  Time at = 0;
  std::size_t branch = 0;
  Step position = 0;
};

class Session {
 public:
  // Runs the scenario to its end, and stands at its opening, paused. REQUIRES the scenario has no problems.
  explicit Session(Scenario scenario);

  // False if the command is none of a session's. While a question stands, what goes beyond it does nothing.
  bool obey(const Command& command);
  // What the command asks for lies beyond what is known by now: obeying at once may take longer than a frame. It comes
  // nearer with what every frame runs on, and, of a branch that is not shown, with bring_near().
  bool lies_ahead(const Command& command) const;
  // Runs on the branch that the command turns to (of save, the one that is its value) by a frame's worth, if it turns to
  // one that is not shown.
  void bring_near(const Command& command);
  // Wall time goes by, in ns: what is shown runs on, and time passes in it, as far as it is known.
  void pass(Duration wall);
  // What is known of what is shown grows by a frame's worth, and is read when all is known.
  void run_on();

  // Takes an action in a branch of its own, at the moment that is shown or a little later. Returns "" or why not.
  std::string act(const ActionBody& action) { return act(std::vector<Deed>{{action, 0}}); }
  // The same for several, one after another, and the name of the branch; without one, what is done first names it.
  // REQUIRES there is one.
  std::string act(const std::vector<Deed>& deeds, const std::string& name = "");
  // From this moment on, as far as it is known, a promise is broken in this branch.
  bool breaks_later(std::string_view promise) const;
  // To where the branch began, in the one it came from; and back. False: there is nothing to undo or redo.
  bool undo();
  bool redo();
  // The same moment in another branch. REQUIRES which < branches().size().
  void switch_to(std::size_t which);
  // Adds the same lesson under another setting, say, as a branch that comes from nothing; returns its number.
  std::size_t add_universe(Scenario scenario, std::string name, std::string varied_key = "");
  // Branches in which the deeds are done again, one below the other, the last of them to be known until `at` at least, and
  // run when it is turned to. Returns the last; without deeds, the root. REQUIRES the root is a branch that comes from
  // nothing.
  std::size_t replay(std::size_t root, const std::vector<Action>& deeds, Time at);
  const std::vector<std::unique_ptr<Branch>>& branches() const { return branches_; }
  // Branches with deeds that are neither saved nor part of another branch with as many or more.
  std::vector<std::size_t> unsaved() const;
  void set_saved(std::size_t which, bool saved = true) { branches_[which]->saved = saved; }
  std::size_t current() const { return current_; }

  // Gives the timeline of a branch back, for good. False: no branch has any, and nothing can be shown.
  bool let_go();

  // Shows another branch beside this one, in lock-step; nullopt: this one alone.
  void compare_with(std::optional<std::size_t> which);
  std::optional<std::size_t> compared() const { return compared_; }
  // REQUIRES compared(). Its timeline stands at view_time().
  const Branch& other() const { return *branches_[*compared_]; }
  // "3 of 31 facts differ so far": how far the two have come apart by now. REQUIRES compared().
  std::string facts_apart() const { return apart_.text(view_time_); }
  // Where the two part; nullopt: they do not, as far as both are known.
  const std::optional<Divergence>& divergence() const { return divergence_; }

  // Why the last thing asked for was not done, or what was done; empty: nothing to say.
  const std::string& notice() const { return notice_; }
  void say(std::string notice) { notice_ = std::move(notice); }

  const Scenario& scenario() const { return here().scenario; }
  const Timeline& timeline() const { return *here().timeline; }
  const World& world() const { return timeline().world(); }
  // Of a workload on several systems, how they run with what has been done until now; nullptr: there is a cluster.
  std::shared_ptr<const RivalRuns> rivals() const { return world().rivals.setup ? runs_of(world().rivals) : nullptr; }
  // Works out the world before the last step, if time stands still; before() and changes() then tell of it.
  void look_back();
  // nullptr: there is none, or nobody has looked back from here.
  const World* before() const { return before_ && before_of_ == current_ && before_at_ == timeline().position() ? &*before_ : nullptr; }
  // What the last step changed. REQUIRES before().
  const std::vector<Change>& changes() const { return changes_; }
  // Marks the moment that is shown, for others to be held against, in whatever branch; if it is marked, lets go of it.
  void mark();
  const std::optional<Marked>& marked() const { return marked_; }
  // Works out what differs from the marked moment, or, if none is, between the two universes; then across() tells.
  void look_across();
  // From there to here; of two universes, from this one to the other. Empty if nobody has looked, or nothing differs.
  const std::vector<Change>& across() const { return across_; }
  // Whether a goal of the puzzle is met at the moment that is shown. REQUIRES which < scenario().goals.size().
  bool is_met(std::size_t which) const { return here().goals[which].met && view_time_ >= here().goals[which].at; }
  const Lanes& lanes() const { return here().lanes; }
  // Of the whole run; another pointer as soon as the run is known further, or another branch is shown.
  const std::shared_ptr<const Tracks>& tracks() const { return here().tracks(); }
  // Of what is shown, and of what is shown beside it.
  StageScale scale() const { return compared_ ? wider(here().scale, other().scale) : here().scale; }
  Time view_time() const { return view_time_; }
  Step end() const { return here().end; }
  // How far what is shown is known by now: what lies after it is run in the frames to come.
  Time known_until() const { return here().known_until; }
  // Runs it to its end at once, and the universe beside.
  void know_all();
  // The same, and reads it.
  void read_all();
  // Nothing of what is shown is still to be run.
  bool whole() const { return here().whole() && (!compared_ || other().whole()); }
  bool at_end() const { return timeline().position() >= end() && view_time_ >= scenario().until; }
  bool playing() const { return playing_; }
  // On its way to the next caption, faster than the clock.
  bool gliding() const { return glide_.has_value(); }
  const Speed& speed() const;
  // Why playing is slow just now ("election"); empty: it is not.
  std::string_view slowed_by() const;
  // Simulated time that one second of wall time takes just now.
  Duration pace() const;
  // How far what has just happened is to be shown.
  Motion motion() const;
  // Motion::settled counts steps of this branch: how many of the other one's stand at their end then. REQUIRES compared().
  Step settled_beside(Step settled) const;
  // The picture changes by itself: time passes, or what has happened comes to its end, or more is still to be known.
  bool moves() const;
  // On its way back to where it stood before, while wall time goes by.
  bool rewinding() const { return rewind_.has_value(); }

  // Captions and questions, in order; how many have been told; the last of them.
  const std::vector<StoryLine>& beats() const { return here().beats; }
  std::size_t told() const;
  const StoryLine* beat() const;
  // What the beat that was told last asks to look at ("orders-0"), while it is fresh; empty: everything.
  std::string_view focus() const;
  // Where its sections begin, as indices into beats(): at the first beat, and after each one that waits.
  const std::vector<std::size_t>& sections() const { return here().sections; }
  // The section of the beat that was told last, from 0.
  std::size_t section() const;
  // A question stands that has not been answered.
  bool asking() const;
  // The letters of its choices belong to the question that was told last, answered or not: until the next caption, or
  // until somebody acts, they are no tools.
  bool keeps_letters() const;
  // By hand: somebody has acted, and at this moment the lesson is left.
  bool off_script() const { return here().left_by(view_time_); }
  // All that the lesson has to say has been said: what is left of its run is no part of it.
  bool over() const;
  // What the one key (next) leads to just now, for its hint: "next", "next thing that happens"; empty: to nothing.
  std::string_view way_on() const;
  // What undo leads to: "back to the lesson"; empty: to nothing.
  std::string_view way_back() const;
  // The question that stands, or that the section leads to: as an index into beats(); nullopt: there is none that nobody has
  // answered.
  std::optional<std::size_t> next_question() const;
  // Until when the run may be told: to the next question that nobody has answered; kNever: there is none.
  Time fog() const;
  // The answer given to beats()[which]; kSkipped: it was revealed without one.
  std::optional<std::size_t> given(std::size_t which) const;
  static constexpr std::size_t kSkipped = 99;
  const std::optional<Landing>& landing() const { return landing_; }
  // The sentence of the caption bar: the caption that stands, else what just happened.
  std::string caption() const;

  void go_to_time(Time time);
  void go_to(Step position, Time at);
  // To a caption or a question, at once; what was asked before it counts as answered. REQUIRES which < beats().size().
  void go_to_beat(std::size_t which);

 private:
  const Branch& here() const { return *branches_[current_]; }
  Branch& here() { return *branches_[current_]; }
  Timeline& run() { return *here().timeline; }
  template <class Visit>
  void each_shown(const Visit& visit) {
    visit(here());
    if (compared_) visit(*branches_[*compared_]);
  }
  struct Deeds;
  // The branch that the command names; nullopt: there is none.
  std::optional<std::size_t> branch_of(const Command& command) const;
  void go_to_divergence();
  void set_speed(std::size_t speed);
  void enter(std::size_t which, Step position, Time at);
  void go_on_if_open();
  void stand_at(Time time);
  void look_beside();
  void find_divergence();
  // What is asked of a branch's future at once is run at once.
  void know(Branch& branch, Time until);  // and all that happens then
  bool know_more();  // false: there is no more to be known of this branch
  Step shared_steps(std::size_t one, std::size_t other) const;
  // The scenario of the branch that it came from in the first place.
  const Scenario& lesson_of(std::size_t which) const;
  void forget_timelines();
  void make_again(std::size_t which);
  void place(std::size_t which);
  void next();
  void back();
  void next_by_hand();
  void back_by_hand();
  bool stands_at_deed() const;
  // Of a query without a cluster: to the next thing that happens, or back to the one before.
  void step_film(bool forward, bool rows_only);
  // The same where there are only wires.
  void step_wires(bool forward);
  void step(bool forward);
  void moment(bool forward);
  // The same among rivals, whose events are not those of the world.
  void step_rivals(bool forward);
  void moment_of_rivals(bool forward);
  std::string caption_of_rivals() const;
  const Action& last_deed() const;  // REQUIRES off_script()
  std::string when(Time at) const;  // "At 12.000s: " before a sentence of the past; nothing where it is now
  void run_until(Until until);
  void run_until_time(Time time);
  void go_to_section(std::size_t section);
  // Of the section; from there, of the one before.
  void go_to_section_start();
  void run_until_nobody_lags();
  // Stands there, having gone by all that lies between.
  void land_at(Step position, Time at);
  bool goes_on(const Command& command) const;
  // Where a command leads that turns to another branch, or shows it beside.
  struct Turn {
    std::size_t branch = 0;
    Step position = 0;  // it is to be known for so many steps
    Time at = 0;        // ... and until then
    bool beside = false;
  };
  std::optional<Turn> turn_of(const Command& command) const;
  void follow_beside(Branch& beside) const;
  // The latest moment at which all that is shown is known.
  Time reach() const;
  // Among the beats from the one before `told` on, the first question without an answer.
  std::optional<std::size_t> question_from(std::size_t told) const;
  void stop_at_question(std::size_t told);
  void answer(std::size_t choice);
  void play_or_pause();
  void glide_to(std::size_t beat);
  void arrive(std::size_t beat);
  void advance_to(Time time);
  void land(Time from, Time to);
  // In session_motion.cpp: what moves while view time stands, and the way back.
  Duration usual_pace() const { return kSecond / speed().wall * speed().simulated; }
  void show_way(CommandName command, Step from, Time from_time);
  void rewind_from(Step from, Time from_time);
  void lead_back(Duration wall);
  void finish_rewind();
  void stand_still();
  void come_to_rest(Step before, const StoryLine& told);
  bool pass_motion(Duration wall);
  // Beats told if the timeline stood at `position`.
  std::size_t told_at(Step position) const;

  struct Glide {
    std::size_t beat = 0;
    Time from = 0, to = 0;
    Duration wall = 0, passed = 0;
  };

  std::vector<std::unique_ptr<Branch>> branches_;
  std::size_t current_ = 0;
  std::vector<std::size_t> visited_;  // branches, the latest last
  std::optional<std::size_t> compared_;
  std::optional<Divergence> divergence_;
  FactsApart apart_;
  std::optional<Marked> marked_;
  std::vector<Change> across_;
  std::vector<std::uint64_t> across_of_;  // what was held against what
  std::string notice_;
  Time view_time_ = 0;
  bool playing_ = false;
  std::size_t speed_ = 0;
  std::int64_t rest_ = 0;  // of wall time that made no whole nanosecond
  std::optional<Glide> glide_;
  Settling settling_;
  std::optional<Rewind> rewind_;
  std::optional<Landing> landing_;
  std::size_t told_ = 0;
  std::optional<World> before_;  // one step before position before_at_ of the branch before_of_
  std::vector<Change> changes_;
  std::size_t before_of_ = 0;
  Step before_at_ = 0;
};

}  // namespace nutshell

// A branch: one course that events took, run ahead as far as it is to be known, with what is told of it.
//
// Going back and acting makes a new branch; the old one stays, with its future. What is kept for good is how a
// branch came about: its scenario and what was done in it. The timeline is a cache and can be made again.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/history/tracks.h"
#include "sim/scenario/goals.h"
#include "sim/scenario/run.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/story.h"
#include "sim/session/histories.h"
#include "sim/session/lanes.h"
#include "sim/session/scale.h"

namespace nutshell {

// So much is run in one frame, of a large cluster less: some 5 ms. The rest of the future is run in the frames to come.
inline constexpr Step kStepsAFrame = 8'000;
// So many known steps are read in one frame by each reader.
inline constexpr Step kReadAFrame = 20'000;

// What a reader tells of a branch. A run is read when it is known, a long one in several frames; until then what was told
// before stands.
template <class Reader, class Told>
struct Telling {
  std::shared_ptr<const Told> told;  // nullptr: nobody has asked
  std::unique_ptr<Reader> reader;
  bool wanted = false;  // somebody has asked since it went on
};

struct Branch {
  std::string name;           // what made it differ: "Broker 1 is killed."
  std::string varied_key;     // of the setting that makes it differ from the lesson: "acks"; empty: none does
  Scenario scenario;          // `until` is how far it is to be known
  std::vector<Action> acted;  // what is done by hand, in order; not in the scenario's own script. Of what lies beyond what
                              // is known, that which turns out to be impossible when its time comes is taken out
  std::vector<Time> decided;  // when the hand was raised for each of acted: later parts of a deed belong to its first
  bool saved = false;         // as a scenario, or it can be had again in some other way
  bool open = false;          // goes on when its end comes near: somebody has acted in it
  std::optional<std::size_t> parent;
  Step left_at = 0;           // where it leaves its parent, in steps ...
  Time left_time = 0;         // ... and when
  Step begins = 0;            // steps taken when its own deed was done ...
  Time began = 0;             // ... and when that was
  bool placed = true;         // false: both steps are still to be read off a run of it
  std::size_t redo = 0;       // the child that was left last by undo; 0: none

  std::optional<Timeline> timeline;
  Lanes lanes;
  StageScale scale;
  std::vector<GoalState> goals;  // of a puzzle, as this course meets them
  std::vector<StoryLine> beats;  // captions and questions
  std::vector<FiredBeat> fired;  // the beats of the scenario that they come from, as far as they are known
  std::vector<std::string> focuses;   // of each: what it asks to look at, "orders-0"; empty: everything
  std::vector<std::size_t> sections;  // beats with which sections begin: the first, and those after one that waits
  Step end = 0;
  std::map<std::size_t, std::size_t> answers;  // by beat
  bool beats_inherited = false;                // up to its first deed they are those of the branch that it left
  const Branch* lesson = nullptr;              // the branch that it came from in the first place; nullptr: it is one
  std::vector<std::string> told_on;            // of a lesson: the fact on which each beat of the scenario was told, as a
                                               // sentence; empty: none, a time
  Time known_until = -1;                       // how far the run, and with it lanes and goals, tell of it by now

  // Known as far as it is to be. Of a run that is not, some beats are missing at the end, and questions lack their answers.
  bool whole() const { return known_until == scenario.until; }
  // Somebody has acted by then: from the first deed on, the lesson is left.
  bool left_by(Time at) const { return parent && !acted.empty() && acted.front().at <= at; }
  // Of what is known of it, or, until read_on() has come further, of a first part: both say until when.
  // REQUIRES there is a timeline.
  const Histories& histories() const;
  const std::shared_ptr<const Tracks>& tracks() const;
  // Somebody asks for one of them, and it does not tell yet of all that is known.
  bool reads() const {
    const auto lacks = [&](const auto& telling) { return telling.wanted && telling.told && telling.told->until < known_until; };
    return lacks(histories_read) || lacks(tracks_read);
  }

  mutable Telling<HistoriesReader, Histories> histories_read;
  mutable Telling<TracksReader, Tracks> tracks_read;
};

// Makes the timeline if there is none, runs on to scenario.until, or for at most so many steps (fewer among many brokers,
// where a step takes longer), and reads lanes, goals and beats off the run, as far as they are not known. The timeline
// stays where it stands.
void run_ahead(Branch& branch, Step most = kNoStep);
// Histories and tracks follow what is known, if they have been asked for: by at most so many steps.
void read_on(Branch& branch, Step most = kNoStep);
// Nothing is known of it any more, until it is made again.
void forget(Branch& branch);
// Does what is to be done by hand until then, and runs on until then; the timeline is the branch's, or is going to be.
// False: the limit was reached before. REQUIRES the timeline stands at its end.
bool do_deeds(Branch& branch, Timeline& timeline, Time until, const RunLimits& limits = {});
// What a branch that leaves another at a deed of that time has been told before. REQUIRES it has not been run ahead.
void inherit_beats(Branch& branch, const Branch& from, Time deed);

// The roundest time at which an action may be taken: not before `from`, before the next thing happens, and at most
// 50 ms away. Saved sessions then read like written ones.
Time round_moment(const Timeline& timeline, Time from);

// The branch as a scenario of its own: what was done is in its script, with a caption for each deed. What was expected
// and asked of the original is left out, and so are its captions from the first deed on. REQUIRES it is known to the last
// deed.
Scenario as_scenario(const Branch& branch, const std::string& name);

}  // namespace nutshell

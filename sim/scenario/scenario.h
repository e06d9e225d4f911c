// A scenario: a cluster, what befalls it, what is said about it and what has to come of it.
//
// Read from one JSON file (read.h), run by check.h, told by beats.h and transcript.h. A plain value.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/cluster/limits.h"
#include "sim/cluster/world.h"
#include "sim/core/bounds.h"
#include "sim/history/fact_pattern.h"
#include "sim/scenario/wires.h"
#include "sim/streams/film_setup.h"

namespace nutshell {

namespace streams {
struct Film;
}

// expectations: what a run has to show

// A promise is kept (the rule for every promise), or is broken because the lesson is about that.
struct PromiseTest {
  std::string promise;
  bool breaks = false;
  std::vector<FieldTest> where;  // for whom: only breaches of which all this is true (breach_shape()); empty: for all
  NUTSHELL_FIELDS(PromiseTest, promise, breaks, where)
};

// Facts that match happen, so many of them in a stretch of time: at least one, unless counts are given. Or the sum of a
// field over them is so much.
struct FactTest {
  FactPattern fact;
  std::string sum;                // the field; empty: the facts are counted
  std::optional<FactPattern> of;  // times are counted from this fact; else from the start of the run
  Duration after = 0;             // not sooner than this
  Duration before = kNever;       // not later than this
  std::optional<std::int64_t> times, at_least, at_most;  // times 0 is written "never"; of a sum, "equals"
  NUTSHELL_FIELDS(FactTest, fact, sum, of, after, before, times, at_least, at_most)
};

// A moment of a run: a time, just after a fact, or the end.
struct Moment {
  std::optional<Time> time;
  std::optional<FactPattern> fact;
  NUTSHELL_FIELDS(Moment, time, fact)
};

// A value that describe_value() knows: "topics/orders/0/Isr".
struct ValueTest {
  std::string path;
  Moment at;
  std::optional<std::string> equals;
  std::optional<std::int64_t> at_least, at_most;
  NUTSHELL_FIELDS(ValueTest, path, at, equals, at_least, at_most)
};

using Test = std::variant<PromiseTest, FactTest, ValueTest>;

struct Expectation {
  Test test;
  std::int32_t line = 0;  // in the file; no part of the value
  NUTSHELL_FIELDS(Expectation, test)
};

// beats: what is said, asked and looked at while it runs

// A possible answer. It is right if its test comes true in the whole run: the engine works that out by running ahead.
struct Choice {
  std::string text;
  Test test;
  NUTSHELL_FIELDS(Choice, text, test)
};

// Fires on a fact, which survives tuning, or at a time (then just before the actions of that time). Beats fire in
// their order: each looks for its fact from where the one before it fired, the first one from Scenario::opens on.
struct Beat {
  Moment on;                    // never the end
  std::string say;              // empty: nothing
  std::string ask;              // empty: no question
  std::vector<Choice> choices;  // of which exactly one is right
  std::string focus;            // what to look at: a node, a topic, a partition ("orders-0") or a group
  bool pause = false;           // playing waits here for the learner
  std::int32_t line = 0;        // in the file; no part of the value
  NUTSHELL_FIELDS(Beat, on, say, ask, choices, focus, pause)
};

// goals: a scenario that has any is a puzzle, and the file leaves it unsolved

// What the player is to bring about. It is met if its test comes true in the whole run.
struct Goal {
  std::string text;                // "Lose one record that was acknowledged with acks=1"
  Test test;                       // not true unless the player does something
  std::vector<std::string> hints;  // shown one by one, the vaguest first
  std::int32_t line = 0;           // in the file; no part of the value
  NUTSHELL_FIELDS(Goal, text, test, hints)
};

// the whole

// What a figure shows of its run: the cluster, who sent what when, the one above the other, its logs from near, what its
// queries do with rows, or Connect's workers between their stores.
inline constexpr std::array<std::string_view, 6> kFigureViews = {"stage", "space-time", "both", "log", "topology", "connect"};

struct Scenario {
  NUTSHELL_VALUE(Scenario)

  std::string name;  // the file's name without folder and extension
  std::string title;
  std::string about;
  std::string corrects;            // the misconception that it corrects
  std::string chapter;             // where menus put it
  std::vector<std::string> notes;  // what is simplified here
  std::string view;                // how it is looked at first, of kFigureViews; empty: as the last one was
  Time opens = 0;                  // where playing starts; the cluster has come up until then
  Time until = 0;                  // where the run ends
  Setup setup;
  std::optional<streams::FilmSetup> ksql;  // instead of a cluster: a query of ksqlDB at work
  std::vector<WiresStep> wires;            // or wires between programs; empty: it has none
  std::vector<Action> script;  // as written; a Timeline sorts it by time
  std::vector<Beat> beats;
  std::vector<Expectation> expect;
  std::vector<Goal> goals;
  std::vector<Action> solution;  // with these added to the script every goal is met
  std::shared_ptr<const streams::Film> film;  // of ksql, taken when it was read; no part of the value
  std::string file;  // for messages; no part of the value
  // Configuration that is not as the file has it, as Overrides::set, in the order of changing; no part of the value.
  std::vector<std::pair<std::string, std::string>> changed;
  NUTSHELL_FIELDS(Scenario, name, title, about, corrects, chapter, notes, view, opens, until, setup, ksql, wires, script, beats, expect,
                  goals, solution)

  bool is_puzzle() const { return !goals.empty(); }
  // Nothing happens to a cluster here that could be told: rows of a query, or wires, are all there is.
  bool is_still() const { return film || !wires.empty(); }
};

}  // namespace nutshell

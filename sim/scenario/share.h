// Share codes: a moment of a session as a line of text that fits a chat message. Which lesson, what was changed in it and
// done by hand, when, and how it was looked at; opened elsewhere, it is the same moment.
//
//   nutshell:leader-failover:0JR2-K0G4-…    nothing done: short enough to be typed from a projector
//   nutshell:leader-failover:AW9x…          with deeds: five of them take under 100 characters
//   nutshell:my-own:AXja…                   a scenario of one's own stands in its code, compressed
//
// A code ends in a checksum and begins with its version: one that was mistyped, cut off, or made by a newer program is
// known as such.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/problem.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// How a scenario is played: what is different from its file, and what is done by hand.
struct Course {
  std::optional<std::uint64_t> seed;
  std::optional<Time> until;
  std::vector<std::pair<std::string, std::string>> set;  // as Overrides::set
  std::vector<Action> deeds;                             // later ones are later
  NUTSHELL_FIELDS(Course, seed, until, set, deeds)
};

// Numbers are those of the front end (viz/panels/view.h).
struct SharedView {
  std::uint8_t tab = 0, area = 0;
  bool projector = false;  // for pictures; whoever opens a code is in a room of their own
  NUTSHELL_FIELDS(SharedView, tab, area, projector)
};

struct Share {
  std::string name;          // of a shipped lesson, "leader-failover", or of one's own scenario
  std::uint32_t edition = 0;  // of the lesson: edition_of()
  std::string text;          // one's own scenario, as its file reads; empty: the lesson's name says it
  Course course;
  std::optional<Course> beside;  // shown beside it
  Time at = 0;
  SharedView view;
  NUTSHELL_FIELDS(Share, name, edition, text, course, beside, at, view)
};

// Changes whenever the lesson plays differently, not with its captions. 24 bits.
std::uint32_t edition_of(const Scenario& scenario);
// The scenario under another name, as short as JSON gets: for Share::text.
std::string short_text(const Scenario& scenario);
// A name that may stand in a code: letters, digits, '.', '_' and '-' stay.
std::string shareable_name(const std::string& name);

std::string share_code(const Share& share);

// Whether it looks like a code, and not like the name of a file.
bool is_share_code(std::string_view text);

struct ShareResult {
  std::optional<Share> share;
  std::string problem;  // one sentence; empty: there is none
};
// Blanks, line ends and quotes around and inside do not matter.
ShareResult read_share_code(std::string_view text);

// The scenario with what the course changes in it, without its deeds.
Scenario changed(const Scenario& scenario, const Course& course, std::vector<Problem>& problems);
// The scenario with deeds in its script. Captions from the first deed on are left out, and so are expectations: they
// speak of another course.
Scenario with_deeds(Scenario scenario, const std::vector<Action>& deeds);

}  // namespace nutshell

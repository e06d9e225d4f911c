// The story of a run: what happened, with the captions and questions of the scenario woven in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/beats.h"
#include "sim/scenario/emphasis.h"

namespace nutshell {

struct StoryLine {
  enum class Kind : std::uint8_t { fact, say, ask, focus };
  Kind kind = Kind::fact;
  Time at = 0;
  Step position = 0;    // steps taken by then: Timeline::seek goes there
  std::string text;     // a sentence, a caption, a question, or what to look at
  std::string because;  // facts: the action that began it, "at 12.000s: Broker 1 is killed."; empty: none, or as before
  std::vector<std::string> choices;   // questions
  std::optional<std::size_t> answer;  // questions: the choice that is right
  bool pause = false;                 // playing waits after this line
  Step fired = 0;                     // of all but facts: steps taken when what it waits for had happened
  std::vector<TextSpan> strong = {};  // captions and questions: what is emphasised in the text
};

// The whole story, in order. REQUIRES the timeline has run to scenario.until, keeps facts as needed_facts() says,
// and stands at its end.
std::vector<StoryLine> tell(const Scenario& scenario, const Timeline& finished);
// The same without the facts: captions, questions and what to look at, of beats that fire_beats() has found.
std::vector<StoryLine> tell_beats(const Scenario& scenario, const Timeline& finished, const std::vector<FiredBeat>& fired);
std::vector<StoryLine> tell_beats(const Scenario& scenario, const Timeline& finished);

}  // namespace nutshell

// What the figures of a deck say in another language: NAME.de.captions.json beside NAME.de.md. Each member is what is said, as the
// lesson has it (with or without the marks of emphasis), and what is said instead.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/problem.h"
#include "sim/scenario/stage_words.h"
#include "sim/scenario/wires.h"

namespace nutshell {

struct Scenario;

struct Caption {
  std::string words;      // with marks of emphasis
  std::int32_t line = 0;  // of the file
};

struct Captions {
  std::string file;  // empty: there is none, and everything is said as it is written
  std::map<std::string, Caption, std::less<>> words;  // by what is said, without marks
  StageWords stage;       // of the language: what is drawn, and what stands around every figure

  // What is said instead, in its own words or in those of every stage; the same if there is nothing.
  std::string say(std::string_view words) const;
  // The same for what is drawn, which may be what somebody calls a record: only the words of every stage count.
  std::string draw(std::string_view drawn) const { return stage.say(drawn).value_or(std::string(drawn)); }
};

struct CaptionsResult {
  Captions captions;
  std::vector<Problem> problems;  // a caption with a mistake is left out
};

CaptionsResult parse_captions(std::string_view text, const std::string& file);
// A file that is not there is none, and no problem.
CaptionsResult load_captions(const std::string& path);
// "talk.de.md": "talk.de.captions.json".
std::string captions_of(const std::string& deck);

// Its captions, questions and choices, in these words.
void say_in(Scenario& scenario, const Captions& captions);
// Everything that a scenario may say, and a drawing of wires in any state, without marks.
std::vector<std::string> said_by(const Scenario& scenario);
std::vector<std::string> said_by(const Wires& wires);
// What stands around every figure on a slide: whose hand it is in, and what keys do.
const std::vector<std::string>& said_by_every_figure();

}  // namespace nutshell

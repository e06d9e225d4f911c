// What figures say in another language.
#include "sim/scenario/captions.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/scenario/scenario.h"

namespace nutshell {
namespace {

TEST_CASE("captions, questions and choices are said in other words, whatever is emphasised in them") {
  const CaptionsResult read =
      parse_captions(R"({"It only grows.": "Es **wächst** nur.", "**Both** read": "Beide lesen"})", "talk.de.captions.json");
  CHECK(read.problems.empty());
  Scenario scenario;
  scenario.beats.resize(2);
  scenario.beats[0].say = "It **only** grows.";
  scenario.beats[0].ask = "Who reads?";
  scenario.beats[0].choices = {{"Both read", {}}, {"Nobody", {}}};
  const std::vector<std::string> said = said_by(scenario);
  CHECK(said == std::vector<std::string>{"It only grows.", "Who reads?", "Both read", "Nobody"});
  say_in(scenario, read.captions);
  CHECK(scenario.beats[0].say == "Es **wächst** nur.");
  CHECK(scenario.beats[0].ask == "Who reads?");
  CHECK(scenario.beats[0].choices[0].text == "Beide lesen");
  CHECK(scenario.beats[0].choices[1].text == "Nobody");
  CHECK(scenario.beats[1].say.empty());
  CHECK(read.captions.say("unknown") == "unknown");
}

TEST_CASE("a drawing of wires says what it would say in any state") {
  Wires wires;
  wires.down = 4;
  const std::vector<std::string> said = said_by(wires);
  for (const char* each : {"5 senders block,", "While d is down", "One more reader", "wires"})
    CHECK(std::count(said.begin(), said.end(), each) == 1);
  wires.all_ways = true;
  const std::vector<std::string> all = said_by(wires);
  CHECK(std::count(all.begin(), all.end(), "Three hubs") == 1);
}

TEST_CASE("a caption with a mistake is named, and the others are kept") {
  const auto problem = [](std::string_view text) {
    const CaptionsResult read = parse_captions(text, "x.captions.json");
    return read.problems.size() == 1 ? to_text(read.problems.front()) : std::to_string(read.problems.size()) + " problems";
  };
  CHECK(problem("[1]").find("no object") != std::string::npos);
  CHECK(problem("{").find("no JSON") != std::string::npos);
  CHECK(problem("{\"a\": \"\xff\"}").find("UTF-8") != std::string::npos);
  CHECK(problem(R"({"a": ""})").find("is empty") != std::string::npos);
  CHECK(problem(R"({"a": 7, "b": "c"})") != "0 problems");
  CHECK(parse_captions(R"({"a": 7, "b": "c"})", "x").captions.say("b") == "c");
  CHECK(load_captions("/nowhere/talk.de.captions.json").problems.empty());
  CHECK(captions_of("slides/talk.de.md") == "slides/talk.de.captions.json");
}

}  // namespace
}  // namespace nutshell

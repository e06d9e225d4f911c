// What stages say in another language.
#include "sim/scenario/stage_words.h"

#include <doctest/doctest.h>

#include "sim/scenario/captions.h"

namespace nutshell {
namespace {

StageWords german(std::vector<Problem>& problems) {
  return parse_stage_words(R"({"end of the log": "Ende des Logs", "topic with # partitions": "Topic mit # Partitionen",
                               "group *": "Gruppe *", "* reads offset # next": "* liest als Nächstes #", "to *": "an *",
                               "zone * is dark": "Zone * ohne Strom", "zone *": "Zone *", "session # s": "Session # s"})",
                           "stage.de.json", problems);
}

TEST_CASE("what is drawn is said in other words: numbers and names stand where they stood") {
  std::vector<Problem> problems;
  const StageWords stage = german(problems);
  CHECK(problems.empty());
  const auto said = [&](std::string_view drawn) { return stage.say(drawn).value_or("nothing"); };
  CHECK(said("end of the log") == "Ende des Logs");
  CHECK(said("topic with 12 partitions") == "Topic mit 12 Partitionen");
  CHECK(said("topic with many partitions") == "nothing");
  CHECK(said("session 7.6 s") == "Session 7.6 s");
  CHECK(said("session 12,345.6 s") == "Session 12,345.6 s");
  CHECK(said("group balances-2") == "Gruppe balances-2");
  CHECK(said("b1 reads offset 28 next") == "b1 liest als Nächstes 28");
  CHECK(said("reads offset 28 next") == "nothing");
  // The more precise one counts, whatever stands first in the file.
  CHECK(said("zone a is dark") == "Zone a ohne Strom");
  CHECK(said("zone a") == "Zone a");
  CHECK(said("leader") == "nothing");
  CHECK(said("") == "nothing");
  CHECK(said("group ") == "nothing");
  // A space before what follows is kept.
  CHECK(said("end of the log ") == "Ende des Logs ");
  CHECK(stage.has("group *"));
  CHECK(stage.has("session # s"));
  CHECK_FALSE(stage.has("session 7 s"));
  CHECK(stage.all().size() == 8);
}

TEST_CASE("captions fall back to what stages say, and what is drawn goes by stages alone") {
  std::vector<Problem> problems;
  Captions captions = parse_captions(R"({"fig": "Feige", "end of the log": "Schluss"})", "talk.de.captions.json").captions;
  captions.stage = german(problems);
  CHECK(captions.say("end of the log") == "Schluss");
  CHECK(captions.draw("end of the log") == "Ende des Logs");
  CHECK(captions.say("group billing") == "Gruppe billing");
  // A record may be called as a choice is.
  CHECK(captions.draw("fig") == "fig");
}

TEST_CASE("words of a stage with a mistake are named, and the others are kept") {
  std::vector<Problem> problems;
  const StageWords stage = parse_stage_words(R"({"lag #": "weit hinten", "next": "", "up": 7, "# of *": "* von #", "nothing": "nichts"})",
                                             "stage.de.json", problems);
  REQUIRE(problems.size() == 4);
  for (const Problem& each : problems) CHECK(to_text(each).rfind("stage.de.json:1:", 0) == 0);
  CHECK(stage.all() == std::vector<std::string>{"nothing"});
  CHECK(load_stage_words("/nowhere/stage.de.json", problems).empty());
  CHECK(problems.size() == 4);
}

TEST_CASE("the language of a deck stands in its name") {
  CHECK(language_of("slides/talk.de.md") == "de");
  CHECK(language_of("slides/talk.md") == "");
  CHECK(language_of("slides.de/talk.md") == "");
  CHECK(language_of("talk.v2.md") == "");
  CHECK(language_of("talk.Berlin.md") == "");
  CHECK(stage_words_file("de") == "stage.de.json");
}

}  // namespace
}  // namespace nutshell

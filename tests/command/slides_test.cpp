// nutshell slides: a deck is looked through before it is given.
#include <doctest/doctest.h>

#include <string>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

// With the constructs of a talk that people give: settings, a heading of two lines, a living figure, notes, code.
const std::string kTalk =
    "slidenumbers: false\n\n# Kafka<sub>1883 - 1924</sub>\n\n# In a **Nutshell**\n\n---\n\n[.background-color: #FFFFFF]\n"
    "# **1** Consumer from **1** group\n![inline](img/topics_1.png)\n\n^\nwas passiert danach?\nfür alle\n\n---\n\n## Meet **KSQL**\n\n"
    "```sql\nCREATE TABLE t AS\n  SELECT 1;\n```\n";

std::string deck(const std::string& name, const std::string& text, const std::string& map = "") {
  if (!map.empty()) write_file(name + ".figures.json", map);
  return write_file(name + ".md", text);
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("slides check says what is in a deck that is fine") {
  const std::string path = deck("fine", kTalk, R"({"topics_1.png": {"scenario": "one-consumer", "beat": 2, "select": "broker 1"}})");
  const Result result = run({"slides", "check", path});
  CHECK_MESSAGE(result.exit_code == 0, result.out, result.err);
  CHECK(result.out == path + ": 3 slides, 1 with notes, 1 picture, 1 living figure\n");
  const Result json = run({"slides", "check", path, "--json"});
  CHECK(json.exit_code == 0);
  CHECK(says(json.out, "\"fine\": true"));
  CHECK(says(json.out, "\"slides\": 3"));
}

TEST_CASE("slides check names what would be missing in the talk, each in a line of its own") {
  const std::string path = deck("missing", kTalk + "\n---\n[.backgroud-color: #000]\nx\n", R"({
    "lost.png": {"scenario": "one-consumer"},
    "a.png": {"scenario": "one-consumr"},
    "b.png": {"scenario": "one-consumer", "at": "11h"},
    "c.png": {"scenario": "one-consumer", "beat": 9999},
    "d.png": {"scenario": "one-consumer", "select": "broker 77"},
    "e.png": {"scenari": "one-consumer"}})");
  const Result result = run({"slides", "check", path});
  CHECK(result.exit_code == 1);
  for (const char* part : {"img/topics_1.png: is not there", "did you mean 'background-color'?", "lost.png: no slide shows this picture",
                           "did you mean 'one-consumer'?", "ends at", "so there is no number 9999", "there is no 'broker 77' to select",
                           "did you mean 'scenario'?", "4 slides"})
    CHECK_MESSAGE(says(result.out, part), part, "\n", result.out);
  CHECK(result.err.empty());
  CHECK(says(run({"slides", "check", path, "--json"}).out, "\"fine\": false"));
}

TEST_CASE("slides check names what figures say that has no words in the deck's language, and words that no figure says") {
  const std::string map = R"({"w.png": {"wires": {"senders": 3, "receivers": 1}}})";
  const std::string path = deck("wired.fr", "# Trois\n\n![inline](w.png)\n", map);
  CHECK(run({"slides", "check", path}).exit_code == 0);
  write_file("wired.fr.captions.json", R"({"wires": "fils", "alive": "vivant", "nobody says this": "personne"})");
  const Result result = run({"slides", "check", path});
  CHECK(result.exit_code == 1);
  for (const char* part : {"has no words for 'One more reader', which 'w.png' says", "no figure of the deck says 'nobody says this'",
                           "stage.fr.json: is not there"})
    CHECK_MESSAGE(says(result.out, part), part, "\n", result.out);
  CHECK_FALSE(says(result.out, "'alive'"));
  CHECK_FALSE(says(result.out, "for 'wires'"));
  // What stages say stands in a file of its own, for all decks in that language.
  write_file("stage.fr.json", R"({"One more reader": "Un lecteur de plus", "lag #": "retard"})");
  const Result more = run({"slides", "check", path});
  for (const char* part : {"stage.fr.json: has no words for 'end of the log', which stages say", "needs the same # and *"})
    CHECK_MESSAGE(says(more.out, part), part, "\n", more.out);
  CHECK_FALSE(says(more.out, "'One more reader'"));
  CHECK_FALSE(says(more.out, "is not there"));
}

TEST_CASE("what is no deck ends slides check with one sentence") {
  const std::string empty = deck("empty", ""), binary = deck("binary", std::string("\x89PNG\0\xFF", 6));
  for (const std::string& path : {empty, binary, std::string("/"), std::string("nowhere.md")}) {
    const Result result = run({"slides", "check", path});
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(says(result.err, path));
    CHECK_MESSAGE(result.err.find('\n') == result.err.size() - 1, result.err);
  }
}

}  // namespace nutshell::testing

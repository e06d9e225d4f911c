// nutshell diagram: SVG that any program reads.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/command/diagram_svg.h"
#include "tests/command/program.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// What is wrong with the XML; empty: every tag is closed in order, attributes are quoted, and & and < stand for nothing else.
std::string xml_error(const std::string& xml) {
  std::vector<std::string> open;
  std::size_t roots = 0;
  for (std::size_t i = 0; i < xml.size(); ++i) {
    if (xml[i] == '&') {
      const std::size_t end = xml.find(';', i);
      const std::string name = end == std::string::npos ? "" : xml.substr(i + 1, end - i - 1);
      if (name != "amp" && name != "lt" && name != "gt" && name != "quot") return "a bare & at " + std::to_string(i);
    }
    if (xml[i] != '<') continue;
    const std::size_t end = xml.find('>', i);
    if (end == std::string::npos) return "a tag without an end at " + std::to_string(i);
    std::string tag = xml.substr(i + 1, end - i - 1);
    i = end;
    if (tag.find('<') != std::string::npos) return "a bare < in " + tag;
    if (tag.front() == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return "unexpected </" + tag.substr(1) + ">";
      open.pop_back();
      continue;
    }
    const bool empty = tag.back() == '/';
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "a quote is open in " + tag;
    for (std::size_t at = tag.find('='); at != std::string::npos; at = tag.find('=', tag.find('"', at + 2) + 1)) {
      if (tag[at + 1] != '"') return "an attribute without quotes in " + tag;
    }
    if (open.empty() && ++roots > 1) return "two roots";
    if (!empty) open.push_back(tag.substr(0, tag.find_first_of(" \n")));
  }
  return open.empty() ? "" : "<" + open.back() + "> is open at the end";
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("the checker of XML finds what is wrong") {
  CHECK(xml_error("<a><b c=\"1\"/>x &amp; y</a>").empty());
  for (const char* bad : {"<a><b></a>", "<a>x & y</a>", "<a b=1/>", "<a>", "<a/><b/>", "<a b=\"1/>"}) CHECK_FALSE(xml_error(bad).empty());
}

TEST_CASE("a diagram is well-formed SVG of a sane size, on every axis, light and dark") {
  for (const std::string name : {"leader-failover", "zombie-leader", "two-consumers"}) {
    for (const std::string axis : {"linear", "event", "compressed"}) {
      std::vector<std::string> words = {"diagram", name, "--axis", axis};
      if (axis == "event") words.push_back("--light");
      const Result result = run(words);
      INFO(name, " ", axis, " ", result.err);
      REQUIRE(result.exit_code == 0);
      CHECK(result.out.rfind("<svg xmlns=\"http://www.w3.org/2000/svg\"", 0) == 0);
      CHECK_MESSAGE(xml_error(result.out).empty(), xml_error(result.out));
      CHECK(result.out.size() < 1'500'000);
      CHECK(count(result.out, "<text") > 20);
      CHECK(count(result.out, "broker 1") > 0);
      CHECK(count(result.out, "$") == 0);
      CHECK(result.out.find("font-family:Inter") != std::string::npos);
    }
  }
}

TEST_CASE("a diagram shows its stretch only: the crash and the election, or what a cut takes") {
  const Result all = run({"diagram", failover_file(), "--from", "4s", "--to", "20s"});
  REQUIRE(all.exit_code == 0);
  CHECK(count(all.out, "you: crash") == 1);
  CHECK(count(all.out, ">crashed<") == 1);
  CHECK(count(all.out, ">leader e1<") == 1);
  const Result before = run({"diagram", failover_file(), "--from", "2s", "--to", "4s"});
  CHECK(count(before.out, "you: crash") == 0);
  // A leader that is cut off: messages on their way to it, and its own, vanish with their connections.
  const Result cut = run({"diagram", "zombie-leader"});
  REQUIRE(cut.exit_code == 0);
  CHECK(count(cut.out, "class=\"message dropped\"") > 0);
  CHECK(count(before.out, "class=\"message dropped\"") == 0);
}

TEST_CASE("a diagram is written where -o says, the same every time") {
  const std::string path = write_file("diagram.svg", "");
  const Result result = run({"diagram", failover_file(), "--from", "4s", "--to", "16s", "-o", path});
  CHECK(result.exit_code == 0);
  std::stringstream written;
  written << std::ifstream(path).rdbuf();
  CHECK(written.str() == run({"diagram", failover_file(), "--from", "4s", "--to", "16s"}).out);
}

TEST_CASE("what a diagram cannot be of is said in one sentence") {
  CHECK(run({"diagram", failover_file(), "--from", "9s", "--to", "5s"}).exit_code == 2);
  CHECK(run({"diagram", failover_file(), "--axis", "log"}).err.find("linear, event or compressed") != std::string::npos);
  CHECK(run({"diagram", failover_file(), "-o", "/nowhere/at/all.svg"}).exit_code == 3);
}

TEST_CASE("names with letters that XML uses are written out") {
  CHECK(xml_text("a<b>&\"c\"\n") == "a&lt;b&gt;&amp;&quot;c&quot; ");
}

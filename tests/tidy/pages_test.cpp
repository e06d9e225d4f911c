// The rules about pages are tried on samples: something untrue, which they must find, and something true.
#include "tests/tidy/pages.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace nutshell::tidy {
namespace {

std::string cited(std::string_view text) {
  std::string all;
  for (const Citation& each : citations_in(text)) all += each.rule + ";";
  return all;
}

const std::string kRow = "| R8 | The mark. | `kafka/isr.cpp` `propose` | `kafka/isr_test.cpp` | |\n";

Findings rules(const std::string& page, std::vector<Source> more = {}) {
  more.push_back(make_source("sim/kafka/isr.cpp", "void propose() {}  // R8\n"));
  more.push_back(make_source("tests/kafka/isr_test.cpp", "TEST_CASE(\"R8: it moves\") {}\n"));
  return check_rules(make_source("sim/kafka/RULES.md", "| Rule | Says |\n|---|---|\n" + page), more);
}

Findings map_of(const std::string& rows) {
  static const Graph kGraph = module_graph("nutshell_module(core)\nnutshell_module(net core)\nnutshell_module(kafka core net)\n");
  return check_map(make_source("sim/README.md", rows), {"core", "net", "kafka"}, &kGraph);
}

const std::string kMap = "| `core` | | ids |\n| `net` | `core` | links |\n| `kafka` | `net` | all else |\n";

Findings switches(std::string path, std::string text) {
  const Source page = make_source("tests/README.md", "| `NUTSHELL_STORMS` | how many |\n");
  const Source reader = make_source("tests/cluster/storm_test.cpp", "std::getenv(\"NUTSHELL_STORMS\");\n");
  return check_switches({page}, {reader, make_source(std::move(path), std::move(text))});
}

// What is found when `path` includes a header that opens with this.
Findings included(std::string opening, std::string path) {
  return check_private_headers({make_source("sim/kafka/steps.h", "// Steps.\n// " + std::move(opening) + "\n#pragma once\n"),
                                make_source(std::move(path), "#include \"sim/kafka/steps.h\"\n")});
}

}  // namespace

TEST_CASE("rules are cited by a letter and a number, ranges and stories included") {
  CHECK(cited("(R8, G12) and K1-K3: R14.") == "R8;G12;K1;K2;K3;R14;");
  CHECK(cited("as scenario 21 has it; the scenario 3x") == "scenario 21;scenario 3;");
  CHECK(cited("F9, K00, R0, R123, sR8, R8s, 4.R1, C-1, Q1").empty());
}

TEST_CASE("a table is read cell by cell") {
  const std::vector<Row> rows = rows_of(make_source("x.md", "text\n| a | `b` `c` |\n"));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].line == 2);
  CHECK(rows[0].cells == std::vector<std::string>{"a", "`b` `c`"});
  CHECK(quoted_in(rows[0].cells[1]) == std::vector<std::string>{"b", "c"});
}

TEST_CASE("a rule that is cited has a row, and a row is cited") {
  CHECK(rules(kRow).empty());
  CHECK(rules("").size() == 2);  // cited in both files
  CHECK(rules(kRow, {make_source("viz/ui/x.cpp", "// (G3)\n")}).size() == 1);
  CHECK(rules(kRow, {make_source("viz/ui/x.cpp", "// scenario 4\n")}).size() == 1);
  CHECK(rules(kRow + kRow).size() == 1);
  const std::string other = "| L1 | Batches. | | none | |\n";
  CHECK(rules(kRow + other).size() == 1);
  CHECK(rules(kRow + "| L1 | Batches. Not yet: not cited. | | none | |\n").empty());
  CHECK(rules(kRow + other, {make_source("tests/log/x.cpp", "// (L1-L2)\n")}).size() == 1);
  CHECK(rules(kRow, {make_source("tests/tidy/x.cpp", "// (G3)\n")}).empty());
}

TEST_CASE("a row names functions and tests that are there") {
  CHECK(rules("| R8 | The mark. | `kafka/isr.cpp` `gone` | `kafka/isr_test.cpp` | |\n").size() == 1);
  CHECK(rules("| R8 | The mark. | `kafka/gone.cpp` `propose` | `kafka/isr_test.cpp` | |\n").size() == 1);
  CHECK(rules("| R8 | The mark. | `kafka/isr.cpp` `propose` | `kafka/gone_test.cpp` | |\n").size() == 1);
  CHECK(rules("| R8 | The mark. | `kafka/isr.cpp` `propose` | | |\n").size() == 1);
  CHECK(rules("| R8 | The mark. | `kafka/isr.cpp` `propose` |\n").size() == 1);
  const Source silent = make_source("tests/kafka/x_test.cpp", "TEST_CASE(\"it moves\") {}\n");
  CHECK(rules("| R8 | The mark. | `kafka/isr.cpp` `propose` | `kafka/x_test.cpp` | |\n", {silent}).size() == 1);
}

TEST_CASE("a story has a row, too") {
  const Source teller = make_source("tests/kafka/x_test.cpp", "// scenario 4\n");
  CHECK(rules(kRow + "| 4 | Writes stop. | `kafka/x_test.cpp` |\n", {teller}).empty());
  CHECK(rules(kRow + "| 4 | Writes stop. | `kafka/isr_test.cpp` |\n", {teller}).size() == 1);
  CHECK(rules(kRow + "| 5 | Reads stop. | none |\n").size() == 1);
}

TEST_CASE("a map has each folder, and what it builds on") {
  CHECK(map_of(kMap).empty());
  CHECK(map_of("| `core` | | ids |\n| `net` | `core` | links |\n").size() == 1);
  CHECK(map_of("| `core` | | ids |\n| `net` | | links |\n| `kafka` | `net` | all else |\n").size() == 1);
  CHECK(map_of(kMap + "| `gone` | `net` | nothing |\n").size() == 1);
  const Source page = make_source("tests/README.md", "| `core`, `net` | units |\n");
  CHECK(check_map(page, {"core", "net"}, nullptr).empty());
  CHECK(check_map(page, {"core", "digest"}, nullptr).size() == 1);
}

TEST_CASE("a switch that is read is told of, and one that is told of is read") {
  CHECK(switches("viz/app/x.cpp", "getenv(\"NUTSHELL_STORMS\");\n").empty());
  CHECK(switches("viz/app/x.cpp", "number_of(\"NUTSHELL_DEEDS\", 3);\n").size() == 1);
  CHECK(switches("test", "#!/bin/sh\npreset=${NUTSHELL_PRESET:-release}\n").size() == 1);
  CHECK(switches("viz/app/x.cpp", "::setenv(\"NUTSHELL_FILM\", path, 1);\n#ifdef NUTSHELL_VIZ\n#endif\n").empty());
  CHECK(check_switches({make_source("tests/README.md", "| `NUTSHELL_GONE` | nothing |\n")}, {}).size() == 1);
}

TEST_CASE("a header that is not for everybody is included by those that it is for") {
  const std::string folder = "For the files of this folder only.", some = "What they share. For consumer*.cpp only.";
  CHECK(included(folder, "sim/kafka/isr.cpp").empty());
  CHECK(included(folder, "sim/cluster/x.cpp").size() == 1);
  CHECK(included(some, "sim/kafka/consumer.cpp").empty());
  CHECK(included(some, "sim/kafka/consumer_join.cpp").empty());
  CHECK(included(some, "sim/kafka/producer.cpp").size() == 1);
  CHECK(included(some, "sim/log/consumer.cpp").size() == 1);
  CHECK(included(some, "tests/kafka/consumer_test.cpp").empty());
  CHECK(included("For everybody.", "viz/app/x.cpp").empty());
}

}  // namespace nutshell::tidy

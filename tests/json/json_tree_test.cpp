#include "sim/json/json_tree.h"

#include <doctest/doctest.h>

#include <string>

namespace nutshell::json_trees {
namespace {

std::string problem_of(const std::string& text) { return parse_json_tree(text).problem; }

TEST_CASE("a tree keeps the order of members and the way numbers are written") {
  const std::string text = R"({"b":1,"a":[0.10,-3,true,null,"\u00e9\n\""],"0":{}})";
  const JsonTreeResult read = parse_json_tree(text);
  REQUIRE(read.tree);
  CHECK(read.tree->keys == std::vector<std::string>{"b", "a", "0"});
  const JsonTree& list = *read.tree->find("a");
  CHECK(list.items[0].text == "0.10");
  CHECK(list.items[0].real == 0.1);
  CHECK_FALSE(list.items[0].whole);
  CHECK(list.items[1].integer == -3);
  CHECK(list.items[4].text == "\xc3\xa9\n\"");
  CHECK(read.tree->find("c") == nullptr);
  // Written and read again, it is the same.
  CHECK(*parse_json_tree(compact_json(*read.tree)).tree == *read.tree);
}

TEST_CASE("whole numbers are those of 64 bits") {
  CHECK(parse_json_tree("9223372036854775807").tree->integer == INT64_MAX);
  CHECK(parse_json_tree("-9223372036854775808").tree->whole);
  CHECK_FALSE(parse_json_tree("9223372036854775808").tree->whole);
  CHECK(parse_json_tree("9223372036854775808").tree->text == "9223372036854775808");
  CHECK_FALSE(parse_json_tree("1.0").tree->whole);
}

TEST_CASE("what is no JSON is refused at its line and column") {
  CHECK(problem_of("{\n  \"a\": 1,\n  x\n}").find("line 3, column 3: this is no JSON") == 0);
  CHECK(problem_of("") != "");
  CHECK(problem_of("[1] 2") != "");
  CHECK(problem_of("1e999") != "");
  CHECK(problem_of("\"\xff\"") != "");
  CHECK(problem_of("// a comment\n[1]").empty());
}

TEST_CASE("a key that stands there twice, and a text nested or long without end, are refused") {
  CHECK(problem_of(R"({"a": 1, "b": 2, "a": 3})") == "the key 'a' stands there twice in one object; remove one of them");
  CHECK(problem_of(std::string(64, '[') + std::string(64, ']')).empty());
  CHECK(problem_of(std::string(65, '[') + std::string(65, ']')).find("nested more than 64 deep") != std::string::npos);
  CHECK(problem_of(std::string(900'000, '[')).find("nested more than 64 deep") != std::string::npos);
  CHECK(problem_of(std::string(kMaxTreeBytes + 1, ' ')).find("longer than a megabyte") != std::string::npos);
}

}  // namespace
}  // namespace nutshell::json_trees

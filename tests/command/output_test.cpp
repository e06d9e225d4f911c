#include "sim/command/output.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "sim/command/json_out.h"
#include "sim/command/screen.h"

namespace nutshell {

TEST_CASE("what a scenario says cannot command the terminal") {
  CHECK(printable("a\x1b[2Jb\tc\x7f") == "a?[2Jb?c?");
  CHECK(printable("caf\xc3\xa9 \xc2\x9b ok") == "caf\xc3\xa9 ?? ok");
}

TEST_CASE("JSON strings survive any bytes") {
  const std::string text = "say \"hi\"\\\n\t\x01 caf\xc3\xa9";
  CHECK(nlohmann::json::parse(json_string(text)).get<std::string>() == text);
  CHECK(nlohmann::json::parse(json_string("a\xff" "b\xc3")).get<std::string>() == "a\xef\xbf\xbd" "b\xef\xbf\xbd");
  CHECK(JsonObject().text("a", "x").number("b", -1).truth("c", true).done() == R"({"a": "x", "b": -1, "c": true})");
  CHECK(json_list({}) == "[]");
}

TEST_CASE("lines are cut by characters, not bytes") {
  CHECK(clipped("caf\xc3\xa9s", 4) == "caf\xc3\xa9");
  CHECK(clipped("short", 80) == "short");
}

}  // namespace nutshell

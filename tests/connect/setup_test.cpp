// Set-ups as files: what they may say, and the sentence for what they may not.
#include <doctest/doctest.h>

#include "sim/connect/setup_json.h"

namespace nutshell::connect {
namespace {

std::string wrong_with(const std::string& text) {
  const auto tree = parse_json_tree(text);
  REQUIRE_MESSAGE(tree.tree, tree.problem);
  std::string problem;
  CHECK_FALSE(read_setup(*tree.tree, problem));
  return problem;
}

TEST_CASE("a set-up that makes no sense is refused with its place and a remedy") {
  const std::vector<std::pair<std::string, std::string>> kWrong = {
      {"[]", "write an object"},
      {"{}", "\"workers\" is missing"},
      {R"({"workers":["w","w"]})", "twice"},
      {R"({"workers":["w"],"conectors":{}})", "did you mean \"connectors\""},
      {R"({"workers":["w"],"until":5})", "until is no time"},
      {R"({"workers":["w"],"settings":{"offset.flush.interval":1}})", "did you mean \"offset.flush.interval.ms\""},
      {R"({"workers":["w"],"topics":{"t":0}})", "write 1 to 1000"},
      {R"({"workers":["w"],"connectors":{"c":{"connector.class":"FileStreamSink"}}})", "connectors.c"},
      {R"({"workers":["w"],"script":[{"at":"1s"}]})", "says nothing that is done"},
      {R"({"workers":["w"],"script":[{"at":"1s","kill_worker":"x"}]})", "no worker of this file"},
      {R"({"workers":["w"],"script":[{"at":"1s","pause_connector":"x"}]})", "no connector of this file"},
      {R"({"workers":["w"],"script":[{"at":"1s","kil_worker":"w"}]})", "did you mean \"kill_worker\""},
      {R"({"workers":["w"],"databases":{"d":{"tables":{"t":{}}}}})", "has no columns"},
      {R"({"workers":["w"],"databases":{"d":{"tables":{"t":{"columns":{"id":"INTEGER"},"rows":[[1,2]]}}}}})", "has 2 values"},
      {R"({"workers":["w"],"databases":{"d":{"tables":{"t":{"columns":{"id":"INTEGER"},"rows":[["x"]]}}}}})", "INT64"},
      {R"({"workers":["w"],"databases":{"d":{"changes":[{"at":"1s","table":"t","insert":[]}]}}})", "not there"},
      {R"({"workers":["w"],"files":{"f":[{"text":"x"}]}})", "wants pieces"},
  };
  for (const auto& [text, part] : kWrong) {
    CAPTURE(text);
    CHECK_MESSAGE(wrong_with(text).find(part) != std::string::npos, wrong_with(text));
  }
}

TEST_CASE("columns are said in words of SQL") {
  CHECK(column_from_sql("a", "integer not null") == Column{"a", Type::int64, false, false});
  CHECK(column_from_sql("a", "VARCHAR(20)") == Column{"a", Type::string, true, false});
  CHECK(column_from_sql("a", "TIMESTAMP") == Column{"a", Type::int64, true, true});
  for (const Type type : {Type::int64, Type::float64, Type::string, Type::bytes, Type::boolean}) {
    const Column column{"a", type, true, false};
    CHECK(column_from_sql("a", column_sql(column)) == column);
  }
}

}  // namespace
}  // namespace nutshell::connect

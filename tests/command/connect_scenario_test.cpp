// Set-ups as files: what they may say, and the sentence for what they may not.
#include <doctest/doctest.h>

#include "sim/command/connect_scenario.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"

namespace nutshell {
namespace {

std::string wrong_with(const std::string& text) {
  const auto tree = parse_json_tree(text);
  REQUIRE_MESSAGE(tree.tree, tree.problem);
  std::string problem;
  CHECK_FALSE(connect_scenario(*tree.tree, "wrong", {}, problem));
  return problem;
}

TEST_CASE("a set-up that makes no sense is refused with its place and a remedy") {
  const std::vector<std::pair<std::string, std::string>> kWrong = {
      {"[]", "write an object"},
      {"{}", "\"workers\" is missing"},
      {R"({"workers":["w","w"]})", "twice"},
      {R"({"workers":["w"],"conectors":{}})", "did you mean \"connectors\""},
      {R"({"workers":["w"],"until":5})", "until is no time"},
      {R"({"workers":["w"],"settings":{"offset.flush.interval":1}})", "did you mean 'offset.flush.interval.ms'"},
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
      {R"({"workers":["w"],"connectors":{"c":{"connector.class":"JdbcSinkConnector","connection.url":"x","topics":"t"}}})",
       "no database of this file"},
      {R"({"workers":["w"],"script":[{"at":"5s","kill_worker":"w"},{"at":"6s","create_connector":"c","with":
         {"connector.class":"FileStreamSource","file":"f","topic":"t"}}]})", "no worker is alive"},
      {R"({"workers":["w"],"databases":{"d":{"tables":{"t":{"columns":{"id":"INTEGER"}}},
         "changes":[{"at":"1s","table":"t","delete":[1]}]}}})", "no primary key"},
      {R"({"workers":["w"],"databases":{"d":{"sqlite":"d.db"}}})", "was not read"},
  };
  for (const auto& [text, part] : kWrong) {
    CAPTURE(text);
    const std::string wrong = wrong_with(text);
    CHECK_MESSAGE(wrong.find(part) != std::string::npos, wrong);
  }
}

TEST_CASE("a set-up is a scenario: what it says of workers, stores and deeds, and what a recorded one is read as again") {
  const auto tree = parse_json_tree(R"({"workers": ["a", "b"], "settings": {"offset.flush.interval.ms": 1000}, "topics": {"t": 2},
    "databases": {"shop": {"tables": {"orders": {"columns": {"id": "INTEGER NOT NULL", "price": "REAL"}, "primary_key": ["id"],
                                                 "rows": [[1, 2]]}},
                           "changes": [{"at": "9s", "table": "orders", "update": [1, 2.5]},
                                       {"at": "8s", "table": "orders", "delete": [1, null]}]}},
    "files": {"in.txt": [{"at": "5s", "text": "x\n"}]},
    "connectors": {"lines": {"connector.class": "FileStreamSource", "file": "in.txt", "topic": "t"}},
    "script": [{"at": "20s", "kill_worker": "a"}, {"at": "30s", "pause_connector": "lines"},
               {"at": "40s", "produce": "t", "key": "k", "value": null},
               {"at": "50s", "start_worker": "c"}], "until": "1m"})");
  REQUIRE_MESSAGE(tree.tree, tree.problem);
  std::string problem;
  const auto scenario = connect_scenario(*tree.tree, "small", {}, problem);
  REQUIRE_MESSAGE(scenario, problem);
  std::vector<std::string> script;
  for (const Action& each : scenario->script)
    script.push_back(std::to_string(each.at / kSecond) + " " + std::string(action_name(each.body)));
  CHECK(script == std::vector<std::string>{"1 sql", "2 rest", "5 write_file", "8 sql", "9 sql", "20 crash", "30 rest", "40 send"});
  CHECK(std::get<Sql>(scenario->script[0].body).statement ==
        "CREATE TABLE \"orders\" (\"id\" INTEGER NOT NULL, \"price\" REAL, PRIMARY KEY (\"id\")); INSERT INTO \"orders\" VALUES (1, 2.0)");
  CHECK(std::get<Sql>(scenario->script[3].body).statement == "DELETE FROM \"orders\" WHERE \"id\" = 1");
  CHECK(std::get<Sql>(scenario->script[4].body).statement == "UPDATE \"orders\" SET \"price\" = 2.5 WHERE \"id\" = 1");
  CHECK(std::get<Rest>(scenario->script[6].body).worker == "b");  // who is alive
  CHECK(std::get<Send>(scenario->script[7].body).tombstone);
  std::vector<std::string> names;
  for (const PlainSetup& each : scenario->setup.plain) names.push_back(each.plural + " " + each.name);
  CHECK(names == std::vector<std::string>{"connect_workers a", "connect_workers b", "connect_workers c", "data_stores files",
                                          "data_stores shop"});
  const LoadResult again = parse_scenario(write_scenario(*scenario), "small.json");
  for (const Problem& each : again.problems) MESSAGE(each.what);
  REQUIRE(again.scenario);
  CHECK(write_scenario(*again.scenario) == write_scenario(*scenario));
}

}  // namespace
}  // namespace nutshell

// nutshell connect: the four set-ups that come with the program, real databases at both ends, and what is refused.
#include <doctest/doctest.h>

#include <string>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
std::string example(const std::string& name) { return std::string(NUTSHELL_SOURCE_DIR) + "/assets/connect/" + name + ".json"; }

}  // namespace

TEST_CASE("connect tells of the worker that dies, and of the five minutes") {
  const Result result = run({"connect", example("worker-dies")});
  CHECK_MESSAGE(result.exit_code == 0, result.err);
  CHECK(says(result.out, "5 units wait for 5m"));
  CHECK(says(result.out, "5 units wait for 75s"));
  CHECK(says(result.out, "worker-1 1+4, worker-2 1+4"));
}

TEST_CASE("connect tells what comes twice, and of the poison record") {
  const Result twice = run({"connect", example("source-duplicates")});
  CHECK_MESSAGE(twice.exit_code == 0, twice.err);
  CHECK(says(twice.out, "topic orders-0: 11 records"));
  const Result poison = run({"connect", example("poison-row")});
  CHECK_MESSAGE(poison.exit_code == 0, poison.err);
  CHECK(says(poison.out, "topic dead-letters-0: 1 records"));
  CHECK(says(poison.out, "strict-0: FAILED on worker-1: DataException"));
  CHECK(says(run({"connect", example("poison-row"), "--json"}).out, "\"fact\":\"dead_lettered\""));
}

TEST_CASE("connect writes real databases, reads them again, and replays what it read without them") {
  const std::string copy = write_file("connect/copy.db", "");
  const Result first = run({"connect", example("table-to-table"), "--store", "copy-by-key=" + copy});
  CHECK_MESSAGE(first.exit_code == 0, first.err);
  CHECK(says(first.out, "table copy.orders: 13 rows"));
  CHECK(says(first.out, "table copy-by-key.orders: 9 rows"));
  const std::string next = write_file("connect/next.json", R"({"workers": ["w"], "databases": {"from": {"sqlite": "copy.db"}},
    "connectors": {"c": {"connector.class": "JdbcSourceConnector", "connection.url": "from", "mode": "bulk",
                         "poll.interval.ms": 3600000}}})");
  const std::string recorded = write_file("connect/recorded.json", "");
  const Result second = run({"connect", next, "--record", recorded});
  CHECK_MESSAGE(second.exit_code == 0, second.err);
  CHECK(says(second.out, "topic orders-0: 9 records"));
  CHECK(run({"connect", recorded}).out == second.out);
}

TEST_CASE("connect refuses files that are not there, and names that the set-up does not have") {
  CHECK(run({"connect", "nowhere.json"}).exit_code == 2);
  const Result store = run({"connect", example("poison-row"), "--store", "shop=x.db"});
  CHECK(store.exit_code == 2);
  CHECK(says(store.err, "does not have"));
  const std::string none = write_file("connect/none.json", R"({"workers": ["w"], "databases": {"d": {"sqlite": "none.db"}}})");
  const Result source = run({"connect", none});
  CHECK(source.exit_code == 2);
  CHECK(says(source.err, "none.db"));
  CHECK(run({"connect", example("poison-row"), "--out", "tolerant.txt"}).exit_code == 2);
}

}  // namespace nutshell::testing

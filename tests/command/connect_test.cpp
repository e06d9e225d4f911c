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
  CHECK(says(result.out, "5 units wait 5m for a worker that may come back"));
  CHECK(says(result.out, "5 units wait 75s for a worker that may come back"));
  int on_second = 0;
  const std::string there = ": RUNNING on worker-2\n";
  for (std::size_t at = result.out.find(there); at != std::string::npos; at = result.out.find(there, at + 1))
    ++on_second;
  CHECK_MESSAGE(on_second == 5, result.out);  // a connector and four tasks, as before
}

TEST_CASE("connect tells what comes twice, and of the poison record") {
  const Result twice = run({"connect", example("source-duplicates")});
  CHECK_MESSAGE(twice.exit_code == 0, twice.err);
  CHECK_MESSAGE(says(twice.out, "topic orders-0: 11 records"), twice.out);
  const Result poison = run({"connect", example("poison-row")});
  CHECK_MESSAGE(poison.exit_code == 0, poison.err);
  CHECK(says(poison.out, "topic dead-letters-0: 1 records"));
  CHECK(says(poison.out, "strict-0: FAILED on worker-1: DataException"));
  CHECK(says(run({"connect", example("poison-row"), "--json"}).out, "connect_skipped"));
  // A lesson with workers is as good as a set-up.
  CHECK(says(run({"connect", "poison-and-dead-letters"}).out, "a copy goes to the dead letters"));
  CHECK(says(run({"connect", "the-log"}).err, "has no Connect workers"));
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
  CHECK(run({"run", recorded}).exit_code == 0);
  const std::string text_file = write_file("connect/copy.db", std::string(2000, 'x'));
  const Result no_database = run({"connect", next});
  CHECK(no_database.exit_code == 2);
  CHECK(says(no_database.err, "not a database"));
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

TEST_CASE("connect --rest calls a worker and prints its answer alone; what it refuses is a sentence") {
  const auto ask = [](const std::string& call, const std::string& at) {
    return run({"connect", example("poison-row"), "--at", at, "--rest", call});
  };
  CHECK(ask("GET /connectors", "80s").out == "[\"strict\",\"tolerant\"]\n");
  CHECK(ask("GET /connectors/tolerant/tasks/0/status", "80s").out == "{\"id\":0,\"state\":\"RUNNING\",\"worker_id\":\"worker-1\"}\n");
  CHECK(says(ask("GET /connectors/strict/status", "80s").out,
             "\"tasks\":[{\"id\":0,\"state\":\"FAILED\",\"worker_id\":\"worker-1\",\"trace\":"));
  CHECK(says(ask("GET /connectors/strict/status", "18s").out, "\"tasks\":[{\"id\":0,\"state\":\"RUNNING\""));
  const Result paused = run({"connect", example("poison-row"), "--at", "80s", "--rest", "PUT /connectors/tolerant/pause", "--rest",
                             "GET /connectors/tolerant/config"});
  CHECK_MESSAGE(paused.exit_code == 0, paused.err);
  CHECK(says(paused.out, "\"name\":\"tolerant\""));
  const Result unknown = ask("GET /connectors/nobody", "80s");
  CHECK(unknown.exit_code == 1);
  CHECK(says(unknown.err, "there is no connector nobody"));
  CHECK(ask("GET /connector/strict", "80s").exit_code == 2);
}

TEST_CASE("connect keeps what was there where the new cannot be written, and says that a task has failed") {
  const std::string kept = write_file("connect/kept.txt", "old");
  const Result full = run({"connect", example("poison-row"), "--out", "tolerant.txt=/dev/full"});
  CHECK(full.exit_code == 3);
  CHECK(says(full.err, "/dev/full"));
  const Result failed = run({"connect", example("poison-row"), "--out", "strict.txt=" + kept});
  CHECK(failed.exit_code == 1);
  CHECK(says(failed.err, "strict-0 has failed"));
  CHECK(says(failed.err, "what there was is written"));
  CHECK(run({"connect", example("source-duplicates"), "--out", "copy.txt=" + kept}).exit_code == 0);
}

}  // namespace nutshell::testing

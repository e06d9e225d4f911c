// Rows through a task of ksqlDB, beside a reader that only takes them.
#include <string>
#include <vector>

#include "sim/streams/engine.h"
#include "sim/streams/parser.h"
#include "tests/bench/cases.h"

namespace nutshell {
namespace {

constexpr const char* kSources =
    "CREATE STREAM s (userid VARCHAR KEY, regionid VARCHAR, page VARCHAR, v INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', "
    "PARTITIONS=1); CREATE TABLE t (id VARCHAR PRIMARY KEY, x INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=1);";

std::vector<streams::Record> thousand_rows() {
  std::vector<streams::Record> rows;
  for (int i = 0; i < 1000; ++i) {
    const std::string value = R"({"REGIONID":"eu","PAGE":"page-)" + std::to_string(i) + R"(","V":)" + std::to_string(i) + "}";
    rows.push_back({"user" + std::to_string(i % 50), value, i * 10});
  }
  return rows;
}

// The one task of a statement's query, with 50 rows in table t.
streams::Task task_of(const std::string& statement) {
  streams::Engine engine;
  streams::Complaint complaint;
  std::string printed;
  for (const streams::Statement& s : streams::parse_script(kSources + statement, engine.variables, complaint)) {
    engine.execute(s, complaint, printed);
  }
  streams::Task task(engine.queries().at(0).plan, 0, 0, {});
  std::vector<streams::Output> none;
  for (int i = 0; i < 50; ++i) task.process("t", i, {"user" + std::to_string(i), R"({"X":1})", 0}, 0, none);
  return task;
}

void bench_statement(Bench& bench, const std::string& name, const std::string& statement) {
  const std::int64_t rounds = std::max<std::int64_t>(bench.scaled(300), 3);
  const std::vector<streams::Record> rows = thousand_rows();
  bench.run("streams: " + name, rounds * 1000, [&](Stopwatch& watch) {
    streams::Task task = task_of(statement);
    std::vector<streams::Output> out;
    std::uint64_t outputs = 0;
    watch.start();
    for (std::int64_t round = 0; round < rounds; ++round) {
      for (const streams::Record& row : rows) {
        streams::Record record = row;
        record.timestamp += round * 10'000;
        out.clear();
        task.process("s", 0, record, 0, out);
        outputs += out.size();
      }
    }
    watch.stop();
    return outputs;
  });
}

}  // namespace

void bench_streams(Bench& bench) {
  const std::int64_t rounds = std::max<std::int64_t>(bench.scaled(300), 3);
  const std::vector<streams::Record> rows = thousand_rows();
  bench.run("streams: plain consume", rounds * 1000, [&](Stopwatch& watch) {
    std::uint64_t bytes = 0;
    watch.start();
    for (std::int64_t round = 0; round < rounds; ++round) {
      for (const streams::Record& row : rows) {
        const streams::Record& record = row;
        bytes += record.value->size() + record.key->size();
      }
    }
    watch.stop();
    return bytes;
  });
  bench_statement(bench, "filter, one row of ten passes", "CREATE STREAM o AS SELECT * FROM s WHERE v >= 900;");
  bench_statement(bench, "projection", "CREATE STREAM o AS SELECT userid, v * 2 AS w FROM s;");
  bench_statement(bench, "count by key and minute",
                  "CREATE TABLE o AS SELECT userid, COUNT(*) AS n FROM s WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY userid;");
  bench_statement(bench, "stream-table join",
                  "CREATE STREAM o AS SELECT s.userid AS k, v, x FROM s JOIN t ON s.userid = t.id;");
}

}  // namespace nutshell

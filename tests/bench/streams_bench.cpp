// Rows through a task of ksqlDB, beside a reader that only takes them.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/ksql/server.h"
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

// Gives every row to the reader, as many rounds as fit, each a record of its own with its own time. The reader returns a
// number that depends on what it has done.
template <class Reader>
std::uint64_t read_all(Stopwatch& watch, const std::vector<streams::Record>& rows, std::int64_t rounds, Reader read) {
  std::uint64_t outcome = 0;
  watch.start();
  for (std::int64_t round = 0; round < rounds; ++round) {
    for (const streams::Record& row : rows) {
      streams::Record record = row;
      record.timestamp += round * 10'000;
      outcome += read(std::move(record));
    }
  }
  watch.stop();
  return outcome;
}

std::int64_t rounds_of(const Bench& bench) { return std::max<std::int64_t>(bench.scaled(300), 3); }

void bench_statement(Bench& bench, const BenchResult& consume, const std::string& name, const std::string& statement) {
  const std::int64_t rounds = rounds_of(bench);
  const std::vector<streams::Record> rows = thousand_rows();
  bench.run("streams: " + name, rounds * 1000, [&](Stopwatch& watch) {
    streams::Task task = task_of(statement);
    std::vector<streams::Output> out;
    return read_all(watch, rows, rounds, [&](streams::Record&& record) {
      out.clear();
      task.process("s", 0, record, 0, out);
      return out.size();
    });
  }, &consume);
}

// A reader that has its records and does nothing with them but keep the last one.
BenchResult bench_consume(Bench& bench) {
  const std::int64_t rounds = rounds_of(bench);
  const std::vector<streams::Record> rows = thousand_rows();
  return bench.run("streams: plain consume", rounds * 1000, [&](Stopwatch& watch) {
    std::vector<streams::Record> last(1);
    return read_all(watch, rows, rounds, [&](streams::Record&& record) {
      last[0] = std::move(record);
      return last[0].value->size() + last[0].key->size();
    });
  });
}

// A cluster with one ksqlDB server and so many rows in topic s, 50 in t.
World stocked_world(std::int64_t rows, std::vector<Fact>& facts) {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 4;
  PlainSettings config;
  config.scope = plain_scope<KsqlServerKind>();
  setup.plain.push_back({std::string(KsqlServerKind::plural), "K1", config});
  World world = make_world(setup);
  const auto run_for = [&](Duration time) {
    const Time end = world.now() + time;
    while (next_event_time(world) <= end) step(world, facts), facts.clear();
  };
  const auto type = [&](const std::string& script) { apply(world, {world.now(), Ksql{"K1", script}}, facts); };
  run_for(10 * kSecond);
  type(std::string("SET 'auto.offset.reset'='earliest';") + kSources);
  run_for(5 * kSecond);
  std::string script;
  for (int i = 0; i < 50; ++i) script += "INSERT INTO t (ROWTIME, id, x) VALUES (0, 'user" + std::to_string(i) + "', 1);";
  for (std::int64_t i = 0; i < rows; ++i) {
    script += "INSERT INTO s (ROWTIME, userid, regionid, page, v) VALUES (" + std::to_string(i * 10) + ", 'user" + std::to_string(i % 50) +
              "', 'eu', 'page-" + std::to_string(i % 1000) + "', " + std::to_string(i % 1000) + ");";
    if (i % 500 != 499 && i + 1 < rows) continue;
    type(script);
    script.clear();
    run_for(kSecond);
  }
  run_for(5 * kSecond);
  return world;
}

// The same on the simulated cluster, from the first fetch to the last result: brokers, logs, changelogs and commits included.
void bench_server(Bench& bench, const std::string& name, const std::string& statement) {
  const std::int64_t rows = std::max<std::int64_t>(bench.scaled(20'000), 500);
  std::vector<Fact> facts;
  const World stocked = stocked_world(rows, facts);
  bench.run("ksqlDB server: " + name, rows, [&](Stopwatch& watch) {
    World world = stocked;
    const auto& server = world.plain.of<KsqlServer>()[0];
    const std::int64_t wanted = server.shown.rows + rows;
    watch.start();
    apply(world, {world.now(), Ksql{"K1", statement}}, facts);
    while (server.shown.rows < wanted && next_event_time(world) != kNever) step(world, facts), facts.clear();
    watch.stop();
    return static_cast<std::uint64_t>(server.shown.results);
  });
}

}  // namespace

void bench_streams(Bench& bench) {
  const BenchResult consume = bench_consume(bench);
  bench_statement(bench, consume, "filter, one row of ten passes", "CREATE STREAM o AS SELECT * FROM s WHERE v >= 900;");
  bench_statement(bench, consume, "projection", "CREATE STREAM o AS SELECT userid, v * 2 AS w FROM s;");
  bench_statement(bench, consume, "count by key and minute",
                  "CREATE TABLE o AS SELECT userid, COUNT(*) AS n FROM s WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY userid;");
  bench_statement(bench, consume, "stream-table join",
                  "CREATE STREAM o AS SELECT s.userid AS k, v, x FROM s JOIN t ON s.userid = t.id;");
  bench_server(bench, "filter, one row of ten passes", "CREATE STREAM o AS SELECT * FROM s WHERE v >= 900;");
  bench_server(bench, "count by key and minute",
               "CREATE TABLE o AS SELECT userid, COUNT(*) AS n FROM s WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY userid;");
  bench_server(bench, "stream-table join", "CREATE STREAM o AS SELECT s.userid AS k, v, x FROM s JOIN t ON s.userid = t.id;");
}

}  // namespace nutshell

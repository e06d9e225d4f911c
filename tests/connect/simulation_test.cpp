// C1, C3, C4, C7-C9, C12, C13, C17, C23 as runs: workers die, rows come twice, one record is poison, and a table becomes another.
#include <doctest/doctest.h>

#include <algorithm>

#include "sim/connect/simulation.h"

namespace nutshell::connect {
namespace {

ScriptedDeed deed(Time at, DeedKind kind, const std::string& who) { return {at, kind, who}; }

std::vector<std::string> values(const Simulation& run, const std::string& topic) {
  std::vector<std::string> all;
  const auto log = run.topics().find({topic, 0});
  if (log == run.topics().end()) return all;
  for (const RawRecord& record : log->second) all.push_back(record.value.value_or("null"));
  return all;
}

// The units of a worker, as "1+4".
std::string share(const Simulation& run, const std::string& worker) {
  for (const Worker& each : run.workers()) {
    if (each.name == worker) return std::to_string(each.has.connectors.size()) + "+" + std::to_string(each.has.tasks.size());
  }
  return "nobody";
}

// C7: two workers, two connectors of four tasks.
Setup two_by_four() {
  Setup setup;
  setup.workers = {"W1", "W2"};
  for (const char* name : {"a", "b"}) {
    setup.connectors[name] = {{"connector.class", "FileStreamSink"}, {"tasks.max", "4"}, {"topics", "t"},
                              {"file", std::string(name) + ".txt"}};
  }
  setup.partitions["t"] = 4;
  setup.until = 1500 * kSecond;
  return setup;
}

TEST_CASE("C7: killed at 600 s, noticed at 610, a config change at 750, back at 835, its units again at 910") {
  Setup setup = two_by_four();
  setup.script = {deed(600 * kSecond, DeedKind::kill_worker, "W2"), deed(835 * kSecond, DeedKind::start_worker, "W2")};
  setup.script.insert(setup.script.begin() + 1, {750 * kSecond, DeedKind::create_connector, "c",
                                                 {{"connector.class", "FileStreamSource"}, {"file", "none"}, {"topic", "x"}}});
  Simulation run(setup);
  run.run_until(599 * kSecond);
  CHECK(share(run, "W1") == "1+4");
  CHECK(share(run, "W2") == "1+4");
  run.run_until(609 * kSecond);
  // The dead do not report (C4).
  CHECK(std::count_if(run.status().begin(), run.status().end(), [](const auto& each) {
          return each.second.worker == "W2" && each.second.state == UnitState::running;
        }) == 5);
  run.run_until(700 * kSecond);
  CHECK(share(run, "W1") == "1+4");
  CHECK(run.last_decision().delay == 300 * kSecond);
  CHECK(run.last_decision().lost.size() == 5);
  run.run_until(800 * kSecond);
  CHECK(share(run, "W1") == "2+5");  // the new connector and its task
  CHECK(run.last_decision().delay == 160 * kSecond);
  run.run_until(900 * kSecond);
  CHECK(share(run, "W2") == "0+0");
  run.run_until(909 * kSecond);
  CHECK(share(run, "W2") == "0+0");
  run.run_until(912 * kSecond);
  CHECK(share(run, "W2") == "1+4");
  CHECK(run.last_decision().lost.empty());
}

TEST_CASE("C7: a worker that stays away leaves its units to the other; one that stops in order says so") {
  Setup setup = two_by_four();
  setup.script = {deed(600 * kSecond, DeedKind::stop_worker, "W2")};
  Simulation run(setup);
  run.run_until(601 * kSecond);
  CHECK(run.last_decision().delay == 300 * kSecond);
  CHECK(std::count_if(run.status().begin(), run.status().end(), [](const auto& each) {
          return each.second.state == UnitState::unassigned;
        }) == 5);
  run.run_until(899 * kSecond);
  CHECK(share(run, "W1") == "1+4");
  run.run_until(901 * kSecond);
  CHECK(share(run, "W1") == "2+8");
}

// C9: nine lines of ten bytes, one each ten seconds from 5 s on.
Setup nine_lines() {
  Setup setup;
  setup.workers = {"W1"};
  setup.connectors["lines"] = {{"connector.class", "FileStreamSource"}, {"file", "in.txt"}, {"topic", "lines"},
                               {"value.converter", "org.apache.kafka.connect.storage.StringConverter"}};
  for (int i = 1; i <= 9; ++i) setup.files["in.txt"].pieces.push_back({(10 * i - 5) * kSecond, "l" + std::to_string(i) + " 345678\n"});
  return setup;
}
std::string numbers(const Simulation& run, const std::string& topic) {
  std::string all;
  for (const std::string& value : values(run, topic)) all += (all.empty() ? "" : " ") + value.substr(0, 2);
  return all;
}

TEST_CASE("C9: what was sent after the last note comes again after a crash, and not after an orderly stop") {
  for (const bool orderly : {false, true}) {
    CAPTURE(orderly);
    Setup setup = nine_lines();
    setup.script = {deed(80 * kSecond, orderly ? DeedKind::stop_worker : DeedKind::kill_worker, "W1"),
                    deed(100 * kSecond, DeedKind::start_worker, "W1")};
    Simulation run(setup);
    run.run_until(61 * kSecond);
    CHECK(run.noted().at("lines").begin()->second.at("position") == 60);
    run.run_until(79 * kSecond);
    CHECK(numbers(run, "lines") == "l1 l2 l3 l4 l5 l6 l7 l8");
    run.run_until(81 * kSecond);
    CHECK(run.noted().at("lines").begin()->second.at("position") == (orderly ? 80 : 60));
    run.run();
    CHECK(numbers(run, "lines") == (orderly ? "l1 l2 l3 l4 l5 l6 l7 l8 l9" : "l1 l2 l3 l4 l5 l6 l7 l8 l7 l8 l9"));
  }
}

// C17: a sink of JSON; the second record cannot be read.
Setup poison(bool tolerate) {
  Setup setup;
  setup.workers = {"W1"};
  setup.connectors["copy"] = {{"connector.class", "FileStreamSink"}, {"topics", "orders"}, {"file", "out.txt"},
                              {"value.converter", "JsonConverter"}, {"value.converter.schemas.enable", "false"},
                              {"key.converter", "StringConverter"}, {"errors.deadletterqueue.topic.name", "dead"},
                              {"errors.deadletterqueue.topic.replication.factor", "1"},
                              {"errors.deadletterqueue.context.headers.enable", "true"}, {"errors.tolerance", tolerate ? "all" : "none"}};
  const std::vector<std::string> sent = {"{\"id\":1}", "{broken", "{\"id\":3}"};
  for (std::size_t i = 0; i < sent.size(); ++i) {
    setup.script.push_back({static_cast<Time>(20 + i) * kSecond, DeedKind::produce, "orders", {}, "k", sent[i]});
  }
  return setup;
}

TEST_CASE("C17: with tolerance the sink has 0 and 2, the dead letters have 1 as it was, and 3 is committed") {
  Simulation run(poison(true));
  run.run();
  CHECK(run.sink_files().at("out.txt") == "{id=1}\n{id=3}\n");
  REQUIRE(run.topics().count({"dead", 0}));
  const std::vector<RawRecord>& dead = run.topics().at({"dead", 0});
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].value == "{broken");
  CHECK(dead[0].key == "k");
  const auto header = [&](const std::string& name) {
    for (const Header& each : dead[0].headers) {
      if (each.key == "__connect.errors." + name) return each.value;
    }
    return std::string("none");
  };
  CHECK(dead[0].headers.size() == 10);
  CHECK(header("stage") == "VALUE_CONVERTER");
  CHECK(header("topic") == "orders");
  CHECK(header("partition") == "0");
  CHECK(header("offset") == "1");
  CHECK(header("connector.name") == "copy");
  CHECK(header("task.id") == "0");
  CHECK(header("class.name") == "org.apache.kafka.connect.json.JsonConverter");
  CHECK(header("exception.class.name") == "org.apache.kafka.connect.errors.DataException");
  CHECK(run.committed().at("copy").begin()->second == 3);
}

TEST_CASE("C17: without tolerance the task fails there, again after a restart, and nobody else notices") {
  Setup setup = poison(false);
  setup.script.push_back(deed(100 * kSecond, DeedKind::restart_connector, "copy"));
  Simulation run(setup);
  run.run_until(30 * kSecond);
  CHECK(run.status().at("copy-0").state == UnitState::failed);
  CHECK(run.status().at("copy").state == UnitState::running);
  CHECK(run.sink_files().at("out.txt") == "{id=1}\n");
  run.run();
  CHECK(run.status().at("copy-0").state == UnitState::failed);
  // What put() had returned for is committed: the first record does not come again, and the second fails again.
  CHECK(run.committed().at("copy").begin()->second == 1);
  CHECK(run.sink_files().at("out.txt") == "{id=1}\n");
  // With no tolerance there is a copy all the same, one a try (C16).
  CHECK(values(run, "dead") == std::vector<std::string>{"{broken", "{broken"});
}

TEST_CASE("C12: partitions of a dead task's consumer stay its own until its session ends, though the task runs again elsewhere") {
  Setup setup = poison(true);
  setup.script.push_back(deed(30 * kSecond, DeedKind::kill_worker, "W1"));
  setup.script.push_back(deed(31 * kSecond, DeedKind::start_worker, "W1"));
  setup.script.push_back({50 * kSecond, DeedKind::produce, "orders", {}, "k", "{\"id\":4}"});
  Simulation run(setup);
  run.run_until(74 * kSecond);
  CHECK(run.status().at("copy-0").state == UnitState::running);
  CHECK(run.sink_files().at("out.txt") == "{id=1}\n{id=3}\n");
  // 45 s after its death; nothing had been committed, so all of it comes again.
  run.run_until(76 * kSecond);
  CHECK(run.sink_files().at("out.txt") == "{id=1}\n{id=3}\n{id=1}\n{id=3}\n{id=4}\n");
}

TEST_CASE("C15: a source that fails has noted what went before, and begins there again") {
  Setup setup;
  setup.workers = {"W1"};
  setup.connectors["lines"] = {{"connector.class", "FileStreamSource"}, {"file", "in.txt"}, {"topic", "numbers"},
                               {"value.converter", "StringConverter"}, {"transforms", "c"},
                               {"transforms.c.type", "Cast$Value"}, {"transforms.c.spec", "int32"}};
  setup.files["in.txt"].written = "1\n2\nthree\n4\n";
  setup.script = {deed(60 * kSecond, DeedKind::restart_connector, "lines")};
  Simulation run(setup);
  run.run();
  CHECK(run.status().at("lines-0").state == UnitState::failed);
  CHECK(run.status().at("lines-0").trace.find("three") != std::string::npos);
  CHECK(values(run, "numbers") == std::vector<std::string>{"1", "2"});
  CHECK(run.noted().at("lines").begin()->second.at("position") == 4);
}

TEST_CASE("pause keeps a task and its place; stop takes the tasks away, and resume brings them back") {
  Setup setup = nine_lines();
  setup.script = {deed(20 * kSecond, DeedKind::pause_connector, "lines"), deed(50 * kSecond, DeedKind::resume_connector, "lines"),
                  deed(62 * kSecond, DeedKind::stop_connector, "lines"), deed(90 * kSecond, DeedKind::resume_connector, "lines")};
  Simulation run(setup);
  run.run_until(49 * kSecond);
  CHECK(numbers(run, "lines") == "l1 l2");
  CHECK(run.status().at("lines-0").state == UnitState::paused);
  run.run_until(61 * kSecond);
  CHECK(numbers(run, "lines") == "l1 l2 l3 l4 l5 l6");
  run.run_until(89 * kSecond);
  CHECK(run.status().at("lines").state == UnitState::stopped);
  CHECK(run.status().count("lines-0") == 0);
  CHECK(share(run, "W1") == "1+0");
  run.run();
  CHECK(numbers(run, "lines") == "l1 l2 l3 l4 l5 l6 l7 l8 l9");
}

// Rows 0 ... count-1 of one table become a topic and then another table.
Setup round_trip(std::int64_t count, const std::string& insert_mode) {
  Setup setup;
  setup.workers = {"W1", "W2"};
  Table table;
  table.name = "orders";
  table.columns = {{"id", Type::int64, false, false}, {"item", Type::string, true, false}};
  table.primary_key = {"id"};
  std::string problem;
  for (std::int64_t id = 0; id < count; ++id) table.insert({Value(id), Value("item " + std::to_string(id * 7919 % 1000))}, problem);
  setup.databases["shop"].tables["orders"] = table;
  setup.connectors["source"] = {{"connector.class", "JdbcSourceConnector"}, {"connection.url", "shop"}, {"mode", "incrementing"},
                                {"incrementing.column.name", "id"}, {"batch.max.rows", "10"}};
  setup.connectors["sink"] = {{"connector.class", "JdbcSinkConnector"}, {"connection.url", "copy"}, {"topics", "orders"},
                              {"auto.create", "true"}};
  if (insert_mode == "upsert") {
    setup.connectors["sink"]["insert.mode"] = "upsert";
    setup.connectors["sink"]["pk.mode"] = "record_value";
    setup.connectors["sink"]["pk.fields"] = "id";
  }
  setup.databases["copy"];
  setup.rebalance_delay = 2 * kSecond;
  setup.session_timeout = 500 * kMillisecond;
  setup.consumer_session = 600 * kMillisecond;
  setup.flush_interval = 100 * kMillisecond;
  setup.max_poll_records = 10;
  setup.until = 5 * kMinute;
  return setup;
}

// Kills a worker at every tenth note or commit, in turn, and starts it again a second later.
std::int64_t run_with_kills(Simulation& run) {
  std::int64_t commits = 0, kills = 0;
  std::size_t seen = 0;
  Time back = kNever;
  std::string down;
  while (run.step()) {
    if (run.now() >= back) {
      run.carry_out({run.now(), DeedKind::start_worker, down});
      back = kNever;
    }
    for (; seen < run.facts().size(); ++seen) {
      const FactKind kind = run.facts()[seen].kind;
      if (kind != FactKind::offsets_flushed && kind != FactKind::offsets_committed) continue;
      if (++commits % 10 != 0 || back != kNever) continue;
      down = kills++ % 2 == 0 ? "W1" : "W2";
      back = run.now() + kSecond;
      run.carry_out({run.now(), DeedKind::kill_worker, down});
      seen = run.facts().size() - 1;
    }
  }
  return kills;
}

TEST_CASE("10,000 rows from table to topic to table, a worker killed at every tenth commit: with upsert the tables are equal") {
  Simulation run(round_trip(10'000, "upsert"));
  CHECK(run_with_kills(run) >= 5);
  const Table& from = run.databases().at("shop").tables.at("orders");
  const Table& to = run.databases().at("copy").tables.at("orders");
  CHECK(from.size() == 10'000);
  std::vector<std::pair<std::int64_t, std::string>> left, right;
  for (const Row& row : from.rows()) left.emplace_back(*row[0].whole(), *row[1].text());
  for (const Row& row : to.rows()) right.emplace_back(*row[0].whole(), *row[1].text());
  std::sort(right.begin(), right.end());
  CHECK(left == right);
}

TEST_CASE("10,000 rows and plain inserts: nothing is missing, and every row too many was read or delivered after the last commit") {
  Simulation run(round_trip(10'000, "insert"));
  CHECK(run_with_kills(run) >= 5);
  const Table& to = run.databases().at("copy").tables.at("orders");
  std::map<std::int64_t, std::int64_t> copies;
  for (const Row& row : to.rows()) ++copies[*row[0].whole()];
  CHECK(copies.size() == 10'000);
  // In the topic: what the source sent again. Beyond that: what the sink was given again.
  std::int64_t read = 0, delivered = 0;
  for (const Fact& fact : run.facts()) {
    if (fact.kind == FactKind::records_read) read += fact.count;
    if (fact.kind == FactKind::records_delivered) delivered += fact.count;
  }
  CHECK(read == static_cast<std::int64_t>(run.topics().at({"orders", 0}).size()));
  CHECK(delivered == static_cast<std::int64_t>(to.size()));
  CHECK(read > 10'000);
  CHECK(delivered >= read);
}

TEST_CASE("C23: an insert that is delivered again breaks the key, is tried ten times, and fails the task") {
  Setup setup = round_trip(5, "insert");
  setup.connectors["sink"]["pk.mode"] = "record_value";
  setup.connectors["sink"]["pk.fields"] = "id";
  setup.flush_interval = kMinute;
  setup.script = {deed(20 * kSecond, DeedKind::kill_worker, "W1"), deed(20 * kSecond, DeedKind::kill_worker, "W2"),
                  deed(22 * kSecond, DeedKind::start_worker, "W1")};
  Simulation run(setup);
  run.run();
  CHECK(run.status().at("sink-0").state == UnitState::failed);
  CHECK(run.status().at("sink-0").trace.find("UNIQUE constraint failed: orders.id") != std::string::npos);
  const auto failed = std::find_if(run.facts().begin(), run.facts().end(), [](const Fact& fact) {
    return fact.who == "sink-0" && fact.text.find("FAILED") != std::string::npos;
  });
  REQUIRE(failed != run.facts().end());
  CHECK(failed->at >= 22 * kSecond + 10 * 3 * kSecond);
  CHECK(run.databases().at("copy").tables.at("orders").size() == 5);
}

TEST_CASE("a run is the same every time, and goes on from a copy as from itself") {
  const auto story = [](const Simulation& run) {
    std::string all;
    for (const Fact& fact : run.facts()) all += std::to_string(fact.at) + fact.text + "\n";
    return all;
  };
  Setup setup = nine_lines();
  setup.script = {deed(80 * kSecond, DeedKind::kill_worker, "W1"), deed(100 * kSecond, DeedKind::start_worker, "W1")};
  Simulation once(setup), again(setup);
  again.run_until(70 * kSecond);
  Simulation copy = again;
  once.run();
  again.run();
  copy.run();
  CHECK(story(once) == story(again));
  CHECK(story(once) == story(copy));
}

}  // namespace
}  // namespace nutshell::connect

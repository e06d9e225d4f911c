// From table to topic to table while workers die: what is there twice is what the rules name (C8, C9, C12), and nothing else.
#include <doctest/doctest.h>

#include <set>

#include "sim/workers/sql.h"
#include "tests/workers/connect_lab.h"

namespace nutshell {
namespace {

constexpr int kOrderRows = 10'000;

std::string many_orders() {
  std::string rows;
  for (int id = 1; id <= kOrderRows; ++id)
    rows += (id == 1 ? "" : ", ") + sql_row({connect::Value(std::int64_t{id}), connect::Value("item " + std::to_string(id * 7919 % 1000))});
  return "INSERT INTO orders VALUES " + rows;
}

// Kills a worker after every tenth note or commit, before the next: the source's and the other in turn. It starts again a second later.
constexpr Duration kBetween = 37 * kMillisecond;
struct Killer {
  ConnectLab& lab;
  std::size_t seen = 0;
  int commits = 0, kills = 0;
  Time due = kNever, back = kNever;
  std::string down;

  static bool is_commit(const Fact& fact, const ConnectLab& lab) {
    const auto* offset = fact.body.as<OffsetCommitted>();
    return fact.body.is<SourceNoted>() || (offset && lab.name(offset->group).rfind("connect-", 0) == 0);
  }
  void run_until(Time end) {
    while (next_event_time(lab.world) <= end) {
      lab.take();
      lab.now = lab.world.now();
      if (lab.now >= back) {
        lab.act(Start{down});
        back = kNever;
      }
      for (; seen < lab.facts.size(); ++seen) {
        if (is_commit(lab.facts[seen], lab) && ++commits % 10 == 0 && back == kNever && due == kNever) due = lab.now + kBetween;
      }
      if (lab.now < due) continue;
      const bool first = lab.worker(1).task({"shop-source", 0}) != nullptr;
      down = (kills++ % 2 == 0) == first ? "W1" : "W2";
      back = lab.now + kSecond;
      due = kNever;
      lab.act(Crash{down});
    }
    lab.now = end;
  }
};

struct Copied {
  std::int64_t id = 0, offset = 0;
};

}  // namespace

TEST_CASE("10,000 rows from table to table, a worker killed at every tenth commit: upsert is equal, insert has some twice") {
  ConnectLab lab(2, {{"scheduled.rebalance.max.delay.ms", "1000"},
                     {"offset.flush.interval.ms", "100"},
                     {"session.timeout.ms", "6000"},
                     {"heartbeat.interval.ms", "1000"},
                     {"consumer.session.timeout.ms", "6000"},
                     {"consumer.max.poll.records", "10"}});
  lab.create_orders();
  lab.sql(many_orders());
  lab.call(R"(PUT /connectors/shop-source/config {"connector.class": "JdbcSource", "connection.url": "shop", "mode": "incrementing",
    "incrementing.column.name": "id", "batch.max.rows": "10", "poll.interval.ms": "1000"})");
  lab.call(sink_call(kUpsert));
  // Each row says where in the topic it stood.
  lab.call(R"(PUT /connectors/all-sink/config {"connector.class": "JdbcSink", "connection.url": "copy", "topics": "orders",
    "auto.create": "true", "table.name.format": "everything", "transforms": "where", "transforms.where.type": "InsertField$Value",
    "transforms.where.offset.field": "stood_at"})", "W2");
  Killer killer{lab};
  killer.run_until(lab.now + 2000 * kSecond);
  CAPTURE(lab.refusals());
  CAPTURE(killer.kills);
  CHECK(killer.kills >= 8);

  // Upsert: the same rows.
  const auto& copies = lab.store(1).contents.is->database.tables;
  std::map<std::int64_t, std::string> from, to;
  for (const connect::Row& row : lab.store(0).contents.is->database.tables.at("orders").rows()) from[*row[0].whole()] = *row[1].text();
  for (const connect::Row& row : copies.at("orders").rows()) to[*row[0].whole()] = *row[1].text();
  CHECK(from.size() == kOrderRows);
  CHECK(copies.at("orders").size() == kOrderRows);
  CHECK(from == to);

  // The topic: the source goes on after the place that it noted last, or after the one before if that note died with the worker (C9).
  std::vector<std::int64_t> ids;
  for (const std::string& each : lab.texts("orders")) ids.push_back(order_in(each));
  std::set<std::int64_t> notes = {0};
  for (const Fact& each : lab.facts)
    if (const auto* f = each.body.as<SourceNoted>()) notes.insert(std::stoll(lab.name(f->place).substr(16)));
  int again = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::int64_t before = i == 0 ? 0 : ids[i - 1];
    if (ids[i] == before + 1) continue;
    ++again;
    CHECK_MESSAGE(ids[i] <= before, "a row is missing before " << ids[i]);
    CHECK_MESSAGE(notes.count(ids[i] - 1) == 1, "nobody had noted " << ids[i] - 1);
    CHECK(before - ids[i] < 600);  // two tenths of a second and what was under way, in batches of 10
  }
  CHECK(again > 0);
  CHECK(ids.back() == kOrderRows);

  // Inserted: each record of the topic, and again only what follows an offset that the group had committed (C12).
  std::set<std::int64_t> commits = {0};
  for (const Fact& each : lab.facts)
    if (const auto* f = each.body.as<OffsetCommitted>(); f && lab.name(f->group) == "connect-all-sink")
      commits.insert(f->offset);
  std::vector<Copied> all;
  for (const connect::Row& row : copies.at("everything").rows()) all.push_back({*row[0].whole(), *row[2].whole()});
  int redelivered = 0;
  std::int64_t furthest = -1;
  for (std::size_t i = 0; i < all.size(); ++i) {
    REQUIRE(all[i].offset < static_cast<std::int64_t>(ids.size()));
    CHECK(all[i].id == ids[static_cast<std::size_t>(all[i].offset)]);
    furthest = std::max(furthest, all[i].offset);
    if (all[i].offset == (i == 0 ? 0 : all[i - 1].offset + 1)) continue;
    ++redelivered;
    CHECK_MESSAGE(all[i].offset <= all[i - 1].offset, "a record is missing before offset " << all[i].offset);
    CHECK_MESSAGE(commits.count(all[i].offset) == 1, "nobody had committed " << all[i].offset);
  }
  CHECK(redelivered > 0);
  CHECK(furthest + 1 == static_cast<std::int64_t>(ids.size()));
}

TEST_CASE("lines of a file to another file, the worker killed in between: those since the last note come twice (C9, C18, C19)") {
  for (const bool crash : {true, false}) {
    CAPTURE(crash);
    ConnectLab lab(1, {{"scheduled.rebalance.max.delay.ms", "0"}, {"value.converter", "StringConverter"}});
    lab.call(R"(PUT /connectors/lines/config {"connector.class": "FileStreamSource", "file": "shop/in.txt", "topic": "lines"})");
    lab.call(R"(PUT /connectors/copy/config {"connector.class": "FileStreamSink", "file": "copy/out.txt", "topics": "lines"})");
    lab.run_for(10 * kSecond);
    const Time began = lab.when("lines-0", "RUNNING", 0);
    REQUIRE(began > 0);
    for (int line = 1; line <= 9; ++line) {
      lab.run_until(began + (10 * line - 5) * kSecond);
      lab.act(WriteFile{"shop", "in.txt", "l" + std::to_string(line) + " 345678\n"});
      if (line != 8) continue;
      lab.run_until(began + 80 * kSecond);
      if (crash) lab.act(Crash{"W1"});
      else lab.act(Stop{"W1"});
      lab.run_until(began + 84 * kSecond);
      lab.act(Start{"W1"});
    }
    lab.run_for(120 * kSecond);
    std::string seen;
    for (const std::string& each : lab.texts("lines")) seen += each.substr(0, 2) + " ";
    CHECK(seen == (crash ? "l1 l2 l3 l4 l5 l6 l7 l8 l7 l8 l9 " : "l1 l2 l3 l4 l5 l6 l7 l8 l9 "));
    std::vector<std::string> places;
    for (const Fact& each : lab.facts)
      if (const auto* f = each.body.as<SourceNoted>()) places.push_back(lab.name(f->place));
    REQUIRE(places.size() >= 2);
    CHECK(places[0] == "{\"position\":60}");
    CHECK(places[1] == (crash ? "{\"position\":90}" : "{\"position\":80}"));
    const std::string& out = lab.store(1).contents.is->files.at("out.txt");
    for (int line = 1; line <= 9; ++line) CHECK(out.find("l" + std::to_string(line) + " 345678\n") != std::string::npos);
  }
}

TEST_CASE("the partitions of a dead task's consumer stay its own until its session ends, though the task runs again before (C12)") {
  ConnectLab lab(1, {{"scheduled.rebalance.max.delay.ms", "0"}, {"value.converter", "StringConverter"}});
  lab.call(R"(PUT /connectors/lines/config {"connector.class": "FileStreamSource", "file": "shop/in.txt", "topic": "lines"})");
  lab.call(R"(PUT /connectors/copy/config {"connector.class": "FileStreamSink", "file": "copy/out.txt", "topics": "lines"})");
  lab.run_for(20 * kSecond);
  lab.act(WriteFile{"shop", "in.txt", "one\ntwo\n"});
  lab.run_for(20 * kSecond);
  const auto out = [&] { return lab.store(1).contents.is->files.at("out.txt"); };
  REQUIRE(out() == "one\ntwo\n");
  const Time killed = lab.now;
  lab.act(Crash{"W1"});
  lab.run_for(kSecond);
  lab.act(Start{"W1"});
  lab.run_until(killed + 40 * kSecond);
  CHECK(lab.states("copy-0").back() == "W1 RUNNING");
  CHECK(lab.when("copy-0", "RUNNING", 1) < killed + 30 * kSecond);
  CHECK(out() == "one\ntwo\n");
  // consumer.session.timeout.ms is 45 s, from its last heartbeat on; nothing had been committed, so all of it comes again, and what
  // the source had not noted besides.
  lab.run_until(killed + 60 * kSecond);
  CHECK(out() == "one\ntwo\none\ntwo\none\ntwo\n");
}

TEST_CASE("a source that fails has noted what went before, and begins there again (C15)") {
  ConnectLab lab(1);
  lab.act(WriteFile{"shop", "in.txt", "1\n2\nthree\n4\n"});
  lab.call(R"(PUT /connectors/lines/config {"connector.class": "FileStreamSource", "file": "shop/in.txt", "topic": "numbers",
    "value.converter": "StringConverter", "transforms": "c", "transforms.c.type": "Cast$Value", "transforms.c.spec": "int32"})");
  lab.run_for(20 * kSecond);
  CHECK(lab.states("lines-0").back() == "W1 FAILED");
  CHECK(lab.refusals().find("three") != std::string::npos);
  lab.call("POST /connectors/lines/restart?includeTasks=true&onlyFailed=true");
  lab.run_for(20 * kSecond);
  CHECK(lab.states("lines-0").back() == "W1 FAILED");
  CHECK(lab.texts("numbers") == std::vector<std::string>{"1", "2"});
  CHECK(lab.count<SourceNoted>() == 1);
}

TEST_CASE("a batch that is put again and again, for longer than max.poll.interval.ms: its consumer polls meanwhile (C13)") {
  ConnectLab lab(1);
  lab.create_orders();
  lab.sql("CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, item TEXT); INSERT INTO orders VALUES (2, 'in the way')", "copy");
  lab.call(kSourceCall);
  lab.call(sink_call(R"(, "pk.mode": "record_value", "pk.fields": "id", "max.retries": "100000")"));
  lab.run_for(20 * kSecond);
  lab.orders(1, 3);
  lab.run_for(20 * kSecond);
  const Time began = lab.now;
  lab.run_for(400 * kSecond);  // max.poll.interval.ms is 300 s
  CHECK(lab.states("copy-sink-0").back() == "W1 RUNNING");
  CHECK(lab.ids(1) == std::vector<std::int64_t>{2});
  lab.sql("DELETE FROM orders WHERE id = 2", "copy");
  lab.run_for(10 * kSecond);
  CHECK(lab.ids(1) == up_to(3));
  int rebalances = 0;
  for (const Fact& each : lab.facts)
    if (const auto* f = each.body.as<GroupStable>(); f && lab.name(f->group) == "connect-copy-sink")
      rebalances += each.at > began;
  CHECK(rebalances == 0);
}

TEST_CASE("C23: after a crash an insert that is delivered again breaks the key, is tried ten times, and fails the task") {
  ConnectLab lab(1, {{"scheduled.rebalance.max.delay.ms", "0"}, {"consumer.session.timeout.ms", "6000"}});
  lab.copy_orders(5, R"(, "pk.mode": "record_value", "pk.fields": "id")");
  lab.run_for(20 * kSecond);
  REQUIRE(lab.ids(1) == up_to(5));
  const Time killed = lab.now;
  lab.act(Crash{"W1"});
  lab.run_for(2 * kSecond);
  lab.act(Start{"W1"});
  lab.run_until(killed + 60 * kSecond);
  CHECK(lab.states("copy-sink-0").back() == "W1 FAILED");
  CHECK(lab.refusals().find("UNIQUE constraint failed: orders.id") != std::string::npos);
  CHECK(lab.when("copy-sink-0", "FAILED", 0) >= lab.when("copy-sink-0", "RUNNING", 1) + 10 * 100 * kMillisecond);
  CHECK(lab.ids(1) == up_to(5));
}

}  // namespace nutshell

// Connect workers on the simulated cluster. What is expected is counted by hand from the rules C1-C23 (sim/connect/RULES.md).
#include <doctest/doctest.h>

#include <utility>

#include "sim/cluster/describe.h"
#include "sim/workers/sql.h"
#include "tests/workers/connect_lab.h"

namespace nutshell {

TEST_CASE("SQL: statements are carried out or refused as a whole, with a sentence that says what to write") {
  connect::Database database;
  std::string why;
  REQUIRE(run_sql("CREATE TABLE t (id INTEGER NOT NULL, s TEXT, PRIMARY KEY (id)); INSERT INTO t VALUES (1, 'it''s'), (-2, NULL)",
                  &database, why));
  CHECK(database.tables.at("t").size() == 2);
  CHECK(database.tables.at("t").rows()[0][1] == connect::Value(std::string("it's")));
  REQUIRE(run_sql("UPDATE t SET s = 'b' WHERE id = -2; delete from t where id = 1", &database, why));
  CHECK(database.tables.at("t").rows() == std::vector<connect::Row>{{connect::Value(std::int64_t{-2}), connect::Value(std::string("b"))}});
  for (const char* wrong : {"INSERT INTO t VALUES (3, 'c'), (3, 'd')", "INSERT INTO u VALUES (1)", "INSERT INTO t VALUES (1)",
                            "DELETE FROM t WHERE x = 1", "DROP TABLE t", "INSERT INTO t VALUES (1, 'open", "CREATE TABLE t (a INT)",
                            "INSERT INTO t VALUES (9, 'x'); nonsense", "INSERT INTO t VALUES (9, X'0')", "INSERT OR t VALUES (9, 'x')",
                            "UPDATE t SET s = 'z' WHERE id = 1 AND x = 2", "CREATE TABLE z (a INT, PRIMARY KEY (b))"}) {
    const connect::Database before = database;
    why.clear();
    CHECK_FALSE(run_sql(wrong, &database, why));
    CHECK(why.size() > 10);
    CHECK(database == before);
  }
}

TEST_CASE("a table goes to a topic and on to a table: connector, task configs, commit record, tasks, rows (C1, C2, C12, C20, C22)") {
  ConnectLab lab(2);
  lab.create_orders();
  lab.orders(1, 3);
  lab.call(kSourceCall);
  lab.call(sink_call(kUpsert), "W2");
  lab.run_for(30 * kSecond);
  CAPTURE(lab.refusals());
  CHECK(lab.ids(1) == up_to(3));
  lab.orders(4, 5);
  lab.run_for(10 * kSecond);
  CHECK(lab.ids(1) == up_to(5));
  CHECK(lab.texts("orders").size() == 5);
  // Only the leader has written the config topic, though the other was called, and runs connectors (C1).
  CHECK(lab.worker(1).leader == lab.worker(1).node);
  CHECK_FALSE(lab.worker(2).config_writer.producer.running);
  // Both connectors and both tasks run, a half each; the tasks came with a later rebalance than the connectors.
  CHECK(lab.worker(1).has.size() == 2);
  CHECK(lab.worker(2).has.size() == 2);
  CHECK(lab.when("shop-source", "RUNNING", 0) < lab.when("shop-source-0", "RUNNING", 0));
  const std::vector<std::string> configs = lab.texts("connect-cluster-configs");
  CHECK(std::count(configs.begin(), configs.end(), "{\"tasks\":1}") == 2);
  CHECK(lab.texts("connect-cluster-status").size() >= 4);
}

TEST_CASE("a call that is wrong is refused by the leader, and the worker that was asked says so") {
  ConnectLab lab(2);
  lab.call("PUT /connectors/nobody/pause");
  lab.call("PUT /connectors/nobody/pause", "W2");
  lab.run_for(5 * kSecond);
  CHECK(lab.count<ConnectRefused>() == 2);
  CHECK(lab.refusals() == "there is no connector nobody\nthere is no connector nobody\n");
}

TEST_CASE("a worker dies, and for five minutes nobody moves (C4, C6, C7)") {
  ConnectLab lab(2);
  lab.copy_orders(3);
  lab.run_for(60 * kSecond);
  REQUIRE(lab.worker(2).has.size() == 2);
  REQUIRE(lab.worker(1).leader == lab.worker(1).node);
  const connect::Units lost = lab.worker(2).has;
  const Time killed = lab.now;
  lab.act(Crash{"W2"});
  lab.run_until(killed + 9 * kSecond);
  CHECK(lab.worker(1).shown.waiting == 0);
  lab.run_until(killed + 20 * kSecond);
  // 10 s: the session is over, and two units wait.
  CHECK(lab.worker(1).shown.waiting == 2);
  CHECK(lab.worker(1).has.size() == 2);
  const Time until = lab.worker(1).delay_until;
  CHECK(until >= killed + 307 * kSecond);
  CHECK(until <= killed + 313 * kSecond);
  const std::string task = connect::text_of(*lost.tasks.begin());
  const std::string said = lab.states(task).back();
  CHECK(said == "W2 RUNNING");  // nobody says otherwise
  lab.orders(4, 6);
  // A rebalance in between keeps the deadline: the worker comes back, and gets nothing yet.
  lab.run_until(killed + 200 * kSecond);
  lab.act(Start{"W2"});
  lab.run_until(killed + 290 * kSecond);
  CHECK(lab.worker(2).has.empty());
  CHECK(std::abs(lab.worker(1).delay_until - until) < kSecond);
  lab.run_until(killed + 330 * kSecond);
  CHECK(lab.worker(2).has == lost);
  CHECK(lab.worker(1).shown.waiting == 0);
  CHECK(lab.states(task).back() == "W2 RUNNING");
  CHECK(lab.when(task, "RUNNING", 1) >= until);
  CHECK(lab.when(task, "RUNNING", 1) <= until + 10 * kSecond);
  lab.run_for(20 * kSecond);
  CHECK(lab.ids(1) == up_to(6));
}

TEST_CASE("the leader dies: the next one remembers nothing, and takes what is missing for new (C5, C6)") {
  ConnectLab lab(2);
  lab.copy_orders(3);
  lab.run_for(60 * kSecond);
  const std::size_t leader = lab.worker(1).leader == lab.worker(1).node ? 1 : 2, other = 3 - leader;
  REQUIRE(lab.worker(leader).has.size() == 2);
  lab.act(Crash{"W" + std::to_string(leader)});
  lab.run_for(30 * kSecond);
  CHECK(lab.worker(other).has.size() == 4);
  CHECK(lab.worker(other).shown.waiting == 0);
  lab.orders(4, 5);
  lab.run_for(60 * kSecond);
  CHECK(lab.ids(1) == up_to(5));
}

TEST_CASE("a consumer and a worker are not of one group: the coordinator refuses who comes with another protocol type") {
  Setup setup = ConnectLab::setup(1, {});
  TopicSpec topic;
  topic.name = "orders";
  topic.partitions = 1;
  setup.topics.push_back(topic);
  ConsumerSetup stranger;
  stranger.name = "stranger";
  stranger.group = "connect-cluster";
  stranger.topics = {"orders"};
  stranger.start = 15 * kSecond;
  setup.consumers.push_back(stranger);
  ConnectLab lab(setup);
  lab.run_until(30 * kSecond);
  CHECK(lab.count<ConsumerFailed>() == 1);
  CHECK(lab.world.consumers[0].fatal == ErrorCode::inconsistent_group_protocol);
  CHECK(lab.worker(1).leader == lab.worker(1).node);
}

TEST_CASE("an orderly stop says UNASSIGNED, and the wait begins at once; without delay others take over (C4, C6)") {
  for (const bool waits : {true, false}) {
    CAPTURE(waits);
    ConnectLab lab(2, {{"scheduled.rebalance.max.delay.ms", waits ? "60000" : "0"}});
    lab.copy_orders(3);
    lab.run_for(30 * kSecond);
    REQUIRE(lab.worker(2).has.tasks.size() == 1);
    const std::string task = connect::text_of(*lab.worker(2).has.tasks.begin());
    const Time stopped = lab.now;
    lab.act(Stop{"W2"});
    lab.run_for(6 * kSecond);
    std::vector<std::string> states = lab.states(task);
    states.resize(2);
    CHECK(states == std::vector<std::string>{"W2 RUNNING", "W2 UNASSIGNED"});
    if (waits) {
      CHECK(lab.worker(1).has.size() == 2);
      CHECK(lab.worker(1).delay_until >= stopped + 59 * kSecond);
      CHECK(lab.worker(1).delay_until <= stopped + 64 * kSecond);
      lab.run_for(62 * kSecond);
    }
    lab.run_for(6 * kSecond);
    CHECK(lab.worker(1).has.size() == 4);
  }
}

TEST_CASE("a crash between two notes: rows since the last one are sent again, an orderly stop repeats none (C8, C9)") {
  for (const bool crash : {true, false}) {
    CAPTURE(crash);
    ConnectLab lab(1, {{"scheduled.rebalance.max.delay.ms", "0"}});
    lab.create_orders();
    lab.call(kSourceCall);
    lab.run_for(10 * kSecond);
    const Time began = lab.when("shop-source-0", "RUNNING", 0);
    REQUIRE(began > 0);
    lab.orders(1, 6);
    lab.run_until(began + 62 * kSecond);  // one flush, after 60 s
    CHECK(lab.count<SourceNoted>() == 1);
    lab.orders(7, 8);
    lab.run_until(began + 80 * kSecond);
    CHECK(lab.texts("orders").size() == 8);
    if (crash) lab.act(Crash{"W1"});
    else lab.act(Stop{"W1"});
    lab.run_for(20 * kSecond);
    lab.act(Start{"W1"});
    lab.run_for(30 * kSecond);
    lab.orders(9, 9);
    lab.run_for(20 * kSecond);
    std::vector<std::string> seen;
    for (const std::string& each : lab.texts("orders")) {
      const std::size_t at = each.find("\"id\":");
      seen.push_back(at == std::string::npos ? each : each.substr(at + 5, 1));
    }
    const std::vector<std::string> twice = {"1", "2", "3", "4", "5", "6", "7", "8", "7", "8", "9"};
    const std::vector<std::string> once = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    CHECK(seen == (crash ? twice : once));
  }
}

TEST_CASE("a poison record: with tolerance it goes to the dead letters with its headers, without it the task fails (C3, C16, C17)") {
  for (const bool tolerant : {true, false}) {
    CAPTURE(tolerant);
    Setup setup = ConnectLab::setup(1, {});
    ProducerSetup by_hand;
    by_hand.name = "hand";
    by_hand.topic = "orders";
    TopicSpec topic;
    topic.name = "orders";
    topic.partitions = 1;
    setup.topics.push_back(topic);
    setup.producers.push_back(by_hand);
    ConnectLab lab(setup);
    lab.call(R"(PUT /connectors/lines/config {"connector.class": "FileStreamSink", "file": "copy/out.txt", "topics": "orders",
      "value.converter": "JsonConverter", "value.converter.schemas.enable": "false", "key.converter": "StringConverter")" +
             std::string(tolerant ? R"(, "errors.tolerance": "all")" : "") +
             R"(, "errors.deadletterqueue.topic.name": "dead", "errors.deadletterqueue.topic.replication.factor": "1",
      "errors.deadletterqueue.context.headers.enable": "true"})");
    lab.run_for(15 * kSecond);
    for (const char* value : {"1", "{broken", "3"}) {
      lab.act(Send{"hand", "", value, -1, 1});
      lab.run_for(3 * kSecond);
    }
    lab.run_for(5 * kSecond);
    CAPTURE(lab.refusals());
    const auto& files = lab.store(1).contents.is->files;
    CHECK((files.count("out.txt") ? files.at("out.txt") : "") == (tolerant ? "1\n3\n" : "1\n"));
    const std::vector<std::string> dead = lab.texts("dead");
    REQUIRE(dead.size() == 1);
    CHECK(dead[0].rfind("{broken\\h", 0) == 0);
    CHECK(dead[0].find("__connect.errors.topic=orders") != std::string::npos);
    CHECK(dead[0].find("__connect.errors.stage=VALUE_CONVERTER") != std::string::npos);
    CHECK(dead[0].find("__connect.errors.offset=1\\h") != std::string::npos);
    CHECK(lab.states("lines-0").back() == (tolerant ? "W1 RUNNING" : "W1 FAILED"));
    if (tolerant) continue;
    // Poison: a restart meets it again, and no rebalance has helped.
    lab.call("POST /connectors/lines/restart?includeTasks=true&onlyFailed=true");
    lab.run_for(20 * kSecond);
    CHECK(lab.states("lines-0").back() == "W1 FAILED");
    CHECK(lab.states("lines-0").size() >= 5);
    CHECK(lab.texts("dead").size() == 2);
  }
}

namespace {

// A topic "orders", and one who writes to it by hand; a sink that writes its lines to a file.
Setup by_hand(std::map<std::string, std::string> keys = {}) {
  Setup setup = ConnectLab::setup(1, std::move(keys));
  TopicSpec topic;
  topic.name = "orders";
  topic.partitions = 1;
  topic.replication_factor = 1;
  topic.assignment = {{1}};
  setup.topics.push_back(topic);
  ProducerSetup hand;
  hand.name = "hand";
  hand.topic = "orders";
  setup.producers.push_back(hand);
  return setup;
}

std::string lines_call(const std::string& more) {
  return R"(PUT /connectors/lines/config {"connector.class": "FileStreamSink", "file": "copy/out.txt", "topics": "orders",
    "value.converter": "JsonConverter", "value.converter.schemas.enable": "false", "key.converter": "StringConverter")" + more + "}";
}

std::string lines(const ConnectLab& lab) {
  const auto& files = lab.store(1).contents.is->files;
  return files.count("out.txt") ? files.at("out.txt") : "";
}

std::string committed(const ConnectLab& lab) {
  return describe_value(lab.world, "groups/connect-lines/orders/0/CURRENT-OFFSET").value_or("none");
}

}  // namespace

TEST_CASE("a poll in which one record is poison is put not at all, unless that is tolerated (C17)") {
  for (const bool tolerant : {true, false}) {
    CAPTURE(tolerant);
    ConnectLab lab(by_hand());
    for (const char* value : {"1", "{broken", "3"}) lab.act(Send{"hand", "", value, -1, 1});
    lab.run_for(5 * kSecond);
    lab.call(lines_call(tolerant ? R"(, "errors.tolerance": "all")" : ""));
    lab.run_for(20 * kSecond);
    CHECK(lines(lab) == (tolerant ? "1\n3\n" : ""));
    CHECK(lab.states("lines-0").back() == (tolerant ? "W1 RUNNING" : "W1 FAILED"));
  }
}

// "dead" wants two copies, and one of its brokers is away.
TEST_CASE("what was skipped is not committed, and nothing more is read, before its dead letter is written (C16)") {
  Setup setup = by_hand({{"offset.flush.interval.ms", "2000"}});
  TopicSpec dead;
  dead.name = "dead";
  dead.replication_factor = 2;
  dead.assignment = {{2, 3}};
  dead.config.min_insync_replicas = 2;
  setup.topics.push_back(dead);
  ConnectLab lab(setup);
  lab.call(lines_call(R"(, "errors.tolerance": "all", "errors.deadletterqueue.topic.name": "dead")"));
  lab.run_for(15 * kSecond);
  lab.act(Crash{"broker 3"});
  lab.run_for(15 * kSecond);
  for (const char* value : {"1", "{broken", "3"}) {
    lab.act(Send{"hand", "", value, -1, 1});
    lab.run_for(5 * kSecond);
  }
  CHECK(lines(lab) == "1\n");
  CHECK(committed(lab) == "1");
  CHECK(lab.texts("dead").empty());
  lab.act(Start{"broker 3"});
  lab.run_for(30 * kSecond);
  CHECK(lines(lab) == "1\n3\n");
  CHECK(committed(lab) == "3");
  CHECK(lab.texts("dead").size() == 1);
}

TEST_CASE("what a sink has put is committed before its partitions are given up, so that none of it is put again (C12)") {
  ConnectLab lab(by_hand());
  lab.call(lines_call(R"(, "consumer.override.metadata.max.age.ms": "5000")"));
  lab.run_for(10 * kSecond);
  for (const char* value : {"1", "2", "3"}) lab.act(Send{"hand", "", value, -1, 1});
  lab.run_for(3 * kSecond);
  REQUIRE(lines(lab) == "1\n2\n3\n");
  REQUIRE(committed(lab) == "-");  // that is due every minute
  const std::int64_t before = lab.count<RebalanceStarted>();
  lab.act(AddPartitions{"orders", 2});
  lab.run_for(15 * kSecond);
  REQUIRE(lab.count<RebalanceStarted>() > before);
  CHECK(committed(lab) == "3");
  CHECK(lines(lab) == "1\n2\n3\n");
}

TEST_CASE("with tolerance a source skips what cannot be sent, and else fails (C15)") {
  for (const bool tolerant : {true, false}) {
    CAPTURE(tolerant);
    ConnectLab lab(1);
    lab.create_orders();
    lab.orders(1, 2);
    std::string source = kSourceCall;
    if (tolerant) source.insert(source.size() - 1, R"(, "errors.tolerance": "all")");
    lab.call(source);
    lab.run_for(20 * kSecond);
    REQUIRE(lab.texts("orders").size() == 2);
    lab.act(SetConfig{"orders", "max.message.bytes", "100"});
    lab.run_for(kSecond);
    lab.orders(3, 3);
    lab.run_for(20 * kSecond);
    CHECK(lab.states("shop-source-0").back() == (tolerant ? "W1 RUNNING" : "W1 FAILED"));
    CHECK(lab.count<ConnectSkipped>() == (tolerant ? 1 : 0));
    lab.act(SetConfig{"orders", "max.message.bytes", "1000000"});
    lab.run_for(kSecond);
    lab.orders(4, 4);
    lab.run_for(20 * kSecond);
    CHECK(lab.texts("orders").size() == (tolerant ? 3 : 2));
    if (tolerant) CHECK(order_in(lab.texts("orders").back()) == 4);
  }
}

TEST_CASE("paused, resumed, stopped, deleted: tasks stay, go on, and go (C3)") {
  ConnectLab lab(1);
  lab.create_orders();
  lab.orders(1, 2);
  lab.call(kSourceCall);
  lab.run_for(20 * kSecond);
  lab.call("PUT /connectors/shop-source/pause");
  lab.run_for(5 * kSecond);
  CHECK(lab.states("shop-source-0").back() == "W1 PAUSED");
  lab.orders(3, 4);
  lab.run_for(20 * kSecond);
  CHECK(lab.texts("orders").size() == 2);
  lab.call("PUT /connectors/shop-source/resume");
  lab.run_for(10 * kSecond);
  CHECK(lab.texts("orders").size() == 4);
  lab.call("PUT /connectors/shop-source/stop");
  lab.run_for(10 * kSecond);
  CHECK(lab.worker(1).tasks.empty());
  CHECK(lab.worker(1).has.connectors.size() == 1);
  lab.orders(5, 5);
  lab.call("PUT /connectors/shop-source/resume");
  lab.run_for(15 * kSecond);
  CHECK(lab.texts("orders").size() == 5);  // none twice: it was stopped in order
  lab.call("DELETE /connectors/shop-source");
  lab.run_for(10 * kSecond);
  CHECK(lab.worker(1).has.empty());
  CHECK(lab.states("shop-source-0").back() == "W1 DESTROYED");
}

TEST_CASE("an answer of the store is lost: a batch that is there already breaks the key in insert mode, and upsert does not mind (C23)") {
  for (const bool upsert : {false, true}) {
    CAPTURE(upsert);
    ConnectLab lab(1);
    lab.copy_orders(2, upsert ? kUpsert : R"(, "insert.mode": "insert", "pk.mode": "record_value", "pk.fields": "id", "max.retries": "2")");
    lab.run_for(20 * kSecond);
    REQUIRE(lab.ids(1) == up_to(2));
    lab.act(LoseResponses{"W1", "copy", false});
    lab.orders(3, 3);
    lab.run_for(60 * kSecond);
    CAPTURE(lab.refusals());
    CHECK(lab.ids(1) == up_to(3));
    CHECK(lab.states("copy-sink-0").back() == (upsert ? "W1 RUNNING" : "W1 FAILED"));
  }
}

TEST_CASE("an eager group stops everything in each rebalance, a cooperative one only what moves (C5)") {
  for (const char* protocol : {"eager", "compatible"}) {
    CAPTURE(protocol);
    ConnectLab lab(2, {{"connect.protocol", protocol}});
    lab.create_orders();
    lab.call(kSourceCall);
    lab.run_for(20 * kSecond);
    const std::size_t before = lab.states("shop-source-0").size();
    lab.call(sink_call(kUpsert));
    lab.run_for(30 * kSecond);
    CHECK(lab.worker(1).has.size() + lab.worker(2).has.size() == 4);
    const bool stopped = lab.states("shop-source-0").size() > before;
    CHECK(stopped == (std::string(protocol) == "eager"));
  }
}

}  // namespace nutshell

// Connect workers on the simulated cluster. What is expected is counted by hand from the rules C1-C23 (sim/connect/RULES.md).
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/workers/sql.h"

namespace nutshell {
namespace {

constexpr const char* kSourceCall =
    R"(PUT /connectors/shop-source/config {"connector.class": "JdbcSource", "connection.url": "shop", "mode": "incrementing",
    "incrementing.column.name": "id", "table.whitelist": "orders", "topic.prefix": ""})";
std::string sink_call(const std::string& more) {
  return R"(PUT /connectors/copy-sink/config {"connector.class": "JdbcSink", "connection.url": "copy", "topics": "orders",
    "auto.create": "true", "retry.backoff.ms": "100")" +
         more + "}";
}
constexpr const char* kUpsert = R"(, "insert.mode": "upsert", "pk.mode": "record_value", "pk.fields": "id")";

struct ConnectLab {
  World world;
  std::vector<Fact> facts;
  Time now = 0;

  ConnectLab(int workers, const std::map<std::string, std::string>& keys = {}) : world(make_world(setup(workers, keys))) {
    run_until(10 * kSecond);
  }
  static Setup setup(int workers, std::map<std::string, std::string> keys) {
    Setup setup;
    setup.config.offsets_topic_num_partitions = 4;
    keys.insert({{"offset.storage.partitions", "2"}, {"status.storage.partitions", "1"}});
    for (int i = 1; i <= workers; ++i) {
      PlainSettings config;
      config.scope = plain_scope<ConnectWorkerKind>();
      for (const auto& [key, value] : keys) CHECK(set_config(config, key, value) == "");
      setup.plain.push_back({"connect_workers", "W" + std::to_string(i), config, (i - 1) * 2 * kSecond});  // W1 leads
    }
    for (const char* name : {"shop", "copy"}) {
      PlainSettings config;
      config.scope = plain_scope<DataStoreKind>();
      setup.plain.push_back({"data_stores", name, config});
    }
    return setup;
  }
  void act(ActionBody body) {
    CAPTURE(now);
    REQUIRE(impossible(world, body) == "");
    apply(world, {std::max(now, world.now()), std::move(body)}, facts);
  }
  void call(const std::string& text, const std::string& whom = "W1") { act(Rest{whom, text}); }
  void sql(const std::string& text, const std::string& where = "shop") { act(Sql{where, text}); }
  void run_until(Time end) {
    now = std::max(now, end);
    while (next_event_time(world) <= now) step(world, facts);
  }
  void run_for(Duration time) { run_until(std::max(now, world.now()) + time); }
  const ConnectWorker& worker(std::size_t i) const { return world.plain.of<ConnectWorker>()[i - 1]; }
  const DataStore& store(std::size_t i) const { return world.plain.of<DataStore>()[i]; }
  void orders(int from, int to) {
    for (int id = from; id <= to; ++id) sql("INSERT INTO orders VALUES (" + std::to_string(id) + ", 'item " + std::to_string(id) + "')");
  }
  void create_orders() { sql("CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, item TEXT)"); }
  // The first cell of each row, in the order in which they were put in.
  std::vector<std::int64_t> ids(std::size_t where, const std::string& table = "orders") const {
    std::vector<std::int64_t> all;
    const auto& tables = store(where).contents.is->database.tables;
    const auto found = tables.find(table);
    if (found != tables.end())
      for (const connect::Row& row : found->second.rows()) all.push_back(*row[0].whole());
    return all;
  }
  // Texts of a topic's records, partition after partition.
  std::vector<std::string> texts(const std::string& topic) const {
    std::vector<std::string> all;
    for (std::int32_t partition = 0;; ++partition) {
      const Replica* leader = nullptr;
      for (const Broker& each : world.brokers)
        if (const Replica* replica = each.replica({world.topic_id(topic), partition}); replica && replica->role == ReplicaRole::leader)
          leader = replica;
      if (!leader) return all;
      for (const Batch& batch : leader->log.batches())
        for_each_record(world.commons.store.records, batch, [&](Offset, const Record& record) {
          all.push_back(record.text < 0 ? "null" : std::string(world.fabric.names[record.text]));
        });
    }
  }
  std::string name(std::int32_t id) const { return id < 0 ? "" : std::string(world.fabric.names[id]); }
  // "W1 RUNNING", in the order in which it was told.
  std::vector<std::string> states(const std::string& unit) const {
    std::vector<std::string> all;
    for (const Fact& each : facts)
      if (const auto* f = std::get_if<ConnectUnit>(&each.body); f && name(f->unit) == unit)
        all.push_back(world.fabric.nodes[static_cast<std::size_t>(f->worker)].name + " " + name(f->state));
    return all;
  }
  Time when(const std::string& unit, const std::string& state, std::size_t nth) const {
    for (const Fact& each : facts)
      if (const auto* f = std::get_if<ConnectUnit>(&each.body); f && name(f->unit) == unit && name(f->state) == state && nth-- == 0)
        return each.at;
    return -1;
  }
  template <class F>
  std::int64_t count() const {
    return std::count_if(facts.begin(), facts.end(), [](const Fact& each) { return std::holds_alternative<F>(each.body); });
  }
  std::string refusals() const {
    std::string all;
    for (const Fact& each : facts) {
      if (const auto* f = std::get_if<ConnectRefused>(&each.body)) all += name(f->why) + "\n";
      if (const auto* f = std::get_if<ConnectUnit>(&each.body); f && f->why >= 0) all += name(f->unit) + ": " + name(f->why) + "\n";
    }
    return all;
  }
};

std::vector<std::int64_t> up_to(std::int64_t last) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 1; i <= last; ++i) all.push_back(i);
  return all;
}

}  // namespace

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
                            "INSERT INTO t VALUES (9, 'x'); nonsense", "CREATE TABLE z (a INT, PRIMARY KEY (b))"}) {
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
  lab.create_orders();
  lab.orders(1, 3);
  lab.call(kSourceCall);
  lab.call(sink_call(kUpsert));
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
  lab.create_orders();
  lab.orders(1, 3);
  lab.call(kSourceCall);
  lab.call(sink_call(kUpsert));
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
  ConnectLab lab(1);
  lab.world = make_world(setup);
  lab.now = 0;
  lab.facts.clear();
  lab.run_until(30 * kSecond);
  CHECK(lab.count<ConsumerFailed>() == 1);
  CHECK(lab.world.consumers[0].fatal == ErrorCode::inconsistent_group_protocol);
  CHECK(lab.worker(1).leader == lab.worker(1).node);
}

TEST_CASE("an orderly stop says UNASSIGNED, and the wait begins at once; without delay others take over (C4, C6)") {
  for (const bool waits : {true, false}) {
    CAPTURE(waits);
    ConnectLab lab(2, {{"scheduled.rebalance.max.delay.ms", waits ? "60000" : "0"}});
    lab.create_orders();
    lab.orders(1, 3);
    lab.call(kSourceCall);
    lab.call(sink_call(kUpsert));
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
    ConnectLab lab(1);
    lab.world = make_world(setup);
    lab.now = 0;
    lab.facts.clear();
    lab.run_until(10 * kSecond);
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
    lab.create_orders();
    lab.orders(1, 2);
    lab.call(kSourceCall);
    lab.call(
        sink_call(upsert ? kUpsert : R"(, "insert.mode": "insert", "pk.mode": "record_value", "pk.fields": "id", "max.retries": "2")"));
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

TEST_CASE("round trip with a worker killed again and again: insert is a superset, upsert is equal (C8, C9, C12, C22)") {
  ConnectLab lab(
      2, {{"scheduled.rebalance.max.delay.ms", "1000"}, {"offset.flush.interval.ms", "3000"}, {"consumer.session.timeout.ms", "6000"}});
  lab.create_orders();
  lab.call(kSourceCall);
  lab.call(sink_call(kUpsert));
  lab.call(R"(PUT /connectors/all-sink/config {"connector.class": "JdbcSink", "connection.url": "copy", "topics": "orders",
    "auto.create": "true", "table.name.format": "everything", "insert.mode": "insert"})", "W2");
  lab.run_for(20 * kSecond);
  int next = 1;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 10; ++i) {
      lab.orders(next, next + 4);
      next += 5;
      lab.run_for(1300 * kMillisecond);
    }
    const std::string victim = round % 2 == 0 ? "W1" : "W2";
    lab.act(Crash{victim});
    lab.run_for(2 * kSecond);
    lab.act(Start{victim});
    lab.run_for(25 * kSecond);
  }
  lab.run_for(60 * kSecond);
  CAPTURE(lab.refusals());
  CHECK(lab.ids(1) == up_to(next - 1));
  // Without a key there are duplicates: what stands in the topic, and what a sink put and had not committed.
  std::map<std::int64_t, int> times;
  for (const std::int64_t id : lab.ids(1, "everything")) times[id] += 1;
  CHECK(times.size() == static_cast<std::size_t>(next - 1));
  CHECK(lab.texts("orders").size() >= static_cast<std::size_t>(next - 1));
  CHECK(lab.ids(1, "everything").size() >= lab.texts("orders").size());
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

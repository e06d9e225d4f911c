// The REST interface: what is no call, and places of a stopped source that are altered by hand (C3). And topics that sources and sinks
// create (C11, C16).
#include <doctest/doctest.h>

#include "sim/cluster/action_parts.h"
#include "sim/workers/rest.h"
#include "tests/workers/connect_lab.h"

namespace nutshell {
namespace {

std::string ids_in_topic(const ConnectLab& lab) {
  std::string all;
  for (const std::string& each : lab.texts("orders")) all += std::to_string(order_in(each));
  return all;
}

std::int64_t partitions_of_topic(const ConnectLab& lab, const std::string& topic) { return partitions_of(lab.world, topic); }

}  // namespace

TEST_CASE("calls: each verb with its path, and a sentence for what is none") {
  using Kind = RestCall::Kind;
  const std::vector<std::pair<std::string, Kind>> kRight = {
      {R"(POST /connectors {"name": "c", "config": {"a": 1}})", Kind::create},
      {R"(PUT /connectors/c/config {"a": true})", Kind::config},
      {"PUT /connectors/c/pause", Kind::pause},
      {"PUT /connectors/c/resume", Kind::resume},
      {"PUT /connectors/c/stop", Kind::stop},
      {"POST /connectors/c/restart?includeTasks=true&onlyFailed=false", Kind::restart},
      {"DELETE /connectors/c", Kind::erase},
      {R"(PATCH /connectors/c/offsets {"offsets": [{"partition": {"table": "t"}, "offset": null}]})", Kind::alter_offsets},
      {"DELETE /connectors/c/offsets", Kind::reset_offsets},
      {"POST /connectors/c/tasks/12/restart", Kind::restart_task},
      {"PUT /connectors/c/topics/reset", Kind::reset_topics},
      {"GET /connectors/c", Kind::info},
      {"GET /connectors/c/config", Kind::properties},
      {"GET /connectors/c/status", Kind::status},
      {"GET /connectors/c/tasks", Kind::task_list},
      {"GET /connectors/c/tasks/0/status", Kind::task_status},
      {"GET /connectors/c/topics", Kind::topics},
      {"GET /connectors/c/offsets", Kind::offsets},
  };
  for (const auto& [text, kind] : kRight) {
    CAPTURE(text);
    std::string problem;
    const auto call = read_rest(text, problem);
    REQUIRE_MESSAGE(call, problem);
    CHECK(call->kind == kind);
    CHECK(call->connector == "c");
  }
  for (const char* text : {"", "GET", "PUT /connectors", "PUT /connectors/", "PUT /connectors//pause", "PUT /connector/c/pause",
                           "DELETE /connectorsc", "PUT /connectors/c/paus", "POST /connectors {}", "POST /connectors {\"name\": \"c\"}",
                           "PUT /connectors/c/config",
                           "PUT /connectors/c/config [1]", "PUT /connectors/c/config {\"a\": [1]}", "PUT /connectors/c/config {broken",
                           "PUT /connectors/c/pause {}", "PUT /connectors/c/pause?now=true", "POST /connectors/c/restart?onlyFailed=yes",
                           "POST /connectors/c/restart?includetasks=true", "GET /connectors/c/tasks/-1/status",
                           "GET /connectors/c/tasks/a/status", "POST /connectors/c/tasks/1/stop", "GET /connectors?expand=all",
                           "GET /connectors/c?expand=status", "GET /", "GET /connectors {}",
                           "PATCH /connectors/c/offsets {\"offsets\": []}",
                           "PATCH /connectors/c/offsets {\"offsets\": [{\"partition\": {\"t\": \"x\"}, \"offset\": {\"p\": \"x\"}}]}"}) {
    CAPTURE(text);
    std::string problem;
    CHECK_FALSE(read_rest(text, problem));
    CHECK(problem.size() > 20);
  }
}

TEST_CASE("offsets are altered and forgotten once the connector is stopped, and it reads from there (KIP-875)") {
  ConnectLab lab(1);
  lab.create_orders();
  lab.orders(1, 3);
  lab.call(kSourceCall);
  lab.run_for(20 * kSecond);
  CHECK(ids_in_topic(lab) == "123");
  const std::string alter = R"(PATCH /connectors/shop-source/offsets
    {"offsets": [{"partition": {"table": "orders"}, "offset": {"incrementing": 1}}]})";
  lab.call(alter);
  lab.run_for(kSecond);
  CHECK(lab.refusals().find("once it is stopped") != std::string::npos);
  lab.call("PUT /connectors/shop-source/stop");
  lab.run_for(10 * kSecond);
  lab.call(alter);
  lab.run_for(5 * kSecond);
  lab.call("PUT /connectors/shop-source/resume");
  lab.run_for(15 * kSecond);
  CHECK(ids_in_topic(lab) == "12323");
  lab.call("PUT /connectors/shop-source/stop");
  lab.run_for(10 * kSecond);
  lab.call("DELETE /connectors/shop-source/offsets");
  lab.run_for(5 * kSecond);
  lab.call("PUT /connectors/shop-source/resume");
  lab.run_for(15 * kSecond);
  CHECK(ids_in_topic(lab) == "12323123");
  lab.call(R"(POST /connectors {"name": "shop-source",
    "config": {"connector.class": "FileStreamSource", "file": "shop/a", "topic": "t"}})");
  lab.run_for(5 * kSecond);
  CHECK(lab.refusals().find("a connector shop-source already") != std::string::npos);
}

TEST_CASE("calls that only read are answered in Connect's JSON, by what the worker has read of its topics (C1, C3)") {
  ConnectLab lab(1, {{"offset.flush.interval.ms", "5000"}});
  lab.copy_orders(3);
  lab.run_for(30 * kSecond);
  const std::string source = R"({"name":"shop-source","connector":{"state":"RUNNING","worker_id":"W1"},)"
                             R"("tasks":[{"id":0,"state":"RUNNING","worker_id":"W1"}],"type":"source"})";
  CHECK(lab.ask("GET /connectors") == R"(["copy-sink","shop-source"])");
  CHECK(lab.ask("GET /connectors/shop-source/status") == source);
  CHECK(lab.ask("GET /connectors/copy-sink/tasks/0/status") == R"({"id":0,"state":"RUNNING","worker_id":"W1"})");
  CHECK(lab.ask("GET /connectors?expand=status").find("\"shop-source\":{\"status\":" + source + "}") != std::string::npos);
  const std::string config = R"({"connection.url":"shop","connector.class":"JdbcSource","incrementing.column.name":"id",)"
                             R"("mode":"incrementing","name":"shop-source","table.whitelist":"orders","topic.prefix":""})";
  CHECK(lab.ask("GET /connectors/shop-source/config") == config);
  CHECK(lab.ask("GET /connectors/shop-source") == R"({"name":"shop-source","config":)" + config +
                                                      R"(,"tasks":[{"connector":"shop-source","task":0}],"type":"source"})");
  const std::string tasks = lab.ask("GET /connectors/shop-source/tasks");
  CHECK(tasks.rfind(R"([{"id":{"connector":"shop-source","task":0},"config":{)", 0) == 0);
  CHECK(tasks.find(R"("tables":"orders")") != std::string::npos);
  CHECK(lab.ask("GET /connectors/shop-source/offsets") == R"({"offsets":[{"partition":{"table":"orders"},"offset":{"incrementing":3}}]})");
  CHECK(lab.ask("GET /connectors/copy-sink/offsets") ==
        R"({"offsets":[{"partition":{"kafka_topic":"orders","kafka_partition":0},"offset":{"kafka_offset":3}}]})");
  CHECK(lab.ask("GET /connectors/copy-sink/topics") == R"({"copy-sink":{"topics":["orders"]}})");
  CHECK(lab.ask("GET /connector-plugins").find(R"({"class":"io.confluent.connect.jdbc.JdbcSinkConnector","type":"sink")") !=
        std::string::npos);
  CHECK(lab.ask("GET /connectors/nobody/status") == "");
  CHECK(lab.ask("GET /connectors/nobody/offsets") == "");
  CHECK(lab.ask("GET /connectors/copy-sink/tasks/7/status") == "");
  CHECK(lab.count<ConnectRefused>() == 3);
}

TEST_CASE("topics that a connector has used are forgotten when that is asked for, and when it is deleted (KIP-558)") {
  ConnectLab lab(2);
  lab.copy_orders(2);
  lab.run_for(30 * kSecond);
  lab.call("PUT /connectors/shop-source/topics/reset", "W2");
  lab.run_for(kSecond);
  CHECK(lab.ask("GET /connectors/shop-source/topics") == R"({"shop-source":{"topics":[]}})");
  lab.orders(3, 3);
  lab.run_for(10 * kSecond);
  CHECK(lab.ask("GET /connectors/shop-source/topics", "W2") == R"({"shop-source":{"topics":["orders"]}})");
  lab.call("DELETE /connectors/shop-source");
  lab.run_for(10 * kSecond);
  CHECK(lab.ask("GET /connectors") == R"(["copy-sink"])");
  lab.call(kSourceCall);
  lab.run_for(kSecond);
  CHECK(lab.ask("GET /connectors/shop-source/topics") == R"({"shop-source":{"topics":[]}})");
}

TEST_CASE("of a dead worker the status topic says RUNNING, and so does every worker that is asked (C4)") {
  ConnectLab lab(2);
  lab.copy_orders(3);
  lab.run_for(60 * kSecond);
  REQUIRE(lab.worker(2).has.tasks.size() == 1);
  const connect::TaskId lost = *lab.worker(2).has.tasks.begin();
  const std::string path = "/connectors/" + lost.connector + "/tasks/0";
  lab.act(Crash{"W2"});
  lab.run_for(30 * kSecond);
  CHECK(lab.ask("GET " + path + "/status") == R"({"id":0,"state":"RUNNING","worker_id":"W2"})");
  // Nobody has it, so nobody can restart it.
  lab.call("POST " + path + "/restart");
  lab.run_for(5 * kSecond);
  CHECK(lab.refusals().find(connect::text_of(lost) + " has no worker now") != std::string::npos);
  // A connector that is deleted meanwhile has no state any more, although its worker never says so.
  lab.call("DELETE /connectors/" + lost.connector);
  lab.run_for(10 * kSecond);
  CHECK(lab.ask("GET " + path + "/status") == "");
}

TEST_CASE("one task is restarted by the worker that has it, whoever is asked; the others go on (C3)") {
  ConnectLab lab(2);
  lab.sql("CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, v TEXT); CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY, v TEXT)");
  lab.sql("INSERT INTO a VALUES (1, '1'); INSERT INTO b VALUES (1, 'pear')");
  lab.call(R"(PUT /connectors/numbers/config {"connector.class": "JdbcSource", "connection.url": "shop", "mode": "incrementing",
    "incrementing.column.name": "id", "tasks.max": "2", "transforms": "c", "transforms.c.type": "Cast$Value",
    "transforms.c.spec": "v:int32"})");
  lab.run_for(30 * kSecond);
  const auto failures = [&] {
    const auto states = lab.states("numbers-1");
    return std::count_if(states.begin(), states.end(), [](const std::string& each) { return each.find("FAILED") != std::string::npos; });
  };
  REQUIRE(failures() == 1);
  const std::string status = lab.ask("GET /connectors/numbers/tasks/1/status");
  CHECK(status.find(R"("state":"FAILED")") != std::string::npos);
  CHECK(status.find(R"("trace":"DataException: )") != std::string::npos);
  int nth = 1;
  for (const char* whom : {"W1", "W2"}) {
    lab.call("POST /connectors/numbers/tasks/1/restart", whom);
    lab.run_for(20 * kSecond);
    CHECK(failures() == ++nth);  // the row is still there
  }
  CHECK(lab.states("numbers-0").size() == 1);
  lab.sql("UPDATE b SET v = '2' WHERE id = 1");
  lab.call("POST /connectors/numbers/tasks/1/restart", "W2");
  lab.run_for(20 * kSecond);
  CHECK(lab.states("numbers-1").back().find("RUNNING") != std::string::npos);
  CHECK(lab.texts("b").size() == 1);
  lab.call("POST /connectors/numbers/tasks/2/restart", "W2");
  lab.run_for(5 * kSecond);
  CHECK(lab.refusals().find("there is no task numbers-2; numbers has 2, counted from 0") != std::string::npos);
}

TEST_CASE("topics.regex: a sink reads what matches, also topics that come later, once metadata tells of them (C12)") {
  ConnectLab lab(1, {{"value.converter", "StringConverter"}});
  const auto feed = [&](const std::string& topic) {
    lab.act(WriteFile{"shop", topic, topic + "\n"});
    lab.call("PUT /connectors/to-" + topic + R"(/config {"connector.class": "FileStreamSource", "file": "shop/)" + topic +
             R"(", "topic": ")" + topic + "\"}");
  };
  feed("orders-a");
  feed("reorders");
  lab.call(R"(PUT /connectors/copy/config {"connector.class": "FileStreamSink", "file": "copy/out.txt", "topics.regex": "orders-.",
    "consumer.override.metadata.max.age.ms": "20000"})");
  lab.run_for(60 * kSecond);
  const auto out = [&] {
    const auto& files = lab.store(1).contents.is->files;
    return files.count("out.txt") ? files.at("out.txt") : "";
  };
  CHECK(out() == "orders-a\n");
  feed("orders-b");
  lab.run_for(3 * kSecond);
  CHECK(out() == "orders-a\n");  // the topic is there, and nobody has heard of it
  lab.run_for(40 * kSecond);
  CHECK(out() == "orders-a\norders-b\n");
  lab.act(DeleteTopic{"orders-a"});
  lab.run_for(60 * kSecond);
  CHECK(lab.states("copy-0") == std::vector<std::string>{"W1 RUNNING"});
  CHECK(lab.ask("GET /connectors/copy/topics") == R"({"copy":{"topics":["orders-a","orders-b"]}})");
}

TEST_CASE("topics of a source are created as the group says that takes them (C11)") {
  ConnectLab lab(1);
  lab.create_orders();
  lab.sql("CREATE TABLE orders2 (id INTEGER NOT NULL PRIMARY KEY)");
  lab.orders(1, 1);
  lab.sql("INSERT INTO orders2 VALUES (1)");
  lab.call(R"(PUT /connectors/shop-source/config {"connector.class": "JdbcSource", "connection.url": "shop", "mode": "bulk",
    "topic.creation.default.partitions": "1", "topic.creation.default.replication.factor": "2", "topic.creation.groups": "wide",
    "topic.creation.wide.include": "ord.*", "topic.creation.wide.exclude": "orders2", "topic.creation.wide.partitions": "3"})");
  lab.run_for(30 * kSecond);
  CAPTURE(lab.refusals());
  CHECK(partitions_of_topic(lab, "orders") == 3);
  CHECK(partitions_of_topic(lab, "orders2") == 1);
  CHECK(lab.states("shop-source-0").back() == "W1 RUNNING");
}

TEST_CASE("more replicas than there are brokers are refused before anything asks for them again and again (C11, C16)") {
  ConnectLab lab(1);
  const auto why = [&](const std::string& call) { return impossible(lab.world, Rest{"W1", call}); };
  const std::string sink = R"(PUT /connectors/lines/config {"connector.class": "FileStreamSink", "file": "copy/out.txt", "topics": "orders",
    "errors.tolerance": "all", "errors.deadletterqueue.topic.name": "dead")";
  CHECK(why(sink + "}") == "");  // 3, and there are three brokers
  const std::string four = why(sink + R"(, "errors.deadletterqueue.topic.replication.factor": "4"})");
  CHECK_MESSAGE(four.find("there are 3 brokers; set it to 3") != std::string::npos, four);
  CHECK(why(R"(PUT /connectors/s/config {"connector.class": "FileStreamSource", "file": "shop/a", "topic": "t",
    "topic.creation.default.partitions": "1", "topic.creation.default.replication.factor": "4"})")
            .find("topic.creation.default.replication.factor") != std::string::npos);
  const std::vector<std::string> found = problems(ConnectLab::setup(1, {{"storage.replication.factor", "4"}}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].find("storage.replication.factor") != std::string::npos);
}

TEST_CASE("places of what a filter drops are noted (C8); lines before a broken one are sent, whatever is tolerated (C15, C18)") {
  ConnectLab lab(1, {{"value.converter", "StringConverter"}});
  lab.act(WriteFile{"shop", "in.txt", "one\ntwo\n"});
  lab.call(R"(PUT /connectors/lines/config {"connector.class": "FileStreamSource", "file": "shop/in.txt", "topic": "lines",
    "transforms": "none", "transforms.none.type": "Filter"})");
  lab.act(WriteFile{"shop", "in.json", "{\"id\":1}\n{broken\n{\"id\":3}\n"});
  lab.call(R"(PUT /connectors/json/config {"connector.class": "FileStreamSource", "file": "shop/in.json", "topic": "json",
    "file.format": "json", "errors.tolerance": "all", "value.converter": "JsonConverter", "value.converter.schemas.enable": "false"})");
  lab.run_for(100 * kSecond);
  CHECK(lab.texts("lines").empty());
  CHECK(lab.texts("json") == std::vector<std::string>{"{\"id\":1}"});
  CHECK(lab.states("json-0").back() == "W1 FAILED");
  CHECK(lab.refusals().find("at byte 9 of shop/in.json") != std::string::npos);
  std::vector<std::string> places;
  for (const Fact& each : lab.facts)
    if (const auto* f = each.body.as<SourceNoted>()) places.push_back(lab.name(f->task) + " " + lab.name(f->place));
  std::sort(places.begin(), places.end());
  CHECK(places == std::vector<std::string>{"json-0 {\"position\":9}", "lines-0 {\"position\":8}"});
}

}  // namespace nutshell

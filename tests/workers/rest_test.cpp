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
                           "POST /connectors/c/restart?includetasks=true", "PATCH /connectors/c/offsets {\"offsets\": []}",
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
    if (const auto* f = std::get_if<SourceNoted>(&each.body)) places.push_back(lab.name(f->task) + " " + lab.name(f->place));
  std::sort(places.begin(), places.end());
  CHECK(places == std::vector<std::string>{"json-0 {\"position\":9}", "lines-0 {\"position\":8}"});
}

}  // namespace nutshell

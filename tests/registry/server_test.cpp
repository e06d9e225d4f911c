// Schema registries on the simulated cluster, and serialisers within producers and consumers (M1-M4, M8). Bytes and decisions come
// from the shared page; the decisions once more from the registry as a value, which is tested against a second reader.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/kafka/serde.h"
#include "sim/registry/server.h"
#include "sim/schema/avro_idl.h"

namespace nutshell {
namespace {

constexpr const char* kFirst = "record Order { string id; int cents; }";
constexpr const char* kWithDefault = R"(record Order { string id; int cents; string currency = "EUR"; })";
constexpr const char* kWithout = "record Order { string id; int cents; string currency; }";
constexpr const char* kAsText = "record Order { string id; string cents; }";

struct RegistryLab {
  World world;
  std::vector<Fact> facts;
  Time now = 0;

  explicit RegistryLab(int registries, const std::string& level = "backward", std::uint64_t seed = 1)
      : world(make_world(setup(registries, level, seed))) {}

  static Setup setup(int registries, const std::string& level, std::uint64_t seed) {
    Setup setup;
    setup.seed = seed;
    setup.config.offsets_topic_num_partitions = 4;
    setup.topics.push_back({});
    setup.topics.back().name = "orders";
    setup.topics.back().partitions = 1;
    for (int i = 1; i <= registries; ++i) {
      PlainSettings config;
      config.scope = plain_scope<SchemaRegistryKind>();
      CHECK(set_config(config, "schema.compatibility.level", level).empty());
      setup.plain.push_back({"schema_registries", "R" + std::to_string(i), config});
    }
    for (const std::string name : {"shop", "till"}) {
      ProducerSetup producer;
      producer.name = name;
      producer.topic = "orders";
      CHECK(set_config(producer.spec.config, "value.serializer", "KafkaAvroSerializer").empty());
      CHECK(set_config(producer.spec.config, "nutshell.value.schema", kFirst).empty());
      setup.producers.push_back(producer);
    }
    ProducerSetup raw;
    raw.name = "raw";
    raw.topic = "orders";
    setup.producers.push_back(raw);
    ConsumerSetup consumer;
    consumer.name = "mails";
    consumer.group = "mails";
    consumer.topics = {"orders"};
    consumer.spec.config.auto_offset_reset = OffsetReset::earliest;
    CHECK(set_config(consumer.spec.config, "value.deserializer", "KafkaAvroDeserializer").empty());
    setup.consumers.push_back(consumer);
    return setup;
  }
  void act(ActionBody body) {
    REQUIRE(impossible(world, body) == "");
    apply(world, {std::max(now, world.now()), std::move(body)}, facts);
  }
  void run_for(Duration time) {
    now = std::max(now, world.now()) + time;
    while (next_event_time(world) <= now) step(world, facts);
  }
  void schema(const std::string& node, const std::string& text) { act(SetConfig{node, "nutshell.value.schema", text}); }
  void send(const std::string& producer, const std::string& value = "") {
    Send send;
    send.producer = producer;
    if (!value.empty()) send.value = value;
    act(send);
    run_for(kSecond);
  }
  // Texts of the records of orders, in order.
  std::vector<std::string> values() const {
    std::vector<std::string> all;
    for (const Broker& broker : world.brokers) {
      const Replica* replica = broker.replica({world.topic_id("orders"), 0});
      if (!replica || replica->role != ReplicaRole::leader) continue;
      for (const Batch& batch : replica->log.batches())
        for_each_record(world.commons.store.records, batch,
                        [&](Offset, const Record& each) { all.push_back(each.text < 0 ? "" : world.fabric.names[each.text]); });
    }
    return all;
  }
  template <class F>
  std::vector<F> all() const {
    std::vector<F> found;
    for (const Fact& each : facts)
      if (const F* fact = each.body.as<F>()) found.push_back(*fact);
    return found;
  }
  std::vector<std::string> read() const {
    std::vector<std::string> found;
    for (const ValueDeserialized& each : all<ValueDeserialized>()) found.push_back(world.fabric.names[each.value]);
    return found;
  }
  std::string name(std::int32_t interned) const { return world.fabric.names[interned]; }
  const RegistryServer& registry(std::size_t i) const { return world.plain.of<RegistryServer>()[i]; }
  std::size_t primary() const { return registry(0).primary ? 0 : 1; }
};

std::string json(const char* idl) { return avro_json_of(idl).json; }

}  // namespace

TEST_CASE("a producer's record carries magic byte, the registry's id and Avro's bytes; the consumer asks for the id once (M1)") {
  RegistryLab lab(1);
  lab.run_for(15 * kSecond);
  REQUIRE(lab.registry(0).primary);
  lab.send("shop", R"({"id": "o1", "cents": 250})");
  lab.send("shop", R"({"id": "o2", "cents": 250})");
  // 046f31f403 is the page's; o2 differs in one byte.
  CHECK(lab.values() == std::vector<std::string>{"00 00000001 046f31f403", "00 00000001 046f32f403"});
  CHECK(lab.read() == std::vector<std::string>{R"({"id": "o1", "cents": 250})", R"({"id": "o2", "cents": 250})"});
  CHECK(lab.all<SchemaRegistered>().size() == 1);
  CHECK(lab.all<SchemaLearned>().size() == 2);  // the producer and the consumer, once each
  CHECK(lab.registry(0).shown.answers == 2);

  // Another application with the same schema has the same id; what is made up begins with the page's value.
  lab.send("till");
  CHECK(lab.values().back() == "00 00000001 046f31f403");
  CHECK(lab.all<SchemaRegistered>().size() == 1);
}

TEST_CASE("what a registry says is what the registry as a value says, and a refusal tells why (M3, M5)") {
  for (const std::string level : {"none", "backward", "forward", "full", "backward_transitive"}) {
    RegistryLab lab(1, level);
    Registry value;
    REQUIRE_FALSE(lab.registry(0).running);
    lab.run_for(15 * kSecond);
    value.level = lab.registry(0).config.compatibility;
    for (const char* each : {kFirst, kWithDefault, kWithout, kAsText, kFirst}) {
      const std::size_t refused = lab.all<SchemaRefused>().size(), before = lab.values().size();
      lab.schema("shop", each);
      lab.send("shop");
      const Registration expected = value.add("orders-value", SchemaFormat::avro, json(each));
      INFO(level, " ", each);
      CHECK((lab.all<SchemaRefused>().size() > refused) == (expected.id == 0));
      CHECK((lab.values().size() > before) == (expected.id != 0));
      if (expected.id != 0) {
        CHECK(schema_id_in(lab.values().back()) == expected.id);
      } else {
        CHECK(lab.all<SchemaRefused>().back().status == 409);
        CHECK(lab.name(lab.all<SchemaRefused>().back().why).find(expected.refusals.front().reason.what) != std::string::npos);
        CHECK(lab.all<RecordNotSerialized>().back().why == lab.all<SchemaRefused>().back().why);
      }
    }
    CHECK(lab.registry(0).registry.subjects.front().versions == value.find("orders-value")->versions);
  }
}

TEST_CASE("with no registry up a known schema goes on being written and read, and a new one fails") {
  RegistryLab lab(1);
  lab.run_for(15 * kSecond);
  lab.send("shop");
  lab.act(Crash{"R1"});
  lab.run_for(kSecond);
  lab.send("shop");
  CHECK(lab.values().size() == 2);
  CHECK(lab.read().size() == 2);
  lab.schema("shop", kWithDefault);
  lab.send("shop");
  lab.run_for(5 * kSecond);
  CHECK(lab.values().size() == 2);
  REQUIRE(lab.all<RecordNotSerialized>().size() == 1);
  CHECK(lab.name(lab.all<RecordNotSerialized>().front().why) == "no schema registry can be reached");
  CHECK(lab.world.producers[0].counters.failed == 1);
  CHECK(lab.all<RecordsFailed>().back().reason == SendFailure::not_serialized);

  // What it knows stands in _schemas: back again, it gives the next id.
  lab.act(Start{"R1"});
  lab.run_for(20 * kSecond);
  lab.send("shop");
  CHECK(schema_id_in(lab.values().back()) == 2);
  CHECK(lab.read().back() == R"({"id": "o4", "cents": 1000, "currency": "EUR"})");
}

TEST_CASE("a consumer that starts without a registry stays where it is, and reads everything once there is one") {
  RegistryLab lab(1);
  lab.run_for(12 * kSecond);
  lab.act(Crash{"mails"});
  lab.run_for(kSecond);
  lab.send("shop");
  REQUIRE(lab.values().size() == 1);
  lab.act(Crash{"R1"});
  lab.act(Start{"mails"});
  lab.run_for(90 * kSecond);
  CHECK(lab.read().empty());
  REQUIRE(lab.all<RecordNotDeserialized>().size() == 1);
  CHECK(lab.all<RecordNotDeserialized>().front().offset == 0);
  lab.act(Start{"R1"});
  lab.run_for(30 * kSecond);
  CHECK(lab.read().size() == 1);
}

TEST_CASE("two registries: one is primary, the other forwards, and takes over with all that is known") {
  RegistryLab lab(2);
  lab.run_for(20 * kSecond);
  CHECK(lab.registry(0).primary != lab.registry(1).primary);
  const std::size_t first = lab.primary();
  lab.send("shop");
  lab.send("till");
  lab.schema("till", kWithDefault);
  lab.send("till");
  CHECK(lab.registry(0).registry.schemas.size() == 2);
  CHECK(lab.registry(1).registry.schemas.size() == 2);
  CHECK(lab.all<SchemaRegistered>().front().registry == lab.registry(first).node);
  lab.act(Crash{first == 0 ? "R1" : "R2"});
  lab.run_for(20 * kSecond);
  REQUIRE(lab.registry(1 - first).primary);
  CHECK(lab.all<RegistryElected>().size() == 2);
  lab.schema("shop", R"(record Order { string id; int cents; string currency = "EUR"; string shop = "A"; })");
  lab.send("shop");
  CHECK(schema_id_in(lab.values().back()) == 3);
  CHECK(lab.all<SchemaRegistered>().back().registry == lab.registry(1 - first).node);
}

TEST_CASE("the primary dies at any moment of a registration: no id stands for two schemas, and none in a record is unknown") {
  for (int at = 0; at < 12; ++at) {
    RegistryLab lab(2);
    lab.run_for(20 * kSecond);
    lab.send("till");
    lab.schema("shop", kWithDefault);
    Send send;
    send.producer = "shop";
    lab.act(send);
    lab.run_for(at * kMillisecond);
    lab.act(Crash{lab.primary() == 0 ? "R1" : "R2"});
    lab.run_for(40 * kSecond);
    lab.schema("till", R"(record Order { string id; int cents; string shop = "A"; })");
    lab.send("till");
    lab.send("shop");
    const Registry& known = lab.registry(lab.primary()).registry;
    INFO(at);
    for (std::size_t i = 0; i < known.schemas.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) CHECK(known.schemas[i].same != known.schemas[j].same);
    REQUIRE(lab.values().size() >= 3);
    for (const std::string& each : lab.values()) CHECK(known.find(schema_id_in(each)));
    CHECK(lab.read().size() == lab.values().size());
  }
}

TEST_CASE("a breaking change slips through with NONE: the old reader is stuck at its offset, or skips it (M8)") {
  for (const std::string on_failure : {"fail", "skip"}) {
    RegistryLab lab(1, "none");
    lab.act(SetConfig{"mails", "nutshell.value.schema", kFirst});
    lab.act(SetConfig{"mails", "nutshell.deserialization.failure", on_failure});
    lab.run_for(15 * kSecond);
    lab.send("till");
    lab.schema("shop", kAsText);
    lab.send("shop");
    lab.send("till");
    lab.run_for(20 * kSecond);
    CHECK(lab.values().size() == 3);
    const std::vector<RecordNotDeserialized> bad = lab.all<RecordNotDeserialized>();
    REQUIRE(bad.size() == 1);  // told once, however often poll() throws
    CHECK(bad.front().offset == 1);
    CHECK(bad.front().skipped == (on_failure == "skip"));
    CHECK(lab.read().size() == (on_failure == "skip" ? 2u : 1u));
    CHECK(lab.world.consumers[0].owned.front().position == (on_failure == "skip" ? 3 : 1));
    if (on_failure == "skip") continue;
    // A reader that knows both goes on.
    lab.schema("mails", "record Order { string id; union { string, int } cents; }");
    lab.run_for(10 * kSecond);
    CHECK(lab.read().size() == 3);
  }
}

TEST_CASE("bytes that no serialiser wrote are a poison record: unknown magic byte (M8)") {
  RegistryLab lab(1);
  lab.run_for(15 * kSecond);
  lab.send("raw", "hello");
  lab.send("shop");
  lab.run_for(10 * kSecond);
  CHECK(lab.read().empty());
  REQUIRE(lab.all<RecordNotDeserialized>().size() == 1);
  CHECK(lab.name(lab.all<RecordNotDeserialized>().front().why).find("unknown magic byte") != std::string::npos);
  CHECK(lab.world.consumers[0].owned.front().position == 0);
}

TEST_CASE("auto.register.schemas=false only looks up; use.latest.version writes with what the subject has") {
  RegistryLab lab(1);
  lab.run_for(15 * kSecond);
  lab.act(SetConfig{"shop", "auto.register.schemas", "false"});
  lab.send("shop");
  CHECK(lab.values().empty());
  CHECK(lab.all<SchemaRegistered>().empty());
  lab.send("till");
  lab.schema("till", kWithDefault);
  lab.send("till");
  lab.send("shop");  // there now
  CHECK(schema_id_in(lab.values().back()) == 1);
  lab.act(SetConfig{"shop", "use.latest.version", "true"});
  lab.send("shop");
  CHECK(schema_id_in(lab.values().back()) == 2);
}

TEST_CASE("a value that does not fit its schema, and a schema that is none, are told in one sentence") {
  RegistryLab lab(1);
  lab.run_for(15 * kSecond);
  lab.send("shop", R"({"id": "o1"})");
  REQUIRE(lab.all<RecordNotSerialized>().size() == 1);
  CHECK(lab.name(lab.all<RecordNotSerialized>().front().why).find("does not fit the schema") != std::string::npos);
  CHECK(lab.values().empty());
  ProducerConfig config;
  CHECK(set_config(config, "nutshell.value.schema", "record Order { strin id; }").find("nutshell.value.schema is no schema: ") == 0);
  CHECK(set_config(config, "nutshell.value.schema", "record Order { string id }").find("lacks a ';'") != std::string::npos);
  CHECK(set_config(config, "value.serializer", "avro") != "");
  CHECK(config.value_schema.text.empty());
}

TEST_CASE("the same seed comes to the same bits, with registries as without") {
  const auto digest = [] {
    RegistryLab lab(2, "backward", 7);
    lab.run_for(20 * kSecond);
    lab.send("shop");
    lab.act(Crash{"R1"});
    lab.send("till");
    return lab.world.fabric.digest;
  };
  CHECK(digest() == digest());
}

TEST_CASE("the operator sets levels and modes and deletes versions at the primary: every registry does the same, also after a restart") {
  RegistryLab lab(2);
  lab.run_for(15 * kSecond);
  const std::string first = "R" + std::to_string(lab.primary() + 1), second = "R" + std::to_string(2 - lab.primary());
  const auto call = [&](const std::string& text) {
    lab.act(Rest{first, text});
    lab.run_for(kSecond);
  };
  lab.send("shop");
  CHECK(impossible(lab.world, Rest{first, "GET /subjects"}) != "");
  call(R"(PUT /config/orders-value {"compatibility": "NONE"})");
  lab.schema("shop", kAsText);
  lab.send("shop");
  CHECK(lab.all<SchemaRefused>().empty());
  REQUIRE(lab.registry(0).registry.find("orders-value")->versions.size() == 2);
  call(R"(PUT /mode {"mode": "READONLY"})");
  call("DELETE /subjects/orders-value/versions/2");
  REQUIRE(lab.all<SchemaRefused>().size() == 1);
  CHECK(lab.all<SchemaRefused>().back().status == 422);
  call(R"(PUT /mode {"mode": "READWRITE"})");
  call("DELETE /subjects/orders-value/versions/2");
  call("DELETE /subjects/orders-value/versions/2?permanent=true");
  CHECK(lab.all<RegistryCalled>().size() == 5);
  lab.act(Crash{second, false});
  lab.run_for(kSecond);
  lab.act(Start{second});
  lab.run_for(15 * kSecond);
  for (std::size_t i : {0, 1}) {
    CHECK(lab.registry(i).registry.find("orders-value")->versions == std::vector<SubjectVersion>{{1, 1}});
    CHECK(lab.registry(i).registry.find("orders-value")->level == Compatibility::none);
    CHECK_FALSE(lab.registry(i).registry.find(2));
  }
  // A consumer whose schema was deleted for good: the id means nothing to anybody who has not kept it (M8 a).
  CHECK(lab.name(lab.all<SchemaRefused>().back().why).find("READONLY") != std::string::npos);
}

TEST_CASE("a registry that is not primary forwards what the operator calls it for; without a primary it says so") {
  RegistryLab lab(2);
  lab.run_for(15 * kSecond);
  const std::string first = "R" + std::to_string(lab.primary() + 1), second = "R" + std::to_string(2 - lab.primary());
  lab.act(Rest{second, R"(PUT /config {"compatibility": "NONE"})"});
  lab.act(Rest{second, R"(PUT /mode/x {"mode": "READONLY"})"});
  lab.run_for(kSecond);
  REQUIRE(lab.all<RegistryCalled>().size() == 2);  // by the primary, in their order
  CHECK(lab.all<RegistryCalled>().front().registry == lab.registry(lab.primary()).node);
  for (std::size_t i : {0, 1}) {
    CHECK(lab.registry(i).registry.told == Compatibility::none);
    CHECK(lab.registry(i).registry.find("x")->mode == RegistryMode::readonly);
  }
  lab.act(Pause{first});
  lab.act(Rest{second, "DELETE /config"});
  lab.run_for(6 * kSecond);  // nobody answers, and this one is not primary yet
  REQUIRE(lab.all<SchemaRefused>().size() == 1);
  CHECK(lab.all<SchemaRefused>().back().status == 500);
  CHECK(lab.name(lab.all<SchemaRefused>().back().why) == "there is no primary registry to forward it to");
}

TEST_CASE("a registry that was primary and slept comes back: there is one primary, and both have the same versions") {
  RegistryLab lab(2);
  lab.run_for(15 * kSecond);
  const std::size_t old = lab.primary();
  const std::string first = "R" + std::to_string(old + 1);
  lab.send("shop");
  lab.act(Pause{first});
  lab.run_for(20 * kSecond);  // the session of its group ends
  REQUIRE(lab.registry(1 - old).primary);
  lab.schema("shop", kWithDefault);
  lab.send("shop");
  lab.run_for(5 * kSecond);
  lab.act(Resume{first});
  lab.run_for(20 * kSecond);
  CHECK(lab.registry(0).primary != lab.registry(1).primary);  // it has joined again, and may have been chosen
  CHECK(lab.registry(0).registry.find("orders-value")->versions.size() == 2);
  CHECK(lab.registry(0).registry.find("orders-value")->versions == lab.registry(1).registry.find("orders-value")->versions);
}

}  // namespace nutshell

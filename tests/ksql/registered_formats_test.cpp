// AVRO, JSON_SR and PROTOBUF on the cluster: ksqlDB servers ask the registry for columns and ids, and their bytes are those that a
// producer's serialiser and a consumer's deserialiser have (M1-M3). What comes out is compared with the engine without a cluster.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/core/text.h"
#include "sim/kafka/serde.h"
#include "sim/registry/server.h"
#include "sim/schema/avro_value.h"
#include "sim/schema/wire.h"
#include "sim/streams/format_schema.h"
#include "tests/ksql/lab.h"

namespace nutshell {
namespace {

constexpr const char* kFirst = "record Order { string id; int cents; }";

// A shop that serialises orders with Avro, a registry, and servers.
struct AvroLab : KsqlLab {
  explicit AvroLab(int servers) : KsqlLab(servers) { world = make_world(with_registry(servers)); }

  static Setup with_registry(int servers) {
    Setup setup = KsqlLab::setup(servers, 0, 1, 0);
    PlainSettings config;
    config.scope = plain_scope<SchemaRegistryKind>();
    setup.plain.push_back({"schema_registries", "R1", config});
    setup.topics.push_back({});
    setup.topics.back().name = "orders";
    setup.topics.back().partitions = 1;
    ProducerSetup shop;
    shop.name = "shop";
    shop.topic = "orders";
    CHECK(set_config(shop.spec.config, "value.serializer", "KafkaAvroSerializer").empty());
    CHECK(set_config(shop.spec.config, "nutshell.value.schema", kFirst).empty());
    setup.producers.push_back(shop);
    return setup;
  }
  void order(const std::string& value) {
    Send send;
    send.producer = "shop";
    send.key = "k";
    send.value = value;
    act(send);
    run_for(kSecond);
  }
  const Registry& registry() const { return world.plain.of<RegistryServer>()[0].registry; }
  // The values of a topic's first partition, read back with the registry's schemas.
  std::vector<std::string> read(const std::string& topic) const {
    std::vector<std::string> all;
    for (const std::vector<std::string>& partition : rows(topic))
      for (const std::string& row : partition) {
        const std::string text = row.substr(row.find('=') + 1, row.rfind('@') - row.find('=') - 1);
        const std::string bytes = bytes_of_hex(text).value_or("");
        const WireResult wire = unframed(bytes);
        REQUIRE(wire.problem == "");
        const RegisteredSchema* schema = registry().find(wire.record.id);
        REQUIRE(schema);
        if (schema->format == SchemaFormat::protobuf) {
          std::string_view payload = wire.record.payload;
          const auto indices = take_message_indices(payload);
          const ProtoResult file = read_protobuf(schema->text);
          REQUIRE(indices);
          all.push_back(streams::json_of_proto(*file.file, proto_message_at(*file.file, *indices), payload).value_or("no message"));
          continue;
        }
        if (schema->format == SchemaFormat::json) {
          all.emplace_back(wire.record.payload);
          continue;
        }
        const AvroResult avro = read_avro(schema->text);
        const AvroValueResult value = decode_avro(*avro.schema, *avro.schema, wire.record.payload);
        REQUIRE(value.value);
        all.push_back(avro_text(*avro.schema, avro.schema->root, *value.value));
      }
    return all;
  }
};

constexpr const char* kOrders = "CREATE STREAM orders WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='AVRO');";

AvroLab running(int servers) {
  AvroLab lab(servers);
  lab.run_for(15 * kSecond);
  lab.order(R"({"id": "o1", "cents": 250})");
  lab.type("K1", kEarliest);
  lab.type("K1", kOrders);
  lab.run_for(2 * kSecond);
  return lab;
}

}  // namespace

TEST_CASE("columns come from the registry, all servers have them, and results bear the id of their own schema") {
  AvroLab lab = running(2);
  REQUIRE(lab.printed().find("Stream ORDERS created") != std::string::npos);
  for (std::size_t i : {0, 1}) {
    const streams::Source* source = lab.server(i).engine.catalog.find("ORDERS");
    REQUIRE(source);
    CHECK(streams::columns_text(source->columns, false) == "ID VARCHAR(STRING), CENTS INTEGER");
  }
  lab.type("K1", "CREATE STREAM euros AS SELECT id, cents / 100 AS euros FROM orders EMIT CHANGES;");
  lab.run_for(15 * kSecond);
  lab.order(R"({"id": "o2", "cents": 900})");
  lab.run_for(5 * kSecond);
  CHECK(lab.read("EUROS") == std::vector<std::string>{R"({"ID": "o1", "EUROS": 2})", R"({"ID": "o2", "EUROS": 9})"});
  REQUIRE(lab.registry().find("EUROS-value"));
  const std::int32_t id = lab.registry().find("EUROS-value")->versions[0].id;
  CHECK(id == 2);
  // Id 2; a union's branch 1 (02) before each value; "o1" (04 6f31), 2 (04).
  const std::string first = lab.rows("EUROS")[0][0];
  CHECK(first.find("=00 00000002 02046f310204@") != std::string::npos);
}

TEST_CASE("a compatible change of the producer flows on; a statement whose schema does not go with its topic is refused (409)") {
  AvroLab lab = running(1);
  lab.type("K1", "CREATE STREAM copies AS SELECT * FROM orders EMIT CHANGES;");
  lab.run_for(15 * kSecond);
  lab.act(SetConfig{"shop", "nutshell.value.schema", R"(record Order { string id; int cents; string currency = "EUR"; })"});
  lab.order(R"({"id": "o2", "cents": 400, "currency": "CHF"})");
  lab.run_for(3 * kSecond);
  // The query was planned with two columns; what is new is passed over, what is known is read with the writer's schema.
  CHECK(lab.read("COPIES") == std::vector<std::string>{R"({"ID": "o1", "CENTS": 250})", R"({"ID": "o2", "CENTS": 400})"});
  const std::size_t before = lab.count<StatementRefused>(), refused = lab.count<SchemaRefused>();
  lab.type("K1", "CREATE STREAM texts WITH (KAFKA_TOPIC='COPIES') AS SELECT id, 'much' AS cents FROM orders EMIT CHANGES;");
  lab.run_for(3 * kSecond);
  CHECK(lab.count<StatementRefused>() == before + 1);
  CHECK(lab.count<SchemaRefused>() == refused + 1);
  CHECK(lab.server(0).statements.back().state == KsqlStatement::State::refused);
  CHECK(lab.server(0).statements.back().printed.find("KsqlDataSourceSchema.CENTS") != std::string::npos);
  CHECK(lab.registry().find("COPIES-value")->versions.size() == 1);
  CHECK(lab.server(0).queries.size() == 1);
  // The latest version of the topic is what a new statement takes its columns from.
  lab.type("K1", "CREATE STREAM later WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='AVRO');");
  lab.run_for(3 * kSecond);
  CHECK(streams::columns_text(lab.server(0).engine.catalog.find("LATER")->columns, false) ==
        "ID VARCHAR(STRING), CENTS INTEGER, CURRENCY VARCHAR(STRING)");
}

TEST_CASE("keys are serialised too, and JSON_SR carries an id before its JSON; INSERT VALUES registers what it writes") {
  AvroLab lab(1);
  lab.run_for(15 * kSecond);
  lab.type("K1", kEarliest);
  lab.type("K1", "CREATE STREAM s (k VARCHAR KEY, n INT) WITH (KAFKA_TOPIC='s', FORMAT='AVRO', PARTITIONS=1);");
  lab.type("K1", "CREATE STREAM t WITH (VALUE_FORMAT='JSON_SR') AS SELECT k, n + 1 AS m FROM s EMIT CHANGES;");
  lab.type("K1", "INSERT INTO s (ROWTIME, k, n) VALUES (5, 'a', 7);");
  lab.run_for(25 * kSecond);
  INFO(lab.printed());
  // "a" as Avro's string: its length 1 is 02, then 61.
  const std::int32_t key = lab.registry().find("s-key") ? lab.registry().find("s-key")->versions[0].id : 0;
  REQUIRE(key > 0);
  REQUIRE(lab.rows("s")[0].size() == 1);
  CHECK(lab.rows("s")[0][0].rfind("00 0000000" + std::to_string(key) + " 0261=", 0) == 0);
  CHECK(lab.read("s") == std::vector<std::string>{R"({"N": 7})"});
  CHECK(lab.read("T") == std::vector<std::string>{R"({"M":8})"});
  // T-key has the same schema, so the same id.
  CHECK(lab.rows("T")[0][0].rfind("00 0000000" + std::to_string(key) + " 0261=", 0) == 0);
}

TEST_CASE("a table of Avro rows counts as one of JSON rows does; bytes that are none are skipped, and counted") {
  AvroLab lab = running(1);
  lab.type("K1", "CREATE TABLE per_id AS SELECT id, count(*) AS n, sum(cents) AS cents FROM orders GROUP BY id EMIT CHANGES;");
  lab.run_for(15 * kSecond);
  for (const char* each : {"o2", "o1", "o2"}) lab.order(R"({"id": ")" + std::string(each) + R"(", "cents": 100})");
  lab.act(SetConfig{"shop", "value.serializer", "StringSerializer"});
  lab.order("no bytes of Avro");
  lab.run_for(5 * kSecond);
  CHECK(lab.read("PER_ID") == std::vector<std::string>{R"({"N": 1, "CENTS": 250})", R"({"N": 1, "CENTS": 100})",
                                                       R"({"N": 2, "CENTS": 350})", R"({"N": 2, "CENTS": 200})"});
  CHECK(lab.count<RowSkipped>() == 1);
}

TEST_CASE("PROTOBUF: the place of the message stands between id and fields; a table of it counts, and what is not there is 0") {
  AvroLab lab(2);
  lab.run_for(15 * kSecond);
  lab.type("K1", kEarliest);
  lab.type("K1", "CREATE STREAM s (k VARCHAR KEY, v VARCHAR, n INT) WITH (KAFKA_TOPIC='s', FORMAT='PROTOBUF', PARTITIONS=1);");
  lab.type("K1", "CREATE TABLE t AS SELECT v, count(*) AS c, sum(n) AS n FROM s GROUP BY v EMIT CHANGES;");
  lab.type("K1", "INSERT INTO s (ROWTIME, k, v, n) VALUES (5, 'a', 'EU', 150); INSERT INTO s (ROWTIME, k, v) VALUES (6, 'b', 'EU');");
  lab.run_for(30 * kSecond);
  INFO(lab.printed());
  REQUIRE(lab.registry().find("s-value"));
  REQUIRE(lab.rows("s")[0].size() == 2);
  const std::string value = std::to_string(lab.registry().find("s-value")->versions[0].id);
  const std::string key = std::to_string(lab.registry().find("s-key")->versions[0].id);
  // Message 0 of the file (00); field 1, "a" (0a 01 61); field 1, "EU" (0a 02 4555), field 2, 150 (10 9601).
  CHECK(lab.rows("s")[0][0] == "00 0000000" + key + " 000a0161=00 0000000" + value + " 000a024555109601@5");
  CHECK(lab.read("s") == std::vector<std::string>{R"({"V":"EU","N":150})", R"({"V":"EU","N":0})"});
  CHECK(lab.read("T") == std::vector<std::string>{R"({"C":1,"N":150})", R"({"C":2,"N":150})"});
  // Whoever prints it reads it.
  lab.type("K2", "PRINT 'T' FROM BEGINNING LIMIT 2;");
  lab.run_for(8 * kSecond);
  CHECK(lab.server(1).statements.back().printed.find(R"({"C":2,"N":150})") != std::string::npos);
}

TEST_CASE("VALUE_SCHEMA_ID: every server asks for that schema, and results are written with it") {
  AvroLab lab = running(2);  // schema 1 is the shop's
  lab.type("K1", "CREATE STREAM as_it_was WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=1);");
  lab.type("K1", "CREATE STREAM copies WITH (VALUE_SCHEMA_ID=1) AS SELECT * FROM as_it_was EMIT CHANGES;");
  lab.type("K1", "CREATE STREAM nobody WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=7);");
  lab.run_for(20 * kSecond);
  INFO(lab.printed());
  for (std::size_t i : {0, 1}) {
    const streams::Source* source = lab.server(i).engine.catalog.find("AS_IT_WAS");
    REQUIRE(source);
    CHECK(streams::columns_text(source->columns, false) == "`id` VARCHAR(STRING), `cents` INTEGER");
    CHECK(lab.server(i).queries.size() == 1);
    CHECK_FALSE(lab.server(i).engine.catalog.find("NOBODY"));
  }
  CHECK(lab.server(0).statements.back().printed.find("The registry gives no schema 7") != std::string::npos);
  lab.order(R"({"id": "o2", "cents": 900})");
  lab.run_for(5 * kSecond);
  // The shop's own bytes: no union stands before a value.
  CHECK(lab.read("COPIES") == std::vector<std::string>{R"({"id": "o1", "cents": 250})", R"({"id": "o2", "cents": 900})"});
  const std::string written = lab.rows("COPIES")[0][0], shops = lab.rows("orders")[0][0];
  CHECK(written.substr(written.find('=')) == shops.substr(shops.find('=')));
  CHECK(lab.registry().find("COPIES-value")->versions[0].id == 1);
}

TEST_CASE("without a registry the statement is refused, of PROTOBUF too") {
  KsqlLab lab(1);
  lab.run_for(10 * kSecond);
  lab.type("K1", "CREATE STREAM s (n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='AVRO', PARTITIONS=1);");
  lab.run_for(2 * kSecond);
  CHECK(lab.printed().find("there is no schema registry") != std::string::npos);
  CHECK_FALSE(lab.server(0).engine.catalog.find("S"));
  lab.type("K1", "CREATE STREAM p (n INT) WITH (KAFKA_TOPIC='p', VALUE_FORMAT='PROTOBUF', PARTITIONS=1);");
  lab.run_for(2 * kSecond);
  CHECK_FALSE(lab.server(0).engine.catalog.find("P"));
}

}  // namespace nutshell

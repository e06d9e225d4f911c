// Protobuf's bytes of rows: the examples of Protobuf's own page on its encoding, then all types there and back, then noise. And schemas
// that statements name by their ids.
#include <doctest/doctest.h>

#include <string>

#include "sim/core/random.h"
#include "sim/core/text.h"
#include "sim/streams/case.h"
#include "sim/streams/format_schema.h"
#include "tests/streams/fixture.h"

namespace nutshell::streams {
namespace {

ProtoFile file_of(const std::string& text) {
  const ProtoResult read = read_protobuf(text);
  REQUIRE_MESSAGE(read.file, read.problem);
  return *read.file;
}

std::string bytes_of(const ProtoFile& file, const std::string& json, const std::string& message = "M") {
  const std::optional<Json> tree = parse_json(json);
  REQUIRE(tree);
  const auto bytes = proto_of_json(file, message, *tree);
  return bytes ? hex_text(*bytes) : "no bytes";
}

std::string json_of(const ProtoFile& file, const std::string& hex, const std::string& message = "M") {
  return json_of_proto(file, message, *bytes_of_hex(hex)).value_or("no message");
}

constexpr const char* kAll =
    "message M { bool b = 1; int32 i = 2; int64 l = 3; double d = 4; string s = 5; bytes y = 6; google.type.Date day = 7;"
    "google.type.TimeOfDay t = 8; google.protobuf.Timestamp ts = 9; confluent.type.Decimal m = 10; repeated sint32 z = 11;"
    "map<string, int64> p = 12; In in = 13; repeated In all = 14; E e = 15; optional int32 o = 16; uint32 u = 17; fixed64 f = 18;"
    "repeated string w = 19; float h = 20; google.protobuf.Int32Value v = 21; message In { int32 x = 1; string n = 2; }"
    "enum E { NONE = 0; SOME = 2; } }";

}  // namespace

TEST_CASE("the bytes of Protobuf's own examples") {
  CHECK(bytes_of(file_of("message M { int32 a = 1; }"), R"({"A":150})") == "089601");
  CHECK(bytes_of(file_of("message M { string b = 2; }"), R"({"B":"testing"})") == "120774657374696e67");
  CHECK(bytes_of(file_of("message M { N c = 3; } message N { int32 a = 1; }"), R"({"C":{"A":150}})") == "1a03089601");
  CHECK(bytes_of(file_of("message M { repeated int32 f = 6; }"), R"({"F":[3,270,86942]})") == "3206038e029ea705");
  CHECK(bytes_of(file_of("message M { int32 a = 1; }"), R"({"A":-2})") == "08feffffffffffffffff01");
  CHECK(bytes_of(file_of("message M { sint32 a = 1; }"), R"({"A":-2})") == "0803");
  CHECK(bytes_of(file_of("message M { sint64 a = 1; }"), R"({"A":-2147483648})") == "08ffffffff0f");
  // Packed or one by one, a reader takes both; the last of a single field counts; numbers that it does not know are passed over.
  const ProtoFile packed = file_of("message M { repeated int32 f = 6; }");
  CHECK(json_of(packed, "3206038e029ea705") == R"({"f":[3,270,86942]})");
  CHECK(json_of(packed, "3003308e02309ea705") == R"({"f":[3,270,86942]})");
  CHECK(json_of(file_of("message M { int32 a = 1; }"), "0801089601") == R"({"a":150})");
  CHECK(json_of(file_of("message M { int32 a = 1; }"), "100508960119000000000000000022017a") == R"({"a":150})");
}

TEST_CASE("what is nothing is not written, and comes back as nothing of its type") {
  const ProtoFile all = file_of(kAll);
  CHECK(bytes_of(all, R"({"B":false,"I":0,"D":0.0,"S":"","Z":[],"P":{},"E":"NONE","IN":null})") == "");
  CHECK(json_of(all, "") ==
        R"({"b":false,"i":0,"l":0,"d":0.0,"s":"","y":"","day":null,"t":null,"ts":null,"m":null,"z":[],"p":{},"in":null,)"
        R"("all":[],"e":"NONE","o":null,"u":0,"f":0,"w":[],"h":0.0,"v":null})");
  // Said to be optional, 0 is told apart from nothing; so is a message without anything in it.
  CHECK(bytes_of(all, R"({"O":0,"IN":{}})") == "6a00800100");
  CHECK(json_of(all, "6a00800100").find(R"("in":{"x":0,"n":""})") != std::string::npos);
  CHECK(json_of(all, "6a00800100").find(R"("o":0)") != std::string::npos);
}

TEST_CASE("all types there and back") {
  const ProtoFile all = file_of(kAll);
  for (const char* row :
       {R"({"b":true,"i":-5,"l":9007199254740993,"d":-0.1,"s":"Z\u00fcrich","y":"AAH/","day":18321,"t":86399999,"ts":1582934400001,)"
        R"("m":-327.68,"z":[0,-1,5],"p":{"":-1,"a":0},"in":{"x":1,"n":""},"all":[{"x":0,"n":""},{"x":2,"n":"b"}],"e":"SOME","o":-7,)"
        R"("u":4294967295,"f":7,"w":["","a"],"h":0.5,"v":0})",
        R"({"b":false,"i":2147483647,"l":-1,"d":1.0E10,"s":"","y":"","day":-1,"t":0,"ts":-1,"m":0.00,"z":[],"p":{},"in":null,)"
        R"("all":[],"e":"NONE","o":null,"u":0,"f":0,"w":[],"h":0.0,"v":null})"}) {
    const std::optional<Json> tree = parse_json(row);
    REQUIRE(tree);
    const auto bytes = proto_of_json(all, "M", *tree);
    REQUIRE(bytes);
    const auto back = json_of_proto(all, "M", *bytes);
    REQUIRE(back);
    CHECK(*back == json_text(*tree));
  }
  // 29 February 2020 as Google's Date has it: year 2020, month 2, day 29.
  CHECK(bytes_of(all, R"({"DAY":18321})") == "3a0708e40f1002181d");
}

TEST_CASE("what does not fit has no bytes, and bytes that are none no JSON") {
  const ProtoFile all = file_of(kAll);
  for (const char* row : {R"({"I":"many"})", R"({"I":2147483648})", R"({"I":1.5})", R"({"S":1})", R"({"Z":1})", R"({"P":[1]})",
                          R"({"IN":"x"})", R"({"E":"OTHER"})", R"({"M":"x"})", R"({"Y":"*"})"})
    CHECK(bytes_of(all, row) == "no bytes");
  for (const char* bytes : {"08", "0a", "0a05", "2a0548", "10ffffffffffffffffffff01", "0b", "00", "6a0208", "ba0101"})
    CHECK(json_of(all, bytes) == "no message");
  CHECK(json_of(all, "", "Nobody") == "no message");
  // A message within itself, deeper than anybody writes.
  const ProtoFile deep = file_of("message M { M m = 1; }");
  std::string bytes;
  for (int i = 0; i < 60; ++i) bytes = std::string("\x0a") + static_cast<char>(bytes.size()) + bytes;
  CHECK_FALSE(json_of_proto(deep, "M", bytes));
}

TEST_CASE("noise is read or refused, and what is read is written again as the same") {
  const ProtoFile all = file_of(kAll);
  std::size_t read = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    std::string bytes = *bytes_of_hex("080110fbffffffffffffffff012a0361626352090a03020001100618026a050801120161");
    std::uint64_t nth = 0;
    for (std::size_t i = 0; i < 1 + seed % 4; ++i) {
      const auto at = static_cast<std::size_t>(below(draw(seed, Purpose::fuzz, 30, nth++), bytes.size()));
      bytes[at] = static_cast<char>(draw(seed, Purpose::fuzz, 30, nth++));
    }
    const auto json = json_of_proto(all, "M", bytes);
    // A number that no name of the enum has is null, which is written as nothing.
    if (!json || json->find(R"("e":null)") != std::string::npos) continue;
    const auto tree = parse_json(*json);
    if (!tree) continue;  // a text that is not UTF-8
    const auto again = proto_of_json(all, "M", *tree);
    if (!again) continue;
    ++read;
    CHECK(json_of_proto(all, "M", *again).value_or("none") == *json);
  }
  CHECK(read > 1000);
}

namespace {

constexpr const char* kGivenOrder =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"cents","type":"int","default":7},
        {"name":"note","type":["null","string"],"default":null}]})";

Server with_schemas() {
  Server server;
  server.engine.catalog.partitions_of_unknown_topics = 1;
  Registry& registry = server.engine.catalog.registry;
  REQUIRE(registry.add("orders-value", SchemaFormat::avro, kGivenOrder).id == 1);
  REQUIRE(registry.add("other-value", SchemaFormat::protobuf, "message A { int32 a = 1; } message B { string b = 1; }").id == 2);
  return server;
}

}  // namespace

TEST_CASE("VALUE_SCHEMA_ID: columns come from that schema, with the names as it has them") {
  Server server = with_schemas();
  server.does("CREATE STREAM s (k VARCHAR KEY) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=1);"
              "CREATE STREAM p WITH (KAFKA_TOPIC='u', VALUE_FORMAT='PROTOBUF', VALUE_SCHEMA_ID=2, VALUE_SCHEMA_FULL_NAME='B');");
  CHECK(columns_text(server.engine.catalog.find("S")->columns, false) ==
        "K VARCHAR(STRING) KEY, `id` VARCHAR(STRING), `cents` INTEGER, `note` VARCHAR(STRING)");
  CHECK(columns_text(server.engine.catalog.find("P")->columns, false) == "`b` VARCHAR(STRING)");
  const auto refused = [](const std::string& statement, const char* because) {
    Server each = with_schemas();
    each.does("CREATE STREAM j (k VARCHAR KEY, `id` VARCHAR, n INT) WITH (KAFKA_TOPIC='j', VALUE_FORMAT='JSON');");
    const std::string said = each.wrong(statement);
    CHECK_MESSAGE(said.find(because) != std::string::npos, said);
  };
  refused("CREATE STREAM s WITH (KAFKA_TOPIC='t', VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=9);", "no schema with the id 9");
  refused("CREATE STREAM s WITH (KAFKA_TOPIC='t', VALUE_FORMAT='PROTOBUF', VALUE_SCHEMA_ID=1);",
          "Schema 1 is AVRO, and the format is PROTOBUF");
  refused("CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', VALUE_SCHEMA_ID=1);", "VALUE_FORMAT is JSON");
  refused("CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=1);", "leave one out");
  refused("CREATE STREAM s WITH (KAFKA_TOPIC='t', FORMAT='AVRO', KEY_SCHEMA_ID=0);", "KEY_SCHEMA_ID is a whole number of at least 1");
  refused("CREATE STREAM o WITH (VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=1) AS SELECT k, `id`, n FROM j;", "has no column N INTEGER");
  refused("CREATE STREAM o WITH (VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=1) AS SELECT k, n AS `id` FROM j;", "has no column id INTEGER");
}

TEST_CASE("VALUE_SCHEMA_ID of a result: rows are written with that schema, what they lack is its default") {
  const std::string topic = R"({"name": "o", "valueFormat": "AVRO", "valueSchemaId": 5, "valueSchema": )" + std::string(kGivenOrder) + "}";
  const auto results = run_cases(R"({"topics": [)" + topic + R"(], "statements": [
      "CREATE STREAM j (k VARCHAR KEY, `id` VARCHAR) WITH (KAFKA_TOPIC='j', VALUE_FORMAT='JSON');",
      "CREATE STREAM o WITH (KAFKA_TOPIC='o', VALUE_FORMAT='AVRO', VALUE_SCHEMA_ID=5) AS SELECT * FROM j;"],
      "inputs": [{"topic": "j", "key": "x", "value": {"id": "o1"}}],
      "outputs": [{"topic": "o", "key": "x", "value": {"id": "o1", "cents": 7, "note": null}}]})",
                                 "it");
  CHECK(results.at(0).why == "");
}

TEST_CASE("a DECIMAL is inferred with its digits, from a file that imports what every registry has") {
  Server server = with_schemas();
  constexpr const char* kPrice = R"(syntax = "proto3"; import "confluent/type/decimal.proto"; message Price { confluent.type.Decimal p = 1
      [(confluent.field_meta) = { params: [{ value: "6", key: "precision" }, { value: "2", key: "scale" }] }]; })";
  REQUIRE(server.engine.catalog.registry.add("prices-value", SchemaFormat::protobuf, kPrice).id == 3);
  server.does("CREATE STREAM prices WITH (KAFKA_TOPIC='prices', VALUE_FORMAT='PROTOBUF');");
  CHECK(columns_text(server.engine.catalog.find("PRICES")->columns, false) == "P DECIMAL(6, 2)");
}

TEST_CASE("VALUE_SCHEMA_FULL_NAME names the record that ksqlDB makes") {
  Server server = with_schemas();
  server.does("CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='AVRO', VALUE_SCHEMA_FULL_NAME='org.shop.Order');"
              "CREATE STREAM p (a INT) WITH (KAFKA_TOPIC='p', VALUE_FORMAT='PROTOBUF', VALUE_SCHEMA_FULL_NAME='shop.Order');");
  const Registry& registry = server.engine.catalog.registry;
  const auto text = [&](const char* subject) { return registry.find(registry.find(subject)->latest()->id)->text; };
  CHECK(text("s-value").find(R"("name":"Order","namespace":"org.shop")") != std::string::npos);
  CHECK(text("p-value") == "syntax = \"proto3\"; package shop; message Order { int32 A = 1; }");
}

}  // namespace nutshell::streams

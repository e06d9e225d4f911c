// AVRO, JSON_SR and PROTOBUF: columns from the registry, schemas into it, and rows that behave as JSON with a schema (S9; M1-M3).
// A schema that is made of columns has to give those columns back; Avro's bytes of one order are those of the shared page.
#include <doctest/doctest.h>

#include <string>

#include "sim/core/text.h"
#include "sim/streams/case.h"
#include "sim/streams/format_schema.h"
#include "tests/streams/fixture.h"

namespace nutshell::streams {
namespace {

constexpr const char* kOrder =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"cents","type":"int"}]})";

Server with_order(const char* schema = kOrder) {
  Server server;
  server.engine.catalog.partitions_of_unknown_topics = 1;
  REQUIRE(server.engine.catalog.registry.add("orders-value", SchemaFormat::avro, schema).id == 1);
  return server;
}

std::string columns(const Server& server, const char* source) {
  const Source* found = server.engine.catalog.find(source);
  return found ? columns_text(found->columns, found->table) : "none";
}

constexpr const char* kInferred = "CREATE STREAM orders WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='AVRO');";
constexpr const char* kKeyed = "CREATE STREAM orders (k VARCHAR KEY) WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='AVRO');";

std::string case_result(const std::string& text) {
  const auto results = run_cases(text, "it");
  return results.at(0).why;
}

}  // namespace

TEST_CASE("a source without columns takes them from the latest schema of its topic's subject") {
  Server server = with_order();
  CHECK(server.wrong(kInferred) == "");
  CHECK(columns(server, "ORDERS") == "ID VARCHAR(STRING), CENTS INTEGER");
  // What the statement names of the key stays; the latest version is what counts.
  Server later = with_order();
  later.engine.catalog.registry.add("orders-value", SchemaFormat::avro,
                                    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"string"},
    {"name":"cents","type":"long"},{"name":"tags","type":{"type":"array","items":"string"},"default":[]},
    {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"default":0},
    {"name":"price","type":["null",{"type":"bytes","logicalType":"decimal","precision":6,"scale":2}],"default":null},
    {"name":"by","type":{"type":"record","name":"By","fields":[{"name":"name","type":"string"}]},"default":{"name":""}}]})");
  CHECK(later.wrong(kKeyed) == "");
  CHECK(columns(later, "ORDERS") ==
        "K VARCHAR(STRING) KEY, ID VARCHAR(STRING), CENTS BIGINT, TAGS ARRAY<VARCHAR(STRING)>, `AT` TIMESTAMP, PRICE DECIMAL(6, 2), "
            "`BY` STRUCT<`NAME` VARCHAR(STRING)>");
}

TEST_CASE("key and value are taken from subjects of their own; a table's key is its primary key") {
  for (const char* what : {"STREAM", "TABLE"}) {
    Server server = with_order();
    server.engine.catalog.registry.add("orders-key", SchemaFormat::avro, "\"long\"");
    CHECK(server.wrong("CREATE " + std::string(what) + " orders WITH (KAFKA_TOPIC='orders', FORMAT='AVRO');") == "");
    CHECK(columns(server, "ORDERS") ==
          std::string("ROWKEY BIGINT ") + (what[0] == 'T' ? "PRIMARY KEY" : "KEY") + ", ID VARCHAR(STRING), CENTS INTEGER");
  }
  Server no_key = with_order();
  CHECK(no_key.wrong("CREATE STREAM orders WITH (KAFKA_TOPIC='orders', FORMAT='AVRO');").find("no subject 'orders-key'") !=
        std::string::npos);
}

TEST_CASE("without a schema, or with one that has no columns, the statement is refused and says what to do") {
  Server none;
  none.engine.catalog.partitions_of_unknown_topics = 1;
  CHECK(none.wrong(kInferred).find("no subject 'orders-value'") != std::string::npos);
  CHECK(none.wrong(kInferred).find("name the columns of ORDERS") != std::string::npos);
  CHECK(columns(none, "ORDERS") == "none");
  Server both = with_order(R"({"type":"record","name":"O","fields":[{"name":"x","type":["int","string"]}]})");
  CHECK(both.wrong(kInferred).find("a union of several types") != std::string::npos);
  Server other = with_order();
  CHECK(other.wrong("CREATE STREAM orders WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='JSON_SR');").find("it is AVRO") != std::string::npos);
}

TEST_CASE("what a statement makes is registered under the topic's subjects, and an incompatible one is refused with the statement") {
  Server server = with_order();
  const Registry& registry = server.engine.catalog.registry;
  REQUIRE(server.wrong(kKeyed) == "");
  CHECK(server.wrong("CREATE STREAM big WITH (KEY_FORMAT='AVRO') AS SELECT k, id, cents * 2 AS twice FROM orders PARTITION BY k;") == "");
  REQUIRE(registry.find("BIG-value") != nullptr);
  REQUIRE(registry.find("BIG-key") != nullptr);
  CHECK(registry.find(registry.find("BIG-key")->versions[0].id)->text == "\"string\"");
  CHECK(registry.find(registry.find("BIG-value")->versions[0].id)->text ==
        R"({"type":"record","name":"KsqlDataSourceSchema","namespace":"io.confluent.ksql.avro_schemas","fields":[)"
        R"({"name":"ID","type":["null","string"],"default":null},{"name":"TWICE","type":["null","int"],"default":null}]})");
  // Another column type into the same topic: what is there cannot be read with it.
  const std::string refused = server.wrong("CREATE STREAM big2 WITH (KAFKA_TOPIC='BIG') AS SELECT k, id, 'many' AS twice FROM orders;");
  CHECK(refused.find("refuses the schema of topic 'BIG'") != std::string::npos);
  CHECK(refused.find("KsqlDataSourceSchema.TWICE") != std::string::npos);
  CHECK(columns(server, "BIG2") == "none");
  CHECK(registry.find("BIG-value")->versions.size() == 1);
  // A column more takes null where it is missing: that goes.
  CHECK(server.wrong("CREATE STREAM big3 WITH (KAFKA_TOPIC='BIG') AS SELECT k, id, cents AS twice, 'EUR' AS currency FROM orders;") == "");
  CHECK(registry.find("BIG-value")->versions.size() == 2);
  // A source that is only described leaves a subject that is there alone.
  CHECK(server.wrong("CREATE STREAM again (id VARCHAR, cents BIGINT) WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='AVRO');") == "");
  CHECK(registry.find("orders-value")->versions.size() == 1);
}

TEST_CASE("a schema that is made of columns gives them back, in each language") {
  const Type nested{Base::structure, 0, 0, {simple(Base::text), array_of(simple(Base::bigint))}, {"NAME", "ALL_OF_IT"}};
  for (const FormatKind kind : {FormatKind::avro, FormatKind::json_sr, FormatKind::protobuf}) {
    Columns all;
    const auto add = [&all](Type type) { all.push_back({"C" + std::to_string(all.size()), std::move(type), false, KeyMark::none, ""}); };
    for (const Base base : {Base::boolean, Base::integer, Base::bigint, Base::real, Base::text, Base::bytes, Base::date, Base::time,
                            Base::timestamp})
      add(simple(base));
    add(nested);
    add(array_of(nested));
    add(map_of(simple(Base::text), simple(Base::real)));
    add(decimal_type(12, 3));
    add(array_of(decimal_type(5, 0)));
    Format format;
    format.kind = kind;
    const std::string text = schema_text(format, all, false);
    INFO(text);
    CHECK(schema_problem(registry_format(kind), text) == "");
    std::string why;
    const auto back = columns_of_schema(format, text, false, why);
    REQUIRE_MESSAGE(back, why);
    CHECK(columns_text(*back, false) == columns_text(all, false));
    // One column of a key stands bare, but in Protobuf.
    const Columns one(all.begin() + 1, all.begin() + 2);
    const auto key = columns_of_schema(format, schema_text(format, one, true), true, why);
    REQUIRE(key);
    CHECK(key->at(0).name == (kind == FormatKind::protobuf ? "C1" : "ROWKEY"));
    CHECK(key->at(0).type == simple(Base::integer));
  }
}

TEST_CASE("a row's JSON becomes Avro's bytes and comes back: decimals, bytes, maps and nulls") {
  const AvroResult order = read_avro(kOrder);
  const auto value = avro_of_json(*order.schema, order.schema->root, *parse_json(R"({"ID":"o1","CENTS":250})"));
  REQUIRE(value);
  CHECK(hex_text(encode_avro(*value)) == "046f31f403");  // M1
  CHECK_FALSE(avro_of_json(*order.schema, order.schema->root, *parse_json(R"({"ID":"o1","CENTS":"many"})")));
  CHECK_FALSE(avro_of_json(*order.schema, order.schema->root, *parse_json(R"({"ID":"o1"})")));

  const Columns columns = {{"D", decimal_type(6, 2), false, KeyMark::none, ""},
                           {"B", simple(Base::bytes), false, KeyMark::none, ""},
                           {"M", map_of(simple(Base::text), simple(Base::bigint)), false, KeyMark::none, ""},
                           {"A", array_of(simple(Base::boolean)), false, KeyMark::none, ""}};
  Format avro;
  avro.kind = FormatKind::avro;
  const AvroResult schema = read_avro(schema_text(avro, columns, false));
  REQUIRE(schema.schema);
  for (const char* row : {R"({"D":-1.50,"B":"AAH/","M":{"a":1,"b":null},"A":[true,null]})", R"({"D":327.68,"B":"","M":{},"A":[]})",
                          R"({"D":null,"B":null,"M":null,"A":null})", R"({"D":-327.68,"B":"/w==","M":{"":-1},"A":[false]})"}) {
    const auto made = avro_of_json(*schema.schema, schema.schema->root, *parse_json(row));
    REQUIRE(made);
    const AvroValueResult read = decode_avro(*schema.schema, *schema.schema, encode_avro(*made));
    REQUIRE(read.value);
    std::string back;
    write_json_of_avro(back, *schema.schema, schema.schema->root, *read.value);
    CHECK(back == row);
  }
  // 1.27 and 1.28 are 127 and 128 hundredths: one byte and two.
  const auto small = avro_of_json(*schema.schema, schema.schema->root, *parse_json(R"({"D":1.27})"));
  const auto larger = avro_of_json(*schema.schema, schema.schema->root, *parse_json(R"({"D":1.28})"));
  CHECK(hex_text(encode_avro(*small)).substr(0, 6) == "02027f");
  CHECK(hex_text(encode_avro(*larger)).substr(0, 8) == "02040080");
}

TEST_CASE("cases run in each format: rows are as in JSON, and Protobuf has no null") {
  const auto in = [](const std::string& format, const std::string& missing) {
    return R"({"statements": ["CREATE STREAM s (k VARCHAR KEY, a INT, b VARCHAR, c ARRAY<INT>) WITH (KAFKA_TOPIC='s', VALUE_FORMAT=')" +
           format +
           R"(');", "CREATE STREAM o AS SELECT * FROM s;"], "inputs": [{"topic": "s", "key": "x", "value": {"A": 1, "B": "y", "C": [2]}},
           {"topic": "s", "key": "x", "value": {"A": null}}, {"topic": "s", "key": "x", "value": null}],
           "outputs": [{"topic": "O", "key": "x", "value": {"A": 1, "B": "y", "C": [2]}}, {"topic": "O", "key": "x", "value": )" +
           missing + R"(}, {"topic": "O", "key": "x", "value": null}]})";
  };
  CHECK(case_result(in("AVRO", R"({"A": null, "B": null, "C": null})")) == "");
  CHECK(case_result(in("JSON_SR", R"({"A": null, "B": null, "C": null})")) == "");
  CHECK(case_result(in("PROTOBUF", R"({"A": 0, "B": "", "C": []})")) == "");
  CHECK(case_result(in("PROTOBUF", R"({"A": null, "B": null, "C": null})")) != "");
  CHECK(case_result(R"({"topics": [{"name": "t", "valueFormat": "AVRO", "valueSchema": {"type": "record", "name": "T", "fields": [
      {"name": "c1", "type": ["null", "int"], "default": null}]}}],
      "statements": ["CREATE STREAM i WITH (KAFKA_TOPIC='t', VALUE_FORMAT='avro');",
      "CREATE STREAM o AS SELECT c1 + 1 AS n FROM i;"], "inputs": [{"topic": "t", "value": {"c1": 4}}],
      "outputs": [{"topic": "O", "value": {"N": 5}}]})") == "");
  CHECK(case_result(R"({"statements": ["CREATE STREAM s (a INT, `1b` INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='AVRO');"],
      "error": true})") == "");
  CHECK(case_result(R"({"statements": ["CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='AVRRO');"], "says": true,
      "error": "Did you mean AVRO?"})") == "");
}

}  // namespace nutshell::streams

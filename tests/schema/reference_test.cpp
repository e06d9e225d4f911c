// Schemas that refer to others by subject and version (M1), and mode IMPORT. Expected values are what Confluent's registry documents.
#include "sim/schema/reference.h"

#include <doctest/doctest.h>

#include <string>

#include "sim/registry/store.h"
#include "sim/schema/avro_value.h"

namespace nutshell::references {
namespace {

const std::string kMoney = R"({"type":"record","name":"Money","namespace":"acme","fields":[{"name":"cents","type":"int"}]})";
const std::string kOrder = R"({"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"string"},)"
                           R"({"name":"price","type":"acme.Money"},{"name":"paid","type":["null","acme.Money"],"default":null}]})";

Registration add(Registry& registry, const std::string& subject, SchemaFormat format, const std::string& text,
                 std::vector<SchemaReference> references = {}) {
  return registry.add(subject, {format, text, std::move(references), 0, 0});
}

}  // namespace

TEST_CASE("Avro: a named type of another subject, written and read with both") {
  Registry registry;
  CHECK(add(registry, "orders-value", SchemaFormat::avro, kOrder, {{"acme.Money", "money", 1}}).status == 422);  // no such subject yet
  REQUIRE(add(registry, "money", SchemaFormat::avro, kMoney).id == 1);
  CHECK(add(registry, "orders-value", SchemaFormat::avro, kOrder).problem.find("there is no type 'acme.Money'") != std::string::npos);
  CHECK(add(registry, "orders-value", SchemaFormat::avro, kOrder, {{"acme.Money", "money", 7}}).problem.find("no version 7") !=
        std::string::npos);
  const Registration made = add(registry, "orders-value", SchemaFormat::avro, kOrder, {{"acme.Money", "money", -1}});
  REQUIRE(made.id == 2);
  CHECK(registry.find(2)->text == kOrder);
  CHECK(registry.find(2)->references == std::vector<SchemaReference>{{"acme.Money", "money", 1}});
  // By hand: the type stands where it is named first, and by name after that.
  const std::string whole = R"({"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"string"},)"
                            R"({"name":"price","type":)" + kMoney + R"(},{"name":"paid","type":["null","acme.Money"],"default":null}]})";
  CHECK(registry.whole(*registry.find(2)) == whole);
  // "o1", 250, null: 04 'o' '1', f4 03, 00.
  const AvroSchema schema = *read_avro(registry.whole(*registry.find(2))).schema;
  const AvroValueResult value = decode_avro(schema, schema, std::string("\x04o1\xf4\x03\x00", 6));
  REQUIRE(value.value);
  CHECK(avro_text(schema, schema.root, *value.value) == R"({"id": "o1", "price": {"cents": 250}, "paid": null})");
}

TEST_CASE("a change of what is referred to counts where it is referred to") {
  Registry registry;
  add(registry, "money", SchemaFormat::avro, kMoney);
  add(registry, "orders-value", SchemaFormat::avro, kOrder, {{"acme.Money", "money", 1}});
  registry.set_level("money", Compatibility::none);
  const std::string text_money = R"({"type":"record","name":"Money","namespace":"acme","fields":[{"name":"cents","type":"string"}]})";
  const std::string wide_money = R"({"type":"record","name":"Money","namespace":"acme","fields":[{"name":"cents","type":"long"}]})";
  REQUIRE(add(registry, "money", SchemaFormat::avro, text_money).version == 2);
  REQUIRE(add(registry, "money", SchemaFormat::avro, wide_money).version == 3);
  const Registration refused = add(registry, "orders-value", SchemaFormat::avro, kOrder, {{"acme.Money", "money", 2}});
  CHECK(refused.status == 409);
  REQUIRE_FALSE(refused.refusals.empty());
  CHECK(refused.refusals.front().reason.where == "Order.price.cents");
  const Registration wider = add(registry, "orders-value", SchemaFormat::avro, kOrder, {{"acme.Money", "money", 3}});
  CHECK(wider.version == 2);  // the same text, but another schema
  CHECK(wider.id != 2);
  // What is referred to stays, until those that refer to it have gone.
  const Deletion kept = registry.erase("money", 1, false);
  CHECK(kept.status == 422);
  CHECK(kept.problem.find("referred to by 'orders-value', version 1") != std::string::npos);
  CHECK(registry.erase("money", 2, false).status == 200);
  CHECK(registry.erase("orders-value", 1, false).status == 200);
  CHECK(registry.erase("money", 1, false).status == 200);
}

TEST_CASE("JSON Schema: $ref to another subject, and on from there") {
  Registry registry;
  add(registry, "unit", SchemaFormat::json, R"({"enum": ["EUR", "USD"]})");
  REQUIRE(add(registry, "money", SchemaFormat::json,
              R"({"type": "object", "properties": {"unit": {"$ref": "unit.json"}, "cents": {"$ref": "#/$defs/n"}}, )"
              R"("$defs": {"n": {"type": "integer"}}})",
              {{"unit.json", "unit", 1}}).id == 2);
  const std::string order = R"({"type": "object", "properties": {"price": {"$ref": "money.json"}, "n": {"$ref": "money.json#/$defs/n"}}})";
  CHECK(add(registry, "orders", SchemaFormat::json, order).problem.find("takes 'money.json' from elsewhere") != std::string::npos);
  REQUIRE(add(registry, "orders", SchemaFormat::json, order, {{"money.json", "money", 1}}).id == 3);
  // The same in one file of our own.
  const std::string narrow = R"({"type": "object", "properties": {"price": {"type": "object", "properties": )"
                             R"({"unit": {"enum": ["EUR"]}, "cents": {"type": "integer"}}}, "n": {"type": "integer"}}})";
  const std::string wide = R"({"type": "object", "properties": {"price": {"type": "object", "properties": )"
                           R"({"unit": {"enum": ["EUR", "USD", "CHF"]}, "cents": {"type": "number"}}}, "n": {"type": "number"}}})";
  Registry other = registry;
  CHECK(add(registry, "orders", SchemaFormat::json, narrow).status == 409);
  CHECK(add(other, "orders", SchemaFormat::json, wide).status == 200);
}

TEST_CASE("Protobuf: an import of another subject; what is of another package has its full name") {
  Registry registry;
  const auto money = [](const std::string& type) { return "syntax = \"proto3\"; package acme; message Money { " + type + " cents = 1; }"; };
  add(registry, "money", SchemaFormat::protobuf, money("int32"));
  registry.set_level("money", Compatibility::none);
  add(registry, "money", SchemaFormat::protobuf, money("int64"));
  add(registry, "money", SchemaFormat::protobuf, money("string"));
  const std::string order = "syntax = \"proto3\"; import \"money.proto\"; package shop; message Order { acme.Money price = 1; }";
  CHECK(add(registry, "orders", SchemaFormat::protobuf, order).problem.find("takes 'money.proto' from elsewhere") != std::string::npos);
  REQUIRE(add(registry, "orders", SchemaFormat::protobuf, order, {{"money.proto", "money", 1}}).version == 1);
  CHECK(add(registry, "orders", SchemaFormat::protobuf, order, {{"money.proto", "money", 3}}).status == 409);
  CHECK(add(registry, "orders", SchemaFormat::protobuf, order, {{"money.proto", "money", 2}}).version == 2);
  // A definition of its own in place of the import, of the same fields: the name within its package counts.
  const std::string own = "syntax = \"proto3\"; package shop; message Order { Money price = 1; } message Money { int64 cents = 1; }";
  CHECK(add(registry, "orders", SchemaFormat::protobuf, own).version == 3);
  CHECK(schema_problem(SchemaFormat::protobuf, "message @ a @ B {}").find("'@'") != std::string::npos);
}

TEST_CASE("IMPORT takes ids and versions as they were, compares nothing, and is for empty subjects") {
  Registry registry;
  const auto call = [&registry](const std::string& text) {
    std::string problem;
    const auto asked = read_registry_call(text, problem);
    REQUIRE_MESSAGE(asked, problem);
    const CallOutcome outcome = carry_out(registry, *asked);
    for (const StoreRecord& each : outcome.records) CHECK(take_record(registry, each.key, each.value));
    return outcome.status;
  };
  const auto post = [&call](const std::string& schema, const std::string& more) {
    return call("POST /subjects/old/versions {\"schema\": \"\\\"" + schema + "\\\"\"" + more + "}");
  };
  CHECK(post("int", ", \"id\": 40, \"version\": 3") == 422);  // READWRITE: ids are given
  CHECK(call(R"(PUT /mode/old {"mode": "IMPORT"})") == 200);
  CHECK(post("int", "") == 422);
  CHECK(post("int", ", \"id\": 40, \"version\": 3") == 200);
  CHECK(post("string", ", \"id\": 40, \"version\": 4") == 422);  // another schema has the id
  CHECK(post("string", ", \"id\": 12, \"version\": 3") == 422);  // the version is there
  CHECK(post("string", ", \"id\": 12, \"version\": 1") == 200);  // before it, and not BACKWARD to it
  CHECK(registry.find("old")->versions == std::vector<SubjectVersion>{{1, 12}, {3, 40}});
  CHECK(call(R"(PUT /mode {"mode": "IMPORT"})") == 422);
  CHECK(call(R"(PUT /mode?force=true {"mode": "IMPORT"})") == 200);
  CHECK(call("DELETE /mode/old") == 200);
  CHECK(call(R"(PUT /mode {"mode": "READWRITE"})") == 200);
  CHECK(post("boolean", "") == 409);  // BACKWARD again
  CHECK(registry.add("new", SchemaFormat::avro, R"("bytes")").id == 41);
  // Who reads the store from its beginning, whatever the modes are by then, comes to the same.
  Registry late;
  for (const SubjectVersion& each : {SubjectVersion{3, 40}, SubjectVersion{1, 12}}) {
    const StoreRecord record = schema_record("old", each, *registry.find(each.id));
    CHECK(take_record(late, record.key, record.value));
  }
  CHECK(late.find("old")->versions == registry.find("old")->versions);
}

}  // namespace nutshell::references

#include "sim/schema/avro_value.h"

#include <doctest/doctest.h>

#include <string>

#include "sim/core/text.h"

namespace nutshell::avro_values {
namespace {

AvroSchema schema(const std::string& text) {
  AvroResult read = read_avro(text);
  REQUIRE_MESSAGE(read.schema, read.problem);
  return *read.schema;
}

std::string written(const std::string& text, const std::string& value) {
  const AvroSchema with = schema(text);
  const JsonTreeResult json = parse_json_tree(value);
  REQUIRE(json.tree);
  const AvroValueResult made = avro_from_json(with, with.root, *json.tree);
  REQUIRE_MESSAGE(made.value, made.problem);
  return hex_text(encode_avro(*made.value));
}

// What a reader gets, as a line; or "! " and why it gets nothing.
std::string read(const std::string& writer, const std::string& reader, const std::string& hex) {
  const AvroSchema from = schema(writer), to = schema(reader);
  const AvroValueResult got = decode_avro(from, to, *bytes_of_hex(hex));
  return got.value ? avro_text(to, to.root, *got.value) : "! " + got.problem;
}
std::string read(const std::string& writer, const std::string& hex) { return read(writer, writer, hex); }

std::string order(const std::string& fields) { return R"({"type": "record", "name": "Order", "fields": [)" + fields + "]}"; }
const std::string kOrder = order(R"({"name": "id", "type": "string"}, {"name": "cents", "type": "int"})");

TEST_CASE("M1: an order's bytes") { CHECK(written(kOrder, R"({"id": "o1", "cents": 250})") == "046f31f403"); }

// The examples of Avro's specification.
TEST_CASE("Avro's own examples of its encoding") {
  CHECK(written("\"long\"", "0") == "00");
  CHECK(written("\"long\"", "-1") == "01");
  CHECK(written("\"long\"", "1") == "02");
  CHECK(written("\"long\"", "-2") == "03");
  CHECK(written("\"long\"", "-64") == "7f");
  CHECK(written("\"long\"", "64") == "8001");
  CHECK(written("\"string\"", "\"foo\"") == "06666f6f");
  CHECK(written(R"({"type": "record", "name": "test", "fields": [{"name": "a", "type": "long"}, {"name": "b", "type": "string"}]})",
                R"({"a": 27, "b": "foo"})") == "3606666f6f");
  CHECK(written(R"({"type": "array", "items": "long"})", "[3, 27]") == "04063600");
  CHECK(written(R"(["null", "string"])", "null") == "00");
  CHECK(written(R"(["null", "string"])", "\"a\"") == "020261");
  CHECK(written(R"({"type": "enum", "name": "Foo", "symbols": ["A", "B", "C", "D"]})", "\"D\"") == "06");
}

TEST_CASE("numbers at their limits come back") {
  CHECK(written("\"long\"", "-9223372036854775808") == "ffffffffffffffffff01");
  CHECK(read("\"long\"", "ffffffffffffffffff01") == "-9223372036854775808");
  CHECK(read("\"long\"", "feffffffffffffffff01") == "9223372036854775807");
  CHECK(read("\"long\"", "ffffffffffffffffff02").find("more than 64 bits") != std::string::npos);
  CHECK(read("\"int\"", "8080808010") == "! byte 5: an int of more than 32 bits");  // 2^31
  CHECK(read("\"double\"", "000000000000f83f") == "1.5");
  CHECK(read("\"float\"", "0000c03f") == "1.5");
}

TEST_CASE("M5: a reader with another schema") {
  const std::string bytes = "046f31f403";
  CHECK(read(kOrder, order(R"({"name": "cents", "type": "long"}, {"name": "id", "type": "string"})"), bytes) ==
        R"({"cents": 250, "id": "o1"})");
  CHECK(read(kOrder, order(R"({"name": "cents", "type": "double"}, {"name": "note", "type": "string", "default": "none"})"), bytes) ==
        R"({"cents": 250, "note": "none"})");
  CHECK(read(kOrder, order(R"({"name": "key", "type": "bytes", "aliases": ["id"]})"), bytes) == R"({"key": "6f31"})");
  CHECK(read(kOrder, order(R"({"name": "cents", "type": ["null", "int"], "default": null})"), bytes) == R"({"cents": 250})");
  CHECK(read(kOrder, order(R"({"name": "note", "type": "string"})"), bytes) ==
        "! byte 0: the field 'note' was not written, and the reader has no default for it");
  CHECK(read(kOrder, order(R"({"name": "cents", "type": "string"})"), bytes) == "! byte 3: int was written, string is read");
}

TEST_CASE("an enum's default stands for what the reader does not know") {
  const auto colour = [](const std::string& symbols, const std::string& more) {
    return R"({"type": "enum", "name": "Colour", "symbols": [)" + symbols + "]" + more + "}";
  };
  const std::string wide = colour(R"("red", "green", "blue")", "");
  CHECK(read(wide, colour(R"("green", "red")", R"(, "default": "red")"), "04") == "\"red\"");
  CHECK(read(wide, colour(R"("green", "red")", R"(, "default": "red")"), "02") == "\"green\"");
  CHECK(read(wide, colour(R"("green", "red")", ""), "04").find("has no 'blue'") != std::string::npos);
  CHECK(read(wide, colour(R"("green", "red")", ""), "00") == "\"red\"");
}

TEST_CASE("M8b: the wrong schema is assumed") {
  // Fields swapped, or cents as a text or a real number: here the bytes run out, elsewhere values would be garbage.
  const std::string bytes = "046f31f403";
  for (const char* fields : {R"({"name": "cents", "type": "int"}, {"name": "id", "type": "string"})",
                             R"({"name": "id", "type": "string"}, {"name": "cents", "type": "string"})",
                             R"({"name": "id", "type": "string"}, {"name": "cents", "type": "double"})"}) {
    CHECK(read(order(fields), bytes).substr(0, 2) == "! ");
  }
}

TEST_CASE("blocks with their size, and of several parts, are read like one") {
  const std::string list = R"({"type": "array", "items": "long"})";
  CHECK(read(list, "0304063600") == "[3, 27]");  // -2, 2 bytes
  CHECK(read(list, "0206023600") == "[3, 27]");
  CHECK(read(R"({"type": "map", "values": "int"})", "0202610600") == R"({"a": 3})");
}

TEST_CASE("bytes that lie are refused, and cost nothing") {
  CHECK(read("\"string\"", "0861") == "! byte 1: 4 bytes should follow, 1 are left");
  CHECK(read("\"string\"", "0161") == "! byte 1: -1 bytes should follow, 1 are left");
  CHECK(read("\"long\"", "0000") == "! byte 1: 1 bytes are left over");
  CHECK(read("\"boolean\"", "02").find("neither 0 nor 1") != std::string::npos);
  CHECK(read(R"({"type": "array", "items": "null"})", "feffffffffffffffff0100").find("more than a million elements") !=
        std::string::npos);
  CHECK(read(R"({"type": "array", "items": "null"})", "ffffffffffffffffff0100").find("more elements than there can be") !=
        std::string::npos);
  CHECK(read(R"(["null", "int"])", "04").find("no such branch") != std::string::npos);
  const std::string list = R"({"type": "record", "name": "L", "fields": [{"name": "next", "type": ["null", "L"]}]})";
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "02";
  CHECK(read(list, deep + "00").find("nested more than 64 deep") != std::string::npos);
  CHECK(read(list, "020200") == R"({"next": {"next": {"next": null}}})");
}

TEST_CASE("a schema that is none is refused with its place") {
  const auto problem = [](const std::string& text) { return read_avro(text).problem; };
  CHECK(problem(order(R"({"name": "a", "type": "integer"})")).find("Order.a: there is no type 'integer'") == 0);
  CHECK(problem(order(R"({"name": "a", "type": "int"}, {"name": "a", "type": "int"})")) ==
        "Order.a: the field stands there twice; remove one");
  CHECK(problem(order(R"({"name": "a", "type": "int", "default": "x"})")).find("Order.a: its default \"x\" is no int") == 0);
  CHECK(problem(order(R"({"name": "a", "type": "int", "default": 2147483648})")).find("more than 32 bits") != std::string::npos);
  CHECK(problem(order(R"({"name": "1a", "type": "int"})")).find("needs a \"name\"") != std::string::npos);
  CHECK(problem(order(R"({"name": "a", "type": ["int", ["null"]]})")).find("a union stands directly in a union") != std::string::npos);
  CHECK(problem(R"(["int", "int"])").find("the union has 'int' twice") != std::string::npos);
  CHECK(problem("[]").find("the union is empty") != std::string::npos);
  CHECK(problem(R"({"type": "enum", "name": "E", "symbols": ["a"], "default": "b"})").find("is none of its symbols") !=
        std::string::npos);
  CHECK(problem(R"({"type": "fixed", "name": "F", "size": -1})").find("needs a \"size\"") != std::string::npos);
  CHECK(problem("3").find("a type is a name, a list or an object, but this is a number") != std::string::npos);
  // A default that would go on for ever.
  CHECK(problem(R"({"type": "record", "name": "R", "fields": [{"name": "r", "type": "R", "default": {}}]})") != "");
  const std::string tower = R"([{"type": "record", "name": "A", "fields": [{"name": "x", "type": [{"type": "record", "name": "B",
    "fields": [{"name": "x", "type": ["A", "B"], "default": {}}]}, "A"], "default": {}}]}, "B"])";
  CHECK(problem(tower) != "");
}

TEST_CASE("namespaces: a bare name is looked for beside where it stands") {
  const AvroSchema it = schema(R"({"type": "record", "name": "Order", "namespace": "shop", "fields": [
      {"name": "money", "type": {"type": "record", "name": "Money", "fields": [{"name": "cents", "type": "int"}]}},
      {"name": "tip", "type": "Money"}, {"name": "fee", "type": "shop.Money"}]})");
  const AvroType& root = it.at(it.root);
  CHECK(root.name == "shop.Order");
  CHECK(it.at(root.fields[1].type).name == "shop.Money");
  CHECK(root.fields[1].type == root.fields[2].type);
}

}  // namespace
}  // namespace nutshell::avro_values

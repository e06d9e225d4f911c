// C14: bytes and Connect data, both ways.
#include <doctest/doctest.h>

#include "sim/connect/converter.h"

namespace nutshell::connect {
namespace {

const Converter kEnvelope{Converter::Kind::json, true};
const Converter kPlain{Converter::Kind::json, false};

std::string written(const Converter& converter, const Data& data) {
  std::optional<std::string> bytes;
  Failure failure;
  if (!from_connect(converter, data, bytes, failure)) return "failure: " + failure.message;
  return bytes.value_or("null");
}

Data read(const Converter& converter, const std::optional<std::string>& bytes) {
  Data data;
  Failure failure;
  INFO(failure.message);
  CHECK(to_connect(converter, bytes, data, failure));
  return data;
}

std::string refused(const Converter& converter, const std::string& bytes) {
  Data data;
  Failure failure;
  CHECK_FALSE(to_connect(converter, bytes, data, failure));
  CHECK(failure.exception == "org.apache.kafka.connect.errors.DataException");
  CHECK_FALSE(failure.retriable);
  return failure.message;
}

Data pear() {
  const SchemaPtr schema = struct_schema({{"id", plain_schema(Type::int64)}, {"item", plain_schema(Type::string, true)}}, "orders");
  return {schema, Value(Members{{"id", Value(std::int64_t{1})}, {"item", Value(std::string("pear"))}})};
}

TEST_CASE("null is null with every converter, both ways") {
  for (const auto kind : {Converter::Kind::json, Converter::Kind::string, Converter::Kind::byte_array, Converter::Kind::int64,
                          Converter::Kind::int32, Converter::Kind::float64}) {
    const Converter converter{kind, true};
    CHECK(written(converter, {}) == "null");
    CHECK(read(converter, std::nullopt).value.null());
  }
}

TEST_CASE("JSON with its schema is an envelope of schema and payload") {
  const std::string text = written(kEnvelope, pear());
  CHECK(text ==
        R"({"schema":{"type":"struct","fields":[{"type":"int64","optional":false,"field":"id"},)"
        R"({"type":"string","optional":true,"field":"item"}],"optional":false,"name":"orders"},"payload":{"id":1,"item":"pear"}})");
  CHECK(read(kEnvelope, text) == pear());
}

TEST_CASE("plain JSON is refused where an envelope is wanted, and the remedy is said") {
  CHECK(refused(kEnvelope, R"({"id":1})").find("schemas.enable=false") != std::string::npos);
  CHECK(refused(kEnvelope, R"({"schema":null,"payload":1,"more":2})").find("nothing else") != std::string::npos);
  CHECK(refused(kEnvelope, "7").find("schemas.enable=false") != std::string::npos);
  CHECK(refused(kPlain, "{broken").find("no JSON") != std::string::npos);
}

TEST_CASE("plain JSON has no schema: numbers are int64 or double, objects are maps") {
  const Data data = read(kPlain, R"({"n":7,"x":1.5,"t":true,"l":[1,"a",null],"m":{"k":"v"}})");
  CHECK(data.schema == nullptr);
  CHECK(*data.value.find("n") == Value(std::int64_t{7}));
  CHECK(*data.value.find("x") == Value(1.5));
  CHECK(*data.value.find("l") == Value(List{Value(std::int64_t{1}), Value(std::string("a")), Value()}));
  CHECK(written(kPlain, data) == R"({"n":7,"x":1.5,"t":true,"l":[1,"a",null],"m":{"k":"v"}})");
  CHECK(written(kPlain, pear()) == R"({"id":1,"item":"pear"})");
}

TEST_CASE("what the schema requires has to be there, and a default stands for null") {
  const std::string schema = R"({"schema":{"type":"struct","fields":[{"type":"int32","optional":false,"field":"id"}]},"payload":)";
  CHECK(refused(kEnvelope, schema + R"({"other":1}})").find("field id") != std::string::npos);
  const Data given = read(kEnvelope, R"({"schema":{"type":"int32","default":5},"payload":null})");
  CHECK(given.value == Value(std::int64_t{5}));
  const SchemaPtr required = struct_schema({{"id", plain_schema(Type::int32)}});
  CHECK(written(kEnvelope, {required, Value(Members{{"id", Value()}})}).find("required INT32") != std::string::npos);
}

TEST_CASE("every type comes back from its envelope") {
  const SchemaPtr bytes = plain_schema(Type::bytes), array = [] {
    Schema schema;
    schema.type = Type::array;
    schema.item = plain_schema(Type::boolean);
    return std::make_shared<const Schema>(std::move(schema));
  }();
  for (const Data& data : {Data{bytes, Value(Bytes{std::string("\0\xff", 2)})}, Data{array, Value(List{Value(true), Value(false)})},
                           Data{plain_schema(Type::float64), Value(0.1)}, Data{plain_schema(Type::int8), Value(std::int64_t{-128})}}) {
    CHECK(read(kEnvelope, written(kEnvelope, data)) == data);
  }
  // A number that is too wide for its type is cut, as the original does: 300 is 44 in eight bits.
  CHECK(read(kEnvelope, R"({"schema":{"type":"int8"},"payload":300})").value == Value(std::int64_t{44}));
  CHECK(read(kEnvelope, R"({"schema":{"type":"int16"},"payload":70000})").value == Value(std::int64_t{70000 - 65536}));
  CHECK(read(kEnvelope, R"({"schema":{"type":"int32"},"payload":4294967299})").value == Value(std::int64_t{3}));
  CHECK(read(kEnvelope, R"({"schema":{"type":"int32"},"payload":2147483648})").value == Value(std::int64_t{-2147483648}));
  CHECK(read(kEnvelope, R"({"schema":{"type":"int64"},"payload":4294967299})").value == Value(std::int64_t{4294967299}));
}

TEST_CASE("numbers are big-endian, and other lengths are refused") {
  const Converter whole{Converter::Kind::int64, true}, half{Converter::Kind::int32, true}, real{Converter::Kind::float64, true};
  CHECK(written(whole, {nullptr, Value(std::int64_t{258})}) == std::string("\0\0\0\0\0\0\1\2", 8));
  CHECK(written(half, {nullptr, Value(std::int64_t{-1})}) == "\xff\xff\xff\xff");
  CHECK(read(half, "\xff\xff\xff\xfe").value == Value(std::int64_t{-2}));
  CHECK(read(real, written(real, {nullptr, Value(-2.5)})).value == Value(-2.5));
  CHECK(refused(whole, "1234").find("reads 8 bytes, and this has 4") != std::string::npos);
  CHECK(written(whole, {plain_schema(Type::string), Value(std::string("x"))}).find("INT64") != std::string::npos);
}

TEST_CASE("texts are written as Java prints a value") {
  const Converter text{Converter::Kind::string, true};
  CHECK(written(text, pear()) == "Struct{id=1,item=pear}");
  CHECK(written(text, {nullptr, Value(Members{{"a", Value(std::int64_t{1})}, {"b", Value()}})}) == "{a=1, b=null}");
  CHECK(written(text, {nullptr, Value(List{Value(1.0), Value(true)})}) == "[1.0, true]");
  CHECK(read(text, "caf\xc3\xa9").value == Value(std::string("caf\xc3\xa9")));
}

}  // namespace
}  // namespace nutshell::connect

// Texts that are no schemas, or hardly: read to an end, and what is read can be compared.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/schema/avro_value.h"
#include "sim/schema/registry.h"

namespace nutshell::schema_fuzz {
namespace {

// By SchemaFormat.
const std::string kTexts[] = {
    R"({"type": "record", "name": "Order", "namespace": "shop", "fields": [
        {"name": "id", "type": "string", "default": ""},
        {"name": "lines", "type": {"type": "array", "items":
            {"type": "record", "name": "Line", "fields": [{"name": "n", "type": "int", "aliases": ["m"]}]}}},
        {"name": "colour", "type": {"type": "enum", "name": "Colour", "symbols": ["red", "blue"], "default": "red"}},
        {"name": "next", "type": ["null", "Order"], "default": null},
        {"name": "sum", "type": {"type": "map", "values": "double"}}]})",
    R"({"type": "object",
        "properties": {"id": {"type": ["string", "null"], "maxLength": 10}, "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}}},
        "required": ["id"],
        "additionalProperties": {"anyOf": [{"type": "integer"}, {"not": {"type": "string"}}]},
        "allOf": [{"minProperties": 1}],
        "$defs": {"Line": {"type": "object", "properties": {"up": {"$ref": "#/$defs/Line"}, "n": {"enum": [1, 2]}}}}})",
    R"(syntax = "proto3"; package shop;
       message Order { string id = 1; repeated Line lines = 2; oneof pay { string card = 3; int64 cash = 4; }
         message Line { int32 n = 1; map<string, Order> up = 2; } enum Colour { RED = 0; } Colour colour = 5; })"};

// One to four changes: a piece cut out, doubled, put elsewhere, or a letter changed.
std::string spoiled(std::string text, std::uint64_t seed) {
  std::uint64_t nth = 0;
  const auto upto = [&](std::size_t most) {
    return static_cast<std::size_t>(between(draw(seed, Purpose::fuzz, 1, nth++), 0, static_cast<std::int64_t>(most)));
  };
  const std::string signs = "{}[]\",:0123456789abcdetruefalsn\\ \n\t;=<>./";
  for (std::size_t i = upto(2); i != static_cast<std::size_t>(-1) && !text.empty(); --i) {
    const std::size_t at = upto(text.size() - 1);
    const std::size_t length = upto(std::min<std::size_t>(20, text.size() - at));
    const std::string piece = text.substr(at, length);
    const std::size_t which = upto(3);
    if (which == 0) text.erase(at, length);
    if (which == 1) text.insert(at, piece);
    if (which == 2) text.insert(upto(text.size()), piece);
    if (which == 3) text[at] = signs[upto(signs.size() - 1)];
  }
  return text;
}

TEST_CASE("spoiled schemas are read or refused with a sentence, and can be compared if they are read") {
  int read = 0, refused = 0;
  for (const SchemaFormat format : {SchemaFormat::avro, SchemaFormat::json, SchemaFormat::protobuf}) {
    const std::string& good = kTexts[static_cast<std::size_t>(format)];
    REQUIRE(schema_problem(format, good).empty());
    CHECK(refusals(Compatibility::full, format, good, {good}).empty());
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
      const std::string text = spoiled(good, seed);
      const std::string problem = schema_problem(format, text);
      ++(problem.empty() ? read : refused);
      if (!problem.empty()) continue;
      for (const Refusal& each : refusals(Compatibility::full, format, text, {good})) CHECK_FALSE(each.reason.what.empty());
      CHECK_MESSAGE(refusals(Compatibility::full, format, text, {text}).empty(), text);
    }
  }
  CHECK(read > 500);
  CHECK(refused > 500);
}

TEST_CASE("random bytes read as a record end in a value or a sentence") {
  const AvroSchema schema = *read_avro(kTexts[0]).schema;
  int values = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    std::string bytes;
    for (std::uint64_t i = 0; i < seed % 40; ++i)
      bytes += static_cast<char>(below(draw(seed, Purpose::fuzz, 2, i), seed % 2 == 0 ? 2 : 256));
    const AvroValueResult got = decode_avro(schema, schema, bytes);
    CHECK(got.value.has_value() == got.problem.empty());
    if (!got.value) continue;
    ++values;
    const AvroValueResult again = decode_avro(schema, schema, encode_avro(*got.value));
    REQUIRE(again.value);
    CHECK(*again.value == *got.value);
  }
  CHECK(values > 0);
}

TEST_CASE("schemas made to take for ever do not") {
  // Alternatives of alternatives; references that double at each step; a chain of thousands.
  std::string nested = R"({"type": "string"})";
  for (int i = 0; i < 25; ++i)
    nested = R"({"anyOf": [)" + nested + ", " + nested + "]}", nested = nested.size() > 200'000 ? R"({"type": "integer"})" : nested;
  std::string doubling = R"({"$ref": "#/$defs/d0", "$defs": {)";
  for (int i = 0; i < 300; ++i) {
    const std::string next = R"({"$ref": "#/$defs/d)" + std::to_string(i + 1) + "\"}";
    doubling += R"("d)" + std::to_string(i) + R"(": {"type": "object", "properties": {"a": )" + next + ", \"b\": " + next + "}}, ";
  }
  const std::string end_in_string = doubling + R"("d300": {"type": "string"}}})",
                    end_in_number = doubling + R"("d300": {"type": "integer"}}})";
  CHECK_FALSE(refusals(Compatibility::backward, SchemaFormat::json, end_in_number, {end_in_string}).empty());
  CHECK(refusals(Compatibility::full, SchemaFormat::json, nested, {nested}).empty());
  // A record in a record in a record, as deep as a text may be, and each of them named again where it cannot be found at once.
  std::string inner = R"("int")", fields;
  for (int i = 0; i < 20; ++i) {
    const std::string name = "R" + std::to_string(i);
    inner = R"({"type": "record", "name": ")" + name + R"(", "fields": [{"name": "f", "type": )" + inner + "}]}";
    fields += R"(, {"name": "g)" + std::to_string(i) + R"(", "type": ")" + name + "\"}";
  }
  const std::string chain = R"({"type": "record", "name": "All", "fields": [{"name": "f", "type": )" + inner + "}" + fields + "]}";
  REQUIRE_MESSAGE(schema_problem(SchemaFormat::avro, chain).empty(), schema_problem(SchemaFormat::avro, chain));
  CHECK(refusals(Compatibility::full, SchemaFormat::avro, chain, {chain}).empty());
  std::string other = chain;
  other.replace(other.find("\"int\""), 5, "\"string\"");
  CHECK(refusals(Compatibility::backward, SchemaFormat::avro, other, {chain}).size() == 1);
  std::string wide = "[";
  for (int i = 0; i < 301; ++i)
    wide += (i > 0 ? ", " : "") + std::string(R"({"type": "fixed", "size": 1, "name": "F)") + std::to_string(i) + "\"}";
  CHECK(schema_problem(SchemaFormat::avro, wide + "]").find("more than 300 types in one union") != std::string::npos);
  std::string any = R"({"anyOf": [)", many;
  for (int i = 0; i < 1000; ++i)
    many += (i > 0 ? ", " : "") + std::string(R"({"type": "object", "required": ["p)") + std::to_string(i) +
            R"("], "properties": {"p)" + std::to_string(i) + R"(": {"type": "string"}}})";
  any += many + "]}";
  std::string others = any;
  for (std::size_t at = others.find("string"); at != std::string::npos; at = others.find("string", at)) others.replace(at, 6, "number");
  CHECK_FALSE(refusals(Compatibility::backward, SchemaFormat::json, others, {any}).empty());
}

}  // namespace
}  // namespace nutshell::schema_fuzz

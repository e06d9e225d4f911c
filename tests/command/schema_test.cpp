#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

using SchemaJson = nlohmann::json;

std::string order_file(const std::string& name, const std::string& more) {
  return write_file(
      name, R"({"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, {"name": "cents", "type": "int"})" +
                more + "]}");
}

TEST_CASE("schema check: a table of all levels, the reasons, and the exit code of the level that is asked for") {
  const std::string old = order_file("old.avsc", "");
  const std::string bad = order_file("bad.avsc", R"(, {"name": "note", "type": "string"})");
  const Result backward = run({"schema", "check", old, bad});
  CHECK(backward.exit_code == 1);
  CHECK(backward.err.empty());
  CHECK(backward.out.find("BACKWARD             no       consumers first        <") != std::string::npos);
  CHECK(backward.out.find("FORWARD              yes      producers first\n") != std::string::npos);
  CHECK(backward.out.find("Order.note: the writer does not write it, and the reader has no default for it") != std::string::npos);
  CHECK(backward.out.find("give the new field a default") != std::string::npos);
  CHECK(run({"schema", "check", old, bad, "--mode", "forward"}).exit_code == 0);
  CHECK(run({"schema", "check", old, bad, "--mode", "FULL-TRANSITIVE"}).exit_code == 1);
  CHECK(run({"schema", "check", old, bad, "--mode", "none"}).exit_code == 0);
}

TEST_CASE("schema check --json, of several versions") {
  const std::string v1 = order_file("v1.avsc", "");
  const std::string v2 = order_file("v2.avsc", R"(, {"name": "note", "type": "string", "default": ""})");
  const std::string v3 = order_file("v3.avsc", R"(, {"name": "note", "type": "string"})");
  const Result result = run({"schema", "check", v1, v2, v3, "--json"});
  CHECK(result.exit_code == 0);  // M4: the latest alone is asked
  const SchemaJson json = SchemaJson::parse(result.out);
  CHECK(json["format"] == "AVRO");
  CHECK(json["allowed"] == true);
  CHECK(json["modes"].size() == 7);
  CHECK(json["modes"][2]["mode"] == "BACKWARD_TRANSITIVE");
  CHECK(json["modes"][2]["allowed"] == false);
  CHECK(json["reasons"][0]["version"] == 1);
  CHECK(json["reasons"][0]["file"] == v1);
  CHECK(json["reasons"][0]["where"] == "Order.note");
}

TEST_CASE("schema check knows Protobuf and JSON Schema by the end of the name") {
  const std::string old = write_file("old.proto", "syntax = \"proto3\"; message Order { int32 cents = 1; }");
  const std::string bad = write_file("new.proto", "syntax = \"proto3\"; message Order { string cents = 1; }");
  CHECK(run({"schema", "check", old, bad}).exit_code == 1);
  const std::string open = write_file("old.json", R"({"type": "object"})");
  const std::string more = write_file("new.json", R"({"type": "object", "properties": {"id": {"type": "string"}}})");
  CHECK(run({"schema", "check", open, more}).exit_code == 1);
  CHECK(run({"schema", "check", open, more, "--mode", "forward"}).exit_code == 0);
}

TEST_CASE("schema write and read: the bytes of an order") {
  const std::string old = order_file("w.avsc", "");
  const std::string more = order_file("r.avsc", R"(, {"name": "note", "type": "string", "default": "none"})");
  CHECK(run({"schema", "write", old, R"({"id": "o1", "cents": 250})"}).out == "046f31f403\n");
  CHECK(run({"schema", "write", old, R"({"id": "o1", "cents": 250})", "--id", "7"}).out == "0000000007046f31f403\n");
  CHECK(run({"schema", "read", old, more, "046f31f403"}).out == "{\"id\": \"o1\", \"cents\": 250, \"note\": \"none\"}\n");
  const std::string swapped = write_file(
      "s.avsc",
      R"({"type": "record", "name": "Order", "fields": [{"name": "cents", "type": "int"}, {"name": "id", "type": "string"}]})");
  const Result wrong = run({"schema", "read", swapped, swapped, "046f31f403"});
  CHECK(wrong.exit_code == 1);
  CHECK(wrong.err.empty());
}

TEST_CASE("schema changes: a row for each, and the schemas for programs") {
  const Result result = run({"schema", "changes"});
  CHECK(result.exit_code == 0);
  CHECK(result.out.find("add a field without a default      no        yes      old data lacks it\n") != std::string::npos);
  const SchemaJson json = SchemaJson::parse(run({"schema", "changes", "--json"}).out);
  REQUIRE(json.size() == 12);
  CHECK(json[4]["change"] == "int to long");
  CHECK(json[4]["new"]["fields"][1]["type"] == "long");
}

TEST_CASE("schema: what cannot be done is said in a sentence") {
  const std::string good = order_file("g.avsc", "");
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& said) {
    const Result result = run(arguments);
    CAPTURE(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find(said) != std::string::npos);
  };
  refused({"schema", "check", good}, "nothing to compare");
  refused({"schema", "check", good, "nowhere.avsc"}, "'nowhere.avsc' cannot be opened");
  refused({"schema", "check", good, "order.txt"}, "none of the endings .avsc (Avro), .json (JSON Schema) and .proto (Protobuf)");
  refused({"schema", "check", good, write_file("x.avsc", "{\n  \"type\": \"record\n}")}, "line 2, column");
  refused({"schema", "check", good, good, "--mode", "backwards"}, "did you mean 'backward'?");
  refused({"schema", "check", good, write_file("x.proto", "message A {}")}, "are of two formats");
  refused({"schema", "write", good, R"({"id": "o1"})"}, "the field 'cents' is missing");
  refused({"schema", "read", good, good, "046f3"}, "is no row of bytes");
  refused({"schema", "read", good, good, "046f31f403", "--id", "1"}, "--help' explains");
}

TEST_CASE("schema check: a folder stands for its versions, in the order of their numbers, and --format goes before endings") {
  const std::string folder = std::string(write_file("versions.d", "")) + "-of-it";
  std::filesystem::create_directories(folder);
  const auto put = [&](const std::string& name, const std::string& more) {
    const std::string from = order_file("one.avsc", more);
    std::filesystem::copy_file(from, folder + "/" + name, std::filesystem::copy_options::overwrite_existing);
  };
  put("v2.avsc", "");
  put("v10.avsc", R"(, {"name": "note", "type": "string", "default": ""})");
  const std::string next = order_file("next.avsc", R"(, {"name": "note", "type": "string"})");
  const SchemaJson json = SchemaJson::parse(run({"schema", "check", folder, next, "--json"}).out);
  CHECK(json["allowed"] == true);  // after version 10, which has a default
  CHECK(json["modes"][2]["allowed"] == false);  // BACKWARD_TRANSITIVE: after version 2
  const std::string plain = write_file("order.txt", R"("int")"), wider = write_file("wider.txt", R"("long")");
  CHECK(run({"schema", "check", plain, wider}).exit_code == 2);
  CHECK(run({"schema", "check", plain, wider, "--format", "avro"}).exit_code == 0);
  CHECK(run({"schema", "check", plain, wider, "--format", "arvo"}).exit_code == 2);
}

TEST_CASE("schema test: cases of strangers, a line each") {
  CHECK(run({"schema", "test", NUTSHELL_SOURCE_DIR "/tests/vectors/schema"}).exit_code == 0);
  const std::string cases = write_file("cases.json", R"([{"name": "wider", "old": ["int"], "new": "long", "allowed": true},
    {"name": "narrower", "old": ["long"], "new": "int", "mode": "BACKWARD", "allowed": true}])");
  const Result result = run({"schema", "test", cases});
  CHECK(result.exit_code == 1);
  CHECK(result.out.find("ok      wider") != std::string::npos);
  CHECK(result.out.find("FAILED  narrower: BACKWARD is refused, not allowed") != std::string::npos);
  CHECK(result.out.find("1 of 2 cases passed") != std::string::npos);
  CHECK(run({"schema", "test", "nowhere.json"}).exit_code == 2);
}

}  // namespace
}  // namespace nutshell::testing

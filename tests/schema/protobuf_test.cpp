// The changes of rule M6, each with what BACKWARD and FORWARD say of it.
#include "sim/schema/protobuf.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/schema/registry.h"

namespace nutshell::protobuf_changes {
namespace {

std::string file(const std::string& body, const std::string& more = "", const std::string& package = "shop") {
  return "syntax = \"proto3\"; package " + package + "; message Order { " + body + " } " + more;
}
const std::string kOrder = "string id = 1; int32 cents = 2;";

bool allows(Compatibility level, const std::string& older, const std::string& newer) {
  REQUIRE_MESSAGE(schema_problem(SchemaFormat::protobuf, older).empty(), schema_problem(SchemaFormat::protobuf, older));
  REQUIRE_MESSAGE(schema_problem(SchemaFormat::protobuf, newer).empty(), schema_problem(SchemaFormat::protobuf, newer));
  return refusals(level, SchemaFormat::protobuf, newer, {older}).empty();
}

struct Change {
  const char* name;
  std::string older, newer;
  bool backward, forward;
};

TEST_CASE("M6: changes of a message") {
  const std::vector<Change> changes = {
      {"add an optional field", file(kOrder), file(kOrder + "string note = 3;"), true, true},
      {"remove an optional field", file(kOrder), file("string id = 1;"), true, true},
      {"rename a field", file(kOrder), file("string id = 1; int32 amount = 2;"), true, true},
      {"add a message", file(kOrder), file(kOrder, "message Bill {}"), true, false},  // forward, it is a message removed
      {"add an enum", file(kOrder), file(kOrder, "enum Colour { RED = 0; }"), true, true},
      {"add a oneof", file(kOrder), file(kOrder + "oneof pay { string card = 3; string cash = 4; }"), true, true},
      {"add a field to a oneof", file("oneof pay { string card = 3; }"), file("oneof pay { string card = 3; string cash = 4; }"), true,
       false},
      {"remove a field from a oneof", file("oneof pay { string card = 3; string cash = 4; }"), file("oneof pay { string card = 3; }"),
       false, true},
      {"move a field into an existing oneof", file("string cash = 4; oneof pay { string card = 3; }"),
       file("oneof pay { string card = 3; string cash = 4; }"), false, true},  // forward, it moves out of one
      {"move one field into a new oneof", file("string cash = 4;"), file("oneof pay { string cash = 4; }"), true, true},
      {"move two fields into a new oneof", file("string cash = 4; string card = 3;"),
       file("oneof pay { string cash = 4; string card = 3; }"), false, true},
      {"remove a message", file(kOrder, "message Bill {}"), file(kOrder), false, true},
      {"rename a message", file(kOrder, "message Bill {}"), file(kOrder, "message Invoice {}"), false, false},
      {"another package", file(kOrder), file(kOrder, "", "store"), false, false},
      {"a required field added", file(kOrder),
       "syntax = \"proto2\"; package shop; message Order { " + kOrder + " required string note = 3; }", false, false},
      {"a required field removed", "syntax = \"proto2\"; package shop; message Order { " + kOrder + " required string note = 3; }",
       file(kOrder), false, false},
      {"a number made repeated", file(kOrder), file("string id = 1; repeated int32 cents = 2;"), false, false},
      {"a text made repeated", file(kOrder), file("repeated string id = 1; int32 cents = 2;"), true, true},
      {"another message as type", file("A a = 1;", "message A {} message B {}"), file("B a = 1;", "message A {} message B {}"), false,
       false},
      {"a map's values of another type", file("map<string, int32> m = 1;"), file("map<string, string> m = 1;"), false, false},
      {"a map's values of the same group", file("map<string, int32> m = 1;"), file("map<string, int64> m = 1;"), true, true},
      {"a field out of a oneof", file("oneof pay { string card = 3; string cash = 4; }"),
       file("string cash = 4; oneof pay { string card = 3; }"), true, false},
      {"a whole oneof gone", file(kOrder + "oneof pay { string card = 3; string cash = 4; }"), file(kOrder), true, true},
      {"a oneof renamed", file("oneof pay { string card = 3; string cash = 4; }"), file("oneof paid { string card = 3; string cash = 4; }"),
       true, true},
      {"a oneof renamed, and a field of it gone", file("oneof pay { string card = 3; string cash = 4; }"),
       file("oneof paid { string card = 3; }"), false, true},
      {"two oneofs made one", file("oneof a { string card = 3; } oneof b { string cash = 4; }"),
       file("oneof a { string card = 3; string cash = 4; }"), false, true},
      {"a number required, then optional", "syntax = \"proto2\"; message Order { required int32 n = 1; }",
       "syntax = \"proto2\"; message Order { optional int32 n = 1; }", false, false},
      {"a text required, then optional", "syntax = \"proto2\"; message Order { required string n = 1; }",
       "syntax = \"proto2\"; message Order { optional string n = 1; }", true, true},
      {"a field in a nested message", file("message Line { int32 n = 1; } repeated Line lines = 1;"),
       file("message Line { string n = 1; } repeated Line lines = 1;"), false, false},
  };
  for (const Change& each : changes) {
    CAPTURE(each.name);
    CHECK(allows(Compatibility::backward, each.older, each.newer) == each.backward);
    CHECK(allows(Compatibility::forward, each.older, each.newer) == each.forward);
  }
}

TEST_CASE("M6: types within a group may be exchanged, and no others") {
  const std::vector<std::vector<std::string>> groups = {{"int32", "int64", "uint32", "uint64", "bool", "Colour"},
                                                        {"sint32", "sint64"},
                                                        {"string", "bytes"},
                                                        {"fixed32", "sfixed32"},
                                                        {"fixed64", "sfixed64"},
                                                        {"float"},
                                                        {"double"},
                                                        {"Bill"}};
  const std::string more = "enum Colour { RED = 0; } message Bill {}";
  for (const auto& group : groups) {
    for (const auto& other : groups) {
      for (const std::string& from : group) {
        for (const std::string& to : other)
          CHECK_MESSAGE(allows(Compatibility::backward, file(from + " x = 1;", more), file(to + " x = 1;", more)) == (&group == &other),
                        from << " to " << to);
      }
    }
  }
}

TEST_CASE("names are looked for from the inside out") {
  const std::string inner = "message Order { message Bill { int32 n = 1; } Bill b = 1; } message Bill {}";
  const std::string outer = "message Order { message Bill { int32 n = 1; } .Bill b = 1; } message Bill {}";
  CHECK(allows(Compatibility::backward, inner, "message Order { message Bill { int32 n = 1; } Order.Bill b = 1; } message Bill {}"));
  CHECK_FALSE(allows(Compatibility::backward, inner, outer));
}

TEST_CASE("a file is read with its comments, options, and what is passed over") {
  const ProtoResult read = read_protobuf(R"(
      // A comment.
      syntax = "proto3"; /* another
      one */ package shop.orders;
      import "google/protobuf/timestamp.proto";
      option java_package = "com.shop";
      service Orders { rpc Get (Order) returns (Order) { option deprecated = true; } }
      message Order {
        option deprecated = false;
        reserved 4, 6 to 8;
        reserved "old";
        string id = 1 [deprecated = true, json_name = "the;id"];
        map<string, int64> counts = 2;
        enum Colour { RED = 0; BLUE = -1; }
        message Line { optional int32 n = 1; }
        oneof pay { string card = 9; google.protobuf.Timestamp when = 10; }
      })");
  REQUIRE_MESSAGE(read.file, read.problem);
  CHECK(read.file->package == "shop.orders");
  CHECK(read.file->first == "Order");
  const ProtoMessage& order = read.file->messages.at("Order");
  REQUIRE(order.fields.size() == 4);
  CHECK(order.fields[1].key_type == "string");
  CHECK(order.fields[1].type == "int64");
  CHECK(order.fields[3].one_of == "pay");
  CHECK(read.file->messages.count("Order.Line") == 1);
  CHECK(read.file->enums.count("Order.Colour") == 1);
}

TEST_CASE("messages have places in their file, names are looked for from the inside out, enums have numbers") {
  const ProtoResult read = read_protobuf(R"(package p; message A { message X {} message Y { message Z {} optional int32 n = 1; } }
    message B { enum E { option allow_alias = true; NONE = 0; MINUS = -1 [deprecated = true]; } X x = 1; A.X y = 2; message X {}
    confluent.type.Decimal d = 3 [(confluent.field_meta) = { params: [{ value: "6", key: "precision" }, { key: "scale", value: "2" }]}];
    })");
  REQUIRE_MESSAGE(read.file, read.problem);
  using Indices = std::vector<std::int32_t>;
  for (const auto& [name, indices] : {std::pair<const char*, Indices>{"A", {0}}, {"A.X", {0, 0}}, {"A.Y.Z", {0, 1, 0}}, {"B.X", {1, 0}}}) {
    CHECK(proto_message_at(*read.file, indices) == name);
    CHECK(proto_indices_of(*read.file, name) == indices);
  }
  for (const Indices& none : {Indices{2}, Indices{0, 2}, Indices{0, 0, 0}}) CHECK(proto_message_at(*read.file, none) == "");
  CHECK(proto_type_name(*read.file, "B", "X") == "B.X");
  CHECK(proto_type_name(*read.file, "B", "A.X") == "A.X");
  CHECK(proto_type_name(*read.file, "A.Y.Z", "X") == "A.X");
  CHECK(proto_type_name(*read.file, "A.Y", ".p.B") == "B");
  CHECK(read.file->enums.at("B.E") == ProtoEnum{{"NONE", 0}, {"MINUS", -1}});
  CHECK(read.file->messages.at("A.Y").fields[0].optional);
  CHECK_FALSE(read.file->messages.at("B").fields[0].optional);
  CHECK(read.file->messages.at("B").fields[2].params == std::map<std::string, std::string>{{"precision", "6"}, {"scale", "2"}});
}

TEST_CASE("what is no .proto file is refused with its line") {
  const auto problem = [](const std::string& text) { return read_protobuf(text).problem; };
  CHECK(problem("message Order {\n string id = 0;\n}") == "line 2: the field 'id' needs a number from 1 to 536870911");
  CHECK(problem("message Order { string a = 1; string b = 1; }") == "line 1: the number 1 is used by 'a' and 'b'; give each its own");
  CHECK(problem("message Order {\n string id = 1;") == "line 2: the file ends within a definition; close it with '}' or ';'");
  CHECK(problem("struct Order {}").find("'struct' is no part of a .proto file") != std::string::npos);
  CHECK(problem("message A {} message A {}").find("defined twice") != std::string::npos);
  CHECK(problem("syntax = \"proto3\";").find("there is no message in it") == 0);
  CHECK(problem("message A { repeated group B = 1 { } }").find("groups are not read") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 50'000; ++i) deep += "message A {";
  CHECK(problem(deep).find("nested more than 32 deep") != std::string::npos);
  CHECK(problem("/*").find("there is no message") == 0);
  CHECK(problem("/*/ message A {}").find("there is no message") == 0);
}

}  // namespace
}  // namespace nutshell::protobuf_changes

#include "sim/schema/registry.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "sim/core/text.h"
#include "sim/schema/avro_value.h"
#include "sim/schema/wire.h"

namespace nutshell::registry_stories {
namespace {

std::string order(const std::string& more = "") {
  return R"({"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, {"name": "cents", "type": "int"})" + more +
         "]}";
}
const std::string kNote = R"(, {"name": "note", "type": "string", "default": ""})";
const std::string kBadNote = R"(, {"name": "note", "type": "string"})";

TEST_CASE("M1: the same schema has the same id in every subject, and a version in each") {
  Registry registry;
  const Registration first = registry.add("orders-value", SchemaFormat::avro, order());
  CHECK(first.id == 1);
  CHECK(first.version == 1);
  const Registration second = registry.add("orders-value", SchemaFormat::avro, order(kNote));
  CHECK(second.id == 2);
  CHECK(second.version == 2);
  // Laid out otherwise it is the same.
  const Registration elsewhere = registry.add("audit-value", SchemaFormat::avro, "\n" + order(kNote) + "  // the same");
  CHECK(elsewhere.id == 2);
  CHECK(elsewhere.version == 1);
  const Registration again = registry.add("orders-value", SchemaFormat::avro, order());
  CHECK(again.id == 1);
  CHECK(again.version == 1);
  CHECK(registry.find("orders-value")->versions == std::vector<SubjectVersion>{{1, 1}, {2, 2}});
  REQUIRE(registry.find(2) != nullptr);
  CHECK(registry.find(2)->text == order(kNote));
  CHECK(registry.find(3) == nullptr);
  CHECK(registry.find(0) == nullptr);
}

TEST_CASE("M3: what is refused changes nothing, and says why") {
  Registry registry;
  registry.add("orders-value", SchemaFormat::avro, order());
  const Registration refused = registry.add("orders-value", SchemaFormat::avro, order(kBadNote));
  CHECK(refused.status == 409);
  CHECK(refused.id == 0);
  CHECK(refused.problem == "it is not BACKWARD to what 'orders-value' has");
  REQUIRE(refused.refusals.size() == 1);
  CHECK(refused.refusals[0].reason.where == "Order.note");
  CHECK(registry.find("orders-value")->versions.size() == 1);
  CHECK(registry.schemas.size() == 1);
  // The level of the subject counts, then the registry's.
  registry.set_level("orders-value", Compatibility::forward);
  CHECK(registry.add("orders-value", SchemaFormat::avro, order(kBadNote)).status == 200);
  registry.set_level("orders-value", std::nullopt);
  CHECK(registry
            .add("orders-value", SchemaFormat::avro, R"({"type": "record", "name": "Order", "fields": [{"name": "x", "type": "int"}]})")
            .status == 409);
  registry.level = Compatibility::none;
  CHECK(registry
            .add("orders-value", SchemaFormat::avro, R"({"type": "record", "name": "Order", "fields": [{"name": "x", "type": "int"}]})")
            .version == 3);
  CHECK(registry.add("orders-value", SchemaFormat::avro, "{").status == 422);
}

TEST_CASE("M4: a transitive level looks at every version") {
  Registry registry;
  registry.add("orders-value", SchemaFormat::avro, order());
  registry.add("orders-value", SchemaFormat::avro, order(kNote));
  registry.level = Compatibility::backward_transitive;
  const Registration refused = registry.add("orders-value", SchemaFormat::avro, order(kBadNote));
  REQUIRE(refused.refusals.size() == 1);
  CHECK(refused.refusals[0].version == 1);
  registry.level = Compatibility::backward;
  CHECK(registry.add("orders-value", SchemaFormat::avro, order(kBadNote)).version == 3);
}

TEST_CASE("a subject keeps its format") {
  Registry registry;
  registry.add("orders-value", SchemaFormat::avro, order());
  const Registration refused = registry.add("orders-value", SchemaFormat::json, "{}");
  CHECK(refused.status == 409);
  CHECK(refused.problem == "version 1 is AVRO, this is JSON; give it a subject of its own");
}

TEST_CASE("M2: subjects by topic, by record, by both") {
  CHECK(subject_name(SubjectNaming::topic, "orders", false, "shop.Order") == "orders-value");
  CHECK(subject_name(SubjectNaming::topic, "orders", true, "shop.Order") == "orders-key");
  CHECK(subject_name(SubjectNaming::record, "orders", true, "shop.Order") == "shop.Order");
  CHECK(subject_name(SubjectNaming::topic_record, "orders", false, "shop.Order") == "orders-shop.Order");
}

TEST_CASE("M3: who is upgraded first") {
  CHECK(upgrade_order(Compatibility::backward) == "consumers first");
  CHECK(upgrade_order(Compatibility::forward_transitive) == "producers first");
  CHECK(upgrade_order(Compatibility::full) == "in any order");
}

TEST_CASE("M1: a record on the wire") {
  const std::string payload = *bytes_of_hex("046f31f403");
  CHECK(hex_text(framed(7, payload)) == "0000000007046f31f403");
  const std::string bytes = framed(7, payload);
  const WireResult read = unframed(bytes);
  CHECK(read.problem.empty());
  CHECK(read.record.id == 7);
  CHECK(read.record.payload == payload);
  CHECK(unframed(framed(0x01020304, "")).record.id == 0x01020304);
  CHECK(hex_text(framed(0x01020304, "")) == "0001020304");
  std::array<std::uint8_t, 16> guid{};
  for (std::size_t i = 0; i < guid.size(); ++i) guid[i] = static_cast<std::uint8_t>(i * 16);
  const std::string newer = framed(guid, payload);
  CHECK(hex_text(newer) ==
        "01"
        "00102030405060708090a0b0c0d0e0f0"
        "046f31f403");
  CHECK(unframed(newer).record.has_guid);
  CHECK(unframed(newer).record.guid == guid);
  CHECK(unframed(newer).record.payload == payload);
}

TEST_CASE("M8a: bytes that no serializer wrote stop a reader") {
  CHECK(unframed("{\"id\"}").problem.find("the first byte is 123, not 0 or 1") == 0);
  CHECK(unframed(std::string("\0\0\0", 3)).problem == "3 bytes are too few for the schema's id; 5 stand before the record");
  CHECK(unframed("\1").problem.find("1 bytes are too few") == 0);
  CHECK(unframed("").problem.find("a tombstone") != std::string::npos);
  CHECK(unframed(*bytes_of_hex("00ffffffff")).problem.find("negative") != std::string::npos);
}

TEST_CASE("M1: Protobuf says which message of the file it is") {
  CHECK(hex_text(message_indices({0})) == "00");
  CHECK(hex_text(message_indices({1})) == "0202");
  CHECK(hex_text(message_indices({2, 0})) == "040400");
  for (const std::vector<std::int32_t>& each : {std::vector<std::int32_t>{0}, {1}, {2, 0}, {0, 70}, {0, 0, 300}}) {
    const std::string bytes = message_indices(each) + "rest";
    std::string_view payload = bytes;
    CHECK(take_message_indices(payload) == each);
    CHECK(payload == "rest");
  }
  // None, an index that breaks off, a negative count, a count that no file has.
  for (const char* each : {"", "0202808080", "01", "feffffff0f"}) {
    const std::string bytes = *bytes_of_hex(each);
    std::string_view payload = bytes;
    if (std::string_view(each) == "0202808080") payload = payload.substr(0, 1);
    CHECK_FALSE(take_message_indices(payload));
  }
}

}  // namespace
}  // namespace nutshell::registry_stories

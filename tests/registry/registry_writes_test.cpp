// What an operator does to a registry: deletion in two steps, levels for all and for one subject, modes; and records that come from
// a registry that is primary no more (M1, M3). Expected values are what Confluent's registry documents for these calls.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sim/registry/store.h"
#include "sim/schema/registry.h"

namespace nutshell::registry_writes {
namespace {

std::string order(const std::string& more = "") {
  return R"({"type":"record","name":"Order","fields":[{"name":"id","type":"string"}, {"name":"cents","type":"int"})" + more + "]}";
}
const std::string kNote = R"(, {"name":"note","type":"string","default":""})";
const std::string kBare = R"(, {"name":"bare","type":"string"})";

std::int32_t add(Registry& registry, const std::string& schema, const std::string& subject = "orders-value") {
  return registry.add(subject, SchemaFormat::avro, schema).id;
}

// A call on a copy of the registry as its own store would say it, record by record.
CallOutcome call(Registry& registry, const std::string& text) {
  std::string problem;
  const auto asked = read_registry_call(text, problem);
  REQUIRE_MESSAGE(asked, problem);
  const CallOutcome outcome = carry_out(registry, *asked);
  for (const StoreRecord& each : outcome.records) CHECK(take_record(registry, each.key, each.value));
  return outcome;
}

std::vector<int> live(const Registry& registry, const std::string& subject = "orders-value") {
  std::vector<int> versions;
  if (const SchemaSubject* known = registry.find(subject))
    for (const SubjectVersion& each : known->versions)
      if (!each.deleted) versions.push_back(each.version);
  return versions;
}

std::string problem_of(const std::string& text) {
  std::string problem;
  CHECK_FALSE(read_registry_call(text, problem));
  return problem;
}

}  // namespace

TEST_CASE("M3: a version that is deleted softly binds nobody, but its number and its id stay taken; for good frees them") {
  Registry registry;
  REQUIRE(add(registry, order()) == 1);
  REQUIRE(add(registry, order(kNote)) == 2);
  CHECK(call(registry, "DELETE /subjects/orders-value/versions/1?permanent=true").status == 404);  // not before it is deleted softly
  CHECK(call(registry, "DELETE /subjects/orders-value/versions/latest").status == 200);
  CHECK(live(registry) == std::vector<int>{1});
  REQUIRE(registry.find(2));  // who reads old records still finds it
  CHECK(registry.find("orders-value")->latest()->version == 1);
  // The same schema again is a version of its own, with its old id.
  const Registration again = registry.add("orders-value", SchemaFormat::avro, order(kNote));
  CHECK(again.id == 2);
  CHECK(again.version == 3);
  CHECK(call(registry, "DELETE /subjects/orders-value/versions/2?permanent=true").status == 200);
  CHECK(registry.find(2));  // version 3 has it still
  CHECK(call(registry, "DELETE /subjects/orders-value/versions/2").status == 404);
  CHECK(call(registry, "DELETE /subjects/orders-value").status == 200);
  CHECK(live(registry).empty());
  CHECK_FALSE(registry.find("orders-value")->latest());
  // Nothing binds: any schema goes.
  Registry free = registry;
  CHECK(free.add("orders-value", SchemaFormat::avro, R"("int")").version == 4);
  CHECK(call(registry, "DELETE /subjects/orders-value").status == 404);
  CHECK(call(registry, "DELETE /subjects/orders-value?permanent=true").status == 200);
  CHECK_FALSE(registry.find(1));
  CHECK_FALSE(registry.find(2));
  const Registration fresh = registry.add("orders-value", SchemaFormat::avro, order(kNote));
  CHECK(fresh.version == 1);
  CHECK(fresh.id == 3);  // ids are never given twice
}

TEST_CASE("M3: the level of a subject goes before that of all, and falls back to it") {
  Registry registry;
  REQUIRE(add(registry, order()) == 1);
  CHECK(add(registry, order(kBare)) == 0);  // BACKWARD: no default
  CHECK(call(registry, R"(PUT /config/orders-value {"compatibility": "FORWARD"})").status == 200);
  Registry forward = registry;
  CHECK(add(forward, order(kBare)) == 2);
  call(registry, R"(PUT /config {"compatibility": "NONE"})");
  CHECK(add(registry, R"("string")") == 0);  // the subject's own still holds
  call(registry, "DELETE /config/orders-value");
  CHECK(add(registry, R"("string")") == 2);
  call(registry, "DELETE /config");
  CHECK(add(registry, R"("int")") == 0);
  // What was set for a subject goes with the subject.
  call(registry, R"(PUT /config/orders-value {"compatibility": "NONE"})");
  call(registry, "DELETE /subjects/orders-value");
  CHECK_FALSE(registry.find("orders-value")->level);
}

TEST_CASE("READONLY refuses what is new and what is to go (422), and tells what is there") {
  Registry registry;
  REQUIRE(add(registry, order()) == 1);
  call(registry, R"(PUT /mode {"mode": "READONLY"})");
  CHECK(add(registry, order()) == 1);
  const Registration refused = registry.add("orders-value", SchemaFormat::avro, order(kNote));
  CHECK(refused.status == 422);
  CHECK(refused.problem.find("PUT /mode READWRITE") != std::string::npos);
  CHECK(call(registry, "DELETE /subjects/orders-value").status == 422);
  call(registry, R"(PUT /mode/orders-value {"mode": "READWRITE"})");
  CHECK(add(registry, order(kNote)) == 2);
  call(registry, "DELETE /mode/orders-value");
  CHECK(registry.add("orders-value", SchemaFormat::avro, order(kBare)).status == 422);
}

TEST_CASE("every registry that reads the store comes to the same, also after compaction; a late record of an old primary is passed over") {
  Registry primary;
  std::vector<StoreRecord> store;
  const auto put = [&](const StoreRecord& record) {
    store.push_back(record);
    return take_record(primary, record.key, record.value);
  };
  const auto version = [](std::int32_t number, std::int32_t id, const std::string& text) {
    return schema_record("orders-value", {number, id}, {SchemaFormat::avro, text, ""});
  };
  CHECK(put(version(1, 1, order())));
  CHECK(put(config_record("", Compatibility::full)));
  CHECK(put(version(2, 2, order(kNote))));
  CHECK_FALSE(put(version(2, 3, order(kBare))));                                    // version 2 is taken
  CHECK_FALSE(put(schema_record("other-value", {1, 2}, {SchemaFormat::avro, R"("int")", ""})));  // id 2 is another schema's
  CHECK(put(mode_record("orders-value", RegistryMode::readonly)));
  CHECK(put(schema_record("orders-value", {1, 1, true}, {SchemaFormat::avro, order(), ""})));
  CHECK(put(no_schema_record("orders-value", 1)));
  CHECK(put(version(3, 3, order(R"(, {"name":"more","type":"int","default":0})"))));

  // Compacted: of each key its last record. The refused ones would still be there, so they must not be what stays.
  std::vector<StoreRecord> compacted;
  for (std::size_t i = 0; i < store.size(); ++i) {
    bool last = true;
    for (std::size_t j = i + 1; j < store.size(); ++j) last = last && store[j].key != store[i].key;
    if (last && !store[i].value.empty()) compacted.push_back(store[i]);
  }
  Registry reader;
  for (const StoreRecord& each : store) take_record(reader, each.key, each.value);
  CHECK(reader.find("orders-value")->versions == primary.find("orders-value")->versions);
  CHECK(primary.find("orders-value")->versions == std::vector<SubjectVersion>{{2, 2}, {3, 3}});
  CHECK(reader.told == Compatibility::full);
  CHECK(reader.find("orders-value")->mode == RegistryMode::readonly);
  CHECK_FALSE(reader.find(1));
  CHECK(compacted.size() == 5);
}

TEST_CASE("a call that is none says what to write") {
  CHECK(problem_of("PUT /config {\"compatibility\": \"BACKWARDS\"}").find("no compatibility 'BACKWARDS'") != std::string::npos);
  CHECK(problem_of("PUT /config").find("no JSON") != std::string::npos);
  CHECK(problem_of("PUT /mode {\"mode\": \"CLOSED\"}").find("READWRITE, READONLY or IMPORT") != std::string::npos);
  CHECK(problem_of("DELETE /subjects/a/versions/0").find("from 1 on") != std::string::npos);
  CHECK(problem_of("DELETE /subjects/a/versions/2x").find("from 1 on") != std::string::npos);
  CHECK(problem_of("DELETE /subjects/a?permanent=yes").find("write for example") != std::string::npos);
  CHECK(problem_of("POST /subjects/a/versions {}").find("\"schema\"") != std::string::npos);
  for (const char* nonsense : {"", " ", "DELETE", "GET /subjects", "DELETE /subjects/", "PUT /", "DELETE //", "POST /config {}"})
    CHECK(problem_of(nonsense) != "");
}

}  // namespace nutshell::registry_writes

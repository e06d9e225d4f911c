#include "sim/registry/store.h"

#include "sim/json/json_tree.h"

namespace nutshell {

namespace {

// Keys of one thing are the same text always, so that compaction keeps its last value.
std::string head(std::string_view subject, std::int32_t version) {
  return R"("subject":)" + quoted_json(subject) + R"(,"version":)" + std::to_string(version);
}

}  // namespace

std::string schema_key(std::string_view subject, std::int32_t version) {
  return R"({"keytype":"SCHEMA",)" + head(subject, version) + R"(,"magic":1})";
}

std::string noop_key() { return R"({"keytype":"NOOP","magic":0})"; }

std::string schema_value(std::string_view subject, std::int32_t version, std::int32_t id, std::string_view schema) {
  return "{" + head(subject, version) + R"(,"id":)" + std::to_string(id) + R"(,"schema":)" + quoted_json(schema) + R"(,"deleted":false})";
}

void take_schema(Registry& registry, std::string_view key, std::string_view value) {
  const JsonTreeResult what = parse_json_tree(key), says = parse_json_tree(value);
  if (!what.tree || !says.tree) return;
  const JsonTree* kind = what.tree->find("keytype");
  const JsonTree* subject = says.tree->find("subject");
  const JsonTree* schema = says.tree->find("schema");
  if (!kind || kind->text != "SCHEMA" || !subject || !schema) return;
  registry.take(subject->text, SchemaFormat::avro, schema->text);
}

}  // namespace nutshell

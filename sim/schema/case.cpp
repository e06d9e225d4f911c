#include "sim/schema/case.h"

#include "sim/json/json_tree.h"
#include "sim/schema/registry.h"

namespace nutshell {
namespace {

// The first of these members that there is.
const JsonTree* any_member(const JsonTree& tree, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const JsonTree* found = tree.find(key)) return found;
  return nullptr;
}

std::string upper_word(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c == '-' ? '_' : c;
  return text;
}

// A schema stands there as JSON, or as a text that is one. "int" as JSON is Avro's name of a type.
std::string text_of_schema(const JsonTree& tree, SchemaFormat format) {
  if (!tree.is(JsonTree::Kind::text)) return compact_json(tree);
  const bool bare = format == SchemaFormat::avro && (tree.text == "null" || !parse_json_tree(tree.text).tree);
  return bare ? quoted_json(tree.text) : tree.text;
}

std::string yes_or_no(bool allowed) { return allowed ? "allowed" : "refused"; }

// What the registry says of the new version at a level, against what is wanted.
std::string against(const std::string& level_word, const JsonTree& wanted, SchemaFormat format, const std::vector<std::string>& older,
                    const std::string& newer) {
  if (!wanted.is(JsonTree::Kind::truth)) return "what is expected of " + level_word + " is true or false";
  for (const Compatibility level : kCompatibilities) {
    if (compatibility_name(level) != upper_word(level_word)) continue;
    const std::vector<Refusal> found = level == Compatibility::none ? std::vector<Refusal>() : refusals(level, format, newer, older);
    if (found.empty() == wanted.truth) return "";
    std::string why = level_word + " is " + yes_or_no(found.empty()) + ", not " + yes_or_no(wanted.truth);
    if (!found.empty()) why += ": " + found.front().reason.where + " " + found.front().reason.what;
    return why;
  }
  return "there is no level '" + level_word + "'; write BACKWARD, FORWARD, FULL, these with _TRANSITIVE, or NONE";
}

std::string judged(const JsonTree& test) {
  if (!test.is(JsonTree::Kind::object)) return "a case is a JSON object";
  const JsonTree* named = any_member(test, {"format", "schemaType", "type"});
  const std::string word = named ? upper_word(named->text) : "AVRO";
  SchemaFormat format = SchemaFormat::avro;
  if (word == "JSON" || word == "JSON_SCHEMA" || word == "JSON_SR") format = SchemaFormat::json;
  else if (word == "PROTOBUF" || word == "PROTO") format = SchemaFormat::protobuf;
  else if (word != "AVRO") return "there is no format '" + word + "'; write AVRO, JSON or PROTOBUF";
  const JsonTree* old = any_member(test, {"old", "older", "versions", "previous", "existing", "writer"});
  const JsonTree* made = any_member(test, {"new", "newer", "next", "candidate", "reader"});
  if (!old || !made) return "a case has \"old\", a schema or a list of them, and \"new\"";
  // A list is a union in Avro if it is the one schema; of versions each is a schema in itself.
  const bool single = !old->is(JsonTree::Kind::list) || test.find("writer");
  std::vector<std::string> all;
  for (const JsonTree& each : single ? std::vector<JsonTree>{*old} : old->items) all.push_back(text_of_schema(each, format));
  all.push_back(text_of_schema(*made, format));
  const JsonTree* wanted = any_member(test, {"allowed", "compatible", "expected", "expect", "reads"});
  const JsonTree* problem = any_member(test, {"invalid", "problem"});
  for (const std::string& each : all) {
    const std::string wrong = schema_problem_by_line(format, each);
    if (!wrong.empty()) return problem && problem->truth ? "" : wrong;
  }
  if (problem && problem->truth) return "all of it are schemas, but one had to be refused";
  const std::string newer = std::move(all.back());
  all.pop_back();
  if (const JsonTree* modes = any_member(test, {"modes", "levels"})) {
    for (std::size_t i = 0; i < modes->keys.size(); ++i)
      if (std::string why = against(modes->keys[i], modes->items[i], format, all, newer); !why.empty()) return why;
    return "";
  }
  if (!wanted) return "a case has \"allowed\": true or false, or \"modes\": {\"BACKWARD\": true, ...}";
  const JsonTree* level = any_member(test, {"mode", "level", "compatibility"});
  return against(level ? level->text : "BACKWARD", *wanted, format, all, newer);
}

}  // namespace

std::vector<SchemaVerdict> run_schema_cases(std::string_view text, const std::string& file) {
  const JsonTreeResult read = parse_json_tree(text);
  if (!read.tree) return {{file, read.problem}};
  const JsonTree* list = any_member(*read.tree, {"tests", "cases"});
  if (!list) list = &*read.tree;
  std::vector<SchemaVerdict> all;
  for (const JsonTree& each : list->is(JsonTree::Kind::list) ? list->items : std::vector<JsonTree>{*list}) {
    const JsonTree* name = each.find("name");
    all.push_back({name ? name->text : file, judged(each)});
  }
  return all;
}

}  // namespace nutshell

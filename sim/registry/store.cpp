#include "sim/registry/store.h"

#include <algorithm>
#include <utility>

#include "sim/json/json_tree.h"

namespace nutshell {

namespace {

// Keys of one thing are the same text always, so that compaction keeps its last value.
std::string head(std::string_view subject, std::int32_t version) {
  return R"("subject":)" + quoted_json(subject) + R"(,"version":)" + std::to_string(version);
}

std::string key_of(std::string_view type, std::string_view subject) {
  return R"({"keytype":")" + std::string(type) + R"(","subject":)" + (subject.empty() ? "null" : quoted_json(subject)) +
         R"(,"magic":0})";
}

std::string schema_key(std::string_view subject, std::int32_t version) {
  return R"({"keytype":"SCHEMA",)" + head(subject, version) + R"(,"magic":1})";
}

std::string text_in(const JsonTree& tree, std::string_view key) {
  const JsonTree* found = tree.find(key);
  return found && found->is(JsonTree::Kind::text) ? found->text : "";
}
std::int32_t number_in(const JsonTree& tree, std::string_view key) {
  const JsonTree* found = tree.find(key);
  return found && found->whole ? static_cast<std::int32_t>(found->integer) : 0;
}

SchemaFormat format_in(const JsonTree& tree) {
  const std::string name = text_in(tree, "schemaType");
  return name == "JSON" ? SchemaFormat::json : name == "PROTOBUF" ? SchemaFormat::protobuf : SchemaFormat::avro;
}

std::vector<SchemaReference> references_in(const JsonTree& tree) {
  std::vector<SchemaReference> all;
  if (const JsonTree* list = tree.find("references"))
    for (const JsonTree& each : list->items) all.push_back({text_in(each, "name"), text_in(each, "subject"), number_in(each, "version")});
  return all;
}

std::string references_text(const std::vector<SchemaReference>& references) {
  std::string text;
  for (const SchemaReference& each : references)
    text += (text.empty() ? "" : ",") + ("{\"name\":" + quoted_json(each.name)) + "," + head(each.subject, each.version) + "}";
  return text.empty() ? "" : "\"references\":[" + text + "],";
}

template <class T, class Name, class All>
std::optional<T> named(std::string_view text, Name&& name, const All& all) {
  for (const T each : all)
    if (name(each) == text) return each;
  return std::nullopt;
}

void take_deletion(Registry& registry, const std::string& subject, std::int32_t version) {
  const SchemaSubject* known = registry.find(subject);
  if (!known) return;
  const RegistryMode mode = registry.mode;
  registry.mode = RegistryMode::readwrite;
  registry.set_mode(subject, std::nullopt);
  registry.set_level(subject, std::nullopt);
  for (const SubjectVersion each : std::vector<SubjectVersion>(known->versions))
    if (each.version <= version && !each.deleted) registry.erase(subject, each.version, false);
  registry.mode = mode;
}

bool take_version(Registry& registry, const std::string& subject, std::int32_t version, const JsonTree* says) {
  const SchemaSubject* known = registry.find(subject);
  bool there = false, deleted = false;
  for (const SubjectVersion& each : known ? known->versions : std::vector<SubjectVersion>()) {
    if (each.version != version) continue;
    there = true;
    deleted = each.deleted;
  }
  const JsonTree* gone = says ? says->find("deleted") : nullptr;
  const bool softly = gone && gone->truth;
  if (says && !there)
    return registry.take(subject, {version, number_in(*says, "id"), softly},
                         {format_in(*says), text_in(*says, "schema"), references_in(*says), 0, 0});
  if (!there || (says && !softly)) return !there;
  const RegistryMode mode = registry.mode;
  const std::optional<RegistryMode> own = known->mode;
  registry.mode = RegistryMode::readwrite;
  registry.set_mode(subject, std::nullopt);
  if (!deleted) registry.erase(subject, version, false);
  if (!says) registry.erase(subject, version, true);
  registry.mode = mode;
  registry.set_mode(subject, own);
  return true;
}

}  // namespace

StoreRecord schema_record(std::string_view subject, const SubjectVersion& version, const RegisteredSchema& schema) {
  const std::string type =
      schema.format == SchemaFormat::avro ? "" : R"("schemaType":")" + std::string(format_name(schema.format)) + "\",";
  return {schema_key(subject, version.version), "{" + head(subject, version.version) + R"(,"id":)" + std::to_string(version.id) + "," +
                                                    type + references_text(schema.references) + R"("schema":)" + quoted_json(schema.text) +
                                                    R"(,"deleted":)" +
                                                    (version.deleted ? "true}" : "false}")};
}
StoreRecord no_schema_record(std::string_view subject, std::int32_t version) { return {schema_key(subject, version), ""}; }
StoreRecord delete_subject_record(std::string_view subject, std::int32_t version) {
  return {key_of("DELETE_SUBJECT", subject), "{" + head(subject, version) + "}"};
}
StoreRecord config_record(std::string_view subject, std::optional<Compatibility> level) {
  return {key_of("CONFIG", subject), level ? R"({"compatibilityLevel":")" + std::string(compatibility_name(*level)) + "\"}" : ""};
}
StoreRecord mode_record(std::string_view subject, std::optional<RegistryMode> mode) {
  return {key_of("MODE", subject), mode ? R"({"mode":")" + std::string(mode_name(*mode)) + "\"}" : ""};
}
StoreRecord noop_record() { return {R"({"keytype":"NOOP","magic":0})", ""}; }

bool take_record(Registry& registry, std::string_view key, std::string_view value) {
  const JsonTreeResult what = parse_json_tree(key), says = parse_json_tree(value);
  if (!what.tree || (!value.empty() && !says.tree)) return true;
  const std::string kind = text_in(*what.tree, "keytype"), subject = text_in(*what.tree, "subject");
  if (kind == "SCHEMA") return take_version(registry, subject, number_in(*what.tree, "version"), says.tree ? &*says.tree : nullptr);
  if (kind == "DELETE_SUBJECT" && says.tree) take_deletion(registry, subject, number_in(*says.tree, "version"));
  if (kind == "CONFIG") {
    const std::string word = says.tree ? text_in(*says.tree, "compatibilityLevel") : "";
    const auto level = named<Compatibility>(word, compatibility_name, kCompatibilities);
    if (subject.empty()) registry.told = level;
    else registry.set_level(subject, level);
  }
  if (kind == "MODE") {
    const auto mode = named<RegistryMode>(says.tree ? text_in(*says.tree, "mode") : "", mode_name, kRegistryModes);
    if (subject.empty()) registry.mode = mode.value_or(RegistryMode::readwrite);
    else registry.set_mode(subject, mode);
  }
  return true;
}

namespace {

constexpr std::string_view kCallHelp =
    "write for example PUT /config {\"compatibility\": \"FULL\"}, PUT /mode/SUBJECT {\"mode\": \"READONLY\"}, or DELETE "
    "/subjects/SUBJECT/versions/latest?permanent=true";

std::optional<RegistryCall> no_call(std::string& problem, std::string why) {
  problem = std::move(why);
  return std::nullopt;
}

// "/subjects/a/versions/2": its parts.
std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t slash = path.find('/');
    parts.emplace_back(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
  }
  return parts;
}

// POST: a schema, with what it refers to.
std::optional<RegistryCall> read_registration(RegistryCall call, const JsonTree& body, std::string& problem) {
  call.kind = RegistryCall::Kind::add;
  call.schema = {format_in(body), text_in(body, "schema"), references_in(body), number_in(body, "id"), number_in(body, "version")};
  if (call.schema.text.empty()) return no_call(problem, "the body has no \"schema\"; write {\"schema\": \"...\"}, the schema as one text");
  if (call.schema.id < 0 || call.schema.version < 0) return no_call(problem, "an id and a version are numbers from 1 on");
  if (call.schema.version > 0 && call.schema.id == 0)
    return no_call(problem, "a \"version\" is said together with an \"id\", in mode IMPORT; leave it out");
  for (const SchemaReference& each : call.schema.references)
    if (each.name.empty() || each.subject.empty() || each.version == 0 || each.version < -1)
      return no_call(problem, "a reference has a \"name\", a \"subject\" and a \"version\" from 1 on, or -1 for the latest");
  return call;
}

std::optional<RegistryCall> read_setting(const std::string& method, const std::vector<std::string>& parts, const JsonTree* body,
                                         bool force, std::string& problem) {
  RegistryCall call;
  call.force = force;
  call.kind = parts[0] == "config" ? RegistryCall::Kind::set_level : RegistryCall::Kind::set_mode;
  call.subject = parts.size() > 1 ? parts[1] : "";
  if (method == "DELETE") return call;
  const bool level = call.kind == RegistryCall::Kind::set_level;
  const std::string key = level ? "compatibility" : "mode", word = body ? text_in(*body, key) : "";
  if (level) {
    call.level = named<Compatibility>(word, compatibility_name, kCompatibilities);
    if (call.level) return call;
    return no_call(problem, "there is no compatibility '" + word +
                                "'; {\"compatibility\": ...} is NONE, BACKWARD, FORWARD or FULL, the last three also with _TRANSITIVE");
  }
  call.mode = named<RegistryMode>(word, mode_name, kRegistryModes);
  if (call.mode) return call;
  return no_call(problem, "there is no mode '" + word + "' here; {\"mode\": ...} is READWRITE, READONLY or IMPORT");
}

}  // namespace

std::optional<RegistryCall> read_registry_call(std::string_view text, std::string& problem) {
  const std::size_t space = text.find(' ');
  const std::string method(text.substr(0, space));
  std::string_view path = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
  const std::size_t behind = path.find(' ');
  const std::string_view body_text = behind == std::string_view::npos ? std::string_view() : path.substr(behind + 1);
  path = path.substr(0, behind);
  const std::size_t question = path.find('?');
  const std::string_view query = question == std::string_view::npos ? std::string_view() : path.substr(question + 1);
  const std::vector<std::string> parts = parts_of(path.substr(0, question));
  const bool put = method == "PUT", post = method == "POST", erases = method == "DELETE";
  JsonTreeResult body;
  if (put || post) body = parse_json_tree(body_text);
  if ((put || post) && !body.tree) return no_call(problem, "the body of the call is no JSON: " + body.problem);
  const JsonTree* json = body.tree ? &*body.tree : nullptr;
  const std::size_t count = parts.size();
  if ((put || erases) && count >= 1 && count <= 2 && (parts[0] == "config" || parts[0] == "mode"))
    return read_setting(method, parts, json, query == "force=true", problem);
  if (count < 2 || parts[0] != "subjects" || parts[1].empty()) return no_call(problem, std::string(kCallHelp));
  RegistryCall call;
  call.subject = parts[1];
  if (post && count == 3 && parts[2] == "versions") return read_registration(std::move(call), *json, problem);
  call.kind = RegistryCall::Kind::erase;
  call.permanent = query == "permanent=true";
  const bool asks = query.empty() || query == "permanent=true" || query == "permanent=false";
  if (!erases || !asks) return no_call(problem, std::string(kCallHelp));
  if (count == 2) return call;
  if (count != 4 || parts[2] != "versions") return no_call(problem, std::string(kCallHelp));
  for (const char c : parts[3]) call.version = c >= '0' && c <= '9' && call.version < 1'000'000 ? call.version * 10 + (c - '0') : -2;
  if (parts[3] == "latest" || parts[3] == "-1") call.version = -1;
  if (call.version == 0 || call.version < -1) return no_call(problem, "a version is a number from 1 on, or latest");
  return call;
}

CallOutcome carry_out(const Registry& registry, const RegistryCall& call) {
  CallOutcome outcome;
  if (call.kind == RegistryCall::Kind::set_level) outcome.records = {config_record(call.subject, call.level)};
  if (call.kind == RegistryCall::Kind::set_mode) {
    outcome.problem = registry.against_mode(call.subject, call.mode, call.force);
    if (outcome.problem.empty()) outcome.records = {mode_record(call.subject, call.mode)};
    else outcome.status = 422;
  }
  Registry with = registry;
  if (call.kind == RegistryCall::Kind::add) {
    const SchemaSubject* before = registry.find(call.subject);
    const std::size_t versions = before ? before->versions.size() : 0;
    const Registration made = with.add(call.subject, call.schema);
    outcome.status = made.status;
    if (made.id == 0) outcome.problem = refusal_text(made);
    else if (with.find(call.subject)->versions.size() > versions)
      outcome.records = {schema_record(call.subject, {made.version, made.id}, *with.find(made.id))};
  }
  if (call.kind != RegistryCall::Kind::erase) return outcome;
  const Deletion done = with.erase(call.subject, call.version, call.permanent);
  outcome.status = done.status;
  outcome.problem = done.problem;
  if (done.versions.empty()) return outcome;
  if (!call.permanent && call.version == 0) outcome.records = {delete_subject_record(call.subject, done.versions.back())};
  for (const SubjectVersion& each : registry.find(call.subject)->versions) {
    if (std::find(done.versions.begin(), done.versions.end(), each.version) == done.versions.end()) continue;
    if (call.permanent) outcome.records.push_back(no_schema_record(call.subject, each.version));
    else if (call.version != 0)
      outcome.records.push_back(schema_record(call.subject, {each.version, each.id, true}, *registry.find(each.id)));
  }
  return outcome;
}

}  // namespace nutshell

#include "sim/schema/registry.h"

#include <algorithm>
#include <utility>

#include "sim/core/require.h"
#include "sim/schema/avro_resolve.h"
#include "sim/schema/json_schema.h"
#include "sim/schema/protobuf.h"
#include "sim/schema/reference.h"

namespace nutshell {
namespace {

// Equal for schemas that differ in blanks and comments only.
std::string sameness(SchemaFormat format, std::string_view text) {
  if (format == SchemaFormat::protobuf) {
    std::string same;
    for (const std::string_view each : protobuf_words(text)) same.append(each) += ' ';
    return same;
  }
  const JsonTreeResult json = parse_json_tree(text);
  NUTSHELL_REQUIRE(json.tree.has_value());
  return compact_json(*json.tree);
}

// Names that lead elsewhere make another schema.
std::string sameness(const NewSchema& schema) {
  std::string same = sameness(schema.format, schema.text);
  for (const SchemaReference& each : schema.references) same += "\n" + each.name + " " + each.subject + " " + std::to_string(each.version);
  return same;
}

// As schema_problem(), of a text that has all that it refers to in it.
std::string whole_problem(SchemaFormat format, std::string_view text) {
  switch (format) {
    case SchemaFormat::avro: return read_avro(text).problem;
    case SchemaFormat::protobuf: return read_protobuf(text).problem;
    case SchemaFormat::json: break;
  }
  const JsonTreeResult json = parse_json_tree(text);
  return json.tree ? json_schema_problem(*json.tree) : json.problem;
}

void put_version(SchemaSubject& into, SubjectVersion version) {
  const auto behind = [&version](const SubjectVersion& each) { return each.version > version.version; };
  into.versions.insert(std::find_if(into.versions.begin(), into.versions.end(), behind), version);
}

bool looks_back(Compatibility level) {
  return level == Compatibility::backward || level == Compatibility::backward_transitive || level == Compatibility::full ||
         level == Compatibility::full_transitive;
}
bool looks_ahead(Compatibility level) {
  return level == Compatibility::forward || level == Compatibility::forward_transitive || level == Compatibility::full ||
         level == Compatibility::full_transitive;
}

}  // namespace

std::string_view format_name(SchemaFormat format) {
  constexpr std::string_view kNames[] = {"AVRO", "JSON", "PROTOBUF"};
  return kNames[static_cast<std::size_t>(format)];
}

std::string_view compatibility_name(Compatibility level) {
  constexpr std::string_view kNames[] = {"NONE", "BACKWARD",       "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE",
                                         "FULL", "FULL_TRANSITIVE"};
  return kNames[static_cast<std::size_t>(level)];
}

bool is_transitive(Compatibility level) {
  return level == Compatibility::backward_transitive || level == Compatibility::forward_transitive ||
         level == Compatibility::full_transitive;
}

std::string_view upgrade_order(Compatibility level) {
  if (looks_back(level)) return looks_ahead(level) ? "in any order" : "consumers first";
  return looks_ahead(level) ? "producers first" : "nobody checks";
}

std::string schema_problem(SchemaFormat format, std::string_view text) {
  if (format == SchemaFormat::protobuf) {
    const std::vector<std::string_view> words = protobuf_words(text);
    if (std::find(words.begin(), words.end(), "@") != words.end()) return "'@' is no part of a .proto file; remove it";
  }
  return whole_problem(format, text);
}

std::string schema_problem_by_line(SchemaFormat format, std::string_view text) {
  std::string problem = schema_problem(format, text);
  const JsonTreeResult json = format == SchemaFormat::protobuf ? JsonTreeResult() : parse_json_tree(text);
  if (problem.empty() || !json.tree) return problem;  // what is no JSON at all, and what Protobuf is not, has its line already
  std::int32_t number = json.tree->number;
  if (format == SchemaFormat::avro) number = read_avro(text).number;
  else json_schema_problem(*json.tree, &number);
  return "line " + std::to_string(line_of_value(text, number)) + ", " + problem;
}

SchemaReasons reading_reasons(SchemaFormat format, std::string_view writer, std::string_view reader, NewSide side) {
  switch (format) {
    case SchemaFormat::avro: {
      const AvroResult from = read_avro(writer), to = read_avro(reader);
      NUTSHELL_REQUIRE(from.schema && to.schema);
      return AvroResolution(*from.schema, *to.schema).reasons(side);
    }
    case SchemaFormat::protobuf: {
      const ProtoResult from = read_protobuf(writer), to = read_protobuf(reader);
      NUTSHELL_REQUIRE(from.file && to.file);
      return protobuf_reasons(*from.file, *to.file, side);
    }
    case SchemaFormat::json: break;
  }
  const JsonTreeResult from = parse_json_tree(writer), to = parse_json_tree(reader);
  NUTSHELL_REQUIRE(from.tree && to.tree);
  return json_schema_reasons(*from.tree, *to.tree, side);
}

std::vector<Refusal> refusals(Compatibility level, SchemaFormat format, std::string_view schema,
                              const std::vector<std::string>& older) {
  std::vector<Refusal> found;
  const std::size_t first = is_transitive(level) || older.empty() ? 0 : older.size() - 1;
  for (std::size_t i = first; i < older.size(); ++i) {
    const auto version = static_cast<std::int32_t>(i + 1);
    if (looks_back(level)) {
      for (SchemaReason& each : reading_reasons(format, older[i], schema, NewSide::reader))
        found.push_back({version, true, std::move(each)});
    }
    if (looks_ahead(level)) {
      for (SchemaReason& each : reading_reasons(format, schema, older[i], NewSide::writer))
        found.push_back({version, false, std::move(each)});
    }
  }
  return found;
}

bool refuses(Compatibility level, const Refusal& refusal, std::int32_t latest) {
  if (!is_transitive(level) && refusal.version != latest) return false;
  return refusal.new_reads_old ? looks_back(level) : looks_ahead(level);
}

std::string subject_name(SubjectNaming naming, std::string_view topic, bool is_key, std::string_view record) {
  switch (naming) {
    case SubjectNaming::record: return std::string(record);
    case SubjectNaming::topic_record: return std::string(topic) + "-" + std::string(record);
    case SubjectNaming::topic: break;
  }
  return std::string(topic) + (is_key ? "-key" : "-value");
}

std::string refusal_text(const Registration& refused) {
  if (refused.refusals.empty()) return refused.problem;
  const Refusal& first = refused.refusals.front();
  const std::string who = first.new_reads_old ? "with it, what version " + std::to_string(first.version) + " wrote cannot be read"
                                              : "with version " + std::to_string(first.version) + ", what it writes cannot be read";
  std::string place = first.reason.where.empty() ? "" : first.reason.where + " ";
  return who + ": " + place + first.reason.what + "; " + first.reason.remedy;
}

std::string_view mode_name(RegistryMode mode) {
  constexpr std::string_view kNames[] = {"READWRITE", "READONLY", "IMPORT"};
  return kNames[static_cast<std::size_t>(mode)];
}

const SubjectVersion* SchemaSubject::latest() const {
  const auto found = std::find_if(versions.rbegin(), versions.rend(), [](const SubjectVersion& each) { return !each.deleted; });
  return found == versions.rend() ? nullptr : &*found;
}

bool Registry::is_used(std::int32_t id) const {
  for (const SchemaSubject& subject : subjects)
    for (const SubjectVersion& each : subject.versions)
      if (each.id == id) return true;
  return false;
}

const RegisteredSchema* Registry::find(std::int32_t id) const {
  return id >= 1 && static_cast<std::size_t>(id) <= schemas.size() && is_used(id) ? &schemas[static_cast<std::size_t>(id) - 1] : nullptr;
}

const SchemaSubject* Registry::find(std::string_view subject) const {
  for (const SchemaSubject& each : subjects) {
    if (each.name == subject) return &each;
  }
  return nullptr;
}

SchemaSubject& Registry::at(std::string_view subject) {
  auto place = subjects.begin();
  while (place != subjects.end() && place->name < subject) ++place;
  if (place == subjects.end() || place->name != subject) place = subjects.insert(place, {std::string(subject), std::nullopt, {}});
  return *place;
}

void Registry::set_level(std::string_view subject, std::optional<Compatibility> own) { at(subject).level = own; }
void Registry::set_mode(std::string_view subject, std::optional<RegistryMode> own) { at(subject).mode = own; }

RegistryMode Registry::mode_of(std::string_view subject) const {
  const SchemaSubject* known = find(subject);
  return known && known->mode ? *known->mode : mode;
}

std::string Registry::against_mode(std::string_view subject, std::optional<RegistryMode> wanted, bool force) const {
  if (wanted != RegistryMode::import || force) return "";
  for (const SchemaSubject& each : subjects)
    if ((subject.empty() || each.name == subject) && each.latest())
      return "subject '" + each.name + "' has versions already; DELETE it first, or add ?force=true";
  return "";
}

std::int32_t Registry::id_of(const NewSchema& schema, const std::string& same) {
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i + 1);
    const bool meant = schema.id == 0 || schema.id == id;
    if (meant && schemas[i].format == schema.format && schemas[i].same == same && is_used(id)) return id;
  }
  const std::int32_t id = schema.id > 0 ? schema.id : static_cast<std::int32_t>(schemas.size()) + 1;
  schemas.resize(std::max(schemas.size(), static_cast<std::size_t>(id)));
  schemas[static_cast<std::size_t>(id) - 1] = {schema.format, schema.text, same, schema.references};
  return id;
}

// Depth first. False: one leads nowhere, or too far.
bool Registry::collect(const std::vector<SchemaReference>& references, std::vector<NamedSchema>& into, int depth) const {
  constexpr int kMostSteps = 32;
  if (depth > kMostSteps) return false;
  for (const SchemaReference& each : references) {
    const SchemaSubject* subject = find(each.subject);
    const RegisteredSchema* schema = nullptr;
    for (const SubjectVersion& version : subject ? subject->versions : std::vector<SubjectVersion>())
      if (version.version == each.version) schema = find(version.id);
    if (!schema) return false;
    const auto same = [&each](const NamedSchema& other) { return other.name == each.name; };
    if (std::any_of(into.begin(), into.end(), same)) continue;
    into.push_back({each.name, schema->text});
    if (!collect(schema->references, into, depth + 1)) return false;
  }
  return true;
}

std::string Registry::whole(const RegisteredSchema& schema) const {
  std::vector<NamedSchema> named;
  collect(schema.references, named);
  return with_references(schema.format, schema.text, named);
}

std::string Registry::problem_of(NewSchema& schema, std::string& whole) const {
  for (SchemaReference& each : schema.references) {
    const std::string where = "the reference '" + each.name + "' to '" + each.subject + "'";
    const SchemaSubject* subject = find(each.subject);
    if (!subject || !subject->latest()) return where + " leads nowhere: there is no such subject; register it first";
    if (each.version < 0) each.version = subject->latest()->version;
    const auto is_it = [&each](const SubjectVersion& version) { return version.version == each.version && !version.deleted; };
    const auto found = std::find_if(subject->versions.begin(), subject->versions.end(), is_it);
    if (found == subject->versions.end()) return where + " leads nowhere: it has no version " + std::to_string(each.version);
    if (const RegisteredSchema& there = *find(found->id); there.format != schema.format)
      return where + " leads to " + std::string(format_name(there.format)) + ", this is " + std::string(format_name(schema.format));
  }
  for (const std::string& name : names_elsewhere(schema.format, schema.text)) {
    const auto meant = [&name](const SchemaReference& each) { return each.name == name; };
    if (std::none_of(schema.references.begin(), schema.references.end(), meant))
      return "it takes '" + name + "' from elsewhere; say in \"references\" which subject and version that is";
  }
  if (schema.references.empty()) {
    whole = schema.text;
    return schema_problem(schema.format, schema.text);
  }
  std::vector<NamedSchema> named;
  if (!collect(schema.references, named)) return "its references lead in a circle, or to what is deleted";
  const bool is_json = schema.format == SchemaFormat::protobuf || parse_json_tree(schema.text).tree;
  if (!is_json) return schema_problem(schema.format, schema.text);
  whole = with_references(schema.format, schema.text, named);
  return whole_problem(schema.format, whole);
}

// What stands in the way of an id and a version of one's own (IMPORT), or of coming without.
std::string Registry::against_import(std::string_view subject, const NewSchema& schema, const std::string& same) const {
  const std::string name = "'" + std::string(subject) + "'";
  const RegistryMode now = mode_of(subject);
  if (now == RegistryMode::readonly) return name + " is READONLY; PUT /mode READWRITE first";
  if (schema.id > 0 && now != RegistryMode::import)
    return name + " is not in mode IMPORT, so its ids are given here; PUT /mode IMPORT first";
  if (schema.id == 0 && now == RegistryMode::import)
    return name + " is in mode IMPORT, so a schema comes with its \"id\"; say it, or PUT /mode READWRITE";
  if (schema.id > kMostSchemaId) return "an id is at most " + std::to_string(kMostSchemaId) + " here";
  if (schema.id == 0) return "";
  const RegisteredSchema* there = find(schema.id);
  if (there && (there->format != schema.format || there->same != same))
    return "another schema has the id " + std::to_string(schema.id) + " already; it is not overwritten";
  const SchemaSubject* known = find(subject);
  for (const SubjectVersion& each : known ? known->versions : std::vector<SubjectVersion>())
    if (schema.version > 0 && each.version == schema.version)
      return "version " + std::to_string(schema.version) + " of " + name + " is there already; it is not overwritten";
  return "";
}

std::string Registry::referred_to_by(std::string_view subject, std::int32_t version) const {
  for (const SchemaSubject& each : subjects) {
    for (const SubjectVersion& user : each.versions) {
      if (user.deleted) continue;
      for (const SchemaReference& to : find(user.id)->references)
        if (to.subject == subject && to.version == version)
          return "'" + each.name + "', version " + std::to_string(user.version);
    }
  }
  return "";
}

Registration Registry::add(std::string_view subject, const NewSchema& given) {
  Registration made;
  NewSchema schema = given;
  std::string whole_text;
  const auto no = [&made](int status, std::string why) {
    made.status = status;
    made.problem = std::move(why);
    return made;
  };
  if (std::string problem = problem_of(schema, whole_text); !problem.empty()) return no(422, std::move(problem));
  const SchemaSubject* known = find(subject);
  const bool imports = mode_of(subject) == RegistryMode::import;
  const Compatibility owed = imports ? Compatibility::none : known && known->level ? *known->level : told.value_or(level);
  std::vector<std::string> older;
  std::vector<std::int32_t> numbers;  // of the versions
  const std::string same = sameness(schema);
  for (const SubjectVersion& each : known ? known->versions : std::vector<SubjectVersion>()) {
    if (each.deleted) continue;
    const RegisteredSchema& there = *find(each.id);
    if (there.format == schema.format && there.same == same && (schema.id == 0 || schema.id == each.id)) {
      made.id = each.id;
      made.version = each.version;
      return made;
    }
    if (there.format != schema.format && owed != Compatibility::none)
      return no(409, "version " + std::to_string(each.version) + " is " + std::string(format_name(there.format)) + ", this is " +
                         std::string(format_name(schema.format)) + "; give it a subject of its own");
    older.push_back(whole(there));
    numbers.push_back(each.version);
  }
  if (std::string problem = against_import(subject, schema, same); !problem.empty()) return no(422, std::move(problem));
  if (owed != Compatibility::none) made.refusals = refusals(owed, schema.format, whole_text, older);
  for (Refusal& each : made.refusals) each.version = numbers[static_cast<std::size_t>(each.version) - 1];
  if (!made.refusals.empty())
    return no(409, "it is not " + std::string(compatibility_name(owed)) + " to what '" + std::string(subject) + "' has");
  made.id = id_of(schema, same);
  SchemaSubject& into = at(subject);
  made.version = schema.version > 0 ? schema.version : into.versions.empty() ? 1 : into.versions.back().version + 1;
  put_version(into, {made.version, made.id});
  return made;
}

void Registry::take(std::string_view subject, SchemaFormat format, std::string_view text) {
  const std::optional<Compatibility> level_before = find(subject) ? find(subject)->level : std::nullopt;
  const std::optional<RegistryMode> mode_before = find(subject) ? find(subject)->mode : std::nullopt;
  set_level(subject, Compatibility::none);
  set_mode(subject, RegistryMode::readwrite);
  add(subject, format, text);
  set_level(subject, level_before);
  set_mode(subject, mode_before);
}

bool Registry::take(std::string_view subject, SubjectVersion version, const NewSchema& given) {
  NewSchema schema = given;
  std::string whole_text;
  if (version.id < 1 || version.id > kMostSchemaId || version.version < 1 || !problem_of(schema, whole_text).empty()) return false;
  SchemaSubject& into = at(subject);
  const auto taken = [&version](const SubjectVersion& each) { return each.version == version.version; };
  if (std::any_of(into.versions.begin(), into.versions.end(), taken)) return false;
  const std::string same = sameness(schema);
  const auto place = static_cast<std::size_t>(version.id) - 1;
  const bool known = place < schemas.size() && schemas[place].format == schema.format && schemas[place].same == same;
  const bool empty = place < schemas.size() && schemas[place].text.empty();  // ids between, which nothing has
  if (!known && !empty && place < schemas.size()) return false;
  schemas.resize(std::max(schemas.size(), place + 1));
  if (!known) schemas[place] = {schema.format, schema.text, same, schema.references};
  put_version(into, version);
  return true;
}

Deletion Registry::erase(std::string_view subject, std::int32_t version, bool permanent) {
  Deletion done;
  const auto no = [&done](int status, std::string why) {
    done.status = status;
    done.problem = std::move(why);
    return done;
  };
  const SchemaSubject* known = find(subject);
  const std::string name = "'" + std::string(subject) + "'";
  if (!known || known->versions.empty()) return no(404, "there is no subject " + name);
  if (!may_write(subject)) return no(422, name + " is READONLY; PUT /mode READWRITE first");
  std::vector<SubjectVersion>& versions = at(subject).versions;
  if (version < 0) {
    const SubjectVersion* latest = known->latest();
    if (!latest) return no(404, "all versions of " + name + " are deleted; name one by its number");
    version = latest->version;
  }
  std::vector<std::int32_t> chosen;
  for (const SubjectVersion& each : versions) {
    if (version != 0 && each.version != version) continue;
    if (permanent && !each.deleted)
      return no(404, "version " + std::to_string(each.version) + " of " + name + " is not deleted yet; DELETE it without permanent first");
    if (const std::string user = referred_to_by(subject, each.version); !user.empty() && (permanent || !each.deleted))
      return no(422, "version " + std::to_string(each.version) + " of " + name + " is referred to by " + user + "; delete that first");
    if (permanent || !each.deleted) chosen.push_back(each.version);
  }
  if (chosen.empty()) return no(404, version == 0 ? name + " is deleted already; with ?permanent=true it goes for good"
                                                  : name + " has no version " + std::to_string(version) + " to delete");
  const auto is_chosen = [&chosen](const SubjectVersion& each) {
    return std::find(chosen.begin(), chosen.end(), each.version) != chosen.end();
  };
  if (permanent) std::erase_if(versions, is_chosen);
  for (SubjectVersion& each : versions) each.deleted = each.deleted || is_chosen(each);
  if (!permanent && version == 0) {  // what was set for the subject goes with it
    at(subject).level.reset();
    at(subject).mode.reset();
  }
  done.versions = std::move(chosen);
  return done;
}

}  // namespace nutshell

#include "sim/schema/registry.h"

#include <algorithm>
#include <utility>

#include "sim/core/require.h"
#include "sim/schema/avro_resolve.h"
#include "sim/schema/json_schema.h"
#include "sim/schema/protobuf.h"

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
  switch (format) {
    case SchemaFormat::avro: return read_avro(text).problem;
    case SchemaFormat::protobuf: return read_protobuf(text).problem;
    case SchemaFormat::json: break;
  }
  const JsonTreeResult json = parse_json_tree(text);
  return json.tree ? json_schema_problem(*json.tree) : json.problem;
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

std::string_view mode_name(RegistryMode mode) { return mode == RegistryMode::readonly ? "READONLY" : "READWRITE"; }

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

bool Registry::may_write(std::string_view subject) const {
  const SchemaSubject* known = find(subject);
  return (known && known->mode ? *known->mode : mode) == RegistryMode::readwrite;
}

std::int32_t Registry::id_of(SchemaFormat format, std::string_view text) {
  const std::string same = sameness(format, text);
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i + 1);
    if (schemas[i].format == format && schemas[i].same == same && is_used(id)) return id;
  }
  schemas.push_back({format, std::string(text), same});
  return static_cast<std::int32_t>(schemas.size());
}

Registration Registry::add(std::string_view subject, SchemaFormat format, std::string_view text) {
  Registration made;
  if (std::string problem = schema_problem(format, text); !problem.empty()) {
    made.status = 422;
    made.problem = std::move(problem);
    return made;
  }
  const SchemaSubject* known = find(subject);
  const Compatibility owed = known && known->level ? *known->level : told.value_or(level);
  std::vector<std::string> older;
  std::vector<std::int32_t> numbers;  // of the versions
  const std::string same = sameness(format, text);
  for (const SubjectVersion& each : known ? known->versions : std::vector<SubjectVersion>()) {
    if (each.deleted) continue;
    const RegisteredSchema& schema = *find(each.id);
    if (schema.format == format && schema.same == same) {
      made.id = each.id;
      made.version = each.version;
      return made;
    }
    if (schema.format != format && owed != Compatibility::none) {
      made.status = 409;
      made.problem = "version " + std::to_string(each.version) + " is " + std::string(format_name(schema.format)) + ", this is " +
                     std::string(format_name(format)) + "; give it a subject of its own";
      return made;
    }
    older.push_back(schema.text);
    numbers.push_back(each.version);
  }
  if (!may_write(subject)) {
    made.status = 422;
    made.problem = "'" + std::string(subject) + "' is " + std::string(mode_name(RegistryMode::readonly)) + "; PUT /mode READWRITE first";
    return made;
  }
  if (owed != Compatibility::none) made.refusals = refusals(owed, format, text, older);
  for (Refusal& each : made.refusals) each.version = numbers[static_cast<std::size_t>(each.version) - 1];
  if (!made.refusals.empty()) {
    made.status = 409;
    made.problem = "it is not " + std::string(compatibility_name(owed)) + " to what '" + std::string(subject) + "' has";
    return made;
  }
  made.id = id_of(format, text);
  SchemaSubject& into = at(subject);
  made.version = into.versions.empty() ? 1 : into.versions.back().version + 1;
  into.versions.push_back({made.version, made.id});
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

bool Registry::take(std::string_view subject, SubjectVersion version, SchemaFormat format, std::string_view text) {
  if (!schema_problem(format, text).empty() || version.id < 1 || version.version < 1) return false;
  SchemaSubject& into = at(subject);
  if (!into.versions.empty() && into.versions.back().version >= version.version) return false;
  const std::string same = sameness(format, text);
  const auto place = static_cast<std::size_t>(version.id) - 1;
  const bool known = place < schemas.size() && schemas[place].format == format && schemas[place].same == same;
  if (!known && place < schemas.size()) return false;
  schemas.resize(std::max(schemas.size(), place + 1));  // ids between belong to what has been deleted for good, and compacted
  schemas[place] = {format, known ? schemas[place].text : std::string(text), same};
  into.versions.push_back(version);
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

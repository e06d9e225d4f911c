#include "sim/schema/registry.h"

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

const RegisteredSchema* Registry::find(std::int32_t id) const {
  return id >= 1 && static_cast<std::size_t>(id) <= schemas.size() ? &schemas[static_cast<std::size_t>(id) - 1] : nullptr;
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

std::int32_t Registry::id_of(SchemaFormat format, std::string_view text) {
  const std::string same = sameness(format, text);
  for (std::size_t i = 0; i < schemas.size(); ++i) {
    if (schemas[i].format == format && schemas[i].same == same) return static_cast<std::int32_t>(i + 1);
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
  const Compatibility owed = known && known->level ? *known->level : level;
  std::vector<std::string> older;
  const std::string same = sameness(format, text);
  for (const SubjectVersion& each : known ? known->versions : std::vector<SubjectVersion>()) {
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
  }
  if (owed != Compatibility::none) made.refusals = refusals(owed, format, text, older);
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
  const std::optional<Compatibility> before = find(subject) ? find(subject)->level : std::nullopt;
  set_level(subject, Compatibility::none);
  add(subject, format, text);
  set_level(subject, before);
}

}  // namespace nutshell

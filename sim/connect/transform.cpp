#include "sim/connect/transform.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "sim/core/text.h"
#include "sim/streams/calendar.h"

namespace nutshell::connect {
namespace {

struct TransformRow {
  std::string_view name;
  bool sided;  // has $Key and $Value
};
constexpr TransformRow kTransformRows[] = {
    {"InsertField", true},      {"MaskField", true}, {"ExtractField", true}, {"ValueToKey", false}, {"RegexRouter", false},
    {"TimestampRouter", false}, {"Filter", false},   {"ReplaceField", true}, {"HoistField", true},  {"Cast", true},
    {"Flatten", true},      {"InsertHeader", false}, {"HeaderFrom", true}, {"DropHeaders", false}, {"SetSchemaMetadata", true},
    {"TimestampConverter", true},
};

std::string listed(const std::vector<std::string_view>& names) {
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

bool read_kind(Transform& t, Settings& settings, const std::string& key) {
  const std::string type = settings.required(key);
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < std::size(kTransformRows); ++i) {
    const std::string name(kTransformRows[i].name);
    t.kind = static_cast<TransformKind>(i);
    t.on_key = short_class(type) == name + "$Key";
    if (kTransformRows[i].sided ? t.on_key || short_class(type) == name + "$Value" : short_class(type) == name) return true;
    names.push_back(kTransformRows[i].name);
  }
  settings.wrong("\"" + key + "\" is \"" + type + "\"; write one of " + listed(names) + ", those that have a side with $Key or $Value");
  return false;
}

std::optional<Regex> read_pattern(Settings& settings, const std::string& key) {
  std::string wrong;
  auto pattern = Regex::compile(settings.required(key), wrong);
  if (!pattern) settings.wrong("\"" + key + "\" is no pattern: " + wrong);
  return pattern;
}

std::optional<Predicate> read_predicate(Settings& settings, const std::string& name) {
  bool declared = false;
  for (const std::string& each : settings.list("predicates")) declared = declared || each == name;
  if (!declared) {
    settings.wrong("the predicate \"" + name + "\" is not in \"predicates\"; add it there, with predicates." + name + ".type");
    return std::nullopt;
  }
  const std::string prefix = "predicates." + name + ".";
  const std::string type = settings.required(prefix + "type");
  Predicate predicate;
  if (short_class(type) == "TopicNameMatches") {
    predicate.kind = Predicate::Kind::topic_name_matches;
    predicate.pattern = read_pattern(settings, prefix + "pattern");
  } else if (short_class(type) == "HasHeaderKey") {
    predicate.kind = Predicate::Kind::has_header_key;
    predicate.name = settings.required(prefix + "name");
  } else if (short_class(type) != "RecordIsTombstone") {
    settings.wrong("\"" + prefix + "type\" is \"" + type + "\"; write TopicNameMatches, HasHeaderKey or RecordIsTombstone");
  }
  return predicate;
}

// "name!" has to be filled in, "name?" may be left out, as "name" is.
std::string read_insertion(Transform& t, Settings& settings, const std::string& key) {
  std::string name = settings.text(key);
  if (name.empty() || (name.back() != '!' && name.back() != '?')) return name;
  const bool must = name.back() == '!';
  name.pop_back();
  if (must) t.must_have.push_back(name);
  return name;
}

void read_casts(Transform& t, Settings& settings, const std::string& key) {
  constexpr std::array<std::string_view, 8> kTypes = {"int8", "int16", "int32", "int64", "float32", "float64", "boolean", "string"};
  for (const std::string& each : settings.list(key)) {
    const std::size_t colon = each.find(':');
    Cast one;
    one.field = colon == std::string::npos ? "" : each.substr(0, colon);
    const std::string word = colon == std::string::npos ? each : each.substr(colon + 1);
    std::size_t at = 0;
    while (at < kTypes.size() && kTypes[at] != word) ++at;
    if (at == kTypes.size()) {
      settings.wrong("\"" + key + "\" casts to \"" + word + "\"; write one of " + listed({kTypes.begin(), kTypes.end()}));
      return;
    }
    one.type = static_cast<Type>(at);
    t.casts.push_back(std::move(one));
  }
  if (t.casts.empty()) settings.wrong("\"" + key + "\" is missing; write a type, or field:type with commas between");
}

void read_renames(Transform& t, Settings& settings, const std::string& key) {
  for (const std::string& each : settings.list(key)) {
    const std::size_t colon = each.find(':');
    if (colon == 0 || colon == std::string::npos || colon + 1 == each.size()) {
      return settings.wrong("\"" + key + "\" has \"" + each + "\"; write old:new");
    }
    t.renames.emplace_back(each.substr(0, colon), each.substr(colon + 1));
  }
}

void read_fields(Transform& t, Settings& settings, const std::string& key) {
  t.fields = settings.list(key);
  if (t.fields.empty()) settings.wrong("\"" + key + "\" is missing; name the fields, with commas between");
}

void read_details(Transform& t, Settings& settings, const std::string& prefix) {
  switch (t.kind) {
    case TransformKind::insert_field:
      t.topic_field = read_insertion(t, settings, prefix + "topic.field");
      t.partition_field = read_insertion(t, settings, prefix + "partition.field");
      t.offset_field = read_insertion(t, settings, prefix + "offset.field");
      t.timestamp_field = read_insertion(t, settings, prefix + "timestamp.field");
      t.static_field = read_insertion(t, settings, prefix + "static.field");
      t.static_value = settings.text(prefix + "static.value");
      if (t.topic_field.empty() && t.partition_field.empty() && t.offset_field.empty() && t.timestamp_field.empty() &&
          t.static_field.empty())
        settings.wrong("InsertField \"" + t.alias + "\" inserts nothing; set " + prefix + "timestamp.field or another of its fields");
      if (!t.static_field.empty() && !settings.has(prefix + "static.value"))
        settings.wrong("\"" + prefix + "static.value\" is missing; static.field wants one");
      break;
    case TransformKind::mask_field:
      read_fields(t, settings, prefix + "fields");
      if (settings.has(prefix + "replacement")) t.replacement = settings.text(prefix + "replacement");
      break;
    case TransformKind::extract_field:
    case TransformKind::hoist_field: t.fields = {settings.required(prefix + "field")}; break;
    case TransformKind::value_to_key: read_fields(t, settings, prefix + "fields"); break;
    case TransformKind::regex_router:
      t.pattern = read_pattern(settings, prefix + "regex");
      t.replacement = settings.required(prefix + "replacement");
      break;
    case TransformKind::timestamp_router:
      t.topic_format = settings.text(prefix + "topic.format", "${topic}-${timestamp}");
      t.timestamp_format = settings.text(prefix + "timestamp.format", "yyyyMMdd");
      if (!streams::format_by(t.timestamp_format, 0))
        settings.wrong("\"" + prefix + "timestamp.format\" is no pattern of a date; write one like yyyyMMdd");
      break;
    case TransformKind::filter: break;
    case TransformKind::replace_field:
      t.fields = settings.list(prefix + "exclude");
      t.include = settings.list(prefix + "include");
      read_renames(t, settings, prefix + "renames");
      break;
    case TransformKind::cast: read_casts(t, settings, prefix + "spec"); break;
    case TransformKind::flatten: t.delimiter = settings.text(prefix + "delimiter", "."); break;
    case TransformKind::insert_header:
    case TransformKind::header_from:
    case TransformKind::drop_headers: read_header_transform(t, settings, prefix); break;
    case TransformKind::set_schema_metadata:
      if (settings.has(prefix + "schema.name")) t.schema_name = settings.text(prefix + "schema.name");
      if (settings.has(prefix + "schema.version")) t.schema_version = settings.whole(prefix + "schema.version", 0, 0, 1'000'000'000);
      if (!t.schema_name && !t.schema_version)
        settings.wrong("SetSchemaMetadata \"" + t.alias + "\" sets nothing; set " + prefix + "schema.name or schema.version");
      break;
    case TransformKind::timestamp_converter: read_timestamp_converter(t, settings, prefix); break;
  }
}

bool holds(const Predicate& predicate, const Record& record) {
  switch (predicate.kind) {
    case Predicate::Kind::record_is_tombstone: return record.value.value.null();
    case Predicate::Kind::has_header_key:
      for (const Header& header : record.headers) {
        if (header.key == predicate.name) return true;
      }
      return false;
    case Predicate::Kind::topic_name_matches: break;
  }
  return predicate.pattern->matches(record.topic).has_value();
}

bool value_to_key(const Transform& t, Record& record, Failure& failure) {
  if (!has_members("copying fields from the value to the key", record.value, failure)) return false;
  const bool schema = record.value.schema != nullptr;
  std::vector<Field> fields;
  Members members;
  for (const std::string& name : t.fields) {
    const auto field = field_of(record.value, name);
    if (schema && !field) return failure.data("the value has no field " + name + " to make a key of");
    if (schema) fields.push_back({name, field->schema});
    members.push_back({name, field ? field->value : Value()});
  }
  record.key = {schema ? struct_schema(std::move(fields)) : nullptr, Value(std::move(members))};
  return true;
}

bool route_by_regex(const Transform& t, Record& record, Failure& failure) {
  if (!t.pattern->matches(record.topic)) return true;
  const auto routed = t.pattern->replace_first(record.topic, *t.replacement);
  if (!routed) return failure.data("the replacement names a group that the pattern has not");
  if (!routed->empty()) record.topic = *routed;
  return true;
}

bool route_by_time(const Transform& t, Record& record, Failure& failure) {
  if (!record.timestamp) return failure.data("the record has no timestamp, and the name of its topic wants one");
  std::string name = t.topic_format;
  const std::string time = streams::format_by(t.timestamp_format, *record.timestamp).value_or("");
  for (const auto& [word, text] : {std::pair<std::string, std::string>{"${topic}", record.topic}, {"${timestamp}", time}}) {
    for (std::size_t at = name.find(word); at != std::string::npos; at = name.find(word, at + text.size()))
      name.replace(at, word.size(), text);
  }
  record.topic = name;
  return true;
}

bool hoist(const Transform& t, Data& data) {
  const std::string& name = t.fields[0];
  SchemaPtr schema = data.schema ? struct_schema({{name, data.schema}}) : nullptr;
  data = {std::move(schema), Value(Members{{name, data.value}})};
  return true;
}

bool apply(const Transform& t, Record& record, bool& dropped, Failure& failure) {
  Data& data = t.on_key ? record.key : record.value;
  switch (t.kind) {
    case TransformKind::insert_field: return insert_field(t, record, data, failure);
    case TransformKind::mask_field: return mask_field(t, data, failure);
    case TransformKind::extract_field: return extract_field(t, data, failure);
    case TransformKind::value_to_key: return value_to_key(t, record, failure);
    case TransformKind::regex_router: return route_by_regex(t, record, failure);
    case TransformKind::timestamp_router: return route_by_time(t, record, failure);
    case TransformKind::filter: dropped = true; return true;
    case TransformKind::replace_field: return replace_field(t, data, failure);
    case TransformKind::hoist_field: return hoist(t, data);
    case TransformKind::cast: return cast(t, data, failure);
    case TransformKind::insert_header: record.headers.push_back({t.headers[0], t.static_value}); return true;
    case TransformKind::header_from: return header_from(t, record, data, failure);
    case TransformKind::drop_headers:
      std::erase_if(record.headers, [&](const Header& each) {
        return std::find(t.headers.begin(), t.headers.end(), each.key) != t.headers.end();
      });
      return true;
    case TransformKind::set_schema_metadata: return set_schema_metadata(t, data, failure);
    case TransformKind::timestamp_converter: return convert_time(t, data, failure);
    case TransformKind::flatten: break;
  }
  return flatten(t, data, failure);
}

}  // namespace

std::vector<Transform> read_transforms(Settings& settings) {
  std::vector<Transform> all;
  for (const std::string& alias : settings.list("transforms")) {
    const std::string prefix = "transforms." + alias + ".";
    Transform t;
    t.alias = alias;
    for (const Transform& other : all) {
      if (other.alias == alias) settings.wrong("\"transforms\" names \"" + alias + "\" twice");
    }
    if (!read_kind(t, settings, prefix + "type")) return all;
    if (settings.has(prefix + "predicate")) t.predicate = read_predicate(settings, settings.text(prefix + "predicate"));
    t.negate = settings.truth(prefix + "negate", false);
    read_details(t, settings, prefix);
    all.push_back(std::move(t));
  }
  return all;
}

bool transform(const std::vector<Transform>& transforms, Record& record, bool& dropped, Failure& failure) {
  dropped = false;
  for (const Transform& t : transforms) {
    if (t.predicate && holds(*t.predicate, record) == t.negate) continue;
    if (!apply(t, record, dropped, failure)) {
      failure.stage = Stage::transformation;
      failure.executing_class = class_of(t);
      return false;
    }
    if (dropped) return true;
  }
  return true;
}

std::string class_of(const Transform& transform) {
  const TransformRow& row = kTransformRows[static_cast<std::size_t>(transform.kind)];
  return "org.apache.kafka.connect.transforms." + std::string(row.name) + (!row.sided ? "" : transform.on_key ? "$Key" : "$Value");
}

bool has_members(std::string_view purpose, const Data& data, Failure& failure) {
  if (data.schema ? data.value.members() && data.schema->type == Type::structure : data.value.members() != nullptr) return true;
  return failure.data("for " + std::string(purpose) + " it has to be a " + (data.schema ? "struct" : "map") + ", and is " +
                      std::string(data.value.null() ? "null" : data.schema ? type_name(data.schema->type) : kind_of(data.value)));
}

}  // namespace nutshell::connect

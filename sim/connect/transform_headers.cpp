// InsertHeader, HeaderFrom, DropHeaders and SetSchemaMetadata.
#include <algorithm>

#include "sim/connect/transform.h"

namespace nutshell::connect {

void read_header_transform(Transform& t, Settings& settings, const std::string& prefix) {
  if (t.kind == TransformKind::insert_header) {
    t.headers = {settings.required(prefix + "header")};
    t.static_value = settings.required(prefix + "value.literal");
    return;
  }
  t.headers = settings.list(prefix + "headers");
  if (t.headers.empty()) settings.wrong("\"" + prefix + "headers\" is missing; name the headers, with commas between");
  if (t.kind == TransformKind::drop_headers) return;
  t.fields = settings.list(prefix + "fields");
  if (t.fields.size() != t.headers.size())
    settings.wrong("\"" + prefix + "fields\" names " + std::to_string(t.fields.size()) + " fields, and headers names " +
                   std::to_string(t.headers.size()) + " headers; write a header for each field");
  settings.required(prefix + "operation");
  t.moves = settings.one_of(prefix + "operation", {"copy", "move"}) == 1;
}

// Each field's text becomes a header behind those that there are.
bool header_from(const Transform& t, Record& record, Data& data, Failure& failure) {
  if (!has_members("taking headers from fields", data, failure)) return false;
  std::vector<Header> headers = record.headers;
  for (std::size_t i = 0; i < t.fields.size(); ++i) {
    const auto field = field_of(data, t.fields[i]);
    if (!field && data.schema) return failure.data("there is no field " + t.fields[i] + " to make a header of");
    headers.push_back({t.headers[i], text_of(field.value_or(Data{}))});
  }
  record.headers = std::move(headers);
  if (!t.moves) return true;
  const auto goes = [&](const std::string& name) { return std::find(t.fields.begin(), t.fields.end(), name) != t.fields.end(); };
  std::vector<Field> fields = data.schema ? data.schema->fields : std::vector<Field>{};
  Members members = *data.value.members();
  std::erase_if(fields, [&](const Field& each) { return goes(each.name); });
  std::erase_if(members, [&](const Member& each) { return goes(each.name); });
  data = {with_fields(data.schema, std::move(fields)), Value(std::move(members))};
  return true;
}

bool set_schema_metadata(const Transform& t, Data& data, Failure& failure) {
  if (!data.schema && data.value.null()) return true;
  if (!data.schema) return failure.data("for setting the name of its schema it has to have one; use a converter with schemas");
  Schema changed = *data.schema;
  if (t.schema_name) changed.name = *t.schema_name;
  if (t.schema_version) changed.version = *t.schema_version;
  data.schema = std::make_shared<const Schema>(std::move(changed));
  return true;
}

}  // namespace nutshell::connect

#include "sim/streams/schema.h"

#include <algorithm>

#include "sim/streams/parser.h"

namespace nutshell::streams {

std::size_t key_count(const Columns& columns) {
  return static_cast<std::size_t>(std::count_if(columns.begin(), columns.end(), [](const Column& c) { return c.key; }));
}

std::string header_text(const Column& c) {
  return c.mark == KeyMark::headers ? " HEADERS" : c.mark == KeyMark::header ? " HEADER('" + c.header + "')" : "";
}

std::string columns_text(const Columns& columns, bool table) {
  std::vector<std::string> parts;
  for (const Column& c : columns)
    parts.push_back(quoted_name(c.name) + " " + type_text(c.type) + (c.key ? (table ? " PRIMARY KEY" : " KEY") : header_text(c)));
  return joined(parts);
}

std::string_view format_name(FormatKind kind) {
  switch (kind) {
    case FormatKind::json: return "JSON";
    case FormatKind::delimited: return "DELIMITED";
    case FormatKind::kafka: return "KAFKA";
    case FormatKind::none: return "NONE";
    case FormatKind::avro: return "AVRO";
    case FormatKind::json_sr: return "JSON_SR";
    case FormatKind::protobuf: return "PROTOBUF";
  }
  return "";
}

Type resolved(const Type& type, const Catalog& catalog, Place at, Complaint& complaint) {
  if (type.base == Base::named) {
    const auto found = catalog.types.find(type.names[0]);
    if (found != catalog.types.end()) return found->second;
    std::vector<std::string> known = {"BOOLEAN", "INT",     "INTEGER", "BIGINT", "DOUBLE", "VARCHAR",
                                      "STRING",  "DECIMAL", "BYTES",   "DATE",   "TIME",   "TIMESTAMP"};
    for (const auto& each : catalog.types) known.push_back(each.first);
    complaint.say("E19", at, "There is no type " + type.names[0] + "." + did_you_mean(type.names[0], known));
    return simple(Base::text);
  }
  Type result = type;
  for (Type& part : result.of) part = resolved(part, catalog, at, complaint);
  return result;
}

}  // namespace nutshell::streams

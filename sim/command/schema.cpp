// nutshell schema: may a schema of messages follow another, and what does a reader make of bytes?
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "sim/command/columns.h"
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/schema/avro_value.h"
#include "sim/schema/registry.h"
#include "sim/schema/wire.h"
#include "sim/schema/worked_changes.h"

namespace nutshell {
namespace {

struct SchemaOptions {
  CommonOptions common;
  std::vector<std::string> files;  // the oldest first
  std::string mode = "backward";
  std::string format;  // empty: by the endings of the files
  std::string what;  // bytes in hexadecimal, or a record as JSON
  std::string id;    // as written; empty: no frame
};

constexpr std::pair<std::string_view, SchemaFormat> kFormatWords[] = {
    {"avro", SchemaFormat::avro}, {"json", SchemaFormat::json}, {"protobuf", SchemaFormat::protobuf}};

// `named`: --format, which goes before the ending.
SchemaFormat format_of(const std::string& path, const std::string& named = "") {
  for (const auto& [word, format] : kFormatWords)
    if (named == word) return format;
  if (!named.empty()) throw Failure("--format '" + named + "' is none of avro, json and protobuf");
  const auto ends = [&](std::string_view end) {
    return path.size() > end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
  };
  if (ends(".avsc")) return SchemaFormat::avro;
  if (ends(".json")) return SchemaFormat::json;
  if (ends(".proto")) return SchemaFormat::protobuf;
  throw Failure("'" + path + "' has none of the endings .avsc (Avro), .json (JSON Schema) and .proto (Protobuf); --format says what it is");
}

// "-" is what comes by standard input.
std::string text_of(const std::string& path) {
  if (path != "-") return text_of_file(path);
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

// Throws Failure if the text is no schema.
std::string schema_text(const std::string& path, SchemaFormat format) {
  std::string text = text_of(path);
  if (const std::string problem = schema_problem_by_line(format, text); !problem.empty()) throw Failure(path + ": " + problem);
  return text;
}

// A folder stands for the schemas in it, by name: those with a number in the order of their numbers.
std::vector<std::string> schema_files(const std::vector<std::string>& named) {
  std::vector<std::string> files;
  for (const std::string& name : named) {
    std::error_code error;
    if (!std::filesystem::is_directory(name, error)) {
      files.push_back(name);
      continue;
    }
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::directory_iterator(name, error)) {
      const std::string ending = each.path().extension().string();
      if (ending == ".avsc" || ending == ".json" || ending == ".proto") found.push_back(each.path().string());
    }
    const auto rank = [](const std::string& path) { return std::pair{path.size(), path}; };  // 2 before 10
    // A total order: paths differ.
    std::sort(found.begin(), found.end(), [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
    if (found.empty()) throw Failure("there are no schemas (.avsc, .json, .proto) in the folder '" + name + "'");
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

AvroSchema avro_schema(const std::string& path) {
  if (format_of(path) != SchemaFormat::avro) throw Failure("'" + path + "': only records of Avro (.avsc) can be written and read");
  return std::move(*read_avro(schema_text(path, SchemaFormat::avro)).schema);
}

Compatibility mode_option(const std::string& text) {
  std::vector<std::string> names;
  for (const Compatibility each : kCompatibilities) {
    std::string name(compatibility_name(each));
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    std::string lower = text;
    for (char& c : lower) c = c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower == name) return each;
    names.push_back(std::move(name));
  }
  const std::string near = nearest_name(text, {names.begin(), names.end()});
  throw Failure("--mode '" + text + "' is none of none, backward, forward, full and these with _transitive" +
                (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

// "old.avsc writes, new.avsc reads:"
std::string direction_of(const Refusal& refusal, const std::vector<std::string>& files) {
  const std::string& old = files[static_cast<std::size_t>(refusal.version) - 1];
  return (refusal.new_reads_old ? old : files.back()) + " writes, " + (refusal.new_reads_old ? files.back() : old) + " reads:";
}

std::string refusal_json(const Refusal& each, const std::vector<std::string>& files) {
  return JsonObject()
      .number("version", each.version)
      .text("file", files[static_cast<std::size_t>(each.version) - 1])
      .text("reader", each.new_reads_old ? "new" : "old")
      .text("where", each.reason.where)
      .text("what", each.reason.what)
      .text("remedy", each.reason.remedy)
      .done();
}

void print_reasons(const std::vector<Refusal>& found, const std::vector<std::string>& files, Output& out) {
  std::string before;
  for (const Refusal& each : found) {
    const std::string head = direction_of(each, files);
    if (head != before) out.line(""), out.line(head, Style::bold);
    before = head;
    out.line("  " + (each.reason.where.empty() ? "the whole" : each.reason.where) + ": " + each.reason.what);
    out.line("    " + each.reason.remedy, Style::dim);
  }
}

int check_schema(const SchemaOptions& given, Output& out) {
  SchemaOptions options = given;
  options.files = schema_files(given.files);
  if (options.files.size() < 2)
    throw Failure("nothing to compare: name the old schema, or several from the oldest on, and the new one last");
  const Compatibility wanted = mode_option(options.mode);
  const SchemaFormat format = format_of(options.files.back(), options.format);
  std::vector<std::string> older;
  for (const std::string& each : options.files) {
    if (format_of(each, options.format) != format)
      throw Failure("'" + each + "' and '" + options.files.back() + "' are of two formats; a subject has one");
    older.push_back(schema_text(each, format));
  }
  const std::string newer = std::move(older.back());
  older.pop_back();
  const std::vector<Refusal> all = refusals(Compatibility::full_transitive, format, newer, older);
  const auto allows = [&](Compatibility level) {
    const auto refused = [&](const Refusal& each) { return refuses(level, each, static_cast<std::int32_t>(older.size())); };
    return std::none_of(all.begin(), all.end(), refused);
  };
  std::vector<std::vector<std::string>> rows = {{"LEVEL", "ALLOWED", "WHO IS UPGRADED FIRST", ""}};
  std::vector<std::string> modes;
  for (const Compatibility each : kCompatibilities) {
    const bool allowed = allows(each);
    rows.push_back(
        {std::string(compatibility_name(each)), allowed ? "yes" : "no", std::string(upgrade_order(each)), each == wanted ? "<" : ""});
    modes.push_back(
        JsonObject().text("mode", compatibility_name(each)).truth("allowed", allowed).text("first", upgrade_order(each)).done());
  }
  const bool allowed = allows(wanted);
  if (options.common.json) {
    std::vector<std::string> reasons;
    for (const Refusal& each : all) reasons.push_back(refusal_json(each, options.files));
    out.text(JsonObject()
                 .text("format", format_name(format))
                 .text("mode", compatibility_name(wanted))
                 .truth("allowed", allowed)
                 .json("modes", json_list(modes))
                 .json("reasons", json_list(reasons))
                 .done());
  } else {
    for (const std::string& line : in_columns(rows)) {
      const bool chosen = line.back() == '<';
      out.line(line, !chosen ? Style::plain : allowed ? Style::good : Style::bad);
    }
    print_reasons(all, options.files, out);
  }
  return allowed ? kExitFine : kExitFailed;
}

int write_record(const SchemaOptions& options, Output& out) {
  const AvroSchema schema = avro_schema(options.files.front());
  const JsonTreeResult json = parse_json_tree(options.what);
  if (!json.tree) throw Failure("the record: " + json.problem);
  const AvroValueResult value = avro_from_json(schema, schema.root, *json.tree);
  if (!value.value) throw Failure("the record is no " + avro_name(schema, schema.root) + ": " + value.problem);
  std::string bytes = encode_avro(*value.value);
  if (!options.id.empty()) {
    const std::int64_t id = integer_option("--id", options.id);
    if (id < 0 || id > INT32_MAX) throw Failure("--id " + options.id + " is no id of a schema; give a whole number from 0 on");
    bytes = framed(static_cast<std::int32_t>(id), bytes);
  }
  if (options.common.json) out.text(JsonObject().text("bytes", hex_text(bytes)).count("length", bytes.size()).done());
  else out.line(hex_text(bytes));
  return kExitFine;
}

int read_record(const SchemaOptions& options, Output& out) {
  const AvroSchema writer = avro_schema(options.files.front()), reader = avro_schema(options.files.back());
  const std::optional<std::string> bytes = bytes_of_hex(options.what);
  if (!bytes) throw Failure("'" + options.what + "' is no row of bytes; write two hexadecimal digits for each, such as 046f31f403");
  const AvroValueResult got = decode_avro(writer, reader, *bytes);
  if (options.common.json) {
    JsonObject made;
    made.truth("read", got.value.has_value());
    if (got.value) made.text("value", avro_text(reader, reader.root, *got.value));
    else made.text("problem", got.problem);
    out.text(made.done());
  } else if (got.value) {
    out.line(avro_text(reader, reader.root, *got.value));
  } else {
    out.line(got.problem, Style::bad);
  }
  return got.value ? kExitFine : kExitFailed;
}

int list_changes(const SchemaOptions& options, Output& out) {
  std::vector<std::vector<std::string>> rows = {{"CHANGE", "BACKWARD", "FORWARD", ""}};
  std::vector<std::string> changes;
  for (const WorkedChange& each : worked_changes()) {
    const auto allows = [&](Compatibility level) { return refusals(level, SchemaFormat::avro, each.newer, {each.older}).empty(); };
    const bool backward = allows(Compatibility::backward), forward = allows(Compatibility::forward);
    rows.push_back({std::string(each.name), backward ? "yes" : "no", forward ? "yes" : "no", std::string(each.note)});
    changes.push_back(JsonObject()
                          .text("change", each.name)
                          .truth("backward", backward)
                          .truth("forward", forward)
                          .text("note", each.note)
                          .json("old", each.older)
                          .json("new", each.newer)
                          .done());
  }
  if (options.common.json) out.text(json_list(changes));
  else
    for (const std::string& line : in_columns(rows)) out.line(line);
  return kExitFine;
}

}  // namespace

void add_schema(const CliCommand& program, Job& job) {
  const CliCommand schema =
      program.group("schema", "Schemas of messages: may one follow another, and what do readers make of bytes?");

  const CliCommand check = schema.command("check", "What a registry says of a new version, level by level, with its reasons");
  auto checked = std::make_shared<SchemaOptions>();
  check.operand("FILES", checked->files, "The older schemas, the oldest first, and the new one last: .avsc, .json or .proto");
  check.option("--mode", checked->mode, "LEVEL",
               "The level that decides the exit code: none, backward, forward, full, or one of\nthese with _transitive");
  check.option("--format", checked->format, "FORMAT", "avro, json or protobuf, whatever the files are called");
  add_common(check, checked->common, Has::output_only);
  check.footer(
      "BACKWARD: the new schema reads what the latest old one wrote. FORWARD: the other way round. TRANSITIVE: all versions.\n"
      "A folder stands for the schemas in it, - for standard input. Ends with 1 if the level does not allow the new schema.\n"
      "\n"
      "Examples:\n"
      "  nutshell schema check order-1.avsc order-2.avsc --mode full\n"
      "  nutshell schema check versions/ - --format avro < order-9.avsc");
  check.on_chosen(job, checked, check_schema);

  const CliCommand write = schema.command("write", "The bytes of a record in Avro, in hexadecimal");
  auto written = std::make_shared<SchemaOptions>();
  written->files.resize(1);
  write.operand("SCHEMA", written->files[0], "The writer's schema, .avsc");
  write.operand("RECORD", written->what, "The record, as JSON");
  write.option("--id", written->id, "NUMBER", "The schema's id: put before the record as a serializer does");
  add_common(write, written->common, Has::output_only);
  write.footer("Example:\n  nutshell schema write order.avsc '{\"id\": \"o1\", \"cents\": 250}' --id 7");
  write.on_chosen(job, written, write_record);

  const CliCommand read = schema.command("read", "What a reader with its own schema makes of bytes that another wrote");
  auto reading = std::make_shared<SchemaOptions>();
  reading->files.resize(2);
  read.operand("WRITER", reading->files[0], "The schema that they were written with, .avsc");
  read.operand("READER", reading->files[1], "The schema that they are read with, .avsc");
  read.operand("BYTES", reading->what, "In hexadecimal, without the id");
  add_common(read, reading->common, Has::output_only);
  read.footer("Ends with 1 if the reader cannot.\n\nExample:\n  nutshell schema read order-1.avsc order-2.avsc 046f31f403");
  read.on_chosen(job, reading, read_record);

  const CliCommand changes =
      schema.command("changes", "The changes that everybody makes sooner or later, and what a registry says of them");
  auto listing = std::make_shared<SchemaOptions>();
  add_common(changes, listing->common, Has::output_only);
  changes.footer("Of Avro. --json has the schemas as well.\n\nExample:\n  nutshell schema changes");
  changes.on_chosen(job, listing, list_changes);

  add_schema_test(schema, job);
}

}  // namespace nutshell

// Topics whose format has its schemas in the registry (S9; M1-M3): AVRO, JSON_SR and PROTOBUF. A statement without columns takes them
// from the latest schema of the topic's subject, or from the one that it names by its id; what it makes is registered before it goes
// to the command topic, and refused with it.
#include <algorithm>

#include "sim/core/text.h"
#include "sim/ksql/bytes.h"
#include "sim/ksql/schemas.h"
#include "sim/ksql/server_steps.h"
#include "sim/schema/wire.h"
#include "sim/streams/format_schema.h"
#include "sim/streams/lexer.h"

namespace nutshell {

namespace {

using streams::FormatKind;

std::string topic_subject(const streams::Source& source, bool key) { return subject_name(SubjectNaming::topic, source.topic, key, ""); }

const streams::Format& side(const streams::Source& source, bool key) { return key ? source.key_format : source.value_format; }

SerdeOutcome ask(Env& env, KsqlServer& server, const RegisterSchemaRequest& registers, const GetSchemaRequest& gets) {
  SchemaClient& client = server.schemas;
  if (!(client.registers == registers && client.gets == gets)) client.refused = false;  // it was somebody else's question
  AsClient as(env, 0);
  return ask_registry(env, client, server.node, registers, gets);
}

bool is_looked_up(const KsqlServer& server, std::int32_t subject) {
  return std::find(server.looked_up.begin(), server.looked_up.end(), subject) != server.looked_up.end();
}

// The latest schema of the subject is in the catalog, if there is one. False: not yet, or there is nobody to ask, and that is said.
bool look_up_latest(Env& env, KsqlServer& server, const std::string& subject, const streams::Statement& s, streams::Complaint& complaint) {
  const std::int32_t name = env.fabric.names.intern(subject);
  if (is_looked_up(server, name)) return true;
  if (ask(env, server, {}, {0, name}) == SerdeOutcome::waits) return false;
  const bool unheard = env.commons.registries.empty() || server.schemas.because != kNoStep;
  if (unheard) complaint.say("E17", s.name_at, "The registry cannot be asked: " + env.fabric.names[server.schemas.reason] + ".");
  else server.looked_up.push_back(name);  // it has been, and there is none
  return !unheard;
}

const KsqlSubject* registered_as(const Env& env, const KsqlServer& server, const streams::Source& source, bool key) {
  const Names& names = env.fabric.names;
  const std::int32_t subject = names.find(topic_subject(source, key));
  const std::int32_t schema = names.find(schema_text(source, key));
  for (const KsqlSubject& each : server.registered)
    if (each.subject == subject && each.schema == schema) return &each;
  return nullptr;
}

std::optional<std::string> proto_bytes(std::string_view schema, const std::string& full_name, const streams::Json& json) {
  const ProtoResult read = read_protobuf(schema);
  if (!read.file) return std::nullopt;
  const std::string message = full_name.empty() ? read.file->first : proto_type_name(*read.file, "", full_name);
  const std::optional<std::string> bytes = streams::proto_of_json(*read.file, message, json);
  return bytes ? std::optional<std::string>(message_indices(proto_indices_of(*read.file, message)) + *bytes) : std::nullopt;
}

std::optional<std::string> json_of_proto_payload(std::string_view schema, std::string_view payload) {
  const ProtoResult read = read_protobuf(schema);
  const std::optional<std::vector<std::int32_t>> indices = take_message_indices(payload);
  return read.file && indices ? streams::json_of_proto(*read.file, proto_message_at(*read.file, *indices), payload) : std::nullopt;
}

// The bytes of a key or value. Nothing: JSON that its own schema does not take; then it stays as it is.
std::optional<std::string> wire_bytes(const Names& names, const KsqlSubject& known, const streams::Source& source, bool key,
                                      std::string_view json) {
  const FormatKind kind = side(source, key).kind;
  if (kind == FormatKind::json_sr) return framed(known.id, json);
  if (kind == FormatKind::protobuf) {
    const std::optional<streams::Json> tree = streams::parse_json(json);
    const auto bytes = tree ? proto_bytes(names[known.schema], source.given(key).full_name, *tree) : std::nullopt;
    return bytes ? std::optional<std::string>(framed(known.id, *bytes)) : std::nullopt;
  }
  const AvroResult schema = read_avro(names[known.schema]);
  const std::optional<streams::Json> tree = streams::parse_json(json);
  const std::optional<AvroValue> value =
      tree && schema.schema ? streams::avro_of_json(*schema.schema, schema.schema->root, *tree) : std::nullopt;
  return value ? std::optional<std::string>(framed(known.id, encode_avro(*value))) : std::nullopt;
}

// Where the window begins in the name of a key.
std::size_t end_of_key(std::string_view name, streams::WindowKind window) {
  const std::size_t at = window == streams::WindowKind::none ? std::string_view::npos : name.rfind('@');
  return at == std::string_view::npos ? name.size() : at;
}

// As a statement writes them: "ID BIGINT KEY, V VARCHAR". A schema that is named by its id says them everywhere, at any time.
std::string column_clauses(const streams::Source& source) {
  streams::Columns columns;
  for (const streams::Column& each : source.columns)
    if (source.given(each.key).id == 0) columns.push_back(each);
  std::string text = streams::columns_text(columns, source.table);
  const std::string_view described = "VARCHAR(STRING)";
  for (std::size_t at = text.find(described); at != std::string::npos; at = text.find(described, at)) text.erase(at + 7, 8);
  return text;
}

void put_columns(std::string& text, std::size_t from, std::size_t to, const std::string& columns) {
  text = text.substr(0, from) + (from > 0 && text[from - 1] == ' ' ? "(" : " (") + columns + ") " + text.substr(to);
}

}  // namespace

void on_schema(Env& env, KsqlServer& server, const Response& response) {
  SchemaClient& client = server.schemas;
  if (!on_registry_response(env, client, server.node, response)) return;
  Names& names = env.fabric.names;
  if (client.refused) {
    const auto* answer = response.as<RegisterSchemaResponse>();
    if (answer && answer->status != SchemaStatus::ok)
      client.reason = names.intern("(" + std::to_string(static_cast<int>(answer->status)) + "): " + names[client.reason]);
    return;
  }
  if (client.registers.schema >= 0) {
    server.registered.push_back({client.registers.subject, client.registers.schema, client.known.back().id});
  } else if (const auto* got = response.as<GetSchemaResponse>(); got && client.gets.id == 0) {
    server.looked_up.push_back(client.gets.subject);
    Registry& known = server.engine.catalog.registry;
    known.erase(names[client.gets.subject], 0, false);  // what was the latest may have been deleted since
    known.take(names[client.gets.subject], got->format, names[got->schema]);
  } else if (got) {
    server.engine.catalog.schemas_by_id[got->id] = {got->format, names[got->schema], ""};
  }
}

bool given_schemas_are_known(Env& env, KsqlServer& server, const streams::Statement& s, streams::Complaint& complaint) {
  if (s.verb != streams::Verb::create_source && s.verb != streams::Verb::create_as) return true;
  streams::Complaint unread;  // said when it is carried out
  const streams::Properties with = streams::read_properties(s.properties, s.verb == streams::Verb::create_source, unread);
  for (const bool key : {true, false}) {
    const std::int32_t id = with.source.given(key).id;
    if (id == 0 || server.engine.catalog.schemas_by_id.count(id) > 0) continue;
    if (ask(env, server, {}, {id, -1}) == SerdeOutcome::failed)
      complaint.say("E17", s.name_at,
                    "The registry gives no schema " + std::to_string(id) + ": " + env.fabric.names[server.schemas.reason] + ".");
    return false;
  }
  return true;
}

bool schemas_are_answered(Env& env, KsqlServer& server, const streams::Statement& s, streams::Complaint& complaint) {
  if (!given_schemas_are_known(env, server, s, complaint)) return false;
  if (s.verb != streams::Verb::create_source) return true;
  streams::Complaint unread;  // said when it is carried out
  streams::Properties with = streams::read_properties(s.properties, true, unread);
  streams::apply_settings(with, server.engine.catalog.settings);
  for (const bool key : {true, false}) {
    const FormatKind kind = side(with.source, key).kind;
    if (!streams::has_schema(kind) || with.source.given(key).id > 0) continue;
    if (!look_up_latest(env, server, topic_subject(with.source, key), s, complaint)) return false;
  }
  return true;
}

bool schemas_are_registered(Env& env, KsqlServer& server, const streams::Source& source, streams::Complaint& complaint, streams::Place at) {
  for (const bool key : {true, false}) {
    const streams::Format& format = side(source, key);
    const streams::Columns columns = columns_of_side(source, key);
    if (!streams::has_schema(format.kind) || columns.empty()) continue;
    RegisterSchemaRequest registers;
    registers.subject = env.fabric.names.intern(topic_subject(source, key));
    registers.schema = env.fabric.names.intern(streams::schema_text(source, key));
    registers.format = streams::registry_format(format.kind);
    // A topic that is described only is registered when it has nothing yet.
    const bool described = source.query.empty() && is_looked_up(server, registers.subject);
    if (described && server.engine.catalog.registry.find(topic_subject(source, key))) continue;
    if (registered_as(env, server, source, key)) continue;
    const SerdeOutcome outcome = ask(env, server, registers, {});
    if (outcome == SerdeOutcome::failed) {
      const std::string why(env.fabric.names[server.schemas.reason]);
      complaint.say("E17", at,
                    "The schema of topic '" + source.topic + "' cannot be registered" + (why.rfind('(', 0) == 0 ? " " : ": ") + why + ".");
    }
    return false;
  }
  return true;
}

std::string with_columns(const streams::Statement& s, const streams::Source& source) {
  streams::Complaint complaint;
  std::string text = s.text;
  const std::string columns = column_clauses(source);
  if (columns.empty()) return text + ";";
  const std::vector<streams::Token> tokens = streams::lex(text, complaint);
  std::size_t open = text.size();
  int depth = 0;
  for (const streams::Token& each : tokens) {
    if (each.kind == streams::TokenKind::symbol && each.text == "(" && depth++ == 0) open = std::min(open, each.from);
    if (each.kind == streams::TokenKind::symbol && each.text == ")") --depth;
    if (each.kind != streams::TokenKind::word || depth > 0 || !streams::same_word(each.text, "WITH")) continue;
    put_columns(text, std::min(open, each.from), each.from, columns);
    break;
  }
  return text + ";";
}

std::optional<std::string> json_of_wire(const Names& names, const SchemaClient& client, FormatKind kind, std::string_view text,
                                        std::int32_t& unknown) {
  const std::optional<std::string> bytes = bytes_of_hex(text);
  const WireResult wire = bytes ? unframed(*bytes) : WireResult{{}, "no bytes"};
  if (!wire.problem.empty() || wire.record.has_guid) return std::nullopt;
  const KnownSchema* writer = known_id(client, wire.record.id);
  if (!writer) {
    unknown = wire.record.id;
    return std::nullopt;
  }
  if (kind == FormatKind::json_sr) return std::string(wire.record.payload);
  if (kind == FormatKind::protobuf) return json_of_proto_payload(names[writer->schema], wire.record.payload);
  const AvroResult schema = read_avro(names[writer->schema]);
  if (!schema.schema) return std::nullopt;
  const AvroValueResult value = decode_avro(*schema.schema, *schema.schema, wire.record.payload);
  if (!value.value) return std::nullopt;
  std::string json;
  streams::write_json_of_avro(json, *schema.schema, schema.schema->root, *value.value);
  return json;
}

std::string readable_name(const Names& names, const SchemaClient& client, FormatKind kind, streams::WindowKind window,
                          std::string_view name) {
  const std::size_t end = end_of_key(name, window);
  std::int32_t unknown = 0;
  const auto json = streams::has_schema(kind) ? json_of_wire(names, client, kind, name.substr(0, end), unknown) : std::nullopt;
  return json ? to_name(*json) + std::string(name.substr(end)) : std::string(name);
}

bool deserialize_first(Env& env, KsqlServer& server, KsqlInlet& inlet) {
  if (inlet.deserialized > inlet.head || (!streams::has_schema(inlet.key) && !streams::has_schema(inlet.value))) return true;
  Names& names = env.fabric.names;
  HostedRecord& first = inlet.buffer[inlet.head];
  for (const bool key : {true, false}) {
    std::int32_t& text = key ? first.key : first.text;
    const FormatKind kind = key ? inlet.key : inlet.value;
    if (!streams::has_schema(kind) || text < 0) continue;
    const std::string name = names[text];
    const std::size_t end = end_of_key(name, key ? inlet.window : streams::WindowKind::none);
    std::int32_t unknown = 0;
    std::optional<std::string> json = json_of_wire(names, server.schemas, kind, std::string_view(name).substr(0, end), unknown);
    if (unknown > 0 && ask(env, server, {}, {unknown, -1}) == SerdeOutcome::waits) return false;
    if (json) text = names.intern(to_name(*json) + name.substr(end));
  }
  inlet.deserialized = inlet.head + 1;
  return true;
}

void serialize(Env& env, const KsqlServer& server, const streams::Source& source, KsqlRecord& record, std::optional<std::string>& route) {
  for (const bool key : {true, false}) {
    const FormatKind kind = side(source, key).kind;
    if (!streams::has_schema(kind) || !(key ? record.has_key : record.has_value)) continue;
    const KsqlSubject* known = registered_as(env, server, source, key);
    std::string& name = key ? record.key : record.value;
    const std::size_t end = end_of_key(name, key ? source.window : streams::WindowKind::none);
    const auto bytes = known ? wire_bytes(env.fabric.names, *known, source, key, from_name(name.substr(0, end))) : std::nullopt;
    if (!bytes) continue;
    name = serialized_text(*bytes) + name.substr(end);
    if (key) route = *bytes;
  }
}

}  // namespace nutshell

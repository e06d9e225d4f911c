#include "sim/kafka/serde.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/kafka/timers.h"
#include "sim/schema/avro_idl.h"
#include "sim/schema/avro_value.h"
#include "sim/schema/wire.h"

namespace nutshell {

namespace {

constexpr Duration kHttpTimeout = 60 * kSecond;  // http.read.timeout.ms of the registry's client

std::int32_t interned(Env& env, std::string_view text) { return env.fabric.names.intern(text); }

SerdeOutcome no_value(SchemaClient& client, std::int32_t reason) {
  client.reason = reason;
  return SerdeOutcome::failed;
}

void send_question(Env& env, SchemaClient& client, NodeId node) {
  const std::vector<NodeId>& all = env.commons.registries;
  const NodeId registry = all[static_cast<std::size_t>(client.registry) % all.size()];
  client.number += 1;
  Body body = client.registers.schema >= 0 ? Body(client.registers) : Body(client.gets);
  env.request(node, registry, Channel::registry, std::move(body), kHttpTimeout, client.number);
}

void answer_no(SchemaClient& client, std::int32_t reason) {
  client.asking = false;
  client.refused = true;
  client.reason = reason;
}

void on_no_answer(Env& env, SchemaClient& client, NodeId node, const Response& response) {
  client.because = cause_of_silence(env, response.from, node);
  client.registry += 1;
  client.tries += 1;
  if (client.tries < static_cast<std::int32_t>(env.commons.registries.size())) return send_question(env, client, node);
  answer_no(client, interned(env, "no schema registry can be reached"));
}

// A value of the schema, the `nth`: the first text is the record's first letter and the number, numbers are multiples of 250.
AvroValue made_up(const AvroSchema& schema, std::size_t type, std::uint32_t nth, std::string_view name) {
  const AvroType& of = schema.at(type);
  AvroValue value;
  value.kind = of.kind;
  switch (of.kind) {
    case AvroKind::boolean: value.number = 1; break;
    case AvroKind::int32:
    case AvroKind::int64: value.number = 250 * static_cast<std::int64_t>(nth); break;
    case AvroKind::float32:
    case AvroKind::float64: value.real = static_cast<std::int32_t>(nth); break;
    case AvroKind::text: value.bytes = name; break;
    case AvroKind::fixed: value.bytes.assign(static_cast<std::size_t>(of.size), '\0'); break;
    case AvroKind::one_of:
      value.items.push_back(made_up(schema, of.branches.front(), nth, name));
      break;
    case AvroKind::record: {
      bool named = false;
      for (const AvroField& each : of.fields) {
        if (each.fallback) {
          value.items.push_back(*avro_from_json(schema, each.type, *each.fallback).value);
          continue;
        }
        std::string text = each.name;
        if (!named && schema.at(each.type).kind == AvroKind::text) {
          const char first = bare_avro_name(of.name).front();
          text = static_cast<char>(first >= 'A' && first <= 'Z' ? first - 'A' + 'a' : first) + std::to_string(nth);
          named = true;
        }
        value.items.push_back(made_up(schema, each.type, nth, text));
      }
      break;
    }
    default: break;
  }
  return value;
}

struct Encoded {
  std::string bytes, problem;
};
Encoded encode_value(const AvroSchema& schema, std::uint32_t nth, std::string_view json) {
  if (json.empty()) return {encode_avro(made_up(schema, schema.root, nth, "text")), ""};
  const JsonTreeResult tree = parse_json_tree(json);
  if (!tree.tree) return {"", "the value is no JSON: " + tree.problem};
  const AvroValueResult value = avro_from_json(schema, schema.root, *tree.tree);
  if (!value.value) return {"", "the value does not fit the schema: " + value.problem};
  return {encode_avro(*value.value), ""};
}

}  // namespace

SerdeOutcome ask_registry(Env& env, SchemaClient& client, NodeId node, const RegisterSchemaRequest& registers,
                          const GetSchemaRequest& gets) {
  if (client.asking) return SerdeOutcome::waits;
  if (client.refused) {
    client.refused = false;
    return SerdeOutcome::failed;
  }
  client.because = kNoStep;
  if (env.commons.registries.empty()) return no_value(client, interned(env, "there is no schema registry"));
  client.registers = registers;
  client.gets = gets;
  client.asking = true;
  client.tries = 0;
  send_question(env, client, node);
  return SerdeOutcome::waits;
}

const KnownSchema* known_id(const SchemaClient& client, std::int32_t id) {
  const auto found = std::find_if(client.known.begin(), client.known.end(), [id](const KnownSchema& each) { return each.id == id; });
  return found == client.known.end() ? nullptr : &*found;
}

bool on_registry_response(Env& env, SchemaClient& client, NodeId node, const Response& response) {
  if (!client.asking || response.tag != client.number) return false;
  if (const auto* registered = response.as<RegisterSchemaResponse>()) {
    if (registered->status != SchemaStatus::ok) {
      answer_no(client, registered->reason);
      return true;
    }
    client.asking = false;
    client.known.push_back({registered->id, client.registers.schema});
    env.emit(SchemaLearned{node, response.from, registered->id});
    return true;
  }
  if (const auto* got = response.as<GetSchemaResponse>()) {
    if (got->status != SchemaStatus::ok) {
      answer_no(client, got->reason);
      return true;
    }
    client.asking = false;
    if (client.gets.id == 0) client.latest = got->id;
    if (!known_id(client, got->id)) client.known.push_back({got->id, got->schema});
    env.emit(SchemaLearned{node, response.from, got->id});
    return true;
  }
  on_no_answer(env, client, node, response);
  return !client.asking;
}

SerdeOutcome serialize(Env& env, SchemaClient& client, NodeId node, TopicId topic, const ProducerConfig& config, std::uint32_t nth,
                       std::int32_t& text) {
  const std::int32_t subject = interned(env, env.fabric.names[topic] + "-value");
  std::int32_t id = 0, schema = -1;
  if (config.use_latest_version) {
    if (client.latest == 0)
      if (const SerdeOutcome outcome = ask_registry(env, client, node, {}, {0, subject}); outcome != SerdeOutcome::done) return outcome;
    id = client.latest;
    schema = known_id(client, id)->schema;
  } else {
    if (config.value_schema.text.empty())
      return no_value(client, interned(env, "nutshell.value.schema is not set: the application has no schema to write with"));
    schema = interned(env, avro_json_of(config.value_schema.text).json);
    const auto given = std::find_if(client.known.begin(), client.known.end(),
                                    [schema](const KnownSchema& each) { return each.schema == schema; });
    if (given == client.known.end()) {
      RegisterSchemaRequest registers;
      registers.subject = subject;
      registers.schema = schema;
      registers.looks_up = !config.auto_register_schemas;
      return ask_registry(env, client, node, registers, {});
    }
    id = given->id;
  }
  const AvroResult read = read_avro(env.fabric.names[schema]);
  const Encoded encoded = encode_value(*read.schema, nth, text >= 0 ? std::string_view(env.fabric.names[text]) : std::string_view());
  if (!encoded.problem.empty()) return no_value(client, interned(env, encoded.problem));
  client.last = text = interned(env, serialized_text(framed(id, encoded.bytes)));
  return SerdeOutcome::done;
}

Deserialized deserialize(Env& env, SchemaClient& client, NodeId node, const ConsumerConfig& config, std::int32_t text) {
  Deserialized result;
  if (text == kNoValue) return result;
  const auto failed = [&](std::string_view why) {
    result.outcome = SerdeOutcome::failed;
    result.reason = interned(env, why);
    return result;
  };
  client.because = kNoStep;
  const std::string raw = text >= 0 ? env.fabric.names[text] : std::string("text");
  const std::string bytes = bytes_of_hex(raw).value_or(raw);
  const WireResult wire = unframed(bytes);
  if (!wire.problem.empty()) return failed(wire.problem);
  if (wire.record.has_guid) return failed("the schema is named by a GUID, which Nutshell's registry does not give");
  result.id = wire.record.id;
  const KnownSchema* writer = known_id(client, result.id);
  if (!writer) {
    result.outcome = ask_registry(env, client, node, {}, {result.id, -1});
    result.reason = client.reason;
    return result;
  }
  const AvroResult written = read_avro(env.fabric.names[writer->schema]);
  const AvroResult own = config.value_schema.text.empty() ? written : read_avro(avro_json_of(config.value_schema.text).json);
  const AvroValueResult value = decode_avro(*written.schema, *own.schema, wire.record.payload);
  if (!value.value) return failed(value.problem);
  client.last = result.value = interned(env, avro_text(*own.schema, own.schema->root, *value.value));
  return result;
}

std::string serialized_text(std::string_view bytes) {
  constexpr std::size_t kMagic = 1, kHead = 5;
  return hex_text(bytes.substr(0, kMagic)) + " " + hex_text(bytes.substr(kMagic, kHead - kMagic)) + " " + hex_text(bytes.substr(kHead));
}

std::int32_t schema_id_in(std::string_view text) {
  constexpr std::string_view kMagic = "00 ";
  if (text.substr(0, kMagic.size()) != kMagic) return 0;
  const std::optional<std::string> bytes = bytes_of_hex(text);
  if (!bytes) return 0;
  const WireResult wire = unframed(*bytes);
  return wire.problem.empty() ? wire.record.id : 0;
}

std::string text_in_a_word(std::string_view text) {
  const std::int32_t schema = schema_id_in(text);
  return schema > 0 ? "id " + std::to_string(schema) : std::string(text);
}

}  // namespace nutshell

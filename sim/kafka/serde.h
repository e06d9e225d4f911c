// The Avro serialiser of a producer, the deserialiser of a consumer, and what both keep of the schema registry (M1, M8).
//
// A serialised value stands in its record as hexadecimal text, "00 00000001 046f31f403": the magic byte, the schema's id, and
// Avro's bytes. Ids and schemas are asked for once and kept (CachedSchemaRegistryClient); while an answer is on its way, the
// application's thread is within send() or poll(), so that there is one question at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/config.h"
#include "sim/kafka/env.h"
#include "sim/kafka/registry_api.h"

namespace nutshell {

// Of a schema and its id, one was known and the other the registry has said.
struct KnownSchema {
  std::int32_t id = 0, schema = -1;  // schema: interned JSON
  friend bool operator==(const KnownSchema&, const KnownSchema&) = default;
  NUTSHELL_FIELDS(KnownSchema, id, schema)
};

struct SchemaClient {
  std::vector<KnownSchema> known;
  std::int32_t latest = 0;           // id; 0: not asked for (use.latest.version)
  bool asking = false;               // a question is on its way
  bool refused = false;              // it has been answered with no: `reason`, to be told once
  std::int32_t reason = -1;          // interned
  Step because = kNoStep;            // why nobody has answered
  std::int32_t registry = 0, tries = 0;  // who is asked next, and how many have not answered
  RegisterSchemaRequest registers;   // what is asked: a schema's id,
  GetSchemaRequest gets;             // or, if its id or subject is set, a schema
  std::uint64_t number = 0;          // of the question
  TopicPartition stuck_at;           // the record that was told of as unreadable, so that it is told once
  Offset stuck_offset = -1;
  std::int32_t last = -1;            // for who looks on: what was serialised, or read, last; interned
  friend bool operator==(const SchemaClient&, const SchemaClient&) = default;
  NUTSHELL_FIELDS(SchemaClient, known, latest, asking, refused, reason, because, registry, tries, registers, gets, number, stuck_at,
                  stuck_offset, last)
};

enum class SerdeOutcome : std::uint8_t { done, waits, failed };

// Asks, unless a question is on its way; what is wanted of the answer stands in `known` and `latest`, once `asking` is over.
// failed: it was answered with no.
SerdeOutcome ask_registry(Env& env, SchemaClient& client, NodeId node, const RegisterSchemaRequest& registers,
                          const GetSchemaRequest& gets);
// nullptr: the id has not been asked for.
const KnownSchema* known_id(const SchemaClient& client, std::int32_t id);

// What came of the client's question: true if it was one, and it is answered.
bool on_registry_response(Env& env, SchemaClient& client, NodeId node, const Response& response);

// A value on its way out. `text`: interned JSON, or -1 for one that is made up of the schema and `nth`; becomes the serialised one.
// failed: `client.reason` says why.
SerdeOutcome serialize(Env& env, SchemaClient& client, NodeId node, TopicId topic, const ProducerConfig& config, std::uint32_t nth,
                       std::int32_t& text);

struct Deserialized {
  SerdeOutcome outcome = SerdeOutcome::done;
  std::int32_t id = 0;
  std::int32_t value = -1;   // interned: {"id": "o1", "cents": 250}
  std::int32_t reason = -1;  // of a failure, interned
};
// `text`: of the record, as interned.
Deserialized deserialize(Env& env, SchemaClient& client, NodeId node, const ConsumerConfig& config, std::int32_t text);

// For who looks on. "00 00000001 046f31f403" of bytes with a schema's id in front; and the id in such a text, 0: there is none.
std::string serialized_text(std::string_view bytes);
std::int32_t schema_id_in(std::string_view text);
// A record's text in a word: itself, or of a serialised one "id 2".
std::string text_in_a_word(std::string_view text);

}  // namespace nutshell

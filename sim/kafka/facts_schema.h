// Facts of schema registries, and of clients that serialise with them. For facts.h only.
#pragma once

#include "sim/kafka/fact_reasons.h"

namespace nutshell {

struct RegistryElected {  // a schema registry may write to _schemas: it alone
  NodeId registry = kNoNode;
  NUTSHELL_FACT("registry_elected", story) NUTSHELL_FIELDS(RegistryElected, registry)
};
struct SchemaRegistered {  // a new version of a subject; it stands in _schemas
  NodeId registry = kNoNode, client = kNoNode;
  NameRef subject = -1;
  std::int32_t id = 0, version = 0;
  NUTSHELL_FACT("schema_registered", story) NUTSHELL_FIELDS(SchemaRegistered, registry, client, subject, id, version)
};
struct SchemaRefused {  // by HTTP's status: it does not go with what the subject has (409), or is no schema (422)
  NodeId registry = kNoNode, client = kNoNode;
  NameRef subject = -1, why = -1;
  std::int32_t status = 0;
  NUTSHELL_FACT("schema_refused", story) NUTSHELL_FIELDS(SchemaRefused, registry, client, subject, why, status)
};
struct SchemaLearned {  // a client keeps a schema with its id, and does not ask again
  NodeId client = kNoNode, registry = kNoNode;
  std::int32_t id = 0;
  NUTSHELL_FACT("schema_learned", protocol) NUTSHELL_FIELDS(SchemaLearned, client, registry, id)
};
struct RecordNotSerialized {  // send() throws a SerializationException
  NodeId producer = kNoNode;
  TopicId topic = -1;
  NameRef why = -1;
  NUTSHELL_FACT("record_not_serialized", story) NUTSHELL_FIELDS(RecordNotSerialized, producer, topic, why)
};
struct RecordNotDeserialized {  // poll() throws a SerializationException there; `skipped`: the application goes on behind it
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset offset = -1;
  NameRef why = -1;
  bool skipped = false;
  NUTSHELL_FACT("record_not_deserialized", story) NUTSHELL_FIELDS(RecordNotDeserialized, tp, consumer, offset, why, skipped)
};
struct ValueDeserialized {  // what the application is given
  TopicPartition tp;
  NodeId consumer = kNoNode;
  Offset offset = -1;
  std::int32_t id = 0;  // of the schema that it was written with
  NameRef value = -1;
  NUTSHELL_FACT("value_deserialized", detail) NUTSHELL_FIELDS(ValueDeserialized, tp, consumer, offset, id, value)
};
struct RegistryCalled {  // what the operator called its REST interface for is done, and stands in _schemas
  NodeId registry = kNoNode;
  NameRef call = -1;
  NUTSHELL_FACT("registry_called", story) NUTSHELL_FIELDS(RegistryCalled, registry, call)
};

}  // namespace nutshell

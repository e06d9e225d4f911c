// What schema registries and serialisers do, in words.
#include "sim/core/text.h"
#include "sim/kafka/facts_say.h"

namespace nutshell {

namespace {

std::string numbered(std::string_view what, std::int64_t number) { return std::string(what) + " " + std::to_string(number); }

}  // namespace

std::string say(const RegistryElected& f, const Namer& n) {
  return node_at_start(n.node(f.registry)) + " is the primary registry: it alone writes to _schemas.";
}
std::string say(const SchemaRegistered& f, const Namer& n) {
  return node_at_start(n.node(f.registry)) + " gives the schema of " + n.node(f.client) + " the " + numbered("id", f.id) + ": " +
         numbered("version", f.version) + " of " + n.name(f.subject) + ".";
}
std::string say(const SchemaRefused& f, const Namer& n) {
  if (f.client == kNoNode)
    return node_at_start(n.node(f.registry)) + " refuses " + n.name(f.subject) + " (" + std::to_string(f.status) + "): " +
           n.name(f.why) + ".";
  return node_at_start(n.node(f.registry)) + " refuses a schema of " + n.node(f.client) + " for " + n.name(f.subject) + " (" +
         std::to_string(f.status) + "): " + n.name(f.why) + ".";
}
std::string say(const SchemaLearned& f, const Namer& n) {
  return node_at_start(n.node(f.client)) + " keeps the schema with " + numbered("id", f.id) + ", as " + n.node(f.registry) + " has it.";
}
std::string say(const RecordNotSerialized& f, const Namer& n) {
  return node_at_start(n.node(f.producer)) + " cannot serialise a record for " + n.name(f.topic) + ": " + n.name(f.why) + ".";
}
std::string say(const RecordNotDeserialized& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + (f.skipped ? " skips " : " cannot read ") + numbered("offset", f.offset) + " of " +
         n.partition(f.tp) + ": " + n.name(f.why) + ".";
}
std::string say(const RegistryCalled& f, const Namer& n) {
  return node_at_start(n.node(f.registry)) + " has done " + n.name(f.call) + ".";
}
std::string say(const ValueDeserialized& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " reads " + numbered("offset", f.offset) + " of " + n.partition(f.tp) + ", " +
         numbered("schema", f.id) + ": " + (f.value < 0 ? "a tombstone" : n.name(f.value)) + ".";
}

}  // namespace nutshell

// A schema registry on the simulated cluster (M1-M3): one process with Kafka clients of its own.
//
// What it knows stands in the topic _schemas, one partition, compacted. Every registry reads it from its beginning and keeps
// it as a value (schema/registry.h), and serves once it has read it and joined the group; one of them, the primary, writes to
// it. Who that is, the group schema-registry decides: its members subscribe to _schemas and read nothing, and whoever is
// given the partition is primary. A schema is registered once the registry has read back what it has written; others
// forward what is to be registered to the primary.
//
// Levels and modes are set, and versions deleted, by calls to the primary (call_registry): they stand in _schemas as well.
//
// A registry that was primary and does not know yet that it is no more may still write: what it writes bears a version or an id
// that is taken, and every registry passes it over.
//
// Simpler than Confluent's: the group's own assignor takes the place of its election (the lowest address there), and whoever asks
// for a schema with references is given it with all that it refers to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kafka/hosted.h"
#include "sim/kafka/registry_api.h"
#include "sim/kafka/registry_kind.h"
#include "sim/schema/registry.h"

namespace nutshell {

// A schema that somebody wants to have registered, or looked up.
struct WaitingSchema {
  RequestId request;
  NodeId client = kNoNode;
  RegisterSchemaRequest asked;
  NUTSHELL_FIELDS(WaitingSchema, request, client, asked)
};

struct RegistryServer {
  using Kind = SchemaRegistryKind;

  NodeId node = kNoNode;
  Kind::Config config;
  std::vector<BrokerId> bootstrap;
  bool running = false, stopping = false;
  struct Shown {
    std::int64_t primary = 0, subjects = 0, schemas = 0, answers = 0, refused = 0;
    NUTSHELL_FIELDS(Shown, primary, subjects, schemas, answers, refused)
  } shown;
  std::uint32_t next_serial = 0;  // of records that it has written: outlives the process

  HostedAdmin admin;
  Producer writer;
  Consumer reader, member;
  Registry registry;  // what _schemas says, as far as it is read
  Offset read = 0;    // up to there
  bool caught_up = false;  // once to the end that it had
  bool joined = false, primary = false;
  bool may_write = false;        // the primary has read all that others have written before it
  bool writing = false;          // for the first of `waiting`, or to find out where the log ends
  std::int64_t failed_before = 0;  // Producer::counters.failed when it began to write
  bool forwarding = false;       // the first of `waiting`
  std::int32_t forwarded_to = 0;  // how many have been tried
  std::uint64_t forwards = 0;
  std::vector<WaitingSchema> waiting;  // oldest first
  std::vector<std::int32_t> calls;     // of the operator, interned, oldest first; who is not primary forwards them
  bool calling = false;                // what the first of them comes to is being written
  bool calling_on = false;             // the first of them is on its way to another registry
  std::int32_t called_on = 0;          // how many have been tried
  Timer look = kNoTimer;

  template <class Visit>
  void each_client(Visit&& visit) const {
    visit(writer);
    visit(reader);
    visit(member);
  }
  void fold_into(std::uint64_t& digest) const;
};

void start(Env& env, RegistryServer& server);
void stop(Env& env, RegistryServer& server);
void forget(Env& env, RegistryServer& server, ProcessEnd end);
void on_request(Env& env, RegistryServer& server, const RequestId& request, Body& body);
void on_response(Env& env, RegistryServer& server, const Response& response);
void on_timer(Env& env, RegistryServer& server, const Event& timer);

// "" or why the text is no call, with what to write.
std::string registry_call_problem(std::string_view text);
// The operator calls its REST interface: "PUT /config {...}", "DELETE /subjects/S". REQUIRES the text is a call.
void call_registry(Env& env, RegistryServer& server, std::string_view text);

}  // namespace nutshell

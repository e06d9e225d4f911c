#include "sim/registry/server.h"

#include <algorithm>
#include <utility>

#include "sim/kafka/hosted_events.h"
#include "sim/registry/store.h"
#include "sim/schema/avro_idl.h"

namespace nutshell {

namespace {

constexpr ClientNumber kAdmin = 1, kWriter = 2, kReader = 3, kMember = 4;
constexpr Duration kLook = 100 * kMillisecond;
constexpr Duration kForwardTimeout = 5 * kSecond;
constexpr Duration kSession = 10 * kSecond;  // of the registry's group (kafkastore.*)
constexpr std::string_view kGroup = "schema-registry";

TopicId topic_of(Env& env) { return env.fabric.names.intern(kSchemasTopic); }
const std::string& text(const Env& env, std::int32_t interned) { return env.fabric.names[interned]; }

void create_store(Env& env, RegistryServer& server) {
  CreateTopicsRequest request;
  request.topic = topic_of(env);
  request.partitions = 1;
  request.config.cleanup_policy = CleanupPolicy::compacts;
  AsClient as(env, kAdmin);
  create_topic(env, server.admin, std::move(request));
}

// Once _schemas is there it is read from its beginning, and the group is joined.
void begin(Env& env, RegistryServer& server) {
  const TopicId topic = topic_of(env);
  if (server.reader.running || server.admin.partitions_of(topic) == 0) return;
  {
    AsClient as(env, kWriter);
    server.writer = hosted_producer(server.node, topic, ProducerConfig{}, server.bootstrap);
    start(env, server.writer);
  }
  {
    AsClient as(env, kReader);
    server.reader = hosted_reader(server.node, ConsumerConfig{}, server.bootstrap);
    start(env, server.reader);
    assign_partitions(env, server.reader, {{{topic, 0}, 0}});
  }
  if (!server.config.eligible) {
    server.joined = true;
    return;
  }
  ConsumerConfig config;
  config.enable_auto_commit = false;
  config.session_timeout = kSession;
  AsClient as(env, kMember);
  server.member = hosted_consumer(server.node, env.fabric.names.intern(kGroup), {topic}, config, server.bootstrap);
  server.member.host.reads = false;
  start(env, server.member);
}

void write_record(Env& env, RegistryServer& server, const StoreRecord& record) {
  const auto& [key, value] = record;
  HostedSend send;
  send.key = env.fabric.names.intern(key);
  send.text = value.empty() ? kNoValue : env.fabric.names.intern(value);
  send.partition = 0;
  send.bytes = static_cast<std::int32_t>(key.size() + value.size());
  server.writing = true;
  server.failed_before = server.writer.counters.failed;
  AsClient as(env, kWriter);
  server.writer.next_serial = server.next_serial++;
  send_record(env, server.writer, send);
}

bool read_store(Env& env, RegistryServer& server) {
  if (!server.reader.running) return false;
  const std::vector<HostedRecord> records = take_records(server.reader);
  take_news(server.reader);
  const std::vector<OwnedPartition>& owned = server.reader.owned;
  if (!owned.empty() && owned.front().high_watermark >= 0 && owned.front().position >= owned.front().high_watermark)
    server.caught_up = true;
  if (records.empty()) return false;
  for (const HostedRecord& each : records) {
    server.read = each.offset + 1;
    if (each.key < 0) continue;
    take_record(server.registry, text(env, each.key), each.text >= 0 ? text(env, each.text) : std::string());
    if (each.text >= 0 || !server.primary || text(env, each.key) != noop_record().key) continue;
    server.may_write = true;
    server.writing = false;
    if (!server.calling) continue;
    env.emit(RegistryCalled{server.node, server.calls.front()});
    server.calls.erase(server.calls.begin());
    server.calling = false;
  }
  AsClient as(env, kReader);
  poll_again(env, server.reader);
  return true;
}

void become(Env& env, RegistryServer& server, bool primary) {
  server.joined = true;
  if (primary == server.primary) return;
  server.primary = primary;
  server.shown.primary = primary;
  server.may_write = server.writing = server.calling = server.calling_on = false;
  server.called_on = 0;
  if (!primary) return;
  env.emit(RegistryElected{server.node});
  write_record(env, server, noop_record());  // what was written before it has been read once this is
}

bool hear_group(Env& env, RegistryServer& server) {
  bool news = false;
  for (const HostNews& each : take_news(server.member)) {
    news = true;
    if (each.what == ClientNews::assigned) become(env, server, !each.partitions.empty());
    if (each.what == ClientNews::revoked || each.what == ClientNews::lost) become(env, server, false);
  }
  return news;
}

void answer(Env& env, RegistryServer& server, RegisterSchemaResponse response) {
  const WaitingSchema first = server.waiting.front();
  server.waiting.erase(server.waiting.begin());
  server.writing = server.forwarding = false;
  server.forwarded_to = 0;
  server.shown.answers += 1;
  if (response.status != SchemaStatus::ok) server.shown.refused += 1;
  env.reply(first.request, std::move(response));
}

RegisterSchemaResponse no(Env& env, SchemaStatus status, std::string_view reason) {
  return {status, 0, 0, env.fabric.names.intern(reason)};
}

// The primary decides on the first that waits.
void decide(Env& env, RegistryServer& server) {
  const WaitingSchema first = server.waiting.front();
  const std::string subject = text(env, first.asked.subject), schema = text(env, first.asked.schema);
  Registry with = server.registry;
  with.level = server.config.compatibility;
  const Registration made = with.add(subject, first.asked.format, schema);
  if (made.id == 0) {
    const std::int32_t why = env.fabric.names.intern(refusal_text(made));
    env.emit(SchemaRefused{server.node, first.client, first.asked.subject, why, made.status});
    return answer(env, server, {static_cast<SchemaStatus>(made.status), 0, 0, why});
  }
  write_record(env, server, schema_record(subject, {made.version, made.id}, *with.find(made.id)));
}

// The first call of the operator, if nothing else is being written.
bool call(Env& env, RegistryServer& server) {
  if (server.calls.empty() || server.calling || server.writing || !server.may_write) return false;
  std::string problem;
  const std::optional<RegistryCall> asked = read_registry_call(text(env, server.calls.front()), problem);
  Registry with = server.registry;
  with.level = server.config.compatibility;
  const CallOutcome outcome = asked ? carry_out(with, *asked) : CallOutcome{422, problem, {}};
  if (!outcome.problem.empty()) {
    const std::int32_t why = env.fabric.names.intern(outcome.problem);
    env.emit(SchemaRefused{server.node, kNoNode, server.calls.front(), why, outcome.status});
    server.calls.erase(server.calls.begin());
    return true;
  }
  for (const StoreRecord& each : outcome.records) write_record(env, server, each);
  write_record(env, server, noop_record());  // all of it is read once this is
  server.calling = true;
  return true;
}

// The next registry but this one, counted up in `tried`; kNoNode: there is none left.
NodeId next_registry(const Env& env, const RegistryServer& server, std::int32_t& tried) {
  const std::vector<NodeId>& all = env.commons.registries;
  const auto count = static_cast<std::int32_t>(all.size());
  while (tried < count && all[static_cast<std::size_t>(tried)] == server.node) tried += 1;
  return tried < count ? all[static_cast<std::size_t>(tried)] : kNoNode;
}

// A call that came to a registry which is not primary goes to the others, one after another.
void call_on(Env& env, RegistryServer& server) {
  if (server.calls.empty() || server.calling_on || server.primary || !server.joined) return;
  const NodeId to = next_registry(env, server, server.called_on);
  if (to == kNoNode) {
    env.emit(SchemaRefused{server.node, kNoNode, server.calls.front(),
                           env.fabric.names.intern("there is no primary registry to forward it to"), 500});
    server.calls.erase(server.calls.begin());
    server.called_on = 0;
    return call_on(env, server);
  }
  server.calling_on = true;
  AsClient as(env, 0);
  env.request(server.node, to, Channel::registry, CallRegistryRequest{server.calls.front()}, kForwardTimeout, ++server.forwards);
}

void on_called_on(Env& env, RegistryServer& server, const Response& response) {
  server.calling_on = false;
  const auto* said = response.as<CallRegistryResponse>();
  if (said && said->status == SchemaStatus::ok) {
    server.calls.erase(server.calls.begin());
    server.called_on = 0;
  } else {
    server.called_on += 1;
  }
  call_on(env, server);
}

void forward(Env& env, RegistryServer& server) {
  const NodeId to = next_registry(env, server, server.forwarded_to);
  if (to == kNoNode)
    return answer(env, server, no(env, SchemaStatus::no_primary, "there is no primary registry to forward it to"));
  server.forwarding = true;
  RegisterSchemaRequest request = server.waiting.front().asked;
  request.forwarded = true;
  request.client = server.waiting.front().client;
  AsClient as(env, 0);
  env.request(server.node, to, Channel::registry, request, kForwardTimeout, ++server.forwards);
}

// Takes the next step for the first that waits; true if that is answered.
bool serve(Env& env, RegistryServer& server) {
  if (server.waiting.empty() || server.forwarding) return false;
  const RegisterSchemaRequest asked = server.waiting.front().asked;
  const std::size_t before = server.waiting.size();
  Registry with = server.registry;
  with.take(text(env, asked.subject), asked.format, text(env, asked.schema));
  const SchemaSubject* subject = server.registry.find(text(env, asked.subject));
  const std::size_t versions = subject ? subject->versions.size() : 0;
  // Whoever has it already is told so, whatever the levels say.
  const Registration known = with.find(text(env, asked.subject)) && with.find(text(env, asked.subject))->versions.size() == versions
                                 ? with.add(text(env, asked.subject), asked.format, text(env, asked.schema))
                                 : Registration{};
  if (known.id != 0) {
    if (server.writing)
      env.emit(SchemaRegistered{server.node, server.waiting.front().client, asked.subject, known.id, known.version});
    answer(env, server, {SchemaStatus::ok, known.id, known.version, -1});
  } else if (asked.looks_up) {
    answer(env, server, no(env, SchemaStatus::not_found, "the subject does not have this schema, and it is not to be registered"));
  } else if (!server.primary) {
    forward(env, server);
  } else if (server.writing && server.writer.counters.failed > server.failed_before) {
    answer(env, server, no(env, SchemaStatus::cannot_write, "_schemas does not take what is written to it"));
  } else if (server.may_write && !server.writing) {
    decide(env, server);
  }
  return server.waiting.size() < before;
}

bool waits(const RegistryServer& server) {
  return !server.reader.running || !server.joined || !server.caught_up || !server.waiting.empty() || !server.calls.empty() ||
         server.stopping;
}

void end_if_closed(Env& env, RegistryServer& server) {
  const std::pair<ClientNumber, Consumer*> consumers[] = {{kMember, &server.member}, {kReader, &server.reader}};
  for (const auto& [number, consumer] : consumers) {
    AsClient as(env, number);
    if (consumer->running) close(env, *consumer);
  }
  if (server.member.running || server.reader.running) return;
  server.running = false;
  kill_process(env, server.node);
}

void go_on(Env& env, RegistryServer& server) {
  if (!server.running) return;
  begin(env, server);
  for (bool more = true; more;) {
    more = hear_group(env, server);
    more = read_store(env, server) || more;
    while (call(env, server) || serve(env, server)) more = true;
  }
  call_on(env, server);
  server.shown.subjects = static_cast<std::int64_t>(server.registry.subjects.size());
  server.shown.schemas = static_cast<std::int64_t>(server.registry.schemas.size());
  if (server.stopping) return end_if_closed(env, server);
  if (!waits(server) || server.look != kNoTimer) return;
  AsClient as(env, 0);
  server.look = env.arm(server.node, kRegistryLook, kLook);
}

void on_forwarded(Env& env, RegistryServer& server, const Response& response) {
  if (server.calling_on && response.tag == server.forwards) return on_called_on(env, server, response);
  if (!server.forwarding || response.tag != server.forwards) return;
  server.forwarding = false;
  const auto* said = response.as<RegisterSchemaResponse>();
  if (said && said->status != SchemaStatus::no_primary) return answer(env, server, *said);
  server.forwarded_to += 1;
  forward(env, server);
}

template <class Visit>
void with_client(RegistryServer& server, ClientNumber number, Visit&& visit) {
  switch (number) {
    case kAdmin: return visit(server.admin);
    case kWriter: return visit(server.writer);
    case kReader: return visit(server.reader);
    default: return visit(server.member);
  }
}

GetSchemaResponse look_up(Env& env, const RegistryServer& server, const GetSchemaRequest& asked) {
  std::int32_t id = asked.id;
  if (id == 0) {
    const SchemaSubject* subject = server.registry.find(text(env, asked.subject));
    if (subject && subject->latest()) id = subject->latest()->id;
  }
  if (const RegisteredSchema* schema = server.registry.find(id))
    return {SchemaStatus::ok, id, env.fabric.names.intern(server.registry.whole(*schema)), -1, schema->format};
  const std::string what = asked.id == 0 ? "the registry has no subject " + text(env, asked.subject)
                                         : "the registry has no schema with id " + std::to_string(id);
  return {SchemaStatus::not_found, id, -1, env.fabric.names.intern(what), SchemaFormat::avro};
}

}  // namespace

void start(Env& env, RegistryServer& server) {
  server.running = true;
  std::vector<NodeId>& all = env.commons.registries;
  if (std::find(all.begin(), all.end(), server.node) == all.end()) all.push_back(server.node);
  start_admin(env, server, kAdmin);
  create_store(env, server);
  go_on(env, server);
}

void stop(Env& env, RegistryServer& server) {
  server.stopping = true;
  go_on(env, server);
}

void forget(Env&, RegistryServer& server, ProcessEnd) {
  RegistryServer fresh;
  fresh.node = server.node;
  fresh.config = server.config;
  fresh.bootstrap = std::move(server.bootstrap);
  fresh.next_serial = server.next_serial;
  fresh.forwards = server.forwards;
  fresh.shown.answers = server.shown.answers;
  fresh.shown.refused = server.shown.refused;
  server = std::move(fresh);
}

void on_request(Env& env, RegistryServer& server, const RequestId& request, Body& body) {
  if (!server.caught_up || !server.joined) return env.hang_up(request);  // it does not listen yet
  if (const auto* asked = body.get_if<GetSchemaRequest>()) {
    server.shown.answers += 1;
    return env.reply(request, look_up(env, server, *asked));
  }
  if (const auto* forwarded = body.get_if<CallRegistryRequest>()) {
    if (!server.primary) return env.reply(request, CallRegistryResponse{SchemaStatus::no_primary});
    env.reply(request, CallRegistryResponse{});
    return call_registry(env, server, text(env, forwarded->call));
  }
  const auto* asked = body.get_if<RegisterSchemaRequest>();
  if (!asked) return env.hang_up(request);
  if (asked->forwarded && !server.primary) return env.reply(request, no(env, SchemaStatus::no_primary, "another registry is primary"));
  server.waiting.push_back({request, asked->forwarded ? asked->client : env.client_of(request), *asked});
  go_on(env, server);
}

void on_response(Env& env, RegistryServer& server, const Response& response) {
  if (!server.running) return;
  if (response.client == 0) {
    on_forwarded(env, server, response);
  } else {
    with_client(server, response.client, hears(env, response));
  }
  go_on(env, server);
}

void on_timer(Env& env, RegistryServer& server, const Event& timer) {
  if (!server.running) return;
  if (timer.client == 0) {
    server.look = kNoTimer;
  } else {
    with_client(server, timer.client, hears(env, timer));
  }
  go_on(env, server);
}

std::string registry_call_problem(std::string_view text) {
  std::string problem;
  read_registry_call(text, problem);
  return problem;
}

void call_registry(Env& env, RegistryServer& server, std::string_view text) {
  server.calls.push_back(env.fabric.names.intern(text));
  go_on(env, server);
}

void RegistryServer::fold_into(std::uint64_t& digest) const {
  for_each_field(shown, [&](std::string_view, const auto& each) { fold(digest, each); });
  fold(digest, node);
  fold(digest, config);
  fold(digest, running);
  fold(digest, stopping);
  fold(digest, next_serial);
  fold(digest, admin);
  fold(digest, writer);
  fold(digest, reader);
  fold(digest, member);
  fold(digest, read);
  fold(digest, caught_up);
  fold(digest, joined);
  fold(digest, primary);
  fold(digest, may_write);
  fold(digest, writing);
  fold(digest, failed_before);
  fold(digest, forwarding);
  fold(digest, forwarded_to);
  fold(digest, forwards);
  fold(digest, waiting);
  for (const std::int32_t each : calls) fold(digest, each);
  if (calling_on) fold(digest, called_on);
  if (registry.told) fold(digest, *registry.told);
  if (registry.mode != RegistryMode::readwrite) fold(digest, registry.mode);
  for (const SchemaSubject& each : registry.subjects) {
    fold(digest, each.name);
    for (const SubjectVersion& version : each.versions) fold(digest, version.id * 2 + version.deleted);
    if (each.level) fold(digest, *each.level);
  }
}

}  // namespace nutshell

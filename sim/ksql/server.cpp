// The process: its life, and whose responses and timers are whose.
#include "sim/ksql/server.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/kafka/hosted_events.h"
#include "sim/ksql/bytes.h"
#include "sim/ksql/server_steps.h"
#include "sim/streams/parser.h"

namespace nutshell {

namespace {

constexpr Duration kLook = 50 * kMillisecond;
constexpr int kMostRounds = 100000;

bool starting(const KsqlServer& server) { return !server.command_reader.running; }

// Once the command topic is there it is read from its beginning.
bool begin(Env& env, KsqlServer& server) {
  if (!starting(server) || !topic_is_known(env, server, command_topic(server))) return false;
  const TopicId topic = env.fabric.names.intern(command_topic(server));
  {
    AsClient as(env, kKsqlCommandWriter);
    server.command_writer = {topic, kKsqlCommandWriter, hosted_producer(server.node, topic, ProducerConfig{}, server.bootstrap)};
    start(env, server.command_writer.producer);
  }
  AsClient as(env, kKsqlCommandReader);
  server.command_reader = hosted_reader(server.node, ConsumerConfig{}, server.bootstrap);
  start(env, server.command_reader);
  assign_partitions(env, server.command_reader, {{{topic, 0}, 0}});
  return true;
}

bool read_commands(Env& env, KsqlServer& server) {
  if (!server.command_reader.running) return false;
  const std::vector<HostedRecord> records = take_records(server.command_reader);
  take_news(server.command_reader);
  for (const HostedRecord& each : records)
    if (each.text >= 0) server.commands.push_back(from_name(env.fabric.names[each.text]));
  if (records.empty()) return false;
  AsClient as(env, kKsqlCommandReader);
  poll_again(env, server.command_reader);
  return true;
}

void tell_shown(KsqlServer& server) {
  server.shown.queries = static_cast<std::int64_t>(server.queries.size());
  server.shown.tasks = 0;
  for (const KsqlQuery& each : server.queries) server.shown.tasks += static_cast<std::int64_t>(each.tasks.size());
}

bool all_closed(Env& env, KsqlServer& server) {
  for (KsqlStatement& each : server.statements)
    if (each.state == KsqlStatement::State::runs) end_asked(env, server, each.query);
  bool closed = server.prints.empty();
  for (KsqlQuery& each : server.queries) closed = close_query(env, server, each) && closed;
  return closed;
}

bool waits_for_something(const KsqlServer& server) {
  const bool typed = std::any_of(server.statements.begin(), server.statements.end(), [](const KsqlStatement& each) {
    return each.state == KsqlStatement::State::waiting;
  });
  const bool query = std::any_of(server.queries.begin(), server.queries.end(),
                                 [](const KsqlQuery& each) { return each.state == KsqlQueryState::waits_for_topics; });
  return starting(server) || typed || query || !server.commands.empty() || server.stopping;
}

// Does whatever can be done now; after every response and timer.
void go_on(Env& env, KsqlServer& server) {
  if (!server.running) return;
  bool more = true;
  for (int round = 0; more && round < kMostRounds; ++round) {
    more = begin(env, server);
    more = read_commands(env, server) || more;
    more = go_on_with_statements(env, server) || more;
    more = go_on_printing(env, server) || more;
    for (std::size_t i = 0; i < server.queries.size(); ++i) more = go_on_with_query(env, server, server.queries[i]) || more;
  }
  std::erase_if(server.queries, [](const KsqlQuery& each) {
    return each.state == KsqlQueryState::closing && !each.reader.running && !each.restorer.running;
  });
  tell_shown(server);
  if (server.stopping && all_closed(env, server)) {
    server.running = false;
    kill_process(env, server.node);
    return;
  }
  if (waits_for_something(server) && server.look == kNoTimer) {
    AsClient as(env, 0);
    server.look = env.arm(server.node, kKsqlLook, kLook);
  }
}

template <class Visit>
void with_client(KsqlServer& server, ClientNumber number, Visit&& visit) {
  if (number == kKsqlAdmin) return visit(server.admin);
  if (number == kKsqlCommandWriter) return visit(server.command_writer.producer);
  if (number == kKsqlCommandReader) return visit(server.command_reader);
  for (KsqlWriter& each : server.inserters)
    if (each.number == number) return visit(each.producer);
  for (KsqlPrint& each : server.prints)
    if (each.number == number) return visit(each.reader);
  for (KsqlQuery& query : server.queries) {
    if (query.reader_number == number) return visit(query.reader);
    if (query.restorer_number == number) return visit(query.restorer);
    for (KsqlWriter& each : query.writers)
      if (each.number == number) return visit(each.producer);
  }
}

void create_command_topic(Env& env, KsqlServer& server) {
  CreateTopicsRequest request;
  request.topic = env.fabric.names.intern(command_topic(server));
  request.partitions = 1;
  request.config.retention_time = -1;
  AsClient as(env, kKsqlAdmin);
  create_topic(env, server.admin, std::move(request));
}

}  // namespace

ClientNumber free_client(const KsqlServer& server) {
  std::set<int> taken;
  for (const KsqlWriter& each : server.inserters) taken.insert(each.number);
  for (const KsqlPrint& each : server.prints) taken.insert(each.number);
  for (const KsqlQuery& query : server.queries) {
    taken.insert({query.reader_number, query.restorer_number});
    for (const KsqlWriter& each : query.writers) taken.insert(each.number);
  }
  for (int number = kFirstFreeClient; number < 256; ++number)
    if (taken.count(number) == 0) return static_cast<ClientNumber>(number);
  return 0;
}

std::string command_topic(const KsqlServer& server) { return "_confluent-ksql-" + server.config.service + "_command_topic"; }

std::int64_t wall_clock(const Env& env, const KsqlServer& server) { return env.local_time(server.node) / kMillisecond; }

bool topic_is_known(Env& env, KsqlServer& server, const std::string& topic) {
  const TopicId id = env.fabric.names.intern(topic);
  if (server.admin.partitions_of(id) > 0) return true;
  AsClient as(env, kKsqlAdmin);
  if (!server.admin.is_creating(id)) watch_topic(env, server.admin, id);
  return false;
}

void note_down(const Env& env, KsqlServer& server, const KsqlQuery& query, const KsqlTask& task, KsqlMoment moment) {
  if (!server.journal.open() || query.is_push()) return;
  moment.at = env.now();
  moment.query = env.fabric.names.find(query.id);
  moment.part = task.task.part();
  moment.partition = task.task.partition();
  server.journal.moments.push_back(std::move(moment));
}

KsqlWriter* writer_for(KsqlServer& server, std::vector<KsqlWriter>& writers, TopicId topic) {
  for (KsqlWriter& each : writers)
    if (each.topic == topic) return &each;
  const ClientNumber number = free_client(server);
  if (number == 0) return nullptr;
  writers.push_back({topic, number, hosted_producer(server.node, topic, ProducerConfig{}, server.bootstrap)});
  return &writers.back();
}

void write(Env& env, KsqlServer& server, KsqlWriter& writer, const KsqlRecord& record) {
  // What is later than the year 2200 is stamped with it: nanoseconds have no room for more.
  constexpr std::int64_t kLatest = 7'258'118'400'000;
  Names& names = env.fabric.names;
  HostedSend send;
  send.key = record.has_key ? names.intern(record.key) : -1;
  send.text = record.has_value ? names.intern(record.value) : kNoValue;
  send.partition = record.partition;
  send.timestamp = record.timestamp < 0 ? kNoTimestamp : std::min(record.timestamp, kLatest) * kMillisecond;
  const auto size = [](const std::string& name) { return schema_id_in(name) > 0 ? bytes_of_hex(name)->size() : name.size(); };
  send.bytes = static_cast<std::int32_t>(size(record.key) + size(record.value));
  AsClient as(env, writer.number);
  if (!writer.producer.running) start(env, writer.producer);
  writer.producer.next_serial = server.next_serial++;
  send_record(env, writer.producer, send);
}

void start(Env& env, KsqlServer& server) {
  server.running = true;
  server.engine = streams::Engine();
  server.engine.catalog.settings["ksql.service.id"] = server.config.service;
  server.engine.catalog.registry.level = Compatibility::none;  // that is for the registry itself to say
  start_admin(env, server, kKsqlAdmin);
  create_command_topic(env, server);
  go_on(env, server);
}

void stop(Env& env, KsqlServer& server) {
  server.stopping = true;
  go_on(env, server);
}

void forget(Env& env, KsqlServer& server, ProcessEnd) {
  for (const KsqlQuery& query : server.queries)
    for (const std::vector<KsqlTask>* tasks : {&query.tasks, &query.standbys})
      for (const KsqlTask& each : *tasks) note_down(env, server, query, each, {.deed = KsqlDeed::closed});
  KsqlServer fresh;
  fresh.journal = std::move(server.journal);
  fresh.node = server.node;
  fresh.config = std::move(server.config);
  fresh.bootstrap = std::move(server.bootstrap);
  fresh.next_serial = server.next_serial;
  fresh.errands = server.errands;
  fresh.shown = server.shown;
  fresh.shown.queries = fresh.shown.tasks = 0;
  fresh.statements = std::move(server.statements);
  for (KsqlStatement& each : fresh.statements) {
    if (each.state == KsqlStatement::State::done || each.state == KsqlStatement::State::refused) continue;
    if (each.state == KsqlStatement::State::runs) {
      each.printed += "The server has died; no more rows come.\n";
      each.state = KsqlStatement::State::done;
      continue;
    }
    each.printed = each.state == KsqlStatement::State::sent ? "The server has died; the statement may stand in the command topic.\n"
                                                            : "The server has died before it took the statement.\n";
    each.state = KsqlStatement::State::refused;
  }
  server = std::move(fresh);
}

void on_request(Env& env, KsqlServer& server, const RequestId& request, Body& body) {
  const auto* asked = body.get_if<PullRequest>();
  if (!asked || !server.running || starting(server)) return env.hang_up(request);
  env.reply(request, answer_pull(env, server, *asked));
}

void on_response(Env& env, KsqlServer& server, const Response& response) {
  if (!server.running) return;
  if (response.client != 0) with_client(server, response.client, hears(env, response));
  else if (response.channel == Channel::registry) on_schema(env, server, response);
  else if (response.request != kNoMessage) on_pulled(env, server, response);
  go_on(env, server);
}

void on_timer(Env& env, KsqlServer& server, const Event& timer) {
  if (!server.running) return;
  if (timer.client != 0) {
    with_client(server, timer.client, hears(env, timer));
  } else if (timer.timer == kKsqlCommit) {
    for (KsqlQuery& each : server.queries)
      if (each.reader_number == timer.a) {
        each.commit = env.arm(server.node, kKsqlCommit, server.config.commit_interval, timer.a);
        each.commit_due = true;
      }
  } else {
    server.look = kNoTimer;
  }
  go_on(env, server);
}

void type_statements(Env& env, KsqlServer& server, std::string_view text) {
  streams::Complaint complaint;
  std::map<std::string, std::string> variables = server.engine.variables;  // as DEFINE gave them before
  const std::vector<streams::Statement> parsed = streams::parse_script(text, variables, complaint);
  if (!complaint.any()) server.engine.variables = std::move(variables);
  KsqlStatement typed;
  if (complaint.any()) {
    typed.text = text;
    typed.state = KsqlStatement::State::refused;
    typed.printed = streams::say(complaint.first()) + "\n";
    typed.done_at = env.now();
    env.emit(StatementRefused{server.node, env.fabric.names.intern(to_name(typed.printed.substr(0, typed.printed.size() - 1)))});
    server.statements.push_back(std::move(typed));
  }
  for (const streams::Statement& each : parsed) {
    if (complaint.any()) break;
    typed = {};
    typed.text = each.text + ";";
    server.statements.push_back(std::move(typed));
  }
  go_on(env, server);
}

void KsqlServer::fold_into(std::uint64_t& digest) const {
  fold(digest, node);
  fold(digest, config);
  fold(digest, running);
  fold(digest, stopping);
  fold(digest, shown);
  fold(digest, next_serial);
  fold(digest, errands);
  fold(digest, admin);
  fold(digest, command_writer.producer);
  fold(digest, command_reader);
  for (const std::string& each : commands) fold(digest, each);
  for (const KsqlStatement& each : statements) {
    fold(digest, each.text);
    fold(digest, each.state);
    fold(digest, each.printed);
  }
  if (!schemas.known.empty() || schemas.asking) {
    fold(digest, schemas);
    fold(digest, registered);
  }
  for (const KsqlWriter& each : inserters) fold(digest, each.producer);
  for (const KsqlPrint& each : prints) fold(digest, each.reader);
  for (const KsqlQuery& query : queries) {
    fold(digest, query.id);
    fold(digest, query.state);
    fold(digest, query.phase);
    fold(digest, query.reader);
    fold(digest, query.restorer);
    for (const KsqlWriter& each : query.writers) fold(digest, each.producer);
    for (const KsqlTask& each : query.standbys) fold(digest, each.restored);
    for (const KsqlTask& each : query.tasks) {
      fold(digest, each.task.part() * 10000 + each.task.partition());
      fold(digest, each.restored);
      fold(digest, each.processed);
      for (const KsqlInlet& inlet : each.inlets) fold(digest, inlet.next);
      for (std::size_t i = 0; i < query.plan->steps.size(); ++i) {
        const streams::StepState& state = each.task.state(i);
        fold(digest, state.stream_time);
        fold(digest, state.rows[0].size() + state.rows[1].size() + state.windows.size() + state.sessions.size());
      }
    }
  }
}

}  // namespace nutshell

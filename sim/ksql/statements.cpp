// What users type, and what the command topic says (S33).
#include <algorithm>

#include "sim/ksql/bytes.h"
#include "sim/ksql/server_steps.h"
#include "sim/log/hash.h"
#include "sim/streams/parser.h"

namespace nutshell {

namespace {

using streams::Statement;
using streams::Verb;

std::vector<Statement> parsed(std::string_view text) {
  streams::Complaint complaint;
  std::map<std::string, std::string> variables;
  return streams::parse_script(text, variables, complaint);
}

// It changes what all servers of the service have.
bool is_command(Verb verb) {
  switch (verb) {
    case Verb::create_source:
    case Verb::create_as:
    case Verb::insert_select:
    case Verb::drop:
    case Verb::terminate:
    case Verb::pause:
    case Verb::resume:
    case Verb::create_type:
    case Verb::drop_type: return true;
    default: return false;
  }
}

std::string sink_topic(const streams::Engine& engine, const Statement& s, const streams::Properties& with) {
  if (with.topic) return with.source.topic;
  const auto prefix = engine.catalog.settings.find("ksql.output.topic.name.prefix");
  return (prefix == engine.catalog.settings.end() ? "" : prefix->second) + s.name;
}

// The topic that a statement is about; empty: none.
std::string topic_of(const streams::Engine& engine, const Statement& s) {
  if (s.verb == Verb::print) return s.name;
  if (s.verb != Verb::create_source && s.verb != Verb::create_as) return "";
  streams::Complaint complaint;
  const streams::Properties with = streams::read_properties(s.properties, s.verb == Verb::create_source, complaint);
  return s.verb == Verb::create_as ? sink_topic(engine, s, with) : with.source.topic;
}

// Whether brokers have said that the topic is there, or not. What is there is put into the catalog.
bool is_answered(Env& env, KsqlServer& server, const std::string& topic) {
  if (topic.empty()) return true;
  const TopicId id = env.fabric.names.intern(topic);
  if (topic_is_known(env, server, topic)) {
    server.engine.catalog.topics[topic] = server.admin.partitions_of(id);
    return true;
  }
  const auto& missing = server.admin.metadata.missing;
  const bool is_missing = !server.admin.is_creating(id) && std::any_of(missing.begin(), missing.end(), [id](const MissingTopic& each) {
    return each.topic == id;
  });
  if (is_missing) std::erase(server.admin.metadata.topics, id.number);  // once is enough
  return is_missing;
}

void ask_for_topic(Env& env, KsqlServer& server, const std::string& name, std::int32_t partitions, const TopicConfig& config) {
  CreateTopicsRequest request;
  request.topic = env.fabric.names.intern(name);
  request.partitions = partitions;
  request.config = config;
  request.config.message_timestamp_after_max = kNever;  // rows may be of any time
  AsClient as(env, kKsqlAdmin);
  create_topic(env, server.admin, std::move(request));
}

// P6: tables keep the last row of each key, windowed changelogs for a time, repartition topics until they are read.
TopicConfig config_of_store(const streams::Step& step) {
  TopicConfig config;
  const bool windowed = step.window != streams::WindowKind::none || step.kind == streams::StepKind::stream_stream_join;
  config.cleanup_policy = windowed ? CleanupPolicy::compacts_and_deletes : CleanupPolicy::compacts;
  if (windowed) config.retention_time = (step.retention + 24 * 3'600'000) * kMillisecond;
  return config;
}

bool wants_earliest(const KsqlServer& server) {
  const auto set = server.engine.catalog.settings.find("auto.offset.reset");
  if (set != server.engine.catalog.settings.end()) return set->second == "earliest";
  return server.config.reset.to == OffsetReset::earliest;
}

// Carries out a command, on every server alike. What it prints.
std::string carry_out(Env& env, KsqlServer& server, const Statement& s, streams::Complaint& complaint) {
  streams::Engine& engine = server.engine;
  const std::vector<std::string> before = [&] {
    std::vector<std::string> ids;
    for (const streams::Query& each : engine.queries()) ids.push_back(each.id);
    return ids;
  }();
  const std::map<std::string, int> topics = engine.catalog.topics;
  std::string printed;
  engine.execute(s, complaint, printed);
  if (complaint.any()) return printed;
  if (s.verb == Verb::create_source) {
    const std::string topic = topic_of(engine, s);
    if (topics.count(topic) == 0) ask_for_topic(env, server, topic, engine.catalog.topics[topic], {});
  }
  for (const std::string& id : before) {
    const auto& now = engine.queries();
    if (std::none_of(now.begin(), now.end(), [&](const streams::Query& each) { return each.id == id; })) end_query(env, server, id);
  }
  for (const streams::Query& each : engine.queries()) {
    if (std::find(before.begin(), before.end(), each.id) == before.end()) {
      create_topics(env, server, *each.plan);
      add_query(env, server, each, wants_earliest(server));
    }
    for (KsqlQuery& query : server.queries)
      if (query.id == each.id) query.paused = each.paused;
  }
  return printed;
}

// A command as it stands in the topic: what the session has set goes with it.
std::string command_of(const KsqlServer& server, const KsqlStatement& typed) {
  const auto set = server.engine.catalog.settings.find("auto.offset.reset");
  const std::string& text = typed.command.empty() ? typed.text : typed.command;
  if (set == server.engine.catalog.settings.end()) return text;
  return "SET 'auto.offset.reset'='" + set->second + "'; " + text;
}

bool next_command(Env& env, KsqlServer& server) {
  if (server.commands.empty()) return false;
  const std::string command = server.commands.front();
  const std::vector<Statement> statements = parsed(command);
  for (const Statement& each : statements) {
    streams::Complaint unsaid;  // said when it is carried out
    if (!is_answered(env, server, topic_of(server.engine, each))) return false;
    if (!given_schemas_are_known(env, server, each, unsaid) && !unsaid.any()) return false;
  }
  server.commands.erase(server.commands.begin());
  KsqlStatement* typed = nullptr;
  for (KsqlStatement& each : server.statements)
    if (!typed && each.state == KsqlStatement::State::sent && command_of(server, each) == command) typed = &each;
  const auto session = server.engine.catalog.settings;
  streams::Complaint complaint;
  std::string printed;
  for (const Statement& each : statements) {
    if (complaint.any()) break;
    const std::string said = carry_out(env, server, each, complaint);
    if (each.verb != Verb::set) printed += said;  // what the session has set goes along, and was said when it was typed
  }
  server.engine.catalog.settings = session;
  if (server.commands.empty()) {
    auto known = std::make_shared<KsqlKnown>();
    known->catalog = server.engine.catalog;
    for (const streams::Query& each : server.engine.queries()) known->queries.push_back({each.id, each.text, each.plan});
    server.journal.known = std::move(known);
  }
  if (typed) finish(env, server, *typed, complaint, std::move(printed));
  return true;
}

// INSERT VALUES: an ordinary producer of the server writes the row.
void insert_values(Env& env, KsqlServer& server, const Statement& s, streams::Complaint& complaint) {
  streams::Engine& engine = server.engine;
  engine.topics.clear();
  engine.now = wall_clock(env, server);
  std::string printed;
  engine.execute(s, complaint, printed);
  for (const auto& [topic, log] : engine.topics) {
    for (std::size_t partition = 0; partition < log.partitions.size(); ++partition) {
      for (const streams::Record& each : log.partitions[partition]) {
        KsqlWriter* writer = writer_for(server, server.inserters, env.fabric.names.intern(topic));
        if (!writer) return complaint.say("", s.at, "The server has as many clients as it can have.");
        KsqlRecord record;
        record.has_key = each.key.has_value();
        record.has_value = each.value.has_value();
        record.key = to_name(each.key.value_or(""));
        record.value = to_name(each.value.value_or(""));
        record.partition = each.key ? static_cast<std::int32_t>(partition) : -1;
        record.timestamp = each.timestamp;
        if (const streams::Source* source = engine.catalog.find(s.name)) {
          std::optional<std::string> route = each.key;
          serialize(env, server, *source, record, route);
          if (route) record.partition = partition_for_key(murmur2(*route), static_cast<std::int32_t>(log.partitions.size()));
        }
        if (server.journal.open())
          server.journal.moments.push_back({.at = env.now(), .deed = KsqlDeed::inserted, .serial = server.next_serial});
        write(env, server, *writer, record);
      }
    }
  }
  engine.topics.clear();
}

bool next_statement(Env& env, KsqlServer& server) {
  const auto open = [](const KsqlStatement& each) {
    return each.state == KsqlStatement::State::waiting || each.state == KsqlStatement::State::sent;
  };
  const auto next = std::find_if(server.statements.begin(), server.statements.end(), open);
  if (next == server.statements.end() || next->state == KsqlStatement::State::sent || !server.command_reader.running) return false;
  const std::vector<Statement> statements = parsed(next->text);
  if (statements.empty()) return finish(env, server, *next, {}, ""), true;
  const Statement& s = statements.front();
  if (!is_answered(env, server, topic_of(server.engine, s))) return false;
  streams::Complaint complaint;
  if (!schemas_are_answered(env, server, s, complaint)) {
    if (complaint.any()) finish(env, server, *next, complaint, "");
    return complaint.any();
  }
  std::string printed;
  if (s.verb == Verb::insert_values) {
    const streams::Source* source = server.engine.catalog.find(s.name);
    if (source && !schemas_are_registered(env, server, *source, complaint, s.name_at) && !complaint.any()) return false;
    if (!complaint.any()) insert_values(env, server, s, complaint);
  } else if (is_asked(s)) {
    ask(env, server, *next, s, complaint);
    if (!complaint.any()) return true;
  } else if (s.verb == Verb::terminate && end_asked(env, server, s.name)) {
    printed = "Query " + s.name + " terminated\n";
  } else if (!is_command(s.verb)) {
    server.engine.pushes.clear();
    for (const KsqlQuery& each : server.queries)
      if (each.is_push()) server.engine.pushes.push_back({each.id, each.text});
    server.engine.execute(s, complaint, printed);
  } else {
    streams::Engine trial = server.engine;
    trial.execute(s, complaint, printed);
    const bool creates = s.verb == Verb::create_source || s.verb == Verb::create_as;
    const streams::Source* made = creates && !complaint.any() ? trial.catalog.find(s.name) : nullptr;
    if (made && !schemas_are_registered(env, server, *made, complaint, s.name_at) && !complaint.any()) return false;
    if (!complaint.any()) {
      if (made && s.verb == Verb::create_source) next->command = with_columns(s, *made);
      next->state = KsqlStatement::State::sent;
      write(env, server, server.command_writer, {.value = to_name(command_of(server, *next)), .has_value = true, .partition = 0});
      return true;
    }
  }
  finish(env, server, *next, complaint, std::move(printed));
  return true;
}

}  // namespace

void finish(Env& env, KsqlServer& server, KsqlStatement& typed, const streams::Complaint& complaint, std::string printed) {
  server.looked_up.clear();
  typed.done_at = env.now();
  typed.state = complaint.any() ? KsqlStatement::State::refused : KsqlStatement::State::done;
  typed.printed = std::move(printed);
  if (!complaint.any()) return;
  // Nothing is half done, whatever a trial has said.
  const std::string why = streams::say(complaint.first());
  typed.printed = why + "\n";
  env.emit(StatementRefused{server.node, env.fabric.names.intern(to_name(why))});
}

void create_topics(Env& env, KsqlServer& server, const streams::Plan& plan) {
  for (const streams::Step& step : plan.steps) {
    TopicConfig config;
    if (step.kind == streams::StepKind::repartition) {
      config.retention_time = -1;
      ask_for_topic(env, server, step.topic, step.partitions, config);
    }
    const auto part = static_cast<std::size_t>(step.part);
    for (const std::string& store : step.stores)
      if (!store.empty() && !plan.writes.empty())
        ask_for_topic(env, server, streams::store_topic(plan, store), plan.parts[part].tasks, config_of_store(step));
    if (step.kind != streams::StepKind::sink || plan.writes.empty()) continue;
    if (plan.table && step.window == streams::WindowKind::none) config.cleanup_policy = CleanupPolicy::compacts;
    else if (plan.table) config.cleanup_policy = CleanupPolicy::compacts_and_deletes;
    if (step.source.retention_ms >= 0) config.retention_time = step.source.retention_ms * kMillisecond;
    ask_for_topic(env, server, step.source.topic, step.source.partitions, config);
  }
}

bool go_on_with_statements(Env& env, KsqlServer& server) {
  return next_command(env, server) || (!server.stopping && next_statement(env, server));
}

}  // namespace nutshell

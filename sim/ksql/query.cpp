// A query on one server: its thread polls, works, and commits (P32).
#include <algorithm>

#include "sim/ksql/server_steps.h"

namespace nutshell {

namespace {

std::vector<std::int32_t> source_topics(Env& env, const streams::Plan& plan) {
  std::vector<std::int32_t> topics;
  for (const streams::SubTopology& part : plan.parts)
    for (const std::string& each : part.topics) {
      const TopicId topic = env.fabric.names.intern(each);
      if (std::find(topics.begin(), topics.end(), topic) == topics.end()) topics.push_back(topic);
    }
  return topics;
}

// Every topic that it reads or writes is there.
bool topics_are_there(Env& env, KsqlServer& server, const streams::Plan& plan) {
  bool all = true;
  for (const streams::SubTopology& part : plan.parts)
    for (const std::string& each : part.topics) all = topic_is_known(env, server, each) && all;
  for (const streams::Step& step : plan.steps) {
    if (step.kind == streams::StepKind::sink && !plan.writes.empty()) {
      streams::Complaint refused;  // it was registered where the statement was typed: by now somebody has changed that
      all = topic_is_known(env, server, step.source.topic) && schemas_are_registered(env, server, step.source, refused, {}) && all;
    }
    for (const std::string& each : step.stores)
      if (!each.empty() && !plan.writes.empty()) all = topic_is_known(env, server, streams::store_topic(plan, each)) && all;
  }
  return all;
}

void tell_end(Env& env, const KsqlServer& server, const KsqlQuery& query, bool failed) {
  env.emit(QueryEnded{server.node, env.fabric.names.intern(query.id), failed});
}

bool begin(Env& env, KsqlServer& server, KsqlQuery& query) {
  if (!topics_are_there(env, server, *query.plan)) return false;
  query.reader_number = free_client(server);
  query.restorer_number = free_client(server);
  if (query.reader_number == 0 || query.restorer_number == 0) {
    query.state = KsqlQueryState::failed;
    tell_end(env, server, query, true);
    return true;
  }
  ConsumerConfig config;
  config.enable_auto_commit = false;
  config.auto_offset_reset = query.from_earliest ? OffsetReset::earliest : OffsetReset::latest;
  config.assignors = AssignorName::sticky;
  config.session_timeout = server.config.session_timeout;
  config.heartbeat_interval = std::min(config.heartbeat_interval, server.config.session_timeout / 3);
  config.max_poll_records = 1000;
  const GroupId group = env.fabric.names.intern(query.plan->application);
  query.reader = hosted_consumer(server.node, group, source_topics(env, *query.plan), config, server.bootstrap);
  query.reader.host.assigns = true;
  if (!query.is_push()) query.reader.memory.sticky.partitions = {server_mark(env, server)};
  query.state = KsqlQueryState::runs;
  env.emit(QueryStarted{server.node, env.fabric.names.intern(query.id)});
  {
    AsClient as(env, query.reader_number);
    start(env, query.reader);
  }
  AsClient as(env, 0);
  query.commit = env.arm(server.node, kKsqlCommit, server.config.commit_interval, query.reader_number);
  return true;
}

void fail(Env& env, KsqlServer& server, KsqlQuery& query) {
  if (query.state == KsqlQueryState::failed) return;
  if (query.is_push()) end_push(env, server, query, "The query has failed.\n");
  query.state = KsqlQueryState::failed;
  lose_tasks(env, server, query, true);
  env.disarm(query.commit);
  tell_end(env, server, query, true);
}

// What its consumer has to tell. True if there was anything.
bool hear(Env& env, KsqlServer& server, KsqlQuery& query) {
  const std::vector<HostNews> all = take_news(query.reader);
  for (const HostNews& each : all) {
    switch (each.what) {
      case ClientNews::assigned: take_tasks(env, server, query, each.partitions); break;
      case ClientNews::revoking: query.revoking = true; break;
      case ClientNews::revoked: lose_tasks(env, server, query, false); break;
      case ClientNews::lost: lose_tasks(env, server, query, true); break;
      case ClientNews::assign: {
        AsClient as(env, query.reader_number);
        assign_tasks(env, server, query);
        break;
      }
      case ClientNews::committed:
      case ClientNews::commit_failed:
        if (query.phase == KsqlPhase::committing) query.phase = KsqlPhase::working;
        break;
      case ClientNews::failed: fail(env, server, query); break;
      case ClientNews::closed: break;
    }
  }
  return !all.empty();
}

bool all_flushed(const KsqlQuery& query) {
  return std::all_of(query.writers.begin(), query.writers.end(), [](const KsqlWriter& each) { return is_flushed(each.producer); });
}

bool any_failed(const KsqlQuery& query) {
  return std::any_of(query.writers.begin(), query.writers.end(), [](const KsqlWriter& each) { return each.producer.counters.failed > 0; });
}

void begin_commit(Env& env, KsqlServer& server, KsqlQuery& query) {
  query.phase = KsqlPhase::flushing;
  query.commit_due = false;
  empty_caches(env, server, query);
  for (KsqlWriter& each : query.writers) {
    AsClient as(env, each.number);
    flush(env, each.producer);
  }
  AsClient as(env, query.reader_number);
  leave_poll(env, query.reader);
}

void commit(Env& env, const KsqlServer& server, KsqlQuery& query) {
  std::vector<CommitPartition> offsets = offsets_of(query);
  AsClient as(env, query.reader_number);
  if (!offsets.empty()) env.emit(QueryCommitted{server.node, env.fabric.names.intern(query.id)});
  query.phase = KsqlPhase::working;
  if (query.revoking) {
    query.revoking = false;
    rejoin(env, query.reader, std::move(offsets));
  } else if (!offsets.empty()) {
    query.phase = KsqlPhase::committing;
    commit_offsets(env, query.reader, std::move(offsets));
  }
}

}  // namespace

void add_query(Env&, KsqlServer& server, const streams::Query& planned, bool from_earliest) {
  KsqlQuery query;
  query.id = planned.id;
  query.text = planned.text;
  query.plan = planned.plan;
  query.from_earliest = from_earliest;
  server.queries.push_back(std::move(query));
}

void end_query(Env& env, KsqlServer& server, const std::string& id) {
  for (KsqlQuery& each : server.queries) {
    if (each.id != id || each.state == KsqlQueryState::closing) continue;
    tell_end(env, server, each, false);
    each.state = KsqlQueryState::closing;
  }
}

bool close_query(Env& env, KsqlServer& server, KsqlQuery& query) {
  if (query.state == KsqlQueryState::runs) query.state = KsqlQueryState::closing;
  go_on_with_query(env, server, query);
  return !query.reader.running && !query.restorer.running;
}

bool go_on_with_query(Env& env, KsqlServer& server, KsqlQuery& query) {
  if (query.state == KsqlQueryState::waits_for_topics) return begin(env, server, query);
  if (query.state == KsqlQueryState::failed || !query.reader.running) return hear(env, server, query);
  bool more = hear(env, server, query);
  if (any_failed(query)) {
    AsClient as(env, query.reader_number);
    close(env, query.reader);
    fail(env, server, query);
    return true;
  }
  go_on_restoring(env, server, query);
  more = work(env, server, query) || more;
  const bool closing = query.state == KsqlQueryState::closing;
  const bool last = closing && query.commit != kNoTimer;  // the last commit; there is none after it
  if (last) env.disarm(query.commit);
  if (query.phase == KsqlPhase::working && (query.commit_due || query.revoking || last)) begin_commit(env, server, query);
  if (query.phase == KsqlPhase::flushing && all_flushed(query)) {
    commit(env, server, query);
    more = true;
  }
  if (query.phase != KsqlPhase::working) return hear(env, server, query) || more;
  if (closing) {
    lose_tasks(env, server, query, false);
    for (const auto& [number, client] : {std::pair{query.reader_number, &query.reader}, {query.restorer_number, &query.restorer}}) {
      AsClient as(env, number);
      close(env, *client);
    }
    return false;
  }
  AsClient as(env, query.reader_number);
  poll_again(env, query.reader);
  return !query.reader.host.records.empty() || !query.reader.host.news.empty() || more;
}

}  // namespace nutshell

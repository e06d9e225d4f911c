// Pull queries: what the stores of tasks hold now. A server answers of its own tasks, and passes the question on to the servers that
// have the others, of a key or of each partition (S31).
#include <algorithm>

#include "sim/ksql/bytes.h"
#include "sim/ksql/server_steps.h"
#include "sim/log/hash.h"
#include "sim/streams/parser.h"

namespace nutshell {

namespace {

using streams::Statement;

constexpr Duration kPullTimeout = 20 * kSecond;  // ksql.query.pull.forwarding.timeout.ms

// The task of a persistent query that may be asked about this partition: that which runs here, or a copy if they may be asked.
const KsqlTask* asked_task(const KsqlServer& server, const KsqlQuery& query, int part, int partition) {
  const auto is_it = [&](const KsqlTask& each) { return each.task.part() == part && each.task.partition() == partition; };
  const auto running = std::find_if(query.tasks.begin(), query.tasks.end(), is_it);
  if (running != query.tasks.end() && !running->restoring) return &*running;
  const auto copy = std::find_if(query.standbys.begin(), query.standbys.end(), is_it);
  if (server.config.asks_standbys && copy != query.standbys.end()) return &*copy;
  return nullptr;
}

std::string task_name(const KsqlQuery& query, int part, int partition) {
  return "task " + std::to_string(part) + "_" + std::to_string(partition) + " of " + query.id;
}

std::string why_not_here(const KsqlServer& server, const KsqlQuery& query, int part, int partition) {
  const std::string task = task_name(query, part, partition);
  for (const KsqlTask& each : query.tasks)
    if (each.task.part() == part && each.task.partition() == partition)
      return "The " + task + " is being restored: its store cannot be read yet. Ask again later.";
  std::string remedy = "ask again once the tasks are assigned";
  for (const KsqlTask& each : query.standbys)
    if (each.task.part() == part && each.task.partition() == partition && !server.config.asks_standbys)
      remedy += ", or let the copy that stands by here answer: ksql.query.pull.enable.standby.reads=true";
  return "Nobody has the " + task + " just now, as far as this server knows; " + remedy + ".";
}

const KsqlQuery* query_of(const KsqlServer& server, const std::string& id) {
  const auto found = std::find_if(server.queries.begin(), server.queries.end(), [&](const KsqlQuery& each) { return each.id == id; });
  return found == server.queries.end() ? nullptr : &*found;
}

// What the statement finds in the store of one task.
streams::Engine::Table look_up(const Env& env, const KsqlServer& server, const streams::Select& select, const KsqlTask* task,
                               streams::Complaint& complaint) {
  streams::Engine engine = server.engine;
  engine.now = wall_clock(env, server);
  engine.topics.clear();
  const streams::Source* source = engine.catalog.find(select.from.name);
  if (source && task) {
    streams::TopicLog& log = engine.topics[source->topic];
    log.partitions.resize(static_cast<std::size_t>(task->task.partition()) + 1);
    log.partitions.back() = task->task.table(engine.now);
  }
  return engine.select(select, complaint);
}

void print_table(Env& env, KsqlStatement& typed, const streams::Engine::Table& head, const std::vector<streams::Row>& rows) {
  typed.printed += table_head(head.names);
  for (const streams::Row& each : rows) typed.printed += table_line(streams::row_texts(each, head.columns));
  end_statement(env, typed, "Query terminated\n");
}

const streams::Select* select_of(const std::vector<Statement>& statements) {
  return statements.size() == 1 && statements[0].select ? &*statements[0].select : nullptr;
}

std::vector<Statement> statements_of(const std::string& text) {
  streams::Complaint complaint;
  std::map<std::string, std::string> variables;
  return streams::parse_script(text, variables, complaint);
}

// The next of the servers that can be asked for the partition.
void ask_next(Env& env, KsqlServer& server, const KsqlPull& pull, KsqlPull::Part& part) {
  PullRequest asks = pull.asks;
  asks.partition = part.partition;
  part.errand = ++server.errands;
  AsClient as(env, 0);
  env.request(server.node, part.hosts.front(), Channel::data, asks, kPullTimeout, part.errand);
}

// All rows are there: printed in the order of partitions.
void finish_pull(Env& env, KsqlServer& server, const KsqlPull& pull, KsqlStatement& typed) {
  const std::vector<Statement> statements = statements_of(typed.text);
  const streams::Select* select = select_of(statements);
  streams::Complaint complaint;
  if (!select) return finish(env, server, typed, complaint, "");
  const streams::Engine::Table head = look_up(env, server, *select, nullptr, complaint);
  if (complaint.any()) return finish(env, server, typed, complaint, "");
  std::vector<streams::Row> rows;
  for (const KsqlPull::Part& part : pull.parts)
    for (const streams::Value& each : part.rows)
      if (!select->limit || static_cast<std::int64_t>(rows.size()) < *select->limit) rows.push_back(each.list());
  print_table(env, typed, head, rows);
}

// Nobody is left who could answer for the partition.
void refuse_pull(Env& env, KsqlServer& server, const KsqlPull& pull, const KsqlPull::Part& part, KsqlStatement& typed,
                 const PullResponse* said) {
  const std::string host = env.fabric.nodes[static_cast<std::size_t>(part.hosts.front())].name;
  const std::string task = std::to_string(pull.asks.part) + "_" + std::to_string(part.partition);
  streams::Complaint complaint;
  complaint.say("E20", {},
                host + ", which has task " + task + " by the last assignment, " +
                    (said ? "cannot answer. " + from_name(env.fabric.names[said->why])
                          : "does not answer. Ask again once it is back, or the group has given its tasks to others."));
  finish(env, server, typed, complaint, "");
}

}  // namespace

void pull(Env& env, KsqlServer& server, KsqlStatement& typed, const Statement& s, streams::Complaint& complaint) {
  const streams::Source* source = server.engine.catalog.find(s.select->from.name);
  if (source && source->table && source->source_only)
    return complaint.say("E20", s.select->from.at,
                         "A SOURCE TABLE is not kept by servers of the cluster here; CREATE TABLE ... AS SELECT * FROM " + source->name +
                             "; and look that up.");
  const streams::Engine::Table head = look_up(env, server, *s.select, nullptr, complaint);
  const KsqlQuery* query = source && source->table ? query_of(server, source->query) : nullptr;
  if (complaint.any()) return;
  if (!query) return print_table(env, typed, head, {});
  KsqlPull asked;
  asked.statement = static_cast<std::int32_t>(&typed - server.statements.data());
  asked.asks = {env.fabric.names.intern(to_name(typed.text)), env.fabric.names.intern(query->id), query->plan->steps.back().part, -1};
  const int part = asked.asks.part, partitions = query->plan->parts[static_cast<std::size_t>(part)].tasks;
  const std::optional<std::string> key = server.engine.looked_up_key(*s.select);
  for (int partition = 0; partition < partitions; ++partition) {
    if (key && partition_for_key(murmur2(*key), partitions) != partition) continue;
    KsqlPull::Part one;
    one.partition = partition;
    if (const KsqlTask* task = asked_task(server, *query, part, partition)) {
      for (streams::Row& each : look_up(env, server, *s.select, task, complaint).rows) one.rows.emplace_back(std::move(each));
    } else {
      one.hosts = hosts_of(env, server, *query, part, partition);
      if (one.hosts.empty()) return complaint.say("E20", s.select->from.at, why_not_here(server, *query, part, partition));
    }
    asked.parts.push_back(std::move(one));
  }
  bool waits = false;
  for (KsqlPull::Part& each : asked.parts)
    if (!each.hosts.empty()) ask_next(env, server, asked, each), waits = true;
  if (!waits) return finish_pull(env, server, asked, typed);
  typed.state = KsqlStatement::State::runs;
  typed.query = "pull_" + s.select->from.name + "_" + std::to_string(asked.statement + 1);
  server.pulls.push_back(std::move(asked));
}

PullResponse answer_pull(Env& env, const KsqlServer& server, const PullRequest& asked) {
  const auto no = [&env](const std::string& why) { return PullResponse{-1, env.fabric.names.intern(to_name(why))}; };
  const std::vector<Statement> statements = statements_of(from_name(env.fabric.names[asked.statement]));
  const streams::Select* select = select_of(statements);
  const KsqlQuery* query = query_of(server, env.fabric.names[asked.query]);
  if (!select || !query) return no("it does not know the table (yet).");
  const KsqlTask* task = asked_task(server, *query, asked.part, asked.partition);
  if (!task) return no(why_not_here(server, *query, asked.part, asked.partition));
  streams::Complaint complaint;
  streams::List rows;
  for (streams::Row& each : look_up(env, server, *select, task, complaint).rows) rows.emplace_back(std::move(each));
  if (complaint.any()) return no(complaint.first().text);
  return {env.fabric.names.intern(to_name(streams::encode(streams::Value(std::move(rows))))), -1};
}

void on_pulled(Env& env, KsqlServer& server, const Response& response) {
  const auto is_part = [&](const KsqlPull::Part& each) { return each.errand == response.tag; };
  const auto pull = std::find_if(server.pulls.begin(), server.pulls.end(), [&](const KsqlPull& each) {
    return std::any_of(each.parts.begin(), each.parts.end(), is_part);
  });
  if (pull == server.pulls.end()) return;
  KsqlStatement& typed = server.statements[static_cast<std::size_t>(pull->statement)];
  KsqlPull::Part& part = *std::find_if(pull->parts.begin(), pull->parts.end(), is_part);
  const auto* said = response.as<PullResponse>();
  const bool over = typed.state != KsqlStatement::State::runs;  // terminated meanwhile
  if (!over && said && said->why < 0) {
    part.rows = streams::decode(from_name(env.fabric.names[said->rows])).list();
    part.errand = 0;
    if (std::any_of(pull->parts.begin(), pull->parts.end(), [](const KsqlPull::Part& each) { return each.errand != 0; })) return;
    finish_pull(env, server, *pull, typed);
  } else if (!over && part.hosts.size() > 1) {
    part.hosts.erase(part.hosts.begin());
    return ask_next(env, server, *pull, part);
  } else if (!over) {
    refuse_pull(env, server, *pull, part, typed, said);
  }
  server.pulls.erase(pull);
}

}  // namespace nutshell

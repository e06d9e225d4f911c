// A ksqlDB server on the simulated cluster: one process with Kafka clients of its own.
//
// Statements that change anything go to the command topic of the service, one partition; every server of the service reads it
// from its beginning and carries out what stands there, so that all have the same streams, tables and queries (P1, S33). Each
// persistent query is a Streams application: a consumer group of its own on every server, whose assignor gives out tasks. A
// task reads, in the order of P9, what its consumer was given; what it writes goes to the sink, to repartition topics and to
// changelogs; every commit interval the cache is emptied, the producers are flushed and the offsets are committed (P32).
// Copies of stores stand by on other servers if they are asked for, and follow the changelogs. A push query is a query of one
// server alone, whose rows are printed, without changelogs; a pull query asks the stores of this server's tasks.
// Simpler than ksqlDB: one thread a query and server; the group rebalances eagerly, with a sticky assignor of tasks and
// without warm-up; a producer for each topic; a statement that fails everywhere is refused where it was typed.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/kafka/hosted.h"
#include "sim/kafka/ksql_server_kind.h"
#include "sim/kafka/serde.h"
#include "sim/ksql/journal.h"
#include "sim/ksql/messages.h"
#include "sim/streams/engine.h"

namespace nutshell {

// Writes to one topic.
struct KsqlWriter : HostedWriter {
  streams::WindowKind window = streams::WindowKind::none;  // of the keys, for what tasks write
  std::int32_t step = -1;                                  // the aggregate whose changelog it is
};

// One partition that a task reads.
struct KsqlInlet {
  TopicPartition tp;
  std::string topic;
  std::vector<HostedRecord> buffer;  // from `head` on not yet processed
  std::size_t head = 0;
  Offset next = -1;  // what is processed ends there; -1: nothing yet
  streams::WindowKind window = streams::WindowKind::none;
  // Of the topic, if it is a source; a registered format's records are deserialised, as far as `deserialized`, before they are read.
  streams::FormatKind key = streams::FormatKind::none, value = streams::FormatKind::none;
  std::size_t deserialized = 0;
  bool empty() const { return head == buffer.size(); }
};

struct KsqlTask {
  KsqlTask(std::shared_ptr<const streams::Plan> plan, int part, int partition, streams::Switches switches)
      : task(std::move(plan), part, partition, switches) {}
  streams::Task task;
  std::vector<KsqlInlet> inlets;
  bool restoring = false;
  std::vector<TopicPartition> changelogs;  // still to be read to their ends; of a copy that stands by, all of them
  std::int64_t restored = 0;               // records
  std::int64_t processed = 0;
  std::uint64_t late = 0, skipped = 0;     // that facts have told
  std::set<std::pair<std::int64_t, std::string>> open;  // windows: start (of a session its end) and key
};

enum class KsqlQueryState : std::uint8_t { waits_for_topics, runs, closing, failed };
// What the thread of a query does: poll and work; or it commits, and waits for its producers, then for the coordinator.
enum class KsqlPhase : std::uint8_t { working, flushing, committing };

// A row that has come out, for who looks on: the newest last.
struct KsqlResult {
  Time at = 0;
  std::string key, value;  // as names (bytes.h); value "null": a deletion
  std::int64_t timestamp = 0;  // ms
  std::int32_t partition = -1;
};

struct KsqlQuery {
  std::string id, text;
  std::shared_ptr<const streams::Plan> plan;
  bool from_earliest = false;
  KsqlQueryState state = KsqlQueryState::waits_for_topics;
  KsqlPhase phase = KsqlPhase::working;
  bool commit_due = false, revoking = false, paused = false;
  std::int32_t suspended_in = -1;  // generation in which its partitions were given back, with the tasks kept; -1: none
  ClientNumber reader_number = 0, restorer_number = 0;
  Consumer reader, restorer;
  std::vector<KsqlTask> tasks;
  std::vector<KsqlTask> standbys;  // copies of the stores of others' tasks
  std::int32_t statement = -1;     // of a push query: the number of the statement whose rows it prints; -1: it is persistent
  std::int64_t left = -1;          // rows until its LIMIT; -1: it has none
  bool to_the_ends = false;        // a SELECT of a stream without EMIT: it is over when all is read that was there
  bool is_push() const { return statement >= 0; }
  std::vector<KsqlWriter> writers;
  std::vector<KsqlResult> results;
  Timer commit = kNoTimer;
};

// What somebody has typed, and what came of it.
struct KsqlStatement {
  std::string text;
  std::string command;  // as it goes to the command topic, with the columns that the registry gave; empty: as it was typed
  // runs: a push query or PRINT, whose rows still come.
  enum class State : std::uint8_t { waiting, sent, done, refused, runs } state = State::waiting;
  std::string printed;
  Time done_at = 0;
  std::string query;  // the id of the push query or PRINT; TERMINATE takes it
};

// A schema that this server has registered, under a subject.
struct KsqlSubject {
  std::int32_t subject = -1, schema = -1, id = 0;  // interned
  NUTSHELL_FIELDS(KsqlSubject, subject, schema, id)
};

// PRINT: a consumer of its own, without a group.
struct KsqlPrint {
  std::int32_t statement = -1;
  TopicId topic = -1;
  ClientNumber number = 0;
  Consumer reader;
  std::int64_t left = -1;  // -1: no limit
};

// A pull query that waits for other servers: for each partition its rows, or who is asked for them.
struct KsqlPull {
  struct Part {
    std::int32_t partition = -1;
    std::vector<NodeId> hosts;  // that can be asked; the first is
    std::uint64_t errand = 0;   // of the request; 0: its rows are there
    streams::List rows;
  };
  std::int32_t statement = -1;
  PullRequest asks;  // for all of them, without its partition
  std::vector<Part> parts;
};

struct KsqlServer {
  using Kind = KsqlServerKind;
  static constexpr std::size_t kMostResults = 200;

  NodeId node = kNoNode;
  Kind::Config config;
  std::vector<BrokerId> bootstrap;
  bool running = false, stopping = false;
  struct Shown {
    std::int64_t queries = 0, tasks = 0, rows = 0, results = 0, restored = 0, late = 0;
    NUTSHELL_FIELDS(Shown, queries, tasks, rows, results, restored, late)
  } shown;

  std::vector<KsqlStatement> statements;  // of users; outlive the process, for whoever looks on
  std::uint32_t next_serial = 0;          // of records that it has written: outlives it as well

  HostedAdmin admin;
  KsqlWriter command_writer;
  Consumer command_reader;
  std::vector<std::string> commands;  // read, and not yet carried out
  streams::Engine engine;             // streams, tables, types, settings; it runs nothing
  SchemaClient schemas;                  // what it asks the schema registry, and knows from there
  std::vector<KsqlSubject> registered;
  std::vector<std::int32_t> looked_up;   // subjects whose latest schema was asked for, for the statement that waits
  std::vector<KsqlQuery> queries;
  std::vector<KsqlWriter> inserters;  // INSERT VALUES
  std::vector<KsqlPrint> prints;
  std::vector<KsqlPull> pulls;
  std::uint64_t errands = 0;  // that it has sent other servers on: outlives the process
  KsqlJournal journal;
  Timer look = kNoTimer;

  template <class Visit>
  void each_client(Visit&& visit) const {
    visit(command_writer.producer);
    visit(command_reader);
    for (const KsqlWriter& each : inserters) visit(each.producer);
    for (const KsqlPrint& each : prints) visit(each.reader);
    for (const KsqlQuery& query : queries) {
      visit(query.reader);
      visit(query.restorer);
      for (const KsqlWriter& each : query.writers) visit(each.producer);
    }
  }
  void fold_into(std::uint64_t& digest) const;
};

void start(Env& env, KsqlServer& server);
void stop(Env& env, KsqlServer& server);
void forget(Env& env, KsqlServer& server, ProcessEnd end);
void on_request(Env& env, KsqlServer& server, const RequestId& request, Body& body);
void on_response(Env& env, KsqlServer& server, const Response& response);
void on_timer(Env& env, KsqlServer& server, const Event& timer);
// What stands behind the keys in a topic that the query reads or writes.
streams::WindowKind window_of_topic(const streams::Plan& plan, const std::string& topic);
// Somebody types statements at the server. REQUIRES its process runs.
void type_statements(Env& env, KsqlServer& server, std::string_view text);

}  // namespace nutshell

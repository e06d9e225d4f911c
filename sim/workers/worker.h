// A Connect worker on the simulated cluster: one process with Kafka clients of its own, of a group of workers (C1).
//
// The group is one of the broker's group coordinator, of protocol type `connect`: a worker says what it runs and how far it has
// read the config topic; the leader divides connectors and tasks (connect/assignor.h) and tells each what to start and what to
// stop. What they divide stands in the config topic, which only the leader writes: calls of the REST interface are passed on to it.
// A source task asks a store for rows and hands them to a real producer; how far they were acknowledged is noted in the offset
// topic, from which the next one begins. The tasks of a sink are consumers of the group `connect-NAME`. States go to the status topic.
// Simpler than Connect: one thread a worker, a producer for each topic, and what a task has asked a store it asks again after a
// second if no answer comes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/connect/assignor.h"
#include "sim/connect/config_log.h"
#include "sim/connect/connector.h"
#include "sim/connect/status_log.h"
#include "sim/kafka/connect_kinds.h"
#include "sim/kafka/hosted.h"
#include "sim/workers/messages.h"

namespace nutshell {

struct ConnectSource {
  std::optional<connect::FileSource> file;
  std::optional<connect::JdbcSource> jdbc;
  connect::Submitted submitted;
  std::int64_t next = 0, acknowledged = 0;  // numbers of `submitted`
  std::vector<HostedWriter> writers;
  std::int64_t given_up = 0;  // records that could not be sent and were skipped
  ClientNumber reader_number = 0;
  Consumer reader;  // of the offset topic, until its end
  connect::SourceOffsets noted;
  bool asks = false, flush_due = false, checked = false;
};

struct ConnectSink {
  ClientNumber number = 0;
  Consumer consumer;
  std::map<TopicPartition, Offset> next, committed;  // of what is written; as the group knows
  std::map<TopicPartition, Offset> ends;             // of what was polled and is not yet written
  std::shared_ptr<const PutBatch> batch;             // to be written; nullptr: nothing
  std::int32_t tries = 0;                            // of the batch
  bool putting = false, polled = false, revoking = false, commits = false, commit_due = false;
  bool held = false;  // its partitions are, while a batch waits to be put again: it polls, and gets nothing (C13)
  HostedWriter dead_letters;
  Time looked_at = -1;  // by which metadata it has chosen its topics (topics.regex)
};

// finding: its place in the source; stopping: nothing new, but what is under way ends; gone: its clients have still to close.
enum class ConnectPhase : std::uint8_t { finding, running, stopping, gone };

struct ConnectTask {
  connect::TaskId id;
  std::int32_t run = 0;  // a number of its own: a task that is started again has another
  connect::Properties properties;
  connect::ConnectorConfig config;
  ConnectPhase phase = ConnectPhase::finding;
  bool paused = false, failed = false;
  std::string trace;
  Timer poll = kNoTimer, flush = kNoTimer;
  ConnectSource source;
  ConnectSink sink;
};

// A connector that this worker runs.
struct ConnectInstance {
  connect::UnitState state = connect::UnitState::running;
  std::string trace;
  bool asks = false;  // a store for its tables
};

// The places of a source are read from the offset topic, for a call: to be told, or to be forgotten.
struct ConnectPlaces {
  std::string connector;
  ClientNumber number = 0;
  Consumer reader;
  connect::SourceOffsets noted;
  bool read = false;
  std::optional<std::size_t> call;  // that is told them; nothing: they are forgotten
};

// A call of the REST interface, and what came of it.
struct ConnectCall {
  std::string text;
  enum class State : std::uint8_t { waiting, sent, done, refused } state = State::waiting;
  std::string why;     // it was refused
  std::string answer;  // of one that only reads
  std::optional<RequestId> request;  // of another worker, which waits
  Time not_before = 0;               // nobody could be asked: it is tried again then
};

struct ConnectWorker {
  using Kind = ConnectWorkerKind;

  NodeId node = kNoNode;
  Kind::Config config;
  std::vector<BrokerId> bootstrap;
  bool running = false, stopping = false;
  struct Shown {
    std::int64_t connectors = 0, tasks = 0, failed = 0, waiting = 0, sent = 0, written = 0, skipped = 0;
    NUTSHELL_FIELDS(Shown, connectors, tasks, failed, waiting, sent, written, skipped)
  } shown;
  std::uint32_t next_serial = 0;

  HostedAdmin admin;
  Consumer member, config_reader, status_reader;
  HostedWriter config_writer, offset_writer, status_writer;
  connect::ConfigState configured;  // what the config topic says
  connect::StatusState statuses;    // what the status topic says
  std::map<std::string, std::set<std::string>> told_topics;  // by connector, of which it has told the status topic
  std::map<std::string, connect::Units> shares;  // of the leader: what each worker has, by its name
  connect::Units has;               // what it runs
  std::optional<connect::Assignor> assignor;
  std::int32_t completed = -1;      // generation of the last assignment
  NodeId leader = kNoNode;
  bool must_assign = false, revoking = false;
  std::optional<std::string> assigned;  // what the leader has told, until the config topic is read so far
  Timer delay = kNoTimer, look = kNoTimer;
  Time delay_until = 0;             // units wait for a lost worker; 0: none do
  Time coordinator_gone = -1;       // since when it is unknown; -1: it is known
  std::map<std::string, ConnectInstance> instances;
  std::vector<ConnectTask> tasks;
  std::vector<connect::TaskId> to_start;  // as soon as what ran under that name has ended
  std::int32_t next_run = 0;
  std::vector<ConnectCall> calls;   // the newest last
  std::vector<ConnectPlaces> places;

  const ConnectTask* task(const connect::TaskId& id) const;
  template <class Visit>
  void each_client(Visit&& visit) const {
    visit(member);
    visit(config_reader);
    visit(status_reader);
    for (const HostedWriter* each : {&config_writer, &offset_writer, &status_writer}) visit(each->producer);
    for (const ConnectPlaces& each : places) visit(each.reader);
    for (const ConnectTask& task : tasks) {
      visit(task.source.reader);
      visit(task.sink.consumer);
      visit(task.sink.dead_letters.producer);
      for (const HostedWriter& each : task.source.writers) visit(each.producer);
    }
  }
  void fold_into(std::uint64_t& digest) const;
};

void start(Env& env, ConnectWorker& worker);
void stop(Env& env, ConnectWorker& worker);
void forget(Env& env, ConnectWorker& worker, ProcessEnd end);
void on_request(Env& env, ConnectWorker& worker, const RequestId& request, Body& body);
void on_response(Env& env, ConnectWorker& worker, const Response& response);
void on_timer(Env& env, ConnectWorker& worker, const Event& timer);

std::string topic_of_group(const ConnectWorker& worker, std::string_view what);  // "configs", "offsets" or "status"
connect::WorkerDefaults defaults_of(const ConnectWorker& worker);
// A record as connectors and converters see it; its headers stand in its text, see value_name().
connect::RawRecord raw_record(const Names& names, const HostedRecord& record);

// Somebody calls its REST interface: "PUT /connectors/orders-source/config {…}" (rest.h). REQUIRES its process runs.
void call_rest(Env& env, ConnectWorker& worker, std::string_view call);

}  // namespace nutshell

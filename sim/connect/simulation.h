// A group of Connect workers with its connectors, the topics between them, and what stands at both ends: tables and files. A run is a
// value; events of one time follow each other in the order in which they were asked for.
//
// The group and the tasks follow C1-C17. What is simpler than on a cluster: topics are lists that lose nothing, messages take no
// time but the acknowledgement of a send (`ack_after`), a dead worker sent its last heartbeat in the moment in which it died, and topics
// have one partition unless the set-up says otherwise.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/connect/assignor.h"
#include "sim/connect/config_log.h"
#include "sim/connect/connector.h"
#include "sim/core/event_queue.h"

namespace nutshell::connect {

enum class DeedKind : std::uint8_t {
  kill_worker, stop_worker, start_worker, create_connector, delete_connector, pause_connector, resume_connector, stop_connector,
  restart_connector, produce,
};
// As files write it: "kill_worker".
std::string_view deed_name(DeedKind kind);

struct ScriptedDeed {
  Time at = 0;
  DeedKind kind = DeedKind::produce;
  std::string who;  // a worker, a connector or a topic
  Properties properties = {};
  std::optional<std::string> key = std::nullopt, value = std::nullopt;
};

struct Setup {
  std::vector<std::string> workers;
  Duration rebalance_delay = 5 * kMinute;     // scheduled.rebalance.max.delay.ms
  Duration session_timeout = 10 * kSecond;    // of workers
  Duration consumer_session = 45 * kSecond;   // of the consumers in sink tasks
  Duration flush_interval = 60 * kSecond;     // offset.flush.interval.ms
  Duration ack_after = 10 * kMillisecond;
  Duration loop = 10 * kMillisecond;          // that a task takes from one full batch to the next
  std::int64_t max_poll_records = 500;
  WorkerDefaults defaults;
  std::map<std::string, Properties> connectors;  // that are there at the beginning
  std::map<std::string, std::int32_t> partitions;
  std::map<std::string, Database> databases;     // by connection.url
  std::map<std::string, FileText> files;
  std::vector<ScriptedDeed> script;              // in the order of their times
  Time until = 10 * kMinute;
};

enum class FactKind : std::uint8_t {
  worker, rebalance, connector_state, task_state, records_read, offsets_flushed, records_delivered, offsets_committed, record_skipped,
  dead_lettered,
};
std::string_view fact_name(FactKind kind);
struct Fact {
  Time at = 0;
  FactKind kind = FactKind::worker;
  std::string who;
  std::string text;       // a sentence
  std::int64_t count = 0;
};

struct Status {
  UnitState state = UnitState::unassigned;
  std::string worker;
  std::string trace;
};

using TopicPlace = std::pair<std::string, std::int32_t>;  // topic and partition

struct Worker {
  std::string name;
  bool alive = false;
  std::int32_t life = 0;   // how often it has started
  std::int64_t joined = 0;
  Units has;               // of a dead one, what it had, until the group notices
};

// A task at work.
struct Run {
  TaskId id;
  std::size_t worker = 0;
  std::int32_t life = 0;  // events of an earlier run find another number
  ConnectorConfig config;
  bool paused = false, failed = false;
  std::optional<FileSource> file;
  std::optional<JdbcSource> jdbc;
  Submitted submitted;
  std::map<TopicPlace, std::int64_t> positions;  // of a sink, of the partitions that it has
  std::int64_t failures = 0;                     // of the batch at hand
};

class Simulation {
 public:
  explicit Simulation(Setup setup);
  // The next event. False: nothing is left, or the end is reached.
  bool step();
  void run() { while (step()) {} }
  // All that happens until then, that moment included.
  void run_until(Time end);
  Time now() const { return now_; }
  void carry_out(const ScriptedDeed& deed);

  const Setup& setup() const { return setup_; }
  const std::vector<Worker>& workers() const { return workers_; }
  const std::map<TopicPlace, std::vector<RawRecord>>& topics() const { return topics_; }
  const std::map<std::string, Database>& databases() const { return setup_.databases; }
  const std::map<std::string, std::string>& sink_files() const { return sink_files_; }
  const std::map<std::string, Status>& status() const { return status_; }    // by "orders-source" and "orders-source-0"
  const std::map<std::string, SourceOffsets>& noted() const { return noted_; }
  const std::map<std::string, std::map<TopicPlace, std::int64_t>>& committed() const { return committed_; }
  const ConfigState& config() const { return config_; }
  const std::vector<Fact>& facts() const { return facts_; }
  const Decision& last_decision() const { return decision_; }

 private:
  enum class Kind : std::uint8_t { deed, session_end, rebalance, delay_over, poll, flush, acked, consumer_gone };
  struct Event {
    Kind kind = Kind::deed;
    std::int32_t a = 0, b = 0;
    std::int64_t c = 0, d = 0;
  };

  // simulation.cpp
  void at(Time time, Event event);
  void handle(const Event& event);
  void tell(FactKind kind, std::string who, std::string text, std::int64_t count = 0);
  void append(RawRecord record);
  void write_config(const std::vector<KeyValue>& records);
  void set_status(const std::string& connector, std::optional<std::int32_t> task, UnitState state, const std::string& worker,
                  const std::string& trace = "");
  std::size_t place_of(const std::string& worker) const;
  void target(const std::string& connector, TargetState state);

  // simulation_group.cpp
  void start_worker(std::size_t place);
  void stop_worker(std::size_t place, bool orderly);
  void session_ends(std::int32_t place, std::int32_t life);
  void ask_for_rebalance();
  void rebalance();
  std::string shares() const;
  void start_connector(std::size_t worker, const std::string& name);

  // simulation_tasks.cpp
  void start_task(std::size_t worker, const TaskId& id);
  void stop_task(const TaskId& id);
  void fail(Run& run, const Failure& failure);
  void poll(Run& run);
  void poll_source(Run& run);
  void poll_sink(Run& run);
  bool put_batch(Run& run, const std::vector<Record>& batch);
  void flush(Run& run);
  void note_all(Run& run);
  void commit(Run& run);
  void share_partitions(const std::string& connector);
  void consumer_gone(std::int32_t life);
  Run* find(std::int32_t life);

  Setup setup_;
  Time now_ = 0;
  EventQueue<Event> queue_;
  std::uint64_t order_ = 0;
  std::vector<Worker> workers_;
  std::int64_t joins_ = 0;
  std::string leader_;
  std::optional<Assignor> assignor_;
  std::int32_t generation_ = 0;
  bool scheduled_ = false;  // a rebalance is
  std::set<std::pair<std::int32_t, std::int32_t>> ghosts_;  // worker and life: members that are dead, and nobody knows
  Decision decision_;
  Time deadline_ = 0;

  ConfigState config_;
  std::int64_t config_end_ = 0;
  std::map<std::string, SourceOffsets> noted_;  // offset topic, by connector
  std::map<std::string, Status> status_;        // status topic
  std::map<TopicPlace, std::vector<RawRecord>> topics_;
  std::map<std::string, std::map<TopicPlace, std::int64_t>> committed_;  // by connector
  std::map<TaskId, Run> runs_;
  std::map<std::int32_t, TaskId> silent_;  // consumers of dead tasks that their groups still count, by life
  std::int32_t lives_ = 0;
  std::map<std::string, std::string> sink_files_;
  std::vector<Fact> facts_;
};

// What its status is while it does as it is told.
UnitState shown_as(TargetState target);
// Where a record with this key goes.
std::int32_t partition_for(const RawRecord& record, std::int32_t partitions);

}  // namespace nutshell::connect

// A task: the part of a plan that reads partition p of its topics, with its stores and clocks (P3, P10). It is a
// plain value: copy it, and the copy goes its own way. Whoever hosts it gives it records in order and carries away what it
// writes; with the changelog kept, restore() makes the same stores again.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/streams/plan.h"

namespace nutshell::streams {

// Bytes as a topic holds them. Times are milliseconds since 1970.
struct Record {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::int64_t timestamp = 0;
  // In their order; a name may come more than once, and its bytes may be none. Those of a query's own records are not kept.
  std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
};

enum class OutputKind : std::uint8_t { sink, repartition, changelog, row };

struct Output {
  OutputKind kind = OutputKind::sink;
  std::string topic;
  Record record;
  // What the partitioner hashes (P35): the key without its window.
  std::optional<std::string> route;
  // Of a push query, which writes to no topic: the row itself.
  Row row;
};

// What a step did with a row, for whoever shows or explains it.
enum class NoteKind : std::uint8_t {
  counted,   // an aggregate took it in: in a window, or, without windows, in its group
  late,      // its window is closed (P14)
  absorbed,  // a session that a larger one has taken in is no more
  told,      // EMIT FINAL has told a window
  kept,      // a table's row was stored, or deleted: `row` is its key's bytes and, if stored, its columns
  held,      // a join of streams keeps the row, for those of the other side that come later
  paired,    // a join: with a row of the other side
  alone,     // a join: told without a partner
};

struct Note {
  NoteKind kind = NoteKind::counted;
  int step = 0;
  int side = 0;  // of a join; of `kept`, which store
  Row row;       // of an aggregate: the key, then the results
  std::int64_t timestamp = 0;
  std::int64_t window_start = 0;
  std::int64_t window_end = 0;
  std::int64_t stream_time = 0;  // of the step, with this row
  std::int64_t partner = 0;      // of `paired`: the time of the other side's row
};

// What of the engine's switches a task has to know.
struct Switches {
  // A window's final results, and unmatched rows of joins, are looked for at most so often (wall clock, ms; P20, P28).
  std::int64_t final_interval = 1000;
  std::int64_t join_interval = 1000;
  // EMIT FINAL as a store looked through (7.3 and later), or as a buffer that loses nothing (P21).
  bool final_by_buffer = false;
  bool changelog = false;
  // Results of aggregates wait for the next commit, and of each key the last is told (P19).
  bool cache = false;
};

inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

// A row of a store, with its timestamp. Of an aggregate: the states.
struct Kept {
  Row row;
  std::int64_t timestamp = 0;
};

// A row on its way through the steps.
struct Event {
  Row row;
  // There is no value: a tombstone. The row then has its key.
  bool deleted = false;
  // The record came without key, which its columns alone do not tell.
  bool no_key = false;
  // Of a table: what was there before.
  std::optional<Row> old;
  std::int64_t timestamp = 0;
  std::int64_t window_start = 0;
  std::int64_t window_end = 0;
};

// What waits in the cache: the last of a key, with what was there before the first.
struct Pending {
  Event event;
  std::optional<Kept> kept;
  std::uint64_t order = 0;
};

struct StepState {
  // The highest timestamp that came here with a key (P10).
  std::int64_t stream_time = kNoTime;
  // Tables, and aggregates without windows: by key.
  std::map<std::string, Kept> rows[2];
  // Windowed aggregates by start and key; sessions by key, end and start.
  std::map<std::pair<std::int64_t, std::string>, Kept> windows;
  std::map<std::string, std::map<std::pair<std::int64_t, std::int64_t>, Kept>> sessions;
  // The highest start of a window (end of a session) that the store was given (P16).
  std::int64_t newest = kNoTime;
  // EMIT FINAL: windows up to this start (sessions: end) have been told.
  std::int64_t told = kNoTime;
  std::int64_t next_look = 0;
  // Segments of the session store before this one are gone.
  std::int64_t oldest_segment = 0;
  // Stream-stream joins: rows of each side by key, time and arrival; and those that wait unmatched, in the order of the
  // sweep: time, right before left, key, arrival.
  using Held = std::map<std::pair<std::int64_t, std::uint64_t>, Row>;
  std::map<std::string, Held> held[2];
  std::int64_t held_newest[2] = {kNoTime, kNoTime};
  std::map<std::tuple<std::int64_t, int, std::string, std::uint64_t>, Row> parked;
  bool parked_known = false;
  std::int64_t oldest_parked = 0;
  std::uint64_t arrivals = 0;
  std::map<std::string, Pending> pending;
  // Rows that were refused or not understood, for whoever asks why.
  std::uint64_t late = 0;
  std::uint64_t skipped = 0;
};

class Task {
 public:
  Task(std::shared_ptr<const Plan> plan, int part, int partition, Switches switches);

  // One record of a topic that this task reads; `now` is the wall clock in ms. What comes of it is appended,
  // and to `notes`, if given, what was done with it.
  void process(const std::string& topic, std::int64_t offset, const Record& record, std::int64_t now, std::vector<Output>& out,
               std::vector<Note>* notes = nullptr);
  // Empties the cache: what waited is appended, in the order of the last updates. Whoever hosts the task then commits offsets.
  void commit(std::int64_t now, std::vector<Output>& out);
  // The rows of the table that it holds now, as records of its topic: what a pull query reads (S31). Nothing: it holds none.
  std::vector<Record> table(std::int64_t now) const;
  // A record of a changelog, before the first that is processed. Nothing happens if it is none of this task's.
  void restore(const std::string& topic, const Record& record);

  const Plan& plan() const { return *plan_; }
  int part() const { return part_; }
  int partition() const { return partition_; }
  const StepState& state(std::size_t step) const { return states_[step]; }

 private:
  // task.cpp
  void deliver(int step, int side, Event&& event);
  void pass(const Step& step, Event&& event);
  void read_source(std::size_t at, std::int64_t offset, const Record& record);
  void read_repartition(std::size_t at, const Record& record);
  bool stamp(const Step& step, const Row& row, std::int64_t& timestamp) const;
  void filter(const Step& step, Event&& event);
  void project(const Step& step, Event&& event);
  void spread(const Step& step, Event&& event);
  void group(const Step& step, Event&& event);
  void write_repartition(const Step& step, Event&& event);
  void sink(const Step& step, Event&& event);

  // task_aggregate.cpp
  void aggregate(std::size_t at, Event&& event);
  void tell(std::size_t at, const std::string& key, Event&& event, const Kept* kept);
  void aggregate_table(std::size_t at, Event&& event, const std::string& key);
  void aggregate_window(std::size_t at, const Event& event, const std::string& key);
  void aggregate_session(std::size_t at, const Event& event, const std::string& key);
  Row added(const Step& step, const Row& states, const Row& row, bool undo) const;
  Row start(const Step& step) const;
  Row outcome(const Step& step, const Row& keys, const Row& states, std::int64_t start, std::int64_t end) const;
  void tell_final(std::size_t at);
  void tell_final_sessions(std::size_t at);
  bool may_look(StepState& state, std::int64_t interval);
  void expire_sessions(const Step& step, StepState& state) const;
  void expire_windows(StepState& state, std::int64_t last) const;

  // task_join.cpp
  void join_table(std::size_t at, int side, Event&& event);
  void join_tables(std::size_t at, int side, Event&& event);
  void join_foreign(std::size_t at, int side, Event&& event);
  void join_streams(std::size_t at, int side, Event&& event);
  void sweep(std::size_t at);
  void emit_pair(const Step& step, int side, const Event& own, const Row* other, const Value& key, std::int64_t timestamp);
  Row joined_row(const Step& step, int side, const Row* own, const Row* other, const Value& key) const;
  void hold(std::size_t at, int side, const std::string& key, std::int64_t timestamp, const Row& row);

  // task_store.cpp
  void deliver_stored(std::size_t at);
  std::string key_bytes(const Step& step, const Row& row) const;
  void keep(std::size_t at, int store, const std::string& key, const Kept* kept);
  // Of an aggregate. REQUIRES notes_.
  void note_window(NoteKind kind, std::size_t at, Row row, std::int64_t timestamp, std::int64_t start, std::int64_t end);
  void log_change(const Step& step, int store, std::string key, const Kept* kept);
  bool restore_store(std::size_t at, int store, const std::string& key, const std::optional<Kept>& kept);

  std::shared_ptr<const Plan> plan_;
  int part_ = 0;
  int partition_ = 0;
  Switches switches_;
  std::vector<StepState> states_;
  std::int64_t now_ = 0;
  std::vector<Output>* out_ = nullptr;
  std::vector<Note>* notes_ = nullptr;
};

// The bytes that follow the key of a windowed row (P35), and what they say.
std::string window_bytes(WindowKind window, std::int64_t start, std::int64_t end);
// Takes them off; false if there are too few.
bool split_window(WindowKind window, std::int64_t size, std::string& key, std::int64_t& start, std::int64_t& end);

}  // namespace nutshell::streams

// A ksqlDB server without a cluster below it: statements are carried out, queries run over topics that are lists of records.
// A plain value. What runs on simulated processes takes the same plans and tasks and brings its own topics.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/streams/task.h"

namespace nutshell::streams {

struct TopicLog {
  std::vector<std::vector<Record>> partitions;
  // When each record came, over all topics: the order in which one reader of all sees them.
  std::vector<std::vector<std::uint64_t>> arrivals;
};

// A query that runs.
struct Query {
  std::string id;
  std::string text;
  std::shared_ptr<const Plan> plan;
  std::vector<Task> tasks;
  // The next offset of each partition of each topic.
  std::map<std::pair<std::string, int>, std::size_t> next;
  bool paused = false;
};

class Engine {
 public:
  explicit Engine(Switches switches = {}) : switches_(switches) {}

  Catalog catalog;
  std::map<std::string, std::string> variables;
  std::map<std::string, TopicLog> topics;
  // All rows in one partition, whatever topics say: one task a sub-topology, as a test of one query wants it.
  bool one_partition = false;
  // Wall clock, ms.
  std::int64_t now = 0;
  // Push queries of whoever has the engine, for SHOW QUERIES.
  struct PushQuery {
    std::string id, text;
  };
  std::vector<PushQuery> pushes;

  // Carries out a statement; what it prints is appended to `out`.
  void execute(const Statement& statement, Complaint& complaint, std::string& out);

  const std::vector<Query>& queries() const { return queries_; }

  // A record into a topic; partition -1 lets the partitioner choose by `route`.
  void produce(const std::string& topic, int partition, const std::optional<std::string>& route, Record record);
  // Gives one record to a query's tasks that read it, and its outputs where they belong.
  void feed(std::size_t query, const std::string& topic, int partition, std::size_t offset, const Record& record);
  // Lets all queries read until they are at the ends, row by row in the order of arrival.
  void run();

  // A SELECT, from the beginnings to the ends: push if EMIT is there, pull otherwise.
  struct Table {
    std::vector<std::string> names;
    std::vector<Row> rows;
    Columns columns;
    bool limit_reached = false;
  };
  Table select(const Select& select, Complaint& complaint);
  // The key that a look-up names, `key = literal`, as its topic has it: only the task that owns it need be asked (S31). Nothing:
  // it asks for others, or for all.
  std::optional<std::string> looked_up_key(const Select& select) const;

 private:
  // engine_source.cpp
  void create_source(const Statement& s, Complaint& complaint, std::string& out);
  void create_as(const Statement& s, Complaint& complaint, std::string& out);
  void insert_select(const Statement& s, Complaint& complaint, std::string& out);
  bool may_create(const Statement& s, Complaint& complaint, std::string& out);
  void start(const Statement& s, Plan plan, std::string& out);
  int ensure_topic(const std::string& topic, int asked, bool must_ask, Place at, Complaint& complaint);

  // engine_rows.cpp
  void insert_values(const Statement& s, Complaint& complaint);
  Table pull(const Select& select, Complaint& complaint);
  Table push(const Select& select, Complaint& complaint);
  Query started(Plan plan) const;
  void carry(Query& query, std::vector<Output>& outputs, std::vector<Output>* rows);
  void feed_query(Query& query, const std::string& topic, int partition, std::size_t offset, const Record& record,
                  std::vector<Output>* rows);
  bool next_record(const Query& query, std::string& topic, int& partition) const;

  // engine_admin.cpp
  void drop(const Statement& s, Complaint& complaint, std::string& out);
  void end_query(const Statement& s, Complaint& complaint, std::string& out);
  void show(const Statement& s, std::string& out);
  void describe(const Statement& s, Complaint& complaint, std::string& out);
  void explain(const Statement& s, Complaint& complaint, std::string& out);
  void print(const Statement& s, Complaint& complaint, std::string& out);
  std::vector<std::string> readers(const std::string& name) const;
  std::vector<std::string> writers(const std::string& name) const;

  Switches switches_;
  std::vector<Query> queries_;
  // Offsets of the command topic: they number the queries (S33).
  int commands_ = 0;
  std::uint64_t arrivals_ = 0;
};

// What WITH says of a source, checked (S3, E16).
struct Properties {
  Source source;
  bool key_format = false;
  bool value_format = false;
  bool partitions = false;
  bool topic = false;
  bool wrap = false;
  Place stamp_at;
};
Properties read_properties(const std::vector<Property>& properties, bool create, Complaint& complaint);
// What SET says of formats that a statement does not name.
void apply_settings(Properties& with, const std::map<std::string, std::string>& settings);

// A row as a table of the terminal shows it.
std::string value_text(const Value& value, const Type& type);
std::vector<std::string> row_texts(const Row& row, const Columns& columns);
// Of a record, as PRINT has it; source: what reads the topic, or nullptr.
std::string printed_record(const Record& record, const Source* source, int partition);

}  // namespace nutshell::streams

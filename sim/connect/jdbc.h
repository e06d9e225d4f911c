// The JDBC connectors, over tables in memory (C20-C24).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sim/connect/failure.h"
#include "sim/connect/settings.h"
#include "sim/connect/source.h"
#include "sim/connect/table.h"

namespace nutshell::connect {

enum class JdbcMode : std::uint8_t { bulk, incrementing, timestamp, timestamp_incrementing };

struct JdbcSourceConfig {
  std::string url;                  // which database
  JdbcMode mode = JdbcMode::bulk;
  std::string incrementing_column, timestamp_column;
  std::string topic_prefix;
  std::vector<std::string> tables;  // table.whitelist; empty: all but `without`
  std::vector<std::string> without;  // table.blacklist
  Duration poll_interval = 5 * kSecond;
  Duration timestamp_delay = 0;     // timestamp.delay.interval.ms
  std::int64_t batch_max_rows = 100;
  bool validate_non_null = true;
};
JdbcSourceConfig read_jdbc_source(Settings& settings);
// The tables of each of at most `tasks` tasks: as even as it goes, in the order of their names.
std::vector<std::vector<std::string>> spread_tables(const JdbcSourceConfig& config, const Database& database, std::int64_t tasks);

// One task: asks its tables in turn. Rows that a question has found wait here until they are polled.
class JdbcSource {
 public:
  JdbcSource(JdbcSourceConfig config, std::vector<std::string> tables, SourceOffsets noted);
  // "", or why this cannot be: no such table or column, or one that may be null.
  std::string check(const Database& database) const;
  // What there is now, at most a batch, of one table.
  std::vector<SourceRecord> poll(const Database& database, Time now);
  // When the next question is due; `now` if rows wait.
  Time next_poll(Time now) const;

 private:
  void ask(const Database& database, std::size_t table, Time now);
  std::vector<Row> select(const Table& table, Time now, const SourceOffset& from) const;

  JdbcSourceConfig config_;
  std::vector<std::string> tables_;
  SourceOffsets offsets_;           // of what was handed out
  std::vector<Time> asked_;         // by table; -1: never
  std::deque<SourceRecord> found_;
};

enum class InsertMode : std::uint8_t { insert, upsert, update };
enum class PkMode : std::uint8_t { none, kafka, record_key, record_value };

struct JdbcSinkConfig {
  std::string url;
  InsertMode insert_mode = InsertMode::insert;
  PkMode pk_mode = PkMode::none;
  std::vector<std::string> pk_fields;
  std::string table_name_format = "${topic}";
  bool auto_create = false, auto_evolve = false, delete_enabled = false;
  std::int64_t max_retries = 10;
  Duration retry_backoff = 3 * kSecond;
};
JdbcSinkConfig read_jdbc_sink(Settings& settings);

struct PutResult {
  std::optional<Failure> failure;  // nothing of the batch was written then
  std::int64_t inserted = 0, replaced = 0, deleted = 0;
};
// One batch, in one transaction. A refused row is a failure that is retried; a table or column that is missing is not.
PutResult put(const JdbcSinkConfig& config, Database& database, const std::vector<Record>& batch);

}  // namespace nutshell::connect

// Tables of a database beside Kafka, as plain rows in memory. A real SQLite file is read into one before a run, and written from one
// after it; nothing of a run touches it (C20-C24).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/connect/data.h"

namespace nutshell::connect {

struct Column {
  std::string name;
  Type type = Type::string;  // int64, float64, string, bytes or boolean
  bool nullable = true;
  bool timestamp = false;  // an int64 of milliseconds since 1970
  friend bool operator==(const Column&, const Column&) = default;
};
using Row = std::vector<Value>;  // a value a column, in the columns' order

class Table {
 public:
  std::string name;
  std::vector<Column> columns;
  std::vector<std::string> primary_key;  // names of columns; empty: it has none

  std::optional<std::size_t> column(std::string_view column_name) const;
  // Rows in the order in which they were put in; a replaced row comes last, as in SQLite.
  std::vector<Row> rows() const;
  const std::map<std::int64_t, Row>& stored() const { return rows_; }  // the same, each with its number
  std::size_t size() const { return rows_.size(); }

  // False, and `problem` is a sentence: the key is there already, or missing, or a value does not fit its column.
  bool insert(Row row, std::string& problem);
  bool upsert(Row row, std::string& problem);
  // By the key in `row`. Of none there is nothing to do.
  bool update(const Row& row, std::string& problem);
  void erase(const Row& row);
  // From begin() on it is noted how each changed row was, until rollback() puts all of it back, or commit() forgets it. Columns are
  // no part of that.
  void begin();
  void commit();
  void rollback();
  // A new column that may be null, null in every row.
  void add_column(Column column);

  friend bool operator==(const Table&, const Table&) = default;

 private:
  bool check(const Row& row, std::string& problem) const;
  std::string key_of(const Row& row) const;
  std::map<std::int64_t, Row> rows_;          // by number of arrival
  std::map<std::string, std::int64_t> keys_;  // primary key as text, to the number
  std::int64_t next_ = 0;
  struct Before {
    std::int64_t number = 0;
    std::optional<Row> row;  // nothing: it was not there
    friend bool operator==(const Before&, const Before&) = default;
  };
  void note(std::int64_t number);
  bool noting_ = false;
  std::vector<Before> before_;
};

struct Database {
  std::map<std::string, Table> tables;
  friend bool operator==(const Database&, const Database&) = default;
};

// A whole number is a real one where the column says so, as in SQLite.
void fit(const Column& column, Value& value);
// A column's type in words of SQL: "INTEGER NOT NULL"; TIMESTAMP is an INTEGER of milliseconds.
std::string column_sql(const Column& column);
Column column_from_sql(const std::string& name, const std::string& sql);

// The schema of a table's rows, named as the table.
SchemaPtr row_schema(const Table& table);
Data row_data(const Table& table, const SchemaPtr& schema, const Row& row);
inline constexpr std::string_view kTimestampName = "org.apache.kafka.connect.data.Timestamp";

}  // namespace nutshell::connect

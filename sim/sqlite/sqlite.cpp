#include "sim/sqlite/sqlite.h"

#include <sqlite3.h>

#include <map>
#include <memory>

#include "sim/streams/calendar.h"

namespace nutshell {
namespace {

using connect::Column;
using connect::Type;
using connect::Value;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using File = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

bool open(const std::string& path, int flags, File& file, std::string& problem) {
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  file.reset(opened);
  if (result == SQLITE_OK) return true;
  problem = "the database '" + path + "' cannot be opened: " +
            (opened ? sqlite3_errmsg(opened) : "out of memory") + "; name a file of SQLite";
  return false;
}

bool complain(const std::string& path, const File& file, const std::string& doing, std::string& problem) {
  problem = "the database '" + path + "' cannot be " + doing + ": " + sqlite3_errmsg(file.get());
  return false;
}

Statement prepare(const File& file, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(file.get(), sql.c_str(), -1, &statement, nullptr);
  return Statement(statement);
}

std::string text_at(sqlite3_stmt* statement, int column) {
  const auto* bytes = static_cast<const char*>(static_cast<const void*>(sqlite3_column_text(statement, column)));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))) : "";
}

// SQLite keeps any kind of value in any column: what does not fit its column is read as the column's kind.
Value value_at(sqlite3_stmt* statement, int at, const Column& column) {
  const int kind = sqlite3_column_type(statement, at);
  if (kind == SQLITE_NULL) return Value();
  if (column.timestamp && kind == SQLITE_TEXT) {
    std::string text = text_at(statement, at);
    if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
    return Value(streams::parse_timestamp(text).value_or(0));
  }
  switch (column.type) {
    case Type::boolean: return Value(sqlite3_column_int64(statement, at) != 0);
    case Type::float64: return Value(sqlite3_column_double(statement, at));
    case Type::string: return Value(text_at(statement, at));
    case Type::bytes: return Value(connect::Bytes{text_at(statement, at)});
    default: return Value(static_cast<std::int64_t>(sqlite3_column_int64(statement, at)));
  }
}

bool read_columns(const File& file, connect::Table& table) {
  const Statement info = prepare(file, "PRAGMA table_info(" + quoted(table.name) + ")");
  std::map<int, std::string> keys;
  while (info && sqlite3_step(info.get()) == SQLITE_ROW) {
    const std::string name = text_at(info.get(), 1);
    const int key = sqlite3_column_int(info.get(), 5);
    Column column = connect::column_from_sql(name, text_at(info.get(), 2));
    column.nullable = sqlite3_column_int(info.get(), 3) == 0 && key == 0;
    table.columns.push_back(std::move(column));
    if (key > 0) keys[key] = name;
  }
  for (const auto& [place, name] : keys) table.primary_key.push_back(name);
  return !table.columns.empty();
}

bool read_rows(const std::string& path, const File& file, connect::Table& table, std::int64_t& rows, std::string& problem) {
  Statement all = prepare(file, "SELECT * FROM " + quoted(table.name) + " ORDER BY rowid");
  if (!all) all = prepare(file, "SELECT * FROM " + quoted(table.name));  // WITHOUT ROWID: by its key
  if (!all) return complain(path, file, "read", problem);
  int result = SQLITE_OK;
  while ((result = sqlite3_step(all.get())) == SQLITE_ROW) {
    if (++rows > kMaxSqliteRows) {
      problem = "the database '" + path + "' has more than " + std::to_string(kMaxSqliteRows) + " rows; take a smaller one";
      return false;
    }
    connect::Row row;
    for (std::size_t i = 0; i < table.columns.size(); ++i) row.push_back(value_at(all.get(), static_cast<int>(i), table.columns[i]));
    std::string why;
    if (!table.insert(std::move(row), why)) {
      problem = "the table " + table.name + " of '" + path + "' has a row that is not as its columns say: " + why;
      return false;
    }
  }
  return result == SQLITE_DONE || complain(path, file, "read", problem);
}

void bind(sqlite3_stmt* statement, int at, const Value& value) {
  if (value.truth()) sqlite3_bind_int(statement, at, *value.truth() ? 1 : 0);
  else if (value.whole()) sqlite3_bind_int64(statement, at, *value.whole());
  else if (value.real()) sqlite3_bind_double(statement, at, *value.real());
  else if (value.text()) sqlite3_bind_text64(statement, at, value.text()->data(), value.text()->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  else if (value.bytes()) sqlite3_bind_blob64(statement, at, value.bytes()->bytes.data(), value.bytes()->bytes.size(), SQLITE_TRANSIENT);
  else sqlite3_bind_null(statement, at);
}

bool execute(const File& file, const std::string& sql) {
  return sqlite3_exec(file.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

bool write_table(const File& file, const connect::Table& table) {
  std::string columns, places;
  for (const Column& column : table.columns) {
    columns += (columns.empty() ? "" : ", ") + quoted(column.name) + " " + connect::column_sql(column);
    places += places.empty() ? "?" : ", ?";
  }
  std::string keys;
  for (const std::string& key : table.primary_key) keys += (keys.empty() ? "" : ", ") + quoted(key);
  if (!keys.empty()) columns += ", PRIMARY KEY (" + keys + ")";
  if (!execute(file, "DROP TABLE IF EXISTS " + quoted(table.name))) return false;
  if (!execute(file, "CREATE TABLE " + quoted(table.name) + " (" + columns + ")")) return false;
  const Statement insert = prepare(file, "INSERT INTO " + quoted(table.name) + " VALUES (" + places + ")");
  for (const connect::Row& row : table.rows()) {
    for (std::size_t i = 0; insert && i < table.columns.size(); ++i) bind(insert.get(), static_cast<int>(i) + 1, row[i]);
    if (!insert || sqlite3_step(insert.get()) != SQLITE_DONE || sqlite3_reset(insert.get()) != SQLITE_OK) return false;
  }
  return insert != nullptr;
}

}  // namespace

bool read_sqlite(const std::string& path, connect::Database& database, std::string& problem) {
  File file;
  if (!open(path, SQLITE_OPEN_READONLY, file, problem)) return false;
  std::vector<std::string> names;
  {
    const Statement tables = prepare(file, "SELECT name FROM sqlite_master WHERE type = 'table' "
                                           "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
    if (!tables) return complain(path, file, "read", problem);
    while (sqlite3_step(tables.get()) == SQLITE_ROW) names.push_back(text_at(tables.get(), 0));
  }
  std::int64_t rows = 0;
  for (const std::string& name : names) {
    connect::Table table;
    table.name = name;
    if (!read_columns(file, table)) return complain(path, file, "read", problem);
    if (!read_rows(path, file, table, rows, problem)) return false;
    database.tables[name] = std::move(table);
  }
  return true;
}

bool write_sqlite(const std::string& path, const connect::Database& database, std::string& problem) {
  File file;
  if (!open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, file, problem)) return false;
  if (!execute(file, "BEGIN IMMEDIATE")) return complain(path, file, "written", problem);
  for (const auto& [name, table] : database.tables) {
    if (write_table(file, table)) continue;
    complain(path, file, "written", problem);
    execute(file, "ROLLBACK");
    return false;
  }
  return execute(file, "COMMIT") || complain(path, file, "written", problem);
}

}  // namespace nutshell

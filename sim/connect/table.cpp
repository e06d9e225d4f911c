#include "sim/connect/table.h"

namespace nutshell::connect {
namespace {

bool column_takes(Type type, const Value& value) {
  switch (type) {
    case Type::boolean: return value.truth() != nullptr;
    case Type::float32:
    case Type::float64: return value.real() != nullptr;
    case Type::string: return value.text() != nullptr;
    case Type::bytes: return value.bytes() != nullptr;
    default: return is_whole(type) && value.whole() != nullptr;
  }
}

}  // namespace

std::optional<std::size_t> Table::column(std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column_name) return i;
  }
  return std::nullopt;
}

std::vector<Row> Table::rows() const {
  std::vector<Row> all;
  all.reserve(rows_.size());
  for (const auto& [number, row] : rows_) all.push_back(row);
  return all;
}

bool Table::check(const Row& row, std::string& problem) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Value value = i < row.size() ? row[i] : Value();
    if (value.null() ? !columns[i].nullable : !column_takes(columns[i].type, value)) {
      problem = value.null() ? "NOT NULL constraint failed: " + name + "." + columns[i].name
                             : "column " + name + "." + columns[i].name + " is " + std::string(type_name(columns[i].type)) +
                                   ", and the value is " + std::string(kind_of(value));
      return false;
    }
  }
  return true;
}

// Each value with its length in front: no two keys are one text.
std::string Table::key_of(const Row& row) const {
  std::string key;
  for (const std::string& each : primary_key) {
    const auto at = column(each);
    const Value value = at && *at < row.size() ? row[*at] : Value();
    const std::string text = text_of(Data{nullptr, value});
    key += std::to_string(text.size()) + ":" + text + (value.null() ? "n" : "v");
  }
  return key;
}

bool Table::insert(Row row, std::string& problem) {
  row.resize(columns.size());
  if (!check(row, problem)) return false;
  if (!primary_key.empty() && !keys_.emplace(key_of(row), next_).second) {
    std::string named;
    for (const std::string& each : primary_key) named += (named.empty() ? "" : ", ") + name + "." + each;
    problem = "UNIQUE constraint failed: " + named;
    return false;
  }
  note(next_);
  rows_.emplace(next_++, std::move(row));
  return true;
}

bool Table::upsert(Row row, std::string& problem) {
  row.resize(columns.size());
  if (!check(row, problem)) return false;
  erase(row);
  return insert(std::move(row), problem);
}

bool Table::update(const Row& row, std::string& problem) {
  Row whole = row;
  whole.resize(columns.size());
  if (!check(whole, problem)) return false;
  const auto at = keys_.find(key_of(whole));
  if (at == keys_.end()) return true;
  note(at->second);
  rows_[at->second] = std::move(whole);
  return true;
}

void Table::erase(const Row& row) {
  const auto at = primary_key.empty() ? keys_.end() : keys_.find(key_of(row));
  if (at == keys_.end()) return;
  note(at->second);
  rows_.erase(at->second);
  keys_.erase(at);
}

void Table::note(std::int64_t number) {
  if (!noting_) return;
  const auto at = rows_.find(number);
  before_.push_back({number, at == rows_.end() ? std::nullopt : std::optional<Row>(at->second)});
}

void Table::begin() {
  noting_ = true;
  before_.clear();
}

void Table::commit() {
  noting_ = false;
  before_.clear();
}

void Table::rollback() {
  for (auto each = before_.rbegin(); each != before_.rend(); ++each) {
    const auto now = rows_.find(each->number);
    if (now != rows_.end() && !primary_key.empty()) keys_.erase(key_of(now->second));
    if (now != rows_.end()) rows_.erase(now);
    if (!each->row) continue;
    each->row->resize(columns.size());
    if (!primary_key.empty()) keys_[key_of(*each->row)] = each->number;
    rows_[each->number] = std::move(*each->row);
  }
  commit();
}

void Table::add_column(Column column) {
  columns.push_back(std::move(column));
  for (auto& [number, row] : rows_) row.resize(columns.size());
}

void fit(const Column& column, Value& value) {
  if (value.whole() && column.type == Type::float64) value = Value(static_cast<double>(*value.whole()));
}

std::string column_sql(const Column& column) {
  const std::string type = column.timestamp                ? "TIMESTAMP"
                           : column.type == Type::string   ? "TEXT"
                           : column.type == Type::bytes    ? "BLOB"
                           : column.type == Type::boolean  ? "BOOLEAN"
                           : column.type == Type::float64  ? "REAL"
                                                           : "INTEGER";
  return type + (column.nullable ? "" : " NOT NULL");
}

// By the words that SQLite goes by, and TIMESTAMP, DATETIME and BOOLEAN besides.
Column column_from_sql(const std::string& name, const std::string& sql) {
  std::string words;
  for (const char c : sql) words += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto has = [&](std::string_view word) { return words.find(word) != std::string::npos; };
  Column column;
  column.name = name;
  column.nullable = !has("NOT NULL") && !has("PRIMARY KEY");
  column.timestamp = has("TIMESTAMP") || has("DATETIME");
  column.type = column.timestamp || (has("INT") && !has("POINT"))             ? Type::int64
                : has("CHAR") || has("CLOB") || has("TEXT")                   ? Type::string
                : has("BOOL")                                                 ? Type::boolean
                : has("REAL") || has("FLOA") || has("DOUB")                   ? Type::float64
                : has("BLOB")                                                 ? Type::bytes
                                                                              : Type::string;
  return column;
}

SchemaPtr row_schema(const Table& table) {
  std::vector<Field> fields;
  for (const Column& column : table.columns) {
    Schema schema;
    schema.type = column.type;
    schema.optional = column.nullable;
    if (column.timestamp) schema.name = kTimestampName, schema.version = 1;
    fields.push_back({column.name, std::make_shared<const Schema>(std::move(schema))});
  }
  return struct_schema(std::move(fields), table.name);
}

Data row_data(const Table& table, const SchemaPtr& schema, const Row& row) {
  Members members;
  for (std::size_t i = 0; i < table.columns.size(); ++i) members.push_back({table.columns[i].name, i < row.size() ? row[i] : Value()});
  return {schema, Value(std::move(members))};
}

}  // namespace nutshell::connect

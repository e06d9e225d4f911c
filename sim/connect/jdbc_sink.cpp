#include <set>

#include "sim/connect/jdbc.h"

namespace nutshell::connect {
namespace {

constexpr std::string_view kConnectException = "org.apache.kafka.connect.errors.ConnectException";
constexpr std::string_view kAlterException = "io.confluent.connect.jdbc.sink.TableAlterOrCreateException";

bool fail(PutResult& result, std::string_view exception, std::string message, bool retriable = false) {
  Failure failure;
  failure.stage = Stage::task_put;
  failure.executing_class = "io.confluent.connect.jdbc.sink.JdbcSinkTask";
  failure.is(exception, std::move(message));
  failure.retriable = retriable;
  result.failure = std::move(failure);
  return false;
}

// A column and what the record has for it.
struct Cell {
  Column column;
  bool key = false;
  bool optional = true;  // what its schema says: evolving needs it
  Value value;
};

// What a table holds of it: every whole number and every real is one kind there.
Column column_of(const std::string& name, const SchemaPtr& schema) {
  Column column;
  column.name = name;
  column.type = is_whole(schema->type) ? Type::int64 : is_real(schema->type) ? Type::float64 : schema->type;
  column.nullable = schema->optional;
  column.timestamp = schema->name == kTimestampName;
  return column;
}

bool plain(Type type) { return type != Type::array && type != Type::map && type != Type::structure; }

bool add_cell(PutResult& result, std::vector<Cell>& cells, const std::string& name, const std::optional<Data>& data, bool key) {
  if (!data || !data->schema || !plain(data->schema->type))
    return fail(result, kConnectException, "there is no field " + name + " of a plain type to fill the column " + name);
  for (Cell& cell : cells) {
    if (cell.column.name != name) continue;
    cell.key = cell.key || key;
    return true;
  }
  Column column = column_of(name, data->schema);
  if (key) column.nullable = false;
  cells.push_back({column, key, data->schema->optional, data->value});
  return true;
}

bool add_kafka_cells(PutResult& result, const JdbcSinkConfig& config, const Record& record, std::vector<Cell>& cells) {
  std::vector<std::string> names = config.pk_fields;
  if (names.empty()) names = {"__connect_topic", "__connect_partition", "__connect_offset"};
  return add_cell(result, cells, names[0], Data{plain_schema(Type::string), Value(record.topic)}, true) &&
         add_cell(result, cells, names[1], Data{plain_schema(Type::int64), Value(std::int64_t{record.partition})}, true) &&
         add_cell(result, cells, names[2], Data{plain_schema(Type::int64), Value(record.offset)}, true);
}

std::vector<std::string> names_in(const Data& data, const std::vector<std::string>& wanted) {
  if (!wanted.empty()) return wanted;
  std::vector<std::string> names;
  for (const Field& field : data.schema->fields) names.push_back(field.name);
  return names;
}

bool add_key_cells(PutResult& result, const JdbcSinkConfig& config, const Record& record, std::vector<Cell>& cells) {
  const Data& key = record.key;
  if (!key.schema || key.value.null())
    return fail(result, kConnectException, "pk.mode=record_key wants a key with a schema, and there is none");
  if (plain(key.schema->type)) {
    if (config.pk_fields.size() != 1) return fail(result, kConnectException, "the key is one value: pk.fields has to name one column");
    return add_cell(result, cells, config.pk_fields[0], key, true);
  }
  if (key.schema->type != Type::structure) return fail(result, kConnectException, "the key has to be a plain value or a struct");
  for (const std::string& name : names_in(key, config.pk_fields)) {
    if (!add_cell(result, cells, name, field_of(key, name), true)) return false;
  }
  return true;
}

bool cells_of(PutResult& result, const JdbcSinkConfig& config, const Record& record, std::vector<Cell>& cells) {
  const Data& value = record.value;
  const bool tombstone = value.value.null();
  if (tombstone && !config.delete_enabled)
    return fail(result, kConnectException, "the value is null, and delete.enabled is false; the sink wants structs with a schema");
  if (!tombstone && (!value.schema || value.schema->type != Type::structure || !value.value.members()))
    return fail(result, kConnectException, "the value is no struct with a schema; use JsonConverter with schemas.enable=true");
  if (config.pk_mode == PkMode::record_key && !add_key_cells(result, config, record, cells)) return false;
  if (config.pk_mode == PkMode::kafka && !add_kafka_cells(result, config, record, cells)) return false;
  if (tombstone) return true;
  if (config.pk_mode == PkMode::record_value) {
    for (const std::string& name : names_in(value, config.pk_fields)) {
      if (!add_cell(result, cells, name, field_of(value, name), true)) return false;
    }
  }
  for (const Field& field : value.schema->fields) {
    if (!add_cell(result, cells, field.name, field_of(value, field.name), false)) return false;
  }
  return true;
}

// The table that takes the cells: made, or widened, if that is allowed.
Table* table_for(PutResult& result, const JdbcSinkConfig& config, Database& database, const std::string& name,
                 const std::vector<Cell>& cells) {
  const auto found = database.tables.find(name);
  if (found == database.tables.end()) {
    if (!config.auto_create) {
      fail(result, kAlterException, "there is no table " + name + ", and auto.create is off; create it, or set auto.create=true");
      return nullptr;
    }
    Table table;
    table.name = name;
    for (const Cell& cell : cells) {
      table.columns.push_back(cell.column);
      if (cell.key) table.primary_key.push_back(cell.column.name);
    }
    return &database.tables.emplace(name, std::move(table)).first->second;
  }
  for (const Cell& cell : cells) {
    if (found->second.column(cell.column.name)) continue;
    if (!config.auto_evolve || !cell.optional) {
      const std::string why = config.auto_evolve ? "only one that may be null could be added"
                                                 : "auto.evolve is off; add it, or set auto.evolve=true";
      fail(result, kAlterException, "the table " + name + " has no column " + cell.column.name + ", and " + why);
      return nullptr;
    }
    Column column = cell.column;
    column.nullable = true;
    found->second.add_column(std::move(column));
  }
  return &found->second;
}

bool write(PutResult& result, const JdbcSinkConfig& config, Table& table, const std::vector<Cell>& cells, bool tombstone) {
  Row row(table.columns.size());
  for (const Cell& cell : cells) row[*table.column(cell.column.name)] = cell.value;
  std::string problem;
  const std::size_t before = table.size();
  if (tombstone) {
    table.erase(row);
    result.deleted += static_cast<std::int64_t>(before - table.size());
    return true;
  }
  const bool done = config.insert_mode == InsertMode::insert   ? table.insert(std::move(row), problem)
                    : config.insert_mode == InsertMode::upsert ? table.upsert(std::move(row), problem)
                                                               : table.update(row, problem);
  // The real sink tries again whatever the database complains of, though a key that is there stays there.
  if (!done) return fail(result, "java.sql.SQLException", "the database refuses the row: " + problem, true);
  (table.size() > before ? result.inserted : result.replaced) += 1;
  return true;
}

}  // namespace

JdbcSinkConfig read_jdbc_sink(Settings& settings) {
  JdbcSinkConfig config;
  config.url = settings.required("connection.url");
  config.insert_mode = static_cast<InsertMode>(settings.one_of("insert.mode", {"insert", "upsert", "update"}));
  config.pk_mode = static_cast<PkMode>(settings.one_of("pk.mode", {"none", "kafka", "record_key", "record_value"}));
  config.pk_fields = settings.list("pk.fields");
  config.table_name_format = settings.text("table.name.format", config.table_name_format);
  config.auto_create = settings.truth("auto.create", false);
  config.auto_evolve = settings.truth("auto.evolve", false);
  config.delete_enabled = settings.truth("delete.enabled", false);
  config.max_retries = settings.whole("max.retries", config.max_retries, 0, 1'000'000);
  config.retry_backoff = settings.span("retry.backoff.ms", config.retry_backoff);
  if (config.delete_enabled && config.pk_mode != PkMode::record_key)
    settings.wrong("\"delete.enabled\" is true, and a row is found by the record's key; set pk.mode=record_key");
  if (config.insert_mode != InsertMode::insert && config.pk_mode == PkMode::none)
    settings.wrong("\"insert.mode\" finds rows by a key; set pk.mode=record_key, record_value or kafka");
  if (config.pk_mode == PkMode::kafka && !config.pk_fields.empty() && config.pk_fields.size() != 3)
    settings.wrong("\"pk.fields\" names three columns with pk.mode=kafka: topic, partition and offset; or leave it out");
  return config;
}

// Upserts of one flush come before its deletes, and an upsert after a delete forces a flush: what comes out is what the order of the
// batch gives (C23).
PutResult put(const JdbcSinkConfig& config, Database& database, const std::vector<Record>& batch) {
  PutResult result;
  std::set<std::string> changed;
  for (const Record& record : batch) {
    std::string name = config.table_name_format;
    constexpr std::string_view kTopic = "${topic}";
    if (const std::size_t at = name.find(kTopic); at != std::string::npos) name.replace(at, kTopic.size(), record.topic);
    std::vector<Cell> cells;
    Table* table = cells_of(result, config, record, cells) ? table_for(result, config, database, name, cells) : nullptr;
    if (table && changed.insert(name).second) table->begin();
    if (!table || !write(result, config, *table, cells, record.value.value.null())) break;
  }
  for (const std::string& name : changed) {
    if (result.failure) database.tables[name].rollback();
    else database.tables[name].commit();
  }
  if (result.failure) result.inserted = result.replaced = result.deleted = 0;
  return result;
}

}  // namespace nutshell::connect

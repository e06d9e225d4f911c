#include <algorithm>

#include "sim/connect/jdbc.h"

namespace nutshell::connect {
namespace {

constexpr const char* kIncrementing = "incrementing";
constexpr const char* kTimestamp = "timestamp";

bool uses_timestamp(JdbcMode mode) { return mode == JdbcMode::timestamp || mode == JdbcMode::timestamp_incrementing; }
bool uses_id(JdbcMode mode) { return mode == JdbcMode::incrementing || mode == JdbcMode::timestamp_incrementing; }

std::int64_t number_in(const Table& table, const std::string& column, const Row& row) {
  const auto at = table.column(column);
  const std::int64_t* number = at ? row[*at].whole() : nullptr;
  return number ? *number : 0;
}

std::int64_t noted(const SourceOffset& offset, const char* name, std::int64_t fallback) {
  const auto at = offset.find(name);
  return at == offset.end() ? fallback : at->second;
}

std::string check_column(const JdbcSourceConfig& config, const Table& table, const std::string& name) {
  const auto at = table.column(name);
  if (!at) return "the table " + table.name + " has no column " + name + "; name one of its columns";
  if (!is_whole(table.columns[*at].type))
    return "the column " + table.name + "." + name + " is " + std::string(type_name(table.columns[*at].type)) +
           ", and the mode needs whole numbers; name an INTEGER or TIMESTAMP column";
  if (config.validate_non_null && table.columns[*at].nullable)
    return "the column " + table.name + "." + name + " may be null; make it NOT NULL, or set validate.non.null=false";
  return "";
}

}  // namespace

JdbcSourceConfig read_jdbc_source(Settings& settings) {
  JdbcSourceConfig config;
  config.url = settings.required("connection.url");
  settings.required("mode");
  config.mode = static_cast<JdbcMode>(settings.one_of("mode", {"bulk", "incrementing", "timestamp", "timestamp+incrementing"}));
  config.incrementing_column = settings.text("incrementing.column.name");
  config.timestamp_column = settings.text("timestamp.column.name");
  if (uses_id(config.mode) && config.incrementing_column.empty())
    settings.wrong("\"incrementing.column.name\" is missing; the mode needs it");
  if (uses_timestamp(config.mode) && config.timestamp_column.empty())
    settings.wrong("\"timestamp.column.name\" is missing; the mode needs it");
  config.topic_prefix = settings.text("topic.prefix");
  config.tables = settings.list("table.whitelist");
  config.without = settings.list("table.blacklist");
  if (!config.tables.empty() && !config.without.empty())
    settings.wrong("\"table.whitelist\" and \"table.blacklist\" are both given; leave one of them out");
  if (settings.has("query")) settings.wrong("\"query\" is not taken here; name the tables in \"table.whitelist\"");
  config.poll_interval = settings.span("poll.interval.ms", config.poll_interval);
  config.timestamp_delay = settings.span("timestamp.delay.interval.ms", config.timestamp_delay);
  config.batch_max_rows = settings.whole("batch.max.rows", config.batch_max_rows, 1, 1'000'000);
  config.validate_non_null = settings.truth("validate.non.null", true);
  if (config.poll_interval < kMillisecond) settings.wrong("\"poll.interval.ms\" is 0; write 1 or more");
  return config;
}

std::vector<std::vector<std::string>> spread_tables(const JdbcSourceConfig& config, const Database& database, std::int64_t tasks) {
  std::vector<std::string> all = config.tables;
  if (all.empty()) {
    for (const auto& [name, table] : database.tables)
      if (std::count(config.without.begin(), config.without.end(), name) == 0) all.push_back(name);
  }
  std::sort(all.begin(), all.end());
  const std::size_t groups = std::min(all.size(), static_cast<std::size_t>(std::max<std::int64_t>(tasks, 0)));
  std::vector<std::vector<std::string>> spread(groups);
  // The first ones have one more.
  for (std::size_t group = 0, next = 0; group < groups; ++group) {
    const std::size_t size = all.size() / groups + (group < all.size() % groups ? 1 : 0);
    for (std::size_t i = 0; i < size; ++i) spread[group].push_back(all[next++]);
  }
  return spread;
}

JdbcSource::JdbcSource(JdbcSourceConfig config, std::vector<std::string> tables, SourceOffsets noted_before)
    : config_(std::move(config)), tables_(std::move(tables)), offsets_(std::move(noted_before)), asked_(tables_.size(), -1) {}

std::string JdbcSource::check(const Database& database) const {
  for (const std::string& name : tables_) {
    const auto table = database.tables.find(name);
    if (table == database.tables.end()) return "there is no table " + name + " to read; create it, or mend table.whitelist";
    std::string wrong;
    if (uses_id(config_.mode)) wrong = check_column(config_, table->second, config_.incrementing_column);
    if (wrong.empty() && uses_timestamp(config_.mode)) wrong = check_column(config_, table->second, config_.timestamp_column);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

// What the mode's WHERE and ORDER BY give.
std::vector<Row> JdbcSource::select(const Table& table, Time now, const SourceOffset& from) const {
  if (config_.mode == JdbcMode::bulk) return table.rows();
  const std::int64_t last_id = noted(from, kIncrementing, -1), last_time = noted(from, kTimestamp, 0);
  const std::int64_t end = (now - config_.timestamp_delay) / kMillisecond;
  const auto id = [&](const Row& row) { return uses_id(config_.mode) ? number_in(table, config_.incrementing_column, row) : 0; };
  const auto time = [&](const Row& row) { return uses_timestamp(config_.mode) ? number_in(table, config_.timestamp_column, row) : 0; };
  const auto wanted = [&](const Row& row) {
    switch (config_.mode) {
      case JdbcMode::incrementing: return id(row) > last_id;
      case JdbcMode::timestamp: return time(row) > last_time && time(row) < end;
      default: return time(row) < end && ((time(row) == last_time && id(row) > last_id) || time(row) > last_time);
    }
  };
  std::vector<Row> rows;
  for (const auto& [number, row] : table.stored()) {
    if (wanted(row)) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    return time(a) != time(b) ? time(a) < time(b) : id(a) < id(b);
  });
  return rows;
}

void JdbcSource::ask(const Database& database, std::size_t place, Time now) {
  asked_[place] = now;
  const auto at = database.tables.find(tables_[place]);
  if (at == database.tables.end()) return;
  const Table& table = at->second;
  const SourcePartition partition = {{"table", table.name}};
  const SourceOffset from = offsets_[partition];
  const std::vector<Row> rows = select(table, now, from);
  const SchemaPtr schema = row_schema(table);
  std::int64_t noted_time = noted(from, kTimestamp, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SourceRecord one;
    one.partition = partition;
    one.record.topic = config_.topic_prefix + table.name;
    one.record.value = row_data(table, schema, rows[i]);
    one.record.timestamp = now / kMillisecond;
    if (uses_id(config_.mode)) one.offset[kIncrementing] = number_in(table, config_.incrementing_column, rows[i]);
    if (uses_timestamp(config_.mode)) {
      const std::int64_t time = number_in(table, config_.timestamp_column, rows[i]);
      // Without an id, rows of one time count once the last of them is through (C21).
      const bool more = config_.mode == JdbcMode::timestamp && i + 1 < rows.size() &&
                        number_in(table, config_.timestamp_column, rows[i + 1]) == time;
      if (!more) noted_time = time;
      one.offset[kTimestamp] = noted_time;
    }
    found_.push_back(std::move(one));
  }
}

std::vector<SourceRecord> JdbcSource::poll(const Database& database, Time now) {
  for (std::size_t place = 0; found_.empty() && place < tables_.size(); ++place) {
    // The one that has waited longest is asked first.
    const std::size_t oldest = static_cast<std::size_t>(std::min_element(asked_.begin(), asked_.end()) - asked_.begin());
    if (asked_[oldest] >= 0 && asked_[oldest] + config_.poll_interval > now) break;
    ask(database, oldest, now);
  }
  std::vector<SourceRecord> batch;
  while (!found_.empty() && static_cast<std::int64_t>(batch.size()) < config_.batch_max_rows) {
    if (!found_.front().offset.empty()) offsets_[found_.front().partition] = found_.front().offset;
    batch.push_back(std::move(found_.front()));
    found_.pop_front();
  }
  return batch;
}

Time JdbcSource::next_poll(Time now) const {
  if (!found_.empty() || asked_.empty()) return now;
  const Time oldest = *std::min_element(asked_.begin(), asked_.end());
  return oldest < 0 ? now : std::max(now, oldest + config_.poll_interval);
}

}  // namespace nutshell::connect

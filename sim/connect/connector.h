// A connector's configuration, read from its properties, and the way of a record through it: of a source record, transforms, converters,
// bytes; of a sink bytes, converters, transforms, record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/connect/converter.h"
#include "sim/connect/errors.h"
#include "sim/connect/file.h"
#include "sim/connect/jdbc.h"
#include "sim/connect/transform.h"

namespace nutshell::connect {

// What a worker's own properties give to connectors that say nothing else.
struct WorkerDefaults {
  Converter key, value;
};

// The converter named by the key, with its key.schemas.enable.
Converter read_converter(Settings& settings, const std::string& key, const Converter& fallback);

// How a source's topics are created (KIP-158): those whose names match, by the first group that takes them; `default` takes all.
struct TopicGroup {
  std::string name;
  std::vector<Regex> include, exclude;
  std::int64_t partitions = -1, replication = -1;  // -1: as brokers do
  std::string cleanup_policy;                      // "compact", "delete" or "": as brokers do
};

struct ConnectorConfig {
  std::string name;
  std::int64_t tasks_max = 1;
  Converter key, value;
  std::vector<Transform> transforms;
  ErrorPolicy errors;
  std::vector<std::string> topics;  // of a sink
  std::optional<Regex> topics_pattern;  // likewise, in their place: those whose whole names match, internal ones left out
  // Of a sink's consumers; nothing: as the worker says, or as consumers do.
  std::optional<Duration> metadata_max_age;
  std::optional<std::int64_t> max_poll_records;
  bool from_the_end = false;  // auto.offset.reset=latest
  std::vector<TopicGroup> topic_groups;  // of a source; default is the last
  std::variant<FileSourceConfig, FileSinkConfig, JdbcSourceConfig, JdbcSinkConfig> plugin;

  bool sink() const { return plugin.index() == 1 || plugin.index() == 3; }
};
// Nothing: `problem` is a sentence that names the key.
std::optional<ConnectorConfig> read_connector(const std::string& name, const Properties& properties, const WorkerDefaults& defaults,
                                              std::string& problem);

// The classes that there are, sinks first.
struct Plugin {
  std::string_view name;
  bool sink = false;
};
const std::vector<Plugin>& plugins();

// nullptr: the brokers decide.
const TopicGroup* group_of_topic(const ConnectorConfig& config, std::string_view topic);

// The properties of each task, as the connector answers taskConfigs(). `database` is the source's, if it has one.
std::vector<Properties> task_configs(const ConnectorConfig& config, const Properties& properties, const Database* database);
// The one more property that a JDBC source's task has: its tables.
inline constexpr const char* kTaskTables = "tables";

enum class Passage : std::uint8_t { through, dropped, skipped, failed };
struct Passed {
  Passage how = Passage::through;
  Record record;     // of a sink, if through
  RawRecord raw;     // of a source, if through
  std::optional<Failure> failure;        // skipped or failed
  std::optional<RawRecord> dead_letter;  // of a sink: to be written before the offset counts
};
Passed pass_source(const ConnectorConfig& config, const Record& record);
Passed pass_sink(const ConnectorConfig& config, std::int32_t task, const RawRecord& record);

}  // namespace nutshell::connect

#include "sim/connect/connector.h"

#include <algorithm>
#include <array>

#include "sim/core/text.h"

namespace nutshell::connect {
namespace {

constexpr std::array<std::string_view, 4> kClasses = {
    "org.apache.kafka.connect.file.FileStreamSourceConnector", "org.apache.kafka.connect.file.FileStreamSinkConnector",
    "io.confluent.connect.jdbc.JdbcSourceConnector", "io.confluent.connect.jdbc.JdbcSinkConnector"};

// "FileStreamSource", as Kafka allows, "FileStreamSourceConnector" or the whole name.
std::optional<std::size_t> class_named(std::string_view name) {
  for (std::size_t i = 0; i < kClasses.size(); ++i) {
    const std::string_view whole = kClasses[i], last = short_class(whole);
    if (name == whole || name == last || name == last.substr(0, last.size() - std::string_view("Connector").size())) return i;
  }
  return std::nullopt;
}

// What is wrong with a record: to be skipped, or the end of its task.
Passed failed(const ConnectorConfig& config, Failure failure) {
  Passed passed;
  passed.how = config.errors.tolerate ? Passage::skipped : Passage::failed;
  passed.failure = std::move(failure);
  return passed;
}

constexpr const char* kTopicCreation = "topic.creation.";

std::vector<Regex> read_patterns(Settings& settings, const std::string& key) {
  std::vector<Regex> all;
  for (const std::string& each : settings.list(key)) {
    std::string why;
    auto pattern = Regex::compile(each, why);
    if (pattern) all.push_back(std::move(*pattern));
    else settings.wrong("\"" + key + "\" is no pattern: " + why);
  }
  return all;
}

TopicGroup read_topic_group(Settings& settings, const std::string& name, const TopicGroup& fallback) {
  const std::string key = kTopicCreation + name + ".";
  TopicGroup group = {.name = name};
  group.partitions = settings.whole(key + "partitions", fallback.partitions, -1, 1000);
  group.replication = settings.whole(key + "replication.factor", fallback.replication, -1, 100);
  if (group.partitions == 0 || group.replication == 0)
    settings.wrong("\"" + key + "partitions\" and its replication.factor are 1 or more, or -1: as brokers do");
  if (settings.has(key + "cleanup.policy"))
    group.cleanup_policy = settings.one_of(key + "cleanup.policy", {"delete", "compact"}) == 1 ? "compact" : "delete";
  if (name == "default") return group;
  group.include = read_patterns(settings, key + "include");
  group.exclude = read_patterns(settings, key + "exclude");
  if (group.include.empty()) settings.wrong("\"" + key + "include\" is missing; it says which topics the group is about");
  return group;
}

// Whoever gives any of it gives the default as well, as Connect wants it.
std::vector<TopicGroup> read_topic_groups(Settings& settings, const Properties& properties) {
  const auto first = properties.lower_bound(kTopicCreation);
  if (first == properties.end() || first->first.rfind(kTopicCreation, 0) != 0) return {};
  settings.required(std::string(kTopicCreation) + "default.partitions");
  settings.required(std::string(kTopicCreation) + "default.replication.factor");
  std::vector<TopicGroup> groups;
  const TopicGroup rest = read_topic_group(settings, "default", {});
  for (const std::string& name : settings.list(std::string(kTopicCreation) + "groups"))
    groups.push_back(read_topic_group(settings, name, rest));
  groups.push_back(rest);
  return groups;
}

// What a sink reads: names, or a pattern that new topics may match as well.
void read_topics(Settings& settings, ConnectorConfig& config) {
  config.topics = settings.list("topics");
  const std::string pattern = settings.text("topics.regex"), &dead = config.errors.dead_letter_topic;
  if (!config.topics.empty() && !pattern.empty())
    settings.wrong("\"topics\" and \"topics.regex\" are both given; leave one of them out");
  if (config.topics.empty() && pattern.empty())
    settings.wrong("\"topics\" is missing; a sink wants the topics that it reads, with commas between, or \"topics.regex\"");
  bool loops = std::count(config.topics.begin(), config.topics.end(), dead) > 0;
  if (!pattern.empty()) {
    std::string why;
    config.topics_pattern = Regex::compile(pattern, why);
    if (!config.topics_pattern) settings.wrong("\"topics.regex\" is no pattern: " + why);
    else loops = !dead.empty() && config.topics_pattern->matches(dead);
  }
  if (loops)
    settings.wrong("\"errors.deadletterqueue.topic.name\" is \"" + dead + "\", which the sink reads as well; name another topic");
}

// What a connector may say of its consumers; of others the worker decides.
void read_consumer(Settings& settings, ConnectorConfig& config) {
  const std::string prefix = "consumer.override.";
  if (settings.has(prefix + "metadata.max.age.ms")) config.metadata_max_age = settings.span(prefix + "metadata.max.age.ms", 0);
  if (config.metadata_max_age && *config.metadata_max_age < kMillisecond)
    settings.wrong("\"" + prefix + "metadata.max.age.ms\" is 0; write 1 or more");
  if (settings.has(prefix + "max.poll.records")) config.max_poll_records = settings.whole(prefix + "max.poll.records", 500, 1, 100'000);
  config.from_the_end = settings.one_of(prefix + "auto.offset.reset", {"earliest", "latest"}) == 1;
}

// C10: KIP-618 needs transactions; without them only what changes nothing may be asked for.
void refuse_exactly_once(Settings& settings) {
  if (settings.one_of("exactly.once.support", {"requested", "required"}) == 1)
    settings.wrong("\"exactly.once.support\" is \"required\", and there are no transactions here yet; write requested: what was read since "
                   "the last note comes again after a crash");
  if (settings.text("transaction.boundary", "poll") != "poll")
    settings.wrong("\"transaction.boundary\" wants transactions, and there are none here yet; leave it out");
}

// What is asked for in every database's own words, and means nothing to tables in memory.
void pass_over_jdbc(Settings& settings) {
  for (const char* key : {"connection.user", "connection.password", "dialect.name", "db.timezone", "quote.sql.identifiers"})
    settings.text(key);
}

}  // namespace

Converter read_converter(Settings& settings, const std::string& key, const Converter& fallback) {
  Converter converter = fallback;
  if (settings.has(key)) {
    const std::string name = settings.text(key);
    const auto kind = converter_named(name);
    if (!kind) {
      const std::string near = nearest_name(short_class(name), converter_names());
      settings.wrong("\"" + key + "\" is \"" + name + "\", which is no converter here; write " +
                     (near.empty() ? "JsonConverter, StringConverter or ByteArrayConverter" : near));
    } else {
      converter = {*kind, true};
    }
  }
  converter.schemas_enable = settings.truth(key + ".schemas.enable", converter.schemas_enable);
  return converter;
}

std::optional<ConnectorConfig> read_connector(const std::string& name, const Properties& properties, const WorkerDefaults& defaults,
                                              std::string& problem) {
  Settings settings(properties);
  ConnectorConfig config;
  config.name = settings.text("name", name);
  if (config.name != name) settings.wrong("\"name\" is \"" + config.name + "\", and the connector is called \"" + name + "\"");
  const std::string class_name = settings.required("connector.class");
  const auto kind = class_named(class_name);
  if (!kind) {
    settings.wrong("\"connector.class\" is \"" + class_name +
                   "\"; write FileStreamSource, FileStreamSink, JdbcSourceConnector or JdbcSinkConnector");
    problem = settings.problem();  // which of the other keys are right depends on it
    return std::nullopt;
  }
  config.tasks_max = settings.whole("tasks.max", 1, 1, 1000);
  config.key = read_converter(settings, "key.converter", defaults.key);
  config.value = read_converter(settings, "value.converter", defaults.value);
  config.transforms = read_transforms(settings);
  const bool sink = *kind == 1 || *kind == 3;
  config.errors = read_error_policy(settings, sink);
  if (sink) {
    read_topics(settings, config);
    read_consumer(settings, config);
  } else {
    config.topic_groups = read_topic_groups(settings, properties);
    refuse_exactly_once(settings);
  }
  if (*kind >= 2) pass_over_jdbc(settings);
  switch (*kind) {
    case 0: config.plugin = read_file_source(settings); break;
    case 1: config.plugin = read_file_sink(settings); break;
    case 2: config.plugin = read_jdbc_source(settings); break;
    default: config.plugin = read_jdbc_sink(settings); break;
  }
  settings.text(kTaskTables);
  settings.list("predicates");
  for (const auto& [key, value] : properties) {
    // A predicate that nobody uses is read too.
    if (key.rfind("predicates.", 0) == 0) settings.text(key);
  }
  settings.refuse_unread();
  problem = settings.problem();
  if (!problem.empty()) return std::nullopt;
  return config;
}

const std::vector<Plugin>& plugins() {
  static const std::vector<Plugin> kAll = {{kClasses[1], true}, {kClasses[3], true}, {kClasses[0], false}, {kClasses[2], false}};
  return kAll;
}

const TopicGroup* group_of_topic(const ConnectorConfig& config, std::string_view topic) {
  const auto any = [&](const std::vector<Regex>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const Regex& each) { return each.matches(topic).has_value(); });
  };
  for (const TopicGroup& each : config.topic_groups)
    if (each.name == "default" || (any(each.include) && !any(each.exclude))) return &each;
  return nullptr;
}

std::vector<Properties> task_configs(const ConnectorConfig& config, const Properties& properties, const Database* database) {
  if (const auto* jdbc = std::get_if<JdbcSourceConfig>(&config.plugin)) {
    std::vector<Properties> tasks;
    for (const auto& tables : spread_tables(*jdbc, database ? *database : Database{}, config.tasks_max)) {
      Properties one = properties;
      for (const std::string& table : tables) one[kTaskTables] += (one[kTaskTables].empty() ? "" : ",") + table;
      tasks.push_back(std::move(one));
    }
    return tasks;
  }
  // A file is read by one task, whatever tasks.max says.
  const std::int64_t count = std::holds_alternative<FileSourceConfig>(config.plugin) ? 1 : config.tasks_max;
  return std::vector<Properties>(static_cast<std::size_t>(count), properties);
}

Passed pass_source(const ConnectorConfig& config, const Record& record) {
  Passed passed;
  Failure failure;
  bool dropped = false;
  passed.record = record;
  if (!transform(config.transforms, passed.record, dropped, failure)) return failed(config, std::move(failure));
  if (dropped) {
    passed.how = Passage::dropped;
    return passed;
  }
  const Record& changed = passed.record;
  passed.raw = {changed.topic, changed.partition, -1, std::nullopt, std::nullopt, changed.timestamp, changed.headers};
  failure.stage = Stage::key_converter;
  if (!from_connect(config.key, changed.key, passed.raw.key, failure)) return failed(config, std::move(failure));
  failure.stage = Stage::value_converter;
  if (!from_connect(config.value, changed.value, passed.raw.value, failure)) return failed(config, std::move(failure));
  return passed;
}

Passed pass_sink(const ConnectorConfig& config, std::int32_t task, const RawRecord& record) {
  Passed passed;
  Failure failure;
  bool dropped = false;
  Record& read = passed.record;
  read.topic = record.topic;
  read.partition = record.partition;
  read.offset = record.offset;
  read.timestamp = record.timestamp;
  read.headers = record.headers;
  failure.stage = Stage::key_converter;
  bool fine = to_connect(config.key, record.key, read.key, failure);
  if (fine) {
    failure.stage = Stage::value_converter;
    fine = to_connect(config.value, record.value, read.value, failure);
  }
  if (fine) fine = transform(config.transforms, read, dropped, failure);
  if (!fine) {
    // With no tolerance it is copied all the same, and the task ends (C16).
    std::optional<RawRecord> copy;
    if (!config.errors.dead_letter_topic.empty()) copy = dead_letter(config.errors, record, {config.name, task}, failure);
    passed = failed(config, std::move(failure));
    passed.dead_letter = std::move(copy);
  } else if (dropped) {
    passed.how = Passage::dropped;
  }
  return passed;
}

}  // namespace nutshell::connect

// Configuration under Kafka's own names, with Kafka 4.x defaults.
//
// Keys that end in .ms, .seconds or .minutes hold durations: nanoseconds in memory, the unit of the
// key in text. A key of ours, where Kafka has none, begins with "nutshell.".
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/types.h"
#include "sim/kafka/subscription.h"
#include "sim/log/log_config.h"

namespace nutshell {

enum class OffsetReset : std::uint8_t { latest, earliest, none, by_duration };
// auto.offset.reset: where to, and with by_duration how far back from now.
struct AutoOffsetReset {
  OffsetReset to = OffsetReset::latest;
  Duration back = 0;
  constexpr AutoOffsetReset(OffsetReset where = OffsetReset::latest, Duration ago = 0) : to(where), back(ago) {}
  friend bool operator==(const AutoOffsetReset&, const AutoOffsetReset&) = default;
  NUTSHELL_FIELDS(AutoOffsetReset, to, back)
};
enum class Partitioner : std::uint8_t { sticky, round_robin };
// What a producer makes of a batch that is too large (C5).
enum class BatchSplit : std::uint8_t { halves, batch_size };
// replica.selector.class: whether a leader sends consumers to a follower in their rack (R21).
enum class ReplicaSelector : std::uint8_t { leader, rack_aware };
// How a follower of a new leader finds out where to cut its log (L21): by its own high watermark (before 0.11), by asking
// where its last epoch ends (0.11), by asking until the epoch is known to both (2.0), or with each fetch (2.7 and later).
enum class Truncation : std::uint8_t { fetch, kip279, kip101, high_watermark };
// acks: 0, 1, or -1 which is written "all".
enum class Acks : std::int8_t { all = -1, none = 0, leader = 1 };

inline constexpr std::int64_t kMostLogDirs = 16;

struct BrokerConfig {  // brokers and controllers share it, as in Kafka
  Duration broker_heartbeat_interval = 2 * kSecond;
  Duration broker_session_timeout = 9 * kSecond;
  Duration quorum_fetch_timeout = 2 * kSecond;
  Duration quorum_election_timeout = 1 * kSecond;
  Duration quorum_election_backoff_max = 1 * kSecond;
  Duration quorum_request_timeout = 2 * kSecond;
  Duration quorum_append_linger = 0;  // Kafka: 25 ms
  std::int64_t metadata_bytes_between_snapshots = 20 << 20;
  Duration metadata_snapshot_interval = 1 * kHour;  // 0: never for that
  std::int64_t metadata_retention_bytes = 100 << 20;
  Duration metadata_retention = 7 * 24 * kHour;
  Duration replica_lag_time_max = 30 * kSecond;
  Duration replica_fetch_wait_max = 500 * kMillisecond;
  Duration replica_fetch_backoff = 1 * kSecond;
  Duration replica_socket_timeout = 30 * kSecond;
  std::int64_t replica_fetch_max_bytes = 1 << 20;
  std::int64_t replica_fetch_response_max_bytes = 10 << 20;
  Duration high_watermark_checkpoint_interval = 5 * kSecond;
  Duration request_timeout = 30 * kSecond;
  Duration connection_setup_timeout = 10 * kSecond;
  Duration connection_setup_timeout_max = 30 * kSecond;
  bool controlled_shutdown_enable = true;
  bool unclean_leader_election_enable = false;
  std::int64_t min_insync_replicas = 1;
  std::int64_t num_partitions = 1;
  std::int64_t default_replication_factor = 1;
  std::int64_t offsets_topic_num_partitions = 50;
  std::int64_t offsets_topic_replication_factor = 3;
  Duration offsets_commit_timeout = 5 * kSecond;
  Duration group_initial_rebalance_delay = 3 * kSecond;
  Duration group_min_session_timeout = 6 * kSecond;
  Duration group_max_session_timeout = 30 * kMinute;
  bool auto_leader_rebalance_enable = true;
  Duration leader_imbalance_check_interval = 300 * kSecond;
  Duration recovery_point_checkpoint_interval = 60 * kSecond;
  Duration retention_check_interval = 5 * kMinute;
  Duration initial_task_delay = 30 * kSecond;
  Duration retention_time = kAsBroker;     // of these three the finest that is set counts
  Duration retention_minutes = kAsBroker;
  Duration retention_hours = 168 * kHour;
  std::int64_t retention_bytes = -1;
  Duration file_delete_delay = 60 * kSecond;
  bool cleaner_enable = true;
  std::int64_t cleaner_threads = 1;
  Duration cleaner_backoff = 15 * kSecond;
  std::int64_t cleaner_dedupe_buffer_size = 128 << 20;
  Ratio cleaner_load_factor{900'000};
  std::int64_t cleaner_io_buffer_size = 512 << 10;
  std::int64_t cleaner_io_max_bytes_per_second = std::numeric_limits<std::int64_t>::max();
  std::int64_t offsets_topic_segment_bytes = 100 << 20;
  Duration offsets_retention = 10080 * kMinute;
  Duration offsets_retention_check_interval = 10 * kMinute;
  std::int64_t flush_messages = kNever;
  Duration flush_time = kAsBroker;
  Duration flush_check_interval = kNever;
  Truncation truncation = Truncation::fetch;
  std::int64_t log_dirs = 1;  // Kafka: their paths
  Duration log_dir_failure_timeout = 30 * kSecond;
  std::string rack;
  ReplicaSelector replica_selector = ReplicaSelector::leader;
  template <class F>
  static constexpr void each_field(F&& f) {
    using C = BrokerConfig;
    f("broker.heartbeat.interval.ms", &C::broker_heartbeat_interval);
    f("broker.session.timeout.ms", &C::broker_session_timeout);
    f("controller.quorum.fetch.timeout.ms", &C::quorum_fetch_timeout);
    f("controller.quorum.election.timeout.ms", &C::quorum_election_timeout);
    f("controller.quorum.election.backoff.max.ms", &C::quorum_election_backoff_max);
    f("controller.quorum.request.timeout.ms", &C::quorum_request_timeout);
    f("controller.quorum.append.linger.ms", &C::quorum_append_linger);
    f("metadata.log.max.record.bytes.between.snapshots", &C::metadata_bytes_between_snapshots);
    f("metadata.log.max.snapshot.interval.ms", &C::metadata_snapshot_interval);
    f("metadata.max.retention.bytes", &C::metadata_retention_bytes);
    f("metadata.max.retention.ms", &C::metadata_retention);
    f("replica.lag.time.max.ms", &C::replica_lag_time_max);
    f("replica.fetch.wait.max.ms", &C::replica_fetch_wait_max);
    f("replica.fetch.backoff.ms", &C::replica_fetch_backoff);
    f("replica.socket.timeout.ms", &C::replica_socket_timeout);
    f("replica.fetch.max.bytes", &C::replica_fetch_max_bytes);
    f("replica.fetch.response.max.bytes", &C::replica_fetch_response_max_bytes);
    f("replica.high.watermark.checkpoint.interval.ms", &C::high_watermark_checkpoint_interval);
    f("request.timeout.ms", &C::request_timeout);
    f("socket.connection.setup.timeout.ms", &C::connection_setup_timeout);
    f("socket.connection.setup.timeout.max.ms", &C::connection_setup_timeout_max);
    f("controlled.shutdown.enable", &C::controlled_shutdown_enable);
    f("unclean.leader.election.enable", &C::unclean_leader_election_enable);
    f("min.insync.replicas", &C::min_insync_replicas);
    f("num.partitions", &C::num_partitions);
    f("default.replication.factor", &C::default_replication_factor);
    f("offsets.topic.num.partitions", &C::offsets_topic_num_partitions);
    f("offsets.topic.replication.factor", &C::offsets_topic_replication_factor);
    f("offsets.commit.timeout.ms", &C::offsets_commit_timeout);
    f("group.initial.rebalance.delay.ms", &C::group_initial_rebalance_delay);
    f("group.min.session.timeout.ms", &C::group_min_session_timeout);
    f("group.max.session.timeout.ms", &C::group_max_session_timeout);
    f("auto.leader.rebalance.enable", &C::auto_leader_rebalance_enable);
    f("leader.imbalance.check.interval.seconds", &C::leader_imbalance_check_interval);
    f("log.flush.offset.checkpoint.interval.ms", &C::recovery_point_checkpoint_interval);
    f("log.retention.check.interval.ms", &C::retention_check_interval);
    f("log.initial.task.delay.ms", &C::initial_task_delay);
    f("log.retention.ms", &C::retention_time);
    f("log.retention.minutes", &C::retention_minutes);
    f("log.retention.hours", &C::retention_hours);
    f("log.retention.bytes", &C::retention_bytes);
    f("log.segment.delete.delay.ms", &C::file_delete_delay);
    f("log.cleaner.enable", &C::cleaner_enable);
    f("log.cleaner.threads", &C::cleaner_threads);
    f("log.cleaner.backoff.ms", &C::cleaner_backoff);
    f("log.cleaner.dedupe.buffer.size", &C::cleaner_dedupe_buffer_size);
    f("log.cleaner.io.buffer.load.factor", &C::cleaner_load_factor);
    f("log.cleaner.io.buffer.size", &C::cleaner_io_buffer_size);
    f("log.cleaner.io.max.bytes.per.second", &C::cleaner_io_max_bytes_per_second);
    f("offsets.topic.segment.bytes", &C::offsets_topic_segment_bytes);
    f("offsets.retention.minutes", &C::offsets_retention);
    f("offsets.retention.check.interval.ms", &C::offsets_retention_check_interval);
    f("log.flush.interval.messages", &C::flush_messages);
    f("log.flush.interval.ms", &C::flush_time);
    f("log.flush.scheduler.interval.ms", &C::flush_check_interval);
    f("nutshell.truncation", &C::truncation);
    f("log.dirs", &C::log_dirs);
    f("log.dir.failure.timeout.ms", &C::log_dir_failure_timeout);
    f("broker.rack", &C::rack);
    f("replica.selector.class", &C::replica_selector);
  }
};

struct TopicConfig : LogConfig {
  std::int64_t min_insync_replicas = kAsBroker;
  std::int8_t unclean_leader_election_enable = -1;  // -1: as the broker says; else 0 or 1
  std::int64_t retention_messages = -1;             // not Kafka's
  template <class F>
  static constexpr void each_field(F&& f) {
    using C = TopicConfig;
    f("min.insync.replicas", &C::min_insync_replicas);
    f("unclean.leader.election.enable", &C::unclean_leader_election_enable);
    f("segment.bytes", &C::segment_bytes);
    f("segment.ms", &C::segment_time);
    f("segment.index.bytes", &C::segment_index_bytes);
    f("index.interval.bytes", &C::index_interval_bytes);
    f("max.message.bytes", &C::max_message_bytes);
    f("message.timestamp.type", &C::message_timestamp_type);
    f("message.timestamp.before.max.ms", &C::message_timestamp_before_max);
    f("message.timestamp.after.max.ms", &C::message_timestamp_after_max);
    f("retention.ms", &C::retention_time);
    f("retention.bytes", &C::retention_bytes);
    f("file.delete.delay.ms", &C::file_delete_delay);
    f("cleanup.policy", &C::cleanup_policy);
    f("min.cleanable.dirty.ratio", &C::min_cleanable_dirty_ratio);
    f("min.compaction.lag.ms", &C::min_compaction_lag);
    f("max.compaction.lag.ms", &C::max_compaction_lag);
    f("delete.retention.ms", &C::delete_retention);
    f("flush.messages", &C::flush_messages);
    f("flush.ms", &C::flush_time);
    f("segment.jitter.ms", &C::segment_jitter);
    f("nutshell.retention.messages", &C::retention_messages);
  }
};

// How an application makes bytes of the values of its records, and values of bytes: texts as they are, or Avro with a schema
// registry (serde.h).
enum class Serializer : std::uint8_t { string, avro };
enum class Deserializer : std::uint8_t { string, avro };
// What a consumer's application does about a record that it cannot deserialise.
enum class OnUnreadable : std::uint8_t { fail, skip };
// What it does about a record whose handler has failed for good: tries on for ever, goes on behind it, or writes it to a topic of
// dead letters first.
enum class OnHandlerFailure : std::uint8_t { block, skip, dead_letter };
// A schema of Avro, as JSON or in its interface language (schema/avro_idl.h); empty: none.
struct SchemaText {
  std::string text;
  friend bool operator==(const SchemaText&, const SchemaText&) = default;
  NUTSHELL_FIELDS(SchemaText, text)
};

struct ProducerConfig {
  Acks acks = Acks::all;
  bool enable_idempotence = true;
  Duration linger = 5 * kMillisecond;
  std::int64_t batch_size = 16384;
  std::int64_t buffer_memory = 32 << 20;
  Duration max_block = 60 * kSecond;
  std::int64_t max_request_size = 1 << 20;
  std::int64_t max_in_flight = 5;
  std::int64_t retries = 2147483647;
  Duration retry_backoff = 100 * kMillisecond;
  Duration retry_backoff_max = 1 * kSecond;
  Duration request_timeout = 30 * kSecond;
  Duration delivery_timeout = 120 * kSecond;
  Duration metadata_max_age = 5 * kMinute;
  Duration reconnect_backoff = 50 * kMillisecond;
  Duration reconnect_backoff_max = 1 * kSecond;
  bool reconnect_backoff_max_said = false;  // if not, it is what reconnect.backoff.ms is set to (N8); no key
  Duration connection_setup_timeout = 10 * kSecond;
  Duration connection_setup_timeout_max = 30 * kSecond;
  BatchSplit batch_split = BatchSplit::halves;
  Partitioner partitioner = Partitioner::sticky;
  bool partitioner_adaptive_partitioning_enable = true;
  bool partitioner_ignore_keys = false;
  std::string rack;
  bool partitioner_rack_aware = false;
  Serializer value_serializer = Serializer::string;
  bool auto_register_schemas = true;
  bool use_latest_version = false;
  SchemaText value_schema;
  template <class F>
  static constexpr void each_field(F&& f) {
    using C = ProducerConfig;
    f("acks", &C::acks);
    f("enable.idempotence", &C::enable_idempotence);
    f("linger.ms", &C::linger);
    f("batch.size", &C::batch_size);
    f("buffer.memory", &C::buffer_memory);
    f("max.block.ms", &C::max_block);
    f("max.request.size", &C::max_request_size);
    f("max.in.flight.requests.per.connection", &C::max_in_flight);
    f("retries", &C::retries);
    f("retry.backoff.ms", &C::retry_backoff);
    f("retry.backoff.max.ms", &C::retry_backoff_max);
    f("request.timeout.ms", &C::request_timeout);
    f("delivery.timeout.ms", &C::delivery_timeout);
    f("metadata.max.age.ms", &C::metadata_max_age);
    f("reconnect.backoff.ms", &C::reconnect_backoff);
    f("reconnect.backoff.max.ms", &C::reconnect_backoff_max);
    f("socket.connection.setup.timeout.ms", &C::connection_setup_timeout);
    f("socket.connection.setup.timeout.max.ms", &C::connection_setup_timeout_max);
    f("nutshell.batch.split", &C::batch_split);
    f("partitioner.class", &C::partitioner);
    f("partitioner.adaptive.partitioning.enable", &C::partitioner_adaptive_partitioning_enable);
    f("partitioner.ignore.keys", &C::partitioner_ignore_keys);
    f("client.rack", &C::rack);
    f("partitioner.rack.aware", &C::partitioner_rack_aware);
    f("value.serializer", &C::value_serializer);
    f("auto.register.schemas", &C::auto_register_schemas);
    f("use.latest.version", &C::use_latest_version);
    f("nutshell.value.schema", &C::value_schema);
  }
};

struct ConsumerConfig {
  Duration session_timeout = 45 * kSecond;
  Duration heartbeat_interval = 3 * kSecond;
  Duration max_poll_interval = 5 * kMinute;
  std::int64_t max_poll_records = 500;
  AssignorList assignors;
  bool enable_auto_commit = true;
  Duration auto_commit_interval = 5 * kSecond;
  AutoOffsetReset auto_offset_reset;
  Duration fetch_max_wait = 500 * kMillisecond;
  std::int64_t fetch_min_bytes = 1;
  std::int64_t fetch_max_bytes = 50 << 20;
  std::int64_t max_partition_fetch_bytes = 1 << 20;
  Duration request_timeout = 30 * kSecond;
  Duration retry_backoff = 100 * kMillisecond;
  Duration default_api_timeout = 60 * kSecond;
  Duration retry_backoff_max = 1 * kSecond;
  Duration metadata_max_age = 5 * kMinute;
  Duration reconnect_backoff = 50 * kMillisecond;
  Duration reconnect_backoff_max = 1 * kSecond;
  bool reconnect_backoff_max_said = false;  // if not, it is what reconnect.backoff.ms is set to (N8); no key
  Duration connection_setup_timeout = 10 * kSecond;
  Duration connection_setup_timeout_max = 30 * kSecond;
  std::string rack;
  Deserializer value_deserializer = Deserializer::string;
  SchemaText value_schema;
  OnUnreadable on_unreadable = OnUnreadable::fail;
  std::string handler_fails;
  OnHandlerFailure on_handler_failure = OnHandlerFailure::block;
  std::int64_t handler_tries = 1;
  std::string dead_letter_topic;
  std::int64_t commit_every = 0;
  // Its application works record by record (consumer_handler.cpp).
  bool has_handler() const { return !handler_fails.empty() || commit_every > 0; }
  template <class F>
  static constexpr void each_field(F&& f) {
    using C = ConsumerConfig;
    f("session.timeout.ms", &C::session_timeout);
    f("heartbeat.interval.ms", &C::heartbeat_interval);
    f("max.poll.interval.ms", &C::max_poll_interval);
    f("max.poll.records", &C::max_poll_records);
    f("partition.assignment.strategy", &C::assignors);
    f("enable.auto.commit", &C::enable_auto_commit);
    f("auto.commit.interval.ms", &C::auto_commit_interval);
    f("auto.offset.reset", &C::auto_offset_reset);
    f("fetch.max.wait.ms", &C::fetch_max_wait);
    f("fetch.min.bytes", &C::fetch_min_bytes);
    f("fetch.max.bytes", &C::fetch_max_bytes);
    f("max.partition.fetch.bytes", &C::max_partition_fetch_bytes);
    f("request.timeout.ms", &C::request_timeout);
    f("default.api.timeout.ms", &C::default_api_timeout);
    f("retry.backoff.ms", &C::retry_backoff);
    f("retry.backoff.max.ms", &C::retry_backoff_max);
    f("metadata.max.age.ms", &C::metadata_max_age);
    f("reconnect.backoff.ms", &C::reconnect_backoff);
    f("reconnect.backoff.max.ms", &C::reconnect_backoff_max);
    f("socket.connection.setup.timeout.ms", &C::connection_setup_timeout);
    f("socket.connection.setup.timeout.max.ms", &C::connection_setup_timeout_max);
    f("client.rack", &C::rack);
    f("value.deserializer", &C::value_deserializer);
    f("nutshell.value.schema", &C::value_schema);
    f("nutshell.deserialization.failure", &C::on_unreadable);
    f("nutshell.handler.fails", &C::handler_fails);
    f("nutshell.handler.failure", &C::on_handler_failure);
    f("nutshell.handler.tries", &C::handler_tries);
    f("nutshell.dead.letter.topic", &C::dead_letter_topic);
    f("nutshell.commit.every", &C::commit_every);
  }
};

}  // namespace nutshell

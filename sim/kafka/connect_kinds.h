// Connect's workers, and the stores at both their ends, as kinds of process: what they are called, their keys and timers. What
// they do is in sim/workers.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/core/digest.h"
#include "sim/kafka/config.h"
#include "sim/kafka/config_docs.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/timers.h"

namespace nutshell {

// connect.protocol: incremental and cooperative since 2.3; sessioned, the default, also signs what workers say to each other.
enum class ConnectProtocol : std::uint8_t { sessioned, compatible, eager };

// As connect::Converter::Kind has them.
enum class ConnectConverter : std::uint8_t { json, string, byte_array, int64, int32, float64 };
// Whether sources may put records and places into one transaction (KIP-618).
enum class ExactlyOnceSource : std::uint8_t { disabled };

constexpr TimerKind connect_timer(int nth) { return TimerKind{static_cast<std::uint8_t>(static_cast<int>(kFirstPlainTimer) + 2 + nth)}; }
inline constexpr TimerKind kConnectPoll = connect_timer(0);   // a task polls, or puts once more; `a`: which
inline constexpr TimerKind kConnectFlush = connect_timer(1);  // its offsets are due; `a`: which
inline constexpr TimerKind kConnectDelay = connect_timer(2);  // units have waited for a lost worker
inline constexpr TimerKind kConnectLook = connect_timer(3);

struct ConnectWorkerKind {
  static constexpr std::string_view name = "Connect worker", plural = "connect_workers";
  static constexpr std::string_view about = "runs connectors between topics and other stores";

  struct Config {
    std::string group = "connect-cluster";
    Duration session_timeout = 10 * kSecond;
    Duration heartbeat_interval = 3 * kSecond;
    Duration rebalance_timeout = 60 * kSecond;
    Duration max_delay = 5 * kMinute;
    Duration flush_interval = 60 * kSecond;
    ConnectProtocol protocol = ConnectProtocol::sessioned;
    ConnectConverter key_converter = ConnectConverter::json, value_converter = ConnectConverter::json;
    bool key_schemas = true, value_schemas = true;
    std::int64_t offset_partitions = 25, status_partitions = 5, replication = -1;
    std::int64_t max_poll_records = 500;
    Duration consumer_session = 45 * kSecond;
    ExactlyOnceSource exactly_once = ExactlyOnceSource::disabled;
    template <class F>
    static constexpr void each_field(F&& f) {
      f("group.id", &Config::group);
      f("session.timeout.ms", &Config::session_timeout);
      f("heartbeat.interval.ms", &Config::heartbeat_interval);
      f("rebalance.timeout.ms", &Config::rebalance_timeout);
      f("scheduled.rebalance.max.delay.ms", &Config::max_delay);
      f("offset.flush.interval.ms", &Config::flush_interval);
      f("connect.protocol", &Config::protocol);
      f("key.converter", &Config::key_converter);
      f("value.converter", &Config::value_converter);
      f("key.converter.schemas.enable", &Config::key_schemas);
      f("value.converter.schemas.enable", &Config::value_schemas);
      f("offset.storage.partitions", &Config::offset_partitions);
      f("status.storage.partitions", &Config::status_partitions);
      f("storage.replication.factor", &Config::replication);
      f("consumer.max.poll.records", &Config::max_poll_records);
      f("consumer.session.timeout.ms", &Config::consumer_session);
      f("exactly.once.source.support", &Config::exactly_once);
    }
  };
  static constexpr std::array docs = {
      KeyDoc{"group.id", kLowest, kHighest, "Workers of one group share connectors and tasks; its topics are called after it."},
      KeyDoc{"session.timeout.ms", 1, kHighest, "How long the group waits for a silent worker before it is out."},
      KeyDoc{"heartbeat.interval.ms", 1, kHighest, "How often a worker tells its coordinator that it lives."},
      KeyDoc{"rebalance.timeout.ms", 1, kHighest, "How long a rebalance waits for workers to join."},
      KeyDoc{"scheduled.rebalance.max.delay.ms", 0, kHighest, "How long the connectors and tasks of a lost worker wait for its return."},
      KeyDoc{"offset.flush.interval.ms", 1, kHighest, "How often source tasks note their places, and sink tasks commit."},
      KeyDoc{"connect.protocol", kLowest, kHighest, "How workers rebalance: eager stops everything each time."},
      KeyDoc{"key.converter", kLowest, kHighest, "How keys become bytes, unless a connector says otherwise."},
      KeyDoc{"value.converter", kLowest, kHighest, "How values become bytes, unless a connector says otherwise."},
      KeyDoc{"key.converter.schemas.enable", kLowest, kHighest, "JsonConverter writes and wants the schema with each key."},
      KeyDoc{"value.converter.schemas.enable", kLowest, kHighest, "JsonConverter writes and wants the schema with each value."},
      KeyDoc{"offset.storage.partitions", 1, 1000, "Partitions of the topic of source offsets, when it is created."},
      KeyDoc{"status.storage.partitions", 1, 1000, "Partitions of the topic of states, when it is created."},
      KeyDoc{"storage.replication.factor", -1, 100, "Replicas of the three topics of the group; -1: as many as brokers say."},
      KeyDoc{"consumer.max.poll.records", 1, 100000, "How many records a sink task takes at once."},
      KeyDoc{"consumer.session.timeout.ms", 1, kHighest, "How long a sink's group waits for a silent task."},
      KeyDoc{"exactly.once.source.support", kLowest, kHighest, "Whether sources may write records and places in one transaction."}};
  static constexpr std::array timers = {
      NamedTimer{kConnectPoll, {"its task polls", "poll of a task", true}},
      NamedTimer{kConnectFlush, {"its task's offsets are due", "offset.flush.interval.ms", false}},
      NamedTimer{kConnectDelay, {"units have waited long enough for a lost worker", "scheduled.rebalance.max.delay.ms", false}},
      NamedTimer{kConnectLook, {"it looks again at what it waits for", "a look of the herder", true}}};
};

// What stands at both ends: a database with its tables, and files, on a server of their own.
struct DataStoreKind {
  static constexpr std::string_view name = "data store", plural = "data_stores";
  static constexpr std::string_view about = "a database and files beside Kafka";

  struct Config {
    template <class F>
    static constexpr void each_field(F&&) {}
  };
  static constexpr std::array<KeyDoc, 0> docs = {};
  static constexpr std::array<NamedTimer, 0> timers = {};
};

}  // namespace nutshell

// A ksqlDB server as a kind of process: what it is called, its keys and its timers. What it does is in sim/ksql.
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

// processing.guarantee of a Streams application; exactly_once_v2 takes transactions.
enum class Guarantee : std::uint8_t { at_least_once };

// A query's offsets are due to be committed: `a` is its number. A server looks again at what it waits for.
inline constexpr TimerKind kKsqlCommit{static_cast<std::uint8_t>(kFirstPlainTimer)};
inline constexpr TimerKind kKsqlLook{static_cast<std::uint8_t>(static_cast<std::uint8_t>(kFirstPlainTimer) + 1)};

struct KsqlServerKind {
  static constexpr std::string_view name = "ksqlDB server", plural = "ksqldb_servers";
  static constexpr std::string_view about = "runs queries of ksqlDB over topics";

  struct Config {
    std::string service = "default_";
    Duration commit_interval = 2 * kSecond;
    std::int64_t cache = 10'000'000;
    Guarantee guarantee = Guarantee::at_least_once;
    AutoOffsetReset reset;
    Duration session_timeout = 45 * kSecond;
    std::int64_t standbys = 0;
    bool asks_standbys = false;
    template <class F>
    static constexpr void each_field(F&& f) {
      f("ksql.service.id", &Config::service);
      f("ksql.streams.commit.interval.ms", &Config::commit_interval);
      f("ksql.streams.cache.max.bytes.buffering", &Config::cache);
      f("ksql.streams.processing.guarantee", &Config::guarantee);
      f("ksql.streams.auto.offset.reset", &Config::reset);
      f("ksql.streams.session.timeout.ms", &Config::session_timeout);
      f("ksql.streams.num.standby.replicas", &Config::standbys);
      f("ksql.query.pull.enable.standby.reads", &Config::asks_standbys);
    }
  };
  static constexpr std::array docs = {
      KeyDoc{"ksql.service.id", kLowest, kHighest, "Servers of one service share their statements and the work of their queries."},
      KeyDoc{"ksql.streams.commit.interval.ms", 1, kHighest,
             "How often a query empties its cache, waits for its producers and commits its offsets."},
      KeyDoc{"ksql.streams.cache.max.bytes.buffering", 0, kHighest,
             "With a cache only the last result of a key goes on at each commit; 0: every result does."},
      KeyDoc{"ksql.streams.processing.guarantee", kLowest, kHighest, "What a crash may do to results: at_least_once counts rows again."},
      KeyDoc{"ksql.streams.auto.offset.reset", kLowest, kHighest,
             "Where a new query begins to read, unless the session that creates it says otherwise."},
      KeyDoc{"ksql.streams.session.timeout.ms", 1, kHighest,
             "How long the group waits for a dead server before others take its tasks over."},
      KeyDoc{"ksql.streams.num.standby.replicas", 0, 9,
             "On so many other servers a copy of each task's stores follows the changelog, to take over with little to read."},
      KeyDoc{"ksql.query.pull.enable.standby.reads", kLowest, kHighest,
             "Whether pull queries are answered from copies, which may lag, while a task is lost or restored."}};
  static constexpr std::array timers = {
      NamedTimer{kKsqlCommit, {"its query commits", "ksql.streams.commit.interval.ms", false}},
      NamedTimer{kKsqlLook, {"it looks again at what it waits for", "a look at topics", true}}};
};

}  // namespace nutshell

// A cluster with ksqlDB servers, for the tests of this folder: statements are typed, time passes, topics are read.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "sim/check/judge.h"
#include "sim/cluster/world.h"
#include "sim/ksql/bytes.h"
#include "sim/ksql/server.h"
#include "tests/cluster/acting_leader.h"

namespace nutshell {

inline constexpr const char* kStream =
    "CREATE STREAM pageviews_enriched (userid VARCHAR KEY, regionid VARCHAR, pageid VARCHAR) "
    "WITH (KAFKA_TOPIC='pageviews_enriched', VALUE_FORMAT='JSON', PARTITIONS=3);";
// As in the talk.
inline constexpr const char* kTable =
    "CREATE TABLE pageviews_per_region_per_minute AS SELECT regionid, count(*) FROM pageviews_enriched "
    "WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY regionid EMIT CHANGES;";
inline constexpr const char* kSink = "PAGEVIEWS_PER_REGION_PER_MINUTE";
inline constexpr const char* kEarliest = "SET 'auto.offset.reset'='earliest';";

struct KsqlLab {
  World world;
  std::vector<Fact> facts;

  explicit KsqlLab(int servers, std::int64_t cache = 0, std::uint64_t seed = 1, std::int64_t standbys = 0)
      : world(make_world(setup(servers, cache, seed, standbys))) {}

  static Setup setup(int servers, std::int64_t cache, std::uint64_t seed, std::int64_t standbys) {
    Setup setup;
    setup.seed = seed;
    setup.config.offsets_topic_num_partitions = 4;
    for (int i = 1; i <= servers; ++i) {
      PlainSettings config;
      config.scope = plain_scope<KsqlServerKind>();
      CHECK(set_config(config, "ksql.streams.cache.max.bytes.buffering", std::to_string(cache)).empty());
      CHECK(set_config(config, "ksql.streams.session.timeout.ms", "10s").empty());
      CHECK(set_config(config, "ksql.streams.num.standby.replicas", std::to_string(standbys)).empty());
      CHECK(set_config(config, "ksql.query.pull.enable.standby.reads", standbys > 0 ? "true" : "false").empty());
      setup.plain.push_back({"ksqldb_servers", "K" + std::to_string(i), config});
    }
    return setup;
  }
  void act(ActionBody body) {
    REQUIRE(impossible(world, body) == "");
    std::vector<Fact> fresh;
    apply(world, {std::max(now, world.now()), std::move(body)}, fresh);
    take(std::move(fresh));
  }
  void type(const std::string& server, const std::string& statement) { act(Ksql{server, statement}); }
  void run_for(Duration time) {
    now = std::max(now, world.now()) + time;
    const Step most = world.steps() + 2'000'000;
    while (next_event_time(world) <= now) {
      REQUIRE(world.steps() < most);
      std::vector<Fact> fresh;
      step(world, fresh);
      take(std::move(fresh));
    }
  }
  // Facts of one step, which the judge sees if it is wanted from the beginning on.
  void take(std::vector<Fact> fresh) {
    if (judged) judge.observe(world, fresh);
    facts.insert(facts.end(), fresh.begin(), fresh.end());
  }
  const KsqlServer& server(std::size_t i) const { return world.plain.of<KsqlServer>()[i]; }
  std::string printed() const {
    std::string all;
    for (const KsqlServer& each : world.plain.of<KsqlServer>())
      for (const KsqlStatement& s : each.statements) all += s.printed;
    return all;
  }
  // The records of a topic, by partition, in order: "key=value@timestamp".
  std::vector<std::vector<std::string>> rows(const std::string& topic) const {
    std::vector<std::vector<std::string>> all;
    for (std::int32_t partition = 0;; ++partition) {
      const Replica* leader = acting_leader(world, {world.topic_id(topic), partition});
      if (!leader) return all;
      all.emplace_back();
      for (const Batch& batch : leader->log.batches())
        for_each_record(world.commons.store.records, batch, [&](Offset, const Record& record) {
          const std::string value = record.text == kNoValue ? "null" : world.fabric.names[record.text];
          all.back().push_back(world.fabric.names[record.key] + "=" + value + "@" + std::to_string(record.timestamp / kMillisecond));
        });
    }
  }
  template <class F>
  std::size_t count() const {
    const auto is_one = [](const Fact& each) { return each.body.is<F>(); };
    return static_cast<std::size_t>(std::count_if(facts.begin(), facts.end(), is_one));
  }

  template <class F>
  std::vector<std::pair<Time, F>> all() const {
    std::vector<std::pair<Time, F>> found;
    for (const Fact& each : facts)
      if (const F* fact = each.body.as<F>()) found.push_back({each.at, *fact});
    return found;
  }

  Time now = 0;
  Judge judge;
  bool judged = false;
};

inline std::string insert(int user, const std::string& region, std::int64_t time) {
  return "INSERT INTO pageviews_enriched (ROWTIME, userid, regionid, pageid) VALUES (" + std::to_string(time) + ", 'u" +
         std::to_string(user) + "', '" + region + "', 'p');";
}

}  // namespace nutshell

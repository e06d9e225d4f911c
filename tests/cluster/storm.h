// A storm: every action of the table befalls a cluster at random, one after the other.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "sim/cluster/process_kind.h"
#include "sim/core/random.h"
#include "sim/kafka/config_keys.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {

// Dice of one storm.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t pick(std::uint64_t bound) { return below(draw(seed_, Purpose::fuzz, 9, nth_++), bound); }
  bool one_in(std::uint64_t bound) { return pick(bound) == 0; }
  Span span(Duration most) { return {static_cast<Duration>(pick(static_cast<std::uint64_t>(most / kMillisecond))) * kMillisecond}; }
  std::string name() const { return "n" + std::to_string(nth_); }
  const ConfigKey& key() { return config_keys()[pick(config_keys().size())]; }
  std::string value(const ConfigKey& key) {
    if (!key.choices.empty()) return std::string(key.choices[pick(key.choices.size())]);
    if (key.type == ConfigType::duration && one_in(8)) return "9223372036854775807";  // Long.MAX_VALUE: for ever
    if (key.type == ConfigType::duration && one_in(2)) return std::to_string(pick(20)) + "s";
    if (key.type == ConfigType::integer && one_in(2)) return std::to_string(pick(1000));
    return key.default_text;
  }

 private:
  std::uint64_t seed_, nth_ = 0;
};

// By these keys, as by power loss and unclean elections, Kafka loses what it has confirmed. Only wild storms have them.
inline bool gives_up_promises(const ConfigKey& key) {
  return key.name == "acks" || key.name == "unclean.leader.election.enable" || key.name == "nutshell.truncation";
}

inline void set_somewhere(Setup& setup, const ConfigKey& key, const std::string& value) {
  switch (key.scope) {
    case ConfigScope::broker: set_config(setup.config, key.name, value); return;
    case ConfigScope::topic: set_config(setup.topics[0].config, key.name, value); return;
    case ConfigScope::producer: set_config(setup.producers[0].spec.config, key.name, value); return;
    case ConfigScope::consumer:
      for (ConsumerSetup& each : setup.consumers) set_config(each.spec.config, key.name, value);
  }
  for (PlainSetup& each : setup.plain)
    if (each.config.scope == key.scope) set_config(each.config, key.name, value);
}

inline Setup storm_setup(std::uint64_t seed, bool wild) {
  Dice dice(~seed);
  Setup setup;
  setup.seed = seed;
  setup.controllers = dice.one_in(4) ? 1 : 3;
  setup.config.offsets_topic_num_partitions = 4;
  setup.topics = {topic("orders", {1, 2, 3}), topic("mails", {2, 3})};
  setup.topics[1].assignment.push_back({3, 1});
  setup.producers = {producer("shop", "orders", 300 * kMillisecond), producer("post", "mails", 400 * kMillisecond)};
  setup.consumers = {consumer("c1", "billing", "orders"), consumer("c2", "billing", "orders"), consumer("d1", "desk", "mails")};
  for (const ProcessKind& kind : process_kinds())
    if (kind.plain) setup.plain.push_back({std::string(kind.plural), std::string(kind.name), {*kind.scope, {}}});
  for (ConsumerSetup& each : setup.consumers) {
    each.spec.processing = dice.span(100 * kMillisecond).ns;
    each.spec.commit = dice.one_in(2) ? CommitMode::after_processing : CommitMode::before_processing;
  }
  if (dice.one_in(2)) {
    setup.racks = {"zone-a", "zone-b", "zone-c"};
    setup.consumers[0].zone = setup.producers[0].zone = "zone-b";
    setup.consumers[1].spec.config.rack = "zone-c";
  }
  for (int i = 0; i < 8; ++i) {
    Setup with = setup;
    const ConfigKey& key = dice.key();
    set_somewhere(with, key, dice.value(key));
    if (problems(with).empty() && (wild || !gives_up_promises(key))) setup = std::move(with);
  }
  return setup;
}

// As above, with logs that let go of what they hold: small segments, compaction, retention and flushes, often.
inline Setup log_storm_setup(std::uint64_t seed, bool wild) {
  Setup setup = storm_setup(seed, wild);
  setup.config.retention_check_interval = 5 * kSecond;
  setup.config.cleaner_backoff = 2 * kSecond;
  const bool compacts = seed % 4 < 2, both = seed % 5 == 0;
  for (TopicSpec& each : setup.topics) {
    each.config.segment_bytes = 500;
    each.config.cleanup_policy = both       ? CleanupPolicy::compacts_and_deletes
                                 : compacts ? CleanupPolicy::compacts
                                            : CleanupPolicy::deletes;
    each.config.retention_bytes = 1000;
    each.config.retention_time = kMinute;
    each.config.delete_retention = 5 * kSecond;
    if (seed % 3 != 0) each.config.flush_messages = 1;
  }
  for (ProducerSetup& each : setup.producers) {
    each.keys = {"a", "b", "c"};
    each.spec.key_choice = KeyChoice::cycle;
    if (compacts || both) each.spec.tombstone_every = 5;
  }
  return setup;
}

class Storm : public Cluster {
 public:
  Storm(std::uint64_t seed, bool wild) : Storm(storm_setup(seed, wild), seed, wild) {}
  Storm(const Setup& setup, std::uint64_t seed, bool wild) : Cluster(setup), dice(seed), wild_(wild) {}

  static constexpr int blows = 150;
  // The whole of it.
  void rage() {
    run_to(8 * kSecond);
    for (int blow = 0; blow < blows; ++blow) blow_once();
  }
  void blow_once() {
    strike();
    run_for(dice.span(dice.one_in(4) ? 12 * kSecond : 600 * kMillisecond).ns);
  }
  void strike() {
    const ActionBody body = any();
    if (impossible(world, body) != "") return;
    CAPTURE(now());
    CAPTURE(sentence(body));
    if (pointless(world, body) == "") return act(body);
    World before = world;
    act(body);
    // These have seen the action; nothing else has.
    before.fabric.digest = world.fabric.digest;
    before.fabric.now = world.fabric.now;
    before.fabric.step = world.fabric.step;
    before.fabric.names = world.fabric.names;  // the reason why nothing came of it
    if (!asks(body)) CHECK(state_digest(world) == state_digest(before));
  }

  // Actions that were added since the first storms come only to those that ask for them: a seed that once found something
  // stays the storm that it was.
  void draw_from_all() { drawn_ = std::variant_size_v<ActionVariant>; }

  Dice dice;

 private:
  // What goes to the controller by way of the operator leaves a trace there.
  static bool asks(const ActionBody& body) {
    return std::holds_alternative<ElectLeader>(body) || std::holds_alternative<DeleteTopic>(body) ||
           (std::holds_alternative<SetConfig>(body) && is_topic(std::get<SetConfig>(body).target));
  }
  static bool is_topic(const std::string& name) { return name == "orders" || name == "mails"; }

  const std::string& node() {
    while (true) {
      const Node& any = world.fabric.nodes[dice.pick(world.fabric.nodes.size())];
      if (any.kind != NodeKind::admin) return any.name;
    }
  }
  std::string broker() { return "broker " + std::to_string(1 + dice.pick(3)); }
  std::string node_or_none() { return dice.one_in(4) ? "" : node(); }
  std::string zone() { return dice.one_in(2) ? "zone-a" : "zone-b"; }
  std::string topic_name() { return dice.one_in(2) ? "orders" : "mails"; }

  // For each action of the table one that may befall somebody: an action without an invention does not compile.
  ActionBody any() {
    constexpr std::size_t all = std::variant_size_v<ActionVariant>;
    static_assert(all >= kDrawnBefore);
    return any(dice.pick(drawn_), std::make_index_sequence<all>());
  }
  template <std::size_t... kIndex>
  ActionBody any(std::uint64_t which, std::index_sequence<kIndex...>) {
    ActionBody body = Heal{};
    ((which == kIndex ? void(body = invent(std::variant_alternative_t<kIndex, ActionVariant>{})) : void()), ...);
    return body;
  }

  ActionBody invent(Crash) { return Crash{node(), wild_ && dice.one_in(3)}; }
  ActionBody invent(Start) { return Start{node()}; }
  ActionBody invent(Stop) { return Stop{node()}; }
  ActionBody invent(Pause) { return Pause{node(), dice.one_in(2) ? Span{} : dice.span(20 * kSecond)}; }
  ActionBody invent(Resume) { return Resume{node()}; }
  ActionBody invent(Slow) {
    return Slow{node(), dice.span(20 * kMillisecond), static_cast<std::int64_t>(dice.pick(2) * 100'000)};
  }
  ActionBody invent(SetClock) { return SetClock{node(), dice.span(10 * kSecond)}; }
  ActionBody invent(Cut) { return Cut{node(), node_or_none(), dice.one_in(3)}; }
  ActionBody invent(Heal) { return Heal{}; }
  ActionBody invent(Jam) { return Jam{node(), node_or_none(), dice.one_in(3)}; }
  ActionBody invent(Release) { return Release{}; }
  ActionBody invent(SetLink) {
    SetLink action{node_or_none(), node_or_none()};
    action.latency = dice.span(200 * kMillisecond);
    action.jitter = dice.span(100 * kMillisecond);
    action.loss_ppm = static_cast<std::int64_t>(dice.one_in(3) ? dice.pick(100'000) : 0);
    action.duplicate_ppm = static_cast<std::int64_t>(dice.one_in(3) ? dice.pick(100'000) : 0);
    return action;
  }
  ActionBody invent(LoseResponses) { return LoseResponses{node(), node(), dice.one_in(2)}; }
  ActionBody invent(DropMessage) { return DropMessage{"", "", dice.one_in(2) ? "Fetch" : "AlterPartition"}; }
  ActionBody invent(Send) {
    const bool keyed = dice.one_in(4);
    const std::string key = keyed ? "k" + std::to_string(dice.pick(4)) : "";
    return Send{node(), key, "", -1, static_cast<std::int64_t>(1 + dice.pick(keyed ? 3 : 50)), keyed && dice.one_in(2)};
  }
  ActionBody invent(Ksql) {
    static constexpr std::array kStatements = {
        "SHOW QUERIES;", "SELECT", "CREATE STREAM s (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='JSON');",
        "CREATE TABLE t AS SELECT k, COUNT(*) AS n FROM s GROUP BY k EMIT CHANGES;", "INSERT INTO s (k, v) VALUES ('a', 1);",
        "DROP TABLE t;", "TERMINATE ALL;"};
    return Ksql{node(), kStatements[dice.pick(kStatements.size())]};
  }
  ActionBody invent(Rest) {
    static constexpr std::array kCalls = {
        R"(PUT /connectors/read/config {"connector.class": "JdbcSource", "connection.url": "data store", "mode": "incrementing",
          "incrementing.column.name": "id", "topic.prefix": "t-", "poll.interval.ms": "500"})",
        R"(PUT /connectors/write/config {"connector.class": "JdbcSink", "connection.url": "data store", "topics": "t-goods",
          "table.name.format": "copy", "auto.create": "true", "insert.mode": "upsert", "pk.mode": "record_value", "pk.fields": "id"})",
        R"(PUT /connectors/lines/config {"connector.class": "FileStreamSink", "file": "data store/out.txt", "topics": "orders",
          "value.converter": "StringConverter", "tasks.max": "2"})",
        "PUT /connectors/read/pause", "PUT /connectors/read/resume", "PUT /connectors/write/stop", "PUT /connectors/write/resume",
        "POST /connectors/write/restart?includeTasks=true", "DELETE /connectors/read", "DELETE /connectors/lines", "nonsense",
        R"(PUT /config {"compatibility": "NONE"})",
        R"(PUT /mode/orders-value {"mode": "READONLY"})", "DELETE /mode/orders-value", "DELETE /subjects/orders-value",
        "DELETE /subjects/orders-value?permanent=true"};
    return Rest{node(), kCalls[dice.pick(kCalls.size())]};
  }
  ActionBody invent(Sql) {
    static constexpr std::array kSql = {"CREATE TABLE goods (id INTEGER NOT NULL PRIMARY KEY, item TEXT)",
                                        "INSERT INTO goods VALUES (1, 'pear'), (2, 'fig')", "UPDATE goods SET item = 'plum' WHERE id = 1",
                                        "DELETE FROM goods WHERE id = 2", "SELECT"};
    return Sql{node(), dice.one_in(3) ? "INSERT INTO goods VALUES (" + std::to_string(dice.pick(1000)) + ", 'kiwi')"
                                      : std::string(kSql[dice.pick(kSql.size())])};
  }
  ActionBody invent(WriteFile) { return WriteFile{node(), "in.txt", dice.one_in(4) ? "half a line" : "a line\n"}; }
  ActionBody invent(SetLoad) {
    const Duration every = dice.one_in(2) ? Duration{-1} : std::max(dice.span(kSecond).ns, kMinEvery);
    return SetLoad{dice.one_in(2) ? "shop" : "post", every, static_cast<std::int64_t>(1 + dice.pick(5000))};
  }
  ActionBody invent(SetConfig) {
    const ConfigKey& key = dice.key();
    if (!wild_ && gives_up_promises(key)) return Heal{};
    SetConfig action{node(), std::string(key.name), dice.value(key)};
    if (key.scope == ConfigScope::topic) action.target = topic_name();
    if (key.scope == ConfigScope::broker && dice.one_in(2)) action.target = "brokers";
    return action;
  }
  ActionBody invent(CreateTopic) { return CreateTopic{dice.name(), 1, static_cast<std::int64_t>(1 + dice.pick(4))}; }
  ActionBody invent(ElectLeader) { return ElectLeader{topic_name(), 0, wild_ && dice.one_in(2)}; }
  ActionBody invent(AddBroker) { return AddBroker{static_cast<std::int64_t>(4 + dice.pick(3))}; }
  ActionBody invent(AddConsumer) {
    if (!dice.one_in(4)) return Resume{node()};
    return AddConsumer{dice.name(), dice.one_in(2) ? "billing" : "desk", topic_name()};
  }
  ActionBody invent(AddProducer) {
    if (!dice.one_in(4)) return Start{node()};
    return AddProducer{dice.name(), topic_name(), {kSecond}};
  }
  ActionBody invent(DeleteRecords) {
    const std::int64_t below = dice.one_in(2) ? -1 : static_cast<std::int64_t>(dice.pick(60));
    return DeleteRecords{topic_name(), static_cast<std::int64_t>(dice.pick(2)), below};
  }
  ActionBody invent(AddPartitions) { return AddPartitions{topic_name(), static_cast<std::int64_t>(1 + dice.pick(6))}; }
  // The storm's clients live by these topics: one that goes comes back, if a storm has it so.
  ActionBody invent(DeleteTopic) {
    if (!dice.one_in(3)) return CreateTopic{topic_name(), static_cast<std::int64_t>(1 + dice.pick(4)), 2};
    return DeleteTopic{topic_name()};
  }
  // A disk that loses what was on it loses what was confirmed.
  ActionBody invent(TearTail) { return wild_ ? ActionBody(TearTail{broker()}) : ActionBody(Heal{}); }
  ActionBody invent(LieAboutFlush) { return LieAboutFlush{broker(), dice.one_in(2)}; }
  ActionBody invent(StallDisk) { return StallDisk{broker(), dice.span(5 * kSecond)}; }
  ActionBody invent(CorruptBatch) {
    if (!wild_) return Heal{};
    return CorruptBatch{broker(), topic_name(), 0, static_cast<std::int64_t>(dice.pick(100))};
  }
  ActionBody invent(WipeDisk) { return wild_ ? ActionBody(WipeDisk{broker()}) : ActionBody(Heal{}); }
  ActionBody invent(FailDirectory) { return FailDirectory{broker(), 0}; }
  ActionBody invent(FillDisk) { return FillDisk{broker(), 0, static_cast<std::int64_t>(dice.pick(100'000))}; }
  ActionBody invent(CopyDisk) { return CopyDisk{broker()}; }
  ActionBody invent(RestoreDisk) { return wild_ ? ActionBody(RestoreDisk{broker()}) : ActionBody(Heal{}); }
  // Of workloads on several systems a cluster has none.
  ActionBody invent(CrashWorker) { return CrashWorker{"billing/c1"}; }
  ActionBody invent(LoseNode) { return LoseNode{"", dice.pick(2) == 0}; }
  ActionBody invent(SetSystem) { return SetSystem{"queue", "x-max-length", "10"}; }
  ActionBody invent(LoseZone) { return LoseZone{zone(), !wild_ || dice.one_in(2)}; }
  ActionBody invent(RestoreZone) { return RestoreZone{zone()}; }
  ActionBody invent(SetZoneLatency) { return SetZoneLatency{zone(), dice.one_in(2) ? "" : "zone-c", dice.span(100 * kMillisecond)}; }
  ActionBody invent(SetElectionTimeout) { return SetElectionTimeout{node(), dice.span(3 * kSecond)}; }

  static constexpr std::size_t kDrawnBefore = 44;
  std::size_t drawn_ = kDrawnBefore;
  bool wild_ = false;
};

}  // namespace nutshell

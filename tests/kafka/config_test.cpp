#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "sim/core/text.h"
#include "sim/kafka/config_docs.h"
#include "sim/kafka/config_keys.h"
#include "sim/kafka/real_keys.h"

namespace nutshell {
namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// get_config() of a key in a configuration of any scope.
std::string get_default(ConfigScope scope, std::string_view name) {
  switch (scope) {
    case ConfigScope::broker:
      return get_config(BrokerConfig{}, name);
    case ConfigScope::topic:
      return get_config(TopicConfig{}, name);
    case ConfigScope::producer:
      return get_config(ProducerConfig{}, name);
    case ConfigScope::consumer:
      return get_config(ConsumerConfig{}, name);
  }
  return get_config(PlainSettings{scope, {}}, name);
}

std::string set_default(ConfigScope scope, std::string_view name, std::string_view text) {
  BrokerConfig broker;
  TopicConfig topic;
  ProducerConfig producer;
  ConsumerConfig consumer;
  switch (scope) {
    case ConfigScope::broker:
      return set_config(broker, name, text);
    case ConfigScope::topic:
      return set_config(topic, name, text);
    case ConfigScope::producer:
      return set_config(producer, name, text);
    case ConfigScope::consumer:
      return set_config(consumer, name, text);
  }
  PlainSettings plain{scope, {}};
  return set_config(plain, name, text);
}

TEST_CASE("every key has one sentence of documentation, a range and a default it accepts") {
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.name);
    REQUIRE_FALSE(key.doc.empty());
    CHECK(key.doc.back() == '.');
    CHECK_FALSE(key.allowed.empty());
    CHECK(get_default(key.scope, key.name) == key.default_text);
    CHECK(set_default(key.scope, key.name, key.default_text).empty());
  }
}

TEST_CASE("every row of documentation belongs to a key") {
  for (const ConfigDoc& doc : config_docs()) {
    CAPTURE(doc.name);
    CHECK(find_config_key(doc.scope, doc.name) != nullptr);
  }
  CHECK(config_docs().size() == config_keys().size());
}

TEST_CASE("the defaults are those of Kafka 4") {
  const auto usual = [](ConfigScope scope, std::string_view name) {
    const ConfigKey* key = find_config_key(scope, name);
    return key ? key->default_text : "there is no such key";
  };
  CHECK(usual(ConfigScope::producer, "acks") == "all");
  CHECK(usual(ConfigScope::producer, "linger.ms") == "5");
  CHECK(usual(ConfigScope::producer, "delivery.timeout.ms") == "120000");
  CHECK(usual(ConfigScope::producer, "buffer.memory") == "33554432");
  CHECK(usual(ConfigScope::producer, "enable.idempotence") == "true");
  for (ConfigScope client : {ConfigScope::producer, ConfigScope::consumer}) {
    CHECK(usual(client, "reconnect.backoff.ms") == "50");
    CHECK(usual(client, "reconnect.backoff.max.ms") == "1000");
    CHECK(usual(client, "socket.connection.setup.timeout.ms") == "10000");
    CHECK(usual(client, "socket.connection.setup.timeout.max.ms") == "30000");
  }
  CHECK(usual(ConfigScope::broker, "socket.connection.setup.timeout.ms") == "10000");
  CHECK(usual(ConfigScope::broker, "socket.connection.setup.timeout.max.ms") == "30000");
  CHECK(usual(ConfigScope::consumer, "session.timeout.ms") == "45000");
  CHECK(usual(ConfigScope::consumer, "auto.offset.reset") == "latest");
  CHECK(usual(ConfigScope::broker, "replica.lag.time.max.ms") == "30000");
  CHECK(usual(ConfigScope::broker, "leader.imbalance.check.interval.seconds") == "300");
  CHECK(usual(ConfigScope::topic, "min.insync.replicas") == "inherited");
  CHECK(usual(ConfigScope::topic, "max.message.bytes") == "1048588");
}

// CommonClientConfigs.postProcessReconnectBackoffConfigs; in whatever order the keys are said.
template <class Config>
void check_reconnect_backoff() {
  const auto both_after = [](std::initializer_list<std::pair<const char*, const char*>> said) {
    Config config;
    for (const auto& [key, value] : said) REQUIRE(set_config(config, key, value).empty());
    return get_config(config, "reconnect.backoff.ms") + " " + get_config(config, "reconnect.backoff.max.ms");
  };
  const char* first = "reconnect.backoff.ms";
  const char* most = "reconnect.backoff.max.ms";
  CHECK(both_after({}) == "50 1000");
  CHECK(both_after({{first, "200"}}) == "200 200");
  CHECK(both_after({{first, "5000"}}) == "5000 5000");
  CHECK(both_after({{first, "50"}}) == "50 50");
  CHECK(both_after({{first, "200"}, {first, "300"}}) == "300 300");
  CHECK(both_after({{most, "400"}}) == "50 400");
  CHECK(both_after({{first, "200"}, {most, "1000"}}) == "200 1000");
  CHECK(both_after({{most, "1000"}, {first, "200"}}) == "200 1000");
  CHECK(both_after({{"retry.backoff.ms", "200"}}) == "50 1000");
  Config config;
  CHECK(set_config(config, first, "soon") != "");
  CHECK(config.reconnect_backoff_max == kSecond);
  CHECK(set_config(config, "retry.backoff.ms", "200").empty());
  CHECK(config.retry_backoff_max == kSecond);  // Kafka's rule is about reconnecting only
}

TEST_CASE("N8: who sets only reconnect.backoff.ms turns the doubling off") {
  check_reconnect_backoff<ProducerConfig>();
  check_reconnect_backoff<ConsumerConfig>();
}

TEST_CASE("a plain number is in the unit of the key, other units are written") {
  ProducerConfig producer;
  CHECK(set_config(producer, "linger.ms", "20").empty());
  CHECK(producer.linger == 20 * kMillisecond);
  CHECK(set_config(producer, "linger.ms", "1.5s").empty());
  CHECK(producer.linger == 1500 * kMillisecond);
  CHECK(get_config(producer, "linger.ms") == "1500");
  CHECK(set_config(producer, "linger.ms", "250us").empty());
  CHECK(get_config(producer, "linger.ms") == "250us");
  BrokerConfig broker;
  CHECK(set_config(broker, "leader.imbalance.check.interval.seconds", "5").empty());
  CHECK(broker.leader_imbalance_check_interval == 5 * kSecond);
  CHECK(set_config(producer, "metadata.max.age.ms", "9223372036854775807").empty());
  CHECK(producer.metadata_max_age == kForEver);
  CHECK(get_config(producer, "metadata.max.age.ms") == "9223372036854775807");
  CHECK(set_config(producer, "metadata.max.age.ms", "9223372036854").empty());
  CHECK(producer.metadata_max_age == kForEver);
  CHECK(set_config(producer, "metadata.max.age.ms", "2000000h").empty());
  CHECK(producer.metadata_max_age == kForEver);
  CHECK_FALSE(set_config(producer, "metadata.max.age.ms", "-9223372036854775807").empty());
}

TEST_CASE("what is wrong is said in a sentence, and nothing is set") {
  ProducerConfig producer;
  CHECK(set_config(producer, "acks", "2") == "acks must be all, 0 or 1, not '2'");
  CHECK(set_config(producer, "retries", "-1") == "retries must be a number, from 0 to 2147483647, not '-1'");
  CHECK(contains(set_config(producer, "linger.ms", "-1"), "linger.ms must be a time in milliseconds"));
  CHECK(contains(set_config(producer, "linger.ms", "soon"), "not 'soon'"));
  CHECK(contains(set_config(producer, "enable.idempotence", "yes"), "true or false"));
  CHECK(contains(set_config(producer, "max.in.flight.requests.per.connection", "0"), "from 1 to"));
  CHECK(get_config(producer, "acks") == "all");
  CHECK(producer.linger == 5 * kMillisecond);
}

TEST_CASE("an unknown key names the one that was meant") {
  ProducerConfig producer;
  CHECK(contains(set_config(producer, "linger", "5"), "did you mean 'linger.ms'?"));
  CHECK(contains(set_config(producer, "heartbeat.interval.ms", "5"),
                 "'heartbeat.interval.ms' is no key of a producer, it is a consumer's"));
  CHECK(get_config(producer, "linger").empty());
}

TEST_CASE("words have Kafka's spellings") {
  ProducerConfig producer;
  CHECK(set_config(producer, "acks", "-1").empty());
  CHECK(producer.acks == Acks::all);
  CHECK(set_config(producer, "partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner").empty());
  CHECK(producer.partitioner == Partitioner::round_robin);
  CHECK(set_config(producer, "partitioner.class", "").empty());
  CHECK(producer.partitioner == Partitioner::sticky);
  ConsumerConfig consumer;
  for (const char* text : {"roundrobin", "RoundRobinAssignor", "org.apache.kafka.clients.consumer.RoundRobinAssignor",
                           "[roundrobin]", "[\"RoundRobinAssignor\"]"}) {
    CAPTURE(text);
    consumer.assignors = AssignorName::range;
    CHECK(set_config(consumer, "partition.assignment.strategy", text).empty());
    CHECK(consumer.assignors == AssignorName::roundrobin);
  }
}

TEST_CASE("partition.assignment.strategy is a list, the preferred assignor first (G7)") {
  constexpr const char* kKey = "partition.assignment.strategy";
  ConsumerConfig consumer;
  CHECK(get_config(consumer, kKey) == "range, cooperative-sticky");  // Kafka's default
  for (const char* text : {"sticky,cooperative-sticky", "[sticky, cooperative-sticky]",
                           "[\"StickyAssignor\", \"CooperativeStickyAssignor\"]",
                           "org.apache.kafka.clients.consumer.StickyAssignor, CooperativeStickyAssignor"}) {
    CAPTURE(text);
    consumer.assignors = AssignorList();
    CHECK(set_config(consumer, kKey, text).empty());
    CHECK(get_config(consumer, kKey) == "sticky, cooperative-sticky");
  }
  CHECK(set_config(consumer, kKey, "cooperative-sticky, sticky").empty());
  CHECK(get_config(consumer, kKey) == "cooperative-sticky, sticky");
  CHECK(set_config(consumer, kKey, "[range, range]") == "partition.assignment.strategy names 'range' twice");
  CHECK(contains(set_config(consumer, kKey, "range, alphabetical"), "range, roundrobin, sticky or cooperative-sticky"));
  for (const char* text : {"", "[]", ",", "range,", "alphabetical"}) CHECK_FALSE(set_config(consumer, kKey, text).empty());
  CHECK(get_config(consumer, kKey) == "cooperative-sticky, sticky");
}

TEST_CASE("only cooperative-sticky alone rebalances cooperatively (G12)") {
  CHECK(AssignorList(AssignorName::cooperative_sticky).cooperative());
  for (const AssignorList& each : {AssignorList(), AssignorList(AssignorName::sticky), AssignorList(AssignorName::range),
                                   AssignorList({AssignorName::cooperative_sticky, AssignorName::sticky})})
    CHECK_FALSE(each.cooperative());
}

TEST_CASE("every list of assignors has a digest of its own") {
  std::set<std::uint64_t> digests;
  std::vector<AssignorName> names;
  for (std::size_t i = 0; i < kAssignorCount; ++i) names.push_back(static_cast<AssignorName>(i));
  do {
    AssignorList list = AssignorList::none();
    for (AssignorName each : names) {
      list.add(each);
      digests.insert(digest_of(list));
    }
  } while (std::next_permutation(names.begin(), names.end()));
  const std::size_t lists = 4 + 4 * 3 + 4 * 3 * 2 + 4 * 3 * 2;
  CHECK(digests.size() == lists);
}

TEST_CASE("a topic inherits from its brokers until it is told otherwise") {
  TopicConfig topic;
  CHECK(set_config(topic, "min.insync.replicas", "2").empty());
  CHECK(topic.min_insync_replicas == 2);
  CHECK_FALSE(set_config(topic, "min.insync.replicas", "-1").empty());
  CHECK(set_config(topic, "min.insync.replicas", "inherited").empty());
  CHECK(topic.min_insync_replicas == kAsBroker);
  CHECK(set_config(topic, "unclean.leader.election.enable", "true").empty());
  CHECK(topic.unclean_leader_election_enable == 1);
  CHECK_FALSE(set_config(topic, "segment.bytes", "inherited").empty());
}

TEST_CASE("C6: idempotence gives way silently, unless it was asked for") {
  ProducerConfig config;
  config.acks = Acks::leader;
  CHECK(finish(config, false).empty());
  CHECK_FALSE(config.enable_idempotence);

  config = ProducerConfig{};
  config.acks = Acks::leader;
  CHECK(finish(config, true) == "enable.idempotence=true needs acks=all, not acks=1 (ConfigException)");

  config = ProducerConfig{};
  config.max_in_flight = 6;
  CHECK(contains(finish(config, true), "max.in.flight.requests.per.connection of at most 5"));
  CHECK(finish(config, false).empty());
  CHECK_FALSE(config.enable_idempotence);

  config = ProducerConfig{};
  config.retries = 0;
  CHECK(contains(finish(config, true), "retries above 0"));

  config = ProducerConfig{};
  CHECK(finish(config, true).empty());
  CHECK(config.enable_idempotence);
}

TEST_CASE("C4: delivery.timeout.ms covers linger.ms and request.timeout.ms") {
  ProducerConfig config;
  config.request_timeout = 120 * kSecond;
  CHECK(contains(finish(config, false), "delivery.timeout.ms (120000) must be at least"));
  CHECK(finish(config, false, false).empty());
  CHECK(config.delivery_timeout == 120 * kSecond + 5 * kMillisecond);
}

TEST_CASE("keys that contradict each other") {
  ConsumerConfig consumer;
  CHECK(validate(consumer).empty());
  consumer.heartbeat_interval = consumer.session_timeout;
  CHECK(contains(validate(consumer), "heartbeat.interval.ms (45000) must be lower than session.timeout.ms (45000)"));
  BrokerConfig broker;
  CHECK(validate(broker).empty());
  broker.replica_lag_time_max = 100 * kMillisecond;
  CHECK(contains(validate(broker), "replica.lag.time.max.ms (100)"));
  ProducerConfig producer;
  producer.buffer_memory = 1000;
  CHECK(contains(validate(producer), "buffer.memory (1000)"));
}

TEST_CASE("a key that Kafka has and Nutshell does not simulate is told as that, in its own scope") {
  TopicConfig topic;
  CHECK(set_config(topic, "preallocate", "1") == "'preallocate' is a real Kafka topic key, but Nutshell does not simulate it (yet)");
  BrokerConfig broker;
  for (const char* key : {"auto.create.topics.enable", "num.io.threads", "num.network.threads", "ssl.keystore.location",
                          "transaction.state.log.min.isr", "group.consumer.session.timeout.ms"}) {
    CHECK(contains(set_config(broker, key, "1"), "is a real Kafka broker key"));
  }
  CHECK(contains(set_config(broker, "ssl.", "1"), "there is no broker configuration key named 'ssl.'"));
  ProducerConfig producer;
  CHECK(contains(set_config(producer, "transactional.id", "x"), "is a real Kafka producer key"));
  CHECK(contains(set_config(producer, "bootstrap.servers", "x"), "is a real Kafka producer key"));
  ConsumerConfig consumer;
  CHECK(contains(set_config(consumer, "isolation.level", "x"), "is a real Kafka consumer key"));
}

TEST_CASE("no key that is simulated is called one that is not") {
  for (const ConfigKey& key : config_keys()) {
    CAPTURE(key.name);
    CHECK_FALSE(is_real_key(key.scope, key.name));
  }
}

TEST_CASE("retention is in the topic, or in the finest of three keys of the broker, or -1 for ever") {
  TopicConfig topic;
  CHECK(get_config(topic, "retention.ms") == "inherited");
  CHECK(set_config(topic, "retention.ms", "-1").empty());
  CHECK(topic.retention_time < 0);
  CHECK(topic.retention_time != kAsBroker);
  CHECK(contains(set_config(topic, "retention.ms", "-2"), "retention.ms must be a time in milliseconds"));
  CHECK(set_config(topic, "retention.ms", "90s").empty());
  CHECK(topic.retention_time == 90 * kSecond);
  CHECK(set_config(topic, "retention.ms", "inherited").empty());
  CHECK(topic.retention_time == kAsBroker);
  CHECK(set_config(topic, "retention.bytes", "-1").empty());
  CHECK(get_config(topic, "retention.bytes") == "-1");
  CHECK_FALSE(set_config(topic, "retention.bytes", "-2").empty());
  BrokerConfig broker;
  CHECK(get_config(broker, "log.retention.ms") == "unset");
  CHECK(get_config(broker, "log.retention.hours") == "168");
  CHECK(set_config(broker, "log.retention.ms", "1000").empty());
  CHECK(set_config(broker, "log.retention.ms", "unset").empty());
  CHECK(broker.retention_time == kAsBroker);
  CHECK_FALSE(set_config(broker, "log.retention.hours", "unset").empty());
}

TEST_CASE("cleanup.policy names what becomes of old records, in any order, or nothing") {
  TopicConfig topic;
  CHECK(get_config(topic, "cleanup.policy") == "delete");
  for (const char* both : {"compact,delete", "delete, compact", "[\"compact\",\"delete\"]"}) {
    CHECK(set_config(topic, "cleanup.policy", both).empty());
    CHECK(get_config(topic, "cleanup.policy") == "compact,delete");
    CHECK(topic.compacts());
    CHECK(topic.deletes());
  }
  CHECK(set_config(topic, "cleanup.policy", "").empty());
  CHECK_FALSE(topic.compacts());
  CHECK_FALSE(topic.deletes());
  CHECK(set_config(topic, "cleanup.policy", "compact").empty());
  CHECK(set_config(topic, "cleanup.policy", "compress") ==
        "cleanup.policy must be delete, compact, both with a comma between, or nothing, not 'compress'");
  CHECK(set_config(topic, "cleanup.policy", "compact,compact") == "cleanup.policy names 'compact' twice");
  CHECK(get_config(topic, "cleanup.policy") == "compact");
  topic.min_compaction_lag = 2 * kSecond;
  topic.max_compaction_lag = kSecond;
  CHECK(validate(topic) == "min.compaction.lag.ms (2000) must not exceed max.compaction.lag.ms (1000)");
  topic.min_compaction_lag = 0;
  topic.retention_messages = 5;
  CHECK(validate(topic) == "nutshell.retention.messages (5) needs delete in cleanup.policy (compact)");
  CHECK(set_config(topic, "cleanup.policy", "compact,delete").empty());
  CHECK(validate(topic) == "");
}

TEST_CASE("auto.offset.reset may go back by a duration") {
  ConsumerConfig consumer;
  CHECK(get_config(consumer, "auto.offset.reset") == "latest");
  CHECK(set_config(consumer, "auto.offset.reset", "by_duration:PT1M30S").empty());
  CHECK(consumer.auto_offset_reset == AutoOffsetReset{OffsetReset::by_duration, 90 * kSecond});
  CHECK(get_config(consumer, "auto.offset.reset") == "by_duration:PT1M30S");
  for (const char* text : {"by_duration", "by_duration:", "by_duration:90s", "by_duration:-PT1S", "newest"})
    CHECK(contains(set_config(consumer, "auto.offset.reset", text), "auto.offset.reset must be latest, earliest, none or by_duration:"));
  CHECK(set_config(consumer, "auto.offset.reset", "earliest").empty());
  CHECK(get_config(consumer, "auto.offset.reset") == "earliest");
}

TEST_CASE("a ratio is read and written in decimals, to the millionth") {
  TopicConfig topic;
  CHECK(get_config(topic, "min.cleanable.dirty.ratio") == "0.5");
  for (const char* text : {"0", "1", "0.1", "0.000001", "0.123456"}) {
    CHECK(set_config(topic, "min.cleanable.dirty.ratio", text).empty());
    CHECK(get_config(topic, "min.cleanable.dirty.ratio") == text);
  }
  CHECK(topic.min_cleanable_dirty_ratio.ppm == 123456);
  for (const char* text : {"1.1", "2", "-0.5", ".5", "0.", "0.1234567", "half", "", "1e-1"})
    CHECK(contains(set_config(topic, "min.cleanable.dirty.ratio", text),
                   "min.cleanable.dirty.ratio must be a part of the whole from 0 to 1"));
  BrokerConfig broker;
  broker.cleaner_threads = 200;
  CHECK(contains(validate(broker), "log.cleaner.dedupe.buffer.size (134217728) must be more than 1048576 for each of the threads of "
                                   "log.cleaner.threads (200)"));
}

TEST_CASE("L15: the map of a cleaner has room for more than one key") {
  BrokerConfig broker;
  broker.cleaner_load_factor = {0};
  CHECK(contains(validate(broker), "log.cleaner.io.buffer.load.factor (0) leaves no room for a key"));
  broker.cleaner_threads = 0;
  CHECK(validate(broker) == "");
  // 43,691 places of 24 bytes for each of two threads, filled to 0.96 and to 1.005 keys.
  broker.cleaner_threads = 2;
  broker.cleaner_dedupe_buffer_size = std::int64_t{2} * 43'691 * 24;
  broker.cleaner_load_factor = {22};
  CHECK(contains(validate(broker), "log.cleaner.io.buffer.load.factor (0.000022) leaves no room for a key"));
  broker.cleaner_load_factor = {23};
  CHECK(validate(broker) == "");
  // Not even with a buffer that is as large as can be is a number out of reach.
  broker.cleaner_dedupe_buffer_size = std::numeric_limits<std::int64_t>::max();
  broker.cleaner_load_factor = {1};
  CHECK(validate(broker) == "");
}

TEST_CASE("a key in the wrong scope is told whose it is") {
  TopicConfig topic;
  CHECK(set_config(topic, "linger.ms", "1") == "'linger.ms' is no key of a topic, it is a producer's");
  CHECK(set_config(topic, "retry.backoff.ms", "1") == "'retry.backoff.ms' is no key of a topic, it is a producer's and a consumer's");
  ProducerConfig producer;
  CHECK(set_config(producer, "preallocate", "1") == "'preallocate' is no key of a producer, it is a topic's (not simulated yet)");
  CHECK(set_config(producer, "retention.ms", "1") == "'retention.ms' is no key of a producer, it is a topic's");
  CHECK(contains(set_config(producer, "lingr.ms", "1"),
                 "there is no producer configuration key named 'lingr.ms'; did you mean 'linger.ms'?"));
}

TEST_CASE("of the broker's keys, Kafka changes only some while the broker runs") {
  CHECK(is_dynamic("min.insync.replicas"));
  CHECK(is_dynamic("unclean.leader.election.enable"));
  CHECK_FALSE(is_dynamic("replica.lag.time.max.ms"));
  CHECK_FALSE(is_dynamic("broker.session.timeout.ms"));
}

}  // namespace
}  // namespace nutshell

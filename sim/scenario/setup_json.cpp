#include "sim/scenario/setup_json.h"

#include <algorithm>
#include <set>

#include "sim/cluster/action_parts.h"
#include "sim/cluster/process_kind.h"
#include "sim/core/text.h"
#include "sim/scenario/choices.h"
#include "sim/scenario/config_json.h"
#include "sim/scenario/vocabulary.h"

namespace nutshell {
namespace {

constexpr Bounds kPpmBounds{0, kAlways};

void read_zone(JsonSource& reading, const Json& value, const std::string& path, std::string& zone) {
  if (!read_text(reading, value, path, zone)) return;
  if (zone.empty() || zone.size() > kMaxName || zone.find_first_of("/\n") != std::string::npos)
    reading.report(path, "must be a name of 1 to " + std::to_string(kMaxName) + " bytes on one line, without '/'");
}

void read_zones(ObjectReader& cluster, const char* key, std::vector<std::string>& zones) {
  cluster.each(key, kMaxBrokers, [&](const Json& value, const std::string& path) {
    read_zone(cluster.reading(), value, path, zones.emplace_back());
  });
}

void read_cluster(JsonSource& reading, const Json& value, Setup& setup) {
  ObjectReader cluster(reading, value, "cluster");
  cluster.integer("brokers", setup.brokers, {0, kMaxBrokers});
  if (cluster.integer("controllers", setup.controllers, {1, 5}) && setup.controllers % 2 == 0) {
    reading.report(cluster.path("controllers"), "must be 1, 3 or 5, but is " + std::to_string(setup.controllers));
  }
  read_config(cluster, setup.config);
  read_zones(cluster, "zones", setup.zones);
  read_zones(cluster, "racks", setup.racks);
  if (!setup.racks.empty() && !setup.config.rack.empty())
    reading.report(cluster.path("racks"), "says broker.rack of each broker, and \"config\" says another for all");
  cluster.finish();
}

void read_network(JsonSource& reading, const Json& value, LinkModel& link) {
  ObjectReader network(reading, value, "network");
  network.duration("latency", link.latency, {kMinLatency, kMaxUntil});
  network.duration("jitter", link.jitter, kSomeTime);
  network.duration("tail", link.tail, kSomeTime);
  network.integer("tail_ppm", link.tail_ppm, kPpmBounds);
  network.integer("loss_ppm", link.loss_ppm, kPpmBounds);
  network.integer("duplicate_ppm", link.duplicate_ppm, kPpmBounds);
  network.integer("reorder_ppm", link.reorder_ppm, kPpmBounds);
  network.duration("reorder_delay", link.reorder_delay, kSomeTime);
  network.integer("bytes_per_second", link.bytes_per_second, {0, Bounds{}.high});
  network.finish();
}

// topics

void read_topic_name(ObjectReader& object, std::string& name) {
  object.need("name");
  if (!object.text("name", name) || is_topic_name(name)) return;
  object.reading().report(object.path("name"),
                          "is no name that Kafka allows for a topic: letters, digits, '.', '_' and '-', at most 249");
}

// One partition's replicas: ids of brokers that exist, each once.
std::vector<BrokerId> read_replicas(JsonSource& reading, const Json& value, const std::string& path,
                                    std::int32_t brokers) {
  std::vector<BrokerId> replicas;
  if (brokers == 0) return replicas;  // said once for all that needs a broker
  if (!value.is_array() || value.empty()) {
    reading.report(path, "must be a list of broker ids, such as [1, 2, 3]");
    return replicas;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::int64_t id = 0;
    if (!read_integer(reading, value[i], element_path(path, i), id, {1, brokers})) continue;
    if (std::find(replicas.begin(), replicas.end(), id) != replicas.end()) {
      reading.report(element_path(path, i), "names broker " + std::to_string(id) + " a second time");
      continue;
    }
    replicas.push_back(static_cast<BrokerId>(id));
  }
  return replicas;
}

// An explicit assignment says how many partitions and replicas there are; if both are given, they agree.
void check_assignment(ObjectReader& object, TopicSpec& topic) {
  if (topic.assignment.empty()) return;
  const auto partitions = static_cast<std::int32_t>(topic.assignment.size());
  const auto replicas = static_cast<std::int32_t>(topic.assignment.front().size());
  if (object.find("partitions") && topic.partitions != partitions) {
    object.reading().report(
        object.path("assignment"),
        "is for " + std::to_string(partitions) + " partitions, but there are " + std::to_string(topic.partitions));
  }
  for (std::size_t i = 0; i < topic.assignment.size(); ++i) {
    const std::size_t wanted =
        static_cast<std::size_t>(object.find("replication_factor") ? topic.replication_factor : replicas);
    if (topic.assignment[i].size() == wanted || topic.assignment[i].empty()) continue;
    object.reading().report(element_path(object.path("assignment"), i),
                            "has " + std::to_string(topic.assignment[i].size()) +
                                " replicas, but the replication factor is " + std::to_string(wanted));
  }
  topic.partitions = partitions;
  if (replicas > 0) topic.replication_factor = replicas;
}

TopicSpec read_topic(JsonSource& reading, const Json& value, const std::string& path, std::int32_t brokers) {
  ObjectReader object(reading, value, path);
  TopicSpec topic;
  read_topic_name(object, topic.name);
  object.integer("partitions", topic.partitions, {1, kMaxPartitions});
  if (object.integer("replication_factor", topic.replication_factor, {1, 15}) && topic.replication_factor > brokers && brokers > 0) {
    reading.report(object.path("replication_factor"), "is " + std::to_string(topic.replication_factor) +
                                                          ", but there are only " + std::to_string(brokers) +
                                                          " brokers");
  }
  read_config(object, topic.config);
  object.each("assignment", kMaxPartitions, [&](const Json& each, const std::string& where) {
    topic.assignment.push_back(read_replicas(reading, each, where, brokers));
  });
  check_assignment(object, topic);
  object.finish();
  return topic;
}

// clients

bool read_name(ObjectReader& object, std::string_view key, std::string& name) {
  object.need(key);
  if (!object.text(key, name)) return false;
  if (!name.empty() && name.size() <= kMaxName && name.find('\n') == std::string::npos &&
      name.find('/') == std::string::npos)
    return true;
  object.reading().report(object.path(key),
                          "must be a name of 1 to " + std::to_string(kMaxName) + " bytes on one line, without '/'");
  return false;
}

void read_life(ObjectReader& object, Time& start, Time& stop) {
  object.duration("start", start, kSomeTime);
  if (object.duration("stop", stop, kSomeTime) && stop <= start) {
    object.reading().report(object.path("stop"), "is not after the start");
  }
}

void read_keys(ObjectReader& object, ProducerSetup& producer) {
  object.each("keys", kMaxRecordsAtOnce, [&](const Json& value, const std::string& path) {
    std::string key;
    if (read_text(object.reading(), value, path, key)) producer.keys.push_back(key);
  });
  if (!producer.keys.empty()) producer.spec.key_choice = KeyChoice::cycle;
  std::string choice;
  if (!object.text("key_choice", choice)) return;
  if (!find_choice(kKeyChoices, choice, producer.spec.key_choice)) {
    object.reading().report_unknown(object.path("key_choice"), "way to choose keys", choice, names_of(kKeyChoices));
  } else if (producer.keys.empty()) {
    object.reading().report(object.path("key_choice"), "chooses among \"keys\", of which there are none");
  }
}

ProducerSetup read_producer(JsonSource& reading, const Json& value, const std::string& path) {
  ObjectReader object(reading, value, path);
  ProducerSetup producer;
  read_name(object, "name", producer.name);
  object.need("topic");
  object.text("topic", producer.topic);
  object.duration("every", producer.spec.interval, {kMinEvery, kMaxUntil});
  object.integer("records", producer.spec.records, {1, kMaxRecordsAtOnce});
  object.integer("limit", producer.spec.limit, {0, Bounds{}.high});
  object.integer("record_bytes", producer.spec.record_bytes, {1, kMostRecordBytes});
  object.integer("partition", producer.spec.partition, {0, kMaxPartitions - 1});
  read_keys(object, producer);
  if (object.integer("tombstone_every", producer.spec.tombstone_every, {1, kMaxRecordsAtOnce}) && producer.keys.empty())
    reading.report(object.path("tombstone_every"), "means nothing without \"keys\": a tombstone says of which key nothing is left");
  read_config(object, producer.spec.config);
  producer.asks_for_idempotence = asks_for_idempotence(object);
  if (const Json* zone = object.find("zone")) read_zone(reading, *zone, object.path("zone"), producer.zone);
  read_life(object, producer.start, producer.stop);
  if (!object.find("every")) {
    for (std::string_view key : {"records", "limit"}) {
      if (object.find(key)) reading.report(object.path(key), "means nothing without \"every\"");
    }
  }
  object.finish();
  return producer;
}

ConsumerSetup read_consumer(JsonSource& reading, const Json& value, const std::string& path) {
  ObjectReader object(reading, value, path);
  ConsumerSetup consumer;
  read_name(object, "name", consumer.name);
  read_name(object, "group", consumer.group);
  const Json* topics = object.need("topics");
  if (topics && topics->is_array() && topics->empty()) reading.report(object.path("topics"), "names no topic");
  object.each("topics", kMaxTopics, [&](const Json& each, const std::string& where) {
    std::string topic;
    if (read_text(reading, each, where, topic)) consumer.topics.push_back(topic);
  });
  object.duration("processing", consumer.spec.processing, kSomeTime);
  std::string commit;
  if (object.text("commit", commit) && !find_choice(kCommitModes, commit, consumer.spec.commit)) {
    reading.report_unknown(object.path("commit"), "commit mode", commit, names_of(kCommitModes));
  }
  read_config(object, consumer.spec.config);
  if (const Json* zone = object.find("zone")) read_zone(reading, *zone, object.path("zone"), consumer.zone);
  read_life(object, consumer.start, consumer.stop);
  object.finish();
  return consumer;
}

// A process of a plain kind has a name, a configuration and a life.
PlainSetup read_plain(JsonSource& reading, const Json& value, const std::string& path, const ProcessKind& kind) {
  ObjectReader object(reading, value, path);
  PlainSetup process;
  process.plural = kind.plural;
  process.config.scope = *kind.scope;
  read_name(object, "name", process.name);
  read_config(object, process.config);
  if (const Json* zone = object.find("zone")) read_zone(reading, *zone, object.path("zone"), process.zone);
  read_life(object, process.start, process.stop);
  object.finish();
  return process;
}

// names that have to differ

// Reports the second of two equal names.
class Unique {
 public:
  Unique(JsonSource& reading, std::string_view kind) : reading_(reading), kind_(kind) {}
  void reserve(const std::string& name) { names_.insert(name); }
  void add(const std::string& name, const std::string& path) {
    if (name.empty() || names_.insert(name).second) return;
    reading_.report(member_path(path, "name"), "there is already a " + std::string(kind_) + " named '" + name + "'");
  }

 private:
  JsonSource& reading_;
  std::string_view kind_;
  std::set<std::string> names_;
};

}  // namespace

void read_setup(ObjectReader& file, Setup& setup) {
  JsonSource& reading = file.reading();
  file.integer("seed", setup.seed, {0, Bounds{}.high});
  if (const Json* cluster = file.find("cluster")) read_cluster(reading, *cluster, setup);
  if (const Json* network = file.find("network")) read_network(reading, *network, setup.network);
  Unique topics(reading, "topic");
  for (const std::string_view internal : {kOffsetsTopic, std::string_view("__transaction_state"), std::string_view("__cluster_metadata")})
    topics.reserve(std::string(internal));
  file.each("topics", kMaxTopics, [&](const Json& value, const std::string& path) {
    setup.topics.push_back(read_topic(reading, value, path, setup.brokers));
    topics.add(setup.topics.back().name, path);
  });
  Unique nodes(reading, "node");
  for (const std::string& name : vocabulary_of(setup, {}).nodes) nodes.reserve(name);
  for (const char* ours : {"brokers", "admin", "none"}) nodes.reserve(ours);
  file.each("producers", kMaxClients, [&](const Json& value, const std::string& path) {
    setup.producers.push_back(read_producer(reading, value, path));
    nodes.add(setup.producers.back().name, path);
  });
  file.each("consumers", kMaxClients, [&](const Json& value, const std::string& path) {
    setup.consumers.push_back(read_consumer(reading, value, path));
    nodes.add(setup.consumers.back().name, path);
  });
  for (const ProcessKind& kind : process_kinds()) {
    if (!kind.plain) continue;
    file.each(kind.plural, kMaxClients, [&](const Json& value, const std::string& path) {
      setup.plain.push_back(read_plain(reading, value, path, kind));
      nodes.add(setup.plain.back().name, path);
    });
  }
}

namespace {

// How many partitions the topic has, or comes to have by the script; 0: nothing makes it.
std::int64_t most_partitions(const std::string& topic, const Setup& setup, const std::vector<Action>& script) {
  std::int64_t most = 0;
  for (const TopicSpec& each : setup.topics)
    if (each.name == topic) most = partitions_of(each, setup.config);
  for (const Action& each : script) {
    const auto* create = std::get_if<CreateTopic>(&each.body);
    const auto* grow = std::get_if<AddPartitions>(&each.body);
    const bool usual = create && create->partitions == -1;
    if (create && create->topic == topic) most = std::max(most, usual ? setup.config.num_partitions : create->partitions.value);
    if (grow && grow->topic == topic) most = std::max(most, grow->count.value);
  }
  return most;
}

void check_partition(JsonSource& reading, const Setup& setup, const std::vector<Action>& script, const ProducerSetup& producer,
                     const std::string& path) {
  const std::int64_t most = most_partitions(producer.topic, setup, script);
  if (most == 0 || producer.spec.partition < most) return;
  reading.report(member_path(path, "partition"), "is " + std::to_string(producer.spec.partition) + ", but '" + producer.topic + "' has " +
                                                     std::to_string(most) + " partitions, and the script adds no more");
}

}  // namespace

void check_clients(JsonSource& reading, const Setup& setup, const std::vector<Action>& script,
                   const std::vector<std::string>& topics) {
  const auto check = [&](const std::string& topic, const std::string& path) {
    if (topic.empty() || std::find(topics.begin(), topics.end(), topic) != topics.end()) return;
    reading.report_unknown(path, "topic", topic, views(topics));
  };
  for (std::size_t i = 0; i < setup.producers.size(); ++i) {
    const ProducerSetup& producer = setup.producers[i];
    const std::string path = element_path("producers", i);
    check(producer.topic, member_path(path, "topic"));
    check_partition(reading, setup, script, producer, path);
  }
  for (std::size_t i = 0; i < setup.consumers.size(); ++i) {
    const std::string path = member_path(element_path("consumers", i), "topics");
    const std::vector<std::string>& wanted = setup.consumers[i].topics;
    for (std::size_t j = 0; j < wanted.size(); ++j) check(wanted[j], element_path(path, j));
  }
}

void check_size(JsonSource& reading, const Setup& setup, Time until) {
  std::int64_t replicas = setup.config.offsets_topic_num_partitions * setup.config.offsets_topic_replication_factor;
  for (const TopicSpec& topic : setup.topics) {
    replicas += static_cast<std::int64_t>(partitions_of(topic, setup.config)) * replicas_of(topic, setup.config);
  }
  if (replicas > kMaxReplicas) {
    reading.report("topics", "have " + std::to_string(replicas) + " replicas in all, at most " +
                                 std::to_string(kMaxReplicas) + " are allowed");
  }
  for (std::size_t i = 0; i < setup.producers.size(); ++i) {
    const ProducerSetup& producer = setup.producers[i];
    const Duration lives = std::min(producer.stop, until) - producer.start;
    if (producer.spec.interval == 0 || lives <= 0) continue;
    std::int64_t records = lives / producer.spec.interval * producer.spec.records;
    if (producer.spec.limit >= 0) records = std::min(records, producer.spec.limit);
    if (records <= kMaxRecords) continue;
    reading.report(member_path(element_path("producers", i), "every"),
                   "makes " + std::to_string(records) + " records until the end, at most " +
                       std::to_string(kMaxRecords) + " are allowed");
  }
}

}  // namespace nutshell

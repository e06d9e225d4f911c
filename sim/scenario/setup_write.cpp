#include "sim/core/text.h"
#include "sim/scenario/choices.h"
#include "sim/scenario/config_json.h"
#include "sim/scenario/rivals_json.h"
#include "sim/scenario/setup_json.h"

namespace nutshell {
namespace {

using Ordered = nlohmann::ordered_json;

// Leaves out what has its usual value.
template <class T>
void put(Ordered& object, const char* key, const T& value, const T& usual) {
  if (value != usual) object[key] = value;
}
void put_duration(Ordered& object, const char* key, Duration value, Duration usual) {
  if (value != usual) object[key] = format_duration(value);
}

template <class Config>
void put_config(Ordered& object, const Config& config) {
  Ordered settings = config_json(config);
  if (!settings.empty()) object["config"] = std::move(settings);
}

Ordered cluster_json(const Setup& setup) {
  Ordered object = {{"brokers", setup.brokers}, {"controllers", setup.controllers}};
  put_config(object, setup.config);
  put(object, "zones", setup.zones, {});
  put(object, "racks", setup.racks, {});
  return object;
}

Ordered network_json(const LinkModel& link) {
  const LinkModel usual;
  Ordered object = Ordered::object();
  put_duration(object, "latency", link.latency, usual.latency);
  put_duration(object, "jitter", link.jitter, usual.jitter);
  put_duration(object, "tail", link.tail, usual.tail);
  put(object, "tail_ppm", link.tail_ppm, usual.tail_ppm);
  put(object, "loss_ppm", link.loss_ppm, usual.loss_ppm);
  put(object, "duplicate_ppm", link.duplicate_ppm, usual.duplicate_ppm);
  put(object, "reorder_ppm", link.reorder_ppm, usual.reorder_ppm);
  put_duration(object, "reorder_delay", link.reorder_delay, usual.reorder_delay);
  put(object, "bytes_per_second", link.bytes_per_second, usual.bytes_per_second);
  return object;
}

Ordered topic_json(const TopicSpec& topic) {
  Ordered object = {{"name", topic.name}};
  if (topic.assignment.empty()) {
    put(object, "partitions", topic.partitions, TopicSpec{}.partitions);
    put(object, "replication_factor", topic.replication_factor, TopicSpec{}.replication_factor);
  } else {
    for (const std::vector<BrokerId>& each : topic.assignment)
      object["assignment"].push_back(std::vector<std::int32_t>(each.begin(), each.end()));
  }
  put_config(object, topic.config);
  return object;
}

void put_life(Ordered& object, Time start, Time stop) {
  put_duration(object, "start", start, 0);
  put_duration(object, "stop", stop, kNever);
}

Ordered producer_json(const ProducerSetup& producer) {
  const ProducerSpec usual;
  const ProducerSpec& spec = producer.spec;
  Ordered object = {{"name", producer.name}, {"topic", producer.topic}};
  put_duration(object, "every", spec.interval, usual.interval);
  put(object, "records", spec.records, usual.records);
  put(object, "limit", spec.limit, usual.limit);
  put(object, "record_bytes", spec.record_bytes, usual.record_bytes);
  put(object, "partition", spec.partition, usual.partition);
  put(object, "keys", producer.keys, {});
  put(object, "tombstone_every", spec.tombstone_every, usual.tombstone_every);
  if (spec.key_choice == KeyChoice::random) object["key_choice"] = word_for(kKeyChoices, spec.key_choice);
  put_config(object, spec.config);
  if (producer.asks_for_idempotence) object["config"]["enable.idempotence"] = true;
  put(object, "zone", producer.zone, std::string());
  put_life(object, producer.start, producer.stop);
  return object;
}

Ordered consumer_json(const ConsumerSetup& consumer) {
  const ConsumerSpec usual;
  Ordered object = {{"name", consumer.name}, {"group", consumer.group}, {"topics", consumer.topics}};
  put_duration(object, "processing", consumer.spec.processing, usual.processing);
  if (consumer.spec.commit != usual.commit) object["commit"] = word_for(kCommitModes, consumer.spec.commit);
  put_config(object, consumer.spec.config);
  put(object, "zone", consumer.zone, std::string());
  put_life(object, consumer.start, consumer.stop);
  return object;
}

Ordered plain_json(const PlainSetup& process) {
  Ordered object = {{"name", process.name}};
  put_config(object, process.config);
  put(object, "zone", process.zone, std::string());
  put_life(object, process.start, process.stop);
  return object;
}

}  // namespace

void write_setup(Ordered& file, const Setup& setup) {
  put(file, "seed", setup.seed, Setup{}.seed);
  if (setup.rivals) {
    file["workload"] = rivals_json(*setup.rivals);
    return;
  }
  file["cluster"] = cluster_json(setup);
  Ordered network = network_json(setup.network);
  if (!network.empty()) file["network"] = std::move(network);
  for (const TopicSpec& topic : setup.topics) file["topics"].push_back(topic_json(topic));
  for (const ProducerSetup& producer : setup.producers) file["producers"].push_back(producer_json(producer));
  for (const ConsumerSetup& consumer : setup.consumers) file["consumers"].push_back(consumer_json(consumer));
  for (const PlainSetup& process : setup.plain) file[process.plural].push_back(plain_json(process));
}

}  // namespace nutshell

// The opening of a transcript: the cluster and its settings in words.
#include <map>

#include "sim/cluster/process_kind.h"
#include "sim/cluster/zones.h"
#include "sim/core/text.h"
#include "sim/kafka/config_keys.h"
#include "sim/scenario/story_fold.h"
#include "sim/scenario/transcript.h"

namespace nutshell {
namespace {

std::string count(std::int64_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

std::string topic_text(const TopicSpec& topic, const BrokerConfig& config) {
  const std::int32_t partitions = partitions_of(topic, config);
  return "Topic " + topic.name + " has " + count(partitions, "partition") + " with " +
         count(replicas_of(topic, config), "replica") + (partitions > 1 ? " each." : ".");
}

// " Zone a: broker 1, broker 4, Q1 and app. ... broker.rack says so."
std::string zones_text(const Setup& setup) {
  if (zones_of(setup).empty()) return "";
  const World world = make_world(setup);
  std::string text;
  for (const std::string& zone : zone_names(world)) {
    std::vector<std::string> names;
    for (NodeId each : nodes_in_zone(world, zone)) names.push_back(world.fabric.nodes[static_cast<std::size_t>(each)].name);
    text += " Zone " + zone + ": " + list_text(names) + ".";
  }
  if (setup.racks.empty()) return text + " Kafka is not told of it: broker.rack is not set.";
  return text + (setup.zones.empty() || setup.zones == setup.racks ? " broker.rack says the same." : " broker.rack says otherwise.");
}

std::string life_text(Time start, Time stop) {
  std::string text = start > 0 ? " from " + format_duration(start) + " on" : "";
  if (stop != kNever) text += " until " + format_duration(stop);
  return text;
}

std::string producer_text(const ProducerSetup& producer) {
  const ProducerSpec& spec = producer.spec;
  std::string text = "Producer " + producer.name + " writes to " + producer.topic;
  if (spec.partition >= 0) text += ", partition " + std::to_string(spec.partition);
  text += life_text(producer.start, producer.stop);
  if (spec.interval > 0) {
    text += ": " + count(spec.records, "record") + " every " + format_duration(spec.interval);
    if (spec.limit >= 0) text += ", " + count(spec.limit, "record") + " in all";
  } else {
    text += " when told to";
  }
  if (!producer.keys.empty()) text += ", with keys " + list_text(producer.keys);
  return text + "; acks=" + get_config(spec.config, "acks") + ".";
}

std::string consumer_text(const ConsumerSetup& consumer) {
  std::string text = "Consumer " + consumer.name + " of group " + consumer.group + " reads " +
                     list_text(consumer.topics) + life_text(consumer.start, consumer.stop);
  if (consumer.spec.processing > 0)
    text += ", working " + format_duration(consumer.spec.processing) + " on each record";
  return text + ".";
}

std::string plain_text(const PlainSetup& process) {
  const ProcessKind& kind = *plain_kind(process.plural);
  const std::string life = life_text(process.start, process.stop);
  return capital(std::string(kind.name)) + " " + process.name + " " + std::string(kind.about) + life + ".";
}

std::vector<std::string> differences(const PlainSettings& config) {
  std::vector<std::string> lines;
  for (const auto& [key, value] : config.given) lines.push_back(key + " = " + value);
  return lines;
}

template <class Config>
std::vector<std::string> differences(ConfigScope scope, const Config& config) {
  std::vector<std::string> lines;
  for (const ConfigKey& key : config_keys()) {
    if (key.scope != scope) continue;
    const std::string value = get_config(config, key.name);
    const std::string usual = get_config(Config{}, key.name);
    if (value == usual) continue;
    const std::string how = key.type == ConfigType::duration ? " scaled to " : " = ";
    lines.push_back(std::string(key.name) + how + value + " (Kafka: " + usual + ")");
  }
  return lines;
}

// Lines that several names share, each with those names, in the order in which they came up.
class SharedLines {
 public:
  void add(const std::string& name, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      const auto [place, fresh] = places_.emplace(line, order_.size());
      if (fresh) order_.push_back({line, {}});
      order_[place->second].names.push_back(name);
    }
  }
  void append_to(std::vector<std::string>& lines) const {
    for (const Row& row : order_) lines.push_back(list_text(row.names) + ": " + row.line);
  }

 private:
  struct Row {
    std::string line;
    std::vector<std::string> names;
  };
  std::map<std::string, std::size_t> places_;
  std::vector<Row> order_;
};

}  // namespace

std::string describe_setup(const Setup& setup) {
  if (setup.rivals) {
    std::vector<std::string> names;
    for (const RivalSystem& each : setup.rivals->systems) names.push_back(each.title);
    return "One workload" + (setup.rivals->use.empty() ? "" : ", " + setup.rivals->use + ",") + " on " + list_text(names) +
           "; figures are those of the service " + setup.rivals->service + ".";
  }
  std::string text = count(setup.brokers, "broker") + " and " + count(setup.controllers, "controller") + ", seed " +
                     std::to_string(setup.seed) + ".";
  text += zones_text(setup);
  for (const TopicSpec& topic : setup.topics) text += " " + topic_text(topic, setup.config);
  for (const ProducerSetup& producer : setup.producers) text += " " + producer_text(producer);
  for (const ConsumerSetup& consumer : setup.consumers) text += " " + consumer_text(consumer);
  for (const PlainSetup& process : setup.plain) text += " " + plain_text(process);
  return text;
}

std::vector<std::string> different_settings(const Setup& setup) {
  SharedLines shared;
  shared.add("brokers", differences(ConfigScope::broker, setup.config));
  for (const TopicSpec& topic : setup.topics)
    shared.add("topic " + topic.name, differences(ConfigScope::topic, topic.config));
  for (const ProducerSetup& producer : setup.producers) {
    shared.add(producer.name, differences(ConfigScope::producer, producer.spec.config));
  }
  for (const ConsumerSetup& consumer : setup.consumers) {
    shared.add(consumer.name, differences(ConfigScope::consumer, consumer.spec.config));
  }
  for (const PlainSetup& process : setup.plain) shared.add(process.name, differences(process.config));
  std::vector<std::string> lines;
  shared.append_to(lines);
  return lines;
}

}  // namespace nutshell

#include "sim/session/offers.h"

#include <algorithm>

#include "sim/cluster/process_kind.h"
#include "sim/cluster/zones.h"
#include "sim/core/text.h"
#include "sim/registry/server.h"
#include "sim/session/offers_menu.h"
#include "sim/workers/worker.h"

namespace nutshell {

std::string name_of(const World& world, NodeId id) {
  const Node* node = node_at(world, id);
  return node ? node->name : "";
}
std::string topic_of(const World& world, TopicPartition tp) { return world.fabric.names[tp.topic]; }
std::string text_of(const World& world, TopicPartition tp) { return topic_of(world, tp) + "-" + std::to_string(tp.partition); }
std::string group_name(const World& world, GroupId group) { return std::string(world.fabric.names[group]); }

std::string fresh_name(const World& world, const std::string& stem) {
  for (int i = 1;; ++i) {
    std::string name = stem + "-" + std::to_string(i);
    if (!world.find_node(name)) return name;
  }
}

namespace {

constexpr Duration kPause = 10 * kSecond;
constexpr Duration kDelay = 200 * kMillisecond;
constexpr std::int64_t kFifth = 200'000;  // of a million

void offer_process(OfferList& menu, const Node& node) {
  const std::string& name = node.name;
  menu.add("Kill", Crash{name, false}, Tool::crash);
  menu.add("Start", Start{name}, Tool::start);
  menu.add("Stop cleanly", Stop{name}, Tool::stop);
  if (node.status == NodeStatus::paused) menu.add("Resume", Resume{name}, Tool::pause);
  else menu.add("Pause for 10 s", Pause{name, {kPause}}, Tool::pause);
}

std::vector<Offer> process_details(const World& world, const Node& node) {
  OfferList menu(world);
  const std::string& name = node.name;
  menu.add("Kill; the machine loses power", Crash{name, true});
  offer_bounce(menu, world, node);
  menu.add("Pause for 2 s", Pause{name, {2 * kSecond}});
  menu.add("Pause until resumed", Pause{name, {0}});
  menu.add("Resume", Resume{name});
  menu.add("Clock 5 s ahead", SetClock{name, {5 * kSecond}});
  menu.add("Clock right again", SetClock{name, {0}});
  return std::move(menu.rows);
}

// Of a broker.
std::vector<Offer> disk_details(const World& world, const Node& node) {
  OfferList menu(world);
  const std::string& name = node.name;
  const Broker& broker = world.brokers[static_cast<std::size_t>(node.index)];
  menu.add("Power fails in the middle of a write", TearTail{name});
  menu.add(broker.disk.lies ? "It flushes when it says so" : "It lies about flushing", LieAboutFlush{name, !broker.disk.lies});
  for (std::int64_t i = 0; i < broker.config.log_dirs; ++i) {
    const std::string which = broker.config.log_dirs == 1 ? "It" : "Log directory " + std::to_string(i);
    menu.add(which + " breaks", FailDirectory{name, i});
    menu.add(which + " is full", FillDisk{name, i, 0});
  }
  menu.add("It stalls for 5 s", StallDisk{name, {5 * kSecond}});
  for (const Replica& each : broker.replicas) {
    if (topic_of(world, each.tp) == kOffsetsTopic || each.log.batches().empty()) continue;
    menu.add("Damage the last batch of " + text_of(world, each.tp),
             CorruptBatch{name, topic_of(world, each.tp), each.tp.partition, each.log.batches().back().base_offset});
  }
  menu.add("Replace it with an empty one", WipeDisk{name});
  menu.add("Copy it", CopyDisk{name});
  menu.add("Set it back to the copy", RestoreDisk{name});
  return std::move(menu.rows);
}

void offer_speed(OfferList& menu, const World& world, const Node& node) {
  if (is_slow(world, node)) menu.add("As fast as before", Slow{node.name, {0}, 0}, Tool::slow);
  else if (node.kind == NodeKind::broker) menu.add("Slow its disk: 10 kB/s", Slow{node.name, {0}, 10'000}, Tool::slow);
  else menu.add("Slow: 50 ms a message", Slow{node.name, {50 * kMillisecond}, 0}, Tool::slow);
}

void offer_link(OfferList& menu, const std::string& from, const std::string& to) {
  menu.add("Cut, both ways", Cut{from, to, false}, Tool::cut);
  menu.add("Cut " + from + " to " + to + " only", Cut{from, to, true});
  menu.add("Cut " + to + " to " + from + " only", Cut{to, from, true});
  menu.add("Mend", Heal{from, to});
  menu.add("Hold all for 200 ms", Jam{from, to, false}, kDelay, Release{from, to}, Tool::delay);
  menu.add("Jam until released", Jam{from, to, false});
  menu.add("Release", Release{from, to});
  SetLink slow{from, to};
  slow.latency = {kDelay};
  menu.add("Slow: 200 ms each way", slow);
  SetLink lossy{from, to};
  lossy.loss_ppm = kFifth;
  menu.add("Lose a fifth", lossy);
  SetLink twice{from, to};
  twice.duplicate_ppm = kFifth;
  menu.add("Double a fifth", twice);
  SetLink good{from, to};
  good.latency = {kMillisecond};
  good.loss_ppm = good.duplicate_ppm = 0;
  menu.add("Good again", good);
}

void offer_zone(OfferList& menu, const std::string& zone) {
  menu.add("Zone " + zone + " loses power", LoseZone{zone, false}, Tool::lose_zone);
  menu.add("Cut zone " + zone + " off", LoseZone{zone, true});
  menu.add("Zone " + zone + " comes back", RestoreZone{zone});
  menu.add("20 ms more to other zones", SetZoneLatency{zone, "", {20 * kMillisecond}});
  menu.add("As near as before", SetZoneLatency{zone, "", {0}});
}

bool serves(const Node& node) { return kind_of(node).on_request != nullptr; }

// A menu a node that this one may talk to.
std::vector<Offer> links_of(const World& world, const Node& node) {
  std::vector<Offer> all;
  for (const Node& other : world.fabric.nodes) {
    const bool client = kind_of(other).told && !serves(other), own_client = !serves(node);
    if (&other == &node || (client && own_client) || world.find_node(other.name) != &other) continue;
    if (!kind_of(other).told) continue;
    OfferList link(world);
    offer_link(link, node.name, other.name);
    all.push_back({"Link to " + other.name, {}, "", Tool::none, std::move(link.rows)});
  }
  return all;
}

// A menu a connector, by what the worker has read of the config topic.
void offer_connectors(OfferList& menu, const World& world, const Node& node) {
  const ConnectWorker& worker = world.plain.of<ConnectWorker>()[static_cast<std::size_t>(node.index)];
  for (const auto& [name, connector] : worker.configured.connectors) {
    menu.add_more("Connector " + name + " \u2026", [&world, &node, path = "/connectors/" + name] {
      OfferList calls(world);
      calls.add("Pause it", Rest{node.name, "PUT " + path + "/pause"});
      calls.add("Let it go on", Rest{node.name, "PUT " + path + "/resume"});
      calls.add("Stop it: its tasks go", Rest{node.name, "PUT " + path + "/stop"});
      calls.add("Restart what has failed", Rest{node.name, "POST " + path + "/restart?includeTasks=true&onlyFailed=true"});
      calls.add("Restart it with its tasks", Rest{node.name, "POST " + path + "/restart?includeTasks=true"});
      calls.add("Ask how it is", Rest{node.name, "GET " + path + "/status"});
      calls.add("Ask how far it is", Rest{node.name, "GET " + path + "/offsets"});
      calls.add("Delete it", Rest{node.name, "DELETE " + path});
      return std::move(calls.rows);
    });
  }
}

// Its REST interface: what everything, and what each subject, is held to.
void offer_registry(OfferList& menu, const World& world, const Node& node) {
  const auto levels = [&node](OfferList& calls, const std::string& subject) {
    for (const Compatibility each : kCompatibilities)
      calls.add("Compatibility " + std::string(compatibility_name(each)),
                Rest{node.name, "PUT /config" + subject + " {\"compatibility\": \"" + std::string(compatibility_name(each)) + "\"}"});
    for (const RegistryMode each : {RegistryMode::readonly, RegistryMode::readwrite})
      calls.add("Mode " + std::string(mode_name(each)),
                Rest{node.name, "PUT /mode" + subject + " {\"mode\": \"" + std::string(mode_name(each)) + "\"}"});
  };
  menu.add_more("All subjects \u2026", [&world, levels] {
    OfferList calls(world);
    levels(calls, "");
    return std::move(calls.rows);
  });
  for (const SchemaSubject& each : world.plain.of<RegistryServer>()[static_cast<std::size_t>(node.index)].registry.subjects) {
    menu.add_more("Subject " + each.name + " \u2026", [&world, &node, levels, name = each.name] {
      OfferList calls(world);
      levels(calls, "/" + name);
      calls.add("Delete its latest version", Rest{node.name, "DELETE /subjects/" + name + "/versions/latest"});
      calls.add("Delete it", Rest{node.name, "DELETE /subjects/" + name});
      calls.add("... and for good", Rest{node.name, "DELETE /subjects/" + name + "?permanent=true"});
      return std::move(calls.rows);
    });
  }
}

void offer_node(OfferList& menu, const World& world, const Node& node) {
  offer_process(menu, node);
  menu.add("Cut off from all", Cut{node.name, "", false}, Tool::cut);
  menu.add("Mend its links", Heal{node.name, ""});
  offer_speed(menu, world, node);
  menu.add("Hold its messages for 200 ms", Jam{node.name, "", false}, kDelay, Release{node.name, ""}, Tool::delay);
  menu.add_config("Change a key \u2026", node.name);
  if (kind_of(node).name == ConnectWorkerKind::name) offer_connectors(menu, world, node);
  if (kind_of(node).name == SchemaRegistryKind::name) offer_registry(menu, world, node);
  if (kind_of(node).name == KsqlServerKind::name) {
    menu.add("Ask for its queries", Ksql{node.name, "SHOW QUERIES;"});
    if (menu.takes(Tool::none)) {
      menu.rows.push_back({"Type statements \u2026", {}, "", Tool::none, {}});
      menu.rows.back().types = true;
    }
  }
  menu.add_more("More ways to stop and go \u2026", [&] { return process_details(world, node); });
  if (node.kind == NodeKind::broker) menu.add_more("Its disk \u2026", [&] { return disk_details(world, node); });
  menu.add_more("One of its links \u2026", [&] { return links_of(world, node); });
  const NodeId id = static_cast<std::int32_t>(&node - world.fabric.nodes.data());
  const std::string zone = zone_of(world, id);
  if (zone.empty()) return;
  if (menu.only() == Tool::lose_zone) return offer_zone(menu, zone);
  menu.add_more("Its zone, " + zone + " \u2026", [&] {
    OfferList rows(world);
    offer_zone(rows, zone);
    return std::move(rows.rows);
  });
}

void offer_producer(OfferList& menu, const World& world, const Node& node) {
  menu.add("Send a record", Send{node.name, "", "", -1, 1});
  menu.add("Send ten records", Send{node.name, "", "", -1, 10});
  menu.add("Send a record with a key", Send{node.name, "k1", "", -1, 1});
  menu.add("Send a tombstone", Send{node.name, "k1", "", -1, 1, true});
  menu.add_more("Send otherwise \u2026", [&] {
    const ProducerSpec& spec = world.producers[static_cast<std::size_t>(node.index)].spec;
    OfferList otherwise(world);
    const auto offer = [&](std::string_view how, Duration every, std::int64_t bytes) {
      otherwise.add(std::string(how), SetLoad{node.name, every, bytes});
    };
    if (spec.interval > 0) {
      offer("Twice as often", std::max(spec.interval / 2, kMinEvery), -1);
      offer("Half as often", std::min(spec.interval * 2, kMaxUntil), -1);
    }
    offer("Records ten times as large", -1, std::min<std::int64_t>(std::int64_t{spec.record_bytes} * 10, kMostRecordBytes));
    offer("Records a tenth as large", -1, std::max(spec.record_bytes / 10, 1));
    return std::move(otherwise.rows);
  });
  menu.add_more("Lose the next response \u2026", [&] {
    OfferList deaf(world);
    for (const Broker& each : world.brokers) {
      const std::string broker = name_of(world, each.node);
      deaf.add("Of " + broker + ", silently", LoseResponses{node.name, broker, false});
      deaf.add("Of " + broker + ", closing", LoseResponses{node.name, broker, true});
    }
    return std::move(deaf.rows);
  });
}

}  // namespace

std::vector<std::string> known_topics(const World& world) {
  std::vector<std::string> topics = user_topics(world);
  for (const AdminRequest& each : world.admin.requests) {
    const auto* create = each.body.get_if<CreateTopicsRequest>();
    std::string name(create ? world.fabric.names[create->topic] : "");
    if (create && std::find(topics.begin(), topics.end(), name) == topics.end()) topics.push_back(std::move(name));
  }
  return topics;
}

namespace {

// A consumer that reads what the group reads, or the first topic.
void offer_joining(OfferList& menu, const World& world, const std::string& group, Tool tool = Tool::add_consumer) {
  std::string topic;
  for (const Consumer& each : world.consumers) {
    if (group_name(world, each.spec.group) == group && !each.spec.topics.empty())
      topic = world.fabric.names[each.spec.topics.front()];
  }
  const std::vector<std::string> topics = known_topics(world);
  if (topic.empty() && !topics.empty()) topic = topics.front();
  const std::string label = "Add a consumer to " + group;
  if (topic.empty()) menu.add_refusal(label, "There is no topic to read yet.", tool);
  else menu.add(label, AddConsumer{fresh_name(world, "consumer"), group, topic}, tool);
}

void offer_group(OfferList& menu, const World& world, GroupId group) {
  offer_joining(menu, world, group_name(world, group));
  const Node* last = nullptr;
  for (const Consumer& each : world.consumers) {
    const Node* node = node_at(world, each.node);
    if (each.spec.group == group && node->status == NodeStatus::running) last = node;
  }
  if (last) menu.add("Remove " + last->name, Stop{last->name}, Tool::remove_consumer);
  else menu.add_refusal("Remove a consumer", "None of the group is running.", Tool::remove_consumer);
}

void offer_partition(OfferList& menu, const World& world, TopicPartition tp) {
  const std::string topic = topic_of(world, tp);
  menu.add("Elect the preferred leader of " + text_of(world, tp), ElectLeader{topic, tp.partition, false});
  menu.add("Elect any living replica (unclean)", ElectLeader{topic, tp.partition, true});
  const MetadataImage* image = committed_image(world);
  const TopicRegistration* known = image ? image->topic(tp.topic) : nullptr;
  if (known && topic != kOffsetsTopic)
    menu.add("Add a partition to " + topic, AddPartitions{topic, static_cast<std::int64_t>(known->partitions.size()) + 1});
  if (topic != kOffsetsTopic) menu.add("Delete all its records", DeleteRecords{topic, tp.partition, -1});
  menu.add_config("Change a key of " + topic + " \u2026", topic);
  if (known && topic != kOffsetsTopic) menu.add("Delete topic " + topic, DeleteTopic{topic});
}

void offer_cluster(OfferList& menu, const World& world) {
  std::int32_t next = 1;
  for (const Broker& each : world.brokers) next = std::max(next, each.id + 1);
  menu.add("Add broker " + std::to_string(next), AddBroker{next}, Tool::add_broker);
  const std::vector<std::string> topics = known_topics(world);
  for (const std::string& topic : topics) {
    menu.add("Add a producer to " + topic, AddProducer{fresh_name(world, "producer"), topic, {500 * kMillisecond}}, Tool::add_producer);
  }
  if (topics.empty()) menu.add_refusal("Add a producer", "There is no topic to write to yet.", Tool::add_producer);
  const std::string fresh = new_group(world);
  const bool any = !world.consumers.empty();
  offer_joining(menu, world, any ? group_name(world, world.consumers.back().spec.group) : fresh);
  if (any) offer_joining(menu, world, fresh, Tool::none);
  offer_topic(menu, world);
  menu.add("Mend all links", Heal{});
  menu.add("Release all jams", Release{});
  menu.add_config("Change a key of all brokers \u2026", "brokers");
  menu.add_more("All links \u2026", [&] {
    OfferList all(world);
    SetLink slow;
    slow.latency = {kDelay};
    all.add("Slow: 200 ms each way", slow);
    SetLink lossy;
    lossy.loss_ppm = kFifth;
    all.add("Lose a fifth", lossy);
    SetLink good;
    good.latency = {kMillisecond};
    good.loss_ppm = good.duplicate_ppm = 0;
    all.add("Good again", good);
    return std::move(all.rows);
  });
  menu.add_more("An election of the controllers \u2026", [&] {
    OfferList quorum(world);
    offer_quorum(quorum, world);
    return std::move(quorum.rows);
  });
}

void offer_message(OfferList& menu, const World& world, const Place& place) {
  const std::string from = name_of(world, place.node), to = name_of(world, place.to);
  const std::string api(message_name(place.message));
  menu.add("Drop this " + api, DropMessage{from, to, api}, Tool::drop);
  menu.add("Hold this link for 200 ms", Jam{from, to, true}, kDelay, Release{from, to}, Tool::delay);
  menu.add_more("The link " + from + " to " + to + " \u2026", [&] {
    OfferList link(world);
    offer_link(link, from, to);
    return std::move(link.rows);
  });
}

}  // namespace

const std::vector<ToolRow>& tools() {
  static const std::vector<ToolRow> kTools = {
      {Tool::crash, U'c', "Kill", "a process"},
      {Tool::start, U'r', "Start", "a process"},
      {Tool::stop, U's', "Stop", "a process"},
      {Tool::pause, U'p', "Pause", "a process"},
      {Tool::cut, U'x', "Cut", "a process, a link or a message"},
      {Tool::slow, U'd', "Slow", "a process"},
      {Tool::delay, U'l', "Delay", "a process, a link or a message"},
      {Tool::drop, U'o', "Drop", "a message"},
      {Tool::add_consumer, U'+', "Consumer", ""},
      {Tool::remove_consumer, U'-', "Remove", "a consumer or a group"},
      {Tool::add_producer, U'n', "Producer", ""},
      {Tool::add_broker, U'b', "Broker", ""},
      {Tool::add_topic, U'T', "Topic", ""},
      {Tool::config, U'k', "Key", ""},
      {Tool::lose_zone, U'Z', "Zone", "something that stands in a zone"}};
  return kTools;
}

std::vector<ToolRow> tools_for(const World& world) {
  std::vector<ToolRow> rows = tools();
  if (world.fabric.network.zones.names.empty()) std::erase_if(rows, [](const ToolRow& each) { return each.tool == Tool::lose_zone; });
  return rows;
}

namespace {

// The place, or none if an end of it is not there, as after going to another branch: no name would mean every node.
Place still_there(const World& world, const Place& place) {
  switch (place.kind) {
    case PlaceKind::none:
    case PlaceKind::group:
    case PlaceKind::partition: return place;
    case PlaceKind::message:
    case PlaceKind::link: return node_at(world, place.node) && node_at(world, place.to) ? place : Place{};
    default: return node_at(world, place.node) ? place : Place{};
  }
}

// Of a tool: its rows only. REQUIRES the place is there.
std::vector<Offer> rows_of(const World& world, const Place& place, Tool only) {
  OfferList menu(world, only);
  const Node* node = node_at(world, place.node);
  const bool on_replica = place.tp.topic >= 0 && node && node->kind == NodeKind::broker && place.kind != PlaceKind::message;
  switch (place.kind) {
    case PlaceKind::none: offer_cluster(menu, world); break;
    case PlaceKind::message: offer_message(menu, world, place); break;
    case PlaceKind::link: offer_link(menu, name_of(world, place.node), name_of(world, place.to)); break;
    case PlaceKind::group: offer_group(menu, world, place.group); break;
    case PlaceKind::partition:
      offer_direction(menu, world, place.tp, kNoNode);
      offer_partition(menu, world, place.tp);
      break;
    default:
      if (on_replica) offer_direction(menu, world, place.tp, place.node);
      if (node->kind == NodeKind::consumer) menu.add("Remove " + node->name, Stop{node->name}, Tool::remove_consumer);
      if (node->kind == NodeKind::producer) offer_producer(menu, world, *node);
      offer_node(menu, world, *node);
      if (on_replica) offer_partition(menu, world, place.tp);
      if (node->kind == NodeKind::consumer) menu.add_more("Move to another group \u2026", [&] { return offer_moves(world, *node); });
      if (node->kind == NodeKind::controller) offer_quorum(menu, world);
  }
  return std::move(menu.rows);
}

}  // namespace

std::vector<Offer> offers(const World& world, const Place& place) {
  const Place there = still_there(world, place);
  std::vector<Offer> rows = rows_of(world, there, Tool::none);
  Offer why;
  why.label = there ? "Why is it so?" : "What happens next, and why?";
  why.asks_why = true;
  rows.push_back(std::move(why));
  return rows;
}

std::optional<Offer> offer_of(const World& world, const Place& place, Tool tool) {
  const auto find = [&](const Place& where) -> std::optional<Offer> {
    std::vector<Offer> rows = rows_of(world, still_there(world, where), tool);
    return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
  };
  std::optional<Offer> found = find(place);
  const bool anywhere = tool == Tool::add_broker || tool == Tool::add_producer || tool == Tool::add_consumer ||
                        tool == Tool::add_topic || tool == Tool::config;
  return found || !anywhere ? found : find({});
}

std::string place_name(const World& world, const Place& place) {
  const std::string node = name_of(world, place.node);
  switch (place.kind) {
    case PlaceKind::none: return "the cluster";
    case PlaceKind::group: return "group " + group_name(world, place.group);
    case PlaceKind::partition: return text_of(world, place.tp);
    case PlaceKind::message: return std::string(message_name(place.message)) + " from " + node + " to " + name_of(world, place.to);
    case PlaceKind::link: return "the link " + node + " to " + name_of(world, place.to);
    case PlaceKind::record: return "offset " + std::to_string(place.offset) + " of " + text_of(world, place.tp) + " on " + node;
    default: return place.tp.topic >= 0 ? text_of(world, place.tp) + " on " + node : node;
  }
}

}  // namespace nutshell

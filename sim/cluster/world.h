// The world: a Kafka cluster with its clients and its network, as one value.
//
// step() turns it into the next value and appends facts; apply() is the only way in. Copy it to keep a
// moment; equal worlds have equal digests, and the same setup, seed and actions give the same world in
// every build.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cluster/action.h"
#include "sim/cluster/families.h"
#include "sim/cluster/plain_states.h"
#include "sim/cluster/rivals.h"
#include "sim/kafka/broker.h"
#include "sim/kafka/consumer.h"
#include "sim/kafka/controller.h"
#include "sim/kafka/env.h"
#include "sim/kafka/producer.h"

namespace nutshell {

// setup

struct TopicSpec {
  std::string name;
  std::int32_t partitions = -1;          // -1: num.partitions of the brokers
  std::int32_t replication_factor = -1;  // -1: their default.replication.factor
  TopicConfig config;
  std::vector<std::vector<BrokerId>> assignment;  // empty: the placer decides
  NUTSHELL_FIELDS(TopicSpec, name, partitions, replication_factor, config, assignment)
};

// A client: its process starts at `start` (0: as soon as the scenario's topics exist).
struct ProducerSetup {
  std::string name, topic;
  std::vector<std::string> keys;
  ProducerSpec spec;  // topic and keys are filled in from the names
  std::string zone;  // where its machine stands; empty: where client.rack says, if it does
  Time start = 0;
  Time stop = kNever;  // close()
  bool asks_for_idempotence = false;  // said explicitly: then acks=1 is a contradiction, and no way out of it (C6)
  NUTSHELL_FIELDS(ProducerSetup, name, topic, keys, spec, zone, start, stop, asks_for_idempotence)
};
struct ConsumerSetup {
  std::string name, group;
  std::vector<std::string> topics;
  ConsumerSpec spec;  // group and topics are filled in from the names
  std::string zone;   // as a producer's
  Time start = 0;
  Time stop = kNever;
  NUTSHELL_FIELDS(ConsumerSetup, name, group, topics, spec, zone, start, stop)
};

// A process of a plain kind (kafka/plain_kinds.h, cluster/plain_states.h).
struct PlainSetup {
  std::string plural;  // of its kind: the section of the file that it stands in
  std::string name;
  PlainSettings config;
  std::string zone;  // where its machine stands; empty: in none
  Time start = 0;
  Time stop = kNever;
  NUTSHELL_FIELDS(PlainSetup, plural, name, config, zone, start, stop)
};

// What the topic has if nothing goes wrong, defaults of the brokers included.
std::int32_t partitions_of(const TopicSpec& topic, const BrokerConfig& config);
std::int32_t replicas_of(const TopicSpec& topic, const BrokerConfig& config);

struct Setup {
  NUTSHELL_VALUE(Setup)

  std::uint64_t seed = 1;
  std::int32_t brokers = 3;      // ids 1..brokers; 0: they are added later, and so is what needs one
  std::int32_t controllers = 3;  // 1, 3 or 5: Q1, Q2, ...
  BrokerConfig config;
  // In which zone the machine of each broker stands, and its broker.rack, by id; fewer are gone through again and again. No
  // zones: where the racks say. Controllers are dealt over the zones, Q1 in the first.
  std::vector<std::string> zones, racks;
  LinkModel network;
  std::vector<TopicSpec> topics;
  std::vector<ProducerSetup> producers;
  std::vector<ConsumerSetup> consumers;
  std::vector<PlainSetup> plain;
  std::shared_ptr<const RivalsSetup> rivals;  // nullptr: this is a cluster
  NUTSHELL_FIELDS(Setup, seed, brokers, controllers, config, zones, racks, network, topics, producers, consumers, plain)
};

// What is wrong with the setup, one sentence each ("topic 'orders' wants 4 replicas, but there are only 3
// brokers"); empty: nothing.
std::vector<std::string> problems(const Setup& setup);

// the value

struct AdminRequest {
  Body body;
  // Of a call by hand: default.api.timeout.ms is over, and whatever the controller has against it is a fact. Without it:
  // a topic of the setup, which is asked for until it is there.
  Time give_up_at = kNever;
  // Of what the leader of a partition does: which broker that is, as far as is known.
  BrokerId leader = kNoBroker;
  bool by_hand() const { return give_up_at != kNever; }
  NUTSHELL_FIELDS(AdminRequest, body, give_up_at, leader)
};

// The operator: creates the scenario's topics through the controller, and later asks it for elections.
struct Admin {
  NodeId node = kNoNode;
  std::vector<AdminRequest> requests;    // still to be acknowledged, in order
  std::vector<NodeId> waiting_clients;   // start once all topics exist
  bool in_flight = false;
  std::int32_t next_voter = 0;
  Timer retry = kNoTimer;
  NUTSHELL_FIELDS(Admin, node, requests, waiting_clients, in_flight, next_voter, retry)
};

// One system of processes: a Kafka cluster and its clients.
struct Kafka {
  NUTSHELL_VALUE(Kafka)

  Commons commons;
  std::vector<Broker> brokers;
  std::vector<Controller> controllers;
  std::vector<Producer> producers;
  std::vector<Consumer> consumers;
  Admin admin;
  PlainProcesses plain;
};

// The engine and the systems that run on it; another one is another base.
struct World : Kafka {
  NUTSHELL_VALUE(World)

  Fabric fabric;
  Rivals rivals;  // only actions change it, and their digest tells of it
  NUTSHELL_FIELDS(World, fabric, commons, brokers, controllers, producers, consumers, admin, plain)

  Time now() const { return fabric.now; }
  // Steps taken so far; the next one has this number.
  Step steps() const { return fabric.step + 1; }  // kNoStep + 1 == 0
  const Node* find_node(std::string_view name) const;   // nullptr: no such node
  const Broker* find_broker(BrokerId id) const;
  std::int32_t topic_id(std::string_view name) const { return fabric.names.find(name); }
  std::size_t copy_bytes() const;  // that a copy takes
};

// The world before its first step: brokers and controllers are about to start.
// REQUIRES problems(setup) is empty.
World make_world(const Setup& setup);

// Time of the next event; kNever: nothing will ever happen again.
Time next_event_time(World& world);

// What a step was, for lists and for chains of causes.
struct StepInfo {
  NodeId node = kNoNode;         // whose step it was
  Step cause = kNoStep;          // the step that scheduled it; kNoStep: an action, or the beginning
  EventKind event = EventKind::timer;
  TimerKind timer{};
  MessageNumber message = kNoMessage;  // what arrived
  NodeId from = kNoNode;         // who sent it
};

// Takes the next event. REQUIRES there is one.
StepInfo step(World& world, std::vector<Fact>& facts);

// Does an action, as a step of its own at `action.at`. Of one that is impossible() or refused nothing comes but the fact
// action_refused. REQUIRES no event before action.at is pending.
void apply(World& world, const Action& action, std::vector<Fact>& facts);

// What the disk of a broker takes in a second; 0: as much as it is given, or the node has no disk for records.
std::int64_t disk_rate(const World& world, const Node& node);
inline bool is_slow(const World& world, const Node& node) { return node.service_time > 0 || disk_rate(world, node) > 0; }

// Digest of the whole state, field by field.
std::uint64_t state_digest(const World& world);

// Names for facts of this world.
class WorldNamer final : public Namer {
 public:
  explicit WorldNamer(const World& world) : world_(world) {}
  std::string node(NodeId node) const override;
  std::string name(std::int32_t interned) const override;
  std::string_view message(MessageNumber number) const override { return message_name(number); }

 private:
  const World& world_;
};

}  // namespace nutshell

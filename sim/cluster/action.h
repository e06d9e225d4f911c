// Actions: the only way into a world.
//
// An action is one struct with its name, its fields and its apply() (action.cpp, action_*.cpp). From that
// row come its JSON, its menu entry, the fuzzer's vocabulary and its sentence in the transcript. Nodes are
// named as people name them: "broker 1", "Q2", the name of a client, or by what they are when the action is
// done: "leader of orders-0" (titles.h).
//
// What cannot be done when its time comes, and what Kafka refuses, is the fact action_refused: a script goes on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/cluster/action_fields.h"
#include "sim/core/alternatives.h"
#include "sim/core/digest.h"
#include "sim/core/types.h"
#include "sim/kafka/config.h"

namespace nutshell {

struct World;

#define NUTSHELL_ACTION(action_name, action_help)              \
  static constexpr std::string_view name = action_name;        \
  static constexpr std::string_view help = action_help;

// processes
struct Crash {
  NodeName node;
  bool power_loss = false;  // the whole machine: what was not flushed is gone, and nothing answers
  NUTSHELL_ACTION("crash", "kill a process at once (kill -9); with power_loss the machine loses what it had not flushed")
  NUTSHELL_FIELDS(Crash, node, power_loss)
};
struct Start {
  NodeName node;
  NUTSHELL_ACTION("start", "start a process that is down")
  NUTSHELL_FIELDS(Start, node)
};
struct Stop {
  NodeName node;
  NUTSHELL_ACTION("stop", "stop a process cleanly: a broker moves its leaderships away first, a consumer leaves its group")
  NUTSHELL_FIELDS(Stop, node)
};
struct Pause {
  NodeName node;
  AnySpan duration;  // 0: until resumed
  NUTSHELL_ACTION("pause", "freeze a process (a long garbage collection, SIGSTOP) for a duration, or until resumed")
  NUTSHELL_FIELDS(Pause, node, duration)
};
struct Resume {
  NodeName node;
  NUTSHELL_ACTION("resume", "wake a paused process")
  NUTSHELL_FIELDS(Resume, node)
};
struct Slow {
  NodeName node;
  AnySpan per_message;                        // time for each message it receives
  AnyCount disk_bytes_per_second = 0;  // 0: no limit
  NUTSHELL_ACTION("slow", "make a process slow: time per message, or a disk that writes so many bytes a second; zeros make it fast again")
  NUTSHELL_FIELDS(Slow, node, per_message, disk_bytes_per_second)
};
struct SetClock {
  NodeName node;
  Needed<SpanWithin<-kMaxUntil, kMaxUntil>> offset;
  NUTSHELL_ACTION("set_clock", "make a node's own clock differ from true time")
  NUTSHELL_FIELDS(SetClock, node, offset)
};

// network
struct Cut {
  NodeName from;
  MayMiss<NodeName> to;  // empty: every other node
  bool one_way = false;  // only what `from` sends
  NUTSHELL_ACTION("cut", "cut the link between two nodes, one way or both; without `to` the node is cut off from all others")
  NUTSHELL_FIELDS(Cut, from, to, one_way)
};
struct Heal {
  MayMiss<NodeName> from, to;  // both empty: every link
  NUTSHELL_ACTION("heal", "mend cut links: between two nodes, all of one node, or all")
  NUTSHELL_FIELDS(Heal, from, to)
};
struct Jam {
  NodeName from;
  MayMiss<NodeName> to;
  bool one_way = false;
  NUTSHELL_ACTION("jam", "hold every message on a link until it is released")
  NUTSHELL_FIELDS(Jam, from, to, one_way)
};
struct Release {
  MayMiss<NodeName> from, to;  // both empty: every jam
  NUTSHELL_ACTION("release", "let a jammed link go: everything held arrives in one burst")
  NUTSHELL_FIELDS(Release, from, to)
};
struct SetLink {
  MayMiss<NodeName> from, to;  // both empty: every link
  // -1: leave as it is
  SpanWithin<kMinLatency, kMaxUntil> latency = -1;
  AnySpan jitter = -1, tail = -1, reorder_delay = -1;
  Ppm tail_ppm = -1, loss_ppm = -1, duplicate_ppm = -1, reorder_ppm = -1;
  AnyCount bytes_per_second = -1;
  NUTSHELL_ACTION("set_link", "change how a link behaves: latency, jitter, loss, duplication, reordering, bandwidth")
  NUTSHELL_FIELDS(SetLink, from, to, latency, jitter, tail, reorder_delay, tail_ppm, loss_ppm, duplicate_ppm, reorder_ppm,
                  bytes_per_second)
};
struct LoseResponses {
  NodeName client, server;
  bool close = false;  // the connection breaks at the next response; else it just goes silent
  NUTSHELL_ACTION("lose_responses", "requests take effect but the client does not hear of it, until it gives up or the connection closes")
  NUTSHELL_FIELDS(LoseResponses, client, server, close)
};
struct DropMessage {
  MayMiss<NodeName> from, to;
  ApiName message;  // the oldest such message in flight
  NUTSHELL_ACTION("drop_message", "drop the oldest message in flight of this kind between two nodes")
  NUTSHELL_FIELDS(DropMessage, from, to, message)
};

// clients and administration
struct Send {
  ProducerName producer;
  MayMiss<FreeText> key, value;
  PartitionNumber partition = -1;  // -1: as the partitioner says
  Whole<1, kMaxRecordsAtOnce> count = 1;
  bool tombstone = false;  // no value: nothing is left of the key (L17)
  NUTSHELL_ACTION("send", "a producer sends records now")
  NUTSHELL_FIELDS(Send, producer, key, value, partition, count, tombstone)
};
struct SetConfig {
  ConfigTarget target;
  FreeText key, value;
  NUTSHELL_ACTION("set_config", "change a configuration key of all brokers, one node, or a topic")
  NUTSHELL_FIELDS(SetConfig, target, key, value)
};
struct CreateTopic {
  NewName topic;
  Whole<1, kMaxPartitions> partitions = -1;                    // -1: num.partitions of the brokers
  Whole<1, kMostReplicasOfPartition> replication_factor = -1;  // -1: their default.replication.factor
  NUTSHELL_ACTION("create_topic", "create a topic")
  NUTSHELL_FIELDS(CreateTopic, topic, partitions, replication_factor)
};
struct ElectLeader {
  TopicName topic;
  PartitionNumber partition = 0;
  bool unclean = false;
  NUTSHELL_ACTION("elect_leader", "ask for the preferred leader of a partition; unclean: for any replica that lives")
  NUTSHELL_FIELDS(ElectLeader, topic, partition, unclean)
};
struct AddBroker {
  Needed<Whole<1, kMaxBrokers>> id = 0;
  NUTSHELL_ACTION("add_broker", "start a new, empty broker")
  NUTSHELL_FIELDS(AddBroker, id)
};
struct AddConsumer {
  NewName consumer;
  GroupName group;
  TopicName topic;
  NUTSHELL_ACTION("add_consumer", "start a new consumer in a group, set up as those that are in it")
  NUTSHELL_FIELDS(AddConsumer, consumer, group, topic)
};
struct AddProducer {
  NewName producer;
  TopicName topic;
  Needed<SpanWithin<kMinEvery, kMaxUntil>> every;
  NUTSHELL_ACTION("add_producer", "start a new producer that sends one record at an interval")
  NUTSHELL_FIELDS(AddProducer, producer, topic, every)
};
struct AddPartitions {
  TopicName topic;
  Needed<Whole<1, kMaxPartitions>> count = 0;
  NUTSHELL_ACTION("add_partitions", "give a topic more partitions, count in all (kafka-topics --alter --partitions); never fewer")
  NUTSHELL_FIELDS(AddPartitions, topic, count)
};
struct SetElectionTimeout {
  NodeName node;
  Needed<AnySpan> timeout;
  NUTSHELL_ACTION("set_election_timeout", "a controller campaigns after so long if it hears of no leader until then; only this once")
  NUTSHELL_FIELDS(SetElectionTimeout, node, timeout)
};
struct DeleteTopic {
  TopicName topic;
  NUTSHELL_ACTION("delete_topic", "delete a topic (kafka-topics --delete): its logs, its keys, and what groups have committed of it")
  NUTSHELL_FIELDS(DeleteTopic, topic)
};
// disks of brokers
struct TearTail {
  NodeName node;
  NUTSHELL_ACTION("tear_tail", "a broker's machine loses power in the middle of a write: the last batch that is on its disk is torn")
  NUTSHELL_FIELDS(TearTail, node)
};
struct LieAboutFlush {
  NodeName node;
  bool lie = true;
  NUTSHELL_ACTION("lie_about_flush", "a broker's disk says that it has flushed (fsync) and has not, until it is told to be honest again")
  NUTSHELL_FIELDS(LieAboutFlush, node, lie)
};
struct StallDisk {
  NodeName node;
  Needed<AnySpan> duration;
  NUTSHELL_ACTION("stall_disk", "a broker's disk takes nothing for a while; what is to be written waits")
  NUTSHELL_FIELDS(StallDisk, node, duration)
};
struct CorruptBatch {
  NodeName node;
  TopicName topic;
  PartitionNumber partition = 0;
  AnyCount offset = 0;
  NUTSHELL_ACTION("corrupt_batch", "a bit of a batch changes on a broker's disk: its checksum is wrong for whoever looks at it")
  NUTSHELL_FIELDS(CorruptBatch, node, topic, partition, offset)
};
struct WipeDisk {
  NodeName node;
  NUTSHELL_ACTION("wipe_disk", "a broker that is down gets a new, empty disk")
  NUTSHELL_FIELDS(WipeDisk, node)
};
struct CopyDisk {
  NodeName node;
  NUTSHELL_ACTION("copy_disk", "make a copy of a broker's disk, for restore_disk")
  NUTSHELL_FIELDS(CopyDisk, node)
};
struct RestoreDisk {
  NodeName node;
  NUTSHELL_ACTION("restore_disk", "a broker that is down finds its disk as it was when it was copied (copy_disk)")
  NUTSHELL_FIELDS(RestoreDisk, node)
};
struct FailDirectory {
  NodeName node;
  Whole<0, kMostLogDirs - 1> directory = 0;
  NUTSHELL_ACTION("fail_directory", "the disk of one of a broker's log directories (log.dirs) breaks; the first is 0")
  NUTSHELL_FIELDS(FailDirectory, node, directory)
};
struct FillDisk {
  NodeName node;
  Whole<0, kMostLogDirs - 1> directory = 0;
  AnyCount free_bytes = 0;
  NUTSHELL_ACTION("fill_disk", "leave a broker's log directory room for so many bytes; what does not fit makes it fail")
  NUTSHELL_FIELDS(FillDisk, node, directory, free_bytes)
};

struct DeleteRecords {
  TopicName topic;
  PartitionNumber partition = 0;
  Whole<0, Bounds{}.high> offset = -1;  // -1: all that is committed
  NUTSHELL_ACTION("delete_records", "delete the records of a partition below an offset (kafka-delete-records); without one, all")
  NUTSHELL_FIELDS(DeleteRecords, topic, partition, offset)
};

struct Ksql {
  NodeName server;
  FreeText statement;
  NUTSHELL_ACTION("ksql", "type statements of ksqlDB at a server")
  NUTSHELL_FIELDS(Ksql, server, statement)
};

// zones: where machines stand that fail together
struct LoseZone {
  ZoneName zone;
  bool cut_off = false;  // everything runs on, but nothing passes between the zone and the rest
  NUTSHELL_ACTION("lose_zone", "all machines of a zone lose power at once; with cut_off they run on, and its links to the rest are cut")
  NUTSHELL_FIELDS(LoseZone, zone, cut_off)
};
struct RestoreZone {
  ZoneName zone;
  NUTSHELL_ACTION("restore_zone", "a zone comes back: what is down in it starts, and its links to the rest are mended")
  NUTSHELL_FIELDS(RestoreZone, zone)
};
struct SetZoneLatency {
  ZoneName zone;
  MayMiss<ZoneName> to;  // empty: all others
  Needed<AnySpan> latency;
  NUTSHELL_ACTION("set_zone_latency", "what messages between two zones, or between one and all others, take longer, each way")
  NUTSHELL_FIELDS(SetZoneLatency, zone, to, latency)
};

// Kafka Connect, and what lies at its ends; schema registries
struct Rest {
  NodeName worker;  // or registry
  FreeText call;
  NUTSHELL_ACTION("rest", "call the REST interface of a Connect worker or a schema registry: \"PUT /connectors/NAME/pause\"")
  NUTSHELL_FIELDS(Rest, worker, call)
};
struct Sql {
  NodeName store;
  FreeText statement;
  NUTSHELL_ACTION("sql", "carry out statements in a data store: CREATE TABLE, INSERT INTO, UPDATE, DELETE")
  NUTSHELL_FIELDS(Sql, store, statement)
};
struct WriteFile {
  NodeName store;
  FreeText file, text;
  NUTSHELL_ACTION("write_file", "append text to a file in a data store; a line ends with \\n")
  NUTSHELL_FIELDS(WriteFile, store, file, text)
};

// a workload on several systems, where there is one in the place of a cluster
struct CrashWorker {
  FreeText worker;
  NUTSHELL_ACTION("crash_worker", "kill a consumer of the workload, on all systems at once: \"billing/c1\"")
  NUTSHELL_FIELDS(CrashWorker, worker)
};
struct LoseNode {
  MayMiss<FreeText> system;  // empty: all that have nodes
  bool cut_off = false;  // it goes on, and hears nobody
  NUTSHELL_ACTION("lose_node",
                  "kill the node that leads, or cut it off, on all systems at once; those without nodes of one's own say so")
  NUTSHELL_FIELDS(LoseNode, system, cut_off)
};
struct SetSystem {
  FreeText system, key, value;
  NUTSHELL_ACTION("set_system", "declare one of the systems otherwise, before anything runs: a key of its product")
  NUTSHELL_FIELDS(SetSystem, system, key, value)
};

struct SetLoad {
  ProducerName producer;
  SpanWithin<kMinEvery, kMaxUntil> every = -1;              // -1: leave as it is
  Whole<1, kMostRecordBytes> record_bytes = -1;
  NUTSHELL_ACTION("set_load", "a producer's application sends more or less often, or larger or smaller records")
  NUTSHELL_FIELDS(SetLoad, producer, every, record_bytes)
};

#undef NUTSHELL_ACTION

// New ones are added at the end: the place of an action is its number in share codes and digests.
using ActionVariant = std::variant<Crash, Start, Stop, Pause, Resume, Slow, SetClock, Cut, Heal, Jam, Release, SetLink,
                                   LoseResponses, DropMessage, Send, SetConfig, CreateTopic, ElectLeader, AddBroker,
                                   AddConsumer, AddProducer, AddPartitions, SetElectionTimeout, DeleteTopic, TearTail, LieAboutFlush,
                                   StallDisk, CorruptBatch, WipeDisk, CopyDisk, RestoreDisk, DeleteRecords, FailDirectory, FillDisk,
                                   CrashWorker, LoseNode, SetSystem, Ksql, LoseZone, RestoreZone, SetZoneLatency, Rest, Sql, WriteFile,
                                   SetLoad>;

// One of them. Of so many alternatives the copies are long: they are generated once, and not wherever somebody has a list.
struct ActionBody : ActionVariant {
  NUTSHELL_VALUE(ActionBody)
  template <class Each>
    requires kIsAlternative<Each, ActionVariant>
  ActionBody(Each action) : ActionVariant(std::in_place_type<Each>, std::move(action)) {}
  void fold_into(std::uint64_t& digest) const;
};

// A field that has to have a value, both as text: numbers in decimals, "true" or "false", names.
struct FieldTest {
  std::string field;
  std::string value;
  NUTSHELL_FIELDS(FieldTest, field, value)
};

// Facts as beats, expectations and actions name them (sim/history/fact_pattern.h says how they are matched).
struct FactPattern {
  std::string fact;
  std::vector<FieldTest> where;
  std::int64_t nth = 1;  // which of the matching facts is meant, where one is meant
  NUTSHELL_FIELDS(FactPattern, fact, where, nth)
};

// What an action waits for instead of a time. It is done that long after the fact; at once, with 0, is a nanosecond
// after all that happens at that moment.
struct When {
  FactPattern fact;
  Duration after = 0;
  NUTSHELL_FIELDS(When, fact, after)
};

// An action and when it happens: before the events of that time (of several, in the order of the script).
struct Action {
  Time at = 0;  // of one that waits: known when its fact has happened
  ActionBody body;
  std::optional<When> when = std::nullopt;
  template <class F>
  static constexpr void each_field(F&& f) {
    f("at", &Action::at);
    f("body", &Action::body);
    f("when", &Action::when);
  }
  void fold_into(std::uint64_t& digest) const {  // without a word about what is not there
    fold(digest, at);
    fold(digest, body);
    if (when) fold(digest, *when);
  }
};

std::string_view action_name(const ActionBody& body);

// Why the action cannot be done in this world as it is ("there is no node named 'broker 9'; ..."), or empty.
// An action that is possible but changes nothing now is no error.
std::string impossible(const World& world, const ActionBody& body);

// Why Kafka, or its tool, would not do it as things stand ("there is a topic 'orders' already (TOPIC_ALREADY_EXISTS)"),
// or empty: it would, as far as can be told before it is asked. REQUIRES impossible() is empty.
std::string refusal(const World& world, const ActionBody& body);

// Why the action would change nothing if it were done now ("Broker 1 is already down."), as a sentence; or empty: it
// would change something, or be refused. For menus, which show such an entry greyed. REQUIRES impossible() is empty.
std::string pointless(const World& world, const ActionBody& body);

// The action as a sentence: "Broker 1 is killed."
std::string sentence(const ActionBody& body);

}  // namespace nutshell

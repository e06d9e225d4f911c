#include "sim/cluster/describe.h"

#include <doctest/doctest.h>

#include "sim/log/hash.h"

namespace nutshell {
namespace {

// A cluster put together by hand, without a step taken: three brokers, one controller that leads, the topic
// "orders" with two partitions, and the group "cooks" with three members, one of them idle.
struct Kitchen {
  World world;
  std::int32_t orders = -1, offsets = -1, cooks = -1;
  std::int32_t coordinator_of = 0;
  Offset next = 0;

  Kitchen() {
    Setup setup;
    setup.controllers = 1;
    setup.topics.push_back({"orders", 2, 3, {}, {}});
    for (const char* name : {"c1", "c2", "c3"}) setup.consumers.push_back({name, "cooks", {"orders"}});
    world = make_world(setup);
    for (Node& each : world.fabric.nodes) each.status = NodeStatus::running;
    orders = world.fabric.names.intern("orders");
    offsets = world.fabric.names.intern(kOffsetsTopic);
    cooks = world.fabric.names.intern("cooks");
    Controller& controller = world.controllers[0];
    controller.active = true;
    controller.raft.role = RaftRole::leader;
    controller.raft.leader = controller.node;
    controller.raft.epoch = 3;
    for (const Broker& each : world.brokers) {
      write(RegisterBrokerRecord{each.id, each.node, 1});
      write(BrokerRegistrationChangeRecord{each.id, false, false});
    }
    add_topic(orders, {registration({1, 2, 3}, {1, 2, 3}, 1), registration({2, 3, 1}, {2, 3}, 2)});
    add_topic(offsets, {registration({3, 1, 2}, {3, 1, 2}, 3)});
    add_group();
  }

  void write(const MetadataRecord& record) {
    world.controllers[0].image.apply(next++, record);
    world.controllers[0].raft.log.push_back({3, kNoStep, record});
  }
  static PartitionRegistration registration(BrokerList replicas, BrokerList isr, BrokerId leader) {
    return {replicas, isr, leader, 0, 0, false};
  }
  void add_topic(TopicId topic, const std::vector<PartitionRegistration>& partitions) {
    write(TopicRecord{topic, static_cast<std::int32_t>(partitions.size())});
    for (std::size_t i = 0; i < partitions.size(); ++i) {
      const TopicPartition tp{topic, static_cast<std::int32_t>(i)};
      write(PartitionRecord{tp, partitions[i]});
      for (std::int16_t id : partitions[i].replicas) {
        Replica replica;
        replica.tp = tp;
        replica.role = id == partitions[i].leader ? ReplicaRole::leader : ReplicaRole::follower;
        Broker& broker = world.brokers[static_cast<std::size_t>(id - 1)];
        broker.replica_keys.add(replica.tp);
        broker.replicas.push_back(replica);
      }
    }
  }
  Replica& replica(BrokerId broker, TopicPartition tp) {
    return *world.brokers[static_cast<std::size_t>(broker - 1)].replica(tp);
  }
  // The replica gets `count` records, of which all below `high_watermark` are committed.
  void fill(BrokerId broker, std::int32_t partition, std::int32_t count, Offset high_watermark) {
    Replica& filled = replica(broker, {orders, partition});
    for (std::int32_t i = 0; i < count; ++i) {
      const auto stored = static_cast<std::int64_t>(world.commons.store.records.size());
      world.commons.store.records.push_back({world.consumers[0].node, -1, world.fabric.names.intern("tea"), 0});
      Batch batch;
      batch.first_record = stored;
      batch.count = 1;
      batch.size_in_bytes = 80;
      filled.log.append_as_leader(batch, 0, LogConfig{}, 0);
    }
    filled.log.raise_high_watermark(high_watermark);
  }
  void add_group() {
    Group group;
    group.group = cooks;
    group.partition = coordinator_of = coordinator_partition("cooks", 1);
    group.state = GroupState::stable;
    group.generation = 4;
    for (const char* client : {"c1", "c2", "c3"}) {
      GroupMember member;
      member.member_id = world.fabric.names.intern(std::string(client) + "-7");
      member.topics = {orders};
      for (std::size_t i = 0; i < world.fabric.nodes.size(); ++i)
        if (world.fabric.nodes[i].name == client) member.client = static_cast<NodeId>(i);
      group.members.push_back(member);
    }
    group.members[0].assignment = {{orders, 0}};
    group.members[1].assignment = {{orders, 1}};
    group.offsets = {{{orders, 0}, 5, 0}};
    world.brokers[2].groups.partitions = {coordinator_of};
    world.brokers[2].groups.groups = {group};
  }
  Group& group() { return world.brokers[2].groups.groups[0]; }
  std::string value(std::string_view path) const { return describe_value(world, path).value_or("(none)"); }
};

}  // namespace

TEST_CASE("topics stand as in the output of kafka-topics --describe") {
  Kitchen kitchen;
  CHECK(to_text(describe(kitchen.world, "topics")) ==
        "Topic: orders  PartitionCount: 2  ReplicationFactor: 3  Configs: \n"
        "  Topic: orders  Partition: 0  Leader: 1  Replicas: 1,2,3  Isr: 1,2,3  Elr: N/A  LastKnownElr: N/A\n"
        "  Topic: orders  Partition: 1  Leader: 2  Replicas: 2,3,1  Isr: 2,3  Elr: N/A  LastKnownElr: N/A\n");
  CHECK(kitchen.value("topics/orders/PartitionCount") == "2");
  CHECK(kitchen.value("topics/orders/1/Isr") == "2,3");
  CHECK(kitchen.value("topics/__consumer_offsets/0/Leader") == "3");
  CHECK(describe(kitchen.world, "topics", InternalTopics::show).size() == 2);
}

TEST_CASE("a topic shows the configuration that differs from the defaults") {
  Kitchen kitchen;
  TopicConfig config;
  config.min_insync_replicas = 2;
  kitchen.write(TopicConfigRecord{kitchen.orders, config});
  CHECK(kitchen.value("topics/orders/Configs") == "min.insync.replicas=2");
}

TEST_CASE("a partition without a leader: none, and its lag is unknown, never 0") {
  Kitchen kitchen;
  kitchen.fill(1, 0, 8, 8);
  CHECK(kitchen.value("groups/cooks/orders/0/LAG") == "3");
  kitchen.write(PartitionRecord{{kitchen.orders, 0}, Kitchen::registration({1, 2, 3}, {1}, kNoBroker)});
  CHECK(kitchen.value("topics/orders/0/Leader") == "none");
  CHECK(kitchen.value("groups/cooks/orders/0/CURRENT-OFFSET") == "5");
  CHECK(kitchen.value("groups/cooks/orders/0/LOG-END-OFFSET") == "-");
  CHECK(kitchen.value("groups/cooks/orders/0/LAG") == "-");
  // The other partition does not suffer from it.
  CHECK(kitchen.value("groups/cooks/orders/1/LOG-END-OFFSET") == "0");
}

TEST_CASE("a leader that is down, paused or has not caught up with its own epoch tells no log end") {
  Kitchen kitchen;
  kitchen.fill(1, 0, 8, 8);
  Node& leader = kitchen.world.fabric.nodes[static_cast<std::size_t>(kitchen.world.brokers[0].node)];
  for (NodeStatus silent : {NodeStatus::down, NodeStatus::paused}) {
    leader.status = silent;
    CHECK(kitchen.value("groups/cooks/orders/0/LAG") == "-");
  }
  leader.status = NodeStatus::running;
  kitchen.replica(1, {kitchen.orders, 0}).epoch_start = 9;  // R9
  CHECK(kitchen.value("groups/cooks/orders/0/LOG-END-OFFSET") == "-");
}

TEST_CASE("the log end of a group is the high watermark, and lag is below 0 where more is committed (G5)") {
  Kitchen kitchen;
  kitchen.fill(1, 0, 8, 6);
  CHECK(kitchen.value("groups/cooks/orders/0/LOG-END-OFFSET") == "6");
  CHECK(kitchen.value("groups/cooks/orders/0/LAG") == "1");
  kitchen.group().offsets[0].offset = 7;
  CHECK(kitchen.value("groups/cooks/orders/0/LAG") == "-1");
}

TEST_CASE("groups stand in the columns of kafka-consumer-groups --describe, idle members included") {
  Kitchen kitchen;
  kitchen.fill(1, 0, 8, 8);
  CHECK(to_text(describe(kitchen.world, "groups")) ==
        "GROUP  COORDINATOR (ID)  ASSIGNMENT-STRATEGY  STATE   #MEMBERS\n"
        "cooks  broker 3 (3)      range                Stable  3\n"
        "\n"
        "Consumer group 'cooks'\n"
        "GROUP  TOPIC   PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG  CONSUMER-ID  HOST  CLIENT-ID\n"
        "cooks  orders  0          5               8               3    c1-7         /c1   c1\n"
        "cooks  orders  1          -               0               -    c2-7         /c2   c2\n"
        "cooks  -       -          -               -               -    c3-7         /c3   c3\n");
  CHECK(to_text(describe(kitchen.world, "members")) ==
        "GROUP  CONSUMER-ID  HOST  CLIENT-ID  #PARTITIONS  CURRENT-EPOCH  CURRENT-ASSIGNMENT  TARGET-EPOCH  TARGET-ASSIGNMENT\n"
        "cooks  c1-7         /c1   c1         1            -              orders:0            -             -\n"
        "cooks  c2-7         /c2   c2         1            -              orders:1            -             -\n"
        "cooks  c3-7         /c3   c3         0            -              -                   -             -\n");
  CHECK(kitchen.value("members/cooks/c3/#PARTITIONS") == "0");
  CHECK(kitchen.value("members/cooks/c1-7/CURRENT-ASSIGNMENT") == "orders:0");
}

TEST_CASE("while a group rebalances nobody owns anything, and what was committed stays") {
  Kitchen kitchen;
  kitchen.group().state = GroupState::preparing_rebalance;
  CHECK(describe(kitchen.world, "groups")[1].title == "Warning: Consumer group 'cooks' is rebalancing.");
  CHECK(kitchen.value("groups/cooks/STATE") == "PreparingRebalance");
  CHECK(kitchen.value("groups/cooks/orders/0/CONSUMER-ID") == "-");
  CHECK(kitchen.value("groups/cooks/orders/0/CURRENT-OFFSET") == "5");
  CHECK(kitchen.value("members/cooks/c1/#PARTITIONS") == "0");
  kitchen.group().members.clear();
  kitchen.group().state = GroupState::empty;
  CHECK(describe(kitchen.world, "groups")[1].title == "Consumer group 'cooks' has no active members.");
  CHECK(kitchen.value("groups/cooks/#MEMBERS") == "0");
}

TEST_CASE("a coordinator that cannot be asked leaves dashes") {
  Kitchen kitchen;
  kitchen.world.fabric.nodes[static_cast<std::size_t>(kitchen.world.brokers[2].node)].status = NodeStatus::paused;
  CHECK(kitchen.value("groups/cooks/STATE") == "-");
  CHECK(kitchen.value("groups/cooks/#MEMBERS") == "-");
  CHECK(kitchen.value("groups/cooks/COORDINATOR (ID)") == "broker 3 (3)");
  CHECK(kitchen.value("groups/cooks/orders/0/LAG") == "(none)");
}

TEST_CASE("the quorum by status and by replica") {
  Kitchen kitchen;
  Raft& raft = kitchen.world.controllers[0].raft;
  raft.high_watermark = 9;
  RaftProgress observer;
  observer.node = kitchen.world.brokers[1].node;
  observer.end_offset = raft.end_offset() - 2;
  observer.last_fetch = 1500 * kMillisecond;
  raft.progress = {observer};
  CHECK(kitchen.value("quorum/LeaderId") == "3001");
  CHECK(kitchen.value("quorum/LeaderEpoch") == "3");
  CHECK(kitchen.value("quorum/HighWatermark") == "9");
  CHECK(kitchen.value("quorum/CurrentVoters") == "[{\"id\": 3001}]");
  CHECK(kitchen.value("quorum/MaxFollowerLagTimeMs") == "0");
  CHECK(to_text(describe(kitchen.world, "quorum")).find("LeaderId:               3001\nLeaderEpoch:            3\n") == 0);
  CHECK(kitchen.value("quorum/CurrentObservers") == "[{\"id\": 2}]");
  CHECK(kitchen.value("quorum/Q1/Status") == "Leader");
  CHECK(kitchen.value("quorum/2/Status") == "Observer");
  CHECK(kitchen.value("quorum/2/Lag") == "2");
  CHECK(kitchen.value("quorum/broker 2/LastFetchTimestamp") == "1.500s");
  CHECK(kitchen.value("quorum/2/LastCaughtUpTimestamp") == "-");
  kitchen.world.fabric.nodes[static_cast<std::size_t>(raft.node)].status = NodeStatus::down;
  CHECK(kitchen.value("quorum/LeaderId") == "-");
}

TEST_CASE("brokers as the controllers and the machines see them") {
  Kitchen kitchen;
  CHECK(kitchen.value("brokers/1/State") == "active");
  CHECK(kitchen.value("brokers/2/BrokerEpoch") == "2");
  CHECK(kitchen.value("brokers/2/LeaderCount") == "1");
  CHECK(kitchen.value("brokers/2/PartitionCount") == "3");
  CHECK(kitchen.value("brokers/2/UnderReplicatedPartitions") == "1");
  kitchen.write(BrokerRegistrationChangeRecord{1, true, false});
  CHECK(kitchen.value("brokers/1/State") == "fenced");
  CHECK(kitchen.value("brokers/1/Process") == "running");
}

TEST_CASE("logs show each replica's disk, whether or not its broker lives") {
  Kitchen kitchen;
  kitchen.fill(1, 0, 6, 5);
  kitchen.world.fabric.nodes[static_cast<std::size_t>(kitchen.world.brokers[0].node)].status = NodeStatus::down;
  CHECK(kitchen.value("logs/1/orders/0/LogEndOffset") == "6");
  CHECK(kitchen.value("logs/1/orders/0/HighWatermark") == "5");
  CHECK(kitchen.value("logs/1/orders/0/Epochs") == "0@0");
  CHECK(kitchen.value("logs/1/orders/0/LastRecords") == "... 2:tea 3:tea 4:tea 5:tea");
  CHECK(kitchen.value("logs/1/orders/1/InIsr") == "no");
  CHECK(kitchen.value("logs/2/orders/0/LastRecords") == "-");
  CHECK(describe(kitchen.world, "logs")[0].rows.size() == 6);
}

TEST_CASE("every subject describes every world, from before its first step on") {
  const World world = make_world(Setup{});
  for (std::string_view subject : describe_subjects())
    CHECK_NOTHROW(to_text(describe(world, subject, InternalTopics::show)));
  CHECK(describe(world, "topic").empty());
  for (const char* path : {"", "/", "topics", "topics/", "topics/orders/0/Isr", "brokers/9/State", "groups//", "x/y"})
    CHECK(!describe_value(world, path));
  CHECK(describe_value(world, "brokers/1/State") == "unregistered");
  CHECK(describe_value(world, "brokers/1/Process") == "down");
}

}  // namespace nutshell

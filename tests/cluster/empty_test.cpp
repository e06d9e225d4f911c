// A cluster that begins without brokers, and what hands do to it and to its controllers' elections.
#include <set>

#include "sim/kafka/config_keys.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup nothing(std::int32_t controllers = 1) {
  Setup setup;
  setup.brokers = 0;
  setup.controllers = controllers;
  setup.config.offsets_topic_replication_factor = 1;
  setup.config.offsets_topic_num_partitions = 1;
  return setup;
}

struct Built : Cluster {
  Built() : Cluster(nothing()) {
    run_to(2 * kSecond);
    for (std::int64_t id = 1; id <= 3; ++id) act(AddBroker{id});
    run_for(3 * kSecond);
  }
};

// Three controllers of which the active one is killed; then the two others get these time-outs.
struct Vote : Cluster {
  Vote(Duration first, Duration second) : Cluster(quorum()) {
    run_to(10 * kSecond);
    std::vector<std::string> others;
    std::string leader;
    for (const Controller& each : world.controllers) {
      const std::string& name = world.fabric.nodes[static_cast<std::size_t>(each.node)].name;
      if (each.raft.role == RaftRole::leader) leader = name;
      else others.push_back(name);
      epoch = std::max(epoch, each.raft.epoch);
    }
    crash(leader);
    run_for(100 * kMillisecond);
    killed = now();
    act(SetElectionTimeout{others[0], {first}});
    act(SetElectionTimeout{others[1], {second}});
  }
  static Setup quorum() {
    Setup setup;
    setup.controllers = 3;
    return setup;
  }
  std::size_t candidates(Epoch in) const {
    return count("election_started", {{"epoch", std::to_string(in)}, {"pre_vote", "false"}}, killed);
  }
  Epoch epoch = 0;
  Time killed = 0;
};

}  // namespace

TEST_CASE("a cluster may begin with no broker, if nothing in it needs one") {
  CHECK(problems(nothing()).empty());
  Setup setup = nothing();
  setup.topics = {topic("orders", {1})};
  setup.producers = {producer("shop", "orders")};
  CHECK(problems(setup) == std::vector<std::string>{"a cluster that begins without brokers begins without topics, producers and "
                                                    "consumers as well; the script may add them"});
  setup = nothing();
  setup.brokers = -1;
  CHECK(problems(setup) == std::vector<std::string>{"a cluster has between 0 and 1000 brokers"});
  Cluster c(nothing(3));
  c.run_to(kMinute);
  CHECK(c.happened("controller_activated"));
  CHECK(c.betrayals() == "");
  CHECK(c.value("topics/orders/0/Leader") == "none");
}

TEST_CASE("it is built up by hand, and works like any other") {
  Built c;
  c.act(CreateTopic{"orders", 3, 3});
  c.until("topic_created", {{"topic", "orders"}, {"partitions", "3"}, {"replication_factor", "3"}}, kSecond);
  c.run_for(kSecond);
  std::set<std::string> leaders;
  for (int p = 0; p < 3; ++p) leaders.insert(c.value("topics/orders/" + std::to_string(p) + "/Leader"));
  CHECK(leaders == std::set<std::string>{"1", "2", "3"});  // R19: striped
  c.act(AddProducer{"shop", "orders", {100 * kMillisecond}});
  c.act(AddConsumer{"c1", "g", "orders"});
  c.act(AddConsumer{"c2", "g", "orders"});
  c.run_for(20 * kSecond);
  CHECK(c.happened("records_delivered"));
  for (const char* each : {"c1", "c2"}) CHECK(c.happened("partition_assigned", {{"consumer", each}}));
  CHECK(c.betrayals() == "");
}

TEST_CASE("a new topic is refused in Kafka's words") {
  Cluster c(nothing());
  const auto why = [&](const CreateTopic& topic) {
    const std::string never = impossible(c.world, topic);
    return never.empty() ? refusal(c.world, topic) : never;
  };
  CHECK(why({"orders", 1, 1}) == "there is no broker yet that could hold a partition (INVALID_REPLICATION_FACTOR)");
  c.run_to(2 * kSecond);
  c.act(AddBroker{1});
  CHECK(why({"orders", 1, 2}) == "replication_factor must be between 1 and the number of brokers, 1 (INVALID_REPLICATION_FACTOR)");
  CHECK(why({"orders", 0, 1}) == "partitions must be at least 1 (INVALID_PARTITIONS)");
  CHECK(why({"or ders", 1, 1}).find("INVALID_TOPIC_EXCEPTION") != std::string::npos);
  CHECK(why({"orders", 1, 1}) == "");
  c.act(CreateTopic{"orders", 1, 1});
  CHECK(why({"orders", 1, 1}) == "there is a topic 'orders' already (TOPIC_ALREADY_EXISTS)");
}

TEST_CASE("where too few brokers are alive the controller refuses once, and what comes after is not held up (R19)") {
  Built c;
  c.crash("broker 2");
  c.crash("broker 3");
  c.run_for(15 * kSecond);
  c.act(CreateTopic{"wide", 1, 3});
  c.act(CreateTopic{"narrow", 1, 1});
  c.run_for(5 * kSecond);
  // A fenced broker still counts for placement (R19), but one that is unfenced has to lead.
  const bool wide = c.value("topics/wide/0/Leader") != "none";
  CHECK(c.count("topic_refused", {{"topic", "wide"}}) == (wide ? 0 : 1));
  CHECK(c.value("topics/narrow/0/Leader") == "1");
}

TEST_CASE("a topic that is asked for before its brokers have registered comes when they have") {
  Cluster c(nothing());
  c.run_to(2 * kSecond);
  c.act(AddBroker{1});
  c.act(CreateTopic{"orders", 1, 1});
  c.until("topic_created", {{"topic", "orders"}}, 3 * kSecond);
  CHECK(c.count("topic_refused") == 0);
}

TEST_CASE("another consumer of a group is another instance of the same application") {
  Built c;
  c.act(CreateTopic{"orders", 2, 1});
  c.run_for(kSecond);
  c.act(AddConsumer{"c1", "g", "orders"});
  c.act(SetConfig{"c1", "partition.assignment.strategy", "roundrobin"});
  c.act(AddConsumer{"c2", "g", "orders"});
  c.act(AddConsumer{"d1", "h", "orders"});
  const auto strategy = [&](std::size_t which) {
    return get_config(c.world.consumers[which].spec.config, "partition.assignment.strategy");
  };
  CHECK(strategy(1) == strategy(0));
  CHECK(c.world.consumers[1].spec.topics.size() == 1);
  CHECK(strategy(2) != strategy(0));
}

TEST_CASE("K2, K3: who campaigns at the same moment splits the vote, and a later epoch decides") {
  Vote c(kSecond, kSecond);
  c.run_for(1500 * kMillisecond);
  CHECK(c.candidates(c.epoch + 1) == 2);
  CHECK_FALSE(c.happened("controller_elected", {{"epoch", std::to_string(c.epoch + 1)}}));
  c.run_for(30 * kSecond);
  CHECK(c.happened("controller_activated", {}, c.killed));
  CHECK_FALSE(c.happened("controller_elected", {{"epoch", std::to_string(c.epoch + 1)}}));
  CHECK(c.betrayals() == "");
}

TEST_CASE("K2, K4: who campaigns one after the other elects at the first vote") {
  Vote c(kSecond, 1300 * kMillisecond);
  c.run_for(1500 * kMillisecond);
  CHECK(c.candidates(c.epoch + 1) == 1);
  CHECK(c.happened("controller_activated", {{"epoch", std::to_string(c.epoch + 1)}}));
  CHECK(c.betrayals() == "");
}

TEST_CASE("a time-out that is set takes nobody's luck") {
  Vote c(kSecond, 1300 * kMillisecond);
  std::uint64_t draws = 0;
  for (const Controller& each : c.world.controllers) draws += each.raft.draws;
  for (const Controller& each : c.world.controllers) {
    const std::string& name = c.world.fabric.nodes[static_cast<std::size_t>(each.node)].name;
    c.act(SetElectionTimeout{name, {5 * kSecond}});
  }
  std::uint64_t after = 0;
  for (const Controller& each : c.world.controllers) after += each.raft.draws;
  CHECK(after == draws);
}

}  // namespace nutshell

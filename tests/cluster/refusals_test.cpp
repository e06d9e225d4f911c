// What Kafka refuses, and what cannot be done when its time comes: a fact with its reason, and the run goes on.
#include <sstream>

#include "sim/kafka/config_keys.h"
#include "sim/log/hash.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup setup_of() {
  Setup setup;
  setup.controllers = 3;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders", 500 * kMillisecond)};
  return setup;
}

struct Refused : Cluster {
  Refused() : Cluster(setup_of()) { run_to(12 * kSecond); }
  // What is said against the action within two seconds: "action: reason (ERROR)"; empty: nothing.
  std::string said_against(const ActionBody& body) {
    const std::size_t before = facts.size();
    std::vector<Fact> found;
    apply(world, Action{now(), body}, found);
    facts.insert(facts.end(), found.begin(), found.end());
    run_for(2 * kSecond);
    const WorldNamer names(world);
    for (std::size_t i = before; i < facts.size(); ++i) {
      if (!facts[i].body.is<ActionRefused>()) continue;
      const auto field = [&](const char* name) { return field_text(facts[i].body, name, names); };
      return field("action") + ": " + field("reason") + (field("error") == "NONE" ? "" : " (" + field("error") + ")");
    }
    return "";
  }
};

}  // namespace

TEST_CASE("a topic with more replicas than brokers is refused by the controller, and nothing else is held up") {
  Refused c;
  c.act(CreateTopic{"wide", 1, 5});
  c.act(CreateTopic{"narrow", 1, 1});
  c.run_for(3 * kSecond);
  CHECK(c.happened("topic_refused", {{"topic", "wide"}, {"error", "INVALID_REPLICATION_FACTOR"}}));
  CHECK(c.value("topics/narrow/PartitionCount") == "1");
  CHECK(c.value("topics/wide/PartitionCount") == "none");
}

TEST_CASE("a broker takes at run time only what Kafka updates dynamically") {
  Refused c;
  CHECK(c.said_against(SetConfig{"brokers", "replica.lag.time.max.ms", "10s"}) ==
        "set_config: Cannot update these configs dynamically: replica.lag.time.max.ms (INVALID_REQUEST); set it while the process is down");
  CHECK(get_config(c.world.brokers[0].config, "replica.lag.time.max.ms") == "30000");
  CHECK(c.said_against(SetConfig{"broker 1", "min.insync.replicas", "2"}) == "");
  CHECK(get_config(c.world.brokers[0].config, "min.insync.replicas") == "2");
  CHECK(c.said_against(SetConfig{"broker 2", "min.insync.replicas", "0"}).find("min.insync.replicas must be") != std::string::npos);
  c.crash("broker 3");
  CHECK(c.said_against(SetConfig{"broker 3", "replica.lag.time.max.ms", "10s"}) == "");  // its file is edited
  CHECK(get_config(c.world.brokers[2].config, "replica.lag.time.max.ms") == "10000");
  CHECK(c.said_against(SetConfig{"orders", "min.insync.replicas", "many"}).find("set_config: min.insync.replicas must be") == 0);
  c.run_for(kSecond);
  CHECK(c.value("topics/orders/Configs") == "min.insync.replicas=2");  // of the brokers; the topic says nothing
}

TEST_CASE("what cannot be done or changes nothing is told, and nothing is aborted") {
  Refused c;
  c.crash("broker 3");
  CHECK(c.said_against(Crash{"broker 3"}) == "crash: Broker 3 is already down");
  CHECK(c.said_against(Start{"broker 2"}) == "start: Broker 2 is already running");
  CHECK(c.said_against(Heal{}) == "heal: No link is cut");
  CHECK(c.said_against(Crash{"broker 9"}).find("crash: there is no node 'broker 9'") == 0);
  CHECK(c.said_against(Send{"nobody"}).find("send: there is no node 'nobody'") == 0);
  CHECK(c.said_against(ElectLeader{"nothing", 0}) == "elect_leader: there is no topic 'nothing'");
  CHECK(c.said_against(Crash{"broker 2"}) == "");
}

TEST_CASE("num.partitions and default.replication.factor are for those who do not say (CreateTopics with -1)") {
  Setup setup;
  setup.controllers = 3;
  setup.config.num_partitions = 5;
  setup.config.default_replication_factor = 3;
  TopicSpec plain, said;
  plain.name = "plain";
  said.name = "said";
  said.partitions = 2;
  said.replication_factor = 1;
  setup.topics = {plain, said};
  Cluster c(setup);
  c.run_to(8 * kSecond);
  c.act(CreateTopic{"later"});
  c.run_for(kSecond);
  for (const char* each : {"plain", "later"}) {
    CHECK(c.value(std::string("topics/") + each + "/PartitionCount") == "5");
    CHECK(c.value(std::string("topics/") + each + "/ReplicationFactor") == "3");
  }
  CHECK(c.value("topics/said/PartitionCount") == "2");
  CHECK(c.value("topics/said/ReplicationFactor") == "1");
}

TEST_CASE("a topic's Configs are what differs from Kafka's defaults, in the tool's order") {
  Setup setup = setup_of();
  setup.topics[0].config.segment_bytes = 1 << 20;
  setup.topics[0].config.min_insync_replicas = 2;
  setup.topics.push_back(topic("other", {1}));
  setup.config.unclean_leader_election_enable = true;
  Cluster c(setup);
  c.run_to(8 * kSecond);
  CHECK(c.value("topics/orders/Configs") == "min.insync.replicas=2,segment.bytes=1048576,unclean.leader.election.enable=true");
  CHECK(c.value("topics/other/Configs") == "unclean.leader.election.enable=true");
}

// kafka-topics prints the entries of a Java HashMap that holds all configuration of the topic, some 35 keys: more than 24 and
// no more than 48 of them lie in 64 buckets.
TEST_CASE("Configs stand in the order of the hash map that the tool prints") {
  Setup setup = setup_of();
  for (const ConfigKey& key : config_keys()) {
    if (key.scope != ConfigScope::topic) continue;
    const char* other = key.type == ConfigType::boolean              ? "true"
                        : key.type == ConfigType::ratio              ? "0.25"
                        : key.name == "cleanup.policy"               ? "compact"
                        : key.name == "message.timestamp.type"       ? "LogAppendTime"
                                                                     : "1048577";
    REQUIRE(set_config(setup.topics[0].config, key.name, other) == "");
  }
  Cluster c(setup);
  c.run_to(8 * kSecond);
  const auto bucket = [](std::string_view key) {
    const auto hash = static_cast<std::uint32_t>(java_string_hash(key));
    return (hash ^ hash >> 16) & 63;
  };
  std::istringstream printed(c.value("topics/orders/Configs"));
  std::vector<std::uint32_t> buckets;
  for (std::string entry; std::getline(printed, entry, ',');) buckets.push_back(bucket(entry.substr(0, entry.find('='))));
  CHECK(buckets.size() == 19);
  CHECK(std::is_sorted(buckets.begin(), buckets.end()));
}

TEST_CASE("every table of describe has the paths that a file may name, and no others") {
  Setup setup = setup_of();
  setup.consumers = {consumer("c1", "g", "orders")};
  setup.racks = {"a", "b"};
  Cluster c(setup);
  c.run_to(15 * kSecond);
  for (const PathShape& shape : describe_paths()) {
    std::string path(shape.subject), zone = "/a";
    for (PathPart part : shape.parts) {
      if (part == PathPart::zone) {
        path += std::exchange(zone, "/b");
        continue;
      }
      const bool of_topic = part == PathPart::topic, of_number = part == PathPart::partition;
      path += of_topic ? "/orders" : of_number ? "/0" : part == PathPart::group ? "/g" : part == PathPart::member ? "/c1"
              : part == PathPart::broker ? "/1" : "/Q1";
    }
    for (std::string_view column : shape.columns) CHECK_MESSAGE(c.value(path + "/" + std::string(column)) != "none", path << "/" << column);
  }
  for (std::string_view subject : describe_subjects()) {
    for (const Table& table : describe(c.world, subject)) {
      for (const std::string& column : table.columns) {
        const bool known = std::any_of(describe_paths().begin(), describe_paths().end(), [&](const PathShape& shape) {
          return shape.subject == subject && std::count(shape.columns.begin(), shape.columns.end(), column) > 0;
        });
        CHECK_MESSAGE(known, subject << " " << column);
      }
    }
  }
}

}  // namespace nutshell

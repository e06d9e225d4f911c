// Why an action would change nothing: for every action of the table, where it would and where it would not. Then the
// proof: what is called pointless leaves the state as it is.
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

// Three brokers, one controller, the topic "orders" led by broker 1, a shop that writes, a consumer that reads.
Setup shop_setup() {
  Setup setup;
  setup.controllers = 3;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders", 500 * kMillisecond)};
  setup.consumers = {consumer("c1", "billing", "orders")};
  return setup;
}

struct Told : Cluster {
  Told() : Cluster(shop_setup()) { run_to(12 * kSecond); }
  std::string why(const ActionBody& body) {
    REQUIRE(impossible(world, body) == "");
    return pointless(world, body);
  }
};

Setup shop_with_unclean() {
  Setup setup = shop_setup();
  setup.topics[0].config.unclean_leader_election_enable = 1;
  return setup;
}

}  // namespace

TEST_CASE("processes: what is down cannot fall, what runs cannot start") {
  Told c;
  CHECK(c.why(Crash{"broker 1"}) == "");
  CHECK(c.why(Start{"broker 1"}) == "Broker 1 is already running.");
  CHECK(c.why(Stop{"c1"}) == "");
  CHECK(c.why(Pause{"Q2", {}}) == "");
  CHECK(c.why(Resume{"Q2"}) == "Q2 is not paused.");
  c.crash("broker 1");
  CHECK(c.why(Crash{"broker 1"}) == "Broker 1 is already down.");
  CHECK(c.why(Crash{"broker 1", true}) == "Broker 1 is already down.");
  CHECK(c.why(Start{"broker 1"}) == "");
  CHECK(c.why(Stop{"broker 1"}) == "Broker 1 is already down.");
  CHECK(c.why(Pause{"broker 1", {}}) == "Broker 1 is down.");
  CHECK(c.why(Resume{"broker 1"}) == "Broker 1 is not paused.");
  c.pause("c1");
  CHECK(c.why(Pause{"c1", {kSecond}}) == "c1 is already paused.");
  CHECK(c.why(Stop{"c1"}) == "c1 is paused and would not hear of it.");
  CHECK(c.why(Start{"c1"}) == "c1 is paused, not down.");
  CHECK(c.why(Crash{"c1"}) == "");
  CHECK(c.why(Resume{"c1"}) == "");
  c.stop("broker 2");
  CHECK(c.why(Stop{"broker 2"}) == "Broker 2 is already stopping.");
}

TEST_CASE("slowness and clocks: what is so already") {
  Told c;
  CHECK(c.why(Slow{"broker 1", {}, 0}) == "Broker 1 is not slow.");
  CHECK(c.why(Slow{"broker 1", {kMillisecond}, 0}) == "");
  c.act(Slow{"broker 1", {kMillisecond}, 0});
  CHECK(c.why(Slow{"broker 1", {kMillisecond}, 0}) == "Broker 1 is already so slow.");
  CHECK(c.why(Slow{"broker 1", {kMillisecond}, 100}) == "");
  CHECK(c.why(Slow{"broker 1", {}, 0}) == "");
  CHECK(c.why(SetClock{"broker 1", {}}) == "The clock of broker 1 is right.");
  CHECK(c.why(SetClock{"broker 1", {kSecond}}) == "");
  c.act(SetClock{"broker 1", {kSecond}});
  CHECK(c.why(SetClock{"broker 1", {kSecond}}) == "The clock of broker 1 is already off by that much.");
  CHECK(c.why(SetClock{"broker 1", {}}) == "");
}

TEST_CASE("links: what is cut, jammed or as wished already") {
  Told c;
  CHECK(c.why(Cut{"broker 1", "broker 2"}) == "");
  CHECK(c.why(Heal{"broker 1", "broker 2"}) == "The link is not cut.");
  CHECK(c.why(Heal{"broker 1", ""}) == "No link of broker 1 is cut.");
  CHECK(c.why(Heal{}) == "No link is cut.");
  CHECK(c.why(Cut{"broker 1", "broker 1"}) == "A node has no link to itself.");
  c.act(Cut{"broker 1", "broker 2", true});
  CHECK(c.why(Cut{"broker 1", "broker 2", true}) == "The link is already cut.");
  CHECK(c.why(Cut{"broker 1", "broker 2"}) == "");  // the way back
  CHECK(c.why(Cut{"broker 1", ""}) == "");
  CHECK(c.why(Heal{"broker 2", "broker 1"}) == "");
  CHECK(c.why(Heal{}) == "");
  c.act(Cut{"broker 1", ""});
  CHECK(c.why(Cut{"broker 1", ""}) == "Every link of broker 1 is already cut.");
  CHECK(c.why(Cut{"broker 3", "broker 1"}) == "The link is already cut.");
  CHECK(c.why(Jam{"shop", "broker 2"}) == "");
  CHECK(c.why(Release{"shop", "broker 2"}) == "The link is not jammed.");
  c.act(Jam{"shop", "broker 2"});
  CHECK(c.why(Jam{"shop", "broker 2"}) == "The link is already jammed.");
  CHECK(c.why(Release{}) == "");
  CHECK(c.why(Release{"c1", ""}) == "No link of c1 is jammed.");
  SetLink slower{"shop", "broker 1"};
  CHECK(c.why(slower) == "The link already behaves so.");
  slower.latency.ns = 7 * kMillisecond;
  CHECK(c.why(slower) == "");
  c.act(slower);
  CHECK(c.why(slower) == "The link already behaves so.");
  CHECK(c.why(SetLink{"", "", {7 * kMillisecond}}) == "");
  c.act(SetLink{"", "", {7 * kMillisecond}});
  CHECK(c.why(SetLink{"", "", {7 * kMillisecond}}) == "Every link already behaves so.");
}

TEST_CASE("messages: only what is under way can be lost") {
  Told c;
  CHECK(c.why(LoseResponses{"shop", "broker 1"}) == "");
  c.act(LoseResponses{"shop", "broker 1"});
  CHECK(c.why(LoseResponses{"shop", "broker 1"}) == "These answers get lost already.");
  CHECK(c.why(LoseResponses{"shop", "broker 1", true}) == "");
  CHECK(c.why(LoseResponses{"shop", "Q1"}).find("Only the answers of brokers") == 0);
  CHECK(c.why(LoseResponses{"broker 2", "broker 1"}).find("Only the answers of brokers") == 0);
  CHECK(c.why(DropMessage{"shop", "broker 3", "Produce"}) == "No Produce from shop to broker 3 is under way.");
  CHECK(c.why(DropMessage{"", "", "InitProducerId"}) == "No InitProducerId is under way.");
  c.crash("broker 3");
  CHECK(c.why(LoseResponses{"shop", "broker 3"}) == "Broker 3 is down.");
  c.act(Send{"shop", "", "x"});
  c.run_for(10 * kMillisecond);
  c.until("records_sent");
  CHECK(c.why(DropMessage{"shop", "broker 1", "Produce"}) == "");
  CHECK(c.why(DropMessage{"shop", "", "Produce"}) == "");
}

TEST_CASE("clients: who is not there sends nothing") {
  Told c;
  CHECK(c.why(Send{"shop"}) == "");
  c.pause("shop");
  CHECK(c.why(Send{"shop"}) == "shop is paused.");
  c.crash("shop");
  CHECK(c.why(Send{"shop"}) == "shop is down.");
}

TEST_CASE("statements: who is not there reads none") {
  Setup setup;
  setup.plain.push_back({"ksqldb_servers", "K1", {plain_scope<KsqlServerKind>(), {}}});
  Cluster c(setup);
  c.run_for(5 * kSecond);
  CHECK(pointless(c.world, Ksql{"K1", "SHOW QUERIES;"}) == "");
  c.crash("K1");
  CHECK(pointless(c.world, Ksql{"K1", "SHOW QUERIES;"}) == "K1 is down.");
  CHECK(impossible(c.world, Ksql{"broker 1", "SHOW QUERIES;"}) != "");
  CHECK(impossible(c.world, Ksql{"K1", ""}) != "");
}

TEST_CASE("calls and statements: a dead worker hears none, a table refuses what it cannot take") {
  Setup setup;
  setup.plain.push_back({"connect_workers", "W1", {plain_scope<ConnectWorkerKind>(), {}}});
  setup.plain.push_back({"data_stores", "shop", {plain_scope<DataStoreKind>(), {}}});
  Cluster c(setup);
  c.run_for(5 * kSecond);
  CHECK(pointless(c.world, Rest{"W1", "PUT /connectors/a/pause"}) == "");
  CHECK(impossible(c.world, Rest{"shop", "PUT /connectors/a/pause"}) == "'shop' is neither a Connect worker nor a schema registry");
  const std::string unknown = impossible(c.world, Rest{"W1", "PUT /connectors/a/config {\"connector.class\": \"Jdbc\"}"});
  CHECK(unknown.find("connector.class") != std::string::npos);
  CHECK(impossible(c.world, Sql{"W1", "DELETE FROM t WHERE id = 1"}) == "'W1' is no data store");
  CHECK(impossible(c.world, Sql{"shop", "SELECT 1"}).find("CREATE TABLE") != std::string::npos);
  CHECK(pointless(c.world, Sql{"shop", "DELETE FROM t WHERE id = 1"}).find("no table t") != std::string::npos);
  CHECK(impossible(c.world, WriteFile{"shop", "", "x"}) == "the file has no name");
  c.crash("W1");
  CHECK(pointless(c.world, Rest{"W1", "PUT /connectors/a/pause"}) == "W1 is down.");
}

TEST_CASE("configuration: what has that value already") {
  Told c;
  CHECK(c.why(SetConfig{"brokers", "min.insync.replicas", "1"}) == "min.insync.replicas of brokers is already 1.");
  CHECK(c.why(SetConfig{"brokers", "min.insync.replicas", "2"}) == "");
  c.act(SetConfig{"broker 1", "min.insync.replicas", "2"});
  CHECK(c.why(SetConfig{"broker 1", "min.insync.replicas", "2"}) == "min.insync.replicas of broker 1 is already 2.");
  CHECK(c.why(SetConfig{"brokers", "min.insync.replicas", "1"}) == "");
  // What a broker that runs refuses is not called pointless, even if it has that value.
  CHECK(c.why(SetConfig{"brokers", "replica.lag.time.max.ms", "30000"}) == "");
  CHECK(c.why(SetConfig{"shop", "linger.ms", "5"}) == "linger.ms of shop is already 5.");
  CHECK(c.why(SetConfig{"shop", "linger.ms", "6"}) == "");
  CHECK(c.why(SetConfig{"c1", "max.poll.records", "500"}) == "max.poll.records of c1 is already 500.");
  CHECK(c.why(SetConfig{"Q1", "broker.session.timeout.ms", "1000"}) == "");
  CHECK(c.why(SetConfig{"orders", "min.insync.replicas", "2"}) == "");
  c.act(SetConfig{"orders", "min.insync.replicas", "2"});
  c.run_for(kSecond);
  CHECK(c.why(SetConfig{"orders", "min.insync.replicas", "2"}) == "min.insync.replicas of orders is already 2.");
}

TEST_CASE("elections: where nobody could be elected (R14, R17)") {
  Told c;
  CHECK(c.why(ElectLeader{"orders", 0}) == "Broker 1, the preferred leader of orders-0, leads it already.");
  CHECK(c.why(ElectLeader{"orders", 0, true}) == "orders-0 has a leader, broker 1.");
  CHECK(c.why(ElectLeader{"orders", 4}) == "Topic orders has no partition 4.");
  c.crash("broker 1");
  c.until_value("topics/orders/0/Leader", "2", 20 * kSecond);
  CHECK(c.why(ElectLeader{"orders", 0}) == "Broker 1, the preferred leader of orders-0, is not alive.");
  c.start("broker 1");
  c.until("broker_unfenced", {{"broker", "1"}});
  c.until("isr_expanded", {{"topic", "orders"}, {"broker", "1"}});
  c.run_for(kSecond);
  CHECK(c.why(ElectLeader{"orders", 0}) == "");
}

TEST_CASE("an unclean election is worth asking for where a replica lives and nobody leads") {
  Cluster c(shop_with_unclean());
  c.run_to(12 * kSecond);
  c.crash("broker 2");
  c.crash("broker 3");
  c.run_for(15 * kSecond);
  c.crash("broker 1");
  c.run_for(15 * kSecond);
  CHECK(pointless(c.world, ElectLeader{"orders", 0, true}) == "No replica of orders-0 is alive.");
}

TEST_CASE("what creates something new, or takes something away, is never pointless") {
  Told c;
  CHECK(c.why(CreateTopic{"more", 1, 1}) == "");
  CHECK(c.why(AddPartitions{"orders", 2}) == "");
  CHECK(c.why(DeleteTopic{"orders"}) == "");
  CHECK(c.why(DeleteRecords{"orders", 0, 1}) == "");
  CHECK(c.why(AddBroker{4}) == "");
  CHECK(c.why(AddConsumer{"c9", "billing", "orders"}) == "");
  CHECK(c.why(AddProducer{"shop2", "orders", {kSecond}}) == "");
}

TEST_CASE("disks: those of processes that run are not changed, and what is so already is not done again") {
  Told c;
  CHECK(c.why(WipeDisk{"broker 1"}) == "Broker 1 is up: nobody changes its disk under it.");
  CHECK(c.why(RestoreDisk{"broker 1"}) == "Broker 1 is up: nobody changes its disk under it.");
  CHECK(c.why(CopyDisk{"broker 1"}) == "");
  CHECK(c.why(FailDirectory{"broker 1", 0}) == "");
  CHECK(c.why(FillDisk{"broker 1", 0, 1000}) == "");
  CHECK(c.why(LieAboutFlush{"broker 1", false}) == "The disk of broker 1 does not lie.");
  CHECK(c.why(LieAboutFlush{"broker 1", true}) == "");
  CHECK(c.why(StallDisk{"broker 1", {kSecond}}) == "");
  CHECK(c.why(CorruptBatch{"broker 1", "orders", 0, 1'000'000}) == "Broker 1 has no batch at offset 1000000 of orders-0.");
  CHECK(c.why(TearTail{"broker 1"}) == "");
}

TEST_CASE("controllers: who leads waits for no election (K1)") {
  Told c;
  std::string leader, other;
  for (const Controller& each : c.world.controllers)
    (each.raft.role == RaftRole::leader ? leader : other) = c.world.fabric.nodes[static_cast<std::size_t>(each.node)].name;
  CHECK(c.why(SetElectionTimeout{leader, {kSecond}}) == leader + " leads the quorum, and so waits for no election.");
  CHECK(c.why(SetElectionTimeout{other, {kSecond}}) == "");
  c.crash(other);
  CHECK(c.why(SetElectionTimeout{other, {kSecond}}) == other + " is down.");
  c.pause(leader);
  CHECK(c.why(SetElectionTimeout{leader, {kSecond}}) == leader + " is paused.");
  CHECK(impossible(c.world, SetElectionTimeout{"broker 1", {kSecond}}) ==
        "'broker 1' is no controller, so it takes no part in their elections");
}

TEST_CASE("zones: what is dark, cut off or whole is not made so again") {
  Setup setup;
  setup.racks = {"a", "b", "c"};
  Cluster c(setup);
  c.run_to(5 * kSecond);
  const auto why = [&](const ActionBody& body) { return pointless(c.world, body); };
  CHECK(why(LoseZone{"a", false}) == "");
  CHECK(why(RestoreZone{"a"}) == "Nothing is missing in zone a.");
  CHECK(why(SetZoneLatency{"a", "b", {0}}) == "They take so long already.");
  CHECK(why(SetZoneLatency{"a", "b", {kSecond}}) == "");
  c.act(LoseZone{"a", true});
  CHECK(why(LoseZone{"a", true}) == "Zone a is cut off already.");
  CHECK(why(LoseZone{"a", false}) == "");
  CHECK(why(RestoreZone{"a"}) == "");
}

TEST_CASE("what is called pointless leaves the state as it is") {
  const auto stays = [](Cluster& c, const ActionBody& body) {
    REQUIRE(pointless(c.world, body) != "");
    World before = c.world;
    std::vector<Fact> unheard;
    apply(c.world, Action{c.now(), body}, unheard);
    // The rolling digest, the number of the step and the operator's list have seen the action; nothing else has.
    before.fabric.digest = c.world.fabric.digest;
    before.fabric.now = c.world.fabric.now;
    before.fabric.step = c.world.fabric.step;
    before.fabric.names = c.world.fabric.names;  // the reason why nothing came of it
    CHECK_MESSAGE(state_digest(c.world) == state_digest(before), sentence(body));
  };
  Cluster c(shop_setup());
  c.run_to(12 * kSecond);
  c.pause("Q3");
  c.run_for(10 * kSecond);  // by now its time-out has come, and waits for it to be resumed
  c.crash("broker 3");
  c.pause("c1");
  c.act(Cut{"broker 1", "broker 2"});
  c.act(Jam{"shop", "broker 2"});
  c.act(Slow{"Q1", {kMillisecond}, 0});
  c.act(SetClock{"Q1", {kSecond}});
  c.act(LoseResponses{"shop", "broker 1"});
  for (const ActionBody& body : std::vector<ActionBody>{
           Crash{"broker 3"}, Start{"broker 1"}, Start{"c1"}, Stop{"broker 3"}, Stop{"c1"}, Pause{"c1", {kSecond}}, Pause{"broker 3", {}},
           Resume{"Q2"}, Slow{"Q1", {kMillisecond}, 0}, Slow{"Q2", {}, 0}, SetClock{"Q1", {kSecond}}, Cut{"broker 1", "broker 2"},
           Heal{"Q1", "Q2"}, Jam{"shop", "broker 2"}, Release{"c1", ""}, DropMessage{"", "", "InitProducerId"},
           LoseResponses{"shop", "broker 1"}, LoseResponses{"shop", "broker 3"}, LoseResponses{"Q1", "Q2"},
           SetConfig{"brokers", "min.insync.replicas", "1"}, SetElectionTimeout{"Q3", {kSecond}},
           SetLoad{"shop", c.world.producers[0].spec.interval, c.world.producers[0].spec.record_bytes}}) {
    stays(c, body);
  }
  // A controller that is asked to stop and reaches nobody goes on trying, and is asked in vain once more.
  Cluster cut_off(shop_setup());
  cut_off.run_to(12 * kSecond);
  std::string leader;
  for (const Controller& each : cut_off.world.controllers)
    if (each.raft.role == RaftRole::leader) leader = cut_off.world.fabric.nodes[static_cast<std::size_t>(each.node)].name;
  cut_off.act(Cut{leader, ""});
  cut_off.stop(leader);
  for (int i = 0; i < 20; ++i) {
    cut_off.run_for(200 * kMillisecond);
    if (cut_off.world.find_node(leader)->status == NodeStatus::running) stays(cut_off, Stop{leader});
  }
}

TEST_CASE("every action of the table is asked about somewhere in this file") {
  // A new action has to say when it would change nothing: pointless() fails to compile without it, and this list with it.
  CHECK(std::variant_size_v<ActionVariant> == 45);
}

}  // namespace nutshell

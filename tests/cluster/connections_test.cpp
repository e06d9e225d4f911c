// How connections end, and how new ones come about (N2, N7, N8), and what is on the wire of one that has ended (N8).
#include "sim/kafka/config_keys.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup idle_shop() {
  Setup setup;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1, 2, 3})};
  setup.producers = {producer("shop", "orders")};
  return setup;
}

void send_one(Cluster& c) { c.act(Send{"shop", "", "", -1, 1}); }

// The shop has sent a record, and knows broker 1 for the leader. Nothing is on its way.
struct IdleShop : Cluster {
  explicit IdleShop(const Setup& setup = idle_shop()) : Cluster(setup) {
    run_to(4 * kSecond);
    send_one(*this);
    run_to(15 * kSecond);
  }
};

Cluster::Where shop_to(const std::string& broker) { return {{"client", "shop"}, {"server", broker}}; }

}  // namespace

TEST_CASE("N2: a client whose connection is idle hears of a crash at once") {
  IdleShop c;
  c.crash("broker 1");
  const Time crashed = c.now();
  CHECK(c.until("connection_lost", shop_to("broker 1")) - crashed < 5 * kMillisecond);
  c.run_to(40 * kSecond);
  const Time sent = c.now();
  send_one(c);
  CHECK(c.until("records_acked", {{"producer", "shop"}}) - sent < 1500 * kMillisecond);
  // The batch waits in the accumulator until there is a connection for it: nothing is sent to a dead process.
  CHECK_FALSE(c.happened("message_dropped", {{"from", "shop"}, {"to", "broker 1"}}, sent));
  CHECK_FALSE(c.happened("produce_retried"));
  CHECK(c.betrayals() == "");
}

TEST_CASE("N2: so it does of a clean stop; a power loss is silent") {
  for (const bool power_loss : {false, true}) {
    CAPTURE(power_loss);
    IdleShop c;
    const Time begun = c.now();
    if (power_loss) c.act(Crash{"broker 1", true});
    else c.stop("broker 1");
    c.run_to(24 * kSecond);
    CHECK(c.happened("connection_lost", shop_to("broker 1"), begun) == !power_loss);
  }
}

TEST_CASE("N2: a crash that a cut link keeps from the client is met with the next request") {
  IdleShop c;
  c.cut("shop", "broker 1");
  c.crash("broker 1");
  const Time crashed = c.now();
  c.run_for(5 * kSecond);
  CHECK_FALSE(c.happened("connection_lost", shop_to("broker 1"), crashed));
  c.heal();
  send_one(c);
  CHECK(c.until("connection_lost", shop_to("broker 1")) - c.now() <= 0);
  CHECK(c.happened("message_dropped", {{"from", "shop"}, {"to", "broker 1"}}, crashed));
}

TEST_CASE("N6: a consumer notices at once that its idle coordinator is gone, and N2: brokers that lost it go on") {
  Setup setup = idle_shop();
  setup.config.offsets_topic_num_partitions = 1;
  setup.consumers = {consumer("c1", "billing", "orders")};
  setup.consumers[0].spec.config.heartbeat_interval = 10 * kSecond;
  setup.consumers[0].spec.config.enable_auto_commit = false;
  IdleShop c(setup);
  c.run_to(20 * kSecond);
  const BrokerId coordinator = c.world.consumers[0].coordinator == kNoNode
                                   ? kNoBroker
                                   : BrokerId{c.world.fabric.nodes[static_cast<std::size_t>(c.world.consumers[0].coordinator)].id};
  REQUIRE(coordinator != kNoBroker);
  const std::string broker = "broker " + std::to_string(coordinator);
  c.crash(broker);
  const Time crashed = c.now();
  CHECK(c.until("connection_lost", {{"client", "c1"}, {"server", broker}}) - crashed < 5 * kMillisecond);
  c.run_for(kMillisecond);
  CHECK(c.world.consumers[0].coordinator == kNoNode);
  c.run_for(40 * kSecond);
  CHECK(c.world.consumers[0].state == MemberState::stable);
  CHECK(c.betrayals() == "");
}

TEST_CASE("N7: a host that does not answer is given up after socket.connection.setup.timeout.ms, twice as long each time") {
  Setup setup = idle_shop();
  setup.brokers = 1;
  setup.topics = {topic("orders", {1})};
  IdleShop c(setup);
  c.act(Crash{"broker 1", true});
  send_one(c);
  // The connection seems open: its request waits for request.timeout.ms. Every one after it is a new connection.
  const Time begun = c.until("request_timed_out", shop_to("broker 1"));
  CHECK(begun == 45 * kSecond + 5 * kMillisecond);  // linger.ms before it
  Time last = begun;
  for (const Duration usual : {10 * kSecond, 20 * kSecond, 30 * kSecond}) {
    const Time lost = c.until("connection_lost", shop_to("broker 1"));
    // Some milliseconds of back-off, and a fifth more or less.
    CHECK(lost - last >= usual * 4 / 5);
    CHECK(lost - last <= std::min(usual * 6 / 5, 30 * kSecond) + 2 * kSecond);
    last = lost;
  }
  // Once it is there, TCP's next knock finds it, and the time-out is the short one again.
  c.start("broker 1");
  c.run_for(40 * kSecond);
  const Time seen = c.now();
  c.cut("shop", "broker 1");
  c.crash("broker 1");
  c.heal();
  send_one(c);
  CHECK(c.until("connection_lost", shop_to("broker 1")) - seen < 100 * kMillisecond);
}

TEST_CASE("N7: the keys of the client say how long; a dead process refuses at once") {
  Setup setup = idle_shop();
  setup.brokers = 1;
  setup.topics = {topic("orders", {1})};
  ProducerConfig& config = setup.producers[0].spec.config;
  config.connection_setup_timeout = 2 * kSecond;
  config.connection_setup_timeout_max = 2 * kSecond;
  config.reconnect_backoff = config.reconnect_backoff_max = 300 * kMillisecond;
  IdleShop c(setup);
  c.crash("broker 1");  // its machine is there: each attempt is refused, after the back-off
  send_one(c);
  c.run_for(3100 * kMillisecond);
  const std::size_t refused = c.count("connection_lost", shop_to("broker 1"), 15 * kSecond);
  CHECK(refused >= 10);
  CHECK(refused <= 12);
  c.start("broker 1");
  c.until("records_acked", {{"producer", "shop"}});
  c.act(Crash{"broker 1", true});
  const Time dark = c.now();
  c.run_for(kSecond);
  c.start("broker 1");
  c.act(Crash{"broker 1", true});
  c.run_for(kMillisecond);
  c.world.fabric.nodes[static_cast<std::size_t>(c.world.producers[0].node)].connect.backoff = 0;
  send_one(c);
  c.run_for(60 * kSecond);
  // One request on the old connection, then an attempt each 2.3 s.
  const std::size_t given_up = c.count("connection_lost", shop_to("broker 1"), dark);
  CHECK(given_up >= 9);
  CHECK(given_up <= 15);
}

TEST_CASE("N8: attempts at a dead process back off from 50 ms up to a second") {
  Setup setup = idle_shop();
  setup.brokers = 1;
  setup.topics = {topic("orders", {1})};
  IdleShop c(setup);
  c.crash("broker 1");
  const Time crashed = c.now();
  send_one(c);
  c.run_for(11 * kSecond);
  std::vector<Time> lost = c.times("connection_lost", shop_to("broker 1"), crashed);
  REQUIRE(lost.size() > 8);
  Duration usual = 50 * kMillisecond;
  for (std::size_t i = 1; i < 8; ++i, usual = std::min(usual * 2, kSecond)) {
    CAPTURE(i);
    CHECK(lost[i] - lost[i - 1] >= usual * 4 / 5);
    CHECK(lost[i] - lost[i - 1] <= usual * 6 / 5 + 10 * kMillisecond);
  }
  c.start("broker 1");
  c.until("records_acked", {{"producer", "shop"}}, 3 * kSecond);
  // It counts from the beginning again.
  c.crash("broker 1");
  const Time again = c.now();
  send_one(c);
  c.run_for(400 * kMillisecond);
  CHECK(c.count("connection_lost", shop_to("broker 1"), again) >= 3);
}

TEST_CASE("N8: with reconnect.backoff.ms alone every pause is the same, without jitter") {
  Setup setup = idle_shop();
  setup.brokers = 1;
  setup.topics = {topic("orders", {1})};
  REQUIRE(set_config(setup.producers[0].spec.config, "reconnect.backoff.ms", "200").empty());
  IdleShop c(setup);
  c.crash("broker 1");
  const Time crashed = c.now();
  send_one(c);
  c.run_for(11 * kSecond);
  const std::vector<Time> lost = c.times("connection_lost", shop_to("broker 1"), crashed);
  REQUIRE(lost.size() > 20);
  // Refused after a round trip; the metadata request that wants the connection backs off up to a second, with jitter.
  for (std::size_t i = 1; i < lost.size(); ++i) {
    CAPTURE(i);
    CHECK(lost[i] - lost[i - 1] >= 200 * kMillisecond);
    CHECK(lost[i] - lost[i - 1] <= 201 * kMillisecond);
  }
}

TEST_CASE("N8: what a new connection carries does not wait behind the bytes of the old one") {
  Setup setup;
  setup.brokers = 1;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1})};
  setup.producers = {producer("p1", "orders")};
  setup.producers[0].spec.config.request_timeout = 5 * kSecond;
  Cluster c(setup);
  c.run_to(10 * kSecond);
  c.act(SetLink{"p1", "broker 1", {kMinute}});
  c.run_for(500 * kMillisecond);
  c.act(Send{"p1", "", "slow", -1, 1});
  c.run_for(500 * kMillisecond);
  c.act(SetLink{"p1", "broker 1", {200 * kMicrosecond}});
  const Time acked = c.until("records_acked", {{"producer", "p1"}});
  CHECK(acked >= 15500 * kMillisecond);
  CHECK(acked <= 15700 * kMillisecond);
  CHECK(c.count("request_timed_out", {{"client", "p1"}}) == 1);
  c.act(Send{"p1", "", "later", -1, 1});
  c.run_to(69 * kSecond);
  CHECK_FALSE(c.happened("duplicate_recognised"));
  // The old request is still on its way, and arrives after what was sent later: the broker knows it by its sequence.
  c.run_to(72 * kSecond);
  CHECK(c.happened("duplicate_recognised"));
  CHECK(c.texts(1, "orders") == "slow later");
  CHECK(c.betrayals() == "");
}

TEST_CASE("N8: without idempotence the delayed request is written a second time, behind what was sent after it") {
  Setup setup;
  setup.brokers = 1;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1})};
  setup.producers = {producer("p1", "orders")};
  setup.producers[0].spec.config.request_timeout = 5 * kSecond;
  setup.producers[0].spec.config.enable_idempotence = false;
  Cluster c(setup);
  c.run_to(10 * kSecond);
  c.act(SetLink{"p1", "broker 1", {kMinute}});
  c.run_for(500 * kMillisecond);
  c.act(Send{"p1", "", "slow", -1, 1});
  c.run_for(500 * kMillisecond);
  c.act(SetLink{"p1", "broker 1", {200 * kMicrosecond}});
  c.until("records_acked", {{"producer", "p1"}});
  c.act(Send{"p1", "", "later", -1, 1});
  c.run_to(72 * kSecond);
  CHECK(c.texts(1, "orders") == "slow later slow");
}

}  // namespace nutshell

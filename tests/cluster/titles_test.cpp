// Nodes named by what they are at the moment.
#include "sim/cluster/titles.h"

#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup titled_setup() {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 3;
  setup.topics = {topic("orders", {2, 3, 1})};
  setup.producers = {producer("shop", "orders", 250 * kMillisecond)};
  setup.consumers = {consumer("c1", "cooks", "orders")};
  return setup;
}

std::string bearer_of(const World& world, const std::string& title) {
  const std::optional<Title> parsed = parse_title(title);
  REQUIRE(parsed);
  const Node* node = bearer(world, *parsed);
  return node ? node->name : "nobody";
}

// The first fact of that name: whose node it names.
std::string refusal_in(const std::vector<Fact>& facts, const World& world) {
  for (const Fact& each : facts)
    if (each.body.is<ActionRefused>()) return field_text(each.body, "reason", WorldNamer(world));
  return "";
}

}  // namespace

TEST_CASE("titles are parsed, and names are no titles") {
  CHECK(parse_title("leader of orders-0")->of == "orders");
  CHECK(parse_title("leader of my-orders-12")->of == "my-orders");
  CHECK(parse_title("leader of my-orders-12")->partition == 12);
  CHECK(parse_title("leader of orders")->partition == -1);
  CHECK(parse_title("a follower of orders-0")->kind == Title::Kind::follower);
  CHECK(parse_title("coordinator of cooks")->of == "cooks");
  CHECK(parse_title("active controller")->kind == Title::Kind::active_controller);
  for (const char* name : {"broker 1", "Q1", "shop", "", "leader", "leaders of orders-0"}) CHECK_FALSE(parse_title(name));
}

TEST_CASE("who bears a title follows the cluster") {
  Cluster c(titled_setup());
  CHECK(bearer_of(c.world, "leader of orders-0") == "nobody");
  CHECK(bearer_of(c.world, "active controller") == "nobody");
  c.run_to(15 * kSecond);
  CHECK(bearer_of(c.world, "leader of orders-0") == "broker 2");
  CHECK(bearer_of(c.world, "a follower of orders-0") == "broker 3");
  CHECK(bearer_of(c.world, "coordinator of cooks") == c.value("groups/cooks/COORDINATOR (ID)").substr(0, 8));
  const std::string active = bearer_of(c.world, "active controller");
  CHECK(c.value("quorum/" + active + "/Status") == "Leader");
  c.act(Crash{"leader of orders-0"});
  CHECK(c.value("brokers/2/Process") == "down");
  c.until_value("topics/orders/0/Leader", "3", 15 * kSecond);
  CHECK(bearer_of(c.world, "leader of orders-0") == "broker 3");
  CHECK(bearer_of(c.world, "follower of orders-0") == "broker 1");
  c.act(Crash{"active controller"});
  CHECK(bearer_of(c.world, "active controller") != active);
  c.until("controller_activated");
  CHECK(bearer_of(c.world, "active controller") != "nobody");
}

TEST_CASE("where nobody bears the title, nothing comes of the action, and that is told") {
  Cluster c(titled_setup());
  c.run_to(15 * kSecond);
  for (const char* each : {"broker 1", "broker 2", "broker 3"}) c.crash(each);
  c.run_for(20 * kSecond);
  REQUIRE(c.value("topics/orders/0/Leader") == "none");
  CHECK(impossible(c.world, Crash{"leader of orders-0"}) == "there is no leader of orders-0 at this moment");
  std::vector<Fact> facts;
  apply(c.world, {c.now(), Start{"leader of orders-0"}}, facts);
  CHECK(refusal_in(facts, c.world) == "there is no leader of orders-0 at this moment");
}

TEST_CASE("with a title an action does what it does with the name") {
  Cluster named(titled_setup()), titled(titled_setup());
  for (Cluster* each : {&named, &titled}) each->run_to(15 * kSecond);
  named.act(Cut{"broker 2", "broker 3"});
  titled.act(Cut{"leader of orders-0", "follower of orders-0"});
  for (Cluster* each : {&named, &titled}) each->run_for(10 * kSecond);
  CHECK(state_digest(named.world) == state_digest(titled.world));
  CHECK(sentence(Cut{"leader of orders-0", "broker 3"}) == "The link between the leader of orders-0 and broker 3 is cut.");
  CHECK(sentence(Crash{"active controller"}) == "The active controller is killed.");
  CHECK(sentence(Stop{"a follower of orders-0"}) == "A follower of orders-0 is asked to stop.");
}

TEST_CASE("facts tell the same of who leads, coordinates and is active as the cluster itself") {
  Cluster c(titled_setup());
  Bearers told;
  std::size_t read = 0;
  const auto agree = [&](const std::string& when) {
    const WorldNamer names(c.world);
    for (; read < c.facts.size(); ++read) told.read(c.facts[read], names);
    for (const char* title : {"leader of orders-0", "coordinator of cooks", "active controller"}) {
      CAPTURE(when);
      CAPTURE(title);
      const std::string by_facts = told.node(*parse_title(title), names);
      CHECK((by_facts.empty() ? "nobody" : by_facts) == bearer_of(c.world, title));
    }
  };
  c.run_to(15 * kSecond);
  agree("at rest");
  c.crash("broker 2");
  c.run_for(12 * kSecond);
  agree("after a failover");
  c.act(Crash{"active controller"});
  c.run_for(10 * kSecond);
  agree("after a new controller");
  c.crash("broker 1");
  c.crash("broker 3");
  c.run_for(15 * kSecond);
  agree("with nobody left");
  c.start("broker 3");
  c.run_for(15 * kSecond);
  agree("with one back");
}

}  // namespace nutshell

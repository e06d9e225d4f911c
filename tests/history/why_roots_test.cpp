// Where chains of causes end: at what wanted the thing, or made it possible at last, and not at what only delayed it.
#include <doctest/doctest.h>

#include <functional>

#include "sim/history/timeline.h"

namespace nutshell {
namespace {

// Three controllers and brokers; the groups of __consumer_offsets stand on broker 3 alone, or on all.
Setup setup_of(std::int64_t copies_of_offsets) {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 3;
  setup.config.offsets_topic_replication_factor = copies_of_offsets;
  TopicSpec orders;
  orders.name = "orders";
  orders.replication_factor = 3;
  orders.assignment = {{1, 2, 3}};
  setup.topics = {orders};
  ProducerSetup shop;
  shop.name = "shop";
  shop.topic = "orders";
  shop.start = 5 * kSecond;
  shop.spec.interval = 500 * kMillisecond;
  setup.producers = {shop};
  return setup;
}

// The group "mail" is hashed to partition 2 of three, which broker 3 leads.
ConsumerSetup reader(const std::string& name, Time start) {
  ConsumerSetup setup;
  setup.name = name;
  setup.group = "mail";
  setup.topics = {"orders"};
  setup.start = start;
  return setup;
}

Timeline run(const Setup& setup, std::vector<Action> script, Time until) {
  Timeline timeline(setup, std::move(script));
  timeline.seek_time(until);
  return timeline;
}

// The chain of the last fact F that fits.
template <class F>
std::vector<Cause> why_last(const Timeline& timeline, const std::function<bool(const F&)>& fits = [](const F&) { return true; }) {
  std::size_t found = timeline.facts().size();
  for (std::size_t i = 0; i < timeline.facts().size(); ++i)
    if (const F* fact = timeline.facts()[i].body.as<F>(); fact && fits(*fact)) found = i;
  REQUIRE(found < timeline.facts().size());
  const std::vector<Cause> chain = timeline.why(found);
  for (std::size_t link = 1; link < chain.size(); ++link) CHECK(chain[link].step <= chain[link - 1].step);
  CHECK(chain.back().root);
  return chain;
}

std::string text(const std::vector<Cause>& chain) {
  std::string all;
  for (const Cause& each : chain) all += each.sentence + "\n";
  return all;
}

}  // namespace

TEST_CASE("a member that waited for its coordinator joins because that was started again") {
  Setup setup = setup_of(1);
  setup.consumers = {reader("m1", 3 * kSecond), reader("m2", 40 * kSecond)};
  const Timeline timeline = run(setup, {{20 * kSecond, Crash{"broker 3", false}}, {70 * kSecond, Start{"broker 3"}}}, 90 * kSecond);
  const std::vector<Cause> chain = why_last<MemberJoined>(timeline);
  INFO(text(chain));
  CHECK(chain.back().sentence == "Broker 3 is started.");
  CHECK(text(chain).find("killed") == std::string::npos);
}

TEST_CASE("a member that joins while its coordinator moves joins because it was started: the crash only delays it") {
  Setup setup = setup_of(3);
  setup.consumers = {reader("m1", 3 * kSecond), reader("m2", 22 * kSecond)};
  const Timeline timeline = run(setup, {{20 * kSecond, Crash{"broker 3", false}}}, 60 * kSecond);
  const std::vector<Cause> chain = why_last<MemberJoined>(timeline);
  INFO(text(chain));
  REQUIRE(chain.front().at > 25 * kSecond);  // it was delayed
  CHECK(chain.back().sentence == "m2 starts.");
  CHECK(chain.back().at == 22 * kSecond);
}

TEST_CASE("what was asked for while nobody could decide comes because it was asked for") {
  const Setup setup = setup_of(1);
  const std::vector<Action> script = {{15 * kSecond, Crash{"Q2", false}}, {15 * kSecond, Crash{"Q3", false}},
                                      {25 * kSecond, CreateTopic{"fresh", 1, 2}}, {70 * kSecond, Start{"Q2"}}};
  const Timeline timeline = run(setup, script, 80 * kSecond);
  const std::vector<Cause> chain = why_last<TopicCreated>(timeline);
  INFO(text(chain));
  CHECK(chain.back().sentence == "Topic fresh is to be created.");
  const std::vector<Cause> elected = why_last<ControllerElected>(timeline);
  INFO(text(elected));
  CHECK(elected.back().sentence == "Q2 is started.");
}

TEST_CASE("a controller that is elected because another was killed owes nothing to those that returned before") {
  const Setup setup = setup_of(1);
  const Timeline first = run(setup, {}, 10 * kSecond);
  std::string active;
  for (const Controller& each : first.world().controllers)
    if (each.active) active = first.world().fabric.nodes[static_cast<std::size_t>(each.node)].name;
  const std::string other = active == "Q1" ? "Q2" : "Q1";
  const Timeline timeline =
      run(setup, {{11 * kSecond, Crash{other, false}}, {13 * kSecond, Start{other}}, {20 * kSecond, Crash{active, false}}}, 40 * kSecond);
  const std::vector<Cause> chain = why_last<ControllerElected>(timeline);
  INFO(text(chain));
  CHECK(chain.back().sentence == active + " is killed.");
}

TEST_CASE("a write that met a cut is stored because the link is whole again; one that met a crash, because it was sent") {
  Setup setup = setup_of(1);
  setup.producers[0].spec.limit = 1;
  setup.producers[0].spec.interval = 10 * kSecond;  // at 15 s
  setup.producers[0].spec.config.request_timeout = 2 * kSecond;
  SUBCASE("cut") {
    const Timeline timeline = run(setup, {{10 * kSecond, Cut{"shop", "", false}}, {30 * kSecond, Heal{}}}, 60 * kSecond);
    const std::vector<Cause> chain = why_last<RecordsAcked>(timeline);
    INFO(text(chain));
    CHECK(chain.back().sentence == "Every link is mended.");
  }
  SUBCASE("crash") {
    const Timeline timeline = run(setup, {{14 * kSecond, Crash{"broker 1", false}}}, 60 * kSecond);
    const std::vector<Cause> chain = why_last<RecordsAcked>(timeline);
    INFO(text(chain));
    CHECK(text(chain).find("killed") == std::string::npos);
    CHECK(chain.back().at == 5 * kSecond);  // the application's start
  }
}

TEST_CASE("who had returned before the trouble began is not what was waited for") {
  Setup setup = setup_of(3);
  setup.consumers = {reader("m1", 3 * kSecond), reader("m2", 22 * kSecond)};
  const std::vector<Action> script = {{8 * kSecond, Stop{"broker 1"}}, {10 * kSecond, Start{"broker 1"}},
                                      {8 * kSecond, Pause{"broker 2", {kSecond}}}, {20 * kSecond, Crash{"broker 3", false}}};
  const Timeline timeline = run(setup, script, 60 * kSecond);
  const std::vector<Cause> chain = why_last<MemberJoined>(timeline);
  INFO(text(chain));
  REQUIRE(chain.front().at > 22 * kSecond);
  CHECK(chain.back().sentence == "m2 starts.");
}

TEST_CASE("what a crash brings about still ends at the crash") {
  Setup setup = setup_of(3);
  setup.consumers = {reader("m1", 3 * kSecond), reader("m2", 3 * kSecond)};
  const Timeline timeline = run(setup, {{20 * kSecond, Crash{"broker 3", false}}, {30 * kSecond, Crash{"m2", false}}}, 100 * kSecond);
  CHECK(why_last<BrokerFenced>(timeline).back().sentence == "Broker 3 is killed.");
  CHECK(why_last<MemberLeft>(timeline).back().sentence == "m2 is killed.");
}

}  // namespace nutshell

// What a producer's application sends changes while it runs: how often, and how large.
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

Setup one_writer(Duration every) {
  Setup setup;
  setup.brokers = 1;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1})};
  setup.producers = {producer("shop", "orders", every)};
  return setup;
}

std::int64_t sent(const Cluster& c) { return c.world.producers[0].counters.sent; }

}  // namespace

TEST_CASE("a producer sends more often from now on, and less often, whatever it waited for") {
  Cluster c(one_writer(kHour));
  c.run_to(10 * kSecond);
  CHECK(sent(c) == 0);
  c.act(SetLoad{"shop", {10 * kMillisecond}});
  c.run_for(kSecond);
  CHECK(sent(c) == 100);
  c.act(SetLoad{"shop", {250 * kMillisecond}});
  c.run_for(kSecond);
  CHECK(sent(c) == 104);
  c.act(SetLoad{"shop", {250 * kMillisecond}});  // so it does: nothing is put off
  CHECK(pointless(c.world, SetLoad{"shop", {250 * kMillisecond}}) == "shop is doing so already.");
  CHECK(pointless(c.world, SetLoad{"shop", {251 * kMillisecond}}) == "");
  c.run_for(kSecond);
  CHECK(sent(c) == 108);
}

TEST_CASE("records are larger from now on; those that are stored stay as they are") {
  Cluster c(one_writer(100 * kMillisecond));
  c.run_to(10 * kSecond);
  const auto size = [&] { return c.world.brokers[0].replica({c.world.topic_id("orders"), 0})->log.size_in_bytes(); };
  const std::int64_t count = sent(c), before = size();
  CHECK(before == count * (kBatchOverhead + kRecordOverhead + 100));
  c.act(SetLoad{"shop", -1, 1000});
  c.run_for(kSecond);
  CHECK(sent(c) == count + 10);
  CHECK(size() == before + 10 * (kBatchOverhead + kRecordOverhead + 1000));
}

TEST_CASE("who is paused or down sends otherwise from its next time on") {
  Cluster c(one_writer(100 * kMillisecond));
  c.run_to(10 * kSecond);
  c.pause("shop");
  c.run_for(kSecond);  // what was due waits
  c.act(SetLoad{"shop", {500 * kMillisecond}});
  const std::int64_t paused = sent(c);
  c.resume("shop");
  c.run_for(2 * kSecond);
  CHECK(sent(c) == paused + 1 + 4);
  c.crash("shop");
  c.act(SetLoad{"shop", {50 * kMillisecond}});
  const std::int64_t down = sent(c);
  c.start("shop");
  c.run_for(kSecond);
  CHECK(sent(c) == down + 20);
}

TEST_CASE("a load that makes no sense is refused with a reason") {
  Setup setup = one_writer(100 * kMillisecond);
  setup.producers.push_back(setup.producers[0]);
  setup.producers[1].name = "by hand";
  setup.producers[1].spec.interval = 0;
  Cluster c(setup);
  CHECK(impossible(c.world, SetLoad{"shop"}) == "nothing is to change; say \"every\" or \"record_bytes\"");
  CHECK(impossible(c.world, SetLoad{"broker 1", {kSecond}}) == "'broker 1' is no producer");
  CHECK(impossible(c.world, SetLoad{"by hand", {kSecond}}) ==
        "'by hand' sends only when it is told to (\"send\"); there is no interval to change");
  CHECK(impossible(c.world, SetLoad{"by hand", -1, 10}) == "");
}

TEST_CASE("a changed load is told in one sentence") {
  CHECK(sentence(SetLoad{"shop", {10 * kMillisecond}}) == "shop sends every 10ms from now on.");
  CHECK(sentence(SetLoad{"shop", -1, 10}) == "shop sends records of 10 bytes from now on.");
  CHECK(sentence(SetLoad{"shop", {kSecond}, 10}) == "shop sends every 1s, and records of 10 bytes from now on.");
}

}  // namespace nutshell

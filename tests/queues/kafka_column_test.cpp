// Kafka's column is a plain model. Here it is held against the real simulated cluster, where its figures follow from groups,
// sessions, replicas and retention.
#include "tests/cluster/cluster_fixture.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

using enum ProductId;

constexpr Time kSettled = 20 * kSecond;  // everybody is in the group, and nothing has been sent

// One topic whose partitions all have their first replica on broker 1; a consumer polls one record at a time.
Setup real(int partitions, int consumers, Duration handle) {
  Setup setup;
  setup.controllers = 1;
  setup.config.offsets_topic_num_partitions = 1;
  TopicSpec orders = topic("orders", {1, 2, 3});
  orders.assignment.assign(static_cast<std::size_t>(partitions), {1, 2, 3});
  setup.topics = {orders};
  setup.producers = {producer("shop", "orders")};
  for (int i = 1; i <= consumers; ++i) {
    ConsumerSetup it = consumer("c" + std::to_string(i), "work", "orders");
    it.spec.processing = handle;
    it.spec.config.max_poll_records = 1;
    it.spec.config.enable_auto_commit = false;
    setup.consumers.push_back(it);
  }
  return setup;
}

void send(Cluster& c, const std::vector<std::string>& keys, int count) {
  for (int i = 0; i < count; ++i) c.act(Send{"shop", keys[static_cast<std::size_t>(i) % keys.size()], "m" + std::to_string(i + 1)});
}

std::int64_t delivered(const Cluster& c, Time from = 0) {
  std::int64_t count = 0;
  for (const nutshell::Fact& each : c.facts)
    if (const auto* fact = each.body.as<RecordsDelivered>(); fact && each.at >= from) count += fact->count;
  return count;
}

Time last_delivered(const Cluster& c) {
  Time last = 0;
  for (const nutshell::Fact& each : c.facts)
    if (each.body.is<RecordsDelivered>()) last = each.at;
  return last;
}

}  // namespace

TEST_CASE("more consumers: the real group is as fast as its plain column, and as idle") {
  const std::vector<std::string> keys = {"user-1", "user-3", "user-6", "user-10"};
  for (const int consumers : {1, 2, 5}) {
    Cluster c(real(4, consumers, 100 * kMs));
    c.run_to(kSettled);
    send(c, keys, 80);
    c.run_for(30 * kSecond);
    Lab lab;
    lab.messages(80, 0, keys);
    for (int i = 0; i < consumers; ++i) lab.consumer(100 * kMs);
    const Tally model = lab.on(kafka, {{"num.partitions", 4}, {"auto.offset.reset", 1}}).tally(0);
    CAPTURE(consumers);
    CHECK(delivered(c) == 80);
    const Time real_last = last_delivered(c) + 100 * kMs - kSettled;
    CHECK(real_last >= model.last);
    CHECK(real_last <= model.last + kSecond);  // the network's part
    CHECK(static_cast<std::int64_t>(c.count("member_idle") > 0) == (model.idle > 0));
  }
}

TEST_CASE("a crash before anything is committed: the real session takes as long, and repeats or loses as much") {
  for (const bool earliest : {true, false}) {
    Setup setup = real(3, 2, 100 * kMs);
    setup.consumers[0].spec.commit = CommitMode::never;
    setup.consumers[1].start = kSettled + 3 * kSecond;
    for (ConsumerSetup& each : setup.consumers)
      each.spec.config.auto_offset_reset = earliest ? OffsetReset::earliest : OffsetReset::latest;
    Cluster c(setup);
    c.run_to(kSettled);
    send(c, {"user-4", "user-8", "user-10"}, 3);
    c.run_to(kSettled + 2500 * kMs);
    const std::int64_t before = delivered(c);
    c.crash("c1");
    c.run_for(500 * kMs);
    send(c, {"user-4", "user-8", "user-10"}, 9);
    const Time crash = kSettled + 2500 * kMs;
    const Time takeover = c.until("partition_assigned", {{"consumer", "c2"}}, 2 * kMinute);
    c.run_for(30 * kSecond);

    Lab lab;
    lab.messages(3, 0, {"user-4", "user-8", "user-10"}).messages(9, 0, {"user-4", "user-8", "user-10"}, 3 * kSecond);
    Consumer& first = lab.consumer(100 * kMs);
    first.every = 100;
    first.crash_at = 2500 * kMs;
    lab.consumer(100 * kMs, 3 * kSecond);
    lab.workload.until = 120 * kSecond;
    const Tally model = lab.on(kafka, {{"auto.offset.reset", earliest ? 1 : 0}}).tally(0);
    CAPTURE(earliest);
    CHECK(before == 3);
    CHECK(before + delivered(c, crash) == model.attempts);
    // A session ends 45 s after its last heartbeat, of which there is one every 3 s.
    for (const Duration noticed : {takeover - crash, model.noticed}) {
      CHECK(noticed >= 41'900 * kMs);
      CHECK(noticed <= 45'500 * kMs);
    }
  }
}

TEST_CASE("acknowledged before it is handled: the real consumer loses what it had in hand") {
  Setup setup = real(1, 2, kSecond);
  for (ConsumerSetup& each : setup.consumers) {
    each.spec.commit = CommitMode::before_processing;
    each.spec.config.max_poll_records = 10;
  }
  setup.consumers[1].start = kSettled + 20 * kSecond;
  Cluster c(setup);
  c.run_to(kSettled);
  c.act(Send{"shop", "", "", 0, 10});
  c.run_for(3500 * kMs);
  c.crash("c1");
  c.run_for(2 * kMinute);
  CHECK(delivered(c) == 10);  // and never again: seven of them nobody has handled
  Lab lab;
  lab.messages(10);
  Consumer& first = lab.consumer(kSecond);
  first.window = 10;
  first.every = 0;
  first.crash_after = 3;
  lab.consumer(kSecond, 20 * kSecond);
  lab.workload.until = 120 * kSecond;
  const Tally model = lab.on(kafka, {{"num.partitions", 1}, {"auto.offset.reset", 1}}).tally(0);
  CHECK(model.delivered == 3);
  CHECK(model.lost == 7);
}

TEST_CASE("the leader is lost: the real producer waits as long, and stores each record once") {
  Setup setup = real(1, 0, 0);
  setup.topics[0].config.min_insync_replicas = 2;
  setup.producers[0].spec.interval = 10 * kMs;
  setup.producers[0].spec.limit = 150;
  setup.producers[0].start = kSettled;
  Cluster c(setup);
  c.run_to(kSettled + 490 * kMs);
  c.crash("broker 1");
  c.run_for(30 * kSecond);
  CHECK(c.log(2, "orders").log_end_offset() == 150);
  const std::vector<Time> acked = c.times("records_acked");
  Duration pause = 0;
  for (std::size_t i = 1; i < acked.size(); ++i) pause = std::max(pause, acked[i] - acked[i - 1]);
  Lab lab;
  lab.messages(150, 10 * kMs).fault(Fault::Kind::kill, 490 * kMs);
  const Simulation model = lab.on(kafka, {{"num.partitions", 1}});
  CHECK(model.system().confirmed == 150);
  // The broker's last heartbeat may be 2 s older than its crash; the plain column says it never is.
  CHECK(pause <= model.system().longest_wait + kSecond);
  CHECK(pause >= model.system().longest_wait - 3 * kSecond);
}

}  // namespace nutshell::queues::testing

// The workloads of the tables with other numbers: what comes of them by formulas of a line or two, which know nothing of how
// the systems are built.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "tests/queues/lab.h"
#include "tests/queues/shipped.h"

namespace nutshell::queues::testing {
namespace {

std::int64_t ceil_of(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// The messages of a workload anew: so many, one each `every`, with its keys in turn.
void say_messages(Workload& workload, int count, Duration every, const std::vector<std::string>& keys) {
  const Message first = workload.messages.front();
  workload.messages.clear();
  for (int i = 0; i < count; ++i) {
    Message next = first;
    next.name = "m" + std::to_string(i + 1);
    next.body = next.name;
    next.at = i * every;
    next.key = keys[static_cast<std::size_t>(i) % keys.size()];
    workload.messages.push_back(next);
  }
}

void set(Workload& workload, std::string_view key, std::int64_t value) {
  for (Row& each : workload.rows)
    if (const ProductKey* known = find_key(each.product, key)) each.settings.set(*known, value);
}

bool is_one_of(ProductId id, std::initializer_list<ProductId> all) { return std::find(all.begin(), all.end(), id) != all.end(); }

using enum ProductId;

}  // namespace

TEST_CASE("W1 with other numbers: so many are done again as were handled without a word") {
  struct Variant {
    int messages, handled, poison, attempts;  // of the dead-letter rules
    std::int64_t deadline, visibility;        // seconds
  };
  for (const Variant& each : {Variant{12, 3, 7, 5, 10, 30}, {12, 1, 7, 5, 10, 30}, {20, 5, 12, 6, 15, 45}, {9, 4, 8, 7, 20, 10},
                              {15, 2, 9, 5, 60, 120}, {30, 7, 20, 8, 12, 25}}) {
    Workload workload = shipped("orders");
    say_messages(workload, each.messages, kSecond, {"user-4", "user-8", "user-10"});
    workload.until = 600 * kSecond;
    workload.services[0].consumers[0].crash_at = each.handled * kSecond - 500 * kMs;
    workload.services[0].consumers[1].from = each.handled * kSecond;
    workload.services[2].added_at = workload.services[2].consumers[0].from = 200 * kSecond;
    workload.poison[0].message = each.poison - 1;
    for (Service& service : workload.services) service.tries = each.attempts;
    set(workload, "x-delivery-limit", each.attempts - 1);
    set(workload, "maxReceiveCount", each.attempts);
    set(workload, "maxDeliveryAttempts", each.attempts);
    set(workload, "ackDeadlineSeconds", each.deadline);
    set(workload, "VisibilityTimeout", each.visibility);
    for (const Row& row : workload.rows) {
      if (row.name == "kafka, reset latest" || row.name.find("silent") != std::string::npos || row.name == "kinesis, LATEST") continue;
      CAPTURE(row.name);
      CAPTURE(each.messages);
      const Simulation run = run_row<Simulation>(workload, row.name);
      const Tally& tally = run.tally(0);
      const bool once = row.name.find("reject") != std::string::npos || row.name.find("throws") != std::string::npos;
      const bool dead = row.name.find("throws") == std::string::npos;
      CHECK(tally.done == each.messages - 1);
      // What is not deleted locks its group: then c1 has one of each key, and no more.
      const int again = row.product == sqs_fifo ? std::min(each.handled, 3) : each.handled;
      CHECK(tally.repeated == again);
      CHECK(tally.attempts == each.messages - 1 + again + (once ? 1 : each.attempts));
      CHECK(tally.dead == dead);
      CHECK(tally.lost == !dead);
      CHECK(tally.overtaken == 0);
      CHECK(tally.stuck == 0);
      CHECK(run.tally(1).attempts == each.messages);
      if (is_one_of(row.product, {rabbit_quorum, rabbit_classic})) {
        CHECK(tally.last == (each.messages - 1) * kSecond + 100 * kMs);
        CHECK(tally.noticed == 0);
      }
      // m1 was handed out at once, and comes back to c2 when its time is over.
      if (row.product == pubsub) CHECK(when(run, FactKind::delivered, 1, 3) == each.deadline * kSecond);
      if (row.product == sqs) CHECK(when(run, FactKind::delivered, 1, 3) == each.visibility * kSecond);
      if (row.product == kinesis && row.name != "kinesis, KCL 3")
        CHECK(when(run, FactKind::slot_taken_over, 1, 1) <= (each.handled + 21) * kSecond);
    }
  }
}

TEST_CASE("W2 with other numbers: who has a limit hands the message on when it is over") {
  struct Variant {
    std::int64_t limit, stall, handle;  // seconds
    int messages;
  };
  for (const Variant& each : {Variant{30, 70, 1, 6}, {20, 50, 1, 6}, {45, 100, 2, 8}, {60, 90, 1, 4}, {30, 200, 3, 12}, {30, 20, 1, 6}}) {
    Workload workload = shipped("slower-than-the-limit");
    say_messages(workload, each.messages, 0, {"K"});
    for (Consumer& consumer : workload.services[0].consumers) consumer.handle = each.handle * kSecond;
    workload.services[0].consumers[0].slow = {{0, each.stall * kSecond}};
    workload.until = 1000 * kSecond;
    for (const std::string_view key : {"VisibilityTimeout", "ackDeadlineSeconds"}) set(workload, key, each.limit);
    set(workload, "group.share.record.lock.duration.ms", each.limit * 1000);
    for (Row& row : workload.rows) {
      for (const std::string_view key : {"consumer-timeout", "max.poll.interval.ms"})
        if (row.settings.has(row.product, key)) row.settings.set(*find_key(row.product, key), each.limit * 1000);
    }
    const Time in_turn = (each.stall + (each.messages - 1) * each.handle) * kSecond;
    const std::int64_t over = each.stall > each.limit;
    const auto check = [&](const char* row, std::int64_t repeated, Time last) {
      CAPTURE(std::string(row));
      CAPTURE(each.stall);
      CAPTURE(each.limit);
      const Tally tally = run_row<Simulation>(workload, row).tally(0);
      CHECK(tally.done == each.messages);
      CHECK(tally.repeated == repeated);
      CHECK(tally.attempts == each.messages + repeated);
      CHECK(tally.last == last);
    };
    check("kinesis", 0, in_turn);
    check("kafka", 0, in_turn);
    check("rabbit, single active consumer", 0, in_turn);
    // c2 does the others meanwhile, in so many seconds; what c1 stalls with comes last.
    const Time others = (each.messages - 1) * each.handle * kSecond, stall = each.stall * kSecond;
    for (const char* row : {"rabbit-quorum", "rabbit-classic", "pubsub, library extends"}) check(row, 0, std::max(others, stall));
    if (!over) continue;
    for (const char* row :
         {"kafka share group", "rabbit-quorum, consumer-timeout 30 s", "pubsub, no extension", "pubsub, exactly once", "sqs"})
      check(row, 1, stall);
    // In order: all of them after the limit, by c2.
    const Time after = (each.limit + each.messages * each.handle) * kSecond;
    for (const char* row : {"pubsub-ordered, no extension", "sqs-fifo", "kafka, max.poll.interval 30 s"})
      check(row, 1, std::max(after, stall));
  }
}

TEST_CASE("W3 with other numbers: order binds as many consumers as there are keys") {
  struct Variant {
    int messages, consumers, keys;
    std::int64_t handle;  // ms
  };
  const std::vector<std::string> vectors = {"user-1", "user-3", "user-6", "user-10"};
  for (const Variant& each : {Variant{400, 3, 4, 100}, {400, 4, 4, 250}, {240, 6, 4, 50}, {120, 10, 4, 1000}, {60, 4, 1, 200},
                              {400, 8, 4, 10}}) {
    Workload workload = shipped(each.keys == 1 ? "one-hot-key" : "scale-out");
    say_messages(workload, each.messages, 0, std::vector<std::string>(vectors.begin(), vectors.begin() + each.keys));
    std::vector<Consumer>& consumers = workload.services[0].consumers;
    consumers.resize(static_cast<std::size_t>(each.consumers), consumers.front());
    for (std::size_t i = 0; i < consumers.size(); ++i) {
      consumers[i].name = "c" + std::to_string(i + 1);
      consumers[i].handle = each.handle * kMs;
    }
    workload.until = 1000 * kSecond;
    const std::string any = each.keys == 1 ? "5" : "20";
    for (Row& row : workload.rows) row.consumers = -1;
    const Duration one = each.handle * kMs;
    const std::int64_t busy = std::min(each.consumers, each.keys), a_key = each.messages / each.keys;
    for (const std::string& row : {"sqs, " + any, "pubsub, " + any, "rabbit, " + any + " competing"}) {
      CAPTURE(row);
      const Tally tally = run_row<Simulation>(workload, row).tally(0);
      CHECK(tally.last == ceil_of(each.messages, each.consumers) * one);
      CHECK(tally.idle == 0);
      // Of those that are begun together, all but one of each key are begun beside an earlier one.
      const std::int64_t waves = each.messages / each.consumers, rest = each.messages % each.consumers;
      CHECK(tally.concurrent == waves * std::max(0, each.consumers - each.keys) + std::max<std::int64_t>(0, rest - each.keys));
    }
    const Simulation single = run_row<Simulation>(workload, "rabbit, " + any + ", single active");
    CHECK(single.tally(0).last == each.messages * one);
    CHECK(single.tally(0).idle == each.consumers - 1);
    for (const std::string& row : {"kafka, " + any, "kinesis, " + any}) {
      CAPTURE(row);
      const Tally tally = run_row<Simulation>(workload, row).tally(0);
      CHECK(tally.last == ceil_of(each.keys, busy) * a_key * one);  // whole partitions
      CHECK(tally.concurrent == 0);
      CHECK(tally.idle == std::max(0, each.consumers - each.keys));
    }
    for (const std::string& row : {"sqs-fifo, " + any, "pubsub-ordered, " + any}) {
      CAPTURE(row);
      const Tally tally = run_row<Simulation>(workload, row).tally(0);
      CHECK(tally.last >= ceil_of(each.messages, busy) * one);
      CHECK(tally.last <= ceil_of(each.keys, busy) * a_key * one);
      CHECK(tally.concurrent == 0);
    }
  }
}

TEST_CASE("W4 with other numbers: what is confirmed before the loss, during it and after it") {
  struct Variant {
    int messages, at;  // just before the message of that number
    std::int64_t every, noticed, behind;  // ms
  };
  for (const Variant& each : {Variant{150, 50, 10, 15, 25}, {100, 1, 10, 15, 25}, {80, 80, 10, 15, 25}, {200, 120, 5, 15, 12},
                              {60, 30, 20, 15, 70}, {90, 45, 10, 50, 5}, {40, 11, 100, 15, 250}}) {
    Workload workload = shipped("node-lost");
    say_messages(workload, each.messages, each.every * kMs, {"K"});
    workload.faults[0].before = each.at - 1;
    set(workload, "node loss noticed after", each.noticed);
    set(workload, "replica.fetch.delay.ms", 0);
    for (Row& row : workload.rows)
      if (row.name == "kafka, acks 1") row.settings.set(*find_key(kafka, "replica.fetch.delay.ms"), each.behind);
    CAPTURE(each.messages);
    CAPTURE(each.at);
    CAPTURE(each.every);
    const std::int64_t after = each.messages - each.at + 1, refused = std::min(after, ceil_of(each.noticed, each.every));
    const Simulation classic = run_row<Simulation>(workload, "rabbit-classic");
    CHECK(classic.system().refused == refused);
    CHECK(classic.system().confirmed == each.messages - refused);
    CHECK(classic.tally(0).stuck == each.at - 1);
    CHECK(classic.tally(0).lost == after - refused);
    const Simulation returned = run_row<Simulation>(workload, "rabbit-classic, mandatory");
    CHECK(returned.system().returned == after - refused);
    CHECK(returned.tally(0).lost == 0);
    for (const char* row : {"kafka, acks all", "rabbit-quorum", "rabbit-stream", "pubsub", "sqs", "kinesis"}) {
      CAPTURE(std::string(row));
      const Simulation run = run_row<Simulation>(workload, row);
      CHECK(run.system().confirmed == each.messages);
      CHECK(run.tally(0).done == each.messages);
      CHECK(run.tally(0).lost + run.tally(0).repeated + run.tally(0).stepped_back == 0);
    }
    // Acknowledged by the leader alone, and not fetched yet: the last ones, as long as a follower is behind.
    const Simulation one = run_row<Simulation>(workload, "kafka, acks 1");
    CHECK(one.tally(0).lost == std::min<std::int64_t>(each.at - 1, (each.behind - 1) / each.every));
    CHECK(one.system().confirmed == each.messages);
    const Duration wait = run_row<Simulation>(workload, "kafka, acks all").system().longest_wait;
    CHECK(wait >= 9 * kSecond);
    CHECK(wait <= 10 * kSecond);
    const Duration quorum = run_row<Simulation>(workload, "rabbit-quorum").system().longest_wait;
    CHECK(quorum > 100 * kMs);
    CHECK(quorum <= 600 * kMs);
  }
}

TEST_CASE("W5 with other numbers: who is away for as long as is kept has lost it all") {
  struct Variant {
    int messages;
    std::int64_t kept, away;  // hours
  };
  for (const Variant& each : {Variant{10, 1, 2}, {25, 24, 30}, {7, 48, 47}, {12, 72, 100}, {5, 30, 29}}) {
    Workload workload = shipped("away-too-long");
    say_messages(workload, each.messages, 0, {"K"});
    for (Consumer& consumer : workload.services[0].consumers) consumer.from = each.away * kHour;
    workload.until = (each.away + 200) * kHour;
    for (const std::string_view key : {"MessageRetentionPeriod", "messageRetentionDuration"}) set(workload, key, each.kept * 3600);
    for (Row& row : workload.rows) {
      for (const std::string_view key : {"x-message-ttl", "retention.ms"})
        if (row.settings.has(row.product, key)) row.settings.set(*find_key(row.product, key), each.kept * 3'600'000);
      if (row.product == kinesis) row.settings.set(*find_key(kinesis, "RetentionPeriodHours"), std::max<std::int64_t>(24, each.kept));
    }
    workload.asks.clear();
    const bool gone = each.away >= each.kept;
    for (const char* row : {"sqs", "sqs-fifo", "pubsub", "rabbit-classic, TTL"}) {
      CAPTURE(std::string(row));
      CAPTURE(each.kept);
      const Tally tally = run_row<Simulation>(workload, row).tally(0);
      CHECK(tally.lost == (gone ? each.messages : 0));
      CHECK(tally.done == (gone ? 0 : each.messages));
    }
    CHECK(run_row<Simulation>(workload, "rabbit-classic, TTL and DLX").tally(0).dead == (gone ? each.messages : 0));
    const bool too_late = each.away >= std::max<std::int64_t>(24, each.kept);
    CHECK(run_row<Simulation>(workload, "kinesis").tally(0).lost == (too_late ? each.messages : 0));
    CHECK(run_row<Simulation>(workload, "rabbit-quorum").tally(0).done == each.messages);
    CHECK(run_row<Simulation>(workload, "rabbit-stream").tally(0).done == each.messages);
  }
}

TEST_CASE("W6 with other numbers: a poison message and its neighbours, a second each") {
  struct Variant {
    int messages, poison, most;
  };
  for (const Variant& each : {Variant{12, 4, 3}, {12, 1, 3}, {18, 7, 5}, {9, 9, 4}, {15, 5, 2}, {6, 3, 6}}) {
    Workload workload = shipped("poison");
    const std::vector<std::string> keys = {"user-4", "user-8", "user-10"};
    say_messages(workload, each.messages, 0, keys);
    workload.poison[0].message = each.poison - 1;
    workload.services[0].tries = each.most;
    set(workload, "x-delivery-limit", each.most - 1);
    for (Row& row : workload.rows)
      if (row.settings.has(row.product, "maxReceiveCount")) row.settings.set(*find_key(row.product, "maxReceiveCount"), each.most);
    workload.until = 400 * kSecond;
    CAPTURE(each.messages);
    CAPTURE(each.poison);
    const int a_key = each.messages / 3;                 // of each key
    const int behind = (each.messages - each.poison) / 3;  // of its key, later
    const auto of = [&](const char* row) { return run_row<Simulation>(workload, row).tally(0); };
    const Tally buried = of("kafka, dead_letter(3)");
    CHECK(buried.attempts == each.messages - 1 + each.most);
    CHECK(buried.dead == 1);
    CHECK(buried.last == std::max(a_key, a_key - 1 + (behind > 0 ? each.most : 0)) * kSecond);
    const Tally block = of("kafka, block");
    CHECK(block.stuck == 1 + behind);
    CHECK(block.done == each.messages - 1 - behind);
    const Tally classic = of("rabbit-classic, requeue");
    CHECK(classic.attempts == 400);
    CHECK(classic.done == each.poison - 1);
    CHECK(classic.stuck == each.messages - each.poison + 1);
    const Tally quorum = of("rabbit-quorum, limit 20, DLX");
    CHECK(quorum.attempts == each.messages - 1 + each.most);
    CHECK(quorum.dead == 1);
    CHECK(of("rabbit-quorum, limit 20, no DLX").lost == 1);
    const Tally ordered = of("pubsub-ordered, 5 attempts");
    CHECK(ordered.attempts == each.messages - 1 + 5);
    CHECK(ordered.dead == 1);
    const Tally fifo = of("sqs-fifo, silent, no dead letters");
    CHECK(fifo.stuck == 1 + behind);
    CHECK(fifo.done == each.messages - 1 - behind);
    const Tally standard = of("sqs, silent"), limited = of("sqs-fifo, silent");
    CHECK(standard.attempts == each.messages - 1 + each.most);
    CHECK(standard.dead == 1);
    CHECK(limited.attempts == each.messages - 1 + each.most);
    CHECK(limited.dead == 1);
    const Tally thrown = of("kinesis, handler throws");  // batches of ten of a shard, and all are in one
    CHECK(thrown.lost == 1 + behind);
    CHECK(thrown.done == each.messages - 1 - behind);
  }
}

TEST_CASE("W7 with other numbers: who filters, and how many copies that makes") {
  const std::vector<std::string> types = {"created", "paid", "cancelled", "returned"};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto roll = [&](std::uint64_t nth, std::int64_t low, std::int64_t high) {
      return between(draw(seed, Purpose::fuzz, 7, nth), low, high);
    };
    Workload workload = shipped("fan-out");
    const auto count_of = static_cast<int>(roll(0, 1, 40));
    say_messages(workload, count_of, 0, {"K"});
    Filter& by_type = workload.services[1].filter;
    Filter& by_amount = workload.services[2].filter;
    by_type[0].values.assign(types.begin() + roll(1, 0, 1), types.begin() + roll(2, 2, 4));
    by_amount[0].number = roll(3, 0, 300);
    std::int64_t typed = 0, large = 0;
    for (std::size_t i = 0; i < workload.messages.size(); ++i) {
      const std::string& type = types[static_cast<std::size_t>(roll(100 + i, 0, 3))];
      const std::int64_t amount = roll(200 + i, 0, 300);
      workload.messages[i].attributes = {{"type", type}, {"amount", std::to_string(amount)}};
      typed += std::find(by_type[0].values.begin(), by_type[0].values.end(), type) != by_type[0].values.end();
      large += amount >= by_amount[0].number;
    }
    CAPTURE(seed);
    const auto check = [&](const char* row, std::int64_t to_second, std::int64_t to_third, std::int64_t copies) {
      CAPTURE(std::string(row));
      const Simulation run = run_row<Simulation>(workload, row);
      CHECK(run.tally(0).delivered == count_of);
      CHECK(run.tally(1).delivered == to_second);
      CHECK(run.tally(2).delivered == to_third);
      CHECK(run.tally(1).wanted == typed);
      CHECK(run.tally(2).wanted == large);
      CHECK(run.tally(1).done == typed);
      CHECK(run.tally(2).done == large);
      CHECK(run.tally(1).discarded + run.tally(2).discarded == to_second + to_third - typed - large);
      CHECK(run.system().copies == copies);
    };
    check("kafka", count_of, count_of, count_of);
    check("kinesis", count_of, count_of, count_of);
    check("rabbit topic exchange", typed, count_of, 2 * count_of + typed);
    check("pubsub", typed, count_of, count_of);
    check("sqs", typed, large, count_of + typed + large);
  }
}

TEST_CASE("W8 with other numbers: all since then, where anything has stayed") {
  for (const auto& [messages, since] : {std::pair(10, 4500), {10, 0}, {20, 12'000}, {15, 14'001}, {8, 7'000}, {30, 29'999}}) {
    Workload workload = shipped("replay");
    say_messages(workload, messages, kSecond, {"K"});
    workload.asks[0].since = since * kMs;
    const std::int64_t again = messages - ceil_of(since, 1000);
    for (const Row& row : workload.rows) {
      if (row.name.find("chunks") != std::string::npos) continue;
      CAPTURE(row.name);
      CAPTURE(since);
      const Simulation run = run_row<Simulation>(workload, row.name);
      const bool can = !run.rules().no_replay.empty() ? run.rules().can_replay : true;
      const bool mail = row.name == "pubsub" || row.name == "sqs" || row.name == "sqs-fifo" || row.name == "rabbit-quorum";
      CHECK(can == !mail);
      CHECK(run.tally(0).again == (mail ? 0 : again));
      CHECK(run.tally(0).repeated == (mail ? 0 : again));
      CHECK(run.tally(1).attempts == messages);
    }
  }
}

TEST_CASE("W9 with other numbers: a copy is known as long as its product remembers") {
  for (const std::int64_t after : {0, 1, 119, 120, 121, 299, 300, 400}) {
    Workload workload = shipped("sent-again-later");
    workload.faults[0].again_after = after * kSecond;
    workload.until = 3000 * kSecond;
    const auto count_of = static_cast<std::int64_t>(workload.messages.size());
    CAPTURE(after);
    const auto stored = [&](const char* row) { return run_row<Simulation>(workload, row).tally(0).stored - count_of; };
    CHECK(stored("kafka, idempotent") == 0);
    CHECK(stored("kafka, not idempotent") == 1);  // whose library is told to wait for longer
    for (const char* row : {"rabbit-quorum", "pubsub, exactly once", "sqs", "kinesis"}) CHECK(stored(row) == 1);
    CHECK(stored("rabbit-stream, named") == 0);
    for (const char* row : {"sqs-fifo", "sqs-fifo, content"}) CHECK(stored(row) == (after >= 300 ? 1 : 0));
  }
}

TEST_CASE("W10 with other numbers: what a second takes") {
  for (const auto& [messages, shards, batch, length] :
       {std::tuple(3000, 1, 10, 1000), {2500, 2, 5, 700}, {900, 1, 2, 100}, {4000, 3, 1, 3999}, {301, 1, 1, 301}, {5000, 4, 7, 1}}) {
    Workload workload = shipped("more-than-it-takes");
    const std::string name = workload.messages[0].name;
    say_messages(workload, messages, 0, {""});
    set(workload, "ShardCount", shards);
    set(workload, "x-max-length", length);
    for (Row& row : workload.rows)
      if (row.name == "sqs-fifo, batches of 10") row.settings.set(*find_key(sqs_fifo, "SendMessageBatch"), batch);
    CAPTURE(messages);
    const auto accepted = [&](const char* row) { return run_row<Simulation>(workload, row).system().accepted; };
    CHECK(accepted("kafka") == messages);
    CHECK(accepted("sqs-fifo, one by one") == std::min(messages, 300));
    CHECK(accepted("sqs-fifo, batches of 10") == std::min(messages, 300 * batch));
    CHECK(accepted("rabbit-classic, reject-publish") == std::min(messages, length));
    CHECK(accepted("rabbit-quorum, reject-publish") == std::min(messages, length + 1));
    CHECK(run_row<Simulation>(workload, "rabbit-classic, drop-head, DLX").tally(0).dead == std::max(0, messages - length));
    const std::int64_t kinesis_takes = accepted("kinesis, refusals ignored");
    CHECK(kinesis_takes <= std::min(messages, 1000 * shards));
    if (shards == 1) CHECK(kinesis_takes == std::min(messages, 1000));
    const Simulation resent = run_row<Simulation>(workload, "kinesis, sent again each second");
    CHECK(resent.system().confirmed == messages);
    if (shards == 1) CHECK(when(resent, FactKind::message_accepted, messages) / kSecond == (messages - 1) / 1000);
  }
}

TEST_CASE("W11 with other numbers: lost is what was in hand, repeated what had been done") {
  for (const auto& [batch, handled] : {std::pair(10, 3), {10, 1}, {10, 9}, {5, 2}, {20, 13}, {4, 3}}) {
    Workload workload = shipped("acknowledge-first-or-last");
    say_messages(workload, batch, 0, {"K"});
    Consumer& first = workload.services[0].consumers[0];
    first.crash_after = handled;
    first.window = batch;
    if (first.every > 1) first.every = batch;
    for (Row& row : workload.rows) {
      if (row.window) row.window = batch;
      if (row.every && *row.every > 1) row.every = batch;
    }
    for (const Row& row : workload.rows) {
      CAPTURE(row.name);
      CAPTURE(batch);
      CAPTURE(handled);
      const Tally tally = run_row<Simulation>(workload, row.name).tally(0);
      const bool acks_first = row.every == kAcksFirst;
      CHECK(tally.lost == (acks_first ? batch - handled : 0));
      CHECK(tally.repeated == (acks_first ? 0 : handled));
      CHECK(tally.done == (acks_first ? handled : batch));
    }
  }
}

TEST_CASE("W12 with other numbers: a key in two places is read from both at once, or from one after the other") {
  for (const auto& [messages, grown, handle] :
       {std::tuple(12, 7, 1000), {12, 2, 1000}, {20, 11, 500}, {9, 9, 2000}, {30, 21, 100}, {7, 4, 3000}}) {
    Workload workload = shipped("growing");
    say_messages(workload, messages, 0, {"user-3"});
    workload.faults[0].before = grown - 1;
    for (Consumer& each : workload.services[0].consumers) each.handle = handle * kMs;
    workload.until = 600 * kSecond;
    CAPTURE(messages);
    CAPTURE(grown);
    const std::int64_t before = grown - 1, after = messages - before;
    for (const char* row : {"kafka", "kinesis, raw readers"}) {
      CAPTURE(std::string(row));
      const Tally tally = run_row<Simulation>(workload, row).tally(0);
      CHECK(tally.done == messages);
      CHECK(tally.overtaken == before - 1);  // all but m1, which is done as soon as the first of the others
      CHECK(tally.last == std::max(before, after) * handle * kMs);
    }
    const Tally waits = run_row<Simulation>(workload, "kinesis, KCL").tally(0);
    CHECK(waits.overtaken == 0);
    CHECK(waits.last >= messages * handle * kMs);
    CHECK(waits.last <= messages * handle * kMs + 10 * kSecond);
    for (const char* row : {"sqs-fifo", "pubsub-ordered"}) {
      CHECK(run_row<Simulation>(workload, row).tally(0).overtaken == 0);
      CHECK(run_row<Simulation>(workload, row).tally(0).last == messages * handle * kMs);
    }
  }
}

}  // namespace nutshell::queues::testing

// The shipped workloads (assets/rivals) and what must come of each row: worked out from the products' rules by hand, and for
// RabbitMQ measured on a real cluster.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/queues/lab.h"
#include "tests/queues/shipped.h"

namespace nutshell::queues::testing {
namespace {

// Of the first service: attempts, done, repeated, overtaken, stepped back, dead, stuck, lost.
struct Expected {
  const char* row;
  std::vector<std::int64_t> figures;
  Time last = -1;  // -1: not said
};

void check_rows(const std::string& name, const std::vector<Expected>& rows) {
  const Workload workload = shipped(name);
  for (const Expected& each : rows) {
    CAPTURE(name);
    CAPTURE(std::string(each.row));
    const Simulation run = run_row<Simulation>(workload, each.row);
    CHECK(row_of(run.tally(0)) == each.figures);
    if (each.last >= 0) CHECK(run.tally(0).last == each.last);
  }
}

}  // namespace

TEST_CASE("what the files say of themselves") {
  for (const char* name : {"orders", "slower-than-the-limit", "poison"}) {
    const Workload workload = shipped(name);
    std::size_t expectations = 0;
    for (std::size_t i = 0; i < workload.rows.size(); ++i) {
      Simulation run(workload, i);
      run.run();
      for (const std::string& each : disappointments(run.outcome(false), workload))
        FAIL_CHECK(name << ", " << workload.rows[i].name << ": " << each);
      expectations += workload.rows[i].expect.size();
    }
    CHECK(expectations > 50);
  }
}

TEST_CASE("orders: what billing comes to on every product") {
  check_rows("orders", {
                           {"kafka, reset earliest", {19, 11, 3, 0, 0, 1, 0, 0}},
                           {"kafka, reset latest", {3, 3, 0, 0, 0, 0, 0, 9}, ms(2100)},
                           {"rabbit-quorum", {19, 11, 3, 0, 0, 1, 0, 0}, ms(11'100)},
                           {"rabbit-classic, reject", {15, 11, 3, 0, 0, 1, 0, 0}, ms(11'100)},
                           {"pubsub", {19, 11, 3, 0, 3, 1, 0, 0}, ms(12'100)},
                           {"pubsub-ordered", {19, 11, 3, 0, 0, 1, 0, 0}, ms(12'400)},
                           {"sqs", {19, 11, 3, 0, 3, 1, 0, 0}, ms(32'100)},
                           {"sqs-fifo", {19, 11, 3, 0, 0, 1, 0, 0}, ms(32'400)},
                           {"kinesis, careful", {19, 11, 3, 0, 0, 1, 0, 0}, ms(24'650)},
                           {"kinesis, KCL 3", {19, 11, 3, 0, 0, 1, 0, 0}},
                           {"kinesis, handler throws", {15, 11, 3, 0, 0, 0, 0, 1}, ms(23'050 + 1200)},
                       });
}

TEST_CASE("orders: takeovers come when each product's clock says") {
  const Workload workload = shipped("orders");
  const Simulation kafka = run_row<Simulation>(workload, "kafka, reset earliest");
  const Time takeover = kafka.tally(0).last - ms(1600);
  CHECK(takeover >= ms(44'500));
  CHECK(takeover <= ms(47'500));
  const Time third = run_row<Simulation>(workload, "kinesis, KCL 3").tally(0).last - ms(1600);
  CHECK(third >= 140 * kSecond);
  CHECK(third <= 170 * kSecond);
  CHECK(run_row<Simulation>(workload, "rabbit-quorum").tally(0).noticed == 0);
}

TEST_CASE("orders: shipping sees nothing of it, and audit gets what the product has kept") {
  const Workload workload = shipped("orders");
  const std::map<std::string, std::int64_t> audit = {
      {"kafka, reset earliest", 12}, {"kafka, reset latest", 0}, {"rabbit-quorum", 0}, {"rabbit-classic, reject", 0},
      {"rabbit-stream, first", 12}, {"pubsub", 0}, {"pubsub, topic retention", 12}, {"pubsub-ordered", 0},
      {"pubsub-ordered, topic retention", 12}, {"sqs", 0}, {"sqs-fifo", 0}, {"sqs-fifo, archive", 12},
      {"kinesis, careful", 12}, {"kinesis, LATEST", 0}};
  for (const Row& row : workload.rows) {
    CAPTURE(row.name);
    const Simulation run = run_row<Simulation>(workload, row.name);
    CHECK(row_of(run.tally(1)) == std::vector<std::int64_t>{12, 12, 0, 0, 0, 0, 0, 0});
    const auto expected = audit.find(row.name);
    if (expected == audit.end()) continue;
    CHECK(run.tally(2).late == expected->second);
    CHECK(run.tally(2).done == expected->second);
  }
}

TEST_CASE("orders: silent failures of o7 wait for their visibility time-outs") {
  const Workload workload = shipped("orders");
  const Simulation run = run_row<Simulation>(workload, "sqs, silent");
  for (int nth = 0; nth < 5; ++nth) CHECK(when(run, FactKind::delivered, 7, 2 + nth) == (6 + 30 * nth) * kSecond);
  CHECK(when(run, FactKind::dead_lettered, 7) >= 156 * kSecond);
  const Simulation fifo = run_row<Simulation>(workload, "sqs-fifo, silent");
  CHECK(when(fifo, FactKind::handled, 10, 2) > when(fifo, FactKind::dead_lettered, 7));
}

TEST_CASE("slower than the limit") {
  check_rows("slower-than-the-limit", {
                                          {"kafka", {6, 6, 0, 0, 0, 0, 0, 0}, ms(75'000)},
                                          {"kafka, max.poll.interval 30 s", {7, 6, 1, 0, 1, 0, 0, 0}, ms(70'000)},
                                          {"kafka share group", {7, 6, 1, 1, 2, 0, 0, 0}, ms(70'000)},
                                          {"rabbit-quorum", {6, 6, 0, 1, 1, 0, 0, 0}, ms(70'000)},
                                          {"rabbit-classic", {6, 6, 0, 1, 1, 0, 0, 0}, ms(70'000)},
                                          {"rabbit, single active consumer", {6, 6, 0, 0, 0, 0, 0, 0}, ms(75'000)},
                                          {"rabbit-quorum, consumer-timeout 30 s", {7, 6, 1, 1, 2, 0, 0, 0}, ms(70'000)},
                                          {"pubsub, no extension", {7, 6, 1, 1, 2, 0, 0, 0}, ms(70'000)},
                                          {"pubsub, library extends", {6, 6, 0, 1, 1, 0, 0, 0}, ms(70'000)},
                                          {"pubsub, exactly once", {7, 6, 1, 1, 2, 0, 0, 0}, ms(70'000)},
                                          {"pubsub-ordered, no extension", {7, 6, 1, 0, 1, 0, 0, 0}, ms(70'000)},
                                          {"sqs", {7, 6, 1, 1, 2, 0, 0, 0}, ms(70'000)},
                                          {"sqs-fifo", {7, 6, 1, 0, 1, 0, 0, 0}, ms(70'000)},
                                          {"kinesis", {6, 6, 0, 0, 0, 0, 0, 0}, ms(75'000)},
                                      });
  const Workload workload = shipped("slower-than-the-limit");
  for (const char* row :
       {"kafka, max.poll.interval 30 s", "kafka share group", "rabbit-quorum, consumer-timeout 30 s", "pubsub, no extension", "sqs"})
    CHECK_MESSAGE(when(run_row<Simulation>(workload, row), FactKind::late_ack_ignored, 1) == 70 * kSecond, std::string(row));
}

TEST_CASE("a message that takes longer than anybody is given is done several times, and buried") {
  check_rows("always-too-slow", {
                                    {"sqs-fifo", {3, 1, 2, 0, 0, 1, 0, 0}, ms(130'000)},
                                    {"pubsub, exactly once", {5, 1, 4, 0, 0, 1, 0, 0}, ms(190'000)},
                                });
  const Workload workload = shipped("always-too-slow");
  CHECK(when(run_row<Simulation>(workload, "sqs-fifo"), FactKind::dead_lettered, 1) == 90 * kSecond);
  CHECK(when(run_row<Simulation>(workload, "pubsub, exactly once"), FactKind::dead_lettered, 1) == 150 * kSecond);
}

TEST_CASE("more consumers: who keeps order uses no more of them than there are keys") {
  struct Scale {
    int consumers;
    Time ordered, competing;
    std::int64_t idle, concurrent;
  };
  const Workload workload = shipped("scale-out");
  for (const Scale& each : {Scale{1, ms(40'000), ms(40'000), 0, 0}, {2, ms(20'000), ms(20'000), 0, 0}, {5, ms(10'000), ms(8'000), 1, 80},
                            {20, ms(10'000), ms(2'000), 16, 320}}) {
    const std::string n = std::to_string(each.consumers);
    for (const std::string& row : {"kafka, " + n, "kinesis, " + n, "sqs-fifo, " + n, "pubsub-ordered, " + n}) {
      CAPTURE(row);
      const Simulation run = run_row<Simulation>(workload, row);
      CHECK(run.tally(0).last == each.ordered);
      CHECK(run.tally(0).idle == each.idle);
      CHECK(run.tally(0).concurrent == 0);
    }
    for (const std::string& row : {"sqs, " + n, "pubsub, " + n, "rabbit, " + n + " competing"}) {
      CAPTURE(row);
      const Simulation run = run_row<Simulation>(workload, row);
      CHECK(run.tally(0).last == each.competing);
      CHECK(run.tally(0).concurrent == each.concurrent);
    }
    const Simulation single = run_row<Simulation>(workload, "rabbit, " + n + ", single active");
    CHECK(single.tally(0).last == ms(40'000));
    CHECK(single.tally(0).idle == each.consumers - 1);
  }
}

TEST_CASE("one hot key is one consumer's, unless nobody cares for its order") {
  const Workload workload = shipped("one-hot-key");
  for (const char* row : {"kafka, 5", "kinesis, 5", "sqs-fifo, 5", "pubsub-ordered, 5", "rabbit, 5, single active"}) {
    CAPTURE(std::string(row));
    CHECK(run_row<Simulation>(workload, row).tally(0).last == ms(40'000));
    CHECK(run_row<Simulation>(workload, row).tally(0).idle == 4);
  }
  for (const char* row : {"sqs, 5", "pubsub, 5", "rabbit, 5 competing"}) {
    CAPTURE(std::string(row));
    CHECK(run_row<Simulation>(workload, row).tally(0).last == ms(8'000));
    CHECK(run_row<Simulation>(workload, row).tally(0).concurrent == 320);
  }
}

TEST_CASE("a broker node is lost") {
  struct Loss {
    const char* row;
    std::int64_t confirmed, refused, returned, stored, lost, repeated;
  };
  const Workload workload = shipped("node-lost");
  for (const Loss& each : {Loss{"kafka, acks all", 150, 0, 0, 150, 0, 0}, {"rabbit-quorum", 150, 0, 0, 150, 0, 0},
                           {"rabbit-classic", 148, 2, 0, 49, 99, 0}, {"rabbit-classic, mandatory", 49, 2, 99, 49, 0, 0},
                           {"pubsub", 150, 0, 0, 150, 0, 0}, {"sqs", 150, 0, 0, 150, 0, 0}, {"kinesis", 150, 0, 0, 150, 0, 0}}) {
    CAPTURE(std::string(each.row));
    const Simulation run = run_row<Simulation>(workload, each.row);
    CHECK(run.system().confirmed == each.confirmed);
    CHECK(run.system().refused == each.refused);
    CHECK(run.system().returned == each.returned);
    CHECK(run.tally(0).stored == each.stored);
    CHECK(run.tally(0).lost == each.lost);
    CHECK(run.tally(0).repeated == each.repeated);
  }
  const Duration kafka = run_row<Simulation>(workload, "kafka, acks all").system().longest_wait;
  CHECK(kafka >= 9 * kSecond);
  CHECK(kafka <= 10 * kSecond);
  const Duration quorum = run_row<Simulation>(workload, "rabbit-quorum").system().longest_wait;
  CHECK(quorum >= 100 * kMillisecond);
  CHECK(quorum <= 600 * kMillisecond);
  CHECK(run_row<Simulation>(workload, "rabbit-classic").system().longest_wait == 0);
  CHECK(!run_row<Simulation>(workload, "sqs").notes().empty());
}

TEST_CASE("a broker node is lost: who promises less keeps less, and who has to ask again gets more") {
  const Workload workload = shipped("node-lost");
  // Followers are 25 ms behind: of what was acknowledged at 470 and 480 ms nobody else had anything at 490 ms.
  const Simulation kafka = run_row<Simulation>(workload, "kafka, acks 1");
  CHECK(kafka.system().confirmed == 150);
  CHECK(kafka.tally(0).lost == 2);
  CHECK(kafka.tally(0).stored == 148);
  // A confirm takes 30 ms, a message comes every 10: at most three are under way.
  const Simulation rabbit = run_row<Simulation>(workload, "rabbit-quorum, publisher on that node");
  CHECK(rabbit.system().confirmed == 150);
  CHECK(rabbit.tally(0).lost == 0);
  CHECK(rabbit.tally(0).repeated > 0);
  CHECK(rabbit.tally(0).repeated <= 3);
  CHECK(rabbit.tally(0).stored == 150 + rabbit.tally(0).repeated);
}

TEST_CASE("a consumer on the lost node: what it had comes back behind what others had") {
  const Workload workload = shipped("consumer-on-the-lost-node");
  const Simulation old = run_row<Simulation>(workload, "rabbit-quorum, 4.2");
  CHECK(old.tally(0).overtaken == 5);
  CHECK(old.tally(0).noticed >= 100 * kMillisecond);
  CHECK(old.tally(0).noticed <= 600 * kMillisecond);
  const Simulation today = run_row<Simulation>(workload, "rabbit-quorum, 4.3");
  CHECK(today.tally(0).overtaken == 5);
  CHECK(today.tally(0).noticed == 60 * kSecond);
}

TEST_CASE("retention passes while the service is away") {
  struct Away {
    const char* row;
    std::int64_t done, dead, lost;
  };
  const Workload workload = shipped("away-too-long");
  for (const Away& each : {Away{"kafka", 0, 0, 10}, {"kinesis", 0, 0, 10}, {"sqs", 0, 0, 10}, {"sqs-fifo", 0, 0, 10}, {"pubsub", 0, 0, 10},
                           {"pubsub, topic retention", 10, 0, 0}, {"rabbit-quorum", 10, 0, 0}, {"rabbit-classic, TTL and DLX", 0, 10, 0},
                           {"rabbit-classic, TTL", 0, 0, 10}, {"rabbit-stream", 10, 0, 0}}) {
    CAPTURE(std::string(each.row));
    const Tally tally = run_row<Simulation>(workload, each.row).tally(0);
    CHECK(tally.done == each.done);
    CHECK(tally.dead == each.dead);
    CHECK(tally.lost == each.lost);
  }
}

TEST_CASE("a dead letter of a standard queue dies on the fourth day, one of a FIFO queue on the seventh") {
  Workload workload = shipped("dead-letters-die");
  const Simulation standard = run_row<Simulation>(workload, "sqs");
  CHECK(when(standard, FactKind::dead_lettered, 1) == 72 * kHour);
  CHECK(when(standard, FactKind::lost, 1) == 96 * kHour);
  CHECK(run_row<Simulation>(workload, "sqs-fifo").tally(0).dead == 1);
  workload.until = 8 * 24 * kHour;
  CHECK(when(run_row<Simulation>(workload, "sqs-fifo"), FactKind::lost, 1) == 7 * 24 * kHour);
}

TEST_CASE("one poison message and its neighbours") {
  check_rows("poison", {
                           {"kafka, dead_letter(3)", {14, 11, 0, 0, 0, 1, 0, 0}},
                           {"rabbit-classic, requeue", {100, 3, 0, 0, 0, 0, 9, 0}, ms(3000)},
                           {"rabbit-quorum, limit 20, DLX", {32, 11, 0, 0, 0, 1, 0, 0}, ms(32'000)},
                           {"rabbit-quorum, limit 20, no DLX", {32, 11, 0, 0, 0, 0, 0, 1}, ms(32'000)},
                           {"pubsub-ordered, 5 attempts", {16, 11, 0, 0, 0, 1, 0, 0}, ms(16'000)},
                           {"sqs, silent", {14, 11, 0, 0, 0, 1, 0, 0}, ms(12'000)},
                           {"sqs-fifo, silent, no dead letters", {13, 9, 0, 0, 0, 0, 3, 0}, ms(10'000)},
                           {"sqs-fifo, silent", {14, 11, 0, 0, 0, 1, 0, 0}, ms(95'000)},
                           {"kinesis, handler throws", {10, 9, 0, 0, 0, 0, 0, 3}},
                       });
  const Workload workload = shipped("poison");
  const Tally block = run_row<Simulation>(workload, "kafka, block").tally(0);
  CHECK(block.done == 9);
  CHECK(block.stuck == 3);
  CHECK(block.last <= 4 * kSecond);
  CHECK(run_row<Simulation>(workload, "kafka, dead_letter(3)").tally(0).last <= 6 * kSecond);
  const Tally alone = run_row<Simulation>(workload, "kafka, block, one consumer").tally(0);
  CHECK(alone.done >= 1);
  CHECK(alone.stuck <= 11);
  CHECK(alone.done + alone.stuck == 12);
  const Simulation backoff = run_row<Simulation>(workload, "pubsub-ordered, backoff");
  CHECK(backoff.tally(0).attempts >= 10);
  CHECK(backoff.tally(0).done == 9);
  CHECK(backoff.tally(0).stuck == 3);
  CHECK(backoff.tally(0).last == 10 * kSecond);
  const Simulation fifo = run_row<Simulation>(workload, "sqs-fifo, silent, no dead letters");
  for (int nth = 0; nth < 4; ++nth) CHECK(when(fifo, FactKind::delivered, 4, nth + 1) == (3 + 30 * nth) * kSecond);
  CHECK(when(run_row<Simulation>(workload, "sqs-fifo, silent"), FactKind::dead_lettered, 4) == 93 * kSecond);
}

TEST_CASE("fan-out: who filters, and how many copies are stored") {
  struct Fan {
    const char* row;
    std::vector<std::int64_t> delivered;
    std::int64_t copies;
  };
  const Workload workload = shipped("fan-out");
  for (const Fan& each : {Fan{"kafka", {12, 12, 12}, 12}, {"kinesis", {12, 12, 12}, 12}, {"rabbit topic exchange", {12, 6, 12}, 30},
                          {"pubsub", {12, 6, 12}, 12}, {"sqs", {12, 6, 5}, 23}}) {
    CAPTURE(std::string(each.row));
    const Simulation run = run_row<Simulation>(workload, each.row);
    CHECK(std::vector<std::int64_t>{run.tally(0).delivered, run.tally(1).delivered, run.tally(2).delivered} == each.delivered);
    CHECK(std::vector<std::int64_t>{run.tally(0).wanted, run.tally(1).wanted, run.tally(2).wanted} == std::vector<std::int64_t>{12, 6, 5});
    CHECK(run.system().copies == each.copies);
  }
  const Simulation kafka = run_row<Simulation>(workload, "kafka");
  CHECK(kafka.tally(1).discarded + kafka.tally(2).discarded == 13);
}

TEST_CASE("replay from a time") {
  const Workload workload = shipped("replay");
  const std::map<std::string, std::int64_t> again = {
      {"kafka", 5}, {"kinesis", 5},  {"pubsub, retains acked", 5}, {"pubsub, topic retention", 5}, {"pubsub", 0}, {"rabbit-quorum", 0},
      {"sqs", 0},   {"sqs-fifo", 0}, {"rabbit-stream", 5},         {"sqs-fifo, archive", 5}};
  for (const auto& each : again) {
    const std::string& row = each.first;
    const std::int64_t expected = each.second;
    CAPTURE(row);
    const Simulation run = run_row<Simulation>(workload, row);
    CHECK(run.tally(0).again == expected);
    CHECK(run.tally(0).repeated == expected);
    CHECK(run.tally(1).attempts == 10);
    CHECK(run.notes().empty() == (expected > 0));
  }
  const std::int64_t chunk = run_row<Simulation>(workload, "rabbit-stream, chunks of 10").tally(0).again;
  CHECK(chunk >= 5);
  CHECK(chunk <= 15);
}

TEST_CASE("the publisher sends m3 again") {
  struct Again {
    const char* row;
    std::int64_t at_once, later, by_application, equal;
  };
  for (const Again& each : {Again{"kafka, idempotent", 5, 5, 6, 2},
                            {"kafka, not idempotent", 6, 6, 6, 2},
                            {"rabbit-quorum", 6, 6, 6, 2},
                            {"pubsub, exactly once", 6, 6, 6, 2},
                            {"sqs", 6, 6, 6, 2},
                            {"kinesis", 6, 6, 6, 2},
                            {"rabbit-stream, named", 5, 5, 5, 2},
                            {"sqs-fifo", 5, 6, 5, 2},
                            {"sqs-fifo, content", 5, 6, 5, 1}}) {
    CAPTURE(std::string(each.row));
    CHECK(run_row<Simulation>(shipped("sent-again-at-once"), each.row).tally(0).stored == each.at_once);
    CHECK(run_row<Simulation>(shipped("sent-again-later"), each.row).tally(0).stored == each.later);
    CHECK(run_row<Simulation>(shipped("sent-again-by-the-application"), each.row).tally(0).stored == each.by_application);
    CHECK(run_row<Simulation>(shipped("equal-bodies"), each.row).tally(0).stored == each.equal);
  }
  const Simulation gives_up = run_row<Simulation>(shipped("sent-again-later"), "kafka, idempotent");
  CHECK(count(gives_up, FactKind::publisher_gave_up) == 1);
  CHECK(run_row<Simulation>(shipped("equal-bodies"), "sqs-fifo, content").tally(0).lost == 1);
}

TEST_CASE("more than it takes") {
  struct Much {
    const char* row;
    std::int64_t accepted, confirmed, kept, dead, lost;
  };
  const Workload workload = shipped("more-than-it-takes");
  for (const Much& each : {Much{"kafka", 3000, 3000, 3000, 0, 0},
                           {"pubsub", 3000, 3000, 3000, 0, 0},
                           {"sqs", 3000, 3000, 3000, 0, 0},
                           {"kinesis, refusals ignored", 1000, 3000, 1000, 0, 2000},
                           {"kinesis, sent again each second", 1000, 3000, 3000, 0, 0},
                           {"sqs-fifo, one by one", 300, 300, 300, 0, 0},
                           {"sqs-fifo, batches of 10", 3000, 3000, 3000, 0, 0},
                           {"rabbit-classic, drop-head, DLX", 3000, 3000, 1000, 2000, 0},
                           {"rabbit-classic, drop-head", 3000, 3000, 1000, 0, 2000},
                           {"rabbit-classic, reject-publish", 1000, 1000, 1000, 0, 0}}) {
    CAPTURE(std::string(each.row));
    const Simulation run = run_row<Simulation>(workload, each.row);
    CHECK(run.system().accepted == each.accepted);
    CHECK(run.system().confirmed == each.confirmed);
    CHECK(run.tally(0).stuck == each.kept);
    CHECK(run.tally(0).dead == each.dead);
    CHECK(run.tally(0).lost == each.lost);
  }
  const Simulation resent = run_row<Simulation>(workload, "kinesis, sent again each second");
  CHECK(when(resent, FactKind::message_accepted, 3000) / kSecond == 2);  // in the third second
  const std::int64_t overshoot = run_row<Simulation>(workload, "rabbit-quorum, reject-publish").system().confirmed;
  CHECK(overshoot > 1000);
  CHECK(overshoot < 1010);
}

TEST_CASE("acknowledge first and lose seven, or last and do three again: on every product") {
  const Workload workload = shipped("acknowledge-first-or-last");
  REQUIRE(workload.rows.size() == 18);
  for (const Row& row : workload.rows) {
    CAPTURE(row.name);
    const Tally tally = run_row<Simulation>(workload, row.name).tally(0);
    const bool first = row.every == kAcksFirst;
    CHECK(tally.lost == (first ? 7 : 0));
    CHECK(tally.repeated == (first ? 0 : 3));
    CHECK(tally.done == (first ? 3 : 10));
  }
}

TEST_CASE("growing in the middle of a key") {
  struct Grown {
    const char* row;
    std::int64_t overtaken;
    Time from, until;  // bounds of the last
  };
  const Workload workload = shipped("growing");
  for (const Grown& each : {Grown{"kafka", 5, ms(6000), ms(6000)}, {"rabbit x-modulus-hash", 5, ms(6000), ms(6000)},
                            {"kinesis, raw readers", 5, ms(6000), ms(6000)}, {"kinesis, KCL", 0, ms(12'000), ms(22'000)},
                            {"sqs-fifo", 0, ms(12'000), ms(12'000)}, {"pubsub-ordered", 0, ms(12'000), ms(12'000)}}) {
    CAPTURE(std::string(each.row));
    const Tally tally = run_row<Simulation>(workload, each.row).tally(0);
    CHECK(tally.done == 12);
    CHECK(tally.overtaken == each.overtaken);
    CHECK(tally.last >= each.from);
    CHECK(tally.last <= each.until);
  }
}

}  // namespace nutshell::queues::testing

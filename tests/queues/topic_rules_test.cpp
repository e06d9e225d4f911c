// What befalls topics, subscriptions and single answers, and the products' limits: each as a small story worked out by hand.
#include <doctest/doctest.h>

#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

using enum ProductId;

Fault on_service(Fault::Kind kind, Time at, Duration lasts = kNever) {
  Fault fault;
  fault.kind = kind;
  fault.at = at;
  fault.service = 0;
  fault.consumer = 0;
  fault.lasts = lasts;
  return fault;
}

Fault refused(int number) {
  Fault fault;
  fault.kind = Fault::Kind::refuse;
  fault.message = number - 1;
  return fault;
}

std::string notes_of(const Simulation& run) {
  std::string all;
  for (const std::string& each : run.notes()) all += each + "\n";
  return all;
}

bool is_said(const Simulation& run, const std::string& words) { return notes_of(run).find(words) != std::string::npos; }

// The messages that were confirmed, in that order.
std::string confirmed_in_order(const Simulation& run) {
  std::string text;
  for (const Fact& each : run.facts())
    if (each.kind == FactKind::message_accepted) text += " " + run.workload().messages[static_cast<std::size_t>(each.message)].name;
  return text;
}

}  // namespace

TEST_CASE("Q4: one queue that rejects is enough for a nack, and the others have the message all the same") {
  for (const ProductId product : {rabbit_classic, rabbit_quorum}) {
    Lab lab;
    lab.messages(6);
    lab.workload.services.push_back({"other"});
    lab.consumer(kMs, 0, 1);
    // Nobody reads the first queue, which takes two, or as a quorum queue three; the second is read at once.
    const Simulation run = lab.on(product, {{"x-max-length", 2}, {"x-overflow", 1}});
    const std::int64_t fits = product == rabbit_classic ? 2 : 3;
    CHECK(first_breach(run) == "");
    CHECK(run.tally(0).stored == fits);
    CHECK(run.system().refused >= 6 - fits);
    CHECK(run.tally(1).done >= fits);
  }
  Lab lab;
  lab.messages(3, kSecond);
  lab.workload.services.push_back({"other"});
  lab.consumer(kMs, 0, 1);
  Row& row = lab.row(rabbit_classic, {{"x-max-length", 1}, {"x-overflow", 1}});
  row.on_refused = OnRefused::resend;
  row.resend_after = 20 * kSecond;
  const Simulation run = lab.run();
  CHECK(run.tally(1).done == 3);
  CHECK(run.tally(1).repeated == 4);  // m2 and m3, sent again at 21 and 22 s, 41 and 42 s
}

TEST_CASE("Q4: without confirms nobody tells the publisher what was rejected") {
  Lab lab;
  lab.messages(5);
  const Simulation run = lab.on(rabbit_classic, {{"x-max-length", 3}, {"x-overflow", 1}, {"confirm.select", 0}});
  CHECK(run.tally(0).lost == 2);
  CHECK(run.system().confirmed == 5);
  CHECK(lab.on(rabbit_classic, {{"x-max-length", 3}, {"x-overflow", 1}}).tally(0).lost == 0);
}

TEST_CASE("Q6: a consumer of a quorum queue has 2000 messages at most") {
  Lab lab;
  lab.messages(2500);
  lab.consumer(100 * kSecond).window = 10'000;
  CHECK(count(lab.on(rabbit_quorum), FactKind::delivered) == 2000);
  CHECK(count(lab.on(rabbit_classic), FactKind::delivered) == 2500);
}

TEST_CASE("Q18: a queue that expires is deleted, and nothing of it is a dead letter") {
  Lab lab;
  lab.messages(3).messages(1, 0, {"K"}, 50 * kSecond);
  lab.consumer(kSecond).to = 1500 * kMs;
  const Config config = {{"x-expires", 10'000}, {"x-dead-letter-exchange", 1}};
  for (const ProductId product : {rabbit_classic, rabbit_quorum}) {
    const Simulation run = lab.on(product, config);
    CHECK(first_breach(run) == "");
    CHECK(when(run, FactKind::lost, 2) == 11'500 * kMs);
    CHECK(run.tally(0).done == 1);
    CHECK(run.tally(0).dead == 0);
    CHECK(run.tally(0).lost == 2);       // m4 finds no queue: nobody is owed it
    CHECK(run.system().confirmed == 4);  // ... and it is confirmed (Q3)
  }
  lab.consumer(kSecond, 5 * kSecond).to = 59 * kSecond;  // somebody reads in between
  CHECK(lab.on(rabbit_classic, config).tally(0).lost == 0);
}

TEST_CASE("Q19: a limit in bytes counts what waits, and reject-publish-dlx buries what it rejects") {
  Lab lab;
  lab.messages(8);
  const Simulation dropped = lab.on(rabbit_classic, {{"x-max-length-bytes", 350}, {"x-dead-letter-exchange", 1}});
  CHECK(dropped.tally(0).stuck == 3);
  CHECK(when(dropped, FactKind::dead_lettered, 5) == 0);
  CHECK(lab.on(rabbit_classic, {{"x-max-length-bytes", 350}, {"x-overflow", 1}}).tally(0).stuck == 3);
  CHECK(lab.on(rabbit_quorum, {{"x-max-length-bytes", 350}, {"x-overflow", 1}}).tally(0).stuck == 4);
  const Simulation buried = lab.on(rabbit_classic, {{"x-max-length", 3}, {"x-overflow", 2}, {"x-dead-letter-exchange", 1}});
  CHECK(buried.tally(0).dead == 5);
  CHECK(buried.system().refused == 5);
  CHECK(first_breach(buried) == "");
}

TEST_CASE("P8: a megabyte a second of one ordering key, and a key of a kilobyte") {
  Lab lab;
  lab.messages(3, 100 * kMs).messages(1, 0, {"L"}, 300 * kMs).messages(1, 0, {std::string(1025, 'k')}, 400 * kMs);
  for (Message& each : lab.workload.messages) each.size = 400'000;
  const Simulation run = lab.on(pubsub_ordered);
  CHECK(confirmed_in_order(run) == " m1 m2 m4");
  CHECK(lab.on(pubsub).system().confirmed == 5);
}

TEST_CASE("P10: after a failed publish its key is refused until resumePublish; other keys go on") {
  Lab lab;
  lab.messages(6, kSecond, {"K", "K", "L"});
  lab.workload.faults = {refused(2)};
  lab.consumer(kMs);
  CHECK(confirmed_in_order(lab.on(pubsub_ordered)) == " m1 m3 m6");
  CHECK(confirmed_in_order(lab.on(pubsub)) == " m1 m3 m4 m5 m6");
  // Resumed and sent again 2.5 s after the failure, in their order.
  Row& row = lab.row(pubsub_ordered);
  row.on_refused = OnRefused::resend;
  row.resend_after = 2500 * kMs;
  const Simulation resumed = lab.run();
  CHECK(confirmed_in_order(resumed) == " m1 m3 m2 m4 m5 m6");
  CHECK(resumed.system().inversions == 0);
  row.product = pubsub;
  CHECK(lab.run().system().inversions == 1);
}

TEST_CASE("P12: what goes to a dead-letter topic without a subscription is lost") {
  Lab lab;
  lab.messages(2).poison(1);
  lab.consumer();
  CHECK(lab.on(pubsub, {{"deadLetterTopic", 1}}).tally(0).dead == 1);
  const Simulation lost = lab.on(pubsub, {{"deadLetterTopic", 1}, {"deadLetterSubscription", 0}});
  CHECK(lost.tally(0).dead == 0);
  CHECK(lost.tally(0).lost == 1);
}

TEST_CASE("P13: a subscription that nobody reads for 31 days is deleted") {
  Lab lab;
  lab.messages(1).messages(1, 0, {"K"}, 30 * 24 * kHour);
  lab.workload.until = 40 * 24 * kHour;
  lab.consumer(kSecond, 35 * 24 * kHour);
  const Config kept = {{"messageRetentionDuration", 2'678'400}};
  CHECK(when(lab.on(pubsub, kept), FactKind::lost, 2) == 31 * 24 * kHour);
  CHECK(lab.on(pubsub, {{"messageRetentionDuration", 2'678'400}, {"expirationPolicy", -1}}).tally(0).done == 1);
  lab.workload.services[0].consumers[0].from = 29 * 24 * kHour;
  CHECK(lab.on(pubsub, kept).tally(0).done == 2);
}

TEST_CASE("P14: a snapshot holds what was not acknowledged, and all that came later") {
  Lab lab;
  lab.messages(8, kSecond);
  lab.consumer(100 * kMs, 2500 * kMs).to = 4500 * kMs;  // m1 to m5, of which m4 and m5 come after the snapshot
  lab.consumer(100 * kMs, 30 * kSecond);
  // At 2.75 s m1 and m2 are acknowledged, m3 is in hand.
  lab.workload.asks.push_back({20 * kSecond, 0, 2750 * kMs, Ask::Kind::snapshot});
  const Simulation run = lab.on(pubsub);
  CHECK(first_breach(run) == "");
  CHECK(run.tally(0).again == 3);  // m3, m4, m5; the others wait anyway
  CHECK(run.tally(0).repeated == 3);
  CHECK(run.tally(0).done == 8);
  lab.workload.asks[0].at = 7 * 24 * kHour + 20 * kSecond;
  lab.workload.until = 8 * 24 * kHour;
  CHECK(is_said(lab.on(pubsub), "the snapshot has expired"));
  CHECK(is_said(lab.on(sqs), "a queue has no such operation"));
}

TEST_CASE("P16: a subscription that is detached loses its backlog; a queue behind SNS keeps what it has") {
  Lab lab;
  lab.messages(4, kSecond);
  lab.workload.faults = {on_service(Fault::Kind::detach, 1500 * kMs)};
  lab.consumer(kMs, 10 * kSecond);
  const Simulation detached = lab.on(pubsub);
  CHECK(first_breach(detached) == "");
  CHECK(detached.tally(0).lost == 2);
  CHECK(detached.tally(0).attempts == 0);
  CHECK(detached.system().confirmed == 4);
  for (const ProductId product : {sqs, sqs_fifo, rabbit_quorum, rabbit_classic}) CHECK(lab.on(product).tally(0).done == 2);
  CHECK(is_said(lab.on(kafka), "a reader of a log is attached to nothing"));
}

TEST_CASE("P16: a topic that is deleted leaves its subscriptions, and a log leaves nothing") {
  Lab lab;
  lab.messages(4, kSecond);
  Fault deleted;
  deleted.kind = Fault::Kind::delete_topic;
  deleted.at = 1500 * kMs;
  lab.workload.faults = {deleted};
  lab.consumer(kMs, 10 * kSecond);
  for (const Product& each : products()) {
    CAPTURE(std::string(each.name));
    const Simulation run = lab.on(each.id);
    const bool keeps = each.keeps == Keeps::mailbox && each.id != kafka_share;
    CHECK(first_breach(run) == "");
    CHECK(run.system().confirmed == 2);
    CHECK(run.system().refused == 2);
    CHECK(run.tally(0).done == (keeps ? 2 : 0));
    CHECK(run.tally(0).lost == (keeps ? 0 : 2));
  }
}

TEST_CASE("P17: a subscriber that has as many bytes in hand as it may gets no more") {
  Lab lab;
  lab.messages(10);
  lab.consumer(10 * kSecond).window = 10;
  lab.workload.until = 5 * kSecond;
  const auto handed = [&](std::int64_t bytes) { return count(lab.on(pubsub, {{"maxOutstandingBytes", bytes}}), FactKind::delivered); };
  CHECK(handed(1000) == 10);  // a hundred bytes each
  CHECK(handed(400) == 4);
  CHECK(handed(350) == 4);    // three are less
  CHECK(handed(1) == 1);
  lab.workload.until = 25 * kSecond;
  CHECK(handed(400) == 6);    // one more for each that is acknowledged, at 10 and 20 s
}

TEST_CASE("S2, S13: a topic of SNS takes 256 KiB, and a queue has so many messages out at most") {
  Lab lab;
  lab.messages(3);
  lab.workload.messages[0].size = 262'144;
  lab.workload.messages[1].size = 262'145;
  CHECK(confirmed_in_order(lab.on(sqs)) == " m1 m3");
  CHECK(confirmed_in_order(lab.on(sqs, {{"MaximumMessageSize", 1024}})) == " m3");
  Lab out;
  out.messages(5);
  out.consumer(10 * kSecond).window = 10;
  out.workload.until = 15 * kSecond;
  CHECK(count(out.on(sqs, {{"in flight quota", 3}}), FactKind::delivered) == 3);
  CHECK(count(out.on(sqs), FactKind::delivered) == 5);
}

TEST_CASE("S2, S17: a call has no more bytes than one message may have, and a FIFO topic takes 20 MB a second") {
  // 300 calls of a batch each: of 100,000 bytes two go into 262,144.
  Lab lab;
  lab.messages(3000);
  const auto accepted = [&](std::int32_t size, std::int64_t batch, std::int64_t per_group) {
    for (Message& each : lab.workload.messages) each.size = size;
    return lab.on(sqs_fifo, {{"SendMessageBatch", batch}, {"DeduplicationScope", per_group}, {"FifoThroughputLimit", per_group}})
        .system()
        .accepted;
  };
  CHECK(accepted(100, 10, 0) == 3000);
  CHECK(accepted(30'000, 10, 0) == 666);    // 20 MB, before 300 calls of eight
  CHECK(accepted(30'000, 10, 1) == 2400);   // one group: 300 calls of eight, and no limit of the topic
  CHECK(accepted(100'000, 10, 1) == 600);
  CHECK(accepted(100'000, 1, 0) == 200);
  CHECK(accepted(60'000, 1, 0) == 300);
  for (Message& each : lab.workload.messages) each.size = 100'000;
  CHECK(lab.on(sqs).system().accepted == 3000);  // a standard topic has no such limit
}

TEST_CASE("S3: a consumer that asks for its time again keeps its message, for twelve hours in all") {
  Lab lab;
  lab.messages(1);
  lab.consumer(100 * kSecond);
  lab.consumer(kSecond);
  lab.workload.until = 300 * kSecond;
  CHECK(lab.on(sqs_fifo).tally(0).attempts == 2);
  const Simulation kept = lab.on(sqs_fifo, {{"ChangeMessageVisibility", 30}});
  CHECK(kept.tally(0).attempts == 1);
  CHECK(kept.tally(0).idle == 1);
  // It crashes at 40 s: the visibility that was asked for at 30 s is over at 60.
  lab.workload.services[0].consumers[0].crash_at = 40 * kSecond;
  CHECK(when(lab.on(sqs_fifo, {{"ChangeMessageVisibility", 30}}), FactKind::delivered, 1, 2) == 60 * kSecond);
  Lab day;
  day.messages(1);
  day.consumer(24 * kHour);
  day.consumer(kSecond);
  day.workload.until = 13 * kHour;
  CHECK(when(day.on(sqs, {{"ChangeMessageVisibility", 600}}), FactKind::delivered, 1, 2) == 12 * kHour);
}

TEST_CASE("S3: a visibility that is set after a failure holds the message back, and its group with it") {
  Lab lab;
  lab.messages(2).poison(1);
  lab.workload.poison[0].until_try = 2;
  lab.consumer(kSecond);
  const Config config = {{"visibility after a failure", 5}};
  const Simulation standard = lab.on(sqs, config), fifo = lab.on(sqs_fifo, config);
  CHECK(when(standard, FactKind::handled, 2) == 2 * kSecond);
  CHECK(when(standard, FactKind::delivered, 1, 2) == 6 * kSecond);
  CHECK(when(fifo, FactKind::delivered, 1, 2) == 6 * kSecond);
  CHECK(when(fifo, FactKind::handled, 2) == 8 * kSecond);
}

TEST_CASE("S6: dead letters are moved back, 500 a second, as new messages") {
  Lab lab;
  lab.messages(3).poison(2);
  lab.workload.poison[0].until_try = 3;
  lab.consumer(kSecond);
  lab.workload.asks.push_back({20 * kSecond, 0, 0, Ask::Kind::redrive});
  const Simulation run = lab.on(sqs, {{"maxReceiveCount", 2}});
  CHECK(first_breach(run) == "");
  CHECK(when(run, FactKind::dead_lettered, 2) == 3 * kSecond);
  CHECK(when(run, FactKind::delivered, 2, 3) == 20 * kSecond);
  CHECK(run.tally(0).dead == 1);  // received twice more in vain: its count has begun anew
  lab.workload.poison[0].until_try = 2;
  CHECK(is_said(lab.on(rabbit_quorum), "by a program of one's own"));
  Lab many;
  many.messages(1001);
  for (int i = 1; i <= 1001; ++i) many.poison(i);
  many.workload.services[0].on_error = OnError::give_back;
  many.consumer(kMs).to = 10 * kSecond;
  many.workload.asks.push_back({20 * kSecond, 0, 0, Ask::Kind::redrive});
  const Simulation moved = many.on(sqs, {{"maxReceiveCount", 1}});
  CHECK(moved.tally(0).dead == 0);
  CHECK(moved.tally(0).stuck == 1001);
  many.workload.until = 21'500 * kMs;
  CHECK(many.on(sqs, {{"maxReceiveCount", 1}}).tally(0).stuck == 751);
}

TEST_CASE("S9: one group's backlog hides the groups that came later") {
  Lab lab;
  lab.messages(6).messages(1, 0, {"L"});
  lab.consumer(10 * kSecond);
  lab.consumer(kSecond);
  const Simulation sees = lab.on(sqs_fifo), hidden = lab.on(sqs_fifo, {{"group look-ahead", 5}});
  CHECK(when(sees, FactKind::handled, 7) == kSecond);
  CHECK(when(hidden, FactKind::delivered, 7) == 20 * kSecond);  // when two of K are gone
}

TEST_CASE("S12: who asks again under the same id gets the same; else the group waits for its visibility") {
  Lab lab;
  lab.messages(2, kSecond);
  lab.workload.faults = {on_service(Fault::Kind::lose_receive, 0)};
  lab.consumer(kSecond);
  const Simulation with = lab.on(sqs_fifo, {{"ReceiveRequestAttemptId", 1}}), without = lab.on(sqs_fifo);
  CHECK(first_breach(with) == "");
  CHECK(first_breach(without) == "");
  CHECK(with.tally(0).last == 2 * kSecond);
  CHECK(without.tally(0).last == 32 * kSecond);
  CHECK(when(without, FactKind::delivered, 1, 2) == 30 * kSecond);
  const Simulation standard = lab.on(sqs);
  CHECK(when(standard, FactKind::handled, 2) == 2 * kSecond);
  CHECK(standard.tally(0).overtaken == 1);
  CHECK(is_said(lab.on(kafka), "reading has changed nothing"));
  CHECK(is_said(lab.on(rabbit_quorum), "nobody asks for messages here"));
  lab.workload.services[0].consumers[0].every = kAcksFirst;  // what it does not hear of it cannot delete
  CHECK(lab.on(sqs).tally(0).lost == 0);
}

TEST_CASE("S14: a queue that does not answer is tried again; order is kept by a FIFO topic alone") {
  Lab lab;
  // Tries of m1, sent at 0: at once, at 1, 2, 3, 5, 9, 17, 33 s and so on: the first in time after 10 s is at 17 s.
  lab.messages(3, 9 * kSecond);
  lab.workload.faults = {on_service(Fault::Kind::unreachable, 0, 10 * kSecond)};
  lab.consumer(kMs);
  const Simulation standard = lab.on(sqs), fifo = lab.on(sqs_fifo);
  CHECK(first_breach(standard) == "");
  CHECK(when(standard, FactKind::delivered, 1) == 17 * kSecond);
  CHECK(when(standard, FactKind::delivered, 2) == 10 * kSecond);  // sent at 9 s, tried again after one
  CHECK(standard.tally(0).overtaken == 1);
  CHECK(when(fifo, FactKind::delivered, 2) == 17'001 * kMs);  // when m1 is handled
  CHECK(fifo.tally(0).overtaken == 0);
  CHECK(is_said(lab.on(pubsub), "whoever reads comes to the store"));
}

TEST_CASE("S14: after an error of the client's nothing is tried again, and only a dead-letter queue of the subscription keeps it") {
  Lab lab;
  lab.messages(3, kSecond);
  lab.workload.faults = {on_service(Fault::Kind::unreachable, 500 * kMs)};
  lab.workload.faults[0].for_good = true;
  lab.consumer(kMs);
  CHECK(lab.on(sqs).tally(0).lost == 2);
  const Simulation kept = lab.on(sqs, {{"subscription RedrivePolicy", 1}});
  CHECK(first_breach(kept) == "");
  CHECK(kept.tally(0).dead == 2);
  CHECK(kept.tally(0).done == 1);
  // 23 days of tries come to an end as well: 47 s and 100,000 times 20 s after the first.
  lab.workload.faults[0].for_good = false;
  lab.workload.until = 30 * 24 * kHour;
  const Simulation ended = lab.on(sqs);
  CHECK(ended.tally(0).lost == 2);
  CHECK(when(ended, FactKind::lost, 2) / (24 * kHour) == 23);
}

TEST_CASE("I2: sequence numbers grow in each shard, with gaps") {
  Lab lab;
  lab.messages(20, 0, {"user-1", "user-3"});
  const Simulation run = lab.on(kinesis, {{"ShardCount", 2}});
  std::int64_t all = 0;
  for (const Slot& slot : run.slots()) {
    for (std::int64_t i = 1; i < slot.end(); ++i) CHECK(slot.at(i).sequence == slot.at(i - 1).sequence + 2);
    all += slot.end();
  }
  CHECK(all == 20);
}

TEST_CASE("I2: with SequenceNumberForOrdering a record waits until the one before it is in") {
  Lab lab;
  lab.messages(4, kSecond);
  lab.workload.faults = {refused(2)};
  Row& row = lab.row(kinesis);
  row.on_refused = OnRefused::resend;
  row.resend_after = 1500 * kMs;
  CHECK(confirmed_in_order(lab.run()) == " m1 m3 m2 m4");
  row.settings.set(*find_key(kinesis, "SequenceNumberForOrdering"), 1);
  CHECK(confirmed_in_order(lab.run()) == " m1 m2 m3 m4");
}

TEST_CASE("a refused record of Kafka is sent again by its library, and by an idempotent one in its order") {
  Lab lab;
  lab.messages(4, 10 * kMs);
  lab.workload.faults = {refused(2)};
  CHECK(confirmed_in_order(lab.on(kafka)) == " m1 m2 m3 m4");
  CHECK(confirmed_in_order(lab.on(kafka, {{"enable.idempotence", 0}})) == " m1 m3 m4 m2");
}

TEST_CASE("I13: Lambda runs a batch again until it is too old, or gives it up after so many tries") {
  Lab lab;
  lab.messages(6).poison(4);
  lab.workload.services[0].on_error = OnError::throws;
  lab.consumer(kSecond).window = 6;
  lab.workload.until = 100 * kSecond;
  const Config all = {{"InitialPositionInStream", 1}, {"readers", 3}};
  const Tally stands = lab.on(kinesis, all).tally(0);
  CHECK(stands.done == 3);
  CHECK(stands.stuck == 3);
  CHECK(stands.lost == 0);
  CHECK(stands.repeated == 72);  // four seconds a run: after the first, three times at each of 24 runs
  const Tally given_up = lab.on(kinesis, {{"InitialPositionInStream", 1}, {"readers", 3}, {"MaximumRetryAttempts", 2}}).tally(0);
  CHECK(given_up.attempts == 12);
  CHECK(given_up.repeated == 6);
  CHECK(given_up.lost == 3);
  CHECK(lab.on(kinesis, {{"InitialPositionInStream", 1}}).tally(0).lost == 3);  // the KCL skips at once
  // Runs end at 4, 8 … 60 and 64 s: the sixteenth is the first whose records are older than a minute when it fails.
  const Tally too_old = lab.on(kinesis, {{"InitialPositionInStream", 1}, {"readers", 3}, {"MaximumRecordAgeInSeconds", 60}}).tally(0);
  CHECK(too_old.attempts == 64);
  CHECK(too_old.lost == 3);
}

TEST_CASE("I15: records that are packed into one are one for the limit, and refused as one") {
  Lab lab;
  lab.messages(3000);
  const auto taken = [&](std::int64_t packed) { return lab.on(kinesis, {{"AggregationMaxCount", packed}}).system().confirmed; };
  CHECK(taken(1) == 1000);
  CHECK(taken(2) == 2000);
  CHECK(taken(3) == 3000);
  for (Message& each : lab.workload.messages) each.size = 1000;
  CHECK(taken(10) == 1000);  // a megabyte a second all the same
}

TEST_CASE("I16: an on-demand stream begins with four shards and splits what is busy, and a hot key stays in one") {
  Lab lab;
  lab.messages(60, kMinute, {"user-1"});
  for (Message& each : lab.workload.messages) each.size = 600'000;
  lab.workload.until = 60 * kMinute;
  const Simulation run = lab.on(kinesis, {{"StreamMode", 1}});
  CHECK(run.slots().size() == 10);  // at 15, 31 and 47 min a split, each of the shard that the key is in then
  CHECK(count(run, FactKind::grown) == 3);
  CHECK(lab.on(kinesis, {{"ShardCount", 4}}).slots().size() == 4);
}

TEST_CASE("I3: a record is as large as the stream allows") {
  Lab lab;
  lab.messages(2, 2 * kSecond);
  lab.workload.messages[0].size = 1'048'577;
  CHECK(lab.on(kinesis).system().confirmed == 1);
  CHECK(lab.on(kafka).system().confirmed == 1);
  CHECK(lab.on(kafka, {{"max.request.size", 2'000'000}}).system().confirmed == 2);
}

}  // namespace nutshell::queues::testing

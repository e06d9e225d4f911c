#include "sim/kafka/producer.h"

#include <doctest/doctest.h>

#include <numeric>

#include "sim/kafka/producer_parts.h"
#include "tests/kafka/producer_lab.h"

namespace nutshell {
namespace {

constexpr Duration kSoon = 50 * kMillisecond;  // several round trips

// A producer that knows its partitions and has its producer id.
ProducerLab ready_lab(std::int32_t brokers, std::int32_t partitions, const ProducerConfig& config) {
  ProducerLab lab(brokers, partitions);
  lab.producer.spec.config = config;
  lab.start();
  lab.run_for(kSoon);
  return lab;
}

ProducerConfig plain() {  // without idempotence and without linger
  ProducerConfig config;
  config.enable_idempotence = false;
  config.linger = 0;
  return config;
}

ProducerConfig idempotent() {
  ProducerConfig config;
  config.linger = 0;
  return config;
}

std::int64_t sum_failed(const ProducerLab& lab, ErrorCode error) {
  std::int64_t records = 0;
  for (const RecordsFailed& each : lab.all<RecordsFailed>())
    if (each.error == error) records += each.count;
  return records;
}

// What a leader demands of the sequences of one partition (C7). Refuses `refuse` once, if it comes.
struct Sequences {
  std::int32_t refuse = kNoSequence;
  std::int16_t epoch = -1;
  std::int32_t next = 0;

  ErrorCode operator()(const ProducerLab::Got& got) {
    const Batch& batch = got.batch;
    if (batch.base_sequence == refuse) {
      refuse = kNoSequence;
      return ErrorCode::not_enough_replicas;
    }
    if (batch.producer_epoch < epoch) return ErrorCode::invalid_producer_epoch;
    if (batch.base_sequence != (batch.producer_epoch > epoch ? 0 : next))
      return ErrorCode::out_of_order_sequence_number;
    epoch = batch.producer_epoch;
    next = batch.base_sequence + batch.count;
    return ErrorCode::none;
  }
};

// accumulator

TEST_CASE("C3: records that come within linger.ms leave as one batch") {
  ProducerLab lab = ready_lab(1, 1, ProducerConfig{});
  const Time begin = lab.fabric.now;
  lab.send(2);
  lab.run_for(3 * kMillisecond);
  lab.send(1);
  lab.run_for(kMillisecond);
  CHECK(lab.got.empty());
  lab.run_for(kSoon);
  REQUIRE(lab.got.size() == 1);
  CHECK(lab.got[0].batch.count == 3);
  CHECK(lab.got[0].at >= begin + 5 * kMillisecond);
  CHECK(lab.got[0].at < begin + 7 * kMillisecond);
  CHECK(lab.got[0].batch.max_timestamp == begin + 3 * kMillisecond);
  CHECK(lab.got[0].batch.size_in_bytes == 61 + 3 * 108);
  CHECK(lab.got[0].batch.content == content_of(lab.commons.store, lab.got[0].batch.first_record, 3));
}

TEST_CASE("C3: a full batch does not wait for linger.ms") {
  ProducerConfig config;
  config.linger = 10 * kSecond;
  ProducerLab lab = ready_lab(1, 1, config);
  lab.send(152);  // 16384 bytes hold 151 records of 108
  lab.run_for(kSoon);
  REQUIRE(lab.got.size() == 1);
  CHECK(lab.got[0].batch.count == 151);
  lab.run_for(10 * kSecond);
  REQUIRE(lab.got.size() == 2);
  CHECK(lab.got[1].batch.count == 1);
}

TEST_CASE("C3: one request carries a batch for each partition of a leader, and none of another leader") {
  ProducerConfig config;
  ProducerLab lab = ready_lab(2, 4, config);
  lab.hold = true;
  for (std::int32_t partition : {0, 1, 2, 3}) lab.send(1, partition);
  lab.run_for(kSoon);
  REQUIRE(lab.held.size() == 2);
  for (const ProducerLab::Held& each : lab.held) {
    REQUIRE(each.request.partitions.size() == 2);
    for (const ProducePartition& part : each.request.partitions) CHECK(1 + part.tp.partition % 2 == each.broker);
  }
}

TEST_CASE("C3: a request is not larger than max.request.size") {
  ProducerConfig config = plain();
  config.linger = 5 * kMillisecond;
  config.max_request_size = 500;
  ProducerLab lab = ready_lab(1, 3, config);
  lab.hold = true;
  for (std::int32_t partition : {0, 1, 2}) lab.send(1, partition);  // 169 bytes each
  lab.run_for(kSoon);
  REQUIRE(lab.producer.lanes.size() == 1);
  CHECK(lab.producer.lanes[0].in_flight == 2);
  CHECK(lab.held[0].request.partitions.size() == 2);
}

TEST_CASE("C3: at most max.in.flight.requests.per.connection") {
  ProducerLab lab = ready_lab(1, 1, plain());
  lab.hold = true;
  for (std::int32_t i = 0; i < 8; ++i) {
    lab.send();
    lab.run_for(kMillisecond);
  }
  CHECK(lab.producer.lanes[0].in_flight == 5);
  CHECK(lab.all<RecordsSent>().size() == 5);
  lab.hold = false;
  while (!lab.held.empty()) lab.answer();
  lab.run_for(kSoon);
  CHECK(lab.log(0) == "0 1 2 3 4 5 6 7");
  CHECK(lab.all<RecordsSent>().size() == 6);  // the three that had to wait came together
}

TEST_CASE("C4: without room in buffer.memory send() blocks, and fails after max.block.ms") {
  ProducerConfig config = plain();
  config.buffer_memory = 2 * config.batch_size;
  config.max_block = 4 * kSecond;
  ProducerLab lab = ready_lab(1, 3, config);
  lab.hold = true;
  const Time begin = lab.fabric.now;
  for (std::int32_t partition : {0, 1, 2}) lab.send(1, partition);
  CHECK(lab.producer.blocked.size() == 1);
  CHECK(lab.producer.buffered_bytes == config.buffer_memory);
  lab.run_until(begin + 4 * kSecond - 1);
  CHECK(lab.all<RecordsFailed>().empty());
  lab.run_until(begin + 4 * kSecond);
  REQUIRE(lab.all<RecordsFailed>().size() == 1);
  CHECK(lab.all<RecordsFailed>()[0].error == ErrorCode::request_timed_out);
  CHECK(lab.all<RecordsFailed>()[0].tp.partition == 2);
}

TEST_CASE("C4: a blocked send() goes on as soon as an answer frees memory") {
  ProducerConfig config = plain();
  config.buffer_memory = config.batch_size;
  ProducerLab lab = ready_lab(1, 2, config);
  lab.hold = true;
  lab.send(1, 0);
  lab.send(1, 1);
  lab.run_for(kSoon);
  REQUIRE(lab.producer.blocked.size() == 1);
  lab.hold = false;
  lab.answer();
  lab.run_for(kSoon);
  CHECK(lab.producer.blocked.empty());
  CHECK(lab.log(1) == "1");
  CHECK(lab.producer.buffered_bytes == 0);
}

TEST_CASE("C3: when memory is exhausted, batches do not linger") {
  ProducerConfig config = plain();
  config.linger = 10 * kSecond;
  config.buffer_memory = config.batch_size;
  ProducerLab lab = ready_lab(1, 2, config);
  lab.send(1, 0);
  lab.run_for(kSoon);
  CHECK(lab.got.empty());
  lab.send(1, 1);
  lab.run_for(kSoon);
  CHECK(lab.log(0) == "0");
}

TEST_CASE("C4: send() waits max.block.ms for the metadata of an unknown topic") {
  ProducerLab lab(1, 1);
  lab.topic_exists = false;
  lab.start();
  lab.send();
  lab.run_until(59 * kSecond);
  CHECK(lab.all<RecordsFailed>().empty());
  CHECK(lab.metadata_requests > 50);  // once a second at the end
  CHECK(lab.metadata_requests < 120);
  lab.run_until(60 * kSecond);
  CHECK(sum_failed(lab, ErrorCode::request_timed_out) == 1);
}

TEST_CASE("C4: a record that arrives before its topic is known is not lost") {
  ProducerLab lab(1, 1);
  lab.topic_exists = false;
  lab.start();
  lab.send();
  lab.run_until(3 * kSecond);
  lab.topic_exists = true;
  lab.run_for(2 * kSecond);
  CHECK(lab.log(0) == "0");
}

TEST_CASE("a record above max.request.size fails at once") {
  ProducerLab lab = ready_lab(1, 1, plain());
  lab.producer.spec.record_bytes = 1 << 20;
  lab.send();
  CHECK(sum_failed(lab, ErrorCode::message_too_large) == 1);
  CHECK(lab.producer.buffered_bytes == 0);
}

// delivery.timeout.ms

TEST_CASE("C4: a batch fails delivery.timeout.ms after it was created, wherever it is") {
  ProducerConfig config = plain();
  config.linger = 5 * kMillisecond;
  ProducerLab lab = ready_lab(2, 2, config);
  lab.partitions[1].leader = kNoBroker;
  lab.partitions[1].leader_epoch = 1;
  lab.producer.metadata.partitions = lab.partitions;
  lab.swallow = true;
  const Time begin = lab.fabric.now;
  lab.send(1, 0);  // sent again and again
  lab.run_for(kSecond);
  lab.send(1, 1);  // waits for a leader
  lab.run_until(begin + 120 * kSecond - 1);
  CHECK(lab.all<RecordsFailed>().empty());
  lab.run_until(begin + 120 * kSecond);
  REQUIRE(lab.all<RecordsFailed>().size() == 1);
  CHECK(lab.all<RecordsFailed>()[0].tp.partition == 0);
  CHECK(lab.all<RecordsFailed>()[0].error == ErrorCode::request_timed_out);
  lab.run_until(begin + 121 * kSecond);
  REQUIRE(lab.all<RecordsFailed>().size() == 2);
  CHECK(lab.all<RecordsFailed>()[1].tp.partition == 1);
  CHECK(lab.producer.buffered_bytes == 0);
  CHECK(lab.producer.pending.empty());
}

TEST_CASE("a batch that expired in flight is not acknowledged by a late answer") {
  ProducerConfig config = plain();
  config.delivery_timeout = 2 * kSecond;
  ProducerLab lab = ready_lab(1, 1, config);
  lab.hold = true;
  lab.send();
  lab.run_for(3 * kSecond);
  CHECK(sum_failed(lab, ErrorCode::request_timed_out) == 1);
  lab.hold = false;
  lab.answer();
  lab.run_for(kSoon);
  CHECK(lab.all<RecordsAcked>().empty());
  CHECK(lab.producer.in_flight.empty());
  CHECK(lab.producer.lanes[0].in_flight == 0);
}

// retries

TEST_CASE("C5: a retriable error is retried with a back-off that doubles, 20 % more or less, up to its limit") {
  ProducerLab lab = ready_lab(1, 1, plain());
  lab.verdict = [](const ProducerLab::Got&) { return ErrorCode::not_enough_replicas; };
  const std::int32_t asked = lab.metadata_requests;
  lab.send();
  lab.run_for(10 * kSecond);
  REQUIRE(lab.got.size() > 8);
  Duration wait = 100 * kMillisecond;
  for (std::size_t i = 1; i < 8; ++i) {
    const Duration waited = lab.got[i].at - lab.got[i - 1].at;
    CAPTURE(i);
    CHECK(waited >= wait * 8 / 10);
    CHECK(waited <= std::min(wait * 12 / 10, kSecond) + 5 * kMillisecond);
    wait = std::min(wait * 2, kSecond);
  }
  CHECK(lab.metadata_requests == asked);  // no metadata error
  CHECK(lab.all<ProduceRetried>()[2].attempt == 3);
}

TEST_CASE("retries limits how often a batch is sent") {
  ProducerConfig config = plain();
  config.retries = 2;
  ProducerLab lab = ready_lab(1, 1, config);
  lab.verdict = [](const ProducerLab::Got&) { return ErrorCode::not_enough_replicas; };
  lab.send();
  lab.run_for(10 * kSecond);
  CHECK(lab.got.size() == 3);
  CHECK(sum_failed(lab, ErrorCode::not_enough_replicas) == 1);
}

TEST_CASE("an error that will not pass is not retried") {
  ProducerLab lab = ready_lab(1, 1, plain());
  lab.verdict = [](const ProducerLab::Got&) { return ErrorCode::invalid_record; };
  lab.send();
  lab.run_for(kSecond);
  CHECK(lab.got.size() == 1);
  CHECK(sum_failed(lab, ErrorCode::invalid_record) == 1);
}

TEST_CASE("KIP-951: the answer names the new leader, and the batch goes there without back-off") {
  ProducerLab lab = ready_lab(2, 1, plain());
  const std::int32_t asked = lab.metadata_requests;
  lab.lead(0, 2);
  const Time begin = lab.fabric.now;
  lab.send();
  lab.run_for(kSoon);
  REQUIRE(lab.got.size() == 2);
  CHECK(lab.got[0].broker == 1);
  CHECK(lab.got[1].broker == 2);
  CHECK(lab.got[1].at - begin < 5 * kMillisecond);
  lab.run_for(kSecond);
  CHECK(lab.metadata_requests > asked);
  CHECK(lab.log(0) == "0");
}

TEST_CASE("N2: a crashed leader disconnects; the batch waits for the new leader") {
  ProducerLab lab = ready_lab(2, 1, idempotent());
  lab.crash(1);
  lab.send();
  lab.run_for(2 * kSecond);
  CHECK(lab.got.empty());
  CHECK_FALSE(lab.all<ProduceRetried>().empty());
  CHECK(lab.all<ProduceRetried>()[0].error == ErrorCode::network_exception);
  lab.lead(0, 2);
  lab.run_for(1500 * kMillisecond);  // the metadata back-off has grown to a second
  REQUIRE(lab.got.size() == 1);
  CHECK(lab.got[0].broker == 2);
  CHECK(lab.all<RecordsAcked>().size() == 1);
}

// order and idempotence

// Eight batches, v0 to v7; the answers from v3 on are lost until the client gives up.
ProducerLab lose_answers_from_v3(ProducerConfig config) {
  config.request_timeout = 2 * kSecond;
  ProducerLab lab = ready_lab(1, 1, config);
  for (std::int32_t i = 0; i < 8; ++i) {
    lab.swallow = i >= 3;
    lab.send();
    lab.run_for(150 * kMillisecond);
  }
  lab.swallow = false;
  return lab;
}

TEST_CASE("C8: without idempotence, batches that come back after a time-out are sent again in reverse order") {
  ProducerLab lab = lose_answers_from_v3(plain());
  lab.run_for(10 * kSecond);
  // The broker that the test plays keeps silent on the connection, so of 5 in flight it wrote only v3.
  CHECK(lab.log(0) == "0 1 2 3 7 6 5 4 3");
  CHECK(lab.producer.counters.acked == 8);
}

TEST_CASE("C8: with idempotence they are sent again in order, under their old sequences") {
  ProducerLab lab = lose_answers_from_v3(idempotent());
  lab.run_for(10 * kSecond);
  CHECK(lab.log(0) == "0 1 2 3 3 4 5 6 7");  // the second 3 is what a real broker recognises
  std::vector<std::int32_t> sequences;
  for (const ProducerLab::Got& each : lab.got) sequences.push_back(each.batch.base_sequence);
  CHECK(sequences == std::vector<std::int32_t>{0, 1, 2, 3, 3, 4, 5, 6, 7});
  for (const ProducerLab::Got& each : lab.got) CHECK(each.batch.producer_epoch == 0);
}

TEST_CASE("C6: nothing is sent before the producer has its id, and asking is repeated") {
  ProducerLab lab(1, 1);
  lab.producer.spec.config = idempotent();
  lab.id_error = ErrorCode::coordinator_load_in_progress;
  lab.start();
  lab.send();
  lab.run_for(2 * kSecond);
  CHECK(lab.got.empty());
  CHECK(lab.id_requests >= 3);
  CHECK(lab.id_requests <= 6);
  lab.id_error = ErrorCode::none;
  lab.run_for(2 * kSecond);
  REQUIRE(lab.got.size() == 1);
  CHECK(lab.got[0].batch.producer_id == 1000 + lab.id_requests);
  CHECK(lab.got[0].batch.base_sequence == 0);
}

TEST_CASE("C6: idempotence needs acks=all") {
  ProducerConfig config = idempotent();
  config.acks = Acks::leader;
  ProducerLab lab = ready_lab(1, 1, config);
  lab.send();
  lab.run_for(kSoon);
  CHECK(lab.id_requests == 0);
  CHECK(lab.got[0].batch.base_sequence == kNoSequence);
}

TEST_CASE("C6: each partition counts its own records") {
  ProducerLab lab = ready_lab(1, 2, idempotent());
  for (std::int32_t partition : {0, 1, 0, 0, 1}) {
    lab.send(1, partition);
    lab.run_for(kSoon);
  }
  std::vector<std::int32_t> sequences;
  for (const ProducerLab::Got& each : lab.got) sequences.push_back(each.batch.base_sequence);
  CHECK(sequences == std::vector<std::int32_t>{0, 0, 1, 2, 1});
}

TEST_CASE("scenario 22: a batch refused as out of order is retried after the one before it") {
  ProducerLab lab = ready_lab(1, 1, idempotent());
  Sequences broker;
  broker.refuse = 1;
  lab.verdict = [&](const ProducerLab::Got& got) { return broker(got); };
  lab.send(3);
  lab.run_for(2 * kSecond);
  CHECK(lab.log(0) == "0 1 2");
  CHECK(lab.producer.producer_epoch == 0);
  const std::vector<ProduceRetried> retried = lab.all<ProduceRetried>();
  REQUIRE(retried.size() >= 2);
  CHECK(retried[0].error == ErrorCode::not_enough_replicas);
  CHECK(retried[1].error == ErrorCode::out_of_order_sequence_number);
}

TEST_CASE("KIP-360: after a batch that was sent expires, the sequence begins anew in the next epoch") {
  ProducerConfig config = idempotent();
  config.delivery_timeout = 5 * kSecond;
  ProducerLab lab = ready_lab(1, 2, config);
  lab.send(1, 0);
  lab.send(1, 1);
  lab.run_for(kSoon);
  lab.verdict = [](const ProducerLab::Got&) { return ErrorCode::not_enough_replicas; };
  lab.send(1, 0);
  lab.run_for(6 * kSecond);
  CHECK(sum_failed(lab, ErrorCode::request_timed_out) == 1);
  lab.verdict = nullptr;
  lab.got.clear();
  lab.send(1, 0);
  lab.send(1, 1);
  lab.run_for(kSoon);
  REQUIRE(lab.got.size() == 2);
  for (const ProducerLab::Got& each : lab.got) {
    CHECK(each.batch.producer_epoch == 1);
    CHECK(each.batch.base_sequence == 0);
    CHECK(each.batch.producer_id == 1001);
  }
  CHECK(lab.id_requests == 1);
}

TEST_CASE("KIP-360: what waits behind the expired batch is stored in order, in the next epoch") {
  ProducerConfig config = idempotent();
  config.delivery_timeout = 5 * kSecond;
  ProducerLab lab = ready_lab(1, 1, config);
  Sequences broker;
  bool refusing = false;
  lab.verdict = [&](const ProducerLab::Got& got) { return refusing ? ErrorCode::not_enough_replicas : broker(got); };
  lab.send();
  lab.run_for(kSoon);
  refusing = true;
  lab.send();
  lab.run_for(3 * kSecond);
  lab.send(2);
  lab.run_for(2 * kSecond + kSoon);
  REQUIRE(sum_failed(lab, ErrorCode::request_timed_out) == 1);
  refusing = false;
  lab.send();
  lab.run_for(2900 * kMillisecond);
  CHECK(lab.log(0) == "0 2 3 4");
  CHECK(lab.producer.producer_epoch == 1);
  CHECK(broker.next == 3);
}

TEST_CASE("C3: max.in.flight=1 keeps the order without idempotence, over a change of leader too") {
  ProducerConfig config = plain();
  config.max_in_flight = 1;
  config.request_timeout = kSecond;
  ProducerLab lab = ready_lab(2, 1, config);
  lab.swallow = true;
  lab.send();
  lab.run_for(kSoon);
  lab.send();
  lab.run_for(kSoon);
  CHECK(lab.got.size() == 1);
  lab.lead(0, 2);
  learn_leader(lab.producer.metadata, {lab.producer.spec.topic, 0}, 2, 1);
  lab.swallow = false;
  lab.send();
  lab.run_for(kSoon);
  CHECK(lab.got.size() == 1);
  lab.run_for(2 * kSecond);
  CHECK(lab.log(0) == "0 0 1 2");
}

// acks=0

TEST_CASE("scenario 2: with acks=0 a record counts as sent when it leaves; an error closes the connection (R10)") {
  ProducerConfig config = plain();
  config.acks = Acks::none;
  ProducerLab lab = ready_lab(2, 1, config);
  const std::int32_t asked = lab.metadata_requests;
  lab.lead(0, 2);
  lab.send();
  REQUIRE(lab.all<RecordsAcked>().size() == 1);
  CHECK(lab.all<RecordsAcked>()[0].base_offset == -1);
  CHECK(lab.all<RecordsAcked>()[0].acks == 0);
  CHECK(lab.producer.buffered_bytes == 0);
  lab.run_for(kSecond);
  CHECK(lab.log(0).empty());
  CHECK(lab.metadata_requests > asked);
  CHECK(lab.all<ProduceRetried>().empty());
  lab.send();
  lab.run_for(kSoon);
  CHECK(lab.log(0) == "1");
}

// partitions

TEST_CASE("C1: a key decides, an explicit partition decides before it") {
  ProducerLab lab = ready_lab(1, 4, plain());
  const std::int32_t user1 = lab.fabric.names.intern("user-1");
  const std::int32_t user3 = lab.fabric.names.intern("user-3");
  lab.send(1, -1, user1);
  lab.send(1, -1, user3);
  lab.send(1, 2, user3);
  lab.run_for(kSoon);
  CHECK(lab.log(0) == "0");
  CHECK(lab.log(3) == "1");
  CHECK(lab.log(2) == "2");
}

TEST_CASE("C2: the round-robin partitioner goes from record to record and leaves out what has no leader") {
  ProducerConfig config = plain();
  config.partitioner = Partitioner::round_robin;
  ProducerLab lab = ready_lab(1, 3, config);
  lab.producer.metadata.partitions[1].leader = kNoBroker;
  lab.send(4, -1, lab.fabric.names.intern("its key plays no part"));
  lab.run_for(kSoon);
  CHECK(lab.log(0) == "0 2");
  CHECK(lab.log(1).empty());
  CHECK(lab.log(2) == "1 3");
}

TEST_CASE("C2: the sticky partitioner stays until batch.size bytes went to a partition") {
  ProducerConfig config = plain();
  config.linger = 5 * kMillisecond;
  ProducerLab lab = ready_lab(1, 6, config);
  const auto partitions_used = [&] {
    std::int32_t used = 0;
    for (const ProducerQueue& queue : lab.producer.queues) used += queue.used ? 1 : 0;
    return used;
  };
  lab.send(302);  // two batches of 151: while a batch is not full, twice batch.size may go
  CHECK(partitions_used() == 1);
  lab.send(3000);
  CHECK(partitions_used() >= 3);
  lab.run_for(kSecond);
  CHECK(lab.producer.counters.acked == 3302);
}

TEST_CASE("C2: over time every partition gets its share") {
  ProducerConfig config = plain();
  config.linger = 5 * kMillisecond;
  config.batch_size = 1000;
  ProducerLab lab = ready_lab(1, 4, config);
  for (std::int32_t i = 0; i < 400; ++i) {
    lab.send(10);
    lab.run_for(10 * kMillisecond);
  }
  std::vector<std::int64_t> records(4);
  for (const RecordsSent& each : lab.all<RecordsSent>())
    records[static_cast<std::size_t>(each.tp.partition)] += each.count;
  CHECK(std::accumulate(records.begin(), records.end(), std::int64_t{0}) == 4000);
  for (std::int64_t each : records) {
    CHECK(each > 600);
    CHECK(each < 1400);
  }
}

// the application

TEST_CASE("the application sends its records at its interval, up to its limit") {
  ProducerLab lab(1, 1);
  lab.producer.spec.config = plain();
  lab.producer.spec.interval = 100 * kMillisecond;
  lab.producer.spec.records = 3;
  lab.producer.spec.limit = 10;
  lab.start();
  lab.run_until(350 * kMillisecond);
  CHECK(lab.producer.counters.sent == 9);
  lab.run_until(10 * kSecond);
  CHECK(lab.producer.counters.sent == 10);
  CHECK(lab.log(0) == "0 1 2 3 4 5 6 7 8 9");
  CHECK(lab.producer.next_record == kNoTimer);
}

TEST_CASE("keys in turn") {
  ProducerLab lab(1, 1);
  lab.producer.spec.config = plain();
  lab.producer.spec.interval = 10 * kMillisecond;
  lab.producer.spec.limit = 5;
  lab.producer.spec.key_choice = KeyChoice::cycle;
  for (const char* key : {"a", "b", "c"}) lab.producer.spec.keys.push_back(lab.fabric.names.intern(key));
  lab.start();
  lab.run_until(kSecond);
  std::string keys;
  for (std::size_t i = 0; i < lab.commons.store.records.size(); ++i)
    keys += lab.fabric.names[lab.commons.store.records[i].key];
  CHECK(keys == "abcab");
}

TEST_CASE("while send() blocks the application begins no other interval") {
  ProducerLab lab(1, 1);
  lab.topic_exists = false;
  lab.producer.spec.interval = kSecond;
  lab.producer.spec.records = 5;
  lab.start();
  lab.run_until(30 * kSecond);
  CHECK(lab.producer.counters.sent == 1);
  CHECK(lab.producer.blocked.size() == 1);
  lab.topic_exists = true;
  lab.run_for(2 * kSecond);
  CHECK(lab.producer.blocked.empty());
  CHECK(lab.producer.counters.sent >= 5);
  CHECK(lab.producer.counters.sent <= 15);
}

TEST_CASE("close() flushes what is left, then the process ends") {
  ProducerConfig config;
  config.linger = 10 * kSecond;
  ProducerLab lab = ready_lab(1, 1, config);
  lab.send(3);
  lab.hold = true;
  lab.stop();
  lab.run_for(kSoon);
  CHECK_FALSE(lab.exited());
  lab.send(1);  // too late
  lab.hold = false;
  lab.answer();
  lab.run_for(kSoon);
  CHECK(lab.exited());
  CHECK(lab.log(0) == "0 1 2");
}

TEST_CASE("close() of an idle producer ends it at once") {
  ProducerLab lab = ready_lab(1, 1, ProducerConfig{});
  lab.stop();
  CHECK(lab.exited());
}

TEST_CASE("C8: a producer that is started again has a new id, and goes on counting its records") {
  ProducerLab lab = ready_lab(1, 1, idempotent());
  lab.send();
  lab.run_for(kSoon);
  {
    Env env(lab.fabric, lab.commons, lab.facts);
    kill_process(env, lab.producer.node);
    forget(env, lab.producer, ProcessEnd::killed);
  }
  lab.start();
  lab.run_for(kSoon);
  lab.send();
  lab.run_for(kSoon);
  REQUIRE(lab.got.size() == 2);
  CHECK(lab.got[1].batch.producer_id != lab.got[0].batch.producer_id);
  CHECK(lab.got[1].batch.base_sequence == 0);
  CHECK(lab.log(0) == "0 1");
}

TEST_CASE("conservation: what was sent is acknowledged, failed or still underway") {
  ProducerConfig config = idempotent();
  config.linger = 2 * kMillisecond;
  config.delivery_timeout = 3 * kSecond;
  config.request_timeout = kSecond;
  ProducerLab lab(3, 6);
  lab.producer.spec.config = config;
  lab.producer.spec.interval = kMillisecond;
  lab.producer.spec.records = 2;
  lab.start();
  std::uint64_t nth = 0;
  lab.verdict = [&](const ProducerLab::Got&) {
    const std::uint64_t random = draw(7, Purpose::fuzz, 0, nth++);
    if (chance(random, 200000)) return ErrorCode::not_enough_replicas;
    return chance(random, 210000) ? ErrorCode::invalid_record : ErrorCode::none;
  };
  for (std::int32_t i = 0; i < 20; ++i) {
    lab.swallow = i % 5 == 3;
    lab.lead(i % 6, 1 + i % 3);
    lab.run_for(500 * kMillisecond);
    std::int64_t underway = 0;
    for (const InFlightBatch& each : lab.producer.in_flight) underway += each.expired ? 0 : each.batch.count;
    for (const ProducerQueue& queue : lab.producer.queues) {
      for (std::size_t w = 0; w < queue.waiting.size(); ++w) underway += queue.waiting[w].count;
      underway += static_cast<std::int64_t>(queue.open.records.size());
    }
    const ProducerCounters& counters = lab.producer.counters;
    const auto blocked = static_cast<std::int64_t>(lab.producer.blocked.size());
    CHECK(counters.sent == counters.acked + counters.failed + underway + blocked);
    CHECK(lab.producer.buffered_bytes <= config.buffer_memory);
    for (const ProducerLane& lane : lab.producer.lanes) CHECK(lane.in_flight <= config.max_in_flight);
  }
  CHECK(lab.producer.counters.failed > 0);
  CHECK(lab.producer.counters.acked > 5000);
}

// parts

TEST_CASE("a queue of batches gives and takes at both ends") {
  BatchQueue queue;
  ProducerBatch batch;
  for (std::int64_t i = 0; i < 1000; ++i) {
    batch.first_record = i;
    queue.push_back(batch);
  }
  for (std::int64_t i = 0; i < 700; ++i) REQUIRE(queue.pop_front().first_record == i);
  for (std::int64_t i = 699; i >= 500; --i) {
    batch.first_record = i;
    queue.push_front(batch);
  }
  batch.first_record = -1;
  queue.insert(3, batch);
  CHECK(queue.size() == 501);
  CHECK(queue[2].first_record == 502);
  CHECK(queue[3].first_record == -1);
  CHECK(queue[4].first_record == 503);
  BatchQueue same;
  for (std::size_t i = 0; i < queue.size(); ++i) same.push_back(queue[i]);
  CHECK(digest_of(same) == digest_of(queue));
  same.pop_front();
  CHECK(digest_of(same) != digest_of(queue));
}

TEST_CASE("the same seed gives the same producer") {
  const auto run = [] {
    ProducerLab lab(3, 6);
    lab.producer.spec.interval = kMillisecond;
    lab.start();
    lab.run_until(300 * kMillisecond);
    lab.crash(2);
    lab.run_until(5 * kSecond);
    return digest_of(lab.producer);
  };
  CHECK(run() == run());
}

}  // namespace
}  // namespace nutshell

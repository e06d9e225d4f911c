// Batches that are too large for the topic or for a segment (C5, L2).
#include <doctest/doctest.h>

#include <string>

#include "sim/kafka/producer.h"
#include "tests/kafka/producer_lab.h"

namespace nutshell {
namespace {

// Knows its partition and has its producer id, if it wants one.
ProducerLab ready_lab(const ProducerConfig& config) {
  ProducerLab lab(1, 1);
  lab.producer.spec.config = config;
  lab.start();
  lab.run_for(50 * kMillisecond);
  return lab;
}

ProducerConfig config_of(bool idempotent) {
  ProducerConfig config;
  config.enable_idempotence = idempotent;
  return config;
}

// Sizes in records of the batches that arrived, in order.
std::string sizes(const ProducerLab& lab) {
  std::string text;
  for (const ProducerLab::Got& each : lab.got) text += (text.empty() ? "" : " ") + std::to_string(each.batch.count);
  return text;
}

// Takes batches of up to 400 bytes; a batch of ten records has 61 + 10 * 108.
ProducerLab narrow_lab(const ProducerConfig& config) {
  ProducerLab lab = ready_lab(config);
  lab.verdict = [](const ProducerLab::Got& each) {
    return each.batch.size_in_bytes > 400 ? ErrorCode::message_too_large : ErrorCode::none;
  };
  return lab;
}

}  // namespace

TEST_CASE("C5: MESSAGE_TOO_LARGE splits a batch until its parts fit, in order and with their sequences") {
  for (const bool numbered : {true, false}) {
    CAPTURE(numbered);
    ProducerConfig config = config_of(numbered);
    config.max_in_flight = 1;
    ProducerLab lab = narrow_lab(config);
    lab.send(10);
    lab.run_for(kSecond);
    // First in vain at batch.size, then into parts of half the bytes: 570 hold four records, and half of their 493 one.
    CHECK(sizes(lab) == "10 10 4 1 1 1 1 4 1 1 1 1 2");
    CHECK(lab.log(0) == "0 1 2 3 4 5 6 7 8 9");
    CHECK(lab.all<RecordsFailed>().empty());
    CHECK(lab.all<ProduceRetried>().empty());
    CHECK(lab.producer.counters.acked == 10);
    CHECK(lab.producer.buffered_bytes == 0);
    std::int32_t next = 0;
    for (const ProducerLab::Got& each : lab.got) {
      if (each.batch.size_in_bytes > 400) continue;
      if (numbered) CHECK(each.batch.base_sequence == next);
      CHECK(each.batch.content == content_of(lab.commons.store, each.batch.first_record, each.batch.count));
      next += each.batch.count;
    }
  }
}

TEST_CASE("C5: before 4.2 a batch was split at batch.size only: it goes on until delivery.timeout.ms (KAFKA-8350)") {
  ProducerConfig config = config_of(true);
  config.batch_split = BatchSplit::batch_size;
  config.request_timeout = 500 * kMillisecond;
  config.delivery_timeout = 600 * kMillisecond;
  ProducerLab lab = narrow_lab(config);
  lab.send(10);
  lab.run_for(2 * kSecond);
  CHECK(lab.got.size() > 100);
  for (const ProducerLab::Got& each : lab.got) CHECK(each.batch.count == 10);
  REQUIRE(lab.all<RecordsFailed>().size() == 1);
  CHECK(lab.all<RecordsFailed>()[0].error == ErrorCode::request_timed_out);
  CHECK(lab.producer.counters.failed == 10);
  CHECK(lab.producer.buffered_bytes == 0);
}

TEST_CASE("C5: a batch larger than batch.size is cut at it first; a record that is too large by itself fails at once") {
  ProducerConfig config = config_of(false);
  config.batch_split = BatchSplit::batch_size;
  ProducerLab lab = narrow_lab(config);
  lab.producer.spec.config.batch_size = 16384;
  lab.hold = true;
  lab.send(10);
  lab.run_for(100 * kMillisecond);
  REQUIRE(lab.held.size() == 1);
  lab.producer.spec.config.batch_size = 400;  // three records
  lab.hold = false;
  lab.answer(ErrorCode::message_too_large);
  lab.run_for(kSecond);
  CHECK(lab.producer.counters.acked == 10);
  CHECK(lab.log(0) == "0 1 2 3 4 5 6 7 8 9");
  lab.producer.spec.record_bytes = 500;
  lab.send(1);
  lab.run_for(kSecond);
  REQUIRE(lab.all<RecordsFailed>().size() == 1);
  CHECK(lab.all<RecordsFailed>()[0].error == ErrorCode::message_too_large);
}

TEST_CASE("C5: close() waits for all parts of a split batch") {
  ProducerLab lab = narrow_lab(config_of(true));
  lab.send(10);
  lab.stop();
  lab.run_for(2 * kSecond);
  CHECK(lab.exited());
  CHECK(lab.producer.counters.acked == 10);
  CHECK(lab.log(0) == "0 1 2 3 4 5 6 7 8 9");
}

TEST_CASE("L2: RECORD_LIST_TOO_LARGE is no error that another try or a split could mend") {
  ProducerLab lab = ready_lab(config_of(true));
  lab.verdict = [](const ProducerLab::Got&) { return ErrorCode::record_list_too_large; };
  lab.send(2);
  lab.run_for(kSecond);
  CHECK(lab.got.size() == lab.all<RecordsFailed>().size());
  CHECK(lab.producer.counters.failed == 2);
  CHECK(lab.all<RecordsFailed>()[0].error == ErrorCode::record_list_too_large);
}

}  // namespace nutshell

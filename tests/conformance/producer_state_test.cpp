// producer_state.json (C7): what a leader does with batches of idempotent producers. Left out: producers that
// take part in transactions; each producer's state is its own.
#include <doctest/doctest.h>

#include <set>

#include "sim/log/producer_state.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

std::set<std::int64_t> transactional_producers(const Json& test) {
  std::set<std::int64_t> found;
  for (const Json& op : test.at("ops"))
    if (op.contains("producer_id") && (op.at("op") != "produce" || op.at("transactional").get<bool>()))
      found.insert(op.at("producer_id").get<std::int64_t>());
  return found;
}

const char* verdict_text(SequenceCheck::Verdict verdict) {
  switch (verdict) {
    case SequenceCheck::Verdict::ok: return "appended";
    case SequenceCheck::Verdict::duplicate: return "duplicate";
    case SequenceCheck::Verdict::invalid_producer_epoch: return "InvalidProducerEpochException";
    case SequenceCheck::Verdict::out_of_order_sequence_number: break;
  }
  return "OutOfOrderSequenceException";
}

void produce(ProducerState& state, const Json& op) {
  Batch batch;
  batch.producer_id = op.at("producer_id");
  batch.producer_epoch = op.at("epoch");
  batch.base_sequence = op.at("base_sequence");
  batch.count = op.at("records");
  const SequenceCheck check = state.check(batch.producer_id, batch.producer_epoch, batch.base_sequence, batch.count);
  CHECK(verdict_text(check.verdict) == op.at("result").get<std::string>());
  if (check.verdict == SequenceCheck::Verdict::duplicate) CHECK(check.duplicate_offset == op.at("base_offset").get<Offset>());
  if (check.verdict != SequenceCheck::Verdict::ok) return;
  batch.base_offset = op.at("base_offset");
  state.update(batch);
}

void check_entry(const ProducerState& state, const Json& op) {
  const std::int64_t producer_id = op.at("producer_id");
  const Json& producers = op.at("producers_after");
  const auto expected = producers.find(std::to_string(producer_id));
  const ProducerStateEntry* entry = state.find(producer_id);
  REQUIRE((entry != nullptr) == (expected != producers.end()));
  if (!entry) return;
  CHECK(entry->producer_epoch == expected->at("epoch").get<std::int16_t>());
  CHECK(entry->last_sequence() == expected->at("last_seq").get<std::int32_t>());
  CHECK(entry->batch_count == expected->at("cached_batches").get<std::int32_t>());
}

TEST_CASE("conformance: producer_state") {
  std::int32_t held = 0;
  for (const Json& test : vector_cases("producer_state.json")) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    const std::set<std::int64_t> left_out = transactional_producers(test);
    ProducerState state;
    for (const Json& op : test.at("ops")) {
      if (op.at("op") != "produce" || left_out.count(op.at("producer_id").get<std::int64_t>())) continue;
      const std::string text = op.dump();
      CAPTURE(text);
      produce(state, op);
      check_entry(state, op);
      ++held;
    }
  }
  CHECK(held > 100);
}

}  // namespace
}  // namespace nutshell

// leader_epoch_cache.json (L19, L20): every operation, with the entries after it.
#include <doctest/doctest.h>

#include "sim/log/leader_epochs.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

std::optional<Epoch> epoch_or_none(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<Epoch>();
}

void check_lookup(const LeaderEpochs& epochs, const Json& op) {
  const Epoch epoch = op.at("epoch");
  CHECK(epochs.epoch_for_offset(op.at("offset")) == epoch_or_none(op.at("epoch_for_offset")));
  CHECK(epochs.previous_epoch(epoch) == epoch_or_none(op.at("previous_epoch")));
  CHECK(epochs.next_epoch(epoch) == epoch_or_none(op.at("next_epoch")));
  CHECK(epochs.latest_epoch() == epoch_or_none(op.at("latest_epoch")).value_or(kNoEpoch));
}

void check_end_offset(const LeaderEpochs& epochs, const Json& op) {
  const EpochEnd end = epochs.end_offset_for(op.at("epoch"), op.at("log_end_offset"));
  CHECK(end.epoch == op.at("result_epoch").get<Epoch>());
  CHECK(end.end_offset == op.at("result_offset").get<Offset>());
}

void apply(LeaderEpochs& epochs, const Json& op) {
  const std::string kind = op.at("op");
  if (kind == "assign") {
    epochs.assign(op.at("epoch"), op.at("start_offset"));
  } else if (kind == "truncate_from_end") {
    epochs.truncate_from_end(op.at("offset"));
  } else if (kind == "truncate_from_start") {
    epochs.truncate_from_start(op.at("offset"));
  } else if (kind == "end_offset_for") {
    check_end_offset(epochs, op);
  } else if (kind == "lookup") {
    check_lookup(epochs, op);
  } else {
    FAIL("unknown operation ", kind);
  }
}

TEST_CASE("conformance: leader_epoch_cache") {
  for (const Json& test : vector_cases("leader_epoch_cache.json")) {
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    LeaderEpochs epochs;
    REQUIRE(!test.at("ops").empty());
    for (const Json& op : test.at("ops")) {
      const std::string text = op.dump();
      CAPTURE(text);
      apply(epochs, op);
      Json entries = Json::array();
      for (const EpochEntry& entry : epochs.entries()) entries.push_back({entry.epoch, entry.start_offset});
      CHECK(entries == op.at("entries_after"));
    }
  }
}

}  // namespace
}  // namespace nutshell

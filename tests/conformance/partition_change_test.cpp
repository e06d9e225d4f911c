// partition_change.json (R14, R15): PartitionChangeBuilder, step by step. Left out: steps with eligible leader
// replicas (ELR) or a reassignment under way.
#include <doctest/doctest.h>

#include "sim/kafka/partition_change.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

BrokerList brokers(const Json& ids) {
  BrokerList list;
  for (const Json& each : ids) list.push_back(each.get<std::int16_t>());
  return list;
}

PartitionRegistration registration(const Json& state) {
  PartitionRegistration found;
  found.replicas = brokers(state.at("replicas"));
  found.isr = brokers(state.at("isr"));
  found.leader = BrokerId{state.at("leader").get<std::int32_t>()};
  found.leader_epoch = state.at("leader_epoch");
  found.partition_epoch = state.at("partition_epoch");
  found.recovering = state.at("recovery_state") == "RECOVERING";
  return found;
}

Election election(const std::string& name) {
  if (name == "ONLINE") return Election::online;
  return name == "PREFERRED" ? Election::preferred : Election::unclean;
}

PartitionChange change(const Json& input, const PartitionRegistration& before) {
  PartitionChange asked;
  asked.target_isr = input.at("target_isr").is_null() ? before.isr : brokers(input.at("target_isr"));
  asked.acceptable_leaders = brokers(input.at("acceptable_leaders"));
  asked.election = election(input.at("election"));
  asked.recovering = input.contains("target_recovery_state") ? input.at("target_recovery_state") == "RECOVERING" : before.recovering;
  return asked;
}

bool is_simulated(const Json& step) {
  const Json& before = step.at("before");
  for (const char* list : {"elr", "last_known_elr", "adding", "removing"})
    if (!before.at(list).empty()) return false;
  return !step.at("input").contains("target_replicas") && !step.at("input").contains("unclean_shutdown_replicas");
}

TEST_CASE("conformance: partition_change") {
  std::int32_t held = 0;
  for (const Json& test : vector_cases("partition_change.json")) {
    if (test.at("elr_enabled").get<bool>()) continue;
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    for (const Json& step : test.at("steps")) {
      if (!is_simulated(step)) continue;
      const std::string text = step.dump();
      CAPTURE(text);
      const PartitionRegistration before = registration(step.at("before"));
      const auto changed = change_partition(before, change(step.at("input"), before));
      CHECK(changed.has_value() == !step.at("record").is_null());
      CHECK((changed ? changed->state : before) == registration(step.at("after")));
      ++held;
    }
  }
  CHECK(held > 150);
}

}  // namespace
}  // namespace nutshell

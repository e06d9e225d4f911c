// Facts are matched by the names that people use.
#include <doctest/doctest.h>

#include "sim/history/fact_pattern.h"

namespace nutshell {
namespace {

class FakeNamer final : public Namer {
 public:
  std::string node(NodeId node) const override { return "node " + std::to_string(node); }
  std::string name(std::int32_t interned) const override { return "name " + std::to_string(interned); }
};

const FakeNamer kNamer;

template <class F>
Fact fact_of(const F& body) {
  return {5 * kSecond, 17, kNoStep, body};
}

}  // namespace

TEST_CASE("fields read as text: nodes and names by name, ids and numbers in decimals") {
  const FactBody assigned = PartitionAssigned{{3, 2}, 7, 4, 1};
  CHECK(field_text(assigned, "topic", kNamer) == "name 3");
  CHECK(field_text(assigned, "partition", kNamer) == "2");
  CHECK(field_text(assigned, "consumer", kNamer) == "node 7");
  CHECK(field_text(assigned, "group", kNamer) == "name 4");
  CHECK(field_text(assigned, "generation", kNamer) == "1");
  CHECK(field_text(assigned, "tp", kNamer).empty());

  const FactBody truncated = LogTruncated{{3, 2}, 1, 20, 10, 8};
  CHECK(field_text(truncated, "broker", kNamer) == "1");
  CHECK(field_text(truncated, "from", kNamer) == "20");  // an offset here, a node in link_cut
  CHECK(field_text(LinkCut{1, 2}, "from", kNamer) == "node 1");
  CHECK(field_text(LinkCut{1, kNoNode}, "to", kNamer) == "none");
}

TEST_CASE("errors, reasons, requests and promises go by name") {
  CHECK(field_text(ProduceRefused{{0, 0}, 1, 2, ErrorCode::not_enough_replicas}, "error", kNamer) ==
        "NOT_ENOUGH_REPLICAS");
  CHECK(field_text(BrokerFenced{1, FenceReason::shut_down}, "reason", kNamer) == "shut_down");
  CHECK(field_text(RebalanceStarted{1, 2, RebalanceReason::member_left}, "reason", kNamer) == "member_left");
  CHECK(field_text(RequestTimedOut{1, 2, 0}, "message", kNamer) == "Produce");
  CHECK(field_text(PromiseBroken{0, {}, kNoNode}, "promise", kNamer) == "log_marks_in_order");
  CHECK(field_text(NodeSlowed{1, 1500 * kMicrosecond, 0}, "per_message", kNamer) == "1.5ms");
  CHECK(field_text(NodeCrashed{1, true}, "power_loss", kNamer) == "true");
}

TEST_CASE("a pattern matches facts of its kind whose fields are as it says") {
  const Fact elected = fact_of(LeaderElected{{3, 0}, 2, 1, 6, false});
  CHECK(matches({"leader_elected", {}, 1}, elected, kNamer));
  CHECK(matches({"leader_elected", {{"topic", "name 3"}, {"leader", "2"}, {"unclean", "false"}}, 1}, elected, kNamer));
  CHECK_FALSE(matches({"leader_elected", {{"topic", "name 4"}}, 1}, elected, kNamer));
  CHECK_FALSE(matches({"leader_elected", {{"leader", "1"}}, 1}, elected, kNamer));
  CHECK_FALSE(matches({"isr_shrunk", {}, 1}, elected, kNamer));
}

TEST_CASE("the nth matching fact is found, counted from where the search begins") {
  Facts facts;
  for (const Fact& each : {fact_of(NodeStarted{0}), fact_of(NodeCrashed{0}), fact_of(NodeStarted{0}), fact_of(NodeStarted{1})})
    facts.push_back(each);
  CHECK(find_fact({"node_started", {}, 1}, facts, 0, 4, kNamer) == 0);
  CHECK(find_fact({"node_started", {}, 2}, facts, 0, 4, kNamer) == 2);
  CHECK(find_fact({"node_started", {}, 2}, facts, 1, 4, kNamer) == 3);
  CHECK(find_fact({"node_started", {{"node", "node 1"}}, 1}, facts, 0, 4, kNamer) == 3);
  CHECK(find_fact({"node_started", {}, 4}, facts, 0, 4, kNamer) == 4);
  CHECK(find_fact({"node_started", {}, 3}, facts, 0, 3, kNamer) == 3);
}

TEST_CASE("every fact has a shape, and every choice its words") {
  CHECK(fact_shapes().size() == FactKinds::size);
  for (const FactShape& fact : fact_shapes()) {
    CHECK(find_fact_shape(fact.name) == &fact);
    for (const FieldShape& field : fact.fields) {
      CHECK_MESSAGE((field.kind == FieldKind::choice) == !field.choices.empty(), fact.name << "." << field.name);
    }
  }
}

}  // namespace nutshell

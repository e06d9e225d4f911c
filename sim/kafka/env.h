// What Kafka's handlers get of the world: the fabric, what Kafka's processes have in common, and where facts go.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "sim/kafka/api.h"
#include "sim/kafka/facts.h"
#include "sim/kafka/mutant.h"
#include "sim/kafka/records.h"
#include "sim/kafka/timers.h"
#include "sim/net/fabric.h"

namespace nutshell {

// What the processes of a Kafka cluster have in common: the records, and who is who. Each knows it from its own
// configuration (bootstrap.servers, controller.quorum.voters), and nobody changes it while it runs.
struct Commons {
  RecordStore store;
  SharedImages images;                       // of metadata; no part of the value
  SharedStretches stretches;                 // likewise
  std::vector<NodeId> broker_nodes;          // by broker id; -1: none
  std::vector<NodeId> voters;                // controller.quorum.voters
  std::vector<NodeId> registries;            // schema.registry.url
  Mutant mutant = Mutant::none;              // set by tests only; no part of the value
  std::vector<RememberedMinIsr> remembered;  // by the mutant of that name
  NUTSHELL_FIELDS(Commons, store, broker_nodes, voters, registries)

  void enlist(BrokerId id, NodeId node);
};

// Kafka's processes in one step. Lives for one step only; never stored.
class Env final : public FabricEnv {
 public:
  Env(Fabric& shared, Commons& in_common, std::vector<Fact>& facts) : FabricEnv(shared), commons(in_common), facts_(facts) {}

  Commons& commons;

  NodeId broker_node(BrokerId id) const;  // kNoNode when there is no such broker

  // Records a fact of this step; `because` names an earlier step that explains it better.
  template <class F>
  void emit(const F& fact, Step because = kNoStep) {
    if constexpr (F::level == FactLevel::story) fold(fabric.digest, fact);
    facts_.push_back(Fact{fabric.now, fabric.step, because, fact});
  }

 private:
  void tell(const WireFact& fact, Step because) override;

  std::vector<Fact>& facts_;
};

}  // namespace nutshell

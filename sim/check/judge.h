// The judge: puts the promises (promises.h) to the test at the events that can break them.
//
// The judge sees everything: it reads the facts of a step and looks at the world after it. It keeps a ledger
// of what clients were told. It never changes the world, and a world's history does not depend on it. It
// needs to see every step from the first one on, with all its facts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/check/ledger.h"
#include "sim/check/promises.h"
#include "sim/cluster/world.h"

namespace nutshell {

// A promise that did not hold, and why, in one sentence.
struct Breach {
  std::int32_t promise = -1;
  Time at = 0;
  Step step = kNoStep;
  TopicPartition tp;
  NodeId node = kNoNode;
  NodeId client = kNoNode;  // the producer or consumer that it was promised to; kNoNode: no single one
  GroupId group = -1;  // the group that it was promised to, or that the consumer is in; -1: none
  bool promised = true;     // false: Kafka does not give the promise under this configuration (Promise::given)
  std::string why;
  NUTSHELL_FIELDS(Breach, promise, at, step, tp, node, client, group, promised, why)
};

// A value, like the world: copied with it into checkpoints.
class Judge {
 public:
  // Judges one step: `facts` are those of the step, `world` is the world after it. Appends a PromiseBroken fact
  // for each breach that is new, and remembers the breach. The same promise, partition, node and group are
  // reported once until the partition gets a new leader; where there is no partition, once.
  void observe(const World& world, std::vector<Fact>& facts);
  // What can only be judged by looking at everything: for the end of a run, and for tests at any moment.
  void examine(const World& world, std::vector<Fact>& facts);

  const std::vector<Breach>& breaches() const { return breaches_; }
  // How often each promise was put to the test, by index.
  const std::vector<std::uint64_t>& trials() const { return trials_; }
  // The promise did not hold, whether or not it was given.
  bool broken(std::int32_t promise) const;
  // The promise was given and did not hold: a run in which that happens unannounced has failed.
  bool betrayed(std::int32_t promise) const;
  const Ledger& ledger() const { return ledger_; }
  void fold_into(std::uint64_t& digest) const;
  std::size_t copy_bytes() const;  // that a copy takes

 private:
  Ledger ledger_;
  std::vector<Breach> breaches_;
  std::vector<std::uint64_t> trials_ = std::vector<std::uint64_t>(kPromiseCount);
};

}  // namespace nutshell

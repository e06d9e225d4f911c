// Faults that the simulation once had, for tests to put back: what searches at random for broken promises has to find
// each of them. No scenario, action or configuration key reaches them.
#pragma once

#include <cstdint>

#include "sim/core/types.h"

namespace nutshell {

enum class Mutant : std::uint8_t {
  none,
  isr_given_up_when_refused,  // R7: whatever the controller refuses, the leader takes the committed ISR for the true one
  eligible_by_any_epoch,      // R8: a follower that has restarted holds the high watermark back before it has fetched
  min_isr_remembered,         // R8: min.insync.replicas of the brokers is read when a partition changes, and kept
  no_position_validation,     // G3: consumers neither compare leader epochs nor heed those of committed offsets
};

// What min_isr_remembered has read: nobody else carries a field for it.
struct RememberedMinIsr {
  NodeId broker = kNoNode;
  TopicPartition tp;
  std::int32_t value = 0;
};

}  // namespace nutshell

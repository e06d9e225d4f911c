// How one partition's registration changes: the leader that follows from a new ISR, as Kafka's
// PartitionChangeBuilder decides it (R14, R15; without ELR and reassignment).
#pragma once

#include <cstdint>
#include <optional>

#include "sim/kafka/metadata.h"

namespace nutshell {

// `online` keeps a leader that may stay, else takes the first that may lead; `preferred` wants the first
// replica; `unclean` takes one from outside the ISR if nobody else may lead.
enum class Election : std::uint8_t { online, preferred, unclean };

// What is asked for. The ISR may be empty: then the registered one stays, and nobody of it may lead.
struct PartitionChange {
  BrokerList target_isr;
  BrokerList acceptable_leaders;  // who is there to lead; order means nothing
  Election election = Election::online;
  bool recovering = false;        // LeaderRecoveryState to register; an unclean election sets it by itself
};

struct PartitionChanged {
  PartitionRegistration state;
  bool unclean = false;  // the new leader was not in the ISR: records may be lost
};

// The new registration, or nothing if all stays as it is. The partition epoch rises by one with every
// change, the leader epoch with a change of leader, not with a change of the ISR (R15).
// REQUIRES before.replicas is not empty.
std::optional<PartitionChanged> change_partition(const PartitionRegistration& before, const PartitionChange& change);

}  // namespace nutshell

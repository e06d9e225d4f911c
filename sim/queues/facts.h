// What happens in a run of a workload, in one vocabulary for all products.
#pragma once

#include <cstdint>
#include <string>

#include "sim/core/fields.h"
#include "sim/core/types.h"

namespace nutshell::queues {

// Append only: the number is part of every digest.
enum class FactKind : std::uint8_t {
  message_accepted, message_refused, message_returned, copy_suppressed, answer_lost, publisher_gave_up,
  delivered, handled, failed, discarded, acknowledged, returned, late_ack_ignored, dead_lettered, expired, dropped,
  lost, slot_taken_over, replay_started, replay_impossible, crashed, noticed, node_lost, node_back, leader_elected,
  grown, fault_impossible, consumer_left, idle, read_refused, node_cut, receive_lost, not_reached, detached, topic_deleted,
  redriven, link_cut, node_stopped, still_apart,
};
std::string_view fact_name(FactKind kind);

// Places in the lists of the workload; -1: nobody's.
struct Fact {
  Time at = 0;
  FactKind kind = FactKind::message_accepted;
  std::int32_t service = -1, consumer = -1, message = -1;
  std::int64_t number = 0;  // which attempt, slot, node, or how many: see say()
  std::string why;          // in the product's own words
  NUTSHELL_FIELDS(Fact, at, kind, service, consumer, message, number, why)
};

struct Workload;
// The fact as a sentence, without its time.
std::string say(const Fact& fact, const Workload& workload);

}  // namespace nutshell::queues

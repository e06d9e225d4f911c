// Facts of processes and of the network between them: those that are told whatever the processes are for.
#pragma once

#include <variant>

#include "sim/core/digest.h"
#include "sim/core/fact_fields.h"

namespace nutshell {

enum class DropReason : std::uint8_t { node_down, connection_closed, response_lost, by_hand };

// processes, links and messages
struct NodeStarted { NodeId node = kNoNode; NUTSHELL_FACT("node_started", story) NUTSHELL_FIELDS(NodeStarted, node) };
struct NodeCrashed {
  NodeId node = kNoNode;
  bool power_loss = false;
  NUTSHELL_FACT("node_crashed", story) NUTSHELL_FIELDS(NodeCrashed, node, power_loss)
};
struct NodePaused { NodeId node = kNoNode; NUTSHELL_FACT("node_paused", story) NUTSHELL_FIELDS(NodePaused, node) };
struct NodeResumed { NodeId node = kNoNode; NUTSHELL_FACT("node_resumed", story) NUTSHELL_FIELDS(NodeResumed, node) };
struct NodeStopping { NodeId node = kNoNode; NUTSHELL_FACT("node_stopping", story) NUTSHELL_FIELDS(NodeStopping, node) };
struct NodeStopped { NodeId node = kNoNode; NUTSHELL_FACT("node_stopped", story) NUTSHELL_FIELDS(NodeStopped, node) };
struct NodeSlowed {
  NodeId node = kNoNode;
  DurationRef per_message = 0;
  std::int64_t disk_bytes_per_second = 0;
  NUTSHELL_FACT("node_slowed", story) NUTSHELL_FIELDS(NodeSlowed, node, per_message, disk_bytes_per_second)
};
struct ClockSet {
  NodeId node = kNoNode;
  DurationRef offset = 0;
  NUTSHELL_FACT("clock_set", story) NUTSHELL_FIELDS(ClockSet, node, offset)
};
// Of links: an end of -1 means every node.
struct LinkCut {
  NodeId from = kNoNode, to = kNoNode;
  bool one_way = false;
  NUTSHELL_FACT("link_cut", story) NUTSHELL_FIELDS(LinkCut, from, to, one_way)
};
struct LinkHealed { NodeId from = kNoNode, to = kNoNode; NUTSHELL_FACT("link_healed", story) NUTSHELL_FIELDS(LinkHealed, from, to) };
struct LinkJammed {
  NodeId from = kNoNode, to = kNoNode;
  bool one_way = false;
  NUTSHELL_FACT("link_jammed", story) NUTSHELL_FIELDS(LinkJammed, from, to, one_way)
};
struct LinkReleased {
  NodeId from = kNoNode, to = kNoNode;
  std::int32_t messages = 0;
  NUTSHELL_FACT("link_released", story) NUTSHELL_FIELDS(LinkReleased, from, to, messages)
};
struct LinkChanged { NodeId from = kNoNode, to = kNoNode; NUTSHELL_FACT("link_changed", story) NUTSHELL_FIELDS(LinkChanged, from, to) };
struct SegmentLost {  // will be retransmitted
  NodeId from = kNoNode, to = kNoNode;
  MessageRef message = 0;  // of the family that the ends speak
  bool by_cut = false;
  std::int32_t attempt = 0;
  NUTSHELL_FACT("segment_lost", detail) NUTSHELL_FIELDS(SegmentLost, from, to, message, by_cut, attempt)
};
struct MessageDropped {
  NodeId from = kNoNode, to = kNoNode;
  MessageRef message = 0;
  DropReason reason = DropReason::node_down;
  NUTSHELL_FACT("message_dropped", protocol) NUTSHELL_FIELDS(MessageDropped, from, to, message, reason)
};
struct RequestTimedOut {
  NodeId client = kNoNode, server = kNoNode;
  MessageRef message = 0;
  NUTSHELL_FACT("request_timed_out", protocol) NUTSHELL_FIELDS(RequestTimedOut, client, server, message)
};
struct ConnectionLost {
  NodeId client = kNoNode, server = kNoNode;
  NUTSHELL_FACT("connection_lost", protocol) NUTSHELL_FIELDS(ConnectionLost, client, server)
};

// What the engine itself tells; the others are told by whoever starts, stops and cuts.
using WireFact = std::variant<SegmentLost, MessageDropped, RequestTimedOut, ConnectionLost>;

}  // namespace nutshell

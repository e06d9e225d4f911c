// Places: what can be pointed at in the picture. A selection is a place; it may not exist at the moment that is
// shown, because the broker is added later or the record has been truncated: whoever looks it up has to cope.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/types.h"
#include "sim/net/body.h"

namespace nutshell {

enum class PlaceKind : std::uint8_t {
  none,
  controller, broker, producer, consumer,  // node
  process,                                 // node: of a plain kind
  group,                                   // group
  partition,                               // tp
  replica, record,                         // node (its broker), tp; record: offset
  high_watermark, log_end, epoch,          // marks of a replica: node, tp
  committed, position, lag,                // of a consumer: node, tp
  session,                                 // of a broker or a consumer with whoever watches over it: node
  link, message                            // node, to
};

struct Place {
  PlaceKind kind = PlaceKind::none;
  NodeId node = kNoNode, to = kNoNode;
  TopicPartition tp;
  Offset offset = -1;
  GroupId group = -1;  // interned
  MessageNumber message = kNoMessage;
  friend bool operator==(const Place&, const Place&) = default;
  explicit operator bool() const { return kind != PlaceKind::none; }
};

// Whether it is a card of its own on the stage: a node, and nothing of it.
constexpr bool is_card(PlaceKind kind) { return kind >= PlaceKind::controller && kind <= PlaceKind::process; }

}  // namespace nutshell

// What can be pointed at in a picture of the cluster.
#pragma once

#include <cstdint>

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

}  // namespace nutshell

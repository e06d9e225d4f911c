// Kafka's kinds of process.
#pragma once

#include <cstdint>

#include "sim/net/fabric.h"

namespace nutshell {

enum class NodeKind : std::uint8_t { broker, controller, producer, consumer, admin };

}  // namespace nutshell

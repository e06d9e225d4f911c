// Kafka's kinds of process.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/net/fabric.h"

namespace nutshell {

// Those of PlainKinds (plain_kinds.h) come after these.
enum class NodeKind : std::uint8_t { broker, controller, producer, consumer, admin };
inline constexpr std::size_t kOwnKinds = 5;

// How a process ended. A clean end leaves nothing undone; with the power goes what was not flushed.
enum class ProcessEnd : std::uint8_t { clean, killed, power_loss };

// Of plain kinds (plain_kinds.h):

// What a configuration key means; the numbers are in the unit of the key.
struct KeyDoc {
  std::string_view name;
  std::int64_t minimum, maximum;
  std::string_view doc;
};
struct NamedTimer {
  TimerKind timer{};
  TimerWords words;
};
inline constexpr TimerKind kFirstPlainTimer{128};  // those of Kafka's own processes are below

}  // namespace nutshell

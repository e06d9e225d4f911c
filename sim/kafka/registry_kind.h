// A schema registry as a kind of process: what it is called, its keys and its timer. What it does is in sim/registry.
#pragma once

#include <array>
#include <string_view>

#include "sim/core/digest.h"
#include "sim/kafka/config.h"
#include "sim/kafka/config_docs.h"
#include "sim/kafka/internal_topics.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/timers.h"
#include "sim/schema/registry.h"

namespace nutshell {

// It looks again at what it waits for.
inline constexpr TimerKind kRegistryLook{static_cast<std::uint8_t>(static_cast<std::uint8_t>(kFirstPlainTimer) + 16)};

struct SchemaRegistryKind {
  static constexpr std::string_view name = "schema registry", plural = "schema_registries";
  static constexpr std::string_view about = "gives schemas their ids, and refuses what does not go with them";

  struct Config {
    Compatibility compatibility = Compatibility::backward;
    bool eligible = true;
    template <class F>
    static constexpr void each_field(F&& f) {
      f("schema.compatibility.level", &Config::compatibility);
      f("leader.eligibility", &Config::eligible);
    }
  };
  static constexpr std::array docs = {
      KeyDoc{"schema.compatibility.level", kLowest, kHighest,
             "What a new version of a schema owes to the latest one, or to all of its subject's versions (transitive)."},
      KeyDoc{"leader.eligibility", kLowest, kHighest, "Whether it may become the primary, which alone writes to _schemas."}};
  static constexpr std::array timers = {NamedTimer{kRegistryLook, {"it looks again at what it waits for", "a look at _schemas", true}}};
};

}  // namespace nutshell

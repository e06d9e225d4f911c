// The types of a fact's fields. A number in a fact names something, or counts: which, follows from its type, and so do its
// words in scenario files and events, and what the fact is about.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/digest.h"
#include "sim/core/types.h"

namespace nutshell {

using NameRef = Refers<Reference::name, std::int32_t>;
using MessageRef = Refers<Reference::message, std::uint16_t>;
using PromiseRef = Refers<Reference::promise, std::int32_t>;
using DurationRef = Refers<Reference::duration, Duration>;

// How much a fact is worth telling: `story` is told to people, `protocol` is for experts and promises,
// `detail` happens at every message.
enum class FactLevel : std::uint8_t { story, protocol, detail };

}  // namespace nutshell

#define NUTSHELL_FACT(fact_name, fact_level)                \
  static constexpr std::string_view name = fact_name;       \
  static constexpr FactLevel level = FactLevel::fact_level;

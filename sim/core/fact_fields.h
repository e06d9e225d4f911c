// The types of a fact's fields. A number in a fact names something, or counts: which, follows from its type, and so do its
// words in scenario files and events, and what the fact is about.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/digest.h"
#include "sim/core/types.h"

namespace nutshell {

enum class Reference : std::uint8_t {
  node,     // NodeId
  broker,   // BrokerId
  topic,    // interned names
  group,
  name,     // of something else: a member id, an action, a reason
  message,  // MessageNumber
  promise,  // place in promises()
  duration  // ns
};

// A number with a meaning; wherever a number is wanted, it is one.
template <Reference To, class Number>
struct Refers {
  static constexpr Reference to = To;
  Number number = 0;
  constexpr Refers(Number value = Number{}) : number(value) {}
  constexpr operator Number() const { return number; }
  void fold_into(std::uint64_t& digest) const { fold(digest, number); }
};

using NodeRef = Refers<Reference::node, NodeId>;
using BrokerRef = Refers<Reference::broker, BrokerId>;
using TopicRef = Refers<Reference::topic, std::int32_t>;
using GroupRef = Refers<Reference::group, std::int32_t>;
using NameRef = Refers<Reference::name, std::int32_t>;
using MessageRef = Refers<Reference::message, std::uint16_t>;
using PromiseRef = Refers<Reference::promise, std::int32_t>;
using DurationRef = Refers<Reference::duration, Duration>;

template <class T>
concept IsReference = requires { T::to; };
template <class T, Reference To>
constexpr bool refers_to() {
  if constexpr (IsReference<T>) return T::to == To;
  else return false;
}

// How much a fact is worth telling: `story` is told to people, `protocol` is for experts and promises,
// `detail` happens at every message.
enum class FactLevel : std::uint8_t { story, protocol, detail };

}  // namespace nutshell

#define NUTSHELL_FACT(fact_name, fact_level)                \
  static constexpr std::string_view name = fact_name;       \
  static constexpr FactLevel level = FactLevel::fact_level;

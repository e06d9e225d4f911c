// How facts show: a row for each, and the compiler holds that none is missing. What a fact does to a picture beyond that
// (where it is drawn, what moves) is said where the picture is made.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/kafka/facts.h"

namespace nutshell {

// How lists sort facts for people.
enum class FactKind : std::uint8_t { other, election, isr, group, client, fault, promise };
inline constexpr int kFactKinds = 7;
// "elections", "ISR".
std::string_view fact_kind_label(FactKind kind);

// What of a run is worth a sound, if somebody wants any.
enum class Cue : std::uint8_t { crash, election, rebalance, settled, loss, question, right, wrong };
inline constexpr int kCues = 8;

struct FactLooks {
  std::string_view fact;
  FactKind kind = FactKind::other;
  std::uint8_t weight = 0;  // of several facts of a step, the heaviest gives it its words on tracks; 0: none
  bool grave = false;       // a promise broke, or records were lost
  std::optional<Cue> cue;   // nullopt: silent
};

const FactLooks& looks_of(const FactBody& body);

}  // namespace nutshell

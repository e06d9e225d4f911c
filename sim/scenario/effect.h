// When what a fact names can be seen. A fact is told where it is decided: a controller elects a leader, a coordinator
// calls a group stable. Whoever it is about hears of it later, and it is there that people look.
#pragma once

#include "sim/history/timeline.h"

namespace nutshell {

// What is decided takes effect some messages later. What has not by then never may (the new leader is dead, say): then
// the moment of the decision is as good as any.
inline constexpr Duration kLongestEffect = kSecond;

// Whether what the fact names is done by whoever has to do it: the new leader has taken office, the leader has applied
// the ISR, fencing is committed, the members know what they own. REQUIRES the fact has happened in this world.
bool has_taken_effect(const FactBody& body, const World& world);

// What the fact names may not be seen when it happens.
bool takes_effect_later(const FactBody& body);

}  // namespace nutshell

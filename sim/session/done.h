// What was done by hand, told to whoever did it.
#pragma once

#include <string>

#include "sim/cluster/action.h"

namespace nutshell {

// "You killed broker 1. Its clients know; the controller does not." Of what takes effect later, it says that. `after` is
// the world just after the deed.
std::string done_text(const World& after, const ActionBody& deed);
// The same in a word or two, for a flag: "kill", "pause", "add broker".
std::string deed_word(const ActionBody& deed);

}  // namespace nutshell

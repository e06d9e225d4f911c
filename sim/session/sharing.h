// What a session looks like from outside: the moment that is shown, as a share (sim/scenario/share.h).
#pragma once

#include "sim/scenario/share.h"
#include "sim/session/session.h"

namespace nutshell {

// `lesson`: what the shipped lesson of that name is, as its file has it; nullptr: the session shows none that is shipped.
// What is beside it is left out if it cannot be said in few words. Name and edition are the lesson's.
Share share_of(const Session& session, const Scenario* lesson, const std::string& name);
// The same of a branch that need not be the one that is shown, at its last deed. REQUIRES which < branches().size().
Share share_of_branch(const Session& session, std::size_t which, const Scenario* lesson, const std::string& name);

}  // namespace nutshell

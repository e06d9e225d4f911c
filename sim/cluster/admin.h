// The operator: an admin client that asks the active controller for topics and elections.
#pragma once

#include "sim/cluster/world.h"

namespace nutshell {

void start(Env& env, Admin& admin);
inline void stop(Env&, Admin&) {}                // it does not
inline void forget(Env&, Admin&, ProcessEnd) {}  // nothing of it is volatile
void on_response(Env& env, Admin& admin, const Response& response);
void on_timer(Env& env, Admin& admin, const Event& timer);
// What an action asks for: it is asked for until it is done or refused, or default.api.timeout.ms is over.
// `leader`: whom to ask first what a partition's leader does.
void ask_by_hand(Env& env, Admin& admin, Body request, BrokerId leader = kNoBroker);
// Sends the next request, if none is under way.
void admin_proceed(Env& env, Admin& admin);

}  // namespace nutshell

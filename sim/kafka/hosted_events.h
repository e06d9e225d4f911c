// What processes with clients of their own (hosted.h) do alike with what comes: a client acts under its number.
#pragma once

#include "sim/kafka/hosted.h"

namespace nutshell {

// The process has started: so does its admin client, whose number that is.
template <class Host>
void start_admin(Env& env, Host& host, ClientNumber number) {
  host.admin.node = host.node;
  host.admin.metadata.bootstrap = host.bootstrap;
  AsClient as(env, number);
  start(env, host.admin);
}

// For the client of the process that an answer, or a timer, is for.
inline auto hears(Env& env, const Response& response) {
  return [&env, &response](auto& client) {
    AsClient as(env, response.client);
    if (client.running) on_response(env, client, response);
  };
}
inline auto hears(Env& env, const Event& timer) {
  return [&env, &timer](auto& client) {
    AsClient as(env, timer.client);
    if (client.running) on_timer(env, client, timer);
  };
}

}  // namespace nutshell

// What a client knows of its connections (N1-N3).
#pragma once

#include "sim/kafka/fabric.h"

namespace nutshell {

// Whether the client has a connection that got through to the server and that neither side has closed. A request
// to a server without one has to connect first, and may find nobody. Simplified: an idle connection counts as
// closed as soon as the server's process is gone, also where no word of that can reach the client.
bool is_connected(const Env& env, NodeId client, NodeId server, Channel channel);

}  // namespace nutshell

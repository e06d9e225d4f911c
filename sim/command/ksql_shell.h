// nutshell ksql --interactive: statements are typed at the ksqlDB servers of a simulated cluster, whose time stands still but
// for what is asked for.
#pragma once

#include <istream>

#include "sim/command/output.h"
#include "sim/history/timeline.h"

namespace nutshell {

// A cluster to begin with: three brokers and one ksqlDB server, K1.
Setup ksql_shell_setup();

// Reads lines until there are no more, or `exit`. `prompts`: a person sits there. Returns the exit code: whether the last
// statement was whole. REQUIRES the timeline has a ksqlDB server.
int run_ksql_shell(Timeline& timeline, std::istream& in, bool prompts, Output& out);

}  // namespace nutshell

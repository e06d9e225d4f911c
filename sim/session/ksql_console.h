// The console of a ksqlDB server: whom statements can be typed at, what came of them, and what a text that is being typed may
// become.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/session/completion.h"

namespace nutshell {

// The names of the servers, in the order in which they were set up.
std::vector<std::string> ksql_servers(const World& world);
// The one of that name, or, if there is none, the first that runs, or the first; "": there are no servers.
std::string ksql_server_for(const World& world, std::string_view wanted);

struct ConsoleEntry {
  std::string text;     // as it was typed
  std::string printed;  // what came back, in lines
  bool refused = false;
  bool answered = false;  // else it is still being worked on
  std::string runs;       // the id of its query, if rows still come; TERMINATE ends it
};
// What was typed at the server, the oldest first.
std::vector<ConsoleEntry> console_entries(const World& world, std::string_view server);

// Words that the last word of the text may become: columns of what the text names, streams and tables, then words of the language.
// Of an empty text: statements to begin with. `text` is the whole of what would stand there.
std::vector<Completion> ksql_completions(const World& world, std::string_view server, std::string_view typed);

}  // namespace nutshell

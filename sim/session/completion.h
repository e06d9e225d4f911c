// What a text that is being typed may become: configuration keys with their values, and names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

struct Completion {
  std::string text;   // the whole of what would stand there
  std::string about;  // "now 30s", or what the key means
};

// "key=value" for a target of set_config: keys that have to do with what is typed, those that begin so first; after the
// equals sign the values that the key allows, or, of numbers, the one it has and the usual one.
std::vector<Completion> config_completions(const World& world, const std::string& target, std::string_view typed);
// A key and a value that would change something there: "min.insync.replicas=2".
std::string config_example(const World& world, const std::string& target);
// The text with its last words made the name of a node or a topic; empty: no name begins so.
std::string with_name_completed(const World& world, std::string_view typed);

}  // namespace nutshell

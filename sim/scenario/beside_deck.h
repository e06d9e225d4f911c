// What lies beside a deck: small files of one JSON object, the map of its figures and its captions in another language.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/json_reader.h"

namespace nutshell {

// The file's text, no more than is looked at; nullopt: it is not there, which is no mistake, or (reported) cannot be read.
std::optional<std::string> read_beside_deck(const std::string& path, std::vector<Problem>& problems);

// What the members of such a file are, for whoever has written none: "pictures", and one of them.
struct MembersMeant {
  const char* example;
  const char* members;
};
// Each member in turn. A text that is no such object is reported, and has none.
using EachMember = std::function<void(JsonSource& reading, const std::string& key, const Json& value, const std::string& path)>;
void read_members(std::string_view text, const std::string& file, std::vector<Problem>& problems, const MembersMeant& meant,
                  const EachMember& each);

}  // namespace nutshell

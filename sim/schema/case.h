// Cases of what a registry decides, for whoever has some: {"name": "...", "format": "AVRO", "old": [SCHEMA, ...], "new": SCHEMA,
// "mode": "BACKWARD", "allowed": true}, or in place of the last two "modes": {"BACKWARD": true, "FULL": false}; "invalid": true
// asks for a schema that is none. Schemas stand there as JSON or as texts; of versions the oldest comes first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

struct SchemaVerdict {
  std::string name;
  std::string why;  // what differs; empty: nothing
};
// All cases of a file's text: one, a list, or {"tests": [...]}. What is no such file is one that does not hold.
std::vector<SchemaVerdict> run_schema_cases(std::string_view text, const std::string& file);

}  // namespace nutshell

// The changes of a record that everybody makes sooner or later (M5), each with a record before it and one after it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/schema/registry.h"

namespace nutshell {

struct WorkedChange {
  std::string_view name;
  std::string older, newer;                 // Avro schemas of a record Order
  std::string_view old_record, new_record;  // as JSON, one for each
  std::string_view note;                    // what to remember of it
};
const std::vector<WorkedChange>& worked_changes();

// A record that one schema writes and the other reads.
struct ReadBack {
  std::string bytes;    // in hexadecimal
  std::string written;  // one line: {"id": "o1", "cents": 250}
  std::string read;     // the same of what the reader gets; empty: nothing
  std::string problem;  // why not
};
ReadBack read_back(std::string_view writer, std::string_view reader, std::string_view record);

// The fields of a record's schema, one a line: "cents: int = 0".
std::vector<std::string> field_lines(std::string_view schema);

}  // namespace nutshell

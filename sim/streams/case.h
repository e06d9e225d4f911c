// A test of statements: what is put into topics, and exactly what has to come out of them. One JSON object,
//   {"name": "...", "statements": ["CREATE ...;", ...],
//    "inputs":  [{"topic": "t", "key": ..., "value": ..., "timestamp": 0, "partition": 0, "window": {"start": 0, "end": 9}},
//    ...], "outputs": [the same, in order for each topic]}
// An input may have "headers": [{"KEY": "a", "VALUE": "aGk="}], its values in base64; of outputs they are not looked at.
// or a list of them, or {"tests": [...]}. A value is as JSON for the format JSON, one text for DELIMITED, a text or number for
// KAFKA. Instead of outputs "error": true, or a part of what the error says, asks for a statement that is refused.
// "selects": [{"statement": "SELECT ...;", "rows": [[...], ...]}] says what is to be seen in the end; "error": true there, too.
// "ts" is "timestamp" in short. "wall" of an input sets the clock (ms) before it; "order": "rows" feeds each row to all queries
// before the next, otherwise each query takes all rows in turn. "properties" may hold the two __emit.interval settings of Kafka
// Streams, in ms.
#pragma once

#include <string>
#include <vector>

#include "sim/streams/json.h"

namespace nutshell::streams {

struct CaseResult {
  std::string name;
  bool passed = false;
  // What differs, in a sentence; empty if it passed.
  std::string why;
};

CaseResult run_case(const Json& test);
// All cases of a file's text. What is no such file is one result that has not passed.
std::vector<CaseResult> run_cases(std::string_view text, const std::string& file);

}  // namespace nutshell::streams

// A little JSON to print: values are texts of JSON already.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/problem.h"

namespace nutshell {

// The text as a JSON string, with its quotes. Bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);
std::string json_list(const std::vector<std::string>& values);
std::string json_strings(const std::vector<std::string>& texts);

// Members in the order in which they are added.
class JsonObject {
 public:
  JsonObject& json(std::string_view key, std::string_view value);  // `value` is JSON
  JsonObject& text(std::string_view key, std::string_view value) { return json(key, json_string(value)); }
  JsonObject& number(std::string_view key, std::int64_t value) { return json(key, std::to_string(value)); }
  JsonObject& count(std::string_view key, std::uint64_t value) { return json(key, std::to_string(value)); }
  JsonObject& truth(std::string_view key, bool value) { return json(key, value ? "true" : "false"); }
  std::string done() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

// {"file", "line", "column", "where", "what", "hint", "message"}
std::string problem_json(const Problem& problem);

}  // namespace nutshell

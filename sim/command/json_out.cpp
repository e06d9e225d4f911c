#include "sim/command/json_out.h"

#include "sim/scenario/json_places.h"

namespace nutshell {

namespace {

void append_escaped(std::string& json, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  switch (c) {
    case '"': json += "\\\""; return;
    case '\\': json += "\\\\"; return;
    case '\n': json += "\\n"; return;
    case '\t': json += "\\t"; return;
    default: break;
  }
  if (byte >= 0x20) {
    json += c;
    return;
  }
  json += "\\u00";
  json += kDigits[byte >> 4];
  json += kDigits[byte & 15];
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string json = "\"";
  while (!text.empty()) {
    const std::size_t invalid = find_invalid_utf8(text);
    for (char c : text.substr(0, invalid)) append_escaped(json, c);
    if (invalid == std::string_view::npos) break;
    json += "\xef\xbf\xbd";
    text.remove_prefix(invalid + 1);
  }
  return json + "\"";
}

std::string json_list(const std::vector<std::string>& values) {
  std::string json = "[";
  for (const std::string& value : values) json += (json.size() > 1 ? ",\n" : "\n") + value;
  return json + (values.empty() ? "]" : "\n]");
}

std::string json_strings(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) json += (json.size() > 1 ? ", " : "") + json_string(text);
  return json + "]";
}

JsonObject& JsonObject::json(std::string_view key, std::string_view value) {
  if (!members_.empty()) members_ += ", ";
  members_ += json_string(key) + ": ";
  members_ += value;
  return *this;
}

std::string problem_json(const Problem& problem) {
  return JsonObject()
      .text("file", problem.file)
      .number("line", problem.line)
      .number("column", problem.column)
      .text("where", problem.where)
      .text("what", problem.what)
      .text("hint", problem.hint)
      .text("message", to_text(problem))
      .done();
}

}  // namespace nutshell

#include "sim/scenario/json_text.h"

namespace nutshell {
namespace {

using Ordered = nlohmann::ordered_json;

constexpr std::size_t kLineWidth = 110;

std::string scalar(const Ordered& value) { return value.dump(-1, ' ', false, Ordered::error_handler_t::replace); }

std::string on_one_line(const Ordered& value) {
  if (!value.is_structured()) return scalar(value);
  std::string text(1, value.is_object() ? '{' : '[');
  for (const auto& [key, each] : value.items()) {
    if (text.size() > 1) text += ", ";
    if (value.is_object()) text += scalar(key) + ": ";
    text += on_one_line(each);
  }
  return text + (value.is_object() ? '}' : ']');
}

void append(std::string& text, const Ordered& value, std::size_t indent, std::size_t used, bool outermost) {
  const std::string line = on_one_line(value);
  if (!value.is_structured() || value.empty() || (!outermost && used + line.size() < kLineWidth)) {
    text += line;
    return;
  }
  text += value.is_object() ? '{' : '[';
  const char* separator = "\n";
  for (const auto& [key, each] : value.items()) {
    const std::string head = std::string(indent + 2, ' ') + (value.is_object() ? scalar(key) + ": " : "");
    text += separator + head;
    append(text, each, indent + 2, head.size(), false);
    separator = ",\n";
  }
  text += "\n" + std::string(indent, ' ') + (value.is_object() ? '}' : ']');
}

}  // namespace

std::string to_tidy_text(const Ordered& value) {
  std::string text;
  append(text, value, 0, 0, true);
  return text + "\n";
}

}  // namespace nutshell

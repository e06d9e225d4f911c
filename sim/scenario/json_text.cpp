#include "sim/scenario/json_text.h"

#include <algorithm>

namespace nutshell {
namespace {

using Ordered = nlohmann::ordered_json;

constexpr std::size_t kLineWidth = 110;

std::string scalar(const Ordered& value) { return value.dump(-1, ' ', false, Ordered::error_handler_t::replace); }

// `inside`: what stands inside the braces of an object that is not empty.
std::string on_one_line(const Ordered& value, const std::string& inside) {
  if (!value.is_structured()) return scalar(value);
  const std::string blank = value.is_object() && !value.empty() ? inside : "";
  std::string text;
  for (const auto& [key, each] : value.items()) {
    if (!text.empty()) text += ", ";
    if (value.is_object()) text += scalar(key) + ": ";
    text += on_one_line(each, inside);
  }
  return (value.is_object() ? "{" : "[") + blank + text + blank + (value.is_object() ? "}" : "]");
}

void append(std::string& text, const Ordered& value, std::size_t indent, std::size_t used, bool outermost) {
  const std::string line = on_one_line(value, "");
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

bool is_list_of_objects(const Ordered& value) { return value.is_array() && !value.empty() && value.front().is_object(); }

// An entry of an outermost list: broken only where it holds a list of objects itself, one of which takes a line.
std::string entry(const Ordered& value, const std::string& indent) {
  const std::string line = on_one_line(value, " ");
  const bool holds_list = value.is_object() && std::any_of(value.begin(), value.end(), is_list_of_objects);
  if (!holds_list || line.size() < kLineWidth) return line;
  std::string text = "{";
  const char* separator = "\n";
  for (const auto& [key, each] : value.items()) {
    text += separator + indent + "  " + scalar(key) + ": ";
    if (!is_list_of_objects(each)) {
      text += on_one_line(each, " ");
    } else {
      const char* between = "[\n";
      for (const Ordered& one : each) {
        text += between + indent + "    " + on_one_line(one, " ");
        between = ",\n";
      }
      text += "\n" + indent + "  ]";
    }
    separator = ",\n";
  }
  return text + "\n" + indent + "}";
}

}  // namespace

std::string to_file_text(const Ordered& file, const std::vector<std::string>& chapters) {
  std::string text = "{";
  const char* separator = "\n";
  for (const auto& [key, each] : file.items()) {
    text += separator;
    if (text.size() > 2 && std::find(chapters.begin(), chapters.end(), key) != chapters.end()) text += "\n";
    text += "  " + scalar(key) + ": ";
    separator = ",\n";
    const std::string line = on_one_line(each, " ");
    if (!each.is_array() || each.empty() || (each.size() == 1 && line.size() < kLineWidth)) {
      text += line;
      continue;
    }
    const char* between = "[\n";
    for (const Ordered& one : each) {
      text += between + ("    " + entry(one, "    "));
      between = ",\n";
    }
    text += "\n  ]";
  }
  return text + "\n}\n";
}

std::string to_tidy_text(const Ordered& value) {
  std::string text;
  append(text, value, 0, 0, true);
  return text + "\n";
}

}  // namespace nutshell

#include "sim/json/json_tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "sim/core/require.h"

namespace nutshell {
namespace {

using Library = nlohmann::json;

// Hears of the text's parts, one after another, and builds the tree.
class TreeBuilder {
 public:
  explicit TreeBuilder(std::string_view text) : text_(text) {}

  bool null() { return add({}); }
  bool boolean(bool value) {
    JsonTree tree;
    tree.kind = JsonTree::Kind::truth;
    tree.truth = value;
    return add(std::move(tree));
  }
  bool number_integer(Library::number_integer_t value) { return add_whole(value); }
  bool number_unsigned(Library::number_unsigned_t value) {
    if (value <= INT64_MAX) return add_whole(static_cast<std::int64_t>(value));
    return add_number(static_cast<Library::number_float_t>(value), std::to_string(value));
  }
  bool number_float(Library::number_float_t value, const std::string& written) { return add_number(value, written); }
  bool string(std::string& value) {
    JsonTree tree;
    tree.kind = JsonTree::Kind::text;
    tree.text = value;
    return add(std::move(tree));
  }
  bool binary(Library::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonTree::Kind::object); }
  bool start_array(std::size_t) { return open(JsonTree::Kind::list); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& value) {
    if (!open_.back().known.insert(value).second) {
      problem_ = "the key '" + value + "' stands there twice in one object; remove one of them";
      return false;
    }
    open_.back().tree.keys.push_back(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) {
    std::size_t line = 1, column = 1;
    for (const char c : text_.substr(0, position > 0 ? position - 1 : 0)) {
      ++column;
      if (c == '\n') ++line, column = 1;
    }
    std::string what = error.what();
    if (const std::size_t colon = what.find(": "); colon != std::string::npos) what.erase(0, colon + 2);
    problem_ = "line " + std::to_string(line) + ", column " + std::to_string(column) + ": this is no JSON: " + what;
    return false;
  }

  const std::string& problem() const { return problem_; }
  JsonTree take() { return std::move(done_); }

 private:
  struct Open {
    JsonTree tree;
    std::set<std::string> known;
  };

  bool add_whole(std::int64_t value) {
    JsonTree tree;
    tree.kind = JsonTree::Kind::number;
    tree.whole = true;
    tree.integer = value;
    tree.real = static_cast<double>(value);
    tree.text = std::to_string(value);
    return add(std::move(tree));
  }
  bool add_number(Library::number_float_t value, const std::string& written) {
    JsonTree tree;
    tree.kind = JsonTree::Kind::number;
    tree.real = value;
    tree.text = written;
    return add(std::move(tree));
  }
  bool open(JsonTree::Kind kind) {
    if (open_.size() == kMaxTreeDepth) {
      problem_ = "it is nested more than " + std::to_string(kMaxTreeDepth) + " deep; no sensible file is";
      return false;
    }
    open_.emplace_back();
    open_.back().tree.kind = kind;
    return true;
  }
  bool close() {
    JsonTree tree = std::move(open_.back().tree);
    open_.pop_back();
    return add(std::move(tree));
  }
  bool add(JsonTree tree) {
    tree.number = ++count_;
    if (open_.empty()) done_ = std::move(tree);
    else open_.back().tree.items.push_back(std::move(tree));
    return true;
  }

  std::string_view text_;
  std::string problem_;
  std::vector<Open> open_;
  std::int32_t count_ = 0;
  JsonTree done_;
};

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte >= 0x20) {
      out += c;
    } else {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  out += '"';
}

void append(std::string& out, const JsonTree& tree) {
  using Kind = JsonTree::Kind;
  switch (tree.kind) {
    case Kind::null: out += "null"; return;
    case Kind::truth: out += tree.truth ? "true" : "false"; return;
    case Kind::number: out += tree.text; return;
    case Kind::text: append_quoted(out, tree.text); return;
    case Kind::list:
    case Kind::object: break;
  }
  const bool object = tree.kind == Kind::object;
  out += object ? '{' : '[';
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    if (i > 0) out += ',';
    if (object) append_quoted(out, tree.keys[i]), out += ':';
    append(out, tree.items[i]);
  }
  out += object ? '}' : ']';
}

}  // namespace

const JsonTree* JsonTree::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) return &items[i];
  }
  return nullptr;
}

JsonTreeResult parse_json_tree(std::string_view text) {
  JsonTreeResult result;
  if (text.size() > kMaxTreeBytes) {
    result.problem = "it is longer than a megabyte; no sensible file of this kind is";
    return result;
  }
  TreeBuilder builder(text);
  constexpr bool kWhole = true, kComments = true;
  if (Library::sax_parse(text.begin(), text.end(), &builder, Library::input_format_t::json, kWhole, kComments)) {
    result.tree = builder.take();
  } else {
    result.problem = builder.problem();
    NUTSHELL_REQUIRE(!result.problem.empty());
  }
  return result;
}

std::string compact_json(const JsonTree& tree) {
  std::string out;
  append(out, tree);
  return out;
}

std::string quoted_json(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

std::string_view json_kind_name(JsonTree::Kind kind) {
  constexpr std::string_view kNames[] = {"null", "true or false", "a number", "a text", "a list", "an object"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::size_t line_of_value(std::string_view text, std::int32_t number) {
  struct Open {
    std::size_t line;
    bool object, key;  // key: what comes next is one
  };
  std::vector<Open> open;
  std::size_t line = 1;
  std::int32_t count = 0;
  const auto is_it = [&](bool value) { return value && ++count == number; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
    if (c == '\n') {
      ++line;
    } else if (c == '/' && next == '/') {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (c == '/') {
      const std::size_t end = std::min(text.find("*/", i), text.size());
      for (; i < end; ++i) line += text[i] == '\n';
      i = end + 1;
    } else if (c == '{' || c == '[') {
      open.push_back({line, c == '{', c == '{'});
    } else if (c == '}' || c == ']') {
      const std::size_t began = open.back().line;
      open.pop_back();
      if (is_it(true)) return began;
    } else if (c == ',' || c == ':') {
      open.back().key = c == ',' && open.back().object;
    } else if (c == '"' || word) {
      if (is_it(open.empty() || !open.back().key)) return line;
      const auto goes_on = [&](char d) { return c == '"' ? d != '"' : (d != ',' && d != '}' && d != ']' && d != '/' && d > ' '); };
      while (i + 1 < text.size() && goes_on(text[i + 1])) i += c == '"' && text[i + 1] == '\\' ? 2 : 1;
      if (c == '"') ++i;
    }
  }
  return line;
}

}  // namespace nutshell

#include "sim/schema/avro_idl.h"

#include <algorithm>
#include <optional>

namespace nutshell {
namespace {

bool is_idl_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_idl_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '`';
}

class IdlReader {
 public:
  explicit IdlReader(std::string_view text) : text_(text) {}

  AvroIdlResult read() {
    std::string json;
    const std::string aliases = annotation();
    if (word() != "record") fail("does not begin with 'record' and a name, as in: record Order { string id; int cents; }");
    const std::string name = word();
    if (name.empty()) fail("has no name behind 'record'");
    expect('{', "behind the record's name");
    json = R"({"type":"record","name":)" + quoted_json(name) + aliases + R"(,"fields":[)";
    for (bool first = true; problem_.empty() && !take('}'); first = false) json += (first ? "" : ",") + field();
    if (problem_.empty() && !at_end()) fail("goes on behind its last brace; one record is read");
    return problem_.empty() ? AvroIdlResult{json + "]}", ""} : AvroIdlResult{"", problem_};
  }

 private:
  void fail(std::string_view what) {
    if (problem_.empty()) problem_ = "the Avro IDL " + std::string(what);
  }
  void skip() {
    while (at_ < text_.size() && is_idl_blank(text_[at_])) ++at_;
  }
  bool at_end() {
    skip();
    return at_ == text_.size();
  }
  bool take(char c) {
    skip();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c, std::string_view where) {
    if (!take(c)) fail("lacks a '" + std::string(1, c) + "' " + std::string(where));
  }
  std::string word() {
    skip();
    const std::size_t from = at_;
    while (at_ < text_.size() && is_idl_word(text_[at_])) ++at_;
    std::string word(text_.substr(from, at_ - from));
    std::erase(word, '`');
    return word;
  }
  // JSON up to a character that stands outside of quotes, brackets and braces.
  std::string json_until(char end) {
    skip();
    const std::size_t from = at_;
    int depth = 0;
    for (bool quoted = false; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && quoted) ++at_;
      else if (c == '"') quoted = !quoted;
      else if (!quoted && depth == 0 && c == end) break;
      else if (!quoted && (c == '[' || c == '{')) ++depth;
      else if (!quoted && (c == ']' || c == '}')) --depth;
    }
    const std::string_view json = text_.substr(from, std::min(at_, text_.size()) - from);
    const JsonTreeResult tree = parse_json_tree(json);
    if (!tree.tree) fail("has a value that is no JSON: " + std::string(json));
    return tree.tree ? compact_json(*tree.tree) : "null";
  }
  // ,"aliases":[...] of the annotation that stands here, if one does.
  std::string annotation() {
    std::string found;
    while (problem_.empty() && take('@')) {
      const std::string name = word();
      expect('(', "behind an annotation's name");
      found += "," + quoted_json(name) + ":" + json_until(')');
      expect(')', "behind an annotation");
    }
    return found;
  }

  std::string element() {
    expect('<', "behind 'array' or 'map'");
    std::string json = type(std::nullopt);
    expect('>', "behind the type of the elements");
    return json;
  }
  std::string branches() {
    std::string json = "[";
    expect('{', "behind 'union'");
    do {
      if (json.size() > 1) json += ",";
      json += type(std::nullopt);
    } while (problem_.empty() && take(','));
    expect('}', "behind the types of a union");
    return json + "]";
  }
  // `optional`: where to note that a question mark follows; nothing: none may.
  std::string type(std::optional<bool*> optional) {
    const std::string name = word();
    std::string json;
    if (name.empty()) fail("lacks a type at '" + std::string(text_.substr(std::min(at_, text_.size()), 12)) + "'");
    else if (name == "array") json = R"({"type":"array","items":)" + element() + "}";
    else if (name == "map") json = R"({"type":"map","values":)" + element() + "}";
    else if (name == "union") json = branches();
    else json = quoted_json(name);
    if (take('?')) {
      if (optional) **optional = true;
      else json = R"(["null",)" + json + "]";
    }
    return json;
  }
  std::string field() {
    std::string more = annotation();
    bool optional = false;
    std::string of = type(&optional);
    more += annotation();
    const std::string name = word();
    if (name.empty()) fail("has a field without a name");
    std::string fallback;
    if (take('=')) fallback = json_until(';');
    expect(';', "behind the field '" + name + "'");
    if (optional) of = fallback.empty() || fallback == "null" ? R"(["null",)" + of + "]" : "[" + of + R"(,"null"])";
    if (!fallback.empty()) more += R"(,"default":)" + fallback;
    return R"({"name":)" + quoted_json(name) + R"(,"type":)" + of + more + "}";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;
};

}  // namespace

AvroIdlResult avro_json_of(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \n\t\r");
  const bool is_json = first != std::string_view::npos && (text[first] == '{' || text[first] == '[' || text[first] == '"');
  return is_json ? AvroIdlResult{std::string(text), ""} : IdlReader(text).read();
}

std::string avro_fields_text(const AvroSchema& schema) {
  const AvroType& root = schema.at(schema.root);
  if (root.kind != AvroKind::record) return avro_name(schema, schema.root);
  std::string text;
  for (const AvroField& each : root.fields) {
    text += (text.empty() ? "" : ", ") + each.name + " " + avro_name(schema, each.type);
    if (each.fallback) text += " = " + compact_json(*each.fallback);
  }
  return text;
}

}  // namespace nutshell

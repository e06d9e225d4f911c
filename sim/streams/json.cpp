#include "sim/streams/json.h"

#include <charconv>

#include "sim/streams/decimal.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

constexpr int kDeepest = 100;

void append_utf8(std::string& out, std::uint32_t c) {
  const auto byte = [&out](std::uint32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 63));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 63));
    byte(0x80 | (c & 63));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 63));
    byte(0x80 | ((c >> 6) & 63));
    byte(0x80 | (c & 63));
  }
}

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  std::optional<Json> whole(std::string* wrong, bool prefix = false) {
    Json json = value(0);
    skip();
    if (!wrong_ && !prefix && at_ < text_.size()) fail("something follows the value");
    if (!wrong_) return json;
    if (wrong) *wrong = "at byte " + std::to_string(at_) + ": " + wrong_;
    return std::nullopt;
  }

 private:
  void fail(const char* why) {
    if (!wrong_) wrong_ = why;
  }

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }

  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Json value(int depth) {
    skip();
    Json json;
    if (depth > kDeepest) fail("nested too deep");
    if (wrong_ || at_ >= text_.size()) {
      fail("a value is missing");
      return json;
    }
    const char c = text_[at_];
    if (c == '{') {
      object(json, depth);
    } else if (c == '[') {
      list(json, depth);
    } else if (c == '"') {
      json.kind = JsonKind::text;
      string(json.text);
    } else if (take("true") || take("false")) {
      json.kind = JsonKind::truth;
      json.truth = c == 't';
    } else if (!take("null")) {
      number(json);
    }
    return json;
  }

  void number(Json& json) {
    json.kind = JsonKind::number;
    const std::size_t begun = at_;
    if (take("NaN") || take("Infinity") || take("-Infinity")) {
      json.text = text_.substr(begun, at_ - begun);
      return;
    }
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    const std::size_t digits = at_;
    while (at_ < text_.size() && std::string_view("0123456789.eE+-").find(text_[at_]) != std::string_view::npos) ++at_;
    json.text = text_.substr(begun, at_ - begun);
    if (at_ == digits || text_[digits] < '0' || text_[digits] > '9') fail("this is no value");
  }

  void list(Json& json, int depth) {
    json.kind = JsonKind::list;
    ++at_;
    skip();
    if (take("]")) return;
    while (!wrong_) {
      json.items.push_back(value(depth + 1));
      skip();
      if (take("]")) return;
      if (!take(",")) fail("a comma or ] is missing");
    }
  }

  void object(Json& json, int depth) {
    json.kind = JsonKind::object;
    ++at_;
    skip();
    if (take("}")) return;
    while (!wrong_) {
      skip();
      std::string name;
      if (at_ >= text_.size() || text_[at_] != '"') return fail("a name in double quotes is missing");
      string(name);
      skip();
      if (!take(":")) return fail("a colon is missing");
      json.items.push_back(value(depth + 1));
      json.names.push_back(std::move(name));
      skip();
      if (take("}")) return;
      if (!take(",")) fail("a comma or } is missing");
    }
  }

  std::uint32_t hex4() {
    std::uint32_t code = 0;
    const std::string_view digits = text_.substr(at_, 4);
    const std::from_chars_result end = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 4 || end.ptr != digits.data() + 4) fail("\\u wants four hexadecimal digits");
    at_ += digits.size();
    return code;
  }

  void escape(std::string& out) {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    ++at_;
    switch (c) {
      case 'n': out += '\n'; return;
      case 't': out += '\t'; return;
      case 'r': out += '\r'; return;
      case 'b': out += '\b'; return;
      case 'f': out += '\f'; return;
      case '"':
      case '\\':
      case '/': out += c; return;
      case 'u': {
        std::uint32_t code = hex4();
        if (code >= 0xD800 && code < 0xDC00 && take("\\u")) code = 0x10000 + ((code - 0xD800) << 10) + (hex4() & 0x3FF);
        append_utf8(out, code);
        return;
      }
      default: fail("an unknown escape");
    }
  }

  void string(std::string& out) {
    ++at_;
    while (!wrong_ && at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\') {
        ++at_;
        escape(out);
      } else {
        out += text_[at_++];
      }
    }
    if (at_ >= text_.size()) return fail("a text is not closed");
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const char* wrong_ = nullptr;
};

void write_json(std::string& out, const Json& json) {
  switch (json.kind) {
    case JsonKind::null: out += "null"; return;
    case JsonKind::truth: out += json.truth ? "true" : "false"; return;
    case JsonKind::number: out += json.text; return;
    case JsonKind::text: write_json_text(out, json.text); return;
    case JsonKind::list:
    case JsonKind::object: break;
  }
  const bool object = json.kind == JsonKind::object;
  out += object ? '{' : '[';
  for (std::size_t i = 0; i < json.items.size(); ++i) {
    if (i > 0) out += ',';
    if (object) {
      write_json_text(out, json.names[i]);
      out += ':';
    }
    write_json(out, json.items[i]);
  }
  out += object ? '}' : ']';
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return &items[i];
  }
  return nullptr;
}

const Json* Json::find_folded(std::string_view name) const {
  const Json* exact = find(name);
  if (exact) return exact;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (upper(names[i]) == name) return &items[i];
  }
  return nullptr;
}

std::optional<Json> parse_json(std::string_view text, std::string* wrong) { return JsonReader(text).whole(wrong); }

std::optional<Json> parse_json_prefix(std::string_view text) { return JsonReader(text).whole(nullptr, true); }

bool read_flat(std::string_view text, std::vector<FlatField>& fields) {
  std::size_t at = 0;
  const auto skip = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) ++at;
  };
  const auto take = [&](char c) {
    skip();
    if (at >= text.size() || text[at] != c) return false;
    ++at;
    return true;
  };
  // The text between quotes; the opening one has been read.
  const auto quoted = [&](bool& escaped) {
    const std::size_t begun = at;
    while (at < text.size() && text[at] != '"') {
      if (text[at] == '\\') {
        escaped = true;
        ++at;
      }
      ++at;
    }
    return at < text.size() ? text.substr(begun, at++ - begun) : std::string_view();
  };
  fields.clear();
  if (!take('{')) return false;
  if (!take('}')) {
    do {
      FlatField field;
      if (!take('"')) return false;
      field.name = quoted(field.escaped);
      if (field.escaped || at >= text.size() || !take(':')) return false;
      skip();
      if (at < text.size() && text[at] == '"') {
        ++at;
        field.text = true;
        field.raw = quoted(field.escaped);
      } else {
        const std::size_t begun = at;
        while (at < text.size() && std::string_view(",}]{[ \n\t\r\"").find(text[at]) == std::string_view::npos) ++at;
        field.raw = text.substr(begun, at - begun);
        if (field.raw.empty()) return false;
      }
      if (at >= text.size()) return false;
      fields.push_back(field);
    } while (take(','));
    if (!take('}')) return false;
  }
  skip();
  return at == text.size();
}

void write_json_text(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[(c >> 4) & 15];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

std::string json_text(const Json& json) {
  std::string text;
  write_json(text, json);
  return text;
}

std::optional<std::int64_t> json_whole(const Json& json) {
  if (json.kind != JsonKind::number) return std::nullopt;
  std::int64_t number = 0;
  const char* end = json.text.data() + json.text.size();
  const std::from_chars_result got = std::from_chars(json.text.data(), end, number);
  if (got.ec == std::errc() && got.ptr == end) return number;
  return std::nullopt;
}

}  // namespace nutshell::streams

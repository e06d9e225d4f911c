#include <algorithm>

#include "sim/core/md5.h"
#include "sim/streams/format.h"
#include "sim/streams/function.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

Value text_value(std::string text) { return Value(std::move(text)); }

// The letters of Latin-1 beside those of ASCII, as Java's toUpperCase has them.
std::string cased(const std::string& text, bool up) {
  std::string result = up ? upper(text) : lower(text);
  for (std::size_t i = 0; i + 1 < result.size(); ++i) {
    if (static_cast<unsigned char>(result[i]) != 0xC3) continue;
    const auto c = static_cast<unsigned char>(result[i + 1]);
    if (up && c >= 0xA0 && c <= 0xBE && c != 0xB7) result[i + 1] = static_cast<char>(c - 0x20);
    if (!up && c >= 0x80 && c <= 0x9E && c != 0x97) result[i + 1] = static_cast<char>(c + 0x20);
  }
  return result;
}

Value ucase(Call& c) { return text_value(cased(c[0].text(), true)); }
Value lcase(Call& c) { return text_value(cased(c[0].text(), false)); }

Value initcap(Call& c) {
  std::string text = lower(c[0].text());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 0 || text[i - 1] == ' ') text[i] = upper(text.substr(i, 1))[0];
  }
  return text_value(text);
}

Value trim(Call& c) {
  const std::string& t = c[0].text();
  std::size_t from = 0;
  std::size_t to = t.size();
  while (from < to && static_cast<unsigned char>(t[from]) <= ' ') ++from;
  while (to > from && static_cast<unsigned char>(t[to - 1]) <= ' ') --to;
  return text_value(t.substr(from, to - from));
}

Value len(Call& c) {
  return Value(static_cast<std::int64_t>(c.type(0).base == Base::bytes ? c[0].text().size() : characters(c[0].text())));
}

// Characters [from, from + count), of bytes or letters.
std::string part_of(const std::string& t, bool bytes, std::size_t from, std::size_t count) {
  if (bytes) return from < t.size() ? t.substr(from, count) : "";
  const std::size_t begin = character_at(t, from);
  const std::size_t end = begin + character_at(std::string_view(t).substr(begin), count);
  return t.substr(begin, end - begin);
}

Value substring(Call& c) {
  const bool bytes = c.type(0).base == Base::bytes;
  const auto size = static_cast<std::int64_t>(bytes ? c[0].text().size() : characters(c[0].text()));
  std::int64_t pos = c[1].whole();
  // From 1; from the end if negative; 0 is 1.
  std::int64_t from = pos > 0 ? std::min(pos - 1, size) : pos < 0 ? std::max<std::int64_t>(size + pos, 0) : 0;
  std::int64_t count = size - from;
  if (c.size() > 2) count = std::clamp<std::int64_t>(c[2].whole(), 0, count);
  return text_value(part_of(c[0].text(), bytes, static_cast<std::size_t>(from), static_cast<std::size_t>(count)));
}

Value replace(Call& c) {
  const std::string& t = c[0].text();
  const std::string& what = c[1].text();
  std::string result;
  if (what.empty()) return c[0];
  for (std::size_t i = 0; i < t.size();) {
    if (t.compare(i, what.size(), what) == 0) {
      result += c[2].text();
      i += what.size();
    } else {
      result += t[i++];
    }
    if (result.size() > 10'000'000) return c.fail("REPLACE makes a text of more than 10 MB");
  }
  return text_value(result);
}

Value instr(Call& c) {
  const std::string& t = c[0].text();
  const std::string& what = c[1].text();
  std::int64_t position = c.size() > 2 ? c[2].whole() : 1;
  std::int64_t occurrence = c.size() > 3 ? c[3].whole() : 1;
  if (position == 0 || occurrence < 1 || what.empty()) return Value(std::int64_t{0});
  std::vector<std::size_t> places;
  for (std::size_t at = t.find(what); at != std::string::npos; at = t.find(what, at + 1))
    places.push_back(characters(std::string_view(t).substr(0, at)) + 1);
  const auto size = static_cast<std::int64_t>(characters(t));
  if (position < 0) {
    std::reverse(places.begin(), places.end());
    for (const std::size_t place : places) {
      if (static_cast<std::int64_t>(place) <= size + position + 1 && --occurrence == 0)
        return Value(static_cast<std::int64_t>(place));
    }
    return Value(std::int64_t{0});
  }
  for (const std::size_t place : places) {
    if (static_cast<std::int64_t>(place) >= position && --occurrence == 0) return Value(static_cast<std::int64_t>(place));
  }
  return Value(std::int64_t{0});
}

Value pad(Call& c, bool left) {
  const bool bytes = c.type(0).base == Base::bytes;
  const std::string& t = c[0].text();
  const std::string& with = c[2].text();
  const std::int64_t wanted = c[1].whole();
  if (wanted < 0 || with.empty() || wanted > 1'000'000) return {};
  const std::size_t target = static_cast<std::size_t>(wanted);
  const std::size_t have = bytes ? t.size() : characters(t);
  if (have >= target) return text_value(part_of(t, bytes, 0, target));
  std::string padding;
  const std::size_t unit = bytes ? with.size() : characters(with);
  for (std::size_t n = 0; n < target - have; n += unit) padding += with;
  padding = part_of(padding, bytes, 0, target - have);
  return text_value(left ? padding + t : t + padding);
}
Value lpad(Call& c) { return pad(c, true); }
Value rpad(Call& c) { return pad(c, false); }

Value concat(Call& c) {
  std::string text;
  for (const Value& each : c.args) text += each.text();
  return text_value(text);
}

Value concat_ws(Call& c) {
  if (c[0].null()) return {};
  std::string text;
  bool first = true;
  for (std::size_t i = 1; i < c.size(); ++i) {
    if (c[i].null()) continue;
    if (!first) text += c[0].text();
    first = false;
    text += c[i].text();
  }
  return text_value(text);
}

Value split(Call& c) {
  const std::string& t = c[0].text();
  const std::string& by = c[1].text();
  List list;
  if (by.empty()) {
    const std::size_t n = characters(t);
    for (std::size_t i = 0; i < n; ++i) list.push_back(text_value(part_of(t, false, i, 1)));
    if (n == 0) list.push_back(text_value(""));
    return Value(std::move(list));
  }
  std::size_t from = 0;
  for (std::size_t at = t.find(by); at != std::string::npos; at = t.find(by, from)) {
    list.push_back(text_value(t.substr(from, at - from)));
    from = at + by.size();
  }
  list.push_back(text_value(t.substr(from)));
  return Value(std::move(list));
}

Value split_to_map(Call& c) {
  List pairs;
  const List entries = split(c).list();
  const std::string& between = c[2].text();
  if (c[1].text().empty() || between.empty()) return {};
  for (const Value& entry : entries) {
    const std::size_t at = entry.text().find(between);
    if (at == std::string::npos) continue;
    const std::string rest = entry.text().substr(at + between.size());
    pairs.push_back(text_value(entry.text().substr(0, at)));
    pairs.push_back(text_value(rest.substr(0, rest.find(between))));
  }
  return sorted_map(std::move(pairs));
}

Value elt(Call& c) {
  const std::int64_t n = c[0].whole();
  return c[0].null() || n < 1 || n >= static_cast<std::int64_t>(c.size()) ? Value() : c[static_cast<std::size_t>(n)];
}

Value field_place(Call& c) {
  for (std::size_t i = 1; i < c.size(); ++i) {
    if (!c[0].null() && !c[i].null() && c[i] == c[0]) return Value(static_cast<std::int64_t>(i));
  }
  return Value(std::int64_t{0});
}

// X for capitals, x for small letters, n for digits, - for the rest; or what is given instead.
std::string masked(Call& c, std::size_t first, std::size_t from, std::size_t to) {
  std::string result;
  const std::string& t = c[0].text();
  for (std::size_t i = 0; i < t.size(); ++i) {
    const char ch = t[i];
    if ((static_cast<unsigned char>(ch) & 0xC0) == 0x80 && i >= from && i < to) continue;
    const std::size_t kind = ch >= 'A' && ch <= 'Z' ? 0 : ch >= 'a' && ch <= 'z' ? 1 : ch >= '0' && ch <= '9' ? 2 : 3;
    static constexpr std::string_view kMasks = "Xxn-";
    std::string mask(1, kMasks[kind]);
    if (first + kind < c.size()) mask = c[first + kind].null() ? std::string(1, ch) : c[first + kind].text().substr(0, 1);
    result += i >= from && i < to ? mask : std::string(1, ch);
  }
  return result;
}
Value mask(Call& c) { return c[0].null() ? Value() : text_value(masked(c, 1, 0, c[0].text().size())); }
std::size_t mask_count(Call& c) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(c[1].whole(), 0, static_cast<std::int64_t>(c[0].text().size())));
}
Value mask_left(Call& c) { return c[0].null() ? Value() : text_value(masked(c, 2, 0, mask_count(c))); }
Value mask_right(Call& c) {
  return c[0].null() ? Value() : text_value(masked(c, 2, c[0].text().size() - mask_count(c), c[0].text().size()));
}
Value mask_keep_left(Call& c) { return c[0].null() ? Value() : text_value(masked(c, 2, mask_count(c), c[0].text().size())); }
Value mask_keep_right(Call& c) {
  return c[0].null() ? Value() : text_value(masked(c, 2, 0, c[0].text().size() - mask_count(c)));
}

Value first_known(Call& c) {
  for (const Value& each : c.args) {
    if (!each.null()) return each;
  }
  return {};
}
Value null_if(Call& c) { return !c[0].null() && !c[1].null() && compare_values(c[0], c[1]) == 0 ? Value() : c[0]; }
Value itself(Call& c) { return c[0]; }

Value character(std::int64_t code) {
  if (code < 0 || code > 0x10FFFF) return {};
  std::string out;
  const auto cp = static_cast<std::uint32_t>(code);
  const auto byte = [&out](std::uint32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (cp < 0x80) {
    byte(cp);
  } else if (cp < 0x800) {
    byte(0xC0 | (cp >> 6));
    byte(0x80 | (cp & 63));
  } else {
    if (cp >= 0x10000) byte(0xF0 | (cp >> 18));
    byte(cp >= 0x10000 ? 0x80 | ((cp >> 12) & 63) : 0xE0 | (cp >> 12));
    byte(0x80 | ((cp >> 6) & 63));
    byte(0x80 | (cp & 63));
  }
  return text_value(out);
}

Value chr(Call& c) { return character(c[0].whole()); }

// "\\u004b", or two of them for a character outside the basic plane.
Value chr_of_text(Call& c) {
  const std::optional<Json> read = parse_json("\"" + c[0].text() + "\"");
  return read && c[0].text().substr(0, 2) == "\\u" && characters(read->text) == 1 ? Value(read->text) : Value();
}

std::string hex_of(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string text;
  for (const char ch : bytes) {
    text += kHex[(static_cast<unsigned char>(ch) >> 4) & 15];
    text += kHex[static_cast<unsigned char>(ch) & 15];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  const bool quoted = text.size() >= 3 && (text[0] == 'X' || text[0] == 'x') && text[1] == '\'' && text.back() == '\'';
  const bool begun = text.substr(0, 2) == "0x";
  if (begun) text.remove_prefix(2);
  else if (quoted) text = text.substr(2, text.size() - 3);
  if (text.size() % 2 == 1 && !begun) return std::nullopt;
  const std::string padded = (text.size() % 2 == 1 ? "0" : "") + std::string(text);
  std::string bytes;
  for (std::size_t i = 0; i < padded.size(); i += 2) {
    int byte = 0;
    for (std::size_t j = i; j < i + 2; ++j) {
      const std::size_t digit = std::string_view("0123456789ABCDEF").find(upper(padded.substr(j, 1)));
      if (digit == std::string_view::npos) return std::nullopt;
      byte = byte * 16 + static_cast<int>(digit);
    }
    bytes += static_cast<char>(static_cast<unsigned char>(byte));
  }
  return bytes;
}

// What ASCII does not have is a question mark in its bytes, and, read from bytes, the sign that stands for what cannot be read.
std::string to_ascii(const std::string& text) {
  std::string bytes;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) bytes += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return bytes;
}
std::string from_ascii(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) text += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : "\xef\xbf\xbd";
  return text;
}

std::optional<std::string> read_as(const std::string& text, const std::string& encoding) {
  if (same_word(encoding, "hex")) return from_hex(text);
  if (same_word(encoding, "base64")) return from_base64(text);
  if (same_word(encoding, "ascii")) return to_ascii(text);
  return same_word(encoding, "utf8") ? std::optional<std::string>(text) : std::nullopt;
}

Value write_as(Call& c, const std::string& bytes, const std::string& encoding) {
  if (same_word(encoding, "hex")) return text_value(hex_of(bytes));
  if (same_word(encoding, "base64")) return text_value(to_base64(bytes));
  if (same_word(encoding, "ascii")) return text_value(from_ascii(bytes));
  if (same_word(encoding, "utf8")) return text_value(bytes);
  return c.fail("unknown encoding " + encoding);
}

Value to_bytes(Call& c) {
  const auto bytes = read_as(c[0].text(), c[1].text());
  return bytes ? text_value(*bytes) : c.fail("the text is not " + c[1].text());
}
Value from_bytes(Call& c) { return write_as(c, c[0].text(), c[1].text()); }
Value md5_text(Call& c) {
  const auto digest = md5(c[0].text());
  return text_value(lower(hex_of(std::string(digest.begin(), digest.end()))));
}
Value encode_text(Call& c) {
  const auto bytes = read_as(c[0].text(), c[1].text());
  if (!bytes) return c.fail("the text is not " + c[1].text());
  const Value text = write_as(c, *bytes, c[2].text());
  return same_word(c[2].text(), "hex") ? Value(lower(text.text())) : text;
}

}  // namespace

const std::vector<Function>& text_functions() {
  static const std::vector<Function> kTable = {
      {"UCASE", "VARCHAR", "VARCHAR", ucase},
      {"LCASE", "VARCHAR", "VARCHAR", lcase},
      {"INITCAP", "VARCHAR", "VARCHAR", initcap},
      {"TRIM", "VARCHAR", "VARCHAR", trim},
      {"LEN", "INT", "VARCHAR", len},
      {"LEN", "INT", "BYTES", len},
      {"SUBSTRING", "VARCHAR", "VARCHAR, INT", substring},
      {"SUBSTRING", "VARCHAR", "VARCHAR, INT, INT", substring},
      {"SUBSTRING", "BYTES", "BYTES, INT", substring},
      {"SUBSTRING", "BYTES", "BYTES, INT, INT", substring},
      {"REPLACE", "VARCHAR", "VARCHAR, VARCHAR, VARCHAR", replace},
      {"INSTR", "INT", "VARCHAR, VARCHAR", instr},
      {"INSTR", "INT", "VARCHAR, VARCHAR, INT", instr},
      {"INSTR", "INT", "VARCHAR, VARCHAR, INT, INT", instr},
      {"LPAD", "VARCHAR", "VARCHAR, INT, VARCHAR", lpad},
      {"RPAD", "VARCHAR", "VARCHAR, INT, VARCHAR", rpad},
      {"LPAD", "BYTES", "BYTES, INT, BYTES", lpad},
      {"RPAD", "BYTES", "BYTES, INT, BYTES", rpad},
      {"CONCAT", "VARCHAR", "VARCHAR...", concat, true},
      {"CONCAT", "BYTES", "BYTES...", concat, true},
      {"CONCAT_WS", "VARCHAR", "VARCHAR, VARCHAR, VARCHAR...", concat_ws, true},
      {"CONCAT_WS", "BYTES", "BYTES, BYTES, BYTES...", concat_ws, true},
      {"SPLIT", "ARRAY<VARCHAR>", "VARCHAR, VARCHAR", split},
      {"SPLIT", "ARRAY<BYTES>", "BYTES, BYTES", split},
      {"SPLIT_TO_MAP", "MAP<VARCHAR, VARCHAR>", "VARCHAR, VARCHAR, VARCHAR", split_to_map},
      {"ELT", "VARCHAR", "INT, VARCHAR...", elt, true},
      {"FIELD", "INT", "VARCHAR, VARCHAR...", field_place, true},
      {"MASK", "VARCHAR", "VARCHAR, VARCHAR...", mask, true},
      {"MASK_LEFT", "VARCHAR", "VARCHAR, INT, VARCHAR...", mask_left, true},
      {"MASK_RIGHT", "VARCHAR", "VARCHAR, INT, VARCHAR...", mask_right, true},
      {"MASK_KEEP_LEFT", "VARCHAR", "VARCHAR, INT, VARCHAR...", mask_keep_left, true},
      {"MASK_KEEP_RIGHT", "VARCHAR", "VARCHAR, INT, VARCHAR...", mask_keep_right, true},
      {"COALESCE", "A", "A, A...", first_known, true},
      {"IFNULL", "A", "A, A", first_known, true},
      {"NULLIF", "A", "A, A", null_if, true},
      {"AS_VALUE", "A", "A", itself, true},
      {"CHR", "VARCHAR", "INT", chr},
      {"CHR", "VARCHAR", "VARCHAR", chr_of_text},
      {"TO_BYTES", "BYTES", "VARCHAR, VARCHAR", to_bytes},
      {"FROM_BYTES", "VARCHAR", "BYTES, VARCHAR", from_bytes},
      {"ENCODE", "VARCHAR", "VARCHAR, VARCHAR, VARCHAR", encode_text},
      {"MD5", "VARCHAR", "VARCHAR", md5_text},
  };
  return kTable;
}

}  // namespace nutshell::streams

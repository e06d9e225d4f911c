// What takes texts apart by a pattern: REGEXP_*, and URL_* (java.net.URI).
#include "sim/regex/regex.h"

#include <array>

#include "sim/streams/function.h"

namespace nutshell::streams {
namespace {

Value matched_text(std::string_view text) { return Value(std::string(text)); }

std::optional<Regex> pattern_of(Call& c, std::size_t at) {
  std::string error;
  auto regex = Regex::compile(c[at].text(), error);
  if (!regex) c.fail("'" + c[at].text() + "' is no regular expression: " + error);
  return regex;
}

// The group that the third argument names; the whole without it. SIZE_MAX: there is none.
std::size_t group_of(Call& c, const Regex& regex) {
  const std::int64_t group = c.size() > 2 ? c[2].whole() : 0;
  return group >= 0 && static_cast<std::size_t>(group) <= regex.groups() ? static_cast<std::size_t>(group) : SIZE_MAX;
}

Value regexp_extract(Call& c) {
  const auto regex = pattern_of(c, 0);
  if (!regex) return {};
  const std::size_t group = group_of(c, *regex);
  const auto match = regex->find(c[1].text());
  return match && group != SIZE_MAX && (*match)[group] ? matched_text(part_of(c[1].text(), (*match)[group])) : Value();
}

Value regexp_extract_all(Call& c) {
  const auto regex = pattern_of(c, 0);
  if (!regex) return {};
  const std::size_t group = group_of(c, *regex);
  if (group == SIZE_MAX) return {};
  List list;
  for (const Regex::Match& match : regex->find_all(c[1].text()))
    list.push_back(match[group] ? matched_text(part_of(c[1].text(), match[group])) : Value());
  return Value(std::move(list));
}

Value regexp_replace(Call& c) {
  const auto regex = pattern_of(c, 1);
  if (!regex) return {};
  const auto text = regex->replace_all(c[0].text(), c[2].text());
  return text ? matched_text(*text) : c.fail("'" + c[2].text() + "' names a group that the pattern does not have");
}

// Empty parts at both ends stay. A pattern that takes nothing splits between all characters, as String.split() does.
Value regexp_split(Call& c) {
  const auto regex = pattern_of(c, 1);
  if (!regex) return {};
  const std::string& text = c[0].text();
  const bool by_nothing = regex->matches("").has_value();
  List list;
  std::size_t done = 0;
  for (const Regex::Match& match : regex->find_all(text)) {
    const Regex::Span span = *match[0];
    if (by_nothing && (span.to == 0 || (span.to == span.from && span.from == text.size()))) continue;
    list.push_back(matched_text(std::string_view(text).substr(done, span.from - done)));
    done = span.to;
  }
  const std::string_view rest = std::string_view(text).substr(done);
  if (!by_nothing || !rest.empty() || list.empty()) list.push_back(matched_text(rest));
  return Value(std::move(list));
}

bool is_url_letter(char ch) { return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z'); }
bool is_url_digit(char ch) { return ch >= '0' && ch <= '9'; }

constexpr std::string_view kUrlHex = "0123456789ABCDEF";

// application/x-www-form-urlencoded, as java.net.URLEncoder.
Value url_encode(Call& c) {
  std::string out;
  for (const char ch : c[0].text()) {
    const auto byte = static_cast<unsigned char>(ch);
    if (is_url_letter(ch) || is_url_digit(ch) || ch == '.' || ch == '-' || ch == '*' || ch == '_') {
      out += ch;
    } else if (ch == ' ') {
      out += '+';
    } else {
      out += '%';
      out += kUrlHex[byte >> 4];
      out += kUrlHex[byte & 15];
    }
  }
  return matched_text(out);
}

int hex_digit(char ch) {
  if (is_url_digit(ch)) return ch - '0';
  if (ch >= 'a' && ch <= 'f') return ch - 'a' + 10;
  return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text, bool form) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += form && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
    i += 2;
  }
  return out;
}

Value url_decode(Call& c) {
  const auto text = percent_decoded(c[0].text(), true);
  return text ? matched_text(*text) : c.fail("after % come two hexadecimal digits");
}

// The parts of a URI (RFC 2396): scheme, host, port, path, query, fragment. One that has no scheme has no host either.
enum UrlPart : std::size_t { protocol, host, port, path, query, fragment, kUrlParts };
using Url = std::array<std::optional<std::string_view>, kUrlParts>;

// [user@]host[:port]; a host that is no host (RFC 2396 3.2.2) leaves both out.
void read_authority(std::string_view authority, Url& url) {
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::size_t end = !authority.empty() && authority[0] == '[' ? authority.find(']') : authority.find(':');
  if (end != std::string_view::npos && authority[end] == ']') ++end;
  const std::string_view name = authority.substr(0, end);
  if (name.empty()) return;
  url[host] = name;
  if (end != std::string_view::npos && end < authority.size() && authority[end] == ':' && end + 1 < authority.size())
    url[port] = authority.substr(end + 1);
}

std::optional<Url> read_url(std::string_view text) {
  for (const char ch : text)
    if (static_cast<unsigned char>(ch) <= ' ' || std::string_view("\"<>\\^`{|}").find(ch) != std::string_view::npos) return std::nullopt;
  Url url;
  if (const std::size_t at = text.find('#'); at != std::string_view::npos) {
    url[fragment] = text.substr(at + 1);
    text = text.substr(0, at);
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.find_first_of("/?") > colon) {
    if (colon == 0 || !is_url_letter(text[0])) return std::nullopt;
    url[protocol] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    // Opaque: mailto:, urn:. There is nothing to take apart.
    if (text.empty() || text[0] != '/') return text.empty() ? std::nullopt : std::optional(url);
  }
  if (const std::size_t at = text.find('?'); at != std::string_view::npos) {
    url[query] = text.substr(at + 1);
    text = text.substr(0, at);
  }
  if (text.substr(0, 2) == "//") {
    const std::size_t end = std::min(text.find('/', 2), text.size());
    read_authority(text.substr(2, end - 2), url);
    text.remove_prefix(end);
  }
  url[path] = text;
  return url;
}

Value url_part(Call& c, UrlPart part) {
  const auto url = read_url(c[0].text());
  if (!url) return c.fail("'" + c[0].text() + "' is no URL");
  if (!(*url)[part]) return {};
  const auto text = percent_decoded(*(*url)[part], false);
  return text ? matched_text(*text) : c.fail("after % come two hexadecimal digits");
}
Value url_protocol(Call& c) { return url_part(c, protocol); }
Value url_host(Call& c) { return url_part(c, host); }
Value url_path(Call& c) { return url_part(c, path); }
Value url_query(Call& c) { return url_part(c, query); }
Value url_fragment(Call& c) { return url_part(c, fragment); }

Value url_port(Call& c) {
  const Value text = url_part(c, port);
  std::int64_t number = 0;
  if (text.null() || text.text().size() > 9) return {};
  for (const char ch : text.text()) {
    if (!is_url_digit(ch)) return {};
    number = number * 10 + (ch - '0');
  }
  return Value(number);
}

// The first of that name; without "=" its value is empty.
Value url_parameter(Call& c) {
  const auto url = read_url(c[0].text());
  if (!url) return c.fail("'" + c[0].text() + "' is no URL");
  if (!(*url)[query]) return {};
  std::string_view rest = *(*url)[query];
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const std::size_t equals = std::min(one.find('='), one.size());
    const auto name = percent_decoded(one.substr(0, equals), true);
    if (!name || *name != c[1].text()) continue;
    const auto value = percent_decoded(equals < one.size() ? one.substr(equals + 1) : std::string_view(), true);
    return value ? matched_text(*value) : c.fail("after % come two hexadecimal digits");
  }
  return {};
}

}  // namespace

const std::vector<Function>& regex_functions() {
  static const std::vector<Function> kTable = {
      {"REGEXP_EXTRACT", "VARCHAR", "VARCHAR, VARCHAR", regexp_extract},
      {"REGEXP_EXTRACT", "VARCHAR", "VARCHAR, VARCHAR, INT", regexp_extract},
      {"REGEXP_EXTRACT_ALL", "ARRAY<VARCHAR>", "VARCHAR, VARCHAR", regexp_extract_all},
      {"REGEXP_EXTRACT_ALL", "ARRAY<VARCHAR>", "VARCHAR, VARCHAR, INT", regexp_extract_all},
      {"REGEXP_REPLACE", "VARCHAR", "VARCHAR, VARCHAR, VARCHAR", regexp_replace},
      {"REGEXP_SPLIT_TO_ARRAY", "ARRAY<VARCHAR>", "VARCHAR, VARCHAR", regexp_split},
      {"URL_ENCODE_PARAM", "VARCHAR", "VARCHAR", url_encode},
      {"URL_DECODE_PARAM", "VARCHAR", "VARCHAR", url_decode},
      {"URL_EXTRACT_PROTOCOL", "VARCHAR", "VARCHAR", url_protocol},
      {"URL_EXTRACT_HOST", "VARCHAR", "VARCHAR", url_host},
      {"URL_EXTRACT_PORT", "INT", "VARCHAR", url_port},
      {"URL_EXTRACT_PATH", "VARCHAR", "VARCHAR", url_path},
      {"URL_EXTRACT_QUERY", "VARCHAR", "VARCHAR", url_query},
      {"URL_EXTRACT_FRAGMENT", "VARCHAR", "VARCHAR", url_fragment},
      {"URL_EXTRACT_PARAMETER", "VARCHAR", "VARCHAR, VARCHAR", url_parameter},
  };
  return kTable;
}

}  // namespace nutshell::streams

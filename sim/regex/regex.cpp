#include "sim/regex/regex.h"

#include <cstdint>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace nutshell {

namespace {

constexpr std::uint32_t kMostSteps = 1'000'000;

std::string error_text(int number, std::size_t at) {
  PCRE2_UCHAR text[256];
  if (pcre2_get_error_message(number, text, sizeof text) < 0) return "no regular expression";
  return std::string(static_cast<const char*>(static_cast<const void*>(text))) + " at " + std::to_string(at);
}

// The library takes bytes.
PCRE2_SPTR bytes(std::string_view text) { return static_cast<PCRE2_SPTR>(static_cast<const void*>(text.data())); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The character that begins at `at` ends there.
std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  return at;
}

}  // namespace

struct Regex::Code {
  pcre2_code* compiled = nullptr;
  pcre2_match_context* limits = nullptr;

  Code() : limits(pcre2_match_context_create(nullptr)) {
    pcre2_set_match_limit(limits, kMostSteps);
    pcre2_set_depth_limit(limits, kMostSteps);
  }
  ~Code() {
    pcre2_code_free(compiled);
    pcre2_match_context_free(limits);
  }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
};

std::optional<Regex> Regex::compile(std::string_view pattern, std::string& error) {
  int number = 0;
  PCRE2_SIZE at = 0;
  auto code = std::make_shared<Code>();
  code->compiled = pcre2_compile(bytes(pattern), pattern.size(), PCRE2_UTF, &number, &at, nullptr);
  if (!code->compiled) {
    error = error_text(number, at);
    return std::nullopt;
  }
  return Regex(std::move(code));
}

std::size_t Regex::groups() const {
  std::uint32_t count = 0;
  pcre2_pattern_info(code_->compiled, PCRE2_INFO_CAPTURECOUNT, &count);
  return count;
}

std::optional<Regex::Match> Regex::run(std::string_view text, std::size_t from, bool whole) const {
  const std::uint32_t options = whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;
  pcre2_match_data* data = pcre2_match_data_create_from_pattern(code_->compiled, nullptr);
  const int found = pcre2_match(code_->compiled, bytes(text), text.size(), from, options, data,
                                code_->limits);
  std::optional<Match> match;
  if (found > 0) {
    match.emplace(groups() + 1);
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data);
    for (std::size_t i = 0; i < static_cast<std::size_t>(found); ++i) {
      // \K can set the beginning behind the end; nobody is served with that.
      if (ends[2 * i] != PCRE2_UNSET && ends[2 * i] <= ends[2 * i + 1]) (*match)[i] = Span{ends[2 * i], ends[2 * i + 1]};
    }
    if (!(*match)[0]) match.reset();
  }
  pcre2_match_data_free(data);
  return match;
}

std::optional<Regex::Match> Regex::find(std::string_view text, std::size_t from) const {
  return from <= text.size() ? run(text, from, false) : std::nullopt;
}

std::optional<Regex::Match> Regex::matches(std::string_view text) const { return run(text, 0, true); }

std::vector<Regex::Match> Regex::find_all(std::string_view text) const {
  std::vector<Match> all;
  for (std::size_t from = 0; from <= text.size();) {
    std::optional<Match> match = find(text, from);
    if (!match) break;
    const Span span = *(*match)[0];
    from = span.to > span.from ? span.to : next_character(text, span.to);
    all.push_back(std::move(*match));
  }
  return all;
}

std::optional<std::size_t> Regex::group_named(const std::string& name) const {
  const int number = pcre2_substring_number_from_name(code_->compiled, bytes(name));
  return number > 0 ? std::optional(static_cast<std::size_t>(number)) : std::nullopt;
}

bool Regex::write(std::string& out, std::string_view text, const Match& match, std::string_view replacement) const {
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] == '\\') {
      if (++i == replacement.size()) return false;
      out += replacement[i];
      continue;
    }
    if (replacement[i] != '$') {
      out += replacement[i];
      continue;
    }
    std::size_t group = 0;
    if (i + 1 < replacement.size() && replacement[i + 1] == '{') {
      const std::size_t end = replacement.find('}', i);
      if (end == std::string_view::npos) return false;
      const auto named = group_named(std::string(replacement.substr(i + 2, end - i - 2)));
      if (!named) return false;
      group = *named;
      i = end;
    } else {
      if (i + 1 >= replacement.size() || !is_digit(replacement[i + 1])) return false;
      group = static_cast<std::size_t>(replacement[++i] - '0');
      if (group > groups()) return false;
      // As many digits as make a group that is there.
      while (i + 1 < replacement.size() && is_digit(replacement[i + 1])) {
        const std::size_t longer = group * 10 + static_cast<std::size_t>(replacement[i + 1] - '0');
        if (longer > groups()) break;
        group = longer;
        ++i;
      }
    }
    out += part_of(text, match[group]);
  }
  return true;
}

std::optional<std::string> Regex::replace(const std::vector<Match>& matches, std::string_view text, std::string_view replacement) const {
  std::string out;
  std::size_t done = 0;
  for (const Match& match : matches) {
    out += text.substr(done, match[0]->from - done);
    if (!write(out, text, match, replacement)) return std::nullopt;
    done = match[0]->to;
  }
  return out.append(text.substr(done));
}

std::optional<std::string> Regex::replace_all(std::string_view text, std::string_view replacement) const {
  return replace(find_all(text), text, replacement);
}

std::optional<std::string> Regex::replace_first(std::string_view text, std::string_view replacement) const {
  const std::optional<Match> first = find(text);
  return replace(first ? std::vector<Match>{*first} : std::vector<Match>{}, text, replacement);
}

std::string_view part_of(std::string_view text, const std::optional<Regex::Span>& span) {
  return span ? text.substr(span->from, span->to - span->from) : std::string_view();
}

}  // namespace nutshell

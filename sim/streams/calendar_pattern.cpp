#include <algorithm>
#include <array>

#include "sim/streams/calendar.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                      "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};

// A letter so many times, or (letter 0) text as it is.
struct Part {
  char letter = 0;
  std::size_t count = 0;
  std::string text;
};

bool is_pattern_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::vector<Part> parts_of(std::string_view pattern) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < pattern.size();) {
    Part part;
    if (pattern[i] == '\'') {
      if (pattern.substr(i, 2) == "''") {
        part.text = "'";
        i += 2;
      } else {
        for (++i; i < pattern.size() && pattern[i] != '\''; ++i) part.text += pattern[i];
        ++i;
      }
    } else if (is_pattern_letter(pattern[i])) {
      part.letter = pattern[i];
      while (i < pattern.size() && pattern[i] == part.letter) {
        ++part.count;
        ++i;
      }
    } else if (pattern[i] == '[' || pattern[i] == ']') {
      ++i;
      continue;
    } else {
      part.text = pattern[i++];
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

std::string number_of(std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::string offset_of(const Part& part, const ZoneTime& zone) {
  const std::int64_t offset = zone.offset;
  if (part.letter == 'V' && !zone.id.empty()) return std::string(zone.id);
  if (part.letter == 'z' && part.count <= 3 && !zone.word.empty()) return std::string(zone.word);
  if (offset == 0 && part.letter == 'X') return "Z";
  if (offset == 0 && (part.letter == 'z' || part.letter == 'V')) return "UTC";
  const std::int64_t minutes = (offset < 0 ? -offset : offset) / 60'000;
  const std::string sign = offset < 0 ? "-" : "+";
  const bool colon = part.count == 3 || part.count == 5 || part.letter == 'V';
  if (part.count == 1 && part.letter != 'Z' && minutes % 60 == 0) return sign + number_of(minutes / 60, 2);
  return sign + number_of(minutes / 60, 2) + (colon ? ":" : "") + number_of(minutes % 60, 2);
}

std::string fraction_of(std::int64_t ms, std::size_t count) {
  std::string digits = number_of(ms, 3);
  digits.resize(count, '0');
  return digits;
}

std::optional<std::string> part_text(const Part& part, std::int64_t ms, const ZoneTime& zone) {
  const std::int64_t days = floor_div(ms, kDayMs);
  const std::int64_t of_day = ms - days * kDayMs;
  const Civil date = civil_from_days(days);
  const std::int64_t hour = of_day / 3'600'000;
  const std::size_t n = part.count;
  switch (part.letter) {
    case 0: return part.text;
    case 'y':
    case 'u': return n == 2 ? number_of(date.year % 100, 2) : number_of(date.year, n);
    case 'M':
    case 'L': {
      const std::string_view name = kMonths[static_cast<std::size_t>(date.month - 1)];
      if (n >= 4) return std::string(name);
      return n == 3 ? std::string(name.substr(0, 3)) : number_of(date.month, n);
    }
    case 'd': return number_of(date.day, n);
    case 'D': return number_of(days - days_from_civil({date.year, 1, 1}) + 1, n);
    case 'E': {
      const std::string_view name = kWeekdays[static_cast<std::size_t>(((days + 3) % 7 + 7) % 7)];
      return std::string(n >= 4 ? name : name.substr(0, 3));
    }
    case 'H': return number_of(hour, n);
    case 'k': return number_of(hour == 0 ? 24 : hour, n);
    case 'K': return number_of(hour % 12, n);
    case 'h': return number_of(hour % 12 == 0 ? 12 : hour % 12, n);
    case 'm': return number_of(of_day / 60'000 % 60, n);
    case 's': return number_of(of_day / 1000 % 60, n);
    case 'S': return fraction_of(of_day % 1000, n);
    case 'a': return std::string(hour < 12 ? "AM" : "PM");
    case 'X':
    case 'x':
    case 'Z':
    case 'z':
    case 'V': return offset_of(part, zone);
    default: return std::nullopt;
  }
}

struct Parsed {
  Civil date;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t ms = 0;
  bool afternoon = false;
  bool twelve = false;
  std::int64_t day_of_year = 0;
  std::string_view zone;
};

std::optional<std::int64_t> take_number(std::string_view text, std::size_t& at, std::size_t least, std::size_t most) {
  std::int64_t number = 0;
  std::size_t n = 0;
  for (; n < most && at < text.size() && text[at] >= '0' && text[at] <= '9'; ++n) number = number * 10 + (text[at++] - '0');
  return n >= least ? std::optional<std::int64_t>(number) : std::nullopt;
}

template <std::size_t N>
int take_named(std::string_view text, std::size_t& at, const std::array<std::string_view, N>& names, bool full) {
  for (std::size_t i = 0; i < N; ++i) {
    const std::string_view name = full ? names[i] : names[i].substr(0, 3);
    if (!same_word(text.substr(at, name.size()), name)) continue;
    at += name.size();
    return static_cast<int>(i) + 1;
  }
  return 0;
}

bool take_zone(std::string_view text, std::size_t& at, Parsed& into) {
  std::size_t end = at;
  while (end < text.size() && text[end] != ' ' && text[end] != ']') ++end;
  into.zone = text.substr(at, end - at);
  at = end;
  return zone_at(into.zone, 0).has_value();
}

// `packed`: a number follows at once, so that this one has exactly as many digits as letters.
bool take_part(const Part& part, bool packed, std::string_view text, std::size_t& at, Parsed& into) {
  if (part.letter == 0) {
    if (!same_word(text.substr(at, part.text.size()), part.text)) return false;
    at += part.text.size();
    return true;
  }
  if (std::string_view("XxZzV").find(part.letter) != std::string_view::npos) return take_zone(text, at, into);
  if ((part.letter == 'M' || part.letter == 'L') && part.count >= 3) {
    into.date.month = take_named(text, at, kMonths, part.count >= 4);
    return into.date.month > 0;
  }
  if (part.letter == 'E') return take_named(text, at, kWeekdays, part.count >= 4) > 0;
  if (part.letter == 'a') {
    into.afternoon = same_word(text.substr(at, 2), "PM");
    at += 2;
    return at <= text.size();
  }
  const bool year = part.letter == 'y' || part.letter == 'u';
  const std::size_t most = packed || part.count == 2 || part.letter == 'S' ? part.count : year ? 9 : 19;
  const auto number = take_number(text, at, part.count, std::max(most, part.count));
  if (!number) return false;
  switch (part.letter) {
    case 'y':
    case 'u': into.date.year = part.count == 2 ? 2000 + *number : *number; return true;
    case 'M':
    case 'L': into.date.month = static_cast<int>(*number); return *number >= 1 && *number <= 12;
    case 'd': into.date.day = static_cast<int>(*number); return *number >= 1 && *number <= 31;
    case 'D': into.day_of_year = *number; return *number >= 1 && *number <= 366;
    case 'H': into.hour = *number; return *number < 24;
    case 'k': into.hour = *number % 24; return *number >= 1 && *number <= 24;
    case 'K':
    case 'h':
      into.hour = *number % 12;
      into.twelve = true;
      return *number <= 12;
    case 'm': into.minute = *number; return *number < 60;
    case 's': into.second = *number; return *number < 60;
    case 'S': {
      into.ms = *number;
      for (std::size_t n = part.count; n < 3; ++n) into.ms *= 10;
      for (std::size_t n = part.count; n > 3; --n) into.ms /= 10;
      return true;
    }
    default: return false;
  }
}

}  // namespace

std::optional<std::string> format_by(std::string_view pattern, std::int64_t ms, const ZoneTime& zone) {
  std::string text;
  for (const Part& part : parts_of(pattern)) {
    const std::optional<std::string> more = part_text(part, ms + zone.offset, zone);
    if (!more) return std::nullopt;
    text += *more;
  }
  return text;
}

std::optional<std::int64_t> parse_by(std::string_view pattern, std::string_view text, std::string_view zone, bool more) {
  Parsed parsed;
  std::size_t at = 0;
  const std::vector<Part> parts = parts_of(pattern);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool packed = i + 1 < parts.size() && parts[i + 1].letter != 0 &&
                        std::string_view("aEXxZzV").find(parts[i + 1].letter) == std::string_view::npos;
    if (!take_part(parts[i], packed, text, at, parsed)) return std::nullopt;
  }
  if (!more && at != text.size()) return std::nullopt;
  if (parsed.twelve && parsed.afternoon) parsed.hour += 12;
  const Civil month_end = add_months({parsed.date.year, parsed.date.month, 31}, 0);
  if (parsed.date.day > month_end.day) return std::nullopt;
  std::int64_t days = days_from_civil(parsed.date);
  if (parsed.day_of_year > 0) days = days_from_civil({parsed.date.year, 1, 1}) + parsed.day_of_year - 1;
  const std::int64_t clock = parsed.hour * 3'600'000 + parsed.minute * 60'000 + parsed.second * 1000 + parsed.ms;
  const std::int64_t local = days * kDayMs + clock;
  const auto there = zone_at_local(parsed.zone.empty() ? zone : parsed.zone, local);
  return there ? std::optional<std::int64_t>(local - there->offset) : std::nullopt;
}

}  // namespace nutshell::streams

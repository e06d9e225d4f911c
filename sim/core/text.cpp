#include "sim/core/text.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace nutshell {

namespace {

struct Unit {
  std::string_view name;
  Duration length;
};

constexpr std::array<Unit, 7> kUnits = {{{"ns", 1},
                                         {"us", kMicrosecond},
                                         {"ms", kMillisecond},
                                         {"s", kSecond},
                                         {"m", kMinute},
                                         {"h", kHour},
                                         {"d", 24 * kHour}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits only; nothing if there are none, or too many.
std::optional<std::int64_t> parse_digits(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (char c : digits) {
    if (!is_digit(c)) return std::nullopt;
    const std::int64_t digit = c - '0';
    if (value > (std::numeric_limits<std::int64_t>::max() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

// "5" of "1.5s": a part of the unit, in nanoseconds. Nothing if it is finer than that.
std::optional<Duration> parse_fraction(std::string_view digits, Duration unit) {
  const std::optional<std::int64_t> value = parse_digits(digits);
  if (!value || digits.size() > 18) return std::nullopt;
  std::int64_t scale = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) scale *= 10;
  const __int128 scaled = static_cast<__int128>(*value) * unit;
  if (scaled % scale != 0) return std::nullopt;
  return static_cast<Duration>(scaled / scale);
}

std::optional<Duration> parse_amount(std::string_view amount, Duration unit) {
  const std::size_t point = amount.find('.');
  const std::optional<std::int64_t> whole = parse_digits(amount.substr(0, point));
  if (!whole || *whole > std::numeric_limits<std::int64_t>::max() / unit) return std::nullopt;
  if (point == std::string_view::npos) return *whole * unit;
  const std::optional<Duration> part = parse_fraction(amount.substr(point + 1), unit);
  if (!part || *part > std::numeric_limits<std::int64_t>::max() - *whole * unit) return std::nullopt;
  return *whole * unit + *part;
}

// `value` / `unit` without trailing zeros. REQUIRES unit is a power of ten.
std::string decimal(std::uint64_t value, std::uint64_t unit) {
  std::string text = std::to_string(value / unit);
  std::uint64_t rest = value % unit;
  if (rest == 0) return text;
  text += '.';
  for (; rest != 0; rest = rest * 10 % unit) text += static_cast<char>('0' + rest * 10 / unit);
  return text;
}

// What stands at the beginning of a duration: an amount with its unit.
struct Part {
  Duration amount = 0, unit = 0;
  bool fraction = false;
};

// Takes it off the text; nothing if there is none.
std::optional<Part> take_part(std::string_view& text) {
  const auto of_amount = [](char c) { return is_digit(c) || c == '.'; };
  const auto end = std::find_if_not(text.begin(), text.end(), of_amount);
  const auto next = std::find_if(end, text.end(), of_amount);
  const std::string_view amount = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  const std::string_view name = text.substr(amount.size(), static_cast<std::size_t>(next - end));
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    const std::optional<Duration> value = parse_amount(amount, unit.length);
    text.remove_prefix(amount.size() + name.size());
    return value ? std::optional(Part{*value, unit.length, amount.find('.') != std::string_view::npos}) : std::nullopt;
  }
  return std::nullopt;
}

// From so long on a time is told in minutes and hours.
constexpr Duration kLong = 100 * kSecond;

std::uint64_t magnitude(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? 0 - bits : bits;
}

// "42m13.108s", "1h30m", "2d": a long time, in as few units as are needed; days only where nothing is left of them.
std::string in_units(std::uint64_t size) {
  const auto day = static_cast<std::uint64_t>(24 * kHour), hour = static_cast<std::uint64_t>(kHour);
  const auto minute = static_cast<std::uint64_t>(kMinute), second = static_cast<std::uint64_t>(kSecond);
  if (size % day == 0) return std::to_string(size / day) + "d";
  std::string text;
  if (size >= hour) text += std::to_string(size / hour) + "h";
  if (size % hour >= minute) text += std::to_string(size % hour / minute) + "m";
  if (size % minute != 0) text += decimal(size % minute, second) + "s";
  return text;
}

// Edits between two words, with exchanged neighbours as one (restricted Damerau-Levenshtein).
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({exchanged, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text == "-9223372036854775808") return std::numeric_limits<std::int64_t>::min();  // without its sign it does not fit
  const bool negative = !text.empty() && text.front() == '-';
  const std::optional<std::int64_t> digits = parse_digits(text.substr(negative ? 1 : 0));
  if (!digits) return std::nullopt;
  return negative ? -*digits : *digits;
}

// Units are in falling order with their amounts in front, "T" stands before those of a day, and small letters do not count:
// what parse_duration() reads, in capitals.
std::optional<Duration> parse_iso_duration(std::string_view text) {
  if (text.size() < 3 || text.front() != 'P') return std::nullopt;
  std::string ours;
  bool of_day = false;
  for (char c : text.substr(1)) {
    if (c == 'T' && !of_day) of_day = true;
    else if ((c >= '0' && c <= '9') || c == '.') ours += c;
    else if ((c == 'D' && !of_day) || ((c == 'H' || c == 'M' || c == 'S') && of_day)) ours += static_cast<char>(c - 'A' + 'a');
    else return std::nullopt;
  }
  if (text.back() == 'T') return std::nullopt;
  return parse_duration(ours);
}

std::string format_iso_duration(Duration duration) {
  const auto nanoseconds = static_cast<std::int64_t>(duration % kSecond);
  std::string text = "PT";
  if (const std::int64_t hours = duration / kHour; hours > 0) text += std::to_string(hours) + "H";
  if (const std::int64_t minutes = duration / kMinute % 60; minutes > 0) text += std::to_string(minutes) + "M";
  const std::int64_t seconds = duration / kSecond % 60;
  if (seconds == 0 && nanoseconds == 0 && text.size() > 2) return text;
  text += std::to_string(seconds);
  if (nanoseconds > 0) {
    std::string decimals = std::to_string(kSecond + nanoseconds).substr(1);
    decimals.erase(decimals.find_last_not_of('0') + 1);
    text += "." + decimals;
  }
  return text + "S";
}

std::optional<std::int64_t> parse_ppm(std::string_view text) {
  constexpr std::size_t kDecimals = 6;
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string decimals(text.substr(std::min(point + 1, text.size())));
  if (decimals.size() > kDecimals || point + 1 == text.size()) return std::nullopt;
  decimals.resize(kDecimals, '0');
  const std::optional<std::int64_t> whole = parse_digits(text.substr(0, point)), part = parse_digits(decimals);
  if (!whole || !part || *whole > 1 || (*whole == 1 && *part > 0)) return std::nullopt;
  return *whole * 1'000'000 + *part;
}

std::optional<Duration> parse_duration(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  Duration sum = 0;
  for (Duration larger = std::numeric_limits<Duration>::max(); !text.empty();) {
    const std::optional<Part> part = take_part(text);
    if (!part || part->unit >= larger || part->amount > std::numeric_limits<Duration>::max() - sum) return std::nullopt;
    if (!text.empty() && part->fraction) return std::nullopt;
    sum += part->amount;
    larger = part->unit;
  }
  return negative ? -sum : sum;
}

std::string format_duration(Duration duration) {
  const std::uint64_t size = magnitude(duration);
  const std::string sign = duration < 0 ? "-" : "";
  if (size == 0) return "0s";
  if (size >= static_cast<std::uint64_t>(kLong)) return sign + in_units(size);
  for (Unit whole : {kUnits[6], kUnits[5], kUnits[4]}) {
    const auto length = static_cast<std::uint64_t>(whole.length);
    if (size % length == 0) return sign + std::to_string(size / length) + std::string(whole.name);
  }
  for (Unit unit : {kUnits[3], kUnits[2], kUnits[1]}) {
    const auto length = static_cast<std::uint64_t>(unit.length);
    if (size >= length) return sign + decimal(size, length) + std::string(unit.name);
  }
  return sign + std::to_string(size) + "ns";
}

std::string format_time(Time time) {
  const auto millisecond = static_cast<std::uint64_t>(kMillisecond);
  const std::uint64_t milliseconds = magnitude(time) / millisecond;
  const std::string sign = time < 0 ? "-" : "";
  if (milliseconds * millisecond >= static_cast<std::uint64_t>(kLong)) return sign + in_units(milliseconds * millisecond);
  std::string part = std::to_string(milliseconds % 1000);
  part.insert(0, 3 - part.size(), '0');
  return sign + std::to_string(milliseconds / 1000) + "." + part + "s";
}

std::string widest_time(Time until) {
  if (until < kLong) return "888.888s";
  return std::string(until >= kHour ? "8h" : "") + "88m88.888s";
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string node_at_start(std::string name) { return name.rfind("broker ", 0) == 0 ? capital(std::move(name)) : name; }

std::string nearest_name(std::string_view wanted, const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (std::string_view candidate : candidates) {
    const std::size_t edits = edits_between(wanted, candidate);
    if (edits >= fewest || edits > std::max(wanted.size(), candidate.size()) / 2) continue;
    nearest = candidate;
    fewest = edits;
  }
  return std::string(nearest);
}

std::string hex_text(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::optional<std::string> bytes_of_hex(std::string_view text) {
  std::string bytes;
  int half = -1;
  for (const char c : text) {
    if (c == ' ') continue;
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return std::nullopt;
    if (half >= 0) bytes += static_cast<char>(half << 4 | digit);
    half = half >= 0 ? -1 : digit;
  }
  if (half >= 0) return std::nullopt;
  return bytes;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(separator, from), text.size());
    parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

}  // namespace nutshell

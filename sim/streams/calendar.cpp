#include "sim/streams/calendar.h"

#include <algorithm>
#include <array>

#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

std::string padded(std::int64_t number, std::size_t width) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return number < 0 ? "-" + digits : digits;
}

// Up to `most` digits at `at`, at least `least`.
std::optional<std::int64_t> digits_at(std::string_view text, std::size_t& at, std::size_t least, std::size_t most) {
  std::int64_t number = 0;
  std::size_t n = 0;
  while (n < most && at < text.size() && text[at] >= '0' && text[at] <= '9') {
    number = number * 10 + (text[at++] - '0');
    ++n;
  }
  return n >= least ? std::optional<std::int64_t>(number) : std::nullopt;
}

bool take_char(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

int days_in_month(std::int64_t year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool valid(Civil date) {
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

// The time of a day from "HH", "HH:mm", "HH:mm:ss", "HH:mm:ss.SSS"; moves `at` behind it.
std::optional<std::int64_t> clock_at(std::string_view text, std::size_t& at) {
  const auto hour = digits_at(text, at, 2, 2);
  // 24 is the end of the day.
  if (!hour || *hour > 24 || (*hour == 24 && text.find_first_of("123456789", at) != std::string_view::npos)) return std::nullopt;
  std::int64_t ms = *hour * 3'600'000;
  if (!take_char(text, at, ':')) return ms;
  const auto minute = digits_at(text, at, 2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  ms += *minute * 60'000;
  if (!take_char(text, at, ':')) return ms;
  const auto second = digits_at(text, at, 2, 2);
  if (!second || *second > 59) return std::nullopt;
  ms += *second * 1000;
  if (!take_char(text, at, '.')) return ms;
  const std::size_t begun = at;
  auto fraction = digits_at(text, at, 1, 9);
  if (!fraction) return std::nullopt;
  for (std::size_t n = at - begun; n < 3; ++n) *fraction *= 10;
  for (std::size_t n = at - begun; n > 3; --n) *fraction /= 10;
  return ms + *fraction;
}

// "2020", "2020-06", "2020-06-01"; moves `at` behind it.
std::optional<std::int64_t> day_at(std::string_view text, std::size_t& at) {
  Civil date;
  const auto year = digits_at(text, at, 4, 4);
  if (!year) return std::nullopt;
  date.year = *year;
  if (take_char(text, at, '-')) {
    const auto month = digits_at(text, at, 1, 2);
    if (!month) return std::nullopt;
    date.month = static_cast<int>(*month);
    if (take_char(text, at, '-')) {
      const auto day = digits_at(text, at, 1, 2);
      if (!day) return std::nullopt;
      date.day = static_cast<int>(*day);
    }
  }
  return valid(date) ? std::optional<std::int64_t>(days_from_civil(date)) : std::nullopt;
}

}  // namespace

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

std::int64_t days_from_civil(Civil date) {
  const std::int64_t y = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_div(y, 400);
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

Civil civil_from_days(std::int64_t days) {
  const std::int64_t z = days + 719'468;
  const std::int64_t era = floor_div(z, 146'097);
  const std::int64_t of_era = z - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t m = (5 * of_year + 2) / 153;
  Civil date;
  date.day = static_cast<int>(of_year - (153 * m + 2) / 5 + 1);
  date.month = static_cast<int>(m < 10 ? m + 3 : m - 9);
  date.year = year + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

Civil add_months(Civil date, std::int64_t n) {
  const std::int64_t months = date.year * 12 + date.month - 1 + n;
  date.year = floor_div(months, 12);
  date.month = static_cast<int>(months - date.year * 12) + 1;
  date.day = std::min(date.day, days_in_month(date.year, date.month));
  return date;
}

std::string date_text(std::int64_t days) {
  const Civil date = civil_from_days(days);
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::string time_text(std::int64_t ms) {
  std::string text = padded(ms / 3'600'000, 2) + ":" + padded(ms / 60'000 % 60, 2);
  if (ms % 60'000 != 0) text += ":" + padded(ms / 1000 % 60, 2);
  if (ms % 1000 != 0) text += "." + padded(ms % 1000, 3);
  return text;
}

std::string timestamp_text(std::int64_t ms) {
  const std::int64_t days = floor_div(ms, kDayMs);
  const std::int64_t of_day = ms - days * kDayMs;
  return date_text(days) + "T" + padded(of_day / 3'600'000, 2) + ":" + padded(of_day / 60'000 % 60, 2) + ":" +
         padded(of_day / 1000 % 60, 2) + "." + padded(of_day % 1000, 3);
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  std::size_t at = 0;
  const auto day = day_at(text, at);
  if (!day) return std::nullopt;
  std::int64_t ms = *day * kDayMs;
  if (at < text.size() && (text[at] == 'T' || text[at] == ' ')) {
    ++at;
    const auto clock =
        at < text.size() && text[at] >= '0' && text[at] <= '9' ? clock_at(text, at) : std::optional<std::int64_t>(0);
    if (!clock) return std::nullopt;
    ms += *clock;
  }
  if (at == text.size()) return ms;
  const auto zone = zone_offset(text.substr(at));
  return zone ? std::optional<std::int64_t>(ms - *zone) : std::nullopt;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  std::size_t at = 0;
  const auto day = day_at(text, at);
  return at == text.size() ? day : std::nullopt;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  std::size_t at = 0;
  const auto clock = clock_at(text, at);
  return at == text.size() && clock && *clock < kDayMs ? clock : std::nullopt;
}

std::optional<std::int64_t> zone_offset(std::string_view zone) {
  for (std::string_view name : {"UTC", "GMT", "UT"}) {
    if (same_word(zone.substr(0, name.size()), name)) {
      zone.remove_prefix(name.size());
      if (zone.empty()) return 0;
      break;
    }
  }
  if (same_word(zone, "Z")) return 0;
  if (zone.empty() || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
  std::size_t at = 1;
  const auto hours = digits_at(zone, at, 1, 2);
  take_char(zone, at, ':');
  const auto minutes = at < zone.size() ? digits_at(zone, at, 2, 2) : std::optional<std::int64_t>(0);
  if (!hours || !minutes || at != zone.size() || *hours > 18) return std::nullopt;
  const std::int64_t ms = *hours * 3'600'000 + *minutes * 60'000;
  return zone[0] == '-' ? -ms : ms;
}

}  // namespace nutshell::streams

// DATE, TIME and TIMESTAMP, days and milliseconds since 1970 in UTC, as text and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nutshell::streams {

inline constexpr std::int64_t kDayMs = 86'400'000;

struct Civil {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
};

std::int64_t days_from_civil(Civil date);
Civil civil_from_days(std::int64_t days);
// Rounds toward the past.
std::int64_t floor_div(std::int64_t a, std::int64_t b);
// The month after next is n = 2; the day is held within its month.
Civil add_months(Civil date, std::int64_t n);

// "2020-06-01T12:30:00.000"
std::string timestamp_text(std::int64_t ms);
// "2020-06-01"
std::string date_text(std::int64_t days);
// "12:30", "12:30:05", "12:30:05.001"
std::string time_text(std::int64_t ms);

// ISO 8601; missing parts are zero, the zone UTC unless given (S20): "2020", "2020-06-01T12:30+01:00".
std::optional<std::int64_t> parse_timestamp(std::string_view text);
std::optional<std::int64_t> parse_date(std::string_view text);
std::optional<std::int64_t> parse_time(std::string_view text);

// The offset of "UTC", "+01:00", "Z", "GMT+2" in milliseconds; nothing for others.
std::optional<std::int64_t> zone_offset(std::string_view zone);
// A zone at a moment: how far it is ahead of UTC then, in milliseconds; of one with a name, "Europe/Berlin", this, and what it is
// called then, "CEST".
struct ZoneTime {
  std::int64_t offset = 0;
  std::string_view id = {}, word = {};
};
// Nothing: no such zone is known. By the moment, or by what clocks show there.
std::optional<ZoneTime> zone_at(std::string_view zone, std::int64_t utc);
std::optional<ZoneTime> zone_at_local(std::string_view zone, std::int64_t local);

// By a pattern as Java's DateTimeFormatter has them: y M d H h K k m s S a E D, X x Z z VV, text in quotes.
// Nothing if the pattern has other letters, or the text does not fit.
std::optional<std::string> format_by(std::string_view pattern, std::int64_t ms, const ZoneTime& zone = {});
// In the zone that the text names, else in this one. `more`: the text may go on behind what the pattern takes.
std::optional<std::int64_t> parse_by(std::string_view pattern, std::string_view text, std::string_view zone = "UTC", bool more = false);

}  // namespace nutshell::streams

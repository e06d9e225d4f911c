#include "sim/streams/calendar.h"
#include "sim/streams/function.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

Value or_fail(Call& c, const std::optional<std::int64_t>& number, std::string why) {
  return number ? Value(*number) : c.fail(std::move(why));
}
Value or_fail(Call& c, const std::optional<std::string>& text, std::string why) {
  return text ? Value(*text) : c.fail(std::move(why));
}

std::string_view zone_of(Call& c, std::size_t i) { return c.size() > i ? std::string_view(c[i].text()) : "UTC"; }

Value clock_now(Call& c) { return Value(c.frame.now); }
Value today(Call& c) { return Value(floor_div(c.frame.now, kDayMs)); }

Value same_number(Call& c) { return c[0]; }

Value format_timestamp(Call& c) {
  const auto zone = zone_at(zone_of(c, 2), c[0].whole());
  return or_fail(c, zone ? format_by(c[1].text(), c[0].whole(), *zone) : std::nullopt,
                 "the pattern or the zone is not understood");
}
Value parse_stamp(Call& c) {
  return or_fail(c, parse_by(c[1].text(), c[0].text(), zone_of(c, 2)), "the text does not fit the pattern, or the zone is not known");
}
Value format_date(Call& c) {
  return or_fail(c, format_by(c[1].text(), c[0].whole() * kDayMs), "the pattern is not understood");
}
// What stands behind the day is not looked at.
Value parse_day(Call& c) {
  const auto ms = parse_by(c[1].text(), c[0].text(), "UTC", true);
  return or_fail(c, ms ? std::optional<std::int64_t>(floor_div(*ms, kDayMs)) : std::nullopt,
                 "the text does not fit the pattern");
}
Value format_time_of_day(Call& c) {
  return or_fail(c, format_by(c[1].text(), c[0].whole()), "the pattern is not understood");
}

// A span of so many units, added to milliseconds.
std::int64_t moved_by(std::int64_t ms, const std::string& unit, std::int64_t n) {
  struct Unit {
    std::string_view word;
    std::int64_t ms;
  };
  static constexpr Unit kUnits[] = {
      {"MILLISECOND", 1}, {"SECOND", 1000}, {"MINUTE", 60'000}, {"HOUR", 3'600'000}, {"DAY", kDayMs}};
  for (const Unit& each : kUnits) {
    if (unit.substr(0, each.word.size()) == each.word)
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(ms) +
                                       static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(each.ms));
  }
  const std::int64_t days = floor_div(ms, kDayMs);
  const Civil date = add_months(civil_from_days(days), unit.substr(0, 4) == "YEAR" ? n * 12 : n);
  return days_from_civil(date) * kDayMs + (ms - days * kDayMs);
}

// unit, interval, value
Value timestamp_add(Call& c) { return Value(moved_by(c[2].whole(), c[0].text(), c[1].whole())); }
Value timestamp_sub(Call& c) { return Value(moved_by(c[2].whole(), c[0].text(), -c[1].whole())); }
Value date_add(Call& c) { return Value(floor_div(moved_by(c[2].whole() * kDayMs, c[0].text(), c[1].whole()), kDayMs)); }
Value date_sub(Call& c) { return Value(floor_div(moved_by(c[2].whole() * kDayMs, c[0].text(), -c[1].whole()), kDayMs)); }
std::int64_t of_day(std::int64_t ms) { return ms - floor_div(ms, kDayMs) * kDayMs; }
Value time_add(Call& c) { return Value(of_day(moved_by(c[2].whole(), c[0].text(), c[1].whole()))); }
Value time_sub(Call& c) { return Value(of_day(moved_by(c[2].whole(), c[0].text(), -c[1].whole()))); }

Value convert_zone(Call& c) {
  const auto from = zone_at_local(zone_of(c, 1), c[0].whole());
  if (!from) return c.fail("the zone " + c[1].text() + " is not known");
  const std::int64_t utc = c[0].whole() - from->offset;
  const auto to = zone_at(zone_of(c, 2), utc);
  return to ? Value(utc + to->offset) : c.fail("the zone " + c[2].text() + " is not known");
}

}  // namespace

const std::vector<Function>& time_functions() {
  static const std::vector<Function> kTable = {
      {"FROM_UNIXTIME", "TIMESTAMP", "BIGINT", same_number},
      {"UNIX_TIMESTAMP", "BIGINT", "TIMESTAMP", same_number},
      {"UNIX_TIMESTAMP", "BIGINT", "", clock_now},
      {"UNIX_DATE", "INT", "", today},
      {"UNIX_DATE", "INT", "DATE", same_number},
      {"FROM_DAYS", "DATE", "INT", same_number},
      {"FORMAT_TIMESTAMP", "VARCHAR", "TIMESTAMP, VARCHAR", format_timestamp},
      {"FORMAT_TIMESTAMP", "VARCHAR", "TIMESTAMP, VARCHAR, VARCHAR", format_timestamp},
      {"PARSE_TIMESTAMP", "TIMESTAMP", "VARCHAR, VARCHAR", parse_stamp},
      {"PARSE_TIMESTAMP", "TIMESTAMP", "VARCHAR, VARCHAR, VARCHAR", parse_stamp},
      {"TIMESTAMPTOSTRING", "VARCHAR", "BIGINT, VARCHAR", format_timestamp},
      {"TIMESTAMPTOSTRING", "VARCHAR", "BIGINT, VARCHAR, VARCHAR", format_timestamp},
      {"STRINGTOTIMESTAMP", "BIGINT", "VARCHAR, VARCHAR", parse_stamp},
      {"STRINGTOTIMESTAMP", "BIGINT", "VARCHAR, VARCHAR, VARCHAR", parse_stamp},
      {"FORMAT_DATE", "VARCHAR", "DATE, VARCHAR", format_date},
      {"PARSE_DATE", "DATE", "VARCHAR, VARCHAR", parse_day},
      {"DATETOSTRING", "VARCHAR", "INT, VARCHAR", format_date},
      {"STRINGTODATE", "INT", "VARCHAR, VARCHAR", parse_day},
      {"FORMAT_TIME", "VARCHAR", "TIME, VARCHAR", format_time_of_day},
      {"PARSE_TIME", "TIME", "VARCHAR, VARCHAR", parse_stamp},
      {"TIMESTAMPADD", "TIMESTAMP", "UNIT, INT, TIMESTAMP", timestamp_add},
      {"TIMESTAMPSUB", "TIMESTAMP", "UNIT, INT, TIMESTAMP", timestamp_sub},
      {"DATEADD", "DATE", "UNIT, INT, DATE", date_add},
      {"DATESUB", "DATE", "UNIT, INT, DATE", date_sub},
      {"TIMEADD", "TIME", "UNIT, INT, TIME", time_add},
      {"TIMESUB", "TIME", "UNIT, INT, TIME", time_sub},
      {"CONVERT_TZ", "TIMESTAMP", "TIMESTAMP, VARCHAR, VARCHAR", convert_zone},
  };
  return kTable;
}

}  // namespace nutshell::streams

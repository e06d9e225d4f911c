// Time zones that have names. Summer time is as the European Union, the United States, Australia and New Zealand have it now, and as
// the first two had it before, back to 1981 and 1967; before that, and elsewhere, there is none here.
#include <array>

#include "sim/streams/calendar.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;

enum class Summer : std::uint8_t { none, europe, america, australia, new_zealand };

struct NamedZone {
  std::string_view id, word, summer_word;
  int minutes = 0;  // ahead of UTC, in winter
  Summer summer = Summer::none;
};

// Of zones with the same words the first is meant by them.
constexpr std::array kZones = {
    NamedZone{"Europe/London", "GMT", "BST", 0, Summer::europe},
    NamedZone{"Europe/Dublin", "GMT", "IST", 0, Summer::europe},
    NamedZone{"Europe/Lisbon", "WET", "WEST", 0, Summer::europe},
    NamedZone{"Europe/Berlin", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Paris", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Vienna", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Zurich", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Amsterdam", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Brussels", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Madrid", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Rome", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Prague", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Warsaw", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Budapest", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Copenhagen", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Stockholm", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Oslo", "CET", "CEST", 60, Summer::europe},
    NamedZone{"Europe/Athens", "EET", "EEST", 120, Summer::europe},
    NamedZone{"Europe/Helsinki", "EET", "EEST", 120, Summer::europe},
    NamedZone{"Europe/Kiev", "EET", "EEST", 120, Summer::europe},
    NamedZone{"Europe/Moscow", "MSK", "", 180, Summer::none},
    NamedZone{"Europe/Istanbul", "TRT", "", 180, Summer::none},
    NamedZone{"America/New_York", "EST", "EDT", -300, Summer::america},
    NamedZone{"US/Eastern", "EST", "EDT", -300, Summer::america},
    NamedZone{"America/Toronto", "EST", "EDT", -300, Summer::america},
    NamedZone{"America/Chicago", "CST", "CDT", -360, Summer::america},
    NamedZone{"US/Central", "CST", "CDT", -360, Summer::america},
    NamedZone{"America/Denver", "MST", "MDT", -420, Summer::america},
    NamedZone{"US/Mountain", "MST", "MDT", -420, Summer::america},
    NamedZone{"America/Phoenix", "MST", "", -420, Summer::none},
    NamedZone{"America/Los_Angeles", "PST", "PDT", -480, Summer::america},
    NamedZone{"US/Pacific", "PST", "PDT", -480, Summer::america},
    NamedZone{"America/Anchorage", "AKST", "AKDT", -540, Summer::america},
    NamedZone{"Pacific/Honolulu", "HST", "", -600, Summer::none},
    NamedZone{"America/Sao_Paulo", "BRT", "", -180, Summer::none},
    NamedZone{"America/Bogota", "COT", "", -300, Summer::none},
    NamedZone{"Africa/Johannesburg", "SAST", "", 120, Summer::none},
    NamedZone{"Africa/Lagos", "WAT", "", 60, Summer::none},
    NamedZone{"Africa/Nairobi", "EAT", "", 180, Summer::none},
    NamedZone{"Asia/Dubai", "GST", "", 240, Summer::none},
    NamedZone{"Asia/Kolkata", "IST", "", 330, Summer::none},
    NamedZone{"Asia/Calcutta", "IST", "", 330, Summer::none},
    NamedZone{"Asia/Shanghai", "CST", "", 480, Summer::none},
    NamedZone{"Asia/Hong_Kong", "HKT", "", 480, Summer::none},
    NamedZone{"Asia/Singapore", "SGT", "", 480, Summer::none},
    NamedZone{"Asia/Tokyo", "JST", "", 540, Summer::none},
    NamedZone{"Asia/Seoul", "KST", "", 540, Summer::none},
    NamedZone{"Australia/Brisbane", "AEST", "", 600, Summer::none},
    NamedZone{"Australia/Sydney", "AEST", "AEDT", 600, Summer::australia},
    NamedZone{"Australia/Melbourne", "AEST", "AEDT", 600, Summer::australia},
    NamedZone{"Pacific/Auckland", "NZST", "NZDT", 720, Summer::new_zealand},
};

// The nth Sunday of a month, 0 the last one, in days.
std::int64_t sunday(std::int64_t year, int month, int nth) {
  const Civil next = add_months({year, month, 1}, 1);
  const std::int64_t first = nth == 0 ? days_from_civil(next) - 7 : days_from_civil({year, month, 1}) + 7 * (nth - 1);
  const std::int64_t weekday = ((first + 4) % 7 + 7) % 7;  // 0: Sunday
  return first + (7 - weekday) % 7;
}

bool is_summer(const NamedZone& zone, std::int64_t utc) {
  const std::int64_t winter = zone.minutes * kMinuteMs;
  const std::int64_t year = civil_from_days(floor_div(utc + winter, kDayMs)).year;
  // From an hour of winter time to another.
  const auto local = [&](std::int64_t day, std::int64_t hour) { return day * kDayMs + hour * kHourMs - winter; };
  switch (zone.summer) {
    case Summer::none: return false;
    case Summer::europe: {
      const std::int64_t from = sunday(year, 3, 0) * kDayMs + kHourMs, to = sunday(year, year >= 1996 ? 10 : 9, 0) * kDayMs + kHourMs;
      return year >= 1981 && utc >= from && utc < to;
    }
    case Summer::america: {
      const std::int64_t from = year >= 2007 ? sunday(year, 3, 2) : sunday(year, 4, year >= 1987 ? 1 : 0);
      const std::int64_t to = year >= 2007 ? sunday(year, 11, 1) : sunday(year, 10, 0);
      return year >= 1967 && utc >= local(from, 2) && utc < local(to, 1);
    }
    case Summer::australia: return utc < local(sunday(year, 4, 1), 2) || utc >= local(sunday(year, 10, 1), 2);
    case Summer::new_zealand: return utc < local(sunday(year, 4, 1), 2) || utc >= local(sunday(year, 9, 0), 2);
  }
  return false;
}

const NamedZone* zone_named(std::string_view name) {
  for (const NamedZone& each : kZones)
    if (same_word(each.id, name)) return &each;
  for (const NamedZone& each : kZones)
    if (same_word(each.word, name) || (!each.summer_word.empty() && same_word(each.summer_word, name))) return &each;
  return nullptr;
}

ZoneTime time_in(const NamedZone& zone, bool summer) {
  return {(zone.minutes + (summer ? 60 : 0)) * kMinuteMs, zone.id, summer ? zone.summer_word : zone.word};
}

}  // namespace

std::optional<ZoneTime> zone_at(std::string_view zone, std::int64_t utc) {
  if (const auto offset = zone_offset(zone)) return ZoneTime{*offset, {}, {}};
  const NamedZone* named = zone_named(zone);
  return named ? std::optional<ZoneTime>(time_in(*named, is_summer(*named, utc))) : std::nullopt;
}

std::optional<ZoneTime> zone_at_local(std::string_view zone, std::int64_t local) {
  if (const auto offset = zone_offset(zone)) return ZoneTime{*offset, {}, {}};
  const NamedZone* named = zone_named(zone);
  if (!named) return std::nullopt;
  // An hour that there is twice is the first of them, in summer; one that there is not is an hour later.
  const ZoneTime summer = time_in(*named, true);
  return is_summer(*named, local - summer.offset) ? summer : time_in(*named, false);
}

}  // namespace nutshell::streams

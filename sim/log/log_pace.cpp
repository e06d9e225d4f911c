#include "sim/log/log_pace.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace nutshell {

namespace {

constexpr Duration kWindow = 10 * kSecond;
constexpr std::int64_t kMillisPerDay = 24 * kHour / kMillisecond;

struct Unit {
  std::int64_t size;
  std::string_view name;
};

// The number in the largest unit that it reaches, with three digits at most; hundredths are cut off.
template <std::size_t N>
std::string in_units(std::int64_t number, const std::array<Unit, N>& units) {
  for (const Unit& unit : units) {
    if (number < unit.size) continue;
    const std::int64_t whole = number / unit.size, hundredths = number % unit.size / (unit.size / 100);
    std::string text = std::to_string(whole);
    if (whole < 10) text += (hundredths < 10 ? ".0" : ".") + std::to_string(hundredths);
    else if (whole < 100 && hundredths >= 10) text += "." + std::to_string(hundredths / 10);
    return text + " " + std::string(unit.name);
  }
  return std::to_string(number);
}

}  // namespace

LogPace pace_of(const Log& log, const Records& records, Time now) {
  LogPace pace;
  const auto first = log.find_by_timestamp(records, std::max<Time>(now - kWindow, 0));
  if (!first || now - first->timestamp < kMillisecond) return pace;
  const std::int64_t millis = (now - first->timestamp) / kMillisecond;
  std::int64_t bytes = 0;
  for (std::size_t i = log.find(first->offset).value_or(log.batches().size()); i < log.batches().size(); ++i)
    bytes += log.batches()[i].size_in_bytes;
  pace.records_per_day = (log.log_end_offset() - first->offset) * kMillisPerDay / millis;
  pace.bytes_per_day = bytes * kMillisPerDay / millis;
  if (pace.records_per_day > 0)
    pace.days_left = (std::numeric_limits<std::int64_t>::max() - log.log_end_offset()) / pace.records_per_day;
  return pace;
}

std::string large_number(std::int64_t number) {
  static constexpr std::array<Unit, 4> kUnits = {{{1'000'000'000'000'000, "quadrillion"},
                                                  {1'000'000'000'000, "trillion"},
                                                  {1'000'000'000, "billion"},
                                                  {1'000'000, "million"}}};
  return in_units(number, kUnits);
}

std::string large_bytes(std::int64_t bytes) {
  static constexpr std::array<Unit, 4> kUnits = {
      {{1'000'000'000'000, "TB"}, {1'000'000'000, "GB"}, {1'000'000, "MB"}, {1'000, "KB"}}};
  return bytes < 1'000 ? std::to_string(bytes) + " B" : in_units(bytes, kUnits);
}

}  // namespace nutshell

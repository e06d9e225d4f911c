#include "sim/command/amount.h"

#include <limits>
#include <utility>

namespace nutshell {
namespace {

constexpr std::int64_t kMostAmount = 1'000'000'000'000;

struct CountedName {
  std::string_view name;
  Counted counted;
  std::int64_t seconds;  // that it says by itself
};
constexpr CountedName kCountedNames[] = {
    {"", Counted::plain, 0},        {"msg", Counted::plain, 0}, {"msgs", Counted::plain, 0},  {"messages", Counted::plain, 0},
    {"records", Counted::plain, 0}, {"B", Counted::bytes, 0},   {"bytes", Counted::bytes, 0}, {"Bps", Counted::bytes, 1},
    {"bit", Counted::bits, 0},      {"bits", Counted::bits, 0}, {"bps", Counted::bits, 1},
};

struct TimeName {
  std::string_view name;
  std::int64_t seconds;
};
constexpr TimeName kTimeNames[] = {
    {"s", 1},    {"sec", 1},     {"second", 1}, {"m", 60},     {"min", 60},             {"minute", 60},
    {"h", 3600}, {"hour", 3600}, {"d", 86'400}, {"day", 86'400}, {"month", 730 * 3600},  // as bills have it
};

AmountResult no(std::string problem) { return {std::nullopt, std::move(problem)}; }

// Takes the digits away; false if there are none, too many, or a point without them.
bool read_digits(std::string_view& text, Amount& amount) {
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !point && at > 0) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    amount.digits = amount.digits * 10 + (c - '0');
    if (point) amount.tenths *= 10;
    if (amount.digits > kMostAmount || amount.tenths > 1'000'000) return false;
  }
  const bool fine = at > 0 && text[at - 1] != '.';
  text.remove_prefix(at);
  return fine;
}

// Takes "k" or "Ki" away.
void read_power(std::string_view& text, Amount& amount) {
  constexpr std::string_view kPowers = "kMGT";
  if (text.empty()) return;
  const std::size_t found = text.front() == 'K' ? 0 : kPowers.find(text.front());
  if (found == std::string_view::npos) return;
  text.remove_prefix(1);
  const bool two = !text.empty() && text.front() == 'i';
  if (two) text.remove_prefix(1);
  for (std::size_t i = 0; i <= found; ++i) amount.times *= two ? 1024 : 1000;
}

}  // namespace

AmountResult read_amount(std::string_view text) {
  Amount amount;
  std::string_view rest = text;
  if (!read_digits(rest, amount)) return no("begin with a number from 0 to a million million and with at most six decimals, such as 1.5M");
  const std::string number(text.substr(0, text.size() - rest.size()));
  if (rest.size() > 1 && rest.front() == ' ') rest.remove_prefix(1);
  const std::size_t slash = rest.find('/');
  std::string_view unit = rest.substr(0, slash);
  const std::string whole_unit(unit);
  read_power(unit, amount);
  if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
  if (unit == "b") {
    const std::string power = whole_unit.substr(0, whole_unit.size() - 1);
    return no("'b' may be bits or bytes; write " + number + power + "bit/s or " + number + power + "B/s");
  }
  const CountedName* counted = nullptr;
  for (const CountedName& each : kCountedNames)
    if (each.name == unit) counted = &each;
  if (!counted)
    return no("'" + whole_unit + "' is no unit; write nothing for messages, B or bit, with k, M, G, T, Ki, Mi, Gi or Ti before it");
  amount.counted = counted->counted;
  amount.seconds = counted->seconds;
  if (slash == std::string_view::npos) return {amount, ""};
  for (const TimeName& each : kTimeNames)
    if (each.name == rest.substr(slash + 1) && counted->seconds == 0) amount.seconds = each.seconds;
  if (amount.seconds == 0 || counted->seconds != 0)
    return no("'" + std::string(rest.substr(slash)) + "' is no time to count for; write /s, /min, /h, /day or /month");
  return {amount, ""};
}

std::optional<std::int64_t> whole_of(const Amount& amount) {
  const __int128 all = static_cast<__int128>(amount.digits) * amount.times;
  if (all % amount.tenths != 0 || all / amount.tenths > kMostAmount) return std::nullopt;
  return static_cast<std::int64_t>(all / amount.tenths);
}

std::int64_t bytes_a_second(const Amount& amount, std::int64_t message_bytes) {
  const __int128 each = amount.counted == Counted::plain ? message_bytes : 1;
  const __int128 all = static_cast<__int128>(amount.digits) * amount.times * each;
  const __int128 parts = static_cast<__int128>(amount.tenths) * (amount.seconds == 0 ? 1 : amount.seconds) *
                         (amount.counted == Counted::bits ? 8 : 1);
  const __int128 bytes = (all + parts / 2) / parts;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return bytes > kMost ? kMost : static_cast<std::int64_t>(bytes);
}

}  // namespace nutshell

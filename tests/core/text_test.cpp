#include "sim/core/text.h"

#include <doctest/doctest.h>

#include <limits>

namespace nutshell {
namespace {

TEST_CASE("durations are read with their unit") {
  CHECK(parse_duration("500ms") == 500 * kMillisecond);
  CHECK(parse_duration("1.5s") == 1500 * kMillisecond);
  CHECK(parse_duration("12.5ms") == 12500 * kMicrosecond);
  CHECK(parse_duration("2m") == 2 * kMinute);
  CHECK(parse_duration("1.5m") == 90 * kSecond);
  CHECK(parse_duration("1h") == kHour);
  CHECK(parse_duration("7d") == 7 * 24 * kHour);
  CHECK(parse_duration("250us") == 250 * kMicrosecond);
  CHECK(parse_duration("10ns") == 10);
  CHECK(parse_duration("0.000000001s") == 1);
  CHECK(parse_duration("-3ms") == -3 * kMillisecond);
  CHECK(parse_duration("0.1s") == 100 * kMillisecond);
}

TEST_CASE("what is no duration is refused, not guessed") {
  for (const char* text : {"", "5", "ms", "5 ms", "5mss", "1e3ms", "+5ms", "--5ms", "5.ms", ".5ms", "1.2.3s", "0.5ns",
                           "0.0000000001s", "1,5s", "9223372036854775808ns", "99999999999h"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("integers of 64 bits") {
  CHECK(parse_integer("-12") == -12);
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const char* text : {"", "-", "9223372036854775808", "1.0", "0x10", " 1", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text).has_value());
  }
}

TEST_CASE("a duration is written short and exactly") {
  CHECK(format_duration(500 * kMillisecond) == "500ms");
  CHECK(format_duration(1500 * kMillisecond) == "1.5s");
  CHECK(format_duration(90 * kSecond) == "90s");
  CHECK(format_duration(2 * kMinute) == "2m");
  CHECK(format_duration(36 * kHour) == "36h");
  CHECK(format_duration(48 * kHour) == "2d");
  CHECK(format_duration(12345678) == "12.345678ms");
  CHECK(format_duration(250) == "250ns");
  CHECK(format_duration(0) == "0s");
  CHECK(format_duration(-1500 * kMillisecond) == "-1.5s");
}

TEST_CASE("what is written is read back the same") {
  const Duration durations[] = {
      1, 999, 1000, 1001, 12345678, kSecond + 1, kMinute - 1, 61 * kSecond, kHour + kSecond, kNever};
  for (Duration each : durations) {
    CAPTURE(each);
    CHECK(parse_duration(format_duration(each)) == each);
    CHECK(parse_duration(format_duration(-each)) == -each);
  }
}

TEST_CASE("a time is written in seconds with milliseconds") {
  CHECK(format_time(0) == "0.000s");
  CHECK(format_time(12345 * kMillisecond) == "12.345s");
  CHECK(format_time(12345 * kMillisecond + 999999) == "12.345s");
  CHECK(format_time(7 * kMillisecond) == "0.007s");
}

TEST_CASE("the nearest name") {
  const std::vector<std::string_view> keys = {"linger.ms", "batch.size", "acks", "retries"};
  CHECK(nearest_name("lingr.ms", keys) == "linger.ms");
  CHECK(nearest_name("linger", keys) == "linger.ms");
  CHECK(nearest_name("akcs", keys) == "acks");  // two letters exchanged
  CHECK(nearest_name("batchsize", keys) == "batch.size");
  CHECK(nearest_name("something.else", keys).empty());
  CHECK(nearest_name("acks", {}).empty());
}

}  // namespace
}  // namespace nutshell

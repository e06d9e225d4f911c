#include "sim/core/text.h"

#include <doctest/doctest.h>

#include <limits>

namespace nutshell {
namespace {

TEST_CASE("parts of a whole are read to the millionth") {
  CHECK(parse_ppm("0.5") == 500'000);
  CHECK(parse_ppm("1") == 1'000'000);
  CHECK(parse_ppm("1.0") == 1'000'000);
  CHECK(parse_ppm("0.000001") == 1);
  CHECK(parse_ppm("0") == 0);
  for (const char* text : {"", ".", "1.000001", "2", "-0.5", ".5", "0.", "0.1234567", "0.5 ", "half", "1e-1", "0.-5"})
    CHECK_FALSE(parse_ppm(text).has_value());
}

TEST_CASE("durations in ISO 8601 are read as Java reads them, and written") {
  CHECK(parse_iso_duration("PT1H30M") == 90 * kMinute);
  CHECK(parse_iso_duration("PT0.5S") == 500 * kMillisecond);
  CHECK(parse_iso_duration("P2DT3H") == 51 * kHour);
  CHECK(parse_iso_duration("P7D") == 7 * 24 * kHour);
  for (const char* text : {"", "P", "PT", "1h", "PT1", "P1H", "PT1D", "PT-1H", "P1DT", "PT1M1H", "pt1h", "PT1h"})
    CHECK_MESSAGE(!parse_iso_duration(text).has_value(), text);
  CHECK(format_iso_duration(0) == "PT0S");
  CHECK(format_iso_duration(36 * kHour + 500 * kMillisecond) == "PT36H0.5S");
  for (const Duration each : {Duration{1}, kSecond, 90 * kMinute, 61 * kHour, 3 * kHour + 25 * kMillisecond})
    CHECK(parse_iso_duration(format_iso_duration(each)) == each);
}

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
                           "0.0000000001s", "1,5s", "9223372036854775808ns", "99999999999h", "5s2m", "1m1m", "1.5m20s", "5m20", "5m 20s",
                           "5m-20s", "m5", "106751d1d"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("a duration may be several amounts, their units falling") {
  CHECK(parse_duration("5m20s") == 320 * kSecond);
  CHECK(parse_duration("1h0.5s") == kHour + 500 * kMillisecond);
  CHECK(parse_duration("42m13.108s") == 42 * kMinute + 13108 * kMillisecond);
  CHECK(parse_duration("-1d2h3m4s5ms6us7ns") ==
        -(26 * kHour + 3 * kMinute + 4 * kSecond + 5 * kMillisecond + 6 * kMicrosecond + 7));
  CHECK(parse_duration("9s500ms") == 9500 * kMillisecond);
}

TEST_CASE("integers of 64 bits") {
  CHECK(parse_integer("-12") == -12);
  CHECK(parse_integer("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", "-", "9223372036854775808", "-9223372036854775809", "1.0", "0x10", " 1", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text).has_value());
  }
}

TEST_CASE("a duration is written short and exactly") {
  CHECK(format_duration(500 * kMillisecond) == "500ms");
  CHECK(format_duration(1500 * kMillisecond) == "1.5s");
  CHECK(format_duration(90 * kSecond) == "90s");
  CHECK(format_duration(2 * kMinute) == "2m");
  CHECK(format_duration(320 * kSecond) == "5m20s");
  CHECK(format_duration(2533108 * kMillisecond) == "42m13.108s");
  CHECK(format_duration(kHour + 30 * kMinute) == "1h30m");
  CHECK(format_duration(kHour + 1) == "1h0.000000001s");
  CHECK(format_duration(36 * kHour) == "36h");
  CHECK(format_duration(48 * kHour) == "2d");
  CHECK(format_duration(12345678) == "12.345678ms");
  CHECK(format_duration(250) == "250ns");
  CHECK(format_duration(0) == "0s");
  CHECK(format_duration(-1500 * kMillisecond) == "-1.5s");
}

TEST_CASE("what is written is read back the same") {
  const Duration durations[] = {
      1, 999, 1000, 1001, 12345678, kSecond + 1, kMinute - 1, 61 * kSecond, kHour + kSecond, kNever,
      100 * kSecond, 100 * kSecond - 1, 100 * kSecond + 1, 25 * kHour, 49 * kHour + 7, 2533108 * kMillisecond};
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
  CHECK(format_time(99999 * kMillisecond) == "99.999s");
}

TEST_CASE("a long time is written in minutes and hours, with the fraction where there is one") {
  CHECK(format_time(100 * kSecond) == "1m40s");
  CHECK(format_time(2533 * kSecond) == "42m13s");
  CHECK(format_time(2533108 * kMillisecond + 999) == "42m13.108s");
  CHECK(format_time(kHour) == "1h");
  CHECK(format_time(-2533108 * kMillisecond) == "-42m13.108s");
  CHECK(format_time(12 * kHour - kMillisecond) == "11h59m59.999s");
  // Whatever is printed can be typed again, and there is room for it.
  std::uint64_t at = 1;
  for (int i = 0; i < 2000; ++i) {
    at = (at * 6364136223846793005u + 1442695040888963407u);
    const Time time = static_cast<Time>(at >> 20) % (12 * kHour);
    CAPTURE(time);
    CHECK(parse_duration(format_time(time)) == time / kMillisecond * kMillisecond);
    CHECK(format_time(time).size() <= widest_time(time).size());
    CHECK(format_time(time).size() <= widest_time(12 * kHour).size());
  }
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

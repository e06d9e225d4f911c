// How long the offsets of a log last, by arithmetic that stands beside it.
#include "sim/log/log_pace.h"

#include <doctest/doctest.h>

#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

// A record of 100 bytes every `gap`.
Log log_of(Records& records, std::int64_t count, Duration gap) {
  Log log;
  for (std::int64_t i = 0; i < count; ++i) {
    Batch batch = batch_of(1, static_cast<std::uint64_t>(i), i * gap);
    batch.first_record = store_record(records, i * gap);
    log.append_as_leader(batch, 0, kDefaults, i * gap);
  }
  log.raise_high_watermark(count);
  return log;
}

}  // namespace

TEST_CASE("offsets last as long as 2^63 by the pace of the last ten seconds says") {
  Records records;
  const Log log = log_of(records, 400, 100 * kMillisecond);  // 40 s, ten a second
  const LogPace pace = pace_of(log, records, 40 * kSecond);
  CHECK(pace.records_per_day == 864'000);
  CHECK(pace.bytes_per_day == 86'400'000);
  // 2^63 = 9.22e18 by 8.64e5 a day: 1.0675e13 days
  CHECK(pace.days_left / 1'000'000'000 == 10'675);
  CHECK(pace_of(log, records, 100 * kSecond).records_per_day == 0);  // nothing has come for a minute
  CHECK(pace_of(log, records, 100 * kSecond).days_left == 0);
  CHECK(pace_of(Log(), records, kSecond).days_left == 0);
}

TEST_CASE("large numbers in words, small ones as they are") {
  CHECK(large_number(999'999) == "999999");
  CHECK(large_number(1'000'000) == "1.00 million");
  CHECK(large_number(9'223'372) == "9.22 million");
  CHECK(large_number(25'270'000'000) == "25.2 billion");
  CHECK(large_number(107'000'000'000) == "107 billion");
  CHECK(large_bytes(999) == "999 B");
  CHECK(large_bytes(1'050'000'000'000) == "1.05 TB");
  CHECK(large_bytes(86'400'000) == "86.4 MB");
}

}  // namespace nutshell

// Sweeps over random logs, by a second way of computing: which segments stay is decided from the end of the log, and one
// condition at a time.
#include "sim/log/log_retention.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "sim/core/random.h"
#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

struct File {
  Offset base = 0, end = 0;
  std::int64_t bytes = 0;
  Time newest = 0;
};

std::vector<File> files_of(const Log& log) {
  std::vector<File> files;
  for (const Segment& each : log.segments()) files.push_back({each.base_offset, log.log_end_offset(), each.size_in_bytes, each.newest()});
  for (std::size_t i = 0; i + 1 < files.size(); ++i) files[i].end = files[i + 1].base;
  return files;
}

// Drops from the front while the predicate holds for a file and what is left with it.
template <class Goes>
void drop(std::vector<File>& files, Offset high_watermark, Goes goes) {
  while (!files.empty() && files.front().end <= high_watermark && files.front().bytes > 0 && goes(files)) files.erase(files.begin());
}

std::int64_t bytes_of(const std::vector<File>& files) {
  std::int64_t bytes = 0;
  for (const File& each : files) bytes += each.bytes;
  return bytes;
}

std::vector<File> left(const Log& log, const Retention& retention, Time now) {
  std::vector<File> files = files_of(log);
  const Offset start = std::min(log.log_start_offset(), log.high_watermark());
  while (files.size() > 1 && files.front().end <= start) files.erase(files.begin());
  if (!retention.deletes) return files;
  if (retention.bytes >= 0)
    drop(files, log.high_watermark(), [&](const auto& all) { return bytes_of(all) - all.front().bytes >= retention.bytes; });
  if (retention.time >= 0)
    drop(files, log.high_watermark(), [&](const auto& all) { return all.front().newest < now - retention.time; });
  if (retention.messages >= 0)
    drop(files, log.high_watermark(), [&](const auto& all) { return all.back().end - all.front().end >= retention.messages; });
  return files;
}

TEST_CASE("L9, L10: a sweep takes what is below the start, too large or too old, and nothing else") {
  std::size_t emptied = 0, deleted_some = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    std::uint64_t nth = 0;
    const auto pick = [&](std::uint64_t limit) { return below(draw(seed, Purpose::fuzz, 3, nth++), limit); };
    LogConfig config;
    config.segment_bytes = 500;
    Log log;
    Time now = 0;
    for (std::uint64_t i = 1 + pick(40); i > 0; --i) {
      now += static_cast<Time>(pick(50));
      const Time at = pick(8) == 0 ? kNoTimestamp : now - static_cast<Time>(pick(30)) + (pick(10) == 0 ? 500 : 0);
      log.append_as_leader(batch_of(static_cast<std::int32_t>(1 + pick(3)), i, at), 0, config, now);
    }
    log.raise_high_watermark(log.log_end_offset() - static_cast<Offset>(pick(2) ? 0 : pick(6)) % (log.log_end_offset() + 1));
    if (pick(3) == 0) log.raise_log_start_offset(static_cast<Offset>(pick(static_cast<std::uint64_t>(log.high_watermark()) + 1)));
    Retention retention;
    retention.deletes = pick(6) != 0;
    retention.time = pick(3) == 0 ? -1 : static_cast<Time>(pick(600));
    retention.bytes = pick(3) == 0 ? -1 : static_cast<std::int64_t>(pick(8) == 0 ? 0 : pick(4000));
    if (pick(3) == 0) retention.messages = static_cast<std::int64_t>(pick(30));
    if (pick(2)) now += static_cast<Time>(pick(1500));
    const std::vector<File> before = files_of(log);
    const std::vector<File> expected = left(log, retention, now);
    const Offset start = log.log_start_offset(), mark = log.high_watermark(), end = log.log_end_offset();
    const auto deleted = delete_old_segments(log, retention, config, now);
    const std::vector<File> after = files_of(log);
    CAPTURE(seed);
    REQUIRE(deleted.size() == before.size() - expected.size());
    std::vector<Offset> bases, wanted;
    for (const File& each : after) bases.push_back(each.base);
    for (const File& each : expected) wanted.push_back(each.base);
    if (wanted.empty()) wanted.push_back(end), ++emptied;
    REQUIRE(bases == wanted);
    REQUIRE(log.log_start_offset() == std::max(start, deleted.empty() ? 0 : wanted.front()));
    REQUIRE(log.high_watermark() == mark);
    REQUIRE(log.log_end_offset() == end);
    if (!deleted.empty()) ++deleted_some;
    for (std::size_t i = 0; i < deleted.size(); ++i) REQUIRE(deleted[i].base_offset == before[i].base);
  }
  CHECK(emptied > 10);
  CHECK(deleted_some > 100);
}

// One batch a segment, at 0, 100 and 200; now is 200.
TEST_CASE("L9: at its very age a segment stays, and goes when just as many offsets are left as are wanted") {
  const auto deleted = [](Duration time, std::int64_t messages) {
    LogConfig config;
    config.segment_bytes = 100;
    Log log;
    for (const Time at : {0, 100, 200}) log.append_as_leader(batch_of(1, static_cast<std::uint64_t>(at), at), 0, config, at);
    log.raise_high_watermark(3);
    Retention retention;
    retention.deletes = true;
    retention.time = time;
    retention.bytes = -1;
    retention.messages = messages;
    return delete_old_segments(log, retention, config, 200).size();
  };
  CHECK(deleted(100, -1) == 1);
  CHECK(deleted(99, -1) == 2);
  CHECK(deleted(0, -1) == 2);  // all that is older than now
  CHECK(deleted(-1, -1) == 0);
  CHECK(deleted(-1, 2) == 1);
  CHECK(deleted(-1, 1) == 2);
}

}  // namespace
}  // namespace nutshell

// What is left of random logs after kills and losses of power, by a second way of computing: a plain list of batches, of which
// each knows whether it is on the disk, and whether it is what was written (L7, N4).
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "sim/core/random.h"
#include "tests/log/log_fixture.h"

namespace nutshell {
namespace {

struct Written {
  Offset base = 0, end = 0;
  int segment = 0;  // the how manieth
  bool on_disk = false;
  bool damaged = false;
};

constexpr std::int64_t kSegment = 1000;

struct ListedLog {
  std::vector<Written> batches;
  int segment = 0;
  Offset high_watermark = 0, looked_through = 0;  // recovery point: what lies below is not looked through
  Offset mark_file = 0, point_file = 0;           // the checkpoints
  bool lies = false;

  Offset end() const { return batches.empty() ? 0 : batches.back().end; }
  std::int64_t bytes() const {
    std::int64_t sum = 0;
    for (const Written& each : batches)
      if (each.segment == segment) sum += 100 * (each.end - each.base);
    return sum;
  }
  void flush() {
    looked_through = end();
    if (!lies)
      for (Written& each : batches) each.on_disk = true;
  }
  void append(Offset count) {
    const std::int64_t held = bytes();
    if (held > 0 && held + 100 * count > kSegment) {
      flush();
      ++segment;
    }
    batches.push_back({end(), end() + count, segment, false, false});
  }
  void keep(std::size_t count) {
    if (count < batches.size()) segment = batches[count].segment;  // and be it that nothing is left in it
    batches.resize(count);
    high_watermark = std::min(high_watermark, end());
    looked_through = std::min(looked_through, end());
  }
  std::size_t flushed() const {
    std::size_t count = 0;
    while (count < batches.size() && batches[count].on_disk) ++count;
    return count;
  }
  // Torn: half of what was only in memory has come to the disk, the last of it not whole.
  void lose_power(bool torn) {
    const std::size_t safe = flushed(), lost = batches.size() - safe;
    if (!torn || lost == 0) return keep(safe);
    keep(safe + (lost + 1) / 2);
    batches.back().damaged = true;
    for (std::size_t i = safe; i + 1 < batches.size(); ++i) batches[i].on_disk = true;
  }
  void start() {
    high_watermark = std::min(mark_file, end());
    looked_through = std::min(point_file, end());
    if (looked_through >= end()) return;
    int first = 0;  // the segment that holds the recovery point
    for (const Written& each : batches)
      if (each.base <= looked_through) first = each.segment;
    for (std::size_t i = 0; i < batches.size(); ++i)
      if (batches[i].damaged && batches[i].segment >= first) return keep(i);
  }
};

struct Fate {
  Log log;
  ListedLog model;
  std::size_t torn = 0, cut = 0, passed_over = 0;

  void check() {
    REQUIRE(log.log_end_offset() == model.end());
    REQUIRE(log.high_watermark() == model.high_watermark);
    REQUIRE(log.recovery_point() == model.looked_through);
    REQUIRE(log.flushed_offset() == (model.flushed() == 0 ? 0 : model.batches[model.flushed() - 1].end));
    REQUIRE(log.batches().size() - log.batches().begin_index() == model.batches.size());
    for (std::size_t i = 0; i < model.batches.size(); ++i) {
      const Batch& batch = log.batches()[i];
      REQUIRE(batch.base_offset == model.batches[i].base);
      REQUIRE(batch.next_offset() == model.batches[i].end);
      REQUIRE(log.is_damaged(batch) == model.batches[i].damaged);
    }
  }
  void crash(int how) {
    const Offset before = log.log_end_offset();
    if (how == 1) log.crash_unflushed();
    if (how == 2) log.crash_torn();
    if (how > 0) model.lose_power(how == 2);
    torn += how == 2 && log.has_damage();
    check();
    const Offset left = log.log_end_offset();
    REQUIRE((how > 0 || left == before));
    log.restart();
    log.recover();
    model.start();
    cut += log.log_end_offset() < left;
    passed_over += log.has_damage();
  }
};

void befall(Fate& fate, std::uint64_t what, std::uint64_t luck) {
  Log& log = fate.log;
  ListedLog& model = fate.model;
  LogConfig config;
  config.segment_bytes = kSegment;
  const auto count = static_cast<Offset>(1 + luck % 4);
  switch (what) {
    case 0: log.flush(); return model.flush();
    case 1: log.checkpoint_recovery_point(), model.point_file = model.looked_through; return;
    case 2: log.checkpoint_high_watermark(), model.mark_file = model.high_watermark; return;
    case 3:
      model.high_watermark = std::max(model.high_watermark, model.end() - static_cast<Offset>(luck % 3) * (model.end() > 8 ? 1 : 0));
      log.raise_high_watermark(model.high_watermark);
      return;
    case 4: return fate.crash(static_cast<int>(luck % 3));
    case 5:
      model.lies = luck % 3 == 0;
      return log.let_flushes_lie(model.lies);
    case 6: {  // one that was written well goes bad
      if (model.batches.empty()) return;
      Written& bad = model.batches[luck % model.batches.size()];
      if (!bad.damaged) log.damage(bad.base);
      bad.damaged = true;
      return;
    }
    default: log.append_as_leader(batch_of(static_cast<std::int32_t>(count), luck), 0, config, 0), model.append(count);
  }
}

TEST_CASE("L7, N4: what kills and losses of power leave of random logs is what a plain list says") {
  std::size_t torn = 0, cut = 0, passed_over = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    std::uint64_t nth = 0;
    const auto pick = [&](std::uint64_t limit) { return below(draw(seed, Purpose::fuzz, 4, nth++), limit); };
    Fate fate;
    for (int i = 0; i < 120; ++i) {
      const std::uint64_t what = pick(24);
      befall(fate, what, pick(1000));
      fate.check();
    }
    torn += fate.torn;
    cut += fate.cut;
    passed_over += fate.passed_over;
  }
  CHECK(torn > 100);
  CHECK(cut > 100);
  CHECK(passed_over > 100);  // damage below the recovery point is not looked for
}

}  // namespace
}  // namespace nutshell

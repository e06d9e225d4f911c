// A long history: going back a step, jumping anywhere, and what the way there costs.
#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "sim/history/timeline.h"
#include "tests/bench/cases.h"

namespace nutshell {

namespace {

// From the end of the history goes somewhere, 300 times; prints the mean and the slowest.
template <class Visit>
void visits(Bench& bench, const char* name, Timeline& timeline, Visit visit) {
  std::int64_t slowest = 0;
  const Step length = timeline.furthest();
  const std::int64_t count = bench.scaled(300);
  bench.run(name, count, [&](Stopwatch& watch) {
    std::uint64_t digest = 0;
    std::int64_t slowest_now = 0;
    timeline.seek(length);
    watch.start();
    for (std::int64_t i = 0; i < count; ++i) {
      Stopwatch one;
      one.start();
      visit(timeline, avalanche(static_cast<std::uint64_t>(i)) % length);
      one.stop();
      slowest_now = std::max(slowest_now, one.nanoseconds());
      digest = mix(digest, timeline.world().fabric.digest);
    }
    watch.stop();
    slowest = slowest == 0 ? slowest_now : std::min(slowest, slowest_now);
    return digest;
  });
  std::printf("  the slowest: %" PRId64 " us\n", slowest / 1000);
}

}  // namespace

void bench_history(Bench& bench) {
  Timeline timeline(steady_setup(20 * kMillisecond), {});
  const std::int64_t length = bench.scaled(1'000'000);
  bench.run("a million steps, kept and judged", length, [&](Stopwatch& watch) {
    Timeline fresh(steady_setup(20 * kMillisecond), {});
    watch.start();
    while (fresh.position() < static_cast<Step>(length)) fresh.step();
    watch.stop();
    timeline = std::move(fresh);
    return timeline.world().fabric.digest;
  });
  std::printf("  checkpoints: %zu MiB, one in %" PRIu64 " steps; %zu facts\n", timeline.checkpoint_bytes() >> 20,
              static_cast<std::uint64_t>(timeline.checkpoint_spacing()), timeline.facts().size());
  visits(bench, "seek anywhere in them", timeline, [](Timeline& moved, Step to) { moved.seek(to + 1); });
  visits(bench, "step back, and again", timeline, [](Timeline& moved, Step) { moved.step_back(); });
  visits(bench, "seek, and step back from there", timeline, [](Timeline& moved, Step to) {
    moved.seek(to + 1);
    moved.step_back();
  });
}

}  // namespace nutshell

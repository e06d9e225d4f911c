// Frames of the front end: from the world to the draw list, without a graphics card.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "sim/scenario/read.h"
#include "tests/bench/cases.h"
#include "viz/app/app.h"

namespace nutshell {

namespace {

constexpr std::int64_t kFrames = 200;

// 12 brokers, 200 partitions, a broker dead.
constexpr const char* kBigCluster = R"({
  "title": "Big cluster", "opens": "12s", "until": "40s", "cluster": {"brokers": 12},
  "topics": [{"name": "orders", "partitions": 100, "replication_factor": 3},
             {"name": "clicks", "partitions": 100, "replication_factor": 3}],
  "producers": [{"name": "shop", "topic": "orders", "every": "5ms"}, {"name": "web", "topic": "clicks", "every": "5ms"}],
  "consumers": [{"name": "a", "group": "billing", "topics": ["orders"]},
                {"name": "b", "group": "search", "topics": ["clicks"]}],
  "script": [{"at": "20s", "do": "crash", "node": "broker 7"}]})";

// 3 brokers, 3 partitions, at the usual pace.
constexpr const char* kSmallCluster = R"({
  "title": "Small cluster", "opens": "12s", "until": "40s",
  "topics": [{"name": "orders", "partitions": 3, "replication_factor": 3}],
  "producers": [{"name": "shop", "topic": "orders", "every": "100ms"}],
  "consumers": [{"name": "a", "group": "billing", "topics": ["orders"]}, {"name": "b", "group": "billing", "topics": ["orders"]}]})";

Scenario scenario_of(const char* text) {
  LoadResult result = parse_scenario(text, "bench.json");
  if (!result.scenario) {
    std::fprintf(stderr, "%s\n", to_text(result.problems).c_str());
    std::exit(1);
  }
  return std::move(*result.scenario);
}

void frames(Bench& bench, const char* name, const char* text, bool playing) {
  const std::unique_ptr<Window> window = open_null_window(1280, 720);
  App app(*window, {}, {});
  app.open(scenario_of(text));
  if (!app.prepare().empty()) return;
  bench.run(name, kFrames, [&](Stopwatch& watch) {
    app.session().go_to_time(29 * kSecond);
    if (playing != app.session().playing()) app.obey({CommandName::play_pause, 0});
    app.frame(0);
    watch.start();
    for (std::int64_t i = 0; i < kFrames; ++i) app.frame(playing ? kSecond / 60 : 0);
    watch.stop();
    return app.session().world().fabric.digest;
  });
}

}  // namespace

void bench_frame(Bench& bench) {
  frames(bench, "frame, 3 brokers x 3 partitions, paused", kSmallCluster, false);
  frames(bench, "frame, 3 brokers x 3 partitions, playing", kSmallCluster, true);
  frames(bench, "frame, 12 brokers x 200 partitions, paused", kBigCluster, false);
  frames(bench, "frame, 12 brokers x 200 partitions, playing", kBigCluster, true);
}

}  // namespace nutshell

// Frames of the front end: our share, from the world to the draw list, and the whole, drawn into memory by OpenGL.
#include <imgui.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/scenario/read.h"
#include "tests/allocations.h"
#include "tests/bench/cases.h"
#include "viz/app/app.h"

namespace nutshell {

namespace {

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

// Two ksqlDB servers count views by minute, sixty of them; what is seen is their board.
std::string servers_board() {
  std::string text = R"({
  "title": "Board", "view": "topology", "opens": "12s", "until": "60s", "cluster": {"brokers": 1, "controllers": 1,
    "config": {"offsets.topic.num.partitions": 1, "offsets.topic.replication.factor": 1}},
  "ksqldb_servers": [{"name": "K1"}, {"name": "K2"}],
  "script": [
    {"at": "2s", "do": "ksql", "server": "K1", "statement": "SET 'auto.offset.reset'='earliest';
      CREATE STREAM views (userid VARCHAR KEY, regionid VARCHAR) WITH (KAFKA_TOPIC='views', VALUE_FORMAT='JSON', PARTITIONS=3);"},
    {"at": "4s", "do": "ksql", "server": "K1", "statement": "CREATE TABLE per_minute AS SELECT regionid, count(*) FROM views
      WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY regionid EMIT CHANGES;"})";
  std::replace(text.begin() + static_cast<std::ptrdiff_t>(text.find("SET ")), text.end(), '\n', ' ');
  const char* regions[] = {"eu", "us", "apac"};
  for (int i = 0; i < 60; ++i)
    text += R"(, {"at": ")" + std::to_string(13000 + i * 250) + R"(ms", "do": "ksql", "server": "K1", "statement": )" +
            R"("INSERT INTO views (ROWTIME, userid, regionid) VALUES ()" + std::to_string(i * 5000) + ", 'u" + std::to_string(i % 9) +
            "', '" + regions[i % 3] + R"(');"})";
  return text + "]}";
}

// A million steps in half an hour.
std::string long_run(Bench& bench) {
  return R"({
  "title": "Long run", "opens": "12s", "until": ")" + std::to_string(bench.scaled(1800) + 12) + R"(s",
  "topics": [{"name": "orders", "partitions": 12, "replication_factor": 3}],
  "producers": [{"name": "shop", "topic": "orders", "every": "20ms"}],
  "consumers": [{"name": "a", "group": "billing", "topics": ["orders"]},
                {"name": "b", "group": "billing", "topics": ["orders"]}]})";
}

Scenario scenario_of(std::string_view text) {
  LoadResult result = parse_scenario(text, "bench.json");
  if (!result.scenario) {
    std::fprintf(stderr, "%s\n", to_text(result.problems).c_str());
    std::exit(1);
  }
  return std::move(*result.scenario);
}

// Time stands still at 29 s, or goes by at the usual pace.
void frames(Bench& bench, const std::string& name, Window& window, const char* text, bool playing) {
  App app(window, {}, {});
  app.open(scenario_of(text));
  if (!app.prepare().empty()) return;
  const std::int64_t count = bench.scaled(200);
  std::int64_t allocated = 0;
  Step steps = 0;
  bench.run(name + (playing ? ", playing" : ", paused"), count, [&](Stopwatch& watch) {
    app.session().go_to_time(29 * kSecond);
    if (playing != app.session().playing()) app.obey({CommandName::play_pause, 0, {}});
    for (int i = 0; i < 3; ++i) app.frame(0);
    const std::int64_t before = testing::allocations();
    const Step taken = app.session().timeline().taken();
    watch.start();
    for (std::int64_t i = 0; i < count; ++i) app.frame(playing ? kSecond / 60 : 0);
    watch.stop();
    allocated = testing::allocations() - before;
    steps = app.session().timeline().taken() - taken;
    return app.session().world().fabric.digest;
  });
  std::printf("  of a frame: %" PRId64 " allocations, %" PRId64 " steps\n", allocated / count,
              static_cast<std::int64_t>(steps) / count);
}

void both(Bench& bench, const std::string& where, Window& window) {
  for (const bool playing : {false, true}) {
    frames(bench, where + ", 3 brokers x 3 partitions", window, kSmallCluster, playing);
    frames(bench, where + ", 12 brokers x 200 partitions", window, kBigCluster, playing);
    frames(bench, where + ", the board of two ksqlDB servers", window, servers_board().c_str(), playing);
  }
}

// The mouse drags the scrubber to and fro through a million steps; prints the slowest frame as well.
void scrubbing(Bench& bench) {
  const std::int64_t moves = bench.scaled(120);
  const std::unique_ptr<Window> window = open_null_window(1280, 720);
  App app(*window, {}, {});
  app.open(scenario_of(long_run(bench)));
  if (!app.prepare().empty()) return;
  while (app.session().known_until() < app.session().scenario().until) app.frame(0);
  std::printf("a run of %" PRId64 " steps\n", static_cast<std::int64_t>(app.session().end()));
  ImGuiIO& io = ImGui::GetIO();
  const float y = 720 - panel_sizes(app.panels(), {0, 0, 1280, 720}).timeline / 2;
  std::int64_t slowest = 0;
  bench.run("the scrubber is dragged through it: a frame", moves, [&](Stopwatch& watch) {
    std::uint64_t digest = 0;
    slowest = 0;
    io.MouseDown[0] = false;
    app.frame(0);
    watch.start();
    for (std::int64_t i = 0; i < moves; ++i) {
      Stopwatch one;
      io.MousePos = {200.0F + static_cast<float>((i * 397) % 1000), y};
      io.MouseDown[0] = true;
      one.start();
      app.frame(kSecond / 60);
      one.stop();
      slowest = std::max(slowest, one.nanoseconds());
      digest = mix(digest, app.session().world().fabric.digest);
    }
    watch.stop();
    return digest;
  });
  std::printf("  the slowest: %" PRId64 " us\n", slowest / 1000);
}

}  // namespace

void bench_frame(Bench& bench) {
  both(bench, "our share", *open_null_window(1280, 720));
  std::string error;
  if (const std::unique_ptr<Window> window = open_offscreen_window(1280, 720, error)) both(bench, "whole frame", *window);
  else std::printf("no whole frames: %s\n", error.c_str());
  scrubbing(bench);
}

}  // namespace nutshell

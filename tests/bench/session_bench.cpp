// A session under a person's hands: what acting, going on and looking for a difference cost after so many minutes.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "sim/scenario/read.h"
#include "sim/session/session.h"
#include "tests/bench/cases.h"

namespace nutshell {

namespace {

// A lesson's cluster, for `until`.
Scenario classroom(std::string_view until) {
  LoadResult result = parse_scenario(R"({
    "title": "Classroom", "opens": "12s", "until": ")" + std::string(until) + R"(",
    "topics": [{"name": "orders", "partitions": 3, "replication_factor": 3}],
    "producers": [{"name": "shop", "topic": "orders", "every": "100ms"}],
    "consumers": [{"name": "a", "group": "billing", "topics": ["orders"]}, {"name": "b", "group": "billing", "topics": ["orders"]}],
    "beats": [{"on": "leader_elected", "say": "A leader is elected."}]})", "bench.json");
  if (result.scenario) return std::move(*result.scenario);
  std::fprintf(stderr, "%s\n", to_text(result.problems).c_str());
  std::exit(1);
}

ActionBody killing(BrokerId broker) { return Crash{"broker " + std::to_string(broker)}; }

void after(Bench& bench, const std::string& minutes, Time until) {
  const auto at_end = [&](Session& session) { session.go_to_time(until - kSecond); };
  const auto timed = [&](const std::string& what, auto prepare, auto body) {
    bench.run(what + " after " + minutes, 1, [&](Stopwatch& watch) {
      Session session(classroom(minutes));
      at_end(session);
      prepare(session);
      watch.start();
      body(session);
      watch.stop();
      return session.timeline().digest();
    });
  };
  const auto nothing = [](Session&) {};
  const auto act = [](Session& session) { session.act(killing(1)); };
  timed("act", nothing, act);
  timed("act in the first minute", [](Session& session) { session.go_to_time(30 * kSecond); }, act);
  timed("undo", act, [](Session& session) { session.undo(); });
  const auto goes_on = [&](Session& session) {
    const Time known = session.scenario().until;
    if (!session.playing()) session.obey({CommandName::play_pause, 0, {}});
    while (session.scenario().until == known) session.pass(kSecond / 60);
  };
  timed("an open branch goes on", [&](Session& session) {
    act(session);
    session.go_to_time(session.scenario().until - 5 * kSecond - kMillisecond);
  }, goes_on);
  timed("two side by side", act, [](Session& session) { session.compare_with(0); });
}

}  // namespace

void bench_session(Bench& bench) {
  after(bench, "1m", kMinute);
  after(bench, "10m", 10 * kMinute);
}

}  // namespace nutshell

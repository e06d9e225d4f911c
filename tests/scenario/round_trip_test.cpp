// What is written is read back as the same value.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "sim/core/alternatives.h"
#include "sim/core/digest.h"
#include "sim/kafka/config_keys.h"
#include "sim/scenario/action_json.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"
#include "tests/scenario/scenario_texts.h"

namespace nutshell {
namespace {

void fill(std::string& field) { field = "broker 2"; }
void fill(bool& field) { field = true; }
template <std::int64_t Low, std::int64_t High>
void fill(Whole<Low, High>& field) { field = 3; }
void fill(Span& field) { field.ns = 1234567; }

std::set<std::string> shipped_files() {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(NUTSHELL_SOURCE_DIR) + "/scenarios")) {
    const std::string path = entry.path().string();
    if (entry.path().extension() == ".json" && path.find(".schema.") == std::string::npos) files.insert(path);
  }
  return files;
}

}  // namespace

TEST_CASE("every action survives being written and read") {
  for_each_alternative<ActionVariant>([](auto body) {
    for_each_field(body, [](std::string_view, auto& field) { fill(field); });
    const Action action{1500 * kMillisecond, body};
    const std::string text = to_tidy_text(to_json(action));
    std::vector<Problem> problems;
    const JsonPlaces places("f.json", text, problems);
    JsonSource reading{"f.json", places, problems};
    const std::optional<Action> again = read_action(reading, Json::parse(text), "");
    CHECK_MESSAGE(problems.empty(), text << to_text(problems));
    REQUIRE_MESSAGE(again, text);
    CHECK_MESSAGE(digest_of(*again) == digest_of(action), text);
  });
}

TEST_CASE("every shipped scenario survives being written and read") {
  REQUIRE(!shipped_files().empty());
  for (const std::string& file : shipped_files()) {
    const LoadResult first = load_scenario(file);
    REQUIRE_MESSAGE(first.scenario, to_text(first.problems));
    const std::string text = write_scenario(*first.scenario);
    const LoadResult second = parse_scenario(text, file);
    REQUIRE_MESSAGE(second.scenario, to_text(second.problems) << text);
    CHECK_MESSAGE(digest_of(*second.scenario) == digest_of(*first.scenario), file << "\n" << text);
    CHECK(write_scenario(*second.scenario) == text);
  }
}

TEST_CASE("a scenario with everything in it survives being written and read") {
  const std::string text = R"({
    "title": "Größe \"x\"", "about": "a\nb", "corrects": "c", "chapter": "d", "notes": ["e", "f"],
    "view": "log", "opens": "1s", "until": "20s", "seed": 12,
    "cluster": {"brokers": 4, "controllers": 5, "config": {"unclean.leader.election.enable": true, "request.timeout.ms": "1s"}},
    "network": {"latency": "1ms", "jitter": "2us", "tail": "3s", "tail_ppm": 4, "loss_ppm": 5, "duplicate_ppm": 6,
                "reorder_ppm": 7, "reorder_delay": "8ms", "bytes_per_second": 9000000},
    "topics": [{"name": "a", "partitions": 2, "replication_factor": 3, "config": {"min.insync.replicas": 2}},
               {"name": "b", "assignment": [[3, 1], [2, 4]]}],
    "producers": [{"name": "p", "topic": "a", "every": "10ms", "records": 2, "limit": 50, "record_bytes": 10, "partition": 1,
                   "keys": ["k1", "k2"], "key_choice": "random", "config": {"acks": 1, "linger.ms": 0}, "start": "2s", "stop": "9s"},
                  {"name": "q", "topic": "a", "config": {"enable.idempotence": true}}],
    "consumers": [{"name": "c", "group": "g", "topics": ["a", "b"], "processing": "3ms", "commit": "before_processing",
                   "config": {"enable.auto.commit": false}, "start": "3s", "stop": "8s"}],
    "script": [{"at": "5s", "do": "heal"},
               {"when": {"fact": "node_crashed", "where": {"node": "leader of a-0"}, "nth": 2, "after": "1m40.5s"}, "do": "crash",
                "node": "active controller"}, {"at": "4s", "do": "set_clock", "node": "Q5", "offset": "-3ms"}],
    "beats": [{"at": "2s", "say": "x", "pause": true},
              {"on": "slowed", "say": "y"}],
    "expect": [{"holds": "acked_records_survive", "where": {"topic": "a", "partition": 1, "group": "g"}},
               {"sum": "count", "over": "records_acked", "where": {"producer": "p"}, "after": "1s", "equals": 0},
               {"happens": "leader_elected", "where": {"previous": "leader of a-0", "leader": 2}}, {"breaks": "no_duplicates"},
               {"happens": "isr_shrunk", "where": {"topic": "a", "broker": 2, "by_leader": true},
                "after": "1s", "before": "3s", "times": 2},
               {"happens": "isr_shrunk", "at_least": 1, "at_most": 4, "within": "3s", "of": {"happens": "node_crashed", "nth": 2}},
               {"happens": "isr_shrunk", "after": "1s", "before": "3s", "of": {"happens": "node_crashed"}},
               {"never": "records_failed", "where": {"error": "REQUEST_TIMED_OUT"}},
               {"value": "topics/a/0/Isr", "equals": "1,2", "at": "3s"}, {"value": "topics/a/0/Leader", "at_least": 1, "at_most": 2},
               {"value": "brokers/1/State", "equals": "x", "at": {"happens": "node_crashed", "where": {"node": "broker 1"}}}]
  })";
  std::string right = text;
  const std::size_t at = right.find(R"("on": "slowed")");
  right.replace(at, 14, R"("on": "node_slowed", "where": {"node": "broker 1", "per_message": "1.5ms"}, "nth": 2,
               "ask": "?", "choices": [{"say": "1", "if": {"never": "isr_shrunk"}}, {"say": "2", "if": {"happens": "isr_shrunk"}}])");
  CHECK(mistakes(text).size() == 1);
  const LoadResult first = parse_scenario(right, "f.json");
  REQUIRE_MESSAGE(first.scenario, to_text(first.problems));
  const std::string written = write_scenario(*first.scenario);
  const LoadResult second = parse_scenario(written, "f.json");
  REQUIRE_MESSAGE(second.scenario, to_text(second.problems) << written);
  CHECK_MESSAGE(digest_of(*second.scenario) == digest_of(*first.scenario), written);
}

// What is read of it, as "p's 1000 q's 200 ...": the longest pause before a client connects again.
std::string longest_pauses(const Scenario& scenario) {
  std::string text;
  for (const ProducerSetup& each : scenario.setup.producers)
    text += each.name + " " + get_config(each.spec.config, "reconnect.backoff.max.ms") + " ";
  return text;
}

TEST_CASE("what was said of reconnect.backoff, and what was not, survives being written and read") {
  const LoadResult first = parse_scenario(R"({"title": "t", "until": "20s", "topics": [{"name": "a"}], "producers": [
    {"name": "both", "topic": "a", "config": {"reconnect.backoff.ms": 200, "reconnect.backoff.max.ms": 1000}},
    {"name": "most", "topic": "a", "config": {"reconnect.backoff.max.ms": 1000}},
    {"name": "alone", "topic": "a", "config": {"reconnect.backoff.ms": 200}},
    {"name": "usual", "topic": "a", "config": {"reconnect.backoff.ms": 50}},
    {"name": "neither", "topic": "a"}]})", "f.json");
  REQUIRE_MESSAGE(first.scenario, to_text(first.problems));
  CHECK(longest_pauses(*first.scenario) == "both 1000 most 1000 alone 200 usual 50 neither 1000 ");
  const std::string written = write_scenario(*first.scenario);
  const LoadResult second = parse_scenario(written, "f.json");
  REQUIRE_MESSAGE(second.scenario, to_text(second.problems) << written);
  CHECK(longest_pauses(*second.scenario) == longest_pauses(*first.scenario));
  for (std::size_t i = 0; i < 3; ++i) {  // a hand that sets one of them later meets the same
    Scenario a = *first.scenario, b = *second.scenario;
    for (Scenario* each : {&a, &b}) REQUIRE(set_config(each->setup.producers[i].spec.config, "reconnect.backoff.ms", "300").empty());
    CHECK(longest_pauses(a) == longest_pauses(b));
  }
}

TEST_CASE("written text is tidy: what fits a line stands on one") {
  const LoadResult result =
      parse_scenario(small_cluster(R"("script": [{"at": "12s", "do": "crash", "node": "broker 1"}])"), "f.json");
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  CHECK(write_scenario(*result.scenario) == R"({
  "$schema": "./scenario.schema.json",
  "title": "t",
  "until": "20s",

  "cluster": { "brokers": 3, "controllers": 3 },
  "topics": [{ "name": "orders", "partitions": 3 }],
  "producers": [{ "name": "shop", "topic": "orders" }],
  "consumers": [{ "name": "c1", "group": "g", "topics": ["orders"] }],

  "script": [{ "at": "12s", "do": "crash", "node": "broker 1" }]
}
)");
}

}  // namespace nutshell

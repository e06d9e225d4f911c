// ksqlDB servers on the simulated cluster: the talk's statement, and what a crash makes of it. Expected rows come from the engine
// without a cluster (sim/streams/engine.h), to which the same rows are given: a second way.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sim/streams/parser.h"
#include "tests/ksql/lab.h"

namespace nutshell {
namespace {

// What the engine without a cluster makes of the same statements.
std::vector<std::vector<std::string>> without_cluster(const std::vector<std::string>& inserts) {
  streams::Engine engine;
  streams::Complaint complaint;
  std::map<std::string, std::string> variables;
  std::string script = std::string(kStream) + kTable;
  for (const std::string& each : inserts) script += each;
  for (const streams::Statement& each : streams::parse_script(script, variables, complaint)) {
    std::string out;
    engine.execute(each, complaint, out);
    engine.run();
  }
  REQUIRE_FALSE(complaint.any());
  std::vector<std::vector<std::string>> all(3);
  const streams::TopicLog& log = engine.topics.at(kSink);
  for (std::size_t p = 0; p < log.partitions.size(); ++p)
    for (const streams::Record& each : log.partitions[p])
      all[p].push_back(to_name(*each.key, streams::WindowKind::tumbling) + "=" + each.value.value_or("null") + "@" +
                       std::to_string(each.timestamp));
  return all;
}

// The last value of each key, a count.
std::map<std::string, int> counts(const std::vector<std::vector<std::string>>& rows) {
  std::map<std::string, int> last;
  for (const auto& partition : rows)
    for (const std::string& each : partition) {
      const std::size_t colon = each.rfind(':');
      last[each.substr(0, each.find('='))] = std::stoi(each.substr(colon + 1));
    }
  return last;
}

std::vector<std::string> some_inserts() {
  std::vector<std::string> all;
  const std::vector<std::string> regions = {"EU", "US", "ASIA"};
  for (int i = 0; i < 40; ++i) all.push_back(insert(i % 7, regions[static_cast<std::size_t>(i * 5 % 3)], 1000 + i * 4000));
  return all;
}

}  // namespace

TEST_CASE("names of keys: what is no plain text is escaped, windows stand behind their key, and all of it comes back") {
  using streams::WindowKind;
  CHECK(to_name("EU") == "EU");
  CHECK(to_name(std::string("\0\x01", 2)) == "\\x00\\x01");
  CHECK(to_name("Z\xc3\xbcrich") == "Z\xc3\xbcrich");
  CHECK(to_name("EU" + streams::window_bytes(WindowKind::tumbling, 60000, 0), WindowKind::tumbling) == "EU@60000");
  CHECK(to_name("EU" + streams::window_bytes(WindowKind::session, 60000, 75000), WindowKind::session) == "EU@60000/75000");
  for (const std::string& each : {std::string("a\\x00b"), std::string("\xff\x80\0z", 4), std::string("a@5"), std::string("")}) {
    CHECK(from_name(to_name(each)) == each);
    for (const WindowKind window : {WindowKind::tumbling, WindowKind::session}) {
      const std::string key = each + streams::window_bytes(window, 7, 9);
      CHECK(from_name(to_name(key, window), window) == key);
    }
  }
}

TEST_CASE("the talk's statement on three partitions gives the rows that it gives without a cluster (P1-P7, P12, P17, P35)") {
  KsqlLab lab(1);
  lab.run_for(8 * kSecond);
  lab.type("K1", kEarliest);
  lab.type("K1", kStream);
  lab.type("K1", kTable);
  lab.run_for(12 * kSecond);
  CAPTURE(lab.printed());
  REQUIRE(lab.count<QueryStarted>() == 1);
  const KsqlQuery& query = lab.server(0).queries.at(0);
  CHECK(query.id == "CTAS_PAGEVIEWS_PER_REGION_PER_MINUTE_2");
  CHECK(query.tasks.size() == 6);
  const std::vector<std::string> inserts = some_inserts();
  for (const std::string& each : inserts) {
    lab.type("K1", each);
    lab.run_for(200 * kMillisecond);
  }
  lab.run_for(10 * kSecond);
  CHECK(lab.rows(kSink) == without_cluster(inserts));
  // The topics that it has made, by name.
  const std::string app = "_confluent-ksql-default_query_CTAS_PAGEVIEWS_PER_REGION_PER_MINUTE_2-";
  CHECK(lab.rows(app + "Aggregate-GroupBy-repartition").size() == 3);
  CHECK(lab.rows(app + "Aggregate-Aggregate-Materialize-changelog").size() == 3);
  CHECK(lab.count<WindowClosed>() == 0);  // the grace is 24 hours less a minute (P14)
}

TEST_CASE("with a cache only the last of each key goes on at a commit, and the last values are the same (P19)") {
  KsqlLab lab(1, 10'000'000);
  lab.run_for(8 * kSecond);
  for (const char* each : {kEarliest, kStream, kTable}) lab.type("K1", each);
  lab.run_for(12 * kSecond);
  const std::vector<std::string> inserts = some_inserts();
  for (const std::string& each : inserts) lab.type("K1", each);
  lab.run_for(20 * kSecond);
  const auto wanted = without_cluster(inserts), rows = lab.rows(kSink);
  CHECK(counts(rows) == counts(wanted));
  std::size_t all = 0, every = 0;
  for (const auto& each : rows) all += each.size();
  for (const auto& each : wanted) every += each.size();
  CHECK(all < every);
}

TEST_CASE("a crash in mid-window: the stores are restored, and only rows since the last commit count twice (P32)") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    KsqlLab lab(1, 0, seed);
    lab.run_for(8 * kSecond);
    for (const char* each : {kEarliest, kStream, kTable}) lab.type("K1", each);
    lab.run_for(12 * kSecond);
    const std::vector<std::string> inserts = some_inserts();
    for (std::size_t i = 0; i < inserts.size(); ++i) {
      lab.type("K1", inserts[i]);
      lab.run_for(150 * kMillisecond);
      if (i != 19 + seed) continue;
      lab.run_for(static_cast<Duration>(seed) * 300 * kMillisecond);
      lab.act(Crash{"K1", false});
      lab.run_for(kSecond);
      lab.act(Start{"K1"});
      lab.run_for(25 * kSecond);
    }
    lab.run_for(15 * kSecond);
    CHECK(lab.count<TaskRestored>() == 6);  // three tasks with a store, twice
    const auto wanted = counts(without_cluster(inserts)), found = counts(lab.rows(kSink));
    CHECK(found.size() == wanted.size());
    int more = 0;
    for (const auto& [key, count] : wanted) {
      REQUIRE(found.count(key) == 1);
      CHECK(found.at(key) >= count);
      more += found.at(key) - count;
    }
    CHECK(more <= 20);  // rows of the two seconds before the crash, and of the commit that was under way
  }
}

TEST_CASE("two servers share the tasks; when one dies the other takes them over, restores them and goes on") {
  KsqlLab lab(2);
  lab.run_for(8 * kSecond);
  for (const char* each : {kEarliest, kStream, kTable}) lab.type("K1", each);
  lab.run_for(20 * kSecond);
  CAPTURE(lab.printed());
  REQUIRE(lab.server(0).queries.size() == 1);
  REQUIRE(lab.server(1).queries.size() == 1);
  CHECK(lab.server(0).queries[0].tasks.size() == 3);
  CHECK(lab.server(1).queries[0].tasks.size() == 3);
  const std::vector<std::string> inserts = some_inserts();
  for (std::size_t i = 0; i < inserts.size(); ++i) {
    lab.type("K1", inserts[i]);
    lab.run_for(150 * kMillisecond);
    if (i == 25) lab.act(Crash{"K2", false});
  }
  lab.run_for(40 * kSecond);
  CHECK(lab.server(0).queries[0].tasks.size() == 6);
  const auto wanted = counts(without_cluster(inserts)), found = counts(lab.rows(kSink));
  for (const auto& [key, count] : wanted) {
    REQUIRE(found.count(key) == 1);
    CHECK(found.at(key) >= count);
  }
}

TEST_CASE("a statement that is wrong is refused where it was typed, with its place, and never reaches the command topic") {
  KsqlLab lab(1);
  lab.run_for(8 * kSecond);
  lab.type("K1", "CREATE TABLE t AS SELECT x FROM nothing EMIT CHANGES;");
  lab.type("K1", "SELEC;");
  lab.run_for(3 * kSecond);
  CHECK(lab.count<StatementRefused>() == 2);
  CHECK(lab.printed().find("NOTHING does not exist") != std::string::npos);
  CHECK(lab.rows("_confluent-ksql-default__command_topic").at(0).empty());
}

TEST_CASE("processing.guarantee: exactly once is refused, and the sentence says why") {
  PlainSettings config;
  config.scope = plain_scope<KsqlServerKind>();
  CHECK(set_config(config, "ksql.streams.processing.guarantee", "exactly_once_v2").find("transactions") != std::string::npos);
  CHECK(set_config(config, "ksql.streams.processing.guarantee", "at_least_once").empty());
}

}  // namespace nutshell

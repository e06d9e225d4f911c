// What is asked of servers on the cluster: pull queries against the last row of each key in the sink topic, push queries against
// what the engine without a cluster prints, PRINT against the topic.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/ksql/lab.h"

namespace nutshell {
namespace {

constexpr const char* kPerRegion =
    "CREATE TABLE per_region AS SELECT regionid, count(*) AS n FROM pageviews_enriched GROUP BY regionid EMIT CHANGES;";

KsqlLab asked_lab(int servers, std::int64_t cache = 0, int rows = 12) {
  KsqlLab lab(servers, cache);
  lab.run_for(8 * kSecond);
  for (const char* each : {kEarliest, kStream, kPerRegion}) lab.type("K1", each);
  lab.run_for(20 * kSecond);
  const std::vector<std::string> regions = {"EU", "US", "ASIA", "EU"};
  for (int i = 0; i < rows; ++i) lab.type("K1", insert(i % 5, regions[static_cast<std::size_t>(i % 4)], 1000 + i * 1000));
  lab.run_for(4 * kSecond);
  return lab;
}

// The lines of the last statement, without rules and padding: "EU|6".
std::vector<std::string> answered(const KsqlLab& lab, std::size_t server = 0) {
  std::vector<std::string> lines;
  std::string line;
  for (const char c : lab.server(server).statements.back().printed) {
    if (c == ' ') continue;
    if (c != '\n') {
      line += c;
      continue;
    }
    if (line.size() > 1 && line[0] == '|') line = line.substr(1, line.size() - 2);
    if (line[0] != '+') lines.push_back(line);
    line.clear();
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a pull query reads the stores now: one key, all keys, with a condition, before and after more rows (S31)") {
  for (const std::int64_t cache : {0, 10'000'000}) {
    CAPTURE(cache);
    KsqlLab lab = asked_lab(1, cache);
    lab.type("K1", "SELECT * FROM per_region WHERE regionid='EU';");
    lab.run_for(kSecond);
    CHECK(answered(lab) == Lines{"REGIONID|N", "EU|6", "Queryterminated"});
    lab.type("K1", "SELECT n FROM per_region WHERE regionid='nowhere';");
    lab.run_for(kSecond);
    CHECK(answered(lab) == Lines{"N", "Queryterminated"});
    lab.type("K1", "SELECT regionid, n FROM per_region WHERE n < 4;");
    lab.run_for(kSecond);
    Lines some = answered(lab);
    std::sort(some.begin(), some.end());
    CHECK(some == Lines{"ASIA|3", "Queryterminated", "REGIONID|N", "US|3"});
    lab.type("K1", insert(1, "US", 90'000));
    lab.run_for(kSecond);
    lab.type("K1", "SELECT n FROM per_region WHERE regionid='US';");
    lab.run_for(kSecond);
    CHECK(answered(lab) == Lines{"N", "4", "Queryterminated"});
  }
}

TEST_CASE("any server answers for any key: it passes the question on to the server that has the task (S31)") {
  KsqlLab lab = asked_lab(2);
  const std::map<std::string, std::string> counts = {{"EU", "6"}, {"US", "3"}, {"ASIA", "3"}};
  std::vector<std::size_t> tasks;
  for (std::size_t i : {0, 1}) tasks.push_back(lab.server(i).queries.at(0).tasks.size());
  CHECK(tasks[0] > 0);
  CHECK(tasks[1] > 0);
  for (const auto& [region, n] : counts) {
    for (const std::size_t server : {0, 1}) {
      CAPTURE(region);
      lab.type(server == 0 ? "K1" : "K2", "SELECT n FROM per_region WHERE regionid='" + region + "';");
      lab.run_for(kSecond);
      CHECK(answered(lab, server) == Lines{"N", n, "Queryterminated"});
    }
  }
  // All of them, by partition; with a condition; and no more than are wanted.
  lab.type("K2", "SELECT * FROM per_region;");
  lab.run_for(kSecond);
  Lines all = answered(lab, 1);
  std::sort(all.begin(), all.end());
  CHECK(all == Lines{"ASIA|3", "EU|6", "Queryterminated", "REGIONID|N", "US|3"});
  lab.type("K1", "SELECT regionid FROM per_region WHERE n > 4;");
  lab.run_for(kSecond);
  CHECK(answered(lab) == Lines{"REGIONID", "EU", "Queryterminated"});
  lab.type("K1", "SELECT * FROM per_region LIMIT 2;");
  lab.run_for(kSecond);
  CHECK(answered(lab).size() == 4);
  CHECK(lab.server(0).pulls.empty());
}

TEST_CASE("a server that has died answers nothing: whoever asks is told so, until its tasks are somebody else's (S31, P34)") {
  KsqlLab lab = asked_lab(2);
  lab.act(Crash{"K2"});
  lab.type("K1", "SELECT * FROM per_region;");
  lab.run_for(4 * kSecond);
  const KsqlStatement& refused = lab.server(0).statements.back();
  CHECK(refused.state == KsqlStatement::State::refused);
  CHECK(refused.printed.find("K2, which has task 1_") != std::string::npos);
  CHECK(refused.printed.find("does not answer. Ask again once it is back") != std::string::npos);
  lab.run_for(20 * kSecond);
  lab.type("K1", "SELECT * FROM per_region;");
  lab.run_for(kSecond);
  CHECK(lab.server(0).statements.back().state == KsqlStatement::State::done);
  CHECK(answered(lab).size() == 5);
}

TEST_CASE("a push query has a group of its own, prints what comes, and ends at its LIMIT or when it is terminated (S30)") {
  KsqlLab lab = asked_lab(1);
  lab.type("K1", "SELECT userid, regionid FROM pageviews_enriched WHERE regionid='EU' EMIT CHANGES LIMIT 3;");
  lab.run_for(8 * kSecond);
  // From the earliest, as the session has set.
  CHECK(lab.server(0).statements.back().state == KsqlStatement::State::done);
  Lines lines = answered(lab);
  REQUIRE(lines.size() == 6);
  CHECK(lines[0] == "USERID|REGIONID");
  for (std::size_t i = 1; i < 4; ++i) CHECK(lines[i].substr(2) == "|EU");
  CHECK(lines[4] == "LimitReached");
  CHECK(lab.server(0).queries.size() == 1);  // it is gone

  lab.type("K1", "SET 'auto.offset.reset'='latest';");
  lab.type("K1", "SELECT regionid, count(*) AS n FROM pageviews_enriched GROUP BY regionid EMIT CHANGES;");
  lab.run_for(8 * kSecond);
  CHECK(lab.server(0).queries.size() == 2);
  const std::string id = lab.server(0).statements.back().query;
  const std::size_t pushed = lab.server(0).statements.size() - 1;
  CHECK(lab.server(0).statements[pushed].state == KsqlStatement::State::runs);
  CHECK(lab.world.fabric.names.find("_confluent-ksql-default_transient_" + id) >= 0);
  for (const char* region : {"EU", "US", "EU"}) lab.type("K1", insert(1, region, 100'000));
  lab.run_for(8 * kSecond);
  lab.type("K1", "SHOW QUERIES;");
  lab.run_for(kSecond);
  CHECK(lab.server(0).statements.back().printed.find(id + " | PUSH       | RUNNING:1") != std::string::npos);
  lab.type("K1", "TERMINATE " + id + ";");
  lab.run_for(8 * kSecond);
  CHECK(lab.server(0).queries.size() == 1);
  const std::string& printed = lab.server(0).statements[pushed].printed;
  CHECK(printed.find("|EU                                    |1") != std::string::npos);
  CHECK(printed.find("|EU                                    |2") != std::string::npos);
  CHECK(printed.find("|US                                    |1") != std::string::npos);
  CHECK(printed.find("|ASIA") == std::string::npos);
  CHECK(lab.server(0).statements[pushed].state == KsqlStatement::State::done);
}

TEST_CASE("what DEFINE has given a name stands in later statements of the server (S4)") {
  KsqlLab lab = asked_lab(1);
  lab.type("K1", "DEFINE wanted = 'EU';");
  lab.run_for(kSecond);
  lab.type("K1", "SELECT n FROM per_region WHERE regionid='${wanted}';");
  lab.run_for(kSecond);
  CHECK(answered(lab) == Lines{"N", "6", "Queryterminated"});
  lab.type("K1", "UNDEFINE wanted; SELECT n FROM per_region WHERE regionid='${wanted}';");
  lab.run_for(kSecond);
  CHECK(answered(lab) == Lines{"N", "Queryterminated"});
}

TEST_CASE("SELECT of a stream without EMIT reads to its end and completes") {
  KsqlLab lab = asked_lab(1);
  lab.type("K1", "SET 'auto.offset.reset'='latest';");
  lab.type("K1", "SELECT regionid FROM pageviews_enriched;");
  lab.run_for(8 * kSecond);
  const Lines lines = answered(lab);
  CHECK(lines.size() == 12 + 3);
  CHECK(lines[lines.size() - 2] == "QueryCompleted");
  CHECK(lab.server(0).queries.size() == 1);
}

TEST_CASE("PRINT shows a topic from its beginning, as far as its LIMIT; without one it goes on until it is terminated") {
  KsqlLab lab = asked_lab(1);
  lab.type("K1", "PRINT 'PER_REGION' FROM BEGINNING LIMIT 5;");
  lab.run_for(4 * kSecond);
  const KsqlStatement& some = lab.server(0).statements.back();
  CHECK(some.state == KsqlStatement::State::done);
  CHECK(std::count(some.printed.begin(), some.printed.end(), '\n') == 6);
  CHECK(some.printed.find("key: EU, value: {\"N\":1}, partition: ") != std::string::npos);
  lab.type("K1", "PRINT 'PER_REGION';");
  lab.run_for(2 * kSecond);
  const std::size_t place = lab.server(0).statements.size() - 1;
  CHECK(lab.server(0).statements[place].printed.empty());
  lab.type("K1", insert(1, "US", 90'000));
  lab.run_for(4 * kSecond);
  CHECK(lab.server(0).statements[place].printed.find("key: US, value: {\"N\":4}") != std::string::npos);
  lab.type("K1", "TERMINATE " + lab.server(0).statements[place].query + ";");
  lab.run_for(2 * kSecond);
  CHECK(lab.server(0).statements[place].state == KsqlStatement::State::done);
  CHECK(lab.server(0).prints.empty());
  lab.type("K1", "PRINT 'nowhere';");
  lab.run_for(2 * kSecond);
  CHECK(lab.server(0).statements.back().printed.find("no topic 'nowhere'") != std::string::npos);
}

TEST_CASE("a server that dies or is stopped leaves no push query behind") {
  for (const bool stop : {false, true}) {
    KsqlLab lab = asked_lab(1, 0, 2);
    lab.type("K1", "SELECT regionid FROM pageviews_enriched EMIT CHANGES;");
    lab.type("K1", "PRINT 'PER_REGION';");
    lab.run_for(6 * kSecond);
    if (stop) lab.act(Stop{"K1"});
    else lab.act(Crash{"K1", false});
    lab.run_for(20 * kSecond);
    for (const KsqlStatement& each : lab.server(0).statements) CHECK(each.state != KsqlStatement::State::runs);
    lab.act(Start{"K1"});
    lab.run_for(20 * kSecond);
    CHECK(lab.server(0).queries.size() == 1);
  }
}

}  // namespace nutshell

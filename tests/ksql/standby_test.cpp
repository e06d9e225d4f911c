// Copies of stores on other servers (num.standby.replicas): what a takeover costs with them and without.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/ksql_film.h"
#include "sim/streams/picture.h"
#include "tests/ksql/lab.h"

namespace nutshell {
namespace {

constexpr const char* kCounts =
    "CREATE TABLE per_region AS SELECT regionid, count(*) AS n FROM pageviews_enriched GROUP BY regionid EMIT CHANGES;";
constexpr int kRows = 90;

struct Takeover {
  std::int64_t records = 0;   // that the survivor reads for the tasks of the dead
  Duration time = 0;          // from the assignment until the last of them is ready
  std::size_t tasks = 0;
};

std::size_t owner_of_part_1(const KsqlLab& lab, std::size_t server) {
  std::size_t count = 0;
  for (const KsqlTask& each : lab.server(server).queries.at(0).tasks) count += each.task.part() == 1;
  return count;
}

KsqlLab stocked_lab(int servers, std::int64_t standbys) {
  KsqlLab lab(servers, 0, 1, standbys);
  lab.run_for(8 * kSecond);
  for (const char* each : {kEarliest, kStream, kCounts}) lab.type("K1", each);
  lab.run_for(25 * kSecond);
  for (int i = 0; i < kRows; ++i) lab.type("K1", insert(i % 7, "R" + std::to_string(i % 9), 1000 + i * 100));
  lab.run_for(10 * kSecond);
  return lab;
}

Takeover after_crash(KsqlLab& lab) {
  const std::size_t before = lab.facts.size();
  lab.act(Crash{"K2", false});
  lab.run_for(40 * kSecond);
  Takeover result;
  Time assigned = 0;
  for (std::size_t i = before; i < lab.facts.size(); ++i) {
    const Fact& each = lab.facts[i];
    if (const auto* fact = each.body.as<TaskAssigned>(); fact && fact->restores && assigned == 0) assigned = each.at;
    if (const auto* fact = each.body.as<TaskRestored>()) {
      result.records += fact->records;
      result.time = each.at - assigned;
      result.tasks += 1;
    }
  }
  return result;
}

}  // namespace

TEST_CASE("without a copy a lost task reads its whole changelog, with one next to nothing (P34)") {
  KsqlLab without = stocked_lab(2, 0), with = stocked_lab(2, 1);
  for (const KsqlLab* lab : {&without, &with}) REQUIRE(owner_of_part_1(*lab, 1) > 0);
  const std::size_t owned = owner_of_part_1(without, 1);
  std::size_t wanted = 0;  // what the changelogs of the tasks hold that K2 runs
  for (const KsqlTask& each : without.server(1).queries[0].tasks)
    if (each.task.part() == 1)
      wanted += without.rows("_confluent-ksql-default_query_CTAS_PER_REGION_2-Aggregate-Aggregate-Materialize-changelog")
                    .at(static_cast<std::size_t>(each.task.partition()))
                    .size();
  REQUIRE(wanted > 0);
  const Takeover cold = after_crash(without), warm = after_crash(with);
  CHECK(cold.tasks == owned);
  CHECK(cold.records == static_cast<std::int64_t>(wanted));
  CHECK(warm.tasks > 0);
  CHECK(warm.records == 0);  // all had arrived before the crash
  MESSAGE("without a copy ", cold.records, " records in ", cold.time / kMillisecond, " ms; with one ", warm.records, " in ",
          warm.time / kMillisecond, " ms");
  CHECK(warm.time < 300 * kMillisecond);
  // The counts are the same, with and without.
  for (KsqlLab* lab : {&without, &with}) {
    std::map<std::string, std::string> last;
    for (const auto& partition : lab->rows("PER_REGION"))
      for (const std::string& each : partition) last[each.substr(0, each.find('='))] = each.substr(0, each.find('@'));
    CHECK(last.size() == 9);
    for (const auto& [key, row] : last) CHECK(row == key + "={\"N\":10}");
  }
}

TEST_CASE("each task has as many copies as there are other servers, at most, and never on its own; the film shows them") {
  for (const std::int64_t standbys : {1, 2, 5}) {
    CAPTURE(standbys);
    KsqlLab lab = stocked_lab(3, standbys);
    const auto copies = static_cast<std::size_t>(std::min<std::int64_t>(standbys, 2));
    std::map<int, std::set<std::size_t>> owners, holders;
    for (std::size_t s = 0; s < 3; ++s) {
      const KsqlQuery& query = lab.server(s).queries.at(0);
      for (const KsqlTask& each : query.tasks)
        if (each.task.part() == 1) owners[each.task.partition()].insert(s);
      for (const KsqlTask& each : query.standbys) {
        CHECK(each.task.part() == 1);  // the other part has no store
        holders[each.task.partition()].insert(s);
      }
    }
    REQUIRE(owners.size() == 3);
    const streams::Film film = ksql_film(lab.world);
    const streams::Picture picture = streams::picture_of(film, lab.world.now());
    for (int p = 0; p < 3; ++p) {
      REQUIRE(owners[p].size() == 1);
      CHECK(holders[p].size() == copies);
      CHECK(holders[p].count(*owners[p].begin()) == 0);
      CHECK(picture.task(1, p)->standbys.size() == copies);
    }
  }
}

TEST_CASE("while a task is lost its copy answers pull queries, if it may (ksql.query.pull.enable.standby.reads)") {
  KsqlLab lab = stocked_lab(2, 1);
  lab.act(Crash{"K2", false});
  for (int i = 0; i < 9; ++i) {
    lab.type("K1", "SELECT n FROM per_region WHERE regionid='R" + std::to_string(i) + "';");
    lab.run_for(100 * kMillisecond);
    CHECK(lab.server(0).statements.back().printed.find("|10 ") != std::string::npos);
  }
  CHECK(lab.server(0).queries[0].tasks.size() < 6);  // the group does not know yet
}

}  // namespace nutshell

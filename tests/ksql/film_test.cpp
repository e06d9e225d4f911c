// What the servers of a cluster do, as a film: its picture against that of a film without a cluster, of the same statements and
// rows, and what a crash makes of it.
#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "sim/cluster/ksql_film.h"
#include "sim/ksql/server.h"
#include "sim/streams/picture.h"
#include "tests/ksql/lab.h"

namespace nutshell {
namespace {

using streams::Picture;

std::vector<std::string> filmed_inserts() {
  std::vector<std::string> all;
  const std::vector<std::string> regions = {"EU", "US", "ASIA"};
  for (int i = 0; i < 30; ++i) all.push_back(insert(i % 7, regions[static_cast<std::size_t>(i * 5 % 3)], 1000 + i * 6000));
  all.push_back(insert(3, "EU", 2000));
  return all;
}

constexpr const char* kGraceless =
    "CREATE TABLE pageviews_per_region_per_minute AS SELECT regionid, count(*) FROM pageviews_enriched "
    "WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 10 SECONDS) GROUP BY regionid EMIT CHANGES;";

KsqlLab filmed_lab(int servers, const std::vector<std::string>& inserts, std::int64_t cache = 0) {
  KsqlLab lab(servers, cache);
  lab.run_for(8 * kSecond);
  for (const char* each : {kEarliest, kStream, kGraceless}) lab.type("K1", each);
  lab.run_for(20 * kSecond);
  for (const std::string& each : inserts) {
    lab.type("K1", each);
    lab.run_for(300 * kMillisecond);
  }
  return lab;
}

// Of each task, key and window: the times of the rows that count in it.
std::map<std::string, std::vector<std::int64_t>> windows_of(const Picture& picture) {
  std::map<std::string, std::vector<std::int64_t>> all;
  for (const streams::PictureTask& task : picture.tasks)
    for (const streams::PictureWindow& each : task.windows)
      all[task.name() + " " + each.key + "@" + std::to_string(each.start) + "=" + each.results.at(0)] = each.times;
  return all;
}

std::vector<std::string> table_of(const Picture& picture) {
  std::vector<std::string> all;
  for (const streams::PictureRow& each : picture.table)
    all.push_back(each.key + "@" + std::to_string(each.window_start) + "=" + each.cells.at(0));
  return all;
}

Picture pictured(const streams::Film& film, Time at) { return streams::picture_of(film, at); }

}  // namespace

TEST_CASE("the picture of a cluster's servers is that of a film of the same statements and rows") {
  const std::vector<std::string> inserts = filmed_inserts();
  KsqlLab lab = filmed_lab(1, inserts);
  lab.run_for(5 * kSecond);
  streams::FilmSetup setup;
  setup.statements = {kStream, kGraceless};
  for (const std::string& each : inserts) setup.statements.push_back(each);
  const streams::Film plain = streams::film_of(setup), film = ksql_film(lab.world);
  REQUIRE_MESSAGE(plain.problem.empty(), plain.problem);
  REQUIRE(film.queries.size() == 1);
  const Picture wanted = pictured(plain, kHour), seen = pictured(film, lab.world.now());
  CHECK(windows_of(seen) == windows_of(wanted));
  CHECK(table_of(seen) == table_of(wanted));
  CHECK(seen.sum_text() == wanted.sum_text());
  CHECK(seen.late == wanted.late);
  CHECK(seen.late > 0);
  CHECK(film.row_keys == plain.row_keys);
  REQUIRE(seen.topics.size() == wanted.topics.size());
  for (std::size_t i = 0; i < seen.topics.size(); ++i) {
    CHECK(seen.topics[i].name == wanted.topics[i].name);
    CHECK(seen.topics[i].role == wanted.topics[i].role);
    CHECK(seen.topics[i].partitions.size() == wanted.topics[i].partitions.size());
  }
  for (const streams::PictureTask& each : seen.tasks) {
    CHECK(each.server == "K1");
    CHECK(each.status == streams::TaskStatus::running);
    CHECK(each.stream_time == wanted.task(each.part, each.partition)->stream_time);
  }
}

TEST_CASE("the film of a later moment says the same of every moment before") {
  const std::vector<std::string> inserts = filmed_inserts();
  KsqlLab lab = filmed_lab(1, inserts);
  const Time then = lab.world.now();
  const Picture early = pictured(ksql_film(lab.world), then);
  lab.run_for(10 * kSecond);
  const Picture late = pictured(ksql_film(lab.world), then);
  CHECK(early.counted > 10);
  CHECK(windows_of(early) == windows_of(late));
  CHECK(early.sum_text() == late.sum_text());
}

TEST_CASE("a crash on the film: the task is nobody's, is restored, and its windows hold what the table says") {
  const std::vector<std::string> inserts = filmed_inserts();
  KsqlLab lab = filmed_lab(1, inserts);
  const int before = pictured(ksql_film(lab.world), lab.world.now()).counted;
  lab.act(Crash{"K1", false});
  lab.run_for(100 * kMillisecond);
  const Picture dead = pictured(ksql_film(lab.world), lab.world.now());
  REQUIRE(dead.tasks.size() == 6);
  for (const streams::PictureTask& each : dead.tasks) CHECK(each.status == streams::TaskStatus::nobodys);
  lab.act(Start{"K1"});
  lab.run_for(30 * kSecond);
  const Picture seen = pictured(ksql_film(lab.world), lab.world.now());
  CHECK(seen.counted >= before);
  int restored = 0;
  for (const streams::PictureTask& each : seen.tasks) {
    CHECK(each.status == streams::TaskStatus::running);
    restored += static_cast<int>(each.restored);
    for (const streams::PictureWindow& window : each.windows) CHECK(std::to_string(window.rows.size()) == window.results.at(0));
  }
  CHECK(restored >= 28);
  std::map<std::string, std::string> told;
  for (const std::string& each : table_of(seen)) told[each.substr(0, each.find('='))] = each.substr(each.find('=') + 1);
  for (const streams::PictureTask& each : seen.tasks)
    for (const streams::PictureWindow& window : each.windows) {
      const auto found = told.find(window.key + "@" + std::to_string(window.start));
      // What the store hides the table does not show.
      REQUIRE((found == told.end()) == (window.status == streams::WindowStatus::expired));
      if (found != told.end()) CHECK(found->second == window.results.at(0));
    }
}

TEST_CASE("the film has another stamp whenever there is more to it, and the same one while nothing comes") {
  KsqlLab lab = filmed_lab(2, {insert(1, "EU", 1000)});
  lab.type("K1", insert(2, "US", 2000));
  std::uint64_t stamp = ksql_film_stamp(lab.world);
  std::size_t events = ksql_film(lab.world).events.size();
  int kept = 0, changed = 0;
  for (int i = 0; i < 300; ++i) {
    std::vector<Fact> fresh;
    step(lab.world, fresh);
    const std::uint64_t now = ksql_film_stamp(lab.world);
    const std::size_t more = ksql_film(lab.world).events.size();
    if (more != events) CHECK(now != stamp);
    (now == stamp ? kept : changed) += 1;
    stamp = now;
    events = more;
  }
  CHECK(changed > 3);
  CHECK(kept > 200);
}

TEST_CASE("a film says how far its servers' journals go") {
  KsqlLab lab = filmed_lab(1, {insert(1, "EU", 1000)});
  CHECK(ksql_film(lab.world).kept_until == kNever);
  KsqlJournal& journal = lab.world.plain.of<KsqlServer>()[0].journal;
  const KsqlMoment last{.at = lab.world.now(), .deed = KsqlDeed::inserted};
  while (journal.open()) journal.moments.push_back(last);
  CHECK(ksql_film(lab.world).kept_until == last.at);
}

}  // namespace nutshell

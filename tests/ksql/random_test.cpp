// Random queries, rows and crashes on the cluster. What has to come of them is worked out here in another way: from all rows of the
// source at once, as they stand in its log. Without a crash the results are that; with crashes they differ upwards only, and for a key
// by no more than its rows that were read, and not committed, when a server died (P32).
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "sim/check/judge.h"
#include "sim/core/random.h"
#include "tests/ksql/lab.h"

namespace nutshell {
namespace {

struct RandomTopology {
  const char* name;
  const char* statement;  // that makes OUT
  std::int64_t size, advance;  // of windows; a gap: advance -1; no windows: 0
  bool by_user;
  bool counts;
};
constexpr RandomTopology kTopologies[] = {
    {"filter", "CREATE STREAM out AS SELECT userid, regionid FROM pageviews_enriched WHERE regionid <> 'R0' EMIT CHANGES;", 0, 0, true,
     false},
    {"re-keyed", "CREATE STREAM out AS SELECT regionid, userid FROM pageviews_enriched PARTITION BY regionid EMIT CHANGES;", 0, 0, false,
     false},
    {"by key", "CREATE TABLE out AS SELECT userid, count(*) AS n FROM pageviews_enriched GROUP BY userid EMIT CHANGES;", 0, 0, true, true},
    {"by region", "CREATE TABLE out AS SELECT regionid, count(*) AS n FROM pageviews_enriched GROUP BY regionid EMIT CHANGES;", 0, 0, false,
     true},
    {"tumbling",
     "CREATE TABLE out AS SELECT regionid, count(*) AS n FROM pageviews_enriched WINDOW TUMBLING (SIZE 20 SECONDS) GROUP BY regionid "
     "EMIT CHANGES;",
     20'000, 20'000, false, true},
    {"hopping",
     "CREATE TABLE out AS SELECT userid, count(*) AS n FROM pageviews_enriched WINDOW HOPPING (SIZE 30 SECONDS, ADVANCE BY 10 SECONDS) "
     "GROUP BY userid EMIT CHANGES;",
     30'000, 10'000, true, true},
    {"sessions",
     "CREATE TABLE out AS SELECT regionid, count(*) AS n FROM pageviews_enriched WINDOW SESSION (6 SECONDS) GROUP BY regionid "
     "EMIT CHANGES;",
     6'000, -1, false, true},
    {"joined",
     "CREATE STREAM out AS SELECT p.regionid AS region, userid, name FROM pageviews_enriched p JOIN regions r ON p.regionid = r.id "
     "EMIT CHANGES;",
     0, 0, false, false},
};
constexpr std::size_t kTopologyCount = std::size(kTopologies);

struct SourceRow {
  std::string user, region;
  std::int64_t time = 0;
};

// "u3={"REGIONID":"R1",...}@1000"
SourceRow parsed_row(const std::string& text) {
  SourceRow row;
  row.user = text.substr(0, text.find('='));
  const std::size_t at = text.find("\"REGIONID\":\"") + 12;
  row.region = text.substr(at, text.find('"', at) - at);
  row.time = std::stoll(text.substr(text.rfind('@') + 1));
  return row;
}

using Tally = std::map<std::string, std::int64_t>;  // of each key, or key and window; of streams, of each row

std::string key_of_row(const RandomTopology& topology, const SourceRow& row) { return topology.by_user ? row.user : row.region; }

// From all rows at once.
Tally naive(const RandomTopology& topology, const std::vector<SourceRow>& rows) {
  Tally tally;
  std::map<std::string, std::vector<std::int64_t>> times;
  for (const SourceRow& row : rows) {
    const std::string key = key_of_row(topology, row);
    if (!topology.counts) {
      const bool dropped = std::string(topology.name) == "filter" && row.region == "R0";
      if (!dropped) tally[topology.by_user ? key + " " + row.region : key + " " + row.user] += 1;
    } else if (topology.size == 0) {
      tally[key] += 1;
    } else if (topology.advance > 0) {
      for (std::int64_t start = 0; start <= row.time; start += topology.advance)
        if (row.time < start + topology.size) tally[key + "@" + std::to_string(start)] += 1;
    } else {
      times[key].push_back(row.time);
    }
  }
  for (auto& [key, all] : times) {
    std::sort(all.begin(), all.end());
    for (std::size_t first = 0, i = 1; i <= all.size(); ++i) {
      if (i < all.size() && all[i] - all[i - 1] <= topology.size) continue;
      tally[key + "@" + std::to_string(all[first]) + "/" + std::to_string(all[i - 1])] = static_cast<std::int64_t>(i - first);
      first = i;
    }
  }
  return tally;
}

std::string text_after(const std::string& row, const std::string& name) {
  const std::size_t at = row.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  std::size_t begin = at + name.size() + 3, end = begin;
  if (row[begin] == '"') end = row.find('"', ++begin);
  else end = row.find_first_of(",}", begin);
  return row.substr(begin, end - begin);
}

// What stands in OUT.
Tally found_in(const KsqlLab& lab, const RandomTopology& topology) {
  Tally tally;
  for (const auto& partition : lab.rows("OUT"))
    for (const std::string& row : partition) {
      const std::string key = row.substr(0, row.find('='));
      if (!topology.counts) {
        tally[key + " " + text_after(row, topology.by_user ? "REGIONID" : "USERID")] += 1;
        if (std::string(topology.name) == "joined") CHECK(text_after(row, "NAME") == "name of " + key);
      } else if (row.find("=null@") != std::string::npos) {
        tally.erase(key);
      } else {
        tally[key] = std::stoll(text_after(row, "N"));
      }
    }
  return tally;
}

struct RandomRun {
  std::uint64_t seed, nth = 0;
  const RandomTopology& topology;
  int servers;
  KsqlLab lab;
  std::vector<std::uint8_t> alive;
  Tally uncommitted;  // of each key: rows that were read perhaps, and not committed, when a server died

  RandomRun(std::uint64_t with, const RandomTopology& of)
      : seed(with), topology(of), servers(1 + static_cast<int>(below(next(), 2))),
        lab(servers, below(next(), 2) == 0 ? 0 : 10'000'000, with, static_cast<std::int64_t>(below(next(), 2))),
        alive(static_cast<std::size_t>(servers), 1) {
    lab.judged = true;
  }
  void hold_promises() const {
    for (const Breach& each : lab.judge.breaches()) CHECK_MESSAGE(!each.promised, each.why);
    CHECK(lab.judge.trials()[static_cast<std::size_t>(PromiseId::no_record_skipped)] > 5);
  }

  std::uint64_t next() { return draw(seed, Purpose::fuzz, 17, nth++); }
  static std::string name(int server) { return "K" + std::to_string(server + 1); }

  void begin() {
    lab.run_for(8 * kSecond);
    lab.type("K1", kEarliest);
    lab.type("K1", kStream);
    lab.type("K1",
             "CREATE TABLE regions (id VARCHAR PRIMARY KEY, name VARCHAR) "
             "WITH (KAFKA_TOPIC='regions', VALUE_FORMAT='JSON', PARTITIONS=3);");
    for (const std::string each : {"R0", "R1", "R2", "R3"})
      lab.type("K1", "INSERT INTO regions (ROWTIME, id, name) VALUES (0, '" + each + "', 'name of " + each + "');");
    lab.run_for(6 * kSecond);
    lab.type("K1", topology.statement);
    lab.run_for(25 * kSecond);
    REQUIRE_MESSAGE(lab.count<QueryStarted>() == static_cast<std::size_t>(servers), lab.printed());
  }

  void insert_some(int rows) {
    for (int i = 0; i < rows; ++i) {
      const auto user = static_cast<int>(below(next(), 5));
      const std::string region = "R" + std::to_string(below(next(), 4));
      const std::int64_t time = between(next(), 0, 90'000);
      const int typist = alive[0] ? 0 : 1;
      lab.type(name(typist), insert(user, region, time));
      lab.run_for(between(next(), 150, 400) * kMillisecond);
    }
  }

  // What the group has not committed of a topic, by the key of the query.
  void note_uncommitted(const std::string& topic, bool source, const std::map<TopicPartition, Offset>& committed) {
    const std::int32_t id = lab.world.topic_id(topic);
    if (id < 0) return;
    const auto rows = lab.rows(topic);
    for (std::size_t p = 0; p < rows.size(); ++p) {
      const auto known = committed.find({id, static_cast<std::int32_t>(p)});
      for (std::size_t i = known == committed.end() ? 0 : static_cast<std::size_t>(known->second); i < rows[p].size(); ++i)
        uncommitted[source ? key_of_row(topology, parsed_row(rows[p][i])) : rows[p][i].substr(0, rows[p][i].find('='))] += 1;
    }
  }

  void crash() {
    const int victim = servers == 1 ? 0 : static_cast<int>(below(next(), 2));
    const std::string application = lab.server(static_cast<std::size_t>(victim)).queries.at(0).plan->application;
    std::map<TopicPartition, Offset> committed;
    for (const auto& [at, fact] : lab.all<OffsetCommitted>())
      if (lab.world.fabric.names[fact.group] == application) committed[fact.tp] = std::max(committed[fact.tp], fact.offset);
    lab.act(Crash{name(victim), false});
    lab.run_for(100 * kMillisecond);
    note_uncommitted("pageviews_enriched", true, committed);
    for (const char* each : {"Aggregate-GroupBy", "Join-left", "Join"})
      note_uncommitted(application + "-" + each + "-repartition", false, committed);
    alive[static_cast<std::size_t>(victim)] = 0;
    if (servers == 2) insert_some(3);
    lab.act(Start{name(victim)});
    lab.run_for(20 * kSecond);
    alive[static_cast<std::size_t>(victim)] = 1;
  }

  std::vector<SourceRow> source() const {
    std::vector<SourceRow> rows;
    for (const auto& partition : lab.rows("pageviews_enriched"))
      for (const std::string& each : partition) rows.push_back(parsed_row(each));
    return rows;
  }
};

int runs_wanted() {
  const char* text = std::getenv("NUTSHELL_KSQL_RUNS");
  return text ? std::atoi(text) : 1;
}

}  // namespace

TEST_CASE("random rows without a crash: what stands in the sink is what a naive evaluation of all rows says") {
  for (int run = 0; run < runs_wanted() * static_cast<int>(kTopologyCount); ++run) {
    const RandomTopology& topology = kTopologies[static_cast<std::size_t>(run) % kTopologyCount];
    RandomRun one(static_cast<std::uint64_t>(run) + 1, topology);
    CAPTURE(run);
    CAPTURE(std::string(topology.name));
    one.begin();
    one.insert_some(25);
    one.lab.run_for(8 * kSecond);
    const std::vector<SourceRow> rows = one.source();
    REQUIRE(rows.size() == 25);
    const Tally wanted = naive(topology, rows), found = found_in(one.lab, topology);
    CHECK(found == wanted);
    one.hold_promises();
  }
}

TEST_CASE("random rows and crashes: results differ upwards only, and by no more than what was not committed") {
  std::int64_t more_in_all = 0;
  for (int run = 0; run < runs_wanted() * static_cast<int>(kTopologyCount); ++run) {
    const RandomTopology& topology = kTopologies[static_cast<std::size_t>(run) % kTopologyCount];
    RandomRun one(static_cast<std::uint64_t>(run) + 1001, topology);
    CAPTURE(run);
    CAPTURE(std::string(topology.name));
    one.begin();
    for (int crashes = 1 + static_cast<int>(below(one.next(), 2)); crashes > 0; --crashes) {
      one.insert_some(4 + static_cast<int>(below(one.next(), 9)));
      one.crash();
    }
    one.insert_some(5);
    one.lab.run_for(20 * kSecond);
    const Tally wanted = naive(topology, one.source()), found = found_in(one.lab, topology);
    one.hold_promises();
    CHECK(found.size() == wanted.size());
    for (const auto& [key, count] : wanted) {
      CAPTURE(key);
      REQUIRE(found.count(key) == 1);
      const std::int64_t more = found.at(key) - count;
      CHECK(more >= 0);
      CHECK(more <= one.uncommitted[key.substr(0, key.find_first_of("@ "))]);
      more_in_all += more;
    }
  }
  // It does happen: crashes are not all at harmless moments.
  CHECK(more_in_all > 0);
}

TEST_CASE("the judge sees what a server's consumers are given: a record left out is a breach, of the group whose it is") {
  RandomRun one(1, kTopologies[2]);
  one.begin();
  one.insert_some(10);
  const KsqlQuery& query = one.lab.server(0).queries.at(0);
  REQUIRE_FALSE(query.reader.owned.empty());
  const OwnedPartition& owned = query.reader.owned.front();
  for (const GroupId of : {query.reader.spec.group, GroupId{-1}}) {
    Judge judge = one.lab.judge;
    std::vector<Fact> forged = {Fact{one.lab.world.now(), one.lab.world.fabric.step, kNoStep,
                                     RecordsDelivered{owned.tp, query.reader.node, owned.position + 3, owned.position + 3, 1,
                                                      query.reader.owned_generation, of}}};
    judge.observe(one.lab.world, forged);
    CHECK(judge.betrayed(static_cast<std::int32_t>(PromiseId::no_record_skipped)) == (of >= 0));
  }
}

// G5: what is late depends on the partition that a row came in, because each has a clock of its own.
TEST_CASE("STREAMS G5 on the cluster: two partitions have two clocks") {
  KsqlLab lab(1);
  lab.run_for(8 * kSecond);
  lab.type("K1", kEarliest);
  lab.type("K1", "CREATE STREAM pu (u VARCHAR KEY, regionid VARCHAR) WITH (KAFKA_TOPIC='pu', VALUE_FORMAT='JSON', PARTITIONS=2);");
  lab.type("K1",
           "CREATE TABLE t AS SELECT regionid, count(*) AS n FROM pu WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 0 SECONDS) "
           "GROUP BY regionid EMIT CHANGES;");
  lab.run_for(20 * kSecond);
  const auto row = [&lab](const char* user, const char* region, int time) {
    lab.type("K1", "INSERT INTO pu (ROWTIME, u, regionid) VALUES (" + std::to_string(time) + ", '" + user + "', '" + region + "');");
    lab.run_for(kSecond);
  };
  row("u1", "eu", 10000);
  row("u2", "us", 70000);
  row("u3", "eu", 50000);
  row("u1", "eu", 61000);
  row("u1", "eu", 59000);
  row("u2", "us", 59000);
  const auto rows = lab.rows("T");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0] == std::vector<std::string>{"eu@0={\"N\":1}@10000", "eu@0={\"N\":2}@50000", "eu@60000={\"N\":1}@61000"});
  CHECK(rows[1] == std::vector<std::string>{"us@60000={\"N\":1}@70000"});
  CHECK(lab.count<RowLate>() == 2);
}

}  // namespace nutshell

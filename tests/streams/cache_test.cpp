// Golden case 26: with the record cache a commit tells the last of each key; what a crash leaves is counted again, or twice.
#include "tests/streams/fixture.h"

namespace nutshell::streams {

namespace {

constexpr std::int64_t kCommit = 2000;

struct Arrival {
  std::int64_t wall;
  std::int64_t time;
  std::string region;
};

const std::vector<Arrival> kArrivals = {
    {100, 10000, "eu"}, {200, 50000, "eu"}, {300, 20000, "us"}, {400, 59000, "eu"}, {2100, 60000, "eu"}};

struct Host {
  Server server;
  std::shared_ptr<const Plan> plan;
  std::vector<std::string> told;
  std::vector<Output> changes;

  Host() {
    server.does(
        "CREATE STREAM pv (regionid VARCHAR KEY, page VARCHAR) WITH (KAFKA_TOPIC='pv', VALUE_FORMAT='JSON', PARTITIONS=1);"
        "CREATE TABLE t AS SELECT regionid, count(*) FROM pv WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY regionid;");
    plan = server.engine.queries().at(0).plan;
  }

  Task fresh() const {
    Switches switches = Server::quick();
    switches.cache = true;
    switches.changelog = true;
    return Task(plan, 0, 0, switches);
  }

  void take(const std::vector<Output>& outputs) {
    for (const Output& each : outputs) {
      if (each.kind == OutputKind::changelog) {
        changes.push_back(each);
        continue;
      }
      std::string key = *each.record.key;
      std::int64_t start = 0;
      std::int64_t end = 0;
      REQUIRE(split_window(WindowKind::tumbling, 60000, key, start, end));
      told.push_back(key + "[" + std::to_string(start) + ")=" + each.record.value.value_or("null") + "@" +
                     std::to_string(each.record.timestamp));
    }
  }

  // Rows from `first` on that have come by `until`.
  void feed(Task& task, std::size_t first, std::int64_t until) {
    for (std::size_t i = first; i < kArrivals.size() && kArrivals[i].wall <= until; ++i) {
      std::vector<Output> out;
      task.process("pv", static_cast<std::int64_t>(i), Record{kArrivals[i].region, "{\"PAGE\":\"p\"}", kArrivals[i].time},
                   kArrivals[i].wall, out);
      take(out);
    }
  }

  void commit(Task& task, std::int64_t wall) {
    std::vector<Output> out;
    task.commit(wall, out);
    take(out);
  }
};

}  // namespace

TEST_CASE("golden case 26: a commit tells the last of each key, in the order of last updates") {
  Host host;
  Task task = host.fresh();
  host.feed(task, 0, kCommit);
  CHECK(host.told.empty());
  host.commit(task, kCommit);
  CHECK(host.told == std::vector<std::string>{R"(us[0)={"KSQL_COL_0":1}@20000)", R"(eu[0)={"KSQL_COL_0":3}@59000)"});
  host.feed(task, 4, 2 * kCommit);
  host.told.clear();
  host.commit(task, 2 * kCommit);
  CHECK(host.told == std::vector<std::string>{R"(eu[60000)={"KSQL_COL_0":1}@60000)"});
}

TEST_CASE("golden case 26: a crash before the commit leaves nothing, one between changelog and offsets counts twice") {
  Host host;
  Task task = host.fresh();
  host.feed(task, 0, 1900);
  CHECK(host.told.empty());
  CHECK(host.changes.empty());
  // The store is empty and the offset 0: everything again, once.
  Task second = host.fresh();
  host.feed(second, 0, kCommit);
  host.commit(second, kCommit);
  CHECK(host.told.back() == R"(eu[0)={"KSQL_COL_0":3}@59000)");
  // The changelog has it, the offset is still 0.
  Task third = host.fresh();
  for (const Output& change : std::vector<Output>(host.changes)) third.restore(change.topic, change.record);
  host.feed(third, 0, kCommit);
  host.commit(third, kCommit);
  CHECK(host.told.back() == R"(eu[0)={"KSQL_COL_0":6}@59000)");
}

}  // namespace nutshell::streams

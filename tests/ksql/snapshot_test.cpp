// An instance whose memory is a cache of the log (RIVALS V5, V7): 1,000 events over 10 accounts, a snapshot of the state each 100.
// The instance is a query of ksqlDB: what it has at a commit is its snapshot, the changelog of its store beside the committed offset.
// What the accounts have to be is added up here, event by event.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tests/ksql/lab.h"

namespace nutshell {
namespace {

constexpr int kEvents = 1000, kAccounts = 10;

std::string account_of(int event) { return "a" + std::to_string(event % kAccounts); }
// No two events are alike, so that a sum tells which are missing.
int amount_of(int event) { return event * event % 977 + 1; }

std::map<std::string, int> added_up(int from, int to) {
  std::map<std::string, int> sums;
  for (int i = from; i < to; ++i) sums[account_of(i)] += amount_of(i);
  return sums;
}

struct Accounts : KsqlLab {
  Accounts() : KsqlLab(1) {
    Setup setup = KsqlLab::setup(1, 10'000'000, 1, 0);
    CHECK(set_config(setup.plain[0].config, "ksql.streams.commit.interval.ms", "20s").empty());
    setup.topics.push_back({});
    setup.topics.back().name = "events";
    setup.topics.back().partitions = 1;
    for (const char* view : {"view-earliest", "view-none"}) {
      setup.consumers.push_back({});
      setup.consumers.back().name = setup.consumers.back().group = view;
      setup.consumers.back().topics = {"events"};
      CHECK(set_config(setup.consumers.back().spec.config, "auto.offset.reset", "earliest").empty());
      // Where it has read to is told when it stops.
      CHECK(set_config(setup.consumers.back().spec.config, "auto.commit.interval.ms", "1h").empty());
      setup.consumers.back().stop = kSecond;  // they are started when there is something to read
    }
    world = make_world(setup);
    run_for(8 * kSecond);
    type("K1", kEarliest);
    type("K1", "CREATE STREAM events (account VARCHAR KEY, cents INT) WITH (KAFKA_TOPIC='events', VALUE_FORMAT='JSON');");
    type("K1", "CREATE TABLE balances AS SELECT account, SUM(cents) AS cents FROM events GROUP BY account EMIT CHANGES;");
    run_for(15 * kSecond);
    REQUIRE(count<QueryStarted>() == 1);
  }
  void append(int from, int to) {
    std::string all;
    for (int i = from; i < to; ++i)
      all += "INSERT INTO events (account, cents) VALUES ('" + account_of(i) + "', " + std::to_string(amount_of(i)) + ");";
    type("K1", all);
    run_for(2 * kSecond);
    REQUIRE(processed() == to - begun_at);
  }
  // A snapshot each 100.
  void append_with_snapshots(int to) {
    for (int i = 0; i < to; i += 100) {
      append(i, i + 100);
      const std::size_t before = count<QueryCommitted>();
      while (count<QueryCommitted>() == before) run_for(kSecond);
      run_for(kSecond);
    }
  }
  std::int64_t processed() const { return server(0).queries.at(0).tasks.at(0).processed; }
  std::map<std::string, int> balances() const {
    std::map<std::string, int> last;
    for (const auto& partition : rows("BALANCES"))
      for (const std::string& each : partition) last[each.substr(0, each.find('='))] = std::stoi(each.substr(each.rfind(':') + 1));
    return last;
  }
  // The process dies and comes back; how many events it reads again.
  std::int64_t replayed_after_crash() {
    act(Crash{"K1", false});
    run_for(kSecond);
    act(Start{"K1"});
    run_for(18 * kSecond);
    REQUIRE(server(0).queries.at(0).tasks.size() == 1);
    REQUIRE_FALSE(server(0).queries[0].tasks[0].restoring);
    return processed();
  }

  int begun_at = 0;  // the event before which the running process began to count
};

}  // namespace

TEST_CASE("a crash at event 730 replays the 30 since the snapshot, not 730, and the accounts are exact (V5, V7)") {
  Accounts accounts;
  accounts.append_with_snapshots(700);
  accounts.append(700, 730);
  CHECK(accounts.replayed_after_crash() == 30);
  const auto restored = accounts.all<TaskRestored>();
  REQUIRE_FALSE(restored.empty());
  CHECK(restored.back().second.records == 7 * kAccounts);  // a row an account and snapshot: what a compacted log has fewer of
  accounts.begun_at = 700;
  accounts.append(730, kEvents);
  accounts.run_for(25 * kSecond);
  CHECK(accounts.balances() == added_up(0, kEvents));
}

TEST_CASE("events below 600 are gone: with the snapshot at 700 nothing is missed (V7)") {
  Accounts accounts;
  accounts.append_with_snapshots(700);
  accounts.append(700, 730);
  accounts.act(DeleteRecords{"events", 0, 600});
  accounts.run_for(kSecond);
  CHECK(accounts.replayed_after_crash() == 30);
  accounts.begun_at = 700;
  accounts.append(730, kEvents);
  accounts.run_for(25 * kSecond);
  CHECK(accounts.balances() == added_up(0, kEvents));
}

TEST_CASE("events below 600 are gone and the snapshot is of 500: earliest guesses, and the gap 500-599 is missing; none refuses (V6, V7)") {
  Accounts a;
  a.append_with_snapshots(500);
  // Views with a position of their own, at 500 like the snapshot.
  for (const char* each : {"view-earliest", "view-none"}) a.act(Start{each});
  a.run_for(8 * kSecond);
  for (const char* each : {"view-earliest", "view-none"}) a.act(Stop{each});
  a.act(SetConfig{"view-none", "auto.offset.reset", "none"});
  a.append(500, 730);
  a.act(Crash{"K1", false});  // before the next snapshot
  a.act(DeleteRecords{"events", 0, 600});
  a.run_for(kSecond);
  a.act(Start{"K1"});
  for (const char* each : {"view-earliest", "view-none"}) a.act(Start{each});
  a.run_for(18 * kSecond);
  CHECK(a.processed() == 130);
  a.begun_at = 600;
  a.append(730, kEvents);
  a.run_for(25 * kSecond);
  std::map<std::string, int> without = added_up(0, kEvents);
  for (const auto& [account, cents] : added_up(500, 600)) without[account] -= cents;
  CHECK(a.balances() == without);
  // What was left out is told, and who may not guess ends.
  bool told = false;
  for (const auto& [at, fact] : a.all<PositionReset>()) told = told || (fact.from == 500 && fact.to == 600 && fact.skipped == 100);
  CHECK(told);
  const auto failed = a.all<ConsumerFailed>();
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].second.reason == ConsumerFailure::out_of_range);
  CHECK(a.world.fabric.names[failed[0].second.group] == "view-none");
}

}  // namespace nutshell

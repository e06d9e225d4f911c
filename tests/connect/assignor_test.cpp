// C2, C5-C7: who gets which units, and when.
#include <doctest/doctest.h>

#include "sim/connect/assignor.h"
#include "sim/connect/config_log.h"

namespace nutshell::connect {
namespace {

// Two connectors of four tasks.
Units eight_tasks() {
  Units units;
  for (const char* name : {"a", "b"}) {
    units.connectors.insert(name);
    for (std::int32_t i = 0; i < 4; ++i) units.tasks.insert({name, i});
  }
  return units;
}

// A group whose members do as they are told, until nothing more is revoked.
struct Group {
  Assignor assignor{5 * kMinute};
  std::map<std::string, Units> owned;
  std::int32_t generation = 0;
  Decision last;
  int rounds = 0;

  void rebalance(Time now, const Units& configured) {
    rounds = 0;
    for (bool revoked = true; revoked; ++rounds) {
      last = assignor.assign(owned, configured, now, generation, generation + 1);
      ++generation;
      revoked = false;
      for (const auto& [member, told] : last.members) {
        owned[member].remove(told.revoke);
        owned[member].add(told.start);
        revoked = revoked || !told.revoke.empty();
      }
      REQUIRE(rounds < 9);
    }
  }
  std::string shares() const {
    std::string all;
    for (const auto& [member, units] : owned) {
      all += (all.empty() ? "" : " ") + member + ":" + std::to_string(units.connectors.size()) + "+" + std::to_string(units.tasks.size());
    }
    return all;
  }
};

TEST_CASE("C7: a worker that died is waited for, five minutes from the first rebalance; back and empty it gets its share") {
  Group group;
  group.owned = {{"W1", {}}, {"W2", {}}};
  group.rebalance(0, eight_tasks());
  CHECK(group.shares() == "W1:1+4 W2:1+4");
  const Units of_two = group.owned["W2"];

  group.owned.erase("W2");
  group.rebalance(10 * kSecond, eight_tasks());
  CHECK(group.shares() == "W1:1+4");
  CHECK(group.last.delay == 300 * kSecond);
  CHECK(group.last.lost == of_two);
  // A rebalance in between keeps the deadline.
  group.rebalance(150 * kSecond, eight_tasks());
  CHECK(group.last.delay == 160 * kSecond);
  CHECK(group.shares() == "W1:1+4");

  SUBCASE("it comes back") {
    group.owned["W2'"] = {};
    group.rebalance(235 * kSecond, eight_tasks());
    CHECK(group.shares() == "W1:1+4 W2':0+0");
    CHECK(group.last.delay == 75 * kSecond);
    group.rebalance(310 * kSecond, eight_tasks());
    CHECK(group.owned["W2'"] == of_two);
    CHECK(group.last.delay == 0);
  }
  SUBCASE("it stays away") {
    group.rebalance(310 * kSecond, eight_tasks());
    CHECK(group.shares() == "W1:2+8");
    CHECK(group.last.lost.empty());
  }
}

TEST_CASE("C7: a third worker gets two tasks in two rounds, and nobody else stops") {
  Group group;
  group.owned = {{"W1", {}}, {"W2", {}}};
  group.rebalance(0, eight_tasks());
  const auto before = group.owned;
  group.owned["W3"] = {};
  const Decision first = group.assignor.assign(group.owned, eight_tasks(), kMinute, group.generation, group.generation + 1);
  std::size_t revoked = 0;
  for (const auto& [member, told] : first.members) revoked += told.revoke.tasks.size(), CHECK(told.start.empty());
  CHECK(revoked == 2);
  Group again;
  again.owned = {{"W1", {}}, {"W2", {}}};
  again.rebalance(0, eight_tasks());
  again.owned["W3"] = {};
  again.rebalance(kMinute, eight_tasks());
  CHECK(again.rounds == 2);
  CHECK(again.shares() == "W1:1+3 W2:1+3 W3:0+2");
  for (const char* member : {"W1", "W2"}) CHECK(without(again.owned[member], before.at(member)).empty());
}

TEST_CASE("new units go to who has least; deleted ones are revoked; without a delay what is lost is given at once") {
  Group group;
  group.assignor = Assignor(0);
  group.owned = {{"W1", {}}, {"W2", {}}};
  group.rebalance(0, eight_tasks());
  Units fewer = eight_tasks();
  fewer.connectors.erase("b");
  for (std::int32_t i = 0; i < 4; ++i) fewer.tasks.erase({"b", i});
  group.rebalance(kSecond, fewer);
  Units all;
  for (const auto& [member, units] : group.owned) all.add(units);
  CHECK(all == fewer);
  group.owned.erase("W2");
  group.rebalance(2 * kSecond, fewer);
  group.rebalance(2 * kSecond, fewer);
  CHECK(group.owned["W1"] == fewer);
}

TEST_CASE("no unit is ever with two workers or forgotten, whoever comes and goes") {
  Group group;
  group.owned = {{"W0", {}}};
  Time now = 0;
  std::uint32_t dice = 7;
  for (int round = 0; round < 300; ++round) {
    dice = dice * 1664525u + 1013904223u;
    now += static_cast<Duration>(dice % 90) * kSecond;
    const std::string member = "W" + std::to_string(dice / 97 % 4);
    // W0 leads and stays.
    if (member != "W0" && !group.owned.erase(member)) group.owned[member] = {};
    group.rebalance(now, eight_tasks());
    Units all;
    std::size_t count = 0;
    for (const auto& [name, units] : group.owned) all.add(units), count += units.size();
    CHECK(count == all.size());
    all.add(group.last.lost);
    CHECK(all == eight_tasks());
  }
  // Left alone, everything is given in the end.
  group.rebalance(now + 6 * kMinute, eight_tasks());
  group.rebalance(now + 12 * kMinute, eight_tasks());
  CHECK(group.last.lost.empty());
}

TEST_CASE("C2: tasks count once the commit record says how many they are; a null takes a connector away") {
  ConfigState state;
  std::string problem;
  std::int64_t offset = 0;
  const auto read = [&](const KeyValue& record) { state.read(offset++, record, problem); };
  read(connector_record("shop", {{"connector.class", "FileStreamSource"}}));
  const auto two = task_records("shop", {{{"task", "0"}}, {{"task", "1"}}});
  REQUIRE(two.size() == 3);
  CHECK(two[0].key == "task-shop-0");
  CHECK(two[2] == KeyValue{"commit-shop", "{\"tasks\":2}"});
  read(two[0]);
  CHECK(state.units().tasks.empty());
  read(two[2]);  // one of the two is missing: the set is ignored
  CHECK(state.units().tasks.empty());
  read(two[1]);
  read(two[2]);
  CHECK(state.units().tasks.size() == 2);
  CHECK(state.connectors.at("shop").tasks[1].at("task") == "1");
  read(target_state_record("shop", TargetState::stopped));
  CHECK(state.connectors.at("shop").target == TargetState::stopped);
  CHECK(state.units().tasks.empty());
  CHECK(state.units().connectors.size() == 1);
  read(target_state_record("shop", TargetState::paused));
  CHECK(state.units().tasks.size() == 2);
  for (const KeyValue& record : delete_records("shop")) read(record);
  CHECK(state.units().empty());
  CHECK(problem.empty());
  read({"nonsense", "{}"});
  CHECK(problem.find("nonsense") != std::string::npos);
  CHECK(state.offset == offset - 1);
}

TEST_CASE("C6: what was lost goes to the worker that was empty, although it has got other work meanwhile") {
  Group group;
  group.owned = {{"W1", {}}, {"W2", {}}};
  group.rebalance(0, eight_tasks());
  const Units of_two = group.owned["W2"];
  group.owned.erase("W2");
  group.rebalance(10 * kSecond, eight_tasks());
  group.owned["W2"] = {};
  group.rebalance(20 * kSecond, eight_tasks());
  Units more = eight_tasks();
  more.connectors.insert("c");
  for (std::int32_t i = 0; i < 4; ++i) more.tasks.insert({"c", i});
  group.rebalance(30 * kSecond, more);
  CHECK(group.shares() == "W1:1+4 W2:1+4");  // c is new, and waits for nobody
  group.last = group.assignor.assign(group.owned, more, 310 * kSecond, group.generation, group.generation + 1);
  CHECK(group.last.members.at("W2").start == of_two);
  CHECK(group.last.members.at("W1").start.empty());
}

TEST_CASE("C5: rounds that revoke and do not help wait 200 ms before the second and 4 s before the third") {
  Assignor assignor{5 * kMinute};
  Units four;
  for (std::int32_t i = 0; i < 4; ++i) four.tasks.insert({"a", i});
  // Somebody never gives up what is revoked.
  const std::map<std::string, Units> owned = {{"W1", four}, {"W2", {}}};
  std::vector<std::pair<bool, Duration>> seen;
  Time now = 0;
  for (std::int32_t generation = 0; generation < 5; ++generation) {
    const Decision decision = assignor.assign(owned, four, now, generation, generation + 1);
    seen.emplace_back(!decision.members.at("W1").revoke.empty(), decision.delay);
    now += decision.delay;
  }
  const std::vector<std::pair<bool, Duration>> kWanted = {
      {true, 0}, {false, 200 * kMillisecond}, {true, 0}, {false, 4 * kSecond}, {true, 0}};
  CHECK(seen == kWanted);
}

}  // namespace
}  // namespace nutshell::connect

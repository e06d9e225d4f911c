#include "sim/history/chronicle.h"

#include <doctest/doctest.h>

namespace nutshell {
namespace {

StepRecord at(Time time) {
  StepRecord record;
  record.at = time;
  record.cause = 3;
  record.node = 5;
  record.from = 6;
  record.event = EventKind::deliver;
  record.timer = TimerKind::poll;
  record.message = 9;
  return record;
}

std::vector<Fact> two_facts() { return {{0, 0, kNoStep, NodeStarted{1}}, {0, 0, kNoStep, BatchAppended{}}}; }

}  // namespace

TEST_CASE("a chronicle gives back what was written") {
  Chronicle chronicle;
  chronicle.append(at(10), two_facts(), FactLevel::detail);
  StepRecord action;
  action.action = 2;
  chronicle.append(action, {}, FactLevel::detail);
  chronicle.append(at(20), two_facts(), FactLevel::story);
  CHECK(chronicle.steps() == 3);
  CHECK(chronicle.record(0) == at(10));
  CHECK(chronicle.record(1) == action);
  CHECK(chronicle.record(1).cause == kNoStep);
  CHECK(chronicle.facts_of(0) == std::pair<std::size_t, std::size_t>{0, 2});
  CHECK(chronicle.facts_of(1) == std::pair<std::size_t, std::size_t>{2, 2});
  CHECK(chronicle.facts_of(2) == std::pair<std::size_t, std::size_t>{2, 3});
}

TEST_CASE("copies share the past and write their own future") {
  Chronicle one;
  one.append(at(10), two_facts(), FactLevel::detail);
  Chronicle other = one;
  other.append(at(20), two_facts(), FactLevel::detail);
  CHECK(one.steps() == 1);
  CHECK(one.facts().size() == 2);
  CHECK(other.steps() == 2);
  Chronicle third = other;
  third.cut(1);
  CHECK(third.steps() == 1);
  CHECK(third.facts().size() == 2);
  CHECK(other.steps() == 2);
  other.cut(0);
  CHECK(other.steps() == 0);
  CHECK(other.facts().empty());
  other.cut(5);
  CHECK(other.steps() == 0);
}

TEST_CASE("steps until a time include those at that time") {
  Chronicle chronicle;
  for (Time time : {1, 3, 3, 7}) chronicle.append(at(time), {}, FactLevel::detail);
  CHECK(chronicle.steps_until(0) == 0);
  CHECK(chronicle.steps_until(1) == 1);
  CHECK(chronicle.steps_until(3) == 3);
  CHECK(chronicle.steps_until(6) == 3);
  CHECK(chronicle.steps_until(kNever) == 4);
}

}  // namespace nutshell

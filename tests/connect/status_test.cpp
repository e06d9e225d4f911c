// The status topic: the last word of each unit, and which topics a connector has used (C3, C4, KIP-558).
#include <doctest/doctest.h>

#include "sim/connect/status_log.h"

namespace nutshell::connect {
namespace {

TEST_CASE("the last word of each unit counts; a null value forgets it") {
  StatusState state;
  state.read(status_record("a-b", std::nullopt, UnitState::running, "W1", 3, ""));
  state.read(status_record("a-b", 0, UnitState::running, "W1", 3, ""));
  state.read(status_record("a-b", 12, UnitState::failed, "W2", 3, "no \"row\""));
  REQUIRE(state.connector("a-b"));
  CHECK(state.connector("a-b")->connector->state == "RUNNING");
  CHECK(state.connector("a") == nullptr);
  REQUIRE(state.task({"a-b", 12}));
  CHECK(state.task({"a-b", 12})->trace == "no \"row\"");
  CHECK(state.task({"a-b", 12})->worker == "W2");
  CHECK(state.task({"a-b", 1}) == nullptr);
  state.read(status_record("a-b", 12, UnitState::unassigned, "W2", 4, ""));
  CHECK(state.task({"a-b", 12})->state == "UNASSIGNED");
  state.read(status_record("a-b", 12, UnitState::destroyed, "W2", 4, ""));
  CHECK(state.task({"a-b", 12}) == nullptr);
  CHECK(state.task({"a-b", 0}));
}

TEST_CASE("topics belong to a connector until they are forgotten, or it is") {
  StatusState state;
  state.read(status_record("c", std::nullopt, UnitState::running, "W1", 1, ""));
  state.read(topic_used_record({"c", 0}, "orders.v1", 5));
  state.read(topic_used_record({"c", 1}, "orders_2", 6));
  state.read(topic_used_record({"d", 0}, "orders.v1", 7));
  CHECK(topic_used_record({"c", 0}, "orders.v1", 5).key == "status-topic-orders.v1:connector-c");
  CHECK(state.connectors.at("c").topics == std::set<std::string>{"orders.v1", "orders_2"});
  state.read(topic_forgotten_record("c", "orders_2"));
  CHECK(state.connectors.at("c").topics == std::set<std::string>{"orders.v1"});
  state.read(status_record("c", std::nullopt, UnitState::destroyed, "W1", 2, ""));
  CHECK(state.connectors.at("c").topics.empty());
  CHECK(state.connectors.at("d").topics.size() == 1);
}

TEST_CASE("what is no status is passed over") {
  StatusState state;
  for (const char* key : {"", "status-", "status-task-", "status-task-c", "status-task-c-x", "status-topic-t",
                          "connector-c", "status-task-c-99999999999"})
    state.read({key, "{\"state\":\"RUNNING\"}"});
  state.read({"status-connector-c", "{broken"});
  CHECK(state.connector("c") == nullptr);
  for (const auto& [name, each] : state.connectors) CHECK(each.tasks.empty());
}

}  // namespace
}  // namespace nutshell::connect
